"""`ivobot outbox …` and `ivobot trace`: what is to be sent, and everything about one mail."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, RowMapping

from bot.cli import build
from bot.cli.table import show as show_table
from bot.errors import ConfigError
from bot.jobs.office import Office
from bot.store import engine as db
from bot.store import letters, outbox, rows
from bot.store.schema import MailState

LISTED = (MailState.WAITING, MailState.SENDING, MailState.FAILED)


def show(config_file: Path | None, *, as_json: bool) -> None:
    """Prints the mails that are not sent yet, and those that cannot be sent."""
    office = build.office(build.configuration(config_file))
    with db.read(office.engine) as tx:
        found = outbox.listed(tx, LISTED)
    if as_json:
        for row in found:
            print(json.dumps(_as_json(row), ensure_ascii=False))
        return
    show_table(
        ("No", "Mail", "State", "To", "Created", "Tries", "Problem"),
        [
            (str(r["id"]), r["name"], r["state"], ", ".join(r["to"]), _at(r["created"], office), str(r["tries"]), r["problem"])
            for r in found
        ],
    )


def _at(instant: datetime | None, office: Office) -> str:
    return instant.astimezone(office.config.bot.timezone).strftime("%Y-%m-%d %H:%M") if instant else ""


def _as_json(row: RowMapping) -> dict[str, Any]:
    return {
        "id": row["id"],
        "key": row["key"],
        "name": row["name"],
        "state": row["state"],
        "to": row["to"],
        "cc": row["cc"],
        "created": _iso(row["created"]),
        "not_before": _iso(row["not_before"]),
        "sent": _iso(row["sent"]),
        "tries": row["tries"],
        "sends": row["sends"],
        "refused": row["refused"],
        "problem": row["problem"] or None,
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat(timespec="seconds") if instant else None


def retry(config_file: Path | None, mail: int) -> None:
    """Lets a mail be tried again at the next delivery. Raises ConfigError when there is nothing to try."""
    _change(config_file, mail, "retry")
    print(f"Mail {mail} is tried again at the next poll.")


def cancel(config_file: Path | None, mail: int) -> None:
    """Never sends a mail. Raises ConfigError when it has gone, or may have."""
    _change(config_file, mail, "cancel")
    print(f"Mail {mail} is not sent, and no other of its key.")


def _change(config_file: Path | None, mail: int, what: str) -> None:
    office = build.office(build.configuration(config_file))
    with db.write(office.engine) as tx:
        row = outbox.get(tx, mail)
        if row is None:
            raise ConfigError(f"There is no mail {mail} in the outbox; `ivobot outbox list` shows them.")
        if not (outbox.retry(tx, mail) if what == "retry" else outbox.cancel(tx, mail)):
            raise ConfigError(f"Mail {mail} is {row['state']}; only one that waits or has failed can be taken by `outbox {what}`.")


def trace(config_file: Path | None, key: str, *, as_json: bool) -> None:
    """Prints who got a mail, when, why, how often it was tried, and what caused it. Raises ConfigError for an unknown key."""
    office = build.office(build.configuration(config_file))
    wanted = key.strip()
    with db.read(office.engine) as tx:
        found = [_traced(tx, row) for row in (outbox.traced(tx, wanted) if len(wanted) >= 6 else [])]
    if not found:
        raise ConfigError("No mail has that key; give the key of its header X-Ivobot (at least six signs of it) or its Message-ID.")
    for one in found:
        if as_json:
            print(json.dumps(one, ensure_ascii=False))
        else:
            _tell(one)


def _traced(tx: Connection, row: RowMapping) -> dict[str, Any]:
    causes = []
    for claim in outbox.caused_by(tx, row["id"]):
        of = next(iter(rows.by_id(tx, [claim["row_id"]])), None)
        causes.append(
            {
                "case": of.entry.shown if of else None,
                "insats": of.entry.insats if of else None,
                "start": claim["start"].isoformat(),
                "k": claim["k"],
                "milestone": claim["milestone"],
                "day": claim["day"].isoformat(),
            }
        )
    ledger = letters.get(tx, row["letter_id"]) if row["letter_id"] else None
    letter = None
    if ledger is not None:
        letter = {
            "id": ledger["id"],
            "received": _iso(ledger["received"]),
            "verdict": ledger["verdict"],
            "outcome": ledger["meeting"] or None,
        }
    return _as_json(row) | {"message_id": row["message_id"], "sent_again": max(0, row["sends"] - 1), "letter": letter, "rows": causes}


def _tell(one: dict[str, Any]) -> None:
    print(f"{one['name']} {one['key']}: {one['state']}")
    print(f"  to {', '.join(one['to'])}" + (f", copy {', '.join(one['cc'])}" if one["cc"] else ""))
    print(f"  created {one['created']}, sent {one['sent'] or '–'}, failed tries {one['tries']}, handed over {one['sends']} times")
    if one["sent_again"]:
        print("  it may have come twice: the server's answer was lost and no copy was found")
    if one["refused"]:
        print(f"  refused for {', '.join(one['refused'])}")
    if one["problem"]:
        print(f"  problem: {one['problem']}")
    if letter := one["letter"]:
        print(f"  answers letter {letter['id']} of {letter['received']} ({letter['outcome'] or letter['verdict']})")
    for row in one["rows"]:
        print(f"  for {row['case']} {row['insats']}, start {row['start']}, k {row['k']}, {row['milestone']} of {row['day']}")
