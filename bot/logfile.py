"""The log in a file besides standard error, rotated by size. The owner's eyes only, like all that the program keeps."""

import logging
import os
import sys
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO, cast

from bot.errors import ConfigError


class _Rotating(RotatingFileHandler):
    """Python's own rotation. What cannot be written is passed over: the log must never stop the work."""

    def _open(self) -> TextIOWrapper:
        return open(os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:
        return


class Both:
    """Looks like a text stream to the log: each line goes to standard error and to the file."""

    def __init__(self, file: Path, max_bytes: int, keep: int, stream: TextIO) -> None:
        self._stream = stream
        self._file = _Rotating(file, maxBytes=max_bytes, backupCount=keep, encoding="utf-8")

    def write(self, text: str) -> int:
        """One line, or several, with its end."""
        for line in text.splitlines():
            self._file.emit(logging.LogRecord("ivobot", logging.INFO, "", 0, line, None, None))
        try:
            return self._stream.write(text)
        except (OSError, ValueError):  # a service without standard error
            return len(text)

    def flush(self) -> None:
        """Nothing waits for long anyway."""
        try:
            self._stream.flush()
        except (OSError, ValueError):
            return


def both(file: Path, max_mb: int, keep: int) -> TextIO:
    """Standard error and the file. Raises ConfigError when the file cannot be written."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cast(TextIO, Both(file, max_mb * 1_000_000, keep, sys.stderr))
    except OSError as error:
        raise ConfigError(f"[log] file: {file} cannot be written ({error.strerror}); choose another place or mend its rights.") from None


def last_lines(file: Path, keep: int, number: int) -> list[str]:
    """The newest lines of the log, oldest first, through its older files; none where there are no files."""
    found: list[str] = []
    for path in (file, *(Path(f"{file}.{n}") for n in range(1, keep + 1))):
        try:
            found = path.read_text("utf-8", "replace").splitlines() + found
        except OSError:
            break
        if len(found) >= number:
            break
    return found[-number:]
