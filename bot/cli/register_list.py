"""`ivobot register list`: what is tracked, as a person wants to see it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.cli import build
from bot.cli.table import show
from bot.errors import ConfigError
from bot.jobs.office import Office
from bot.register.insats import Insats
from bot.register.insats import insats as read_insats
from bot.store import engine as db
from bot.store import rows
from rules.mark import count
from rules.model import Outcome, Row, Sort

SORTS = ("start", "case", "mark", "officer")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows, in which order. "" and None leave a condition out. `due_within`: days until the next mark, today counted as 0."""

    open_only: bool = False
    insats: str = ""
    officer: str = ""
    unit: str = ""
    due_within: int | None = None
    sort: str = "start"


def run(config_file: Path | None, wanted: Wanted, now: str, *, as_json: bool) -> None:
    """Prints the rows that are wanted."""
    if wanted.sort not in SORTS:
        raise ConfigError(f"--sort takes one of: {', '.join(SORTS)}.")
    config = build.configuration(config_file)
    instant = build.instant(config, now)
    office = build.office(config)
    today = office.today(instant)
    fits = _fits(office, wanted, today)
    with db.read(office.engine) as tx:
        tracked = rows.open_rows(tx) if wanted.open_only or wanted.due_within is not None else rows.everything(tx)
    found = sorted((row for row in tracked if fits(row)), key=_order(wanted.sort, today))
    if as_json:
        for row in found:
            print(json.dumps(row_json(row, today), ensure_ascii=False))
        return
    show(
        ("Ärende", "Insats", "Start", "", "Handläggare", "Läge", "Nästa gräns", "Rapporterat"),
        [
            (
                row.entry.shown,
                row.entry.insats,
                row.entry.start.isoformat(),
                "avbrott" if row.entry.sort is Sort.INTERRUPTION else "",
                row.entry.officer,
                state(row),
                next_mark(row, today).isoformat() if row.open else "–",
                ", ".join(str(report.k) for report in row.reports if report.k) or "–",
            )
            for row in found
        ],
    )


def _fits(office: Office, wanted: Wanted, today: date) -> Callable[[Row], bool]:
    insats = read_insats(wanted.insats, today) if wanted.insats else None
    if insats is not None and not isinstance(insats, Insats):
        raise ConfigError("--insats takes one insats of 9 § 1–10 LSS, such as 9§10.")
    officer, unit = _key(wanted.officer), _key(wanted.unit)
    if wanted.due_within is not None and not 0 <= wanted.due_within <= 3660:
        raise ConfigError("--due-within takes a number of days from 0 to 3660.")
    last = today + timedelta(days=wanted.due_within or 0)

    def fits(row: Row) -> bool:
        entry = row.entry
        return (
            (insats is None or entry.insats == insats.code)
            and (not officer or officer in (_key(entry.officer), office.people.officer(entry.officer, today)))
            and (not unit or unit == _key(entry.unit))
            and (wanted.due_within is None or next_mark(row, today) <= last)
        )

    return fits


def _key(written: str) -> str:
    return " ".join(written.lower().split())


def _order(sort: str, today: date) -> Callable[[Row], tuple[Any, ...]]:
    first: dict[str, Callable[[Row], tuple[Any, ...]]] = {
        "start": lambda row: (),
        "case": lambda row: (row.entry.shown,),
        "mark": lambda row: (not row.open, next_mark(row, today)),
        "officer": lambda row: (_key(row.entry.officer),),
    }
    return lambda row: (*first[sort](row), row.entry.start, row.entry.shown, row.id)


def next_mark(row: Row, today: date) -> date:
    """The row's first mark on `today` or later."""
    counted = count(row)
    return counted.mark(counted.first_at(today))


def state(row: Row) -> str:
    """How a row stands, in the words of the staff."""
    if row.closing is None:
        return "delvis verkställt" if row.entry.partly_from else "ej verkställt"
    return f"{'verkställt' if row.closing.outcome is Outcome.EXECUTED else 'avslutat'} {row.closing.on}"


def row_json(row: Row, today: date) -> dict[str, Any]:
    """A row as `--json` prints it."""
    closing = row.closing
    return {
        "case": row.entry.shown,
        "insats": row.entry.insats,
        "form": row.entry.form,
        "sort": row.entry.sort,
        "start": row.entry.start.isoformat(),
        "officer": row.entry.officer,
        "unit": row.entry.unit,
        "open": row.open,
        "outcome": closing.outcome if closing else None,
        "closed_on": closing.on.isoformat() if closing else None,
        "next_mark": next_mark(row, today).isoformat() if row.open else None,
        "reported": [report.k for report in row.reports],
        "provisional": row.provisional,
    }
