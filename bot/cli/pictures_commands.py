"""`ivobot picture …`: the year wheel, and the line of a case."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import options
from bot.cli.app import app


@app.command()
def picture(
    case: Annotated[str, typer.Argument(help="The case number; or the word year, with the year after it.")],
    year: Annotated[str, typer.Argument(metavar="[2026]", help="The year of the wheel.")] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it there (.svg: the picture alone); else it is printed as HTML.")
    ] = None,
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """The days of a case on a line, or `picture year 2026`: IVO's windows, marks and milestones of all open decisions round the year."""
    from bot.cli.pictures import of_case, of_year

    if case == "year" and year:
        of_year(options.given(config), year, out, now)
    elif year:
        raise typer.BadParameter("give one case, or the word year with a year", param_hint="CASE")
    else:
        of_case(options.given(config), case, out, now)
