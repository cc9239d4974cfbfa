"""Sample reminders: single and in bundles, late, to officers, units, providers and the reporter, for open and closed rows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.samples.base import Sample, linked
from bot.samples.rows import BEFORE_WHY, BREAK, CONTACT, DAILY, FAMILY, FOLLOWING, OVER_WHY
from rules.mails import Reminder, ReminderRow
from rules.model import Outcome


def reminders() -> Iterator[Sample]:
    """The five milestones of the default routine."""
    yield from _two_months()
    yield from _day_before()
    yield from _officer_notice()
    yield from _overdue()


def _one(row: ReminderRow, role: str = "officer", *, owner: str = "", channel: str = "case_system", missing: str = "") -> Reminder:
    return Reminder((row,), role, channel, owner, missing)


def _two_months() -> Iterator[Sample]:
    mail = "two_months"
    yield Sample(mail, "officer", _one(CONTACT))
    yield Sample(mail, "advice", _one(FAMILY))
    yield Sample(mail, "interruption_alias_unit", _one(BREAK, "unit", owner="Boendeteamet"))
    yield Sample(mail, "former", _one(FOLLOWING))
    yield Sample(mail, "late", _one(replace(CONTACT, late=True, waited_days=75)))
    yield Sample(mail, "in_place_of", _one(CONTACT, missing="officer"))
    yield Sample(mail, "bundle", Reminder((CONTACT, FAMILY, replace(BREAK, late=True), FOLLOWING), "officer", "case_system"))


def _day_before() -> Iterator[Sample]:
    mail = "day_before"
    contact = replace(CONTACT, months=3, why=BEFORE_WHY, waited_days=89)
    family = replace(
        FAMILY,
        months=6,
        summary_day=date(2026, 4, 16),
        why=("Beslut 2025-10-17 + 6 månader = fredag 2026-04-17.", "Sista arbetsdagen innan: torsdag 2026-04-16."),
        waited_days=181,
        advice=(),
    )
    pause = replace(BREAK, months=3, why=("Avbrott från 2026-01-15 + 3 månader = onsdag 2026-04-15.", BEFORE_WHY[1]), waited_days=89)
    daily = replace(DAILY, months=3, why=BEFORE_WHY, waited_days=89)
    yield Sample(mail, "officer", _one(contact))
    yield Sample(mail, "mailbox_follow_up", _one(family, channel="mailbox"))
    yield Sample(mail, "late", _one(replace(contact, late=True, waited_days=90)))
    yield Sample(mail, "unit", _one(daily, "unit", owner="Centralen för sysselsättning"))
    yield Sample(mail, "interruption_in_place_of_unit", _one(pause, "unit", owner="Boendeteamet", missing="Boendeteamet"))
    yield Sample(mail, "provider", _one(contact, "provider"))
    yield Sample(mail, "provider_late", _one(replace(pause, late=True), "provider", owner="Boendeteamet"))
    yield Sample(mail, "former", _one(replace(contact, case="E-31", former="E-3", total_days=454, title=FOLLOWING.title)))
    rows = (contact, replace(contact, case="E-8", title=linked(contact.title.title, "E-8")), daily, pause)
    yield Sample(mail, "bundle", Reminder(rows, "unit", "case_system", "Boendeteamet"))
    yield Sample(mail, "bundle_late", Reminder((replace(contact, late=True), family), "officer", "mailbox"))
    yield Sample(mail, "bundle_provider", Reminder(rows, "provider", "case_system", "Boendeteamet"))


def _officer_notice() -> Iterator[Sample]:
    mail = "officer_notice"
    why = ("Beslut 2026-01-15 + 3 månader = onsdag 2026-04-15.", "Nästa arbetsdag efter: torsdag 2026-04-16.")
    daily = replace(DAILY, months=3, why=why, waited_days=91)
    pause = replace(BREAK, months=3, why=("Avbrott från 2026-01-15 + 3 månader = onsdag 2026-04-15.", why[1]), waited_days=91)
    yield Sample(mail, "officer", _one(daily, owner="Centralen för sysselsättning"))
    yield Sample(mail, "interruption", _one(pause, owner="Boendeteamet"))
    yield Sample(mail, "in_place_of", _one(daily, owner="Centralen för sysselsättning", missing="officer"))
    yield Sample(mail, "bundle", Reminder((daily, replace(daily, case="F-9"), pause), "officer", "case_system", "Boendeteamet"))


def _overdue() -> Iterator[Sample]:
    contact = replace(CONTACT, months=3, why=OVER_WHY, waited_days=96)
    family = replace(
        FAMILY,
        months=6,
        why=("Beslut 2025-10-17 + 6 månader = fredag 2026-04-17.", "4 arbetsdagar efter: torsdag 2026-04-23."),
        waited_days=188,
        advice=(),
    )
    closed = replace(
        contact,
        case="E-11",
        outcome=Outcome.EXECUTED,
        closed_on=date(2026, 4, 19),
        title=linked("IVO – Slutrapportering, verkställt 2026-04-19, 9§4", "E-11"),
    )
    ended = replace(
        closed,
        case="E-12",
        outcome=Outcome.ENDED,
        title=linked("IVO – Slutrapportering, avslutat 2026-04-19, 9§4", "E-12"),
    )
    for mail in ("overdue_1", "overdue_2"):
        yield Sample(mail, "officer", _one(contact))
        yield Sample(mail, "sent_back", _one(replace(contact, sent_back=True)))
        yield Sample(mail, "follow_up_mailbox", _one(family, channel="mailbox"))
        yield Sample(mail, "closed", _one(closed))
        yield Sample(mail, "closed_ended", _one(ended))
        yield Sample(mail, "unit_in_place_of", _one(replace(DAILY, months=3, why=OVER_WHY), "unit", owner="Centralen", missing="Centralen"))
        yield Sample(mail, "bundle", Reminder((replace(contact, sent_back=True), family, closed), "officer", "case_system"))
