"""Who sends the report, and to whom a mail goes."""

from datetime import date
from typing import Any

import pytest

from rules.duty import Officer, People, concerned, recipients
from rules.routine import Milestone, packaged
from tests.rules.made import day, entry

ROUTINE = packaged("ivo-lss")
REPORTER, BOSS, TEAM, CENTRE = (f"{n}@kommun.example" for n in ("ivo", "chef", "boendeteamet", "centralen"))
ANNA, BO, CIA = (f"{n}@kommun.example" for n in ("anna", "bo", "cia"))
JULY = ((date(2026, 7, 1), date(2026, 7, 31)),)
PEOPLE = People(
    (REPORTER,),
    {"manager": BOSS, "boendeteamet": TEAM, "centralen": CENTRE},
    frozenset({"kommun.example"}),
    {
        "an": Officer(ANNA, BO, JULY),
        "cia ek": Officer(CIA, "", JULY),
        "dan": Officer("dan@annan.example"),
        "eva": Officer(ANNA, "x@annan.example", JULY),
    },
)
TODAY = day("2026-04-16")


def milestone(name: str, **changes: Any) -> Milestone:
    found = next(m for m in ROUTINE.milestone if m.name == name)
    return found.model_copy(update=changes)


def to(name: str, on: date = TODAY, people: People = PEOPLE, **said: Any) -> str:
    """ "to | cc" of one mail."""
    found = recipients(milestone(name), entry(**said), ROUTINE, people, on)
    return f"{' '.join(found.to)} | {' '.join(found.cc)}".replace("@kommun.example", "").strip()


@pytest.mark.parametrize("insats, external, owner", [
    *[(f"9§{n}", external, "officer") for n in range(1, 8) for external in (False, True)],
    ("9§8", False, "officer"),
    ("9§8", True, "boendeteamet"),
    ("9§9", False, "boendeteamet"),
    ("9§9", True, "boendeteamet"),
    ("9§10", False, "centralen"),
    ("9§10", True, "centralen"),
])  # fmt: skip
def test_owner(insats: str, external: bool, owner: str) -> None:
    """The officer, but Boendeteamet for external 9§8 and all 9§9, and Centralen for 9§10."""
    assert ROUTINE.owner(entry(insats=insats, external=external)) == owner
    also_told = milestone("officer_notice").when.holds(entry(insats=insats, external=external), owner)
    assert also_told == (owner != "officer")  # only there the officer is told besides


@pytest.mark.parametrize("name, said, expected", [
    ("two_months", {}, "anna |"),
    ("two_months", {"insats": "9§9"}, "boendeteamet |"),
    ("two_months", {"insats": "9§8", "external": True}, "boendeteamet |"),
    ("two_months", {"insats": "9§10"}, "centralen |"),
    ("officer_notice", {"insats": "9§10"}, "anna |"),
    ("day_before", {"provider": "Solhem@Kommun.Example "}, "anna solhem |"),
    ("day_before", {"insats": "9§9", "provider": "solhem@kommun.example"}, "boendeteamet solhem |"),
    ("overdue_1", {}, "anna | ivo"),
    ("overdue_2", {}, "anna chef | ivo"),
    ("overdue_2", {"insats": "9§10"}, "centralen chef | ivo"),
    # no known address: the reporter instead, who is not also a copy
    ("two_months", {"officer": ""}, "ivo |"),
    ("two_months", {"officer": "Okänd Person"}, "ivo |"),
    ("overdue_1", {"officer": ""}, "ivo |"),
    ("officer_notice", {"insats": "9§9", "officer": "Okänd"}, "ivo |"),
    # a provider without an address gets no mail, and nobody stands in
    ("day_before", {"provider": "Solhem AB"}, "anna |"),
    ("day_before", {"provider": ""}, "anna |"),
    ("day_before", {"provider": "solhem@annan.example"}, "anna |"),
    ("day_before", {"provider": "Sol solhem@kommun.example"}, "anna |"),
    # nothing leaves the own domains
    ("two_months", {"officer": "anna@annan.example"}, "ivo |"),
    ("two_months", {"officer": "anna@kommun.example.annan.example"}, "ivo |"),
    ("two_months", {"officer": "anna@underkommun.example"}, "ivo |"),
    ("two_months", {"officer": "dan"}, "ivo |"),
    ("two_months", {"officer": "Anna K anna@kommun.example"}, "ivo |"),  # no address
    ("two_months", {"officer": "@kommun.example"}, "ivo |"),
    # names and signatures, in any case and spacing
    ("two_months", {"officer": "AN"}, "anna |"),
    ("two_months", {"officer": " Cia   Ek "}, "cia |"),
    ("two_months", {"officer": "ANNA@KOMMUN.EXAMPLE"}, "anna |"),
    # an address once in a mail
    ("day_before", {"provider": ANNA}, "anna |"),
    ("overdue_2", {"officer": BOSS}, "chef | ivo"),
    ("overdue_1", {"officer": REPORTER}, "ivo |"),
])  # fmt: skip
def test_recipients(name: str, said: dict[str, Any], expected: str) -> None:
    """Of each milestone, by the table of responsibilities."""
    assert to(name, **said) == expected


@pytest.mark.parametrize("officer, on, expected", [
    ("AN", "2026-06-30", "anna |"), ("AN", "2026-07-01", "bo |"), ("AN", "2026-07-31", "bo |"), ("AN", "2026-08-01", "anna |"),
    ("cia ek", "2026-07-15", "cia |"),  # no substitute: the officer's own inbox
    ("eva", "2026-07-15", "ivo |"),  # a substitute outside the own domains is no known address
])  # fmt: skip
def test_substitutes(officer: str, on: str, expected: str) -> None:
    """On days of absence, first and last inside, the substitute gets the mail."""
    assert to("two_months", day(on), officer=officer) == expected


def test_units_without_address() -> None:
    """A unit or manager that is not configured is replaced by the reporter; the mail tells in whose place."""
    bare = People((REPORTER, "ivo2@kommun.example"), {}, frozenset({"kommun.example"}))
    assert to("two_months", people=bare, insats="9§10") == "ivo2 ivo |"
    assert to("overdue_2", people=bare, insats="9§10") == "ivo2 ivo |"
    assert to("overdue_1", people=bare) == "anna | ivo2 ivo"
    assert recipients(milestone("two_months"), entry(insats="9§10"), ROUTINE, bare, TODAY).missing == "centralen"
    assert recipients(milestone("overdue_2"), entry(), ROUTINE, bare, TODAY).missing == "manager"
    assert recipients(milestone("two_months"), entry(officer=""), ROUTINE, bare, TODAY).missing == "officer"
    assert recipients(milestone("two_months"), entry(), ROUTINE, bare, TODAY).missing == ""


@pytest.mark.parametrize("to_roles", [("provider",), ("provider", "owner"), ("officer",), ("reporter",), ("manager",)])
@pytest.mark.parametrize("officer", ["", ANNA])
def test_no_mail_to_nobody(to_roles: tuple[str, ...], officer: str) -> None:
    """Whomever a routine writes to, somebody gets the mail: the reporter, if nobody else is known."""
    bare = People((REPORTER,), {}, frozenset({"kommun.example"}))
    found = recipients(milestone("two_months", to=to_roles), entry(officer=officer), ROUTINE, bare, TODAY)
    assert found.to
    assert not set(found.to) & set(found.cc)


def test_a_provider_in_copy_is_left_out_too() -> None:
    """Where the provider's address is not known, the reporter gets no copy in its place."""
    found = recipients(milestone("two_months", cc=("provider",)), entry(provider="Solhem AB"), ROUTINE, PEOPLE, TODAY)
    assert (found.to, found.cc) == ((ANNA,), ())


@pytest.mark.parametrize("on, said, expected", [
    ("2026-04-16", {"officer": "AN"}, {ANNA}),
    ("2026-07-16", {"officer": "AN"}, {ANNA, BO}),  # the substitute, and the officer still
    ("2026-04-16", {"insats": "9§9"}, {ANNA, TEAM}),
    ("2026-04-16", {"unit": "Korttids@Kommun.Example"}, {ANNA, "korttids@kommun.example"}),
    ("2026-04-16", {"unit": "Korttidsenheten", "provider": CIA}, {ANNA}),
    ("2026-04-16", {"officer": "", "unit": "x@annan.example"}, set()),
])  # fmt: skip
def test_concerned(on: str, said: dict[str, Any], expected: set[str]) -> None:
    """Whose row it is: officer, unit and owner, by known addresses of ours only; a provider is not."""
    assert concerned(entry(**said), ROUTINE, PEOPLE, day(on)) == expected


def test_units_are_no_officers() -> None:
    """Function addresses and the reporter's are units; any other sender is a person."""
    assert PEOPLE.is_unit(TEAM) and PEOPLE.is_unit(REPORTER)
    assert not PEOPLE.is_unit(ANNA)
