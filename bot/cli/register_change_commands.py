"""`ivobot register …`: changing the tracked decisions by hand."""

from typing import Annotated

import typer

from bot.cli import options
from bot.cli.register_commands import register

Case = Annotated[str, typer.Argument(metavar="CASE", help="The case number.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for the audit trail; no names.")]
Start = Annotated[str, typer.Option("--start", metavar="DATE", help="Which row, where the case has several.")]
WhichInsats = Annotated[str, typer.Option("--insats", metavar="9§10", help="Which row, where several have that start.")]
Text = Annotated[str | None, typer.Option(metavar="TEXT")]
Day = Annotated[str | None, typer.Option(metavar="DATE")]


@register.command("add")
def register_add(
    case: Case,
    insats: Annotated[str, typer.Argument(metavar="9§10", help="The insats.")],
    decision: Annotated[str | None, typer.Option(metavar="DATE", help="The decision date.")] = None,
    interruption: Annotated[str | None, typer.Option(metavar="DATE", help="The first day of the interruption, if it is one.")] = None,
    form: Annotated[str | None, typer.Option(metavar="FORM", help="A key or text of IVO's option list.")] = None,
    officer: Annotated[str | None, typer.Option(metavar="NAME", help="Address, name or signature.")] = None,
    unit: Text = None,
    provider: Text = None,
    external: Annotated[bool, typer.Option("--external")] = False,
    advance_ruling: Annotated[bool, typer.Option("--advance-ruling")] = False,
    sex: Text = None,
    partly_from: Day = None,
    cause: Text = None,
    protected: Annotated[bool, typer.Option("--protected")] = False,
    alias: Annotated[str | None, typer.Option(metavar="NAME", help="A protected person's fictitious name.")] = None,
    relative: Annotated[bool, typer.Option("--relative")] = False,
    judgment: Annotated[str | None, typer.Option(metavar="DATE", help="Ja, or the day the judgment became final.")] = None,
    previous: Annotated[str | None, typer.Option(metavar="CASE", help="The case that this decision follows.")] = None,
    valid_from: Day = None,
    why: Annotated[str | None, typer.Option("--why", metavar="TEXT", help="The reason, for the audit trail; no names.")] = None,
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """Track a decision or interruption that no register file has brought."""
    from bot.cli.register_change import Given, add

    said = {
        "case": case, "insats": insats, "decision": decision, "interruption": interruption, "form": form, "officer": officer, "unit": unit,
        "provider": provider, "external": "ja" if external else None, "advance_ruling": "ja" if advance_ruling else None, "sex": sex,
        "partly_from": partly_from, "cause": cause, "protected": "ja" if protected else None, "alias": alias,
        "relative": "ja" if relative else None, "judgment": judgment, "previous": previous, "valid_from": valid_from,
    }  # fmt: skip
    add(Given(options.given(config), now, why), {name: value for name, value in said.items() if value is not None})


@register.command("close")
def register_close(
    case: Case,
    outcome: Annotated[str, typer.Argument(metavar="executed|ended", help="How it was closed.")],
    on: Annotated[str, typer.Argument(metavar="DATE", help="The day of execution or ending.")],
    why: Why,
    start: Start = "",
    insats: WhichInsats = "",
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """Close a row by hand; no import opens it again."""
    from bot.cli.register_change import Given, close

    close(Given(options.given(config), now, why), case, outcome, on, start=start, insats=insats)


@register.command("reopen")
def register_reopen(
    case: Case, why: Why, start: Start = "", insats: WhichInsats = "", now: options.Now = "", config: options.Config = None
) -> None:
    """Open a closed row again: its marks go on as if it had never been closed, and nothing is sent twice."""
    from bot.cli.register_change import Given, reopen

    reopen(Given(options.given(config), now, why), case, start=start, insats=insats)


@register.command("correct")
def register_correct(
    case: Case,
    field: Annotated[str, typer.Argument(metavar="FIELD", help="start, insats, form, officer, unit, provider, external, alias …")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="What is right; an empty text takes the value away.")],
    why: Why,
    start: Start = "",
    insats: WhichInsats = "",
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """Put one field of a row right. A corrected start is a new start, with milestones of its own."""
    from bot.cli.register_change import Given, correct

    correct(Given(options.given(config), now, why), case, field, value, start=start, insats=insats)


@register.command("undo-import")
def register_undo_import(
    number: Annotated[int | None, typer.Option("--number", metavar="N", help="Which import (default: the newest).")] = None,
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """Undo the newest import whole; what people did since stays. Doing it twice changes nothing more."""
    from bot.cli.register_change import undo_import

    undo_import(options.given(config), number, now)
