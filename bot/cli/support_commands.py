"""`ivobot support-bundle`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import options
from bot.cli.app import app


@app.command("support-bundle")
def support_bundle(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The ZIP file to write.")],
    lines: Annotated[int, typer.Option("--lines", help="So many of the log's last lines, where it is kept in a file.")] = 2000,
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """Write what a developer needs to help, without personal data, addresses and secrets."""
    from bot.cli.support import bundle

    bundle(options.given(config), file, lines, now)
