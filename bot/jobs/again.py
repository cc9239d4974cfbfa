"""The same register file once more, while nothing has changed since: it is known by its fingerprint and not read again."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from bot import facts as values
from bot.jobs.office import Office
from bot.register.reader import Fault, Notice, RegisterFile
from bot.seal import seal_text, unseal_text
from bot.store import audit, jobs
from rules.window import Quarter

LAST = "import_last"
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Said:
    """What an import said of its file: how many rows it took in, and all that is told of the others. `vanished`: ids of rows."""

    rows: int
    errors: tuple[Fault, ...]
    warnings: tuple[Notice, ...]
    ignored: tuple[str, ...]
    sheet: str
    vanished: tuple[int, ...]


def mark(office: Office, source: str | Path | bytes, now: datetime, sheet: str | None, quarter: Quarter | None) -> str:
    """The fingerprint of a file and of all that its reading hangs on: the day, the settings, the routine's columns, the keys.

    Keyed, so that it tells nobody which file it was. Raises OSError.
    """
    content = hashlib.sha256()
    if isinstance(source, bytes):
        content.update(source)
    else:
        with open(source, "rb") as file:
            while piece := file.read(_PIECE):
                content.update(piece)
    config = office.config
    hangs_on = (
        content.hexdigest(),
        office.today(now),
        sheet,
        quarter,
        sorted(config.register_file.columns.items()),
        sorted(config.people.officers),
        sorted(config.bot.own_domains),
        sorted(office.planner.routine.columns.items()),
        office.keys.hash("mail", "proof"),  # of the newest key: after a rotation the file's persons move to it
    )
    return office.key("import", repr(hangs_on))


def remember(tx: Connection, office: Office, marked: str, file: RegisterFile, vanished: tuple[int, ...]) -> None:
    """Keeps what an import that is just done said; sealed, since headers that are not read may hold anything."""
    said = values.dump(Said(len(file.entries), file.errors, file.warnings, file.ignored, file.sheet, vanished))
    jobs.remember(tx, LAST, f"{marked} {audit.count(tx)} {seal_text(said, _key(office)).hex()}")


def recall(tx: Connection, office: Office, marked: str) -> Said | None:
    """What the last import said, if it was of this file and nothing was done to the register since."""
    known, _, rest = jobs.recall(tx, LAST).partition(" ")
    counted, _, sealed = rest.partition(" ")
    if known != marked or counted != str(audit.count(tx)):
        return None
    return values.read(unseal_text(bytes.fromhex(sealed), _key(office)), Said)


def _key(office: Office) -> bytes:
    return bytes.fromhex(office.keys.hashes("mail", "import_last")[-1])
