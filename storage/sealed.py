"""Files that only the office key opens: scrypt makes the key, AES-GCM seals piece after piece, the last one marked.

A piece that is altered, left out, moved or cut off at the end does not open: nothing is ever read that was not written.
"""

import io
import json
import secrets
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from storage.errors import StorageTrouble

MAGIC = b"so-ket-nap dump 1\n"
PIECE_BYTES = 1 << 16
TAG_BYTES = 16
COST = {"n": 1 << 15, "r": 8, "p": 1}
LONGEST_HEAD = 1000
DEAREST = 1 << 30
"""No file may make us take more memory than this to try its key."""


class DumpTrouble(StorageTrouble):
    """A dump was not made, or not read; what there was before is as it was."""


class WrongKey(DumpTrouble):
    """Another key, or the head of the file is damaged: nobody can tell which."""

    def __init__(self) -> None:
        super().__init__("The office key does not open this file; it was made with another key, or it is damaged.")


class Damaged(DumpTrouble):
    """The file is not what was written."""

    def __init__(self, how: str = "a part of it was altered or is missing") -> None:
        super().__init__(f"The file is damaged: {how}. Take another backup.")


class SealedWriter(io.RawIOBase):
    """Seals what is written to it; whole only once it was closed."""

    def __init__(self, file: IO[bytes], key: str) -> None:
        self._file = file
        head = json.dumps({**COST, "salt": secrets.token_hex(16)}).encode()
        self._head = MAGIC + len(head).to_bytes(4, "big") + head
        self._cipher = AESGCM(_key(key, json.loads(head)))
        self._count = 0
        self._waiting = bytearray()
        file.write(self._head)
        # The first piece is empty: it tells a wrong key from a damaged file.
        self._seal(b"", is_last=False)

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:  # noqa: ANN401 - any buffer, as the library has it
        self._waiting += content
        while len(self._waiting) > PIECE_BYTES:
            self._seal(bytes(self._waiting[:PIECE_BYTES]), is_last=False)
            del self._waiting[:PIECE_BYTES]
        return len(content)

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._waiting), is_last=True)
        super().close()

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._count, is_last=is_last), piece, self._head))
        self._count += 1


class SealedReader(io.RawIOBase):
    """Opens piece after piece; `Damaged` at the first that is not as it was written."""

    def __init__(self, file: IO[bytes], key: str) -> None:
        self._file = file
        self._head, values = _read_head(file)
        self._cipher = AESGCM(_key(key, values))
        self._count = 0
        self._ready = memoryview(b"")
        try:
            self._cipher.decrypt(_nonce(0, is_last=False), file.read(TAG_BYTES), self._head)
        except (InvalidTag, ValueError):
            raise WrongKey from None
        self._count = 1
        self._next = file.read(PIECE_BYTES + TAG_BYTES)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any buffer, as the library has it
        if not self._ready and self._count:
            self._open()
        taken = min(len(buffer), len(self._ready))
        buffer[:taken] = self._ready[:taken]
        self._ready = self._ready[taken:]
        return taken

    def _open(self) -> None:
        piece, self._next = self._next, self._file.read(PIECE_BYTES + TAG_BYTES)
        is_last = not self._next
        try:
            opened = self._cipher.decrypt(_nonce(self._count, is_last=is_last), piece, self._head)
        except (InvalidTag, ValueError):
            raise Damaged from None
        self._ready = memoryview(opened)
        self._count = 0 if is_last else self._count + 1


def _read_head(file: IO[bytes]) -> tuple[bytes, dict[str, Any]]:
    if file.read(len(MAGIC)) != MAGIC:
        raise DumpTrouble("This file is no backup of Sổ Kết nạp, or one of a newer version of this program.")
    size = file.read(4)
    head = file.read(min(int.from_bytes(size, "big"), LONGEST_HEAD))
    try:
        values = json.loads(head)
        cost = [values[name] for name in COST]
        bytes.fromhex(values["salt"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Damaged("its head cannot be read") from None
    if any(type(each) is not int or each < 1 for each in cost) or 128 * cost[0] * cost[1] * cost[2] > DEAREST:
        raise Damaged("its head cannot be right")
    return MAGIC + size + head, values


def _key(key: str, head: dict[str, Any]) -> bytes:
    """Slow on purpose; the salt makes it another one for each file, so that pieces may simply be counted."""
    try:
        maker = Scrypt(salt=bytes.fromhex(head["salt"]), length=32, n=head["n"], r=head["r"], p=head["p"])
        return maker.derive(key.encode())
    except ValueError:
        raise Damaged("its head cannot be right") from None


def _nonce(count: int, *, is_last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([is_last])
