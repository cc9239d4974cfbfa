"""What a body says although no label and no sentence of a known kind does: only for fields that are still empty, and not in doubt."""

from dataclasses import replace
from itertools import chain
from typing import Any, Final

from rules.body import mentioned
from rules.body.evidence import Evidence
from rules.body.labels import IGNORED
from rules.body.model import BodyItems
from rules.body.near import near
from rules.body.pieces import DATES

_OWN_LINES: Final = frozenset({"case", "what", IGNORED, *DATES})


def completed(found: BodyItems, said: Evidence) -> BodyItems:
    """Gives the items with what is mentioned once, and so without doubt."""
    doubt = frozenset(said.unclear)
    if not found.case and "case" not in doubt:
        found = replace(found, case=mentioned.case(said.lines))
    found = _open(_dates(found, said, doubt), said)
    found = _insats(found, said, doubt)
    return _choices(found, said, doubt)


def _dates(found: BodyItems, said: Evidence, doubt: frozenset[str]) -> BodyItems:
    days = near(said.lines, said.today)
    for name, told in days.items():
        if len(told) == 1 and getattr(found, name) is None and name not in doubt:
            day: Any = next(iter(told))  # the name decides the field, and each of these holds a day
            found = replace(found, **{name: day})
    return found


def _open(found: BodyItems, said: Evidence) -> BodyItems:
    """Without a closing that only a sentence tells of, in a letter that reports an open decision: something else was closed then."""
    if not (found.report_date or found.interruption_date or found.reason or found.cause):
        return found
    if (found.ended_on or found.end_reason) and not said.of("ended_on", "end_reason", "date"):
        found = replace(found, ended_on=None, end_reason="")
    if found.executed_on and not said.of("executed_on", "date"):
        found = replace(found, executed_on=None)
    return found


def _insats(found: BodyItems, said: Evidence, doubt: frozenset[str]) -> BodyItems:
    """The insats from the lines that are no contact, offer or other support."""
    if "insats" in doubt:
        return found
    own = [*said.prose, *(each.text for each in said.segments if each.field in _OWN_LINES)]
    if not found.insats:
        insats, form = mentioned.insats(own)
        return replace(found, insats=insats, form=form)
    if not found.form:
        forms = {mentioned.form(each.text, found.insats) for each in said.of("insats")} - {""}
        if not forms and mentioned.insats(own)[0] == found.insats:
            forms = {mentioned.insats(own)[1]} - {""}
        return replace(found, form=forms.pop()) if len(forms) == 1 else found
    return found


def _choices(found: BodyItems, said: Evidence, doubt: frozenset[str]) -> BodyItems:
    """The reason and the cause: from the text of their labels if there are any, else from all that is said."""
    labelled = [each.text for each in chain(said.of("reason"), said.of("reason_cause", "why"), said.of("cause")) if each.text]
    if not found.reason and "reason" not in doubt and not found.executed_on and not found.ended_on:
        found = replace(found, reason=mentioned.reason([each for each in labelled if each] or said.prose) or mentioned.reason(said.prose))
    if not found.cause and "cause" not in doubt and not found.executed_on and not found.ended_on:
        causes = [each.text for each in said.of("cause", "reason_cause", "why") if each.text]
        texts = causes or [*(each.text for each in said.of("reason")), *said.prose]
        found = replace(found, cause=mentioned.cause(texts, found.reason))
    return found
