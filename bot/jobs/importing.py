"""Takes a register file into the database: all of it in one transaction, or nothing."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from pathlib import Path

from sqlalchemy import Connection

from bot.errors import RegisterError
from bot.jobs import again
from bot.jobs.office import Office
from bot.jobs.planned import Plans
from bot.jobs.prune import closed_through
from bot.register.reader import Notice, RegisterFile, read
from bot.store import audit, claims, imports, rows, states, undo
from bot.store import engine as db
from rules.asked import renumbered
from rules.mails import FileTaken, RowFault, RowNotice
from rules.mark import Count, count
from rules.merge import Changes, as_new, merge
from rules.model import Row
from rules.pruning import without_old
from rules.window import Quarter


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed, or in a dry run would change."""

    changes: Changes
    created: int
    changed: int
    unchanged: int
    vanished: tuple[Row, ...]
    passed: tuple[Notice, ...] = ()  # warnings that only the register tells: rows closed so long ago that they are pruned


def import_file(
    office: Office,
    source: str | Path | bytes,
    now: datetime,
    *,
    sheet: str | None = None,
    quarter: Quarter | None = None,
    force: bool = False,
    who: str = "service",
) -> tuple[RegisterFile, Imported]:
    """Reads a file and takes it in, as `read_file` and `take` do; the same file again, while nothing has changed, is known at once."""
    try:
        marked = again.mark(office, source, now, sheet, quarter)
    except OSError:
        marked = ""  # the reader says what is wrong with it
    with db.read(office.engine) as tx:
        if (said := again.recall(tx, office, marked)) is not None:
            file = RegisterFile((), said.errors, said.warnings, said.ignored, frozenset(), frozenset(), (), said.sheet)
            return file, Imported(Changes(), 0, 0, said.rows, tuple(rows.by_id(tx, said.vanished)))
    file = read_file(office, source, now, sheet=sheet, quarter=quarter)
    done = take(office, file, now, force=force, quarter=quarter, who=who, marked=marked)
    return warned(file, done), done


def read_file(
    office: Office, source: str | Path | bytes, now: datetime, *, sheet: str | None = None, quarter: Quarter | None = None
) -> RegisterFile:
    """Reads a register file as this office's configuration and routine say. Raises RegisterError for one that cannot be read as a whole."""
    with _many_objects():
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
    marked: str = "",
) -> Imported:
    """Takes the good rows in. A second import of the same file changes nothing. `who` stands in the audit trail.
    `marked`: the file's fingerprint, by which it is known again.

    Raises RegisterError, and changes nothing, when too much of the register would vanish or change date and `force` is not given.
    """
    today = office.today(now)
    entries = file.by_identity
    with _many_objects(), db.write(office.engine) as tx:
        missing = imports.missing(tx)
        standing = rows.compare(tx, entries, lambda entry: as_new(entry, today))
        changes = merge(standing, entries, today=today, told=file.told, unread=file.unread, missing=missing)
        vanished = tuple(rows.by_id(tx, changes.vanished))
        passed: tuple[Notice, ...] = ()
        if (through := closed_through(office, today)) is not None:
            changes, old = without_old(changes, through)
            passed = tuple(Notice(row, "pruned") for which, (row, _) in zip(file.identities, file.entries, strict=True) if which in old)
        result = Imported(changes, len(changes.created), len(changes.changed), len(changes.unchanged), vanished, passed)
        if dry_run:
            return result
        if changes.braked and not force:
            moved = len(vanished) + sum(change.corrected for change in changes.changed)
            raise RegisterError(
                f"{moved} of the open rows would vanish or change date, and nothing was changed; "
                "see that the file is whole, then import it with --force."
            )
        plans = Plans.of(tx, entries, file.told, today)
        linked = rows.ids(tx, {link.newer for link in changes.links})
        # Every row that is there already and may change. New rows need no record of what they were.
        concerned = {*(change.row for change in changes.changed), *missing.symmetric_difference(changes.vanished)}
        concerned |= {*plans.concerned(tx), *linked.values()}
        before = states.of(tx, concerned)
        moved_reports = undo.reports_of(tx, (change.row for change in changes.changed if change.took_over or change.corrected))
        listed = imports.listed_in(tx, str(quarter)) if quarter is not None else set()

        created = _create(tx, office, changes, today)
        _change(tx, office, changes)
        imports.note_missing(tx, changes.vanished)
        _link(tx, changes)
        plans.write(tx)
        if quarter is not None:
            imports.list_in(tx, str(quarter), rows.ids(tx, entries.keys()).values())

        differences = tuple(states.differences(tx, before, before))
        if created or differences or (quarter is not None and listed != imports.listed_in(tx, str(quarter))):
            said = {"created": result.created, "changed": result.changed, "not_in_file": len(vanished)}
            new = (states.note_created(row_id, one.entry) for row_id, one in zip(created, changes.created, strict=True))
            changed = (states.note("changed", each) for each in differences)
            audited = audit.write(tx, now, who, chain([audit.Note("import", None, said)], changed, new))
            undo.keep(tx, now, audited, differences, created, moved_reports, str(quarter or ""), listed)
        if marked:
            again.remember(tx, office, marked, warned(file, result), changes.vanished)
    return result


def warned(file: RegisterFile, done: Imported) -> RegisterFile:
    """The file with the warnings that only taking it in could give."""
    return replace(file, warnings=(*file.warnings, *done.passed)) if done.passed else file


def told(file: RegisterFile, done: Imported) -> FileTaken:
    """What an import did, for the person who gave the file: rows by number and column, never a cell."""
    return FileTaken(
        created=done.created,
        changed=done.changed,
        unchanged=done.unchanged,
        vanished=tuple(f"{row.entry.shown}, {row.entry.insats}, {row.entry.start}" for row in done.vanished),
        faults=tuple(RowFault(fault.row, fault.column, fault.reason) for fault in file.errors),
        notices=tuple(RowNotice(notice.row, notice.code) for notice in file.warnings),
        ignored=len(file.ignored),
    )


@contextmanager
def _many_objects() -> Iterator[None]:
    """Puts off the search for cycles among objects: an import makes hundreds of thousands without one, and each search looks at all."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _create(tx: Connection, office: Office, changes: Changes, today: date) -> range:
    silent_before = today if rows.empty(tx) else Quarter.of(today).first
    days = claims.FirstDays(office.planner, today, silent_before)
    new = ((one.entry, one.closing, days.day(one.entry, one.closing)) for one in changes.created)
    return rows.add_many(tx, new, entered=today, silent_before=silent_before)


def _change(tx: Connection, office: Office, changes: Changes) -> None:
    moved = {change.row: change for change in changes.changed if change.took_over or change.corrected}
    former = [(row, rows.reported_marks(tx, row.id)) for row in rows.by_id(tx, moved)]
    rows.change_many(tx, ((change.row, change.new, change.closing) for change in changes.changed))
    for row, marks in former:
        if marks:
            counted = Count(moved[row.id].new.start, 0, count(row).step)
            rows.renumber(tx, row.id, renumbered(marks, counted, office.planner.workdays))
    claims.reschedule(tx, office.planner, (change.row for change in changes.changed))


def _link(tx: Connection, changes: Changes) -> None:
    ids = rows.ids(tx, {end for link in changes.links for end in (link.newer, link.former)})
    imports.follow_many(tx, {ids[link.newer]: ids[link.former] for link in changes.links})
