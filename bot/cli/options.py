"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="The configuration (default: ./config.toml, then ./config.example.toml).")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Now = Annotated[str, typer.Option("--now", metavar="ISO", help="Set the clock; only for trying things out, see the manual.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show a traceback when something fails.")]


class Given:
    """Options that may stand before the command as well as after it."""

    config: Path | None = None
    debug: bool = False


def given(config: Path | None) -> Path | None:
    """The configuration named after the command, else the one named before it."""
    return config or Given.config
