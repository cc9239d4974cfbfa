"""The letter that the mailbox sends to itself."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.jobs.roundtrip import WATCHED, roundtrip
from bot.mailbox.base import OutgoingMail, Receipt
from bot.mailbox.maildir import MaildirMailbox
from rules.model import Verdict
from rules.title import read
from tests.bot.town import ivobot, letter, names, staffed, town
from tests.municipality import Municipality, instant

NOW = instant("2026-04-15T09:00")


class Delivering(MaildirMailbox):
    """A Maildir whose server brings what is sent to the mailbox itself, with a header lost if told so."""

    def __init__(self, path: Path, lost: bytes = b"") -> None:
        super().__init__(path, "ivo-rapportor-lss@kommun.example")
        self.lost = lost

    def send(self, mail: OutgoingMail) -> Receipt:
        lines = [line for line in mail.raw.split(b"\r\n") if not (self.lost and line.lower().startswith(self.lost))]
        (self.path / "new" / "1800000000.1.test").write_bytes(b"\r\n".join(lines))
        return super().send(mail)


def times(n: int) -> Iterator[bool]:
    yield from [True] * n
    while True:
        yield False


@pytest.mark.parametrize("lost", [b"", b"auto-submitted:", b"message-id:"])
def test_it_comes_back_and_is_deleted(tmp_path: Path, lost: bytes) -> None:
    """Known by its key even where the server gave it another Message-ID; other letters stay as they are."""
    place = town(tmp_path)
    place.drop(letter("Fråga"), "2026-04-15T09:00")
    with staffed(place) as office:
        waits = times(3)
        found = roundtrip(replace(office, mailbox=Delivering(place.box, lost)), NOW, lambda: next(waits))
    assert found is not None and set(found.lost) == ({lost.decode().rstrip(":")} if lost else set())
    assert set(found.kept) | set(found.lost) == set(WATCHED)
    assert (len(names(place, "INBOX")), len(names(place, "Borttaget"))) == (1, 1)


def test_it_never_comes(tmp_path: Path) -> None:
    place = town(tmp_path)
    with staffed(place) as office:
        waits = times(3)
        assert roundtrip(office, NOW, lambda: next(waits)) is None


def test_its_subject_is_no_report() -> None:
    for subject in ("ivobot: prov av brevlådan", "SV: ivobot: prov av brevlådan"):
        assert read(subject, NOW.date()).verdict is Verdict.NOT_A_REPORT


def test_check_tells_what_was_tried(tmp_path: Path) -> None:
    place: Municipality = town(tmp_path)
    place.drop(letter("Fråga"), "2026-04-15T09:00")
    place.box.chmod(0o755)
    found = ivobot(place, "check", "--roundtrip")
    assert "1 letters wait" in found.out and "chmod -R go=" in found.out and "nothing leaves" in found.out
    assert found.code == 1 and len(names(place, "INBOX")) == 1
