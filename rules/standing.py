"""Where a row stands: which of its marks are reported, taken as reported, or waited for."""

from datetime import date

from rules.mark import count
from rules.model import Row


def reported(row: Row, k: int) -> bool:
    """Whether a report for the k:th mark has come."""
    return any(report.k == k for report in row.reports)


def taken_as_reported(row: Row, k: int) -> bool:
    """Whether the mark lies so long before the row entered the register that it counts as reported."""
    return count(row).mark(k) < row.silent_before


def awaited(row: Row, today: date) -> int | None:
    """The latest passed mark of a row that no report has come for, though one is due; None when there is none, and for a judgment.

    A mark has passed when it lies before today, and for a closed row before the closing day.
    """
    if row.entry.judgment:
        return None
    end = today if row.closing is None else min(today, row.closing.on)
    for k in range(count(row).last_passed(end), 0, -1):
        if taken_as_reported(row, k):
            return None
        if not reported(row, k):
            return k
    return None
