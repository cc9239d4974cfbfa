"""The answer to a mailed register file. Dates are Stockholm calendar days."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row of a register file that was not taken in: its number, the column, and a Swedish sentence that never repeats the cell."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class RowNotice:
    """A row that was taken in but should be looked at; `code` is a word that the template knows."""

    row: int
    code: str


@dataclass(frozen=True, slots=True)
class FileTaken:
    """What became of one register file. `refused`: why nothing of it was taken in, else "". `vanished`: rows that it lacks, as shown.

    `ignored` counts its columns that are not read.
    """

    refused: str = ""
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    vanished: tuple[str, ...] = ()
    faults: tuple[RowFault, ...] = ()
    notices: tuple[RowNotice, ...] = ()
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """Answer to a mailed register file, or to several in one letter."""

    received: date
    files: tuple[FileTaken, ...]
