"""What the text of a report says: the routine's items, frozen."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Event:
    """A contact or an offer: its day, None if none can be read without doubt, and the text as written."""

    day: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to an offer: its day, yes or no (None while it is awaited or in doubt) and the text as written."""

    day: date | None
    yes: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class BodyItems:
    """The items of a report's text. What is not there, or can be read in two ways, is None or "" or empty.

    Dates are local calendar days. `insats` is `9§10`; `form` a key of the option list; `reason` and `cause` are IVO's own texts.
    Free texts have single spaces, at most 4 000 characters and no identity number. `unclear` names the fields with more than one reading.
    """

    case: str = ""
    insats: str = ""
    form: str = ""
    report_date: date | None = None
    decision_date: date | None = None
    interruption_date: date | None = None
    reason: str = ""
    cause: str = ""
    contacts: tuple[Event, ...] = ()
    offers: tuple[Event, ...] = ()
    answers: tuple[Answer, ...] = ()
    partly_from: date | None = None
    partly_how: str = ""
    compensating_from: date | None = None
    compensating_how: str = ""
    no_compensating: bool = False
    summary: str = ""
    other: str = ""
    executed_on: date | None = None
    ended_on: date | None = None
    end_reason: str = ""
    relative: bool | None = None
    unclear: tuple[str, ...] = ()


def as_fields(items: BodyItems) -> dict[str, object]:
    """The items as a flat JSON object of only what is there: days as ISO dates, an answer as "yes" or "no". An awaited answer is none."""
    found: dict[str, object] = {
        name: value
        for name in ("case", "insats", "form", "reason", "cause", "partly_how", "compensating_how", "summary", "other", "end_reason")
        if (value := getattr(items, name))
    }
    for name in ("report_date", "decision_date", "interruption_date", "partly_from", "compensating_from", "executed_on", "ended_on"):
        day: date | None = getattr(items, name)
        if day is not None:
            found[name] = day.isoformat()
    for name, events in (("contacts", items.contacts), ("offers", items.offers)):
        if events:
            found[name] = [{"date": _iso(event.day), "text": event.text} for event in events]
    given = [
        {"date": _iso(each.day), "answer": "yes" if each.yes else "no", "text": each.text} for each in items.answers if each.yes is not None
    ]
    if given:
        found["answers"] = given
    if items.relative is not None:
        found["relative"] = items.relative
    return found


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
