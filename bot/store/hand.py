"""What changing and looking at one row by hand needs of the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, RowMapping, select, update

from bot.store.schema import claim, letter, mail, register_row, report


@dataclass(frozen=True, slots=True)
class Reported:
    """A report of a row with the mark that it stood for (k = 0: a final report)."""

    k: int
    kind: str
    mark: date
    day: date
    letter: int | None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone that is dealt with; `state` is its mail's, or superseded."""

    start: date
    k: int
    name: str
    day: date
    state: str


@dataclass(frozen=True, slots=True)
class Aside:
    """What the database knows of a row besides the row: missing in the last file, a closing day to come, the former decision."""

    missing: bool
    planned_outcome: str | None
    planned_on: date | None
    former_id: int | None


def aside(tx: Connection, row_id: int) -> Aside:
    """What else is known of a row."""
    c = register_row.c
    return Aside(*tx.execute(select(c.missing, c.planned_outcome, c.planned_on, c.former_id).where(c.id == row_id)).one())


def reports(tx: Connection, row_id: int) -> list[Reported]:
    """A row's reports, oldest first."""
    c = report.c
    query = select(c.k, c.kind, c.mark, c.day, c.letter_id).where(c.row_id == row_id).order_by(c.id)
    return [Reported(*found) for found in tx.execute(query)]


def milestones(tx: Connection, row_id: int) -> list[Milestone]:
    """A row's milestones that are dealt with, by their days; those of a start that was corrected since too."""
    c = claim.c
    query = select(c.start, c.k, c.milestone, c.day, mail.c.state).outerjoin(mail, mail.c.id == c.mail_id)
    found = tx.execute(query.where(c.row_id == row_id).order_by(c.day, c.k, c.milestone))
    return [Milestone(start, k, name, day, state or "superseded") for start, k, name, day, state in found]


def letters_about(tx: Connection, row_id: int) -> Sequence[RowMapping]:
    """The ledger's letters about a row, oldest first."""
    return tx.execute(select(letter).where(letter.c.row_id == row_id).order_by(letter.c.id)).mappings().all()


def take_back_final(tx: Connection, row_id: int) -> Reported | None:
    """Takes a row's final report away and gives it; None when there is none."""
    final = next((each for each in reports(tx, row_id) if each.k == 0), None)
    tx.execute(report.delete().where(report.c.row_id == row_id, report.c.k == 0))
    return final


def rename(tx: Connection, row_id: int, shown: str) -> None:
    """The ledger's letters show a row's case as it may be shown from now on."""
    tx.execute(update(letter).where(letter.c.row_id == row_id).values(case=shown))
