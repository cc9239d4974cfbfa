"""Which reports a row has for IVO, and which of them its sheet is for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from rules.asked import must_be, next_unreported
from rules.mark import count
from rules.model import Kind, Row
from rules.sheet.model import Target
from rules.standing import awaited, taken_as_reported

Ticked = Mapping[int, date]
"""The letters that are reported to IVO, and on which day the reporter ticked them off."""


def targets(row: Row, ticked: Ticked, today: date) -> tuple[Target, ...]:
    """Gives every report of a row that has come or is waited for, by its mark, the final one last.

    Without a letter: a passed mark of an open row that no report has come for, and the closing of a row that has none.
    """
    found = [
        Target(report.kind, report.k, count(row).mark(report.k), report.letter, report.day, reported=ticked.get(report.letter))
        for report in sorted(row.reports, key=lambda one: one.k)
        if report.k
    ]
    if row.closing is not None:
        if final := _final(row, ticked):
            found.append(final)
    elif (k := awaited(row, today)) is not None:
        found.append(_asked(row, k))
    return tuple(found)


def chosen(row: Row, ticked: Ticked, today: date) -> Target:
    """The report that a row's sheet is for: the closing of a closed row, else the latest that waits for the reporter, else the next."""
    found = targets(row, ticked, today)
    if found and found[-1].k == 0:
        return found[-1]
    if waiting := [one for one in found if one.letter and one.reported is None] or [one for one in found if not one.letter]:
        return waiting[-1]
    if found and (row.closing is not None or row.entry.judgment):
        return found[-1]
    return _asked(row, next_unreported(row, today))


def final_done(row: Row, ticked: Ticked) -> bool:
    """Whether nothing of a row will be reported any more: it is closed and that is reported to IVO, or never is to be."""
    if row.closing is None:
        return False
    final = _final(row, ticked)
    return final is None or final.reported is not None


def never_reported(row: Row) -> bool:
    """Whether IVO cannot know of a row: no mark of it was reported or is taken as reported."""
    return not any(report.k for report in row.reports) and not taken_as_reported(row, 1)


def reportable(row: Row) -> bool:
    """Whether a row is to be reported at all: no judgment, and not closed on or before its first mark."""
    return not row.entry.judgment and (row.closing is None or row.closing.on > count(row).mark(1))


def _asked(row: Row, k: int) -> Target:
    return Target(must_be(row, k) or Kind.FOLLOW_UP, k, count(row).mark(k))


def _final(row: Row, ticked: Ticked) -> Target | None:
    """The report that a row is closed; a row of which a mark passed unreported and none ever was is new to IVO."""
    if row.closing is None or not reportable(row):
        return None
    kind = Kind.NEW if never_reported(row) else Kind.FINAL
    target = Target(kind, 0, row.closing.on, outcome=row.closing.outcome)
    came = next((report for report in row.reports if report.k == 0), None)
    return replace(target, letter=came.letter, received=came.day, reported=ticked.get(came.letter)) if came else target
