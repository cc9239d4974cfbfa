"""What a document is made of, whatever its format: headings, paragraphs, lists, tables and pictures, all in the order of reading.

Every text is Swedish, free of control characters (`bot.report.clean`), and is text only: no format may read markup in it.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum

from bot.report.charts import Chart


class Gap(Enum):
    """Why a cell has no value: it is suppressed, or there is none."""

    HIDDEN = ".."
    NONE = "–"


class Shape(StrEnum):
    """How the values of a column are written. Shares are tenths of a percent, amounts whole kronor."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    SHARE = "share"
    KRONOR = "kronor"


Cell = str | int | date | Gap


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its header. `long`: holds sentences, and gets the room that the others leave."""

    label: str
    shape: Shape = Shape.NUMBER
    long: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the document's title, and no level is left out. `anchor`: its name within the document."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `label` is set in front of it in bold."""

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; an item with a label has it in front in bold."""

    items: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values, at the top of the document."""

    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of data. The first column names the row; with `total` the last row is the sum of the others, or the present one of a series.

    `key`: unique in the document. `sheet`: its sheet's name in a workbook, at most 31 letters. `wide`: needs the page's long side.
    """

    key: str
    sheet: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class WaitList:
    """Every single wait: (insats, sorted days) a line. Text in a document, a row for each length in a workbook."""

    key: str
    sheet: str
    caption: str
    lines: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart. `alt` tells all that it shows, so that nobody needs to see it."""

    key: str
    title: str
    alt: str
    chart: Chart


Part = Heading | Paragraph | Bullets | Facts | Table | WaitList | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading of level 2. `wide`: on pages that lie, because one of its tables needs them."""

    wide: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole document. `made` is the day that its properties carry; no clock is asked."""

    title: str
    subject: str
    author: str
    made: date
    parts: tuple[Part, ...]

    @property
    def sections(self) -> tuple[Section, ...]:
        """The parts by their headings of level 2; what comes before the first of them is a section of its own."""
        found: list[list[Part]] = [[]]
        for part in self.parts:
            if isinstance(part, Heading) and part.level == 2 and found[-1]:
                found.append([])
            found[-1].append(part)
        return tuple(Section(any(isinstance(part, Table) and part.wide for part in some), tuple(some)) for some in found)
