"""What `ivobot init` leaves behind: the configuration, each secret in a file of its own, and a note of the variables that name them."""

import os
import secrets
import shlex
from collections.abc import Mapping
from pathlib import Path

from bot.cli.init_asking import Answers
from bot.cli.init_file import filled
from bot.config.faults import variable

SECRETS = "secrets"
NOTE = "ivobot.env"


def write(target: Path, source: str, given: Answers, hidden: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Writes the secrets, then the configuration; gives the variables that name the secrets' files."""
    environ: dict[str, str] = {}
    notes: dict[tuple[str, str], str] = {}
    folder = target.parent / SECRETS
    for (section, key), value in hidden.items():
        folder.mkdir(mode=0o700, exist_ok=True)
        file = folder / f"{section}.{key}"  # the name that a systemd credential has
        _set_aside(file)
        new_file(file, f"{value}\n")
        environ[f"{variable(section, key)}_FILE"] = str(file)
        notes[section, key] = f"in the file ./{SECRETS}/{file.name}, which {variable(section, key)}_FILE names; see {NOTE}."
    if environ:
        _set_aside(target.with_name(NOTE))
        new_file(target.with_name(NOTE), "".join(f"{name}={shlex.quote(value)}\n" for name, value in environ.items()))
    draft = target.with_name(f".{target.name}-{secrets.token_hex(4)}")
    new_file(draft, filled(source, given, notes))
    _set_aside(target)
    os.replace(draft, target)
    return environ


def new_file(path: Path, content: str) -> None:
    """A new file for its owner's eyes only."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(content)


def _set_aside(path: Path) -> None:
    """What is there keeps its content under a name of its own."""
    number = 1
    while path.exists():
        aside = path.with_name(f"{path.name}.before-{number}")
        if not aside.exists():
            path.rename(aside)
            print(f"The former {path.name} is kept as {aside.name}.")
        number += 1
