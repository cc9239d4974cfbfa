"""The commands. Each is declared in a `*commands.py` and done in a module of its own, imported when it is called."""

import sys
from typing import NoReturn

from bot.cli import (
    audit_commands,
    backup_commands,
    commands,
    init_commands,
    keys_commands,
    letters_commands,
    mailbox_commands,
    operator_commands,
    pictures_commands,
    prune_commands,
    register_change_commands,
    register_commands,
    report_commands,
    service_commands,
    sheet_commands,
    support_commands,
)
from bot.cli.app import app
from bot.cli.options import Given

__all__ = [
    "app",
    "audit_commands",
    "backup_commands",
    "commands",
    "init_commands",
    "keys_commands",
    "letters_commands",
    "mailbox_commands",
    "main",
    "operator_commands",
    "pictures_commands",
    "prune_commands",
    "register_change_commands",
    "register_commands",
    "report_commands",
    "service_commands",
    "sheet_commands",
    "support_commands",
]


def main() -> NoReturn:
    """Runs a command. Exit 0: done; 1: work failed; 2: usage or configuration; 3: mailbox or database out of reach."""
    from bot.cli import debug
    from bot.errors import BotError

    try:
        with debug.guarded():
            app()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        if Given.debug:
            debug.show(error)
        else:
            print(_sentence(error), file=sys.stderr)
        sys.exit(error.code if isinstance(error, BotError) else 1)
    sys.exit(0)


def _sentence(error: Exception) -> str:
    """What the operator is told. The message of an error that is not ours may quote a value."""
    from bot.errors import BotError

    match error:
        case BotError():
            return str(error)
        case OSError():
            return f"The operating system refused a step ({error.strerror or type(error).__name__}); see to disk and rights."
        case _:
            return f"Something went wrong in ivobot itself ({type(error).__name__}); run again with --debug and tell the developers."
