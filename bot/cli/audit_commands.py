"""`ivobot audit …`: the audit trail."""

import typer

from bot.cli import options
from bot.cli.app import app

audit = typer.Typer(help="The audit trail of the register.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(audit, name="audit")


@audit.callback()
def audit_group() -> None:
    """The audit trail of the register."""


@audit.command("verify")
def audit_verify(config: options.Config = None) -> None:
    """See whether an entry was changed, dropped or cut off; exit 1 with the first one's number."""
    from bot.cli.audit import verify

    verify(options.given(config))
