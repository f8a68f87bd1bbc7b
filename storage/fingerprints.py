"""Invite codes as they are kept: only a slow, salted fingerprint, so that a stolen database opens nothing."""

import hashlib

# 8 letters and digits are about 39 bits: slow enough that trying them all is not worth anybody's while in seven days.
COST = 2**14


def fingerprint(code: str, salt: bytes) -> str:
    """What is stored of a code. Takes some 40 ms on purpose."""
    return hashlib.scrypt(code.encode(), salt=salt, n=COST, r=8, p=1, dklen=32).hex()
