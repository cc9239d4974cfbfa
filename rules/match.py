"""Report meets register: which row a report is about, and what follows. Decides only; nothing here changes anything."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from rules.asked import mark_meant, must_be
from rules.mark import count
from rules.model import ClosedBy, Closing, Kind, Row, Sort, Title
from rules.outcomes import (
    Ambiguous,
    Closed,
    DateDiffers,
    Duplicate,
    KindDiffers,
    Matched,
    Meeting,
    NotReportable,
    Premature,
    Register,
    Untracked,
)
from rules.standing import awaited, reported, taken_as_reported
from rules.workday import Workdays

T = TypeVar("T")


def meet(title: Title, register: Register, workdays: Workdays, today: date) -> Meeting:
    """Meets one readable report (verdict ok or accepted) with the register.

    A case or a person in the body rules out every other row; else the sender's rows come first.
    """
    rows = [row for row in register.rows if row.entry.insats == title.insats]
    if register.named:
        rows = [row for row in rows if row.id in register.named]
        if not rows:
            return Ambiguous("other_insats", tuple(row for row in register.rows if row.id in register.named))
    elif register.unknown:
        return Untracked(register.unknown)
    meeting = _Meeting(title, rows, register, workdays, today)
    return meeting.final() if title.kind is Kind.FINAL else meeting.mark()


class _Meeting:
    def __init__(self, title: Title, rows: list[Row], register: Register, workdays: Workdays, today: date) -> None:
        if title.date is None:
            raise ValueError("only a title with a date can meet the register")
        self.title, self.day, self.rows, self.workdays, self.today = title, title.date, rows, workdays, today
        self.named = bool(register.named)
        self.own = [row for row in rows if self.named or row.id in register.own]
        self.others = [row for row in rows if not self.named and row.id not in register.own]

    # Reports of a mark: new and follow-up.

    def mark(self) -> Meeting:
        for pool in (self.own, self.others):
            for belongs in (self._open, self._passed_before_closing, self._closed_early):
                fits = self._best(row for row in pool if belongs(row))
                if len(fits) > 1:
                    return Ambiguous("several", tuple(row for row, _ in fits))
                if fits:
                    return self._judge(*fits[0])
        return self._no_fit()

    def _open(self, row: Row) -> bool:
        return row.open

    def _passed_before_closing(self, row: Row) -> bool:
        k = mark_meant(row, self.day, self.workdays)
        return row.closing is not None and k is not None and count(row).mark(k) < row.closing.on

    def _closed_early(self, row: Row) -> bool:
        return row.closing is not None and row.closing.on <= count(row).mark(1)

    def _best(self, rows: Iterable[Row]) -> list[tuple[Row, int]]:
        """The rows that fit: those whose mark is the date itself before others, and those of the title's own sort before others."""
        fits = [(row, k) for row in rows if (k := mark_meant(row, self.day, self.workdays)) is not None]
        fits = _prefer(fits, lambda fit: count(fit[0]).mark(fit[1]) == self.day)
        return fits if self.title.kind is not Kind.NEW else _prefer(fits, lambda fit: fit[0].entry.sort is self.title.cause)

    def _judge(self, row: Row, k: int) -> Meeting:
        if self._closed_early(row):
            return NotReportable(row)
        if k == 1 and self.title.kind is Kind.FOLLOW_UP and self._reported_before(row):
            # The first mark's date typed once more in a follow-up means the mark that waits for its report.
            k = awaited(row, self.today) or self._opened(row) or k
        if reported(row, k):
            # "avbrott" for a decision that is reported may be news of an interruption: its sender is told, not passed over.
            news = self.title.kind is Kind.NEW and self.title.cause is not row.entry.sort
            return KindDiffers(row, k, ("sort",)) if news else Duplicate(row, k)
        if self.today < self.workdays.summary_day(count(row).mark(k)):
            return Premature(row, k)
        what = tuple(self._differences(row, k))
        return KindDiffers(row, k, what) if what else Matched(row, k)

    def _reported_before(self, row: Row) -> bool:
        return any(report.k for report in row.reports) or taken_as_reported(row, 1)

    def _opened(self, row: Row) -> int | None:
        """The next mark, when its summary day is here and no report has come for it."""
        k = count(row).first_at(self.today)
        opened = self.workdays.summary_day(count(row).mark(k)) <= self.today
        return k if opened and not reported(row, k) else None

    def _differences(self, row: Row, k: int) -> Iterable[str]:
        kind = must_be(row, k)
        if kind not in (None, self.title.kind):
            yield "kind"
        if self.title.kind is Kind.NEW and kind is not Kind.FOLLOW_UP:
            if self.title.cause is not row.entry.sort:
                yield "sort"
            if row.entry.advance_ruling not in (None, self.title.advance_ruling):
                yield "advance_ruling"

    def _no_fit(self) -> Meeting:
        started = [row for row in self.own if self.day in (row.entry.start, row.entry.decision_date)]
        if self.named:
            found = started if len(started) == 1 else _prefer(self._of_sort(self.own), lambda row: row.open)
            if len(found) > 1:
                return Ambiguous("several", tuple(found))
            row = found[0]
            if row.open:
                return DateDiffers(row)
            return NotReportable(row) if self._closed_early(row) else DateDiffers(row, "other_closing")
        if len(open_started := [row for row in started if row.open]) == 1:
            return DateDiffers(open_started[0])
        waiting = tuple(row for row in self.own if row.open)
        return Ambiguous("none", waiting) if waiting else Untracked("")

    def _of_sort(self, rows: list[Row]) -> list[Row]:
        return _prefer(rows, lambda row: row.entry.sort is self.title.cause) if self.title.kind is Kind.NEW else rows

    # Final reports.

    def final(self) -> Meeting:
        if not self.named and len(known := [row for row in self.own if self._same_closing(row)]) == 1:
            return self._judge_closed(known[0])
        found = _without_interrupted([row for row in self.own if row.open] or [row for row in self.others if row.open])
        if len(found) > 1:
            return Ambiguous("several", tuple(found))
        if found:
            return self._judge_final(found[0])
        closed = [row for row in self.own if not row.open] or [row for row in self.others if self._same_closing(row)]
        if not self.named:
            closed = [row for row in closed if self._same_closing(row)]
        closed = _prefer(closed, self._same_closing)
        if len(closed) > 1:
            return Ambiguous("several", tuple(closed))
        return self._judge_closed(closed[0]) if closed else Untracked("")

    def _same_closing(self, row: Row) -> bool:
        return row.closing is not None and row.closing.outcome is self.title.outcome and row.closing.on == self.day

    def _closing(self) -> Closing:
        if self.title.outcome is None:
            raise ValueError("a final report has an outcome")
        return Closing(self.title.outcome, self.day, ClosedBy.LETTER)

    def _judge_final(self, row: Row) -> Meeting:
        if self.day > self.today:
            return Premature(row, 0)
        if self.day < row.entry.start:
            return DateDiffers(row, "before_start")
        if self.day <= count(row).mark(1):
            return NotReportable(row, self._closing())
        return self._close(row, self._closing())

    def _judge_closed(self, row: Row) -> Meeting:
        same = self._same_closing(row)
        if reported(row, 0):
            return Duplicate(row, 0) if same else DateDiffers(row, "other_closing")
        if self._closed_early(row):
            return NotReportable(row)
        return self._close(row, self._closing()) if same else DateDiffers(row, "other_closing")

    def _close(self, row: Row, closing: Closing) -> Meeting:
        passed = Row(row.id, row.entry, row.entered, row.silent_before, closing, row.first_mark, row.reports)
        return Closed(row, closing, awaited(passed, self.today))


def _prefer(items: list[T], better: Callable[[T], bool]) -> list[T]:
    """Those that are better, if any are; else all."""
    return [item for item in items if better(item)] or items


def _without_interrupted(rows: list[Row]) -> list[Row]:
    """An open interruption goes before the decision that it interrupts."""
    interrupted = {row.entry.case for row in rows if row.entry.sort is Sort.INTERRUPTION}
    return [row for row in rows if row.entry.sort is Sort.INTERRUPTION or row.entry.case not in interrupted]
