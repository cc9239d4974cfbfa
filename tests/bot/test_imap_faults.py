"""Mail servers that break, hang, lie or say no: each ends in one plain sentence, in time, and the next call goes on."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.errors import MailboxDenied, MailboxError
from bot.mailbox.base import Folder, Letter, LetterId, Unreadable
from bot.mailbox.imap import ImapMailbox
from bot.mailbox.imap_settings import Connection, Login, Server
from tests.mailboxes import imap
from tests.mailboxes.base import SENDER
from tests.mailboxes.imap import ImapBackend
from tests.servers.certificate import make
from tests.servers.dovecot import PASSWORD
from tests.servers.imap_proxy import Proxy
from tests.servers.imap_script import Answer, ScriptedImap
from tests.servers.smtp import SmtpServer
from tests.test_mailbox_contract import keys, letter, mail

pytestmark = pytest.mark.slow

USES: dict[str, Callable[[ImapMailbox], object]] = {
    "prepare": lambda box: box.prepare(),
    "waiting": lambda box: list(box.waiting()),
    "look": lambda box: list(box.look()),
    "fetch": lambda box: list(box.fetch(list(box.waiting()))),
    "file": lambda box: box.file(dict.fromkeys(box.waiting(), Folder.DONE)),
    "find": lambda box: box.find_sent("<a@kommun.example>"),
    "delete": lambda box: box.delete(list(box.waiting())),
    "raw": lambda box: [box.raw(id) for id in box.waiting()],
    "fingerprints": lambda box: box.fingerprints(list(box.waiting())),
}


@pytest.fixture
def backend() -> Iterator[ImapBackend]:
    with imap.backend() as made:
        made.mailbox.prepare()
        yield made


@pytest.fixture
def proxy(backend: ImapBackend) -> Iterator[Proxy]:
    made = Proxy(backend.server.port)
    yield made
    made.hang = False
    made.stop()


def through(backend: ImapBackend, proxy: Proxy, deadline: float = 30) -> ImapMailbox:
    return ImapMailbox(backend.connection(imap=Server("127.0.0.1", proxy.port, "none"), deadline=deadline))


def test_a_dropped_connection_is_made_anew(backend: ImapBackend, proxy: Proxy) -> None:
    """Between two calls, in silence and once; whatever the call is."""
    box = through(backend, proxy)
    backend.deliver(letter("a"))
    for n, use in enumerate(USES.values(), 1):
        use(box)
        proxy.cut()
        time.sleep(0.02)
        assert proxy.connections == n
    box.close()


@pytest.mark.parametrize("command", ["UID FETCH", "LIST", "UID MOVE", "NOOP"])
@pytest.mark.parametrize("after", [False, True])
def test_a_connection_cut_during_a_command(backend: ImapBackend, proxy: Proxy, command: str, after: bool) -> None:
    """Before the server did it or after: told as passing, nothing is lost, and the next call goes on."""
    box = through(backend, proxy)
    for key in "ab":
        backend.deliver(letter(key))
    ids = list(box.waiting())
    box.prepare()
    proxy.clear()
    proxy.cut_at, proxy.cut_answer = command, after
    try:
        list(box.look())
        list(box.fetch(ids))
        box.file({ids[0]: Folder.DONE})
    except MailboxError as error:
        assert error.again and "out of reach" in str(error)
    assert proxy.cut_at == ""
    proxy.cut_answer = False
    box.file(dict.fromkeys(box.waiting(), Folder.DONE))
    assert [backend.folder_of(key) for key in "ab"] == [["Klart"], ["Klart"]]
    box.close()


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_a_server_that_hangs_or_drips(backend: ImapBackend, proxy: Proxy, use: str, fault: str) -> None:
    """The deadline counts for all of a call together, not for each byte."""
    backend.deliver(letter("a"))
    box = through(backend, proxy, deadline=0.4)
    box.prepare() if use != "prepare" else None
    proxy.hang, proxy.drip = fault == "hang", 0.1 if fault == "drip" else 0
    began = time.monotonic()
    with pytest.raises(MailboxError, match="in time") as caught:
        USES[use](box)
    assert caught.value.again and time.monotonic() - began < 3
    box.close()


def test_nobody_answers(backend: ImapBackend) -> None:
    """A server that is not there, a name that nobody knows: passing, in the operator's words."""
    gone = Proxy(1)
    gone.stop()
    for host, words in (("127.0.0.1", "out of reach"), ("nowhere.invalid", "host under")):
        box = ImapMailbox(backend.connection(imap=Server(host, gone.port, "none"), deadline=3))
        with pytest.raises(MailboxError, match=words) as caught:
            box.prepare()
        assert caught.value.again and not isinstance(caught.value, MailboxDenied)


def test_a_wrong_password_is_tried_once(backend: ImapBackend, proxy: Proxy) -> None:
    """A call makes one attempt: more would lock the account."""
    wrong = Login(backend.user, "fel")
    box = ImapMailbox(backend.connection(imap=Server("127.0.0.1", proxy.port, "none"), login=wrong))
    for n, use in enumerate([USES["prepare"], USES["look"], USES["fetch"]], 1):
        with pytest.raises(MailboxDenied, match="correct user and password") as caught:
            use(box)
        assert not caught.value.again and backend.user not in str(caught.value)
        assert proxy.connections == n and sum(command.startswith(("LOGIN", "AUTHENTICATE")) for command in proxy.commands) == n


@pytest.mark.parametrize("tls", ["tls", "starttls"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_encrypted(backend: ImapBackend, tls: str, host: str) -> None:
    """Both servers, by an authority of one's own; checked, so that without it nothing is said."""
    server = backend.server
    smtp = SmtpServer(SENDER, backend.box, server.give, user=backend.user, password=PASSWORD, tls=tls, certificate=server.certificate)
    port = server.tls_port if tls == "tls" else server.port
    both = {"imap": Server(host, port, tls), "smtp": Server(host, smtp.port, tls)}
    try:
        box = ImapMailbox(backend.connection(**both, ca_file=server.certificate.authority))
        backend.deliver(letter("a"))
        assert keys(box) == ["a"]
        assert box.send(mail("m1")) == box.find_sent("<m1@kommun.example>") and len(smtp.sent) == 1
        trials = list(box.examine())
        assert all(trial.good for trial in trials) and sum("holds 89 days" in trial.seen for trial in trials) == 2
        box.close()
        strange = ImapMailbox(backend.connection(**both))
        with pytest.raises(MailboxError, match="not vouched for") as caught:
            strange.prepare()
        assert not caught.value.again
        half = ImapMailbox(backend.connection(smtp=both["smtp"]))
        with pytest.raises(MailboxError, match="SMTP server's certificate is not vouched for"):
            half.send(mail("m2"))
        assert len(smtp.sent) == 1 and backend.folder("Skickat") != [] and backend.folder_of("m2") == []
    finally:
        smtp.stop()


def test_no_starttls_no_password() -> None:
    """A server, or somebody on the way, that offers no STARTTLS gets nothing."""
    server = ScriptedImap()
    box = ImapMailbox(scripted(server, tls="starttls"))
    with pytest.raises(MailboxError, match="STARTTLS"):
        box.prepare()
    assert "LOGIN" not in server.asked
    server.stop()


def test_a_certificate_that_ends_soon(backend: ImapBackend, tmp_path: Path) -> None:
    """Told three weeks before."""
    short = make(tmp_path, days=10)
    smtp = SmtpServer(SENDER, backend.box, backend.server.give, user=backend.user, password=PASSWORD, tls="tls", certificate=short)
    box = ImapMailbox(backend.connection(smtp=Server("127.0.0.1", smtp.port, "tls"), ca_file=short.authority))
    bad = [trial for trial in box.examine() if not trial.good]
    assert len(bad) == 1 and "SMTP" in bad[0].seen and "9 days" in bad[0].seen and "renew" in bad[0].mend
    smtp.stop()


def test_examine_tells_what_is_wrong(backend: ImapBackend, proxy: Proxy) -> None:
    """A wrong password, a server that is away, another's mailbox that could be read."""
    wrong = ImapMailbox(backend.connection(login=Login(backend.user, "fel"), smtp=Server("127.0.0.1", 1, "none")))
    trials = list(wrong.examine())
    assert [trial.good for trial in trials] == [False, False] and all(trial.mend for trial in trials)
    asked = ImapMailbox(backend.connection(must_not_read="chef@kommun.example"))
    assert any("chef@kommun.example" in trial.seen and trial.good for trial in asked.examine())
    shared = ScriptedImap(
        NAMESPACE=b'* NAMESPACE (("" "/")) (("user/" "/")) NIL\r\n',
        LOGIN=b"* CAPABILITY IMAP4rev1 NAMESPACE MOVE UIDPLUS\r\n",
        EXAMINE=lambda line: b"" if b'"user/chef"' in line else b"TAG NO [NONEXISTENT] no\r\n",
    )
    open_to_all = ImapMailbox(scripted(shared, must_not_read="chef@kommun.example"))
    assert any(not trial.good and "can read chef@kommun.example" in trial.seen for trial in open_to_all.examine())
    shared.stop()


# --- Servers that lie.


def scripted(server: ScriptedImap, *, tls: str = "none", must_not_read: str = "", deadline: float = 5) -> Connection:
    login = Login("u", "p")
    return Connection(
        SENDER,
        Server("127.0.0.1", server.port, tls),  # type: ignore[arg-type]
        login,
        Server("127.0.0.1", 1, "none"),
        login,
        deadline=deadline,
        must_not_read=must_not_read,
    )


ID = LetterId("7/5/INBOX")
LIES: dict[str, dict[str, Answer]] = {
    "a literal without an end": {"UID_FETCH": b"* 1 FETCH (UID 5 BODY[]<0> {99999999999}\r\n"},
    "a literal too large to be a number": {"UID_FETCH": b"* 1 FETCH (UID 5 BODY[]<0> {" + b"9" * 5_000 + b"}\r\n"},
    "an endless line": {"UID_SEARCH": b"* SEARCH " + b"1 " * 9_000_000 + b"\r\n"},
    "all numbers there are": {"UID_SEARCH": b"* SEARCH 1:4294967295\r\n"},
    "nested without end": {"UID_FETCH": b"* 1 FETCH (UID 5 X " + b"(" * 100_000 + b")\r\n"},
    "no IMAP at all": {"UID_FETCH": b"HTTP/1.1 400 Bad Request\r\n\r\n"},
    "zeros": {"UID_FETCH": b"\0" * 1000 + b"\r\n"},
    "another's tag": {"UID_FETCH": b"XXXX1 OK done\r\n"},
    "a goodbye": {"UID_FETCH": b"* BYE overloaded\r\n"},
    "bare line feeds": {"UID_FETCH": b"* 1 FETCH (UID 5)\n"},
    "bad": {"UID_FETCH": b"TAG BAD what\r\n", "UID_SEARCH": b"TAG BAD what\r\n"},
    "no": {"UID_FETCH": b"TAG NO Anna Andersson is not here\r\n", "SELECT": b"TAG NO Anna Andersson is not here\r\n"},
    "a move of others": {"UID_MOVE": b"* OK [COPYUID 9 77:99 1:23]\r\n"},
    "a move half told": {"UID_MOVE": b"* OK [COPYUID 9 5:8 1]\r\n"},
    "no capability": {"CAPABILITY": b""},
    "a folder with a line end": {"LIST": b'* LIST () "/" {8}\r\nKl\r\nart \r\n* LIST () "/" INBOX\r\n'},
    "a signing in that passes": {"LOGIN": b"TAG NO [UNAVAILABLE] later\r\n"},
    "full": {"CREATE": b"TAG NO [OVERQUOTA] full\r\n"},
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("use", USES)
def test_a_lying_server(lie: str, use: str) -> None:
    """Nothing but MailboxError, in time, and no word of the server's in it."""
    server = ScriptedImap(**LIES[lie])
    box = ImapMailbox(scripted(server, deadline=2))
    began = time.monotonic()
    try:
        USES[use](box)
    except MailboxError as error:
        assert "Anna" not in str(error) and not isinstance(error, MailboxDenied) and str(error).endswith(".")
    assert time.monotonic() - began < 8
    box.close()
    server.stop()


@pytest.mark.parametrize(
    "structure",
    [b"NIL", b"()", b"((((((NIL", b'("text" "plain")', b'(("text" "plain" NIL NIL NIL "7bit" 5 1) "mixed")', b'"x"', b"(" * 50 + b")" * 50],
)
def test_a_senseless_structure(structure: bytes) -> None:
    """The letter is read whole then."""
    raw = b"From: anna@kommun.example\r\n\r\n" + b"hej\r\n" * 8_000

    def answer(line: bytes) -> bytes:
        if b"BODYSTRUCTURE" in line:
            return b"* 1 FETCH (UID 5 BODYSTRUCTURE " + structure + b")\r\n"
        size = int(line.split(b"<0.")[1].split(b">")[0]) if b"<0." in line else 0
        return b"* 1 FETCH (UID 5 BODY[]<0> {%d}\r\n%s)\r\n" % (len(raw[:size]), raw[:size])

    server = ScriptedImap(UID_FETCH=answer)
    (found,) = ImapMailbox(scripted(server)).fetch([ID])
    assert isinstance(found, Letter) and found.body.count("hej") == 8_000
    server.stop()


def poisoned(line: bytes) -> list[int]:
    """The UIDs of a FETCH."""
    asked = line.split()[3]
    low, _, high = asked.partition(b":")
    return list(range(int(low), int(high or low) + 1)) if b"," not in asked else [int(one) for one in asked.split(b",")]


@pytest.mark.parametrize("answer", [b"TAG NO cannot\r\n", b"HANGUP", b"* BYE crashed\r\n"])
def test_a_letter_that_the_server_cannot_give(answer: bytes) -> None:
    """The others are read all the same, and it is named to be tried again."""

    def fetch(line: bytes) -> bytes:
        if 6 in poisoned(line):
            return answer
        return b"".join(b"* 1 FETCH (UID %d BODY[]<0> {27}\r\nFrom: anna@kommun.example\r\n)\r\n" % uid for uid in poisoned(line))

    server = ScriptedImap(UID_SEARCH=b"* SEARCH 5 6 7\r\n", UID_FETCH=fetch)
    box = ImapMailbox(scripted(server))
    found = list(box.fetch(list(box.waiting())))
    assert [type(one) for one in found] == [Letter, Unreadable, Letter]
    assert isinstance(found[1], Unreadable) and found[1].again and found[1].id == "7/6/INBOX"
    server.stop()


def test_a_goodbye_is_no_wrong_password() -> None:
    """A server that is too busy to sign in says so, and is asked again."""
    for words in (b"TAG NO [UNAVAILABLE] later\r\n", b"* BYE too many\r\n", b"HANGUP"):
        server = ScriptedImap(LOGIN=words)
        with pytest.raises(MailboxError) as caught:
            ImapMailbox(scripted(server)).prepare()
        assert caught.value.again and not isinstance(caught.value, MailboxDenied)
        server.stop()
