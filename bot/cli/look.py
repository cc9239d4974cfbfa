"""`ivobot digest`, `mails` and `status`: looking without changing anything."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.cli import build
from bot.errors import ConfigError, MailboxError
from bot.jobs import health
from bot.jobs.digest import compile_digest
from bot.jobs.health import since_last
from bot.jobs.office import Office
from bot.mailbox.base import Letter
from bot.render import render
from bot.store import digest as asked
from bot.store import engine as db
from bot.store import jobs, letters, outbox
from rules.health import Facts, Issue, daily, judge


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
    found = stand(build.office(config), instant)
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


def _judged(office: Office, now: datetime) -> tuple[Facts, tuple[Issue, ...]]:
    """What is known and what of it is wrong. The mailbox is asked for letters that no round has read, the database whether it is free."""
    known = health.known(office, now, health.probe(office))
    try:
        waiting = list(office.mailbox.waiting())
        with db.read(office.engine) as tx:
            read = letters.known(tx, waiting)
        new = [letter_id for letter_id in waiting if letter_id not in read]
        first = next(iter(office.mailbox.fetch(new[:1])), None)
        known = replace(known, unread=len(new), oldest_unread=first.received if isinstance(first, Letter) else None)
    except MailboxError as error:
        known = replace(known, mailbox=str(error))
    return known, judge(known)


def stand(office: Office, now: datetime) -> dict[str, object]:
    """What `ivobot status --json` prints."""
    known, issues = _judged(office, now)
    with db.read(office.engine) as tx:
        done = jobs.all_jobs(tx)
        balance = asked.balance(tx, since_last(tx, office, now), dry=office.dry)
        poll = done.get("intake")
        return {
            "last_poll": _iso(poll["last_success"] if poll else None),
            "last_send": _iso(asked.last_sent(tx)),
            "oldest_letter_waiting": _iso(min(filter(None, (asked.oldest_waiting(tx), known.oldest_unread)), default=None)),
            "outbox": outbox.depth(tx),
            "balance": {
                "in": balance.received,
                "filed": balance.filed,
                "answered": balance.answered,
                "quarantined": balance.quarantined,
                "left": balance.left,
                "unexplained": balance.unexplained,
            },
            "problems": [issue.text for issue in daily(issues)],
        }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat(timespec="seconds") if instant else None


def blank(insats: str, role: str, final: str, *, choices: bool) -> None:
    """Prints the template of a report's text, and with `choices` IVO's reasons and causes after it. Raises ConfigError."""
    from rules import body
    from rules.model import Kind, Outcome
    from rules.options import insatser

    wanted = "".join(insats.split())
    if wanted and wanted not in insatser():
        raise ConfigError(f"There is no such insats; they are: {', '.join(insatser())}.")
    if role not in list(body.Role):
        raise ConfigError(f"There is no such role; they are: {', '.join(body.Role)}.")
    if final and final not in list(Outcome):
        raise ConfigError(f"A final report is {' or '.join(Outcome)}.")
    kind, outcome = (Kind.FINAL, Outcome(final)) if final else (Kind.NEW, None)
    print(body.template(kind, outcome, wanted, body.Role(role)), end="")
    if choices:
        print(f"\nVälj ett skäl och en av dess orsaker:\n\n{body.alternatives()}", end="")


def mails(name: str, *, html: bool) -> None:
    """Prints the mails with sample data, all or one."""
    from bot.samples import SAMPLES

    chosen = [sample for sample in SAMPLES if name in ("", sample.mail)]
    if not chosen:
        raise ConfigError(f"There is no mail named {name[:40]}; the names are: {', '.join(dict.fromkeys(s.mail for s in SAMPLES))}.")
    for sample in chosen:
        rendered = render(sample.facts, sample.mail, reporter="ivo.rapportor@kommun.example")
        print(f"=== {sample.mail}: {sample.name}\n{rendered.subject}\n\n{rendered.html if html else rendered.text}\n")
