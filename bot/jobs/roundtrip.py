"""A letter of our own goes the whole way: sent by the mailbox to itself, read there, and deleted. It proves that the mailbox works."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.compose import compose
from bot.jobs.office import Office
from bot.mailbox.base import LetterId, OutgoingMail
from bot.mailbox.headers import fields, split
from bot.render import Rendered

NAME = "roundtrip"
WATCHED = ("message-id", "x-ivobot", "auto-submitted", "x-auto-response-suppress", "in-reply-to", "references")
_THREAD = "<ivobot-thread@{}>"


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came of it: the headers that came through as they were sent, and those that did not."""

    kept: tuple[str, ...]
    lost: tuple[str, ...]


def mail(office: Office, now: datetime) -> OutgoingMail:
    """The letter to ourselves. Its subject can be read as no report, and it says nothing about anybody."""
    address = office.config.mailbox.address
    domain = address.rpartition("@")[2]
    key = office.key(NAME, now.isoformat())
    said = "Det här meddelandet har ivobot skickat till sig självt för att se att brevlådan fungerar. Det tas bort av sig självt."
    thread = _THREAD.format(domain)
    raw = compose(
        Rendered("ivobot: prov av brevlådan", f"{said}\n", f"<p>{said}</p>\n"),
        name=NAME,
        key=key,
        message_id=f"<{key}@{domain}>",
        sender=address,
        to=[address],
        date=now.astimezone(office.config.bot.timezone),
        in_reply_to=thread,
        references=[thread],
    )
    return OutgoingMail(f"<{key}@{domain}>", address, (address,), raw)


def roundtrip(office: Office, now: datetime, wait: Callable[[], bool]) -> Arrived | None:
    """Sends it and waits for it; None when it does not come. `wait` sleeps a little and says whether to go on waiting.

    Raises MailboxError. The letter is deleted when it has come; one that comes later is left alone by the service, as every mail of ours.
    """
    office.mailbox.prepare()
    before = set(office.mailbox.waiting())
    sent = mail(office, now)
    office.mailbox.send(sent)
    while wait():
        new = [id for id in office.mailbox.waiting() if id not in before]
        for id, fingerprint in office.mailbox.fingerprints(new).items():
            raw = office.mailbox.raw(id)
            if raw is not None and (fingerprint == sent.message_id or key_of(raw) == key_of(sent.raw)):
                return _compared(office, id, sent.raw, raw)
    return None


def _compared(office: Office, id: LetterId, sent: bytes, came: bytes) -> Arrived:
    there, here = fields(split(sent)[0]), fields(split(came)[0])
    kept = tuple(name for name in WATCHED if there.get(name) == here.get(name))
    office.mailbox.delete([id])
    return Arrived(kept, tuple(name for name in WATCHED if name not in kept))


def key_of(raw: bytes) -> tuple[str, ...]:
    """The header X-Ivobot of a letter or mail: what every server lets through."""
    return fields(split(raw)[0]).get("x-ivobot", ())
