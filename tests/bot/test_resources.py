"""What a machine can run out of or lose. Each is told in one plain sentence with the right exit code, and afterwards nothing is lost."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.mailbox.base import OutgoingMail, Receipt
from tests.bot.town import ANNA, BO, EXAMPLE, WRONG, Around, Ran, ask, ivobot, letter, rows, run, staffed, town
from tests.crash.process import forked
from tests.crash.state import faults, observed
from tests.crash.story import SETTINGS, _letters
from tests.municipality import Municipality, mail_name, text

IVOBOT = str(Path(sys.executable).parent / "ivobot")
BEFORE, NOW, AFTER = "2026-04-14T09:00", "2026-04-15T09:00", "2026-04-15T11:00"


def morning(home: Path) -> Municipality:
    """A day on which much is to be done: letters of every sort, reminders, a digest."""
    place = town(home, rows("E-1", "E-2", "E-3"), **SETTINGS)
    place.run(BEFORE)
    for each in _letters("2026-04-15"):
        place.drop(each, "2026-04-15T08:50")
    return place


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """How such a day ends when nothing is in the way."""
    place = morning(tmp_path_factory.mktemp("undisturbed"))
    place.run(NOW)
    place.run(AFTER)
    return observed(place)


def once(place: Municipality, now: str = NOW) -> Ran:
    return ivobot(place, "run", "--once", "--now", now)


def plain(done: Ran) -> bool:
    """One sentence on standard error, besides the log's lines."""
    said = [line for line in done.err.splitlines() if "level=" not in line and not line.startswith("20")]
    return len(said) == 1 and said[0].endswith((".", "!")) and "Traceback" not in done.err


def killed(place: Municipality, now: str) -> None:
    """Does a round in a process that ends without closing anything."""

    def work() -> None:
        office = place.office()
        run(office, now)
        os._exit(0)  # neither the database nor the mailbox is closed

    child = os.fork()
    if child == 0:
        work()
    os.waitpid(child, 0)


# The disk.


@contextmanager
def small_disk(home: Path, size: str = "3m") -> Iterator[Path]:
    """A disk of its own that can be full; only where tests may mount one."""
    place = home / "disk"
    place.mkdir()
    if (
        shutil.which("mount") is None
        or subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True, check=False).returncode
    ):
        pytest.skip("a small disk can be mounted by root only")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def fill(disk: Path, leave: int) -> Path:
    """Fills a disk but for so many bytes."""
    free = os.statvfs(disk)
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        file.write(b"\0" * max(0, free.f_bavail * free.f_frsize - leave))
    return ballast


@pytest.mark.parametrize("left", [24, 160, *(pytest.param(n, marks=pytest.mark.slow) for n in (0, 8, 48, 96, 256, 400))])
def test_a_full_disk(left: int, tmp_path: Path, expected: dict[str, Any], figure: Callable[[str, object], None]) -> None:
    """The disk is full after so many kilobytes: in the middle of a different write each time. Database and mailbox lie on it."""
    with small_disk(tmp_path) as disk:
        place = morning(disk)
        ballast = fill(disk, left * 1024)
        done = once(place)
        if done.code:
            assert done.code in (1, 3) and plain(done), done.err
        else:
            assert left > 100
        ballast.unlink()
        place.run("2026-04-15T10:00")
        place.run(AFTER)
        assert faults(expected, observed(place)) == []
        figure("full disks", 1)


@pytest.mark.slow
def test_every_write_can_fail(tmp_path: Path, expected: dict[str, Any], figure: Callable[[str, object], None]) -> None:
    """The same everywhere: no file may grow past a limit that is raised step by step, so that each write fails in turn."""
    kilobytes = (0, 1, 4, 16, 64, 128, 200)
    for size in kilobytes:
        place = morning(_folder(tmp_path, str(size)))

        def work(place: Municipality = place, size: int = size) -> None:
            import signal

            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size * 1024, size * 1024))
            office = place.office()
            run(office, NOW)

        forked(work)
        place.run("2026-04-15T10:00")
        place.run(AFTER)
        assert faults(expected, observed(place)) == [], f"{size} kB"
    figure("limits of a file's size", len(kilobytes))


def _folder(home: Path, name: str) -> Path:
    (home / name).mkdir()
    return home / name


def test_a_disk_that_cannot_be_written(tmp_path: Path, expected: dict[str, Any]) -> None:
    with small_disk(tmp_path) as disk:
        place = morning(disk)
        assert not subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=False).returncode
        done = once(place)
        assert done.code == 3 and plain(done) and ("cannot be written" in done.err or "cannot be opened" in done.err), done.err
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        place.run(NOW)
        place.run(AFTER)
        assert faults(expected, observed(place)) == []


# The database.


def test_a_locked_database(tmp_path: Path, expected: dict[str, Any]) -> None:
    place = morning(tmp_path)
    with closing(sqlite3.connect(place.home / "data" / "ivobot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = once(place)
        assert done.code == 3 and plain(done) and "is locked by another process; nothing was lost" in done.err
        other.execute("ROLLBACK")
    place.run(NOW)
    place.run(AFTER)
    assert faults(expected, observed(place)) == []


def readable(expected: dict[str, Any]) -> list[Any]:
    """The ledger without what could not be read: such a letter stays in quarantine, and the digest tells that the ledger does not know it."""
    return [row for row in expected["letters"] if not row[3].startswith("unreadable:")]


def test_a_database_whose_newest_entries_are_removed(tmp_path: Path, expected: dict[str, Any]) -> None:
    """After a crash somebody removes the -wal file: letters are filed and mails sent of which the database knows nothing."""
    place = morning(tmp_path)
    killed(place, NOW)
    data = place.home / "data"
    assert (data / "ivobot.db-wal").stat().st_size > 0
    (data / "ivobot.db-wal").unlink()
    (data / "ivobot.db-shm").unlink(missing_ok=True)
    assert not ask(place, "SELECT 1 FROM letter"), "the letters are forgotten"
    place.run("2026-04-15T09:30")
    place.run(AFTER)
    found = observed(place)
    assert found["sent"] == expected["sent"], "each mail went once"
    assert found["folders"] == expected["folders"] and found["letters"] == readable(expected)
    for name in ("reports", "rows", "claims"):
        assert found[name] == expected[name], name
    problems = ivobot(place, "status", "--json", "--now", AFTER).out
    assert "lost its newest entries" in problems
    place.run("2026-04-17T09:00")
    assert "lost its newest entries" not in ivobot(place, "status", "--json", "--now", "2026-04-17T09:01").out


def test_an_old_copy_put_in_place_by_hand(tmp_path: Path, expected: dict[str, Any]) -> None:
    """Not with `ivobot restore`, which would have told the program."""
    place = morning(tmp_path)
    data = place.home / "data"
    (copy := tmp_path / "copy.db").write_bytes((data / "ivobot.db").read_bytes())
    place.run(NOW)
    copy.replace(data / "ivobot.db")
    place.run("2026-04-15T10:00")
    place.run(AFTER)
    found = observed(place)
    assert found["sent"] == expected["sent"] and found["folders"] == expected["folders"]
    assert found["letters"] == readable(expected)


@pytest.mark.parametrize("where", ["header", "middle", "short", "nonsense"])
def test_a_damaged_database(where: str, tmp_path: Path, expected: dict[str, Any]) -> None:
    """It says so, does nothing, and tells how to go back to the last backup; that does what it says."""
    place = morning(tmp_path)
    assert ivobot(place, "backup", str(tmp_path / "kopia"), "--now", "2026-04-15T08:00").code == 0
    file = place.home / "data" / "ivobot.db"
    raw = bytearray(file.read_bytes())
    match where:
        case "header":
            raw[:100] = b"\xff" * 100
        case "middle":
            for page in range(4096 * 3, len(raw), 4096 * 2):
                raw[page : page + 64] = b"\x5a" * 64
        case "short":
            del raw[len(raw) // 2 :]
        case _:
            raw = bytearray(b"hej\n")
    file.write_bytes(raw)
    before = sorted(path.name for path in place.folder("INBOX"))
    done = once(place)
    assert done.code == 3 and plain(done) and "damaged" in done.err and "`ivobot restore FILE --force`" in done.err, done.err
    assert sorted(path.name for path in place.folder("INBOX")) == before and file.read_bytes() == bytes(raw), "nothing was done"
    assert ivobot(place, "restore", str(tmp_path / "kopia"), "--force").code == 0
    place.run(NOW)
    place.run(AFTER)
    assert faults(expected, observed(place)) == []


# The mailbox.


def test_a_mailbox_that_is_gone_for_days(tmp_path: Path) -> None:
    place = morning(tmp_path)
    aside = tmp_path / "aside"
    place.box.rename(aside)
    for day in (15, 16, 17, 20, 21):
        done = once(place, f"2026-04-{day}T09:00")
        assert done.code == 3 and plain(done) and "There is no mailbox" in done.err
    waiting = ask(place, "SELECT name FROM mail WHERE state = 'waiting' ORDER BY id")
    assert [row["name"] for row in waiting].count("digest") == 5
    aside.rename(place.box)
    place.run("2026-04-22T09:00")
    place.run("2026-04-22T09:02")
    sent = observed(place)["sent"]
    assert set(sent.values()) == {1} and not ask(place, "SELECT 1 FROM mail WHERE state != 'sent'")
    assert ask(place, "SELECT count(*) AS n FROM letter WHERE filed IS NOT NULL")[0]["n"] == 8
    assert [row["mark"] for row in ask(place, "SELECT mark FROM report WHERE k = 1")] == ["2026-04-15"], "as of the day it came"


@dataclass
class Refusing(Around):
    """A server that refuses some recipients for good and takes the mail for the others."""

    refuses: frozenset[str] = field(default=frozenset({ANNA}))

    def send(self, mail: OutgoingMail) -> Receipt:
        receipt = super().send(mail)
        return Receipt(receipt.id, tuple(address for address in mail.recipients if address in self.refuses))


def test_a_recipient_refused_for_good_is_named_in_the_digest_and_the_rest_goes_on(tmp_path: Path) -> None:
    place = morning(tmp_path)
    place.drop(letter(WRONG), "2026-04-15T08:55")
    with staffed(place) as office:
        from dataclasses import replace

        box = Refusing(office.mailbox)
        run(replace(office, mailbox=box), NOW)
        assert {BO, ANNA} <= {address for mail in box.sent for address in mail.recipients}
    assert not ask(place, "SELECT 1 FROM mail WHERE state != 'sent'")
    place.sent()
    place.run("2026-04-16T09:00")
    (digest,) = [m for m in place.sent() if mail_name(m) == "digest"]
    assert f"tar inte emot mejl till: {ANNA}" in " ".join(text(digest).split())
    assert BO not in "".join(line for line in text(digest).splitlines() if "tar inte emot" in line)


def test_a_name_that_does_not_resolve(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.environ |= {
        "IVOBOT_MAILBOX__KIND": "imap",
        "IVOBOT_MAILBOX__HOST": "mail.finns-inte.invalid",
        "IVOBOT_MAILBOX__USER": "ivo",
        "IVOBOT_MAILBOX__PASSWORD": "hemligt",
        "IVOBOT_MAILBOX__SMTP_HOST": "mail.finns-inte.invalid",
    }
    del place.environ["IVOBOT_MAILBOX__PATH"]
    done = ivobot(place, "run", "--once")
    assert done.code == 3 and plain(done) and "name is not known on this network; check host" in done.err and "hemligt" not in done.err, (
        done.err
    )


# The process.


@pytest.mark.slow
@pytest.mark.parametrize("limit", [5, 6, 7])
def test_too_few_file_handles_to_start_with(limit: int, tmp_path: Path, expected: dict[str, Any]) -> None:
    place = morning(tmp_path)
    environ = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ} | {"HOME": "/nonexistent"} | place.environ
    done = subprocess.run(
        [IVOBOT, "--config", str(EXAMPLE), "run", "--once", "--now", NOW],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)),
    )
    assert done.returncode in (0, 1, 3), done.stderr
    assert done.returncode == 0 or plain(Ran(done.returncode, done.stdout, done.stderr)), done.stderr
    place.run("2026-04-15T10:00")
    place.run(AFTER)
    assert faults(expected, observed(place)) == []


@pytest.mark.slow
def test_file_handles_that_run_out_in_the_middle(tmp_path: Path, expected: dict[str, Any], figure: Callable[[str, object], None]) -> None:
    """A service that is running gets no further handle but so many. Whatever it did, the day ends as if nothing had been."""
    further, ended = range(8), []
    for more in further:
        place = morning(_folder(tmp_path, str(more)))

        def work(place: Municipality = place, more: int = more) -> None:
            office = place.office()
            soft = max(map(int, os.listdir("/proc/self/fd"))) + more + 1
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, soft))
            taken = []
            with suppress(OSError):
                while True:
                    taken.append(os.dup(0))
            for handle in taken[:more]:
                os.close(handle)
            run(office, NOW)

        failed = forked(work).failed.strip().splitlines()
        ended.append(failed[-1] if failed else "")
        place.run("2026-04-15T10:00")
        place.run(AFTER)
        assert faults(expected, observed(place)) == [], f"{more} further handles"
    assert any(ended) and all(said == "" or said.startswith(("bot.errors.", "OSError: [Errno 24]")) for said in ended), ended
    figure("limits of open files", len(further))
