"""Gathers what is known of the service, for the one judgement in `rules.health`. Changes nothing and asks no mail server."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from bot.config.mailboxes import OAuth
from bot.errors import StoreError
from bot.jobs.gate import DENIED_UNTIL
from bot.jobs.office import Office
from bot.store import balance, health, jobs, letters, outbox
from bot.store import digest as asked
from bot.store import engine as db
from rules import facts as law
from rules import options
from rules.health import Facts, Failing

SERVICE, CLOCK, CANARY_LOST = "service", "clock", "canary_lost"
"""What is remembered: whether a service runs and since when; the latest instant; when a canary was sent that did not come."""

Disk = Callable[[Path], int]


def free(path: Path) -> int:
    """Bytes that may still be written on the disk of a folder."""
    return shutil.disk_usage(path).free


def known(office: Office, now: datetime, fault: str = "", disk: Disk = free) -> Facts:
    """All that is known. fault: why the database could not be used by the last round. A database out of reach is a fact too."""
    try:
        with db.read(office.engine) as tx:
            found = gather(tx, office, now, disk=disk)
    except StoreError as error:
        found = replace(_outside(office, now, disk), database=str(error))
    return replace(found, database=fault) if fault else found


def probe(office: Office) -> str:
    """Why nothing can be written to the database now, "" when it can. For a look from another process than the service's."""
    try:
        with db.write(office.engine):
            return ""
    except StoreError as error:
        return str(error)


def since_last(tx: Connection, office: Office, now: datetime) -> datetime:
    """From when on the digest tells: the last one before today, or the beginning of everything."""
    return asked.last_digest(tx, office.midnight(now)) or datetime.min.replace(tzinfo=now.tzinfo, year=1971)


def gather(tx: Connection, office: Office, now: datetime, *, alive: bool = False, disk: Disk = free) -> Facts:
    """All that is known. alive: asked from inside a round, so that no round is missing."""
    done = jobs.all_jobs(tx)
    since = since_last(tx, office, now)
    state, _, began = jobs.recall(tx, SERVICE).partition(" ")
    high, _, back = jobs.recall(tx, CLOCK).partition(" ")
    rows, first = health.late_rows(tx, office.today(now))
    digests = [office.key("digest", office.today(now), reader) for reader in office.people.reporter]
    backup = jobs.recall(tx, "backup")
    step, read = (done[name]["last_success"] if name in done else None for name in ("alarm", "intake"))
    return replace(
        _outside(office, now, disk),
        serving="" if alive and state == "stopped" else state,
        since=_instant(began),
        last_step=now if alive else step,
        last_read=read,
        failing=tuple(Failing(job["name"], job["problem"]) for job in done.values() if job["problem"]),
        denied=_denied(tx, now),
        unfiled=None if office.dry else asked.oldest_waiting(tx),
        failed_mails=asked.failed_mails(tx),
        refused=len(asked.refused(tx, since)),
        outbox=outbox.depth(tx),
        outbox_since=health.unsent_since(tx),
        late_rows=rows,
        late_day=first,
        digest_sent=health.all_sent(tx, digests) or jobs.recall(tx, asked.QUIET) == str(office.today(now)),
        clock_high=_instant(high),
        clock_back=_instant(back),
        braked=braked(tx, office, now),
        backup_day=date.fromisoformat(backup) if backup else None,
        missed=tuple(balance.missed_since(tx, since)),
        strangers=tuple(balance.strangers_since(tx, since).items()),
        canary_lost=_instant(jobs.recall(tx, CANARY_LOST)),
    )


def braked(tx: Connection, office: Office, now: datetime) -> bool:
    """Whether the global brake on answers holds now."""
    return letters.answers_since(tx, now - timedelta(hours=1)) >= office.config.reply.per_hour


def data_files(office: Office) -> tuple[tuple[str, date], ...]:
    """The data files, each with the day on which a person last compared it with its source."""
    lss = min(fact.checked for history in law.histories().values() for fact in history)
    return ("lss.toml", lss), ("ivo_options.toml", options.options()["checked"]), ("routine", office.planner.routine.checked)


def _outside(office: Office, now: datetime, disk: Disk) -> Facts:
    """What is known without the database."""
    schedule = office.config.schedule
    left: int | None = None
    with suppress(OSError):
        left = disk(office.config.bot.data_dir)
    ends, fault = _certificate(office)
    return Facts(
        now=now,
        zone=office.config.bot.timezone,
        poll=schedule.poll,
        workday=office.today(now) in office.planner.workdays,
        reminders_at=office.instant_at(schedule.reminders, now),
        digest_at=office.instant_at(schedule.digest, now),
        certificate_ends=ends,
        certificate_fault=fault,
        disk_free=left,
        old_data=data_files(office),
        backups=office.config.backup.folder is not None,
    )


def _certificate(office: Office) -> tuple[datetime | None, str]:
    """When the certificate that signs in ends, or why it cannot be read. A secret's last day stands with the identity service only."""
    mailbox = office.config.mailbox
    if not isinstance(mailbox, OAuth) or mailbox.certificate is None:
        return None, ""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(mailbox.certificate.read_bytes())[0].not_valid_after_utc, ""
    except (OSError, ValueError, IndexError) as error:
        return None, type(error).__name__


def _denied(tx: Connection, now: datetime) -> bool:
    """Whether the mailbox is left alone because it does not believe us; see `bot.jobs.gate`."""
    until = _instant(jobs.recall(tx, DENIED_UNTIL))
    return until is not None and now < until


def _instant(written: str) -> datetime | None:
    with suppress(ValueError):
        return datetime.fromisoformat(written).astimezone(UTC) if written else None
    return None
