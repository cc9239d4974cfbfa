"""Causes in a register file: what the option list or the quarterly report knows is kept in its words, anything else is not kept at all."""

from datetime import date

import pytest

from bot.register.cause import OTHER, cause
from bot.register.reader import read
from rules import options
from rules.stats import quarterly_cause

PLACE = "Saknar plats (ex. har kö, behov av/pågående sanering/renovering/ombyggnation)"
STAFF = "Personalrelaterade skäl (ex. stor omsättning, långvarig sjukdom, rekryteringsproblem, arbetsmiljöproblem)"
CONFIRMED = "Har inte bekräftat erbjudandet"
LISTED = [each["text"] for reason in options.options()["reason"] for each in reason["causes"]]


@pytest.mark.parametrize("text", LISTED)
def test_every_text_of_the_list_is_itself(text: str) -> None:
    assert cause(text) == (text, True)
    assert cause(text.upper().replace("Å", "A").replace("Ä", "A").replace("Ö", "O"))[0] == text


@pytest.mark.parametrize(
    "said, stored",
    [
        ("", ""),
        ("Saknar plats", PLACE),
        ("saknar plats, kö till Solgården", PLACE),  # what stands after it is not kept
        ("Personalrelaterade skäl", STAFF),
        ("personalrelaterade skal", STAFF),
        ("Personalrelaterat skäl", STAFF),
        ("Personalrelaterade", STAFF),
        ("Har inte bekräftat erbjudandet", CONFIRMED),
        ("Har inte bekräftad erbjudandet", CONFIRMED),
        ("Saknar bostad", "Saknar bostad"),
        ("SAKNAR PERSONAL", "Saknar personal"),
        ("no_staff", "no_staff"),
        ("Den enskilde har tackat nej", "Den enskilde har tackat nej"),  # five of the list's: which, nobody can tell
        ("Tackat nej", "Tackat nej"),
        (
            "Den enskilde har tackat nej - Missnöjd med tid, omfattning, utförare",
            "Den enskilde har tackat nej - Missnöjd med tid, omfattning, utförare",
        ),
        ("Annat", OTHER),
        ("Annan orsak", OTHER),
        ("Övrigt", OTHER),
    ],
)
def test_known(said: str, stored: str) -> None:
    assert cause(said) == (stored, True)


@pytest.mark.parametrize(
    "said", ["Anna Ek vill vänta", "Väntar på svar från Eks mor", "saknar inte plats", "plats", "nej", "Kön", "bostad", "kö", "Har"]
)
def test_unknown_is_not_kept(said: str) -> None:
    assert cause(said) == (OTHER, False)


def test_the_four_of_the_quarter_are_kept_apart() -> None:
    said = {
        "Saknar plats": "no_housing",
        "Saknar bostad": "no_housing",
        "Saknar personal": "no_staff",
        "Tackat nej": "declined",
        "Sa nej till Eva": "other",
    }
    assert {text: quarterly_cause(cause(text)[0]) for text in said} == said


def test_a_file_tells_what_it_did_not_know() -> None:
    lines = ["Ärende;Insats;Beslutsdatum;Orsak", "1;9§4;2026-01-15;Saknar plats", "2;9§4;2026-01-15;Eva Ek är på semester", "3;9§4;2026-01-15;",
             "4;9§4;2026-01-15;191212121212 vill inte"]  # fmt: skip
    found = read("\n".join(lines).encode(), today=date(2026, 6, 30), hash_person=lambda number: "#")
    assert [entry.cause for _, entry in found.entries] == [PLACE, OTHER, "", ""]
    assert [(notice.row, notice.code) for notice in found.warnings] == [(3, "unknown_cause"), (5, "personal_data")]
    assert "Ek" not in repr(found)
