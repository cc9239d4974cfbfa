"""The reporter's morning mail: one per recipient and day, whatever happens."""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.jobs.office import Office
from bot.store import audit, claims, imports, jobs, letters, outbox
from bot.store import digest as asked
from bot.store import engine as db
from rules.digest import Morning
from rules.digest import digest as build
from rules.mails import Digest


def digest(office: Office, now: datetime) -> int:
    """Posts today's digest to each reporter; gives how many. On workdays, from the digest's hour."""
    if not office.struck(office.config.schedule.digest, now):
        return 0
    keys = {reader: office.key("digest", office.today(now), reader) for reader in office.people.reporter}
    with db.read(office.engine) as tx:
        missing = [reader for reader, key in keys.items() if not outbox.posted(tx, key)]
    if not missing:
        return 0
    with db.write(office.engine) as tx:
        facts = office.dump(compile_digest(tx, office, now))
        for reader in missing:
            outbox.post(tx, key=keys[reader], name="digest", to=[reader], cc=[], facts=facts, now=now)
    return len(missing)


def compile_digest(tx: Connection, office: Office, now: datetime) -> Digest:
    """The digest as it would be now."""
    today = office.today(now)
    since = asked.last_digest(tx, office.midnight(now)) or datetime.min.replace(tzinfo=now.tzinfo, year=1971)
    living = asked.living_rows(tx)
    morning = Morning(
        day=today,
        rows=living,
        letters=asked.noted(tx, since, office.config.bot.timezone),
        claims=dict(claims.claims(tx, [row.id for row in living])),
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
    failing = [job["name"] for job in jobs.all_jobs(tx).values() if job["problem"]]
    found = [f"Jobbet {name} kunde inte göras klart senast; it-administratören ser varför med ivobot status." for name in failing]
    if failed := asked.failed_mails(tx):
        found.append(f"{failed} mejl går inte att skicka; it-administratören behöver se efter.")
    if addresses := asked.refused(tx, since):
        found.append(f"Mejlservern tar inte emot mejl till: {', '.join(addresses)}.")
    if braked(tx, office, now):
        found.append("Nödbromsen för svar är på: ovanligt många svar den senaste timmen. Svar hålls inne, inget brev går förlorat.")
    return tuple(found)


def braked(tx: Connection, office: Office, now: datetime) -> bool:
    """Whether the global brake on answers holds now."""
    return letters.answers_since(tx, now - timedelta(hours=1)) >= office.config.reply.per_hour
