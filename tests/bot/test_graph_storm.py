"""The whole program on Graph while everything fails at random: each letter is handled once, each mail goes once; memory stays flat."""

import email
import gc
import random
import tracemalloc
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import BotError
from bot.jobs.office import Office
from bot.jobs.tick import tick
from bot.mailbox.base import Folder
from bot.stop import Stop
from tests.bot.town import RIGHT, WRONG, ask, rows
from tests.mailboxes.base import SENDER
from tests.mailboxes.graph import GraphBackend
from tests.municipality import ZONE, Municipality, instant, mail_name
from tests.servers.graph import STATUS, TRANSPORT, running

KINDS = (*TRANSPORT, *STATUS)
LIMITS = {"IVOBOT_REPLY__PER_HOUR": "100000", "IVOBOT_REPLY__PER_SENDER_A_DAY": "1000"}
ENOUGH = 400  # rounds


def letter(n: int) -> bytes:
    subject = (WRONG, RIGHT, "Lunch?")[n % 3].replace("–", "-").replace("§", " § ")
    text = f"From: p{n}@kommun.example\r\nTo: {SENDER}\r\nSubject: {subject}\r\nMessage-ID: <n{n}@kommun.example>\r\n"
    return (text + f"Content-Type: text/plain; charset=utf-8\r\n\r\nÄrende: E-{n}\r\n").encode()


@contextmanager
def service(home: Path, deadline: float) -> Iterator[tuple[GraphBackend, Municipality, Office]]:
    """An office on a Graph mailbox."""
    with running(SENDER) as server:
        backend = GraphBackend(server, deadline=deadline)
        place = Municipality(home, **{**LIMITS, **backend.environ})
        place.import_register(rows("E-1"), "2026-01-20T08:00")
        office = replace(place.office(), mailbox=backend.mailbox)
        try:
            yield backend, place, office
        finally:
            backend.mailbox.close()
            office.engine.dispose()
        assert server.violations == []


def storm(home: Path, seed: int, letters: int, rate: float, kinds: tuple[str, ...] = KINDS) -> Mapping[str, int]:
    """Letters come while faults fire; then calm, and all must have been done once. Gives what was counted."""
    chance = random.Random(seed)
    with service(home, 0.3) as (backend, place, office):
        box, now, left = backend.server.box, instant("2026-04-15T09:00").astimezone(ZONE), list(range(letters))
        box.delay = chance.choice([0, 0, 3])
        backend.server.chaos(seed, rate, kinds)
        rounds = 0
        while (rounds := rounds + 1) < ENOUGH:
            for n in left[: (some := chance.randint(0, max(letters // 4, 5)))]:
                backend.deliver(letter(n))
            left = left[some:]
            with suppress(BotError):
                tick(office, now, Stop())
            if chance.random() < 0.1:
                office = replace(office, mailbox=backend.restart())
            now += timedelta(minutes=21)  # past every pause, and past each mail's lease
            waiting = ask(place, "SELECT count(*) n FROM mail WHERE state NOT IN ('sent', 'failed', 'cancelled')")[0]["n"]
            if not left and not waiting and _ledger(place) == letters:
                break
        backend.server.calm()
        backend.deadline = 20  # of a busy machine too
        office = replace(office, mailbox=backend.restart())
        for _ in range(3):
            tick(office, now, Stop())
            now += timedelta(minutes=21)
        _check(backend, place, letters)
        return {"rounds": rounds, "requests": backend.server.counts["http"], "mails": len(box.outgoing)}


def _ledger(place: Municipality) -> int:
    return int(ask(place, "SELECT count(*) n FROM letter")[0]["n"])


def _check(backend: GraphBackend, place: Municipality, letters: int) -> None:
    box = backend.server.box
    per_letter = Counter(row["mailbox_id"] for row in ask(place, "SELECT mailbox_id FROM letter"))
    assert len(per_letter) == letters and set(per_letter.values()) == {1}, "each letter has one ledger row"
    assert set(per_letter) == {one.id for one in box.items.values() if one.raw.startswith(b"From: p")}, "and is the letter that lies there"
    again = {id: count for id, count in Counter(id for id, _ in box.outgoing).items() if count > 1}
    assert again == {}, "no mail went twice"
    answered = Counter(
        str(m["To"]) for m in map(email.message_from_bytes, (raw for _, raw in box.outgoing)) if mail_name(m) == "title_rejected"
    )  # type: ignore[arg-type]
    told = {str(row["mailbox_id"]) for row in ask(place, "SELECT mailbox_id FROM letter WHERE reason LIKE 'unreadable%'")}
    wanted = {f"p{n}@kommun.example" for n in range(letters) if n % 3 == 0}
    aside = {one.raw.split(b"\r\n")[0].decode().removeprefix("From: ") for one in box.items.values() if one.id in told}
    assert set(answered) == wanted - aside and set(answered.values()) <= {1}, "each wrong title was answered once, or set aside and told"
    assert backend.folder("Utkast") == [], "no draft is left"
    lying = {folder.value: len(backend.folder(folder.value)) for folder in Folder}
    assert sum(lying.values()) - lying["Skickat"] == letters, "each lies in one folder"


@pytest.mark.parametrize("seed", range(4))
def test_storm(tmp_path: Path, seed: int) -> None:
    """A few seeds, in every run."""
    print(storm(tmp_path, seed, 12, 0.15))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_one_kind_of_fault(tmp_path: Path, kind: str) -> None:
    """Each fault alone, often."""
    print(storm(tmp_path, 1, 9, 0.12, (kind,)))


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("decade", range(20))
def test_storms(tmp_path: Path, decade: int) -> None:
    """200 seeds."""
    for seed in range(10 * decade, 10 * decade + 10):
        home = tmp_path / str(seed)
        home.mkdir()
        print(seed, storm(home, seed, 20, (0.05, 0.1, 0.2)[seed % 3]))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_storm_of_a_thousand(tmp_path: Path) -> None:
    """1 000 letters."""
    print(storm(tmp_path, 4711, 1000, 0.02))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_memory_is_flat(tmp_path: Path) -> None:
    """1 000 polls with a letter now and then, and faults: within 5 MB, the server's own share left out by keeping its letters few."""
    with service(tmp_path, 2.0) as (backend, _, office):
        backend.server.chaos(1, 0.02, ("drop_after", "503", "429", "cut", "401"))

        def polls(count: int) -> int:
            for n in range(count):
                if n % 25 == 0:
                    backend.deliver(letter(2))
                with suppress(BotError):
                    office.mailbox.prepare()
                    seen = dict(office.mailbox.look())
                    list(office.mailbox.fetch(seen[Folder.INBOX]))
                    office.mailbox.delete(seen[Folder.INBOX])
            gc.collect()
            return tracemalloc.get_traced_memory()[0]

        tracemalloc.start()
        try:
            polls(100)
            before = polls(10)
            after = polls(1000)
        finally:
            tracemalloc.stop()
        print(f"memory over 1 000 polls: {(after - before) / 1e6:+.2f} MB")
        assert after - before < 5_000_000
