"""Rounds are counted in the database and in a file beside it: a database that has gone back is found out before anything is sent.

It goes back when its -wal file is removed after a crash, or when an older copy is put in its place by hand. Then the mailbox knows more
than the database, as after `ivobot restore`, and is asked what happened since (`bot.jobs.recover`).
"""

import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from bot.jobs.office import Office
from bot.jobs.recover import RESTORED
from bot.log import Logger
from bot.store import engine as db
from bot.store import jobs

NAME = "round"
TOLD = timedelta(days=1)  # for so long the operator is told
WENT_BACK = (
    "The database had lost its newest entries, as when its -wal file is removed or an old copy is put in its place; the mailbox was asked "
    "what happened since, but imports and what people did at the command line since must be done again."
)

log = Logger("rounds")


def begin(office: Office, now: datetime) -> int:
    """Counts a round; gives its number. Where the file has counted further, the database has lost what came after its last round."""
    file = office.config.bot.data_dir / NAME
    before = _number(_read(file))  # before the database is asked: another process may count on meanwhile
    with db.write(office.engine) as tx:
        number, _, last = jobs.recall(tx, NAME).partition(" ")
        if last and _number(number) < before:
            log.error("database_went_back")
            jobs.remember(tx, RESTORED, last)
            jobs.failed(tx, "database", now, WENT_BACK)
        elif (told := jobs.all_jobs(tx).get("database")) and told["problem"] and abs(now - told["last_failure"]) > TOLD:
            jobs.succeeded(tx, "database", now)
        count = max(_number(number), before) + 1
        jobs.remember(tx, NAME, f"{count} {now.isoformat()}")
    _write(file, str(count))
    return count


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else 0


def _read(file: Path) -> str:
    with suppress(OSError):
        return file.read_text("ascii", "replace").strip()[:40]
    return ""


def _write(file: Path, text: str) -> None:
    """Whole or not at all; a file that lags behind only finds out less."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, file)
    except OSError as error:
        log.warning("round_not_noted", error=error)
        with suppress(OSError):
            draft.unlink(missing_ok=True)
