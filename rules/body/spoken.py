"""What a sentence tells that happened: an offer, its answer, a contact."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from rules.body.entries import several_days, text_of
from rules.body.events import accepted, declined, verdict
from rules.body.model import Answer, Event
from rules.body.sentences import Said
from rules.body.words import pattern
from rules.dates import Found

_BULLET: Final = 4
_AGAIN: Final = 20
_BARE: Final = 2
_CLOSE: Final = 3
_NOT_AN_ANSWER: Final = re.compile(r"\b(?:möte|förslag om att|tidigare)\b", re.IGNORECASE)


def happenings(sentence: str, found: Sequence[Found], said: Said, today: date) -> None:
    """A dated offer with its answer, or a dated contact with the person or who speaks for them."""
    past = [each for each in found if each.day and each.last is None and each.day <= today]
    offered = pattern("prose_offered").search(sentence)
    turned = declined(_masked(sentence, found))
    if offered and not pattern("prose_no_offer").search(sentence[: offered.start()]):
        limit = turned.start() if turned else len(sentence)
        own = [each for each in past if each.start < limit]
        own = [each for each in own if not pattern("prose_decision").search(sentence[: each.start])]
        if not own and turned:
            close = [
                each for each in past if 0 <= len(sentence[turned.end() : each.start].split()) <= _CLOSE and each.start >= turned.end()
            ]
            if len(close) == 1:
                _answer(sentence, turned, close, said)
        if len(own) != 1:
            return
        said.offers.append(Event(own[0].day, text_of(_offer(sentence, offered.end(), limit, own[0])) or text_of(sentence)))
        if turned:
            _answer(sentence, turned, [each for each in past if each.start > turned.start()], said)
    elif past and past[0].start <= _BULLET and (bare := pattern("events_only_answer").match(sentence[past[0].end :].lstrip(" ,:"))):
        rest = sentence[past[0].end :].lstrip(" ,:")
        if (yes := verdict(rest)) is not None:
            said.bare_answers.append(Answer(past[0].day, yes, text_of(rest[bare.end() :].strip(" ,.:;–-"))))
    elif past and past[0].start <= _AGAIN and (bare := pattern("events_only_answer").match(sentence)) and bare.end() <= past[0].start:
        if (yes := verdict(bare[0])) is not None and not pattern("spoken_again").search(sentence[: past[0].end + _AGAIN]):
            said.bare_answers.append(Answer(past[0].day, yes, text_of(sentence[past[0].end :].strip(" ,.:;–-)("))))
    elif turned:
        near = [each for each in past if not pattern("prose_decision").search(sentence[: each.start])]
        close = [each for each in near if 0 <= len(sentence[turned.end() : each.start].split()) <= _CLOSE and each.start >= turned.end()]
        only = near if len(near) == 1 and len(found) == 1 else close
        if len(only) == 1 and not _NOT_AN_ANSWER.search(sentence):
            _answer(sentence, turned, only, said)
    elif all(each in past or (each.day and each.day > today and past and each.start > past[-1].start) for each in found) and _is_contact(
        sentence, past
    ):
        said.contacts += several_days(sentence, today) if len(past) > 1 else [Event(past[0].day, text_of(_telling(sentence, past[0])))]


def _masked(sentence: str, found: Sequence[Found]) -> str:
    """The sentence with a word in the place of each date: "tackade den 1 juli nej" is a no like any other."""
    for each in found:
        sentence = f"{sentence[: each.start]}{'x' * (each.end - each.start)}{sentence[each.end :]}"
    return sentence


def _telling(sentence: str, day: Found) -> str:
    """The clause that tells of the contact: without what is told before a comma, and without another thing that is told after it."""
    touch = pattern("prose_touch").search(sentence)
    begin = sentence.rfind(", ", 0, min(touch.start(), day.start)) if touch else -1
    if begin < 0 or pattern("prose_person").search(sentence[:begin]):
        begin = -2
    end = pattern("spoken_other_clause").search(sentence, day.end)
    told = sentence[begin + 2 : end.start() if end else len(sentence)]
    return told[day.end :].lstrip(" ,:–-") if begin < 0 and not sentence[: day.start].strip(" •*·–-") else told


def _is_contact(sentence: str, days: Sequence[Found]) -> bool:
    """Whether a sentence tells of a contact on its day, or on each of a row of days."""
    if not days or not pattern("prose_touch").search(sentence):
        return False
    bare = len(sentence.split()) - sum(len(sentence[each.start : each.end].split()) for each in days) <= _BARE
    if not bare and not pattern("prose_person").search(sentence):
        return False
    before = sentence[: days[0].start]
    told = pattern("spoken_no_reply").sub(" ", sentence[: days[-1].start])
    if pattern("prose_no_touch").search(told) or pattern("spoken_not_after").match(sentence, days[-1].end):
        return False
    return not pattern("prose_decision").search(before) and not pattern("prose_another_date").search(before)


def _offer(sentence: str, begin: int, end: int, day: Found) -> str:
    """What was offered: the words after the verb, without the date and without who answered."""
    if day.start < begin:
        text = sentence[begin:end]
    else:
        text = f"{pattern('prose_day_words').sub('', sentence[begin : day.start]).rstrip(' ,')} {sentence[day.end : end].lstrip(' ,')}"
    text = pattern("prose_who_answered").sub("", pattern("spoken_undecided").sub("", text))
    return pattern("prose_to_whom").sub("", text).strip(" ,.;:–-")


def _answer(sentence: str, turned: re.Match[str], days: Sequence[Found], said: Said) -> None:
    if pattern("spoken_again").search(sentence, turned.start(), turned.end() + _AGAIN):
        return
    close = [each for each in days if len(sentence[turned.end() : each.start].split()) <= 3 or each.start < turned.start()]
    day = close[0].day if len(close) == 1 else None
    rest = sentence[turned.end() :]
    if day and close[0].start >= turned.end():
        rest = sentence[close[0].end :]
    rest = rest.strip(" ,.:;–-")
    if not rest or pattern("spoken_goes_on").match(rest):  # what comes after is no reason
        end = close[0].start if close and close[0].start > turned.end() else turned.end()
        rest = pattern("prose_day_words").sub("", sentence[turned.start() : max(end, turned.end())])
    said.answers.append(Answer(day, accepted(turned), text_of(rest)))
