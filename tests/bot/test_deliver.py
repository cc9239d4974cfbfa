"""Delivery: a mail goes out once, whatever dies or fails on the way, and is the same mail on each try."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from itertools import pairwise
from pathlib import Path

import pytest

from bot.errors import MailboxError, MailRefused
from bot.jobs.deliver import deliver
from bot.jobs.office import Office
from bot.jobs.remind import remind
from bot.mailbox.base import OutgoingMail, Receipt
from bot.stop import Stop
from bot.store import engine as db
from bot.store import outbox
from tests.bot.town import (
    ANNA,
    BO,
    HEAD,
    MARK_DAY,
    WRONG,
    Around,
    Killed,
    around,
    ask,
    ivobot,
    letter,
    rows,
    run,
    staffed,
    town,
)
from tests.municipality import Municipality, instant, mail_name

FOLLOW_UP = "2026-03-16T06:59"  # before the hour: nothing is due
DUE = "2026-03-16T07:00"
LATER = "2026-03-16T07:02"
TWO = [HEAD, f"E-1;9§4;2026-01-15;{ANNA}", f"E-2;9§4;2026-01-15;{BO}"]


def out_of_reach() -> MailboxError:
    return MailboxError("The mailbox does not answer; try later.", again=True)


def refused() -> MailRefused:
    return MailRefused("The mailbox refused the mail; look at it.")


def reminders(place: Municipality) -> list[str]:
    return sorted(str(m["To"]) for m in place.sent() if mail_name(m) == "two_months")


def states(place: Municipality) -> dict[str, int]:
    return Counter(r["state"] for r in ask(place, "SELECT state FROM mail"))


@pytest.mark.parametrize("place_of_death", ["before", "after"])
def test_killed_around_the_send_exactly_one_copy(tmp_path: Path, place_of_death: str) -> None:
    place = town(tmp_path, rows("E-1"))
    with around(place, **{place_of_death: {"send": [Killed()]}}) as (office, first), pytest.raises(Killed):
        run(office, DUE)
    assert states(place)["sending"] == 1
    assert len(place.folder("Skickat")) == (place_of_death == "after")
    with around(place) as (office, second):
        run(office, LATER)
    assert len([m for m in place.sent() if mail_name(m) == "two_months"]) == 1
    assert states(place) == {"sent": 1}
    again = [mail for mail in second.sent if mail.message_id == first.sent[0].message_id]
    assert len(again) == (place_of_death == "before"), "the copy in Skickat is looked for before it is sent again"


def test_killed_again_and_again_the_bytes_stay(tmp_path: Path) -> None:
    times = 3
    place = town(tmp_path, rows("E-1"))
    tries: list[OutgoingMail] = []
    for minute in range(times):
        with around(place, before={"send": [Killed()]}) as (office, box), pytest.raises(Killed):
            run(office, f"2026-03-16T07:0{2 * minute}")
        tries += box.sent
    place.environ["IVOBOT_PEOPLE__REPORTER"] = "annan.rapportor@kommun.example"  # stands in every mail's last sentence
    with around(place) as (office, box):
        run(office, "2026-03-16T07:20")
    tries += box.sent
    assert len(tries) == times + 1 and len({(m.message_id, m.raw, m.recipients) for m in tries}) == 1
    (copy,) = place.folder("Skickat")
    assert copy.read_bytes() == tries[0].raw


def test_recipients_are_frozen_with_the_bytes(tmp_path: Path) -> None:
    """A change of mode between two tries must not send a mail addressed to the team to the people whom it was meant for, or the reverse."""
    place = town(tmp_path, rows("E-1"), IVOBOT_BOT__MODE="team", IVOBOT_BOT__TEAM='["prov@kommun.example"]')
    with around(place, before={"send": [Killed()]}) as (office, first), pytest.raises(Killed):
        run(office, DUE)
    place.environ["IVOBOT_BOT__MODE"] = "live"
    with around(place) as (office, second):
        run(office, LATER)
    assert first.sent[0].recipients == ("prov@kommun.example",)
    assert [m.recipients for m in second.sent if m.message_id == first.sent[0].message_id] == [("prov@kommun.example",)]


def test_a_mailbox_out_of_reach_postpones(tmp_path: Path) -> None:
    place = town(tmp_path, TWO)
    with around(place, before={"send": [out_of_reach()]}) as (office, box), pytest.raises(MailboxError) as error:
        run(office, DUE)
    assert error.value.code == 3 and len(box.sent) == 1, "the others wait for it too"
    assert place.folder("Skickat") == []
    place.run("2026-03-16T07:10")
    assert reminders(place) == [ANNA, BO]
    place.run("2026-03-16T07:20")
    assert reminders(place) == [] and states(place) == {"sent": 2}
    assert {r["tries"] for r in ask(place, "SELECT tries FROM mail")} == {0, 1}


def test_the_waiting_time_grows_and_is_bounded(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    tried = []
    with around(place, before={"send": [out_of_reach() for _ in range(400)]}) as (office, _):
        start = instant(DUE).astimezone(UTC)
        remind(office, start)
        for minute in range(6 * 60):
            try:
                deliver(office, start + timedelta(minutes=minute), Stop())
            except MailboxError:
                tried.append(minute)
    gaps = [b - a for a, b in pairwise(tried)]
    assert gaps == sorted(gaps) and gaps[0] <= 5 and gaps[-1] == 60, gaps


def test_a_mail_that_is_refused_for_good_fails_and_the_rest_goes_on(tmp_path: Path) -> None:
    place = town(tmp_path, TWO)
    with around(place, before={"send": [refused()]}) as (office, box):
        run(office, DUE)
    assert len(box.sent) == 2 and reminders(place) == [BO]
    assert states(place) == {"failed": 1, "sent": 1}
    place.run("2026-03-16T07:20")
    assert reminders(place) == []
    assert ivobot(place, "status", "--json", "--now", "2026-03-16T07:20").out.count("cannot be sent") == 1


def post_bad(place: Municipality, now: str) -> None:
    """A mail whose facts no template can take, first in the outbox."""
    with staffed(place) as office, db.write(office.engine) as tx:
        outbox.post(tx, key="b" * 40, name="two_months", to=[ANNA], cc=[], facts='{"nonsense":1}', now=instant(now))


def test_a_mail_that_cannot_be_rendered_does_not_stop_the_others(tmp_path: Path) -> None:
    place = town(tmp_path, TWO)
    post_bad(place, FOLLOW_UP)
    place.run(DUE)
    assert reminders(place) == [ANNA, BO]
    (bad,) = ask(place, "SELECT state, problem FROM mail WHERE key = ?", "b" * 40)
    assert bad["state"] == "failed" and bad["problem"].endswith(".") and "nonsense" not in bad["problem"]


def test_a_mail_that_failed_is_work_that_failed(tmp_path: Path) -> None:
    """Exit 1: work failed."""
    place = town(tmp_path, TWO)
    post_bad(place, FOLLOW_UP)
    done = ivobot(place, "run", "--once", "--now", DUE)
    assert done.code == 1


@dataclass
class Plain(Around):
    """A mailbox that sends whatever it is given: it does not look for a copy by itself, as a plain mail server does not."""

    gone: list[OutgoingMail] = field(default_factory=list)
    other: Office | None = None
    now: str = ""

    def send(self, mail: OutgoingMail) -> Receipt:
        self.gone.append(mail)
        if self.other is not None:
            other, self.other = self.other, None
            deliver(other, instant(self.now).astimezone(UTC), Stop())
        return self.inner.send(mail)


@pytest.fixture
def two_services(tmp_path: Path) -> Iterator[list[list[bytes]]]:
    """Two services that deliver two mails; the second begins, and ends, while the first sends its first one.

    Gives for each mail, in the order of the first tries, the bytes that were sent.
    """
    place = town(tmp_path, TWO)
    with staffed(place) as one, staffed(place) as two:
        remind(one, instant(DUE).astimezone(UTC))
        second = Plain(two.mailbox)
        first = Plain(one.mailbox, other=replace(two, mailbox=second), now="2026-03-16T07:01")
        deliver(replace(one, mailbox=first), instant(DUE).astimezone(UTC), Stop())
    sent: dict[str, list[bytes]] = {mail.message_id: [] for mail in first.gone[:1]}
    for mail in [*first.gone, *second.gone]:
        sent.setdefault(mail.message_id, []).append(mail.raw)
    yield list(sent.values())
    assert states(place) == {"sent": 2}


def test_a_mail_that_another_service_sends_just_now_is_left_to_it(two_services: list[list[bytes]]) -> None:
    assert len(two_services[0]) == 1


def test_a_mail_that_another_service_has_sent_meanwhile_is_not_sent_again(two_services: list[list[bytes]]) -> None:
    assert len(two_services[1]) == 1


def test_two_services_send_the_same_bytes(two_services: list[list[bytes]]) -> None:
    assert [len(set(sent)) for sent in two_services] == [1, 1]


def test_a_stop_is_seen_between_two_mails(tmp_path: Path) -> None:
    place = town(tmp_path, TWO)
    stop = Stop()

    class Stopping(Around):
        def send(self, mail: OutgoingMail) -> Receipt:
            stop.ask()
            return super().send(mail)

    with staffed(place) as office:
        now = instant(DUE).astimezone(UTC)
        remind(office, now)
        assert deliver(replace(office, mailbox=Stopping(office.mailbox)), now, stop).sent == 1
    place.run(LATER)
    assert reminders(place) == [ANNA, BO]


# What stands in the headers.


def answered(place: Municipality, now: str = MARK_DAY, **headers: str) -> EmailMessage:
    place.drop(letter(WRONG, **headers) | {"id": "<fraga-1@kommun.example>"}, now)
    place.run(now)
    (found,) = [m for m in place.sent() if mail_name(m) == "title_rejected"]
    return found


def test_an_answer_threads(tmp_path: Path) -> None:
    found = answered(town(tmp_path, rows("E-1")))
    assert found["In-Reply-To"] == "<fraga-1@kommun.example>"
    assert str(found["References"]).split()[-1] == "<fraga-1@kommun.example>"
    assert found["Auto-Submitted"] == "auto-replied"
    assert found["X-Auto-Response-Suppress"] == "All"


def test_every_mail_has_our_header_and_a_message_id_of_its_own(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(WRONG), "2026-03-16T07:40")
    place.run("2026-03-16T07:40")
    mails = place.sent()
    assert {mail_name(m) for m in mails} == {"two_months", "title_rejected", "digest"}
    for m in mails:
        name, _, key = str(m["X-Ivobot"]).partition("; key=")
        assert name.startswith("name=") and len(key) >= 16 and set(key) <= set("0123456789abcdef")
        assert str(m["Auto-Submitted"]).startswith("auto-")
        assert str(m["Message-ID"]).endswith("@kommun.example>")
    assert len({str(m["Message-ID"]) for m in mails}) == 3


@pytest.mark.parametrize("now, written", [("2026-04-15T09:00", "2026-04-15T09:00+02:00"), ("2026-01-21T09:00Z", "2026-01-21T10:00+01:00")])
def test_the_date_is_the_set_clock(tmp_path: Path, now: str, written: str) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(WRONG), "2026-01-20T12:00")
    done = ivobot(place, "run", "--once", "--now", now)
    assert done.code == 0, done.err
    dates = {str(m["Date"]): parsedate_to_datetime(str(m["Date"])) for m in place.sent()}
    assert dates and all(found.isoformat(timespec="minutes") == written for found in dates.values())


def test_a_mail_that_waited_keeps_the_date_of_its_first_try(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    with around(place, before={"send": [out_of_reach()]}) as (office, _), pytest.raises(MailboxError):
        run(office, DUE)
    place.run("2026-03-16T09:00")
    (found,) = [m for m in place.sent() if mail_name(m) == "two_months"]
    assert parsedate_to_datetime(str(found["Date"])).isoformat() == "2026-03-16T07:00:00+01:00"
