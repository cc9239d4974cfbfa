"""Puts the day's reminders in the outbox."""

from datetime import date, datetime

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.jobs.office import Office
from bot.jobs.reminder_mail import Ready, bundles, mail_key, said
from bot.log import Logger
from bot.store import audit, claims, commands, imports, jobs, letters, outbox, states
from bot.store import engine as db
from rules.duty import recipients
from rules.plan import postponable

log = Logger("remind")


def remind(office: Office, now: datetime) -> int:
    """Posts today's reminders; gives how many mails. May be run any number of times: a milestone's key is taken once.

    Only on workdays, from the reminders' hour. Rows are found by the index on their next day, so that a tick costs what is due.
    """
    refresh(office, office.today(now), now)
    if not office.struck(office.config.schedule.reminders, now):
        return 0
    today = office.today(now)
    with db.read(office.engine) as tx:
        if not claims.any_due(tx, today):
            return 0
    with db.write(office.engine) as tx:
        due = claims.due(tx, today)
        taken = claims.claims(tx, [row.id for row in due])
        postponed = commands.waiting(tx, today, [row.id for row in due])
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
            # What the reporter has put off is not taken either: it is due again when the day comes.
            going += [
                Ready(event, owner, one)
                for event, one in zip(plan.send, to, strict=True)
                if (row.id, event.k) not in postponed or not postponable(event.milestone)
            ]
        posted = sum(_guarded(tx, office, bundle, today, now) for bundle in bundles(going, office.config.reminders.bundle_from))
        claims.reschedule(tx, office.planner, [row.id for row in due])
    log.info("reminders", count=posted)
    return posted


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
    ids = [one.event.row.id for one in bundle]
    formers = {row_id: row for row_id in ids if (row := imports.former(tx, row_id))}
    facts = said(bundle, office, today, back=letters.sent_back_rows(tx, ids), formers=formers)
    key = mail_key(bundle, office)
    mail_id = outbox.post(tx, key=key, name=milestone.mail, to=to.to, cc=to.cc, facts=office.dump(facts), now=now)
    if mail_id is None:
        return 0
    for one in bundle:
        claims.take(tx, one.event.row, one.event.k, milestone.name, today, mail_id)
    return 1


def refresh(office: Office, today: date, now: datetime) -> None:
    """Closes the rows whose planned day has come, and counts every row's next day afresh after a change of routine or calendar."""
    plan = office.key("plan", office.planner.routine.model_dump_json(), sorted(office.config.calendar.closed_days))
    with db.read(office.engine) as tx:
        same, planned = jobs.recall(tx, "plan") == plan, claims.any_planned(tx, today)
    if same and not planned:
        return
    with db.write(office.engine) as tx:
        if planned:
            _close_planned(tx, office, today, now)
        if not same:
            claims.reschedule_all(tx, office.planner)
            jobs.remember(tx, "plan", plan)


def _close_planned(tx: Connection, office: Office, today: date, now: datetime) -> None:
    """Closes what the register said would be closed by today, with its entry in the audit trail."""
    before = states.of(tx)
    closed = imports.close_planned(tx, today)
    claims.reschedule(tx, office.planner, closed)
    audit.write(tx, now, "service", [states.note("closed", each) for each in states.differences(tx, before, closed)])
