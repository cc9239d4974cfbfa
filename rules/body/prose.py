"""What sentences without labels say: only where the words around a date or a number leave one reading."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import Final

from rules import dates
from rules.body import choices
from rules.body.entries import text_of
from rules.body.insats import exact_insats, form_of, insats_of, is_form, paragraphs
from rules.body.sentences import Said, sentences
from rules.body.spoken import happenings
from rules.body.states import COMPENSATING, states
from rules.body.values import after_case, case_of, leading_date
from rules.body.words import pattern

_MOST_SENTENCE: Final = 700
_MOST_SENTENCES: Final = 250
_MOST_DATES: Final = 12
_MOST_WORDS: Final = 4  # so often one sentence can name its case, insats or cause
_IS: Final = re.compile(r"\b(?:är|var)\s+(?:att\s+)?", re.IGNORECASE)
_PARTS: Final = re.compile(r"[,.;/()]")
_CLAUSE_END: Final = re.compile(r"[,.;]")
_OF_THE_DECISION: Final = re.compile(r"\bbeslut|\bbevilja|\binsats|9 ?§", re.IGNORECASE)
_NOT_EXECUTED: Final = re.compile(r"\bej verkställ|\binte (?:\w+ ){0,3}verkställ", re.IGNORECASE)
_CERTAIN: Final = re.compile(r"orsak|skäl|huvud|beror", re.IGNORECASE)


def read(lines: Sequence[str], today: date) -> Said:
    """Gives what the prose says. Linear in its length: a sentence of more than 700 characters is cut there."""
    said = Said()
    opened = False
    for sentence in islice(sentences(lines), _MOST_SENTENCES):
        sentence = sentence[:_MOST_SENTENCE]
        found = dates.find(sentence, today)[:_MOST_DATES]
        _case(sentence, said, today)
        if other := pattern("prose_other").match(sentence):
            said.other = said.other or text_of(sentence[other.end() :])
        if opened:
            said.summary = text_of(f"{said.summary} {sentence}")
        opened = opened or pattern("prose_summary_opens").search(sentence) is not None
        if not COMPENSATING.search(sentence):
            _insats(sentence, said)
        if pattern("prose_relative").search(sentence) and not pattern("prose_negated").search(sentence):
            said.add("relative", True)
        if found:
            states(sentence, found, said, today)
            happenings(sentence, found, said, today)
        _reasons(sentence, said)
        _causes(sentence, said)
    return said


def _case(sentence: str, said: Said, today: date) -> None:
    """The case after its word, and the name of an insats right after the case."""
    for found in islice(pattern("prose_case").finditer(sentence), _MOST_WORDS):
        rest = sentence[found.end() : found.end() + 90]
        case = case_of(rest[:45])
        if not case or not rest[0].isalnum() or leading_date(rest, today).day is not None:
            continue
        said.add("case", case)
        for part in _PARTS.split(after_case(rest))[:3]:
            if insats := exact_insats(part):
                said.add("insats", insats)


def _insats(sentence: str, said: Said) -> None:
    for number in paragraphs(sentence):
        said.add("insats", number)
    if not pattern("prose_no_decision").search(sentence):
        for found in islice(pattern("prose_insats").finditer(sentence), _MOST_WORDS):
            part = pattern("prose_name_ends").split(sentence[found.end() : found.end() + 90], maxsplit=1)[0]
            if (named := insats_of(part)).key:
                said.add("insats", named.key)
    if is_form(sentence) and _OF_THE_DECISION.search(sentence) and not pattern("prose_offered").search(sentence):
        for key in ("9§6", "9§9"):
            if form := form_of(sentence, key):
                said.add("form", (key, form))


def _reasons(sentence: str, said: Said) -> None:
    for found in islice(pattern("prose_reason").finditer(sentence), _MOST_WORDS):
        read = choices.reason(sentence[found.end() : found.end() + 200])
        if read.only:
            said.add("reason", read.only)
            if (cause := choices.cause(read.rest).only) and cause != choices.ANYTHING:
                said.add("cause", cause)


def _causes(sentence: str, said: Said) -> None:
    """The cause after a word such as orsaken; after eftersom only in a sentence about what is not executed."""
    for found in islice(pattern("prose_cause").finditer(sentence), _MOST_WORDS):
        if not _CERTAIN.match(found[0]) and not _NOT_EXECUTED.search(sentence):
            continue
        end = found.end()
        for begin in (end, *(end + each.end() for each in islice(_IS.finditer(sentence[end : end + 120]), _MOST_WORDS))):
            clause = _CLAUSE_END.split(sentence[begin : begin + 160])[0]
            if choices.begins(clause, "cause") and (cause := choices.cause(clause).only):
                said.add("cause", cause)
