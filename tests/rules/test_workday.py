"""Workdays: the golden dates, every day off of seven years, klämdagar, and what an office closes besides."""

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.mark import add_months
from rules.workday import Workdays, days_off
from tests.rules.made import OFFICE, RULES, day, days, shown


@pytest.mark.parametrize("start, mark, summary, report", [
    ("Wed 2025-09-24", "Wed 2025-12-24", "Tue 2025-12-23", "Mon 2025-12-29"),  # julafton
    ("Sun 2025-11-30", "Sat 2026-02-28", "Fri 2026-02-27", "Mon 2026-03-02"),  # short month, Saturday
    ("Sat 2026-01-03", "Fri 2026-04-03", "Thu 2026-04-02", "Tue 2026-04-07"),  # långfredag
    ("Thu 2026-03-19", "Fri 2026-06-19", "Thu 2026-06-18", "Mon 2026-06-22"),  # midsommarafton
    ("Thu 2026-09-24", "Thu 2026-12-24", "Wed 2026-12-23", "Mon 2026-12-28"),
    ("Wed 2026-09-30", "Wed 2026-12-30", "Tue 2026-12-29", "Mon 2027-01-04"),  # nyårsafton and nyårsdagen after it
    ("Thu 2026-01-15", "Wed 2026-04-15", "Tue 2026-04-14", "Thu 2026-04-16"),
    ("Sat 2026-02-14", "Thu 2026-05-14", "Wed 2026-05-13", "Fri 2026-05-15"),  # Kristi himmelsfärd: the klämdag is a workday
    ("Fri 2026-02-06", "Wed 2026-05-06", "Tue 2026-05-05", "Thu 2026-05-07"),
    ("Mon 2025-10-06", "Tue 2026-01-06", "Mon 2026-01-05", "Wed 2026-01-07"),  # trettondagen
])  # fmt: skip
def test_golden_dates(start: str, mark: str, summary: str, report: str) -> None:
    """The mark is moved by nothing; the summary day is strictly before it, the report day strictly after."""
    found = add_months(day(start), 3)
    assert (shown(found), shown(OFFICE.summary_day(found)), shown(OFFICE.report_day(found))) == (mark, summary, report)


DAYS_OFF = [
    "2024: Mon 01-01 Fri 03-29 Mon 04-01 Wed 05-01 Thu 05-09 Thu 06-06 Fri 06-21 Tue 12-24 Wed 12-25 Thu 12-26 Tue 12-31",
    "2025: Wed 01-01 Mon 01-06 Fri 04-18 Mon 04-21 Thu 05-01 Thu 05-29 Fri 06-06 Fri 06-20 Wed 12-24 Thu 12-25 Fri 12-26 Wed 12-31",
    "2026: Thu 01-01 Tue 01-06 Fri 04-03 Mon 04-06 Fri 05-01 Thu 05-14 Fri 06-19 Thu 12-24 Fri 12-25 Thu 12-31",
    "2027: Fri 01-01 Wed 01-06 Fri 03-26 Mon 03-29 Thu 05-06 Fri 06-25 Fri 12-24 Fri 12-31",
    "2028: Thu 01-06 Fri 04-14 Mon 04-17 Mon 05-01 Thu 05-25 Tue 06-06 Fri 06-23 Mon 12-25 Tue 12-26",
    "2029: Mon 01-01 Fri 03-30 Mon 04-02 Tue 05-01 Thu 05-10 Wed 06-06 Fri 06-22 Mon 12-24 Tue 12-25 Wed 12-26 Mon 12-31",
    "2030: Tue 01-01 Fri 04-19 Mon 04-22 Wed 05-01 Thu 05-30 Thu 06-06 Fri 06-21 Tue 12-24 Wed 12-25 Thu 12-26 Tue 12-31",
]


@pytest.mark.parametrize("golden", DAYS_OFF, ids=lambda line: line[:4])
def test_every_day_off_from_monday_to_friday(golden: str) -> None:
    """Each weekday of the year that is no workday; each Saturday and Sunday is none either."""
    year = golden[:4]
    all_days = days(day(f"{year}-01-01"), day(f"{year}-12-31"))
    off = [d for d in all_days if d.weekday() < 5 and d not in OFFICE]
    assert f"{year}: " + " ".join(f"{d:%a %m-%d}" for d in off) == golden
    assert not [d for d in all_days if d.weekday() >= 5 and d in OFFICE]


@pytest.mark.parametrize("klam", [
    "Fri 2024-05-10", "Fri 2024-06-07", "Fri 2025-05-02", "Fri 2025-05-30", "Mon 2026-01-05", "Fri 2026-01-02", "Fri 2026-05-15",
    "Mon 2025-12-22", "Thu 2026-04-02", "Thu 2026-04-30", "Fri 2030-12-27", "Mon 2024-12-30", "Fri 2026-10-30",
])  # fmt: skip
def test_klamdagar_and_half_days_are_workdays(klam: str) -> None:
    """Squeezed days, skärtorsdagen, valborg and allhelgonaafton are worked unless the configuration says otherwise."""
    assert day(klam) in OFFICE
    assert OFFICE.why_off(day(klam)) == ""


def test_extra_closed_days() -> None:
    """What the office has closed is stepped over, also in a row, and beside holidays."""
    closed = Workdays([day("Fri 2026-05-15"), day("Mon 2026-05-18"), day("Sat 2026-05-23")])
    mark = day("Thu 2026-05-14")
    assert shown(closed.report_day(mark)) == "Tue 2026-05-19"
    assert shown(closed.summary_day(day("Tue 2026-05-19"))) == "Wed 2026-05-13"
    assert closed.why_off(day("Fri 2026-05-15")) == "stängd dag"
    assert closed.why_off(day("Sat 2026-05-23")) == "lördag"
    assert day("Fri 2026-05-15") in OFFICE  # one office's days are not another's


@pytest.mark.parametrize("off, why", [
    ("Thu 2026-12-24", "julafton"), ("Fri 2026-06-19", "midsommarafton"), ("Thu 2026-12-31", "nyårsafton"),
    ("Fri 2026-04-03", "långfredagen"), ("Mon 2026-04-06", "annandag påsk"), ("Thu 2026-05-14", "kristi himmelsfärdsdag"),
    ("Fri 2026-05-01", "första maj"), ("Fri 2025-06-06", "nationaldagen"), ("Tue 2026-01-06", "trettondedag jul"),
    ("Sat 2026-02-28", "lördag"), ("Sun 2026-03-01", "söndag"), ("Mon 2026-03-02", ""),
])  # fmt: skip
def test_why_off(off: str, why: str) -> None:
    """One Swedish word or name, whatever the machine's language."""
    assert OFFICE.why_off(day(off)).startswith(why)
    assert bool(OFFICE.why_off(day(off))) == bool(why)


def test_names_do_not_follow_the_machine() -> None:
    """The holidays library follows LANG unless it is told a language."""
    code = "from datetime import date; from rules.workday import Workdays; print(Workdays().why_off(date(2026, 12, 24)))"
    env = os.environ | {"LANG": "en_US.UTF-8", "LANGUAGE": "en_US", "LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=RULES.parent, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "julafton"


@pytest.mark.parametrize("start, n, expected", [
    ("Thu 2026-04-02", 1, "Tue 2026-04-07"), ("Tue 2026-04-07", -1, "Thu 2026-04-02"), ("Sat 2026-04-04", 0, "Sat 2026-04-04"),
    ("Sat 2026-04-04", 1, "Tue 2026-04-07"), ("Sat 2026-04-04", -1, "Thu 2026-04-02"), ("Wed 2026-12-23", 5, "Tue 2027-01-05"),
    ("Wed 2026-04-15", 4, "Tue 2026-04-21"), ("Wed 2026-04-15", 9, "Tue 2026-04-28"),
])  # fmt: skip
def test_shift(start: str, n: int, expected: str) -> None:
    """So many workdays strictly after or before; nothing moves nothing."""
    assert shown(OFFICE.shift(day(start), n)) == expected


DATES = st.dates(day("1994-01-01"), day("2060-12-31"))


@settings(max_examples=60, deadline=None)
@given(DATES, st.integers(1, 12), st.lists(st.integers(0, 20), max_size=5))
def test_counting_workdays(start: date, n: int, closed_after: list[int]) -> None:
    """Shifting n steps over exactly n workdays, ends on one, and there is none between a mark and its two neighbours."""
    office = Workdays(start + timedelta(days=c) for c in closed_after)
    after, before = office.shift(start, n), office.shift(start, -n)
    assert sum(d in office for d in days(start, after)[1:]) == n == sum(d in office for d in days(before, start)[:-1])
    assert after in office and before in office
    assert office.on_or_after(start) == (start if start in office else office.shift(start, 1))


def test_named_days_off_of_a_year_hold_no_plain_sunday() -> None:
    """Sundays explain themselves; only named days are in the list."""
    assert day("Sun 2026-03-01") not in days_off(2026)
    assert {day("2026-06-19"), day("2026-12-24"), day("2026-12-31")} <= set(days_off(2026))
