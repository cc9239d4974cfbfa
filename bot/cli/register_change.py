"""`ivobot register add`, `close`, `reopen`, `correct` and `undo-import`: changing the register by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.cli import build
from bot.cli.operator import operator
from bot.cli.register_list import state
from bot.jobs import adding, by_hand, undoing
from bot.jobs.hand_steps import By, Done, Which
from bot.jobs.hand_values import reason
from bot.jobs.office import Office
from rules.model import Row


@dataclass(frozen=True, slots=True)
class Given:
    """What the commands here share: the configuration, the clock, and the reason, which only adding may leave out."""

    config: Path | None
    now: str
    why: str | None


def add(given: Given, said: dict[str, str]) -> None:
    """Tracks a row; `said`: column name → what was typed."""
    _change(given, lambda office, by: adding.add(office, said, by), "is tracked now")


def close(given: Given, case: str, outcome: str, on: str, *, start: str, insats: str) -> None:
    """Closes a row."""
    _change(given, lambda office, by: by_hand.close(office, Which(case, start, insats), outcome, on, by), "is closed")


def reopen(given: Given, case: str, *, start: str, insats: str) -> None:
    """Opens a row again."""
    _change(given, lambda office, by: by_hand.reopen(office, Which(case, start, insats), by), "is open")


def correct(given: Given, case: str, field: str, value: str, *, start: str, insats: str) -> None:
    """Puts one field of a row right."""
    _change(given, lambda office, by: by_hand.correct(office, Which(case, start, insats), field, value, by), f"has that {field}")


def _change(given: Given, change: Callable[[Office, By], Done], result: str) -> None:
    config = build.configuration(given.config)
    by = By(operator(), build.instant(config, given.now), "" if given.why is None else reason(given.why))
    done = change(build.office(config), by)
    print(
        f"{_named(done.row)} {result}: {state(done.row)}." if done.changed else f"{_named(done.row)} {result} already; nothing was changed."
    )
    for told in done.told:
        print(told)


def undo_import(config_file: Path | None, number: int | None, now: str) -> None:
    """Undoes an import and tells what became of it."""
    config = build.configuration(config_file)
    instant = build.instant(config, now)
    done = undoing.undo_import(build.office(config), number, instant, operator())
    when = done.run.at.astimezone(config.bot.timezone).strftime("%Y-%m-%d %H:%M")
    if done.again:
        print(f"Import {done.run.number} of {when} is undone already; nothing was changed.")
    else:
        print(f"Import {done.run.number} of {when} is undone: {done.removed} rows removed, {done.restored} as they were before.")
    for row in done.stayed:
        print(f"  stays, since something refers to it: {_named(row)} ({state(row)}); close it with `ivobot register close` if it is wrong.")
    for row in done.kept:
        print(f"  keeps what was changed since: {_named(row)} ({state(row)}).")
    if done.earlier is not None:
        print(f"The import before it can be undone too: `ivobot register undo-import --number {done.earlier.number}`.")


def _named(row: Row) -> str:
    return f"{row.entry.shown} {row.entry.insats} {row.entry.start}"
