"""The law's figures are data: dated, with their source, and the right one for the right day."""

import tomllib
from datetime import date
from typing import Any

import pytest

from rules.facts import Fact, NotInForce, histories, in_force, newest
from rules.options import insatser, options, text
from tests.rules.made import RULES, day

RAW: dict[str, list[dict[str, Any]]] = tomllib.loads((RULES / "data" / "lss.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(RAW))
def test_every_value_tells_its_source(name: str) -> None:
    """Each value has the day it began, where it stands, and the day a person compared it; the values stand in order."""
    for value in RAW[name]:
        assert type(value["since"]) is date
        assert type(value["checked"]) is date
        assert value["ref"].strip() == value["ref"] != ""
    begun = [value["since"] for value in RAW[name]]
    assert begun == sorted(set(begun))
    assert [fact.since for fact in histories()[name]] == begun


@pytest.mark.parametrize("name, on, values, ref", [
    ("report_limit", "2026-04-15", {"months": 3}, "28 f §"),
    ("report_limit", "1994-01-01", {"months": 3}, "28 f §"),
    ("final_report", "2026-04-15", {}, "28 g §"),
    ("statistics", "2026-04-15", {}, "28 h §"),
    ("fee", "1994-01-01", {"lowest": 10_000, "highest": 1_000_000}, "28 b §"),
    ("fee", "2025-12-31", {"lowest": 10_000, "highest": 1_000_000}, "28 b §"),
    ("fee", "2026-01-01", {"lowest": 15_000, "highest": 1_500_000}, "2025:1298"),
    ("fee_application", "2026-04-15", {"years": 2}, "28 e §"),
    ("sol_twin", "2025-06-30", {}, "16 kap. 6 f–6 h §§ SoL (2001:453)"),
    ("sol_twin", "2025-07-01", {}, "34 kap. 1–4 §§ SoL (2025:400)"),
    ("counting_months", "2026-04-15", {}, "1930:173"),
    ("days_off", "2026-04-15", {}, "1930:173"),
    ("windows", "2026-04-15", {"q4": [1, 1], "q1": [4, 4], "q2": [7, 8], "q3": [10, 10]}, "IVO"),
])  # fmt: skip
def test_the_value_of_a_day(name: str, on: str, values: dict[str, Any], ref: str) -> None:
    """Fee by the date of the decision, the paragraphs that texts cite by the day of the act: each day has one value."""
    fact = in_force(name, day(on))
    assert dict(fact.values) == values
    assert ref in fact.ref


@pytest.mark.parametrize("name, before", [
    ("lss", "1993-12-31"), ("report_limit", "1993-12-31"), ("fee", "1993-12-31"), ("sol_twin", "2001-12-31"),
])  # fmt: skip
def test_before_the_first_value(name: str, before: str) -> None:
    """No value of a time before the law is made up."""
    with pytest.raises(NotInForce):
        in_force(name, day(before))


def test_newest_of_a_history() -> None:
    """A changed figure is one entry more; the day before keeps its own, the first day has the new one."""
    history = [Fact(day(d), "x", day("2026-01-01"), {"n": n}) for n, d in enumerate(["1994-01-01", "2026-01-01", "2027-01-01"])]
    wanted = {"1994-01-01": 0, "2025-12-31": 0, "2026-01-01": 1, "2026-12-31": 1, "2027-01-01": 2, "2099-01-01": 2}
    assert {on: newest(history, day(on)).values["n"] for on in wanted} == wanted
    with pytest.raises(NotInForce):
        newest([], day("2026-01-01"))


def test_options_are_dated_and_whole() -> None:
    """IVO's list: ten insatser in sixteen choices, of which korttidsvistelse and bostad have four forms each."""
    assert {"since", "checked", "source"} <= set(options())
    assert insatser() == tuple(f"9§{n}" for n in range(1, 11))
    forms = {choice["key"]: len(choice["forms"]) for choice in options()["insats"]}
    assert forms == {key: 4 if key in ("9§6", "9§9") else 1 for key in insatser()}
    assert sum(forms.values()) == 16
    assert options()["free_text_max_chars"] == 4000


@pytest.mark.parametrize("insats, form, expected", [
    ("9§4", "", "9 § 4 Kontaktperson"),
    ("9§6", "stodfamilj", "9 § 6 Korttidsvistelse i form av stödfamilj"),
    ("9§6", "", "9 § 6 Korttidsvistelse"),
    ("9§6", "okänd", "9 § 6 Korttidsvistelse"),
    ("9§11", "", "9§11"),
])  # fmt: skip
def test_text_of_an_insats(insats: str, form: str, expected: str) -> None:
    """How IVO writes it, without the hint that belongs to the form."""
    assert text(insats, form) == expected
