"""Where values come from: the file, the environment, secrets' files. Later ones win: file, systemd credential, environment."""

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.config.faults import KEYS, nearest, outside_sections, variable
from bot.config.model import SECTIONS
from bot.errors import ConfigError

Table = dict[str, dict[str, Any]]
PREFIX, LARGEST_SECRET = "IVOBOT_", 65_536
SECRETS = frozenset((section, key) for section, keys in SECTIONS.items() for key, field in keys.items() if field.annotation is SecretStr)
_PATHS = (
    ("bot", "data_dir"),
    *(("mailbox", key) for key in ("path", "certificate", "ca_file")),
    ("register", "watch"),
    ("sheet", "folder"),
    ("backup", "folder"),
    ("log", "file"),
)


def read_file(path: Path) -> tuple[Table, list[str]]:
    """The sections in a TOML file, and a line for each key that stands outside them. Raises ConfigError."""
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))  # Windows' Notepad begins UTF-8 with a mark
    except UnicodeError:
        raise ConfigError(f"The configuration {path} is not UTF-8; save it again as UTF-8.") from None
    except OSError as error:
        raise ConfigError(f"The configuration {path} cannot be read ({error.strerror}); correct the path or its rights.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        hint = "; write a Windows path in single quotation marks" if "\\" in str(error) or "hex" in str(error) else ""
        place = str(error).rpartition("(")[2].rstrip(")") if "(at " in str(error) else "somewhere"
        raise ConfigError(f"The configuration {path} is not valid TOML {place}; correct that line{hint}.") from None
    return {k: v for k, v in raw.items() if isinstance(v, dict)}, [outside_sections(k) for k, v in raw.items() if not isinstance(v, dict)]


def read_environment(environ: Mapping[str, str]) -> tuple[Table, dict[tuple[str, str], str], list[str]]:
    """What environment variables and systemd credentials set, where each value came from, and a line for each fault."""
    table: Table = {}
    origins: dict[tuple[str, str], str] = {}
    faults: list[str] = []
    for section, key, name, file in _secret_files(environ):
        if name in environ and variable(section, key) in environ:
            faults.append(f"{name}: stands beside {variable(section, key)}; keep one of them")
            continue
        try:
            table.setdefault(section, {})[key] = _secret(file)
            origins[section, key] = name
        except (OSError, ValueError):
            faults.append(f"{name}: names a file that cannot be read, is empty or too long; put the secret alone into it")
    files = {variable(section, key) + "_FILE" for section, key in SECRETS}
    for name, text in environ.items():
        if not name.startswith(PREFIX) or name in files:
            continue
        section, _, key = name.removeprefix(PREFIX).lower().partition("__")
        if section not in KEYS or not key or (key not in KEYS[section] and section != "people"):
            known = [variable(s, k) for s, keys in KEYS.items() for k in keys]
            faults.append(f"{name}: there is no such setting; the nearest is {nearest(name, [*known, *sorted(files)])}")
            continue
        try:
            table.setdefault(section, {})[key] = _value(text, plain=(section, key) in SECRETS)
            origins[section, key] = name
        except (ValueError, RecursionError):
            faults.append(f'{name}: begins like a list or table but is not valid JSON; write it as ["a", "b"] or {{"a": "b"}}')
    return table, origins, faults


def anchored(table: Table, base: Path) -> Table:
    """The same table with the relative paths in it made absolute, counted from `base`."""
    out = {section: dict(part) for section, part in table.items()}
    for section, key in _PATHS:
        if isinstance(value := out.get(section, {}).get(key), str) and value.strip():
            out[section][key] = _absolute(value, base)
    routine = out.get("bot", {}).get("routine")
    if isinstance(routine, str) and routine.strip().endswith(".toml"):
        out["bot"]["routine"] = _absolute(routine, base)
    url = out.get("database", {}).get("url")
    if isinstance(url, str) and url.strip().startswith("sqlite:///") and len(url.strip()) > 10:
        file, mark, options = url.strip().removeprefix("sqlite:///").partition("?")
        if file and not file.startswith((":memory:", "file:")):
            out["database"]["url"] = sqlite_url(Path(_absolute(file, base))) + mark + options
    return out


def sqlite_url(file: Path) -> str:
    """The database address of an SQLite file."""
    return f"sqlite:///{file.as_posix()}"


def _absolute(text: str, base: Path) -> str:
    return os.path.abspath(base / os.path.expanduser(text.strip()))


def _secret_files(environ: Mapping[str, str]) -> list[tuple[str, str, str, Path]]:
    """The files that hold secrets: section, key, what to call the place in a message, path."""
    found = []
    for section, key in sorted(SECRETS):
        name = variable(section, key) + "_FILE"
        if name in environ:
            found.append((section, key, name, Path(environ[name])))
        elif folder := environ.get("CREDENTIALS_DIRECTORY"):
            file = Path(folder) / f"{section}.{key}"
            if file.exists():
                found.append((section, key, f"the credential {section}.{key}", file))
    return found


def _secret(file: Path) -> str:
    with file.open(encoding="utf-8-sig") as stream:
        text = stream.read(LARGEST_SECRET + 1)
    if not text.strip() or len(text) > LARGEST_SECRET:
        raise ValueError
    return text.strip()


def _value(text: str, *, plain: bool) -> object:
    """A list or table from JSON, any other text as it is. A secret is never taken for JSON."""
    if plain or text.lstrip()[:1] not in ("[", "{"):
        return text
    value: object = json.loads(text)
    return value
