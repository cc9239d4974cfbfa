"""Reminders as the service runs them: once, on the right day, also after downtime and when the calendar changes."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.jobs.remind import remind
from tests.bot.town import ANNA, BO, HEAD, MARK_DAY, RIGHT, Killed, around, ask, letter, rows, run, staffed, town
from tests.municipality import EXAMPLE, Municipality, instant, mail_name, text

OVERDUE = ("overdue_1", "overdue_2")


def reminders(place: Municipality) -> list[tuple[str, str]]:
    """What went out since the last look, without digests: name and To."""
    return sorted((mail_name(m), str(m["To"])) for m in place.sent() if mail_name(m) != "digest")


def calendar_of(place: Municipality, first: date, last: date, hour: str = "08:00") -> dict[str, list[tuple[str, str]]]:
    """A run a day; what each day brought."""
    found = {}
    with staffed(place) as office:
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            run(office, f"{day}T{hour}")
            if sent := reminders(place):
                found[f"{day:%a %F}"] = sent
    return found


def test_a_whole_period_day_by_day(tmp_path: Path) -> None:
    """Nothing is reported: each milestone on its day, easter and weekends moved as the law says."""
    place = town(tmp_path, [HEAD, f"E-1;9§4;2026-01-15;{ANNA}", f"E-2;9§9;2026-01-15;{BO}"])
    unit = "boendeteamet@kommun.example"
    assert calendar_of(place, date(2026, 3, 1), date(2026, 5, 15)) == {
        "Mon 2026-03-16": [("two_months", ANNA), ("two_months", unit)],
        "Tue 2026-04-14": [("day_before", ANNA), ("day_before", unit)],
        "Thu 2026-04-16": [("officer_notice", BO)],
        "Tue 2026-04-21": [("overdue_1", ANNA), ("overdue_1", unit)],
        "Tue 2026-04-28": [("overdue_2", f"{ANNA}, enhetschef@kommun.example"), ("overdue_2", f"{unit}, enhetschef@kommun.example")],
    }


def test_twice_at_the_same_clock_sends_nothing(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    for now in ("2026-03-16T08:00", "2026-04-14T08:00", "2026-04-21T08:00"):
        place.run(now)
        assert len(reminders(place)) == 1
        for again in (now, now, now.replace("08:00", "17:00")):
            done = place.run(again)
            assert (done["remind"], done["digest"], done["deliver"]) == (0, 0, 0)
        assert reminders(place) == []


def test_a_kill_before_sending_loses_no_reminder(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    for minute in (0, 2, 4):  # a mail whose sending was begun is left alone for a while, since another service may be at it
        with around(place, before={"send": [Killed()]}) as (office, _box), pytest.raises(Killed):
            run(office, f"2026-03-16T08:0{minute}")
    place.run("2026-03-16T08:10")
    assert reminders(place) == [("two_months", ANNA)]


def test_after_40_days_of_downtime_what_is_useful_goes_out_once(tmp_path: Path) -> None:
    """Down from 13 March to 22 April. E-1: follow-up 03-15, mark 04-15: of its mails only overdue_1 is still useful."""
    place = town(tmp_path, [HEAD, f"E-1;9§4;2026-01-15;{ANNA}", f"E-2;9§10;2026-01-15;{BO}", f"E-3;9§4;2026-02-12;{ANNA}"])
    place.run("2026-03-13T08:00")
    assert reminders(place) == []
    place.run("2026-04-22T08:00")
    sent = place.sent()
    assert sorted((mail_name(m), str(m["To"])) for m in sent if mail_name(m) != "digest") == [
        ("officer_notice", BO),
        ("overdue_1", ANNA),
        ("overdue_1", "centralen@kommun.example"),
        ("two_months", ANNA),  # E-3: follow-up 04-12, useful through 04-26
    ]
    for now in ("2026-04-22T08:10", "2026-04-23T08:00", "2026-04-24T08:00", "2026-04-27T08:00", "2026-04-28T08:00"):
        place.run(now)
        assert reminders(place) == []
    place.run("2026-04-29T08:00")  # five workdays after overdue_1 was sent
    assert [name for name, _ in reminders(place)] == ["overdue_2", "overdue_2"]
    gone = ask(place, "SELECT milestone, k FROM claim WHERE mail_id IS NULL ORDER BY row_id, milestone")
    assert [(r["milestone"], r["k"]) for r in gone] == [("day_before", 1), ("two_months", 1)] * 2


def test_after_a_year_of_downtime_there_is_no_flood(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.run("2027-04-20T08:00")
    assert len(reminders(place)) <= 2
    place.run("2027-04-20T08:02")
    assert reminders(place) == []


@pytest.mark.parametrize("number, mails", [(5, 5), (6, 1), (30, 1)])
def test_bundles(tmp_path: Path, number: int, mails: int) -> None:
    cases = [f"E-{n:02}" for n in range(number)]
    place = town(tmp_path, rows(*cases))
    place.run("2026-03-16T08:00")
    found = [m for m in place.sent() if mail_name(m) == "two_months"]
    assert len(found) == mails
    said = "\n".join(map(text, found))
    assert all(case in said for case in cases)
    claims = ask(place, "SELECT row_id, mail_id FROM claim")
    assert len(claims) == number and all(r["mail_id"] for r in claims), "each keeps its key"
    place.run("2026-03-17T08:00")
    assert reminders(place) == []


def test_a_bundle_to_one_address_though_others_get_it_too(tmp_path: Path) -> None:
    """More than five mails of one milestone to one address in one run become one mail: here each row has a provider of its own."""
    head = "Ärende;Insats;Beslutsdatum;Handläggare;Utförare"
    place = town(tmp_path, [head, *(f"E-{n};9§4;2026-01-15;{ANNA};utforare{n}@kommun.example" for n in range(7))])
    place.run("2026-04-14T08:00")
    to_anna = [m for m in place.sent() if mail_name(m) == "day_before" and ANNA in str(m["To"])]
    assert len(to_anna) == 1


@pytest.mark.parametrize(
    "now",
    [
        "2026-03-16T06:59",  # before the hour
        "2026-03-15T12:00",  # Sunday
        "2026-03-14T12:00",  # Saturday
    ],
)
def test_not_before_its_day_and_hour(tmp_path: Path, now: str) -> None:
    place = town(tmp_path, rows("E-1"))
    place.run(now)
    assert reminders(place) == []
    place.run("2026-03-16T07:00")
    assert reminders(place) == [("two_months", ANNA)]


@pytest.mark.parametrize("day", ["2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-06-19", "2026-12-24", "2026-12-31"])
def test_days_off_bring_nothing(tmp_path: Path, day: str) -> None:
    """Långfredag, annandag påsk, första maj, Kristi himmelsfärd, midsommarafton, julafton, nyårsafton; the mails wait one day more."""
    start = date.fromisoformat(day) - timedelta(days=62)  # two_months fell at most days ago, and still waits
    place = town(tmp_path, rows("E-1", start=start.isoformat()), imported=f"{start}T08:00")
    place.run(f"{day}T12:00")
    assert place.sent() == []
    later = date.fromisoformat(day)
    for _ in range(5):
        later += timedelta(days=1)
        place.run(f"{later}T12:00")
    assert reminders(place) == [("two_months", ANNA)]


def test_the_hour_is_local_in_summer_and_winter(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1", "F-1", start="2026-02-27"), imported="2026-03-01T08:00")
    place.run("2026-04-27T04:59+00:00")  # 06:59 summer time
    assert reminders(place) == []
    place.run("2026-04-27T05:00+00:00")
    assert len(reminders(place)) == 2


def test_another_hour_is_a_setting(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"), IVOBOT_SCHEDULE__REMINDERS="10:15", IVOBOT_SCHEDULE__DIGEST="06:30")
    place.run("2026-03-16T10:14")
    assert [mail_name(m) for m in place.sent()] == ["digest"]
    place.run("2026-03-16T10:15")
    assert reminders(place) == [("two_months", ANNA)]


def next_due(place: Municipality) -> str:
    return ask(place, "SELECT next_due FROM register_row")[0]["next_due"]


def test_closed_days_reschedule(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.run("2026-03-13T08:00")
    assert next_due(place) == "2026-03-16"
    place.environ["IVOBOT_CALENDAR__CLOSED_DAYS"] = '["2026-03-16"]'
    place.run("2026-03-13T08:02")
    assert next_due(place) == "2026-03-17"
    place.run("2026-03-16T08:00")
    assert reminders(place) == []
    place.run("2026-03-17T08:00")
    assert reminders(place) == [("two_months", ANNA)]
    place.environ["IVOBOT_CALENDAR__CLOSED_DAYS"] = "[]"
    place.run("2026-03-18T08:00")
    assert reminders(place) == [], "taken is taken"


def test_a_changed_routine_reschedules(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.run("2026-03-02T08:00")
    own = (EXAMPLE.parent / "rules" / "data" / "routines" / "ivo-lss.toml").read_text("utf-8")
    changed = own.replace('day = { anchor = "start", months = 2, move = "next" }', 'day = { anchor = "start", months = 1, move = "next" }')
    assert changed != own
    (tmp_path / "rutin.toml").write_text(changed, "utf-8")
    place.environ["IVOBOT_BOT__ROUTINE"] = str(tmp_path / "rutin.toml")
    place.run("2026-03-03T08:00")
    assert reminders(place) == [("two_months", ANNA)]
    place.run("2026-03-16T08:00")
    assert reminders(place) == []


def test_a_report_stops_the_reminders_of_its_mark_only(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.run("2026-03-16T08:00")
    place.run("2026-04-14T08:00")
    place.sent()
    place.drop(letter(RIGHT), MARK_DAY)
    found = calendar_of(place, date(2026, 4, 15), date(2026, 6, 30))
    assert found == {"Mon 2026-06-15": [("two_months", ANNA)]}


def test_letters_are_read_before_reminders_go_out(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT), "2026-04-21T07:59")
    place.run("2026-04-21T08:00")
    assert not [name for name, _ in reminders(place) if name in OVERDUE]


def test_nothing_due_costs_no_writing(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.run("2026-03-02T08:00")
    with staffed(place) as office:
        writes: list[str] = []
        event.listen(office.engine, "before_cursor_execute", lambda _c, _k, sql, *_: writes.append(sql))
        assert remind(office, datetime(2026, 3, 3, 7, 0, tzinfo=UTC)) == 0
    assert not [sql for sql in writes if sql.split()[0] in ("INSERT", "UPDATE", "DELETE")]


class Faulty(dict):  # type: ignore[type-arg]
    """Officers of whom one makes the program fail."""

    def get(self, key: str, default: object = None) -> object:
        if key == "fel@kommun.example":
            raise RuntimeError("a fault in the program")
        return super().get(key, default)


def test_a_row_that_breaks_the_program_does_not_stop_the_others(tmp_path: Path) -> None:
    """One bad row is told, the reminders of the others go out."""
    place = town(tmp_path, [HEAD, "E-0;9§4;2026-01-15;fel@kommun.example", f"E-1;9§4;2026-01-15;{ANNA}"])
    with staffed(place) as office:
        people = replace(office.people, officers=Faulty(office.people.officers))
        with suppress(Exception):
            remind(replace(office, people=people), instant("2026-03-16T08:00").astimezone(UTC))
    assert [r["to"] for r in ask(place, 'SELECT "to" FROM mail')] == [f'["{ANNA}"]']


def test_a_job_that_breaks_does_not_stop_the_other_jobs(tmp_path: Path) -> None:
    """A fault of ours in the reminders: the digest goes out all the same."""
    place = town(tmp_path, rows("E-0", officer="fel@kommun.example"))
    place.drop(letter("IVO – Nyrapportering, 9§4", body="hej\n"), "2026-03-16T08:00")
    with staffed(place) as office, suppress(Exception):
        run(replace(office, people=replace(office.people, officers=Faulty(office.people.officers))), "2026-03-16T08:00")
    assert {mail_name(m) for m in place.sent()} >= {"digest"}
