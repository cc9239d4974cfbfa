"""What pruning takes from the database: links of closed rows, senders and ids of letters that are gone, what sent mails held."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, literal, or_, select, update

from bot.store import audit, commands, kept, rows
from bot.store.rows import chunks
from bot.store.schema import Instant, MailState, claim, import_row, letter, mail, register_row, report
from bot.store.schema_commands import digest_command, postponed
from rules.model import Folder, Row, Sort

r, c, m, d = register_row.c, letter.c, mail.c, digest_command.c
ANSWERED = timedelta(days=14)  # for so long a digest can be answered, so that its rows must still be known
PRUNED = "pruned"
"""The word of the audit trail for a row that became an anonymous fact."""

WAITING = (Folder.TO_REPORT, Folder.FIX_TITLE, Folder.UNCLEAR, Folder.QUARANTINE)
_DONE = (MailState.SENT, MailState.CANCELLED)


# Letters.


def ticked(tx: Connection, lying: Sequence[str], before: datetime) -> list[tuple[int, str]]:
    """Which of the letters that lie among the reported ones were reported to IVO before an instant: ledger id, mailbox id."""
    found: list[tuple[int, str]] = []
    for chunk in chunks(lying):
        wanted = and_(c.mailbox_id.in_(chunk), c.found_in == Folder.REPORTED, c.reported_to_ivo < before)
        found += [(letter_id, mailbox_id) for letter_id, mailbox_id in tx.execute(select(c.id, c.mailbox_id).where(wanted).order_by(c.id))]
    return found


def note_deleted(tx: Connection, ids: Iterable[int], now: datetime) -> int:
    """That letters go to the deleted items; gives how many of them for the first time."""
    new = 0
    for chunk in chunks(sorted(ids)):
        new += tx.execute(update(letter).where(c.id.in_(chunk), c.deleted.is_(None)).values(deleted=now)).rowcount
    return new


def deleted(tx: Connection) -> int:
    """How many letters were deleted, ever."""
    return tx.execute(select(func.count()).where(c.deleted.is_not(None))).scalar_one()


def old_letters(tx: Connection, before: datetime) -> list[tuple[int, str, str]]:
    """Letters seen before an instant whose ledger row still tells from whom: ledger id, mailbox id, fingerprint."""
    query = select(c.id, c.mailbox_id, c.fingerprint).where(c.seen < before, c.fingerprint != "", c.filed.is_not(None))
    return [(letter_id, mailbox_id, print_) for letter_id, mailbox_id, print_ in tx.execute(query.order_by(c.id))]


def forget_letters(tx: Connection, ids: Iterable[int]) -> None:
    """Takes sender, ids and hashes away from ledger rows; how the letters were read stays."""
    nothing = dict.fromkeys(("fingerprint", "sender", "message_id", "asked_hash", "unreached"), "")
    for chunk in chunks(sorted(ids)):
        tx.execute(update(letter).where(c.id.in_(chunk)).values(nothing | {"mailbox_id": literal("pruned-").concat(c.id)}))


# Mails.


def _holds_something() -> ColumnElement[bool]:
    return or_(m.facts != "", m.message_id.is_not(None), func.json_array_length(m.to) > 0)


def old_mails(tx: Connection, before: datetime) -> int:
    """How many mails that went, or never will, before an instant still hold addresses, facts or a Message-ID."""
    return tx.execute(select(func.count()).where(_old(before))).scalar_one()


def forget_mails(tx: Connection, before: datetime) -> int:
    """Takes all that from them, and from what reporters did by answering them. Their keys stay: a key goes out once, ever."""
    values: dict[str, Any] = {"to": [], "cc": [], "refused": [], "facts": "", "problem": ""}
    values |= dict.fromkeys(("message_id", "recipients", "raw"))
    commands.forget(tx, before)
    tx.execute(update(digest_command).where(d.at < before, d.who != "").values(who=""))
    return tx.execute(update(mail).where(_old(before)).values(values)).rowcount


def _old(before: datetime) -> ColumnElement[bool]:
    return and_(m.state.in_(_DONE), func.coalesce(m.sent, m.created) < literal(before, Instant), _holds_something())


# Rows.


def closed(tx: Connection, through: date) -> list[Row]:
    """The rows closed on a day or before that nothing in the database waits for, newest first.

    That is: no letter about the row waits for anyone, no mail about it waits to be sent, and no row that is still tracked follows it.
    """
    newer = register_row.alias()
    waiting = and_(
        c.row_id == r.id, c.settled.is_(None), c.folder.in_(WAITING), c.missed.is_(None), c.deleted.is_(None), c.fingerprint != ""
    )
    claimed = exists().where(claim.c.row_id == r.id, claim.c.mail_id == m.id, m.state.not_in(_DONE))
    answered = exists().where(c.row_id == r.id, m.letter_id == c.id, m.state.not_in(_DONE))
    followed = exists().where(newer.c.former_id == r.id, newer.c.pruned.is_(None))
    found = rows.load(tx, r.closed_on <= through, r.pruned.is_(None), ~exists().where(waiting), ~claimed, ~answered, ~followed)
    return found[::-1]


def unreported(tx: Connection, ids: Collection[int]) -> set[int]:
    """Which of these rows have a final report that came and is not reported to IVO yet, though its letter is still there to be ticked."""
    found: set[int] = set()
    query = select(report.c.row_id).join(letter, c.id == report.c.letter_id)
    there = and_(c.reported_to_ivo.is_(None), c.missed.is_(None), c.fingerprint != "", c.folder == Folder.TO_REPORT)
    for chunk in chunks(sorted(ids)):
        found.update(tx.execute(query.where(report.c.row_id.in_(chunk), report.c.k == 0, there)).scalars())
    return found


def anonymise(tx: Connection, ids: Collection[int], today: date, now: datetime) -> None:
    """Makes rows anonymous facts: insats, form, sort, start, closing, sex and cause stay, under a number of their own.

    What else spoke of them goes: the links to letters, what was sent, what an import could put back, and the contents of the audit trail.
    """
    texts = dict.fromkeys(("case_key", "alias", "alias_key", "officer", "unit", "provider", "person", "previous"), "")
    nothing = dict.fromkeys(("valid_from", "judgment_final", "advance_ruling", "former_id", "planned_outcome", "planned_on", "next_due"))
    flags = dict.fromkeys(("external", "protected", "relative", "missing"), False)
    # Of an interruption the decision's own date goes; of a decision it is the start.
    decided = case((r.sort == Sort.DECISION, r.decision_date), else_=None)
    values = {**texts, **nothing, **flags, "dates": (), "decision_date": decided, "pruned": today, "case": literal("gallrad-").concat(r.id)}
    names: set[str] = set()
    for chunk in chunks(sorted(ids)):
        names |= {name for found in tx.execute(select(r.case, r.alias).where(r.id.in_(chunk))) for name in found if name}
        letters = list(tx.execute(select(c.id).where(c.row_id.in_(chunk))).scalars())
        kept.prune_rows(tx, chunk)
        kept.release(tx, letters)
        tx.execute(report.update().where(report.c.row_id.in_(chunk)).values(letter_id=None))
        tx.execute(update(letter).where(c.row_id.in_(chunk)).values(row_id=None, case="", asked_hash=""))
        tx.execute(claim.delete().where(claim.c.row_id.in_(chunk)))
        tx.execute(import_row.delete().where(import_row.c.row_id.in_(chunk)))
        tx.execute(update(register_row).where(r.id.in_(chunk)).values(values))
        tx.execute(postponed.delete().where(postponed.c.row_id.in_(chunk)))
        tx.execute(update(digest_command).where(d.row_id.in_(chunk)).values(row_id=None, inverse=None))
    _forget_names(tx, names, now)
    audit.forget(tx, ids)
    audit.write(tx, now, "service", [audit.Note(PRUNED, row_id, {}) for row_id in sorted(ids)])


def _forget_names(tx: Connection, names: Collection[str], now: datetime) -> None:
    """Takes away what mails that went, and replies to them, still say of these cases: all that is old, and what is new if it names one."""
    done = and_(m.state.in_(_DONE), m.facts != "")
    tx.execute(update(mail).where(done, m.created < literal(now - ANSWERED, Instant)).values(facts=""))
    commands.forget(tx, now - ANSWERED)
    for table, key, said, nothing in ((mail, m.id, m.facts, ""), (digest_command, d.id, d.inverse, None)):
        told = {*names, *(json.dumps(name)[1:-1] for name in names)}
        query = select(key, said).where(done if table is mail else said.is_not(None))
        naming = [number for number, text in tx.execute(query) if any(name in text for name in told)]
        for chunk in chunks(naming):
            tx.execute(update(table).where(key.in_(chunk)).values({said: nothing}))
