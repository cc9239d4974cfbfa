"""Which report a row asks for, and the title that is right for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rules.mark import Count, count
from rules.model import Closing, Kind, Row, Sort, canonical
from rules.standing import awaited, reported, taken_as_reported
from rules.workday import Workdays


def must_be(row: Row, k: int) -> Kind | None:
    """The kind that a report for the k:th mark must have; None when nobody here can know.

    A row that is only taken as reported may have been reported before the program's time, or not: both kinds are right.
    """
    if any(report.k not in (0, k) for report in row.reports):
        return Kind.FOLLOW_UP
    return None if k > 1 and taken_as_reported(row, 1) else Kind.NEW


def title_at(row: Row, k: int, written: Kind | None = None) -> str:
    """The right title of the report for the k:th mark. written: the kind that the sender used, which stands where nobody here can know."""
    entry = row.entry
    kind = must_be(row, k) or written or Kind.FOLLOW_UP
    interrupted = entry.sort is Sort.INTERRUPTION
    return canonical(
        kind, count(row).mark(k), entry.insats, cause=entry.sort if interrupted else None, advance_ruling=bool(entry.advance_ruling)
    )


def final_title(row: Row, closing: Closing) -> str:
    """The right title of the report that a row is closed."""
    return canonical(Kind.FINAL, closing.on, row.entry.insats, outcome=closing.outcome)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a row asks for now: its title, and `earliest`, the day from which it is taken when that is still to come."""

    title: str
    k: int
    mark: date
    earliest: date | None = None


def asked(row: Row, workdays: Workdays, today: date) -> Asked:
    """The report that a row asks for: of the latest passed mark without one, else of the next mark; of a closed row the final one."""
    counted = count(row)
    if row.closing is not None and not reported(row, 0):
        k = awaited(row, today) or 0
        return Asked(final_title(row, row.closing), k, counted.mark(k) if k else row.closing.on)
    k = awaited(row, today) or next_unreported(row, today)
    mark = counted.mark(k)
    opens = workdays.summary_day(mark)
    return Asked(title_at(row, k), k, mark, opens if today < opens else None)


def next_unreported(row: Row, today: date) -> int:
    """The first mark on `today` or later that no report has come for."""
    k = count(row).first_at(today)
    while reported(row, k):
        k += 1
    return k


def mark_meant(row: Row, day: date, workdays: Workdays) -> int | None:
    """The mark that a title's date means for a row: the date itself, or a day after it through its report day; None when none is."""
    counted = count(row)
    k = counted.first_at(day)
    if counted.mark(k) == day:
        return k
    k -= 1
    return k if k and day <= workdays.report_day(counted.mark(k)) else None


def renumbered(marks: Iterable[tuple[int, date]], counted: Count, workdays: Workdays) -> dict[int, int]:
    """Which marks the reports of a row stand for after its start was corrected: old k → new k.

    marks: (k, mark) under the former start. The mark that the date means under the new one, else the nearest.
    """
    found = {}
    for k, mark in marks:
        after = counted.first_at(mark)
        near = min((n for n in (after - 1, after) if n), key=lambda n: abs(counted.mark(n) - mark))
        before = after - 1
        meant = before if before and mark <= workdays.report_day(counted.mark(before)) and counted.mark(after) != mark else near
        found[k] = meant
    return found
