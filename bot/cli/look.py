"""`ivobot digest`, `mails` and `status`: looking without changing anything."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from bot.cli import build
from bot.errors import ConfigError, MailboxError
from bot.jobs.digest import braked, compile_digest
from bot.jobs.office import Office
from bot.mailbox.base import Letter
from bot.render import render
from bot.store import digest as asked
from bot.store import engine as db
from bot.store import jobs, letters, outbox

POLLS_MISSED = 5  # so many polls may fail to come before that is a problem


def digest(config_file: Path | None, now: str) -> None:
    """Prints the digest as it would be now."""
    config = build.configuration(config_file)
    instant = build.instant(config, now)
    office = build.office(config)
    with db.read(office.engine) as tx:
        facts = compile_digest(tx, office, instant)
    rendered = render(facts, "digest", reporter=", ".join(office.people.reporter))
    print(f"{rendered.subject}\n\n{rendered.text}")


def status(config_file: Path | None, now: str, *, as_json: bool) -> None:
    """Prints how the service is."""
    config = build.configuration(config_file)
    instant = build.instant(config, now)
    found = _status(build.office(config), instant)
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        shown = (
            "; ".join(map(str, value))
            if isinstance(value, list)
            else ", ".join(f"{k} {v}" for k, v in value.items())
            if isinstance(value, dict)
            else value
        )
        print(f"{name.replace('_', ' ')}: {shown if shown not in (None, '') else '–'}")


@dataclass(frozen=True, slots=True)
class Unread:
    """Letters in the inbox that no poll has read: how many, since when, and why they could not be counted."""

    number: int
    oldest: datetime | None
    fault: str = ""

    def problems(self, last_poll: datetime | None, office: Office, now: datetime) -> list[str]:
        """What an operator must know of them: a service that has stopped shows here."""
        found = [self.fault] if self.fault else []
        late = last_poll is None or now - last_poll > POLLS_MISSED * office.config.schedule.poll
        if self.number and late:
            found.append(f"{self.number} letters wait and nobody reads them; see that the service runs.")
        return found


def _unread(office: Office) -> Unread:
    try:
        waiting = list(office.mailbox.waiting())
        with db.read(office.engine) as tx:
            known = letters.known(tx, waiting)
        new = [letter_id for letter_id in waiting if letter_id not in known]
        first = next(iter(office.mailbox.fetch(new[:1])), None)
    except MailboxError as error:
        return Unread(0, None, str(error))
    return Unread(len(new), first.received if isinstance(first, Letter) else None)


def _status(office: Office, now: datetime) -> dict[str, object]:
    unread = _unread(office)
    with db.read(office.engine) as tx:
        done = jobs.all_jobs(tx)
        since = asked.last_digest(tx, office.midnight(now)) or datetime.min.replace(tzinfo=now.tzinfo, year=1971)
        balance = asked.balance(tx, since, dry=office.dry)
        poll = done.get("intake")
        return {
            "last_poll": _iso(poll["last_success"] if poll else None),
            "last_send": _iso(asked.last_sent(tx)),
            "oldest_letter_waiting": _iso(min(filter(None, (asked.oldest_waiting(tx), unread.oldest)), default=None)),
            "outbox": outbox.depth(tx),
            "balance": {
                "in": balance.received,
                "filed": balance.filed,
                "answered": balance.answered,
                "quarantined": balance.quarantined,
                "left": balance.left,
                "unexplained": balance.unexplained,
            },
            "problems": [*_problems(tx, office, now, since), *unread.problems(poll["last_success"] if poll else None, office, now)],
        }


def _problems(tx: Connection, office: Office, now: datetime, since: datetime) -> list[str]:
    """What an operator must know, each in one plain English sentence."""
    found = [f"{job['name']}: {job['problem']}" for job in jobs.all_jobs(tx).values() if job["problem"]]
    if failed := asked.failed_mails(tx):
        found.append(f"{failed} mails cannot be sent; see the log for their kind, mend the template or the mailbox.")
    if refused := asked.refused(tx, since):
        found.append(f"{len(refused)} addresses were refused by the mail server; the digest names them.")
    if braked(tx, office, now):
        found.append("The brake on answers is on: more answers in the last hour than [reply] per_hour allows; none is lost.")
    return found


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat(timespec="seconds") if instant else None


def mails(name: str, *, html: bool) -> None:
    """Prints the mails with sample data, all or one."""
    from bot.samples import SAMPLES

    chosen = [sample for sample in SAMPLES if name in ("", sample.mail)]
    if not chosen:
        raise ConfigError(f"There is no mail named {name[:40]}; the names are: {', '.join(dict.fromkeys(s.mail for s in SAMPLES))}.")
    for sample in chosen:
        rendered = render(sample.facts, sample.mail, reporter="ivo.rapportor@kommun.example")
        print(f"=== {sample.mail}: {sample.name}\n{rendered.subject}\n\n{rendered.html if html else rendered.text}\n")
