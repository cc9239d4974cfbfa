"""`ivobot quality`: how well the reports of a quarter came in."""

import json
from dataclasses import asdict
from pathlib import Path

from bot.cli import build
from bot.cli.report import parse
from bot.cli.table import show
from bot.jobs.quality import quality_of
from bot.store import engine as db


def run(config_file: Path | None, name: str, now: str, *, as_json: bool) -> None:
    """Prints the table with its definitions, or one JSON object a line."""
    quarter = parse(name)
    config = build.configuration(config_file)
    office = build.office(config)
    with db.read(office.engine) as tx:
        found = quality_of(tx, office, quarter, None, office.today(build.instant(config, now)))
    if as_json:
        for line in found.lines:
            print(json.dumps(asdict(line), ensure_ascii=False))
        return
    kinds = {"all": "Alla", "officer": "Handläggare", "unit": "Enhet", "provider": "Utförare"}
    columns = ["", "", *(one.label for one in found.definitions)]
    show(columns, [[kinds[line.kind], line.name, *(str(getattr(line, one.key)) for one in found.definitions)] for line in found.lines])
    print()
    for one in found.definitions:
        print(f"{one.label}: {one.text}")
