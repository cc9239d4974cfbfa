"""`ivobot report` and `ivobot quality`: the quarter's figures, and how well its reports came in."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import options
from bot.cli.app import app

QuarterName = Annotated[str, typer.Argument(metavar="2023Q4", help="The quarter.")]


@app.command()
def report(
    quarter: QuarterName,
    format: Annotated[str, typer.Option(metavar="FORMAT", help="json, xlsx, docx, html, pdf; several with commas.")] = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write files there (default: JSON to standard output).")] = None,
    readers: Annotated[str, typer.Option("--for", metavar="READER", help="fullmaktige (the default), revisorer, internal.")] = "",
    internal: Annotated[bool, typer.Option("--internal", help="--for internal: all figures, for the board's own use.")] = False,
    freeze: Annotated[bool, typer.Option("--freeze", help="Keep the quarter as it is reported; corrections show as changes.")] = False,
    input: Annotated[Path | None, typer.Option("--input", metavar="FILE", help="Ongoing totals, requests, analysis (TOML).")] = None,
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """The quarterly report on decisions that are not carried out."""
    from bot.cli.report import Wanted
    from bot.cli.report import run as go

    go(options.given(config), quarter, Wanted(format, readers, internal, out, input, freeze), now)


@app.command()
def quality(quarter: QuarterName, json: options.Json = False, now: options.Now = "", config: options.Config = None) -> None:
    """How well the reports of a quarter came in, by officer, unit and provider. For internal use."""
    from bot.cli.quality import run as go

    go(options.given(config), quarter, now, as_json=json)
