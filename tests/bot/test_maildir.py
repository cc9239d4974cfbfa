"""The embedded mailbox on the disk: names, flags, faults, and what people and other programs do in the folder meanwhile."""

import errno
import os
import stat
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from bot.errors import MailboxError
from bot.mailbox import maildir_disk, maildir_sent
from bot.mailbox.base import Folder, Letter, LetterId, OutgoingMail, Unreadable
from bot.mailbox.maildir import MaildirMailbox

LETTER = b"From: anna@kommun.example\nSubject: IVO\n\nhej\n"
MAIL = OutgoingMail("<m1@kommun.example>", "ivo@kommun.example", ("anna@kommun.example",), b"Message-ID: <m1@kommun.example>\n\nhej")


@pytest.fixture
def root(tmp_path):
    for part in ("cur", "new", "tmp"):
        (tmp_path / "box" / part).mkdir(parents=True)
    return tmp_path / "box"


@pytest.fixture
def mailbox(root):
    made = MaildirMailbox(root, "ivo@kommun.example")
    made.prepare()
    return made


def put(root, name, part="new", raw=LETTER, at=None):
    path = root / part / name
    path.write_bytes(raw)
    if at is not None:
        os.utime(path, (at, at))
    return path


def test_the_constructor_touches_nothing(tmp_path):
    """A mailbox object may be made for a path that is not there."""
    MaildirMailbox(tmp_path / "no", "ivo@kommun.example")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "call",
    [
        lambda box: box.prepare(),
        lambda box: list(box.waiting()),
        lambda box: list(box.fetch([LetterId("x")])),
        lambda box: box.file({LetterId("x"): Folder.DONE}),
        lambda box: list(box.listing(Folder.DONE)),
        lambda box: box.send(MAIL),
        lambda box: box.find_sent("<x>"),
    ],
)
@pytest.mark.parametrize("there", [False, True])
def test_a_missing_mailbox(tmp_path, call, there):
    """A folder that is missing, or not mounted and so empty, is an error that says what to do; nothing is made in its place."""
    root = tmp_path / "box"
    if there:
        root.mkdir()
    with pytest.raises(MailboxError, match=r"There is no mailbox in .*box; make the folder"):
        call(MaildirMailbox(root, "ivo@kommun.example"))
    assert list(tmp_path.rglob("*")) == ([root] if there else [])


def test_prepare_makes_what_is_missing(root):
    """Backups often leave empty folders out. The folders have the names that the staff see, and belong to the owner only."""
    (root / "tmp").rmdir()
    MaildirMailbox(root, "ivo@kommun.example").prepare()
    names = {p.name for p in root.iterdir()}
    assert names == {"cur", "new", "tmp"} | {f".{folder.value}" for folder in Folder if folder is not Folder.INBOX}
    assert all((root / ".Åtgärda titel" / part).is_dir() for part in ("cur", "new", "tmp"))
    assert stat.S_IMODE((root / ".Karantän").stat().st_mode) == 0o700


def test_a_folder_in_another_spelling(root):
    """macOS writes ä as a and two dots: that folder is used, no second one is made."""
    other = root / unicodedata.normalize("NFD", ".Åtgärda titel")
    (other / "cur").mkdir(parents=True)
    mailbox = MaildirMailbox(root, "ivo@kommun.example")
    mailbox.prepare()
    put(root, "1.a")
    mailbox.file({LetterId("1.a"): Folder.FIX_TITLE})
    assert not (root / ".Åtgärda titel").exists() and [p.name for p in (other / "cur").iterdir()] == ["1.a:2,"]


def test_order_and_time(root, mailbox):
    """By the second in the name, then by the file's time; a name without a time counts by its file's. `received` is the file's, UTC."""
    put(root, "1770000010.10_1.x", at=5_000)
    put(root, "1770000010.2_1.x", at=4_000)
    put(root, "1770000009.9_1.x:2,S", part="cur", at=9_000)
    put(root, "no number", at=1_770_000_011)
    put(root, "99999999999999999999.x", at=1_770_000_012)
    assert list(mailbox.waiting()) == ["1770000009.9_1.x", "1770000010.2_1.x", "1770000010.10_1.x", "no number", "99999999999999999999.x"]
    (found,) = mailbox.fetch([LetterId("1770000010.2_1.x")])
    assert found.received == datetime(1970, 1, 1, 1, 6, 40, tzinfo=UTC)


def test_what_is_no_letter(root, mailbox):
    """Hidden files, folders, links and pipes in the inbox are not letters; nothing hangs on them."""
    put(root, ".hidden")
    (root / "new" / "folder").mkdir()
    (root / "new" / "link").symlink_to("/etc/hostname")
    os.mkfifo(root / "new" / "pipe")
    assert list(mailbox.waiting()) == []
    for name in ("link", "pipe", "folder"):
        with pytest.raises(OSError):
            maildir_disk.read(root / "new" / name)


@pytest.mark.parametrize(
    "name",
    [
        "x:2,",
        "x:2,RS",
        "x;2,S",
        "x!2,S",
        "x:1,S",
        "å ä ö",
        "-rf",
        "a\nb",
        "%s",
        "..x",
        ":2,S",
        "x:2,S:2,S",
        "n" * 255,
        b"x\xff\xfe".decode("utf-8", "surrogateescape"),
    ],
)
def test_hostile_names(root, mailbox, name):
    """Whatever a file is called, it is listed, read, filed and found again, under an id that can be stored."""
    put(root, name, part="cur")
    ids = list(mailbox.waiting())
    if name == "..x":
        assert ids == []  # hidden
        return
    ids[0].encode()
    assert [type(found) for found in mailbox.fetch(ids)] == [Letter]
    new = mailbox.file({ids[0]: Folder.DONE})[ids[0]]
    assert list(mailbox.listing(Folder.DONE)) == [new]
    assert mailbox.file({new: Folder.INBOX}) == {new: new}
    assert list(mailbox.waiting()) == [new]


@pytest.mark.parametrize("name, filed", [("1.a", "1.a:2,"), ("1.a:2,", "1.a:2,"), ("1.a:2,FRS", "1.a:2,FRS")])
def test_flags_are_kept(root, mailbox, name, filed):
    """What people marked stays marked."""
    put(root, name, part="cur" if ":" in name else "new")
    mailbox.file({LetterId("1.a"): Folder.UNCLEAR})
    assert [p.name for p in (root / ".Oklara" / "cur").iterdir()] == [filed]


@pytest.mark.parametrize("there", ["1.a:2,", "1.a:2,S", "1.a"])
def test_nothing_is_overwritten(root, mailbox, there):
    """Two letters of one name: the second gets another name and id, and both stay whole."""
    put(root / ".Klart", there, part="cur" if ":" in there else "new", raw=b"From: other@kommun.example\n\nother")
    put(root, "1.a")
    list(mailbox.waiting())
    assert mailbox.file({LetterId("1.a"): Folder.DONE}) == {"1.a": "1.a_1"}
    assert sorted(p.read_bytes()[-5:] for part in ("cur", "new") for p in (root / ".Klart" / part).iterdir()) == [b"\nhej\n", b"other"]


def test_a_person_reads_meanwhile(root, mailbox):
    """A mail program moves a letter from new to cur and marks it between our looks: it is the same letter."""
    path = put(root, "1.a")
    ids = list(mailbox.waiting())
    path.rename(root / "cur" / "1.a:2,S")
    assert [found.id for found in mailbox.fetch(ids)] == ids
    (root / "cur" / "1.a:2,S").rename(root / "cur" / "1.a:2,RS")
    assert mailbox.file({ids[0]: Folder.DONE}) == {"1.a": "1.a"}
    assert [p.name for p in (root / ".Klart" / "cur").iterdir()] == ["1.a:2,RS"]


def test_a_deleted_folder_comes_back(root, mailbox):
    """A person deletes a folder: it is made again when a letter or a mail is to lie there."""
    for name in (".Klart", ".Skickat"):
        for path in sorted((root / name).rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        (root / name).rmdir()
    put(root, "1.a")
    assert mailbox.file({LetterId("1.a"): Folder.DONE}) == {"1.a": "1.a"}
    assert mailbox.find_sent(MAIL.message_id) is None
    assert mailbox.send(MAIL) == mailbox.find_sent(MAIL.message_id)


@pytest.mark.parametrize("code, reason", [(errno.EACCES, "access"), (errno.EIO, "damaged")])
def test_one_letter_that_the_disk_refuses(root, mailbox, monkeypatch, code, reason):
    """It is unreadable; the next one is read."""
    put(root, "1.a"), put(root, "2.b")
    real = maildir_disk.read

    def refuse(path):
        if path.name == "1.a":
            raise OSError(code, "no", "secret 19121212-1212")
        return real(path)

    monkeypatch.setattr("bot.mailbox.maildir.read", refuse)
    first, second = mailbox.fetch(list(mailbox.waiting()))
    assert first == Unreadable(LetterId("1.a"), reason) and isinstance(second, Letter)


@pytest.mark.parametrize(
    "code, words, again",
    [
        (errno.ENOSPC, "full", True),
        (errno.EDQUOT, "quota", True),
        (errno.EACCES, "rights", False),
        (errno.EROFS, "only be read", False),
        (errno.EMFILE, "open files", True),
        (errno.EIO, "EIO", True),
        (None, "unknown", True),
    ],
)
def test_faults_in_words(root, mailbox, monkeypatch, code, words, again):
    """One plain sentence that names the mailbox and never a letter; nothing half written stays."""

    def refuse(*_):
        raise OSError(code, "no", "secret 19121212-1212") if code else OSError("secret 19121212-1212")

    monkeypatch.setattr("bot.mailbox.maildir_sent.os.fsync", refuse)
    with pytest.raises(MailboxError, match=words) as caught:
        mailbox.send(MAIL)
    assert caught.value.again is again and "1212" not in str(caught.value) and str(root) in str(caught.value)
    monkeypatch.undo()
    assert list((root / ".Skickat" / "tmp").iterdir()) == [] and mailbox.find_sent(MAIL.message_id) is None


def test_sent_mail_on_the_disk(root, mailbox):
    """The frozen bytes as they are, readable by the owner only; nothing of the Message-ID stands in the name."""
    receipt = mailbox.send(MAIL)
    (path,) = (root / ".Skickat" / "cur").iterdir()
    assert path.read_bytes() == MAIL.raw and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.name == f"{receipt.id}:2,S" and "kommun" not in path.name
    assert list(mailbox.listing(Folder.SENT)) == [receipt.id]


def test_killed_while_sending(root, mailbox, monkeypatch):
    """A half written mail is no sent mail; the next try sends it once."""
    with monkeypatch.context() as patch:
        patch.setattr(maildir_sent, "_publish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            mailbox.send(MAIL)
    put(root / ".Skickat", "half.ivobot", part="tmp", raw=b"half")
    assert mailbox.find_sent(MAIL.message_id) is None
    mailbox.send(MAIL)
    assert len(list(mailbox.listing(Folder.SENT))) == 1


def test_many_send_the_same(root, mailbox):
    """Eight at once leave one copy, whole."""
    with ThreadPoolExecutor(8) as pool:
        receipts = set(pool.map(lambda _: MaildirMailbox(root, "ivo@kommun.example").send(MAIL), range(40)))
    (path,) = (root / ".Skickat" / "cur").iterdir()
    assert len(receipts) == 1 and path.read_bytes() == MAIL.raw and list((root / ".Skickat" / "tmp").iterdir()) == []


def test_many_file_the_same(root, mailbox):
    """Two machines on one mailbox: each letter is moved once, none is lost."""
    for n in range(50):
        put(root, f"{n}.a")
    ids = list(mailbox.waiting())
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: MaildirMailbox(root, "ivo@kommun.example").file(dict.fromkeys(ids, Folder.DONE)), range(4)))
    assert set(mailbox.listing(Folder.DONE)) == set(ids) and list(mailbox.waiting()) == []


def test_a_disk_without_links(root, mailbox, monkeypatch):
    """Some network disks have no hard links: the mail still is there once."""

    def refuse(*_):
        raise OSError(errno.EPERM, "no")

    monkeypatch.setattr(os, "link", refuse)
    mailbox.send(MAIL), mailbox.send(MAIL)
    assert [p.read_bytes() for p in (root / ".Skickat" / "cur").iterdir()] == [MAIL.raw]
