"""What every change by hand has in common: whose hand, which row, its reports and clock, and the entry in the audit trail."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from bot.jobs import hand_values as values
from bot.jobs.office import Office
from bot.store import audit, claims, rows, states
from rules.asked import renumbered
from rules.body import case_key
from rules.mark import count
from rules.model import Entry, Row


@dataclass(frozen=True, slots=True)
class By:
    """By whose hand, when and why."""

    who: str
    now: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Which:
    """Which row is meant: the case, and where it has several, the start and the insats; all as typed."""

    case: str
    start: str = ""
    insats: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """The row as it is now, whether anything was changed, and what the person should know besides, in plain English sentences."""

    row: Row
    changed: bool
    told: tuple[str, ...] = ()


def pick(tx: Connection, which: Which, today: date, *, is_open: bool) -> Row:
    """The row that is meant; among several of a case, one that is open or closed as asked. Raises BotError."""
    named = rows.named(tx, [case_key(which.case)])
    return values.pick(named, today, start=which.start, insats=which.insats, fits=lambda row: row.open is is_open)


def rewrite(tx: Connection, office: Office, row: Row, new: Entry, *, stays_provisional: bool = False) -> None:
    """Gives a row another entry; its reports follow to the marks of a new start."""
    marks = rows.reported_marks(tx, row.id)
    rows.change(tx, row.id, new, row.closing)
    if row.first_mark is not None and stays_provisional:
        states.put(tx, row.id, {"first_mark": row.first_mark.isoformat()})
    elif marks and (row.provisional or new.start != row.entry.start):
        rows.renumber(tx, row.id, renumbered(marks, count(rows.by_id(tx, [row.id])[0]), office.planner.workdays))


def finish(
    tx: Connection, office: Office, row_id: int, before: states.States, what: str, by: By, contents: dict[str, Any] | None = None
) -> Row:
    """Counts the row's next day, and writes the change's entry in the audit trail."""
    claims.reschedule(tx, office.planner, [row_id])
    why = {"why": by.why} if by.why else {}
    audit.write(
        tx, by.now, by.who, [states.note(what, each, **why, **(contents or {})) for each in states.differences(tx, before, [row_id])]
    )
    return rows.by_id(tx, [row_id])[0]


def warned(codes: list[str]) -> tuple[str, ...]:
    """The warnings that an import would give."""
    return tuple(f"Warning: {code}." for code in dict.fromkeys(codes))
