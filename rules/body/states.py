"""What a sentence says of the decision's dates: decided, interrupted, partly or wholly executed, ended; and compensating support."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from rules import dates
from rules.body.entries import text_of
from rules.body.sentences import Said
from rules.body.words import pattern
from rules.dates import Found

COMPENSATING: Final = re.compile(
    r"\bkompensera[srt]?\b|\bkompenserats\b|\bkompensation\b|\bkompenserande (?:insats\w*|stöd|åtgärd\w*)|\bkomp\.? ?insats\w*",
    re.IGNORECASE,
)
"""Words for compensating support: an insats named beside them is not the decision's."""
_BRACKETS: Final = re.compile(r"\s?\([^()]{0,80}\)")
_CLAUSE: Final = re.compile(r"[;]|, (?=men|och|då|eftersom)")
_OF_THE_DECISION: Final = re.compile(r"\b(?:beslut\w*|insats\w*|ärende\w*|biståndet|den|det)\b", re.IGNORECASE)
_HOW_BEGINS: Final = re.compile(r"^[\s,.:]*(?:med|på|och då|då)?\b\s*")
_SOON: Final = 60
_SHORT: Final = 4


def states(sentence: str, found: Sequence[Found], said: Said, today: date) -> None:
    """Adds what the sentence says beside each of its dates."""
    at = 0
    shared = pattern("prose_share").search(sentence) if found else None
    lasts = (
        pattern("prose_partly").search(sentence) or COMPENSATING.search(sentence) or pattern("states_meanwhile").search(sentence) or shared
    )
    for each in found:
        before, after = _BRACKETS.sub("", sentence[at : each.start]), sentence[each.end :]
        at = each.end
        if each.day is None or not dates.plausible(each.day, today):
            continue
        if pattern("prose_reported").search(before):
            said.add("report_date", each.day)
        elif lasts:
            continue
        elif each.last is None and each.day <= today and _decided(before, after, sentence):
            said.add("decision_date", each.day)
        elif _says(before, after, "interruption") and not pattern("prose_not_interrupted").search(_clause(before)):
            said.add("interruption_date", each.day)
        elif each.last is None and _says(before, after, "executed"):
            if not pattern("prose_not_executed").search(_clause(before) + after[:_SOON].split(".")[0]):
                said.add("executed_on", each.day)
        elif each.last is None and each.day <= today and _ended(before, after, sentence):
            said.add("ended_on", each.day)
            said.end_reason = said.end_reason or _end_reason(sentence, each.end)
    if lasts:
        _lasting(sentence, found, said, today)


def _clause(before: str) -> str:
    """The last clause before a date."""
    return _CLAUSE.split(before)[-1]


def _says(before: str, after: str, what: str) -> bool:
    """Whether the words right before a date, or right after it, say this."""
    return bool(pattern(f"prose_{what}").search(before) or pattern(f"prose_{what}_after").match(after))


def _decided(before: str, after: str, sentence: str) -> bool:
    if pattern("prose_decision").search(before):
        return not pattern("prose_no_decision").search(_clause(before))
    if (
        before.lower().strip(" den")
        or not pattern("prose_decision_after").match(after)
        or pattern("prose_no_decision").search(after[:_SOON])
    ):
        return False
    return "beslut" in sentence.lower() or "bevilja" in after[:_SOON]


def _ended(before: str, after: str, sentence: str) -> bool:
    short = len(before.split()) <= _SHORT
    if not _says(before, after, "ended") or not (short or _OF_THE_DECISION.search(sentence)):
        return False
    return not pattern("prose_not_ended").search(_clause(before))


def _end_reason(sentence: str, after_date: int) -> str:
    """Why it ended: that the decision ran out, or what follows a word such as eftersom."""
    if ran_out := pattern("prose_ran_out").search(sentence):
        return text_of(ran_out[0])
    why = pattern("prose_why").search(sentence, after_date) or pattern("prose_why").search(sentence)
    return text_of(sentence[why.end() :].rstrip(" .") or why[0]) if why else ""


def _lasting(sentence: str, found: Sequence[Found], said: Said, today: date) -> None:
    """Partly executed, or compensating support, with the one day since which it lasts."""
    since = [each for each in found if pattern("prose_since").search(sentence[: each.start]) and dates.plausible(each.day, today)]
    if len(since) != 1 or pattern("prose_negated").search(sentence):
        return
    begun = since[0]
    if not (partly := pattern("prose_partly").search(sentence)) and (share := pattern("prose_share").search(sentence)):
        if not COMPENSATING.search(sentence) and not pattern("states_meanwhile").search(sentence):
            said.add("partly_from", begun.day)
            said.partly_how = said.partly_how or text_of(share[0].strip(" .,"))
    elif partly:
        said.add("partly_from", begun.day)
        after = _HOW_BEGINS.sub("", sentence[max(begun.end, partly.end()) :])
        between = _HOW_BEGINS.sub("", pattern("prose_since").sub("", sentence[partly.end() : begun.start]))
        share = pattern("prose_share").search(sentence)
        how = share[0] if share else after if len(after.strip(" .")) > 2 else between
        said.partly_how = said.partly_how or text_of(how.strip(" .,"))
    else:
        said.add("compensating_from", begun.day)
        said.compensating_how = said.compensating_how or _how(sentence, begun) or text_of(sentence)


def _how(sentence: str, begun: Found) -> str:
    """What the support is: the sentence without its day and without the words that say that it is support meanwhile."""
    text = f"{pattern('prose_since').sub('', sentence[: begun.start])} {sentence[begun.end :]}"
    told = pattern("states_as_compensating").sub(" ", text)
    if told == text:
        told = pattern("states_before_how").sub("", text, count=1)
    told = pattern("states_namely").sub("", pattern("states_verb_first").sub("", told))
    return text_of(told.strip(" .,;:")) if len(told.split()) > 0 else ""
