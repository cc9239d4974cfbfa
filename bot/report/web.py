"""What every HTML page of ours is made with: the templates, the style sheet, and tables."""

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.report.parts import Column, Shape, Table
from bot.report.show import cut, shown


@cache
def environment() -> Environment:
    """Everything is escaped; a value that is missing is an error."""
    return Environment(
        loader=PackageLoader("bot.report", "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        keep_trailing_newline=True,
    )


def style() -> Markup:
    """The style sheet of every page."""
    return Markup((files("bot.report") / "templates" / "report.css").read_text("utf-8").strip())


def grid(table: Table) -> dict[str, Any]:
    """What the template of a table needs."""
    rows, told = cut(table)
    shapes = [column.shape for column in table.columns]
    cells = [[shown(cell, shape) for cell, shape in zip(row, shapes, strict=True)] for row in rows]
    return {"of": table, "rows": cells, "cut": told, "classes": [_class(column) for column in table.columns]}


def _class(column: Column) -> Markup:
    name = {Shape.TEXT: "l" if column.long else "", Shape.DATE: "d"}.get(column.shape, "n")
    return Markup(f' class="{name}"') if name else Markup("")
