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
