"""The only place that asks the machine for the time. Everything else takes `now` or `today` as an argument."""

import re
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from datetime import time as time_of_day
from typing import Protocol

from bot.errors import ConfigError


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> datetime:
        """This instant, in UTC."""

    def monotonic(self) -> float:
        """Seconds from some point in the past, for durations: never set back, whatever `now` says."""


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """This instant, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds for durations."""
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands at one instant (`--now`, tests). Durations still run, so that deadlines inside a job hold.

    Raises ValueError for an instant without a zone.
    """

    instant: datetime

    def __post_init__(self) -> None:
        if self.instant.utcoffset() is None:
            raise ValueError("a clock needs an instant with a zone")

    def now(self) -> datetime:
        """The instant, in UTC."""
        return self.instant.astimezone(UTC)

    def monotonic(self) -> float:
        """Seconds for durations."""
        return time.monotonic()


def parse_now(text: str, timezone: tzinfo) -> datetime:
    """The instant that a person wrote in ISO 8601, in UTC.

    A time without a zone is in `timezone`; a day alone is its 00:00. A local time that comes twice (clocks go back) is the first;
    one that never comes (clocks go forward) is as much later as the clock was moved. Raises ConfigError.
    """
    written = text.strip()
    try:
        if not re.match(r"[0-9]{4}(-?)[0-9]{2}\1[0-9]{2}([T ]|$)", written):  # no week dates, and no other sign before the time
            raise ValueError
        read = datetime.fromisoformat(written)
        return (read if read.tzinfo else read.replace(tzinfo=timezone, fold=0)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ConfigError("That is no time; write it as 2026-11-22T07:30 or 2026-11-22T06:30Z, or a day as 2026-11-22.") from None


def local_instant(day: date, at: time_of_day, timezone: tzinfo) -> datetime:
    """The instant, in UTC, at which it is `at` on that day; twice or never are settled as in `parse_now`."""
    return datetime.combine(day, at.replace(tzinfo=None, fold=0), timezone).astimezone(UTC)


def local_day(now: datetime, timezone: tzinfo) -> date:
    """The calendar day in `timezone` at an instant. Raises ValueError for an instant without a zone."""
    if now.utcoffset() is None:
        raise ValueError("a local day needs an instant with a zone")
    return now.astimezone(timezone).date()
