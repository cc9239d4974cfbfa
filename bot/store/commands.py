"""What answering a digest needs of the database: which digest, what is postponed, and what each command changed, to take it back."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, func, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.store.rows import chunks
from bot.store.schema import mail, register_row
from bot.store.schema_commands import digest_command, postponed

c, p = digest_command.c, postponed.c

ANSWERED = ("digest", "digest_answer")
"""The mails whose rows can be answered: the digest, and the answer to a reply to it, which is about the same rows."""


class _Kept(NamedTuple):
    """How a table is photographed: which columns name a line of it, which are looked at ("" for all), and by which it is found."""

    key: tuple[str, ...]
    columns: tuple[str, ...]
    by: str


# In the order in which lines are put back: a letter or a report refers to its row. What only the mailbox or the clock changes is left out.
_TABLES: Mapping[str, _Kept] = {
    "register_row": _Kept(("id",), (), "rows"),
    "report": _Kept(("id",), (), "rows"),
    "claim": _Kept(("row_id", "start", "k", "milestone"), (), "rows"),
    "postponed": _Kept(("row_id", "start", "k"), (), "rows"),
    "letter": _Kept(("id",), ("meeting", "reason", "case", "row_id", "k", "folder", "settled", "reported_to_ivo"), "letters"),
    "kept": _Kept(("letter_id",), ("about_id",), "letters"),
}

Line = dict[str, Any]
Photo = dict[str, dict[str, Line]]
"""Table → key as JSON → columns, with values as the database holds them."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a table before and after: only the columns that differ, or the whole line where it was made (before None) or taken away."""  # noqa: E501

    table: str
    key: str
    before: Line | None
    after: Line | None


@dataclass(frozen=True, slots=True)
class Postponed:
    """That a mark's overdue reminders wait until a day, and why, in the reporter's words."""

    until: date
    why: str


def answered(tx: Connection, message_ids: Sequence[str]) -> RowMapping | None:
    """The mail of ours that a letter answers: the first of these Message-IDs that is known. Gives id, name, facts and created."""
    query = select(mail.c.id, mail.c.name, mail.c.facts, mail.c.created, mail.c.message_id).where(mail.c.message_id.in_(message_ids[:500]))
    found = {r["message_id"]: r for r in tx.execute(query).mappings()}
    return next((found[one] for one in message_ids if one in found), None)


def postpone(tx: Connection, row_id: int, start: date, k: int, until: date, why: str, who: str, today: date) -> None:
    """Notes that a mark waits until a day; a later word goes before a former."""
    values = {"until": until, "why": why, "who": who, "noted": today}
    query = insert(postponed).values(row_id=row_id, start=start, k=k, **values)
    tx.execute(query.on_conflict_do_update(index_elements=[p.row_id, p.start, p.k], set_=values))


def waiting(tx: Connection, today: date, ids: Iterable[int] | None = None) -> dict[tuple[int, int], Postponed]:
    """What is postponed beyond today, of these rows or of all, by (row, k). A row whose start was corrected since waits for nothing."""
    same = (register_row.c.id == p.row_id) & (register_row.c.start == p.start)
    query = select(p.row_id, p.k, p.until, p.why).join(register_row, same).where(p.until > today)
    parts = [query] if ids is None else [query.where(p.row_id.in_(chunk)) for chunk in chunks(sorted(set(ids)))]
    return {(row_id, k): Postponed(until, why) for part in parts for row_id, k, until, why in tx.execute(part)}


# What a command changed.


def photo(tx: Connection, row_ids: Collection[int], letter_ids: Collection[int]) -> Photo:
    """The lines of all tables that a command can change about these rows and letters."""
    found: Photo = {}
    for table, kept in _TABLES.items():
        ids = sorted(row_ids if kept.by == "rows" else letter_ids)
        by = kept.key[0] if kept.by == "letters" or table == "register_row" else "row_id"
        found[table] = {}
        for chunk in chunks(ids):
            marks = ", ".join("?" * len(chunk))
            for line in tx.exec_driver_sql(f'SELECT * FROM "{table}" WHERE "{by}" IN ({marks})', tuple(chunk)).mappings():
                names = kept.columns or tuple(name for name in line if name != "next_due")  # the next day is counted from the others
                found[table][json.dumps([line[name] for name in kept.key])] = {name: line[name] for name in names}
    return found


def changes(before: Photo, after: Photo) -> list[Change]:
    """What became of the lines."""
    found = []
    for table in _TABLES:
        for key in sorted(before[table].keys() | after[table].keys()):
            was, is_ = before[table].get(key), after[table].get(key)
            if was is None or is_ is None:
                found.append(Change(table, key, was, is_))
            elif names := [name for name in was if was[name] != is_[name]]:
                found.append(Change(table, key, {name: was[name] for name in names}, {name: is_[name] for name in names}))
    return found


def stands(tx: Connection, changed: Iterable[Change]) -> bool:
    """Whether everything is still as it was left, so that it can be taken back without undoing what others did since."""
    for each in changed:
        line = _line(tx, each)
        if each.after is None:
            if line is not None:
                return False
        elif line is None or any(line[name] != value for name, value in each.after.items()):
            return False
    return True


def take_back(tx: Connection, changed: Sequence[Change]) -> None:
    """Puts the lines back as they were before. A letter that belongs elsewhere now is moved there at the next round."""
    order = list(_TABLES)
    for each in sorted(changed, key=lambda one: order.index(one.table)):
        where = " AND ".join(f'"{name}" = ?' for name in _TABLES[each.table].key)
        key = tuple(json.loads(each.key))
        if each.before is None:
            tx.exec_driver_sql(f'DELETE FROM "{each.table}" WHERE {where}', key)
        elif each.after is None:
            names = ", ".join(f'"{name}"' for name in each.before)
            marks = ", ".join("?" * len(each.before))
            tx.exec_driver_sql(f'INSERT INTO "{each.table}" ({names}) VALUES ({marks})', tuple(each.before.values()))
        else:
            said = ", ".join(f'"{name}" = ?' for name in each.before)
            tx.exec_driver_sql(f'UPDATE "{each.table}" SET {said} WHERE {where}', (*each.before.values(), *key))
        if each.table == "letter":
            tx.exec_driver_sql("UPDATE letter SET filed = NULL WHERE id = ? AND folder != found_in", key)


def _line(tx: Connection, each: Change) -> Line | None:
    where = " AND ".join(f'"{name}" = ?' for name in _TABLES[each.table].key)
    found = tx.exec_driver_sql(f'SELECT * FROM "{each.table}" WHERE {where}', tuple(json.loads(each.key))).mappings().first()
    return dict(found) if found is not None else None


# The commands themselves.


def note(
    tx: Connection, *, letter: int, who: str, at: datetime, n: int, verb: str, row_id: int | None, k: int | None, changed: Sequence[Change]
) -> None:
    """Keeps what a command of a reply did."""
    inverse = json.dumps([[one.table, one.key, one.before, one.after] for one in changed], ensure_ascii=False)
    values = {"letter_id": letter, "who": who, "at": at, "n": n, "verb": verb, "row_id": row_id, "k": k, "inverse": inverse}
    tx.execute(insert(digest_command).values(values))


def last(tx: Connection, who: str, since: datetime) -> list[tuple[RowMapping, list[Change]]]:
    """What the last reply of a reporter did that is not taken back, the latest first, if it came since an instant."""
    mine = (c.who == who, c.inverse.is_not(None), c.at >= since)
    newest = select(func.max(c.letter_id)).where(*mine).scalar_subquery()
    found = tx.execute(select(digest_command).where(*mine, c.letter_id == newest).order_by(c.id.desc())).mappings().all()
    return [(r, [Change(*one) for one in json.loads(r["inverse"])]) for r in found]


def note_undone(tx: Connection, command_id: int, at: datetime) -> None:
    """That a command is taken back; it never is again."""
    tx.execute(update(digest_command).where(c.id == command_id).values(undone=at, inverse=None))


def forget(tx: Connection, before: datetime) -> None:
    """Takes away how commands from before an instant would be taken back, and what waited until a day long past."""
    tx.execute(update(digest_command).where(c.at < before, c.inverse.is_not(None)).values(inverse=None))
    tx.execute(postponed.delete().where(p.until < before.date()))
