"""How single values are written in a configuration, and what is said when they are not. No message repeats the value."""

import os
import re
from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, SecretStr

T = TypeVar("T")

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_LOCAL = re.compile(r"[a-z0-9_%+'&=-]+(?:\.[a-z0-9_%+'&=-]+)*")
_EVERY = re.compile(r"every +(?:([0-9]{1,5}) +)?(second|minute|hour)s?")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def text(value: object) -> str:
    """One line of text, white space at its ends taken off. Raises ValueError."""
    if not isinstance(value, str) or not value.strip().isprintable():
        raise ValueError('must be one line of text, in quotation marks: "…"')
    return value.strip()


def address(value: object) -> str:
    """One mail address without a name, in lower case. Raises ValueError."""
    local, _, domain = value.strip().lower().rpartition("@") if isinstance(value, str) else ("", "", "")
    if not (_LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain) and len(local) <= 64 and len(domain) <= 253):
        raise ValueError("must be one mail address without a name, such as anna@kommun.example (å, ä, ö only in their xn-- form)")
    return f"{local}@{domain}"


def optional_address(value: object) -> str:
    """One mail address, or "" for none. Raises ValueError."""
    return "" if isinstance(value, str) and not value.strip() else address(value)


def domain(value: object) -> str:
    """A domain in lower case. Raises ValueError."""
    name = value.strip().lower() if isinstance(value, str) else ""
    if not _DOMAIN.fullmatch(name):
        raise ValueError("must be a domain such as kommun.example, without @ (å, ä, ö only in their xn-- form)")
    return name


def folder(value: object) -> Path:
    """A path; "~" is the home folder. Raises ValueError."""
    if not isinstance(value, str | Path) or not str(value).strip() or not str(value).isprintable():
        raise ValueError("must be a path such as ./ivobot-data")
    return Path(os.path.expanduser(value))


def zone(value: object) -> ZoneInfo:
    """A time zone by its IANA name. Raises ValueError."""
    try:
        return ZoneInfo(value if isinstance(value, str) else "")
    except (OSError, ValueError, KeyError):  # a folder of the zone database, a path, an unknown name
        raise ValueError("must be the name of a time zone, such as Europe/Stockholm") from None


def every(value: object) -> timedelta:
    """A pause written as "every 2 minutes", "every 30 seconds", "every hour"; 5 seconds to a day. Raises ValueError."""
    if isinstance(value, timedelta):
        return value
    m = _EVERY.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    pause = timedelta(**{f"{m[2]}s": int(m[1] or 1)}) if m else timedelta()
    if not timedelta(seconds=5) <= pause <= timedelta(days=1):
        raise ValueError('must be written as "every 2 minutes", "every 30 seconds" or "every hour", from 5 seconds to 24 hours')
    return pause


def clock_time(value: object) -> time:
    """A time of day, hours and minutes in the configured zone: "07:00", or TOML's own. Raises ValueError."""
    if isinstance(value, time) and value.tzinfo is None:
        return value.replace(second=0, microsecond=0)
    m = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if not m or int(m[1]) > 23 or int(m[2]) > 59:
        raise ValueError('must be a time of day such as "07:00"')
    return time(int(m[1]), int(m[2]))


def day(value: object) -> date:
    """A calendar day: "2026-07-01", or TOML's own without quotation marks. Raises ValueError."""
    try:
        if type(value) is date:
            return value
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
            return date.fromisoformat(value.strip())
    except ValueError:
        pass
    raise ValueError("must be a day such as 2026-07-01")


def send_on(value: object) -> int | tuple[str, ...] | None:
    """When a quarterly report goes out: "" never, so many days after the quarter's end, or days written "MM-DD". Raises ValueError."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, int) or (isinstance(value, str) and value.strip().isdecimal()):
        return number(1, 90)(value)
    days = value if isinstance(value, list | tuple) else (value,)
    for one in days:
        try:
            date.fromisoformat(f"2001-{one}" if isinstance(one, str) and re.fullmatch(r"[0-9]{2}-[0-9]{2}", one) else "")
        except ValueError:
            raise ValueError('must be a number of days after the quarter such as 20, or a list of days such as ["01-25"]') from None
    return tuple(dict.fromkeys(days))


def flag(value: object) -> bool:
    """True or false; an environment variable may also say yes, no, on, off, 1, 0. Raises ValueError."""
    known = value if isinstance(value, bool) else _WORDS.get(value.strip().lower()) if isinstance(value, str) else None
    if known is None:
        raise ValueError("must be true or false")
    return known


def number(low: int, high: int) -> Callable[[object], int]:
    """A check for whole numbers from low to high, both inside."""

    def check(value: object) -> int:
        n = int(value) if isinstance(value, str) and re.fullmatch(r" *[0-9]{1,9} *", value) else value
        if not isinstance(n, int) or isinstance(n, bool) or not low <= n <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return n

    return check


def several(one: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    """A check for a list of such values, or one alone; what stands twice is kept once."""

    def check(value: object) -> tuple[T, ...]:
        if isinstance(value, str) and not value.strip():
            return ()
        if not isinstance(value, list | tuple):
            return (one(value),)
        found = []
        for n, item in enumerate(value, 1):
            try:
                found.append(one(item))
            except ValueError as fault:
                raise ValueError(f"number {n} in the list {fault}") from None
        return tuple(dict.fromkeys(found))

    return check


def secret(value: object) -> SecretStr:
    """A text that is never printed. Raises ValueError."""
    if isinstance(value, SecretStr):
        return value
    return SecretStr(text(value))


Text = Annotated[str, BeforeValidator(text)]
Address = Annotated[str, BeforeValidator(address)]
OptionalAddress = Annotated[str, BeforeValidator(optional_address)]
Addresses = Annotated[tuple[str, ...], BeforeValidator(several(address))]
Domains = Annotated[tuple[str, ...], BeforeValidator(several(domain))]
Folder = Annotated[Path, BeforeValidator(folder)]
OptionalFolder = Annotated[Path | None, BeforeValidator(lambda value: None if value in (None, "") else folder(value))]
Zone = Annotated[ZoneInfo, BeforeValidator(zone)]
Every = Annotated[timedelta, BeforeValidator(every)]
ClockTime = Annotated[time, BeforeValidator(clock_time)]
Day = Annotated[date, BeforeValidator(day)]
Days = Annotated[tuple[date, ...], BeforeValidator(several(day))]
SendOn = Annotated[int | tuple[str, ...] | None, BeforeValidator(send_on)]
Flag = Annotated[bool, BeforeValidator(flag)]
Secret = Annotated[SecretStr, BeforeValidator(secret)]
