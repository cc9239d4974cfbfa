"""`ivobot simulate` and `ivobot explain`: what will come, and why on that day."""

import json
from datetime import date, timedelta
from pathlib import Path

from bot.cli import build
from bot.cli.table import show
from bot.errors import BotError, ConfigError
from bot.jobs.office import Office
from bot.store import engine as db
from bot.store import rows
from rules.body import case_key
from rules.duty import recipients
from rules.explain import law, long_date, months_words, weekday, why
from rules.mark import count
from rules.model import Row
from rules.plan import Event

AHEAD = timedelta(days=200)  # two marks ahead


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{option} takes a date such as 2026-11-22.") from None


def simulate(config_file: Path | None, first: str, last: str, *, as_json: bool) -> None:
    """Prints every milestone of the open rows between two days, both inside, ordered by day, case and milestone."""
    start, end = _day(first, "--from"), _day(last, "--to")
    office = build.office(build.configuration(config_file))
    with db.read(office.engine) as tx:
        tracked = rows.open_rows(tx)
    events = [event for row in tracked for event in office.planner.simulate(row, start, end)]
    events.sort(key=lambda e: (e.day, e.row.entry.shown, e.milestone.name, e.k))
    if as_json:
        for event in events:
            print(json.dumps(_as_json(office, event), ensure_ascii=False))
        return
    show(
        ("Dag", "Milstolpe", "Ärende", "Insats", "Gräns", "Till"),
        [
            (
                event.day.isoformat(),
                event.milestone.name,
                event.row.entry.shown,
                event.row.entry.insats,
                count(event.row).mark(event.k).isoformat(),
                ", ".join(recipients(event.milestone, event.row.entry, office.planner.routine, office.people, event.day).to),
            )
            for event in events
        ],
    )


def _as_json(office: Office, event: Event) -> dict[str, object]:
    to = recipients(event.milestone, event.row.entry, office.planner.routine, office.people, event.day)
    row = event.row
    return {
        "send_on": event.day.isoformat(),
        "milestone": event.milestone.name,
        "case": row.entry.shown,
        "k": event.k,
        "insats": row.entry.insats,
        "mark": count(row).mark(event.k).isoformat(),
        "due": event.due.isoformat() if event.due else None,
        "to": list(to.to),
        "cc": list(to.cc),
        "key": office.key(event.milestone.name, (row.id, row.entry.start, event.k)),
    }


def explain(config_file: Path | None, case: str, now: str) -> None:
    """Prints each coming date of a case with its derivation."""
    config = build.configuration(config_file)
    today = build.instant(config, now).astimezone(config.bot.timezone).date()
    office = build.office(config)
    with db.read(office.engine) as tx:
        found = rows.named(tx, [case_key(case)])
    if not found:
        raise BotError("No row has that case; see `ivobot register list`.")
    for row in found:
        _explain(office, row, today)


def _explain(office: Office, row: Row, today: date) -> None:
    counted = count(row)
    print(f"{row.entry.shown}, {row.entry.insats}")
    if row.closing is not None:
        print(f"  Stängt {row.closing.on}: inga fler påminnelser om väntan.")
        return
    k = counted.first_at(today)
    mark = counted.mark(k)
    days = office.planner.workdays
    summary, report_day = days.summary_day(mark), days.report_day(mark)
    print(f"  Gräns: {months_words(row, counted, counted.step * k)} [{law(today)}]")
    print(f"    sista arbetsdag innan: {weekday(summary)} {long_date(summary)}")
    print(f"    nästkommande arbetsdag: {weekday(report_day)} {long_date(report_day)}")
    print("    [2 § lagen (1930:173); egna stängda dagar: [calendar] closed_days]")
    for event in sorted(office.planner.simulate(row, today, today + AHEAD), key=lambda e: e.day):
        print(f"  {event.day} {event.milestone.name}: {' '.join(why(event, office.planner))} [rutinen {office.config.bot.routine}]")
