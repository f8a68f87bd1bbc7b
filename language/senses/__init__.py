"""What sentences ask for, one file per subject; each sense claims a sentence or leaves it to the next."""
