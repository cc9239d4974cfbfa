"""`ivobot prune`: gallring by hand."""

from typing import Annotated

import typer

from bot.cli import options
from bot.cli.app import app


@app.command()
def prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would go.")] = False,
    json: options.Json = False,
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """Delete and anonymise what [prune] lets go by now; the service does so once a day by itself."""
    from bot.stop import heed_signals

    stop = heed_signals()
    from bot.cli.prune import run as go

    go(options.given(config), stop, now, dry_run=dry_run, as_json=json)
