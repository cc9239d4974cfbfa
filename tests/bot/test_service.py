"""The service as a real process: it polls, stops when it is asked to, goes on after a new start, and shares its work with a second one."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.bot.town import ANNA, EXAMPLE, WRONG, ask, letter, rows, town
from tests.municipality import Municipality, mail_name

IVOBOT = str(Path(sys.executable).parent / "ivobot")
SOON = 20.0  # seconds; the machine may be busy


def until(holds: Callable[[], Any], seconds: float = SOON) -> bool:
    """Waits until something holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return bool(holds())


@contextmanager
def service(place: Municipality) -> Iterator["subprocess.Popen[str]"]:
    """A service on this municipality; ended by force if it still runs at the end."""
    environ = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    environ |= {"HOME": "/nonexistent", "IVOBOT_SCHEDULE__POLL": "every 5 seconds"} | place.environ
    running = subprocess.Popen(
        [IVOBOT, "--config", str(EXAMPLE), "run"], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield running
    finally:
        if running.poll() is None:
            running.kill()
            running.communicate()


def ended(running: "subprocess.Popen[str]") -> tuple[int, float, str]:
    """Asks a service to stop; gives its exit code, how long it took, and what it logged."""
    began = time.monotonic()
    running.send_signal(signal.SIGTERM)
    _, said = running.communicate(timeout=SOON)
    return running.returncode, time.monotonic() - began, said


def ledger(place: Municipality) -> int:
    try:
        return int(ask(place, "SELECT count(*) AS n FROM letter")[0]["n"])
    except Exception:  # not made yet
        return 0


def test_it_polls_stops_and_goes_on(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    with service(place) as first:
        assert until(lambda: ask(place, "SELECT last_success AS at FROM job WHERE name = 'deliver' AND last_success IS NOT NULL"))
        place.drop(letter(WRONG), "2026-04-15T09:00")
        assert until(lambda: len(place.folder("Åtgärda titel")) == 1), "a letter that comes while it runs is handled"
        assert until(lambda: any(mail_name(m) == "title_rejected" for m in place.sent()))
        code, seconds, said = ended(first)
    assert code == 0 and seconds < 5
    assert "Traceback" not in said and ANNA not in said and "stopped" in said
    place.drop(letter(WRONG, sender="bo@kommun.example"), "2026-04-15T09:00")
    with service(place) as second:
        assert until(lambda: len(place.folder("Åtgärda titel")) == 2)
        assert ended(second)[0] == 0


@pytest.mark.slow
def test_a_mailbox_that_is_missing_is_logged_and_waited_for(tmp_path: Path) -> None:
    """A service does not die of it, says so, and goes on by itself when the mailbox is back."""
    place = town(tmp_path, rows("E-1"))
    aside = tmp_path / "aside"
    place.box.rename(aside)
    with service(place) as running:
        time.sleep(3)
        assert running.poll() is None
        aside.rename(place.box)
        place.drop(letter(WRONG), "2026-04-15T09:00")
        assert until(lambda: len(place.folder("Åtgärda titel")) == 1)
        code, _, said = ended(running)
    assert code == 0
    assert "There is no mailbox" in said


@pytest.mark.slow
def test_it_stops_in_the_middle_of_much_work(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    for n in range(400):
        place.drop(letter(WRONG, sender=f"person{n}@kommun.example"), "2026-04-15T09:00")
    with service(place) as running:
        assert until(lambda: ledger(place) > 5)
        code, seconds, said = ended(running)
    assert code == 0 and seconds < 5 and "Traceback" not in said
    assert ledger(place) < 400, "it was stopped in the middle"


def test_two_services_lose_and_double_nothing(tmp_path: Path, figure: Callable[[str, object], None]) -> None:
    place = town(tmp_path, rows("E-1"), IVOBOT_REPLY__PER_HOUR="1000")
    senders = [f"person{n}@kommun.example" for n in range(60)]
    for sender in senders[:30]:
        place.drop(letter(WRONG, sender=sender), "2026-04-15T09:00")
    with service(place) as one, service(place) as two:
        assert until(lambda: ledger(place) > 0)
        for sender in senders[30:]:
            place.drop(letter(WRONG, sender=sender), "2026-04-15T09:00")
        assert until(lambda: len(place.folder("Åtgärda titel")) == 60, 60)
        assert until(lambda: ask(place, "SELECT count(*) AS n FROM mail WHERE state != 'sent'")[0]["n"] == 0 and ledger(place) == 60)
        logs = [ended(one), ended(two)]
    assert [code for code, _, _ in logs] == [0, 0]
    assert not [said for _, _, said in logs if "Traceback" in said or "level=error" in said]
    answered = Counter(str(m["To"]) for m in place.sent() if mail_name(m) == "title_rejected")
    assert answered == dict.fromkeys(senders, 1)
    assert Counter(r["sender"] for r in ask(place, "SELECT sender FROM letter")) == dict.fromkeys(senders, 1)
    assert not place.folder("INBOX")
    figure("letters shared by two services", 60)
