"""Trouble as it happens, in simulated time: seen everywhere within fifteen minutes, mailed once, and green when it is mended."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.cli import look
from bot.config.mailboxes import Graph
from bot.errors import MailboxError, MailRefused
from bot.jobs import alarm
from bot.jobs.office import Office
from bot.mailbox.base import OutgoingMail, Receipt
from bot.service import step
from bot.stop import Stop
from bot.watchdog import Pulse
from bot.web.app import app
from bot.web.source import Source
from tests.bot.pages import get
from tests.bot.town import Around, rows, staffed, town
from tests.municipality import Municipality, instant, mail_name, text
from tests.servers.certificate import make

OPERATOR = "drift@kommun.example"
POLL = timedelta(minutes=2)
FIFTEEN = timedelta(minutes=15)


@dataclass
class Moved:
    """A clock that a test moves. Durations follow it."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant.astimezone(UTC)

    def monotonic(self) -> float:
        return self.instant.timestamp()


@dataclass
class Running:
    """A service in simulated time, with its pages."""

    place: Municipality
    office: Office
    box: Around
    clock: Moved
    pulse: Pulse
    round: Callable[[], None]
    free: int = 10**10
    posts: list[Any] = field(default_factory=list)

    def until(self, when: str | datetime, *, rounds: bool = True) -> None:
        """A round every two minutes up to an instant; the last one stands there."""
        end = instant(when) if isinstance(when, str) else when
        while self.clock.instant + POLL <= end:
            self.clock.instant += POLL
            if rounds:
                self.round()
        self.clock.instant = end

    def on(self, minutes: float, *, rounds: bool = True) -> None:
        self.until(self.clock.instant + timedelta(minutes=minutes), rounds=rounds)

    @property
    def source(self) -> Source:
        return Source(self.office, self.clock, self.pulse, disk=lambda _: self.free)

    def healthz(self) -> tuple[int, dict[str, str]]:
        """The status of /healthz, and its codes with their severities, hints aside."""
        answer = get(app(self.source), "/healthz")
        return answer.status, {i["code"]: i["severity"] for i in answer.json()["issues"] if i["severity"] != "hint"}

    def red(self, code: str) -> None:
        """Seen on the page, in the metrics and in `status`."""
        assert self.healthz()[0] == 503 and code in self.healthz()[1], self.healthz()
        assert f'ivobot_issue{{code="{code}"}} 4.0' in get(app(self.source), "/metrics").text
        if code != "disk":  # the command looks at the real one
            assert look.stand(self.office, self.clock.now())["problems"] != []

    def green(self) -> None:
        assert self.healthz() == (200, {})
        assert look.stand(self.office, self.clock.now())["problems"] == []

    def mails(self) -> list[str]:
        """The alarm mails so far, in order, each by its subject."""
        self.posts += [m for m in self.place.sent() if mail_name(m) == "alarm"]
        assert all(m["To"] == OPERATOR for m in self.posts)
        return [str(m["Subject"]) for m in sorted(self.posts, key=lambda m: m["Date"].datetime)]

    def told_once(self) -> None:
        """One mail that it stands still and one that it is well again."""
        found = self.mails()
        assert len(found) == 2 and "att se över" in found[0] and "fungerar igen" in found[1], found


@contextmanager
def running(home: Path, began: str = "2026-04-15T08:00", **environ: str) -> Iterator[Running]:
    place = town(home, rows("E-1"), IVOBOT_ALARM__TO=f'["{OPERATOR}"]', **environ)
    with staffed(place) as office:
        box = Around(office.mailbox)
        office = replace(office, mailbox=box)
        clock = Moved(instant(began))
        pulse = Pulse(clock)
        alarm.began(office, clock.now())
        made = Running(place, office, box, clock, pulse, step(office, clock, Stop(), pulse))
        made.until("2026-04-15T08:06") if began == "2026-04-15T08:00" else made.round()
        made.green()
        yield made


def test_the_poller_is_killed(tmp_path: Path) -> None:
    """Nothing is mailed while it is dead; afterwards it tells from when on it stood still."""
    with running(tmp_path) as it:
        it.on(15, rounds=False)
        it.red("stalled")
        it.on(10, rounds=False)
        alarm.began(it.office, it.clock.now())  # started again
        it.on(2)
        it.green()
        it.on(30)
        (subject,) = it.mails()
        assert "fungerar igen" in subject and "stod stilla" in text(it.posts[0]) and "08.06" in text(it.posts[0])


def test_a_clean_stop_is_no_gap_but_is_told_by_status(tmp_path: Path) -> None:
    with running(tmp_path) as it:
        alarm.ended(it.office, it.clock.now())
        it.on(15, rounds=False)
        it.red("stopped")
        alarm.began(it.office, it.clock.now())
        it.on(20)
        it.green()
        assert it.mails() == []


def test_the_mailbox_is_down(tmp_path: Path) -> None:
    with running(tmp_path) as it:
        it.box.before["prepare"] = [MailboxError("The server is out of reach; it is tried again.", again=True)] * 1000
        it.on(14)
        it.red("mailbox")
        it.on(30)
        it.red("mailbox")
        it.box.before.clear()
        it.on(2)
        it.green()
        it.on(20)
        it.told_once()


def test_the_disk_is_full(tmp_path: Path) -> None:
    """The database says so at each write; nothing can be noted or posted, so the mail comes afterwards."""
    with running(tmp_path) as it:
        full = [True]

        @event.listens_for(it.office.engine, "do_execute")
        def refuse(_cursor: object, statement: str, *_: object) -> None:
            if full[0] and statement.split()[0] in ("INSERT", "UPDATE", "DELETE"):
                raise sqlite3.OperationalError("database or disk is full")

        it.on(14)
        it.red("database")
        it.red("stalled")
        full[0] = False
        it.on(2)
        it.green()
        it.on(20)
        (subject,) = it.mails()
        assert "fungerar igen" in subject


def test_the_disk_is_nearly_full(tmp_path: Path) -> None:
    with running(tmp_path) as it:
        it.free = 50_000_000
        it.red("disk")
        it.free = 10**10
        it.green()


def test_the_certificate_has_expired(tmp_path: Path) -> None:
    with running(tmp_path) as it:
        made = make(tmp_path, days=-3)
        graph = Graph(address=it.office.config.mailbox.address, kind="graph", tenant="t", client_id="c", certificate=made.certificate)
        before = it.office.config
        quiet = before.alarm.model_copy(update={"canary": False})
        it.office = replace(it.office, config=before.model_copy(update={"mailbox": graph, "alarm": quiet}))
        it.round = step(it.office, it.clock, Stop(), it.pulse)
        it.clock.instant = datetime.now(UTC)  # the certificate is made by the machine's clock
        it.round()
        it.on(14)
        it.red("certificate")
        it.on(30)
        made.certificate.write_bytes(make(tmp_path, days=90).certificate.read_bytes())
        it.on(2)
        assert "certificate" not in it.healthz()[1]
        it.on(20)
        wrong = [m for m in (it.mails(), it.posts)[1] if "Certifikatet" in text(m)]
        assert len(wrong) == 2


def test_the_clock_is_wrong(tmp_path: Path) -> None:
    """Set back by a day: red until it is right again."""
    with running(tmp_path) as it:
        it.clock.instant -= timedelta(days=1)
        it.round()
        it.on(14)
        it.red("clock")
        it.clock.instant += timedelta(days=1)
        it.round()
        it.green()
        it.on(20)
        it.told_once()


def test_a_clock_that_stays_back_is_believed_after_a_day(tmp_path: Path) -> None:
    with running(tmp_path) as it:
        it.clock.instant -= timedelta(days=3)
        for _ in range(26):
            it.on(60, rounds=False)
            it.round()
        assert "clock" not in it.healthz()[1]


def test_the_database_is_locked(tmp_path: Path) -> None:
    """By another process, which a real lock stands for here."""
    with running(tmp_path) as it:
        other = sqlite3.connect(tmp_path / "data" / "ivobot.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        it.on(2)
        assert "database" in it.healthz()[1]
        it.on(12, rounds=False)
        it.red("database")
        other.execute("ROLLBACK")
        other.close()
        it.on(2)
        it.green()
        it.on(20)
        (subject,) = it.mails()
        assert "fungerar igen" in subject


class NoDigest(Around):
    """A server that will not take the digest."""

    def send(self, mail: OutgoingMail) -> Receipt:
        if b"name=digest" in mail.raw:
            raise MailboxError("The server does not take it now; it is tried again.", again=True)
        return super().send(mail)


def test_the_digest_is_not_sent(tmp_path: Path) -> None:
    """Due at 07:30; red from 08:30 on."""
    with running(tmp_path, "2026-04-15T07:00") as it:
        held = NoDigest(it.box.inner)
        it.office = replace(it.office, mailbox=held)
        it.round = step(it.office, it.clock, Stop(), it.pulse)
        it.until("2026-04-15T08:28")
        assert "digest_late" not in it.healthz()[1]
        it.until("2026-04-15T08:44")
        it.red("digest_late")
        it.office = replace(it.office, mailbox=it.box)
        it.round = step(it.office, it.clock, Stop(), it.pulse)
        it.until("2026-04-15T10:20")  # a mail that failed often waits up to an hour
        it.green()
        assert len([s for s in it.mails() if "att se över" in s]) >= 1


def test_a_mail_that_never_goes_is_told(tmp_path: Path) -> None:
    with running(tmp_path, "2026-04-15T07:00") as it:
        it.box.before["send"] = [MailRefused("The server will never take it; look at the address.")]
        it.until("2026-04-15T07:46")
        it.red("mails_failed")


def test_without_recipients_nothing_is_mailed_but_all_is_seen(tmp_path: Path) -> None:
    with running(tmp_path) as it:
        nobody = it.office.config.alarm.model_copy(update={"to": ()})
        it.office = replace(it.office, config=it.office.config.model_copy(update={"alarm": nobody}))
        it.round = step(it.office, it.clock, Stop(), it.pulse)
        it.box.before["prepare"] = [MailboxError("The server is out of reach; it is tried again.", again=True)] * 1000
        it.on(14)
        it.red("mailbox")
        it.box.before.clear()
        it.on(20)
        assert it.mails() == []


@pytest.mark.parametrize("outside", ["drift@annan.example"])
def test_nobody_outside_is_mailed(tmp_path: Path, outside: str) -> None:
    with running(tmp_path) as it:
        other = it.office.config.alarm.model_copy(update={"to": (outside,)})
        it.office = replace(it.office, config=it.office.config.model_copy(update={"alarm": other}))
        it.round = step(it.office, it.clock, Stop(), it.pulse)
        it.on(25, rounds=False)
        it.on(20)
        assert it.mails() == [] and any("[alarm] to" in finding for finding in it.office.config.findings())
