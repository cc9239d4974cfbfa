"""The watchdogs: systemd is told after completed rounds only, and a process that stands still ends itself."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bot.clock import FixedClock, SystemClock
from bot.jobs.ping import Pinger
from bot.service import step
from bot.stop import Stop
from bot.watchdog import STALLED, Pulse, Watchdog, notify
from tests.bot.test_service import ended, service, until
from tests.bot.town import Around, Killed, around, rows, staffed, town
from tests.municipality import instant

NOW = instant("2026-04-15T09:00")


@contextmanager
def systemd(path: str) -> Iterator[Callable[[], str]]:
    """Listens as systemd does; gives what was said so far."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as here:
        here.bind(path)
        here.setblocking(False)
        heard: list[str] = []

        def hear() -> str:
            while True:
                try:
                    heard.append(here.recv(4096).decode())
                except BlockingIOError:
                    return "\n".join(heard)

        yield hear


@pytest.mark.parametrize("abstract", [False, True])
def test_what_systemd_hears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abstract: bool) -> None:
    name = f"ivobot-test-{os.getpid()}"
    with systemd(f"\0{name}" if abstract else str(tmp_path / "notify")) as hear:
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}" if abstract else str(tmp_path / "notify"))
        notify("READY=1", "STATUS=Running.")
        assert hear() == "READY=1\nSTATUS=Running."
    notify("WATCHDOG=1")  # nobody listens any more: nothing happens
    monkeypatch.delenv("NOTIFY_SOCKET")
    notify("WATCHDOG=1")


def test_a_service_under_systemd(tmp_path: Path) -> None:
    """READY, then a watchdog sign after a round, then STOPPING."""
    with systemd(str(tmp_path / "notify")) as hear:
        place = town(tmp_path / "town", rows("E-1"), NOTIFY_SOCKET=str(tmp_path / "notify"))
        with service(place) as running:
            assert until(lambda: "WATCHDOG=1" in hear())
            assert ended(running)[0] == 0
        said = hear()
    assert said.index("READY=1") < said.index("WATCHDOG=1") < said.index("STOPPING=1")
    assert "STATUS=Running; 1 rounds done." in said


def test_a_round_in_the_middle_feeds_nobody(tmp_path: Path) -> None:
    """Only the end of a round does; also of one that failed, for a new start would not mend the mailbox."""
    place = town(tmp_path, rows("E-1"))
    clock = FixedClock(NOW)
    with around(place, before={"waiting": [Killed()]}) as (office, _):
        pulse = Pulse(clock)
        with pytest.raises(Killed):
            step(office, clock, Stop(), pulse)()
        assert pulse.beat.completed == 0
        step(office, clock, Stop(), pulse)()
        assert pulse.beat.completed == 1 and pulse.beat.fault == ""


def test_a_process_that_stands_still_ends() -> None:
    """With os._exit, so that no hung thread keeps it; the log says why."""
    code = (
        "import time; from datetime import timedelta; from bot import log; from bot.clock import SystemClock; "
        "from bot.watchdog import Pulse, Watchdog; log.set_up(); c = SystemClock(); "
        "Watchdog(Pulse(c), timedelta(seconds=0.3), c, pause=0.05).start(); time.sleep(60)"
    )
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == STALLED and time.monotonic() - began < 20
    assert "event=stalled" in done.stderr and "level=error" in done.stderr


def test_completed_rounds_keep_it_alive() -> None:
    clock, left = SystemClock(), list[int]()
    pulse = Pulse(clock)
    dog = Watchdog(pulse, timedelta(seconds=0.6), clock, left.append, pause=0.05)
    dog.start()
    for _ in range(12):
        time.sleep(0.1)
        pulse.completed(NOW)
    assert left == []
    assert until(lambda: left == [STALLED], 10)
    dog.stop()


class Leaping:
    """A clock whose durations leap once, as when the whole machine slept."""

    def __init__(self) -> None:
        self.leap = 0.0

    def now(self):  # type: ignore[no-untyped-def]
        return NOW

    def monotonic(self) -> float:
        return time.monotonic() + self.leap


def test_a_sleeping_machine_is_no_fault() -> None:
    clock, left = Leaping(), list[int]()
    dog = Watchdog(Pulse(clock), timedelta(seconds=20), clock, left.append, pause=0.05)
    dog.start()
    time.sleep(0.2)
    clock.leap = 3600.0
    time.sleep(0.4)
    assert left == []
    dog.stop()


@contextmanager
def listening(status: int = 200, pause: float = 0) -> Iterator[tuple[str, list[str]]]:
    """Somebody who counts our calls."""
    calls: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            time.sleep(pause)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/ping", calls
    finally:
        server.shutdown()
        server.server_close()


def test_the_ping_goes_after_whole_rounds_only(tmp_path: Path) -> None:
    with listening() as (url, calls):
        place = town(tmp_path, rows("E-1"), IVOBOT_ALARM__PING_URL=url)
        with staffed(place) as office:
            box = Around(office.mailbox, before={"prepare": [_away()]})
            clock = FixedClock(NOW)
            one = step(replace(office, mailbox=box), clock, Stop(), Pulse(clock))
            one()
            assert calls == []
            one()
            one()
            assert calls == ["/ping", "/ping"]


def _away() -> Exception:
    from bot.errors import MailboxError

    return MailboxError("The server is out of reach; it is tried again.", again=True)


@pytest.mark.parametrize("status, pause", [(500, 0), (200, 6)])
def test_a_ping_that_fails_harms_nothing(tmp_path: Path, status: int, pause: float) -> None:
    """And waits for at most three seconds."""
    with listening(status, pause) as (url, _), staffed(town(tmp_path, IVOBOT_ALARM__PING_URL=url)) as office:
        began = time.monotonic()
        assert not Pinger(office).tell(NOW)
        assert time.monotonic() - began < 4.5


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://name.invalid/"])
def test_nobody_listens(tmp_path: Path, url: str) -> None:
    with staffed(town(tmp_path, IVOBOT_ALARM__PING_URL=url)) as office:
        assert not Pinger(office).tell(NOW)
