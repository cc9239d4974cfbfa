"""The command line itself, and the options that every command shares."""

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


@app.callback()
def common(config: options.Config = None, debug: options.Debug = False) -> None:
    """Options of every command."""
    options.Given.config = config
    options.Given.debug = debug
