"""Marks are counted from the start, each afresh: never chained, never moved by a day off."""

from datetime import date

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.mark import Count, add_months, count
from tests.rules.made import day, provisional, row, shown

DATES = st.dates(date(1994, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize("start, marks", [
    ("Thu 2026-01-15", "Wed 2026-04-15, Wed 2026-07-15, Thu 2026-10-15, Fri 2027-01-15"),
    ("Mon 2026-08-31", "Mon 2026-11-30, Sun 2027-02-28, Mon 2027-05-31, Tue 2027-08-31"),  # short months do not stick
    ("Sun 2025-11-30", "Sat 2026-02-28, Sat 2026-05-30, Sun 2026-08-30, Mon 2026-11-30"),
    ("Thu 2023-11-30", "Thu 2024-02-29, Thu 2024-05-30, Fri 2024-08-30, Sat 2024-11-30"),  # leap year
    ("Thu 2024-02-29", "Wed 2024-05-29, Thu 2024-08-29, Fri 2024-11-29, Fri 2025-02-28"),
    ("Wed 2025-09-24", "Wed 2025-12-24, Tue 2026-03-24, Wed 2026-06-24, Thu 2026-09-24"),  # julafton: not moved
])  # fmt: skip
def test_marks(start: str, marks: str) -> None:
    """A mark is a calendar day; a month without the day gives its last day, and the next month has the day again."""
    counted = count(row(shown(day(start))))
    wanted = marks.split(", ")
    assert [shown(counted.mark(k)) for k in range(1, len(wanted) + 1)] == wanted


@pytest.mark.parametrize("start, follow_ups", [
    ("Thu 2026-01-15", "Sun 2026-03-15, Mon 2026-06-15, Tue 2026-09-15"),
    ("Wed 2025-12-31", "Sat 2026-02-28, Sun 2026-05-31, Mon 2026-08-31"),
])  # fmt: skip
def test_follow_up_days(start: str, follow_ups: str) -> None:
    """A month before each mark, counted from the start: 2, 5, 8 months."""
    counted = count(row(start))
    assert [shown(counted.after(3 * k - 1)) for k in (1, 2, 3)] == follow_ups.split(", ")


@settings(max_examples=150, deadline=None)
@given(DATES, st.integers(-60, 120))
def test_add_months_is_the_law(start: date, months: int) -> None:
    """The same as the well-known library's, which rounds month ends down as the act of 1930 does."""
    assert add_months(start, months) == start + relativedelta(months=months)


@settings(max_examples=100, deadline=None)
@given(DATES, st.integers(1, 40))
def test_never_chained(start: date, k: int) -> None:
    """Each mark has the start's day number, or is the last day of a shorter month."""
    mark = count(row(start.isoformat())).mark(k)
    assert mark == start + relativedelta(months=3 * k)
    assert mark.day == start.day or (mark.day < start.day and (mark + relativedelta(days=1)).day == 1)


@settings(max_examples=150, deadline=None)
@given(DATES, st.integers(-400, 4000), st.booleans())
def test_first_and_last(start: date, after: int, is_provisional: bool) -> None:
    """first_at is the lowest mark on the day or later, last_passed the highest before it; they are neighbours."""
    on = start + relativedelta(days=after)
    counted = Count(start, 3 if is_provisional else 0, 3)
    first, last = counted.first_at(on), counted.last_passed(on)
    assert first == last + 1 >= 1
    assert counted.mark(first) >= on
    assert last == 0 or counted.mark(last) < on


@pytest.mark.parametrize("on, first, last", [
    ("2026-01-14", 1, 0), ("2026-04-14", 1, 0), ("2026-04-15", 1, 0), ("2026-04-16", 2, 1), ("2026-07-15", 2, 1), ("2026-07-16", 3, 2),
])  # fmt: skip
def test_on_the_mark_itself(on: str, first: int, last: int) -> None:
    """A mark has passed when it lies before the day, not on it."""
    counted = count(row("2026-01-15"))
    assert (counted.first_at(day(on)), counted.last_passed(day(on))) == (first, last)


@pytest.mark.parametrize("mark, start, marks", [
    ("Wed 2026-04-15", "2026-01-15", "Wed 2026-04-15, Wed 2026-07-15, Thu 2026-10-15"),
    ("Sun 2026-05-31", "2026-02-28", "Sun 2026-05-31, Mon 2026-08-31, Mon 2026-11-30"),  # the start would give the 28th
    ("Sat 2026-02-28", "2025-11-28", "Sat 2026-02-28, Thu 2026-05-28, Fri 2026-08-28"),
])  # fmt: skip
def test_provisional_rows_count_from_their_first_mark(mark: str, start: str, marks: str) -> None:
    """A row that only a report tells of: its mark 1 is the title's date, the follow-up days a month before its marks."""
    counted = count(provisional(shown(day(mark))[4:], start=start))
    assert [shown(counted.mark(k)) for k in (1, 2, 3)] == marks.split(", ")
    assert counted.after(5) == add_months(day(mark), 2)
    assert counted.first_at(day(mark)) == 1
