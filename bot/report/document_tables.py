"""A table as Word's own XML: python-docx builds tables cell by cell, which takes minutes for a list of a thousand rows."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from bot.report.parts import Cell, Column, Shape, Table
from bot.report.show import shown

_PAPER = {False: 9638, True: 14570}  # between the margins of an A4 page, standing and lying, in twentieths of a point
_RULE = '<w:bottom w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'
_SHORT = 20  # so many rows stay together on a page: their total is not to be read alone
_LONG = 1500  # letters in a cell: a row that holds more may be split between pages
_MARGINS = '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'


def table_xml(table: Table, rows: Sequence[Sequence[Cell]], namespaces: str) -> str:
    """The element. The first row is a header that repeats on each page; no row is split between pages unless it holds a long list."""
    return "".join(_pieces(table, rows, namespaces))


def _pieces(table: Table, rows: Sequence[Sequence[Cell]], namespaces: str) -> Iterator[str]:
    widths = _widths(table, rows)
    small = 14 if len(table.columns) > 9 else 16 if len(table.columns) > 6 else 18  # half points
    yield f"<w:tbl {namespaces}><w:tblPr>"
    yield f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>{_MARGINS}'
    yield f'<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="{int(table.total)}" w:firstColumn="1" w:lastColumn="0" w:noVBand="1"/>'
    yield f"<w:tblCaption w:val={quoteattr(table.caption)}/></w:tblPr><w:tblGrid>"
    yield from (f'<w:gridCol w:w="{width}"/>' for width in widths)
    yield "</w:tblGrid>"
    together = len(rows) <= _SHORT and not any(column.long for column in table.columns)
    heads = [column.label for column in table.columns]
    yield from _row(heads, table.columns, widths, small, rule=_RULE.format(size=12, colour="0B4F8A"), head=True, bold=True, keep=True)
    thin = _RULE.format(size=4, colour="C8C8C8")
    for n, row in enumerate(rows, 1):
        words = [shown(cell, column.shape) for cell, column in zip(row, table.columns, strict=True)]
        last = n == len(rows)
        yield from _row(words, table.columns, widths, small, rule=thin, bold=table.total and last, keep=together and not last)
    yield "</w:tbl>"


def _row(
    words: Sequence[str],
    columns: Sequence[Column],
    widths: Sequence[int],
    size: int,
    *,
    rule: str,
    bold: bool,
    keep: bool,
    head: bool = False,
) -> Iterator[str]:
    """A row. size: of its letters, in half points. keep: on one page with the next row."""
    yield "<w:tr><w:trPr>" + ("" if max(map(len, words)) > _LONG else "<w:cantSplit/>") + ("<w:tblHeader/>" if head else "") + "</w:trPr>"
    stay = "<w:keepNext/>" if keep else ""
    weight = "<w:b/>" if bold else ""
    fill = '<w:shd w:val="clear" w:color="auto" w:fill="EAF1F8"/>' if bold and not head else ""
    place = '<w:vAlign w:val="bottom"/>' if head else ""
    for text, column, width in zip(words, columns, widths, strict=True):
        side = "left" if column.shape in (Shape.TEXT, Shape.DATE) else "right"
        yield (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:tcBorders>{rule}</w:tcBorders>{fill}{place}</w:tcPr>'
            f'<w:p><w:pPr>{stay}<w:spacing w:before="30" w:after="30"/><w:jc w:val="{side}"/></w:pPr>'
            f'<w:r><w:rPr>{weight}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
            f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
        )
    yield "</w:tr>"


def _widths(table: Table, rows: Sequence[Sequence[Cell]]) -> list[int]:
    """The columns' widths, together as wide as the page.

    Beside figures, the name gets what its longest text needs and a header is folded; in a list, each column by its longest word and a part
    of its longest text.
    """
    figures = all(column.shape in (Shape.NUMBER, Shape.SHARE, Shape.KRONOR) for column in table.columns[1:])
    wanted = []
    for n, column in enumerate(table.columns):
        texts = [column.label, *(shown(row[n], column.shape) for row in rows[:200])]
        word = min(max((len(piece) for text in texts for piece in text.split(" ")), default=1), 19) + 1
        whole = max(map(len, texts))
        if figures:
            wanted.append(float(min(whole, 34) if n == 0 else max(word, 7)))
        else:
            wanted.append(max(word, 5) + min(max(whole - word, 0), 90 if column.long else 24) * 0.45)
    room = _PAPER[table.wide]
    return [int(room * one / sum(wanted)) for one in wanted]
