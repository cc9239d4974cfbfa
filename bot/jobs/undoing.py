"""Undoes an import whole: what it created goes, what it changed gets its former values back, and what people did since stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.errors import BotError
from bot.jobs.office import Office
from bot.store import audit, claims, imports, rows, states, undo
from bot.store import engine as db
from rules.asked import renumbered
from rules.mark import count
from rules.model import ClosedBy, Row

IDENTITY = ("case", "insats", "sort", "start")
TOGETHER = (  # columns that say one thing: a value that was changed since keeps the others with it
    (*IDENTITY, "case_key", "decision_date", "first_mark"),
    ("closed_outcome", "closed_on", "closed_by"),
    ("planned_outcome", "planned_on"),
    ("alias", "alias_key"),
)


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing an import did. `stayed`: created rows that stay, since something refers to them. `kept`: rows with changes made since.

    `again`: it was undone before, and nothing was changed. `earlier`: the import before it that can be undone next, if there is one.
    """

    run: undo.Run
    removed: int = 0
    restored: int = 0
    stayed: tuple[Row, ...] = ()
    kept: tuple[Row, ...] = ()
    again: bool = False
    earlier: undo.Run | None = None


def undo_import(office: Office, number: int | None, now: datetime, who: str) -> Undone:
    """Undoes the newest import that changed something, or the one of that number when every later one is undone.

    A created row that a letter, a report, a sent mail or another row refers to, or that a person has changed, stays open and tracked, and
    counts as missing in the register, so that the reporter reads of it until it is closed: nobody is forgotten by an undoing. Values that
    were changed since the import by hand or by letter stay. Raises BotError when there is no such import.
    """
    with db.write(office.engine) as tx:
        runs = undo.runs(tx)
        run = next((each for each in runs if number in (None, each.number)), None)
        if run is None:
            raise BotError(f"No such import can be undone: the last {undo.KEPT} that changed something are kept, and there is none of it.")
        earlier = next((each for each in runs if each.number < run.number and not each.undone), None)
        if run.undone:
            return Undone(run, again=True, earlier=earlier)
        if later := next((each for each in runs if each.number > run.number and not each.undone), None):
            raise BotError(
                f"Import {later.number} came later and must be undone first: `ivobot register undo-import --number {later.number}`."
            )
        return _undo(tx, office, run, earlier, now, who)


def _undo(tx: Connection, office: Office, run: undo.Run, earlier: undo.Run | None, now: datetime, who: str) -> Undone:
    found = undo.kept(tx, run.number)
    before = states.of(tx, [each.change.row for each in found])
    created = {each.change.row for each in found if each.change.created} & before.keys()
    changed = [each for each in found if not each.change.created and each.change.row in before]
    if run.quarter:
        imports.list_in(tx, run.quarter, run.listed)
    mixed = {each.change.row for each in changed if not _restore(tx, office, each, states.columns(before[each.change.row]))}
    touched = audit.touched_since(tx, run.audited) & created
    stays = touched | undo.referred_to(tx, created - touched, leaving=created - touched)
    for row in rows.by_id(tx, stays):
        if row.open:
            states.put(tx, row.id, {"missing": 1})
    undo.remove(tx, created - stays)
    undo.note_undone(tx, run.number, now)
    restored = [each.change.row for each in changed]
    claims.reschedule(tx, office.planner, [*restored, *stays])
    differences = list(states.differences(tx, before, {*restored, *stays}))
    notes = [audit.Note("undone", None, {"import": run.number, "removed": len(created - stays)})]
    notes += [audit.Note(audit.REMOVED, row_id, {"import": run.number}) for row_id in sorted(created - stays)]
    notes += [states.note("restored", each, **{"import": run.number}) for each in differences]
    audit.write(tx, now, who, notes)
    return Undone(
        run,
        removed=len(created - stays),
        restored=len({each.row for each in differences} - stays),
        stayed=tuple(rows.by_id(tx, stays)),
        kept=tuple(rows.by_id(tx, mixed)),
        earlier=earlier,
    )


def _restore(tx: Connection, office: Office, kept: undo.Kept, now: Mapping[str, Any]) -> bool:
    """Gives a row's columns their former values; False when some stay as they were made since."""
    row_id, was, made = kept.change.row, kept.change.before, kept.change.after
    grouped = {name for group in TOGETHER for name in group}
    values: dict[str, Any] = {}
    whole = True
    for group in (*TOGETHER, *((name,) for name in was if name not in grouped)):
        mine = [name for name in group if name in was]
        if all(now[name] == made[name] for name in mine):
            values |= {name: was[name] for name in mine}
        elif group[0] != "planned_outcome":  # a plan that came true is the closing's matter
            whole = False
    if _plan_came_true(made, now):
        values |= {name: None for name in TOGETHER[1]} | {name: was[name] for name in TOGETHER[2]}
    if any(name in values for name in IDENTITY) and undo.taken(tx, row_id, {name: values.get(name, now[name]) for name in IDENTITY}):
        values = {name: value for name, value in values.items() if name not in TOGETHER[0]}
        whole = False
    states.put(tx, row_id, values)
    if "start" in values or "first_mark" in values:
        _renumber(tx, office, row_id)
        undo.put_back_reports(tx, kept.reports)
    return whole


def _plan_came_true(made: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether the closing day that the import planned has come since and closed the row."""
    planned = made.get("planned_on") is not None and "closed_on" not in made
    return planned and (now["closed_on"], now["closed_by"]) == (made["planned_on"], ClosedBy.REGISTER)


def _renumber(tx: Connection, office: Office, row_id: int) -> None:
    """The row's reports stand for the marks of its former start again, also those that came since."""
    if marks := rows.reported_marks(tx, row_id):
        rows.renumber(tx, row_id, renumbered(marks, count(rows.by_id(tx, [row_id])[0]), office.planner.workdays))
