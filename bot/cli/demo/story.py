"""What happens in the demo: the register comes in, the bot runs every morning for three weeks, then the letters come.

The days stand in the past and are fixed, so that everybody sees the same and `ivobot run` can go on from there.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from bot.cli import build
from bot.cli.demo import place
from bot.cli.demo.letters import ZONE, Letter, letters
from bot.cli.demo.outcome import Outcome, look
from bot.config import load
from bot.jobs.importing import Imported, take
from bot.jobs.office import Office
from bot.jobs.tick import tick
from bot.register.reader import RegisterFile, read
from bot.stop import Stop

IMPORTED = date(2026, 3, 23)  # a Monday: marks before it are taken as reported, so the past is no flood
DAY = date(2026, 4, 14)  # a Tuesday after Easter, in IVO's window for the first quarter
MORNING, AGAIN = time(7, 45), time(7, 55)


@dataclass(frozen=True, slots=True)
class Told:
    """What the demo has to show. `before`: mails sent on the mornings before the demo's day; `again`: what the second run did."""

    file: RegisterFile
    imported: Imported
    mornings: int
    before: int
    outcome: Outcome
    again: int


def play(home: Path) -> Told:
    """Plays the story in a folder that `place.make` has made. Raises our errors as any run does."""
    # Without the environment: a variable meant for the real service must not lead the demo to its mailbox.
    config = load(home / place.CONFIG, {})
    office = build.office(config)
    try:
        return _play(home, office)
    finally:
        office.mailbox.close()
        office.engine.dispose()


def _play(home: Path, office: Office) -> Told:
    file, imported = _import(home, office)
    mornings = [day for day in _days(IMPORTED, DAY) if day in office.planner.workdays]
    for day in _with_progress(mornings):
        tick(office, at(day, MORNING), Stop())
    before = place.our_mails(home)
    arrived: tuple[Letter, ...] = letters()
    place.deliver(home, arrived)
    tick(office, at(DAY, MORNING), Stop())
    after = place.our_mails(home)
    outcome = look(office, at(DAY, MORNING), arrived, [mail for name, mail in after.items() if name not in before])
    tick(office, at(DAY, AGAIN), Stop())
    return Told(file, imported, len(mornings), len(before), outcome, len(place.our_mails(home)) - len(after))


def at(day: date, hour: time) -> datetime:
    """An instant of the demo."""
    return datetime.combine(day, hour, ZONE)


def _import(home: Path, office: Office) -> tuple[RegisterFile, Imported]:
    file = read(
        home / place.REGISTER,
        today=IMPORTED,
        hash_person=lambda number: office.keys.hash("person", number),
        officers=frozenset(office.config.people.officers),
    )
    return file, take(office, file, at(IMPORTED, MORNING))


def _days(first: date, end: date) -> Iterator[date]:
    """From `first` to the day before `end`."""
    return (first + timedelta(days=n) for n in range((end - first).days))


def _with_progress(mornings: list[date]) -> Iterable[date]:
    """The mornings, with a bar on a terminal only."""
    if not (sys.stderr.isatty() and os.environ.get("TERM") != "dumb"):
        return mornings
    from rich.console import Console
    from rich.progress import track

    return track(mornings, "Tre veckor går …", console=Console(stderr=True), transient=True)
