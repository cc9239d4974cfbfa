"""Facts survive the outbox without loss."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import TemplateError
from bot.facts import KINDS, dump, load
from rules.mails import AskCase, Digest, Incident, MailFacts, Quarterly, Receipt, Reminder, ReportDiffers, TitleRejected
from tests.mails.rendered import EVERY, Case

ANY = st.one_of([st.from_type(kind) for kind in (Reminder, TitleRejected, ReportDiffers, AskCase, Receipt, Incident, Digest, Quarterly)])
NAMES = {kind: name for name, kind in KINDS.items()}


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.id)
def test_samples_come_back(case: Case) -> None:
    """Every sample, equal to itself."""
    text = dump(case.sample.facts)
    assert load(case.sample.mail, text) == case.sample.facts
    assert "\n" not in text


@given(ANY)
def test_any_facts_come_back(facts: MailFacts) -> None:
    """Whatever the types allow."""
    assert load(NAMES[type(facts)], dump(facts)) == facts


def test_unknown_name_is_a_milestone() -> None:
    """A routine of another municipality names its own milestones."""
    reminder = next(case.sample.facts for case in EVERY if case.sample.mail == "two_months")
    assert load("plan_follow_up", dump(reminder)) == reminder


def test_a_field_of_later_is_filled_in() -> None:
    """Facts from before a field existed get its default."""
    text = json.dumps({"letter": 1, "received": "2026-04-21", "answered": True})
    assert load("incident", text) == Incident(1, date(2026, 4, 21), True)
    assert load("receipt", json.dumps({"read": "x", "normalised": False, "matched": False})) == Receipt("x", False, False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '"SECRET"',
        '{"letter": "SECRET", "received": "2026-04-21", "answered": true}',
        '{"letter": true, "received": "2026-04-21", "answered": true}',
        '{"letter": 1, "received": "SECRET", "answered": true}',
        '{"letter": 1, "received": "2026-04-21", "answered": true, "SECRET": 1}',
        '{"letter": 1}',
        "[" * 100_000,
    ],
)
def test_what_is_no_facts(text: str) -> None:
    """One plain error that quotes nothing."""
    with pytest.raises(TemplateError) as caught:
        load("incident", text)
    assert "SECRET" not in str(caught.value)
