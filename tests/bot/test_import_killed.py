"""An import that is killed at any point leaves the register as it was before or as it is after, never between; and the next one works.

The import runs in a process of its own, which is sent SIGKILL: at chosen points by itself, and at random ones from outside.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bot.town import ANNA, BO, HEAD, ask, ivobot, town

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL is Unix's")

NOW = "2026-02-10T08:00"
TABLES = ("register_row", "report", "claim", "listing", "audit", "import_run", "import_row", "setting")
POINTS = (  # a name of a store module that the import calls; the process dies as it is called, or when it has come back
    ("rows.add_many", "before"), ("rows.add_many", "after"), ("rows.change_many", "after"), ("imports.note_missing", "after"),
    ("imports.plan_closings", "after"), ("imports.follow_many", "after"), ("imports.list_in", "after"), ("claims.reschedule", "after"),
    ("audit.write", "before"), ("audit.write", "after"), ("undo.keep", "after"), ("commit", "before"), ("commit", "after"),
)  # fmt: skip
QUICK = (("rows.add_many", "after"), ("audit.write", "after"), ("commit", "before"))
CHILD = """
import importlib, os, signal, sys
from pathlib import Path
from sqlalchemy import event
from bot.jobs.importing import read_file, take
from rules.window import Quarter
from tests.municipality import Municipality, instant

home, point, when = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
place = Municipality.__new__(Municipality)
place.environ = {name: value for name, value in os.environ.items() if name.startswith("IVOBOT_")}
office, now, quarter = place.office(), instant(sys.argv[4]), Quarter.parse("2026Q1")

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

if point == "commit":
    inner = office.engine.dialect.do_commit
    def commit(connection):
        inner(connection) if when == "after" else None
        die()
    office.engine.dialect.do_commit = commit
elif point != "random":
    module, name = point.split(".")
    module = importlib.import_module(f"bot.store.{module}")
    inner = getattr(module, name)
    def wrapped(*given, **named):
        if when == "before":
            die()
        inner(*given, **named)
        die()
    setattr(module, name, wrapped)
file = read_file(office, home / "second.csv", now, quarter=quarter)
print("read", flush=True)
take(office, file, now, quarter=quarter)
print("done", flush=True)
"""


def lines(count: int) -> tuple[list[str], list[str]]:
    """A register file, and a later one in which rows are new, changed, corrected, closed, about to be closed, linked, or gone."""
    head = f"{HEAD};Verkställt;Avslutat;Föregående ärende"
    first = [head, *(f"E-{n};9§4;2026-01-15;{ANNA};;;" for n in range(count))]
    second = [head]
    for n in range(count):
        start = "2026-01-14" if n % 50 == 1 else "2026-01-15"
        closed = "2026-02-01" if n % 10 == 2 else "2026-03-01" if n % 10 == 3 else ""
        if n % 50 != 4:
            second.append(f"E-{n};9§4;{start};{BO if n % 2 else ANNA};{closed};;")
    second += [f"N-{n};9§4;2026-02-05;{BO};;;E-{n}" for n in range(count)]
    return first, second


class Try:
    """A register of its own, in which a second import is killed."""

    def __init__(self, home: Path, count: int) -> None:
        first, second = lines(count)
        self.place = town(home, first)
        (home / "second.csv").write_text("\n".join(second) + "\n", "utf-8")
        self.second = second
        self.before = self.held()

    def held(self) -> dict[str, list[tuple[object, ...]]]:
        """All that the database holds, without what chance decides: salts, and the hashes that hang on them."""
        connection = sqlite3.connect(self.place.home / "data" / "ivobot.db")
        try:
            return {table: connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES}
        finally:
            connection.close()

    def start(self, point: str, when: str = "") -> "subprocess.Popen[bytes]":
        """Begins the second import in a process that dies at a point."""
        arguments = [sys.executable, "-c", CHILD, str(self.place.home), point, when, NOW]
        environ = os.environ | self.place.environ
        return subprocess.Popen(arguments, env=environ, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE)

    def judge(self, *, after: bool | None = None) -> bool:
        """That the register stands as before or as after, whichever; that the trail is whole; that the import then works, and its undoing.

        Gives whether the killed import had taken effect. `after`: which of the two it must be.
        """
        found = self.held()
        took = found != self.before
        assert after in (None, took)
        assert ask(self.place, "PRAGMA integrity_check")[0][0] == "ok"
        assert ivobot(self.place, "audit", "verify").code == 0
        if took:
            self.is_whole(found)
        again = self.place.import_register(self.second, NOW)
        assert (again.created, again.changed) == (0, 0) if took else (again.created > 0 and again.changed > 0)
        if not took:
            self.is_whole(self.held())
        assert ivobot(self.place, "audit", "verify").code == 0
        undone = ivobot(self.place, "register", "undo-import", "--now", NOW)
        assert undone.code == 0, undone.err
        assert self.held()["register_row"] == self.before["register_row"]
        assert self.held()["listing"] == self.before["listing"]
        return took

    def is_whole(self, found: dict[str, list[tuple[object, ...]]]) -> None:
        """That rows, trail and undo record of the second import are all there, each of every row that it created or changed."""
        new = len(found["register_row"]) - len(self.before["register_row"])
        run = found["import_run"][-1][0]
        kept = [row for row in found["import_row"] if row[0] == run]
        written = len(found["audit"]) - len(self.before["audit"])
        assert new == sum(line.startswith("N-") for line in self.second)
        assert sum(bool(row[2]) for row in kept) == new and len(kept) + 1 == written


def killed_at(home: Path, point: str, when: str) -> None:
    """One kill at a chosen point."""
    attempt = Try(home, 60)
    process = attempt.start(point, when)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    attempt.judge(after=(point, when) == ("commit", "after"))


@pytest.mark.parametrize("point, when", QUICK)
def test_killed_at_a_chosen_point(tmp_path: Path, point: str, when: str) -> None:
    killed_at(tmp_path, point, when)


@pytest.mark.slow
@pytest.mark.parametrize("point, when", [each for each in POINTS if each not in QUICK])
def test_killed_at_every_point(tmp_path: Path, point: str, when: str) -> None:
    killed_at(tmp_path, point, when)


@pytest.mark.slow
def test_killed_at_random(tmp_path: Path) -> None:
    """Kills spread over the whole of the work, the commit too; both ends are met."""
    rng = random.Random(11)
    least = Try(tmp_path / "measured", 1_500)
    process = least.start("random")
    assert process.stdout is not None and process.stdout.readline() == b"read\n"
    began = time.monotonic()
    process.communicate(timeout=60)
    length = time.monotonic() - began
    assert least.judge(after=True)
    for number in range(20):
        attempt = Try(tmp_path / str(number), 1_500)
        process = attempt.start("random")
        assert process.stdout is not None and process.stdout.readline() == b"read\n"
        time.sleep(rng.uniform(0.0, 1.1) * length)
        process.kill()
        process.communicate(timeout=60)
        attempt.judge()
