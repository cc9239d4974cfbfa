"""`ivobot explain CASE`: each coming date of a case, why it is that date, by which law and setting, and who gets the mail."""

import shutil
import sys
from datetime import date, timedelta
from pathlib import Path
from textwrap import fill

from bot.cli import build
from bot.cli.milestones import milestone_words
from bot.errors import BotError
from bot.jobs.office import Office
from bot.store import claims, imports, rows
from bot.store import engine as db
from bot.words import cap
from rules import ahead, options
from rules.body import case_key
from rules.duty import recipients
from rules.explain import long_date, start_words, weekday, why
from rules.facts import in_force
from rules.model import OUTCOME_WORD, Row
from rules.plan import Claims, Event

AHEAD = timedelta(days=200)  # two marks ahead
WIDEST = 110


def run(config_file: Path | None, case: str, now: str) -> None:
    """Prints every row of a case. Raises BotError when there is none."""
    config = build.configuration(config_file)
    today = build.instant(config, now).astimezone(config.bot.timezone).date()
    office = build.office(config)
    with db.read(office.engine) as tx:
        found = rows.named(tx, [case_key(case)])
        taken = claims.claims(tx, [row.id for row in found])
        formers = {row.id: imports.former(tx, row.id) for row in found}
    if not found:
        raise BotError("No row has that case; see `ivobot register list`.")
    for row in sorted(found, key=lambda one: (one.entry.start, one.id)):
        _row(office, row, taken[row.id], formers[row.id], today)


def _row(office: Office, row: Row, taken: Claims, former: Row | None, today: date) -> None:
    entry = row.entry
    name = options.text(entry.insats, entry.form)
    print(f"{entry.shown}, {entry.insats}" + (f" ({name})" if name != entry.insats else ""))
    _say(f"{cap(start_words(row))}." + ("" if row.closing else f" Öppet; har väntat {(today - entry.start).days} dagar."))
    if row.closing:
        _say(
            f"Stängt {long_date(row.closing.on)} ({row.closing.on}): {OUTCOME_WORD[row.closing.outcome]}. Inga fler påminnelser om väntan."
        )
    if former:
        _say(f"Följer på {former.entry.shown}, {start_words(former)}, som aldrig verkställdes.")
    _marks(office, row, today)
    _reports(office, row, today)
    _mails(office, row, taken, today)
    _head("Särskild avgift")
    for line in ahead.fee(row):
        _say(cap(line), 4)
    print()


def _marks(office: Office, row: Row, today: date) -> None:
    last = min(today + AHEAD, row.closing.on) if row.closing else today + AHEAD
    for one in ahead.marks(row, office.planner.workdays, office.config.calendar.cut_off, today, last):
        _head(f"Gräns {one.k}: {weekday(one.mark)} {long_date(one.mark)} – {one.standing}")
        _say(one.sum, 4)
        _say(f"Lag: {'; '.join(one.refs)}. Inställning: [calendar] closed_days.", 4)
        if row.entry.judgment:
            continue
        window = one.window
        ref = in_force("windows", window.first).ref
        _say(
            f"IVO: rapporteras {long_date(window.first)} – {long_date(window.last)} (kvartal {window.quarter}); "
            f"sista dag = {weekday(window.last)} {long_date(window.last)} [{ref}, som den gäller {window.first}]. "
            "Inställning: [calendar] cut_off.",
            4,
        )


def _reports(office: Office, row: Row, today: date) -> None:
    _head("Rapporter")
    for report in sorted(row.reports, key=lambda one: one.k or 10**6):
        _say(f"{'Slutrapport' if report.k == 0 else f'Gräns {report.k}'}: inkom {long_date(report.day)}.", 4)
    _say(f"Nästa: {ahead.next_report(row, office.planner.workdays, today)}", 4)
    _say(f"Ansvar: {ahead.duty_words(row, office.planner.routine)}. Inställning: [bot] routine.", 4)


def _mails(office: Office, row: Row, taken: Claims, today: date) -> None:
    coming = [event for event in office.planner.coming(row, taken, today + AHEAD) if max(event.day, event.useful) >= today]
    _head("Kommande mejl" if coming else "Inga kommande mejl")
    for event in sorted(coming, key=lambda one: one.day):
        _mail(office, event, today)
    if coming:
        hour = f"{office.config.schedule.reminders:%H:%M}"
        _say(
            f"Dagarna ändras av [bot] routine ({office.config.bot.routine}) och [calendar] closed_days; "
            f"mejlen går från kl. {hour}, [schedule] reminders. En rapport som kommer före stoppar påminnelserna om den.",
            4,
        )


def _mail(office: Office, event: Event, today: date) -> None:
    late = " – dagen har passerat; går nästa arbetsdag, om inget senare mejl ersätter det" if event.day < today else ""
    _say(f"{event.day} {event.milestone.name}: {milestone_words(event.milestone.name)} (gräns {event.k}){late}", 4)
    _say(" ".join(why(event, office.planner)), 6)
    if event.due:
        _say(f"Det som mejlet ber om ska vara gjort senast {weekday(event.due)} {long_date(event.due)}.", 6)
    routine = office.planner.routine
    to = recipients(event.milestone, event.row.entry, routine, office.people, event.day)
    for line in ahead.whom(event, to, routine, office.people):
        _say(cap(line), 6)


def _head(text: str) -> None:
    print(f"\n  {text}")


def _say(text: str, indent: int = 2) -> None:
    """A paragraph, wrapped on a terminal only: in a pipe each stands on one line, to be searched."""
    if not sys.stdout.isatty():
        print(" " * indent + text)
        return
    width, below = min(shutil.get_terminal_size().columns, WIDEST), " " * (indent + 2)
    print(fill(text, width, initial_indent=" " * indent, subsequent_indent=below, break_long_words=False, break_on_hyphens=False))
