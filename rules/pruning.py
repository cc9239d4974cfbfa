"""What may be pruned, and what an import must not bring back. That it is, the board decides (gallring)."""

from dataclasses import replace
from datetime import date

from rules.former import Identity, identity
from rules.merge import Changes
from rules.model import Row
from rules.standing import awaited


def done_with(row: Row, today: date) -> bool:
    """Whether a row is closed, and every mark that passed before is reported, or taken as reported, or never was to be reported."""
    return row.closing is not None and awaited(row, today) is None


def without_old(changes: Changes, through: date) -> tuple[Changes, frozenset[Identity]]:
    """The changes without new rows that were closed on a day or before, and which those are: pruned rows do not come back.

    A row that one that stays follows comes in all the same, for its wait counts.
    """
    old = {identity(new.entry) for new in changes.created if new.closing is not None and new.closing.on <= through}
    while kept := {link.former for link in changes.links if link.former in old and link.newer not in old}:
        old -= kept
    if not old:
        return changes, frozenset()
    created = tuple(new for new in changes.created if identity(new.entry) not in old)
    links = tuple(link for link in changes.links if link.newer not in old and link.former not in old)
    return replace(changes, created=created, links=links), frozenset(old)
