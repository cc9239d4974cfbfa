"""The clock: instants in UTC, local days, and the two nights a year when local time jumps."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

import pytest

from bot.clock import FixedClock, SystemClock, local_day, local_instant, parse_now
from bot.errors import ConfigError

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    "text, utc",
    [
        ("2026-11-22T07:30", "2026-11-22T06:30"),  # winter: +1
        ("2026-06-22T07:30", "2026-06-22T05:30"),  # summer: +2
        ("2026-06-22 07:30:15", "2026-06-22T05:30:15"),
        ("2026-11-22T07:30Z", "2026-11-22T07:30"),
        ("2026-11-22T07:30+05:00", "2026-11-22T02:30"),
        ("2026-11-22", "2026-11-21T23:00"),  # a day alone: its 00:00
        (" 20261122T073000 ", "2026-11-22T06:30"),
        ("2026-03-29T01:59", "2026-03-29T00:59"),
        ("2026-03-29T02:30", "2026-03-29T01:30"),  # never comes: 03:30 summer time
        ("2026-03-29T03:00", "2026-03-29T01:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30"),  # comes twice: the first
        ("2026-10-25T02:30+01:00", "2026-10-25T01:30"),  # the second, by its zone
        ("2026-10-25T03:00", "2026-10-25T02:00"),
    ],
)
def test_parse_now(text, utc):
    """With or without a zone; what comes out is UTC."""
    now = parse_now(text, STOCKHOLM)
    assert now == datetime.fromisoformat(utc).replace(tzinfo=UTC) and now.tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["", "now", "2026-02-30", "22/11 2026", "2026-11", "2026-W47-7", "2026-11-22T25:00", "0001-01-01", "19121212-1212"]
)
def test_no_time(text):
    """One sentence that says how to write it, and does not repeat what was written."""
    with pytest.raises(ConfigError) as caught:
        parse_now(text, STOCKHOLM)
    assert str(caught.value) == "That is no time; write it as 2026-11-22T07:30 or 2026-11-22T06:30Z, or a day as 2026-11-22."
    assert caught.value.__cause__ is None and caught.value.code == 2


@pytest.mark.parametrize(
    "utc, day",
    [
        ("2026-11-21T22:59:59", "Sat 2026-11-21"),
        ("2026-11-21T23:00:00", "Sun 2026-11-22"),  # midnight in winter
        ("2026-06-21T22:00:00", "Mon 2026-06-22"),  # midnight in summer
        ("2026-12-31T23:30:00", "Fri 2027-01-01"),
    ],
)
def test_local_day(utc, day):
    """The day changes at midnight in Stockholm, not in Greenwich."""
    assert f"{local_day(datetime.fromisoformat(utc).replace(tzinfo=UTC), STOCKHOLM):%a %F}" == day


@pytest.mark.parametrize(
    "day, at, utc", [("2026-11-23", "07:30", "06:30"), ("2026-03-29", "02:30", "01:30"), ("2026-10-25", "02:30", "00:30")]
)
def test_local_instant(day, at, utc):
    """When a time of day comes on a day."""
    found = local_instant(date.fromisoformat(day), time_of_day.fromisoformat(at), STOCKHOLM)
    assert f"{found:%F %H:%M}" == f"{day} {utc}" and found.tzinfo is UTC


def test_fixed_clock():
    """It stands still, tells UTC, and durations run all the same."""
    clock = FixedClock(datetime(2026, 11, 22, 7, 30, tzinfo=timezone(timedelta(hours=1))))
    assert clock.now() == clock.now() == datetime(2026, 11, 22, 6, 30, tzinfo=UTC) and clock.now().tzinfo is UTC
    before = clock.monotonic()
    time.sleep(0.01)
    assert clock.monotonic() > before


def test_system_clock():
    """The machine's time, with its zone."""
    clock = SystemClock()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5) and clock.now().tzinfo is UTC
    assert clock.monotonic() <= clock.monotonic()


def test_naive_is_refused():
    """An instant without a zone is nobody's instant."""
    with pytest.raises(ValueError, match="with a zone"):
        FixedClock(datetime(2026, 11, 22))
    with pytest.raises(ValueError, match="with a zone"):
        local_day(datetime(2026, 11, 22), STOCKHOLM)
