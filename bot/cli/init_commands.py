"""`ivobot init`: setting up."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import options
from bot.cli.app import app


@app.command()
def init(
    dir: Annotated[
        Path | None, typer.Option("--dir", metavar="DIR", help="Where config.toml and the secrets' files go (default: here).")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option("--answers", metavar="FILE", help="Take the answers from a TOML file, without asking.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="The file to write (default: config.toml in --dir).")
    ] = None,
) -> None:
    """Ask for what a unit of your own needs, try each answer, write a commented configuration in mode dry, and check it."""
    from bot.cli.init import run as go

    raise typer.Exit(go(options.given(config), dir, answers))
