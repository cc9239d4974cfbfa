"""The log: one line an event, and nothing that could come from a letter."""

import io
import json
import logging
import subprocess
import sys
import warnings
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import log
from bot.errors import MailboxError
from bot.mailbox.base import Folder
from rules.model import Kind

ROOT = Path(__file__).parents[2]
LETTER = "Anna Exempel 19121212-1212"


class Foreign(StrEnum):
    """An enum that is not ours."""

    NAME = "Anna Exempel"


@pytest.fixture
def lines():
    """Set up with level info and JSON; gives what was logged so far."""
    stream, root = io.StringIO(), logging.getLogger()
    before = root.handlers[:], root.level
    log.set_up("info", "json", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    log.stop()
    logging.captureWarnings(False)
    root.handlers[:], root.level = before


@pytest.mark.parametrize(
    "field, value, logged",
    [
        ("letter", 17, 17),
        ("count", 10**9, log.WITHHELD),  # may be an identity number
        ("count", -191212121212, log.WITHHELD),
        ("seconds", 0.25, 0.25),
        ("seconds", timedelta(milliseconds=1500), 1.5),
        ("sent", True, True),
        ("mark", date(2026, 4, 15), "2026-04-15"),
        ("since", datetime(2026, 4, 15, 6, 30, tzinfo=UTC), "2026-04-15T06:30:00+00:00"),
        ("folder", Folder.TO_REPORT, "Att rapportera"),
        ("kind", Kind.NEW, "new"),
        ("kind", Foreign.NAME, log.WITHHELD),
        ("mail", "title_rejected", "title_rejected"),
        ("reason", LETTER, log.WITHHELD),
        ("reason", "Två ord", log.WITHHELD),
        ("letter", "17", log.WITHHELD),
        ("key", "a1b2c3d4e5f60718", "a1b2c3d4e5f60718"),
        ("key", "191212121212191212121212", log.WITHHELD),
        ("version", "3.11.7", "3.11.7"),
        ("version", "19121212-1212", log.WITHHELD),
        ("host", "mail.kommun.example", "mail.kommun.example"),
        ("host", "127.0.0.1", "127.0.0.1"),
        ("host", "19121212-1212", log.WITHHELD),
        ("host", "mail.kommun.example\nfalse line", log.WITHHELD),
        ("title", "IVO", log.WITHHELD),
        ("subject", 3, log.WITHHELD),
        ("sender", "anna@kommun.example", log.WITHHELD),
        ("mails", ["a"], log.WITHHELD),
        ("mails", {"a": 1}, log.WITHHELD),
        ("mails", b"bytes", log.WITHHELD),
        ("mails", SecretStr("x"), log.WITHHELD),
        ("folder", Path("/srv/Anna"), log.WITHHELD),
        ("error", "text", log.WITHHELD),
        ("again", None, None),
    ],
)
def test_what_may_stand_in_it(lines, field, value, logged):
    """Known fields, known types, known patterns; the rest is withheld."""
    log.Logger("intake").info("letter_filed", **{field: value})
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {"job": "intake", "level": "info", "event": "letter_filed", field: logged}


def test_event_and_field_names(lines):
    """Not even as an event or a field's name does text come through, and no name breaks the call."""
    fields = {"Anna Exempel": 1, "event": "x", "level": "x", "job": "x", "timestamp": "x"}
    log.Logger("intake").warning(LETTER, **fields)
    (line,) = lines()
    assert line["event"] == log.WITHHELD and line["field"] == log.WITHHELD and "Anna" not in json.dumps(line)
    assert (line["level"], line["job"]) == ("warning", "intake")


def test_exceptions(lines):
    """Ours with its sentence, any other with its class; the place in the code, and never the values."""
    try:
        raise MailboxError("The mailbox is away\n(19121212-1212, 121212-T212) since 2026-04-15; try again.")
    except MailboxError as error:
        log.Logger("deliver").error("send_failed", error=error)
    try:
        raise KeyError(LETTER)
    except KeyError as error:
        log.Logger("deliver").error("send_failed", error=error)
    ours, other = lines()
    assert ours["error"] == "The mailbox is away ([withheld], [withheld]) since 2026-04-15; try again."
    assert other["error"] == "KeyError" and other["where"].rpartition(":")[0].endswith("test_log")


def test_libraries(lines):
    """From warning upwards, the place only."""
    library = logging.getLogger("some.library")
    library.setLevel(logging.DEBUG)
    library.info("body: %s", LETTER)
    library.warning("body: %s", LETTER)
    (ours,) = [h for h in logging.getLogger().handlers if type(h).__module__ == log.__name__]
    ours.handle(library.makeRecord(library.name, logging.CRITICAL, __file__, 1, "broken %d", (LETTER,), None))  # cannot be formatted
    try:
        raise ValueError(LETTER)
    except ValueError:
        library.exception("%s", LETTER)
    warnings.warn(LETTER, stacklevel=1)
    found = lines()
    assert [(x["level"], x["library"]) for x in found[:3]] == [
        ("warning", "some.library"),
        ("error", "some.library"),
        ("error", "some.library"),
    ]
    assert found[2]["error"] == "ValueError" and found[0]["where"].startswith("test_log:")
    assert "Anna" not in json.dumps(found) and "1912" not in json.dumps([{**x, "timestamp": ""} for x in found])


def test_levels(lines):
    """What is below the level is not written."""
    log.Logger("intake").debug("letter_read", letter=1)
    assert lines() == []


def test_text():
    """The text form: one line, time first, UTC."""
    stream = io.StringIO()
    log.set_up("debug", "text", stream)
    try:
        log.Logger("intake").debug("letter_filed", folder=Folder.FIX_TITLE, n=3, sent=False)
        log.Logger("intake").error("poll_failed", error=MailboxError("One\ntwo\u2028three\x1b[31m."))
    finally:
        log.stop()
        logging.captureWarnings(False)
    first, second = stream.getvalue().split("\n")[:2]
    assert first.startswith("timestamp=20") and "Z level=debug job=intake event=letter_filed" in first
    assert first.endswith('folder="Åtgärda titel" n=3 sent=false')
    assert second.endswith('event=poll_failed error="One two three [31m."') and len(stream.getvalue().splitlines()) == 2


def test_closed_stream():
    """A standard error that is gone does not stop the work."""
    stream = io.StringIO()
    log.set_up("info", "text", stream)
    stream.close()
    try:
        log.Logger("intake").info("letter_filed")
    finally:
        log.stop()
        logging.captureWarnings(False)


def test_silent_and_light_before_set_up():
    """A command that needs no log writes none and does not import structlog."""
    code = "import sys; from bot.log import Logger; Logger('intake').error('poll_failed'); print('structlog' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_standard_error():
    """Without a stream it is standard error, and standard output stays clean."""
    code = "from bot import log; log.set_up(); log.Logger('intake').info('letter_filed', n=1)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "" and done.stderr.count("\n") == 1 and "event=letter_filed n=1" in done.stderr
