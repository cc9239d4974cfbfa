"""Identity numbers: only spellings of the tax agency's test number 191212121212."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.identity import _matches, _plain, find, normalise, numbers

TODAY = date(2026, 11, 22)

SPELLINGS = [
    "191212121212",
    "19121212-1212",
    "19121212+1212",
    "19121212 1212",
    "19121212–1212",
    "19121212−1212",
    "19121212‑1212",
    "19121212  1212",
    "19121212 - 1212",
    "1212121212",
    "121212-1212",
    "121212+1212",
    "121212 1212",
    "1912-12-12-1212",
    "1912.12.12.1212",
    "1912/12/12-1212",
    "1912_12_12_1212",
    "12 12 12 1212",
    "19 12 12 1212",
    "12  12  12  1212",
    "12-12-12 1212",
    "19121272-1212",
    "121272-1212",
    "19121212-TF12",
    "19121212-T123",
    "19121212T123",
    "121212-TF12",
    "121212-XXXX",
    "19121212-xxxx",
    "19121212XXXX",
    "121212-****",
    "121212-12XX",
    "121212-121O",
    "1912121O-1212",
    "O01212-1212",
    "１９１２１２１２－１２１２",
    "١٩١٢١٢١٢-١٢١٢",
    "1912\u200b1212-12\u200e12",
    "191212\u00a01212",
    "191212\t1212",
    "19121212121212",
]


@pytest.mark.parametrize("written", SPELLINGS)
@pytest.mark.parametrize(
    "form", ["{}", "IVO – Nyrapportering 2026-04-15, 9§4, {}", "pnr:{}.", "§ {}", "9§{}", "({})", "2026-04-15 {}", "{} 2026-04-15"]
)
def test_every_spelling_is_found(form: str, written: str) -> None:
    text = form.format(written)
    spans = find(text)
    assert len(spans) == 1, spans
    found = text[slice(*spans[0])]
    assert len(found) >= len(written) - 1 and written.startswith(found[:6])


@pytest.mark.parametrize(
    "text",
    [
        "IVO – Nyrapportering 2026-04-15, 9§10",
        "2026-04-15 9§10",
        "20260415 9 § 10",
        "2026-04-15 2026-07-15",
        "20260415 20260715",
        "2026-04-15-2026-07-15",
        "2026041520260715",
        "260415-260715",
        "260415260715",
        "20260415 2026-07-15",
        "260415 2026-07-15",
        "9§10 05-04-2026",
        "15.04.2026 2026-07-15",
        "2026-05-12 kl10",
        "2026-05-12 kl 10",
        "2026-04-15 09:10",
        "15/4 2026",
        "2026-04-15, 1212",
        "LSS9§10 2026-04-15 LSS9§10",
        "oooooooooo",
        "",
    ],
)
def test_dates_and_insatser_are_none(text: str) -> None:
    assert find(text) == ()


@given(
    st.lists(st.sampled_from([*"0123456789Oox -+./_,X*•Tkl\n–", "19121212", "121212", "1212", "TF12", "12XX"]), max_size=14).map("".join)
)
@settings(max_examples=1000)
def test_the_first_look_misses_nothing(text: str) -> None:
    """`find` looks for what every number has before it looks for the number itself: it finds what the second look alone finds."""
    plain = _plain(text).replace("\n", " ")
    assert find(text) == (tuple((match.start(), match.end()) for match in _matches(plain)) if len(text) >= 6 else ())


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("191212-1212", "201912121212"),
        ("121212-1212", "201212121212"),
        ("121212+1212", "191212121212"),
        ("1212121212", "201212121212"),
        ("19121212-1212", "191212121212"),
        ("19121212+1212", "191212121212"),
        ("1912-12-12 1212", "191212121212"),
        ("1912121O1212", "191212101212"),
        ("19121272-1212", "191212721212"),
        ("19121212-tf12", "19121212TF12"),
        ("１９１２１２１２－１２１２", "191212121212"),
        ("19121312-1212", None),
        ("19121232-1212", None),
        ("19121212-XXXX", None),
        ("1912", None),
        ("", None),
    ],
)
def test_normalise(written: str, number: str | None) -> None:
    assert normalise(written, TODAY) == number


def test_a_number_of_ten_is_not_of_the_future() -> None:
    """A day after today belongs to the century before: 12 December 2012 was still to come in 2011."""
    assert normalise("121212-1212", date(2012, 12, 12)) == "201212121212"
    assert normalise("121212-1212", date(2012, 12, 11)) == "191212121212"
    assert normalise("121212+1212", date(2012, 12, 11)) == "181212121212"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Ärende 12, personnummer 19121212-1212.", ("191212121212",)),
        ("19121212-1212 och 191212121212", ("191212121212",)),
        ("1212121212", ("201212121212",)),  # the check digit is right
        ("1212121213", ()),  # a telephone number, as far as anybody can tell
        ("Datum: 1912-12-12\n1212 kr", ()),
        ("19121212-XXXX", ()),
        ("2026-04-15 2026-07-15", ()),
    ],
)
def test_numbers_of_a_body(body: str, found: tuple[str, ...]) -> None:
    assert numbers(body, TODAY) == found


@pytest.mark.parametrize(
    "filler",
    ["9", "9 ", "0o", "o", "12", "12-", "12 12 ", "1912 12", "-", " ", "X", "12-12-12-", "121212-", "\u200b1", "١", "19121212-121 "],
)
def test_time_is_linear(filler: str) -> None:
    """A hundred thousand characters of anything take well below a second."""
    began = time.process_time()
    find(filler * (100_000 // len(filler)))
    numbers(filler * (64_000 // len(filler)), TODAY)
    assert time.process_time() - began < 2
