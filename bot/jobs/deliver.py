"""Sends what is in the outbox: frozen first, then sent, then confirmed. Nothing is sent inside a transaction."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot import facts as facts_json
from bot.errors import MailboxError, MailRefused, TemplateError
from bot.jobs.office import Office
from bot.jobs.recover import restored
from bot.jobs.writing import write
from bot.log import Logger
from bot.mailbox.base import OutgoingMail, Receipt
from bot.stop import Stop
from bot.store import engine as db
from bot.store import outbox
from bot.store.outbox import Posted
from bot.store.schema import MailState

BATCH = 50
LEASE = timedelta(seconds=90)  # for so long a mail that is being sent is left to the service that began

log = Logger("deliver")


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many mails went, and how many cannot be sent until someone looks."""

    sent: int
    failed: int


def deliver(office: Office, now: datetime, stop: Stop) -> Delivered:
    """Sends every mail that is due; gives how many went and how many failed. May be run any number of times, and be killed anywhere.

    Before a mail whose sending was begun is sent again, its copy is looked for in Skickat by its Message-ID. A mailbox out of reach
    makes the mails wait; a mail that cannot be sent as it is does not keep the others.
    """
    count = failed = 0
    careful = restored(office, now) is not None
    while not stop.wanted:
        with db.read(office.engine) as tx:
            batch = outbox.unsent(tx, now, BATCH)
        if not batch:
            break
        for mail in batch:
            if stop.wanted:
                break
            try:
                count += _deliver_one(office, mail, now, careful=careful)
            except (TemplateError, MailRefused) as error:
                _fail(office, mail, str(error))
                failed += 1
            except MailboxError as error:
                with db.write(office.engine) as tx:
                    outbox.postpone(tx, mail.id, now + max(_wait(mail.tries), error.wait or timedelta()), str(error))
                raise  # the mailbox is out of reach: the others wait for it too
    return Delivered(count, failed)


def _wait(tries: int) -> timedelta:
    return min(timedelta(minutes=2 ** min(tries, 10)), outbox.LONGEST_WAIT)


def _fail(office: Office, mail: Posted, problem: str) -> None:
    log.error("mail_failed", mail=mail.id, kind=mail.name)
    with db.write(office.engine) as tx:
        outbox.fail(tx, mail.id, problem)


def _deliver_one(office: Office, mail: Posted, now: datetime, *, careful: bool) -> int:
    """Sends one mail; 0 when another service has it."""
    if mail.state is MailState.SENDING:
        with db.write(office.engine) as tx:
            if not outbox.take_up(tx, mail.id, now, now + LEASE):
                return 0
        outgoing = _frozen(office, mail)
        receipt = _find(office, outgoing) or _send_again(office, mail, outgoing)
    else:
        frozen = _freeze(office, mail, now)
        if frozen is None:
            return 0
        # After a restore a mail may have gone that the database knows nothing of.
        gone = _find(office, frozen) if careful else None
        outgoing, receipt = frozen, gone or _send(office, frozen)
    with db.write(office.engine) as tx:
        outbox.confirm(tx, mail.id, now, receipt.refused)
    log.info("mail", mail=mail.id, kind=mail.name, count=len(outgoing.recipients))
    return 1


def _freeze(office: Office, mail: Posted, now: datetime) -> OutgoingMail | None:
    """Renders a mail and keeps its bytes, so that whatever happens the same mail goes out; None when another service was first."""
    facts = facts_json.load(mail.name, mail.facts)
    outgoing = write(
        office,
        facts,
        name=mail.name,
        key=mail.key,
        to=mail.to,
        cc=mail.cc,
        now=now,
        answers=mail.answers,
        reply=mail.letter_id is not None,
    )
    with db.write(office.engine) as tx:
        if not outbox.freeze(tx, mail.id, outgoing.message_id, outgoing.raw, outgoing.recipients, now + LEASE):
            return None
    return outgoing


def _frozen(office: Office, mail: Posted) -> OutgoingMail:
    if mail.raw is None or mail.message_id is None:
        raise TemplateError("A mail that was being sent has lost its bytes; tell the developers.")
    return OutgoingMail(mail.message_id, office.config.mailbox.address, mail.recipients, mail.raw)


def _find(office: Office, mail: OutgoingMail) -> Receipt | None:
    return None if office.dry else office.mailbox.find_sent(mail.message_id)


def _send_again(office: Office, mail: Posted, outgoing: OutgoingMail) -> Receipt:
    """Sends a mail of which nobody knows whether it went: no copy is in Skickat. That it may come twice is noted before."""
    with db.write(office.engine) as tx:
        outbox.sent_again(tx, mail.id)
    log.warning("mail_sent_again", mail=mail.id, kind=mail.name)
    return _send(office, outgoing)


def _send(office: Office, mail: OutgoingMail) -> Receipt:
    """Hands a mail over; in mode dry it is written to a file that a mail program opens."""
    if not office.dry:
        return office.mailbox.send(mail)
    name = f"{mail.message_id.strip('<>').partition('@')[0]}.eml"
    folder = Path(office.config.bot.data_dir) / "dry"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(mail.raw)
    except OSError as error:
        raise MailboxError(f"The folder {folder} cannot be written ({error.strerror}); make room or mend its rights.", again=True) from None
    return Receipt(name)
