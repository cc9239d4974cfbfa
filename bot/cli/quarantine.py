"""`ivobot quarantine …`: letters that were set aside. What they say is never shown; it stands in the mailbox's folder Karantän."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping

from bot.cli import build
from bot.cli.letters import OUTCOMES
from bot.cli.table import show as show_table
from bot.errors import ConfigError
from bot.jobs import set_aside
from bot.store import engine as db
from bot.store import letters
from rules.model import Folder


def listing(config_file: Path | None, *, as_json: bool) -> None:
    """Prints the letters in quarantine, oldest first."""
    office = build.office(build.configuration(config_file))
    with db.read(office.engine) as tx:
        found = letters.listed(tx, Folder.QUARANTINE)
    if as_json:
        for row in found:
            print(json.dumps(_as_json(row), ensure_ascii=False))
        return
    show_table(
        ("Nr", "Inkom", "Varför", "Svar"),
        [
            (str(r["id"]), r["received"].astimezone(office.config.bot.timezone).strftime("%Y-%m-%d %H:%M"), _why(r), r["answer"] or "–")
            for r in found
        ],
    )


def _why(row: RowMapping) -> str:
    reason = str(row["reason"])
    return OUTCOMES.get(reason.partition(":")[0], reason)


def _as_json(row: RowMapping) -> dict[str, Any]:
    return {
        "id": row["id"],
        "received": row["received"].isoformat(timespec="seconds"),
        "sender": row["sender"] if "@" in row["sender"] else None,
        "verdict": row["verdict"],
        "errors": row["errors"],
        "reason": row["reason"],
        "answer": row["answer"] or None,
        "filed": row["filed"] is not None,
    }


def show(config_file: Path | None, letter: int, *, as_json: bool) -> None:
    """Prints what the ledger knows of one letter in quarantine. Raises ConfigError when it is not there."""
    office = build.office(build.configuration(config_file))
    with db.read(office.engine) as tx:
        found = _as_json(set_aside.in_quarantine(tx, letter))
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        print(f"{name}: {', '.join(value) if isinstance(value, list) else '–' if value is None else value}")
    print("The letter itself lies in the mailbox's folder Karantän.")


def retry(config_file: Path | None, letter: int, now: str) -> None:
    """Puts a letter that could not be read back into the inbox, to be read as a new one."""
    config = build.configuration(config_file)
    instant = build.instant(config, now)
    set_aside.retry(build.office(config), letter, instant)
    print(f"Letter {letter} lies in the inbox again and is read at the next poll.")


def drop(config_file: Path | None, letter: int, now: str, *, sure: bool) -> None:
    """Moves a letter to the deleted items. Raises ConfigError without `sure`."""
    if not sure:
        raise ConfigError("This takes the letter out of the mailbox; look at it in Karantän first, then repeat the command with --yes.")
    config = build.configuration(config_file)
    instant = build.instant(config, now)
    set_aside.drop(build.office(config), letter, instant)
    print(f"Letter {letter} lies among the deleted items.")
