"""The word lists of `words.toml`, folded: what cells say for yes, no, nothing, a sex or a form."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.register.text import spellings


@dataclass(frozen=True, slots=True)
class Words:
    """Each list in every spelling, folded; `sex` and `forms` give word → value, forms by `insats/key`."""

    empty: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    external: Mapping[str, bool]
    not_yet: frozenset[str]
    no_day: frozenset[str]  # ISO days, not folded
    footer: frozenset[str]
    sex: Mapping[str, str]
    forms: Mapping[str, str]


def _all(words: Iterable[str]) -> frozenset[str]:
    return frozenset(spelling for word in words for spelling in spellings(word))


@cache
def words() -> Words:
    """The lists as `words.toml` has them."""
    raw = tomllib.loads((files("bot.register") / "words.toml").read_text("utf-8"))
    return Words(
        empty=_all(raw["empty"]),
        yes=_all(raw["yes"]),
        no=_all(raw["no"]),
        external={word: answer == "yes" for answer, listed in raw["external"].items() for word in _all(listed)},
        not_yet=_all(raw["not_yet"]),
        no_day=frozenset(raw["no_day"]),
        footer=_all(raw["footer"]),
        sex={word: sex for sex, listed in raw["sex"].items() for word in _all(listed)},
        forms={word: form for form, listed in raw["forms"].items() for word in _all(listed)},
    )
