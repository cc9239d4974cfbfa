"""The frozen quarter as a mail: once to each address, on the configured day."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bot.config.sections import Report as Settings
from bot.jobs.office import Office
from bot.jobs.quarter import quarterly
from bot.store import engine as db
from bot.store import outbox, report
from rules.mails import Quarterly, QuarterlyRow
from rules.report.given import Given
from rules.report.values import InsatsRow, QuarterReport, Reader
from rules.window import Quarter

LATE = timedelta(days=30)
"""So long after its day a quarter that was not frozen in time is still sent."""


def send_quarter(office: Office, now: datetime) -> int:
    """Posts the last quarter's report to each address of each reader; gives how many. On workdays, from the digest's hour.

    Nothing happens before the configured day, nor while the quarter is not frozen: what may still change is not sent by itself.
    """
    settings = office.config.report
    due = due_quarter(settings, office.today(now))
    if due is None or not office.struck(office.config.schedule.digest, now):
        return 0
    addresses = {reader: [a for a in some if office.people.own(a)] for reader, some in readers(settings).items()}
    keys = {(reader, a): office.key("quarter", due, reader, a) for reader, some in addresses.items() for a in some}
    with db.read(office.engine) as tx:
        lacking = {who: key for who, key in keys.items() if not outbox.posted(tx, key)}
        if not lacking or str(due) not in report.frozen_quarters(tx):
            return 0
        wanted = [reader for reader in addresses if any(reader == one for one, _ in lacking)]
        made = {found.reader: facts(found) for found in quarterly(tx, office, due, wanted, Given(), now).reports}
    with db.write(office.engine) as tx:
        for (reader, address), key in lacking.items():
            outbox.post(tx, key=key, name="quarter", to=[address], cc=[], facts=office.dump(made[reader]), now=now)
    return len(lacking)


def readers(settings: Settings) -> Mapping[Reader, tuple[str, ...]]:
    """Who gets which version by mail."""
    return {Reader.FULLMAKTIGE: settings.to_fullmaktige, Reader.REVISORER: settings.to_revisorer, Reader.INTERNAL: settings.to_internal}


def due_quarter(settings: Settings, today: date) -> Quarter | None:
    """The quarter that is to be sent today or should have been lately; None for none."""
    former = Quarter.of(today).former
    match settings.send_on:
        case int(days):
            found = [(quarter.last + timedelta(days=days), quarter) for quarter in (former.former, former)]
        case tuple(days):
            named = [date.fromisoformat(f"{year}-{day}") for year in (today.year - 1, today.year) for day in days if day != "02-29"]
            found = [(day, Quarter.of(day).former) for day in sorted(named)]
        case _:
            return None
    passed = [(day, quarter) for day, quarter in found if day <= today <= day + LATE]
    return passed[-1][1] if passed else None


def facts(found: QuarterReport) -> Quarterly:
    """A report's mail. It leaves out all rows of single decisions, also for those who may read them: a mail is easily sent on."""
    return Quarterly(
        quarter=str(found.quarter),
        reader=found.reader.value,
        title=found.title,
        board=found.board,
        frozen=found.frozen or found.day,
        hash=found.hash,
        summary=found.summary,
        rows=tuple(_row(row) for row in (*found.rows, found.total)),
        notes=found.notes,
        references=tuple(f"{one.what}: {one.ref}" for one in found.references),
        changes=tuple(one.text for one in found.changes if found.reader is not Reader.INTERNAL),
    )


def _row(row: InsatsRow) -> QuarterlyRow:
    longest = max((waits.longest for waits in (row.waits, row.waits_interruptions) if waits.longest is not None), default=None)
    return QuarterlyRow(row.name, row.open, row.interruptions_open, row.executed, row.ended, longest)
