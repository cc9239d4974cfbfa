"""The quarterly report as a mail. Dates are Stockholm calendar days."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class QuarterlyRow:
    """One insats, or all together ("Totalt"), of a quarterly report: what 28 h § LSS demands, and so is never suppressed.

    `longest`: days that the one that has waited longest has waited, None when none waits.
    """

    name: str
    open: int
    interruptions: int
    executed: int
    ended: int
    longest: int | None


@dataclass(frozen=True, slots=True)
class Quarterly:
    """A frozen quarter for one reader (fullmaktige, revisorer, internal). Without any single decision; suppressed already.

    `frozen` is the day on which the figures were fixed, `hash` that of the figures. The last row is the total.
    """

    quarter: str
    reader: str
    title: str
    board: str
    frozen: date
    hash: str
    summary: tuple[str, ...]
    rows: tuple[QuarterlyRow, ...]
    notes: tuple[str, ...]
    references: tuple[str, ...]
    changes: tuple[str, ...] = ()
