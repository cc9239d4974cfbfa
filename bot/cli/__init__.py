"""The commands. Each is declared here and done in a module of its own, imported when it is called: `--help` costs next to nothing."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.cli import options

app = typer.Typer(
    name="ivobot",
    help="Reads the mailbox IVO-rapportör LSS, answers, reminds, and tells the reporter what is left.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
register = typer.Typer(help="The tracked decisions.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(register, name="register")
letters = typer.Typer(help="The ledger of letters.", invoke_without_command=True, rich_markup_mode=None)
app.add_typer(letters, name="letters")


class Given:
    """Options that may stand before the command as well as after it."""

    config: Path | None = None
    debug: bool = False


def main() -> NoReturn:
    """Runs a command. Exit 0: done; 1: work failed; 2: usage or configuration; 3: mailbox or database out of reach."""
    from bot.errors import BotError

    try:
        app()
    except BotError as error:
        if Given.debug:
            raise
        print(error, file=sys.stderr)
        sys.exit(error.code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        if Given.debug:
            raise
        print(f"The operating system refused a step ({error.strerror or type(error).__name__}); see to disk and rights.", file=sys.stderr)
        sys.exit(1)
    except Exception as error:
        if Given.debug:
            raise
        print(
            f"Something went wrong in ivobot itself ({type(error).__name__}); run again with --debug and tell the developers.",
            file=sys.stderr,
        )
        sys.exit(1)
    sys.exit(0)


@app.callback()
def common(config: options.Config = None, debug: options.Debug = False) -> None:
    """Options of every command."""
    Given.config = config
    Given.debug = debug


def _given(config: Path | None) -> Path | None:
    return config or Given.config


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
    from bot.cli.run import run as go

    go(_given(config), once=once, now=now)


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

    raise typer.Exit(take_file(_given(config), file, dry_run=dry_run, force=force, sheet=sheet, quarter=quarter, as_json=json, now=now))


@register.command("list")
def register_list(
    open_only: Annotated[bool, typer.Option("--open", help="Only open rows.")] = False,
    insats: Annotated[str, typer.Option(metavar="9§10", help="Only this insats.")] = "",
    json: options.Json = False,
    config: options.Config = None,
) -> None:
    """List the tracked decisions and interruptions."""
    from bot.cli.register import show_list

    show_list(_given(config), open_only=open_only, insats=insats, as_json=json)


@app.command()
def simulate(
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First day.")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day.")],
    json: options.Json = False,
    config: options.Config = None,
) -> None:
    """Every mail that the register would cause; nothing is sent, nothing changed."""
    from bot.cli.foresee import simulate as go

    go(_given(config), first, last, as_json=json)


@app.command()
def explain(case: Annotated[str, typer.Argument(help="The case number.")], now: options.Now = "", config: options.Config = None) -> None:
    """Each coming date of a case, and why it is that date."""
    from bot.cli.foresee import explain as go

    go(_given(config), case, now)


@app.command()
def report(
    quarter: Annotated[str, typer.Argument(metavar="2023Q4", help="The quarter.")],
    format: Annotated[str, typer.Option(metavar="FORMAT", help="json.")] = "json",
    internal: Annotated[bool, typer.Option("--internal", help="All figures, for the board's own use.")] = False,
    config: options.Config = None,
) -> None:
    """The figures of a quarter. So far as JSON and with all figures, for internal use."""
    from bot.cli.report import run as go

    go(_given(config), quarter, format, internal=internal)


@app.command()
def digest(
    printing: Annotated[bool, typer.Option("--print", help="Only print it; printing is not sending (the default).")] = True,
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """The digest as it would be now."""
    from bot.cli.look import digest as go

    go(_given(config), now)


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

        show(_given(config), folder, as_json=json)


@letters.command("settle")
def letters_settle(
    letter: Annotated[int, typer.Argument(metavar="ID", help="The letter's number in the ledger.")],
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case that it is about.")],
    now: options.Now = "",
    config: options.Config = None,
) -> None:
    """Say which row an unclear letter belongs to."""
    from bot.cli.letters import settle

    settle(_given(config), letter, case, now)


@app.command()
def mails(
    name: Annotated[str, typer.Argument(help="One mail's name (default: all).")] = "",
    html: Annotated[bool, typer.Option("--html", help="Print the HTML part.")] = False,
    config: options.Config = None,
) -> None:
    """Every mail that the bot can send, rendered with sample data."""
    from bot.cli.look import mails as go

    go(name, html=html)


@app.command()
def check(
    offline: Annotated[bool, typer.Option("--offline", help="Without asking the mailbox.")] = False,
    config: options.Config = None,
) -> None:
    """Check configuration, templates, data, calendar, database and mailbox; one line each, with the mend. Exit 1 when one fails."""
    from bot.cli.check import run as go

    raise typer.Exit(go(_given(config), offline=offline))


@app.command()
def status(json: options.Json = False, now: options.Now = "", config: options.Config = None) -> None:
    """Last poll, last send, what waits, the mail balance, problems."""
    from bot.cli.look import status as go

    go(_given(config), now, as_json=json)
