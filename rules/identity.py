"""Swedish identity numbers in any text: personal numbers, coordination numbers and the health service's reserve numbers.

In a title everything that may be one is caught, check digit or not: a false alarm costs a look, a miss tells a secret.
Sources: folkbokföringslagen (1991:481) 18 §; Skatteverket, SKV 704 (personnummer) and SKV 707 (samordningsnummer: day + 60).
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Final

from rules.characters import DASH, INVISIBLE, replaced

Span = tuple[int, int]
"""Beginning and end of a number in the text as it was given."""

_DIGIT: Final = "[0-9Oo]"  # the letter O is written for a nought
_SEP: Final = r" {0,2}[-+./_]? {0,2}"
_MONTH: Final = "(?:[0Oo][0-9Oo]|1[0-2Oo])"
_DAY: Final = "[0-36-9Oo][0-9Oo]"
_WHOLE_TAIL: Final = rf"(?P<four>{_DIGIT}{{4}})(?![0-9])"
_MASKED_TAIL: Final = r"(?=[0-9xX*#•●]{4}(?![0-9xX*#]))[0-9]{0,3}[xX*#•●]+"
# TF12, T123. After spaces only in capitals: "2026-05-12 kl10" is a time.
_RESERVE_TAIL: Final = r"(?:(?<! )[A-Za-z]|(?<= )[A-Z])[A-Za-z0-9][0-9Oo]{2}(?![0-9])"
# The first digit is taken before what stands before it is looked at: a search for one of a few characters skips the others fast.
_FIRST: Final = rf"{_DIGIT}(?:(?<=[0-9])(?<![0-9]{{2}})|(?<=[Oo])(?<!\w[Oo]))"
_PATTERN: Final = (
    rf"{_FIRST}(?:"
    rf"(?P<run>{_DIGIT}{{9,}})"
    rf"|(?P<date>{_DIGIT}{{7}}|{_DIGIT}{{5}}|(?:{_DIGIT}{{2}})?{_DIGIT}{_SEP}{_MONTH}{_SEP}{_DAY})"
    rf"{_SEP}(?:{_WHOLE_TAIL}|(?P<masked>{_MASKED_TAIL})|(?P<reserve>{_RESERVE_TAIL})))"
)
# What every number has: ten digits with no more than separators between, or six and then a reserve end or a mask. A date has eight.
_ANY_SEP: Final = r"[-+./_ ]{0,5}+"
_LIKE = re.compile(
    rf"{_FIRST}(?:{_ANY_SEP}{_DIGIT}){{5}}(?:(?:{_ANY_SEP}{_DIGIT}){{4}}"
    rf"|(?:{_ANY_SEP}{_DIGIT}){{0,5}}{_ANY_SEP}(?:[A-Za-z][A-Za-z0-9][0-9Oo]{{2}}|[xX*#•●]))"
)
_LEAST_DIGITS: Final = 5
_OLDEST_DATE: Final = 1994  # LSS came into force
_SECOND_DATE = re.compile(r"((?:19|20)[0-9]{2}) ?[-./_ ]? ?([0-9]{1,2}) ?[-./_ ]? ?([0-9]{1,2})(?![0-9])")
_AFTER_A_NUMBER = re.compile(r"[0-9]{2} +[0-9]{2}([-./])[0-9]{2}\1(?:19|20)[0-9]{2}")
_ODD = re.compile("[^\n\x20-\x7d§åäöéÅÄÖÉ]")  # most texts hold nothing of what has to be made plain
_ODD_DIGIT = re.compile(r"[^\D0-9]|[\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468]")
_ODD_SPACE = re.compile(r"[^\S\n ]")
_ODD_O = re.compile("[\u039f\u03bf\u041e\u043e\u0555\u0585]")
_WRITTEN = re.compile(
    r"(?P<first>(?:[0-9]{2})?[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?P<plus>\+?)(?P<last>[0-9]{4}|[A-Z][A-Z0-9][0-9]{2})"
)


def find(text: str) -> tuple[Span, ...]:
    """Gives the span of everything that may be an identity number, in order; linear in the length of the text.

    Over-catches: any run of ten or more digits, any separator, a letter O for a nought, a masked end, no check digit asked for.
    Two complete dates after each other are dates. No errors.
    """
    if len(text) < 6:
        return ()
    plain = _plain(text).replace("\n", " ")
    like = _LIKE.search(plain)
    if like is None:  # nearly every title
        return ()
    found = tuple((match.start(), match.end()) for match in _matches(plain, like.start()))
    if not found or len(plain) == len(text):
        return found
    unseen = set(INVISIBLE.findall(text))
    places = [place for place, char in enumerate(text) if char not in unseen]
    return tuple((places[start], places[end - 1] + 1) for start, end in found)


def numbers(body: str, today: date) -> tuple[str, ...]:
    """Gives each identity number of a body once, in order, as `normalise` gives it.

    Stricter than `find`, because what it gives is looked up: a real date, not masked, not broken over two lines, and a right check digit
    where ten digits stand together without a sign, as telephone numbers do. Linear in the length of the body.
    """
    plain = _plain(body)
    found: dict[str, None] = {}
    for match in _matches(plain):
        if match["masked"]:
            continue
        number = normalise(match[0], today)
        if number is not None and (match["run"] is None or len(match[0]) == 12 or _checks(number[2:])):
            found[number] = None
    return tuple(found)


def normalise(text: str, today: date) -> str | None:
    """Gives the twelve-character form (`191212121212`) of one written number; None if the text is none or has no such day.

    A number of ten is of the latest century in which its day is not after `today`; with `+` the person is a hundred or older, and it is a
    century earlier. The day of a coordination number stays 60 higher; the end of a reserve number stays in capitals.
    """
    plain = _plain(text.strip())
    plain = re.sub("[Oo]", "0", plain)
    written = _WRITTEN.fullmatch(re.sub(r"[ \-./_]", "", plain).upper())
    if written is None:
        return None
    first, month, day = written["first"], int(written["month"]), int(written["day"])
    if len(first) == 4:
        year = int(first)
        if not 1800 <= year <= today.year:
            return None
    else:
        year = today.year - (today.year - int(first)) % 100
        if (year, month, day % 60) > (today.year, today.month, today.day):
            year -= 100
        year -= 100 * bool(written["plus"])
    try:
        date(year, month, day % 60 if day > 60 else day)
    except ValueError:
        return None
    return f"{year:04}{written['month']}{written['day']}{written['last']}"


def _matches(plain: str, at: int = 0) -> Iterator[re.Match[str]]:
    """Each number in a text of plain characters, without what is two dates; at: none begins before."""
    search = _number().search
    while match := search(plain, at):
        at = match.end()
        if sum(char.isdigit() for char in match[0][:12]) < _LEAST_DIGITS:
            continue
        if match["run"]:
            if _are_two_dates(match[0]):
                continue
        elif match["four"] and (_SECOND_DATE.match(plain, match.start("four")) or _AFTER_A_NUMBER.fullmatch(match[0])):
            at = match.end("date")
            continue
        yield match


@cache
def _number() -> re.Pattern[str]:
    """Compiled when it is first needed: a title in canonical form holds no identity number."""
    return re.compile(_PATTERN)


def _are_two_dates(run: str) -> bool:
    """Whether a run of digits is two complete dates without anything between."""
    if len(run) not in (12, 14, 16) or not run.isdigit():
        return False
    if len(run) == 12 and run[:2] in ("18", "19", "20"):
        return False  # twelve digits that begin with a century are a personal number
    return any(_is_date(run[:cut]) and _is_date(run[cut:]) for cut in (6, 8))


def _is_date(digits: str) -> bool:
    """Whether six or eight digits are a date that a title may hold; a day long ago is rather the beginning of a number."""
    if len(digits) not in (6, 8):
        return False
    year = int(digits[:-4]) + (2000 if len(digits) == 6 else 0)
    if not (_OLDEST_DATE <= year < 2100 if len(digits) == 8 else 2020 <= year < 2050):
        return False
    try:
        date(year, int(digits[-4:-2]), int(digits[-2:]))
    except ValueError:
        return False
    return True


def _checks(ten: str) -> bool:
    """Whether the last digit is right (SKV 704: Luhn over the ten digits)."""
    if not ten.isdigit():
        return False
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(ten))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _plain(text: str) -> str:
    """The text with plain digits, dashes and spaces, character for character, without the invisible ones."""
    text = text.replace("–", "-").replace("—", "-")  # the two that people write
    if not _ODD.search(text):
        return text
    text = INVISIBLE.sub("", text)
    for char in set(_ODD_DIGIT.findall(text)):
        text = text.replace(char, str(unicodedata.digit(char)))
    return replaced(replaced(replaced(text, DASH, "-"), _ODD_SPACE, " "), _ODD_O, "O")
