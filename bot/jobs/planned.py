"""The closing days to come that a register file names."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from bot.store import imports, rows
from rules.former import Identity, identity
from rules.model import ClosedBy, Closing, Entry, Outcome


@dataclass(frozen=True, slots=True)
class Plans:
    """The closing days to come that a file names: they close their rows when they are here, also without another import.

    `entries`: all that the file says. `coming`: those of them that have one. `known`: the rows that one is kept for already, and how each
    will be closed. `told`: the fields that the file has columns for.
    """

    entries: Mapping[Identity, Entry]
    coming: Mapping[Identity, Closing]
    known: Mapping[int, Outcome]
    told: Collection[str]

    @classmethod
    def of(cls, tx: Connection, entries: Mapping[Identity, Entry], told: Collection[str], today: date) -> "Plans":
        """The plans of a file, beside those that are kept."""
        coming = {which: closing for which, entry in entries.items() if (closing := _to_come(entry, today))}
        return cls(entries, coming, imports.planned(tx), told)

    def concerned(self, tx: Connection) -> set[int]:
        """The rows that are there already and may get or lose such a day."""
        return {*self.known, *rows.ids(tx, self.coming).values()}

    def write(self, tx: Connection) -> None:
        """Keeps the days for open rows; the register is as the import has left it otherwise."""
        if not self.coming and not self.known:
            return
        plans: dict[int, Closing | None] = {}
        for row in rows.by_id(tx, self.concerned(tx)):
            which = identity(row.entry)
            if row.open and which in self.entries and (which in self.coming or self._withdrawn(row.id)):
                plans[row.id] = self.coming.get(which)
        imports.plan_closings(tx, plans)

    def _withdrawn(self, row_id: int) -> bool:
        """Whether the file, which names no such day, has the column in which it would stand."""
        return self.known[row_id].value in self.told


def _to_come(entry: Entry, today: date) -> Closing | None:
    if entry.executed is None is entry.ended:
        return None
    days = [(on, o) for o, on in ((Outcome.EXECUTED, entry.executed), (Outcome.ENDED, entry.ended)) if on and on > today]
    return Closing(min(days)[1], min(days)[0], ClosedBy.REGISTER) if days else None
