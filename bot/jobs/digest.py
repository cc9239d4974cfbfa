"""The reporter's morning mail: one per recipient and day, whatever happens."""

from datetime import date, datetime

from sqlalchemy import Connection

from bot.jobs.health import gather
from bot.jobs.health import since_last as since_last
from bot.jobs.office import Office
from bot.store import audit, claims, commands, imports, jobs, outbox
from bot.store import digest as asked
from bot.store import engine as db
from bot.words import quiet
from rules.digest import Morning
from rules.digest import digest as build
from rules.health import daily, judge
from rules.mails import Digest


def digest(office: Office, now: datetime) -> int:
    """Posts today's digest to each reporter; gives how many. On workdays, from the digest's hour."""
    missing = unsent(office, now)
    if not missing:
        return 0
    with db.write(office.engine) as tx:
        found = compile_digest(tx, office, now)
        if quiet(found) and office.config.schedule.empty_digest == "none":
            jobs.remember(tx, asked.QUIET, str(office.today(now)))
            return 0
        facts = office.dump(found)
        for reader, key in missing.items():
            outbox.post(tx, key=key, name="digest", to=[reader], cc=[], facts=facts, now=now)
    return len(missing)


def unsent(office: Office, now: datetime) -> dict[str, str]:
    """Which digests are due now and not posted yet: reader → key. A morning on which there was nothing to tell stays without."""
    if not office.struck(office.config.schedule.digest, now):
        return {}
    keys = {reader: office.key("digest", office.today(now), reader) for reader in office.people.reporter}
    with db.read(office.engine) as tx:
        if jobs.recall(tx, asked.QUIET) == str(office.today(now)):
            return {}
        return {reader: key for reader, key in keys.items() if not outbox.posted(tx, key)}


def compile_digest(tx: Connection, office: Office, now: datetime) -> Digest:
    """The digest as it would be now."""
    today = office.today(now)
    since = since_last(tx, office, now)
    living = asked.living_rows(tx)
    morning = Morning(
        day=today,
        rows=living,
        letters=asked.noted(tx, since, office.config.bot.timezone),
        claims=dict(claims.claims(tx, [row.id for row in living])),
        postponed={key: (each.until, each.why) for key, each in commands.waiting(tx, today).items()},
        superseded=asked.superseded(tx, office.today(since) if since.year > 1971 else date.min),
        audit=audit.head(tx),
        vanished=sorted(imports.missing(tx)),
        balance=asked.balance(tx, since, dry=office.dry),
        health=health(tx, office, now, since),
        mailbox=office.config.mailbox.address,
        cut_off=office.config.calendar.cut_off,
    )
    return build(morning, office.planner)


def health(tx: Connection, office: Office, now: datetime, since: datetime) -> tuple[str, ...]:
    """What is not well, each in one plain Swedish sentence; none when all is well. The operator's own words stand in `ivobot status`."""
    found = []
    for issue in daily(judge(gather(tx, office, now, alive=True))):
        match issue.code:
            case "digest_late":
                continue  # it is on its way
            case "refused":
                found.append(f"Mejlservern tar inte emot mejl till: {', '.join(asked.refused(tx, since))}.")
            case _:
                found.append(issue.swedish)
    return tuple(dict.fromkeys(found))
