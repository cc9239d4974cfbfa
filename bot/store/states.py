"""Rows as the database holds them, column by column: what a change changed, and putting it back."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from bot.store.audit import Note
from bot.store.bulk import Plain, iso
from bot.store.rows import chunks
from bot.store.schema import register_row
from rules.model import Entry

c = register_row.c
_COLUMNS = [column for column in c if column.name not in ("id", "next_due")]  # the next day is counted from the others
_NAMES = [column.name for column in _COLUMNS]
_UNTOLD = ("case_key", "alias_key", "first_mark", "person")  # say nothing to people that the others do not say
_AT_FIRST = ("insats", "sort", "start", "officer")

States = Mapping[int, str]
"""Row id → its columns as JSON."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of a row: the columns that differ, before and after. A created row has none."""

    row: int
    created: bool
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def of(tx: Connection, ids: Collection[int] | None = None) -> dict[int, str]:
    """The state of these rows, or of all. Text, so that a large register costs little memory."""
    query = select(c.id, func.json_array(*_COLUMNS))
    if ids is None:
        return {row_id: state for row_id, state in tx.execute(query)}
    return {row_id: state for chunk in chunks(sorted(ids)) for row_id, state in tx.execute(query.where(c.id.in_(chunk)))}


def columns(state: str) -> dict[str, Any]:
    """A state by the names of its columns."""
    return dict(zip(_NAMES, json.loads(state), strict=True))


def differences(tx: Connection, before: States, ids: Collection[int] | None = None) -> Iterator[Difference]:
    """What of these rows, or of all, is not as it was."""
    for row_id, state in of(tx, ids).items():
        if (was := before.get(row_id)) is None:
            yield Difference(row_id, True, {}, columns(state))
        elif was != state:
            old, new = columns(was), columns(state)
            names = [name for name in _NAMES if old[name] != new[name]]
            yield Difference(row_id, False, {name: old[name] for name in names}, {name: new[name] for name in names})


def put(tx: Connection, row_id: int, values: Mapping[str, Any]) -> None:
    """Gives columns values as the database holds them."""
    raw = {name: bindparam(f"raw_{name}", value, type_=Plain()) for name, value in values.items()}
    if raw:
        tx.execute(update(register_row).where(c.id == row_id).values(raw))


def note(what: str, each: Difference, **contents: object) -> Note:
    """The audit entry of a difference: old and new values; of a created row what it began as. No person's hash stands in it."""
    if each.created:
        fields: dict[str, Any] = {name: [None, each.after[name]] for name in _AT_FIRST}
    else:
        fields = {name: [each.before[name], each.after[name]] for name in each.after if name not in _UNTOLD}
    return Note(what, each.row, {"fields": fields, **contents})


def note_created(row_id: int, entry: Entry) -> Note:
    """The audit entry of a row that an import created, as `note` would write it; a file may bring many, so nothing is read again."""
    first = (entry.insats, entry.sort.value, iso(entry.start), entry.officer)
    return Note("created", row_id, {"fields": {name: [None, value] for name, value in zip(_AT_FIRST, first, strict=True)}})
