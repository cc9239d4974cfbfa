"""The crash matrix on a mail server: `python -m tests.crash.served ews|imap [--points N] [--random N]` prints its figures.

What lies on a server cannot be copied, so that each case plays the whole story anew. Besides the points of the embedded mailbox, each
request to the server is one, so that a kill also comes between a draft and its sending.
"""

import argparse
import importlib
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.crash.failpoints import acts
from tests.crash.maildir import later
from tests.crash.process import forked
from tests.crash.state import faults, observed
from tests.crash.story import SETTINGS, STORY, work
from tests.mailboxes.served import Served


def calls(kind: str) -> Sequence[tuple[type, str]]:
    """Where a kind's process can be killed besides commits and files."""
    if kind == "ews":
        import requests

        from bot.mailbox.ews import EwsMailbox

        return (*acts(EwsMailbox), (requests.Session, "send"))
    from bot.mailbox.imap import ImapMailbox
    from bot.mailbox.imap_session import Session
    from bot.mailbox.smtp import Smtp

    return (*acts(ImapMailbox), (Session, "run"), (Smtp, "address"), (Smtp, "hand_over"))


@dataclass(frozen=True)
class Kill:
    """Where to kill: in which step, and at which point or after how many seconds."""

    step: int
    point: int | None = None
    after: float | None = None


class Matrix:
    """The undisturbed run of a kind, and runs that are killed."""

    def __init__(self, kind: str, home: Path) -> None:
        self.kind, self.home, self.calls = kind, home, calls(kind)
        self.points: list[tuple[str, ...]] = []
        self.lasts: list[float] = []
        self.expected: dict[str, Any] = self._played(None)

    def _played(self, kill: Kill | None) -> dict[str, Any]:
        home = self.home / "town"
        home.mkdir()
        try:
            with importlib.import_module(f"tests.mailboxes.{self.kind}").backend(home) as backend:
                place = Served(home, backend, **SETTINGS)
                for n, step in enumerate(STORY):
                    step.before(place)
                    killed = kill if kill and kill.step == n else Kill(n)
                    began = time.monotonic()
                    ended = forked(lambda step=step: work(place, step), self.calls, kill=killed.point, after=killed.after)  # type: ignore[misc]
                    if kill is None:
                        assert not ended.failed, ended.failed
                        self.points.append(ended.passed)
                        self.lasts.append(time.monotonic() - began)
                    again = later(step, 2)
                    ended = forked(lambda again=again: work(place, again))  # type: ignore[misc]
                    assert not ended.failed, ended.failed
                return observed(place)
        finally:
            shutil.rmtree(home)

    def cases(self) -> list[Kill]:
        """Every step and point."""
        return [Kill(n, point) for n, passed in enumerate(self.points) for point in range(len(passed))]

    def random_case(self, seed: int) -> Kill:
        """A random moment of a random step."""
        dice = random.Random(seed)
        n = dice.randrange(len(STORY))
        return Kill(n, after=dice.uniform(0, self.lasts[n]))

    def faults(self, kill: Kill) -> list[str]:
        """What is not as in the undisturbed run."""
        return [f"{kill}: {fault}" for fault in faults(self.expected, self._played(kill))]


def main() -> int:
    """Runs the matrix and prints what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["ews", "imap"])
    parser.add_argument("--points", type=int, default=0, help="so many points, spread over all (default: every one)")
    parser.add_argument("--random", type=int, default=0, help="so many kills at random moments besides")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        matrix = Matrix(given.kind, Path(home))
        cases = matrix.cases()
        chosen = cases[:: max(1, len(cases) // given.points)] if given.points else cases
        chosen = [*chosen, *map(matrix.random_case, range(given.random))]
        bad = [fault for kill in chosen for fault in matrix.faults(kill)]
    print(f"{given.kind}: {len(chosen)} kills ({len(cases)} points in all), {len(bad)} faults")
    for fault in bad:
        print(f"  {fault}")
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
