"""Finds, reads, joins and checks a configuration."""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr, ValidationError

from bot.config.faults import KEYS, lines
from bot.config.model import Config
from bot.config.sections import Database
from bot.config.sources import SECRETS, Table, anchored, read_environment, read_file, sqlite_url
from bot.errors import ConfigError

DEFAULT_FILES = ("config.toml", "config.example.toml")


def load(path: Path | None, environ: Mapping[str, str]) -> Config:
    """The configuration in a file, with what `environ` overrides.

    path: None takes ./config.toml, then ./config.example.toml. Relative paths count from the file's folder, in `environ` from the
    working directory. Raises ConfigError: one sentence for a missing or unreadable file, one line for each fault in a file.
    """
    file = _find(path)
    written, faults = read_file(file)
    overriding, origins, more = read_environment(environ)
    faults += more
    written.setdefault("bot", {}).setdefault("data_dir", "ivobot-data")
    parts = anchored(written, file.parent.absolute()), anchored(overriding, Path.cwd())
    joined: Table = {section: {**parts[0].get(section, {}), **parts[1].get(section, {})} for section in [*KEYS, *written]}
    try:
        config = Config.model_validate(joined)
    except ValidationError as error:
        raise _told(file, [*faults, *lines(error, origins)]) from None
    if faults:
        raise _told(file, faults)
    if not config.database.url.get_secret_value():
        own = Database(url=SecretStr(sqlite_url(config.bot.data_dir / "ivobot.db")))
        config = config.model_copy(update={"database": own})
    config._source = file
    config._mailbox = joined["mailbox"]
    config._notes = _open_secrets(file, written)
    return config


def _find(path: Path | None) -> Path:
    if path is None:
        here = Path.cwd()
        for name in DEFAULT_FILES:
            if (here / name).is_file():
                return here / name
        raise ConfigError(f"There is no {' or '.join(DEFAULT_FILES)} in {here}; name a configuration with --config FILE.")
    try:
        folder = path.is_dir()
        there = path.exists()
    except OSError as error:
        raise ConfigError(f"The configuration {path} cannot be read ({error.strerror}); correct the path or its rights.") from None
    if folder:
        raise ConfigError(f"{path} is a folder; name a file with --config FILE.")
    if not there:
        raise ConfigError(f"There is no configuration {path}; copy config.example.toml to it, or name another with --config FILE.")
    return path.absolute()


def _told(file: Path, faults: list[str]) -> ConfigError:
    if len(faults) == 1:
        return ConfigError(f"The configuration {file} needs a correction: {faults[0]}.")
    return ConfigError("\n  ".join([f"The configuration {file} needs {len(faults)} corrections:", *faults]))


def _open_secrets(file: Path, written: Table) -> tuple[str, ...]:
    """A sentence for each secret in a file that everyone on the machine may read."""
    if os.name == "nt" or not file.stat().st_mode & 0o004:  # Windows keeps rights elsewhere
        return ()
    held = [f"[{s}] {k}" for s, k in sorted(SECRETS) if (v := written.get(s, {}).get(k)) and (k != "url" or "@" in str(v))]
    return tuple(f"{place} is a secret in a file that everyone may read; chmod o= {file}, or use a secret file." for place in held)
