"""What every mailbox backend must do, written against the protocol: a new backend adds one fixture and passes this suite."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.mailbox.base import Folder, Letter, LetterId, Mailbox, OutgoingMail, Unreadable
from bot.mailbox.letter import attached
from tests.mailboxes.base import SENDER, Backend

KINDS = ("maildir", "imap", "ews", "graph")


@pytest.fixture(params=KINDS)
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    """A fresh mailbox of each kind; a kind whose server cannot be had on this machine is skipped with a word."""
    with importlib.import_module(f"tests.mailboxes.{request.param}").backend(tmp_path) as made:
        made.mailbox.prepare()
        yield made


def letter(key: str, subject: str = "IVO - Nyrapportering 2026-04-15, 9 § 4", body: str = "Ärende: F-1") -> bytes:
    text = f"From: Anna <anna@kommun.example>\r\nTo: {SENDER}\r\nSubject: {subject}\r\nMessage-ID: <{key}@kommun.example>\r\n"
    return f"{text}Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n".encode()


def mail(key: str, body: bytes = b"Hej") -> OutgoingMail:
    message_id = f"<{key}@kommun.example>"
    raw = f"From: {SENDER}\r\nTo: anna@kommun.example\r\nMessage-ID: {message_id}\r\nX-Ivobot: name=digest; key=1\r\n\r\n".encode() + body
    return OutgoingMail(message_id, SENDER, ("anna@kommun.example",), raw)


def read(mailbox: Mailbox) -> list[Letter | Unreadable]:
    return list(mailbox.fetch(list(mailbox.waiting())))


def keys(mailbox: Mailbox) -> list[str]:
    return [found.message_id.strip("<>").split("@")[0] for found in read(mailbox) if isinstance(found, Letter)]


def test_an_empty_mailbox(backend: Backend) -> None:
    """Nothing waits, nothing is fetched, filing nothing is no error."""
    assert list(backend.mailbox.waiting()) == []
    assert list(backend.mailbox.fetch([])) == []
    assert backend.mailbox.file({}) == {}
    assert all(list(backend.mailbox.listing(folder)) == [] for folder in Folder)


def test_prepare_twice(backend: Backend) -> None:
    """Preparing again keeps everything."""
    backend.deliver(letter("a"))
    backend.mailbox.prepare()
    assert keys(backend.mailbox) == ["a"]


def test_oldest_first(backend: Backend) -> None:
    """Letters wait in the order in which they came, more than ten of them too."""
    for n in range(12):
        backend.deliver(letter(f"n{n}"))
    assert keys(backend.mailbox) == [f"n{n}" for n in range(12)]


def test_a_letter_is_read(backend: Backend) -> None:
    """Subject, sender, Message-ID, body and the time of arrival in UTC."""
    backend.deliver(letter("a", body="Ärende: Å-1\r\nrad två"))
    (found,) = read(backend.mailbox)
    assert isinstance(found, Letter)
    assert (found.subject, found.sender, found.message_id) == (
        "IVO - Nyrapportering 2026-04-15, 9 § 4",
        "anna@kommun.example",
        "<a@kommun.example>",
    )
    assert found.body.strip() == "Ärende: Å-1\nrad två"
    offset = found.received.utcoffset()
    assert offset is not None and not offset


def test_reading_changes_nothing(backend: Backend) -> None:
    """A letter that was read still waits: only filing takes it out of the inbox."""
    backend.deliver(letter("a"))
    assert keys(backend.mailbox) == keys(backend.mailbox) == ["a"]


@pytest.mark.parametrize("bad", [b"", b"\0" * 4000, b"\x00\xff\xfe no header at all\n\n", b"hej"])
def test_an_unreadable_letter_does_not_hide_others(backend: Backend, bad: bytes) -> None:
    """It is named by its id, can be put into quarantine as it is, and the letters around it are read."""
    backend.deliver(letter("a"))
    backend.deliver(bad)
    backend.deliver(letter("b"))
    found = read(backend.mailbox)
    assert [type(one) for one in found] == [Letter, Unreadable, Letter]
    backend.mailbox.file({found[1].id: Folder.QUARANTINE})
    assert keys(backend.mailbox) == ["a", "b"]
    assert len(list(backend.mailbox.listing(Folder.QUARANTINE))) == 1


def test_a_vanished_letter_is_passed_over(backend: Backend) -> None:
    """Deleted or moved between listing and reading: the others come."""
    for key in "abc":
        backend.deliver(letter(key))
    ids = list(backend.mailbox.waiting())
    backend.delete_by_hand("a")
    backend.move_by_hand("b", "Klart")
    found = list(backend.mailbox.fetch([*ids, LetterId("unknown")]))
    assert [one.id for one in found] == [ids[2]]


@pytest.mark.parametrize("folder", list(Folder))
def test_filing(backend: Backend, folder: Folder) -> None:
    """A letter is moved, whatever letters the folder's name has, and is listed there under the id that filing gave."""
    backend.deliver(letter("a"))
    (old,) = backend.mailbox.waiting()
    new = backend.mailbox.file({old: folder})[old]
    assert backend.folder_of("a") == [folder.value]
    assert list(backend.mailbox.listing(folder)) == [new]


def test_filing_twice(backend: Backend) -> None:
    """Twice to the same folder, then to another, by the id of before or after: one letter, no error."""
    backend.deliver(letter("a"))
    (old,) = backend.mailbox.waiting()
    new = backend.mailbox.file({old: Folder.TO_REPORT})[old]
    assert backend.mailbox.file({new: Folder.TO_REPORT}) == {new: new}
    newer = backend.mailbox.file({new: Folder.DONE})[new]
    assert backend.folder_of("a") == ["Klart"]
    backend.mailbox.file({newer: Folder.INBOX})
    assert keys(backend.mailbox) == ["a"]


def test_filing_many(backend: Backend) -> None:
    """Several letters to several folders in one call."""
    for key in "abc":
        backend.deliver(letter(key))
    ids = list(backend.mailbox.waiting())
    backend.mailbox.file(dict(zip(ids, [Folder.FIX_TITLE, Folder.QUARANTINE, Folder.FIX_TITLE], strict=True)))
    assert [backend.folder_of(key) for key in "abc"] == [["Åtgärda titel"], ["Karantän"], ["Åtgärda titel"]]
    assert len(list(backend.mailbox.listing(Folder.FIX_TITLE))) == 2


@pytest.mark.parametrize("where", ["Klart", "Rapporterat till IVO", "Egen mapp åäö"])
def test_filing_after_a_person_moved_it(backend: Backend, where: str) -> None:
    """A letter that a person moved, also to a folder of their own, is moved if its id still holds, else left where it lies."""
    backend.deliver(letter("a"))
    (old,) = backend.mailbox.waiting()
    backend.move_by_hand("a", where)
    known = old in backend.mailbox.file({old: Folder.TO_REPORT})
    assert backend.folder_of("a") == (["Att rapportera"] if known else [where])


def test_filing_what_is_gone(backend: Backend) -> None:
    """A letter that is gone is left out of the answer, the others are moved."""
    backend.deliver(letter("a"))
    backend.deliver(letter("b"))
    first, second = backend.mailbox.waiting()
    backend.delete_by_hand("a")
    assert list(backend.mailbox.file({first: Folder.DONE, second: Folder.DONE})) == [second]
    assert backend.folder_of("b") == ["Klart"]


@pytest.mark.parametrize("where", ["Rapporterat till IVO", "Klart"])
def test_a_look_sees_what_a_person_moved(backend: Backend, where: str) -> None:
    """Whatever id it has there, the fingerprint tells which letter it is; one without a Message-ID too."""
    nameless = letter("x").replace(b"Message-ID: <x@kommun.example>", b"X-Key: <x@kommun.example>").replace(b"Anna", b"Bo")
    backend.deliver(letter("a"))
    backend.deliver(nameless)
    before = {found.id: found.fingerprint for found in read(backend.mailbox)}
    assert dict(backend.mailbox.look())[Folder.INBOX] == tuple(before)
    assert backend.mailbox.fingerprints([*before, LetterId("unknown")]) == before
    for key in "ax":
        backend.move_by_hand(key, where)
    seen = dict(backend.mailbox.look())
    assert seen[Folder.INBOX] == () and len(seen[Folder(where)]) == 2
    assert set(backend.mailbox.fingerprints(seen[Folder(where)]).values()) == set(before.values()) and len(set(before.values())) == 2


def test_a_look_after_our_own_filing(backend: Backend) -> None:
    """What was filed is seen in its folder under the id that filing gave, and what has come since in the inbox."""
    backend.deliver(letter("a"))
    list(backend.mailbox.look())
    (old,) = backend.mailbox.waiting()
    new = backend.mailbox.file({old: Folder.DONE})[old]
    backend.deliver(letter("b"))
    seen = dict(backend.mailbox.look())
    assert len(seen[Folder.INBOX]) == 1 and seen.get(Folder.DONE, (new,)) == (new,)


def test_a_first_look_gives_every_folder(backend: Backend) -> None:
    """After a restart all is looked at; Skickat is not the program's to watch."""
    assert {folder for folder, _ in backend.restart().look()} == set(Folder) - {Folder.SENT}


def test_raw(backend: Backend) -> None:
    """A letter's bytes and its attached files, in the inbox and after a move; a letter that is gone gives none."""
    part = b'--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename="Register.CSV"\r\n\r\nA;B\r\n--b--\r\n'
    text = letter("a").replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b")
    backend.deliver(text + b"--b\r\nContent-Type: text/plain\r\n\r\nHej\r\n" + part)
    (found,) = read(backend.mailbox)
    assert isinstance(found, Letter) and found.files == (".csv",) and found.body == "Hej"
    new = backend.mailbox.file({found.id: Folder.DONE})[found.id]
    raw = backend.mailbox.raw(new)
    assert raw is not None and attached(raw, [".csv"], 1_000) == [(".csv", b"A;B")]
    backend.delete_by_hand("a")
    assert backend.mailbox.raw(new) is None


def test_delete(backend: Backend) -> None:
    """A deleted letter lies among the deleted ones, and twice is no error."""
    backend.deliver(letter("a"))
    (old,) = backend.mailbox.waiting()
    new = backend.mailbox.file({old: Folder.REPORTED})[old]
    backend.mailbox.delete([new, LetterId("unknown")])
    assert backend.folder_of("a") == ["Borttaget"]
    backend.mailbox.delete([new])
    assert list(backend.mailbox.listing(Folder.REPORTED)) == []


def test_examine(backend: Backend) -> None:
    """A mailbox that is right has no complaint with a mend; nothing is changed by looking."""
    backend.deliver(letter("a"))
    trials = list(backend.mailbox.examine())
    assert trials and all(trial.good or trial.mend for trial in trials)
    assert keys(backend.mailbox) == ["a"] and backend.folder("Skickat") == []


def test_close_and_go_on(backend: Backend) -> None:
    """After a close the next call connects again."""
    backend.deliver(letter("a"))
    backend.mailbox.close()
    assert keys(backend.mailbox) == ["a"]


def test_send(backend: Backend) -> None:
    """The copy lies in Skickat under its Message-ID and is found by it."""
    assert backend.mailbox.find_sent("<m1@kommun.example>") is None
    receipt = backend.mailbox.send(mail("m1"))
    assert backend.folder_of("m1") == ["Skickat"]
    assert backend.mailbox.find_sent("<m1@kommun.example>") == receipt
    assert receipt.refused == ()
    assert backend.mailbox.find_sent("<m2@kommun.example>") is None


def test_send_twice_leaves_one_copy(backend: Backend) -> None:
    """Also after a restart, and after a mail program gave the copy other marks."""
    first = backend.mailbox.send(mail("m1"))
    backend.move_by_hand("m1", "Skickat")
    assert backend.mailbox.send(mail("m1")).id == first.id
    backend.restart().send(mail("m1"))
    assert backend.folder_of("m1") == ["Skickat"]
    assert len(list(backend.mailbox.listing(Folder.SENT))) == 1


def test_same_text_to_two_is_two_mails(backend: Backend) -> None:
    """The Message-ID tells mails apart, nothing else."""
    for key in ("m1", "m2"):
        backend.mailbox.send(mail(key))
    assert len(list(backend.mailbox.listing(Folder.SENT))) == 2


def test_25_megabytes(backend: Backend) -> None:
    """The largest letter that servers take is read, filed and one is sent."""
    attachment = (
        "--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + ("A" * 76 + "\r\n") * 330_000 + "--b--\r\n"
    )
    text = letter("a").replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b")
    backend.deliver(text + "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nÄrende: F-9\r\n".encode() + attachment.encode())
    (found,) = read(backend.mailbox)
    assert isinstance(found, Letter) and found.body == "Ärende: F-9"
    backend.mailbox.file({found.id: Folder.DONE})
    backend.mailbox.send(mail("m1", b"x" * 25_000_000))
    assert (backend.folder_of("a"), backend.folder_of("m1")) == (["Klart"], ["Skickat"])


@pytest.mark.slow
def test_2000_letters(backend: Backend) -> None:
    """A backlog is read and filed one by one, each once."""
    for n in range(2000):
        backend.deliver(letter(f"n{n}"))
    seen = [found.id for found in backend.mailbox.fetch(list(backend.mailbox.waiting()))]
    assert len(set(seen)) == 2000
    for id in seen:
        assert id in backend.mailbox.file({id: Folder.DONE})
    assert list(backend.mailbox.waiting()) == []
    assert len(list(backend.mailbox.listing(Folder.DONE))) == 2000


def test_restart_in_the_middle(backend: Backend) -> None:
    """A new process finds the rest in the inbox, and the ids it wrote down still hold."""
    for key in "abc":
        backend.deliver(letter(key))
    ids = list(backend.mailbox.waiting())
    filed = backend.mailbox.file({ids[0]: Folder.UNCLEAR})
    fresh = backend.restart()
    fresh.prepare()
    assert list(fresh.waiting()) == ids[1:]
    assert [one.id for one in fresh.fetch(ids)] == ids[1:]
    fresh.file({filed[ids[0]]: Folder.TO_REPORT, ids[1]: Folder.DONE})
    assert [backend.folder_of(key) for key in "abc"] == [["Att rapportera"], ["Klart"], ["INBOX"]]
