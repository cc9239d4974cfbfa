"""Sealing: what leaves the data folder, or must not be read by who has the database alone, is encrypted (AES-256-GCM) in pieces.

Each piece has its own nonce and knows its number and whether it is the last, so that pieces cannot be left out, moved or cut off
(the STREAM construction: https://eprint.iacr.org/2015/189). A passphrase becomes a key by scrypt (RFC 7914).
"""

import os
import struct
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO, Final

from bot.errors import BotError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC: Final = b"IVOBOT-SEALED-1\n"
SALT: Final = 16
PREFIX: Final = 7
PIECE: Final = 1 << 20
TAG: Final = 16


class SealError(BotError):
    """The seal does not open: another key, or bytes that were changed or cut off."""


def seal(pieces: Iterable[bytes], target: BinaryIO, passphrase: str) -> None:
    """Writes the encrypted pieces, of whatever lengths they come."""
    salt, prefix = os.urandom(SALT), os.urandom(PREFIX)
    head = MAGIC + salt + prefix
    cipher = _cipher(passphrase, salt)
    target.write(head)
    waiting = bytearray()
    number = 0
    for piece in pieces:
        waiting += piece
        while len(waiting) > PIECE:  # never the last one: what follows it is not known yet
            target.write(cipher.encrypt(_nonce(prefix, number, last=False), bytes(waiting[:PIECE]), head))
            del waiting[:PIECE]
            number += 1
    target.write(cipher.encrypt(_nonce(prefix, number, last=True), bytes(waiting), head))


def unseal(source: BinaryIO, passphrase: str) -> Iterator[bytes]:
    """The pieces in clear, each proved to be whole. Raises SealError; what was given before that was right but may not be all."""
    head = source.read(len(MAGIC) + SALT + PREFIX)
    if not head.startswith(MAGIC) or len(head) < len(MAGIC) + SALT + PREFIX:
        raise SealError("This is no backup of ivobot, or its beginning is missing; choose another file.")
    prefix = head[-PREFIX:]
    cipher = _cipher(passphrase, head[len(MAGIC) : -PREFIX])
    from cryptography.exceptions import InvalidTag

    piece = source.read(PIECE + TAG)
    number, last = 0, False
    while not last:
        following = source.read(PIECE + TAG)
        last = not following
        try:
            yield cipher.decrypt(_nonce(prefix, number, last=last), piece, head)
        except InvalidTag:
            raise SealError("The backup does not open: the passphrase is another one, or the file is damaged or cut off.") from None
        piece, number = following, number + 1


def seal_text(text: str, key: bytes) -> bytes:
    """A short text encrypted under a key of 32 bytes."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, text.encode("utf-8", "surrogatepass"), None)


def unseal_text(sealed: bytes, key: bytes) -> str:
    """The text in clear. Raises SealError."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], None).decode("utf-8", "surrogatepass")
    except (InvalidTag, ValueError):
        raise SealError("A kept text does not open; put the keys back from the backup that belongs to this database.") from None


def _cipher(passphrase: str, salt: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode("utf-8")))


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">I?", number, last)
