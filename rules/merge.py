"""What an import changes: the register as it stands against the entries of a file. Pure; the caller writes what is decided here."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from rules.body import case_key
from rules.former import Identity, Link, identity, links
from rules.model import ClosedBy, Closing, Entry, Outcome, Row
from rules.pairing import pairs

_FIELDS = tuple(each.name for each in fields(Entry))
BRAKE_ROWS = 5  # an import may always make so many rows vanish or change start
BRAKE_PERCENT = 10  # of the open register, likewise


@dataclass(frozen=True, slots=True)
class Created:
    """A new row. `closing` is set where the file says that it is executed or ended already."""

    entry: Entry
    closing: Closing | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that the file changes: its id, its entry before and after, how it was closed before and is now.

    `took_over`: the row was provisional; from now on its start is the entry's, and its marks count from there.
    """

    row: int
    old: Entry
    new: Entry
    old_closing: Closing | None = None
    closing: Closing | None = None
    took_over: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the entry's fields that differ, in the order of `Entry`."""
        return tuple(name for name in _FIELDS if getattr(self.old, name) != getattr(self.new, name))

    @property
    def corrected(self) -> bool:
        """Whether the file corrects the start of a row that it had before."""
        return not self.took_over and self.old.start != self.new.start

    @property
    def closed(self) -> bool:
        """Whether the row is closed by this import."""
        return self.old_closing is None and self.closing is not None

    @property
    def reopened(self) -> bool:
        """Whether a row that the register had closed is open again, since the file has no date for it any more."""
        return self.old_closing is not None and self.closing is None

    @property
    def differs(self) -> bool:
        """Whether anything is changed at all."""
        return self.took_over or self.old != self.new or self.old_closing != self.closing


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that an import changes; ids are those of rows. Every row stands in exactly one of changed, unchanged, vanished and absent.

    `vanished`: open rows that the file has no more; they stay open. `absent`: rows that the file need not have (closed or provisional ones,
    and those whose line in the file could not be read). `links` hold for the register after the import and may be set any number of times.
    `braked`: so much of the open register would vanish or change start that the caller refuses without a person's word.
    """

    created: tuple[Created, ...] = ()
    changed: tuple[Changed, ...] = ()
    unchanged: tuple[int, ...] = ()
    vanished: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()
    links: tuple[Link, ...] = ()
    braked: bool = False


def closing(entry: Entry, today: date) -> Closing | None:
    """How the register closes an entry: by the earlier of executed and ended, and by executed on the same day.

    A day before the start (a decision was executed before it was interrupted) or after today closes nothing.
    """
    said = ((entry.executed, 0, Outcome.EXECUTED), (entry.ended, 1, Outcome.ENDED))
    days = [(on, place, outcome) for on, place, outcome in said if on is not None and entry.start <= on <= today]
    return Closing(min(days)[2], min(days)[0], ClosedBy.REGISTER) if days else None


def merge(
    rows: Sequence[Row],
    entries: Iterable[Entry],
    *,
    today: date,
    told: Collection[str] | None = None,
    unread: Collection[str] = (),
    missing: Collection[int] = (),
) -> Changes:
    """Decides what the entries of one file change. The order of rows and entries does not matter.

    `told`: the fields of `Entry` that the file has columns for; an empty value of any other leaves the row's as it is (None: all are told).
    `unread`: cases of lines that could not be read; their rows do not count as vanished. `missing`: ids of rows that vanished in an import
    before and were let through; they vanish again, but the brake does not count them.
    """
    said = _once(entries)
    untold = () if told is None else tuple(name for name in _FIELDS if name not in told)
    broken = {case_key(case) for case in unread}
    paired = pairs(rows, said, unread)
    changed: list[Changed] = []
    unchanged: list[int] = []
    vanished: list[int] = []
    absent: list[int] = []
    for row in sorted(rows, key=lambda row: row.id):
        if row.id not in paired:
            gone = row.open and not row.provisional and case_key(row.entry.case) not in broken
            (vanished if gone else absent).append(row.id)
            continue
        change = _change(row, said[paired[row.id]], today, untold)
        if change.differs:
            changed.append(change)
        else:
            unchanged.append(row.id)
    taken = set(paired.values())
    new = tuple(Created(_counted(entry, today), closing(entry, today)) for each, entry in sorted(said.items()) if each not in taken)
    lost = len(set(vanished) - set(missing)) + sum(change.corrected for change in changed)
    register = sum(row.open and not row.provisional for row in rows)
    return Changes(
        created=new,
        changed=tuple(changed),
        unchanged=tuple(unchanged),
        vanished=tuple(vanished),
        absent=tuple(absent),
        links=links(said.values(), [row for row in rows if row.id not in paired]),
        braked=lost > BRAKE_ROWS and lost * 100 > BRAKE_PERCENT * register,
    )


def _once(entries: Iterable[Entry]) -> dict[Identity, Entry]:
    """Entries by identity; of several with one identity always the same, and rather one that leaves the row open."""
    said: dict[Identity, Entry] = {}
    for entry in entries:
        same = said.setdefault(identity(entry), entry)
        if same is not entry and same != entry:
            said[identity(entry)] = min(same, entry, key=lambda each: (bool(each.executed or each.ended), repr(each)))
    return said


def _change(row: Row, entry: Entry, today: date, untold: Sequence[str]) -> Changed:
    new = _kept(row.entry, _counted(entry, today), untold)
    now = closing(new, today)
    after = row.closing
    if row.closing is None:
        # A person reopened a row that the file still calls closed as it did before: that word stands until the file says something new.
        after = now if row.provisional or now != closing(row.entry, today) else None
    elif row.closing.by is ClosedBy.REGISTER:
        after = now
    return Changed(row.id, row.entry, new, row.closing, after, row.provisional)


def _counted(entry: Entry, today: date) -> Entry:
    """The entry without days that close nothing: those before the start, and plans, which an import takes when their day has come."""
    executed = entry.executed if entry.executed is not None and entry.start <= entry.executed <= today else None
    ended = entry.ended if entry.ended is not None and entry.start <= entry.ended <= today else None
    return entry if (executed, ended) == (entry.executed, entry.ended) else replace(entry, executed=executed, ended=ended)


def _kept(old: Entry, new: Entry, untold: Sequence[str]) -> Entry:
    """The new entry with the old one's values where the file has no column and says nothing."""
    keep = {name: getattr(old, name) for name in untold if getattr(old, name) and not getattr(new, name)}
    return replace(new, **keep) if keep else new
