"""Which case numbers a body names."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.body import case_key, named, unknown_case


@pytest.mark.parametrize("body", [
    "E-101", "Ärende: E-101",
    "ärende E-101.", "(E-101)", "Gäller E-101, kontaktperson", "e-101", "ÄRENDE:E-101", "\tE-101\r\n", "\"E-101\"",
    "E-101:", "*E-101*", "<p>E-101</p>", "Rapport\nÄrende: E-101\nInsats: 9§4", "[E-101]", "E-101?",
    "Arende: E-101", "Ärendenummer: E-101",
    "Ärende\u00a0E-101",
])  # fmt: skip
def test_a_case_number_as_a_word_of_its_own(body: str) -> None:
    """Wherever it stands, whatever punctuation is around it, in either letter case."""
    assert case_key("E-101") in named(body).keys


@pytest.mark.parametrize("body", [
    "E-1012", "XE-101", "E-101-2", "E-101/2", "AE-101", "E-1 01", "E-101a", "x" * 80 + "E-101",
    "https://a.example/" + "y" * 62 + "E-101", "",
])  # fmt: skip
def test_part_of_a_longer_word_is_no_case_number(body: str) -> None:
    """However long the word is."""
    assert case_key("E-101") not in named(body).keys


@pytest.mark.parametrize("body, expected", [
    ("Ärende: 4711", True), ("ärende 4711", True), ("Ärendenummer: 4711.", True), ("Ärendenr 4711", True), ("ÄRENDE = 4711", True),
    ("Ärende: 4711, 9§4", True), ("Ärende - 4711", True), ("Arende: 4711", True), ("Ärende: 4711 (kontaktperson)", True),
    ("Ärende 12 och ärende 4711", True), ("Ärende: 12, Ärende: 4711", True), (unicodedata.normalize("NFD", "Ärende: 4711"), True),
    ("4711", False), ("Telefon 4711", False), ("Ärenden i kö: många, 4711", False), ("Deltagare 4711", False), ("4711 Ärende", False),
    ("Ärende: 47112", False), ("Ärende: E-1\n4711", False), ("verkärende: 4711", False),
])  # fmt: skip
def test_bare_numbers_only_after_the_label(body: str, expected: bool) -> None:
    """A number is a case number only where the body says so."""
    assert ("4711" in named(body).keys) is expected


@pytest.mark.parametrize("body, expected", [
    ("Ärende: E-101", "E-101"), ("Ärende: 4711", "4711"), ("Ärende: 2026/117.", "2026/117"), ("Ärende: gäller Kalle", ""), ("E-101", ""),
    ("Ärende: ", ""), ("Ärende om kontaktperson", ""), ("", ""), ("Ärende: -", ""),
])  # fmt: skip
def test_a_case_that_the_register_may_not_know(body: str, expected: str) -> None:
    """What follows the label and looks like a number: never a name or a sentence."""
    assert unknown_case(named(body)) == expected


def test_one_key_for_one_case() -> None:
    """NFC and NFD, capitals and white space make no difference."""
    assert case_key("  ÄR  1 ") == case_key(unicodedata.normalize("NFD", "är 1")) == "är 1"
    assert case_key("Ärende 1") != case_key("Ärende 2")


@pytest.mark.parametrize("piece", [
    "Ärende: ", "ärende", "Ä", " ", "x", "E-101 ", "Ärende\n", "a\u0308rende:", "ärende:::",
    "- ", ";", "\u00a0", "(", "ÄrendeÄrende ", "12 ",
])  # fmt: skip
def test_hostile_bodies_are_read_in_linear_time(piece: str) -> None:
    """Ten times the length costs about ten times, a megabyte never seconds."""
    body = piece * (1_000_000 // len(piece))
    begun = time.perf_counter()
    found = named(body)
    assert time.perf_counter() - begun < 3
    assert len(found.labelled) <= 40


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(body: str) -> None:
    """Never an exception; keys are comparable forms, no bare number comes without its label."""
    found = named(body)
    assert all(key == case_key(key) for key in found.words)
    assert not [word for word in found.words if word.isdigit()]
    unknown_case(found)


def test_a_case_late_in_a_long_thread_is_found() -> None:
    """Quoted history before it does not hide what the body names by its label."""
    assert "e-101" in named(" ".join(f"ord{n}" for n in range(5_000)) + "\nÄrende: E-101").keys
