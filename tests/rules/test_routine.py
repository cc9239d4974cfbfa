"""A routine is data: faults are told with their place, and another municipality's works without a line of code."""

import re
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from rules.duty import People, recipients
from rules.plan import Claim, Planner
from rules.remind import reminder, reminder_row
from rules.routine import Routine, RoutineError, packaged, parse
from tests.rules.made import INTERRUPTION, OFFICE, RULES, closed, day, days, entry, row, shown, told

HEAD = """
name = "Öns rutin"
since = 2025-01-01
ref = "Öns rutin"
checked = 2026-01-01
"""
DUTY = '[[duty]]\nowner = "officer"\n'
FIRST = """
[[milestone]]
name = "first"
day = { anchor = "mark", workdays = 1 }
useful = { anchor = "mark", workdays = 5 }
to = ["owner"]
"""
ISLAND = (
    HEAD
    + '[roles]\nhemma = "Team Hemma"\n[[duty]]\ninsats = ["9§4"]\nexternal = false\nowner = "hemma"\n'
    + DUTY
    + """
[[milestone]]
name = "confirm"
template = "two_months"
day = { anchor = "start", months = 1, workdays = -3 }
useful = { anchor = "start", months = 1 }
to = ["owner"]
[[milestone]]
name = "late"
day = { anchor = "mark", workdays = 2 }
useful = { anchor = "mark", months = 1 }
to = ["owner"]
cc = ["reporter"]
until_reported = true
outlives_closing = true
[[milestone]]
name = "plan"
day = { anchor = "executed", months = 1, move = "previous" }
useful = { anchor = "executed", months = 2 }
to = ["owner"]
[[milestone]]
name = "plan_ask"
day = { anchor = "executed", days = 10, move = "next" }
useful = { anchor = "executed", months = 1 }
to = ["officer"]
when = { external = true }
"""
)


def test_the_packaged_routine() -> None:
    """The default one loads, and tells its source."""
    routine = packaged("ivo-lss")
    assert [m.name for m in routine.milestone] == ["two_months", "day_before", "officer_notice", "overdue_1", "overdue_2"]
    assert routine.ref and routine.since <= routine.checked
    with pytest.raises(RoutineError, match="ivo-lss"):
        packaged("ivo-sol")


@pytest.mark.parametrize("text, said", [
    ("name = \nsince = 1\n", "line 1"),
    (HEAD + DUTY, "milestone"),
    (HEAD + FIRST, "duty"),
    (HEAD + '[[duty]]\ninsats = ["9§4"]\nowner = "officer"\n' + FIRST, "the last rule must fit every row"),
    (HEAD + '[[duty]]\nowner = "okänd"\n' + FIRST, "duty 1: unknown role okänd"),
    (HEAD + DUTY + FIRST.replace('["owner"]', '["owner", "chefen"]'), "milestone first: unknown role chefen"),
    (HEAD + DUTY + FIRST + FIRST, "milestone first: stands twice"),
    (HEAD + DUTY + FIRST + 'after = { milestone = "second", workdays = 5 }\n', "milestone first: after names no earlier milestone"),
    (HEAD + DUTY + FIRST + 'after = { milestone = "first", workdays = 5 }\n', "milestone first: after names no earlier milestone"),
    (HEAD + DUTY + FIRST + "urgent = true\n", "milestone.1.urgent"),
    (HEAD + DUTY + FIRST.replace('"first"', '"First mail"'), "milestone.1.name"),
    (HEAD + DUTY + FIRST.replace('day = { anchor = "mark", workdays = 1 }', 'day = { anchor = "marc" }'), "milestone.1.day.anchor"),
    (HEAD + DUTY + FIRST.replace("workdays = 1 ", 'workdays = "one" '), "milestone.1.day.workdays"),
    (HEAD + DUTY + FIRST.replace("workdays = 1 ", 'workdays = 1, move = "up" '), "milestone.1.day.move"),
    (HEAD + DUTY + FIRST.replace('useful = { anchor = "mark", workdays = 5 }\n', ""), "milestone.1.useful"),
    (HEAD.replace("2025-01-01", '"snart"') + DUTY + FIRST, "since"),
    (HEAD + DUTY + FIRST + 'when = { owner = "boss" }\n', "milestone.1.when.owner"),
    (HEAD + DUTY + FIRST + 'when = { missing = "planned" }\n', "milestone.1.when.missing: unknown column planned"),
    (HEAD + DUTY + FIRST + 'when = { known = ["ordered", "sold"] }\n', "milestone.1.when.known: unknown column sold"),
    (HEAD + DUTY + FIRST + 'when = { known = "ordered", missing = "ordered" }\n', "milestone first: never comes"),
    (HEAD + DUTY + FIRST + "again_months = 12\n", "milestone first: what comes with every mark needs no again_months"),
    (HEAD + '[columns]\nexecuted = "Klart"\n' + DUTY + FIRST, "columns.executed: is an anchor that every routine has"),
    (HEAD + '[columns]\na = "Klart"\nb = "KLART "\n' + DUTY + FIRST, "columns.b: has the header of another column"),
    (HEAD + '[columns]\nordered = ""\n' + DUTY + FIRST, "columns.ordered"),
    (HEAD + '[roles]\nofficer = "X"\n' + DUTY + FIRST, "roles.officer: is a role that every routine has"),
    (HEAD + DUTY + FIRST.replace('day = { anchor = "mark"', 'day = { anchor = "ordered"').replace('useful = { anchor = "mark"', 'useful = { anchor = "confirmed"'), "milestone first: due and useful are counted from"),
])  # fmt: skip
def test_a_fault_is_told_with_its_place(text: str, said: str) -> None:
    """What is wrong and where, in one line."""
    with pytest.raises(RoutineError) as told_:
        parse(text)
    assert [line for line in str(told_.value).splitlines() if said in line], str(told_.value)


@pytest.mark.parametrize("text, places", [
    (HEAD + DUTY + FIRST + 'urgent = true\nwhen = { owner = "boss" }\n', ["urgent", "when.owner"]),
    (HEAD + '[[duty]]\nowner = "okänd"\n' + FIRST.replace('["owner"]', '["chefen"]'), ["duty 1", "milestone first"]),
    (HEAD + DUTY + FIRST + FIRST.replace('["owner"]', '["chefen"]'), ["stands twice", "chefen"]),
    # A part that cannot be read hides nothing of the others, and is no fault of theirs.
    (HEAD.replace("2025-01-01", '"snart"') + DUTY + FIRST.replace('["owner"]', '["chefen"]'), ["since", "unknown role chefen"]),
    (HEAD + DUTY + FIRST + "urgent = true\n" + FIRST.replace('"first"', '"second"') + 'after = { milestone = "first", workdays = 2 }\ncc = ["x"]\n', ["milestone.1.urgent", "unknown role x"]),
    (HEAD + '[[duty]]\nowner = "officer"\nwho = 1\n' + FIRST.replace('"mark", workdays = 5', '"x"'), ["duty.1.who", "unknown anchor x"]),
    (HEAD + "milestone = 3\n" + '[[duty]]\nowner = "okänd"\n', ["milestone", "unknown role okänd"]),
])  # fmt: skip
def test_every_fault_has_a_line_of_its_own(text: str, places: list[str]) -> None:
    """All faults at once, one line each."""
    with pytest.raises(RoutineError) as told_:
        parse(text)
    lines = str(told_.value).splitlines()
    assert len(lines) == len(places)
    assert all(any(place in line for line in lines) for place in places)


def test_a_milestone_has_someone_to_write_to() -> None:
    """A mail to nobody is a fault in the file."""
    with pytest.raises(RoutineError):
        parse(HEAD + DUTY + FIRST.replace('["owner"]', "[]"))


@pytest.mark.parametrize("anchor", ["start", "mark", "executed", "ordered", "confirmed", "plan_received"])
def test_anchors(anchor: str) -> None:
    """A day is counted from the start, a mark, the execution, or a date column of the register."""
    assert parse(HEAD + DUTY + FIRST + FIRST.replace('"first"', '"second"').replace('"mark"', f'"{anchor}"'))


@pytest.mark.parametrize("condition", [
    'insats = ["9§6"]', 'form = ["lager"]', "external = true", 'owner = "unit"', 'state = "open"', 'sort = "interruption"', 'missing = "ordered"', 'known = ["ordered", "confirmed"]',
])  # fmt: skip
def test_conditions(condition: str) -> None:
    """A milestone can be for some insatser, forms, external ones, sorts, owners, states or known dates only."""
    assert parse(HEAD + DUTY + FIRST + f"when = {{ {condition} }}\n")


def island() -> Planner:
    return Planner(parse(ISLAND), OFFICE)


@pytest.mark.parametrize("milestone, k, expected", [
    ("confirm", 1, "Wed 2026-02-11"),  # three workdays before Sun 15 February
    ("confirm", 2, "Mon 2026-05-11"),  # before Fri 15 May; Thu 14 May is Kristi himmelsfärdsdag
    ("late", 1, "Fri 2026-04-17"),
])  # fmt: skip
def test_another_municipality_counts_its_days(milestone: str, k: int, expected: str) -> None:
    """Months first, then workdays, again for every mark."""
    events = island().simulate(row("2026-01-15"), day("2026-01-01"), day("2026-12-31"))
    assert [shown(e.day) for e in events if (e.milestone.name, e.k) == (milestone, k)] == [expected]


@pytest.mark.parametrize("executed, external, expected", [
    ("2026-03-04", False, [("plan", "Thu 2026-04-02")]),  # 4 April is påskafton: moved back past långfredagen
    ("2026-03-02", True, [("plan_ask", "Thu 2026-03-12"), ("plan", "Thu 2026-04-02")]),
    ("2026-03-04", True, [("plan_ask", "Mon 2026-03-16"), ("plan", "Thu 2026-04-02")]),  # Sat 14 March: the next workday
])  # fmt: skip
def test_what_follows_execution(executed: str, external: bool, expected: list[tuple[str, str]]) -> None:
    """An implementation plan within a month: counted from the day of execution, days off moved as the file says."""
    one = row("2026-01-15", external=external, closing=closed(f"executed {executed}"))
    assert sent(island(), one, "2026-03-01", "2026-06-30", done={(1, "confirm")}) == expected


def sent(planner: Planner, one: Any, first: str, last: str, done: set[tuple[int, str]] = frozenset()) -> list[tuple[str, str]]:  # type: ignore[assignment]
    """What goes out when the service runs every workday of a span."""
    claims = {key: Claim(day(first), True) for key in done}
    found = []
    for today in days(day(first), day(last)):
        if today not in OFFICE:
            continue
        due = planner.due(one, claims, today)
        claims |= {(e.k, e.milestone.name): Claim(today, sent=False) for e in due.superseded}
        for event in due.send:
            claims[event.k, event.milestone.name] = Claim(today, sent=True)
            found.append((event.milestone.name, shown(today)))
    return found


def test_ending_ends_all() -> None:
    """No plan is asked for when the decision ended."""
    one = row("2026-01-15", closing=closed("ended 2026-03-04"))
    assert sent(island(), one, "2026-03-01", "2026-06-30") == []
    assert island().next_day(one, {}) is None


@pytest.mark.parametrize("executed, reports, silent_before", [
    ("2026-02-16", (), ""),
    ("2026-08-03", (1, 2), ""),
    ("2026-08-03", (2,), "2026-05-01"),  # the first mark is taken as reported
    ("2026-08-03", (), "2026-08-01"),  # every passed mark is
])  # fmt: skip
def test_execution_is_followed_whenever_it_came(executed: str, reports: tuple[int, ...], silent_before: str) -> None:
    """The plan is asked for after every execution, also of a row that has waited over several marks or entered late."""
    one = row("2026-01-15", closing=closed(f"executed {executed}"), reports=told(*reports), silent_before=silent_before)
    done = {(k, name) for k in (1, 2, 3) for name in ("confirm", "late")}
    plan = island().routine.milestone[2].day
    assert sent(island(), one, executed, "2026-12-31", done) == [("plan", shown(island().on(plan, one, 1)))]
    assert island().next_day(one, {key: Claim(day(executed), True) for key in done}) == island().on(plan, one, 1)


def test_what_execution_brings_hides_nothing_else() -> None:
    """The register executes a row with an unreported second mark: its reminder goes out although the plan is a month away."""
    one = row("2026-01-15", closing=closed("executed 2026-07-16"), reports=told(1))
    claims = {(1, "confirm"): Claim(day("2026-02-10"), True), (2, "confirm"): Claim(day("2026-05-12"), True)}
    assert island().next_day(one, claims) == day("Fri 2026-07-17")
    assert sent(island(), one, "2026-07-17", "2026-09-30", set(claims)) == [("late", "Fri 2026-07-17"), ("plan", "Fri 2026-08-14")]


@pytest.mark.timeout(5)
@pytest.mark.parametrize("only", [
    'day = { anchor = "executed", months = 1 }\nuseful = { anchor = "executed", months = 2 }\nto = ["owner"]\n',
    'day = { anchor = "mark" }\nuseful = { anchor = "mark" }\nto = ["owner"]\nwhen = { insats = ["9§9"] }\n',
])  # fmt: skip
def test_a_row_that_no_milestone_is_for(only: str) -> None:
    """An open row without anything to come has no next day, and nothing is due."""
    planner = Planner(parse(HEAD + DUTY + '[[milestone]]\nname = "only"\n' + only), OFFICE)
    one = row("2026-01-15")
    assert not planner.due(one, {}, day("2026-06-01")).send
    assert planner.next_day(one, {}) is None
    assert list(planner.simulate(one, day("2026-01-01"), day("2027-01-01"))) == []


def test_another_municipality_names_its_own_owners() -> None:
    """The table of owners is the file's."""
    routine: Routine = island().routine
    assert routine.owner(entry(insats="9§4")) == "hemma"
    assert routine.owner(entry(insats="9§4", external=True)) == "officer"
    assert routine.owner(entry(insats="9§10")) == "officer"
    people = People(("ivo@kommun.example",), {"hemma": "hemma@kommun.example"}, frozenset({"kommun.example"}))
    assert recipients(routine.milestone[0], entry(), routine, people, date(2026, 3, 2)).to == ("hemma@kommun.example",)


def test_milestones_of_one_mark_stand_in_order() -> None:
    """In the packaged routine the mails of a mark follow each other, and none is past use before its day."""
    one = row("2026-01-15", insats="9§10")
    events = list(Planner(packaged("ivo-lss"), OFFICE).simulate(one, day("2026-01-01"), day("2028-01-01")))
    assert all(a.day <= b.day or a.k < b.k for a, b in pairwise(sorted(events, key=lambda e: (e.k, e.day))))
    assert all(e.day <= e.useful for e in events)


ORDER = FIRST.replace('{ anchor = "mark", workdays = 1 }', '{ anchor = "ordered", workdays = 5 }').replace(
    '{ anchor = "mark", workdays = 5 }', '{ anchor = "ordered", months = 3 }'
)


@pytest.mark.parametrize("when, dates, comes", [
    ("", {}, False),  # what is counted from a day that is not known
    ("", {"ordered": "2026-02-02"}, True),
    ('missing = "confirmed"', {"ordered": "2026-02-02"}, True),
    ('missing = "confirmed"', {"ordered": "2026-02-02", "confirmed": "2026-02-03"}, False),
    ('known = "confirmed"', {"ordered": "2026-02-02"}, False),
    ('known = "confirmed"', {"ordered": "2026-02-02", "confirmed": "2026-02-03"}, True),
    ('missing = ["confirmed", "plan_received"]', {"ordered": "2026-02-02", "plan_received": "2026-02-03"}, False),
    ('sort = "interruption"', {"ordered": "2026-02-02"}, False),
    ('sort = "decision"', {"ordered": "2026-02-02"}, True),
])  # fmt: skip
def test_date_columns_begin_and_end_a_milestone(when: str, dates: dict[str, str], comes: bool) -> None:
    """A milestone that is counted from a column, and one that ends when a column gets its date."""
    planner = Planner(parse(HEAD + DUTY + ORDER + f"when = {{ {when} }}\n"), OFFICE)
    one = row("2026-01-15", dates=tuple((name, day(on)) for name, on in dates.items()))
    assert sent(planner, one, "2026-01-15", "2026-06-30") == ([("first", "Mon 2026-02-09")] if comes else [])
    assert planner.next_day(one, {}) == (day("2026-02-09") if comes else None)
    assert [shown(e.day) for e in planner.simulate(one, day("2026-01-01"), day("2026-12-31"))] == (["Mon 2026-02-09"] if comes else [])


def gotland() -> Planner:
    return Planner(packaged("gotland"), OFFICE)


@pytest.mark.parametrize("executed, more, expected", [
    ("2026-03-04", {}, [("plan_missing", "Tue 2026-04-07"), ("yearly_follow_up", "Thu 2027-03-04"), ("yearly_follow_up", "Mon 2028-03-06")]),
    ("2026-03-31", {}, [("plan_missing", "Mon 2026-05-04"), ("yearly_follow_up", "Wed 2027-03-31"), ("yearly_follow_up", "Fri 2028-03-31")]),
    ("2026-03-04", {"dates": (("plan_received", date(2026, 3, 20)),)}, [("yearly_follow_up", "Thu 2027-03-04"), ("yearly_follow_up", "Mon 2028-03-06")]),
    ("2026-03-04", {"ended": date(2026, 12, 1)}, []),  # nothing follows on a decision that has ended since
    ("2026-03-04", {"sort": INTERRUPTION}, []),  # an interruption that is over has no plan of its own
    ("2021-03-04", {"silent_before": "2026-01-15"}, [("yearly_follow_up", "Wed 2026-03-04"), ("yearly_follow_up", "Thu 2027-03-04"), ("yearly_follow_up", "Mon 2028-03-06")]),
])  # fmt: skip
def test_plan_and_yearly_follow_up(executed: str, more: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    """A plan that has not come a month after execution, and every year from then on; what is past use at the first import is no flood."""
    one = row(min("2026-01-15", executed), closing=closed(f"executed {executed}"), reports=told(0), **{"silent_before": executed} | more)
    assert sent(gotland(), one, max("2026-01-15", executed), "2028-06-30") == expected


def test_a_row_that_enters_late_brings_no_old_follow_ups() -> None:
    """Years that had passed before the row entered the register are not even recorded as superseded."""
    one = row("2020-01-15", closing=closed("executed 2020-03-04"), reports=told(0), silent_before="2026-01-15", entered="2026-01-15")
    due = gotland().due(one, {}, day("2026-01-15"))
    assert (due.send, due.superseded) == ((), ())
    assert gotland().next_day(one, {}) == day("Wed 2026-03-04")


def test_simulating_does_not_look_at_when_the_row_came() -> None:
    """A plan of a whole span shows the order's day also before the row entered the register."""
    one = row("2026-01-15", dates=(("ordered", day("2026-01-19")),), silent_before="2026-06-01", entered="2026-06-01")
    assert ("confirm_order", "Mon 2026-01-26") in [
        (e.milestone.name, shown(e.day)) for e in gotland().simulate(one, day("2026-01-01"), day("2026-12-31"))
    ]
    assert not [e for e in gotland().coming(one, {}, day("2026-12-31")) if e.milestone.name == "confirm_order"]


@pytest.mark.parametrize("provider, to, in_place_of", [
    ("stod@kommun.example", ("stod@kommun.example",), ""),
    ("Stödbolaget AB", ("ivo@kommun.example",), "provider"),
    ("info@bolaget.example", ("ivo@kommun.example",), "provider"),  # outside the own domains
])  # fmt: skip
def test_a_milestone_for_the_provider_alone(provider: str, to: tuple[str, ...], in_place_of: str) -> None:
    """It is worded for the provider; the reporter who gets it instead is told why."""
    planner = Planner(parse(HEAD + DUTY + ORDER.replace('["owner"]', '["provider"]')), OFFICE)
    people = People(("ivo@kommun.example",), {}, frozenset({"kommun.example"}))
    one = row("2026-01-15", dates=(("ordered", day("2026-01-19")),), provider=provider)
    (event,) = planner.due(one, {}, day("2026-01-26")).send
    reached = recipients(event.milestone, one.entry, planner.routine, people, day("2026-01-26"))
    facts = reminder_row(event, planner, day("2026-01-26"), mailbox="ivo@kommun.example", sent_back=False, former=None)
    said = reminder([event], [facts], reached, planner, "mailbox")
    assert (reached.to, said.role, said.in_place_of) == (to, "provider", in_place_of)
    assert (facts.base, facts.months, facts.why[0]) == (day("2026-01-19"), 0, "Beställt 2026-01-19, måndag.")


@pytest.mark.parametrize("folder", ["rules", "bot/jobs", "bot/store"])
def test_gotland_is_named_nowhere(folder: str) -> None:
    """A second municipality's routine needed no line of code that knows it, not even in a comment."""
    named = [path.name for path in (RULES.parent / folder).glob("*.py") if re.search("gotland", path.read_text("utf-8"), re.IGNORECASE)]
    assert named == []


@pytest.mark.parametrize(
    "path",
    sorted(path for folder in ("rules", "bot/jobs", "bot/store") for path in (RULES.parent / folder).glob("*.py")),
    ids=lambda p: f"{p.parent.name}/{p.name}",
)
def test_no_code_knows_an_insats_or_a_routine(path: Any) -> None:
    """Who is responsible and what is due is data: no line of code names an insats or a packaged routine. Docstrings and comments may."""
    code = re.sub(r'"""[\s\S]*?"""|#.*', "", path.read_text("utf-8"))
    assert not re.findall(
        r"9 ?§ ?[0-9]+|ivo-lss|two_months|day_before|officer_notice|overdue_[12]|confirm_order|plan_missing|yearly_follow_up|boendeteamet|centralen|gotland",
        code,
    )
