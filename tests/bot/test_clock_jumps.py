"""Time that does not behave: clocks set back and forward, summer time, leap days, year ends, long downtime, a jump in the middle of a step."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import service
from bot.errors import MailboxError
from bot.jobs.remind import remind
from bot.jobs.tick import tick
from bot.mailbox.base import OutgoingMail, Receipt
from bot.stop import Stop
from bot.store import claims
from bot.store import engine as db
from bot.store import rows as register
from bot.watchdog import Pulse
from rules.model import Entry, Sort
from tests.bot.town import ANNA, HEAD, RIGHT, WRONG, Around, around, ask, letter, rows, run, staffed, town
from tests.municipality import ZONE, Municipality, instant, mail_name


def sent(place: Municipality) -> Counter[str]:
    """How often each mail went, by its key, in all."""
    place._seen = set()
    return Counter(str(m["X-Ivobot"]) for m in place.sent())


def once(place: Municipality) -> bool:
    found = sent(place)
    return bool(found) and set(found.values()) == {1}


# Clocks that are wrong.


def test_a_clock_set_back_sends_nothing_twice(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1", "E-2"))
    place.drop(letter(WRONG), "2026-04-14T08:00")
    for now in ("2026-04-14T09:00", "2026-04-15T09:00", "2026-04-14T09:00", "2026-03-16T09:00", "2026-04-15T10:00", "2026-04-16T09:00"):
        place.run(now)
    assert once(place)
    days = Counter(str(m["Date"])[:16] for m in _mails(place, "digest"))
    assert set(days.values()) == {1}, "one digest a day, also a day that comes again"


def _mails(place: Municipality, name: str) -> list[Any]:
    place._seen = set()
    return [m for m in place.sent() if mail_name(m) == name]


def test_a_mail_put_off_by_a_wrong_clock_does_not_wait_for_that_year(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(WRONG), "2026-04-15T08:00")
    with around(place, before={"send": [MailboxError("Nobody answers.", again=True)]}) as (office, _), pytest.raises(MailboxError):
        run(office, "2031-04-15T09:00")
    (before,) = ask(place, "SELECT not_before FROM mail WHERE not_before IS NOT NULL")
    assert before["not_before"] > "2031"
    place.run("2026-04-15T09:00")
    assert not ask(place, "SELECT 1 FROM mail WHERE state != 'sent'")
    assert once(place)


def test_a_send_begun_under_a_wrong_clock_is_taken_up(tmp_path: Path) -> None:
    """The lease of a mail whose sending was begun lies years ahead; its copy is found, and it is not sent again."""
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(WRONG), "2026-04-15T08:00")
    with around(place, after={"send": [KeyboardInterrupt()]}) as (office, _), pytest.raises(KeyboardInterrupt):
        run(office, "2031-04-15T09:00")
    assert [row["state"] for row in ask(place, "SELECT state FROM mail WHERE name = 'title_rejected'")] == ["sending"]
    place.run("2026-04-15T09:00")
    assert [row["state"] for row in ask(place, "SELECT state FROM mail WHERE name = 'title_rejected'")] == ["sent"]
    assert once(place)


def test_answers_under_a_wrong_clock_hold_none_back_later(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"), IVOBOT_REPLY__PER_HOUR="1", IVOBOT_REPLY__PER_SENDER_A_DAY="1")
    place.drop(letter(WRONG), "2026-04-15T08:00")
    place.run("2031-04-15T09:00")
    place.drop(letter("IVO – Nyrapportering 2026-04-15"), "2026-04-15T08:30")
    place.run("2026-04-15T09:00")
    assert len(_mails(place, "title_rejected")) == 2


# Summer time.


@pytest.mark.slow
@pytest.mark.parametrize(
    "sunday, utc", [("2026-03-29", "2026-03-28T22:00"), ("2026-10-25", "2026-10-24T21:00")], ids=["one_hour_less", "one_hour_twice"]
)
def test_summer_time(tmp_path: Path, sunday: str, utc: str) -> None:
    """A night's backup at 02:30, an hour that is missing or comes twice, is made once; so are the next morning's mails."""
    store = tmp_path / "backups"
    store.mkdir()
    (tmp_path / "town").mkdir()
    lines = [HEAD, f"E-1;9§4;{'2025-12-29' if sunday < '2026-05' else '2026-07-26'};{ANNA}"]
    place = town(
        tmp_path / "town", lines, IVOBOT_BACKUP__FOLDER=str(store), IVOBOT_BACKUP__PASSPHRASE="en lång mening om vinter och sommar"
    )
    begin = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    made: list[str] = []
    for quarter in range(0, 36 * 4):
        if quarter > 24 and quarter % 4:
            continue  # every quarter of the night, then every hour
        with staffed(place) as office:
            tick(office, begin + timedelta(minutes=15 * quarter), Stop())
        made += [path.name for path in store.glob("*.backup") if path.name not in made]
    monday = date.fromisoformat(sunday) + timedelta(days=1)
    assert f"ivobot-{sunday}.backup" in made and made.count(f"ivobot-{sunday}.backup") == 1
    digests = _mails(place, "digest")
    local = [datetime.strptime(str(m["Date"]), "%a, %d %b %Y %H:%M:%S %z").astimezone(ZONE) for m in digests]
    assert [at.date() for at in local] == [monday] and local[0].hour in (7, 8) and once(place)


# Leap days and year ends.


@pytest.mark.parametrize(
    "start, mark, summary",
    [
        ("Mon 2027-11-29", "2028-02-29", "2028-02-28"),
        ("Tue 2027-11-30", "2028-02-29", "2028-02-28"),  # no 30 February: its last day
        ("Tue 2028-02-29", "2028-05-29", "2028-05-26"),  # a leap day as start; the mark is a Monday
        ("Wed 2026-09-30", "2026-12-30", "2026-12-29"),
        ("Thu 2026-10-01", "2027-01-01", "2026-12-30"),  # 31 December is a day off
        ("Sat 2026-10-31", "2027-01-31", "2027-01-29"),
    ],
)
def test_leap_days_and_year_ends(tmp_path: Path, start: str, mark: str, summary: str) -> None:
    begin, end = date.fromisoformat(start[4:]), date.fromisoformat(mark) + timedelta(days=40)
    assert begin.strftime("%a") == start[:3]
    place = town(tmp_path)
    with staffed(place) as office:
        today = begin
        while today <= end:
            with db.write(office.engine) as tx:
                if today == begin:
                    entry = Entry("E-1", "9§4", Sort.DECISION, begin, officer=ANNA)
                    claims.reschedule(tx, office.planner, [register.add(tx, entry, entered=begin, silent_before=begin)])
            remind(office, instant(f"{today}T08:00"))
            today += timedelta(days=1)
        with db.read(office.engine) as tx:
            (row,) = register.everything(tx)
            foretold = sorted((e.k, e.milestone.name, e.day) for e in office.planner.simulate(row, begin, end))
    taken = sorted(
        (r["k"], r["milestone"], date.fromisoformat(r["day"])) for r in ask(place, "SELECT * FROM claim WHERE mail_id IS NOT NULL")
    )
    assert taken == foretold
    assert (1, "day_before", date.fromisoformat(summary)) in taken


# Downtime.


def test_ninety_days_of_downtime(tmp_path: Path) -> None:
    """Letters are read with the day on which they came; what is still useful goes out once, what is not is told, and nothing floods."""
    lines = [HEAD, *(f"E-{n};9§4;2026-01-{10 + n:02};{ANNA}" for n in range(12))]
    place = town(tmp_path, lines)
    place.run("2026-03-31T09:00")
    place.drop(letter(RIGHT, body="Ärende: E-5\n"), "2026-04-15T09:00")
    before = sum(sent(place).values())
    place.run("2026-06-29T09:00")
    assert once(place)
    new = sum(sent(place).values()) - before
    assert 1 < new < 8, "bundled, and only the latest of each row"
    reported = ask(place, "SELECT p.k, p.mark FROM report p JOIN register_row r ON r.id = p.row_id WHERE r.\"case\" = 'E-5'")
    assert [(r["k"], r["mark"]) for r in reported] == [(1, "2026-04-15")]
    assert ask(place, "SELECT count(*) AS n FROM claim WHERE mail_id IS NULL")[0]["n"] > 12
    place.run("2026-06-29T09:02")
    assert sum(sent(place).values()) == before + new


# A jump in the middle.


@dataclass
class Jumping:
    """A clock that jumps whenever it is asked, and when `shift` is changed by what happens meanwhile."""

    instants: Iterator[datetime]
    asked: list[datetime] = field(default_factory=list)

    def now(self) -> datetime:
        self.asked.append(next(self.instants))
        return self.asked[-1]

    def monotonic(self) -> float:
        return 0.0


def test_a_jump_between_two_steps(tmp_path: Path) -> None:
    """The scheduler's step asks the clock once, so that a round has one time whatever the clock does meanwhile."""
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(WRONG), "2026-04-14T06:00")
    base = instant("2026-04-14T09:00").astimezone(UTC)
    jumps = [timedelta(), timedelta(hours=-3), timedelta(hours=2), timedelta(days=1), timedelta(minutes=-10), timedelta(days=1, minutes=2)]
    clock = Jumping(iter([base + jump for jump in jumps]))
    with staffed(place) as office:
        step = service.step(office, clock, Stop(), Pulse(clock))
        started = len(clock.asked)
        for n in range(1, len(jumps) + 1):
            step()
            assert len(clock.asked) == n + started
    assert once(place)
    assert len(_mails(place, "digest")) == 2


def test_a_jump_in_the_middle_of_a_step(tmp_path: Path) -> None:
    """While the first mail is being sent another process ticks, a day later by its clock; each mail goes once."""
    place = town(tmp_path, rows("E-1", "E-2"))
    place.drop(letter(WRONG), "2026-04-14T06:00")
    place.drop(letter(WRONG, sender="bo@kommun.example"), "2026-04-14T06:00")

    @dataclass
    class Meanwhile(Around):
        ticked: bool = False

        def send(self, mail: OutgoingMail) -> Receipt:
            if not self.ticked:
                self.ticked = True
                place.run("2026-04-15T09:00")
            return super().send(mail)

    with staffed(place) as office:
        run(replace(office, mailbox=Meanwhile(office.mailbox)), "2026-04-14T09:00")
    place.run("2026-04-15T09:10")
    assert once(place)
    assert not ask(place, "SELECT 1 FROM mail WHERE state NOT IN ('sent')")
