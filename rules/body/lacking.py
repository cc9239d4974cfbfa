"""What a report's text lacks, judged by who sent it and what kind of report it is. It is told, and never a reason to lose the report."""

from collections.abc import Mapping
from enum import StrEnum

from rules.body.choices import ANYTHING, DECLINED
from rules.body.model import BodyItems
from rules.body.words import data
from rules.model import Kind, Outcome, Sort


class Role(StrEnum):
    """Who sent the report: the case officer, the provider, or a unit that reports (Boendeteamet, Centralen)."""

    OFFICER = "officer"
    PROVIDER = "provider"
    UNIT = "unit"


class Missing(StrEnum):
    """One item that is not there, or not whole. Its Swedish sentence stands in `data/body.toml`."""

    CASE = "case"
    INSATS = "insats"
    REPORT_DATE = "report_date"
    DECISION_DATE = "decision_date"
    INTERRUPTION_DATE = "interruption_date"
    START_DATE = "start_date"
    REASON = "reason"
    CAUSE = "cause"
    SEVERAL_REASONS = "several_reasons"
    SEVERAL_CAUSES = "several_causes"
    CAUSE_TEXT = "cause_text"
    CONTACTS = "contacts"
    CONTACT_DATE = "contact_date"
    OFFER_DATE = "offer_date"
    ANSWERS = "answers"
    PARTLY_FROM = "partly_from"
    PARTLY_HOW = "partly_how"
    COMPENSATING = "compensating"
    COMPENSATING_FROM = "compensating_from"
    COMPENSATING_HOW = "compensating_how"
    SUMMARY = "summary"
    EXECUTED_ON = "executed_on"
    ENDED_ON = "ended_on"
    END_REASON = "end_reason"


def missing(
    items: BodyItems,
    kind: Kind | None,
    outcome: Outcome | None,
    insats: str,
    role: Role,
    *,
    external: bool = False,
    sort: Sort | None = None,
) -> tuple[Missing, ...]:
    """Gives what the text lacks, in the routine's order.

    kind and outcome: the report's, from its title; insats: `9§10`, from the title or the register. external: another than the municipality
    carries it out. sort: decision or interruption where the register or the title tells, else either date will do.
    A provider or a unit gives the summary; an officer adds contacts and compensating support, but not for 9§8 external, 9§9 and 9§10.
    """
    found: dict[Missing, bool] = {Missing.CASE: not items.case, Missing.INSATS: not (items.insats or insats)}
    if kind is Kind.FINAL:
        executed, ended = outcome is Outcome.EXECUTED, outcome is Outcome.ENDED
        found |= {
            Missing.EXECUTED_ON: executed and items.executed_on is None,
            Missing.ENDED_ON: ended and items.ended_on is None,
            Missing.END_REASON: ended and not items.end_reason,
        }
        return _those(found)
    found |= {Missing.REPORT_DATE: items.report_date is None, **_start(items, sort), **_why(items)}
    found |= {
        Missing.OFFER_DATE: items.cause.startswith(DECLINED) and not any(offer.day for offer in items.offers),
        Missing.ANSWERS: bool(items.offers) and not items.answers,
        Missing.PARTLY_FROM: bool(items.partly_how) and items.partly_from is None,
        Missing.PARTLY_HOW: items.partly_from is not None and not items.partly_how,
        Missing.COMPENSATING_FROM: bool(items.compensating_how) and items.compensating_from is None,
        Missing.COMPENSATING_HOW: items.compensating_from is not None and not items.compensating_how,
    }
    by_officer = not (insats in ("9§9", "9§10") or (insats == "9§8" and external))
    if role is Role.OFFICER and by_officer:
        nothing_said = not (items.compensating_from or items.compensating_how or items.no_compensating)
        found |= {Missing.CONTACTS: not items.contacts, Missing.COMPENSATING: nothing_said}
    found[Missing.CONTACT_DATE] = any(contact.day is None for contact in items.contacts)
    found[Missing.SUMMARY] = role is not Role.OFFICER and not items.summary
    return _those(found)


def sentence(code: Missing) -> str:
    """What a person reads about it."""
    return str(data()["missing"][code.value])


def _start(items: BodyItems, sort: Sort | None) -> dict[Missing, bool]:
    match sort:
        case Sort.DECISION:
            return {Missing.DECISION_DATE: items.decision_date is None}
        case Sort.INTERRUPTION:
            return {Missing.INTERRUPTION_DATE: items.interruption_date is None}
    return {Missing.START_DATE: items.decision_date is None and items.interruption_date is None}


def _why(items: BodyItems) -> dict[Missing, bool]:
    several_reasons, several_causes = "reason" in items.unclear, "cause" in items.unclear
    return {
        Missing.SEVERAL_REASONS: several_reasons,
        Missing.REASON: not items.reason and not several_reasons,
        Missing.SEVERAL_CAUSES: several_causes,
        Missing.CAUSE: not items.cause and not several_causes,
        Missing.CAUSE_TEXT: items.cause.endswith(ANYTHING) and not items.other,
    }


def _those(found: Mapping[Missing, bool]) -> tuple[Missing, ...]:
    return tuple(code for code in Missing if found.get(code))
