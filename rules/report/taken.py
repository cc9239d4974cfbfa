"""A quarter as it was taken from the register: all that its reports are made of, and what is kept when it is frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rules.report.given import Given
from rules.report.lists import Exposure, Fault
from rules.report.quality import Quality
from rules.report.values import Past
from rules.stats import Counted, QuarterFigures, figures_of
from rules.suppress import Published, suppress
from rules.suppress_cells import Hidden
from rules.suppress_moves import Cell
from rules.window import Quarter


@dataclass(frozen=True, slots=True)
class HiddenCell:
    """One hidden cell of a table of `rules.suppress.TABLES`; `insats` "" is the total."""

    table: str
    insats: str
    category: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A quarter's figures on one day, and nothing that names a person or a case: it may be kept when the rows themselves are pruned.

    `faults` and `exposures` are kept without their cases; these are filled in again from the register while it has the rows.
    """

    quarter: Quarter
    day: date
    board: str
    threshold: int
    counted: tuple[Counted, ...]
    faults: tuple[Fault, ...]
    exposures: tuple[Exposure, ...]
    given: Given
    comparison: tuple[Past, ...]
    hidden: tuple[HiddenCell, ...]
    quality: Quality | None = None

    @property
    def figures(self) -> QuarterFigures:
        """The figures of all rows; nothing is suppressed here."""
        return figures_of(self.counted, self.quarter)

    @property
    def published(self) -> Published:
        """What the public knows of it."""
        return Published(self.counted, {name: Hidden(cells) for name, cells in hidden_by_table(self.hidden).items()})

    @property
    def anonymous(self) -> "Taken":
        """Without any case: as it is kept. The quality of single officers is left out too."""
        quality = self.quality and replace(self.quality, lines=tuple(line for line in self.quality.lines if line.kind != "officer"))
        return replace(
            self,
            faults=tuple(replace(fault, case="") for fault in self.faults),
            exposures=tuple(replace(one, case="") for one in self.exposures),
            quality=quality,
        )

    def with_cases(self, cases: Mapping[int, str]) -> "Taken":
        """With the cases that the register still knows, by its number of the row."""
        return replace(
            self,
            faults=tuple(replace(fault, case=cases.get(fault.row, "")) for fault in self.faults),
            exposures=tuple(replace(one, case=cases.get(one.row, "")) for one in self.exposures),
        )


def hidden_by_table(cells: Sequence[HiddenCell]) -> dict[str, frozenset[Cell]]:
    """The hidden cells of each table."""
    found: dict[str, set[Cell]] = {}
    for cell in cells:
        found.setdefault(cell.table, set()).add((cell.insats, cell.category))
    return {name: frozenset(some) for name, some in found.items()}


def hidden_cells(counted: Sequence[Counted], neighbours: Sequence["Taken"], threshold: int) -> tuple[HiddenCell, ...]:
    """What must be hidden of a quarter, when these other quarters are published: nearest last."""
    found = suppress(counted, [one.published for one in neighbours], threshold)
    cells = [HiddenCell(name, insats, category) for name, hidden in found.items() for insats, category in hidden.cells]
    return tuple(sorted(cells, key=lambda cell: (cell.table, cell.insats, cell.category)))
