"""`ivobot letters`: the ledger, and settling what is unclear."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping

from bot.cli import build
from bot.cli.table import show as show_table
from bot.errors import ConfigError
from bot.jobs.intake import file_waiting
from bot.jobs.settling import settle as settle_letter
from bot.store import engine as db
from bot.store import letters
from rules.model import Folder

VERDICTS = {"ok": "godkänd", "accepted": "godtagen", "rejected": "underkänd", "not_a_report": "ingen rapport"}
OUTCOMES = {
    "matched": "stämmer",
    "kind_differs": "räknas, fel sorts titel",
    "date_differs": "fel datum",
    "premature": "för tidig",
    "not_reportable": "ska inte rapporteras",
    "duplicate": "samma igen",
    "ambiguous": "oklar",
    "untracked": "finns inte i registret",
    "closed": "beslutet stängt",
    "rejected": "titeln går inte att läsa",
    "personal_data": "personuppgifter",
    "not_a_report": "lämnas orörd",
    "register_file": "registerfil",
    "outside": "utifrån",
    "unauthentic": "osäker avsändare",
    "answers_ours": "svar på vårt mejl",
    "unreadable": "går inte att läsa",
    "out_of_office": "frånvarosvar",
    "auto_submitted": "automatiskt",
    "auto_reply": "automatiskt",
    "bounce": "studsat mejl",
    "list": "sändlista",
    "bulk": "massutskick",
    "own_mail": "vårt eget mejl",
    "taken_back": "stängningen togs tillbaka",
    "null_return_path": "automatiskt",
}
ANSWERS = {
    "": "–",
    "receipt": "kvittens",
    "report_differs": "stämmer inte",
    "ask_case": "vilket ärende?",
    "title_rejected": "rätta titeln",
    "register_report": "om registerfilen",
    "held": "hölls inne",
}
"""The ledger's words as the reporter reads them; what is not here stands as it is."""


def show(config_file: Path | None, folder: str, *, as_json: bool) -> None:
    """Prints the ledger, oldest letter first."""
    if folder and folder not in set(Folder):
        raise ConfigError(f"There is no such folder; the folders are: {', '.join(Folder)}.")
    office = build.office(build.configuration(config_file))
    with db.read(office.engine) as tx:
        found = letters.listed(tx, folder)
    if as_json:
        for row in found:
            print(json.dumps(_as_json(row), ensure_ascii=False))
        return
    show_table(
        ("Nr", "Inkom", "Läst som", "Utfall", "Ärende", "Mapp", "Svar"),
        [
            (
                str(row["id"]),
                row["received"].astimezone(office.config.bot.timezone).strftime("%Y-%m-%d %H:%M"),
                VERDICTS[row["verdict"]],
                OUTCOMES.get(row["meeting"] or row["reason"].partition(":")[0], row["meeting"] or row["reason"]),
                row["case"],
                row["found_in"] if row["filed"] else f"→ {row['folder']}",
                ANSWERS.get(row["answer"].partition(":")[0], row["answer"]),
            )
            for row in found
        ],
    )


def _as_json(row: RowMapping) -> dict[str, Any]:
    return {
        "id": row["id"],
        "received": row["received"].isoformat(timespec="seconds"),
        "verdict": row["verdict"],
        "kind": row["kind"],
        "date": row["date"].isoformat() if row["date"] else None,
        "insats": row["insats"],
        "errors": row["errors"],
        "outcome": row["meeting"] or None,
        "reason": row["reason"] or None,
        "case": row["case"] or None,
        "folder": row["folder"],
        "answer": row["answer"] or None,
        "settled": row["settled"] is not None,
        "reported_to_ivo": row["reported_to_ivo"] is not None,
    }


def settle(config_file: Path | None, letter: int, case: str, now: str) -> None:
    """Settles an unclear letter and files it where it now belongs."""
    config = build.configuration(config_file)
    instant = build.instant(config, now)
    office = build.office(config)
    with db.write(office.engine) as tx:
        outcome = settle_letter(tx, office, letter, case, instant)
    office.mailbox.prepare()
    file_waiting(office, instant)
    print(f"Letter {letter}: {outcome}.")
