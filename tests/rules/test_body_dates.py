"""Dates in running text: found where they stand, and only where a person reads one day."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.dates import AHEAD, BACK, find, plausible, year_of

TODAY = date(2026, 6, 10)


@pytest.mark.parametrize("text, expected", [
    ("den 3 mars 2026", "2026-03-03"), ("3:e mars", "2026-03-03"), ("3 mar. 2026", "2026-03-03"), ("3 mars -26", "2026-03-03"), ("3 mars 26", "2026-03-03"),
    ("3/3-26", "2026-03-03"), ("3/3 26", "2026-03-03"), ("3/3 2026", "2026-03-03"), ("3.3.2026", "2026-03-03"), ("3.3.26", "2026-03-03"),
    ("26-03-03", "2026-03-03"), ("260303", "2026-03-03"), ("20260303", "2026-03-03"), ("2026/03/03", "2026-03-03"), ("2026 03 03", "2026-03-03"),
    ("2026 - 03 - 03", "2026-03-03"), ("2O26-O3-O3", "2026-03-03"), ("2026-03-l2", "2026-03-12"), ("3 rnars 2026", "2026-03-03"), ("l2/4", "2026-04-12"),
    ("12 april", "2026-04-12"), ("15 oktober", "2025-10-15"), ("1 juli", "2026-07-01"), ("12/4", "2026-04-12"), ("12/4 14.30", "2026-04-12"),
    ("2026-04-12 10:30", "2026-04-12"), ("Beslutsdat.2026-03-03", "2026-03-03"), ("12 april 10 timmar", "2026-04-12"), ("9 § 10 3/3", "2026-03-03"),
    ("12/4/26", "2026-04-12"), ("12/4-25", "2025-04-12"),
])  # fmt: skip
def test_one_day(text: str, expected: str) -> None:
    """Whole, short, without a year, and as a scanner gives them."""
    assert [each.day for each in find(text, TODAY)] == [date.fromisoformat(expected)]


@pytest.mark.parametrize("text", [
    "2026-02-30", "24/05/26", "12-04-26", "1 augusti", "31 februari 2026", "3 och 5 mars", "3/3-94", "2026-13-01",
])  # fmt: skip
def test_found_but_not_read(text: str) -> None:
    """No such day, two readings, or a year that nobody wrote: the figures are taken, and there is no day."""
    assert [each.day for each in find(text, TODAY)] == [None]


@pytest.mark.parametrize("text", [
    "2 av 5", "2/5 dagar", "stöd 24/7", "9§10", "9:10", "kl 10.30", "mars 2026", "1/2 tjänst", "E-2026-03-12", "LSS-2026-0117", "2026-0117", "2/14", "", "vecka 15",
    "070-123 45 67", "3/4 timmar",
])  # fmt: skip
def test_no_date(text: str) -> None:
    assert find(text, TODAY) == ()


@pytest.mark.parametrize("text, first, last", [
    ("2026-03-01 – 2026-04-01", "2026-03-01", "2026-04-01"), ("1/3–5/3", "2026-03-01", "2026-03-05"), ("12–14 april 2026", "2026-04-12", "2026-04-14"),
    ("fr.o.m. 1/5 t.o.m. 3/6", "2026-05-01", "2026-06-03"), ("1/3–5/3 2025", "2025-03-01", "2025-03-05"), ("1 dec - 3 jan 2026", "2025-12-01", "2026-01-03"),
])  # fmt: skip
def test_a_range(text: str, first: str, last: str) -> None:
    assert [(each.day, each.last) for each in find(text, TODAY)] == [(date.fromisoformat(first), date.fromisoformat(last))]


@given(st.dates(date(1994, 1, 1), date(2060, 1, 1)), st.dates(date(2000, 3, 1), date(2059, 1, 1)))
def test_a_year_is_never_guessed_twice(day: date, today: date) -> None:
    """A day without its year is one of those near today, or none."""
    found = year_of(day.day, day.month, today)
    assert found is None or today - BACK <= found <= today + AHEAD
    if today - BACK <= day <= today + AHEAD:
        assert found == day


@given(st.dates(date(1994, 1, 1), date(2026, 7, 11)))
def test_a_whole_date_is_read_in_any_form(day: date) -> None:
    months = ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"]
    for text in (day.isoformat(), f"{day:%Y%m%d}", f"{day.day}/{day.month} {day.year}", f"{day.day} {months[day.month - 1]} {day.year}"):
        assert [each.day for each in find(f"Den {text}.", TODAY)] == [day], text
    assert plausible(day, TODAY)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="0123456789 -–/.lOo|mars, den§", max_size=80))
def test_any_text(text: str) -> None:
    """Places are inside the text, in order, and do not overlap."""
    at = 0
    for each in find(text, TODAY):
        assert at <= each.start < each.end <= len(text)
        at = each.end


@pytest.mark.parametrize(
    "piece", ["2026-", "1/", "12 ", "3 mars ", "O", "1-1-", "|l", "2026-03-03 – ", "20 ", "3 mars 12 ", "1 och ", "1-"]
)
def test_linear(piece: str) -> None:
    text = piece * (64_000 // len(piece))
    begun = time.process_time()
    find(text, TODAY)
    assert time.process_time() - begun < 0.4
