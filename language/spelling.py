"""How a name is kept and shown, whichever way it was typed."""

from language.plain import clean


def proper(name: str) -> str:
    """Single spaces, and capitals where it was typed without or with nothing else."""
    parts = clean(name).split()
    is_shouted = all(part.isupper() for part in parts if len(part) > 1)
    if all(part[:1].isupper() for part in parts) and not is_shouted:
        return " ".join(parts)
    return " ".join(_titled(part) for part in parts)


def _titled(part: str) -> str:
    return "'".join(piece[:1].upper() + piece[1:].lower() for piece in part.split("'"))
