"""`ivobot quarantine …`, `outbox …` and `trace`: what an operator looks at and mends."""

from typing import Annotated

import typer

from bot.cli import options
from bot.cli.app import app

quarantine = typer.Typer(help="Letters that were set aside.", no_args_is_help=True, rich_markup_mode=None)
outbox = typer.Typer(help="Mails that are to be sent.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(quarantine, name="quarantine")
app.add_typer(outbox, name="outbox")

Letter = Annotated[int, typer.Argument(metavar="ID", help="The letter's number in the ledger.")]
Mail = Annotated[int, typer.Argument(metavar="ID", help="The mail's number in the outbox.")]


@quarantine.command("list")
def quarantine_list(json: options.Json = False, config: options.Config = None) -> None:
    """The letters in quarantine and why they are there."""
    from bot.cli.quarantine import listing

    listing(options.given(config), as_json=json)


@quarantine.command("show")
def quarantine_show(letter: Letter, json: options.Json = False, config: options.Config = None) -> None:
    """What the ledger knows of one letter; its text is never shown."""
    from bot.cli.quarantine import show

    show(options.given(config), letter, as_json=json)


@quarantine.command("retry")
def quarantine_retry(letter: Letter, now: options.Now = "", config: options.Config = None) -> None:
    """Put a letter that could not be read back into the inbox."""
    from bot.cli.quarantine import retry

    retry(options.given(config), letter, now)


@quarantine.command("drop")
def quarantine_drop(
    letter: Letter,
    yes: Annotated[bool, typer.Option("--yes", help="Yes, delete it.")] = False,
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """Move a letter to the mailbox's deleted items."""
    from bot.cli.quarantine import drop

    drop(options.given(config), letter, now, sure=yes)


@outbox.command("list")
def outbox_list(json: options.Json = False, config: options.Config = None) -> None:
    """Mails that wait, are being sent, or cannot be sent."""
    from bot.cli.outbox import show

    show(options.given(config), as_json=json)


@outbox.command("retry")
def outbox_retry(mail: Mail, config: options.Config = None) -> None:
    """Try a mail again at the next poll."""
    from bot.cli.outbox import retry

    retry(options.given(config), mail)


@outbox.command("cancel")
def outbox_cancel(mail: Mail, config: options.Config = None) -> None:
    """Never send a mail that waits or cannot be sent."""
    from bot.cli.outbox import cancel

    cancel(options.given(config), mail)


@app.command()
def trace(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The key in X-Ivobot, or the Message-ID.")],
    json: options.Json = False,
    config: options.Config = None,
) -> None:
    """Who got a mail, when, why, how often it was tried, and what caused it."""
    from bot.cli.outbox import trace as go

    go(options.given(config), key, as_json=json)
