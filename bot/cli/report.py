"""`ivobot report`: the figures of a quarter."""

import json
from pathlib import Path
from typing import Any

from bot.cli import build
from bot.errors import ConfigError
from bot.store import engine as db
from bot.store import imports, rows
from rules.stats import Figures, QuarterFigures, quarter_figures
from rules.window import Quarter


def run(config_file: Path | None, quarter: str, form: str, *, internal: bool) -> None:
    """Prints a quarter's figures. Raises ConfigError for what this version cannot print: figures for others must be suppressed first."""
    if form != "json" or not internal:
        raise ConfigError("This version prints the internal figures as JSON only; run: ivobot report 2023Q4 --format json --internal.")
    try:
        wanted = Quarter.parse(quarter)
    except ValueError as error:
        raise ConfigError(f"That is no quarter: {error}.") from None
    office = build.office(build.configuration(config_file))
    with db.read(office.engine) as tx:
        found = quarter_figures(rows.everything(tx), imports.listed_in(tx, str(wanted)), wanted)
    print(json.dumps(_as_json(found), ensure_ascii=False))


def _as_json(found: QuarterFigures) -> dict[str, Any]:
    return {
        "quarter": str(found.quarter),
        "rows": [{"insats": figures.insats} | _figures(figures) for figures in found.rows],
        "total": _figures(found.total),
        "findings": [{"case": finding.case, "code": finding.code} for finding in found.findings],
    }


def _figures(figures: Figures) -> dict[str, Any]:
    """One row's figures; the ongoing totals come from outside the register and are not known here."""
    return {
        "open_men": figures.open_men,
        "open_women": figures.open_women,
        "executed": figures.executed,
        "ended": figures.ended,
        "reported": figures.reported,
        "interruptions_open": figures.interruptions_open,
        "cause": dict(figures.cause),
        "ongoing_men": None,
        "ongoing_women": None,
        "waits_days": list(figures.waits_days),
        "waits_days_interruptions": list(figures.waits_days_interruptions),
    }
