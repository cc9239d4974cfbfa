"""Says what is wrong in a configuration: one plain line a fault, with the place, and never the value."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from pydantic import ValidationError

from bot.config.model import SECTIONS
from bot.config.people import Officer

KEYS: Mapping[str, tuple[str, ...]] = {section: tuple(keys) for section, keys in SECTIONS.items()}


def variable(section: str, key: str) -> str:
    """The environment variable that overrides a key."""
    return f"IVOBOT_{section}__{key}".upper()


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like this one."""
    return get_close_matches(word, list(known), n=1, cutoff=0)[0]


def unknown_key(section: str, key: str) -> str:
    """What to say of a key that no section, or another one, has."""
    if section not in KEYS:
        return f"[{section}]: there is no such section; the nearest is [{nearest(section, KEYS)}]"
    elsewhere = [other for other, keys in KEYS.items() if key in keys]
    if elsewhere:
        return f"[{section}] {key}: there is no such key here; it belongs to [{elsewhere[0]}]"
    return f"[{section}] {key}: there is no such key; the nearest is {nearest(key, KEYS[section])}"


def outside_sections(key: str) -> str:
    """What to say of a key that stands before the first section, or of a section that is not one."""
    if key in KEYS:
        return f"{key}: must be a section: a line [{key}], its keys below"
    elsewhere = [section for section, keys in KEYS.items() if key in keys]
    place = f"it belongs to [{elsewhere[0]}]" if elsewhere else f"the nearest section is [{nearest(key, KEYS)}]"
    return f"{key}: stands outside any section; {place}"


def lines(error: ValidationError, origins: Mapping[tuple[str, str], str]) -> list[str]:
    """One line for each fault. `origins`: where a key's value came from, if not from the file: (section, key) → name."""
    found = error.errors(include_url=False, include_input=False)
    return [_line([str(part) for part in e["loc"]], e["type"], e.get("ctx", {}), origins) for e in found]


def _line(place: Sequence[str], sort: str, context: Mapping[str, object], origins: Mapping[tuple[str, str], str]) -> str:
    section, key, *deeper = [*place, "", ""][: max(2, len(place))]
    if sort == "extra_forbidden" and not deeper:
        return unknown_key(section, key)
    where = origins.get((section, key)) or f"[{section}] {key}".rstrip()
    where += "".join(f", {part}" for part in deeper)
    match sort:
        case "extra_forbidden":
            said = f"there is no such key; the nearest is {nearest(deeper[-1], Officer.model_fields)}"
        case "missing":
            said = "is missing; add it as config.example.toml shows"
        case "literal_error":
            said = f"must be {str(context['expected']).replace(chr(39), '')}"
        case "value_error":
            said = str(context["error"])
            if section == "people" and key and key not in KEYS["people"]:
                said += f"; if no role is meant, the nearest key is {nearest(key, KEYS['people'])}"
        case _:
            said = "is not written as config.example.toml shows; correct it"
    return f"{where}: {said}"
