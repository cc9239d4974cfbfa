"""The insats and the form that a text names: one, or none."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from rules.body.words import data, pattern, phrase
from rules.options import options

_OTHER_LAW: Final = re.compile(r"\b(?:SoL|HSL|LVU|socialtjänstlagen)\b")
_PARTS: Final = re.compile(r"[,;.()\n:]|\s[-–—/]\s|\t|\|")
_SCANNED: Final = str.maketrans("IilOo", "11100")


class Insats(NamedTuple):
    """An insats and the key of its form ("" when not told); no insats when several or none are named."""

    key: str
    form: str
    several: bool = False


def insats_of(text: str) -> Insats:
    """The insats that a value names by paragraph or by name, and its form."""
    text = text[:300]
    numbers = {_paragraph(found) for found in pattern("values_paragraph").finditer(text)}
    if "" in numbers or len(numbers) > 1 or (not numbers and _OTHER_LAW.search(text)):
        return Insats("", "", len(numbers) > 1)
    named: frozenset[str] = frozenset().union(*(_named_insats(part) for part in _PARTS.split(pattern("values_paragraph").sub(".", text))))
    if numbers:
        only = numbers.pop()
        if named and only not in named:
            return Insats("", "", True)
    elif len(named) == 1:
        only = next(iter(named))
    else:
        return Insats("", "", len(named) > 1)
    return Insats(only, form_of(text, only))


def insats_named(text: str) -> bool:
    """Whether a text begins with an insats, by paragraph or by name."""
    bare = text.strip()
    return bool(pattern("values_paragraph").match(bare)) or bool(_named_insats(_PARTS.split(bare)[0]))


def exact_insats(text: str) -> str | None:
    """The insats whose name a text is, word for word; None for anything else."""
    said = phrase(text)
    meant = all_names().get(said) or _joined_names().get(said.replace(" ", ""), frozenset())
    return next(iter(meant)) if len(meant) == 1 else None


def paragraphs(text: str) -> frozenset[str]:
    """Every paragraph `9§1`–`9§10` in a text."""
    return frozenset(filter(None, (_paragraph(found) for found in pattern("values_paragraph").finditer(text))))


def form_of(text: str, insats: str) -> str:
    """The key of the one form of the insats that a text names; "" when none or several."""
    said = f" {phrase(text)} "
    found = {form for name, form in _forms(insats).items() if f" {name} " in said}
    return found.pop() if len(found) == 1 else ""


def is_form(text: str) -> bool:
    """Whether a text names a form of any insats."""
    return any(form_of(text, each) for each in data()["forms"])


def _paragraph(found: re.Match[str]) -> str:
    written = (found["a"] or found["b"] or found["c"]).translate(_SCANNED)
    number = int(written)
    return f"9§{number}" if 1 <= number <= 10 else ""


def _named_insats(part: str) -> frozenset[str]:
    """What a part of a value can mean when it is the name of an insats, with or without a few words before it."""
    said = phrase(part)
    for cut in ("", "insatsen ", "insats ", "beslut om ", "beviljad ", "form av "):
        plain = said.removeprefix(phrase(cut) + " ") if cut else said
        if plain in all_names():
            return all_names()[plain]
    longest = max((name for name in all_names() if f" {said} ".find(f" {name} ") >= 0 and len(name) >= 6), key=len, default="")
    if longest and len(said.split()) <= len(longest.split()) + 4 and said.startswith(longest):
        return all_names()[longest]
    if len(said) >= 10:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        near = process.extract(said, [name for name in all_names() if len(name) >= 10], scorer=OSA.distance, score_cutoff=1, limit=None)
        meant = {all_names()[name] for name, _, _ in near}
        if len(meant) == 1:
            return meant.pop()
    return frozenset()


@cache
def all_names() -> dict[str, frozenset[str]]:
    """Each name of an insats, as a phrase → what it can mean."""
    found: dict[str, set[str]] = {}
    title = tomllib.loads((files("rules") / "data" / "words.toml").read_text("utf-8"))
    for choice in options()["insats"]:
        texts = (each["text"].split(" (väljs")[0] for each in choice["forms"])
        for name in (*choice["names"], *(re.sub(r"^9 § [0-9]+ ", "", text) for text in texts)):
            found.setdefault(phrase(name), set()).add(choice["key"])
    for group in (title["names"], data()["insats_names"]):
        for insats, names in group.items():
            for name in names:
                found.setdefault(phrase(name), set()).add(insats)
    for name, several in title["ambiguous_names"].items():
        found.setdefault(phrase(name), set()).update(several)
    return {name: frozenset(meant) for name, meant in found.items()}


@cache
def _joined_names() -> dict[str, frozenset[str]]:
    """The same without spaces: "dagligverksamhet"."""
    return {name.replace(" ", ""): meant for name, meant in all_names().items()}


@cache
def _forms(insats: str) -> dict[str, str]:
    """Each word for a form of the insats, as a phrase → its key."""
    return {phrase(name): form for form, names in data()["forms"].get(insats, {}).items() for name in names}
