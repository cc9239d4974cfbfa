"""The short way for a title in which every word and sign has one meaning whatever stands beside it: most of those that people send.

It gives exactly what the long way gives (items, pieces, notes) in less time, or None where the long way must look closer.
A test holds the two against each other.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from rules.model import Kind, Outcome
from rules.title import dates, insatser, notes
from rules.title.items import is_reporting_duty
from rules.title.pieces import Pieces
from rules.title.scan import COMPLETE, Sign
from rules.title.vocabulary import Role
from rules.title.words import Tries, Words

_IVO: Final = frozenset({"IVO", "ivo", "Ivo"})
_AFTER_IVO: Final = frozenset({" ", ",", ""})
_KEPT: Final = frozenset({Role.KIND, Role.OUTCOME, Role.INTERRUPTION, Role.ADVANCE, Role.LSS, Role.NAME})
_WORD_FOLLOWS: Final = re.compile(r"[^\w§]*[^\W_]")


def short(text: str, signs: Sequence[Sign], words: Words, today: date, prefix: bool) -> tuple[Pieces, tuple[str, ...]] | None:
    """Gives the pieces and notes of a cleaned text, None if it is not that simple. prefix: something was taken off before it."""
    roles, kinds, outcomes = set[Role](), set[Kind](), set[Outcome]()
    days, mentions = list[dates.Day](), list[frozenset[str]]()
    found, dropped, begins, highest, end = ({notes.PREFIX} if prefix else set[str]()), False, None, 0, -1
    unrecognised, tries = 0, Tries()
    for form, written, start, stop in signs:
        if form == "word":
            known = words.simple(written)
            if known is not None:
                (role, value), right, last = known
                if not last and _WORD_FOLLOWS.match(text, stop) and not text[stop:].lstrip(" ,-")[:1].isdigit():
                    return None  # a longer phrase may begin here
                if role is Role.KIND:
                    dropped = dropped or value in kinds
                    kinds.add(value)
                elif role is Role.OUTCOME:
                    dropped = dropped or value in outcomes
                    outcomes.add(value)
                elif role is Role.NAME:
                    mentions.append(value)
                    found.add(notes.INSATS_FORMAT)
                elif role is Role.MONTH:
                    days.append(dates.Day(None, None, value, weak=True))
                elif role not in _KEPT:
                    dropped = True
                if not right and len(written) > 1:  # one letter is no misspelling, as in the long way
                    found.add(notes.SPELLING)
            elif written in _IVO and (text[stop : stop + 1] in _AFTER_IVO or text.startswith(": ", stop)):
                role = Role.IVO
            elif words.is_unknown(written, tries):
                role, unrecognised = Role.OTHER, unrecognised + 1
            else:
                return None
            proper = notes.RIGHT.get(role)
            if proper is not None and written not in proper:
                found.add(notes.CASE if written.lower() in notes.SMALL[role] else notes.SPELLING)
        elif form == "plain" or form == "paragraph":
            if is_reporting_duty(written):
                return None
            role = Role.PARAGRAPH
            mentions.append(insatser.PLAIN.get(written) or insatser.paragraph(written))
            if text[start:stop] not in insatser.ALL:
                found.add(notes.INSATS_FORMAT)
        elif form in COMPLETE:
            role = Role.DATE
            days.append(dates.read(form, written, today))
            if not notes.ISO.fullmatch(written):
                found.add(notes.DATE_FORMAT)
        else:
            return None
        roles.add(role)
        begins = begins or role
        place = notes.PLACE.get(role, highest)
        if place < highest:
            found.add(notes.ORDER)
        else:
            highest = place
        if start > end >= 0 and text[end:start] not in notes.GAPS:
            found.add(notes.SEPARATOR)
        end = stop
    day, paragraph = dates.settle(days, today), insatser.settle(mentions, False)
    interruption, advance = Role.INTERRUPTION in roles, Role.ADVANCE in roles
    dropped = dropped or day.repeated or paragraph.repeated
    if dropped or ((interruption or advance) and Kind.NEW not in kinds):
        found.add(notes.REDUNDANT)
    if Role.IVO not in roles:
        found.add(notes.IVO)
    pieces = Pieces(
        frozenset(kinds),
        frozenset(outcomes),
        interruption,
        advance,
        day,
        paragraph,
        unrecognised + day.left_over + paragraph.left_over,
        dropped,
        False,
        begins,
        Role.IVO in roles and roles <= {Role.IVO, Role.LINK},
        bool(days),  # a month alone too
        any(len(item) == 1 or item == insatser.ALL for item in mentions),
    )
    return pieces, tuple(sorted(found)) or (notes.SEPARATOR,)
