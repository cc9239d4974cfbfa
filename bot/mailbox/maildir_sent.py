"""The folder of sent mail in a Maildir: one copy for one Message-ID, whoever sends it and however often."""

import errno
import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.mailbox.maildir_disk import INFO, settle, starting

NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK})


def kept(folder: Path, message_id: str) -> str:
    """The name of the copy, whatever flags a mail program gave it since, or "" when there is none."""
    name = _name(message_id)
    return name if (folder / "cur" / f"{name}{INFO}2,S").exists() or starting(folder, name) else ""


def keep(folder: Path, message_id: str, raw: bytes) -> str:
    """Write the mail, whole or not at all, readable by the owner only; gives its name. A copy that is there stays. Raises OSError."""
    name = _name(message_id)
    draft = folder / "tmp" / f"{name}.{secrets.token_hex(8)}"
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        _publish(draft, folder / "cur" / f"{name}{INFO}2,S")
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
    settle(folder / "cur")
    return name


def _name(message_id: str) -> str:
    """The same name for the same Message-ID, so that a second copy cannot be."""
    return f"{hashlib.sha256(message_id.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}.ivobot"


def _publish(draft: Path, target: Path) -> None:
    """Give the finished file its name; one that is there stays. A link fails where the name is taken, a rename would replace it."""
    try:
        os.link(draft, target)
    except FileExistsError:
        return
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        if not target.exists():  # disks without links: the same bytes, so a race replaces the mail by itself
            os.rename(draft, target)
