"""Every Vietnamese word that is read or written."""
