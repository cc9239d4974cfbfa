"""One word for each thing in a title that was read past."""

import re
from collections.abc import Sequence
from typing import Final

from rules.model import KIND_WORD, OUTCOME_WORD, Kind
from rules.title.insatser import ALL
from rules.title.items import Item
from rules.title.pieces import Pieces
from rules.title.vocabulary import Role

CASE: Final = "case"
DATE_FORMAT: Final = "date_format"
INSATS_FORMAT: Final = "insats_format"
IVO: Final = "ivo"
ORDER: Final = "order"
PREFIX: Final = "prefix"
REDUNDANT: Final = "redundant"
SEPARATOR: Final = "separator"
SPELLING: Final = "spelling"

RIGHT: Final = {
    Role.IVO: frozenset({"IVO"}),
    Role.KIND: frozenset(KIND_WORD.values()),
    Role.OUTCOME: frozenset(OUTCOME_WORD.values()),
    Role.INTERRUPTION: frozenset({"avbrott"}),
    Role.ADVANCE: frozenset({"Förhandsbesked"}),
}
SMALL: Final = {role: frozenset(word.lower() for word in words) for role, words in RIGHT.items()}
ISO = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ORDER: Final = (
    {Role.IVO},
    {Role.KIND},
    {Role.INTERRUPTION},
    {Role.OUTCOME},
    {Role.DATE, Role.MONTH},
    {Role.ADVANCE},
    {Role.PARAGRAPH, Role.NAME},
)
PLACE: Final = {role: place for place, roles in enumerate(_ORDER) for role in roles}
GAPS: Final = frozenset({" ", ", ", " - ", "", "."})


def notes(text: str, items: Sequence[Item], pieces: Pieces, prefix: bool) -> tuple[str, ...]:
    """Gives what was read past, sorted; each one of the words above. `text` is the cleaned title."""
    found: set[str] = set()
    if prefix:
        found.add(PREFIX)
    if pieces.dropped or (Kind.NEW not in pieces.kinds and (pieces.interruption or pieces.advance_ruling)):
        found.add(REDUNDANT)
    highest, end, ivo = 0, items[0].start if items else 0, False
    for role, _, written, start, stop, right in items:
        words = RIGHT.get(role)
        if words is not None:
            ivo = ivo or role is Role.IVO
            if written not in words:
                found.add(CASE if written.lower() in SMALL[role] else SPELLING)
        elif role is Role.DATE:
            if not ISO.fullmatch(text, start, stop):
                found.add(DATE_FORMAT)
        elif role is Role.NAME or (role is Role.PARAGRAPH and text[start:stop] not in ALL):
            found.add(INSATS_FORMAT)
        if not right:
            found.add(SPELLING)
        place = PLACE.get(role, highest)
        if place < highest:
            found.add(ORDER)
        else:
            highest = place
        if start > end and text[end:start] not in GAPS:
            found.add(SEPARATOR)
        end = stop
    if not ivo:
        found.add(IVO)
    return tuple(sorted(found)) or (SEPARATOR,)
