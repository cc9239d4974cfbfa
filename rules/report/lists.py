"""The lists of a quarterly report: decisions, faults, exposure to the fee, requests, texts, changes. Part of `rules.report.values`."""

from dataclasses import dataclass
from datetime import date

from rules.model import Outcome, Sort


@dataclass(frozen=True, slots=True)
class Request:
    """A request from IVO (begäran om yttrande, komplettering …), as the input file gives it. `answered` None: not yet."""

    day: date
    text: str
    answered: date | None = None


@dataclass(frozen=True, slots=True)
class Exposure:
    """An open row's exposure to the fee, internal only. Amounts in kronor by the law of the decision date; longest wait first.

    `counted_from` is the decision date, the interruption's first day, or the day a judgment became final; `last_day` the end of the two
    years from it; all None where that day is not known. `days_left` is counted from the quarter's last day, negative when it has passed.
    """

    row: int
    case: str
    insats: str
    name: str
    sort: Sort
    judgment: bool
    start: date
    wait_days: int
    lowest: int
    highest: int
    counted_from: date | None
    last_day: date | None
    days_left: int | None
    ref: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the list per decision; `number` is its place in the list and says nothing of the person.

    revisorer: case and unit "", sex "", start and partly_from None; `closed_on` of executed ones only (28 g § LSS). internal: everything.
    `outcome` None: open at the quarter's last day. `wait_days` to that day, or to the closing. `cause` is Swedish, "" when not given.
    `sex` is Man, Kvinna, Pojke, Flicka or "". `row` is the register's own number of the row, 0 for revisorer.
    """

    number: int
    insats: str
    name: str
    sort: Sort
    wait_days: int
    outcome: Outcome | None
    closed_on: date | None = None
    cause: str = ""
    partly: bool | None = None
    row: int = 0
    case: str = ""
    unit: str = ""
    sex: str = ""
    start: date | None = None
    partly_from: date | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that should not stand in the quarter's list as it does, internal only. `text` is one plain Swedish sentence."""

    row: int
    case: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """What the report rests on: `what` in plain Swedish, `ref` the paragraph as it was in force on the day of the report."""

    what: str
    ref: str


@dataclass(frozen=True, slots=True)
class Text:
    """The text of one insats (or of all, `insats` ""): paragraphs made from the figures, and the board's own analysis ("" without one)."""

    insats: str
    heading: str
    paragraphs: tuple[str, ...]
    analysis: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of a frozen quarter that the register now gives otherwise. `text` is plain Swedish; `insats` "" is the total.

    `figure`: open, interruptions_open, executed, ended, reported; or waits: starts were corrected, and the numbers are the longest wait.
    """

    insats: str
    figure: str
    frozen: int
    now: int
    text: str
