"""Rows, titles and days as the tests of the rules write them."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from rules.model import ClosedBy, Closing, Entry, Kind, Outcome, Report, Row, Sort, Title, Verdict
from rules.workday import Workdays

RULES = Path(__file__).parents[2] / "rules"
OFFICE = Workdays()
NEW, FOLLOW_UP, FINAL = Kind.NEW, Kind.FOLLOW_UP, Kind.FINAL
EXECUTED, ENDED = Outcome.EXECUTED, Outcome.ENDED
INTERRUPTION = Sort.INTERRUPTION


def day(text: str) -> date:
    """ "Wed 2026-04-15" or "2026-04-15"; a weekday that is written must be the right one."""
    weekday, _, iso = text.rpartition(" ")
    found = date.fromisoformat(iso)
    if weekday and f"{found:%a}" != weekday:
        raise ValueError(f"{iso} is a {found:%a}")
    return found


def shown(found: date) -> str:
    """The day with its weekday, as the tables write it."""
    return f"{found:%a} {found.isoformat()}"


def days(first: date, last: date) -> list[date]:
    """Every day from the first through the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def entry(start: str = "2026-01-15", case: str = "E-1", insats: str = "9§4", sort: Sort = Sort.DECISION, **more: Any) -> Entry:
    """What the register says of a row."""
    return Entry(case, insats, sort, day(start), officer=more.pop("officer", "anna@kommun.example"), **more)


def closed(what: str, by: ClosedBy = ClosedBy.REGISTER) -> Closing:
    """ "executed 2026-05-04"."""
    outcome, _, on = what.partition(" ")
    return Closing(Outcome(outcome), day(on), by)


def row(
    start: str = "2026-01-15",
    case: str = "E-1",
    *,
    id: int = 1,
    reports: tuple[Report, ...] = (),
    closing: Closing | None = None,
    entered: str = "",
    silent_before: str = "",
    first_mark: str = "",
    **more: Any,
) -> Row:
    """A row that entered the register on its start, with nothing taken as reported, unless told otherwise."""
    said = entry(start, case, **more)
    came = day(entered) if entered else said.start
    return Row(id, said, came, day(silent_before) if silent_before else came, closing, day(first_mark) if first_mark else None, reports)


def provisional(mark: str, case: str = "E-1", *, id: int = 1, **more: Any) -> Row:
    """A row that a report made: its mark 1 is the title's date, reported; the start is three months before."""
    start = more.pop("start")
    reports = more.pop("reports", (Report(1, NEW, day(mark)),))
    return row(start, case, id=id, reports=reports, entered=mark, silent_before=mark, first_mark=mark, **more)


def told(*marks: int, kind: Kind | None = None) -> tuple[Report, ...]:
    """Reports for these marks; 0 is a final one."""
    first = min((k for k in marks if k), default=0)
    return tuple(Report(k, kind or (FINAL if k == 0 else NEW if k == first else FOLLOW_UP), date(2026, 1, 1)) for k in marks)


def title(kind: Kind | None, on: str = "", insats: str | None = "9§4", verdict: Verdict = Verdict.OK, **more: Any) -> Title:
    """A title as read; a new report is of a decision unless told otherwise."""
    cause = more.pop("cause", Sort.DECISION if kind is Kind.NEW else None)
    return Title(verdict, kind, cause, date=day(on) if on else None, insats=insats, **more)
