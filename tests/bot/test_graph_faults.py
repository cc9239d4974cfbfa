"""What goes wrong between us and Graph: each fault is told in its kind, ends within the deadline, and does nothing twice."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from bot.errors import MailboxDenied, MailboxError, MailRefused
from bot.mailbox.base import Folder, LetterId, Mailbox
from bot.mailbox.graph_answer import Answer, seconds
from bot.mailbox.graph_errors import fault, gone, refusal
from tests.mailboxes.base import SENDER
from tests.mailboxes.graph import GraphBackend
from tests.servers.graph import running
from tests.test_mailbox_contract import letter, mail

pytestmark = pytest.mark.slow

DEADLINE = 0.4  # seconds


@pytest.fixture
def box() -> Iterator[GraphBackend]:
    with running(SENDER) as server:
        made = GraphBackend(server)
        made.mailbox.prepare()
        yield made
        made.mailbox.close()
    assert server.violations == []


def hurried(box: GraphBackend) -> Mailbox:
    """The same mailbox with little time."""
    box.deadline = DEADLINE
    box.restart().prepare()
    return box.mailbox


CALLS: dict[str, tuple[str, Callable[[Mailbox], object]]] = {
    "waiting": ("list", lambda m: list(m.waiting())),
    "look": ("batch", lambda m: list(m.look())),
    "file": ("batch", lambda m: m.file({LetterId("AAkALg" + "A" * 30): Folder.DONE})),
    "raw": ("value", lambda m: m.raw(LetterId("AAkALg" + "A" * 30))),
    "send, looking": ("batch", lambda m: m.send(mail("m1"))),
    "send, the draft": ("draft", lambda m: m.send(mail("m1"))),
    "find_sent": ("batch", lambda m: m.find_sent("<m1@kommun.example>")),
    "fingerprints": ("batch", lambda m: m.fingerprints([LetterId("AAkALg" + "A" * 30)])),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("kind", ["hang", "drip", "drop_before", "drop_after"])
def test_the_network(box: GraphBackend, call: str, kind: str) -> None:
    """Told as passing within the deadline; the next call connects again and is well."""
    op, act = CALLS[call]
    mailbox = hurried(box)
    box.server.fail(op, kind)
    began = time.monotonic()
    with pytest.raises(MailboxError) as told:
        act(mailbox)
    assert time.monotonic() - began < DEADLINE + 1
    assert told.value.again and not isinstance(told.value, MailboxDenied | MailRefused)
    act(mailbox)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("kind, again", [("403", False), ("429", True), ("503", True), ("504", True), ("cut", True)])
def test_the_server(box: GraphBackend, call: str, kind: str, again: bool) -> None:
    """Each status in its kind, with the pause that the server asks for."""
    op, act = CALLS[call]
    if kind == "cut" and op == "value":
        pytest.skip("half a letter cannot be told from a whole one here")
    box.server.fail(op, kind)
    with pytest.raises(MailboxError) as told:
        act(box.mailbox)
    assert told.value.again is again and isinstance(told.value, MailboxDenied) is (kind == "403")
    assert told.value.wait == (timedelta(seconds=7) if kind == "429" else None)
    assert "@" not in str(told.value)
    act(box.mailbox)


@pytest.mark.parametrize("kind", ["hang", "drop_before", "503", "429"])
def test_the_identity_service(box: GraphBackend, kind: str) -> None:
    """Out of reach: passing, and Graph is not asked at all."""
    box.deadline = DEADLINE
    fresh = box.restart()
    box.server.counts.clear()
    box.server.fail("token", *[kind] * 4)
    with pytest.raises(MailboxError) as told:
        fresh.prepare()
    assert told.value.again and not isinstance(told.value, MailboxDenied) and box.server.counts["http"] == 0
    box.server.calm()
    fresh.prepare()


def test_a_move_turned_away_in_a_batch(box: GraphBackend) -> None:
    """429 was surely not done: tried once more after a short pause, else told with the pause; the others are moved."""
    for key in "abc":
        box.deliver(letter(key))
    ids = list(box.mailbox.waiting())
    box.server.retry_after = 2
    box.server.fail("move", "429")
    assert list(box.mailbox.file(dict.fromkeys(ids, Folder.DONE))) == ids and box.pauses == [2.0]
    box.server.retry_after = 60
    box.server.fail("move", "429")
    with pytest.raises(MailboxError) as told:
        box.mailbox.file(dict.fromkeys(ids, Folder.UNCLEAR))
    assert told.value.wait == timedelta(seconds=60) and box.pauses == [2.0]
    assert len(box.folder("Oklara")) == 2
    assert list(box.mailbox.file(dict.fromkeys(ids, Folder.UNCLEAR))) == ids


@pytest.mark.parametrize("kind", ["503", "504", "504_after"])
def test_a_move_that_may_have_been_done(box: GraphBackend, kind: str) -> None:
    """Told; the next filing puts it right, one letter each."""
    for key in "ab":
        box.deliver(letter(key))
    ids = list(box.mailbox.waiting())
    box.server.fail("move", kind)
    with pytest.raises(MailboxError) as told:
        box.mailbox.file(dict.fromkeys(ids, Folder.DONE))
    assert told.value.again
    assert list(box.mailbox.file(dict.fromkeys(ids, Folder.DONE))) == ids
    assert len(box.folder("Klart")) == 2 and box.folder("INBOX") == []


def test_lost_answer_of_a_batch_of_moves(box: GraphBackend) -> None:
    """All were moved, nobody heard it; filing again is no error and gives the ids."""
    for key in "abc":
        box.deliver(letter(key))
    ids = list(box.mailbox.waiting())
    box.server.fail("batch", "drop_after")
    with pytest.raises(MailboxError):
        box.mailbox.file(dict.fromkeys(ids, Folder.DONE))
    assert len(box.folder("Klart")) == 3
    assert box.mailbox.file(dict.fromkeys(ids, Folder.DONE)) == {id: id for id in ids}


def test_a_hanging_letter(box: GraphBackend) -> None:
    """One letter whose bytes never come does not hide the next, nor hold the call past its time."""
    box.deliver(letter("a").replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b") + b"--b\r\n\r\nx\r\n--b--\r\n")
    box.deliver(letter("b"))
    mailbox = hurried(box)
    ids = list(mailbox.waiting())
    box.server.fail("value", "429")
    began = time.monotonic()
    with pytest.raises(MailboxError) as told:
        list(mailbox.fetch(ids))
    assert told.value.wait == timedelta(seconds=7)
    box.server.fail("value", "hang")
    box.server.hits_batches = False
    found = list(mailbox.fetch(ids))
    assert time.monotonic() - began < 2 * DEADLINE + 1
    assert [(one.id, getattr(one, "again", False)) for one in found] == [(ids[0], True), (ids[1], False)]


def test_a_folder_that_fails(box: GraphBackend) -> None:
    """It hides neither the inbox nor the other folders, is given when it comes back, and told when it stays away."""
    list(box.mailbox.look())
    klart = box.server.box.named("Klart")
    assert klart
    box.server.box.add(letter("x"), klart.id)
    box.deliver(letter("a"))
    box.server.fail("delta", *["503"] * 6)
    assert {folder: len(ids) for folder, ids in box.mailbox.look()} == {Folder.INBOX: 1}
    assert {folder: len(ids) for folder, ids in box.mailbox.look()} == {Folder.INBOX: 1, Folder.DONE: 1}
    box.server.fail("delta", *["503"] * 24)
    for _ in range(3):
        list(box.mailbox.look())
    with pytest.raises(MailboxError):
        list(box.mailbox.look())


def test_four_at_once(box: GraphBackend) -> None:
    """We never have more than one request under way."""
    for n in range(30):
        box.deliver(letter(f"n{n}"))
    list(box.mailbox.fetch(list(box.mailbox.waiting())))
    assert box.server.most_at_once == 1


def test_the_server_refuses_what_nobody_documented(box: GraphBackend) -> None:
    """The test server's own conscience."""
    from bot.mailbox.graph_http import Call

    graph = box.mailbox._graph  # type: ignore[attr-defined]
    head = {"name": "Auto-Submitted", "value": "auto-replied"}
    bad = [
        Call("GET", "/messages?$search=x"),
        Call("GET", "/messages?$top=2000"),
        Call("GET", "/mailFolders/inbox/messages?$filter=internetMessageId eq 'x'&$orderby=receivedDateTime"),
        Call("POST", "/sendMail", {"message": {}}),
        Call("POST", "/messages/AAx/send", {}),
        Call("PUT", "/messages"),
    ]
    assert all(graph.ask(call).status == 400 for call in bad)
    assert len(box.server.violations) == len(bad)
    box.server.violations.clear()
    assert graph.ask(Call("POST", "/messages", {"internetMessageHeaders": [head]})).code == "InvalidInternetMessageHeader"
    assert (
        graph.ask(Call("POST", "/messages", {"internetMessageHeaders": [{"name": f"x-{n}", "value": "1"} for n in range(6)]})).status == 400
    )


@pytest.mark.parametrize(
    "status, code, expected, again",
    [
        (401, "InvalidAuthenticationToken", MailboxDenied, False),
        (403, "ErrorAccessDenied", MailboxDenied, False),
        (403, "ErrorSendAsDenied", MailboxDenied, False),
        (404, "ErrorInvalidUser", MailboxError, False),
        (429, "ApplicationThrottled", MailboxError, True),
        (0, "", MailboxError, True),
        (500, "", MailboxError, True),
        (507, "ErrorQuotaExceeded", MailboxError, True),
        (400, "ErrorQuotaExceeded", MailboxError, True),
        (405, "", MailboxError, False),
    ],
)
def test_faults(status: int, code: str, expected: type[MailboxError], again: bool) -> None:
    """Each answer in its kind."""
    told = fault(Answer(status, {"error": {"code": code}}))
    assert type(told) is expected and told.again is again
    assert str(told).endswith(".") and "\n" not in str(told)


@pytest.mark.parametrize(
    "status, code, expected",
    [
        (400, "ErrorInvalidRecipients", MailRefused),
        (413, "", MailRefused),
        (400, "ErrorMessageSizeExceeded", MailRefused),
        (503, "", MailboxError),
        (403, "ErrorSendAsDenied", MailboxDenied),
        (404, "ErrorItemNotFound", MailboxError),
    ],
)
def test_refusals(status: int, code: str, expected: type[MailboxError]) -> None:
    assert type(refusal(Answer(status, {"error": {"code": code}}))) is expected


@pytest.mark.parametrize("body", [None, [], "x", {"error": "x"}, {"error": {"code": 5}}, {"error": {"code": "a\nb@c.example"}}])
def test_odd_errors(body: object) -> None:
    """Whatever an error's body holds, nothing of it but a plain code is repeated."""
    assert "example" not in str(fault(Answer(400, body))) and not gone(Answer(400, body))


@pytest.mark.parametrize(
    "text, expected", [("7", 7.0), ("0", 0.0), ("-1", None), ("soon", None), (None, None), ("1e9", 86_400.0), ("nan", None)]
)
def test_retry_after(text: str | None, expected: float | None) -> None:
    assert seconds(text) == expected
