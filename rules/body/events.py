"""Contacts, offers and answers: what the entries of a value say."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from rules import dates
from rules.body.entries import Entry, entries, past, text_of, trimmed
from rules.body.model import Answer, Event
from rules.body.values import leading_date
from rules.body.words import begins_with, pattern, phrase, phrases, says_nothing

_EITHER: Final = re.compile(r"\bja ?(?:eller|och|/) ?nej\b", re.IGNORECASE)
_NOT: Final = re.compile(r"\b(?:inte|ej|ännu|varken|om|kan|ska|skulle|får)\b(?: \w+){0,2} ?$", re.IGNORECASE)
_AFTER_ANSWER: Final = re.compile(r"\s*(?:$|[,.;(–-]|tack\b)")
_GAP: Final = re.compile(r"[Åå]{4}-?MM")


def with_whom(event: Event, label: str) -> Event:
    """A contact whose text is only its label's: "Kontakt m gm 14/4". The routine's own label names nobody."""
    named = pattern("events_with_whom").match(label)
    return event if event.text or named is None else Event(event.day, named[1].strip())


def contacts(lines: Sequence[str], today: date, when: str = "") -> tuple[Event, ...]:
    """The contacts of a value. "Ingen kontakt har tagits" is none."""
    return tuple(
        Event(each.day, text_of(each.text))
        for each in entries(lines, today, when)
        if not (_nothing(each) or _ahead(each, today) or pattern("events_another").match(each.text))
    )


def touches(lines: Sequence[str], today: date, when: str, label: str) -> tuple[Event, ...]:
    """The contacts after a label that says how ("Brev: 2026-06-22"): only those with a day; the label's words where there are no others."""
    said = label.strip(" \t:*_-–•=")
    found = contacts(lines, today, when)
    return tuple(
        each if each.text else Event(each.day, text_of(said))
        for each in found
        if each.day and not pattern("touch_anothers").search(each.text)
    )


def only_answer(event: Event) -> Answer | None:
    """The answer that an entry among offers is ("Erbj 25/6 ateljén, ja 2/7"); None for an offer."""
    begun = pattern("events_only_answer").match(event.text)
    if begun is None or event.day is None or (yes := verdict(event.text)) is None:
        return None
    return Answer(event.day, yes, text_of(trimmed(event.text[begun.end() :])))


def offers(lines: Sequence[str], today: date, when: str = "") -> tuple[Event, ...]:
    """The offers of a value; one that is still to be made is none."""
    return tuple(Event(each.day, text_of(each.text)) for each in entries(lines, today, when) if not _nothing(each) and not _to_come(each))


def answers(lines: Sequence[str], today: date, when: str = "") -> tuple[Answer, ...]:
    """The answers of a value."""
    found = []
    for each in entries(lines, today, when):
        yes = verdict(each.text)
        if yes is None and (says_nothing(each.text) or not each.text):
            continue
        lead = pattern("events_lead").match(each.text)
        text = each.text[lead.end() :] if lead else each.text
        day = each.day
        if lead and (after := leading_date(text, today)).day and after.day <= today and day in (None, after.day):
            day, text = after.day, after.rest
        found.append(Answer(day, yes, text_of(trimmed(text))))
    return tuple(found)


def verdict(text: str) -> bool | None:
    """Whether a text says yes or no to an offer; None if neither, both, or not yet."""
    if _EITHER.search(text):
        return None
    if begins_with(text, "yes") and not pattern("events_no").search(text):
        return True
    if begins_with(text, "no") and not pattern("events_yes").search(text):
        return False
    if pattern("events_waiting").search(text):
        return None
    said = {found[1] for found in _answered(text)}
    return said.pop() if len(said) == 1 else None


def declined(text: str) -> re.Match[str] | None:
    """Where a text about an offer says that it was taken or turned down; None if it does not, or more than once."""
    found = _answered(text)
    return found[0][0] if len(found) == 1 else None


def accepted(answer: re.Match[str]) -> bool:
    """Whether the words that `declined` found say yes."""
    return pattern("events_yes").match(answer[0]) is not None


def _answered(text: str) -> list[tuple[re.Match[str], bool]]:
    said = [(each, yes) for name, yes in (("events_yes", True), ("events_no", False)) for each in pattern(name).finditer(text)]
    return [each for each in said if not _NOT.search(text, 0, each[0].start())]


def with_answer(event: Event, today: date, *, both: bool) -> tuple[Event, Answer | None]:
    """An offer and the answer that its text goes on with. both: the label says that an answer follows, so a bare ja or nej is one."""
    if turned := declined(event.text):
        begin, end, yes = turned.start(), turned.end(), accepted(turned)
    elif bare := _bare_answer(event.text, today, both=both):
        return Event(_dated(event, bare[0], today).day, bare[0]), bare[1]
    else:
        return event, None
    rest = event.text[end:]
    after = leading_date(rest, today)
    day, rest = (past(after.day, today), after.rest) if after.day else (None, rest)
    if same := pattern("events_same_day").match(rest):
        day, rest = day or event.day, rest[same.end() :]
    offer = pattern("events_before_answer").sub("", event.text[:begin])
    event = _dated(event, offer, today)
    return Event(event.day, text_of(trimmed(offer)) or event.text), Answer(day, yes, text_of(trimmed(rest)))


def _dated(event: Event, offer: str, today: date) -> Event:
    """The offer with its day, when the part before the answer holds one only."""
    days = dates.find(offer, today) if event.day is None else ()
    return Event(past(days[0].day, today), event.text) if len(days) == 1 and days[0].last is None else event


def _bare_answer(text: str, today: date, *, both: bool) -> tuple[str, Answer] | None:
    """An offer's text and the bare ja or nej after it ("Ekbacken -> nej 10/6 (för långt)"), with its day on either side."""
    places = [(0, 0, 0), *((sign.start(), sign.end(), len(sign[0].strip())) for sign in pattern("events_bare_answer").finditer(text))]
    for begin, end, signs in places:
        before = leading_date(text[end:], today)
        rest = before.rest if before.day else text[end:]
        said = pattern("events_is_answer").match(rest)
        if said is None:
            continue
        after = leading_date(rest[said.end() :], today)
        if not (both or before.day or after.day or signs > 1 or _AFTER_ANSWER.match(rest, said.end())):
            continue
        day = before.day or after.day
        tail = after.rest if after.day else rest[said.end() :]
        return text_of(trimmed(text[:begin])), Answer(past(day, today), said[0].strip(" ,(").lower() == "ja", text_of(trimmed(tail)))
    return None


def is_no(text: str) -> bool:
    """Whether a value begins with a word such as nej, inte or ingen."""
    return begins_with(text, "negative") != ""


def _nothing(entry: Entry) -> bool:
    """Whether an entry says that there was none. With a day it is one, unless nothing but a word for nothing stands beside it."""
    if entry.day is None:
        return says_nothing(entry.text) or is_no(entry.text) or _GAP.match(entry.text) is not None
    return says_nothing(entry.text) and phrase(entry.text) in phrases("nothing")


def _ahead(entry: Entry, today: date) -> bool:
    """Whether an entry without a day is about days that are still to come only."""
    days = dates.find(entry.text, today) if entry.day is None else ()
    return bool(days) and all(each.day is not None and each.day > today for each in days)


def _to_come(entry: Entry) -> bool:
    """Whether an offer has not been made yet."""
    if pattern("events_no_offer").search(entry.text):
        return True
    return entry.day is None and pattern("events_to_come").search(entry.text) is not None
