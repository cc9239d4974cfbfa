"""The work lists of IVO's window as reporters share them: who works on which report, and what to document when it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from bot.errors import BotError, ConfigError
from bot.jobs.office import Office
from bot.store import engine as db
from bot.store import kept, letters, rows
from rules.identity import find
from rules.sheet import documented, targets

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A line for the journal heading "Ej verkställda beslut" of a case, when its letter was ticked off."""

    case: str
    letter: int
    text: str


def held(tx: Connection, office: Office, today: date) -> Mapping[int, str]:
    """Who works on which letter's report. Whoever took one has it through the next workday, or until it is ticked off."""
    last = office.planner.workdays.shift
    return {letter: one.who for letter, one in kept.taken(tx).items() if today <= last(one.day, 1)}


def take(office: Office, letter: int, who: str, now: datetime) -> bool:
    """Notes who works on a letter's report; False when it was noted already.

    Raises BotError when another does, or the letter is no report that waits, and ConfigError for a name that cannot be kept.
    """
    name = " ".join(who.split())
    if not name or len(name) > LONGEST_NAME or find(name):
        raise ConfigError(f"Say who works on it with at most {LONGEST_NAME} characters, and no identity number.")
    today = office.today(now)
    with db.write(office.engine) as tx:
        ledger = letters.get(tx, letter)
        if ledger is None or ledger["row_id"] is None or ledger["meeting"] not in kept.COUNTED:
            raise BotError(f"Letter {letter} is no report that counts; `ivobot worklist` shows the numbers.")
        if ledger["reported_to_ivo"] is not None:
            raise BotError(f"Letter {letter} is reported to IVO already.")
        holder = held(tx, office, today).get(letter, "")
        if holder and holder != name:
            raise BotError(f"{holder} works on letter {letter}; take another, or wait until it is released.")
        kept.take(tx, letter, name, today)
    return not holder


def release(office: Office, letter: int) -> None:
    """That nobody works on a letter's report any more; no error when nobody did."""
    with db.write(office.engine) as tx:
        kept.release(tx, [letter])


def release_done(office: Office, now: datetime) -> int:
    """Lets go of what is ticked off, or was taken longer ago than a workday; gives how many."""
    today = office.today(now)
    with db.read(office.engine) as tx:
        taken = kept.taken(tx)
        if not taken:
            return 0
        waiting = held(tx, office, today)
        done = [one for one in taken if one not in waiting or ((ledger := letters.get(tx, one)) and ledger["reported_to_ivo"])]
    if done:
        with db.write(office.engine) as tx:
            kept.release(tx, done)
    return len(done)


def to_document(tx: Connection, office: Office, since: datetime) -> tuple[Line, ...]:
    """The lines to document of what was ticked off since an instant, by letter."""
    zone = office.config.bot.timezone
    found = rows.by_id(tx, kept.ticked_since(tx, since))
    ticked = kept.ticked(tx, found, zone)
    first = since.astimezone(zone).date()
    lines = [
        Line(row.entry.shown, target.letter, documented(row, target, target.reported))
        for row in found
        for target in targets(row, ticked, first)
        if target.reported is not None and target.reported >= first
    ]
    return tuple(sorted(lines, key=lambda line: line.letter))
