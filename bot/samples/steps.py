"""Sample reminders of what a routine counts from the order and the execution: confirmation, implementation plan, yearly follow-up."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from bot.samples.base import Sample, linked
from bot.samples.rows import CONTACT, DAILY, FOLLOWING
from rules.mails import Reminder, ReminderRow
from rules.model import Outcome

ROUTINE = "Verkställighet och uppföljning, Gotland"
PRIVATE = ("Utföraren är privat och lämnar uppgifterna till handläggaren.",)


def steps() -> Iterator[Sample]:
    """The order, the plan and the follow-up, each to an officer, a provider, in the provider's place, and in a bundle."""
    for mail, made in (("confirm_order", _ordered), ("plan_missing", _planless), ("yearly_follow_up", _yearly)):
        yield from _each(mail, made)
    yield Sample("confirm_order", "former", _mail(_ordered(FOLLOWING)))
    third = ("Verkställt 2026-05-04 + 36 månader = fredag 2029-05-04.",)
    yield Sample("yearly_follow_up", "third_year", _mail(replace(_yearly(CONTACT), k=3, months=36, why=third)))


def _each(mail: str, made: Callable[[ReminderRow], ReminderRow]) -> Iterator[Sample]:
    one, private = made(CONTACT), replace(made(DAILY), advice=PRIVATE)
    yield Sample(mail, "officer", _mail(one))
    yield Sample(mail, "private", _mail(private))
    yield Sample(mail, "provider", _mail(one, role="provider"))
    yield Sample(mail, "in_place_of_provider", _mail(one, role="provider", missing="provider"))
    yield Sample(mail, "bundle", _mail(one, private))
    yield Sample(mail, "bundle_provider", _mail(one, made(DAILY), role="provider"))


def _mail(*rows: ReminderRow, role: str = "officer", missing: str = "") -> Reminder:
    return Reminder(rows, role, "case_system", in_place_of=missing, routine=ROUTINE)


def _ordered(row: ReminderRow) -> ReminderRow:
    why = ("Beställt 2026-01-20, tisdag.", "5 arbetsdagar efter: tisdag 2026-01-27.")
    return replace(row, base=date(2026, 1, 20), months=0, waited_days=12, why=why)


def _executed(row: ReminderRow) -> ReminderRow:
    on = date(2026, 5, 4)
    title = linked(f"IVO – Slutrapportering, verkställt {on}, {row.insats}", row.case)
    return replace(row, base=on, closed_on=on, outcome=Outcome.EXECUTED, title=title)


def _planless(row: ReminderRow) -> ReminderRow:
    why = ("Verkställt 2026-05-04 + 1 månad = torsdag 2026-06-04.", "Nästa arbetsdag efter: fredag 2026-06-05.")
    return replace(_executed(row), months=1, due=date(2026, 6, 4), late=True, why=why)


def _yearly(row: ReminderRow) -> ReminderRow:
    return replace(_executed(row), months=12, why=("Verkställt 2026-05-04 + 12 månader = tisdag 2027-05-04.",))
