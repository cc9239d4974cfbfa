"""Which mails a day brings: usefulness to the day, each key once, and nothing missed between two next days."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.mark import count
from rules.model import ClosedBy, Closing, Outcome, Report, Row
from rules.plan import Claim, Claims, Event, Planner
from rules.routine import packaged
from rules.standing import awaited, reported, taken_as_reported
from rules.workday import Workdays
from tests.rules.made import FINAL, NEW, OFFICE, closed, day, days, provisional, row, shown, told

PLANNER = Planner(packaged("ivo-lss"), OFFICE)
ALL = ("two_months", "day_before", "officer_notice", "overdue_1", "overdue_2")
UNIT = "9§10"


def claimed(*said: str) -> dict[tuple[int, str], Claim]:
    """ "1 overdue_1 2026-04-21" is sent that day; without a day long ago; with "-" superseded."""
    found = {}
    for text in said:
        k, name, *on = text.split()
        found[int(k), name] = Claim(day(on[0]) if on and on[0] != "-" else day("2000-01-03"), on != ["-"])
    return found


def names(events: tuple[Event, ...]) -> str:
    return " ".join(f"{e.milestone.name}/{e.k}" for e in events)


def due(one: Row, today: str, *taken: str) -> str:
    """What is sent; then, after a bar, what is superseded."""
    found = PLANNER.due(one, claimed(*taken), day(today))
    return f"{names(found.send)} | {names(found.superseded)}".strip()


@pytest.mark.parametrize("start, insats, expected", [
    ("Thu 2026-01-15", "9§4", [
        ("two_months", "Mon 2026-03-16", "Sun 2026-03-29"), ("day_before", "Tue 2026-04-14", "Thu 2026-04-16"),
        ("overdue_1", "Tue 2026-04-21", "Tue 2026-04-28"), ("overdue_2", "Tue 2026-04-28", "Mon 2026-06-15"),
    ]),
    ("Thu 2026-01-15", UNIT, [
        ("two_months", "Mon 2026-03-16", "Sun 2026-03-29"), ("day_before", "Tue 2026-04-14", "Thu 2026-04-16"),
        ("officer_notice", "Thu 2026-04-16", "Mon 2026-06-15"), ("overdue_1", "Tue 2026-04-21", "Tue 2026-04-28"),
        ("overdue_2", "Tue 2026-04-28", "Mon 2026-06-15"),
    ]),
    ("Wed 2025-09-24", "9§4", [  # over Christmas: report day Mon 29, then 30 and 2, 5, 7 January
        ("two_months", "Mon 2025-11-24", "Mon 2025-12-08"), ("day_before", "Tue 2025-12-23", "Mon 2025-12-29"),
        ("overdue_1", "Mon 2026-01-05", "Tue 2026-01-13"), ("overdue_2", "Tue 2026-01-13", "Tue 2026-02-24"),
    ]),
    ("Sat 2026-01-03", "9§4", [  # over Easter
        ("two_months", "Tue 2026-03-03", "Tue 2026-03-17"), ("day_before", "Thu 2026-04-02", "Tue 2026-04-07"),
        ("overdue_1", "Fri 2026-04-10", "Fri 2026-04-17"), ("overdue_2", "Fri 2026-04-17", "Wed 2026-06-03"),
    ]),
])  # fmt: skip
def test_days_of_a_mark(start: str, insats: str, expected: list[tuple[str, str, str]]) -> None:
    """Each milestone's day, and the last day on which it is useful: `overdue_1` until `overdue_2`."""
    one = row(shown(day(start))[4:], insats=insats)
    events = PLANNER.simulate(one, one.entry.start, one.entry.start + timedelta(days=130))
    assert [(e.milestone.name, shown(e.day), shown(e.useful)) for e in events] == expected


@pytest.mark.parametrize("start, name, first, last", [
    ("2026-01-15", "two_months", "Mon 2026-03-16", "Fri 2026-03-27"),  # useful through Sun 29 March
    ("2026-01-16", "two_months", "Mon 2026-03-16", "Mon 2026-03-30"),
    ("2026-01-15", "day_before", "Tue 2026-04-14", "Thu 2026-04-16"),
    ("2026-01-03", "day_before", "Thu 2026-04-02", "Tue 2026-04-07"),
    ("2026-01-15", "overdue_1", "Tue 2026-04-21", "Mon 2026-04-27"),  # on Tue 28 April the second takes its place
    ("2026-01-15", "overdue_2", "Tue 2026-04-28", "Mon 2026-06-15"),
    ("2026-01-15", "officer_notice", "Thu 2026-04-16", "Mon 2026-06-15"),
])  # fmt: skip
def test_useful_to_the_day(start: str, name: str, first: str, last: str) -> None:
    """The first day of downtime's end on which a mail goes out, and the last: a workday more or less, and it does not."""
    one = row(start, insats=UNIT)
    open_days = [d for d in days(day(first) - timedelta(days=10), day(last) + timedelta(days=20)) if d in OFFICE]
    others = [f"1 {n} -" for n in ALL if n != name and (name, n) != ("overdue_1", "overdue_2")]
    others.append("2 two_months -")
    sends = [d for d in open_days if name in [e.milestone.name for e in PLANNER.due(one, claimed(*others), d).send]]
    assert (shown(sends[0]), shown(sends[-1])) == (first, last)
    assert sends == [d for d in open_days if day(first) <= d <= day(last)]
    after = next(d for d in open_days if d > day(last))
    assert name in [e.milestone.name for e in PLANNER.due(one, claimed(*others), after).superseded]


@pytest.mark.parametrize("today, sent", [
    ("2026-03-13", "|"),
    ("2026-03-16", "two_months/1 |"),
    ("2026-03-30", "| two_months/1"),
    ("2026-04-14", "day_before/1 | two_months/1"),
    ("2026-04-16", "day_before/1 officer_notice/1 | two_months/1"),
    ("2026-04-20", "officer_notice/1 | two_months/1 day_before/1"),
    ("2026-04-21", "officer_notice/1 overdue_1/1 | two_months/1 day_before/1"),
    ("2026-04-28", "officer_notice/1 overdue_2/1 | two_months/1 day_before/1 overdue_1/1"),
    ("2026-06-15", "officer_notice/1 two_months/2 | two_months/1 day_before/1 overdue_1/1 overdue_2/1"),
    ("2026-06-16", "two_months/2 | two_months/1 day_before/1 officer_notice/1 overdue_1/1 overdue_2/1"),
])  # fmt: skip
def test_after_downtime_only_the_latest_goes_to_the_owner(today: str, sent: str) -> None:
    """A row of a unit that nobody was told of: the latest useful mail to the owner; the officer's notice stands by itself."""
    send, _, past = due(row(insats=UNIT), today).partition("|")
    wanted_send, _, wanted_past = sent.partition("|")
    assert sorted(send.split()) == sorted(wanted_send.split())
    assert sorted(past.split()) == sorted(wanted_past.split())


@pytest.mark.parametrize("sent_on, expected", [
    ("Tue 2026-04-21", "Tue 2026-04-28"), ("Wed 2026-04-22", "Wed 2026-04-29"),
    ("Fri 2026-04-24", "Mon 2026-05-04"),  # första maj between
    ("Mon 2026-04-27", "Tue 2026-05-05"),
])  # fmt: skip
def test_overdue_2_follows_overdue_1(sent_on: str, expected: str) -> None:
    """Five workdays after `overdue_1` was sent, however late that was."""
    taken = ("1 two_months", "1 day_before", f"1 overdue_1 {day(sent_on)}")
    assert shown(PLANNER.next_day(row(), claimed(*taken)) or date.min) == expected
    before = OFFICE.shift(day(expected), -1)
    assert due(row(), before.isoformat(), *taken) == "|"
    assert due(row(), day(expected).isoformat(), *taken) == "overdue_2/1 |"


def test_overdue_2_without_overdue_1() -> None:
    """When `overdue_1` was never sent, the second stands on its own day."""
    assert due(row(), "2026-04-27", "1 two_months", "1 day_before", "1 overdue_1 -") == "|"
    assert due(row(), "2026-04-28", "1 two_months", "1 day_before", "1 overdue_1 -") == "overdue_2/1 |"


@pytest.mark.parametrize("one, today, expected", [
    # a report ends what waits for it, not the next follow-up
    (row(reports=told(1)), "2026-04-21", "|"),
    (row(reports=told(1)), "2026-06-15", "two_months/2 |"),
    (row(insats=UNIT, reports=told(1)), "2026-04-16", "|"),
    (row(reports=told(2)), "2026-04-21", "overdue_1/1 |"),
    # executed or ended: nothing more on start or mark
    (row(closing=closed("executed 2026-04-10")), "2026-04-14", "|"),
    (row(closing=closed("ended 2026-04-10")), "2026-04-14", "|"),
    (row(closing=closed("executed 2026-04-15")), "2026-04-21", "|"),  # on the mark: none had passed
    (row(insats=UNIT, closing=closed("executed 2026-04-20")), "2026-04-21", "overdue_1/1 |"),
    # the register closes a row whose passed mark was never reported
    (row(closing=closed("executed 2026-04-16")), "2026-04-21", "overdue_1/1 |"),
    (row(closing=closed("ended 2026-04-16")), "2026-04-21", "overdue_1/1 |"),
    (row(closing=closed("ended 2026-04-16")), "2026-06-15", "overdue_2/1 | overdue_1/1"),
    (row(closing=closed("executed 2026-04-16"), reports=told(1)), "2026-04-21", "|"),
    (row(closing=closed("executed 2026-04-16"), reports=told(0)), "2026-04-21", "|"),
    (row(closing=closed("executed 2026-07-20"), reports=told(1)), "2026-07-21", "overdue_1/2 |"),
    (row(closing=closed("executed 2026-04-16", ClosedBy.LETTER), reports=told(0)), "2026-04-21", "|"),
    # judgments are tracked, not reported
    (row(judgment=True), "2026-03-16", "|"), (row(judgment=True), "2026-04-21", "|"),
    # partly executed is open
    (row(partly_from=day("2026-02-01")), "2026-03-16", "two_months/1 |"),
])  # fmt: skip
def test_states(one: Row, today: str, expected: str) -> None:
    """Reported, closed by letter or by the register, judgment."""
    taken = ["1 two_months", "1 day_before"] if today > "2026-04-16" else ["1 two_months"] if today > "2026-04-01" else []
    taken += ["1 officer_notice"] if today != "2026-04-16" else []
    taken += ["1 overdue_1", "1 overdue_2", "2 two_months", "2 day_before"] if today >= "2026-06-01" and one.reports else []
    taken = [t for t in taken if not (today == "2026-06-15" and t == "2 two_months")]
    assert due(one, today, *taken) == expected


@pytest.mark.parametrize("entered, silent_before, today, expected", [
    # the first import of an old register: every mark before it is silent
    ("2026-04-16", "2026-04-16", "2026-04-16", "|"),
    ("2026-03-30", "2026-03-30", "2026-03-30", "| two_months/1"),  # its mark is still to come; the follow-up is past use
    ("2026-04-20", "2026-04-20", "2026-04-21", "|"),
    ("2026-04-20", "2026-04-20", "2026-06-15", "two_months/2 |"),
    ("2026-04-15", "2026-04-15", "2026-04-16", "day_before/1 | two_months/1"),  # on the mark itself: not before it
    # a later entry: a mark of the current quarter still counts
    ("2026-04-20", "2026-04-01", "2026-04-21", "overdue_1/1 | two_months/1 day_before/1"),
    ("2026-07-02", "2026-07-01", "2026-07-14", "day_before/2 | two_months/2"),
])  # fmt: skip
def test_late_entries(entered: str, silent_before: str, today: str, expected: str) -> None:
    """Marks taken as reported are silent; else only what is useful still."""
    assert due(row(entered=entered, silent_before=silent_before), today) == expected


def test_provisional_rows_are_reminded_from_their_second_mark() -> None:
    """Their first mark is the report that made them."""
    one = provisional("2026-04-15", start="2026-01-15")
    assert due(one, "2026-04-21", "1 two_months -") == "|"
    assert PLANNER.next_day(one, claimed("1 two_months -")) == day("Mon 2026-06-15")
    assert due(one, "2026-06-15", "1 two_months -") == "two_months/2 |"


def test_awaited_mark() -> None:
    """The latest passed mark without a report, of those that are due one; a judgment waits for none."""
    assert awaited(row(), day("2026-04-15")) is None
    assert awaited(row(), day("2026-04-16")) == 1
    assert awaited(row(), day("2026-07-16")) == 2
    assert awaited(row(reports=told(2)), day("2026-07-16")) == 1
    assert awaited(row(silent_before="2026-06-01", reports=told(2)), day("2026-07-16")) is None
    assert awaited(row(closing=closed("executed 2026-07-15")), day("2026-08-01")) == 1
    assert awaited(row(closing=closed("executed 2026-04-15")), day("2026-08-01")) is None
    assert taken_as_reported(row(silent_before="2026-04-16"), 1) and not taken_as_reported(row(silent_before="2026-04-15"), 1)


def test_a_judgment_waits_for_no_report() -> None:
    """It is tracked for the fee, not reported by default."""
    assert awaited(row(judgment=True), day("2026-07-16")) is None


# Properties: random rows, letters, closings and downtime.

FIRST = day("2025-01-07")
SPAN = 420


@st.composite
def lives(draw: st.DrawFn) -> tuple[Row, dict[date, tuple[int, ...]], Closing | None]:
    """A row, the marks that are reported by day, and how it is closed in the end."""
    start = FIRST + timedelta(days=draw(st.integers(-200, 120)))
    entered = max(start, FIRST) + timedelta(days=draw(st.sampled_from([0, 0, 0, 20, 95])))
    silent = draw(st.sampled_from([start, entered, date(entered.year, (entered.month - 1) // 3 * 3 + 1, 1)]))
    one = Row(1, replace(row().entry, start=start, insats=draw(st.sampled_from(["9§4", UNIT]))), entered, silent)
    reports: dict[date, tuple[int, ...]] = {}
    for k in draw(st.sets(st.integers(1, 5), max_size=4)):
        on = count(one).mark(k) + timedelta(days=draw(st.integers(-1, 30)))
        reports[on] = (*reports.get(on, ()), k)
    by = draw(st.sampled_from(list(ClosedBy)))
    on = start + timedelta(days=draw(st.integers(1, 700)))
    closing = draw(st.sampled_from([None, Closing(draw(st.sampled_from(list(Outcome))), on, by)]))
    return one, reports, closing


def at(life: tuple[Row, dict[date, tuple[int, ...]], Closing | None], today: date) -> Row:
    """The row as the program knows it on a day."""
    one, reports, closing = life
    have = tuple(Report(k, NEW, on) for on, ks in sorted(reports.items()) if on <= today for k in ks)
    ending = closing if closing and closing.on <= today else None
    have += (Report(0, FINAL, closing.on),) if ending and closing and closing.by is ClosedBy.LETTER else ()
    return replace(one, reports=have, closing=ending)


def run(
    life: tuple[Row, dict[date, tuple[int, ...]], Closing | None], down: frozenset[int], *, only_when_due: bool = False
) -> tuple[list[tuple[date, Event]], dict[tuple[int, str], Claim]]:
    """Runs the service workday by workday, but not on days when it is down."""
    claims: dict[tuple[int, str], Claim] = {}
    sent: list[tuple[date, Event]] = []
    for n in range(SPAN):
        today = FIRST + timedelta(days=n)
        if today not in OFFICE or today < life[0].entered or n // 7 in down:
            continue
        one = at(life, today)
        planned = PLANNER.next_day(one, claims)
        found = PLANNER.due(one, claims, today)
        assert bool(found.send or found.superseded) == (planned is not None and planned <= today)
        if only_when_due and (planned is None or planned > today):
            continue
        for event in (*found.send, *found.superseded):
            key = (event.k, event.milestone.name)
            assert key not in claims
            claims[key] = Claim(today, event in found.send)
        sent += [(today, event) for event in found.send]
    return sent, claims


DOWN = st.frozensets(st.integers(0, SPAN // 7), max_size=20)


@settings(max_examples=20, deadline=None)
@given(lives(), DOWN)
def test_each_key_once_in_time_and_nothing_for_what_is_reported(
    life: tuple[Row, dict[date, tuple[int, ...]], Closing | None], down: frozenset[int]
) -> None:
    """Day by day: on a day with something to do `next_day` has come, on others not; each key is taken once; no mail is past its use."""
    sent, _ = run(life, down)
    assert run(life, down, only_when_due=True)[0] == sent
    for today, event in sent:
        one = at(life, today)
        assert event.day <= today <= event.useful
        assert not taken_as_reported(one, event.k)
        if event.milestone.name != "two_months":
            assert not reported(one, event.k)
        if one.closing:
            assert event.milestone.name.startswith("overdue") and one.closing.by is ClosedBy.REGISTER
            assert count(one).mark(event.k) < one.closing.on
    owners = [today for today, event in sent if event.milestone.name != "officer_notice"]
    assert len(owners) == len(set(owners))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 120), st.sampled_from(["9§4", UNIT]), st.sets(st.integers(1, 3)))
def test_without_downtime_it_is_what_simulate_says(after: int, insats: str, marks: set[int]) -> None:
    """Run every day since the start, a row gets exactly the simulated mails, each on its day."""
    start = FIRST + timedelta(days=after)
    one = row(start.isoformat(), insats=insats, reports=told(*sorted(marks)))
    last = FIRST + timedelta(days=SPAN - 1)
    sent, claims = run((one, {}, None), frozenset())
    if marks:  # `run` gives the row its reports by day; here they are known from the start
        sent, claims = run((one, {start: tuple(sorted(marks))}, None), frozenset())
    simulated = [(e.day, e.k, e.milestone.name) for e in PLANNER.simulate(one, FIRST, last)]
    assert sorted((today, e.k, e.milestone.name) for today, e in sent) == sorted(simulated)
    assert all(claim.sent for claim in claims.values())


def test_extra_closed_days_move_the_mails() -> None:
    """An office that is closed on the day sends on its next workday, and counts its own workdays."""
    planner = Planner(packaged("ivo-lss"), Workdays([day("Mon 2026-03-16"), day("Tue 2026-04-14"), day("Thu 2026-04-16")]))
    events = planner.simulate(row(), day("2026-01-15"), day("2026-05-10"))
    assert [(e.milestone.name, shown(e.day)) for e in events] == [
        ("two_months", "Tue 2026-03-17"), ("day_before", "Mon 2026-04-13"),
        ("overdue_1", "Wed 2026-04-22"), ("overdue_2", "Wed 2026-04-29"),
    ]  # fmt: skip


def test_simulate_is_about_open_rows_that_are_reported() -> None:
    """Closed rows and judgments give none; FROM and TO are inside; marks long before the entry are told too."""
    nothing: Claims = {}
    assert PLANNER.next_day(row(judgment=True), nothing) is None
    for one in (row(judgment=True), row(closing=closed("executed 2026-07-20"))):
        assert list(PLANNER.simulate(one, day("2026-01-01"), day("2027-01-01"))) == []
    one = row(silent_before="2027-01-01", entered="2027-01-01")
    assert [e.milestone.name for e in PLANNER.simulate(one, day("2026-03-16"), day("2026-04-14"))] == ["two_months", "day_before"]
    assert list(PLANNER.simulate(one, day("2026-03-17"), day("2026-04-13"))) == []
