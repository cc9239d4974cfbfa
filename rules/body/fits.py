"""Whether a text right after a label without a sign is a value of its sort."""

from datetime import date
from typing import Final

from rules import dates
from rules.body import choices
from rules.body.insats import insats_named
from rules.body.values import case_of, leading_date, ticked, yes_or_no
from rules.body.words import begins_with, pattern

SOON: Final = 60
"""Characters after a label within which its value must begin."""


def fits(field: str, text: str, today: date) -> bool:
    """Whether a text right after a label without a sign is a value of its sort: the label is one only then."""
    near = text[:SOON]
    match field:
        case "report_date" | "decision_date" | "interruption_date" | "executed_on" | "ended_on":
            return leading_date(near, today).day is not None
        case "case":
            return bool(case_of(near)) and any("0" <= sign <= "9" for sign in near.split()[0])
        case "insats":
            return bool(pattern("values_paragraph").match(near.strip())) or bool(insats_named(near))
        case "reason" | "cause":
            return choices.begins(near + text[SOON:200], field)
        case "reason_cause":
            return choices.begins(text[:200], "reason")
        case "relative":
            return len(near.split()) <= 2 and ticked(near) is not None
        case "contacts" | "touch" | "offers" | "offer_answer":
            return any(each.day for each in dates.find(near, today))
        case "answers":
            return leading_date(near, today).day is not None or yes_or_no(near) or bool(begins_with(near, "awaited"))
        case "partly" | "compensating":
            return (
                leading_date(near, today).day is not None
                or bool(begins_with(near, "no"))
                or (field == "compensating" and any(each.day for each in dates.find(near, today)))
            )
        case "summary" | "other":
            return len(text.split()) >= 2 - (field == "other") and not pattern("values_no_free_text").match(text)
        case "date":
            return leading_date(near, today).day is not None and len(near.split()) <= 4
        case "why":
            return len(text.split()) >= 1 and not pattern("values_no_free_text").match(text)
    return False
