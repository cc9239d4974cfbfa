"""What is kept of the letters' texts, sealed, and which reporter works on which report. Only `bot.jobs.kept` can open it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy import Connection, Select, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from bot.store import rows
from bot.store.rows import chunks
from bot.store.schema import letter, register_row, report
from bot.store.schema_kept import desk, kept
from rules.model import Folder, Row

k = kept.c


@dataclass(frozen=True, slots=True)
class Kept:
    """A sealed text: its letter, the letter whose report it adds to, who sent it and the day it came."""

    letter: int
    about: int
    sender: str
    day: date
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """Who works on a letter's report, since which day."""

    who: str
    day: date


def add(tx: Connection, letter_id: int, about: int, day: date, sealed: bytes) -> None:
    """Keeps a letter's sealed text; once."""
    values = {"letter_id": letter_id, "about_id": about, "day": day, "sealed": sealed}
    tx.execute(insert(kept).values(values).on_conflict_do_nothing(index_elements=[k.letter_id]))


def adds_to(tx: Connection, letter_id: int, about: int) -> None:
    """That a letter's text adds to another letter's report."""
    tx.execute(kept.update().where(k.letter_id == letter_id).values(about_id=about))


def of_rows(tx: Connection, row_ids: Iterable[int]) -> dict[int, list[Kept]]:
    """What is kept of the letters that count for these rows: row id → sealed texts, oldest first."""
    found: dict[int, list[Kept]] = {}
    query = select(letter.c.row_id, k.letter_id, k.about_id, letter.c.sender, k.day, k.sealed).join(letter, letter.c.id == k.letter_id)
    for chunk in chunks(sorted(set(row_ids))):
        for row_id, *values in tx.execute(query.where(letter.c.row_id.in_(chunk), letter.c.meeting.in_(COUNTED)).order_by(k.letter_id)):
            found.setdefault(row_id, []).append(Kept(*values))
    return found


COUNTED = ("matched", "kind_differs", "untracked", "closed", "duplicate")
"""Outcomes of letters whose text belongs to a row's sheet."""

WAITING = ("ambiguous", "date_differs", "premature", "untracked")
"""Outcomes of letters whose text is kept until they move on to Klart: the reporter may say which row they are about."""


def any_kept(tx: Connection) -> bool:
    """Whether anything is kept at all."""
    return tx.execute(select(k.letter_id).limit(1)).first() is not None


def closed_rows(tx: Connection) -> set[int]:
    """The closed rows of which something is kept."""
    query = select(letter.c.row_id).join(kept, k.letter_id == letter.c.id).join(register_row, register_row.c.id == letter.c.row_id)
    return set(tx.execute(query.where(register_row.c.closed_on.is_not(None)).distinct()).scalars()) - {None}


def ticked(tx: Connection, of: Iterable[Row], zone: tzinfo) -> dict[int, date]:
    """Which letters of these rows' reports are reported to IVO, and the local day of the tick."""
    wanted = sorted({each.letter for row in of for each in row.reports if each.letter})
    found: dict[int, date] = {}
    query = select(letter.c.id, letter.c.reported_to_ivo).where(letter.c.reported_to_ivo.is_not(None))
    for chunk in chunks(wanted):
        found |= {letter_id: at.astimezone(zone).date() for letter_id, at in tx.execute(query.where(letter.c.id.in_(chunk)))}
    return found


def last_tick(tx: Connection) -> str:
    """When a letter was last ticked off, and how many are: another text whenever something is."""
    when, many = tx.execute(select(func.max(letter.c.reported_to_ivo), func.count(letter.c.reported_to_ivo))).one()
    return f"{when} {many}"


def closed_by_letter(tx: Connection) -> list[Row]:
    """The rows closed by a final report that is not yet reported to IVO."""
    final = select(report.c.row_id).join(letter, letter.c.id == report.c.letter_id)
    return rows.load(tx, register_row.c.id.in_(final.where(report.c.k == 0, letter.c.reported_to_ivo.is_(None))))


def ticked_since(tx: Connection, since: datetime) -> list[int]:
    """The rows with a letter that was ticked off since an instant."""
    query = select(letter.c.row_id).where(letter.c.reported_to_ivo >= since, letter.c.row_id.is_not(None)).distinct()
    return [row_id for row_id in tx.execute(query.order_by(letter.c.row_id)).scalars() if row_id is not None]


def prune_rows(tx: Connection, row_ids: Iterable[int]) -> int:
    """Deletes what is kept of the letters of these rows; gives how many texts."""
    deleted = 0
    for chunk in chunks(sorted(set(row_ids))):
        about = select(letter.c.id).where(letter.c.row_id.in_(chunk))
        deleted += tx.execute(delete(kept).where(k.letter_id.in_(about))).rowcount
    return deleted


def has_strays(tx: Connection) -> bool:
    """Whether anything is kept of letters that belong to no row's sheet and no longer wait for a word of the reporter."""
    return tx.execute(_strays().limit(1)).first() is not None


def prune_strays(tx: Connection) -> int:
    """Deletes what is kept of those letters; gives how many texts."""
    return tx.execute(delete(kept).where(k.letter_id.in_(_strays()))).rowcount


def _strays() -> Select[tuple[int]]:
    counts = letter.c.row_id.is_not(None) & letter.c.meeting.in_(COUNTED)
    waits = letter.c.folder.in_([Folder.FIX_TITLE, Folder.UNCLEAR, Folder.TO_REPORT]) & letter.c.meeting.in_(WAITING)
    return select(letter.c.id).join(kept, k.letter_id == letter.c.id).where(~(counts | waits))


def letter_of(tx: Connection, row_id: int, number: int) -> int:
    """The letter that brought the report of a row's mark (0: the final one); 0 when none did."""
    found = tx.execute(select(report.c.letter_id).where(report.c.row_id == row_id, report.c.k == number)).scalar()
    return found or 0


def taken(tx: Connection) -> Mapping[int, Taken]:
    """Who works on which letter's report."""
    return {letter_id: Taken(who, day) for letter_id, who, day in tx.execute(select(desk.c.letter_id, desk.c.who, desk.c.day))}


def take(tx: Connection, letter_id: int, who: str, day: date) -> None:
    """That someone works on a letter's report, in place of whoever did."""
    release(tx, [letter_id])
    tx.execute(insert(desk).values(letter_id=letter_id, who=who, day=day))


def release(tx: Connection, letter_ids: Iterable[int]) -> None:
    """That nobody works on these letters' reports any more."""
    for chunk in chunks(sorted(set(letter_ids))):
        tx.execute(desk.delete().where(desk.c.letter_id.in_(chunk)))
