"""Everything that a document of the quarterly report shows, for one reader and already suppressed.

A document writer needs nothing else: every Swedish text, order and figure is here. A count that is None is suppressed and is shown as
".." with the report's `notes` telling why; it never stands for zero or for "unknown". Waits are whole days from the decision date, or an
interruption's first day, to the quarter's last day. Days are Stockholm calendar days. All values go to JSON and back without loss.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.report.lists import Change, Decision, Exposure, Fault, Reference, Request, Text
from rules.report.quality import Quality
from rules.window import Quarter


class Reader(StrEnum):
    """Whom a report is for: kommunfullmäktige, kommunens revisorer, or the board itself."""

    FULLMAKTIGE = "fullmaktige"
    REVISORER = "revisorer"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Band:
    """How many waits lie in one band; `label` is Swedish ("6–12 månader")."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Waits:
    """How long rows have waited: the sorted list in days, bands (all of them, also empty ones), median and longest (None without rows).

    The median of an even number of rows is the mean of the middle two, a half day rounded up.
    """

    days: tuple[int, ...] = ()
    bands: tuple[Band, ...] = ()
    median: int | None = None
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Sexes:
    """Open rows by sex; boys count as men and girls as women. `unknown`: the register does not tell."""

    men: int | None
    women: int | None
    unknown: int | None = 0


@dataclass(frozen=True, slots=True)
class Ages:
    """Open rows by age, where the register tells (Man, Kvinna, Pojke, Flicka)."""

    children: int | None
    adults: int | None
    unknown: int | None = 0


@dataclass(frozen=True, slots=True)
class Causes:
    """Open rows by the quarterly report's causes: bostad saknas, personal saknas, har tackat nej, annan; `unknown`: none given."""

    no_housing: int | None
    no_staff: int | None
    declined: int | None
    other: int | None
    unknown: int | None = 0


@dataclass(frozen=True, slots=True)
class Ongoing:
    """Ongoing decisions from the input file, and the open ones' share of them in tenths of a percent (84 is 8,4 %).

    All None where the input file gives none (`given` False), or where suppressed (`given` True).
    """

    given: bool = False
    men: int | None = None
    women: int | None = None
    total: int | None = None
    share: int | None = None


@dataclass(frozen=True, slots=True)
class InsatsRow:
    """The figures of one insats ("9§4", `name` "9 § 4 Kontaktperson"), or of all together (`insats` "", `name` "Totalt").

    `open`, `interruptions_open` (among the open ones) and both lists of waits are what 28 h § LSS demands and are never suppressed;
    `reported` = open + executed + ended. `waits` holds decisions, `waits_interruptions` interruptions. `partly`: open, partly executed.
    """

    insats: str
    name: str
    open: int
    interruptions_open: int
    executed: int
    ended: int
    reported: int
    waits: Waits
    waits_interruptions: Waits
    sexes: Sexes
    ages: Ages
    causes: Causes
    partly: int | None
    ongoing: Ongoing = Ongoing()


@dataclass(frozen=True, slots=True)
class PastRow:
    """One insats in an earlier quarter."""

    insats: str
    open: int
    interruptions_open: int | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier quarter as it was published then. `source`: "frozen" (kept by the program) or "input" (from the input file).

    A figure that is None was not published, or is not known. `longest` is over decisions and interruptions together, in days.
    """

    quarter: Quarter
    source: str
    open: int
    reported: int | None = None
    executed: int | None = None
    ended: int | None = None
    interruptions_open: int | None = None
    men: int | None = None
    women: int | None = None
    median: int | None = None
    longest: int | None = None
    rows: tuple[PastRow, ...] = ()


@dataclass(frozen=True, slots=True)
class QuarterReport:
    """The quarterly report for one reader. Print in the order of the fields; an empty tuple is a part that this report does not have.

    `day`: on which the figures were taken. `frozen`: the day the quarter was frozen, None before. `hash`: of the frozen figures, else "".
    `rows`: one for each insats that has any figure, in the statute's order. `comparison`: up to four quarters, oldest first, this one not
    among them. `exposures`, `faults` and `quality` internal only; `decisions` revisorer and internal. `notes`: Swedish sentences on how to
    read the figures (what ".." means, how waits are counted), to be printed below the table.
    """

    quarter: Quarter
    reader: Reader
    title: str
    board: str
    day: date
    frozen: date | None
    hash: str
    threshold: int
    summary: tuple[str, ...]
    rows: tuple[InsatsRow, ...]
    total: InsatsRow
    notes: tuple[str, ...]
    texts: tuple[Text, ...]
    comparison: tuple[Past, ...] = ()
    requests: tuple[Request, ...] = ()
    decisions: tuple[Decision, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    faults: tuple[Fault, ...] = ()
    quality: Quality | None = None
    changes: tuple[Change, ...] = ()
    references: tuple[Reference, ...] = ()
