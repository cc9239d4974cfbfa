"""Commands at the top: `ivobot NAME`. Each is done in a module of its own, imported when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import options
from bot.cli.app import app


@app.command()
def title(
    titles: Annotated[list[str] | None, typer.Argument(help="Titles; without any, one a line from standard input.")] = None,
    today: Annotated[str, typer.Option(metavar="DATE", help="The day on which they are read (default: today).")] = "",
    json: options.Json = False,
    config: options.Config = None,
) -> None:
    """Read titles and tell what is wrong with them; exit 1 when one is rejected."""
    from bot.cli.title import run

    raise typer.Exit(run(titles, today, as_json=json))


@app.command()
def run(
    once: Annotated[bool, typer.Option("--once", help="Do everything that is due, once, then stop.")] = False,
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """The service: poll, remind, digest, deliver. Stops cleanly on SIGTERM."""
    from bot.stop import heed_signals

    stop = heed_signals()
    from bot.cli.run import run as go

    go(options.given(config), stop, once=once, now=now)


@app.command()
def demo(
    dir: Annotated[
        Path | None, typer.Option("--dir", metavar="DIR", help="Where to put it (default: a new folder ivobot-demo here).")
    ] = None,
    config: options.Config = None,
) -> None:
    """Fill an empty mailbox and register with invented data, do the main job and show what came of it."""
    from bot.cli.demo import run as go

    go(dir)


@app.command()
def simulate(
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First day.")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day.")],
    json: options.Json = False,
    ics: Annotated[Path | None, typer.Option("--ics", metavar="FILE", help="Write a calendar file besides.")] = None,
    eml: Annotated[Path | None, typer.Option("--eml", metavar="DIR", help="Write each mail as it would be into a new folder.")] = None,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="FILE", help="Tell what differs from a former --json instead of the calendar.")
    ] = None,
    config: options.Config = None,
) -> None:
    """Every mail that the register would cause; nothing is sent, nothing changed."""
    from bot.cli.simulate import Wanted
    from bot.cli.simulate import run as go

    go(options.given(config), first, last, Wanted(json, ics, eml, against))


@app.command()
def explain(case: Annotated[str, typer.Argument(help="The case number.")], now: options.Now = "", config: options.Config = None) -> None:
    """Each coming date of a case: why it is that date, by which law and setting, and who gets the mail."""
    from bot.cli.explain import run as go

    go(options.given(config), case, now)


@app.command()
def digest(
    printing: Annotated[bool, typer.Option("--print", help="Only print it; printing is not sending (the default).")] = True,
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """The digest as it would be now."""
    from bot.cli.look import digest as go

    go(options.given(config), now)


@app.command()
def mails(
    name: Annotated[str, typer.Argument(help="One mail's name (default: all); or body: the template of a report's text.")] = "",
    html: Annotated[bool, typer.Option("--html", help="Print the HTML part.")] = False,
    insats: Annotated[str, typer.Option("--insats", metavar="9§10", help="With body: the insats (default: a gap).")] = "",
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="With body: who reports: officer, unit or provider.")] = "officer",
    final: Annotated[str, typer.Option("--final", metavar="OUTCOME", help="With body: of a final report, executed or ended.")] = "",
    choices: Annotated[bool, typer.Option("--choices", help="With body: IVO's reasons and causes besides.")] = False,
    config: options.Config = None,
) -> None:
    """Every mail that the bot can send, rendered with sample data; `mails body`: the text of a report, to be filled in."""
    if name == "body":
        from bot.cli.look import blank

        blank(insats, role, final, choices=choices)
        return
    from bot.cli.look import mails as go

    go(name, html=html)


@app.command()
def check(
    offline: Annotated[bool, typer.Option("--offline", help="Without asking the mailbox.")] = False,
    roundtrip: Annotated[bool, typer.Option("--roundtrip", help="Send the mailbox a letter and see what comes back.")] = False,
    config: options.Config = None,
) -> None:
    """Check configuration, templates, data, calendar, database and mailbox; one line each, with the mend. Exit 1 when one fails."""
    from bot.cli.check import run as go

    raise typer.Exit(go(options.given(config), offline=offline, trip=roundtrip))


@app.command()
def status(json: options.Json = False, now: options.Now = "", config: options.Config = None) -> None:
    """Last poll, last send, what waits, the mail balance, problems."""
    from bot.cli.look import status as go

    go(options.given(config), now, as_json=json)
