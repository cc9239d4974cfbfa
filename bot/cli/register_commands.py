"""`ivobot register …`: the tracked decisions."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import options
from bot.cli.app import app

register = typer.Typer(help="The tracked decisions.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(register, name="register")


@register.command("import")
def register_import(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Also when much of the register would vanish or change date.")] = False,
    sheet: Annotated[str | None, typer.Option(metavar="NAME", help="Which sheet (default: the one with the headers).")] = None,
    quarter: Annotated[str, typer.Option(metavar="2023Q4", help="The quarter that the list names.")] = "",
    json: options.Json = False,
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """Take a register file in; a second run of the same file changes nothing. Exit 1 when a row was refused."""
    from bot.cli.register import take_file

    raise typer.Exit(
        take_file(options.given(config), file, dry_run=dry_run, force=force, sheet=sheet, quarter=quarter, as_json=json, now=now)
    )


@register.command("list")
def register_list(
    open_only: Annotated[bool, typer.Option("--open", help="Only open rows.")] = False,
    insats: Annotated[str, typer.Option(metavar="9§10", help="Only this insats.")] = "",
    officer: Annotated[str, typer.Option(metavar="NAME", help="Only this officer's, by address or as the register writes it.")] = "",
    unit: Annotated[str, typer.Option(metavar="NAME", help="Only this unit's, as the register writes it.")] = "",
    due_within: Annotated[
        int | None, typer.Option("--due-within", metavar="DAYS", help="Only open rows whose next mark is so near.")
    ] = None,
    sort: Annotated[str, typer.Option(metavar="BY", help="start, case, mark (the next one) or officer.")] = "start",
    json: options.Json = False,
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """List the tracked decisions and interruptions."""
    from bot.cli.register_list import Wanted, run

    run(options.given(config), Wanted(open_only, insats, officer, unit, due_within, sort), now, as_json=json)


@register.command("show")
def register_show(
    case: Annotated[str, typer.Argument(help="The case number, or the alias.")],
    json: options.Json = False,
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """All that is known of a case: its rows, reports, milestones, letters and history."""
    from bot.cli.register_show import run

    run(options.given(config), case, now, as_json=json)
