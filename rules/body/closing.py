"""That a decision was executed or ended: the labels "Datum" and "Anledning", which say so only where the rest of the letter does."""

import re
from dataclasses import replace
from datetime import date
from typing import Final

from rules import dates
from rules.body import choices, mentioned, values
from rules.body.entries import text_of
from rules.body.evidence import Evidence
from rules.body.insats import exact_insats
from rules.body.model import BodyItems
from rules.body.sentences import sentences
from rules.body.words import pattern, says_nothing
from rules.model import Outcome

_CLOSED: Final = re.compile(
    r"(?P<ended>\bavslut(?:at|ad|ats|ades|as)\b|\blöpt ut\b)|(?P<executed>\bverkställ(?:t|d|ts|des)\b)", re.IGNORECASE
)
_OPEN: Final = re.compile(r"\b(?:ej|inte|icke|delvis|ännu|kunnat|o)\s*(?:\w+\s+){0,2}$", re.IGNORECASE)
_LEAST_WORDS: Final = 2
_NEAR: Final = 6
_MOST_LINES: Final = 400
_MOST_LINE: Final = 400


def closed(found: BodyItems, said: Evidence) -> BodyItems:
    """Gives the items with the day and the reason of a closing."""
    outcome = _outcome(said)
    if outcome and not (found.executed_on or found.ended_on or found.reason or found.cause or found.contacts or found.offers):
        days = {values.date_of(each.text, said.today).day for each in said.of("date")} - {None}
        if len(days) == 1:
            only = days.pop()
            found = replace(found, executed_on=only) if outcome is Outcome.EXECUTED else replace(found, ended_on=only)
    if (
        outcome is Outcome.EXECUTED
        and found.executed_on is None
        and not (found.reason or found.cause or found.partly_from)
        and (day := _begun(said))
    ):
        found = replace(found, executed_on=day)
    return replace(found, end_reason=_end_reason(found, said, outcome))


def _end_reason(found: BodyItems, said: Evidence, outcome: Outcome | None) -> str:
    """Why it ended. "Orsak" is that too in a letter about an ending, if it is none of IVO's causes."""
    texts = [each.text for each in said.of("end_reason")]
    if found.ended_on or outcome is Outcome.ENDED:
        texts += [each.text for each in said.of("why")]
        causes = [each.text for each in said.of("cause")]
        if not texts and not found.reason and not choices.cause(" ".join(causes)).texts:
            texts = causes
    if not texts and not said.said.end_reason:
        texts = [why for each in said.of("ended_on") if (why := _after_day(each.text, said))]
    told = {text_of(text) for text in texts if not says_nothing(text)}
    if not told:
        return said.said.end_reason or (_why_told(said) if found.ended_on or outcome is Outcome.ENDED else "")
    return told.pop() if len(told) == 1 else ""


def _after_day(text: str, said: Evidence) -> str:
    """The reason right after the day of an ending: "avslutad 31/8 - kunden har flyttat"."""
    read = values.date_of(text, said.today)
    found = (pattern("closing_after").match(read.rest) or pattern("closing_goes_on").match(read.rest)) if read.day else None
    if found is None or len(found["why"].split()) < _LEAST_WORDS or pattern("closing_no_why").search(found["why"]):
        return ""
    why = found["why"].strip(" .)")
    return "" if exact_insats(why) or mentioned.case([why]) else why


def _why_told(said: Evidence) -> str:
    """The one sentence that tells why a case was ended: that the customer died, has moved, does not want it any longer."""
    told = {text_of(each) for each in sentences(said.prose) if pattern("closing_why").search(each)}
    return told.pop() if len(told) == 1 else ""


def _begun(said: Evidence) -> date | None:
    """The one day on which a sentence says that it began, in a letter that says that it was executed."""
    days = set()
    for sentence in sentences(said.prose):
        if pattern("prose_not_executed").search(sentence):
            continue
        for each in dates.find(sentence, said.today):
            verbs = pattern("closing_begun").finditer(sentence, 0, each.start)
            if (
                each.day
                and each.last is None
                and each.day <= said.today
                and any(_near(sentence[verb.end() : each.start]) for verb in verbs)
            ):
                days.add(each.day)
    return days.pop() if len(days) == 1 else None


def _near(between: str) -> bool:
    return len(between.split()) <= _NEAR


def _outcome(said: Evidence) -> Outcome | None:
    """Executed or ended, where the letter says one of them and not the other."""
    executed, ended = _told(said, "executed_on"), _told(said, "ended_on", "end_reason")
    if executed != ended:
        return Outcome.EXECUTED if executed else Outcome.ENDED
    words: set[Outcome] = set()
    for line in said.lines[:_MOST_LINES]:
        for each in _CLOSED.finditer(line[:_MOST_LINE]):
            if not _OPEN.search(line[: each.start()][-40:]):
                words.add(Outcome(str(each.lastgroup)))
    return words.pop() if len(words) == 1 else None


def _told(said: Evidence, *fields: str) -> bool:
    return any(not says_nothing(each.text) or each.when for each in said.of(*fields))
