"""`ivobot audit verify`: whether the audit trail is as it was written."""

from pathlib import Path

from bot.cli import build
from bot.errors import BotError
from bot.store import audit
from bot.store import engine as db


def verify(config_file: Path | None) -> None:
    """Reads the whole trail. Raises BotError that names the first entry at which it is broken."""
    office = build.office(build.configuration(config_file))
    with db.read(office.engine) as tx:
        match audit.verify(tx):
            case audit.Broken(number, why):
                raise BotError(f"The audit trail is broken: entry {number} {why}; compare the database with a backup.")
            case audit.Verified(entries, forgotten, head):
                print(f"The audit trail is whole: {entries} entries, {forgotten} of them without contents, head {head or '–'}.")
