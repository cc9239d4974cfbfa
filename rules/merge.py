"""What an import changes: the register as it stands against the entries of a file. Pure; the caller writes what is decided here."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

from rules.body import case_key
from rules.former import Identity, Link, identity, links
from rules.model import ClosedBy, Closing, Entry, Outcome, Row
from rules.pairing import pairs

_FIELDS = tuple(each.name for each in fields(Entry))
DATES = "dates."  # a routine's date column among the told fields is its name after this
BRAKE_ROWS = 5  # an import may always make so many rows vanish or change start
BRAKE_PERCENT = 10  # of the open register, likewise


@dataclass(frozen=True, slots=True)
class Created:
    """A new row. `closing` is set where the file says that it is executed or ended already."""

    entry: Entry
    closing: Closing | None = None


@dataclass(frozen=True, slots=True)
class Same:
    """A row that stands in the register word for word as the file would make it; whoever reads the register may say so, and spare the rest.

    `which`: its identity. `open`: whether it is.
    """

    row: int
    which: Identity
    open: bool


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
    if entry.executed is None is entry.ended:
        return None
    said = ((entry.executed, 0, Outcome.EXECUTED), (entry.ended, 1, Outcome.ENDED))
    days = [(on, place, outcome) for on, place, outcome in said if on is not None and entry.start <= on <= today]
    return Closing(min(days)[2], min(days)[0], ClosedBy.REGISTER) if days else None


def merge(
    rows: Iterable[Row | Same],
    entries: Iterable[Entry] | Mapping[Identity, Entry],
    *,
    today: date,
    told: Collection[str] | None = None,
    unread: Collection[str] = (),
    missing: Collection[int] = (),
) -> Changes:
    """Decides what the entries of one file change. The order of rows and entries does not matter.

    `rows` may be a stream: of a row that the file names as it stands, only the id is kept, so that a large register costs little memory.
    `entries`: as they come, or by their identities, as `by_identity` gives them.
    `told`: the fields of `Entry` that the file has columns for, a routine's date column as `dates.NAME`; what the file has no column for
    stays as it is in the row (None: all are told).
    `unread`: cases of lines that could not be read; their rows do not count as vanished. `missing`: ids of rows that vanished in an import
    before and were let through; they vanish again, but the brake does not count them.
    """
    said = entries if isinstance(entries, Mapping) else by_identity(entries)
    kept = _Kept(told)
    changed: list[Changed] = []
    unchanged: list[int] = []

    def compare(row: Row, entry: Entry) -> None:
        change = _change(row, entry, today, kept)
        if change is None:
            unchanged.append(row.id)
        else:
            changed.append(change)

    free = dict(said)
    others: list[Row] = []  # rows that no entry names as they stand
    register = 0
    for row in rows:
        if isinstance(row, Same):
            register += row.open
            unchanged.append(row.row)
            del free[row.which]
            continue
        register += row.open and not row.provisional
        entry = None if row.provisional else free.pop(identity(row.entry), None)
        if entry is None:
            others.append(row)
        else:
            compare(row, entry)
    others.sort(key=lambda row: row.id)
    paired = pairs(others, said, free, unread)
    broken = {case_key(case) for case in unread}
    left: list[Row] = []
    vanished: list[int] = []
    absent: list[int] = []
    for row in others:
        if row.id in paired:
            compare(row, said[paired[row.id]])
            continue
        left.append(row)
        gone = row.open and not row.provisional and case_key(row.entry.case) not in broken
        (vanished if gone else absent).append(row.id)
    for found in paired.values():
        del free[found]
    lost = len(set(vanished) - set(missing)) + sum(change.corrected for change in changed)
    return Changes(
        created=tuple(as_new(entry, today) for _, entry in sorted(free.items())),
        changed=tuple(sorted(changed, key=lambda change: change.row)),
        unchanged=tuple(sorted(unchanged)),
        vanished=tuple(vanished),
        absent=tuple(absent),
        links=links(said.values(), left),
        braked=lost > BRAKE_ROWS and lost * 100 > BRAKE_PERCENT * register,
    )


def by_identity(entries: Iterable[Entry]) -> dict[Identity, Entry]:
    """Entries by identity; of several with one identity always the same, and rather one that leaves the row open."""
    said: dict[Identity, Entry] = {}
    for entry in entries:
        which = identity(entry)
        same = said.setdefault(which, entry)
        if same is not entry and same != entry:
            said[which] = min(same, entry, key=lambda each: (bool(each.executed or each.ended), repr(each)))
    return said


def as_new(entry: Entry, today: date) -> Created:
    """The row that an entry would make if the register did not have it."""
    counted = _counted(entry, today)
    return Created(counted, closing(counted, today))


def _change(row: Row, entry: Entry, today: date, kept: "_Kept") -> Changed | None:
    """What an entry changes of a row; None when nothing."""
    new = kept.of(row.entry, _counted(entry, today))
    now = closing(new, today)
    after = row.closing
    if row.closing is None:
        # A person reopened a row that the file still calls closed as it did before: that word stands until the file says something new.
        after = now if row.provisional or now != closing(row.entry, today) else None
    elif row.closing.by is ClosedBy.REGISTER:
        after = now
    if not row.provisional and new == row.entry and after == row.closing:
        return None
    return Changed(row.id, row.entry, new, row.closing, after, row.provisional)


def _counted(entry: Entry, today: date) -> Entry:
    """The entry without days that close nothing: those before the start, and plans, which an import takes when their day has come."""
    if entry.executed is None is entry.ended:
        return entry
    executed = entry.executed if entry.executed is not None and entry.start <= entry.executed <= today else None
    ended = entry.ended if entry.ended is not None and entry.start <= entry.ended <= today else None
    return entry if (executed, ended) == (entry.executed, entry.ended) else replace(entry, executed=executed, ended=ended)


class _Kept:
    """What a file says nothing of, since it has no column for it: fields of an entry, and all of a routine's date columns but some.

    told: the fields that it has columns for; None: all.
    """

    def __init__(self, told: Collection[str] | None) -> None:
        named = _FIELDS if told is None else told
        self._fields = tuple(name for name in _FIELDS if name not in named and name != "dates")
        self._told_dates = frozenset(name.removeprefix(DATES) for name in named if name.startswith(DATES))
        self._all_dates = "dates" in named

    def of(self, old: Entry, new: Entry) -> Entry:
        """The new entry with the old one's values in those places, unless the new one has a value there all the same."""
        keep = {name: value for name in self._fields if (value := getattr(old, name)) and not getattr(new, name)}
        if old.dates and not self._all_dates:
            days = {name: on for name, on in old.dates if name not in self._told_dates} | dict(new.dates)
            keep["dates"] = tuple(sorted(days.items()))
        return replace(new, **keep) if keep else new
