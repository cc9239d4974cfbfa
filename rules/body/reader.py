"""The items of a body: labelled values first, sentences for what no label says; two readings are none."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from rules import dates
from rules.body import choices, clean, events, mentioned, values
from rules.body.closing import closed
from rules.body.completing import completed
from rules.body.entries import text_of
from rules.body.evidence import Evidence, gather
from rules.body.insats import form_of, insats_of
from rules.body.lasting import Lasting, lasting
from rules.body.model import Answer, BodyItems, Event
from rules.body.words import pattern, says_nothing

_NOT_AFTER_TODAY: Final = frozenset({"decision_date", "interruption_date"})
_NOT_THE_CAUSE: Final = re.compile(r"\s*(?:inte|ej)\s+(?:att|p\.?g\.?a|på grund)", re.IGNORECASE)
_ABOUT_RELATIVES: Final = re.compile(r"\banhörig(?:a|\(a\))?\b", re.IGNORECASE)
_BOXES: Final = "[☒☑☐(✓✔□"


def items(body: str, today: date) -> BodyItems:
    """Gives the routine's items that a report's text holds; no errors, whatever the text.

    today: the local day on which the letter came; it bounds dates and gives `12 april` its year. Only the sender's own text is read:
    no quoted letters, no signature; at most 64 000 characters. A value in doubt is left out and its field named in `unclear`.
    """
    said = gather(clean.lines(body), today)
    insats, form = _insats(said)
    reason, cause = _choices(said)
    offers, answers = _offers(said)
    partly = _lasting(said, "partly", "partly_from", said.said.partly_how)
    compensating = _lasting(said, "compensating", "compensating_from", said.said.compensating_how)
    labelled = [
        events.with_whom(event, each.said) for each in said.of("contacts") for event in events.contacts(each.lines, today, each.when)
    ]
    labelled += [event for each in said.of("touch") for event in events.touches(each.lines, today, each.when, each.said)]
    found = BodyItems(
        case=str(said.one("case", [values.case_of(each.text) for each in said.of("case")]) or ""),
        insats=insats,
        form=form,
        report_date=_day(said, "report_date"),
        decision_date=_day(said, "decision_date"),
        interruption_date=_day(said, "interruption_date"),
        reason=reason,
        cause=cause,
        contacts=_each_once(labelled) or _each_once(said.said.contacts),
        offers=offers,
        answers=answers,
        partly_from=partly.day,
        partly_how=partly.how,
        compensating_from=compensating.day,
        compensating_how=compensating.how,
        no_compensating=any(events.is_no(each.text) for each in said.of("compensating")),
        summary=_free(said, "summary") or _told_summary(said),
        other=_free(said, "other") or said.said.other,
        executed_on=_day(said, "executed_on"),
        ended_on=_day(said, "ended_on"),
        relative=_relative(said),
    )
    return replace(completed(closed(found, said), said), unclear=tuple(dict.fromkeys(said.unclear)))


def _each_once(found: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(dict.fromkeys(found))


def _day(said: Evidence, name: str) -> date | None:
    read: list[date] = []
    for each in said.of(name):
        undated = name != "report_date" and each.when and not dates.find(each.text[:200], said.today)
        found = values.date_of(each.when if undated else each.text or each.when, said.today)
        if not found.clear:
            said.unclear.append(name)
            return None
        if found.day and not (name in _NOT_AFTER_TODAY and found.day > said.today):
            read.append(found.day)
    one = said.one(name, read)
    return one if isinstance(one, date) else None


def _insats(said: Evidence) -> tuple[str, str]:
    """The insats and its form. A labelled insats goes before what sentences mention, which may be another decision's."""
    read = [insats_of(each.text) for each in said.of("insats")]
    named = {each.key for each in read if each.key}
    if any(each.several for each in read) or len(named) > 1:
        said.unclear.append("insats")
        return "", ""
    only = named.pop() if named else str(said.one("insats") or "")
    if not only:
        return "", ""
    forms = {each.form for each in read} | {form_of(each.text, only) for each in said.of("form")}
    if not forms - {""}:
        forms = {each[1] for each in said.spoken("form") if isinstance(each, tuple) and each[0] == only}
    forms -= {""}
    return only, forms.pop() if len(forms) == 1 else ""


def _choices(said: Evidence) -> tuple[str, str]:
    """The main reason and the cause, each under its label or both under one."""
    reasons: set[str] = set()
    causes: set[str] = set()
    for each in said.of("reason", "reason_cause", "cause"):
        read = choices.reason(each.text)
        both = read.only is not None and not choices.begins(each.text, "cause") and bool(choices.cause(read.rest).texts)
        if each.field != "cause" or both:
            reasons |= read.texts
        whole = each.field == "cause" and choices.cause(each.text).texts
        text = read.rest if read.texts and read.rest and not whole else each.text
        if not (each.field == "reason" and read.texts and not read.rest) and not _NOT_THE_CAUSE.match(text):
            causes |= choices.cause(text).texts
            if each.field == "cause" and len(causes) == 1:
                causes |= mentioned.causes([text])
    reasons = reasons or {str(each) for each in said.spoken("reason")}
    causes = causes or {str(each) for each in said.spoken("cause")}
    said.unclear += [name for name, several in (("reason", reasons), ("cause", causes)) if len(several) > 1]
    return reasons.pop() if len(reasons) == 1 else "", causes.pop() if len(causes) == 1 else ""


def _offers(said: Evidence) -> tuple[tuple[Event, ...], tuple[Answer, ...]]:
    """The offers and their answers; an answer in an offer's own text counts where no label gives answers."""
    offers: list[Event] = []
    within: list[Answer] = []
    answers = [answer for each in said.of("answers") for answer in events.answers(each.lines, said.today, each.when)]
    for each in said.of("offers", "offer_answer"):
        for event in events.offers(each.lines, said.today, each.when):
            if offers and (only := events.only_answer(event)):
                within.append(only)
                continue
            offer, answer = events.with_answer(event, said.today, both=each.field == "offer_answer")
            offers.append(offer)
            within += [answer] if answer else []
    offers = offers or said.said.offers
    # A line such as "nej 27/7" answers what the letter offers, if it offers anything.
    spoken = said.said.answers or (said.said.bare_answers if offers else [])
    return _each_once(offers), tuple(dict.fromkeys(answers or within or spoken))


def _lasting(said: Evidence, field: str, name: str, spoken_how: str) -> Lasting:
    labelled = [lasting(each.lines, said.today, each.when) for each in said.of(field)]
    told = list(dict.fromkeys(each for each in labelled if each.day or each.how or not each.clear))
    if len(told) > 1 or (told and not told[0].clear):
        said.unclear.append(name)
    if labelled:
        return told[0] if len(told) == 1 else Lasting(None, "")
    one = said.one(name)
    return Lasting(one, spoken_how) if isinstance(one, date) else Lasting(None, "")


def _free(said: Evidence, field: str) -> str:
    texts = [text_of(" ".join(each.lines)) for each in said.of(field)]
    return text_of(" ".join(dict.fromkeys(text for text in texts if not says_nothing(text) and not pattern("free_nothing").match(text))))


def _told_summary(said: Evidence) -> str:
    """The sentences after "här kommer vår sammanfattning", in a letter that has no labels at all."""
    return said.said.summary if all(each.field in ("case", "insats") for each in said.segments) else ""


def _relative(said: Evidence) -> bool | None:
    """What the tick about relatives says: after its label, or a box before the words."""
    told = {values.ticked(each.text) for each in said.of("relative")}
    for line in said.lines:
        bare = line.strip(" \t*-•")
        if bare and bare[0] in _BOXES and _ABOUT_RELATIVES.search(bare[:60]):
            told.add(values.ticked(bare))
    told -= {None}
    if not told:
        return True if True in said.spoken("relative") else None
    return told.pop() if len(told) == 1 else None
