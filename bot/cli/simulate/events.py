"""Every milestone of the open rows, day by day, and to whom its mail goes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Protocol

from bot.jobs.office import Office
from bot.jobs.reminder_mail import Ready, bundles, event_key
from rules.duty import Recipients, recipients, steady
from rules.mark import count
from rules.model import Row
from rules.plan import Event

SPAN = timedelta(days=730)  # so much is worked out and sorted at once: it bounds the memory, and costs little


class Output(Protocol):
    """What the days are given to, one after the other."""

    def day(self, day: date, going: Sequence[Ready]) -> None:
        """All that goes out on a day, by case, milestone and k. Days without mails are left out."""

    def end(self) -> None:
        """After the last day."""


def spans(first: date, last: date) -> list[tuple[date, date]]:
    """The parts in which the days from `first` through `last` are worked out."""
    found = []
    while first <= last:
        end = min(last, first + SPAN)
        found.append((first, end))
        first = end + timedelta(days=1)
    return found


class Foreseer:
    """What a register will cause, in one office."""

    def __init__(self, office: Office, tracked: Iterable[Row]) -> None:
        self._office = office
        self._tracked = [(row, office.planner.routine.owner(row.entry), steady(row.entry, office.people)) for row in tracked]
        self._known: dict[tuple[int, str], Recipients] = {}

    def days(self, first: date, last: date, step: Callable[[int], None]) -> Iterator[tuple[date, list[Ready]]]:
        """Each day's milestones from `first` through `last`. step: told how many rows are done more, once a part for each row."""
        for start, end in spans(first, last):
            going: list[Ready] = []
            for n, (row, owner, same) in enumerate(self._tracked, 1):
                for event in self._office.planner.simulate(row, start, end):
                    going.append(Ready(event, owner, self._recipients(event, same=same)))
                if n % 100 == 0:
                    step(100)
            going.sort(key=lambda one: (one.event.day, one.event.row.entry.shown, one.event.milestone.name, one.event.k))
            for day, group in groupby(going, key=lambda one: one.event.day):
                yield day, list(group)

    def _recipients(self, event: Event, *, same: bool) -> Recipients:
        key = (event.row.id, event.milestone.name)
        found = self._known.get(key) if same else None
        if found is None:
            office = self._office
            found = recipients(event.milestone, event.row.entry, office.planner.routine, office.people, event.day)
            self._known[key] = found
        return found


def mails(going: Sequence[Ready], office: Office) -> list[list[Ready]]:
    """The mails that the service makes of a day's milestones, rows in its order."""
    return bundles(sorted(going, key=lambda one: one.event.row.id), office.config.reminders.bundle_from)


def as_json(one: Ready, office: Office) -> dict[str, object]:
    """A milestone in the shape of `--json`."""
    event, entry = one.event, one.event.row.entry
    return {
        "send_on": event.day.isoformat(),
        "milestone": event.milestone.name,
        "case": entry.shown,
        "k": event.k,
        "insats": entry.insats,
        "mark": count(event.row).mark(event.k).isoformat(),
        "due": event.due.isoformat() if event.due else None,
        "to": list(one.to.to),
        "cc": list(one.to.cc),
        "key": event_key(event, office),
    }
