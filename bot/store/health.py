"""What the judgement of the service's health and the metrics ask of the database. Counts and days only, nobody's data."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, func, select

from bot.store.schema import MailState, letter, mail, register_row

UNSENT = (MailState.WAITING, MailState.SENDING)


def unsent_since(tx: Connection) -> datetime | None:
    """When the oldest mail that waits was made."""
    return tx.execute(select(func.min(mail.c.created)).where(mail.c.state.in_(UNSENT))).scalar()


def all_sent(tx: Connection, keys: Sequence[str]) -> bool:
    """Whether the mails of all these keys have gone."""
    query = select(func.count()).where(mail.c.key.in_(keys), mail.c.state == MailState.SENT)
    return bool(tx.execute(query).scalar_one() == len(keys))


def late_rows(tx: Connection, today: date) -> tuple[int, date | None]:
    """How many rows have a reminder that is due and not dealt with, and since which day."""
    c = register_row.c.next_due
    number, first = tx.execute(select(func.count(), func.min(c)).where(c <= today)).one()
    return number, first


def letters_by_verdict(tx: Connection) -> dict[str, int]:
    """How many letters the ledger holds of each verdict."""
    return {r[0]: r[1] for r in tx.execute(select(letter.c.verdict, func.count()).group_by(letter.c.verdict))}


def mails_by_state(tx: Connection) -> dict[tuple[str, str], int]:
    """How many mails there are of each name and state."""
    query = select(mail.c.name, mail.c.state, func.count()).group_by(mail.c.name, mail.c.state)
    return {(r[0], r[1]): r[2] for r in tx.execute(query)}


def own_mails(tx: Connection, since: datetime) -> list[RowMapping]:
    """Letters that came since an instant and were known as our own, for servers that give a letter another Message-ID."""
    query = select(letter).where(letter.c.reason == "own_mail", letter.c.seen >= since).order_by(letter.c.id)
    return list(tx.execute(query).mappings())
