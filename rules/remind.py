"""What a reminder says: the facts of one row and one milestone."""

from datetime import date
from urllib.parse import quote

from rules import options
from rules.asked import final_title, title_at
from rules.duty import Recipients
from rules.explain import law, why
from rules.mails import ReadyTitle, Reminder, ReminderRow
from rules.mark import count
from rules.model import Row
from rules.plan import Event, Planner
from rules.routine import OFFICER, OWNER, PROVIDER, REPORTER


def ready(title: str, mailbox: str, case: str = "") -> ReadyTitle:
    """A title with the link that opens a message to the mailbox: it holds the title and the case, nothing else."""
    body = f"&body={quote(f'Ärende: {case}')}" if case else ""
    return ReadyTitle(title, f"mailto:{quote(mailbox, safe='@')}?subject={quote(title)}{body}")


def reminder_row(event: Event, planner: Planner, today: date, *, mailbox: str, sent_back: bool, former: Row | None) -> ReminderRow:
    """The row of a reminder that goes out on `today`, with the true dates in it."""
    row, k = event.row, event.k
    entry, counted = row.entry, count(row)
    mark = counted.mark(k)
    summary, report_day = planner.workdays.summary_day(mark), planner.workdays.report_day(mark)
    follow_up = counted.after(counted.step * k - 1)
    anchor = event.milestone.day.anchor
    contact_by = event.due if event.due and anchor == "start" else follow_up
    step = counted.step if event.milestone.recurs_with_marks else event.milestone.again_months
    months = counted.step * k if anchor == "mark" else step * (k - 1) + event.milestone.day.months
    title = final_title(row, row.closing) if row.closing else title_at(row, k)
    return ReminderRow(
        case=entry.shown,
        insats=entry.insats,
        insats_text=options.text(entry.insats, entry.form),
        sort=entry.sort,
        start=entry.start,
        k=k,
        months=months,
        mark=mark,
        follow_up_day=follow_up,
        contact_by=contact_by,
        summary_day=summary,
        report_day=report_day,
        title=ready(title, mailbox, entry.shown),
        why=why(event, planner, date.isoformat),
        law=law(today),
        advice=tuple(a.text for a in event.milestone.advice if a.fits(entry)),
        late=bool(event.due and today > event.due),
        sent_back=sent_back,
        outcome=row.closing.outcome if row.closing else None,
        closed_on=row.closing.on if row.closing else None,
        waited_days=(today - entry.start).days,
        former=former.entry.shown if former else "",
        total_days=(today - former.entry.start).days if former else 0,
        base=planner.base(anchor, row),
        due=event.due,
    )


def reminder(events: list[Event], rows: list[ReminderRow], to: Recipients, planner: Planner, channel: str) -> Reminder:
    """One mail of one milestone: for one row, or for a bundle to the same recipients."""
    milestone, entry = events[0].milestone, events[0].row.entry
    owner = planner.routine.owner(entry)
    role = milestone.to[0]
    reads = owner if role == OWNER else role
    unreached = role == PROVIDER and not to.providers and entry.provider.strip().lower() not in to.to
    missing = PROVIDER if unreached else to.missing
    return Reminder(
        rows=tuple(rows),
        role=reads if reads in (OFFICER, PROVIDER, REPORTER) else "unit",
        channel=channel,
        owner=planner.routine.roles.get(owner, "") if owner != OFFICER else "",
        in_place_of=missing if missing in (OFFICER, PROVIDER) else planner.routine.roles.get(missing, missing),
        routine=planner.routine.name,
        templates=planner.routine.templates,
    )
