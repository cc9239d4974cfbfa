"""What `--debug` shows of an error: where in the code it came from, never a value.

Python's own traceback ends with the error's message, and a message may quote what a letter or the register says: of an error that is not
ours only the class is told, as in the log.
"""

import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TextIO

from bot.errors import BotError

_LONGEST_CHAIN = 10


def show(error: BaseException, stream: TextIO | None = None) -> None:
    """Prints where an error and those that led to it were raised, the first of them first; on standard error unless a stream is given."""
    said = "\nThis led to:\n\n".join("".join(_one(each)) for each in reversed(list(_chain(error))))
    print(said, end="", file=stream or sys.stderr)


@contextmanager
def guarded() -> Iterator[None]:
    """Lets what Python itself reports (an error in a thread, or when an object is thrown away) be told in the same way meanwhile."""
    kept = threading.excepthook, sys.unraisablehook, sys.excepthook
    threading.excepthook = lambda given: _told(given.exc_value)
    sys.unraisablehook = lambda given: _told(given.exc_value)
    sys.excepthook = _hook
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook, sys.excepthook = kept


def _hook(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    _told(error)


def _told(error: BaseException | None) -> None:
    if error is not None and sys.stderr is not None and not sys.stderr.closed:
        show(error)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, then what it came from, nearest first."""
    found: BaseException | None = error
    for _ in range(_LONGEST_CHAIN):
        if found is None:
            return
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def _one(error: BaseException) -> Iterator[str]:
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_list(traceback.extract_tb(error.__traceback__))
    yield f"{type(error).__module__}.{type(error).__qualname__}{f': {error}' if isinstance(error, BotError) else ''}\n"
