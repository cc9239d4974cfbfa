"""IVO's choices and what hangs on them: insats with form, one main reason, one cause that belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rules.body import BodyItems
from rules.model import Entry
from rules.options import options
from rules.sheet.model import Level, Problem, Source


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of a main reason. `insatser`: those for which the e-service shows it, none: all."""

    reason: str
    text: str
    needs_text: bool = False
    needs_offer_date: bool = False
    insatser: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choices:
    """One edition of the option list. `insatser`: (insats, form) → the e-service's whole text. `longest`: characters of a free text."""

    insatser: Mapping[tuple[str, str], str]
    reasons: tuple[str, ...]
    causes: tuple[Cause, ...]
    longest: int

    def of(self, reason: str, text: str) -> Cause | None:
        """The cause of that reason with that text."""
        return next((cause for cause in self.causes if (cause.reason, cause.text) == (reason, text)), None)

    def reasons_of(self, text: str) -> tuple[str, ...]:
        """The main reasons that have a cause with that text: "Annat" has three, nearly every other one."""
        return tuple(cause.reason for cause in self.causes if cause.text == text)


def choices(edition: Mapping[str, Any]) -> Choices:
    """The choices in an option list as its file holds it."""
    return Choices(
        {(one["key"], form["key"]): form["text"] for one in edition["insats"] for form in one["forms"]},
        tuple(one["text"] for one in edition["reason"]),
        tuple(
            Cause(
                one["text"],
                each["text"],
                bool(each.get("needs_text")),
                bool(each.get("needs_offer_date")),
                frozenset(each.get("insats", ())),
            )
            for one in edition["reason"]
            for each in one["causes"]
        ),
        int(edition["free_text_max_chars"]),
    )


@cache
def current() -> Choices:
    """The choices of the packaged list."""
    return choices(options())


@dataclass(frozen=True, slots=True)
class Picked:
    """The main reason and the cause with their sources and problems, and what the cause demands, whichever reason it belongs to."""

    reason: str
    reason_source: Source
    reason_problems: tuple[Problem, ...]
    text: str
    text_source: Source
    text_problems: tuple[Problem, ...]
    needs_text: bool
    needs_offer_date: bool


def picked(items: BodyItems, entry: Entry, known: Choices) -> Picked:
    """Chooses from the letter first, then from the register. A reason that the letter leaves out follows from a cause that only it has."""
    reason, text = items.reason, items.cause
    reason_source, text_source = _from(reason), _from(text)
    reason_problems = _several(items, "reason", "Brevet nämner mer än ett huvudsakligt skäl. Välj ett.")
    text_problems = _several(items, "cause", "Brevet nämner mer än en orsak. Välj en.")
    told = entry.cause
    if not text and told and not text_problems:
        if not known.reasons_of(told):
            text_problems += (
                Problem("cause_unknown", f"Registrets orsak ”{told}” är inget av IVO:s alternativ. Välj ett.", Level.WARNING),
            )
        elif not reason or known.of(reason, told):
            text, text_source = told, Source.REGISTER
        else:
            text_problems += (_other_reason(told, known, "Registrets orsak", Level.WARNING),)
    if text and not reason and not reason_problems and len(possible := known.reasons_of(text)) == 1:
        reason, reason_source = possible[0], Source.DERIVED
    cause = known.of(reason, text)
    if text and not known.reasons_of(text):
        text_problems += (Problem("cause_unknown", "Orsaken är inget av IVO:s alternativ. Välj ett."),)
    elif reason and text and cause is None:
        text_problems += (_other_reason(text, known, "Orsaken"),)
    if reason and reason not in known.reasons:
        reason_problems += (Problem("reason_unknown", "Skälet är inget av IVO:s alternativ. Välj ett."),)
    if cause and cause.insatser and entry.insats not in cause.insatser:
        unlisted = f"Orsaken brukar inte kunna väljas för {entry.insats}. Finns den inte i e-tjänsten: välj en annan."
        text_problems += (Problem("cause_unlisted", unlisted, Level.WARNING),)
    meant = [each for each in known.causes if each.text == text]
    needs_text = bool(meant) and all(each.needs_text for each in meant)
    needs_date = bool(meant) and all(each.needs_offer_date for each in meant)
    return Picked(reason, reason_source, reason_problems, text, text_source, text_problems, needs_text, needs_date)


def _from(value: str) -> Source:
    return Source.LETTER if value else Source.NONE


def _several(items: BodyItems, name: str, text: str) -> tuple[Problem, ...]:
    return (Problem(f"several_{name}s", text),) if name in items.unclear else ()


def _other_reason(text: str, known: Choices, what: str, level: Level = Level.ERROR) -> Problem:
    told = " eller ".join(f"”{reason}”" for reason in known.reasons_of(text))
    return Problem("cause_of_other_reason", f"{what} ”{text}” hör till skälet {told}. Välj skäl och orsak som hör ihop.", level)
