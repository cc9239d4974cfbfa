"""Where the answers of `ivobot init` come from: a person at the terminal (or lines on standard input), or a file."""

import getpass
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from bot.config.faults import KEYS, nearest, outside_sections, unknown_key
from bot.errors import BotError, ConfigError

Answers = dict[str, dict[str, Any]]
"""Section → key → value, as the configuration holds them."""

YES = frozenset(("y", "yes", "j", "ja"))
OWN = "init"
"""The section of an answers file that is about `init` itself."""
OWN_KEYS = ("overwrite", "go_on")


class Asking(Protocol):
    """Gives answers. Raises ConfigError when there is none, or none that will do."""

    def ask(self, section: str, key: str, text: str, default: str, check: Callable[[Any], Any], *, secret: bool) -> Any:
        """One value that passes `check`, which gives it as it is kept and raises ValueError with what it must be."""

    def overwrite(self, file: Path) -> bool:
        """Whether a file that is there may be replaced."""

    def after_fault(self, fault: BotError) -> bool:
        """Whether to go on though the mailbox is not as it should be; False to ask for its connection again."""

    def others(self) -> Answers:
        """Values that nobody is asked for."""


class Terminal:
    """Asks a person, again until the answer will do. An empty line is the default."""

    def ask(self, section: str, key: str, text: str, default: str, check: Callable[[Any], Any], *, secret: bool) -> Any:
        """See `Asking`. A secret is not shown while it is typed."""
        while True:
            line = _line(f"{text}{f' [{default}]' if default else ''}: ", secret=secret) or default
            try:
                return check(line)
            except ValueError as fault:
                print(f"  The answer {fault}.")

    def overwrite(self, file: Path) -> bool:
        """Asks; the default is no."""
        return _line(f"{file} is there already. Set it aside and write a new one? (yes/no) [no]: ").lower() in YES

    def after_fault(self, fault: BotError) -> bool:
        """Asks what to do; stopping raises ConfigError."""
        print(f"  {fault}")
        while True:
            match _line("  Answer anew, go on as it is, or stop? (again/on/stop) [again]: ").lower():
                case "again" | "":
                    return False
                case "on":
                    return True
                case "stop":
                    raise ConfigError("Stopped; nothing was written.")

    def others(self) -> Answers:
        """None."""
        return {}


def _line(text: str, *, secret: bool = False) -> str:
    if secret and sys.stdin.isatty():
        return getpass.getpass(text).strip()
    print(text, end="", flush=True)
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        print()
    if not line:
        raise ConfigError("The answers ended before the last question; nothing was written.")
    return line.strip()


class File:
    """Takes the answers from a TOML file with the configuration's own sections and keys, and `[init]` with `overwrite` and `go_on`."""

    def __init__(self, path: Path) -> None:
        """Raises ConfigError for a file that cannot be read, or holds what no configuration has."""
        try:
            held: Mapping[str, Any] = tomllib.loads(path.read_text("utf-8-sig"))
        except OSError as error:
            raise ConfigError(f"The answers {path} cannot be read ({error.strerror}); correct the path or its rights.") from None
        except (UnicodeError, tomllib.TOMLDecodeError):
            raise ConfigError(f"The answers {path} are not valid TOML in UTF-8; write them as config.example.toml is written.") from None
        self._path = path
        self._held: Answers = {}
        for section, part in held.items():
            if fault := _fault(section, part):
                raise ConfigError(f"The answers {path} need a correction: {fault}.")
            self._held[section] = dict(part)

    def ask(self, section: str, key: str, text: str, default: str, check: Callable[[Any], Any], *, secret: bool) -> Any:
        """The file's value, else the default; a fault ends it."""
        try:
            return check(self._held.get(section, {}).get(key, default))
        except ValueError as fault:
            raise ConfigError(f"The answers {self._path} need a correction: [{section}] {key} {fault}.") from None

    def overwrite(self, file: Path) -> bool:
        """As `[init] overwrite` says; no by default."""
        return self._held.get(OWN, {}).get("overwrite") is True

    def after_fault(self, fault: BotError) -> bool:
        """On with `[init] go_on = true`, else it ends."""
        if self._held.get(OWN, {}).get("go_on") is True:
            print(f"  {fault}")
            return True
        raise type(fault)(f"{fault} Nothing was written; mend it, or write go_on = true under [init] in the answers.")

    def others(self) -> Answers:
        """Everything in the file but the section about `init` itself."""
        return {section: dict(part) for section, part in self._held.items() if section != OWN}


def _fault(section: str, part: object) -> str:
    """What is wrong with a section's name or keys; "" for nothing. What its values must be is judged when they are used."""
    if not isinstance(part, dict):
        return outside_sections(section)
    if section == OWN:
        wrong = next((key for key in part if key not in OWN_KEYS), "")
        return f"[{OWN}] {wrong}: there is no such key; the nearest is {nearest(wrong, OWN_KEYS)}" if wrong else ""
    if section not in KEYS:
        return unknown_key(section, "")
    wrong = "" if section == "people" else next((key for key in part if key not in KEYS[section]), "")
    return unknown_key(section, wrong) if wrong else ""
