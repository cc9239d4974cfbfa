"""Takes a register file into the database: all of it in one transaction, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection

from bot.errors import RegisterError
from bot.jobs.office import Office
from bot.register.reader import RegisterFile, read
from bot.store import audit, claims, imports, rows, states, undo
from bot.store import engine as db
from rules.asked import renumbered
from rules.former import identity
from rules.mark import Count, count
from rules.merge import Changed, Changes, merge
from rules.model import ClosedBy, Closing, Entry, Outcome, Row
from rules.window import Quarter


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed, or in a dry run would change."""

    changes: Changes
    created: int
    changed: int
    unchanged: int
    vanished: tuple[Row, ...]


def read_file(
    office: Office, source: str | Path | bytes, now: datetime, *, sheet: str | None = None, quarter: Quarter | None = None
) -> RegisterFile:
    """Reads a register file as this office's configuration and routine say. Raises RegisterError for one that cannot be read as a whole."""
    return read(
        source,
        today=office.today(now),
        hash_person=lambda number: office.keys.hash("person", number),
        columns=office.config.register_file.columns,
        sheet=sheet,
        quarter=quarter,
        officers=frozenset(office.config.people.officers),
        dates=office.planner.routine.columns,
    )


def take(
    office: Office,
    file: RegisterFile,
    now: datetime,
    *,
    force: bool = False,
    dry_run: bool = False,
    quarter: Quarter | None = None,
    who: str = "service",
) -> Imported:
    """Takes the good rows in. A second import of the same file changes nothing. `who` stands in the audit trail.

    Raises RegisterError, and changes nothing, when too much of the register would vanish or change date and `force` is not given.
    """
    today = office.today(now)
    with db.write(office.engine) as tx:
        before = rows.everything(tx)
        entries = [entry for _, entry in file.entries]
        changes = merge(before, entries, today=today, told=file.told, unread=file.unread, missing=imports.missing(tx))
        known = {row.id: row for row in before}
        vanished = tuple(known[row_id] for row_id in changes.vanished)
        result = Imported(changes, len(changes.created), len(changes.changed), len(changes.unchanged), vanished)
        if dry_run:
            return result
        if changes.braked and not force:
            moved = len(vanished) + sum(change.corrected for change in changes.changed)
            raise RegisterError(
                f"{moved} of the open rows would vanish or change date, and nothing was changed; "
                "see that the file is whole, then import it with --force."
            )
        states_before = states.of(tx)
        moved_reports = undo.reports_of(tx, (change.row for change in changes.changed if change.took_over or change.corrected))
        listed = imports.listed_in(tx, str(quarter)) if quarter is not None else set()
        _apply(tx, office, changes, known, today)
        _plan(tx, entries, today)
        if quarter is not None:
            ids = {identity(row.entry): row.id for row in rows.everything(tx)}
            imports.list_in(tx, str(quarter), (ids[identity(entry)] for entry in entries if identity(entry) in ids))
        differences = tuple(states.differences(tx, states_before))
        if differences or (quarter is not None and listed != imports.listed_in(tx, str(quarter))):
            said = {"created": result.created, "changed": result.changed, "not_in_file": len(vanished)}
            notes = [audit.Note("import", None, said)]
            notes += [states.note("created" if each.created else "changed", each) for each in differences]
            audited = audit.write(tx, now, who, notes)
            undo.keep(tx, now, audited, differences, moved_reports, str(quarter or ""), listed)
    return result


def _apply(tx: Connection, office: Office, changes: Changes, before: dict[int, Row], today: date) -> None:
    silent_before = today if rows.empty(tx) else Quarter.of(today).first
    new = [(one.entry, one.closing) for one in changes.created]
    touched = rows.add_many(tx, new, entered=today, silent_before=silent_before)
    for change in changes.changed:
        _change(tx, office, change, before[change.row])
        touched.append(change.row)
    imports.note_missing(tx, changes.vanished)
    if changes.links:
        ids = {identity(row.entry): row.id for row in rows.everything(tx)}
        for link in changes.links:
            imports.follow(tx, ids[link.newer], ids[link.former])
    claims.reschedule(tx, office.planner, touched)


def _plan(tx: Connection, entries: Sequence[Entry], today: date) -> None:
    """Keeps the closing days to come: they close their rows when they are here, also without another import."""
    planned = imports.planned(tx)
    told = {identity(entry): entry for entry in entries}
    coming = {which for which, entry in told.items() if _to_come(entry, today)}
    if not planned and not coming:
        return
    for row in rows.everything(tx):
        entry = told.get(identity(row.entry))
        if entry is not None and row.open and (row.id in planned or identity(entry) in coming):
            imports.plan_closing(tx, row.id, _to_come(entry, today))


def _to_come(entry: Entry, today: date) -> Closing | None:
    days = [(on, o) for o, on in ((Outcome.EXECUTED, entry.executed), (Outcome.ENDED, entry.ended)) if on and on > today]
    return Closing(min(days)[1], min(days)[0], ClosedBy.REGISTER) if days else None


def _change(tx: Connection, office: Office, change: Changed, row: Row) -> None:
    marks = rows.reported_marks(tx, row.id)
    rows.change(tx, change.row, change.new, change.closing)
    if marks and (change.took_over or change.corrected):
        counted = Count(change.new.start, 0, count(row).step)
        rows.renumber(tx, row.id, renumbered(marks, counted, office.planner.workdays))
