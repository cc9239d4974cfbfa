"""The ledger: one row for every letter that was ever seen, with how it was read and where it belongs."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, delete, func, literal, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.store.schema import Instant, letter, trouble
from rules.model import Flaw, Folder, Kind, Outcome, Sort, Title, Verdict

c = letter.c
_CHUNK = 500
# Limits look at a stretch of time that ends: after the clock was set back, what it saw in the time to come holds nothing up.
_HOUR, _DAY = timedelta(hours=1), timedelta(hours=25)


def known(tx: Connection, mailbox_ids: Sequence[str]) -> set[str]:
    """Which of these letters have a ledger row: those are processed."""
    found: set[str] = set()
    for i in range(0, len(mailbox_ids), _CHUNK):
        found.update(tx.execute(select(c.mailbox_id).where(c.mailbox_id.in_(mailbox_ids[i : i + _CHUNK]))).scalars())
    return found


def add(tx: Connection, values: Mapping[str, Any]) -> int | None:
    """A letter's ledger row; gives its id, or None when another process was first: the insert is the claim."""
    return tx.execute(insert(letter).values(values).on_conflict_do_nothing(index_elements=[c.mailbox_id]).returning(c.id)).scalar()


def change(tx: Connection, letter_id: int, **values: Any) -> None:
    """New values for some columns of one letter."""
    tx.execute(update(letter).where(c.id == letter_id).values(values))


def forget(tx: Connection, letter_id: int) -> None:
    """Takes a letter out of the ledger, so that it is read as a new one."""
    tx.execute(delete(letter).where(c.id == letter_id))


def get(tx: Connection, letter_id: int) -> RowMapping | None:
    """One letter's ledger row."""
    return tx.execute(select(letter).where(c.id == letter_id)).mappings().first()


def unfiled(tx: Connection) -> list[RowMapping]:
    """Letters that are read but not yet where they belong."""
    return list(tx.execute(select(letter).where(c.filed.is_(None)).order_by(c.id)).mappings())


def filed(tx: Connection, moved: Mapping[int, tuple[str, str]], now: datetime) -> None:
    """Letters that are where they belong now: ledger id → (their id after the move, the folder)."""
    for letter_id, (mailbox_id, folder) in moved.items():
        values = {"mailbox_id": mailbox_id, "found_in": folder, "filed": now}
        tx.execute(update(letter).where(c.id == letter_id, c.filed.is_(None)).values(values))


def printed(tx: Connection, fingerprint: str) -> list[RowMapping]:
    """The letters with this keyed hash of a fingerprint, oldest first."""
    return list(tx.execute(select(letter).where(c.fingerprint == fingerprint).order_by(c.id)).mappings())


def renamed(tx: Connection, letter_id: int, mailbox_id: str, now: datetime) -> None:
    """A letter that got another id when it was moved; whoever moved it, nothing is left to move."""
    values = {"mailbox_id": mailbox_id, "filed": func.coalesce(c.filed, literal(now, Instant))}
    tx.execute(update(letter).where(c.id == letter_id).values(values))


def failed_again(tx: Connection, mailbox_id: str) -> int:
    """Counts one more failure to fetch a letter that has no ledger row; gives how many there were."""
    query = insert(trouble).values(mailbox_id=mailbox_id, tries=1)
    raised = query.on_conflict_do_update(index_elements=[trouble.c.mailbox_id], set_={"tries": trouble.c.tries + 1})
    return int(tx.execute(raised.returning(trouble.c.tries)).scalar_one())


def found(tx: Connection, folder: str, mailbox_ids: Sequence[str], now: datetime, *, reported: bool) -> int:
    """Notes letters that lie in another folder than they were last seen in; in the folder of the reported, that they are reported.

    A letter that a person has moved is where it belongs, and waits for nobody.
    """
    changed = 0
    for i in range(0, len(mailbox_ids), _CHUNK):
        here = and_(c.mailbox_id.in_(mailbox_ids[i : i + _CHUNK]), c.found_in != folder, c.filed.is_not(None))
        values: dict[str, Any] = {"found_in": folder, "folder": folder, "settled": func.coalesce(c.settled, literal(now, Instant))}
        if reported:
            values["reported_to_ivo"] = func.coalesce(c.reported_to_ivo, literal(now, Instant))
        changed += tx.execute(update(letter).where(here).values(values)).rowcount
    return changed


def placed(tx: Connection, letter_id: int, folder: Folder, now: datetime, *, by_hand: bool) -> None:
    """A letter that lies where it belongs already; by_hand: since a person put it there."""
    values: dict[str, Any] = {"folder": folder, "found_in": folder, "filed": now}
    if by_hand:
        values["settled"] = now
    if folder is Folder.REPORTED:
        values["reported_to_ivo"] = now
    tx.execute(update(letter).where(c.id == letter_id).values(values))


def waiting_of(tx: Connection, sender: str) -> list[RowMapping]:
    """A sender's letters that were sent back or are unclear, and that nothing has settled yet."""
    sent_back = or_(c.verdict == "rejected", c.meeting.in_(["date_differs", "premature", "ambiguous"]))
    return list(tx.execute(select(letter).where(c.sender == sender, c.settled.is_(None), sent_back).order_by(c.id)).mappings())


def answers_to(tx: Connection, sender: str, since: datetime) -> list[str]:
    """What a sender's letters asked in the day that began at an instant and were answered: hashes of title and case."""
    answered = and_(c.seen.between(since, since + _DAY), c.answer != "", ~c.answer.startswith("held:"))
    return list(tx.execute(select(c.asked_hash).where(c.sender == sender, answered)).scalars())


def answers_since(tx: Connection, since: datetime) -> int:
    """How many letters were answered in the hour after an instant."""
    query = select(func.count()).where(c.seen.between(since, since + _HOUR), c.answer != "", ~c.answer.startswith("held:"))
    return tx.execute(query).scalar_one()


def sent_back_rows(tx: Connection, row_ids: Iterable[int]) -> set[int]:
    """Which of these rows have a letter that was sent back and not settled."""
    query = select(c.row_id).where(c.row_id.in_(list(row_ids)), c.settled.is_(None), c.folder == Folder.FIX_TITLE)
    return {row_id for row_id in tx.execute(query).scalars() if row_id is not None}


def title_of(ledger: RowMapping) -> Title:
    """A letter's title as the ledger keeps it."""
    return Title(
        Verdict(ledger["verdict"]),
        kind=Kind(ledger["kind"]) if ledger["kind"] else None,
        cause=Sort(ledger["cause"]) if ledger["cause"] else None,
        outcome=Outcome(ledger["outcome"]) if ledger["outcome"] else None,
        date=ledger["date"],
        insats=ledger["insats"],
        advance_ruling=ledger["advance_ruling"],
        errors=tuple(Flaw(error) for error in ledger["errors"]),
        unrecognised=ledger["unrecognised"],
    )


def listed(tx: Connection, folder: str) -> list[RowMapping]:
    """The ledger, or the part of it that belongs in one folder, oldest first."""
    query = select(letter).order_by(c.id)
    return list(tx.execute(query.where(c.folder == folder) if folder else query).mappings())
