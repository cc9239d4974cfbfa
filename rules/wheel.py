"""What the pictures of the year and of a case show: days with what falls on them. Local calendar days."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import count as counting

from rules.mark import count
from rules.model import Outcome, Row
from rules.plan import Planner
from rules.window import Quarter, Window, window_of

MARK = "mark"


@dataclass(frozen=True, slots=True)
class WheelDay:
    """How many of a kind fall on a day. `kind`: "mark", or the name of a milestone."""

    day: date
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class YearWheel:
    """A year: IVO's windows as far as they lie in it, and the marks and milestones of the decisions that are open now.

    `kinds`: the kinds of milestones in the routine's order. `today`: None where it lies in another year.
    """

    year: int
    windows: tuple[Window, ...]
    days: tuple[WheelDay, ...]
    kinds: tuple[str, ...]
    rows: int
    today: date | None = None


def year_wheel(rows: Iterable[Row], planner: Planner, year: int, today: date) -> YearWheel:
    """The year as it will be if nothing happens: no open decision is executed or ended. Judgments are not reported, and left out.

    Days before today are told too, as they follow from the decisions that are still open.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    found: Counter[tuple[date, str]] = Counter()
    many = 0
    for row in rows:
        if not row.open or row.entry.judgment:
            continue
        many += 1
        found.update((day, MARK) for day in _marks(row, first, last))
        found.update((event.day, event.milestone.name) for event in planner.simulate(row, first, last))
    windows = (window_of(quarter) for quarter in (Quarter(year - 1, 4), *(Quarter(year, n) for n in (1, 2, 3))))
    return YearWheel(
        year=year,
        windows=tuple(window for window in windows if window.first.year == year),
        days=tuple(WheelDay(day, kind, n) for (day, kind), n in sorted(found.items())),
        kinds=tuple(planner.milestones),
        rows=many,
        today=today if today.year == year else None,
    )


def _marks(row: Row, first: date, last: date) -> Iterator[date]:
    counted = count(row)
    for k in counting(counted.first_at(first)):
        if (day := counted.mark(k)) > last:
            return
        yield day


class Happening(StrEnum):
    """What may stand on a case's line."""

    START = "start"
    FOLLOW_UP = "follow_up"
    MARK = "mark"
    REPORTED = "reported"
    PARTLY = "partly"
    EXECUTED = "executed"
    ENDED = "ended"
    TODAY = "today"


@dataclass(frozen=True, slots=True)
class LineDay:
    """One day of a case. `k`: which mark it belongs to, 0 for none. `days`: since the start."""

    day: date
    what: Happening
    days: int
    k: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One row of the register from its start to its closing, or to `today` and a while ahead. `days`: in their order."""

    row: Row
    today: date
    days: tuple[LineDay, ...]


def case_line(row: Row, today: date, last: date) -> CaseLine:
    """The days of a row through `last`, or through its closing. A mark on the day of closing or after it is none (28 f § LSS)."""
    closing, counted, start = row.closing, count(row), row.entry.start
    found = [(start, Happening.START, 0, 0)]
    end = closing.on if closing else last
    for k in counting(1):
        follow_up, mark = counted.after(counted.step * k - 1), counted.mark(k)
        if follow_up >= end:
            break
        found.append((follow_up, Happening.FOLLOW_UP, k, counted.step * k - 1))
        if mark < end:
            found.append((mark, Happening.MARK, k, counted.step * k))
    found += [(report.day, Happening.REPORTED, report.k, counted.step * report.k) for report in row.reports]
    if row.entry.partly_from:
        found.append((row.entry.partly_from, Happening.PARTLY, 0, 0))
    if closing:
        found.append((closing.on, Happening.EXECUTED if closing.outcome is Outcome.EXECUTED else Happening.ENDED, 0, 0))
    if today >= start:
        found.append((today, Happening.TODAY, 0, 0))
    order = list(Happening)
    found.sort(key=lambda one: (one[0], order.index(one[1]), one[2]))
    return CaseLine(row, today, tuple(LineDay(day, what, (day - start).days, k, months) for day, what, k, months in found))
