"""The log: one line an event on standard error. What may stand in it is listed here; everything else is withheld.

A letter's text, a name or an address must never reach a log, not even by mistake: so an event is a word of ours, its fields are on a short
list, and a value is a number, a day, a word of ours, or text that fits its field's pattern. Of a library's message only its place is told.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Literal, TextIO

from bot.errors import BotError

Level = Literal["debug", "info", "warning", "error"]
WITHHELD = "[withheld]"
_WORD = r"[a-z][a-z0-9_]{0,39}"
_PLACE = r"(?=[A-Za-z_])[A-Za-z0-9_.]{1,60}(?::[0-9]{1,6})?"
_NO_TEXT = r"(?!)"
_NUMBERS = (
    "attempt",
    "bundled",
    "changed",
    "count",
    "depth",
    "filed",
    "k",
    "left",
    "letter",
    "letters",
    "mails",
    "n",
    "outbox",
    "port",
    "row",
)
_MORE_NUMBERS = ("rows", "seconds", "sent", "signal", "size", "status", "tries", "waiting")
_DAYS = ("day", "due", "mark", "next", "since", "until")
_WORDS = (
    "again",
    "backend",
    "code",
    "folder",
    "kind",
    "job",
    "mail",
    "milestone",
    "mode",
    "outcome",
    "reason",
    "state",
    "step",
    "task",
    "verdict",
)
ALLOWED: Mapping[str, str] = {
    **dict.fromkeys((*_NUMBERS, *_MORE_NUMBERS, *_DAYS), _NO_TEXT),
    **dict.fromkeys(_WORDS, _WORD),
    "error": _NO_TEXT,  # an exception: the sentence of one of ours, the class of any other
    "host": r"(?=.*[a-z])[a-z0-9.-]{1,253}|(?:[0-9]{1,3}\.){3}[0-9]{1,3}",
    "key": r"(?=[0-9]*[a-f])[0-9a-f]{16,64}",  # a hash; digits alone might be an identity number
    "library": _PLACE,
    "version": r"[0-9]{1,3}(?:\.[0-9]{1,4}){0,3}",
    "where": _PLACE,
}
"""Field → the text that may stand in it. Numbers below 10⁹, days, instants, durations and our own enums fit every field."""
_NUMBER_LIKE = re.compile(
    r"(?:[0-9][ +./_–-]?){9,}[0-9]|[0-9]{6,8}[+–-]?[A-Za-z]{1,2}[0-9]{2,3}"
)  # maybe an identity number, in a sentence
_sink: Any = None


class Logger:
    """What a job writes with. Until `set_up` was called nothing is written, and structlog is not imported."""

    def __init__(self, job: str) -> None:
        self._job = job

    def debug(self, event: str, /, **fields: object) -> None:
        """Something for whoever looks closely. `event` is a word such as letter_filed; see ALLOWED for the fields."""
        _emit("debug", self._job, event, fields)

    def info(self, event: str, /, **fields: object) -> None:
        """Something that an operator may want to read."""
        _emit("info", self._job, event, fields)

    def warning(self, event: str, /, **fields: object) -> None:
        """Something that may need a person; pass an exception as `error`."""
        _emit("warning", self._job, event, fields)

    def error(self, event: str, /, **fields: object) -> None:
        """Something that needs a person; pass an exception as `error`."""
        _emit("error", self._job, event, fields)


def set_up(level: Level = "info", form: Literal["text", "json"] = "text", stream: TextIO | None = None) -> None:
    """Log from now on, to standard error unless a stream is given; times are UTC. What libraries log counts from warning upwards."""
    global _sink
    import structlog

    order = ("timestamp", "level", "job", "event")
    text = structlog.processors.LogfmtRenderer(key_order=order, drop_missing=True, bool_as_flag=False)
    _sink = structlog.wrap_logger(
        structlog.WriteLogger(stream or sys.stderr),
        processors=[
            withhold,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer() if form == "json" else text,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
    )
    root = logging.getLogger()
    root.handlers = [_FromLibraries(logging.WARNING)]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)


def stop() -> None:
    """Write nothing more."""
    global _sink
    _sink = None


def withhold(_logger: object, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The processor that lets through what is on the list and puts "[withheld]" in the place of all else."""
    out: dict[str, Any] = {"event": _fitting(_WORD, fields.get("event"))}
    for key, value in fields.items():
        if key == "error" and isinstance(value, BaseException):
            out |= _told(value)
        elif key in ALLOWED:
            out[key] = _plain(ALLOWED[key], value)
        elif key != "event":
            out[key if re.fullmatch(r"[a-z_]{1,30}", key) else "field"] = WITHHELD
    return out


class _FromLibraries(logging.Handler):
    """Tells that a library logged, and where; its words may quote whole requests, so they stay away."""

    def emit(self, record: logging.LogRecord) -> None:
        fields: dict[str, object] = {"where": f"{record.module}:{record.lineno}", "library": record.name}
        if record.exc_info and record.exc_info[1]:
            fields["error"] = record.exc_info[1]
        _emit("error" if record.levelno >= logging.ERROR else "warning", "library", "library_message", fields)


def _emit(level: Level, job: str, event: str, fields: Mapping[str, object]) -> None:
    if _sink is None:
        return
    safe = {f"{key}_" if key in ("event", "job", "level", "timestamp") else key: value for key, value in fields.items()}
    try:
        getattr(_sink, level)(event, job=job, **safe)
    except (OSError, ValueError):  # standard error is closed or full: the work goes on
        return


def _fitting(pattern: str, value: object) -> str:
    return value if type(value) is str and re.fullmatch(pattern, value) else WITHHELD


def _plain(pattern: str, value: object) -> object:
    match value:
        case None | bool():
            return value
        case Enum() if type(value).__module__.partition(".")[0] in ("bot", "rules"):
            return str(value.value)
        case int() | float():
            return value if abs(value) < 10**9 else WITHHELD  # ten digits may be an identity number
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return round(value.total_seconds(), 3)
        case _:
            return _fitting(pattern, value)


def _told(error: BaseException) -> dict[str, str]:
    """Our own sentence, or the class's name; and the line of code that raised it."""
    said = str(error) if isinstance(error, BotError) else type(error).__name__
    clean = "".join(c if c.isprintable() else " " for c in said)
    told = {"error": _NUMBER_LIKE.sub(WITHHELD, clean)}
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace:
        told["where"] = _fitting(_PLACE, f"{trace.tb_frame.f_globals.get('__name__', 'unknown')}:{trace.tb_lineno}")
    return told
