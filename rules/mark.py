"""Marks: the days on which a row has stood open for three, six, nine … months, and the follow-up days a month before them."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rules.facts import in_force
from rules.model import Row


@lru_cache(maxsize=1 << 16)  # rows share days: a register asks for the same sums thousands of times
def add_months(day: date, months: int) -> date:
    """The same day number so many months later; a month without that day gives its last day.

    Source: lag (1930:173) om beräkning av lagstadgad tid, 1 §.
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    month = month0 + 1
    if day.day <= 28:
        return date(year, month, day.day)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Count:
    """From which day a row's months are counted, always afresh and never chained.

    `origin` is the start, or for a provisional row its first mark, which stands `lead` months after the start nobody knows.
    `step` is the law's report limit in months.
    """

    origin: date
    lead: int
    step: int

    def after(self, months: int) -> date:
        """The day so many months after the start."""
        return add_months(self.origin, months - self.lead)

    def mark(self, k: int) -> date:
        """Day on which the row has stood open for the k:th report period; k counts from 1. A calendar day, moved by nothing.

        Source: 28 f § LSS (1993:387).
        """
        return self.after(self.step * k)

    def first_at(self, day: date) -> int:
        """The lowest k ≥ 1 whose mark is on `day` or later."""
        months = (day.year - self.origin.year) * 12 + day.month - self.origin.month + self.lead
        k = max(1, months // self.step - 1)
        while self.mark(k) < day:
            k += 1
        return k

    def last_passed(self, day: date) -> int:
        """The highest k whose mark is before `day`; 0 when none is."""
        return self.first_at(day) - 1


def count(row: Row) -> Count:
    """How the months of a row are counted. The limit follows the date of the start."""
    return _count(row.entry.start, row.first_mark)


@lru_cache(maxsize=1 << 14)
def _count(start: date, first_mark: date | None) -> Count:
    step = int(in_force("report_limit", max(start, date(1994, 1, 1))).values["months"])
    if first_mark is not None:
        return Count(first_mark, step, step)
    return Count(start, 0, step)
