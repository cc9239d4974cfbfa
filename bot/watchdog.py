"""Sees that rounds are completed: tells systemd after each one, and ends the process when none comes, for it to be started again."""

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.log import Logger

STALLED = 70  # the exit code of a process that stood still: not 0, so that it is started again
PAUSE = 5.0  # seconds between two looks

log = Logger("watchdog")


def notify(*said: str) -> None:
    """Tells systemd how the service is (READY=1, WATCHDOG=1, STOPPING=1, STATUS=…); nothing where no systemd asked for it.

    Source: sd_notify(3): datagrams of lines to the socket in NOTIFY_SOCKET, "@" standing for an abstract one.
    """
    place = os.environ.get("NOTIFY_SOCKET", "")
    if not place.startswith(("/", "@")) or not hasattr(socket, "AF_UNIX"):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.settimeout(1)
        out.sendto("\n".join(said).encode(), "\0" + place[1:] if place[0] == "@" else place)


@dataclass(frozen=True, slots=True)
class Beat:
    """What is known of the rounds of this process. `fault`: why the last one could not use the database, "" when it could."""

    completed: int = 0
    last: datetime | None = None
    fault: str = ""


class Pulse:
    """Counts rounds; shared by the service, the watchdog and the web pages, each in a thread of its own."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._beat, self._at = Beat(), clock.monotonic()

    def completed(self, now: datetime, fault: str = "") -> None:
        """A round came to its end, well or not. The only thing that feeds the watchdogs."""
        with self._lock:
            self._beat, self._at = Beat(self._beat.completed + 1, now, fault), self._clock.monotonic()
        notify("WATCHDOG=1", f"STATUS={'Waiting: ' + fault if fault else 'Running'}; {self._beat.completed} rounds done.")

    @property
    def beat(self) -> Beat:
        """As it is now."""
        with self._lock:
            return self._beat

    def silent(self) -> float:
        """Seconds since the last round's end, or since the start."""
        with self._lock:
            return self._clock.monotonic() - self._at

    def pause(self, seconds: float) -> None:
        """The whole process stood still for so long (SIGSTOP, a sleeping machine): that is nobody's fault."""
        with self._lock:
            self._at += seconds


class Watchdog:
    """A thread that ends the process when no round was completed for longer than `limit`.

    leave: what ends the process; os._exit, because a hung thread would keep any kinder way waiting.
    """

    def __init__(
        self, pulse: Pulse, limit: timedelta, clock: Clock, leave: Callable[[int], object] = os._exit, pause: float = PAUSE
    ) -> None:
        self._pulse, self._limit, self._clock, self._leave, self._pause = pulse, limit.total_seconds(), clock, leave, pause
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def stop(self) -> None:
        """Looks no more."""
        self._stop.set()

    def _watch(self) -> None:
        before = self._clock.monotonic()
        while not self._stop.wait(self._pause):
            now = self._clock.monotonic()
            if now - before > 2 * self._pause + 5:
                self._pulse.pause(now - before - self._pause)
            before = now
            if (silent := self._pulse.silent()) > self._limit:
                log.error("stalled", seconds=round(silent), status=STALLED)
                notify("STATUS=No round was completed in time; the process ends to be started again.")
                self._leave(STALLED)
                return
