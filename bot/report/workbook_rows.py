"""A sheet's rows as Excel's own XML: openpyxl makes an object of each cell, which takes over a minute for a hundred thousand rows."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from bot.report.parts import Cell, Gap, Shape

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_000  # characters that a cell takes, a little less than Excel's 32 767
_PART = 500  # rows in one piece
_DAY_0 = date(1899, 12, 30).toordinal()  # Excel counts days from here, as far as any day of ours is concerned
_HIDDEN_TOLD = f"{Gap.HIDDEN.value} betyder att antalet är dolt. Varför står på bladet Om rapporten."

Styles = Sequence[tuple[int, int]]
"""Of each column, the numbers of the styles that its values and its gaps have."""


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula, not even when the sheet is saved as CSV and opened again.

    A dash that opens a line of a list becomes –; before anything else stands an apostrophe. Source: OWASP, CSV Injection.
    """
    if re.match(r"- ", text):
        text = f"–{text[1:]}"
    return (f"'{text}" if text.startswith(_DANGEROUS) else text)[:_LONGEST]


def rows_xml(rows: Sequence[Sequence[Cell]], first: int, shapes: Sequence[Shape], styles: Styles, last: Styles) -> Iterator[bytes]:
    """The rows from number `first` on, in pieces. last: the styles of the last row. Below the rows it is told if a value is hidden."""
    columns = [get_column_letter(n) for n in range(1, len(shapes) + 1)]
    hidden = False
    for start in range(0, len(rows), _PART):
        piece = []
        for n, row in enumerate(rows[start : start + _PART], start):
            of = last if n == len(rows) - 1 else styles
            place = str(first + n)
            cells = [_cell(c + place, value, shape, style) for c, value, shape, style in zip(columns, row, shapes, of, strict=True)]
            piece.append(f'<row r="{place}">{"".join(cells)}</row>')
            hidden = hidden or Gap.HIDDEN in row
        yield "".join(piece).encode()
    if hidden:
        below = first + len(rows) + 1
        yield f'<row r="{below}">{_text(f"A{below}", _HIDDEN_TOLD, 0)}</row>'.encode()


def _cell(place: str, value: Cell, shape: Shape, style: tuple[int, int]) -> str:
    """A number or a date as a number, all else as text."""
    if isinstance(value, int):
        return f'<c r="{place}" s="{style[0]}"><v>{value / 1000 if shape is Shape.SHARE else value}</v></c>'
    if isinstance(value, str):
        return _text(place, defused(value), style[0])
    if isinstance(value, Gap):
        return _text(place, value.value, style[1])
    return f'<c r="{place}" s="{style[0]}"><v>{value.toordinal() - _DAY_0}</v></c>'


def _text(place: str, text: str, style: int) -> str:
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
