"""Letters under a new id: servers give one when a letter is moved, and the ledger must know it again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.mailbox.base import Folder, Letter, LetterId, Mailbox, OutgoingMail, Receipt, Trial, Unreadable
from bot.mailbox.maildir import MaildirMailbox
from tests.bot.town import RIGHT, WRONG, ask, letter, names, rows, run, staffed, town
from tests.municipality import Municipality


class Renaming:
    """A Maildir whose ids change whenever a letter changes its folder, as those of Exchange and IMAP do."""

    def __init__(self, inner: MaildirMailbox) -> None:
        self.inner, self.asked = inner, 0

    def _out(self, folder: Folder, ids: Sequence[LetterId]) -> tuple[LetterId, ...]:
        return tuple(LetterId(f"{folder.name}/{id}") for id in ids)

    def _in(self, id: LetterId) -> LetterId:
        name, _, plain = id.partition("/")
        there = Folder.__members__.get(name)
        return LetterId(plain) if there is not None and plain in set(self.inner.listing(there)) else LetterId("gone")

    def prepare(self) -> None:
        self.inner.prepare()

    def waiting(self) -> Iterator[LetterId]:
        return self.listing(Folder.INBOX)

    def listing(self, folder: Folder) -> Iterator[LetterId]:
        return iter(self._out(folder, list(self.inner.listing(folder))))

    def look(self) -> Iterator[tuple[Folder, Sequence[LetterId]]]:
        return ((folder, self._out(folder, ids)) for folder, ids in self.inner.look())

    def fetch(self, ids: Sequence[LetterId]) -> Iterator[Letter | Unreadable]:
        for id in ids:
            for item in self.inner.fetch([self._in(id)]):
                yield replace(item, id=id)

    def fingerprints(self, ids: Sequence[LetterId]) -> Mapping[LetterId, str]:
        self.asked += len(ids)
        return {id: found for id in ids for found in self.inner.fingerprints([self._in(id)]).values()}

    def file(self, moves: Mapping[LetterId, Folder]) -> Mapping[LetterId, LetterId]:
        moved = {id: self.inner.file({self._in(id): folder}) for id, folder in moves.items()}
        return {id: LetterId(f"{moves[id].name}/{new}") for id, found in moved.items() for new in found.values()}

    def raw(self, id: LetterId) -> bytes | None:
        return self.inner.raw(self._in(id))

    def delete(self, ids: Sequence[LetterId]) -> None:
        self.inner.delete([self._in(id) for id in ids])

    def send(self, mail: OutgoingMail) -> Receipt:
        return self.inner.send(mail)

    def find_sent(self, message_id: str) -> Receipt | None:
        return self.inner.find_sent(message_id)

    def examine(self) -> Iterator[Trial]:
        return self.inner.examine()

    def close(self) -> None:
        self.inner.close()


def go(place: Municipality, now: str, box: Mailbox | None = None) -> int:
    """One round on such a mailbox; gives how many letters were new."""
    with staffed(place) as office:
        return run(replace(office, mailbox=box or Renaming(MaildirMailbox(place.box, "ivo-rapportor-lss@kommun.example"))), now)["intake"]


def by_hand(place: Municipality, source: str, target: str) -> None:
    for path in place.folder(source):
        path.rename((place.box if target == "INBOX" else place.box / f".{target}") / "cur" / path.name)


def ledger(place: Municipality) -> list[tuple[str, str, str]]:
    return [(r["folder"], r["found_in"], r["reported_to_ivo"] or "") for r in ask(place, "SELECT * FROM letter ORDER BY id")]


def test_what_a_person_reports_is_known_again(tmp_path: Path) -> None:
    """Moved to "Rapporterat till IVO" under a new id, it counts as reported, once."""
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT), "2026-04-15T09:00")
    assert go(place, "2026-04-15T09:00") == 1
    by_hand(place, "Att rapportera", "Rapporterat till IVO")
    assert go(place, "2026-04-15T10:00") == 0
    ((folder, found_in, reported),) = ledger(place)
    assert (folder, found_in) == ("Rapporterat till IVO", "Rapporterat till IVO") and reported
    assert go(place, "2026-04-15T11:00") == 0 and len(ledger(place)) == 1


def test_a_letter_moved_back_is_not_read_again(tmp_path: Path) -> None:
    """Back in the inbox it has a new id there; the ledger row is the same one, and nothing is answered twice."""
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(WRONG), "2026-04-15T09:00")
    assert go(place, "2026-04-15T09:00") == 1
    sent = names(place, "Skickat")
    by_hand(place, "Åtgärda titel", "INBOX")
    assert [go(place, "2026-04-15T10:00"), go(place, "2026-04-15T10:02")] == [0, 0]
    assert [found_in for _, found_in, _ in ledger(place)] == ["INBOX"]
    assert names(place, "Skickat") == sent and len(names(place, "INBOX")) == 1


def test_the_same_letter_delivered_twice_is_two(tmp_path: Path) -> None:
    """A second copy with the same Message-ID, the first still lying where it was, is a letter of its own."""
    place = town(tmp_path, rows("E-1"))
    for now in ("2026-04-15T09:00", "2026-04-15T10:00"):
        place.drop(letter(RIGHT) | {"id": "<twin@kommun.example>"}, now)
        assert go(place, now) == 1
    assert [r["meeting"] for r in ask(place, "SELECT meeting FROM letter ORDER BY id")] == ["matched", "duplicate"]


def test_killed_between_the_move_and_the_note(tmp_path: Path) -> None:
    """The letter lies in its folder under an id that nobody noted: it is known again, and read once."""
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT), "2026-04-15T09:00")

    class Killed(BaseException):
        pass

    class Forgetful(Renaming):
        def file(self, moves: Mapping[LetterId, Folder]) -> Mapping[LetterId, LetterId]:
            super().file(moves)
            raise Killed

    with pytest.raises(Killed):
        go(place, "2026-04-15T09:00", Forgetful(MaildirMailbox(place.box, "ivo-rapportor-lss@kommun.example")))
    assert go(place, "2026-04-15T09:10") == 0
    by_hand(place, "Att rapportera", "Rapporterat till IVO")
    assert go(place, "2026-04-15T09:20") == 0
    ((_, found_in, reported),) = ledger(place)
    assert found_in == "Rapporterat till IVO" and reported


def test_strangers_are_asked_about_once(tmp_path: Path) -> None:
    """Letters in the folders that never came through the inbox cost one question, not one at each look."""
    place = town(tmp_path, rows("E-1"))
    for n in range(3):
        place.drop(letter(f"Gammalt {n}"), "2026-04-15T09:00")
    go(place, "2026-04-15T08:00", Quiet(MaildirMailbox(place.box, "ivo-rapportor-lss@kommun.example")))
    by_hand(place, "INBOX", "Klart")
    box = Renaming(MaildirMailbox(place.box, "ivo-rapportor-lss@kommun.example"))
    with staffed(place) as office:
        known = replace(office, mailbox=box)
        for now in ("2026-04-15T09:00", "2026-04-15T09:02", "2026-04-15T09:04"):
            run(known, now)
    assert box.asked == 3


class Quiet(Renaming):
    """Sees nothing."""

    def look(self) -> Iterator[tuple[Folder, Sequence[LetterId]]]:
        return iter([(Folder.INBOX, ())])


def test_a_letter_that_the_server_cannot_give_waits_and_is_set_aside(tmp_path: Path) -> None:
    """Twice it is left for the next round, the third time it goes to quarantine; the others are read at once."""
    place = town(tmp_path, rows("E-1"))
    place.drop(letter("Fråga"), "2026-04-15T09:00")
    place.drop(letter(RIGHT), "2026-04-15T09:00")

    class Stubborn(Renaming):
        def fetch(self, ids: Sequence[LetterId]) -> Iterator[Letter | Unreadable]:
            for item in super().fetch(ids):
                poison = isinstance(item, Letter) and item.subject == "Fråga"
                yield Unreadable(item.id, "server", item.fingerprint, again=True) if poison else item

    box = Stubborn(MaildirMailbox(place.box, "ivo-rapportor-lss@kommun.example"))
    assert [go(place, f"2026-04-15T09:0{n}", box) for n in range(4)] == [1, 0, 1, 0]
    assert (len(names(place, "Karantän")), len(names(place, "Att rapportera"))) == (1, 1)
