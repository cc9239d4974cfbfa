"""Workdays: Monday to Friday that is no day off."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache

DAY = timedelta(days=1)


@cache
def days_off(year: int) -> Mapping[date, str]:
    """Public holidays, midsommarafton, julafton and nyårsafton of a year, with their Swedish names. Sundays are not in it.

    The categories are named because the library's own defaults have changed several times.
    Source: 2 § lagen (1930:173) om beräkning av lagstadgad tid; lag (1989:253) om allmänna helgdagar.
    """
    from holidays import country_holidays

    found = country_holidays("SE", years=year, categories=("public", "de_facto"), include_sundays=False, language="sv")
    return dict(found.items())


class Workdays:
    """The calendar of one office: the law's days off and the days that the office itself has closed."""

    def __init__(self, closed: Iterable[date] = ()) -> None:
        self._closed = frozenset(closed)
        self._off: dict[int, frozenset[date]] = {}

    def __contains__(self, day: date) -> bool:
        if day.weekday() >= 5:
            return False
        off = self._off.get(day.year)
        if off is None:
            off = self._off[day.year] = frozenset(days_off(day.year)) | self._closed
        return day not in off

    def why_off(self, day: date) -> str:
        """Why a day is no workday, as one Swedish word ("lördag", "julafton" …); "" for a workday."""
        if day in self:
            return ""
        if name := days_off(day.year).get(day):
            return name.split(";")[0].strip().lower()
        return {5: "lördag", 6: "söndag"}.get(day.weekday(), "stängd dag")

    def on_or_after(self, day: date) -> date:
        """The day itself, else the next workday."""
        while day not in self:
            day += DAY
        return day

    def shift(self, day: date, workdays: int) -> date:
        """So many workdays strictly after (or, negative, before) the day, which need not be a workday itself. 0 moves nothing."""
        step = DAY if workdays > 0 else -DAY
        for _ in range(abs(workdays)):
            day += step
            while day not in self:
                day += step
        return day

    def summary_day(self, mark: date) -> date:
        """The last workday strictly before the mark ("sista arbetsdagen innan")."""
        return self.shift(mark, -1)

    def report_day(self, mark: date) -> date:
        """The first workday strictly after the mark ("nästkommande arbetsdag")."""
        return self.shift(mark, 1)
