"""`ivobot picture`: gathers what a picture shows and writes it. Nothing is changed in the register."""

from datetime import timedelta
from pathlib import Path

from bot.cli import build
from bot.cli.milestones import milestone_words
from bot.errors import BotError, ConfigError
from bot.report.files import write_whole
from bot.report.timeline import timeline_page, timeline_svg
from bot.report.wheel import wheel_page, wheel_svg
from bot.store import engine as db
from bot.store import rows
from rules.body import case_key
from rules.wheel import case_line, year_wheel

AHEAD = timedelta(days=200)  # two marks ahead, as `explain` tells


def of_year(config_file: Path | None, year: str, out: Path | None, now: str) -> None:
    """The wheel of a year. Raises ConfigError for what is no year of this law."""
    if not (year.isascii() and year.isdigit() and 1994 <= int(year) <= 2200):
        raise ConfigError("The year is written as 2026.")
    config = build.configuration(config_file)
    office = build.office(config)
    today = office.today(build.instant(config, now))
    with db.read(office.engine) as tx:
        wheel = year_wheel(rows.open_rows(tx), office.planner, int(year), today)
    if _alone(out):
        _give(wheel_svg(wheel), out)
    else:
        _give(wheel_page(wheel, {kind: milestone_words(kind) for kind in wheel.kinds}), out)


def of_case(config_file: Path | None, case: str, out: Path | None, now: str) -> None:
    """The line of each row of a case. Raises BotError when there is none, and for several rows in one SVG."""
    config = build.configuration(config_file)
    office = build.office(config)
    today = office.today(build.instant(config, now))
    with db.read(office.engine) as tx:
        found = sorted(rows.named(tx, [case_key(case)]), key=lambda row: (row.entry.start, row.id))
    if not found:
        raise BotError("No row has that case; see `ivobot register list`.")
    lines = [case_line(row, today, today + AHEAD) for row in found]
    if not _alone(out):
        _give(timeline_page(lines), out)
    elif len(lines) > 1:
        raise BotError(f"The case has {len(lines)} rows, and an SVG file shows one; name a file that ends with .html.")
    else:
        _give(timeline_svg(lines[0], "linje"), out)


def _alone(out: Path | None) -> bool:
    """Whether the picture is wanted without a page."""
    return out is not None and out.suffix.lower() == ".svg"


def _give(text: str, out: Path | None) -> None:
    if out is None:
        print(text)
    else:
        write_whole(out, text.encode("utf-8"))
        print(f"Bilden ligger i {out}.")
