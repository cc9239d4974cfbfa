"""The embedded mailbox: a Maildir whose mail never leaves the folder. For trying the program, for tests, and for exports of letters."""

import errno
import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.errors import MailboxError
from bot.mailbox.base import Folder, Letter, LetterId, OutgoingMail, Receipt, Trial, Unreadable
from bot.mailbox.letter import fingerprint, parse
from bot.mailbox.maildir_disk import fault, folder_path, folder_paths, free_name, letters, plainly, read, settle, unique
from bot.mailbox.maildir_sent import keep, kept

PARTS: Final = ("cur", "new", "tmp")
DELETED: Final = "Borttaget"
# One letter that the disk refuses goes to quarantine; any other error concerns the mailbox.
REFUSED: Final = {errno.EACCES: "access", errno.EPERM: "access", errno.EISDIR: "file", errno.ELOOP: "file", errno.EIO: "damaged"}


class MaildirMailbox:
    """A Maildir++ with folder names in plain UTF-8, as `bot.mailbox.base.Mailbox` asks. The constructor touches no disk.

    path: the Maildir, which is the inbox. address: the mailbox's own. A letter's id is its file's name without the flags; `received` is
    the file's time, UTC. Raises MailboxError only. Several processes and mail programs may use the folder at the same time.
    """

    def __init__(self, path: Path, address: str) -> None:
        self.path = path
        self.address = address
        self._seen: dict[LetterId, Path] = {}  # where letters lay when last listed: a hint, looked up again when it fails

    def prepare(self) -> None:
        """Make the folders that are missing, readable by the owner only. The mailbox itself is never made: its disk may not be mounted."""
        with plainly(self.path):
            if not any((self.path / part).is_dir() for part in PARTS):
                raise self._missing()
            for folder in Folder:
                self._make(folder_path(self.path, folder))

    def waiting(self) -> Iterator[LetterId]:
        """The inbox, oldest first."""
        return self.listing(Folder.INBOX)

    def listing(self, folder: Folder) -> Iterator[LetterId]:
        """One folder's letters, oldest first."""
        with plainly(self.path):
            self._check()
            found = letters(folder_path(self.path, folder))
        if folder is Folder.INBOX:
            self._seen = found
        return iter(list(found))

    def look(self) -> Iterator[tuple[Folder, Sequence[LetterId]]]:
        """Every folder but Skickat: listing a folder costs next to nothing."""
        for folder in Folder:
            if folder is not Folder.SENT:
                yield folder, tuple(self.listing(folder))

    def fingerprints(self, ids: Sequence[LetterId]) -> Mapping[LetterId, str]:
        """Read the letters' headers."""
        return {id: fingerprint(raw) for id in ids if (raw := self.raw(id)) is not None}

    def raw(self, id: LetterId) -> bytes | None:
        """Read the file, wherever it lies."""
        with plainly(self.path):
            for path in itertools.chain([self._seen.get(id)], itertools.islice(self._search(id), 3)):
                with suppress(FileNotFoundError):
                    if path is not None:
                        return read(path)[0]
        return None

    def fetch(self, ids: Sequence[LetterId]) -> Iterator[Letter | Unreadable]:
        """Read and parse these letters of the inbox, one at a time."""
        fresh = False
        for id in ids:
            try:
                got = self._read(id)
                if got is None and not fresh:
                    self.waiting()
                    fresh, got = True, self._read(id)
            except OSError as error:
                if error.errno not in REFUSED:
                    raise fault(error, self.path) from error
                yield Unreadable(id, REFUSED[error.errno])
                continue
            if got is not None:
                yield got

    def _read(self, id: LetterId) -> Letter | Unreadable | None:
        path = self._seen.get(id)
        if path is None:
            return None
        try:
            raw, received = read(path)
        except FileNotFoundError:
            return None
        return parse(id, raw, received)

    def file(self, moves: Mapping[LetterId, Folder]) -> Mapping[LetterId, LetterId]:
        """Move letters by renaming them into cur, flags kept. One whose name is taken in that folder gets a new name, and so a new id."""
        with plainly(self.path):
            self._check()
        return self._file({id: folder_path(self.path, folder) for id, folder in moves.items()})

    def _file(self, moves: Mapping[LetterId, Path]) -> Mapping[LetterId, LetterId]:
        out: dict[LetterId, LetterId] = {}
        touched: dict[Path, None] = {}
        with plainly(self.path):
            for id, folder in moves.items():
                target = folder / "cur"
                # A letter may be moved by a person between the look and the rename: look again, then believe that it is gone.
                for source in itertools.chain([self._seen.get(id)], itertools.islice(self._search(id), 3)):
                    if source is None or not source.exists():
                        continue
                    if source.parent.parent == target.parent:
                        out[id] = id
                    elif (name := self._move(source, target)) is not None:
                        out[id] = unique(name)
                        touched |= {target: None, source.parent: None}
                    else:
                        continue
                    self._seen.pop(id, None)
                    break
            settle(*touched)
        return out

    def _search(self, id: LetterId) -> Iterator[Path]:
        """Where the letter lies, inbox first; asked anew each time."""
        while True:
            found = (path for folder in folder_paths(self.path) if (path := letters(folder).get(id)) is not None)
            if (path := next(found, None)) is None:
                return
            yield path

    def _move(self, source: Path, target: Path) -> str | None:
        """The name in the target, or None when the letter has vanished meanwhile."""
        if not target.is_dir():
            self._make(target.parent)
        name = free_name(source.name, target.parent)
        try:
            os.rename(source, target / name)
        except FileNotFoundError:
            if source.exists():
                raise
            return None
        return name

    def send(self, mail: OutgoingMail) -> Receipt:
        """Put the mail into Skickat: whole or not at all, and once for a Message-ID, however often it is called and by how many."""
        with plainly(self.path):
            self._check()
            if sent := self.find_sent(mail.message_id):
                return sent
            folder = folder_path(self.path, Folder.SENT)
            self._make(folder)
            return Receipt(keep(folder, mail.message_id, mail.raw))

    def find_sent(self, message_id: str) -> Receipt | None:
        """The copy in Skickat, whatever flags a mail program gave it since."""
        with plainly(self.path):
            self._check()
            name = kept(folder_path(self.path, Folder.SENT), message_id)
        return Receipt(name) if name else None

    def delete(self, ids: Sequence[LetterId]) -> None:
        """Move letters to the folder .Borttaget."""
        self._file(dict.fromkeys(ids, self.path / f".{DELETED}"))

    def examine(self) -> Iterator[Trial]:
        """The folders, and the owner's rights."""
        self.prepare()
        yield Trial(True, f"{len(list(self.waiting()))} letters wait in {self.path}")
        if os.name != "nt" and self.path.stat().st_mode & 0o077:
            yield Trial(False, f"others on this machine may look into {self.path}", f"chmod -R go= {self.path}")

    def close(self) -> None:
        """Nothing is held."""

    def _check(self) -> None:
        if not any((self.path / part).is_dir() for part in PARTS):
            raise self._missing()

    def _missing(self) -> MailboxError:
        todo = "make the folder with cur, new and tmp in it, or correct path under [mailbox]"
        return MailboxError(f"There is no mailbox in {self.path}; {todo}.")

    def _make(self, folder: Path) -> None:
        for path in (folder, *(folder / part for part in PARTS)):
            path.mkdir(mode=0o700, exist_ok=True)
        mark = folder / "maildirfolder"  # by this other programs know a folder (Maildir++)
        if folder != self.path and not mark.exists():
            mark.touch(mode=0o600)
