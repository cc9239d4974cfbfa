"""Exchange Online by Graph: what it costs, what it finds, how it sends, and what it says of the rights it has."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.mailboxes.graph import CLOUDS, connect
from bot.config.mailboxes import Graph, of_kind
from bot.errors import ConfigError, MailboxDenied, MailboxError, MailRefused
from bot.mailbox.base import Folder, Letter, LetterId, OutgoingMail, Unreadable
from bot.mailbox.graph import Connection, GraphMailbox
from bot.mailbox.graph_examine import certificate, drift
from bot.mailbox.token import TokenSource
from tests.mailboxes.base import SENDER
from tests.mailboxes.graph import GraphBackend, backend
from tests.servers.graph_token import CLIENT, SECRET, TENANT, own_certificate
from tests.test_mailbox_contract import keys, letter, mail, read

pytestmark = pytest.mark.slow


@pytest.fixture
def box(tmp_path: Path) -> Iterator[GraphBackend]:
    with backend(tmp_path) as made:
        made.mailbox.prepare()
        yield made


def attached(key: str) -> bytes:
    text = letter(key).replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b")
    return text + b"--b\r\nContent-Type: text/plain\r\n\r\nHej\r\n--b\r\nContent-Type: text/csv\r\n\r\nA;B\r\n--b--\r\n"


def spent(box: GraphBackend) -> int:
    """HTTP requests to Graph since the last call."""
    done, box.server.counts["http"] = box.server.counts["http"], 0
    return done


def poll(box: GraphBackend) -> dict[Folder, tuple[LetterId, ...]]:
    box.mailbox.prepare()
    return {folder: tuple(ids) for folder, ids in box.mailbox.look()}


def test_requests(box: GraphBackend) -> None:
    """Starting, a poll with nothing new, and a day's letters, counted by the server."""
    poll(box)
    box.restart()
    box.server.counts.clear()
    poll(box)
    starting = sum(box.server.counts[name] for name in ("http", "token", "metadata"))
    spent(box)
    poll(box)
    quiet = spent(box)
    for n in range(20):
        box.deliver(letter(f"n{n}"))
    ids = poll(box)[Folder.INBOX]
    found = [one for one in box.mailbox.fetch(ids) if isinstance(one, Letter)]
    reading = spent(box)
    box.mailbox.file({one.id: Folder.DONE if n % 2 else Folder.FIX_TITLE for n, one in enumerate(found)})
    filing = spent(box)
    box.mailbox.send(mail("m1"))
    sending = spent(box)
    poll(box)
    after = spent(box)
    print(
        f"requests: start {starting}, nothing new {quiet}, 20 letters read {reading}, filed {filing}, a mail sent {sending}, next poll {after}"
    )
    assert (starting, quiet, reading, filing, sending, after) == (4, 1, 3, 2, 3, 1)


def test_poll_with_large_folders(box: GraphBackend) -> None:
    """2 000 letters in a folder: paged at the start, one request when nothing has changed, also after a letter more."""
    for n in range(2000):
        box.server.box.add(letter(f"n{n}"), box.server.box.named("Klart").id)
    box.restart()
    assert len(poll(box)[Folder.DONE]) == 2000
    spent(box)
    assert set(poll(box)) == {Folder.INBOX} and spent(box) == 1
    box.server.box.add(letter("x"), box.server.box.named("Klart").id)
    assert len(poll(box)[Folder.DONE]) == 2001 and spent(box) == 1


def test_inbox_of_many_pages(box: GraphBackend) -> None:
    """Each letter once, oldest first."""
    for n in range(1203):
        box.deliver(letter(f"n{n}"))
    ids = poll(box)[Folder.INBOX]
    assert len(set(ids)) == 1203 and ids == tuple(box.mailbox.waiting())


def test_a_token_that_is_not_known_any_more(box: GraphBackend) -> None:
    """410 means that all is asked anew, and nothing is lost."""
    poll(box)
    box.server.box.generation += 1
    box.server.box.add(letter("x"), box.server.box.named("Klart").id)
    assert len(poll(box)[Folder.DONE]) == 1
    assert set(poll(box)) == {Folder.INBOX}


def test_a_change_that_the_server_forgot_to_tell(box: GraphBackend) -> None:
    """The hint is not believed for ever: within the hour all is read."""
    now = [0.0]
    tokens = TokenSource(TENANT, CLIENT, scope=box.server.identity.scope, secret=SECRET, authority=box.server.url)
    slow = GraphMailbox(Connection(SENDER, box.server.url), tokens, monotonic=lambda: now[0])
    dict(slow.look())
    klart = box.server.box.named("Klart")
    box.server.box.add(letter("x"), klart.id)
    box.server.box.events.clear()  # as a server that lost its log of changes
    assert Folder.DONE not in dict(slow.look())
    now[0] = 3600.0
    assert len(dict(slow.look())[Folder.DONE]) == 1
    slow.close()


def test_the_inbox_needs_no_hint(box: GraphBackend) -> None:
    """Whatever the log of changes says, what lies in the inbox is given."""
    poll(box)
    box.deliver(letter("a"))
    box.server.box.events.clear()
    assert len(poll(box)[Folder.INBOX]) == 1


def test_looking_makes_no_folders(tmp_path: Path) -> None:
    """Mode dry looks without preparing; the mailbox stays as it is."""
    with backend(tmp_path) as made:
        made.deliver(letter("a"))
        assert {folder: len(ids) for folder, ids in made.mailbox.look()} == {
            f: int(f is Folder.INBOX) for f in Folder if f is not Folder.SENT
        }
        assert list(made.mailbox.listing(Folder.DONE)) == []
        assert made.server.counts["in batch:newfolder"] == 0
        (id,) = made.mailbox.waiting()
        made.mailbox.file({id: Folder.DONE})
        assert made.folder_of("a") == ["Klart"]


def test_folders_at_the_top(tmp_path: Path) -> None:
    """Folders that people made at the top are taken, in whatever case; those under the inbox go first."""
    with backend(tmp_path) as made:
        top = made.server.box.make("msgfolderroot", "KLART")
        made.server.box.make("msgfolderroot", "Oklara")
        inner = made.server.box.make("inbox", "oklara")
        assert top and inner
        made.mailbox.prepare()
        names = [one.name for one in made.server.box.children("inbox")]
        assert sorted(names) == sorted(["oklara", "Att rapportera", "Åtgärda titel", "Karantän", "Rapporterat till IVO"])
        made.deliver(letter("a"))
        made.deliver(letter("b"))
        first, second = made.mailbox.waiting()
        made.mailbox.file({first: Folder.DONE, second: Folder.UNCLEAR})
        assert len(top.items) == len(inner.items) == 1


def test_a_folder_that_a_person_deleted(box: GraphBackend) -> None:
    """It is found missing and made again, at the latest with the next full look."""
    poll(box)
    klart = box.server.box.named("Klart")
    del box.server.box.folders[klart.id]
    with pytest.raises(MailboxError) as told:
        poll(box)
    assert told.value.again
    assert poll(box)[Folder.DONE] == () and box.server.box.named("Klart")


def test_attached_files_come_alone(box: GraphBackend) -> None:
    """A letter with files is not put among others in one answer."""
    box.deliver(letter("a"))
    box.deliver(attached("b"))
    assert keys(box.mailbox) == ["a", "b"]
    assert box.server.counts["value"] == 1 and box.server.counts["in batch:value"] == 1


def test_a_letter_that_was_cut_is_asked_for_again(box: GraphBackend) -> None:
    """Half a letter of the right length: its closing boundary is missing."""
    box.deliver(attached("a"))
    box.server.fail("value", "cut")
    (found,) = read(box.mailbox)
    assert isinstance(found, Letter) and found.body == "Hej" and box.server.counts["value"] == 2


@pytest.mark.parametrize("kind", ["503", "504", "drop_before", "cut"])
def test_a_batch_that_is_too_much(box: GraphBackend, kind: str) -> None:
    """The letters are then fetched one by one."""
    for key in "abc":
        box.deliver(letter(key))
    ids = list(box.mailbox.waiting())
    box.server.fail("batch", kind)
    assert [one.id for one in box.mailbox.fetch(ids)] == ids


@pytest.mark.parametrize("make", [letter, attached])
def test_one_letter_that_the_server_cannot_give(box: GraphBackend, make: object) -> None:
    """It is told as such, to be tried again, and the others come."""
    box.deliver(letter("a"))
    box.deliver(make("b"))  # type: ignore[operator]
    ids = list(box.mailbox.waiting())
    box.server.fail("value", "504", "504", "504")
    box.server.fail("value", *["drop_after"] * 3)
    found = list(box.mailbox.fetch(ids))
    assert [type(one) for one in found] in ([Unreadable, Letter], [Letter, Unreadable], [Unreadable, Unreadable])
    assert all(one.again for one in found if isinstance(one, Unreadable))


def test_fingerprints_agree(box: GraphBackend) -> None:
    """With Message-ID and without, by fetching and by asking, before and after a move; odd ones too."""
    odd = [
        letter("a"),
        letter("b").replace(b"Message-ID: <", b"Message-ID:\r\n  <"),
        letter("c").replace(b"Message-ID", b"X-Id"),
        b"",
        b"hej",
    ]
    for raw in [*odd, letter("d").replace(b"<d@kommun.example>", b"no brackets")]:
        box.deliver(raw)
    found = {one.id: one.fingerprint for one in read(box.mailbox)}
    assert box.mailbox.fingerprints(list(found)) == found
    moved = box.mailbox.file(dict.fromkeys(found, Folder.DONE))
    assert moved == {id: id for id in found}, "ids do not change"
    assert box.mailbox.fingerprints(list(found)) == found


def test_filing_more_than_fits_in_a_batch(box: GraphBackend) -> None:
    """45 letters to one folder are three requests."""
    for n in range(45):
        box.deliver(letter(f"n{n}"))
    ids = list(box.mailbox.waiting())
    spent(box)
    assert len(box.mailbox.file(dict.fromkeys(ids, Folder.DONE))) == 45 and spent(box) == 3


# Sending.

STANDARD = b"Auto-Submitted: auto-replied\r\nIn-Reply-To: <x@kommun.example>\r\nReferences: <x@kommun.example>\r\n"


def test_standard_headers_survive(box: GraphBackend) -> None:
    """The bytes that leave are those that were frozen: headers that JSON refuses, and our own Message-ID."""
    one = mail("m1")
    box.mailbox.send(OutgoingMail(one.message_id, one.sender, one.recipients, STANDARD + one.raw))
    assert box.server.box.outgoing == [(one.message_id, STANDARD + one.raw)]


def test_a_server_that_gives_drafts_other_ids(box: GraphBackend) -> None:
    """Our Message-ID is set on the draft."""
    box.server.box.keeps_ids = False
    receipt = box.mailbox.send(mail("m1"))
    assert box.mailbox.find_sent("<m1@kommun.example>") == receipt
    assert box.server.box.outgoing[0][0] == "<m1@kommun.example>"


@pytest.mark.parametrize("op", ["batch", "draft", "send"])
@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "504", "504_after", "503", "429", "cut", "401"])
@pytest.mark.parametrize("blind", [False, True])
@pytest.mark.parametrize("delay", [0, 2, 9])
def test_a_lost_answer(box: GraphBackend, op: str, kind: str, blind: bool, delay: int) -> None:
    """Whatever is lost on the way, by the next try or the one after the mail has gone once; also when the search lags behind."""
    box.mailbox.prepare()
    box.server.box.blind, box.server.box.delay = blind, delay
    box.server.fail(op, kind)
    for _ in range(8):
        try:
            found = box.mailbox.find_sent("<m1@kommun.example>") or box.mailbox.send(mail("m1"))
            break
        except MailboxError as told:
            assert told.again or isinstance(told, MailboxDenied)
            if kind != "401":
                box.restart()
    assert [key for key, _ in box.server.box.outgoing] == ["<m1@kommun.example>"]
    assert found.id
    for _ in range(delay):
        box.server.box.tick()
    assert box.folder_of("m1") == ["Skickat"] and box.folder("Utkast") == []


def test_a_killed_run_leaves_a_draft(box: GraphBackend) -> None:
    """It is sent, not made again."""
    draft = box.server.box.add(mail("m1").raw, "drafts", draft=True)
    assert box.mailbox.find_sent("<m1@kommun.example>") is None
    assert box.mailbox.send(mail("m1")).id == draft.id
    assert box.server.counts["draft"] == 0 and len(box.server.box.outgoing) == 1


def test_the_sent_folder_decides(box: GraphBackend) -> None:
    """A draft that was left behind beside the sent copy is not sent."""
    box.server.box.add(mail("m1").raw, "drafts", draft=True)
    sent = box.server.box.add(mail("m1").raw, "sentitems")
    assert box.mailbox.send(mail("m1")).id == sent.id and box.server.box.outgoing == []


def test_quotes_in_a_message_id(box: GraphBackend) -> None:
    """OData doubles an apostrophe; signs that mean something in an address are quoted."""
    id = "<a'b+c&d#e%/f?g@kommun.example>"
    raw = mail("m1").raw.replace(b"<m1@kommun.example>", id.encode())
    receipt = box.mailbox.send(OutgoingMail(id, SENDER, ("anna@kommun.example",), raw))
    assert box.mailbox.find_sent(id) == receipt


def test_a_refused_mail(box: GraphBackend) -> None:
    """Recipients that the server will not have: only this mail is at fault, and no draft is left for someone to send."""
    refused = mail("m1").raw.replace(b"To: anna@", b"To: refused@")
    with pytest.raises(MailRefused):
        box.mailbox.send(OutgoingMail("<m1@kommun.example>", SENDER, ("refused@kommun.example",), refused))
    assert box.folder("Utkast") == [] and box.server.box.outgoing == []
    box.mailbox.send(mail("m2"))


def test_a_mail_that_is_too_large(box: GraphBackend) -> None:
    with pytest.raises(MailRefused, match="too large"):
        box.mailbox.send(mail("m1", b"x" * 31_000_000))


# Rights.


def trials(box: GraphBackend) -> dict[str, str]:
    return {one.seen: one.mend for one in box.mailbox.examine() if not one.good}


def test_examine_a_mailbox_as_it_should_be(tmp_path: Path) -> None:
    """Nothing to mend, nothing changed."""
    with backend(tmp_path) as made:
        made.server.known.add("chef@kommun.example")
        made.must_not_read = "chef@kommun.example"
        made.restart()
        made.mailbox.prepare()
        before = len(made.server.box.folders), len(made.server.box.items)
        assert trials(made) == {}
        assert (len(made.server.box.folders), len(made.server.box.items)) == before


def test_examine_rights_that_are_too_wide(tmp_path: Path) -> None:
    """Another mailbox that can be read, and consent for the whole organisation: each with the lines that mend it."""
    with backend(tmp_path) as made:
        made.must_not_read = "chef@kommun.example"
        made.server.others.add("chef@kommun.example")
        made.server.identity.roles = ["Mail.ReadWrite", "User.Read.All"]
        made.restart()
        found = trials(made)
        assert list(found) == [
            "the application has rights to every mailbox of the organisation",
            "a mailbox that must not be read can be read",
        ]
        for mend in found.values():
            assert f"New-ServicePrincipal -AppId {CLIENT}" in mend and "New-ManagementScope -Name ivobot" in mend
            assert f"'{SENDER}'" in mend and 'Role "Application Mail.Send" -CustomResourceScope ivobot' in mend


@pytest.mark.parametrize("lacking, seen", [("write", "letters cannot be moved"), ("send", "mail cannot be sent")])
def test_examine_rights_that_are_missing(box: GraphBackend, lacking: str, seen: str) -> None:
    box.server.rights.discard(lacking)
    assert list(trials(box)) == [seen]


def test_no_right_to_read(box: GraphBackend) -> None:
    """Told as a denial, with the mend."""
    box.server.rights.discard("read")
    with pytest.raises(MailboxDenied, match="New-ManagementRoleAssignment"):
        list(box.mailbox.waiting())


def test_no_such_mailbox(tmp_path: Path) -> None:
    with backend(tmp_path) as made:
        made.server.box.address = "annan@kommun.example"
        with pytest.raises(MailboxError, match="no such mailbox") as told:
            made.mailbox.prepare()
        assert not told.value.again


def test_certificate(tmp_path: Path) -> None:
    """Days until it ends, from thirty on with what to do; one that cannot be read."""
    now = datetime.now(UTC)
    assert certificate(own_certificate(tmp_path / "a.pem", 40), now).good
    short = certificate(own_certificate(tmp_path / "b.pem", 29), now)
    assert not short.good and short.seen.startswith("the certificate ends in 29 days") and "Entra" in short.mend
    assert certificate(tmp_path / "b.pem", now + timedelta(days=31)).seen.startswith("the certificate ended on")
    assert "cannot be read" in certificate(tmp_path / "none.pem", now).seen


def test_clock(box: GraphBackend) -> None:
    """More than two minutes away is told."""
    now = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
    assert drift("Wed, 01 Apr 2026 12:01:00 GMT", now).good and drift("gibberish", now).good and drift("", now).good
    assert drift("Wed, 01 Apr 2026 12:04:00 GMT", now).seen == "this machine's clock is 240 seconds off"
    box.server.door.date = "Wed, 01 Apr 2020 12:04:00 GMT"
    assert any("seconds off" in seen for seen in trials(box))


# Signing in, and the configuration.


def test_certificate_signs_in(tmp_path: Path) -> None:
    """A JWT signed by the certificate's key is what the server believes."""
    pem = own_certificate(tmp_path / "own.pem")
    with backend(tmp_path) as made:
        made.server.identity.certificate = pem.read_bytes()
        raw = {key.removeprefix("IVOBOT_MAILBOX__").lower(): value for key, value in made.environ.items()}
        del raw["client_secret"]
        config = of_kind(raw | {"certificate": str(pem)})
        assert isinstance(config, Graph)
        mailbox = connect(config)
        mailbox.prepare()
        assert any("certificate is good for 365 days" in one.seen for one in mailbox.examine())
        made.server.identity.certificate = own_certificate(tmp_path / "other.pem").read_bytes()
        with pytest.raises(MailboxDenied):
            connect(config).prepare()
        mailbox.close()


def test_a_wrong_secret(tmp_path: Path) -> None:
    """Denied, and asked once."""
    with backend(tmp_path) as made:
        tokens = TokenSource(TENANT, CLIENT, scope=made.server.identity.scope, secret="fel", authority=made.server.url)
        with pytest.raises(MailboxDenied):
            GraphMailbox(Connection(SENDER, made.server.url), tokens).prepare()
        assert made.server.counts["token"] == 1 and made.server.counts["http"] == 0


def test_a_token_taken_back(box: GraphBackend) -> None:
    """A token that was good and is not any more: a new one is asked for, and the call is done."""
    box.server.identity.good.clear()
    poll(box)
    assert box.server.counts["token"] == 2


def test_a_token_that_is_never_taken(tmp_path: Path) -> None:
    """A first token that Graph does not take: no second is asked for in the same call."""
    with backend(tmp_path) as made:
        made.server.fail("batch", "401", "401", "401")
        with pytest.raises(MailboxDenied):
            made.mailbox.prepare()
        assert made.server.counts["token"] == 1


@pytest.mark.parametrize("cloud", CLOUDS)
def test_clouds(cloud: str) -> None:
    """Each cloud has its own address, identity service and scope."""
    config = of_kind({"kind": "graph", "address": SENDER, "tenant": TENANT, "client_id": CLIENT, "client_secret": "x", "cloud": cloud})
    assert isinstance(config, Graph)
    mailbox = connect(config)
    assert isinstance(mailbox, GraphMailbox) and mailbox.connection.base == CLOUDS[cloud][0]
    assert mailbox._graph.tokens.authority == f"{CLOUDS[cloud][1]}/{TENANT}"  # type: ignore[attr-defined]


def test_an_authority_file_that_is_none(tmp_path: Path) -> None:
    bad = tmp_path / "ca.pem"
    bad.write_text("nothing")
    raw = {"kind": "graph", "address": SENDER, "tenant": TENANT, "client_id": CLIENT, "client_secret": "x", "ca_file": str(bad)}
    config = of_kind(raw)
    assert isinstance(config, Graph)
    with pytest.raises(ConfigError, match="ca_file"):
        connect(config)


def test_what_is_imported() -> None:
    """Graph brings httpx, and neither the EWS library nor, before the first call, msal."""
    code = (
        "import sys; from bot.cli.mailboxes.graph import connect; from bot.config.mailboxes import of_kind; "
        f"connect(of_kind(dict(kind='graph', address='{SENDER}', tenant='t', client_id='c', client_secret='s'))); "
        "print([name for name in ('exchangelib', 'imap_tools', 'msal', 'requests') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_nothing_of_a_letter_is_logged(box: GraphBackend, caplog: pytest.LogCaptureFixture) -> None:
    """Libraries that log the addresses of requests are quiet, also when somebody asks for all."""
    raw = {key.removeprefix("IVOBOT_MAILBOX__").lower(): value for key, value in box.environ.items()}
    config = of_kind(raw)
    assert isinstance(config, Graph)
    with caplog.at_level(logging.DEBUG):
        mailbox = connect(config)
        list(mailbox.look())
        mailbox.send(mail("m1"))
        mailbox.close()
    assert not any("kommun" in record.getMessage() or "/users/" in record.getMessage() for record in caplog.records)
