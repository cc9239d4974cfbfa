"""How values are written in Swedish, for the formats that hold text and not numbers."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from bot.report.parts import Cell, Column, Gap, Shape, Table, WaitList

NO_BREAK = "\N{NO-BREAK SPACE}"
ROWS = 1000
"""So many rows of a table stand in a document; a workbook has them all."""


def number(value: int) -> str:
    """ "12 345" with no-break spaces, "−3"."""
    return f"{value:,}".replace(",", NO_BREAK).replace("-", "\N{MINUS SIGN}")


def shown(value: Cell, shape: Shape) -> str:
    """A cell as text: "8,4 %", "15 000 kr", "2026-04-15", ".." where it is suppressed, "–" where there is none."""
    match value:
        case Gap():
            return value.value
        case date():
            return value.isoformat()
        case str():
            return value
    match shape:
        case Shape.SHARE:
            return f"{number(value // 10)},{value % 10}{NO_BREAK}%"
        case Shape.KRONOR:
            return f"{number(value)}{NO_BREAK}kr"
        case _:
            return number(value)


def lengths(days: Iterable[int]) -> list[tuple[int, int]]:
    """Sorted waits as (days, how many)."""
    return [(value, sum(1 for _ in same)) for value, same in groupby(days)]


def waits_text(days: Iterable[int]) -> str:
    """Sorted waits as text: "91, 120 (3 st), 400"."""
    return ", ".join(number(value) if many == 1 else f"{number(value)} ({number(many)}{NO_BREAK}st)" for value, many in lengths(days))


def waits_table(part: WaitList) -> Table:
    """The waits as a document shows them: a line for each insats."""
    columns = (Column("Insats", Shape.TEXT), Column("Dagar som var och en har väntat, kortast först", Shape.TEXT, long=True))
    return Table(part.key, part.sheet, part.caption, columns, tuple((name, waits_text(days)) for name, days in part.lines))


def waits_rows(part: WaitList) -> Table:
    """The waits as a workbook holds them: a row for each length."""
    columns = (Column("Insats", Shape.TEXT), Column("Dagar"), Column("Antal"))
    rows = tuple((name, days, many) for name, all_days in part.lines for days, many in lengths(all_days))
    return Table(part.key, part.sheet, part.caption, columns, rows)


def cut(table: Table) -> tuple[tuple[tuple[Cell, ...], ...], str]:
    """The rows that a document shows, and the sentence that tells when these are not all."""
    if len(table.rows) <= ROWS:
        return table.rows, ""
    told = f"Här visas de {number(ROWS)} första av {number(len(table.rows))} rader. Alla rader finns i rapportens Excel-fil."
    return (*table.rows[: ROWS - 1], table.rows[-1]) if table.total else table.rows[:ROWS], told
