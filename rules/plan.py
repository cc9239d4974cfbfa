"""The plan: which milestones of a row are due on a day, which are past use, and when there is something to do next."""

import itertools
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import dropwhile, takewhile
from typing import Protocol

from rules.mark import add_months, count
from rules.model import ClosedBy, Closing, Outcome, Row
from rules.routine import EXECUTED, Milestone, Offset, Routine
from rules.standing import reported
from rules.workday import Workdays


@dataclass(frozen=True, slots=True)
class Event:
    """One milestone of one mark. `day`: when its mail goes out (a workday). `useful`: the last day on which it is worth sending.
    `due`: the last day for what it asks, if it asks for something by a day."""

    row: Row
    k: int
    milestone: Milestone
    day: date
    useful: date
    due: date | None


@dataclass(frozen=True, slots=True)
class Claim:
    """That a milestone's key is taken: on which day, and whether its mail was sent (else it was superseded)."""

    day: date
    sent: bool


Claims = Mapping[tuple[int, str], Claim]
"""What is taken of a row's present start, by (k, milestone)."""


class Sent(Protocol):
    """Where the day can be looked up on which a milestone was sent."""

    def get(self, key: tuple[int, str], /) -> Claim | None:
        """The claim of (k, milestone), if there is one."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a row's day brings: mails to send, and milestones past use or overtaken by a later one."""

    send: tuple[Event, ...]
    superseded: tuple[Event, ...]


class Planner:
    """One routine on one calendar. Each milestone is a series of events of a row, in the order of their days."""

    def __init__(self, routine: Routine, workdays: Workdays) -> None:
        self.routine = routine
        self.workdays = workdays
        self.milestones = {m.name: m for m in routine.milestone}
        self._marks_only = all(m.recurs_with_marks for m in routine.milestone)
        self._counted = lru_cache(maxsize=1 << 16)(self._count_on)  # rows share the calendar's days: most are asked for thousands of times

    def due(self, row: Row, claims: Claims, today: date) -> Due:
        """What is due and not yet claimed. Of the mails to the owner only the latest useful one is sent; `by_itself` ones stand apart.

        today: a workday on which the reminders' hour has struck.
        """
        late: list[Event] = []
        useful: dict[str, list[Event]] = {}
        for milestone in self._fitting(row):
            for event in takewhile(lambda e: e.day <= today, self._unclaimed(row, milestone, claims)):
                if event.useful < today:
                    late.append(event)
                else:
                    useful.setdefault(milestone.name if milestone.by_itself else "", []).append(event)
        send = []
        for group in useful.values():
            *former, last = sorted(group, key=lambda e: (e.day, self.routine.milestone.index(e.milestone)))
            late += former
            send.append(last)
        return Due(tuple(send), tuple(sorted(late, key=lambda e: e.day)))

    def coming(self, row: Row, claims: Claims, last: date) -> Iterator[Event]:
        """What is unclaimed and falls on a day through `last`, as things stand now."""
        for milestone in self._fitting(row):
            yield from takewhile(lambda e: e.day <= last, self._unclaimed(row, milestone, claims))

    def next_day(self, row: Row, claims: Claims) -> date | None:
        """The first day, past or to come, on which something unclaimed is due for the row; None when nothing ever will be."""
        if self.never(row.closing, row.silent_before):
            return None
        firsts = (next(self._unclaimed(row, milestone, claims), None) for milestone in self._fitting(row))
        return min((event.day for event in firsts if event is not None), default=None)

    def never(self, closing: Closing | None, silent_before: date) -> bool:
        """Whether nothing can be due for a row, whatever else it is: its marks after the closing do not come, those before are silent."""
        return closing is not None and closing.on <= silent_before and self._marks_only

    def simulate(self, row: Row, first: date, last: date) -> Iterator[Event]:
        """Every milestone of an open row on its own day, from `first` through `last`, as if each had been sent on its day.

        Nothing is taken as reported, and no report comes in after those that the row has.
        """
        if not row.open:
            return
        claims = _AsPlanned(self, row)
        for milestone in self._fitting(row):
            low = self._low(row, milestone, first) if milestone.recurs_with_marks else 1
            for event in takewhile(lambda e: e.day <= last, self._series(row, milestone, claims, low)):
                if event.day >= first:
                    yield event

    def _low(self, row: Row, milestone: Milestone, first: date) -> int:
        """A mark whose milestone surely lies before `first`, from which a series may begin."""
        reach = abs(milestone.day.months) * 31 + abs(milestone.day.days) + abs(milestone.day.workdays) * 3 + 62
        return count(row).first_at(max(first - timedelta(days=reach), row.entry.start))

    def _fitting(self, row: Row) -> Iterator[Milestone]:
        if row.entry.judgment:  # tracked, but not reported
            return
        owner = self.routine.owner(row.entry)
        yield from (m for m in self.routine.milestone if m.when.holds(row.entry, owner))

    def _unclaimed(self, row: Row, milestone: Milestone, claims: Claims) -> Iterator[Event]:
        """What is not taken. What was past use before the row entered the register, or a mark before it, is taken as done."""
        if milestone.recurs_with_marks:
            return self._series(row, milestone, claims, count(row).first_at(row.silent_before), taken=claims)
        return dropwhile(lambda event: event.useful < row.silent_before, self._series(row, milestone, claims, 1, taken=claims))

    def _series(self, row: Row, milestone: Milestone, claims: Sent, low: int, taken: Container[tuple[int, str]] = ()) -> Iterator[Event]:
        """A milestone's events in the row's present state, k rising from `low`, without what is taken."""
        for k in self._with_marks(row, milestone, low) if milestone.recurs_with_marks else self._alone(row, milestone):
            if (k, milestone.name) not in taken:
                yield self.event(row, k, milestone, claims)

    def _with_marks(self, row: Row, milestone: Milestone, low: int) -> Iterator[int]:
        closing, counted = row.closing, count(row)
        if closing is None:
            if milestone.state == "open":
                yield from (k for k in itertools.count(low) if not (milestone.until_reported and reported(row, k)))
        # Closing ends what waits; but a mark that passed unreported is still to be reported when only the register knows.
        elif milestone.outlives_closing and closing.by is ClosedBy.REGISTER and not reported(row, 0):
            passed = takewhile(lambda k: counted.mark(k) < closing.on, itertools.count(low))
            yield from (k for k in passed if not reported(row, k))

    def _alone(self, row: Row, milestone: Milestone) -> Iterator[int]:
        """The times of a milestone that is counted from the execution or a date column: none while that day is not known.

        Nothing follows on a decision that has ended since.
        """
        executed = row.closing is not None and row.closing.outcome is Outcome.EXECUTED and row.entry.ended is None
        if (row.open if milestone.state == "open" else executed) and self.base(milestone.day.anchor, row) is not None:
            yield from itertools.count(1) if milestone.again_months else (1,)

    def base(self, anchor: str, row: Row) -> date | None:
        """The day of execution, or of a date column of the register; None while it is not known."""
        if anchor == EXECUTED:
            return row.closing.on if row.closing else None
        return dict(row.entry.dates).get(anchor)

    def event(self, row: Row, k: int, milestone: Milestone, claims: Sent) -> Event:
        """The k:th event of a milestone; a chained one follows the day on which the other was sent."""
        day = self.goes_out(row, k, milestone, claims)
        useful = self.on(milestone.useful, row, k, again=milestone.again_months)
        due = self.on(milestone.due, row, k, again=milestone.again_months) if milestone.due else None
        return Event(row, k, milestone, day, useful, due)

    def goes_out(self, row: Row, k: int, milestone: Milestone, claims: Sent) -> date:
        """The workday on which the k:th mail of a milestone goes out."""
        if milestone.after and (before := claims.get((k, milestone.after.milestone))) and before.sent:
            return self._counted(before.day, 0, milestone.after.workdays, "next")
        day = self.on(milestone.day, row, k, again=milestone.again_months)
        return self._counted(day, 0, 0, "next")

    def on(self, offset: Offset, row: Row, k: int, *, again: int = 0) -> date:
        """The day that an offset gives for a row's k:th mark, or for the k:th time of what comes again after `again` months."""
        counted = count(row)
        match offset.anchor:
            case "start":
                day = counted.after(offset.months + counted.step * (k - 1))
            case "mark":
                day = add_months(counted.mark(k), offset.months) if offset.months else counted.mark(k)
            case anchor:
                base = self.base(anchor, row)
                if base is None:
                    raise ValueError(f"the row has no day of {anchor}")
                day = add_months(base, offset.months + again * (k - 1))
        return self._counted(day, offset.days, offset.workdays, offset.move)

    def _count_on(self, day: date, days: int, workdays: int, move: str) -> date:
        """The day after so many days, then so many workdays, moved if it is a day off."""
        day = self.workdays.shift(day + timedelta(days=days), workdays)
        match move:
            case "next":
                return self.workdays.on_or_after(day)
            case "previous":
                return day if day in self.workdays else self.workdays.shift(day, -1)
            case _:
                return day


def postponable(milestone: Milestone) -> bool:
    """Whether a milestone waits while its mark is postponed: the reminders of a report that has not come."""
    return milestone.outlives_closing


class _AsPlanned:
    """The claims of a row had every milestone been sent on its own day."""

    def __init__(self, planner: Planner, row: Row) -> None:
        self._planner, self._row = planner, row
        self._milestones = planner.milestones

    def get(self, key: tuple[int, str]) -> Claim | None:
        k, name = key
        return Claim(self._planner.goes_out(self._row, k, self._milestones[name], self), sent=True)
