"""The report as tagged PDF (PDF/UA-1) by typst, which brings its own fonts and needs nothing of the system.

All texts go in as data (JSON), never as typst's markup, so there is nothing to escape: `templates/report.typ` sets them as they are.
"""

import json
from datetime import UTC, datetime, time
from importlib.resources import files
from typing import Any

import typst

from bot.report.drawing import svg
from bot.report.letters import FONTS, printable
from bot.report.parts import Bullets, Column, Facts, Heading, Outline, Paragraph, Part, Picture, Shape, Table, WaitList
from bot.report.show import cut, shown, waits_table


def pdf(outline: Outline) -> bytes:
    """The file. The same outline gives the same bytes."""
    found = {
        "title": outline.title,
        "author": outline.author,
        "subject": outline.subject,
        "sections": [{"wide": one.wide, "parts": [_part(part) for part in one.parts]} for one in outline.sections],
    }
    data = json.dumps(_printable(found), ensure_ascii=False)
    made: bytes = typst.compile(  # type: ignore[call-overload]  # its types know neither bytes beside a path nor a list of standards
        (files("bot.report") / "templates" / "report.typ").read_bytes(),
        format="pdf",
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards=["ua-1"],
        timestamp=datetime.combine(outline.made, time(), UTC),
    )
    return made


def _printable(value: Any) -> Any:
    """The texts in a value as the font can draw them: PDF/UA refuses a file with a letter that it lacks. Pictures stay as they are."""
    match value:
        case str():
            return value if value.startswith("<svg") else printable(value)
        case dict():
            return {key: _printable(one) for key, one in value.items()}
        case list() | tuple():
            return [_printable(one) for one in value]
    return value


def _part(part: Part) -> dict[str, Any]:
    match part:
        case Heading():
            return {"kind": "heading", "level": part.level, "text": part.text}
        case Paragraph():
            return {"kind": "paragraph", "label": part.label, "text": part.text}
        case Bullets():
            return {"kind": "bullets", "items": [(one.label, one.text) for one in part.items]}
        case Facts():
            return {"kind": "facts", "lines": part.lines}
        case Picture():
            return {"kind": "picture", "title": part.title, "alt": part.alt, "svg": svg(part.chart, part.key)}
        case WaitList():
            return _part(waits_table(part))
        case Table():
            rows, told = cut(part)
            shapes = [column.shape for column in part.columns]
            return {
                "kind": "table",
                "caption": f"{part.caption}. {told}" if told else part.caption,
                "total": part.total,
                "columns": [column.label for column in part.columns],
                "weights": _weights(part),
                "shapes": [_shape(column) for column in part.columns],
                "rows": [[shown(cell, shape) for cell, shape in zip(row, shapes, strict=True)] for row in rows],
            }


def _shape(column: Column) -> str:
    """What the page needs to know of a column."""
    if column.long:
        return "long"
    return column.shape.value if column.shape in (Shape.TEXT, Shape.DATE) else "number"


def _weights(table: Table) -> list[int]:
    """How wide the columns beside each other are, where all but the first hold figures: a header is folded between words, never within."""
    name = max(len(shown(row[0], table.columns[0].shape)) for row in table.rows) if table.rows else 0
    return [min(max(name, 8), 28), *(max(5, *map(len, column.label.split())) + 1 for column in table.columns[1:])]
