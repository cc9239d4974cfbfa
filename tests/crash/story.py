"""What happens in the crash tests: a spring in a small municipality, with letters of every sort, imports, reminders, digests and gallring.

Each step is one piece of the program's work. What people do between the steps is done before the step and never killed.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.jobs.importing import read_file, take
from bot.jobs.tick import tick
from bot.stop import Stop
from tests.bot.town import ANNA, BO, letter
from tests.municipality import Municipality, instant

SETTINGS = {
    "IVOBOT_SECRECY__HASH_KEY": "the same hash key in every run of the crash tests",  # so that runs can be compared
    "IVOBOT_PRUNE__DELETE_REPORTED_LETTERS": "true",
    "IVOBOT_PRUNE__AFTER_DAYS": "10",
    "IVOBOT_PRUNE__LEDGER_DAYS": "200",
    "IVOBOT_PRUNE__CLOSED_DAYS": "200",
}
HEAD = "Ärende;Insats;Beslutsdatum;Handläggare;Verkställt"
FIRST = [
    HEAD,
    f"E-1;9§4;2026-01-15;{ANNA};",
    f"E-2;9§4;2026-01-15;{BO};",
    f"E-3;9§3;2026-01-16;{ANNA};",
    f"E-4;9§10;2026-01-20;{BO};",
    f"E-5;9§9;2025-10-15;{ANNA};",
]
SECOND = [*FIRST[:3], f"E-3;9§3;2026-01-19;{ANNA};", *FIRST[4:], f"E-6;9§4;2026-02-02;{BO};", f"E-7;9§2;2026-01-15;{ANNA};2026-04-01"]


def _letters(day: str) -> list[dict[str, Any]]:
    """A morning's letters: right, wrong, unclear, with personal data, automatic, unreadable, and no reports."""
    return [
        letter(f"IVO – Nyrapportering {day}, 9§4", body="Ärende: E-1\n"),
        letter("IVO – Nyrapportering, 9§4", sender=BO, body="Ärende: E-2\n"),
        letter(f"IVO – Nyrapportering {day}, 9§4", sender="cecilia@kommun.example", body="Hej\n"),
        letter("IVO – Nyrapportering 19121212-1212, 9§3", sender="dan@kommun.example"),
        letter("Autosvar: semester", sender="eva@kommun.example", Auto_Submitted="auto-replied"),
        letter("Fråga om fika", sender="eva@kommun.example"),
        letter(f"IVO – Nyrapportering {day}, 9§3", sender="fia@annan.example"),
        {"raw": "inga huvuden alls"},
    ]


@dataclass(frozen=True)
class Step:
    """`before`: what people and the world do. `now`: when the program then does its work; `work` is "run" or "import"."""

    work: str
    now: str
    before: Callable[[Municipality], None] = lambda _: None
    lines: Sequence[str] = ()


def _drop(letters: Sequence[dict[str, Any]], now: str) -> Callable[[Municipality], None]:
    def dropped(place: Municipality) -> None:
        for each in letters:
            place.drop(each, now)

    return dropped


def _tick_off(place: Municipality) -> None:
    place.by_hand("Att rapportera", "Rapporterat till IVO")


def _yesterday_too(place: Municipality) -> None:
    """The service ran the day before: what cannot be undone is pruned only when the clock has not jumped."""
    with closing(sqlite3.connect(place.home / "data" / "ivobot.db")) as database:
        database.execute("UPDATE setting SET value = '2027-01-14' WHERE name = 'prune'")
        database.commit()


STORY = (
    Step("import", "2026-01-21T08:00", lines=FIRST),
    Step("run", "2026-04-14T09:00"),
    Step("run", "2026-04-15T09:00", _drop(_letters("2026-04-15"), "2026-04-15T08:50")),
    Step("import", "2026-04-15T10:00", _tick_off, SECOND),
    Step(
        "run",
        "2026-04-16T09:00",
        _drop(
            [
                letter("IVO – Nyrapportering 2026-04-15, 9§4", sender=BO, body="Ärende: E-2\n"),
                letter("IVO – Slutrapportering, verkställt 2026-04-16, 9§4", body="Ärende: E-1\n"),
                letter("IVO – Nyrapportering 2026-04-15, 9§4", body="Ärende: E-1\n"),
            ],
            "2026-04-16T08:00",
        ),
    ),
    Step("run", "2026-05-05T09:00"),  # what was ticked is deleted
    Step("run", "2027-01-15T09:00", _yesterday_too),  # a row becomes an anonymous fact; ledger and mails forget
)


def work(place: Municipality, step: Step) -> None:
    """The program's part of a step, in this process."""
    if step.work == "import":
        office = place.office()
        file = place.home / "uttag.csv"
        file.write_text("\n".join(step.lines) + "\n", encoding="utf-8")
        take(office, read_file(office, file, instant(step.now)), instant(step.now), force=True)
    else:
        office = place.office()
        tick(office, instant(step.now), Stop())
    office.mailbox.close()
    office.engine.dispose()


def copied(place: Municipality, home: Path) -> Municipality:
    """The same municipality in another folder, for a Maildir."""
    other = Municipality.__new__(Municipality)
    other.__dict__.update(place.__dict__)
    other.home, other.box = home, home / "mailbox"
    other.environ = {**place.environ, "IVOBOT_BOT__DATA_DIR": str(home / "data"), "IVOBOT_MAILBOX__PATH": str(other.box)}
    return other
