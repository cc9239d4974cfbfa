"""Which issues are mailed, and when: each once when it has stood for a while, and once when it has been away for a while. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from rules.health import Issue

SETTLED: Final = timedelta(minutes=5)  # what goes by itself sooner is mailed to nobody
AWAY: Final = timedelta(minutes=10)  # what comes back sooner is the same incident


@dataclass(frozen=True, slots=True)
class Incident:
    """An issue over time. `told`: the mail about it was posted. `gone`: since when it is away; None while it stands."""

    code: str
    since: datetime
    swedish: str
    told: bool = False
    gone: datetime | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """The incidents as they are now; of them those to tell of now, and those that are over and were told of."""

    incidents: Mapping[str, Incident]
    begun: tuple[Incident, ...] = ()
    over: tuple[Incident, ...] = ()


def follow(former: Mapping[str, Incident], issues: Sequence[Issue], now: datetime) -> Course:
    """Errors and warnings, by code and what they are about. An issue whose words change (a number in it) stays the same incident."""
    standing: dict[str, Incident] = {}
    for issue in issues:
        if issue.severity in ("error", "warning"):
            standing.setdefault(f"{issue.code}:{issue.about}".rstrip(":"), Incident(issue.code, now, issue.swedish))
    kept: dict[str, Incident] = {}
    begun: list[Incident] = []
    over: list[Incident] = []
    for name, new in standing.items():
        one = replace(former[name], gone=None, swedish=new.swedish) if name in former else new
        if not one.told and now - one.since >= SETTLED:
            one = replace(one, told=True)
            begun.append(one)
        kept[name] = one
    for name, old in former.items():
        if name in standing or not old.told:
            continue
        gone = old.gone or now
        if now - gone >= AWAY:
            over.append(replace(old, gone=gone))
        else:
            kept[name] = replace(old, gone=gone)
    return Course(kept, tuple(begun), tuple(over))
