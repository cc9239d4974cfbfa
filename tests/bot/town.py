"""What the tests of the shell share: a small municipality, commands run in this process, and mailboxes that fail at a chosen place."""

import io
import logging
import os
import sqlite3
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot import log
from bot.cli import main
from bot.jobs.office import Office
from bot.jobs.tick import tick
from bot.mailbox.base import Folder, Letter, LetterId, Mailbox, OutgoingMail, Receipt, Trial, Unreadable
from bot.stop import Stop
from tests.municipality import EXAMPLE, ZONE, Municipality, instant

HEAD = "Ärende;Insats;Beslutsdatum;Handläggare"
ANNA, BO = "anna@kommun.example", "bo@kommun.example"
IMPORTED = "2026-01-20T08:00"
MARK_DAY = "2026-04-15T09:00"  # a Wednesday: the first mark of a decision of 2026-01-15
RIGHT = "IVO – Nyrapportering 2026-04-15, 9§4"
WRONG = "IVO – Nyrapportering, 9§4"  # no date


def rows(*cases: str, insats: str = "9§4", start: str = "2026-01-15", officer: str = ANNA) -> list[str]:
    """A register file with one row for each case."""
    return [HEAD, *(f"{case};{insats};{start};{officer}" for case in cases)]


def town(home: Path, lines: Sequence[str] = (), imported: str = IMPORTED, **environ: str) -> Municipality:
    """A municipality, with a register if lines are given."""
    found = Municipality(home, **environ)
    if lines:
        found.import_register(lines, imported)
    return found


def letter(subject: str, sender: str = ANNA, body: str = "Ärende: E-1\n", **headers: str) -> dict[str, Any]:
    """A letter as `Municipality.drop` takes it; a header's name is written with underscores."""
    return {"from": sender, "subject": subject, "body": body, "headers": {name.replace("_", "-"): value for name, value in headers.items()}}


def ask(place: Municipality, sql: str, *values: object) -> list[sqlite3.Row]:
    """Asks the database file itself."""
    connection = sqlite3.connect(place.home / "data" / "ivobot.db")
    connection.row_factory = sqlite3.Row
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def names(place: Municipality, folder: str) -> list[str]:
    """The letters of a folder by the part of their file's name that stays."""
    return sorted(path.name.split(":")[0] for path in place.folder(folder))


def move(place: Municipality, source: str, target: str) -> None:
    """A person moves every letter of one folder to another."""
    for path in place.folder(source):
        path.rename((place.box if target == "INBOX" else place.box / f".{target}") / "cur" / path.name)


@dataclass(frozen=True)
class Ran:
    """What a command gave."""

    code: int
    out: str
    err: str

    @property
    def plain(self) -> bool:
        """Whether standard error holds one sentence without a traceback."""
        return self.err.count("\n") == 1 and self.err.endswith((".\n", "!\n")) and "Traceback" not in self.err


def command(*arguments: str, environ: Mapping[str, str] | None = None, stdin: bytes = b"", cwd: Path | None = None) -> Ran:
    """Runs a command in this process as the console script does."""
    kept = sys.argv, sys.stdin, sys.stdout, sys.stderr, os.getcwd(), dict(os.environ)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    out, err = io.BytesIO(), io.BytesIO()
    raw_out, raw_err = io.BufferedRandom(_Kept(out)), io.BufferedRandom(_Kept(err))
    sys.argv = ["ivobot", *arguments]
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
    sys.stdout = io.TextIOWrapper(raw_out, "utf-8", write_through=True)
    sys.stderr = io.TextIOWrapper(raw_err, "utf-8", write_through=True)
    os.environ.update(environ or {})
    if cwd:
        os.chdir(cwd)
    code: object = 0
    try:
        main()
    except SystemExit as stopped:
        code = stopped.code
    except Exception:  # what the interpreter does with it
        code = 1
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            if not stream.closed:
                stream.flush()
        sys.argv, sys.stdin, sys.stdout, sys.stderr = kept[:4]
        os.chdir(kept[4])
        os.environ.clear()
        os.environ.update(kept[5])
        log.stop()
        logging.captureWarnings(False)
        root.handlers[:], root.level = handlers, level
    return Ran(int(code or 0) if isinstance(code, int | None) else 1, out.getvalue().decode(), err.getvalue().decode())


class _Kept(io.RawIOBase):
    """Passes on what is written, and leaves it readable after the stream is closed."""

    def __init__(self, target: io.BytesIO) -> None:
        self._target = target

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._target.seek(offset, whence)

    def write(self, data: Any) -> int:
        return self._target.write(data)


def ivobot(place: Municipality, *arguments: str, stdin: bytes = b"") -> Ran:
    """Runs a command on a municipality."""
    return command("--config", str(EXAMPLE), *arguments, environ=place.environ, stdin=stdin)


class Killed(BaseException):
    """The process ends here: nothing of ours catches it."""


@dataclass
class Around:
    """A mailbox that passes everything on, notes what is sent, and can fail before or after a call.

    `before` and `after`: name of a method → what is raised there, each as often as it is listed.
    """

    inner: Mailbox
    before: dict[str, list[BaseException]] = field(default_factory=dict)
    after: dict[str, list[BaseException]] = field(default_factory=dict)
    sent: list[OutgoingMail] = field(default_factory=list)
    fetched: list[LetterId] = field(default_factory=list)

    def _raise(self, where: dict[str, list[BaseException]], name: str) -> None:
        if where.get(name):
            raise where[name].pop(0)

    def prepare(self) -> None:
        self._raise(self.before, "prepare")
        self.inner.prepare()

    def waiting(self) -> Iterator[LetterId]:
        self._raise(self.before, "waiting")
        return self.inner.waiting()

    def fetch(self, ids: Sequence[LetterId]) -> Iterator[Letter | Unreadable]:
        self._raise(self.before, "fetch")
        for item in self.inner.fetch(ids):
            self.fetched.append(item.id)
            yield item
            self._raise(self.after, "fetch")

    def file(self, moves: Mapping[LetterId, Folder]) -> Mapping[LetterId, LetterId]:
        self._raise(self.before, "file")
        found = self.inner.file(moves)
        self._raise(self.after, "file")
        return found

    def listing(self, folder: Folder) -> Iterator[LetterId]:
        return self.inner.listing(folder)

    def look(self) -> Iterator[tuple[Folder, Sequence[LetterId]]]:
        self._raise(self.before, "waiting")
        return self.inner.look()

    def fingerprints(self, ids: Sequence[LetterId]) -> Mapping[LetterId, str]:
        return self.inner.fingerprints(ids)

    def raw(self, id: LetterId) -> bytes | None:
        return self.inner.raw(id)

    def delete(self, ids: Sequence[LetterId]) -> None:
        self._raise(self.before, "delete")
        self.inner.delete(ids)

    def examine(self) -> Iterator[Trial]:
        return self.inner.examine()

    def send(self, mail: OutgoingMail) -> Receipt:
        self.sent.append(mail)
        self._raise(self.before, "send")
        receipt = self.inner.send(mail)
        self._raise(self.after, "send")
        return receipt

    def find_sent(self, message_id: str) -> Receipt | None:
        return self.inner.find_sent(message_id)

    def close(self) -> None:
        self.inner.close()


@contextmanager
def staffed(place: Municipality) -> Iterator[Office]:
    """An office of the municipality, let go of at the end."""
    office = place.office()
    try:
        yield office
    finally:
        office.engine.dispose()


@contextmanager
def around(
    place: Municipality, before: dict[str, list[BaseException]] | None = None, after: dict[str, list[BaseException]] | None = None
) -> Iterator[tuple[Office, Around]]:
    """An office whose mailbox fails as told."""
    with staffed(place) as office:
        box = Around(office.mailbox, before or {}, after or {})
        yield replace(office, mailbox=box), box


def run(office: Office, now: str) -> dict[str, int]:
    """One tick."""
    return tick(office, instant(now).astimezone(ZONE), Stop())
