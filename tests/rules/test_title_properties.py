"""What holds for every title."""

import json
import re
import time
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.model import Flaw, Kind, Outcome, Sort, Verdict, canonical
from rules.title import as_json, json_line, read, suggest
from rules.title.items import Reading
from rules.title.pieces import Gathering
from rules.title.scan import _FORMS, signs
from rules.title.text import clean, fold
from rules.title.vocabulary import default_insatser, vocabulary
from rules.title.words import Words, words_of

TODAY = date(2026, 11, 22)
DAYS = st.dates(date(1994, 1, 1), TODAY + timedelta(days=31))
INSATSER = st.integers(1, 10).map("9§{}".format)
REPORTS = st.one_of(
    st.builds(canonical, st.just(Kind.NEW), DAYS, INSATSER, cause=st.sampled_from(Sort), advance_ruling=st.booleans()),
    st.builds(canonical, st.just(Kind.FOLLOW_UP), DAYS, INSATSER),
    st.builds(canonical, st.just(Kind.FINAL), DAYS, INSATSER, outcome=st.sampled_from(Outcome)),
)
PLAIN_PIECES = st.sampled_from(
    [
        "IVO",
        "ivo",
        "Nyrapportering",
        "återrapportering",
        "Slutrapportering",
        "verkställt",
        "Avslutat",
        "FÖRHANDSBESKED",
        "beslutet",
        "LSS",
        "den",
        "gällande",
        "2026-04-15",
        "15/4 2026",
        "260415",
        "2026-04-31",
        "verkställt i",
        "avbrott i",
        "boende",
        "kontaktperson",
        "kontakt",
        "9§",
        "9§12",
        "9 § punkt 4",
        "28 f §",
        "9§10",
        "9 § 4",
        "9§ 1",
        "avslutade",
        "rapporteringen",
        " ",
        " ",
        " ",
        ", ",
        " – ",
        "-",
        "/",
        "(",
        ".",
        ": ",
    ]
)
NOISE = st.text(st.characters(), max_size=60)
PIECES = st.sampled_from(
    [
        "IVO",
        "Nyrapportering",
        "åter",
        "slut",
        "rapport",
        "verkställt",
        "avslutat",
        "ej",
        "delvis",
        "avbrott",
        "Förhandsbesked",
        "9§10",
        "9§",
        "9:10",
        "LSS",
        "SoL",
        "2026-04-15",
        "15/4",
        "2026",
        "260415",
        "15",
        "april",
        "kontaktperson",
        "boende",
        "DATUM",
        "INSATS",
        "191212-1212",
        "och",
        ",",
        "–",
        "/",
        "(",
        "Kalle",
        "SV:",
        "[EXTERN]",
    ]
)
ANYTHING = st.one_of(
    NOISE, st.lists(PIECES, max_size=12).map(" ".join), st.tuples(REPORTS, NOISE).map(" ".join), st.tuples(NOISE, REPORTS).map(" ".join)
)


def pieces(text: str) -> tuple[object, ...]:
    title = read(text, TODAY)
    return (title.kind, title.cause, title.outcome, title.date, title.insats, title.advance_ruling, title.errors)


@given(REPORTS)
def test_right_spelling_is_ok_and_comes_back(text: str) -> None:
    title = read(text, TODAY)
    assert (title.verdict, title.errors, suggest(title)) == (Verdict.OK, (), (text,))


@given(
    REPORTS,
    st.sampled_from(["lower", "upper", "dash", "plain", "prefix", "spaces", "no comma", "nfd", "latin", "dot", "invisible", "question"]),
)
def test_a_title_read_as_the_right_one(text: str, change: str) -> None:
    """A title that a person reads as the right one is read as the right one."""
    changed = {
        "lower": text.lower(),
        "upper": text.upper(),
        "dash": text.replace("–", "\u2014"),
        "plain": fold(text).replace("–", "-"),
        "prefix": f"SV: [EXTERN] {text}",
        "spaces": text.replace(" ", "\u00a0 "),
        "no comma": text.replace(",", ""),
        "nfd": text.replace("ö", "o\u0308").replace("Å", "A\u030a") + " ",
        "latin": text.encode().decode("latin-1"),
        "dot": text + ".",
        "invisible": "\u200b".join(text),
        "question": text.replace("ö", "?").replace("ä", "?").replace("Å", "?") + " ",
    }[change]
    assert read(changed, TODAY).verdict is Verdict.ACCEPTED
    assert pieces(changed) == pieces(text)


class Nothing(dict[str, Any]):
    """Usual words of which none is known."""

    def get(self, key: str, default: Any = None) -> Any:
        return default


@example("Nyrapportering en 2026-04-15")
@example("avbrott i tors verkställighet")
@given(st.one_of(ANYTHING, st.lists(PLAIN_PIECES, max_size=9).map("".join)))
@settings(max_examples=600)
def test_usual_words_are_read_as_with_a_close_look(text: str) -> None:
    """What `Reading` tells at once of a word is what it finds when it looks at each word and its neighbours."""
    words, slow = words_of(default_insatser()), Words(vocabulary(default_insatser()))
    slow.usual, slow.letters = Nothing(), Nothing()
    cleaned = clean(text[:998])
    found = signs(cleaned)
    quick, close = (Reading(cleaned, found, each, TODAY).items() for each in (words, slow))
    assert quick == close
    units = words.vocabulary.units
    assert Gathering(cleaned, quick, units).pieces(TODAY) == Gathering(cleaned, close, units).pieces(TODAY)


@example("9 l 9 §")
@example("15 maj, 9 (§), 12,5, 9, 20260415, 4 st")
@given(st.one_of(ANYTHING, st.text("0123456789 -./:,_§pkaemj(", max_size=25)))
@settings(max_examples=600)
def test_what_is_told_at_once_is_what_the_other_forms_say(text: str) -> None:
    """The first forms of the scan only save time: without them the same sign is found, by a later form."""
    cleaned = clean(text[:998])
    early = {"word", "iso", "number"}
    later = _FORMS[3:]
    pattern = re.compile("|".join(f"({form})" for _, form in later))
    for sign in signs(cleaned):
        if sign.form in early:
            found = pattern.match(cleaned, sign.start)
            assert found and found.end() == sign.end
            assert later[(found.lastindex or 0) - 1][0] == sign.form.replace("iso", "ymd")


@given(st.one_of(ANYTHING, REPORTS))
def test_the_line_of_json_is_the_object(text: str) -> None:
    title = read(text, TODAY)
    line = json_line(text, title)
    assert line == json.dumps(as_json(text, title), ensure_ascii=False) + "\n"


@given(ANYTHING)
@settings(max_examples=400)
def test_what_holds_for_every_title(text: str) -> None:
    title = read(text, TODAY)
    good = title.verdict in (Verdict.OK, Verdict.ACCEPTED)
    assert list(title.errors) == sorted(set(title.errors))
    assert (title.verdict is Verdict.REJECTED) == (bool(title.errors) and title.verdict is not Verdict.NOT_A_REPORT)
    assert not good or None not in (title.kind, title.date, title.insats)
    assert (title.cause is not None) == (title.kind is Kind.NEW)
    assert title.outcome is None or title.kind is Kind.FINAL
    if title.verdict is Verdict.NOT_A_REPORT:
        assert (title.kind, title.date, title.insats, title.notes, suggest(title)) == (None, None, None, (), ())
        assert set(title.errors) <= {Flaw.PERSONAL_DATA}
    for right in suggest(title):
        whole = "Å" not in right.removeprefix("IVO – Å") and "_" not in right
        assert not whole or read(right, TODAY).verdict is Verdict.OK


@given(NOISE)
def test_a_number_is_never_missed(text: str) -> None:
    title = read(f"{text} 19121212-1212", TODAY)
    assert Flaw.PERSONAL_DATA in title.errors


@given(NOISE)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert once == " ".join(once.split())


@pytest.mark.parametrize(
    "filler",
    [
        " ",
        "0",
        "9",
        "-",
        "?",
        "§",
        "a",
        "å",
        "(",
        "[a]",
        "9 ",
        "9§",
        "SV: ",
        "1-",
        "1.1",
        "ny ",
        "ny-",
        "15 ",
        "15 april ",
        "\u0301",
        "\u200b",
        "Ã",
        "ﷺ",
    ],
)
@pytest.mark.parametrize("length", [998, 10_000, 100_000])
def test_time_is_bounded(filler: str, length: int) -> None:
    """Generous, because other work may share the machine; the benchmark is strict."""
    text = filler * (length // len(filler))
    read(text, TODAY)
    began = time.process_time()
    read(text, TODAY)
    assert time.process_time() - began < 0.1
