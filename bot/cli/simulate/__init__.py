"""`ivobot simulate`: every mail that the register would cause, as a calendar, JSON, a calendar file, mail files or a comparison."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.cli import build
from bot.cli.progress import progress
from bot.cli.simulate.events import Foreseer, Output, spans
from bot.errors import ConfigError
from bot.jobs.office import Office
from bot.store import engine as db
from bot.store import rows


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a simulation is to give. Without json and against: the calendar. The two files come besides."""

    json: bool = False
    ics: Path | None = None
    eml: Path | None = None
    against: Path | None = None


def run(config_file: Path | None, first: str, last: str, wanted: Wanted) -> None:
    """Gives every milestone of the open rows between two days, both inside, ordered by day, case and milestone.

    Nothing is sent and nothing changed. Raises ConfigError for days and files that cannot be used.
    """
    start, end = _day(first, "--from"), _day(last, "--to")
    if wanted.json and wanted.against:
        raise ConfigError("--json and --against both fill the output; choose one of them.")
    office = build.office(build.configuration(config_file))
    outputs = list(_outputs(office, start, end, wanted))
    with db.read(office.engine) as tx:
        tracked = rows.open_rows(tx)
    with progress("Räknar fram mejlen", len(tracked) * len(spans(start, end)), hidden=wanted.json and sys.stdout.isatty()) as step:
        for day, going in Foreseer(office, tracked).days(start, end, step):
            for output in outputs:
                output.day(day, going)
    for output in outputs:
        output.end()


def _outputs(office: Office, first: date, last: date, wanted: Wanted) -> Iterator[Output]:
    """What the days are given to; one that prints first, so that what it prints stands before the lines about files."""
    if wanted.json:
        from bot.cli.simulate.lines import Lines

        yield Lines(office)
    elif wanted.against:
        from bot.cli.simulate.comparison import Comparison

        yield Comparison(office, wanted.against, first, last)
    else:
        from bot.cli.simulate.calendar import Calendar

        yield Calendar(office, first, last)
    if wanted.ics:
        from bot.cli.simulate.calendar_file import CalendarFile

        yield CalendarFile(office, wanted.ics, build.instant(office.config, ""), quiet=wanted.json)
    if wanted.eml:
        from bot.cli.simulate.mail_files import MailFiles

        yield MailFiles(office, wanted.eml, quiet=wanted.json)


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{option} takes a date such as 2026-11-22.") from None
