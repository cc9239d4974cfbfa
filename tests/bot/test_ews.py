"""The EWS mailbox on the test server: requests counted, other servers' ways, reading."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.errors import MailboxError
from bot.mailbox.base import Folder, Letter, LetterId, Unreadable
from bot.mailbox.ews import EwsMailbox
from bot.mailbox.ews_find import FULL_LOOK
from tests.mailboxes.ews import EwsBackend, backend
from tests.test_mailbox_contract import keys, letter, mail


@pytest.fixture
def box(tmp_path: Path) -> Iterator[EwsBackend]:
    with backend(tmp_path) as made:
        yield made


def fresh(box: EwsBackend, **changes: Any) -> Any:
    made = box.again(**changes)
    made.prepare()
    return made


def test_starting_takes_three_requests(box: EwsBackend) -> None:
    """And two when the folders are there already; preparing again none."""
    box.mailbox.prepare()
    assert box.server.requests == {"GetFolder": 1, "FindFolder": 1, "CreateFolder": 1}
    box.mailbox.prepare()
    list(fresh(box).look())
    print(f"starting with the first look: {box.server.count - 3} requests, one more where the folders are not there yet")
    assert box.server.count == 6


def test_nothing_new_takes_one_request(box: EwsBackend) -> None:
    """One poll on a warm connection, with letters lying in every folder."""
    for n in range(30):
        box.deliver(letter(f"n{n}"))
    box.mailbox.prepare()
    folders = [folder for folder in Folder if folder not in (Folder.INBOX, Folder.SENT)]
    ids = list(box.mailbox.waiting())
    box.mailbox.file({id: folders[n % len(folders)] for n, id in enumerate(ids)})
    list(box.mailbox.look())
    before, exchanges = box.server.count, box.server.exchanges
    box.mailbox.prepare()
    seen = dict(box.mailbox.look())
    assert list(box.mailbox.fetch(seen[Folder.INBOX])) == [] and list(seen) == [Folder.INBOX]
    print(f"nothing new: {box.server.count - before} request, {box.server.exchanges - exchanges} exchange")
    assert (box.server.count - before, box.server.exchanges - exchanges) == (1, 1)


@pytest.mark.parametrize("n", [1, 10, 50, 250])
def test_requests_for_letters_answered_and_filed(box: EwsBackend, n: int) -> None:
    """At most 1 + n/10 + 2n + folders filed to + 3, in batches of 50 as the jobs do, after a first look."""
    box.mailbox.prepare()
    list(box.mailbox.look())
    for k in range(n):
        box.deliver(letter(f"n{k}"))
    before = box.server.count
    targets = [Folder.TO_REPORT, Folder.FIX_TITLE, Folder.UNCLEAR]
    waiting = dict(box.mailbox.look())[Folder.INBOX]
    for at in range(0, n, 50):
        got = list(box.mailbox.fetch(waiting[at : at + 50]))
        box.mailbox.file({one.id: targets[k % 3] for k, one in enumerate(got)})
    for k in range(n):
        box.mailbox.send(mail(f"m{k}"))
    made, limit = box.server.count - before, 1 + n / 10 + 2 * n + min(n, 3) + 3
    print(f"{n} letters answered and filed: {made} requests, at most {limit}")
    assert made <= limit
    assert len(box.folder("Skickat")) == n and box.folder("INBOX") == []


def test_large_folders_are_paged(box: EwsBackend) -> None:
    """2 500 letters in a watched folder: whole at first, then passed over, whole again when one is added; hourly whatever it says."""
    store = box.server.store
    now = [0.0]
    box.mailbox = EwsMailbox(box.connection, lambda: now[0])
    box.mailbox.prepare()
    entry = store.named("Klart")
    assert entry
    for n in range(2500):
        store.add(entry.id, letter(f"n{n}"))
    assert len(dict(box.mailbox.look())[Folder.DONE]) == 2500
    assert Folder.DONE not in dict(box.mailbox.look())
    store.add(entry.id, letter("new"))
    assert len(dict(box.mailbox.look())[Folder.DONE]) == 2501
    now[0] += FULL_LOOK
    assert len(dict(box.mailbox.look())[Folder.DONE]) == 2501


def test_a_look_that_was_not_used_is_given_again(box: EwsBackend) -> None:
    """Who fails on a folder gets it at the next look."""
    box.mailbox.prepare()
    list(box.mailbox.look())
    box.deliver(letter("a"))
    box.mailbox.file(dict.fromkeys(box.mailbox.waiting(), Folder.DONE))
    for folder, _ in box.mailbox.look():
        if folder is Folder.DONE:
            break
    assert Folder.DONE in dict(box.mailbox.look())


def test_folders_at_the_top_are_used(box: EwsBackend) -> None:
    """And those below the inbox go first; what is missing is made below the inbox. Case and the way å is written do not count."""
    store = box.server.store
    top, inbox = store.standard("msgfolderroot").id, store.standard("inbox").id
    done, fix = store.add_folder("KLART", top), store.add_folder("A\u030atga\u0308rda titel", inbox)
    store.add_folder("Åtgärda titel", top)
    box.mailbox.prepare()
    box.deliver(letter("a"))
    box.deliver(letter("b"))
    first, second = box.mailbox.waiting()
    box.mailbox.file({first: Folder.DONE, second: Folder.FIX_TITLE})
    assert len(store.within(done.id)) == len(store.within(fix.id)) == 1
    assert {entry.name for entry in store.below(inbox)} == {fix.name, "Att rapportera", "Oklara", "Karantän", "Rapporterat till IVO"}


def test_a_folder_that_a_person_deleted_is_made_again(box: EwsBackend) -> None:
    """The call that notices fails and may be tried again."""
    box.mailbox.prepare()
    box.deliver(letter("a"))
    (id,) = box.mailbox.waiting()
    entry = box.server.store.named("Klart")
    assert entry
    del box.server.store.folders[entry.id]
    with pytest.raises(MailboxError) as told:
        box.mailbox.file({id: Folder.DONE})
    assert told.value.again
    box.mailbox.file({id: Folder.DONE})
    assert box.folder_of("a") == ["Klart"]


@pytest.mark.parametrize("seconds", [0, FULL_LOOK])
def test_a_look_notices_a_deleted_folder(box: EwsBackend, seconds: float) -> None:
    """By an error that passes, or at the hourly look before anything goes wrong."""
    now = [0.0]
    box.mailbox = EwsMailbox(box.connection, lambda: now[0])
    list(box.mailbox.look())
    entry = box.server.store.named("Klart")
    assert entry
    del box.server.store.folders[entry.id]
    now[0] += seconds
    if not seconds:
        with pytest.raises(MailboxError):
            list(box.mailbox.look())
    list(box.mailbox.look())
    assert box.server.store.named("Klart")


def test_unknown_item_classes_are_read(box: EwsBackend) -> None:
    """exchangelib does not know SharingMessage; it is a letter all the same, and does not hide the others."""
    for key in "abc":
        box.deliver(letter(key))
    next(box.server.store.by_key("b")).tag = "SharingMessage"
    assert keys(box.mailbox) == ["a", "b", "c"]


@pytest.mark.parametrize("broken, again", [("error", True), ("corrupt", False), ("xml", True)])
def test_one_broken_item_does_not_hide_the_others(box: EwsBackend, broken: str, again: bool) -> None:
    """Neither one that the server fails on nor one that spoils the whole answer; a fault of the item itself is for good."""
    for key in "abc":
        box.deliver(letter(key))
    bad = next(box.server.store.by_key("b"))
    bad.broken = broken
    found = list(box.mailbox.fetch(list(box.mailbox.waiting())))
    assert [type(one) for one in found] == [Letter, Unreadable, Letter]
    assert isinstance(found[1], Unreadable) and found[1].again is again


def test_a_letter_that_the_server_hangs_on_is_set_aside(box: EwsBackend) -> None:
    """The batch that it is in fails; at the next reading its letters are asked for one by one, and it alone is unreadable."""
    for key in "ab":
        box.deliver(letter(key))
    ids = list(box.mailbox.waiting())
    box.server.faults.add("drop_before", "GetItem", times=2)
    with pytest.raises(MailboxError):
        list(box.mailbox.fetch(ids))
    first, second = box.mailbox.fetch(ids)
    assert isinstance(first, Unreadable) and first.again and isinstance(second, Letter)
    assert [type(one) for one in box.mailbox.fetch(ids)] == [Letter, Letter]


def test_large_letters_are_fetched_alone(box: EwsBackend) -> None:
    """By the sizes that the list tells: 8 MB in one answer."""
    for n in range(6):
        box.deliver(letter(f"n{n}", body="x" * (5_000_000 if n % 2 else 10)))
    ids = list(box.mailbox.waiting())
    before = box.server.requests["GetItem"]
    assert len(list(box.mailbox.fetch(ids))) == 6
    assert box.server.requests["GetItem"] - before == 3


QUIRKS = [
    "one_parent",
    "ignore_paging",
    "full_items",
    "keep_draft",
    "no_copy",
    "lose_message_id",
    "no_message_id",
    "find_limit",
    "keep_ids",
]


@pytest.mark.parametrize("quirk", QUIRKS)
def test_other_servers_ways(box: EwsBackend, quirk: str) -> None:
    """A round over all of it, twice, on servers that do a thing differently."""
    if quirk == "keep_ids":
        box.server.store.keep_ids = True
    else:
        setattr(box.server.quirks, quirk, 3 if quirk == "find_limit" else True)
    mailbox = fresh(box)
    for n in range(8):
        box.deliver(letter(f"n{n}"))
    ids = dict(mailbox.look())[Folder.INBOX]
    assert [one.message_id for one in mailbox.fetch(ids)] == [f"<n{n}@kommun.example>" for n in range(8)]
    moved = mailbox.file(dict.fromkeys(ids, Folder.DONE))
    assert list(moved) == list(ids)
    assert sorted(dict(mailbox.look())[Folder.DONE]) == sorted(moved.values())
    assert set(mailbox.fingerprints(list(moved.values())).values()) == {f"<n{n}@kommun.example>" for n in range(8)}
    assert list(mailbox.fetch(list(moved.values()))) == []
    for key in ("m1", "m2", "m1"):
        mailbox.send(mail(key))
    assert len(box.server.store.outgoing) == 2
    if quirk != "no_copy":
        assert mailbox.find_sent("<m2@kommun.example>") and box.folder_of("m2") == ["Skickat"]
        again = fresh(box)
        assert again.find_sent("<m1@kommun.example>") and not again.find_sent("<m3@kommun.example>")
        again.send(mail("m1"))
        assert len(box.server.store.outgoing) == 2
    assert box.folder("Utkast") == []


def test_neither_draft_removed_nor_copy_left(box: EwsBackend) -> None:
    """Then the draft becomes the copy."""
    box.server.quirks.keep_draft = box.server.quirks.no_copy = True
    mailbox = fresh(box)
    for key in ("m1", "m2"):
        mailbox.send(mail(key))
    assert box.folder_of("m1") == box.folder_of("m2") == ["Skickat"] and box.folder("Utkast") == []


@pytest.mark.parametrize("versions, refused", [(("Exchange2013_SP1",), 0), (("Exchange2016",), 1), (("Exchange2010_SP2",), 2)])
def test_an_unknown_version_is_found_out_once(box: EwsBackend, versions: tuple[str, ...], refused: int) -> None:
    """With the first question, which a server refuses before it reads it; later ones use what was found."""
    box.server.quirks.versions = versions
    mailbox = fresh(box, version="")
    assert box.server.count == 3 + refused
    list(mailbox.look())
    assert box.server.count == 4 + refused
    with pytest.raises(MailboxError, match="ErrorInvalidServerVersion"):
        fresh(box, version="Exchange2007_SP1")


def test_fingerprints_agree_with_fetch(box: EwsBackend) -> None:
    """With and without a Message-ID, many at once, those that are gone left out."""
    for n in range(5):
        box.deliver(letter(f"n{n}").replace(b"Message-ID:", b"X-None:" if n % 2 else b"Message-ID:").replace(b"Anna", b"A%d" % n))
    ids = list(box.mailbox.waiting())
    marks = {one.id: one.fingerprint for one in box.mailbox.fetch(ids)}
    assert box.mailbox.fingerprints([*ids, LetterId("AAMkgone=")]) == marks and len(set(marks.values())) == 5


def test_ids_of_other_kinds_are_gone(box: EwsBackend) -> None:
    """An id that this server never gave is no error anywhere."""
    odd = [LetterId("<&>"), LetterId("AAMkIt99999999="), LetterId("")]
    assert list(box.mailbox.fetch(odd)) == [] and box.mailbox.file(dict.fromkeys(odd, Folder.DONE)) == {}
    assert box.mailbox.fingerprints(odd) == {} and box.mailbox.raw(odd[0]) is None
    box.mailbox.delete(odd)


def test_the_connection_keeps_its_secrets(box: EwsBackend) -> None:
    """Neither password nor tokens in what is printed."""
    assert "hemligt" not in repr(dataclasses.replace(box.connection))
