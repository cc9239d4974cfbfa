"""`ivobot sheet` and `ivobot worklist …`: the reporter's work with IVO's e-service."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import options
from bot.cli.app import app

worklist = typer.Typer(help="What is to be reported to IVO.", invoke_without_command=True, rich_markup_mode=None)
app.add_typer(worklist, name="worklist")


@app.command()
def sheet(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case number, or a protected person's alias.")],
    format: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text (the default), html, json.")] = "text",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it there; else it is printed.")] = None,
    insats: Annotated[str, typer.Option("--insats", metavar="9§10", help="Only the row of this insats.")] = "",
    start: Annotated[str, typer.Option("--start", metavar="DATE", help="Only the row with this decision or interruption date.")] = "",
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """The fields of IVO's e-service in their order, filled from the letter and the register, with what is missing."""
    from bot.cli.sheet import run as go

    go(options.given(config), case, format, out, insats=insats, start=start, now=now)


@worklist.callback(invoke_without_command=True)
def worklist_show(ctx: typer.Context, json: options.Json = False, now: options.Now = "", config: options.Config = None) -> None:
    """IVO's open or next window as lists: new reports, follow-ups, final reports; what each lacks, and who works on it."""
    if ctx.invoked_subcommand is None:
        from bot.cli.worklist import show

        show(options.given(config), now, as_json=json)


@worklist.command("take")
def worklist_take(
    letter: Annotated[int, typer.Argument(metavar="ID", help="The report's letter, by its number in the list.")],
    who: Annotated[str, typer.Option("--who", metavar="NAME", help="Who works on it (default: the account that runs this).")] = "",
    release: Annotated[bool, typer.Option("--release", help="Nobody works on it any more.")] = False,
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """Say that you work on a report, so that no other does: until it is ticked off, or through the next workday."""
    from bot.cli.worklist import take

    take(options.given(config), letter, who, now, release=release)
