"""`ivobot sheet CASE`: the sheets of a case's rows as text, JSON or an HTML page. Nothing is changed."""

import json
from collections.abc import Sequence
from pathlib import Path

from bot.cli import build
from bot.errors import BotError, ConfigError
from bot.jobs import hand_values
from bot.jobs.sheets import sheets
from bot.report.files import write_whole
from bot.sheets.data import data
from bot.sheets.page import page
from bot.sheets.text import text
from bot.store import engine as db
from bot.store import kept, rows
from rules.body import case_key
from rules.sheet import Item, Sheet, chosen

FORMATS = ("text", "html", "json")
_ENDINGS = {"text": ".txt", "html": ".html", "json": ".json"}


def run(config_file: Path | None, case: str, formats: str, out: Path | None, *, insats: str, start: str, now: str) -> None:
    """Prints or writes the sheet of each row of a case, or of the row that is chosen. Raises BotError where there is none."""
    wanted = [name.strip() for name in formats.split(",") if name.strip()] or ["text"]
    if unknown := next((name for name in wanted if name not in FORMATS), None):
        raise ConfigError(f"There is no format {unknown[:20]}; the formats are: {', '.join(FORMATS)}.")
    config = build.configuration(config_file)
    office = build.office(config)
    today = office.today(build.instant(config, now))
    first = hand_values.one_day(start, "--start", today) if start else None
    with db.read(office.engine) as tx:
        found = sorted(rows.named(tx, [case_key(case)]), key=lambda row: (row.entry.start, row.id))
        if not found:
            raise BotError("No row has that case; see `ivobot register list`.")
        found = [row for row in found if row.entry.insats == "".join(insats.split()) or not insats]
        found = [row for row in found if first in (None, row.entry.start)]
        if not found:
            raise BotError("No row of that case has that insats and start; see `ivobot register show`.")
        ticked = kept.ticked(tx, found, config.bot.timezone)
        made = sheets(tx, office, [Item(row, chosen(row, ticked, today)) for row in found], today)
    for name in wanted:
        _give(_as(name, made), out.with_suffix(_ENDINGS[name]) if out and len(wanted) > 1 else out)


def _as(name: str, made: Sequence[Sheet]) -> str:
    match name:
        case "html":
            return page(made)
        case "json":
            return "".join(f"{json.dumps(data(one), ensure_ascii=False)}\n" for one in made)
        case _:
            return "\n\n".join(text(one) for one in made)


def _give(content: str, out: Path | None) -> None:
    if out is None:
        print(content, end="")
        return
    write_whole(out, content.encode("utf-8"))
    print(f"Underlaget ligger i {out}.")
