"""A former `simulate --json`, read again to be compared."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.cli.simulate.files import refused
from bot.errors import ConfigError

Identity = tuple[str, str, int, str]


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """A line of `--json`, as far as it is compared. `due` is "" where there is none."""

    send_on: str
    case: str
    milestone: str
    k: int
    insats: str
    mark: str
    due: str
    to: tuple[str, ...]
    cc: tuple[str, ...]

    @classmethod
    def of(cls, found: Mapping[str, object]) -> "Line":
        """Raises KeyError, TypeError or ValueError for what is no such line."""
        days = [date.fromisoformat(str(found[name])).isoformat() for name in ("send_on", "mark")]
        due, k, to, cc = found["due"], found["k"], found["to"], found["cc"]
        if not (isinstance(k, int) and isinstance(to, list) and isinstance(cc, list)):
            raise TypeError
        texts = [str(found[name]) for name in ("case", "milestone", "insats")]
        return cls(days[0], texts[0], texts[1], k, texts[2], days[1], str(due or ""), tuple(map(str, to)), tuple(map(str, cc)))

    @property
    def identity(self) -> Identity:
        """What makes it the same mail in both."""
        return self.case, self.insats, self.k, self.milestone


def read(file: Path, first: date, last: date) -> tuple[list[Line], int]:
    """The lines of a former simulation between two days, and how many lie outside. Raises ConfigError for a file that is none."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise refused(file, error) from None
    # A Windows shell writes what it redirects in UTF-16.
    text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
    found = []
    for n, line in enumerate(text.split("\n"), 1):
        try:
            if line.strip():
                found.append(Line.of(json.loads(line)))
        except (ValueError, TypeError, KeyError, RecursionError):
            raise ConfigError(f"{file} is no output of simulate --json: line {n} cannot be read; make the file anew.") from None
    inside = [line for line in found if first.isoformat() <= line.send_on <= last.isoformat()]
    return inside, len(found) - len(inside)
