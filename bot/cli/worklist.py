"""`ivobot worklist`: what is to be reported in IVO's open or next window, who works on it, and what to document after the tick."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.cli import build
from bot.cli.operator import operator
from bot.cli.table import show as show_table
from bot.jobs import worklist
from bot.jobs.office import Office
from bot.jobs.sheets import sheets, work_lists
from bot.store import engine as db
from bot.store import letters
from rules.model import OUTCOME_WORD
from rules.sheet import Item, Sheet

DOCUMENT = timedelta(days=7)  # so long a line to document is shown after the tick
HEADINGS = {"new": "Nyrapporter", "follow_up": "Återrapporter", "final": "Slutrapporter (rapporteras genast)"}


def show(config_file: Path | None, now: str, *, as_json: bool) -> None:
    """Prints the lists. As JSON one object a line: the window, then each report ("list": new, follow_up or final) and line ("document")."""
    config = build.configuration(config_file)
    instant = build.instant(config, now)
    office = build.office(config)
    today = office.today(instant)
    with db.read(office.engine) as tx:
        work = work_lists(tx, office, today)
        lines = worklist.to_document(tx, office, instant - DOCUMENT)
        lists = {name: _told(tx, office, getattr(work, name), today) for name in HEADINGS}
    window = work.window
    if as_json:
        print(json.dumps({"window": str(window.quarter), "first": f"{window.first}", "last": f"{window.last}", "open": window.open(today)}))
        for name, told in lists.items():
            for one in told:
                print(json.dumps({"list": name} | one, ensure_ascii=False))
        for line in lines:
            print(json.dumps({"list": "document", "case": line.case, "letter": line.letter, "line": line.text}, ensure_ascii=False))
        return
    state = "öppen" if window.open(today) else "öppnar sedan"
    print(f"IVO:s rapporteringsperiod {window.first} – {window.last} ({window.quarter}), {state}.")
    for name, told in lists.items():
        if told:
            head = ("Brev", "Ärende", "Insats", "Rapport", "Mapp", "Saknas i underlaget", "Arbetar")
            show_table(head, [_cells(one) for one in told], f"{HEADINGS[name]}: {len(told)}")
        else:
            print(f"{HEADINGS[name]}: inga.")
    if lines:
        print("Dokumentera under ”Ej verkställda beslut” i verksamhetssystemet:")
        for line in lines:
            print(f"  {line.case}: {line.text}")
    print("En rapport prickas av när brevet flyttas till Rapporterat till IVO. Underlaget: ivobot sheet ÄRENDE.")


def _told(tx: Connection, office: Office, items: Sequence[Item], today: date) -> list[dict[str, Any]]:
    holders: Mapping[int, str] = worklist.held(tx, office, today)
    return [_one(tx, item, made, holders) for item, made in zip(items, sheets(tx, office, items, today), strict=True)]


def _one(tx: Connection, item: Item, made: Sheet, holders: Mapping[int, str]) -> dict[str, Any]:
    target = item.target
    ledger = letters.get(tx, target.letter) if target.letter else None
    return {
        "case": made.case,
        "insats": made.insats,
        "start": made.start.isoformat(),
        "kind": target.kind.value,
        "outcome": target.outcome.value if target.outcome else None,
        "day": target.day.isoformat(),
        "letter": target.letter or None,
        "folder": ledger["found_in"] if ledger else None,
        "missing": [field.name for field in made.missing] if ledger else None,
        "errors": [field.name for field in made.wrong] if ledger else None,
        "taken_by": holders.get(target.letter),
    }


def _cells(one: dict[str, Any]) -> tuple[str, ...]:
    outcome = {word.name.lower(): text for word, text in OUTCOME_WORD.items()}.get(one["outcome"] or "", "")
    new = ", ny för IVO" if outcome and one["kind"] == "new" else ""
    missing = "rapporten har inte kommit" if one["letter"] is None else _lacks(one)
    return (
        str(one["letter"] or "–"),
        one["case"],
        one["insats"],
        f"{outcome} {one['day']}{new}".strip(),
        one["folder"] or "–",
        missing,
        one["taken_by"] or "",
    )


def _lacks(one: dict[str, Any]) -> str:
    wrong = [f"rätta {name}" for name in one["errors"] if name not in one["missing"]]
    return ", ".join([*one["missing"], *wrong]) or "inget"


def take(config_file: Path | None, letter: int, who: str, now: str, *, release: bool) -> None:
    """Notes who works on a letter's report, or that nobody does."""
    config = build.configuration(config_file)
    instant = build.instant(config, now)
    office = build.office(config)
    if release:
        worklist.release(office, letter)
        print(f"Brev {letter} är fritt.")
        return
    name = who or operator()
    new = worklist.take(office, letter, name, instant)
    print(f"{name} arbetar med brev {letter}{'' if new else ' redan'}.")
