"""What a title says, but for its day and its insats, as one number: a bit for each thing.

Every word brings its facts along, most of them made ready beforehand. To gather them is `|`, to ask is `&`; only `judge` turns them
into words again, and equal facts always come to the same verdict.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from rules.model import KIND_WORD, OUTCOME_WORD, Kind, Outcome
from rules.title.insatser import ALL
from rules.title.vocabulary import Role


def _bits(start: int = 0) -> Iterator[int]:
    while True:
        yield 1 << start
        start += 1


_FREE = _bits(max(Role) + 1)

KINDS: Final = {kind: next(_FREE) for kind in Kind}
OUTCOMES: Final = {outcome: next(_FREE) for outcome in Outcome}
ONCE: Final = sum(KINDS.values()) | sum(OUTCOMES.values())
"""What is read past when it is said again."""
DROPPED: Final = next(_FREE)
"""Something was read past."""
UNRECOGNISED: Final = next(_FREE)
"""A word or a number that the grammar does not know."""
DOUBTFUL_DATE: Final = next(_FREE)
"""The date is said to be that of the decision."""
BEGINS_WITH_IVO: Final = next(_FREE)
BEGINS_WITH_KIND: Final = next(_FREE)
SHOWN_INSATS: Final = next(_FREE)
"""An insats is shown, for the question whether a report is meant."""
BEYOND: Final = next(_FREE)
"""Text stood after the characters that are read."""
PERSONAL_DATA: Final = next(_FREE)
"""An identity number stood in the title."""

CASE: Final = next(_FREE)
DATE_FORMAT: Final = next(_FREE)
INSATS_FORMAT: Final = next(_FREE)
ORDER: Final = next(_FREE)
PREFIX: Final = next(_FREE)
SEPARATOR: Final = next(_FREE)
SPELLING: Final = next(_FREE)

_RIGHT: Final = {
    Role.IVO: frozenset({"IVO"}),
    Role.KIND: frozenset(KIND_WORD.values()),
    Role.OUTCOME: frozenset(OUTCOME_WORD.values()),
    Role.INTERRUPTION: frozenset({"avbrott"}),
    Role.ADVANCE: frozenset({"Förhandsbesked"}),
}
_SMALL: Final = {role: frozenset(word.lower() for word in words) for role, words in _RIGHT.items()}
_QUIET: Final = frozenset({Role.LINK, Role.REPORT, Role.NO_OUTCOME, Role.DROPPED, Role.BEFORE})

OTHER: Final = 1 << Role.OTHER
NUMBER: Final = 1 << Role.NUMBER
_ISO: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
ISO_DATE: Final = 1 << Role.DATE
PLAIN_PARAGRAPH: Final = 1 << Role.PARAGRAPH


def roles(*wanted: Role) -> int:
    """Gives the bits of these roles."""
    return sum(1 << role for role in wanted)


def of_word(role: Role, value: Any, written: str, right: bool) -> int:
    """Gives the facts of a word or a phrase; written: its first word, right: in the one right spelling."""
    found = 1 << role
    if role is Role.KIND:
        found |= KINDS[value]
    elif role is Role.OUTCOME:
        found |= OUTCOMES[value]
    elif role is Role.NAME:
        found |= INSATS_FORMAT
    elif role is Role.DATE:
        found |= DATE_FORMAT
    elif role in _QUIET:
        found |= DROPPED
    words = _RIGHT.get(role)
    if words is not None and written not in words:
        found |= CASE if written.lower() in _SMALL[role] else SPELLING
    return found if right else found | SPELLING


def of_date(written: str) -> int:
    """Gives the facts of a date in digits."""
    return ISO_DATE if _ISO.fullmatch(written) else ISO_DATE | DATE_FORMAT


def of_paragraph(written: str) -> int:
    """Gives the facts of a paragraph; written: as it stands in the title."""
    return PLAIN_PARAGRAPH if written in ALL else PLAIN_PARAGRAPH | INSATS_FORMAT
