"""`ivobot register …`: taking a file in, and looking at what is tracked."""

import json
from pathlib import Path
from typing import Any

from bot.cli import build
from bot.cli.table import show
from bot.errors import ConfigError
from bot.jobs.importing import Imported, take
from bot.register.reader import RegisterFile, read
from bot.store import engine as db
from bot.store import rows
from rules.model import Row
from rules.window import Quarter

SHOWN = 20  # refused rows and warnings that a person is shown; JSON holds all


def take_file(
    config_file: Path | None, file: Path, *, dry_run: bool, force: bool, sheet: str | None, quarter: str, as_json: bool, now: str
) -> int:
    """Imports a register file; gives the exit code, 1 when a row was refused."""
    config = build.configuration(config_file)
    instant = build.instant(config, now)
    office = build.office(config)
    read_file = read(
        file,
        today=office.today(instant),
        hash_person=lambda number: office.keys.hash("person", number),
        columns=config.register_file.columns,
        sheet=sheet,
        quarter=_quarter(quarter),
        officers=frozenset(config.people.officers),
    )
    done = take(office, read_file, instant, force=force, dry_run=dry_run, quarter=_quarter(quarter))
    print(json.dumps(_as_json(read_file, done), ensure_ascii=False)) if as_json else _tell(read_file, done, dry_run=dry_run)
    return int(bool(read_file.errors))


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


def show_list(config_file: Path | None, *, open_only: bool, insats: str, as_json: bool) -> None:
    """Prints the register, oldest start first."""
    office = build.office(build.configuration(config_file))
    with db.read(office.engine) as tx:
        found = [row for row in (rows.open_rows(tx) if open_only else rows.everything(tx)) if not insats or row.entry.insats == insats]
    found.sort(key=lambda row: (row.entry.start, row.entry.case))
    if as_json:
        for row in found:
            print(json.dumps(_row_json(row), ensure_ascii=False))
        return
    show(
        ("Ärende", "Insats", "Start", "", "Handläggare", "Läge", "Rapporterat"),
        [
            (
                row.entry.shown,
                row.entry.insats,
                row.entry.start.isoformat(),
                "avbrott" if row.entry.sort == "interruption" else "",
                row.entry.officer,
                _state(row),
                ", ".join(str(report.k) for report in row.reports if report.k) or "–",
            )
            for row in found
        ],
    )


def _state(row: Row) -> str:
    if row.closing is None:
        return "delvis verkställt" if row.entry.partly_from else "ej verkställt"
    return f"{'verkställt' if row.closing.outcome == 'executed' else 'avslutat'} {row.closing.on}"


def _row_json(row: Row) -> dict[str, Any]:
    closing = row.closing
    return {
        "case": row.entry.shown,
        "insats": row.entry.insats,
        "form": row.entry.form,
        "sort": row.entry.sort,
        "start": row.entry.start.isoformat(),
        "officer": row.entry.officer,
        "open": row.open,
        "outcome": closing.outcome if closing else None,
        "closed_on": closing.on.isoformat() if closing else None,
        "reported": [report.k for report in row.reports],
        "provisional": row.provisional,
    }
