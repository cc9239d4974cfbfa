"""`ivobot backup`, `restore` and `db …`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import options
from bot.cli.app import app

db = typer.Typer(help="The database's schema.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(db, name="db")

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")]


@app.command()
def backup(file: File, now: options.Now = "", config: options.Config = None) -> None:
    """Write the database and the keys to a sealed file, also while the service runs."""
    from bot.cli.backup import backup as go

    go(options.given(config), file, now)


@app.command()
def restore(
    file: File,
    force: Annotated[bool, typer.Option("--force", help="Set aside what is there.")] = False,
    config: options.Config = None,
) -> None:
    """Put a backup in place of the database and the keys; the service must be stopped."""
    from bot.cli.backup import restore as go

    go(options.given(config), file, force=force)


@db.command("upgrade")
def db_upgrade(config: options.Config = None) -> None:
    """Bring the database to this version's schema."""
    from bot.cli.backup import upgrade

    upgrade(options.given(config))


@db.command("current")
def db_current(config: options.Config = None) -> None:
    """The schema of the database, and of this version."""
    from bot.cli.backup import current

    current(options.given(config))
