"""Judges the service at the end of each round, and mails trouble and its end once each to those who look after the service."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from bot.jobs.health import CLOCK, SERVICE, gather
from bot.jobs.office import Office
from bot.log import Logger
from bot.store import engine as db
from bot.store import jobs, outbox
from rules.health import CLOCK_BELIEVED, CLOCK_SLACK, Facts, judge
from rules.incidents import Incident, follow
from rules.mails import Alarm, Trouble

INCIDENTS = "alarm"
STILL = "Tjänsten stod stilla. Det som väntade tas om hand nu."

log = Logger("alarm")


def alarm(office: Office, now: datetime) -> int:
    """Posts what is to be told now; gives how many mails. What is wrong goes to the log too, once when it begins and once when it ends."""
    with db.write(office.engine) as tx:
        known = gather(tx, office, now)
        _note_clock(tx, known)
        course = follow(_former(tx), judge(known), now)
        jobs.remember(tx, INCIDENTS, _written(course.incidents))
        for one in course.begun:
            log.warning("trouble", code=one.code, since=one.since)
        for one in course.over:
            log.info("well_again", code=one.code, since=one.since)
        over = [*course.over]
        if still := _stood_still(known):
            log.warning("stood_still", since=still)
            over.append(Incident("stalled", still, STILL, told=True, gone=now))
        return _post(tx, office, course.begun, now, well=False) + _post(tx, office, over, now, well=True)


def began(office: Office, now: datetime) -> None:
    """A service begins. One that was killed goes on where it was, so that the gap is seen."""
    with db.write(office.engine) as tx:
        state = jobs.recall(tx, SERVICE)
        if not state.startswith("running"):
            jobs.remember(tx, SERVICE, f"running {now.isoformat()}")


def ended(office: Office, now: datetime) -> None:
    """A service stops because it was asked to."""
    with db.write(office.engine) as tx:
        jobs.remember(tx, SERVICE, f"stopped {now.isoformat()}")


def _stood_still(known: Facts) -> datetime | None:
    """Since when no round was done before this one, where a service should have done some. A clock that was set says nothing of it."""
    if known.clock_back is not None:
        return None
    last = max(filter(None, (known.last_step, known.since)), default=None)
    return last if known.serving == "running" and last and known.now - last > known.late else None


def _note_clock(tx: Connection, known: Facts) -> None:
    """Notes the latest instant ever, and when it was seen that the clock stands before it. In the end the clock is believed."""
    high, now = known.clock_high or known.now, known.now
    if high - now <= CLOCK_SLACK:
        jobs.remember(tx, CLOCK, max(high, now).isoformat())
    elif known.clock_back is not None and now - known.clock_back > CLOCK_BELIEVED:
        jobs.remember(tx, CLOCK, now.isoformat())
    elif known.clock_back is None or known.clock_back > now:
        jobs.remember(tx, CLOCK, f"{high.isoformat()} {now.isoformat()}")


def _post(tx: Connection, office: Office, incidents: Sequence[Incident], now: datetime, *, well: bool) -> int:
    """One mail of these incidents to each recipient in the own domains."""
    to = [one for one in office.config.alarm.to if office.people.own(one)]
    if not incidents or not to:
        return 0
    day, at = _local(office, now)
    facts = office.dump(Alarm(well, day, at, tuple(Trouble(one.swedish, *_local(office, one.since)) for one in incidents)))
    what = ",".join(f"{one.code}@{one.since.isoformat()}" for one in incidents)
    posted = [outbox.post(tx, key=office.key("alarm", well, what, one), name="alarm", to=[one], cc=[], facts=facts, now=now) for one in to]
    return sum(mail is not None for mail in posted)


def _local(office: Office, instant: datetime) -> tuple[date, str]:
    """The day and the time of day where people are."""
    local = instant.astimezone(office.config.bot.timezone)
    return local.date(), f"{local:%H.%M}"


def _former(tx: Connection) -> Mapping[str, Incident]:
    """The incidents as they were noted; none when the note cannot be read."""
    try:
        kept = json.loads(jobs.recall(tx, INCIDENTS) or "{}")
        return {
            name: Incident(
                one["code"],
                datetime.fromisoformat(one["since"]),
                one["swedish"],
                told=one["told"],
                gone=datetime.fromisoformat(one["gone"]) if one["gone"] else None,
            )
            for name, one in kept.items()
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def _written(incidents: Mapping[str, Incident]) -> str:
    return json.dumps(
        {
            name: {
                "code": one.code,
                "since": one.since.isoformat(),
                "swedish": one.swedish,
                "told": one.told,
                "gone": one.gone.isoformat() if one.gone else "",
            }
            for name, one in incidents.items()
        },
        ensure_ascii=False,
    )
