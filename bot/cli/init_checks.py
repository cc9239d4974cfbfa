"""How single answers of `ivobot init` are tried. Each check gives the answer as it is kept, or raises ValueError with what it must be."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.config.values import several, text

Check = Callable[[Any], Any]


def needed(one: Check) -> Check:
    """The same check, and the answer must not be empty. Raises ValueError."""

    def check(value: Any) -> Any:
        if not (found := one(value)):
            raise ValueError("must not be empty")
        return found

    return check


def choice(*words: str) -> Check:
    """One of these words. Raises ValueError."""

    def check(value: Any) -> str:
        if value not in words:
            raise ValueError(f"must be {', '.join(words[:-1])} or {words[-1]}")
        return str(value)

    return check


def listed(one: Check) -> Check:
    """A list, or one line with commas between. Raises ValueError."""

    def check(value: Any) -> list[Any]:
        parts = [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        return list(several(one)(parts))

    return check


def own(one: Check, domains: tuple[str, ...]) -> Check:
    """The same check, and every address lies in the own domains. Raises ValueError."""

    def check(value: Any) -> Any:
        found = one(value)
        for each in found if isinstance(found, list) else [found]:
            if each and each.rpartition("@")[2] not in domains:
                raise ValueError("must lie in your own domains, for no mail goes to any other")
        return found

    return check


def writable(base: Path) -> Check:
    """A folder, made if it is not there, in which a file can be made; relative paths count from `base`. Raises ValueError."""

    def check(value: Any) -> str:
        written = str(needed(text)(value))
        folder = base / Path(written).expanduser()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            trial = folder / f".ivobot-{secrets.token_hex(4)}"
            os.close(os.open(trial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            trial.unlink()
        except OSError as error:
            raise ValueError(f"must be a folder that can be written ({error.strerror})") from None
        return written

    return check


def maildir(base: Path) -> Check:
    """A Maildir, made where there is nothing yet. Raises ValueError."""

    def check(value: Any) -> str:
        written = str(writable(base)(value))
        folder = base / Path(written).expanduser()
        if not (folder / "new").is_dir():
            if any(folder.iterdir()):
                raise ValueError("must be a Maildir (cur, new and tmp), or a new folder; this one holds other files")
            for part in ("cur", "new", "tmp"):
                (folder / part).mkdir(mode=0o700)
        return written

    return check


def readable(base: Path) -> Check:
    """A file that can be read, or nothing. Raises ValueError."""

    def check(value: Any) -> str:
        written = str(text(value))
        try:
            if written:
                (base / Path(written).expanduser()).read_bytes()
        except OSError as error:
            raise ValueError(f"must be a file that can be read ({error.strerror})") from None
        return written

    return check
