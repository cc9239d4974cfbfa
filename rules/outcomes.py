"""What meeting the register can come to: one frozen value for each outcome."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rules.model import Closing, Row


@dataclass(frozen=True, slots=True)
class Matched:
    """The report is for the k:th mark of the row."""

    row: Row
    k: int


@dataclass(frozen=True, slots=True)
class KindDiffers:
    """Counts for the k:th mark as what it must be. `what` differs: kind, sort, advance_ruling."""

    row: Row
    k: int
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DateDiffers:
    """The row is known, its date is another. `what`: date, before_start, other_closing. Nothing is counted or closed."""

    row: Row
    what: str = "date"


@dataclass(frozen=True, slots=True)
class Premature:
    """Sent too early: before the summary day of the k:th mark, or (k = 0) a closing day still to come."""

    row: Row
    k: int


@dataclass(frozen=True, slots=True)
class NotReportable:
    """Closed on or before its first mark. `closing` is set when this report is what closes the row."""

    row: Row
    closing: Closing | None = None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The same report again; k = 0 for a final one."""

    row: Row
    k: int


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Which row is meant cannot be said. `reason`: several, none (the sender has open ones, none fits), other_insats."""

    reason: str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Untracked:
    """No row fits. `case` is what the body named, or ""."""

    case: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A final report closes the row. `unreported` is the latest mark that passed without a report, or None."""

    row: Row
    closing: Closing
    unreported: int | None


Meeting = Matched | KindDiffers | DateDiffers | Premature | NotReportable | Duplicate | Ambiguous | Untracked | Closed


@dataclass(frozen=True, slots=True)
class Register:
    """What of the register a report can be about.

    `rows`: every row of the report's insats and every named one. `named`: ids of rows that the body names by case or person.
    `unknown`: a case that the body names and the register does not know. `own`: ids of rows that are the sender's.
    """

    rows: Sequence[Row]
    named: frozenset[int] = field(default=frozenset())
    unknown: str = ""
    own: frozenset[int] = field(default=frozenset())
