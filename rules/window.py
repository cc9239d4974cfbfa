"""Quarters, and IVO's reporting windows in which each quarter's marks are reported."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from rules.facts import in_force


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a calendar year; `number` is 1–4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that holds the day."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Reads "2023Q4". Raises ValueError for anything else."""
        year, sep, number = text.strip().upper().partition("Q")
        if not (sep and len(year) == 4 and year.isascii() and year.isdigit() and number in ("1", "2", "3", "4")):
            raise ValueError("a quarter is written as 2023Q4")
        return cls(int(year), int(number))

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.number * 3, monthrange(self.year, self.number * 3)[1])

    @property
    def next(self) -> "Quarter":
        """The quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def former(self) -> "Quarter":
        """The quarter before it."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


@dataclass(frozen=True, slots=True)
class Window:
    """IVO's reporting window for one quarter, first and last day inside."""

    quarter: Quarter
    first: date
    last: date

    def open(self, today: date) -> bool:
        """Whether reports of this quarter are taken today."""
        return self.first <= today <= self.last


def window_of(quarter: Quarter) -> Window:
    """The window in which a quarter is reported. The edition in force is that of the first day on which it can be open."""
    year = quarter.next.year
    first, last = in_force("windows", quarter.next.first).values[f"q{quarter.number}"]
    return Window(quarter, date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def current_window(today: date) -> Window:
    """The window that is open today, else the next one to open."""
    window = window_of(Quarter.of(today).former)
    return window if today <= window.last else window_of(Quarter.of(today))


def counted_through(window: Window, cut_off: str) -> date:
    """The last mark that belongs to a window: the quarter's last day, or with `window_end` the window's own last day."""
    return window.last if cut_off == "window_end" else window.quarter.last
