"""A Maildir on the disk: its names, its places, and its faults in words. https://cr.yp.to/proto/maildir.html, Maildir++ for the folders."""

import errno
import hashlib
import itertools
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.errors import MailboxError
from bot.mailbox.base import Folder, LetterId

INFO: Final = "!" if os.name == "nt" else ":"  # Windows allows no colon in a name
FLAGS: Final = re.compile(r"[:;!]2,[A-Za-z0-9,]*\Z")
DELIVERED: Final = re.compile(r"([0-9]{1,11})\.")
NAME_LIMIT: Final = 220  # bytes of 255, so that flags and a number still fit
READ_LIMIT: Final = 64 * 1024 * 1024  # bytes; Exchange takes no larger letters, and what is cut off is the end of an attachment
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

WORDS: Final = {
    errno.ENOSPC: ("The disk that holds the mailbox folder {} is full; make room on it.", True),
    errno.EDQUOT: ("The disk quota for the mailbox folder {} is used up; make room in it.", True),
    errno.EACCES: ("The program may not read or write the mailbox folder {}; give the program's user the rights.", False),
    errno.EPERM: ("The program may not read or write the mailbox folder {}; give the program's user the rights.", False),
    errno.EROFS: ("The mailbox folder {} lies on a disk that can only be read; mount it for writing.", False),
    errno.EMFILE: ("Too many files are open for the mailbox folder {}; raise the limit of open files if this comes back.", True),
    errno.ENFILE: ("Too many files are open for the mailbox folder {}; raise the limit of open files if this comes back.", True),
    errno.ENOENT: ("A part of the mailbox folder {} has vanished; put it back, or correct path under [mailbox].", True),
}


def fault(error: OSError, root: Path) -> MailboxError:
    """The operator's sentence for an error of the disk; it names the mailbox, never a letter."""
    code = errno.errorcode.get(error.errno or 0, "unknown")
    words, again = WORDS.get(error.errno or 0, ("The mailbox folder {} cannot be used ({}); check the disk it lies on.", True))
    return MailboxError(words.format(root, code), again=again)


@contextmanager
def plainly(root: Path) -> Iterator[None]:
    """Turns errors of the disk into MailboxError."""
    try:
        yield
    except OSError as error:
        raise fault(error, root) from error


def unique(name: str) -> LetterId:
    """The part of a file's name that stays while flags and folders change, fit to be stored: bytes that are no UTF-8 are spelled out."""
    return LetterId(os.fsencode(FLAGS.sub("", name)).decode("utf-8", "backslashreplace"))


def free_name(name: str, folder: Path) -> str:
    """The name for a letter in a folder's cur: its own with its flags (or none yet), numbered where that is taken there."""
    flags = FLAGS.search(name)
    stem, info = (name[: flags.start()], flags[0]) if flags else (name, f"{INFO}2,")
    if len(os.fsencode(stem)) > NAME_LIMIT:
        stem = hashlib.sha256(os.fsencode(stem)).hexdigest()
    taken = starting(folder, stem)
    numbered = (f"{stem}_{n}" if n else stem for n in itertools.count())
    return next(free for free in numbered if unique(free) not in taken) + info


def starting(folder: Path, stem: str) -> set[LetterId]:
    """The ids in a folder whose names begin so. Only names are read, no file: there may be very many."""
    return {unique(name) for part in ("cur", "new") for name in _names(folder / part) if name.startswith(stem)}


def folder_path(root: Path, folder: Folder) -> Path:
    """Where a folder lies; one that is there under another Unicode spelling of its name (macOS) is that folder."""
    if folder is Folder.INBOX:
        return root
    name = f".{folder.value}"
    if not (root / name).is_dir():
        for entry in _names(root):
            if unicodedata.normalize("NFC", entry) == name and (root / entry).is_dir():
                return root / entry
    return root / name


def folder_paths(root: Path) -> list[Path]:
    """The inbox, then every folder, also those that a person made."""
    return [root, *(root / name for name in sorted(_names(root)) if name.startswith(".") and (root / name / "cur").is_dir())]


def _names(path: Path) -> list[str]:
    try:
        return os.listdir(path)
    except FileNotFoundError:
        return []


def letters(folder: Path) -> dict[LetterId, Path]:
    """The letters in new and cur, oldest first: by the second of delivery in the name, else the file's, then the file's finer time."""
    found: list[tuple[int, int, str, Path]] = []
    for part in ("cur", "new"):
        try:
            entries = list(os.scandir(folder / part))
        except FileNotFoundError:
            continue
        for entry in entries:
            try:
                if entry.name.startswith(".") or not entry.is_file(follow_symlinks=False):
                    continue
                modified = entry.stat(follow_symlinks=False).st_mtime_ns
            except FileNotFoundError:
                continue  # moved by a person meanwhile
            delivered = DELIVERED.match(entry.name)
            found.append((int(delivered[1]) if delivered else modified // 1_000_000_000, modified, entry.name, Path(entry.path)))
    out: dict[LetterId, Path] = {}
    for _, _, name, path in sorted(found, key=lambda item: item[:3]):
        out.setdefault(unique(name), path)
    return out


def read(path: Path) -> tuple[bytes, datetime]:
    """A letter's bytes and when it was delivered (the file's time, UTC). Never follows a link or waits for a pipe. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb") as file:
        info = os.fstat(file.fileno())
        if not stat.S_ISREG(info.st_mode):
            raise IsADirectoryError(errno.EISDIR, "no regular file")
        try:
            received = datetime.fromtimestamp(info.st_mtime, UTC)
        except (ValueError, OverflowError, OSError):
            received = EPOCH  # a file's time may lie beyond what a datetime can hold
        return file.read(READ_LIMIT), received


def settle(*folders: Path) -> None:
    """Make renames in these folders last through a power cut; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    for folder in dict.fromkeys(folders):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
