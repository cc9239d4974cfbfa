"""The letter that goes the whole way each morning: home in a later round, missed when it does not come, and in nobody's way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config.mailboxes import Graph
from bot.jobs.canary import came_home, flies
from bot.jobs.health import known
from bot.jobs.office import Office
from bot.jobs.ping import Pinger
from bot.jobs.tick import tick
from bot.mailbox.base import OutgoingMail, Receipt
from bot.stop import Stop
from rules.health import judge
from tests.bot.test_roundtrip import Delivering
from tests.bot.test_service_watchdog import listening
from tests.bot.town import Killed, ask, names, rows, staffed, town
from tests.municipality import Municipality, instant, mail_name

OPERATOR = '["drift@kommun.example"]'


class Server(Delivering):
    """Brings only what is sent to the mailbox itself, unless mail is held up."""

    def __init__(self, path: Path, lost: bytes = b"") -> None:
        super().__init__(path, lost)
        self.held: list[OutgoingMail] = []
        self.hold = False
        self.sends = 0

    def send(self, mail: OutgoingMail) -> Receipt:
        if b"name=roundtrip" not in mail.raw:
            return super(Delivering, self).send(mail)
        self.sends += 1
        if self.hold:
            self.held.append(mail)
            return super(Delivering, self).send(mail)
        return super().send(mail)


@contextmanager
def served(home: Path, lost: bytes = b"", **environ: str) -> Iterator[tuple[Office, Server, Municipality]]:
    """An office whose configuration says that its mailbox is on a server."""
    place = town(home, rows("E-1"), IVOBOT_ALARM__TO=OPERATOR, **environ)
    with staffed(place) as office:
        graph = Graph(kind="graph", address=office.config.mailbox.address, tenant="t", client_id="c", client_secret="s")
        box = Server(place.box, lost)
        yield replace(office, mailbox=box, config=office.config.model_copy(update={"mailbox": graph})), box, place


def go(office: Office, now: str) -> None:
    tick(office, instant(now), Stop())


def codes(office: Office, now: str) -> list[str]:
    return [issue.code for issue in judge(known(office, instant(now))) if issue.severity != "hint"]


@pytest.mark.parametrize("lost", [b"", b"message-id:"])
def test_it_goes_the_whole_way(tmp_path: Path, lost: bytes) -> None:
    with served(tmp_path, lost) as (office, box, place):
        go(office, "2026-04-15T05:58")
        assert box.sends == 0
        go(office, "2026-04-15T06:00")
        assert (box.sends, len(names(place, "INBOX"))) == (1, 1) and not came_home(office, instant("2026-04-15T06:00"))
        go(office, "2026-04-15T06:02")
        assert came_home(office, instant("2026-04-15T06:02"))
        assert (len(names(place, "INBOX")), len(names(place, "Klart")), len(names(place, "Borttaget"))) == (0, 0, 1)
        assert ask(place, "SELECT count(*) AS n FROM letter")[0]["n"] == 0, "it is in no balance"
        for minute in range(4, 20, 2):
            go(office, f"2026-04-15T06:{minute:02}")
        assert box.sends == 1 and codes(office, "2026-04-15T06:20") == []
        go(office, "2026-04-16T06:00")
        assert box.sends == 2 and not came_home(office, instant("2026-04-16T06:00"))


def test_one_that_does_not_come_is_missed_and_green_when_it_does(tmp_path: Path) -> None:
    with served(tmp_path) as (office, box, place):
        box.hold = True
        for minute in range(0, 60, 2):
            go(office, f"2026-04-15T06:{minute:02}")
        assert codes(office, "2026-04-15T06:58") == ["canary"] and box.sends == 1
        (mail,) = box.held
        (place.box / "new" / "1800000000.2.test").write_bytes(mail.raw)
        go(office, "2026-04-15T07:00")
        assert codes(office, "2026-04-15T07:00") == []
        for minute in range(2, 20, 2):
            go(office, f"2026-04-15T07:{minute:02}")
        told = [str(m["Subject"]) for m in place.sent() if mail_name(m) == "alarm"]
        assert sorted("igen" in subject for subject in told) == [False, True]


def test_killed_while_it_is_sent(tmp_path: Path) -> None:
    """Before or after: one letter, and it comes home."""
    with served(tmp_path) as (office, box, _):
        sending = box.send

        def killed_after(mail: OutgoingMail) -> Receipt:
            sending(mail)
            raise Killed

        box.send = killed_after  # type: ignore[method-assign]
        with pytest.raises(Killed):
            go(office, "2026-04-15T06:00")
        box.send = sending  # type: ignore[method-assign]
        go(office, "2026-04-15T06:01")
        go(office, "2026-04-15T06:02")
        assert box.sends == 1 and came_home(office, instant("2026-04-15T06:02"))


def test_killed_between_deleting_and_noting(tmp_path: Path) -> None:
    with served(tmp_path) as (office, box, place):
        go(office, "2026-04-15T06:00")
        deleting = box.delete

        def killed_after(ids: object) -> None:
            deleting(ids)  # type: ignore[arg-type]
            raise Killed

        box.delete = killed_after  # type: ignore[method-assign]
        with pytest.raises(Killed):
            go(office, "2026-04-15T06:02")
        box.delete = deleting  # type: ignore[method-assign]
        for path in [p for part in ("new", "cur") for p in (place.box / ".Borttaget" / part).glob("*")]:
            path.unlink()  # the server clears it
        go(office, "2026-04-15T06:04")
        assert came_home(office, instant("2026-04-15T06:04")) and codes(office, "2026-04-15T06:40") == []


@pytest.mark.parametrize("environ", [
    {"IVOBOT_BOT__MODE": "dry"}, {"IVOBOT_BOT__MODE": "team", "IVOBOT_BOT__TEAM": '["anna@kommun.example"]'}, {"IVOBOT_ALARM__CANARY": "false"},
])  # fmt: skip
def test_where_none_flies(tmp_path: Path, environ: dict[str, str]) -> None:
    with served(tmp_path, **environ) as (office, box, _):
        go(office, "2026-04-15T06:00")
        assert not flies(office) and box.sends == 0


def test_the_embedded_mailbox_has_none(tmp_path: Path) -> None:
    with staffed(town(tmp_path, IVOBOT_ALARM__TO=OPERATOR)) as office:
        assert not flies(office)


def test_the_ping_waits_for_it(tmp_path: Path) -> None:
    """Once for each day's canary, again until the call is heard, and not for that of another day."""
    with listening() as (url, calls), served(tmp_path, IVOBOT_ALARM__PING_URL=url) as (office, _, _):
        pinger = Pinger(office)
        go(office, "2026-04-15T06:00")
        assert not pinger.tell(instant("2026-04-15T06:00"))
        go(office, "2026-04-15T06:02")
        assert pinger.tell(instant("2026-04-15T06:02")) and not pinger.tell(instant("2026-04-15T06:04"))
        assert not Pinger(office).tell(instant("2026-04-16T05:00")), "yesterday's says nothing of today"
        assert calls == ["/ping"]
