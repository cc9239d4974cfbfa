"""What is particular to IMAP: folders under any layout, servers that can little, what changed in few commands, and the same letter however read."""

import base64
import random
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mailbox.base import Folder, Letter, LetterId, Unreadable
from bot.mailbox.imap import ImapMailbox
from bot.mailbox.imap_folders import plain
from bot.mailbox.imap_settings import Server
from bot.mailbox.imap_syntax import expand, fetched, received, uid_set, values
from bot.mailbox.letter import parse
from tests.mailboxes import imap
from tests.mailboxes.imap import ImapBackend
from tests.servers.imap_proxy import Proxy
from tests.test_mailbox_contract import keys, letter, mail, read

BARE = {"imap_capability": "IMAP4rev1"}
NO_SPECIAL = {  # a namespace that tells of no special folders
    "namespace__inbox__disabled": "yes",
    "namespace__inbox__inbox": "no",
    "namespace__plain__disabled": "no",
    "namespace__plain__inbox": "yes",
}
LAYOUTS = {
    "under the inbox": {"prefix": "INBOX.", "namespace__inbox__prefix": "INBOX.", "namespace__inbox__separator": "."},
    "bare": BARE,
    "bare under the inbox": {"prefix": "INBOX/", "namespace__plain__prefix": "INBOX/", **BARE, **NO_SPECIAL},
    "no special folders": NO_SPECIAL,
    "no move": {"imap_capability": "IMAP4rev1,UIDPLUS"},
}
NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)


@pytest.fixture
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ImapBackend]:
    with imap.backend(tmp_path, **getattr(request, "param", {})) as made:
        made.mailbox.prepare()
        yield made


@pytest.mark.parametrize("backend", LAYOUTS.values(), ids=LAYOUTS, indirect=True)
def test_every_layout(backend: ImapBackend) -> None:
    """Read, file, file again, look, send and delete on servers with other folders and without any extension."""
    box = backend.mailbox
    for key in "abc":
        backend.deliver(letter(key))
    ids = list(box.waiting())
    assert [found.id for found in box.fetch(ids)] == ids and keys(box) == ["a", "b", "c"]
    new = box.file({ids[0]: Folder.REPORTED, ids[1]: Folder.FIX_TITLE})
    assert (backend.folder_of("a"), backend.folder_of("b"), keys(box)) == (["Rapporterat till IVO"], ["Åtgärda titel"], ["c"])
    seen = dict(box.look())
    assert seen[Folder.REPORTED] == (new[ids[0]],) and seen[Folder.FIX_TITLE] == (new[ids[1]],) and seen[Folder.INBOX] == (ids[2],)
    newer = box.file({new[ids[0]]: Folder.DONE})[new[ids[0]]]
    assert list(box.listing(Folder.DONE)) == [newer] and list(box.listing(Folder.REPORTED)) == []
    assert box.fingerprints([newer]) == {newer: "<a@kommun.example>"}
    assert box.file({newer: Folder.DONE}) == {newer: newer}
    receipt = box.send(mail("m1"))
    assert box.find_sent("<m1@kommun.example>") == receipt == backend.restart().send(mail("m1"))
    assert backend.folder_of("m1") == ["Skickat"] and len(backend.smtp.sent) == 1
    backend.mailbox.delete([newer])
    assert backend.folder_of("a") == ["Borttaget"]


def test_folders_that_are_there_are_used(backend: ImapBackend, tmp_path: Path) -> None:
    """One under the inbox comes before one at the top; what is missing is made beside the others."""
    with imap.backend(tmp_path) as other:
        with other.person() as client:
            for name in (b"INBOX/Klart", b"INBOX/Oklara", b"Klart"):
                client.create(b'"' + name + b'"')  # type: ignore[arg-type]
        other.mailbox.prepare()
        with other.person() as client:
            listed = other._listed(client)
        ours = {folder.value for folder in Folder} - {"INBOX", "Skickat"}
        assert {name for name in listed if name.startswith("INBOX/")} == {f"INBOX/{name}" for name in ours}
        assert {"Klart", "Skickat", "Borttaget"} <= set(listed) and "INBOX/Skickat" not in listed


def test_a_folder_that_vanishes_is_made_again(backend: ImapBackend) -> None:
    """A person deletes a folder: one call fails at most, and the next round makes it anew."""
    backend.deliver(letter("a"))
    (id,) = backend.mailbox.waiting()
    with backend.person() as client:
        client.delete("Klart")
    with pytest.raises(Exception, match="vanished"):
        backend.mailbox.file({id: Folder.DONE})
    backend.mailbox.prepare()
    backend.mailbox.file({id: Folder.DONE})
    assert backend.folder_of("a") == ["Klart"]


@pytest.mark.parametrize(
    "wire, name",
    [
        (b"&AMU-tg&AOQ-rda titel", "Åtgärda titel"),
        (b"A&-B", "A&B"),
        ("Åtgärda".encode(), "Åtgärda"),
        (b"&broken", "&broken"),
        (b"&AAAA", "&AAAA"),
    ],
)
def test_folder_names(wire: bytes, name: str) -> None:
    """Modified UTF-7, UTF-8, and what is neither."""
    assert plain(wire) == name or wire.startswith(b"&")


def test_nothing_new_costs_at_most_three_commands(backend: ImapBackend, capsys: pytest.CaptureFixture[str]) -> None:
    """Counted on the line, of a warm connection: nothing new, one new letter, and what a person moved."""
    proxy = Proxy(backend.server.port)
    box = ImapMailbox(backend.connection(imap=Server("127.0.0.1", proxy.port, "none")))
    try:
        for n in range(5):
            backend.deliver(letter(f"n{n}"))

        def poll() -> int:
            proxy.clear()
            box.prepare()
            for folder, ids in box.look():
                if folder is Folder.INBOX:
                    list(box.fetch([id for id in ids if id not in known]))
                    known.update(ids)
            return len(proxy.commands)

        known: set[LetterId] = set()
        started = poll()
        nothing, commands = poll(), list(proxy.commands)
        backend.deliver(letter("new"))
        one = poll()
        backend.move_by_hand("new", "Rapporterat till IVO")
        moved = poll()
        proxy.clear()
        assert len(list(box.waiting())) == 5
        waiting = len(proxy.commands)
        with capsys.disabled():
            print(
                f"\nIMAP commands: start {started}, nothing new {nothing} {commands}, one new {one}, moved by hand {moved}, waiting {waiting}"
            )
        assert nothing <= 3 and nothing + waiting <= 4 and one <= 6 and moved <= 7
        assert len(known) == 6
    finally:
        box.close()
        proxy.stop()


def test_uidvalidity_changes(backend: ImapBackend) -> None:
    """After the server has lost its numbers, old ids are gone, and letters are known again by what they keep."""
    for key in "ab":
        backend.deliver(letter(key))
    before = {found.id: found.fingerprint for found in read(backend.mailbox)}
    backend.restart()
    time.sleep(1.1)  # UIDVALIDITY is a second of the clock here
    old = backend.box.rename(backend.box.with_name("old"))  # another folder, for the server remembers a folder for some seconds
    shutil.copytree(old, backend.box, ignore=shutil.ignore_patterns("dovecot*"))
    for path in (backend.box, *backend.box.rglob("*")):
        backend.server.give(path)
    backend.mailbox.prepare()
    assert list(backend.mailbox.fetch(list(before))) == []
    assert backend.mailbox.file(dict.fromkeys(before, Folder.DONE)) == {}
    assert backend.mailbox.fingerprints(list(before)) == {}
    again = read(backend.mailbox)
    assert [found.fingerprint for found in again] == list(before.values()) and not before.keys() & {found.id for found in again}


def test_a_letter_marked_as_deleted_does_not_wait(backend: ImapBackend) -> None:
    """A mail program that marks and does not expunge has deleted all the same."""
    backend.deliver(letter("a"))
    backend.deliver(letter("b"))
    (first, _) = dict(backend.mailbox.look())[Folder.INBOX]
    with backend.person() as client:
        client.select("INBOX")
        client.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
    assert len(dict(backend.mailbox.look())[Folder.INBOX]) == 1 and len(list(backend.mailbox.waiting())) == 1
    backend.mailbox.file({next(iter(backend.mailbox.waiting())): Folder.DONE})
    assert backend.mailbox.raw(first) is not None  # nobody else's letter was expunged


def part(kind: str, body: bytes, *lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in (f"Content-Type: {kind}", *lines)).encode() + b"\r\n" + body


def many(boundary: str, *parts: bytes, kind: str = "mixed", headers: bytes = b"") -> bytes:
    mark = b"--" + boundary.encode()
    head = headers + f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\nintro\r\n'.encode()
    return head + b"".join(mark + b"\r\n" + one + b"\r\n" for one in parts) + mark + b"--\r\nend\r\n"


def odd_letters() -> dict[str, bytes]:
    """Letters larger than what is fetched at once, as they come and as nobody should write them."""
    head = b"From: Anna <anna@kommun.example>\r\nSubject: IVO\r\nMessage-ID: <a@kommun.example>\r\nMIME-Version: 1.0\r\n"
    pdf = part('application/pdf; name="plan.pdf"', b"QUJD" * 20_000, "Content-Transfer-Encoding: base64", "Content-Disposition: attachment")
    named = part("application/pdf", b"QUJD" * 20_000, "Content-Disposition: attachment; filename*=utf-8''%C3%85rende.pdf")
    text = part("text/plain; charset=utf-8", "Ärende: F-9 åäö".encode())
    latin = part("text/plain; charset=iso-8859-1", "Ärende: F-9".encode("latin-1"), "Content-Transfer-Encoding: 8bit")
    coded = part("text/plain; charset=utf-8", base64.encodebytes("Ärende: Ö-1\r\n".encode() * 40_000), "Content-Transfer-Encoding: base64")
    quoted = part("text/plain; charset=utf-8", b"=C3=84rende: F-1=20=\r\n" * 20_000, "Content-Transfer-Encoding: quoted-printable")
    html = part("text/html; charset=utf-8", "<p>Ärende: H-1</p>".encode() + b"<style>x</style>" * 5_000)
    status = part(
        "message/delivery-status", b"Reporting-MTA: dns; mx\r\n\r\nAction: failed\r\nOriginal-Message-ID: <bounced@kommun.example>\r\n"
    )
    inner = part(
        "message/rfc822", b"From: x@kommun.example\r\nMessage-ID: <inner@kommun.example>\r\nSubject: i\r\n\r\n" + b"rad\r\n" * 20_000
    )
    big = b"".join(f"rad {n} med text\r\n".encode() for n in range(30_000))
    alternative = many("alt", text, html, kind="alternative")
    return {
        "a text and a file": head + many("b", text, pdf),
        "a name in pieces": head + many("b", latin, named),
        "base64 longer than is read": head + many("b", coded, pdf),
        "quoted-printable longer than is read": head + many("b", quoted),
        "html only": head + many("b", html, pdf),
        "both texts": head + many("b", alternative, pdf),
        "an empty plain text": head + many("b", part("text/plain", b" \r\n\r\n"), html),
        "a long empty plain text": head + many("b", part("text/plain", b" \r\n" * 4_000), html),
        "one long text": head + b"Content-Type: text/plain\r\n\r\n" + big,
        "one long text without a type": head + b"\r\n" + big,
        "one long html": head + b"Content-Type: text/html\r\n\r\n<p>" + big,
        "one base64": head + b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(big),
        "a bounce": head + many("b", part("text/plain", b"could not"), status, inner, kind="report; report-type=delivery-status"),
        "a bounce with a long story": head + many("b", part("text/plain", big), status, inner),
        "a letter inside": head + many("b", inner, text),
        "a letter whole": head + b"Content-Type: message/rfc822\r\n\r\nMessage-ID: <inner@kommun.example>\r\n\r\n" + big,
        "attached text first": head + many("b", part("text/plain; name=x.txt", big, "Content-Disposition: attachment"), text),
        "no headers in the part": head + many("b", b"\r\nutan huvud", pdf),
        "no end": head + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + text + b"\r\n--b\r\n" + pdf,
        "a boundary that never comes": head + b"Content-Type: multipart/mixed; boundary=never\r\n\r\n" + big,
        "no boundary": head + b"Content-Type: multipart/mixed\r\n\r\n" + big,
        "a boundary inside another": head + many("b", many("bb", text, html), pdf),
        "the same boundary twice": head + many("b", many("b", text, html), pdf),
        "a digest": head + many("d", b"\r\nFrom: x@kommun.example\r\n\r\n" + big, text, kind="digest"),
        "twelve deep": head + deep(12, pdf),
        "nine deep": head + deep(9, text),
        "300 parts": head + many("b", *[part("text/plain", b"del %d" % n + b" " * 200) for n in range(300)]),
        "a long header": head + b"X-Long: " + b"x" * 900 + b"\r\n" + b"X-More: y\r\n" * 5_000 + b"\r\n" + big,
        "a header of 100 kB": head + b"X-More: y\r\n" * 10_000 + b"\r\n" + big,
        "no blank line": head + b"X-More: y\r\n" * 10_000,
        "line feeds only": (head + many("b", text, pdf)).replace(b"\r\n", b"\n"),
        "mixed line ends": (head + many("b", text, pdf)).replace(b"\r\n--", b"\n--"),
        "no message id": head.replace(b"Message-ID", b"X-Id") + many("b", text, pdf),
        "a lying type": head + many("b", part("TEXT/plain ; charset = utf-8", "Ä".encode()), part("text", big), part("", big)),
        "an unknown charset": head + many("b", part("text/plain; charset=x-unknown", "Ärende".encode()), pdf),
        "no letter at all": b"\xff" * 40_000,
        "zeros": b"\1" * 40_000,
        "a boundary line with words": head + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b words\r\n" + text + b"\r\n--b\r\n" + pdf + b"\r\n--b--\r\n",
        "a part with a header of 200 kB": head + many("b", text, part("text/html", b"<p>x", *["X-More: y"] * 20_000), pdf),
        "quotes in the boundary": head + many("a b'()+_,-./:=?", text, pdf),
    }  # fmt: skip


def deep(levels: int, inside: bytes) -> bytes:
    for n in range(levels):
        inside = many(f"b{n}x", inside)
    return inside


def test_a_large_letter_is_read_as_if_it_were_whole(backend: ImapBackend) -> None:
    """Fetched in parts, each letter equals what reading all of its bytes gives."""
    odd = odd_letters()
    for raw in odd.values():
        backend.smtp.deliver(raw)
    ids = list(backend.mailbox.waiting())
    found = list(backend.mailbox.fetch(ids))
    assert [one.id for one in found] == ids
    for name, one in zip(odd, found, strict=True):
        raw = backend.mailbox.raw(one.id)
        assert raw is not None
        expected = parse(one.id, raw, one.received if isinstance(one, Letter) else NOW)
        assert one == expected, name
    assert backend.mailbox.fingerprints(ids) == {one.id: one.fingerprint for one in found}
    assert sum(isinstance(one, Unreadable) for one in found) == 2


def test_most_of_them_are_not_fetched_whole(backend: ImapBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter with a file of 20 MB costs a few kilobytes."""
    proxy = Proxy(backend.server.port)
    box = ImapMailbox(backend.connection(imap=Server("127.0.0.1", proxy.port, "none")))
    head = b"From: Anna <anna@kommun.example>\r\nSubject: IVO\r\nMessage-ID: <a@kommun.example>\r\n"
    pdf = part('application/pdf; name="plan.pdf"', b"A" * 20_000_000)
    backend.smtp.deliver(head + many("b", part("text/plain", b"Hej"), pdf))
    proxy.clear()
    (found,) = box.fetch(list(box.waiting()))
    assert isinstance(found, Letter) and found.files == (".pdf",) and found.body == "Hej"
    assert proxy.commands.count("UID FETCH") == 3
    box.close()
    proxy.stop()


@pytest.mark.parametrize("seed", range(8))
def test_a_large_letter_damaged_at_random(backend: ImapBackend, seed: int) -> None:
    """Bytes changed, taken away and doubled: still the same as the whole letter gives."""
    chance = random.Random(seed)
    pool = list(odd_letters().values())
    for _ in range(25):
        raw = bytearray(chance.choice(pool))
        for _ in range(chance.randrange(1, 12)):
            at = chance.randrange(min(len(raw), 4_000))
            match chance.randrange(4):
                case 0:
                    raw[at] = chance.choice(b'-b:;="\r\n x/')
                case 1:
                    del raw[at : at + chance.randrange(40)]
                case 2:
                    raw[at:at] = raw[at : at + chance.randrange(200)]
                case _:
                    raw[at:at] = chance.choice(
                        [b"\r\n--b\r\n", b"\r\n\r\n", b"--b--", b"\r\nContent-Type: multipart/mixed; boundary=b\r\n", b"\n"]
                    )
        backend.smtp.deliver(bytes(raw))
    for one in backend.mailbox.fetch(list(backend.mailbox.waiting())):
        whole = backend.mailbox.raw(one.id)
        assert whole is not None and one == parse(one.id, whole, one.received if isinstance(one, Letter) else NOW)
        assert backend.mailbox.fingerprints([one.id]) == {one.id: one.fingerprint}


def test_idle(backend: ImapBackend) -> None:
    """A hint that something came; none when nothing does, and the connection goes on."""
    assert backend.imap.wait(0.1) is False
    later = threading.Timer(0.3, backend.smtp.deliver, [letter("a")])
    later.start()
    assert backend.imap.wait(20) is True
    later.join()
    assert keys(backend.mailbox) == ["a"]


@pytest.mark.parametrize(
    "chunks, expected",
    [
        ([b'1 (UID 5 FLAGS (\\Seen) X "a\\"b" Y NIL)'], {b"UID": b"5", b"FLAGS": [b"\\Seen"], b"X": b'a"b', b"Y": None}),
        ([(b"1 (UID 5 BODY[1.MIME] {3}", b"a)b"), b" BODY[TEXT]<0> NIL)"], {b"UID": b"5", b"BODY[1.MIME]": b"a)b", b"BODY[TEXT]<0>": None}),
        ([(b"1 (BODY[HEADER.FIELDS (MESSAGE-ID)] {1}", b"x"), b" UID 5)"], {b"BODY[HEADER.FIELDS (MESSAGE-ID)]": b"x", b"UID": b"5"}),
    ],
)
def test_fetch_answers(chunks: list[bytes | tuple[bytes, bytes]], expected: dict[bytes, object]) -> None:
    """Quoted strings, literals and sections, in any order."""
    assert fetched(chunks) == {5: expected}


@given(st.sets(st.integers(1, 300)))
def test_uid_sets(uids: set[int]) -> None:
    """Written and read again, the same UIDs."""
    assert expand(uid_set(uids).encode()) == sorted(uids)


def test_a_set_of_too_many() -> None:
    """A range over all numbers must not fill the memory."""
    with pytest.raises(ValueError, match="many"):
        expand(b"1:4294967295")


@given(st.binary(max_size=300))
def test_any_answer_is_read_or_refused(raw: bytes) -> None:
    """Nothing but ValueError."""
    values([raw, (raw + b"{3}", raw), raw])
    assert received({b"INTERNALDATE": raw}).utcoffset() is not None


def test_the_time_of_arrival() -> None:
    """With its zone, in UTC."""
    assert received({b"INTERNALDATE": b"15-Apr-2026 10:00:00 +0200"}) == NOW
    assert received({b"INTERNALDATE": b" 5-Apr-2026 10:00:00 +0200"}) == replace_day(NOW, 5)
    assert received({b"INTERNALDATE": b"31-Feb-2026 10:00:00 +0200"}).year == 1970


def replace_day(at: datetime, day: int) -> datetime:
    return at.replace(day=day)


def test_the_connection_shows_no_password(backend: ImapBackend) -> None:
    """Not in a log by mistake."""
    assert "lösen" not in repr(replace(backend.connection()))
