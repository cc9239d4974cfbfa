"""Quarters and IVO's reporting windows."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import window
from rules.facts import Fact, newest
from rules.window import Quarter, counted_through, current_window, window_of
from tests.rules.made import day


@pytest.mark.parametrize("on, quarter, first, last", [
    ("2026-01-01", "2026Q1", "2026-01-01", "2026-03-31"), ("2026-03-31", "2026Q1", "2026-01-01", "2026-03-31"),
    ("2026-04-01", "2026Q2", "2026-04-01", "2026-06-30"), ("2026-08-15", "2026Q3", "2026-07-01", "2026-09-30"),
    ("2026-12-31", "2026Q4", "2026-10-01", "2026-12-31"),
])  # fmt: skip
def test_quarter(on: str, quarter: str, first: str, last: str) -> None:
    """The quarter of a day, with its first and last day."""
    found = Quarter.of(day(on))
    assert (str(found), found.first, found.last) == (quarter, day(first), day(last))
    assert Quarter.parse(quarter) == found == Quarter.parse(f" {quarter.lower()} ")


@pytest.mark.parametrize("text", ["", "2023", "2023Q0", "2023Q5", "23Q4", "2023Q", "Q4", "2023Q44", "2023-Q4", "20２3Q4", "2023Q４"])
def test_what_is_no_quarter(text: str) -> None:
    """Only a year of four digits, Q and 1 to 4."""
    with pytest.raises(ValueError, match="2023Q4"):
        Quarter.parse(text)


@settings(max_examples=50, deadline=None)
@given(st.dates(date(1995, 1, 1), date(2090, 12, 31)))
def test_quarters_follow_each_other(on: date) -> None:
    """Every day is in its quarter; the next and the former are neighbours without a gap."""
    quarter = Quarter.of(on)
    assert quarter.first <= on <= quarter.last
    assert quarter.next.former == quarter == quarter.former.next
    assert (quarter.next.first - quarter.last).days == 1
    assert quarter.former < quarter < quarter.next


@pytest.mark.parametrize("quarter, first, last", [
    ("2025Q4", "2026-01-01", "2026-01-31"), ("2026Q1", "2026-04-01", "2026-04-30"), ("2026Q2", "2026-07-01", "2026-08-31"),
    ("2026Q3", "2026-10-01", "2026-10-31"), ("2026Q4", "2027-01-01", "2027-01-31"),
])  # fmt: skip
def test_window_of_a_quarter(quarter: str, first: str, last: str) -> None:
    """January, April, July with August, October: each for the quarter before."""
    found = window_of(Quarter.parse(quarter))
    assert (found.first, found.last) == (day(first), day(last))
    assert not found.open(date.fromordinal(found.first.toordinal() - 1))
    assert found.open(found.first) and found.open(found.last)
    assert not found.open(date.fromordinal(found.last.toordinal() + 1))


@pytest.mark.parametrize("today, quarter, is_open", [
    ("2026-01-01", "2025Q4", True), ("2026-01-31", "2025Q4", True), ("2026-02-01", "2026Q1", False), ("2026-03-31", "2026Q1", False),
    ("2026-04-01", "2026Q1", True), ("2026-04-30", "2026Q1", True), ("2026-05-01", "2026Q2", False), ("2026-07-01", "2026Q2", True),
    ("2026-08-31", "2026Q2", True), ("2026-09-01", "2026Q3", False), ("2026-10-31", "2026Q3", True), ("2026-11-01", "2026Q4", False),
    ("2026-12-31", "2026Q4", False),
])  # fmt: skip
def test_current_window(today: str, quarter: str, is_open: bool) -> None:
    """The open window, else the next one to open."""
    found = current_window(day(today))
    assert (str(found.quarter), found.open(day(today))) == (quarter, is_open)


def test_cut_off() -> None:
    """A mark is due in the window of its quarter; a setting lets the window's own days count too."""
    found = window_of(Quarter.parse("2026Q2"))
    assert counted_through(found, "quarter_end") == day("2026-06-30")
    assert counted_through(found, "window_end") == day("2026-08-31")


def test_a_changed_window_follows_the_day_of_the_act(monkeypatch: pytest.MonkeyPatch) -> None:
    """IVO changes its windows: reports that are sent from the new edition's first day on are sent in its windows."""
    old = {"q4": [1, 1], "q1": [4, 4], "q2": [7, 8], "q3": [10, 10]}
    new = {"q4": [1, 2], "q1": [4, 5], "q2": [7, 8], "q3": [10, 11]}
    ref, checked = "IVO", day("2026-06-01")
    history = [Fact(day("1994-01-01"), ref, checked, old), Fact(day("2027-01-01"), ref, checked, new)]
    monkeypatch.setattr(window, "in_force", lambda name, on: newest(history, on))
    assert window_of(Quarter.parse("2026Q3")).last == day("2026-10-31")
    assert window_of(Quarter.parse("2026Q4")).last == day("2027-02-28")
    assert window_of(Quarter.parse("2027Q1")).last == day("2027-05-31")
