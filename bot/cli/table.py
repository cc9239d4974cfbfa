"""Tables for people. On a terminal they are as wide as it is; in a pipe nothing is cut off."""

import sys
from collections.abc import Iterable, Sequence


def show(head: Sequence[str], body: Iterable[Sequence[str]], title: str = "") -> None:
    """Prints a table with one line a row. Cells are plain text: nothing in them is markup."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    for name in head:
        table.add_column(name, overflow="fold")
    for row in body:
        table.add_row(*(Text(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else 200).print(table)
