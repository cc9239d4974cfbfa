"""The report as a workbook: real numbers and dates, a sheet for each table, and the text on the first."""

from collections.abc import Iterator
from io import BytesIO
from textwrap import wrap
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from bot.report.archive import timeless
from bot.report.parts import Bullets, Column, Facts, Heading, Outline, Paragraph, Part, Picture, Shape, Table, WaitList
from bot.report.show import shown, waits_rows
from bot.report.workbook_rows import defused, rows_xml

_FORMATS = {Shape.NUMBER: "#,##0", Shape.DATE: "yyyy\\-mm\\-dd", Shape.SHARE: "0.0%", Shape.KRONOR: '#,##0\\ "kr"', Shape.TEXT: "@"}
_BOLD, _TITLE = Font(name="Calibri", size=11, bold=True), Font(name="Calibri", size=14, bold=True)
_RULE = Border(bottom=Side(style="medium", color="0B4F8A"))
_PALE = PatternFill("solid", fgColor="EAF1F8")
_HEADING = Alignment(vertical="bottom")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_LONG = Alignment(horizontal="left", wrap_text=True, vertical="top", indent=1)
_HEAD = {
    "left": Alignment(horizontal="left", wrap_text=True, vertical="bottom", indent=1),
    "right": Alignment(horizontal="right", wrap_text=True, vertical="bottom"),
}
_AT = {"left": Alignment(horizontal="left", vertical="top", indent=1), "right": Alignment(horizontal="right", vertical="top")}
_LINE = 15.0  # points: the height of a line of 11 points


def workbook(outline: Outline) -> bytes:
    """The file. The same outline gives the same bytes."""
    made = Workbook(write_only=True)
    properties = made.properties
    properties.title, properties.subject, properties.creator = outline.title[:255], outline.subject[:255], outline.author[:255]
    properties.lastModifiedBy, properties.language = outline.author[:255], "sv-SE"
    _words(made, outline.parts)
    rows = {}
    for part in outline.parts:
        if isinstance(part, Table | WaitList):
            pieces = _sheet(made, part if isinstance(part, Table) else waits_rows(part))
            rows[f"xl/worksheets/sheet{len(made.worksheets)}.xml"] = pieces
    out = BytesIO()
    made.save(out)
    return timeless(out.getvalue(), outline.made, rows)


def _style(sheet: Any, column: Column, *, gap: bool, last: bool) -> int:
    """The number of a style. A number in a text's column stands as text does, and so does a gap in a number's column."""
    cell = WriteOnlyCell(sheet, None)
    if not gap:
        cell.number_format = _FORMATS[column.shape]
    if gap or column.shape in (Shape.TEXT, Shape.DATE):
        cell.alignment = _LONG if column.long else _AT[_side(column.shape)]
    if last:
        cell.font, cell.fill = _BOLD, _PALE
    return int(cell.style_id)


def _side(shape: Shape) -> str:
    return "left" if shape in (Shape.TEXT, Shape.DATE) else "right"


def _new(made: Any, name: str) -> Any:
    sheet = made.create_sheet(name[:31])
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "Sida &P av &N"
    return sheet


def _words(made: Any, parts: tuple[Part, ...]) -> None:
    """The first sheet: all that is not a table, and where each table stands."""
    sheet = _new(made, "Om rapporten")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 110
    for n, (label, text, font) in enumerate((line for part in parts for line in _lines(part)), 1):
        cells = [WriteOnlyCell(sheet, defused(words)) for words in (label, text)]
        for cell in cells:
            cell.alignment = _WRAPPED
        if font:
            sheet.row_dimensions[n].height = _LINE * 1.8
            cells[0].font, cells[0].alignment = font, _HEADING
        sheet.append(cells)


def _lines(part: Part) -> Iterator[tuple[str, str, Font | None]]:
    """A part as lines: label, text, and the letters of a heading."""
    match part:
        case Heading():
            yield part.text, "", _TITLE if part.level == 1 else _BOLD
        case Paragraph():
            yield part.label, part.text, None
        case Bullets():
            yield from ((item.label, item.text, None) for item in part.items)
        case Facts():
            yield from ((label, value, None) for label, value in part.lines)
        case Table() | WaitList():
            yield "", f"Se bladet {part.sheet}.", None
        case Picture():
            return


def _sheet(made: Any, table: Table) -> Iterator[bytes]:
    """A sheet with caption and header, which is frozen and repeats in print; gives the rows that belong below it."""
    sheet = _new(made, table.sheet)
    widths = [_width(table, n, column) for n, column in enumerate(table.columns)]
    for n, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    lines = max(len(wrap(column.label, max(int(width) - 2, 4))) for column, width in zip(table.columns, widths, strict=True))
    sheet.row_dimensions[2].height = _LINE * lines  # only Excel itself makes room for a header that is folded
    sheet.freeze_panes = "B3"
    sheet.print_title_rows = "2:2"
    caption = WriteOnlyCell(sheet, defused(table.caption))
    caption.font = _BOLD
    sheet.append([caption])
    heads = [WriteOnlyCell(sheet, defused(column.label)) for column in table.columns]
    for cell, column in zip(heads, table.columns, strict=True):
        cell.font, cell.border, cell.alignment = _BOLD, _RULE, _HEAD[_side(column.shape)]
    sheet.append(heads)
    styles, last = (
        [(_style(sheet, column, gap=False, last=end), _style(sheet, column, gap=True, last=end)) for column in table.columns]
        for end in (False, table.total)
    )
    return rows_xml(table.rows, 3, [column.shape for column in table.columns], styles, last)


def _width(table: Table, n: int, column: Column) -> float:
    """Characters: as wide as its values, a header may take two lines."""
    longest = max((len(shown(row[n], column.shape)) for row in table.rows[:500]), default=0)
    words = max(map(len, column.label.split()))
    return float(min(max(longest, words, len(column.label) // 2, 8) + 2, 90 if column.long else 45))
