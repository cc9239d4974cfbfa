"""Quarters that are frozen, and what the reporting quality asks of the database."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert

from bot.errors import StoreError
from bot.store.audit import REMOVED
from bot.store.rows import chunks
from bot.store.schema import audit, claim, frozen_quarter, letter, register_row
from rules.model import Flaw, Verdict

c = frozen_quarter.c


@dataclass(frozen=True, slots=True)
class Kept:
    """A frozen quarter: `contents` is JSON and names no person and no case, `hash` its SHA-256 in hex."""

    quarter: str
    at: datetime
    day: date
    contents: str
    hash: str


def freeze(tx: Connection, quarter: str, at: datetime, day: date, contents: str) -> bool:
    """Keeps a quarter for good; False when it was frozen before, and nothing is changed."""
    values = {"quarter": quarter, "at": at, "day": day, "contents": contents, "hash": sha256(contents.encode()).hexdigest()}
    return tx.execute(insert(frozen_quarter).values(values).on_conflict_do_nothing(index_elements=[c.quarter])).rowcount == 1


def frozen(tx: Connection, quarter: str) -> Kept | None:
    """A frozen quarter; None when it is not frozen. Raises StoreError when its contents are not those that were frozen."""
    found = tx.execute(select(frozen_quarter).where(c.quarter == quarter)).mappings().first()
    if found is None:
        return None
    kept = Kept(**found)
    if sha256(kept.contents.encode()).hexdigest() != kept.hash:
        raise StoreError(f"The frozen figures of {quarter} were changed in the database; put the last backup in its place.")
    return kept


def frozen_quarters(tx: Connection) -> list[str]:
    """Which quarters are frozen, oldest first."""
    return list(tx.execute(select(c.quarter).order_by(c.quarter)).scalars())


def gone(tx: Connection, ids: Collection[int]) -> set[int]:
    """Which of these rows the register has no more because they were pruned; one that an undoing or a merge took away is not among them."""
    here: set[int] = set()
    removed: set[int] = set()
    for chunk in chunks(sorted(ids)):
        here.update(tx.execute(select(register_row.c.id).where(register_row.c.id.in_(chunk))).scalars())
        removed.update(
            r for r in tx.execute(select(audit.c.row_id).where(audit.c.row_id.in_(chunk), audit.c.what == REMOVED)).scalars() if r
        )
    return set(ids) - here - removed


@dataclass(frozen=True, slots=True)
class Judged:
    """A letter that was meant as a report. `sender` is an own address or a hash; `row_id` the row that it is about, None when not known."""

    sender: str
    row_id: int | None
    verdict: Verdict
    meeting: str
    flaws: tuple[Flaw, ...]


def judged(tx: Connection, first: datetime, end: datetime) -> list[Judged]:
    """The letters received from an instant until another that were meant as reports."""
    query = select(letter).where(
        letter.c.received >= first,
        letter.c.received < end,
        letter.c.verdict.in_([Verdict.OK, Verdict.ACCEPTED, Verdict.REJECTED]),
        letter.c.sender.contains("@"),  # from the own domains
    )
    return [
        Judged(r["sender"], r["row_id"], Verdict(r["verdict"]), r["meeting"], tuple(Flaw(flaw) for flaw in r["errors"]))
        for r in tx.execute(query.order_by(letter.c.id)).mappings()
    ]


def reminders(tx: Connection, milestones: Iterable[str], first: date, last: date) -> dict[int, int]:
    """How many reminders of these milestones went out for each row on these days, both inside."""
    query = (
        select(claim.c.row_id, func.count())
        .where(claim.c.milestone.in_(list(milestones)), claim.c.mail_id.is_not(None), claim.c.day.between(first, last))
        .group_by(claim.c.row_id)
    )
    return {row_id: number for row_id, number in tx.execute(query)}
