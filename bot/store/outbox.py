"""The outbox: every mail has a key that goes out once, ever."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, case, func, literal, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.store.schema import MailState, claim, letter, mail

c = mail.c
LONGEST_WAIT = timedelta(hours=1)
"""For so long a mail is put off at most; one put off for longer was so by a clock that has been set back since, and waits no more."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A mail in the outbox. `facts` is JSON for its templates; `raw` its frozen bytes once it is being sent."""

    id: int
    key: str
    name: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    facts: str
    letter_id: int | None
    created: datetime
    state: MailState
    message_id: str | None
    raw: bytes | None
    recipients: tuple[str, ...]
    tries: int
    answers: str  # the Message-ID of the letter that it answers, or ""


def post(
    tx: Connection, *, key: str, name: str, to: Sequence[str], cc: Sequence[str], facts: str, now: datetime, letter_id: int | None = None
) -> int | None:
    """Puts a mail in the outbox and gives its id; None when its key is there already."""
    values = {"key": key, "name": name, "to": list(to), "cc": list(cc), "facts": facts, "letter_id": letter_id, "created": now}
    values |= {"state": MailState.WAITING, "tries": 0, "sends": 0, "problem": "", "refused": []}
    return tx.execute(insert(mail).values(values).on_conflict_do_nothing(index_elements=[c.key]).returning(c.id)).scalar()


def unsent(tx: Connection, now: datetime, limit: int) -> list[Posted]:
    """Mails that are to be sent and whose waiting time is over, oldest first."""
    query = (
        select(mail, func.coalesce(letter.c.message_id, "").label("answers"))
        .outerjoin(letter, letter.c.id == c.letter_id)
        .where(c.state.in_([MailState.WAITING, MailState.SENDING]), _free(now))
        .order_by(c.id)
        .limit(limit)
    )
    return [_posted(r) for r in tx.execute(query).mappings()]


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(c.not_before.is_(None), c.not_before <= now, c.not_before > now + LONGEST_WAIT)


def _posted(r: Any) -> Posted:
    return Posted(
        r["id"], r["key"], r["name"], tuple(r["to"]), tuple(r["cc"]), r["facts"], r["letter_id"], r["created"],
        MailState(r["state"]), r["message_id"], r["raw"], tuple(r["recipients"] or ()), r["tries"], r["answers"],
    )  # fmt: skip


def freeze(tx: Connection, mail_id: int, message_id: str, raw: bytes, recipients: Sequence[str], lease: datetime) -> bool:
    """Keeps the bytes before the first try, so that every try sends the same; False when another service was first.

    lease: until then the mail is left to this service.
    """
    values = {"state": MailState.SENDING, "message_id": message_id, "raw": raw, "recipients": list(recipients), "not_before": lease}
    values |= {"sends": 1}
    return tx.execute(update(mail).where(c.id == mail_id, c.state == MailState.WAITING).values(values)).rowcount == 1


def take_up(tx: Connection, mail_id: int, now: datetime, lease: datetime) -> bool:
    """Takes up a mail whose sending was begun and not confirmed; False when another service has it, or has sent it."""
    return tx.execute(update(mail).where(c.id == mail_id, c.state == MailState.SENDING, _free(now)).values(not_before=lease)).rowcount == 1


def sent_again(tx: Connection, mail_id: int) -> None:
    """Notes that a mail is handed over once more, since nobody knows whether it went the last time; `ivobot trace` shows it."""
    tx.execute(update(mail).where(c.id == mail_id).values(sends=c.sends + 1))


def confirm(tx: Connection, mail_id: int, sent: datetime, refused: Iterable[str]) -> None:
    """The mail has gone; its copy lies in Skickat, so the bytes need not stay here too."""
    values = {"state": MailState.SENT, "sent": sent, "raw": None, "problem": "", "refused": list(refused)}
    tx.execute(update(mail).where(c.id == mail_id).values(values))


def postpone(tx: Connection, mail_id: int, until: datetime, problem: str) -> None:
    """The try failed; again later."""
    tx.execute(update(mail).where(c.id == mail_id).values(not_before=until, problem=problem, tries=c.tries + 1))


def fail(tx: Connection, mail_id: int, problem: str) -> None:
    """The mail cannot be sent as it is; an operator must look."""
    tx.execute(update(mail).where(c.id == mail_id).values(state=MailState.FAILED, problem=problem, tries=c.tries + 1))


def listed(tx: Connection, states: Iterable[MailState]) -> list[RowMapping]:
    """Mails in these states, oldest first."""
    return list(tx.execute(select(mail).where(c.state.in_(list(states))).order_by(c.id)).mappings())


def get(tx: Connection, mail_id: int) -> RowMapping | None:
    """One mail."""
    return tx.execute(select(mail).where(c.id == mail_id)).mappings().first()


def retry(tx: Connection, mail_id: int) -> bool:
    """Sends a failed or waiting mail at the next delivery; one that was begun is looked for in Skickat first. False for any other."""
    begun = case((c.raw.is_not(None), literal(MailState.SENDING.value)), else_=literal(MailState.WAITING.value))
    query = update(mail).where(c.id == mail_id, c.state.in_([MailState.FAILED, MailState.WAITING]))
    return tx.execute(query.values(state=begun, not_before=None, problem="")).rowcount == 1


def cancel(tx: Connection, mail_id: int) -> bool:
    """Never sends a mail that waits or has failed; its key stays taken. False for one that is being sent or has gone."""
    query = update(mail).where(c.id == mail_id, c.state.in_([MailState.FAILED, MailState.WAITING]))
    return tx.execute(query.values(state=MailState.CANCELLED, raw=None, not_before=None)).rowcount == 1


def traced(tx: Connection, key: str) -> list[RowMapping]:
    """The mails whose key begins so, or whose Message-ID this is; at most ten."""
    wanted = or_(c.key.startswith(key, autoescape=True), c.message_id == key)
    return list(tx.execute(select(mail).where(wanted).order_by(c.id).limit(10)).mappings())


def caused_by(tx: Connection, mail_id: int) -> list[RowMapping]:
    """The milestones that a mail is for: row, start, k, milestone, day."""
    return list(tx.execute(select(claim).where(claim.c.mail_id == mail_id).order_by(claim.c.row_id, claim.c.k)).mappings())


def ours(tx: Connection, message_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Which of these Message-IDs are ours, with the recipients of each."""
    query = select(c.message_id, c["to"], c.cc).where(c.message_id.in_(message_ids[:500]))
    return {r[0]: (*r[1], *r[2]) for r in tx.execute(query)}


def depth(tx: Connection) -> int:
    """How many mails wait to be sent."""
    return tx.execute(select(func.count()).where(c.state.in_([MailState.WAITING, MailState.SENDING]))).scalar_one()


def posted(tx: Connection, key: str) -> bool:
    """Whether a mail of this key is in the outbox, sent or not."""
    return tx.execute(select(c.id).where(c.key == key)).first() is not None
