"""A server that does not believe us, or asks to be left alone, is left alone: an account must not be locked by trying."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import MailboxDenied, MailboxError
from bot.jobs.tick import tick
from bot.stop import Stop
from tests.bot.town import Around, letter, rows, staffed, town
from tests.municipality import ZONE, instant


class Shut:
    """A mailbox that cannot be prepared; counts how often it was tried."""

    def __init__(self, error: MailboxError) -> None:
        self.error, self.tries = error, 0

    def prepare(self) -> None:
        self.tries += 1
        raise self.error


def polls(home: Path, error: MailboxError, count: int, every: timedelta, **environ: str) -> int:
    """How often the mailbox was tried in that many polls of as many programs started one after another."""
    place = town(home, rows("E-1"), **environ)
    box = Shut(error)
    now = instant("2026-04-15T09:00").astimezone(ZONE)
    with staffed(place) as office:
        shut = replace(office, mailbox=box)  # type: ignore[arg-type]
        for n in range(count):
            with pytest.raises(MailboxError):
                tick(shut, now + n * every, Stop())
    return box.tries


def test_a_wrong_password_is_tried_three_times_an_hour(tmp_path: Path) -> None:
    assert polls(tmp_path, MailboxDenied("Fel."), 240, timedelta(seconds=15)) == 3


def test_the_server_says_how_long_to_wait(tmp_path: Path) -> None:
    error = MailboxError("Upptagen.", again=True, wait=timedelta(minutes=5))
    assert polls(tmp_path, error, 20, timedelta(minutes=1)) == 4


def test_what_is_only_unreachable_is_tried_at_each_poll(tmp_path: Path) -> None:
    assert polls(tmp_path, MailboxError("Nere.", again=True), 10, timedelta(minutes=2)) == 10


def test_the_reason_is_told_while_it_rests(tmp_path: Path) -> None:
    """The operator reads what is wrong and when it is tried again, not only that nothing is tried."""
    place = town(tmp_path, rows("E-1"))
    with staffed(place) as office:
        shut = replace(office, mailbox=Shut(MailboxDenied("The password is wrong; correct it.")))  # type: ignore[arg-type]
        for at in ("2026-04-15T09:00", "2026-04-15T09:02"):
            with pytest.raises(MailboxError, match=r"^The password is wrong; correct it\.") as caught:
                tick(shut, instant(at).astimezone(ZONE), Stop())
    assert "09:20" in str(caught.value)


def test_a_changed_connection_is_tried_at_once(tmp_path: Path) -> None:
    """Whoever has corrected the password need not wait."""
    place = town(tmp_path, rows("E-1"))
    now = instant("2026-04-15T09:00").astimezone(ZONE)
    with staffed(place) as office, suppress(MailboxError):
        tick(replace(office, mailbox=Shut(MailboxDenied("Fel."))), now, Stop())  # type: ignore[arg-type]
    place.environ["IVOBOT_MAILBOX__DEADLINE"] = "44"
    with staffed(place) as office:
        box = Around(office.mailbox)
        tick(replace(office, mailbox=box), now + timedelta(minutes=1), Stop())
    place.environ["IVOBOT_MAILBOX__DEADLINE"] = "45"
    place.drop(letter("Fråga"), "2026-04-15T09:00")
    with staffed(place) as office, pytest.raises(MailboxError):
        tick(office, now + timedelta(minutes=2), Stop())
