"""How well the reports came in: the lines of the table, and what each of its figures means."""

from dataclasses import dataclass
from datetime import date

from rules.model import Flaw
from rules.window import Quarter


@dataclass(frozen=True, slots=True)
class QualityLine:
    """One officer, unit or provider, or all together (`kind` "all").

    `due`: marks whose report day fell in the quarter. Each is one of `on_time`, `late`, `missing`, `waiting` (no report yet, and the next
    follow-up day has not come). `sent_back`: letters answered because of their title or because they differ. `reminders`: overdue
    reminders that were sent. `wrong`: reports of decisions that are not to be reported. Each figure is explained by a `Definition`.
    """

    kind: str  # all, officer, unit, provider
    name: str
    due: int = 0
    on_time: int = 0
    late: int = 0
    missing: int = 0
    waiting: int = 0
    sent_back: int = 0
    reminders: int = 0
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure of the quality table means: its key (a field of `QualityLine`), its Swedish heading, and one plain sentence."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Quality:
    """The reporting quality of a quarter as it stood on `day`. `lines`: all together first, then officers, units, providers by name."""

    quarter: Quarter
    day: date
    lines: tuple[QualityLine, ...]
    definitions: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class Flaws:
    """One sort of flaw in the titles of a month and how often it came. No person and no received text is in it."""

    flaw: Flaw
    letters: int
