"""The canary: each morning a letter of our own goes the whole way: sent to the own mailbox, read, recognised, moved and deleted.

Nothing is waited for: it is sent in one round, found again in a later one, and missed when it has not come for half an hour.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time, timedelta
from typing import Literal

from bot.config import Maildir
from bot.jobs.health import CANARY_LOST
from bot.jobs.office import Office
from bot.jobs.roundtrip import key_of, mail
from bot.log import Logger
from bot.mailbox.base import Folder, LetterId
from bot.store import engine as db
from bot.store import health, jobs, letters

FROM = time(6, 0)  # before the reminders, so that trouble is known when the day's mails are due
LONGEST = timedelta(minutes=30)
LEASE = timedelta(seconds=90)  # for so long the sending is left to the service that began it
STATE = "canary"

log = Logger("canary")


@dataclass(frozen=True, slots=True)
class Canary:
    """Where the day's letter is. `asked`: the instant that its key and its Date are made of. `home`: when it had come back."""

    day: str
    asked: str
    state: Literal["sending", "sent", "home"]
    home: str = ""

    @property
    def at(self) -> datetime:
        """When it was to be sent."""
        return datetime.fromisoformat(self.asked)


def flies(office: Office) -> bool:
    """Whether a canary is sent at all: on a mail server, in earnest, and where somebody is told of it."""
    alarm, web = office.config.alarm, office.config.web
    told = bool(alarm.to or alarm.ping_url.get_secret_value() or web.listen)
    return alarm.canary and told and office.config.bot.mode == "live" and not isinstance(office.config.mailbox, Maildir)


def canary(office: Office, now: datetime) -> int:
    """Does the next step of the day's letter; gives 1 when it has come home. May be killed anywhere, and be run by two services."""
    if not flies(office):
        _clear(office)
        return 0
    bird = _claim(office, now)
    if bird is None:
        return 0
    if bird.state == "sending":
        _send(office, bird)
        bird = _keep(office, replace(bird, state="sent"))
        log.info("canary_sent")
    if bird.state == "sent":
        if _come_home(office, bird):
            _keep(office, replace(bird, state="home", home=now.isoformat()))
            log.info("canary_home")
            return 1
        if now - bird.at > LONGEST:
            _lose(office, bird)
    return 0


def came_home(office: Office, now: datetime) -> str:
    """The instant at which today's canary had come home, "" when it has not."""
    with db.read(office.engine) as tx:
        found = _read(jobs.recall(tx, STATE))
    return found.home if found and found.day == str(office.today(now)) else ""


def _claim(office: Office, now: datetime) -> Canary | None:
    """The day's letter, begun if it is time; None when there is nothing to do for us now."""
    today = str(office.today(now))
    with db.write(office.engine) as tx:
        bird = _read(jobs.recall(tx, STATE))
        if bird is not None and bird.state == "sending" and abs(now - bird.at) < LEASE:
            return None  # another service is at it, or the one before us was killed just now
        if (bird is None or bird.day != today) and now >= office.instant_at(FROM, now):
            bird = Canary(today, now.isoformat(), "sending")
            jobs.remember(tx, STATE, json.dumps(asdict(bird)))
        return bird


def _send(office: Office, bird: Canary) -> None:
    """Sends it once: one whose sending was begun by a killed run lies in Skickat if it went."""
    sent = mail(office, bird.at)
    if office.mailbox.find_sent(sent.message_id) is None:
        office.mailbox.send(sent)


def _come_home(office: Office, bird: Canary) -> bool:
    """Whether intake has read it and known it as ours; then it is moved, deleted and forgotten."""
    sent = mail(office, bird.at)
    with db.read(office.engine) as tx:
        by_id = letters.printed(tx, office.key("letter", sent.message_id))
        rows = by_id or health.own_mails(tx, bird.at)
    for row in rows:
        id = LetterId(row["mailbox_id"])
        raw = office.mailbox.raw(id)
        gone = raw is None and bool(by_id)  # deleted by a person, or by a run of ours that was killed before it was noted
        if row["reason"] != "own_mail" or not (gone or (raw is not None and key_of(raw) == key_of(sent.raw))):
            continue
        if not gone:
            office.mailbox.delete([office.mailbox.file({id: Folder.DONE}).get(id, id)])
        with db.write(office.engine) as tx:
            letters.forget(tx, row["id"])
        return True
    return False


def _keep(office: Office, bird: Canary) -> Canary:
    with db.write(office.engine) as tx:
        jobs.remember(tx, STATE, json.dumps(asdict(bird)))
        if bird.state == "home":
            jobs.remember(tx, CANARY_LOST, "")
    return bird


def _lose(office: Office, bird: Canary) -> None:
    with db.write(office.engine) as tx:
        if not jobs.recall(tx, CANARY_LOST):
            log.error("canary_lost", since=bird.at)
            jobs.remember(tx, CANARY_LOST, bird.asked)


def _clear(office: Office) -> None:
    """What was missed when canaries still flew is wrong no more."""
    with db.read(office.engine) as tx:
        if not jobs.recall(tx, CANARY_LOST):
            return
    with db.write(office.engine) as tx:
        jobs.remember(tx, CANARY_LOST, "")


def _read(kept: str) -> Canary | None:
    try:
        return Canary(**json.loads(kept)) if kept else None
    except (ValueError, TypeError):
        return None
