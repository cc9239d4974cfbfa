"""`ivobot register import`: taking a register file in."""

import json
from pathlib import Path
from typing import Any

from bot.cli import build
from bot.cli.operator import operator
from bot.cli.progress import working
from bot.errors import ConfigError
from bot.jobs.importing import Imported, import_file, read_file, take, warned
from bot.register.reader import RegisterFile
from rules.window import Quarter

SHOWN = 20  # refused rows and warnings that a person is shown; JSON holds all


def take_file(
    config_file: Path | None, file: Path, *, dry_run: bool, force: bool, sheet: str | None, quarter: str, as_json: bool, now: str
) -> int:
    """Imports a register file; gives the exit code, 1 when a row was refused."""
    config = build.configuration(config_file)
    instant = build.instant(config, now)
    office = build.office(config)
    named = _quarter(quarter)
    with working("Reading the register file"):
        if dry_run:
            content = read_file(office, file, instant, sheet=sheet, quarter=named)
            done = take(office, content, instant, force=force, dry_run=True, quarter=named)
            content = warned(content, done)
        else:
            content, done = import_file(office, file, instant, sheet=sheet, quarter=named, force=force, who=operator())
    print(json.dumps(_as_json(content, done), ensure_ascii=False)) if as_json else _tell(content, done, dry_run=dry_run)
    return int(bool(content.errors))


def _quarter(text: str) -> Quarter | None:
    try:
        return Quarter.parse(text) if text else None
    except ValueError as error:
        raise ConfigError(f"--quarter: {error}.") from None


def _as_json(file: RegisterFile, done: Imported) -> dict[str, Any]:
    return {
        "created": done.created,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "vanished": len(done.vanished),
        "errors": [{"row": f.row, "column": f.column, "reason": f.reason} for f in file.errors],
        "warnings": [{"row": w.row, "code": w.code} for w in file.warnings],
    }


def _tell(file: RegisterFile, done: Imported, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    print(
        f"{done.created} {would}created, {done.changed} {would}changed, {done.unchanged} unchanged, {len(done.vanished)} not in the file."
    )
    if dry_run:
        if done.changes.braked:
            print("So much would vanish or change date that the import stops without --force; see that the file is whole.")
        for change in done.changes.changed:
            fields = ", ".join(f"{name}: {getattr(change.old, name)} → {getattr(change.new, name)}" for name in change.fields)
            print(f"  {change.old.case} {change.old.insats}: {fields or 'closing'}")
    for row in done.vanished[:SHOWN]:
        print(f"  not in the file, stays open: {row.entry.shown} {row.entry.insats} {row.entry.start}")
    if file.ignored:
        print(f"Columns that are not read: {', '.join(file.ignored)}.")
    for fault in file.errors[:SHOWN]:
        print(f"  row {fault.row} refused, {fault.column}: {fault.reason}")
    for notice in file.warnings[:SHOWN]:
        print(f"  row {notice.row}: {notice.code}")
    more = max(0, len(file.errors) - SHOWN) + max(0, len(file.warnings) - SHOWN) + max(0, len(done.vanished) - SHOWN)
    if more:
        print(f"  and {more} more; --json prints all.")
