"""`ivobot letters …`: the ledger of letters."""

from typing import Annotated

import typer

from bot.cli import options
from bot.cli.app import app

letters = typer.Typer(help="The ledger of letters.", invoke_without_command=True, rich_markup_mode=None)
app.add_typer(letters, name="letters")


@letters.callback(invoke_without_command=True)
def letters_list(
    ctx: typer.Context,
    folder: Annotated[str, typer.Option(metavar="F", help="Only letters of this folder.")] = "",
    json: options.Json = False,
    config: options.Config = None,
) -> None:
    """The ledger: every letter, how it was read, where it is and why."""
    if ctx.invoked_subcommand is None:
        from bot.cli.letters import show

        show(options.given(config), folder, as_json=json)


@letters.command("settle")
def letters_settle(
    letter: Annotated[int, typer.Argument(metavar="ID", help="The letter's number in the ledger.")],
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case that it is about.")],
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """Say which row an unclear letter belongs to."""
    from bot.cli.letters import settle

    settle(options.given(config), letter, case, now)
