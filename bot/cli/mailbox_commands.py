"""`ivobot mailbox …`: the mailbox itself."""

from typing import Annotated

import typer

from bot.cli import options
from bot.cli.app import app

mailbox = typer.Typer(help="The mailbox on its server.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(mailbox, name="mailbox")


@mailbox.callback()
def mailbox_group() -> None:
    """The mailbox on its server."""


@mailbox.command("compare")
def mailbox_compare(
    other: Annotated[str, typer.Argument(metavar="KIND", help="The kind to compare with: maildir, imap, ews or graph.")] = "graph",
    config: options.Config = None,
) -> None:
    """What the configured kind and another see of the same mailbox, both described in [mailbox]; exit 1 when they differ."""
    from bot.cli.mailbox_compare import run

    raise typer.Exit(run(options.given(config), other))
