"""What an import changes, by examples and by what must hold for every register and every file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.former import identity
from rules.merge import Changes, Same, as_new, by_identity, merge
from rules.model import ClosedBy, Closing, Entry, Outcome, Row, Sort

TODAY = date(2026, 6, 30)
START = date(2026, 1, 15)
LATER = date(2026, 2, 10)


def entry(case: str = "D-1", start: date = START, **more: Any) -> Entry:
    """A decision, or with `sort` an interruption."""
    given_ = {"insats": "9§4", "sort": Sort.DECISION, "case": case, "start": start} | more
    return Entry(**given_)


def row(number: int, what: Entry, closing: Closing | None = None, first_mark: date | None = None) -> Row:
    """A row that entered the register at its start."""
    return Row(number, what, what.start, what.start, closing, first_mark)


def closed(day: date, by: ClosedBy = ClosedBy.REGISTER, outcome: Outcome = Outcome.EXECUTED) -> Closing:
    """A closing."""
    return Closing(outcome, day, by)


def applied(rows: Sequence[Row], changes: Changes) -> list[Row]:
    """The register after the changes, as the store writes them."""
    after = {each.id: each for each in rows}
    for change in changes.changed:
        old = after[change.row]
        after[change.row] = replace(old, entry=change.new, closing=change.closing, first_mark=None if change.took_over else old.first_mark)
    last = max(after, default=0)
    for number, new in enumerate(changes.created, last + 1):
        after[number] = row(number, new.entry, new.closing)
    return list(after.values())


def test_new_same_and_vanished() -> None:
    """A row of the file alone is new, of both the same, of the register alone vanished; it stays open."""
    changes = merge([row(1, entry("D-1")), row(2, entry("D-2"))], [entry("D-2"), entry("D-3")], today=TODAY)
    assert ([new.entry.case for new in changes.created], changes.unchanged, changes.vanished, changes.changed) == (["D-3"], (2,), (1,), ())


def test_field_by_field() -> None:
    """A change tells its fields; the identity stays."""
    (change,) = merge([row(1, entry(officer="a"))], [entry(officer="b", form="x")], today=TODAY).changed
    assert (change.row, change.fields, change.corrected, change.old.officer, change.new.officer) == (
        1,
        ("form", "officer"),
        False,
        "a",
        "b",
    )


def test_case_is_compared_as_people_write_it() -> None:
    """Letter case and white space of a case number make no other row."""
    changes = merge([row(1, entry("dnr  12"))], [entry("Dnr 12")], today=TODAY)
    assert (changes.created, changes.vanished, changes.changed[0].fields) == ((), (), ("case",))


SAME = entry(start=LATER)
INTERRUPTION = entry(sort=Sort.INTERRUPTION)


@pytest.mark.parametrize(
    "rows, entries, corrected",
    [
        ([row(1, entry())], [SAME], True),
        ([row(1, INTERRUPTION)], [replace(INTERRUPTION, start=LATER)], True),
        ([row(1, entry())], [replace(SAME, insats="9§3")], False),
        ([row(1, entry())], [replace(SAME, sort=Sort.INTERRUPTION)], False),
        ([row(1, entry())], [SAME, entry(start=LATER + timedelta(1))], False),  # twice in the file: which is meant?
        ([row(1, entry()), row(2, entry(start=START + timedelta(1)))], [SAME], False),  # two rows it could be
        ([row(1, entry(), closed(LATER))], [SAME], False),  # a closed row is history
        ([row(1, entry(), closed(LATER)), row(2, entry(start=START + timedelta(1)))], [SAME], True),
        ([row(1, entry())], [replace(SAME, valid_from=LATER)], False),  # another decision
        ([row(1, entry(valid_from=LATER))], [replace(SAME, valid_from=LATER)], True),
        ([row(1, entry())], [replace(SAME, previous="D-1")], False),
    ],
)
def test_corrected_start(rows: list[Row], entries: list[Entry], corrected: bool) -> None:
    """A start is corrected where one open row and one line of the file can only be the same; else the row vanishes, and stays open."""
    changes = merge(rows, entries, today=TODAY)
    assert any(change.corrected for change in changes.changed) is corrected
    assert bool(changes.vanished) is not corrected or not any(each.open for each in rows)


EXECUTED = entry(executed=date(2026, 5, 4))
LETTER = closed(date(2026, 4, 1), ClosedBy.LETTER)
HAND = closed(date(2026, 4, 1), ClosedBy.HAND, Outcome.ENDED)


@pytest.mark.parametrize(
    "before, said, after",
    [
        (row(1, entry()), EXECUTED, closed(date(2026, 5, 4))),
        (row(1, entry()), entry(ended=date(2026, 5, 4)), closed(date(2026, 5, 4), outcome=Outcome.ENDED)),
        (row(1, entry()), entry(executed=date(2026, 5, 4), ended=date(2026, 5, 1)), closed(date(2026, 5, 1), outcome=Outcome.ENDED)),
        (row(1, entry()), entry(executed=date(2026, 5, 4), ended=date(2026, 5, 4)), closed(date(2026, 5, 4))),
        (row(1, entry()), entry(executed=TODAY + timedelta(1)), None),  # planned
        (row(1, entry()), entry(executed=TODAY), closed(TODAY)),
        (row(1, INTERRUPTION), replace(INTERRUPTION, executed=START - timedelta(1)), None),  # executed before it was interrupted
        (row(1, EXECUTED, closed(date(2026, 5, 4))), entry(), None),  # the register takes its word back
        (row(1, EXECUTED, closed(date(2026, 5, 4))), entry(executed=date(2026, 5, 5)), closed(date(2026, 5, 5))),
        (row(1, entry(), LETTER), entry(), LETTER),
        (row(1, entry(), LETTER), EXECUTED, LETTER),
        (row(1, entry(), HAND), entry(), HAND),
        (row(1, EXECUTED), EXECUTED, None),  # a person reopened it, and the file says nothing new
        (row(1, EXECUTED), entry(executed=date(2026, 6, 1)), closed(date(2026, 6, 1))),
    ],
)
def test_closing(before: Row, said: Entry, after: Closing | None) -> None:
    """The register closes by the earlier day, reopens only what it closed itself, and never what a letter or a hand closed."""
    (found,) = applied([before], merge([before], [said], today=TODAY))
    assert found.closing == after


def test_planned_closing_comes() -> None:
    """A day of closing to come closes nothing until an import after it."""
    said = entry(ended=TODAY + timedelta(10))
    rows = applied([row(1, entry())], merge([row(1, entry())], [said], today=TODAY))
    assert rows[0].open
    (change,) = merge(rows, [said], today=TODAY + timedelta(11)).changed
    assert change.closed


def test_columns_that_are_not_there() -> None:
    """What a file has no column for stays; a file without the columns of closing reopens nothing."""
    before = row(1, replace(EXECUTED, officer="a", form="gruppboende", protected=True), closed(date(2026, 5, 4)))
    told = {"case", "insats", "decision_date", "officer"}
    (change,) = merge([before], [entry(officer="b")], today=TODAY, told=told).changed
    assert (change.fields, change.closing) == (("officer",), closed(date(2026, 5, 4)))
    (change,) = merge([before], [entry(officer="b")], today=TODAY).changed
    assert change.reopened


def provisional(case: str = "D-1", mark: date = date(2026, 4, 15), sort: Sort = Sort.DECISION) -> Row:
    """A row known from a letter."""
    return row(9, entry(case, START + timedelta(3), sort=sort), first_mark=mark)


@pytest.mark.parametrize(
    "before, entries, start",
    [
        (provisional(), [entry()], START),
        (provisional("d-1"), [entry()], START),
        (provisional(), [entry(start=LATER)], LATER),
        (provisional(), [entry(sort=Sort.INTERRUPTION)], START),  # the letter may have left out the word
        (provisional(), [entry(sort=Sort.INTERRUPTION), entry(start=LATER)], LATER),  # the same sort goes before
        (provisional(), [entry(start=LATER), entry(start=date(2025, 10, 15))], date(2025, 10, 15)),  # its second mark was reported
        (provisional(), [entry(insats="9§3")], None),
        (provisional("D-2"), [entry()], None),
        (provisional(""), [entry("")], None),
    ],
)
def test_take_over(before: Row, entries: list[Entry], start: date | None) -> None:
    """A provisional row becomes the entry of its case and insats; without one it waits, and has not vanished."""
    changes = merge([before], entries, today=TODAY)
    assert [change.new.start for change in changes.changed if change.took_over] == ([start] if start else [])
    assert (changes.vanished, changes.absent) == ((), () if start else (9,))
    assert len(changes.created) == len(entries) - bool(start)
    assert not any(change.corrected for change in changes.changed)


def test_unread_rows_do_not_vanish() -> None:
    """A row whose line could not be read is in the file all the same."""
    changes = merge([row(1, entry()), row(2, entry("D-2"))], [], today=TODAY, unread=["d-1"])
    assert (changes.vanished, changes.absent) == ((2,), (1,))


@pytest.mark.parametrize(
    "size, gone, missing, braked",
    [
        (10, 5, 0, False),
        (10, 6, 0, True),
        (60, 6, 0, False),
        (59, 6, 0, True),
        (100, 10, 0, False),
        (100, 11, 0, True),
        (100, 11, 1, False),
        (6, 6, 0, True),
    ],
)
def test_brake(size: int, gone: int, missing: int, braked: bool) -> None:
    """More than five rows and more than a tenth of the open register; those that a person let go before do not count."""
    rows = [row(number, entry(f"D-{number}")) for number in range(size)] + [row(1000, entry("D-old"), LETTER)]
    kept = [each.entry for each in rows[gone:]]
    assert merge(rows, kept, today=TODAY, missing=range(missing)).braked is braked
    moved = [replace(each.entry, start=LATER) for each in rows[missing:gone]] + [each.entry for each in rows[:missing]]
    assert merge(rows, kept + moved, today=TODAY).braked is braked


ENDED = entry("D-1", date(2025, 6, 1), ended=date(2026, 1, 31), person="p")


@pytest.mark.parametrize(
    "former, newer, linked",
    [
        (ENDED, entry("D-2", LATER, previous="d-1"), True),
        (ENDED, entry("D-1", LATER, valid_from=date(2026, 2, 1)), True),
        (ENDED, entry("D-2", LATER, valid_from=date(2026, 2, 1), person="p"), True),
        (ENDED, entry("D-2", LATER, valid_from=date(2026, 2, 1), person="q"), False),
        (ENDED, entry("D-2", LATER, valid_from=date(2026, 2, 1)), False),
        (ENDED, entry("D-1", LATER, valid_from=date(2026, 2, 2)), False),
        (ENDED, entry("D-2", LATER, previous="D-1", insats="9§3"), False),
        (replace(ENDED, executed=date(2025, 7, 1)), entry("D-2", LATER, previous="D-1"), False),  # it was executed
        (ENDED, entry("D-2", LATER, previous="D-2"), False),
    ],
)
@pytest.mark.parametrize("in_file", [True, False])
def test_links(former: Entry, newer: Entry, linked: bool, in_file: bool) -> None:
    """A new decision is linked to the one that ran out, whether that stands in the file still or in the register alone."""
    by = closed(date(2026, 1, 31), outcome=Outcome.ENDED) if former.executed is None else closed(date(2025, 7, 1))
    changes = merge([row(1, former, by)], [newer, former] if in_file else [newer], today=TODAY)
    assert [(link.newer, link.former) for link in changes.links] == ([(identity(newer), identity(former))] if linked else [])


days = st.sampled_from([START + timedelta(31 * step) for step in range(6)])
maybe = st.none() | days
entries = st.builds(
    Entry,
    case=st.sampled_from(["D-1", "D-2", "d-1", "D-3"]),
    insats=st.sampled_from(["9§4", "9§10"]),
    sort=st.sampled_from(Sort),
    start=days,
    officer=st.sampled_from(["", "a", "b"]),
    executed=maybe,
    ended=maybe,
    person=st.sampled_from(["", "p"]),
    previous=st.sampled_from(["", "D-1", "D-9"]),
    valid_from=maybe,
)
closings = st.none() | st.builds(Closing, st.sampled_from(Outcome), days, st.sampled_from(ClosedBy))


@st.composite
def registers(draw: st.DrawFn) -> list[Row]:
    """Registers as a store may hold them: one row of an identity, provisional ones beside them."""
    rows: dict[Any, Row] = {}
    for number in range(draw(st.integers(0, 6))):
        what, mark = draw(entries), draw(maybe)
        rows.setdefault((identity(what), mark is None), row(number, what, draw(closings), mark))
    return list(rows.values())


told = st.none() | st.sets(st.sampled_from(["officer", "executed", "ended", "person", "previous", "valid_from"]))


@settings(deadline=None, max_examples=300)
@given(registers(), st.lists(entries, max_size=7), told)
def test_second_merge_changes_nothing(rows: list[Row], file: list[Entry], columns: set[str] | None) -> None:
    """The same file again: nothing is created, changed or reopened, and the same rows are gone."""
    once = merge(rows, file, today=TODAY, told=columns)
    after = applied(rows, once)
    again = merge(after, file, today=TODAY, told=columns)
    assert (again.created, again.changed, again.vanished) == ((), (), once.vanished)
    assert again.links == once.links


@settings(deadline=None, max_examples=300)
@given(registers(), st.lists(entries, max_size=7), st.randoms())
def test_order_does_not_matter(rows: list[Row], file: list[Entry], random: Any) -> None:
    """Rows and entries may come in any order."""
    first = merge(rows, file, today=TODAY)
    rows, file = list(rows), list(file)
    random.shuffle(rows)
    random.shuffle(file)
    assert merge(rows, file, today=TODAY) == first


@settings(deadline=None, max_examples=300)
@given(registers(), st.lists(entries, max_size=7))
def test_nothing_is_lost(rows: list[Row], file: list[Entry]) -> None:
    """Every row is accounted for once, every entry stands in the register afterwards once, and no letter's or hand's closing is undone."""
    changes = merge(rows, file, today=TODAY)
    named = [change.row for change in changes.changed] + [*changes.unchanged, *changes.vanished, *changes.absent]
    assert sorted(named) == sorted(each.id for each in rows)
    after = applied(rows, changes)
    held = [identity(each.entry) for each in after if not each.provisional]
    assert {identity(each) for each in file} <= set(held)
    assert len(held) == len(set(held))
    for each in rows:
        if each.closing and each.closing.by is not ClosedBy.REGISTER:
            assert {found.id: found for found in after}[each.id].closing == each.closing
    assert all(each.open for each in after if each.id in changes.vanished)


ORDERED, PLAN = ("ordered", date(2026, 2, 1)), ("plan_received", date(2026, 3, 1))
NEWER = ("ordered", date(2026, 2, 9))


@pytest.mark.parametrize(
    "told_dates, said, after",
    [
        ({"dates.ordered"}, (NEWER,), (NEWER, PLAN)),  # the other column is not in the file: its day stays
        ({"dates.ordered"}, (), (PLAN,)),  # the column is there and empty: its day is gone
        ({"dates.confirmed"}, (("confirmed", date(2026, 2, 2)),), (("confirmed", date(2026, 2, 2)), ORDERED, PLAN)),
        ({"dates.ordered", "dates.plan_received"}, (), ()),
        (set(), (), (ORDERED, PLAN)),
        ({"dates"}, (NEWER,), (NEWER,)),  # all of them are told
        (None, (), ()),
    ],
)
def test_date_columns_one_by_one(told_dates: set[str] | None, said: tuple[Any, ...], after: tuple[Any, ...]) -> None:
    """A file with some of a routine's date columns says nothing of the others."""
    before = row(1, entry(dates=(ORDERED, PLAN)))
    columns = None if told_dates is None else {"case", "insats", "decision_date", *told_dates}
    changes = merge([before], [entry(dates=said)], today=TODAY, told=columns)
    (found,) = applied([before], changes)
    assert found.entry.dates == after
    assert bool(changes.changed) == (after != before.entry.dates)
    assert not merge([found], [entry(dates=said)], today=TODAY, told=columns).changed


@settings(deadline=None, max_examples=200)
@given(registers(), st.lists(entries, max_size=7), told)
def test_rows_that_stand_may_be_told_shortly(rows: list[Row], file: list[Entry], columns: set[str] | None) -> None:
    """Whoever reads the register may leave out what stands word for word, and the outcome is the same."""
    said = by_identity(file)

    def short(each: Row) -> Row | Same:
        which = identity(each.entry)
        new = as_new(said[which], TODAY) if which in said else None
        stands = new is not None and not each.provisional and new.entry == each.entry
        by_register = each.closing is None or each.closing.by is ClosedBy.REGISTER
        return Same(each.id, which, each.open) if stands and new and (not by_register or new.closing == each.closing) else each

    assert merge(map(short, rows), said, today=TODAY, told=columns) == merge(rows, file, today=TODAY, told=columns)
