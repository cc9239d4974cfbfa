"""`ivobot register show`: all that is known of a case's rows. A protected person's stand under the alias, the case is not told."""

import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.cli import build
from bot.cli.register_list import row_json, state
from bot.errors import BotError
from bot.register.columns import names
from bot.store import audit, hand, imports, rows
from bot.store import engine as db
from rules.body import case_key
from rules.model import Entry, Row

_CASES = ("case", "previous")  # of a protected person neither is told
_HIDDEN = ("case", "person", "dates")  # the case is the heading; a person's hash tells nobody anything
_LABELS = {"start": "Start", "sort": "Typ", "decision_date": "Beslutsdatum", "judgment_final": "Dom laga kraft"}


def run(config_file: Path | None, case: str, now: str, *, as_json: bool) -> None:
    """Prints each row of a case, or of an alias, the oldest start first."""
    config = build.configuration(config_file)
    instant = build.instant(config, now)
    office = build.office(config)
    with db.read(office.engine) as tx:
        found = sorted(rows.named(tx, [case_key(case)]), key=lambda row: (row.entry.start, row.id))
        if not found:
            raise BotError("The register does not know that case; see `ivobot register list`.")
        told = [_told(tx, row, office.today(instant), config.bot.timezone) for row in found]
    for row, each in zip(found, told, strict=True):
        print(json.dumps(each, ensure_ascii=False) if as_json else "\n".join(_lines(row, each)))


def _told(tx: Connection, row: Row, today: date, zone: tzinfo) -> dict[str, Any]:
    """All of a row as JSON values; times are local."""
    aside, former = hand.aside(tx, row.id), imports.former(tx, row.id)
    hidden = (*_HIDDEN, *(_CASES if row.entry.protected else ()))
    fields_told = {field.name: _plain(getattr(row.entry, field.name)) for field in fields(Entry) if field.name not in hidden}
    return row_json(row, today) | {
        "closed_by": row.closing.by if row.closing else None,
        "fields": fields_told | {name: day.isoformat() for name, day in row.entry.dates},
        "entered": row.entered.isoformat(),
        "taken_as_reported_before": row.silent_before.isoformat(),
        "missing": aside.missing,
        "planned": f"{aside.planned_outcome} {aside.planned_on}" if aside.planned_on else None,
        "former": former.entry.shown if former else None,
        "reports": [{name: _plain(value) for name, value in asdict(each).items()} for each in hand.reports(tx, row.id)],
        "milestones": [{name: _plain(value) for name, value in asdict(each).items()} for each in hand.milestones(tx, row.id)],
        "letters": [
            {
                "id": each["id"],
                "received": _time(each["received"], zone),
                "verdict": each["verdict"],
                "outcome": each["meeting"] or each["reason"],
                "folder": each["folder"],
            }
            for each in hand.letters_about(tx, row.id)
        ],
        "history": [
            {
                "number": each.number,
                "at": _time(each.at, zone),
                "who": each.who,
                "what": each.what,
                **_contents(each.contents, hides_case=row.entry.protected),
            }
            for each in audit.history(tx, row.id)
        ],
    }


def _contents(contents: Any, *, hides_case: bool) -> dict[str, Any]:
    """What an entry of the audit trail tells; the cases that a protected person's row has or had are left out."""
    if contents is None:
        return {"forgotten": True}
    found = {name: value for name, value in contents.items() if name != "fields"}
    changed = {name: values for name, values in contents.get("fields", {}).items() if not (hides_case and name in _CASES)}
    return found | ({"fields": changed} if changed else {})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _time(instant: datetime, zone: tzinfo) -> str:
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _lines(row: Row, told: dict[str, Any]) -> Iterator[str]:
    """A row for a person to read: what is empty is left out."""
    labels = dict(names().labels) | _LABELS
    yield f"{told['case']}, {told['insats']}: {state(row)}"
    for name, value in told["fields"].items():
        if value not in (None, "", False):
            yield f"  {labels.get(name, name)}: {'ja' if value is True else value}"
    more = {
        "Stängt av": told["closed_by"],
        "Nästa gräns": told["next_mark"],
        "I registret sedan": told["entered"],
        "Räknas som rapporterat före": told["taken_as_reported_before"],
        "Stängs av registret": told["planned"],
        "Följer på ärende": told["former"],
        "Saknas i registerfilen": "ja" if told["missing"] else "",
        "Preliminär, känd genom brev": "ja" if told["provisional"] else "",
    }
    yield from (f"  {label}: {value}" for label, value in more.items() if value)
    for r in told["reports"]:
        yield f"  Rapport {r['day']}: {r['kind']}, gräns {r['k'] or '–'} {r['mark']}, brev {r['letter'] or '–'}"
    for m in told["milestones"]:
        yield f"  Milstolpe {m['day']}: {m['name']}, gräns {m['k']} (start {m['start']}): {m['state']}"
    for each in told["letters"]:
        yield f"  Brev {each['id']} {each['received']}: {each['verdict']}, {each['outcome'] or '–'}, {each['folder']}"
    for h in told["history"]:
        rest = "; ".join(_said(name, value) for name, value in h.items() if name not in ("number", "at", "who", "what"))
        yield f"  Händelse {h['number']} {h['at']} {h['who']}: {h['what']}{f' ({rest})' if rest else ''}"


def _said(name: str, value: Any) -> str:
    if name == "fields":
        return ", ".join(f"{field}: {_shown(old)} → {_shown(new)}" for field, (old, new) in value.items())
    return f"{name}: {', '.join(f'{k} {v}' for k, v in value.items()) if isinstance(value, dict) else value}"


def _shown(value: Any) -> str:
    return "–" if value in (None, "") else str(value)
