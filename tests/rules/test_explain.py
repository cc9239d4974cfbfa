"""Every date is explained in Swedish words: which start, which rule, which day off moved it."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import ahead
from rules.duty import Officer, People, recipients
from rules.explain import law, long_date, weekday, why
from rules.model import Row
from rules.plan import Claim, Planner
from rules.routine import packaged, parse
from rules.workday import Workdays
from tests.rules.made import INTERRUPTION, OFFICE, closed, day, provisional, row, told
from tests.rules.test_routine import DUTY, HEAD

PLANNER = Planner(packaged("ivo-lss"), OFFICE)


def said(one: Row, milestone: str, k: int = 1, planner: Planner = PLANNER) -> list[str]:
    """The sentences for one milestone of an open row."""
    events = planner.simulate(one, one.entry.start, one.entry.start + timedelta(days=1200))
    return list(why(next(e for e in events if (e.milestone.name, e.k) == (milestone, k)), planner))


@pytest.mark.parametrize("one, milestone, k, expected", [
    # short month
    (row("2025-11-30"), "day_before", 1, [
        "Beslut 30 november 2025 + 3 månader = lördag 28 februari 2026 (kortare månad: dess sista dag).",
        "Sista arbetsdagen innan: fredag 27 februari 2026."]),
    (row("2025-12-31"), "two_months", 1, [
        "Beslut 31 december 2025 + 2 månader = lördag 28 februari 2026 (kortare månad: dess sista dag).",
        "Det är ingen arbetsdag; nästa arbetsdag är måndag 2 mars 2026."]),
    # weekend
    (row("2026-01-15"), "two_months", 1, [
        "Beslut 15 januari 2026 + 2 månader = söndag 15 mars 2026.",
        "Det är ingen arbetsdag; nästa arbetsdag är måndag 16 mars 2026."]),
    # a workday needs no more
    (row("2026-01-16"), "two_months", 3, ["Beslut 16 januari 2026 + 8 månader = onsdag 16 september 2026."]),
    # a holiday itself
    (row("2026-03-14"), "two_months", 1, [
        "Beslut 14 mars 2026 + 2 månader = torsdag 14 maj 2026.",
        "Det är ingen arbetsdag (kristi himmelsfärdsdag); nästa arbetsdag är fredag 15 maj 2026."]),
    # holidays in between
    (row("2026-01-03", insats="9§10"), "officer_notice", 1, [
        "Beslut 3 januari 2026 + 3 månader = fredag 3 april 2026.",
        "Nästa arbetsdag efter (dagar emellan som inte är arbetsdagar: påskdagen 5/4, annandag påsk 6/4): tisdag 7 april 2026."]),
    # julafton
    (row("2025-09-24"), "day_before", 1, [
        "Beslut 24 september 2025 + 3 månader = onsdag 24 december 2025.",
        "Sista arbetsdagen innan: tisdag 23 december 2025."]),
    (row("2025-10-24"), "two_months", 1, [
        "Beslut 24 oktober 2025 + 2 månader = onsdag 24 december 2025.",
        "Det är ingen arbetsdag (julafton); nästa arbetsdag är måndag 29 december 2025."]),
    (row("2025-09-24"), "overdue_1", 1, [
        "Beslut 24 september 2025 + 3 månader = onsdag 24 december 2025.",
        "4 arbetsdagar efter (dagar emellan som inte är arbetsdagar: juldagen 25/12, annandag jul 26/12, nyårsafton 31/12, nyårsdagen 1/1):"
        " måndag 5 januari 2026."]),
    # interruption
    (row("2026-02-10", sort=INTERRUPTION), "two_months", 2, ["Avbrott från 10 februari 2026 + 5 månader = fredag 10 juli 2026."]),
])  # fmt: skip
def test_golden_sentences(one: Row, milestone: str, k: int, expected: list[str]) -> None:
    """Start, rule, and the day off that moved it."""
    assert said(one, milestone, k) == expected


def test_the_office_has_closed() -> None:
    """An extra closed day is named as what it is."""
    planner = Planner(packaged("ivo-lss"), Workdays([day("Mon 2026-03-16")]))
    assert said(row("2026-01-16"), "two_months", planner=planner)[1:] == [
        "Det är ingen arbetsdag (stängd dag); nästa arbetsdag är tisdag 17 mars 2026."
    ]


def test_a_provisional_row_is_counted_from_its_first_mark() -> None:
    """The sum that is shown is right: three months from the reported mark to the next, not six."""
    text = " ".join(said(provisional("2026-04-15", start="2026-01-15"), "day_before", 2))
    assert "onsdag 15 juli 2026" in text
    assert "15 april 2026 + 6 månader" not in text
    assert "15 april 2026 + 3 månader" in text or "15 januari 2026 + 6 månader" in text


@settings(max_examples=25, deadline=None)
@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.sampled_from(["9§4", "9§10"]))
def test_the_explanation_ends_on_the_day(start: date, insats: str) -> None:
    """The last sentence names the day on which the mail goes, with its weekday; the first where the count began."""
    one = row(start.isoformat(), insats=insats)
    for event in PLANNER.simulate(one, start, start + timedelta(days=370)):
        steps = why(event, PLANNER)
        assert f"{weekday(event.day)} {long_date(event.day)}" in steps[-1]
        assert long_date(start) in steps[0]


def test_a_second_reminder_is_explained_by_the_first() -> None:
    """`overdue_2` that follows a late `overdue_1` says so: its day is five workdays after that one was sent."""
    claims = {(1, name): Claim(day("2026-04-24"), True) for name in ("two_months", "day_before", "overdue_1")}
    event = PLANNER.due(row(), claims, day("Mon 2026-05-04")).send[0]
    assert event.milestone.name == "overdue_2"
    assert "måndag 4 maj 2026" in " ".join(why(event, PLANNER))


@pytest.mark.parametrize("offset, expected", [
    ('anchor = "mark", months = 1', "fredag 15 maj 2026"),
    ('anchor = "start", months = 2, days = 3', "onsdag 18 mars 2026"),
    ('anchor = "start", months = 1, move = "previous"', "fredag 13 februari 2026"),  # Sun 15 February
    ('anchor = "mark", months = -1, days = -1, workdays = 2', "tisdag 17 mars 2026"),
])  # fmt: skip
def test_another_municipalitys_offsets(offset: str, expected: str) -> None:
    """Months from a mark, days, a day off moved back: whatever a routine file may say is explained."""
    text = f'[[milestone]]\nname = "own"\nday = {{ {offset} }}\nuseful = {{ anchor = "mark", months = 3 }}\nto = ["owner"]\n'
    planner = Planner(parse(HEAD + DUTY + text), OFFICE)
    event = next(iter(planner.simulate(row(), day("2026-01-15"), day("2026-12-31"))))
    steps = " ".join(why(event, planner))
    assert f"{weekday(event.day)} {long_date(event.day)}" == expected
    assert expected in steps


def test_what_execution_brings() -> None:
    """From the day of execution."""
    text = '[[milestone]]\nname = "plan"\nday = { anchor = "executed", months = 1 }\n'
    text += 'useful = { anchor = "executed", months = 2 }\nto = ["owner"]\n'
    planner = Planner(parse(HEAD + DUTY + text), OFFICE)
    event = planner.due(row(closing=closed("executed 2026-03-04")), {}, day("Tue 2026-04-07")).send[0]
    assert why(event, planner) == (
        "Verkställt 4 mars 2026 + 1 månad = lördag 4 april 2026.",
        "Det är ingen arbetsdag; nästa arbetsdag är tisdag 7 april 2026.",
    )


def test_law() -> None:
    """The paragraph of the duty to report."""
    assert law(day("2026-04-15")) == "28 f § LSS (1993:387)"


# What lies ahead of a row.

ANNA, BO, REPORTER = "anna@kommun.example", "bo@kommun.example", "ivo@kommun.example"
PEOPLE = People(
    (REPORTER,),
    {"boendeteamet": "bt@kommun.example"},
    frozenset({"kommun.example"}),
    {"ab": Officer(ANNA, BO, ((date(2026, 3, 1), date(2026, 3, 31)),))},
)


@pytest.mark.parametrize("mark, cut_off, expected", [
    ("Sat 2026-02-28", "quarter_end", "2026-04-01 2026-04-30"),
    ("Tue 2026-06-30", "quarter_end", "2026-07-01 2026-08-31"),
    ("Wed 2026-07-15", "quarter_end", "2026-10-01 2026-10-31"),
    ("Wed 2026-07-15", "window_end", "2026-07-01 2026-08-31"),
    ("Mon 2026-08-31", "window_end", "2026-07-01 2026-08-31"),
    ("Tue 2026-09-01", "window_end", "2026-10-01 2026-10-31"),
    ("Thu 2026-12-31", "quarter_end", "2027-01-01 2027-01-31"),
])  # fmt: skip
def test_the_window_in_which_a_mark_is_reported(mark: str, cut_off: str, expected: str) -> None:
    found = ahead.window_for(day(mark), cut_off)
    assert f"{found.first} {found.last}" == expected


def test_the_marks_ahead() -> None:
    """The latest passed one, then those to come; of a closed row only what passed before it was closed."""
    found = list(ahead.marks(row(reports=told(1)), OFFICE, "quarter_end", day("2026-05-04"), day("2026-10-31")))
    assert [(one.k, one.standing.split(":")[0]) for one in found] == [
        (1, "rapporterad"),
        (2, "ingen rapport ännu"),
        (3, "ingen rapport ännu"),
    ]
    shut = row(closing=closed("executed 2026-05-04"))
    assert [one.k for one in ahead.marks(shut, OFFICE, "quarter_end", day("2026-05-04"), day("2026-10-31"))] == [1]


@pytest.mark.parametrize("one, expected", [
    (row(), "IVO – Nyrapportering 2026-04-15, 9§4 (tas emot från tisdag 14 april 2026)."),
    (row(judgment=True), "Ingen: en dom"),
    (row(closing=closed("executed 2026-02-01")), "Ingen: stängt inom tre månader"),
    (row(closing=closed("ended 2026-02-01"), reports=told(0)), "Ingen: slutrapporten har kommit"),
])  # fmt: skip
def test_the_next_report(one: Row, expected: str) -> None:
    assert ahead.next_report(one, OFFICE, day("2026-03-02")).startswith(expected)


@pytest.mark.parametrize("one, expected", [
    (row(), "handläggaren skickar rapporten: ansvarsregel 4 ([[duty]]) gäller alla som ingen tidigare regel gäller"),
    (row(insats="9§8", external=True), "Boendeteamet skickar rapporten: ansvarsregel 1 ([[duty]]) gäller 9§8, extern utförare"),
    (row(insats="9§10"), "Centralen för sysselsättning skickar rapporten: ansvarsregel 3 ([[duty]]) gäller 9§10"),
])  # fmt: skip
def test_the_rule_that_says_who_reports(one: Row, expected: str) -> None:
    assert ahead.duty_words(one, PLANNER.routine) == expected


def whom(one: Row, milestone: str) -> list[str]:
    event = next(e for e in PLANNER.simulate(one, one.entry.start, day("2026-12-31")) if e.milestone.name == milestone)
    to = recipients(event.milestone, one.entry, PLANNER.routine, PEOPLE, event.day)
    return list(ahead.whom(event, to, PLANNER.routine, PEOPLE))


def test_who_gets_a_mail_and_why() -> None:
    """The substitute on a day of absence, the role's setting, the reporter where an address is missing."""
    assert whom(row(officer="AB"), "two_months") == [
        f"till {BO}: handläggaren (den som skickar rapporten); [people.officers], ersättare under frånvaro"
    ]
    assert whom(row(officer="AB"), "overdue_2") == [
        f"till {ANNA}: handläggaren (den som skickar rapporten); [people.officers]",
        f"till {REPORTER}: IVO-rapportören, för chefen saknar känd adress; [people] manager",
    ], "an address stands once in a mail"
    assert f"kopia till {REPORTER}: IVO-rapportören; [people] reporter" in whom(row(officer="AB"), "overdue_1")
    assert whom(row(insats="9§9", provider="u@kommun.example"), "day_before") == [
        "till bt@kommun.example: Boendeteamet (den som skickar rapporten); [people] boendeteamet",
        "till u@kommun.example: utföraren; registrets kolumn Utförare",
    ]


@pytest.mark.parametrize("one, expected", [
    (row("2024-02-29"), "beslut 29 februari 2024 + 2 år = lördag 28 februari 2026"),
    (row("2026-01-10", sort=INTERRUPTION, decision_date=date(2025, 6, 1)), "10 000–1 000 000 kr"),
    (row("2025-12-31"), "10 000–1 000 000 kr"),
    (row("2026-01-01"), "15 000–1 500 000 kr"),
    (row(judgment=True), "Okänd: dagen då domen vann laga kraft"),
    (row(judgment=True, judgment_final=date(2026, 2, 2)), "laga kraft 2 februari 2026 + 2 år = onsdag 2 februari 2028"),
    (provisional("2026-04-15", start="2026-01-15"), "Okänd: beslutets dag"),
])  # fmt: skip
def test_the_fee(one: Row, expected: str) -> None:
    """Two years from the decision, the interruption or the judgment; the range is that of the decision's own day."""
    assert expected in " ".join(ahead.fee(one))
