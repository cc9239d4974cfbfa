"""The secret keys. Hash keys: what must be found again, but not read, stands as HMAC-SHA-256 under one of them.

Body keys: what is kept of letters' texts is sealed under the newest of them.
"""

import contextlib
import hashlib
import hmac
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bot.errors import ConfigError

if TYPE_CHECKING:
    from pydantic import SecretStr

Purpose = Literal["person", "title", "sender", "mail"]
SHORTEST = 32  # characters; a key file of our own holds 64, which are 256 random bits
_FILE = re.compile(r"(hash|body)-([1-9][0-9]{0,5})\.key")
Sort = Literal["hash", "body"]


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys, the current one first. They are never shown."""

    _keys: tuple[bytes, ...] = field(repr=False)

    def hash(self, purpose: Purpose, text: str) -> str:
        """64 hex digits for a text under the current key; equal texts of different purposes have nothing in common."""
        return _hash(self._keys[0], purpose, text)

    def hashes(self, purpose: Purpose, text: str) -> tuple[str, ...]:
        """The hash under every key, newest first: to find what was stored under an older one."""
        return tuple(_hash(key, purpose, text) for key in self._keys)


def load_or_create(data_dir: Path, configured: "SecretStr") -> Keys:
    """The keys: the configured one, if any, then those in data_dir/keys, the highest number first.

    With no key at all the first is made, for the owner's eyes only; two processes that start at once agree on one.
    Raises ConfigError for a key that is too short, cannot be read, or that others may read.
    """
    given = configured.get_secret_value().strip()
    if given and len(given) < SHORTEST:
        raise ConfigError(f"[secrecy] hash_key is too short; give at least {SHORTEST} random characters, or leave it empty.")
    folder = data_dir / "keys"
    try:
        files = _files(folder, "hash")
        if not files and not given:
            _create(folder, "hash")
            files = _files(folder, "hash")
        found = [_read(file) for file in files]
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConfigError(f"The key folder {folder} cannot be used ({why}); let the account that runs ivobot read and write it.") from None
    return Keys(tuple(dict.fromkeys(key.encode() for key in [*([given] if given else []), *found])))


def body_keys(data_dir: Path, *, make: bool) -> tuple[bytes, ...]:
    """The keys of 32 bytes that kept texts are sealed with, the newest first. make: the first is made where there is none.

    Raises ConfigError where there is none, and for a key that is damaged, cannot be read, or that others may read.
    """
    folder = data_dir / "keys"
    try:
        if make and not _files(folder, "body"):
            _create(folder, "body")
        files = _files(folder, "body")
        found = [_read(file) for file in files]
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConfigError(f"The key folder {folder} cannot be used ({why}); let the account that runs ivobot read and write it.") from None
    if not found:
        raise ConfigError(f"There is no body key in {folder}, and texts are sealed with one; put it back from the database's backup.")
    if damaged := next((file for file, key in zip(files, found, strict=True) if not re.fullmatch("[0-9a-f]{64}", key)), None):
        raise ConfigError(f"The key file {damaged} is damaged; put it back from a backup, for without it no kept text opens.")
    return tuple(bytes.fromhex(key) for key in found)


def rotate(data_dir: Path) -> Path:
    """Makes a new key, which is the current one from the next start on; the older ones are tried too. Gives its file.

    Identity numbers move to the new key when the register is imported next.
    Raises ConfigError where there is no key to follow, or the folder cannot be written.
    """
    folder = data_dir / "keys"
    try:
        files = _files(folder, "hash")
        if not files:
            raise ConfigError(f"There is no key in {folder} yet; the first is made when ivobot is started.")
        number = int(_FILE.fullmatch(files[0].name)[2]) + 1  # type: ignore[index]  # _files gives matching names only
        place = folder / f"hash-{number}.key"
        _write_new(place, f"{secrets.token_hex(32)}\n")
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConfigError(f"The key folder {folder} cannot be used ({why}); let the account that runs ivobot read and write it.") from None
    return place


def _hash(key: bytes, purpose: str, text: str) -> str:
    # A purpose holds no NUL, so no two pairs of purpose and text give the same bytes. A hostile text may hold lone surrogates.
    return hmac.new(key, f"{purpose}\0{text}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _files(folder: Path, sort: Sort) -> list[Path]:
    if not folder.exists():
        return []
    if _open_to_others(folder.stat().st_mode):
        raise ConfigError(f"The key folder {folder} is open to others; run: chmod 700 {folder}")
    numbered = [(int(m[2]), file) for file in folder.iterdir() if (m := _FILE.fullmatch(file.name)) and m[1] == sort]
    return [file for _, file in sorted(numbered, reverse=True)]


def _read(file: Path) -> str:
    with file.open("rb") as stream:
        if _open_to_others(os.fstat(stream.fileno()).st_mode):
            raise ConfigError(f"The key file {file} can be read by others; run: chmod 600 {file}")
        try:
            key = stream.read(4096).decode("ascii").strip()
        except UnicodeDecodeError:
            key = ""
    if len(key) < SHORTEST:
        raise ConfigError(
            f"The key file {file} is empty or damaged; put it back from a backup, for without it stored hashes match nothing."
        )
    return key


def _open_to_others(mode: int) -> bool:
    return os.name != "nt" and bool(stat.S_IMODE(mode) & 0o077)  # Windows keeps rights elsewhere


def _create(folder: Path, sort: Sort) -> None:
    """Make the first key of a sort: written whole beside its place and then linked there, so that nobody ever reads half a key."""
    data_dir = folder.parent
    if not data_dir.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    draft, place = folder / f".{secrets.token_hex(8)}.new", folder / f"{sort}-1.key"
    try:
        _write_new(draft, f"{secrets.token_hex(32)}\n")
        with contextlib.suppress(FileExistsError):  # another process was first: its key counts
            try:
                os.link(draft, place)
            except FileExistsError:
                raise
            except OSError:  # a file system without hard links
                _write_new(place, draft.read_text("ascii"))
    finally:
        draft.unlink(missing_ok=True)
    if os.name != "nt":  # a power cut must not take the key from under hashes that are stored already
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _write_new(file: Path, text: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
