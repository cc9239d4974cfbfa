"""Puts the day's reminders in the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.jobs.office import Office
from bot.log import Logger
from bot.store import claims, imports, jobs, letters, outbox
from bot.store import engine as db
from rules.duty import Recipients, recipients
from rules.plan import Event
from rules.remind import reminder, reminder_row

log = Logger("remind")


@dataclass(frozen=True, slots=True)
class Ready:
    """One milestone that goes out today, and to whom. `owner`: the role that sends the report; a bundle speaks of one owner."""

    event: Event
    owner: str
    to: Recipients


def remind(office: Office, now: datetime) -> int:
    """Posts today's reminders; gives how many mails. May be run any number of times: a milestone's key is taken once.

    Only on workdays, from the reminders' hour. Rows are found by the index on their next day, so that a tick costs what is due.
    """
    refresh(office, office.today(now))
    if not office.struck(office.config.schedule.reminders, now):
        return 0
    today = office.today(now)
    with db.read(office.engine) as tx:
        if not claims.any_due(tx, today):
            return 0
    with db.write(office.engine) as tx:
        due = claims.due(tx, today)
        taken = claims.claims(tx, [row.id for row in due])
        going: list[Ready] = []
        for row in due:
            try:
                plan = office.planner.due(row, taken[row.id], today)
                owner = office.planner.routine.owner(row.entry)
                to = [recipients(event.milestone, row.entry, office.planner.routine, office.people, today) for event in plan.send]
            except Exception as error:  # one row that breaks must not keep the others' reminders
                log.error("row_failed", row=row.id, error=error)
                continue
            for event in plan.superseded:
                claims.take(tx, row, event.k, event.milestone.name, event.day, None, noted=today)
            going += [Ready(event, owner, one) for event, one in zip(plan.send, to, strict=True)]
        posted = sum(_guarded(tx, office, bundle, today, now) for bundle in bundles(going, office.config.reminders.bundle_from))
        claims.reschedule(tx, office.planner, [row.id for row in due])
    log.info("reminders", count=posted)
    return posted


def bundles(going: Sequence[Ready], bundle_from: int) -> list[list[Ready]]:
    """Mails of one milestone to the same people: one by one, or from `bundle_from` on together in one mail.

    A provider in a bundle gets a mail of its own rows only.
    """
    groups: dict[tuple[str, str, Recipients], list[Ready]] = {}
    for one in going:
        groups.setdefault((one.event.milestone.name, one.owner, one.to.without_providers), []).append(one)
    found: list[list[Ready]] = []
    for (_, _, main), group in groups.items():
        if len(group) < bundle_from or not main.to:
            found += [[one] for one in group]
            continue
        found.append([Ready(one.event, one.owner, main) for one in group])
        for provider in sorted({address for one in group for address in one.to.providers}):
            own = [Ready(one.event, one.owner, Recipients((provider,), ())) for one in group if provider in one.to.providers]
            found.append(own)
    return found


def _guarded(tx: Connection, office: Office, bundle: list[Ready], today: date, now: datetime) -> int:
    """Posts one mail, or nothing at all of it when the program fails on it."""
    try:
        with tx.begin_nested():
            return _post(tx, office, bundle, today, now)
    except SQLAlchemyError:
        raise
    except Exception as error:
        log.error("reminder_failed", row=bundle[0].event.row.id, error=error)
        return 0


def _post(tx: Connection, office: Office, bundle: list[Ready], today: date, now: datetime) -> int:
    """Posts one mail and takes its rows' keys; a second mail of the same rows, to a provider, takes none."""
    milestone, to = bundle[0].event.milestone, bundle[0].to
    back = letters.sent_back_rows(tx, [one.event.row.id for one in bundle])
    facts = [
        reminder_row(
            one.event,
            office.planner,
            today,
            mailbox=office.config.mailbox.address,
            sent_back=one.event.row.id in back,
            former=imports.former(tx, one.event.row.id),
        )
        for one in bundle
    ]
    said = reminder([one.event for one in bundle], facts, to, office.planner, office.config.reminders.channel)
    parts = [(one.event.row.id, one.event.row.entry.start, one.event.k) for one in bundle]
    key = office.key(milestone.name, *parts, *([] if len(bundle) == 1 else to.to))
    mail_id = outbox.post(tx, key=key, name=milestone.mail, to=to.to, cc=to.cc, facts=office.dump(said), now=now)
    if mail_id is None:
        return 0
    for one in bundle:
        claims.take(tx, one.event.row, one.event.k, milestone.name, today, mail_id)
    return 1


def refresh(office: Office, today: date) -> None:
    """Closes the rows whose planned day has come, and counts every row's next day afresh after a change of routine or calendar."""
    plan = office.key("plan", office.planner.routine.model_dump_json(), sorted(office.config.calendar.closed_days))
    with db.read(office.engine) as tx:
        same, planned = jobs.recall(tx, "plan") == plan, claims.any_planned(tx, today)
    if same and not planned:
        return
    with db.write(office.engine) as tx:
        claims.reschedule(tx, office.planner, imports.close_planned(tx, today))
        if not same:
            claims.reschedule_all(tx, office.planner)
            jobs.remember(tx, "plan", plan)
