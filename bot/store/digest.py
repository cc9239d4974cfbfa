"""What the digest and the status ask of the database."""

from datetime import date, datetime, tzinfo

from sqlalchemy import Connection, and_, func, or_, select

from bot.store import rows
from bot.store.balance import strangers_since
from bot.store.letters import title_of
from bot.store.schema import MailState, claim, letter, mail, register_row, report
from rules.digest import Noted
from rules.mails import Balance
from rules.model import ClosedBy, Folder, Row

QUIET = "digest_quiet"
"""Remembered: the day on which there was last nothing to tell, where such a morning is configured to have no mail."""

WAITING = (Folder.FIX_TITLE, Folder.UNCLEAR, Folder.TO_REPORT)


def last_digest(tx: Connection, before: datetime) -> datetime | None:
    """When the last digest before an instant was made."""
    return tx.execute(select(func.max(mail.c.created)).where(mail.c.name == "digest", mail.c.created < before)).scalar()


def noted(tx: Connection, since: datetime, zone: tzinfo) -> list[Noted]:
    """Letters that are new since an instant, or still wait for someone, or belong to a report; oldest first."""
    wanted = or_(
        letter.c.seen >= since, and_(letter.c.folder.in_(WAITING), letter.c.settled.is_(None)), letter.c.reported_to_ivo.is_not(None)
    )
    return [
        Noted(
            id=r["id"],
            received=r["received"].astimezone(zone).date(),
            sender=r["sender"] if "@" in r["sender"] else "",
            title=title_of(r),
            meeting=r["meeting"],
            reason=r["reason"],
            case=r["case"],
            insats=r["insats"] or "",
            folder=r["folder"],
            answer=r["answer"],
            unreached=r["unreached"],
            row=r["row_id"],
            not_owner=r["not_owner"],
            settled=r["settled"] is not None,
            new=r["seen"] >= since,
            reported_to_ivo=r["reported_to_ivo"] is not None,
        )
        for r in tx.execute(select(letter).where(wanted).order_by(letter.c.id)).mappings()
    ]


def living_rows(tx: Connection) -> list[Row]:
    """Open rows, and those that the register closed without a final report."""
    c = register_row.c
    final = select(report.c.id).where(report.c.row_id == c.id, report.c.k == 0).exists()
    return rows.load(tx, or_(c.closed_on.is_(None), and_(c.closed_by == ClosedBy.REGISTER, ~final)), ~c.judgment, c.pruned.is_(None))


def superseded(tx: Connection, since: date) -> list[tuple[int, int, str, date]]:
    """Milestones that were past use when their day was looked at: row, k, name, day."""
    query = select(claim.c.row_id, claim.c.k, claim.c.milestone, claim.c.day).where(claim.c.mail_id.is_(None), claim.c.noted >= since)
    return [(r[0], r[1], r[2], r[3]) for r in tx.execute(query.order_by(claim.c.day, claim.c.row_id))]


def balance(tx: Connection, since: datetime, *, dry: bool = False) -> Balance:
    """Every letter since an instant in exactly one place: quarantined, answered, filed or left in the inbox; the rest is unexplained.

    Unexplained are those that are read and not filed, that lie nowhere, and that lie in a folder without having come through the inbox
    (`bot.jobs.balance` looks). dry: nothing is moved, so that a letter counts as filed once it is read.
    """
    c = letter.c
    answered = and_(c.answer != "", ~c.answer.startswith("held:"))
    there = and_(c.filed.is_not(None), c.missed.is_(None))
    received = sum(strangers_since(tx, since).values())
    quarantined = by_answer = left = filed = 0
    query = select(c.folder, answered, there, func.count()).where(c.seen >= since).group_by(c.folder, answered, there)
    for folder, was_answered, is_filed, number in tx.execute(query):
        received += number
        if folder == Folder.INBOX:
            left += number
        elif not (is_filed or dry):
            continue
        elif folder == Folder.QUARANTINE:
            quarantined += number
        elif was_answered:
            by_answer += number
        else:
            filed += number
    return Balance(received, filed, by_answer, quarantined, left, received - filed - by_answer - quarantined - left)


def failed_mails(tx: Connection) -> int:
    """Mails that cannot be sent until someone looks."""
    return tx.execute(select(func.count()).where(mail.c.state == MailState.FAILED)).scalar_one()


def refused(tx: Connection, since: datetime) -> list[str]:
    """Addresses that the server refused for good since an instant."""
    query = select(mail.c.refused).where(mail.c.sent >= since)
    return sorted({address for found in tx.execute(query).scalars() for address in found})


def oldest_waiting(tx: Connection) -> datetime | None:
    """When the oldest letter came that is read but not yet where it belongs."""
    return tx.execute(select(func.min(letter.c.received)).where(letter.c.filed.is_(None), letter.c.folder != Folder.INBOX)).scalar()


def last_sent(tx: Connection) -> datetime | None:
    """When a mail last went out."""
    return tx.execute(select(func.max(mail.c.sent))).scalar()
