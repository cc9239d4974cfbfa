"""Reads a register file into entries, errors and warnings. Nothing of a cell stands in an error or a warning."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.register.columns import Columns, demand, recognise
from bot.register.grammar import names_with
from bot.register.rows import RowReader
from bot.register.table import Cell, Source, table
from bot.register.text import folded
from bot.register.values import GIRL_OR_WOMAN, text
from bot.register.words import words
from rules.former import Identity, identity
from rules.model import Entry
from rules.window import Quarter

TOO_WIDE = "Raden har fler celler än rubrikraden; ett skiljetecken står troligen i en text."
_NEEDED = ("case", "insats", "decision", "interruption")
_FIELDS = {"decision": ("decision_date",), "interruption": (), "law": (), "judgment": ("judgment", "judgment_final"), "insats": ("insats",)}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row was refused: its number in the file, the column's name there, and a plain Swedish sentence."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning; the row goes in, except with `not_lss` and `duplicate_row`. `code` is one word, such as executed_before_mark."""

    row: int
    code: str


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """A register file as read. Row numbers are those of a spreadsheet, from 1, the header's row counted.

    `told`: the fields of `Entry` that the file has a column for, a routine's date column as `dates.NAME`.
    `unread`: the cases of refused rows, which are not gone from the register.
    `sheet`: the sheet that was read, "" in CSV. `identities`: what identifies each entry, in the entries' order; all are different.
    """

    entries: tuple[tuple[int, Entry], ...]
    errors: tuple[Fault, ...]
    warnings: tuple[Notice, ...]
    ignored: tuple[str, ...]
    told: frozenset[str]
    unread: frozenset[str]
    identities: tuple[Identity, ...]
    sheet: str = ""

    @property
    def by_identity(self) -> dict[Identity, Entry]:
        """The entries by what identifies them."""
        return {which: entry for which, (_, entry) in zip(self.identities, self.entries, strict=True)}


def read(
    source: Source,
    *,
    today: date,
    hash_person: Callable[[str], str],
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    quarter: Quarter | None = None,
    officers: Collection[str] | None = None,
    names: Mapping[str, Iterable[str]] | None = None,
    dates: Mapping[str, str] | None = None,
) -> RegisterFile:
    """Reads CSV or XLSX by path or bytes.

    `today` judges years of two digits and days to come. `hash_person` makes a keyed hash of an identity number's normal form.
    `columns`: further headers → a column's name, or "" for one not to read. `quarter`: the list's, for closed_before_quarter.
    `officers`: names and signatures with a known address, for officer_without_address. `names`: insats → its further names.
    `dates`: the routine's date columns, name → header; they are known by `Entry.dates`.
    Raises RegisterError for a file that cannot be read as a whole, ConfigError for a column name in `columns` that does not exist, and for
    a header in `dates` that means something else.
    """
    own = columns or {}
    dated = dates or {}
    found = table(source, lambda cells: _score(cells, own, dated), sheet)
    known = recognise(found.header, own, dated)
    demand(known)
    rows = RowReader(
        known, today=today, hash_person=hash_person, quarter=quarter, officers=officers, names=names_with(names) if names else None
    )
    result = _Result(known)
    if known.unclear_start:
        result.warnings.append(Notice(found.number, "unclear_decision_date"))
    width = len(found.header)
    for number, cells in found.rows:
        if len(cells) > width and any(cells[width:]):
            result.errors.append(Fault(number, known.name("case"), TOO_WIDE))
            continue
        if cells == found.header:
            continue
        reading = rows.read(cells)
        if reading.entry is None and _footer(cells, known):
            continue
        result.errors += [Fault(number, known.name(name), reason) for name, reason in reading.faults]
        result.warnings += [Notice(number, code) for code in dict.fromkeys(reading.codes)]
        if reading.entry is not None:
            result.add(number, reading.entry)
        elif reading.case:
            result.unread.add(reading.case)
    return result.done(found.sheet)


class _Result:
    """What grows while the rows are read."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.entries: dict[Identity, tuple[int, Entry]] = {}
        self.errors: list[Fault] = []
        self.warnings: list[Notice] = []
        self.unread: set[str] = set()
        self.girls = False

    def add(self, number: int, entry: Entry) -> None:
        """Takes an entry; of two with the same case, insats, sort and start, the first."""
        key = identity(entry)
        if key in self.entries:
            self.warnings.append(Notice(number, "duplicate_row"))
            return
        self.entries[key] = (number, entry)
        self.girls = self.girls or entry.sex in ("boy", "girl", "woman")

    def done(self, sheet: str) -> RegisterFile:
        """The frozen result. An "F" is a girl in a column that writes K for women or P for boys, else a woman (female)."""
        sex = "girl" if self.girls else "woman"
        found = self.entries.values()
        entries = tuple((row, replace(entry, sex=sex) if entry.sex == GIRL_OR_WOMAN else entry) for row, entry in found)
        told = frozenset(name for field in self.columns.at for name in _FIELDS.get(field, (field,)))
        which = tuple(self.entries)
        return RegisterFile(
            entries, tuple(self.errors), tuple(self.warnings), self.columns.ignored, told, frozenset(self.unread), which, sheet
        )


def _score(cells: Sequence[Cell], columns: Mapping[str, str], dates: Mapping[str, str]) -> int:
    """How much a row is like a header: the columns it names, the needed ones twice."""
    if not any(isinstance(cell, str) for cell in cells):
        return 0
    at = recognise(cells, columns, dates).at
    return len(at) + sum(name in at for name in _NEEDED)


def _footer(cells: Sequence[Cell], columns: Columns) -> bool:
    """Whether a row is a line below the list (sum, source, date of printing) and no decision."""
    if any(text(cells[at]) for name, at in columns.at.items() if name in _NEEDED[2:] and at < len(cells)):
        return False
    first = next((text(cell) for cell in cells if cell != ""), "")
    return folded(first.partition(" ")[0]) in words().footer
