"""The way of a title through this package: cleaned, opened, cut into signs, given meaning, gathered, judged."""

import re
from datetime import date
from functools import cache
from typing import Final

from rules import identity
from rules.characters import INVISIBLE
from rules.model import Kind, Outcome, Sort, Title, Verdict
from rules.title import facts
from rules.title.dates import AHEAD, EARLIEST
from rules.title.items import Reading
from rules.title.judge import judge
from rules.title.opening import opening
from rules.title.pieces import Gathering
from rules.title.scan import signs
from rules.title.text import READ, clean
from rules.title.vocabulary import Insatser, default_insatser
from rules.title.words import words_of

CANONICAL: Final = re.compile(
    r"IVO [–-] (?:Nyrapportering( avbrott)? ([0-9]{4}-[0-9]{2}-[0-9]{2})(, Förhandsbesked)?"
    r"|Återrapportering ([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"|Slutrapportering, (verkställt|avslutat) ([0-9]{4}-[0-9]{2}-[0-9]{2})), (9§(?:10|[1-9]))"
)
"""The one right spelling of a title."""

_OK, _NEW, _FOLLOW_UP, _FINAL = Verdict.OK, Kind.NEW, Kind.FOLLOW_UP, Kind.FINAL
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
        return Title(_OK, _NEW, _CAUSES[avbrott], None, day, insats, advance is not None)
    if again:
        return Title(_OK, _FOLLOW_UP, None, None, day, insats)
    return Title(_OK, _FINAL, None, _OUTCOMES[outcome], day, insats)


def _any(title: str, today: date, insatser: Insatser | None) -> Title:
    spans = identity.find(title)
    besides = facts.PERSONAL_DATA if spans else 0
    plain = _blank(title, spans) if spans else title
    if len(plain) > READ:
        plain, beyond = plain[:READ], plain[READ:]
        if plain[-1].isdigit() and beyond[0].isdigit():
            plain = plain.rstrip("0123456789")  # half a number is not that number
        if _visible().search(beyond):
            besides |= facts.BEYOND
    text = clean(plain)
    start = opening(text)
    if start.automatic:
        return judge(_NOTHING, besides & facts.PERSONAL_DATA)
    if start.taken:
        besides |= facts.PREFIX
    words = words_of(insatser or default_insatser())
    text = text[start.end :]
    items = Reading(text, signs(text), words, today).items()
    return judge(Gathering(text, items, words.vocabulary.units).pieces(today), besides)


@cache
def _visible() -> re.Pattern[str]:
    return re.compile(rf"[^\s{INVISIBLE.pattern[1:-1]}]")


def _blank(title: str, spans: tuple[identity.Span, ...]) -> str:
    """The title with its identity numbers as spaces: their digits are nothing else besides."""
    parts, at = [], 0
    for start, end in spans:
        parts += [title[at:start], " " * (end - start)]
        at = end
    return "".join([*parts, title[at:]])


_NOTHING: Final = Gathering("", (), frozenset()).pieces(EARLIEST)
