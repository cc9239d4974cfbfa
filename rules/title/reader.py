"""The way of a title through this package: cleaned, opened, cut into signs, given meaning, gathered, judged."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from rules import identity
from rules.characters import INVISIBLE
from rules.model import Kind, Outcome, Sort, Title, Verdict
from rules.title.dates import AHEAD, EARLIEST
from rules.title.items import Reading
from rules.title.judge import judge
from rules.title.notes import notes
from rules.title.opening import opening
from rules.title.pieces import Gathering, Pieces
from rules.title.scan import Sign, signs
from rules.title.short import short
from rules.title.text import READ, clean
from rules.title.vocabulary import Insatser, default_insatser
from rules.title.words import Words, words_of

CANONICAL: Final = re.compile(
    r"IVO [–-] (?:Nyrapportering( avbrott)? ([0-9]{4}-[0-9]{2}-[0-9]{2})(, Förhandsbesked)?"
    r"|Återrapportering ([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"|Slutrapportering, (verkställt|avslutat) ([0-9]{4}-[0-9]{2}-[0-9]{2})), (9§(?:10|[1-9]))"
)
"""The one right spelling of a title."""

_OUTCOMES: Final = {"verkställt": Outcome.EXECUTED, "avslutat": Outcome.ENDED}
_CAUSES: Final = {None: Sort.DECISION, " avbrott": Sort.INTERRUPTION}


def read(title: str, today: date, insatser: Insatser | None = None) -> Title:
    """Gives what a title says and what is wrong with it.

    title: as received, decoded, any length; only its first 998 characters are read, but identity numbers are looked for in all of it.
    today: local calendar day, for what is plausible and for years of two digits. insatser: the names to know, else the default ones.
    Never fails: whatever is no report is `not_a_report`.
    """
    found = CANONICAL.fullmatch(title)
    if found is not None:
        settled = _canonical(found, today)
        if settled is not None:
            return settled
    return _any(title, today, insatser)


def _canonical(found: re.Match[str], today: date) -> Title | None:
    """A title in its right spelling; None if its date cannot be: the long way tells why."""
    avbrott, new, advance, again, outcome, final, insats = found.groups()
    try:
        day = date.fromisoformat(new or again or final)
    except ValueError:
        return None
    if not EARLIEST <= day <= today + AHEAD:
        return None
    if new:
        return Title(Verdict.OK, Kind.NEW, _CAUSES[avbrott], None, day, insats, advance is not None)
    if again:
        return Title(Verdict.OK, Kind.FOLLOW_UP, None, None, day, insats)
    return Title(Verdict.OK, Kind.FINAL, None, _OUTCOMES[outcome], day, insats)


def _any(title: str, today: date, insatser: Insatser | None) -> Title:
    spans = identity.find(title)
    plain = _blank(title, spans) if spans else title
    read_part, beyond = plain[:READ], plain[READ:]
    if beyond and read_part[-1:].isdigit() and beyond[:1].isdigit():
        read_part = read_part.rstrip("0123456789")  # half a number is not that number
    text = clean(read_part)
    start = opening(text)
    if start.automatic:
        return judge(_NOTHING, bool(spans), False, ())
    words = words_of(insatser or default_insatser())
    text = text[start.end :]
    found = list(signs(text))
    pieces, told = short(text, found, words, today, start.taken) or long(text, found, words, today, start.taken)
    return judge(pieces, bool(spans), bool(beyond) and bool(INVISIBLE.sub("", beyond).strip()), told)


def long(text: str, found: Sequence[Sign], words: Words, today: date, prefix: bool) -> tuple[Pieces, tuple[str, ...]]:
    """Gives the pieces and notes of any cleaned text. prefix: something was taken off before it."""
    items = Reading(text, found, words, today).items()
    pieces = Gathering(text, items, words.vocabulary.units).pieces(today)
    return pieces, notes(text, items, pieces, prefix)


def _blank(title: str, spans: tuple[identity.Span, ...]) -> str:
    """The title with its identity numbers as spaces: their digits are nothing else besides."""
    parts, at = [], 0
    for start, end in spans:
        parts += [title[at:start], " " * (end - start)]
        at = end
    return "".join([*parts, title[at:]])


_NOTHING: Final = Gathering("", (), frozenset()).pieces(EARLIEST)
