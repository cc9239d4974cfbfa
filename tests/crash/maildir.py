"""The crash matrix on the embedded mailbox: every point of the story in turn, and random moments."""

import random
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.mailbox.maildir import MaildirMailbox
from tests.crash.failpoints import acts
from tests.crash.process import forked, seconds
from tests.crash.state import faults, observed
from tests.crash.story import SETTINGS, STORY, Step, copied, work
from tests.municipality import Municipality


def later(step: Step, minutes: int) -> Step:
    """The same work, some minutes after: the service was started anew."""
    return replace(step, now=(datetime.fromisoformat(step.now) + timedelta(minutes=minutes)).isoformat())


class Matrix:
    """An undisturbed run with a copy of everything before each step, and runs that are killed in between."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.points: list[tuple[str, ...]] = []
        self.lasts: list[float] = []
        self.expected: list[dict[str, Any]] = []
        place = Municipality(home / "undisturbed", **SETTINGS)
        for n, step in enumerate(STORY):
            step.before(place)
            shutil.copytree(place.home, home / f"before-{n}", symlinks=True)
            timed = copied(place, home / "timed")
            shutil.copytree(place.home, timed.home, symlinks=True)
            self.lasts.append(seconds(lambda timed=timed, step=step: work(timed, step)))  # type: ignore[misc]
            shutil.rmtree(timed.home)
            ended = forked(lambda step=step: work(place, step), acts(MaildirMailbox))  # type: ignore[misc]
            assert not ended.failed, ended.failed
            self.points.append(ended.passed)
            self._again(place, step)
            self.expected.append(observed(place))
        self.place = place

    def _again(self, place: Municipality, step: Step) -> None:
        """What the next poll does after a new start: in an undisturbed run, nothing."""
        again = later(step, 2)
        ended = forked(lambda: work(place, again))
        assert not ended.failed, ended.failed

    def cases(self) -> list[tuple[int, int]]:
        """Every step and point."""
        return [(n, point) for n, passed in enumerate(self.points) for point in range(len(passed))]

    def killed_at(self, n: int, *, kill: int | None = None, after: float | None = None, to_the_end: bool = False) -> list[str]:
        """Kills the work of step n and starts again; gives what is not as in the undisturbed run, at once and at the end if asked for."""
        home = self.home / f"killed-{n}-{kill}-{after}"
        shutil.copytree(self.home / f"before-{n}", home, symlinks=True)
        place = copied(self.place, home)
        place._dropped = sum(_dropped(step) for step in STORY[: n + 1])
        try:
            ended = forked(lambda: work(place, STORY[n]), acts(MaildirMailbox), kill=kill, after=after)
            if kill is not None and not ended.killed:
                return [f"point {kill} of step {n} was not reached"]
            self._again(place, STORY[n])
            bad = faults(self.expected[n], observed(place))
            for step in STORY[n + 1 :] if to_the_end and not bad else ():
                step.before(place)
                forked(lambda step=step: work(place, step))  # type: ignore[misc]
            if to_the_end and not bad:
                bad = faults(self.expected[-1], observed(place))
            where = self.points[n][kill] if kill is not None else f"{after:.3f} s"
            return [f"step {n}, {where}: {fault}" for fault in bad]
        finally:
            shutil.rmtree(home)

    def random_case(self, seed: int) -> list[str]:
        """One kill at a random moment of a random step."""
        dice = random.Random(seed)
        n = dice.randrange(len(STORY))
        return self.killed_at(n, after=dice.uniform(0, self.lasts[n]), to_the_end=seed % 10 == 0)


def _dropped(step: Step) -> int:
    """How many letters a step drops, so that later ones get the same names as in the undisturbed run."""
    cells = getattr(step.before, "__closure__", None) or ()
    return next((len(cell.cell_contents) for cell in cells if isinstance(cell.cell_contents, list)), 0)
