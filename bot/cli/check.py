"""`ivobot check`: one line for each thing that must be right, with the mend where it is not."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from time import sleep

from bot.cli import build
from bot.cli.check_routine import routine
from bot.clock import SystemClock
from bot.config import Config, Maildir
from bot.errors import BotError, ConfigError

LONGEST_TRIP = 120  # seconds that a letter to ourselves may take
PAUSE = 2.0
OLD_DAYS = 400  # a data file that nobody has compared with its source for longer is told


def run(config_file: Path | None, *, offline: bool, trip: bool = False) -> int:
    """Runs every check and prints a line for each; gives the exit code, 1 when one found something. Configuration faults end it at once."""
    config = build.configuration(config_file)
    today = SystemClock().now().astimezone(config.bot.timezone).date()
    checks: dict[str, Callable[[], Iterator[str]]] = {
        "configuration": lambda: iter(config.findings()),
        "templates": _templates,
        "routine": lambda: routine(config, today),
        "data files": lambda: _data(config, today),
        "calendar": lambda: _calendar(config, today),
        "database": lambda: _database(config),
    }
    if not offline:
        checks["mailbox"] = lambda: _mailbox(config)
    if trip:
        checks["roundtrip"] = lambda: _roundtrip(config)
    found = 0
    for name, check in checks.items():
        try:
            problems = list(check())
        except BotError as error:
            problems = [str(error)]
        found += len(problems)
        for problem in problems:
            print(f"{name}: {problem}")
        if not problems:
            print(f"{name}: ok")
    return int(found > 0)


def _templates() -> Iterator[str]:
    from bot.render import render
    from bot.samples import SAMPLES

    for sample in SAMPLES:
        try:
            render(sample.facts, sample.mail, reporter="reporter@kommun.example")
        except BotError as error:
            yield f"{sample.mail}: {error}"


def _data(config: Config, today: date) -> Iterator[str]:
    """Each data file's age, by the day on which a person last compared it with its source."""
    from rules import facts, options

    checked = {"lss.toml": min(fact.checked for history in facts.histories().values() for fact in history)}
    checked["ivo_options.toml"] = options.options()["checked"]
    with suppress(ConfigError):  # what is wrong with the routine is a check of its own
        checked["routine"] = build.planner(config).routine.checked
    for name, day in checked.items():
        if (today - day).days > OLD_DAYS:
            yield f"{name} was last compared with its source on {day}; compare it and set `checked`, or install a newer ivobot."


def _calendar(config: Config, today: date) -> Iterator[str]:
    """The calendar knows this year and the next: every year has at least thirteen days off that stand in the law."""
    from rules.workday import days_off

    for year in (today.year, today.year + 1):
        if len(days_off(year)) < 13:
            yield f"the calendar of {year} lacks days off; install a newer ivobot."


def _database(config: Config) -> Iterator[str]:
    from bot.store.engine import open_store, read

    engine = open_store(config.database.url.get_secret_value())
    with read(engine) as tx:
        if tx.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
            yield "the file is damaged; stop the service, keep the file, and put the last backup in its place."
    engine.dispose()


def _mailbox(config: Config) -> Iterator[str]:
    """What was tried on the mailbox: what is right is told too, for its rights are what goes wrong most."""
    mailbox = build.mailbox(config.mailbox)
    try:
        for trial in mailbox.examine():
            if trial.good:
                print(f"mailbox: {trial.seen}")
            else:
                yield f"{trial.seen}; {trial.mend}"
    finally:
        mailbox.close()


def _roundtrip(config: Config) -> Iterator[str]:
    """A letter to ourselves, and which of its headers come through."""
    from bot.jobs.roundtrip import roundtrip

    if isinstance(config.mailbox, Maildir):
        print("roundtrip: not tried, since nothing leaves the embedded mailbox")
        return
    clock = SystemClock()
    end = clock.monotonic() + LONGEST_TRIP

    def wait() -> bool:
        sleep(PAUSE)
        return clock.monotonic() < end

    office = build.office(config)
    try:
        arrived = roundtrip(office, clock.now(), wait)
    finally:
        office.mailbox.close()
        office.engine.dispose()
    if arrived is None:
        yield f"the letter did not come back within {LONGEST_TRIP} seconds; see that the mailbox may send to itself and get mail."
        return
    print(f"roundtrip: it came back with {', '.join(arrived.kept) or 'none of our headers'}")
    if set(arrived.lost) & {"message-id", "x-ivobot"}:
        yield f"the server changed {', '.join(arrived.lost)}; let it keep these headers, for by them a mail is known again."
