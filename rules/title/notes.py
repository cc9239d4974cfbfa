"""One word for each thing in a title that was read past."""

from typing import Final

from rules.model import Kind
from rules.title import facts
from rules.title.vocabulary import Role

_SEEN: Final = {
    facts.CASE: "case",
    facts.DATE_FORMAT: "date_format",
    facts.INSATS_FORMAT: "insats_format",
    facts.ORDER: "order",
    facts.PREFIX: "prefix",
    facts.SEPARATOR: "separator",
    facts.SPELLING: "spelling",
}
_ALSO_NEW: Final = facts.roles(Role.INTERRUPTION, Role.ADVANCE)
"""What only a new report has; redundant in another."""


def notes(said: int) -> tuple[str, ...]:
    """Gives what was read past, sorted; said: the facts of the title."""
    found = [word for bit, word in _SEEN.items() if said & bit]
    if said & facts.DROPPED or (said & _ALSO_NEW and not said & facts.KINDS[Kind.NEW]):
        found.append("redundant")
    if not said & facts.roles(Role.IVO):
        found.append("ivo")
    return tuple(sorted(found)) or ("separator",)
