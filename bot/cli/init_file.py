"""The file that `ivobot init` writes: config.example.toml with the answers put in their places."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bot
from bot.errors import ConfigError

NAME = "config.example.toml"
HEAD = """\
# The configuration of ivobot, written by `ivobot init`. `ivobot check` says what is wrong or missing.
"""
MODE = """\
# This file begins with "dry": the folder data_dir is then for mode dry only. For "team" and "live" name another one.
"""
_SECTION = re.compile(r"\[([a-z_.]+)\]")


def example() -> str:
    """The example configuration: beside the program's source, in the installed program, or here. Raises ConfigError."""
    package = Path(bot.__file__).parent
    for folder in (package.parent, package, Path.cwd()):
        try:
            return (folder / NAME).read_text("utf-8")
        except OSError:
            continue
    raise ConfigError(f"{NAME} did not come with this installation; run `ivobot init` in the folder of the program's source.")


def filled(source: str, values: Mapping[str, Mapping[str, Any]], notes: Mapping[tuple[str, str], str]) -> str:
    """The example with these values in place of its own, comments kept.

    A key that the example shows as not set is set there; one that it does not show comes first in its section. notes: what to write in
    place of a secret.
    """
    left = {section: dict(part) for section, part in values.items()}
    officers = left.get("people", {}).pop("officers", {})
    told = dict(notes)
    section, out = "", []
    for line in _begun(source):
        if found := _SECTION.fullmatch(line):
            section = found[1]
            out.append(line)
            shown = _keys_of(source, section)
            out += [_line(key, left[section].pop(key)) for key in [*left.get(section, {})] if key not in shown]
            if section == "people.officers":
                out += [_line(key, value) for key, value in officers.items()]
            continue
        key = _key(line)
        if (section, key) in told:
            out.append(f"# {key}: {told.pop((section, key))}")
        elif key in left.get(section, {}):
            out.append(_line(key, left[section].pop(key)))
        elif (section, key) == ("mailbox", "path") and not line.startswith("#"):
            out.append(f"#{line}")
        else:
            out.append(line)
    return "\n".join(out) + "\n"


def _begun(source: str) -> list[str]:
    """The example's lines with a head of our own, and without what only holds for the example."""
    lines = source.splitlines()
    while lines and lines[0].startswith("#") and lines[0] != "#":
        lines.pop(0)
    out, passing = HEAD.splitlines(), False
    for line in lines:
        passing = line.startswith('# Here it is "live"') or (passing and line.startswith("#"))
        if not passing:
            out += MODE.splitlines() if line.startswith("mode = ") else []
            out.append(line)
    return out


def _key(line: str) -> str:
    found = re.match(r"#?([a-z_]+) = ", line)
    return found[1] if found else ""


def _keys_of(source: str, section: str) -> set[str]:
    part = re.split(r"(?m)^\[", source.partition(f"\n[{section}]\n")[2])[0]
    return {_key(line) for line in part.splitlines()} - {""}


def _line(key: str, value: Any) -> str:
    return f"{key if re.fullmatch(r'[A-Za-z0-9_-]+', key) else json.dumps(key, ensure_ascii=False)} = {toml(value)}"


def toml(value: Any) -> str:
    """A value as TOML writes it. JSON's texts are TOML's basic strings (toml.io, String)."""
    if isinstance(value, Mapping):
        inside = ", ".join(_line(key, part) for key, part in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, bool | int | str) else json.dumps(str(value))
