"""The pages of the running service: what they say, to whom, and that nothing of them is personal."""

import http.client
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.clock import FixedClock
from bot.config import load
from bot.config.serving import Web
from bot.errors import ConfigError, MailboxError, MailRefused
from bot.jobs.tick import tick
from bot.mailbox.base import Folder
from bot.scrub import scrubbed
from bot.stop import Stop
from bot.watchdog import Pulse
from bot.web.app import app
from bot.web.counted import Counted, Counts
from bot.web.server import Server
from bot.web.source import Source
from tests.bot.pages import get
from tests.bot.test_service import ended, service, until
from tests.bot.town import ANNA, EXAMPLE, MARK_DAY, RIGHT, WRONG, Around, around, letter, rows, run, staffed, town
from tests.municipality import Municipality, instant

PAGES = ("/livez", "/readyz", "/healthz", "/metrics")
TOKEN = "t" * 20


@contextmanager
def source(place: Municipality, now: str = MARK_DAY) -> Iterator[Source]:
    with staffed(place) as office:
        clock = FixedClock(instant(now))
        yield Source(office, clock, Pulse(clock))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def ask_page(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_pages_before_and_after_a_round(tmp_path: Path) -> None:
    with source(town(tmp_path, rows("E-1"))) as it:
        pages = app(it)
        assert [get(pages, page).status for page in PAGES] == [200, 503, 200, 200]
        tick(it.office, it.clock.now(), Stop())
        it.pulse.completed(it.clock.now())
        assert [get(pages, page).status for page in PAGES] == [200, 200, 200, 200]
        found = get(pages, "/healthz").json()
        assert (found["status"], found["last_round"], found["time"]) == ("hint", "2026-04-15T07:00:00+00:00", "2026-04-15T07:00:00+00:00")
        it.pulse.completed(it.clock.now(), "The database is locked by another process.")
        assert get(pages, "/readyz").status == 503 and get(pages, "/healthz").status == 503
        assert get(pages, "/healthz").json()["issues"][0]["text"].startswith("The database is locked")
        assert get(pages, "/healthz", "POST").status == 405 and get(pages, "/").status == 404
        assert get(pages, "/healthz").headers["cache-control"] == "no-store"


def test_a_stalled_process_is_not_alive(tmp_path: Path) -> None:
    with source(town(tmp_path)) as it:
        it.pulse.pause(-it.patience + 60)
        assert get(app(it), "/livez").status == 200
        it.pulse.pause(-61)
        assert get(app(it), "/livez").status == 503


def test_a_token_is_asked_for_everywhere(tmp_path: Path) -> None:
    with source(town(tmp_path)) as it:
        pages = app(it, TOKEN)
        for page in PAGES:
            assert get(pages, page).status == 401
            assert get(pages, page, authorization=f"Bearer {TOKEN}x").status == 401
            assert get(pages, page, authorization=TOKEN).status == 401
            assert get(pages, page, authorization=f"Bearer {TOKEN}").status != 401


@pytest.mark.parametrize("listen, token, good", [
    ("127.0.0.1:8080", "", True), ("[::1]:8080", "", True), ("localhost:8080", "", True), ("", "", True),
    ("0.0.0.0:8080", "", False), ("[::]:8080", "", False), ("ivobot.kommun.example:8080", "", False), ("0.0.0.0:8080", TOKEN, True),
    ("0.0.0.0:8080", "short", False), ("8080", "", False), ("127.0.0.1:0", "", False), ("127.0.0.1:99999", "", False),
])  # fmt: skip
def test_where_it_may_listen(listen: str, token: str, good: bool) -> None:
    if good:
        Web(listen=listen, token=token)
    else:
        with pytest.raises(ValueError, match="must"):
            Web(listen=listen, token=token)


def test_elsewhere_without_a_token_is_a_fault_of_the_configuration() -> None:
    with pytest.raises(ConfigError, match="token must be set"):
        load(EXAMPLE, {"IVOBOT_WEB__LISTEN": "0.0.0.0:8080"})


def test_metrics_tell_what_there_is(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT), MARK_DAY)
    place.drop(letter(WRONG), MARK_DAY)
    place.run(MARK_DAY)
    with source(place) as it:
        it.counts.note("look")
        it.counts.note("look", failed=True)
        said = get(app(it), "/metrics").text
    found = {(s.name, *sorted(s.labels.values())): s.value for family in text_string_to_metric_families(said) for s in family.samples}
    assert found["ivobot_letters", "ok"] == found["ivobot_letters", "rejected"] == 1
    assert found["ivobot_mails", "sent", "title_rejected"] == 1 and found[("ivobot_outbox_depth",)] == 0
    assert found["ivobot_mailbox_requests_total", "look"] == found["ivobot_mailbox_errors_total", "look"] == 1
    assert found["ivobot_job_last_success_timestamp_seconds", "intake"] == instant(MARK_DAY).timestamp()
    assert found[("ivobot_reminder_lag_seconds",)] == 0 and found[("ivobot_inbox_unread_seconds",)] == 0
    assert found["ivobot_issue", "mailbox"] == 0 and found["ivobot_job_failing", "intake"] == 0


def test_metrics_without_a_database(tmp_path: Path) -> None:
    """What the process knows itself is told all the same."""
    with source(town(tmp_path)) as it:
        it.office.engine.dispose()
        (tmp_path / "data" / "ivobot.db").write_bytes(b"no database at all, and long enough to be read as one" * 100)
        said = get(app(it), "/metrics")
        assert said.status == 200 and 'ivobot_issue{code="database"} 4.0' in said.text and "ivobot_letters" not in said.text
        assert get(app(it), "/healthz").status == 503


CANARIES = ("Kunigunda", "Törnrosensten", "19121212", "1212121212", "121212-1212", "@", "E-17", "kommun.example")


def test_nothing_is_personal(tmp_path: Path) -> None:
    """Letters, cases, addresses and numbers of every sort come in and go wrong; no page shows any of them."""
    place = town(tmp_path, rows("E-17"), IVOBOT_REPLY__PER_HOUR="2")
    for n, title in enumerate((RIGHT, WRONG, "IVO – Nyrapportering 19121212-1212, 9§4", "Kunigunda Törnrosensten 121212-1212", "{}")):
        place.drop(letter(title, sender=f"kunigunda{n}@kommun.example", body="Ärende: E-17\nTörnrosensten 1212121212"), MARK_DAY)
    place.drop({"raw": "inga huvuden alls Kunigunda"}, MARK_DAY)
    refused = MailRefused("The server refused kunigunda@kommun.example 19121212-1212; look at the address.")
    with around(place, before={"send": [refused] * 3}) as (office, _):
        run(office, MARK_DAY)
    away = MailboxError("The server does not know törnrosensten@kommun.example, 19121212-1212; correct it.", again=True)
    with around(place, before={"waiting": [away]}) as (office, _), pytest.raises(MailboxError):
        run(office, "2026-04-15T09:02")
    with source(place, "2026-04-15T09:40") as it:
        it.pulse.completed(it.clock.now(), "törnrosensten@kommun.example holds the database with 19121212-1212; end it.")
        for page in PAGES:
            said = get(app(it), page).text
            assert [c for c in CANARIES if c.casefold() in said.casefold()] == [], page
        assert "[withheld]" in get(app(it), "/healthz").text and "does not know" in get(app(it), "/healthz").text


def test_scrubbing_leaves_what_is_ours() -> None:
    kept = "No round was completed since 2026-04-15 09:12; 12 mails wait, see /var/lib/ivobot and schema 0007."
    assert scrubbed(kept) == kept
    assert scrubbed("of <anna@kommun.example>, 19121212-1212.") == "of <[withheld]>, [withheld]."


def test_calls_are_counted_as_they_are_made(tmp_path: Path) -> None:
    place = town(tmp_path)
    place.drop(letter(WRONG), MARK_DAY)
    counts = Counts()
    with staffed(place) as office:
        gone = MailboxError("gone", again=True)
        box = Counted(Around(office.mailbox, before={"send": [gone], "waiting": [gone]}), counts)
        for now in (MARK_DAY, "2026-04-15T10:30"):
            with pytest.raises(MailboxError):
                tick(replace(office, mailbox=box), instant(now).astimezone(UTC), Stop())
        tick(replace(office, mailbox=box), instant("2026-04-15T12:30").astimezone(UTC), Stop())
        assert list(box.listing(Folder.INBOX)) == []
    calls, errors = counts.seen()
    assert calls["send"] >= 1 and calls["fetch"] >= 1 and errors == {"look": 1, "send": 1}


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = town(tmp_path, IVOBOT_WEB__LISTEN=f"127.0.0.1:{taken.getsockname()[1]}")
        with source(place) as it, pytest.raises(ConfigError, match="choose another port"):
            Server(it)


def test_it_stops_while_somebody_asks(tmp_path: Path) -> None:
    """An open connection does not keep it."""
    port = free_port()
    with source(town(tmp_path, IVOBOT_WEB__LISTEN=f"127.0.0.1:{port}")) as it:
        server = Server(it)
        server.start()
        assert until(lambda: ask_page(port, "/livez")[0] == 200)
        with socket.create_connection(("127.0.0.1", port)) as open_:
            open_.sendall(b"GET /livez HTTP/1.1\r\n")  # and nothing more
            began = datetime.now(UTC)
            server.stop()
            assert datetime.now(UTC) - began < timedelta(seconds=4)
        with pytest.raises(OSError):
            ask_page(port, "/livez")


def test_a_service_with_pages(tmp_path: Path) -> None:
    """The whole process: it answers, and stops in time with a monitor on the line."""
    port = free_port()
    place = town(tmp_path, rows("E-1"), IVOBOT_WEB__LISTEN=f"127.0.0.1:{port}", IVOBOT_LOG__FILE=str(tmp_path / "log" / "ivobot.log"))

    def ready() -> bool:
        try:
            return ask_page(port, "/readyz")[0] == 200
        except OSError:
            return False

    with service(place) as running:
        assert until(ready)
        status, said = ask_page(port, "/healthz")
        assert status == 200 and json.loads(said)["status"] in ("ok", "hint")
        assert 'ivobot_mailbox_requests_total{call="look"}' in ask_page(port, "/metrics")[1]
        with socket.create_connection(("127.0.0.1", port)):
            code, seconds, logged = ended(running)
    assert code == 0 and seconds < 5 and "listening" in logged and ANNA not in logged
    kept = (tmp_path / "log" / "ivobot.log").read_text("utf-8")
    assert "event=stopped" in kept and kept.splitlines() == logged.splitlines()
    assert os.stat(tmp_path / "log" / "ivobot.log").st_mode & 0o077 == 0


def test_the_library_is_not_loaded_for_nothing(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = "import sys, bot.cli.run; print([m for m in ('starlette', 'uvicorn', 'prometheus_client') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
