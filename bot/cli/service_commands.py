"""`ivobot service …`: the program as a service of the operating system."""

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import options
from bot.cli.app import app

service = typer.Typer(help="The program as a service of the operating system.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(service, name="service")

Windows = Annotated[
    bool, typer.Option("--windows/--systemd", help="A WinSW file for Windows, or a systemd unit (default: by this machine).")
]
User = Annotated[str, typer.Option("--user", metavar="NAME", help="The account that the service runs as (systemd).")]
Folder = Annotated[Path | None, typer.Option("--dir", metavar="DIR", help="Where the file goes (default: where the system looks).")]
ON_WINDOWS = os.name == "nt"


@service.command("install")
def service_install(windows: Windows = ON_WINDOWS, user: User = "ivobot", dir: Folder = None, config: options.Config = None) -> None:
    """Write the service's file, and say what is left to do."""
    from bot.cli.service import install

    install(options.given(config), user, dir, windows=windows)


@service.command("remove")
def service_remove(windows: Windows = ON_WINDOWS, dir: Folder = None, config: options.Config = None) -> None:
    """Take the service's file away, if it is ours, and say what is left to do."""
    from bot.cli.service import remove

    remove(options.given(config), dir, windows=windows)


@service.command("show")
def service_show(windows: Windows = ON_WINDOWS, user: User = "ivobot", config: options.Config = None) -> None:
    """Print the service's file."""
    from bot.cli.service import show

    show(options.given(config), user, windows=windows)
