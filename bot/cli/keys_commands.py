"""`ivobot keys …`: the secret keys behind every hash."""

import typer

from bot.cli import options
from bot.cli.app import app

keys = typer.Typer(help="The secret keys behind every hash.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(keys, name="keys")


@keys.callback()
def keys_group() -> None:
    """The secret keys behind every hash."""


@keys.command("rotate")
def keys_rotate(config: options.Config = None) -> None:
    """Make a new key; the older ones are tried too, until the register has been imported again."""
    from bot.cli.keys import rotate

    rotate(options.given(config))
