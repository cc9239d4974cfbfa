"""The commands from outside: exit codes, one plain sentence for each error, the shapes of JSON, and what a command may cost."""

import hashlib
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.bot.town import ANNA, HEAD, MARK_DAY, RIGHT, WRONG, Ran, ask, command, ivobot, letter, rows, town
from tests.municipality import EXAMPLE, Municipality

IVOBOT = Path(sys.executable).parent / "ivobot"
ENVIRON = {"PATH": os.environ.get("PATH", ""), "HOME": "/nonexistent"}


def told(done: Ran, code: int) -> bool:
    """Whether a command ended with this code and one sentence on standard error."""
    assert (done.code, done.plain) == (code, True), (done.code, done.err)
    assert "Something went wrong" not in done.err
    return True


# Configuration.


@pytest.mark.parametrize(
    "text, hint",
    [
        ("[bot\ndata_dir = 3", ""),
        ('[bot]\nown_domains = ["kommun.example"]\nmod = "dry"\n[mailbox]\n', "mode"),
        ('[shedule]\npoll = "every 2 minutes"\n', "schedule"),
        ("\xff\xfe", ""),
        ("", ""),
    ],
    ids=["broken", "unknown key", "unknown section", "no text", "empty"],
)
def test_a_bad_configuration(tmp_path: Path, text: str, hint: str) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(text.encode("latin-1"))
    done = command("--config", str(file), "status")
    assert done.code == 2 and "Traceback" not in done.err and done.out == ""
    assert str(file) in done.err and hint in done.err


def test_one_unknown_key_is_one_sentence_that_names_the_nearest(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(EXAMPLE.read_text("utf-8").replace('mode = "live"', 'mdoe = "live"'), "utf-8")
    done = command("--config", str(file), "status")
    assert told(done, 2) and "mdoe" in done.err and "mode" in done.err.replace("mdoe", "")


def test_a_missing_configuration(tmp_path: Path) -> None:
    assert told(command("--config", str(tmp_path / "no.toml"), "status"), 2)
    assert told(command("status", cwd=tmp_path), 2)
    assert told(command("--config", str(tmp_path), "status"), 2)


def test_config_before_and_after_the_command(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    for line in ("register list --json", "status --json", "letters --json", "digest --print", "explain E-1"):
        arguments = line.split()
        before = command("--config", str(EXAMPLE), *arguments, environ=place.environ)
        after = command(*arguments, "--config", str(EXAMPLE), environ=place.environ)
        assert before.code == after.code == 0 and before.out == after.out, arguments
        assert command(*arguments, "--config", str(tmp_path / "no.toml"), environ=place.environ).code == 2


def test_the_default_configuration_is_looked_for_here(tmp_path: Path) -> None:
    place = town(tmp_path / "town", rows("E-1"))
    (tmp_path / "config.example.toml").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    assert "E-1" in command("register", "list", environ=place.environ, cwd=tmp_path).out
    (tmp_path / "config.toml").write_text("[bot\n", "utf-8")
    assert command("register", "list", environ=place.environ, cwd=tmp_path).code == 2, "config.toml goes first"


def test_relative_paths_count_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "config.toml").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    assert command("--config", str(tmp_path / "here" / "config.toml"), "status", cwd=tmp_path).code == 0
    assert (tmp_path / "here" / "ivobot-data" / "ivobot.db").exists()


# Usage.


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "--now", "yesterday"),
        ("run", "--now", "2026-04-15T09:00"),  # only with --once
        ("simulate", "--from", "2026-13-01", "--to", "2026-12-31"),
        ("simulate", "--from", "2026-01-01", "--to", "tomorrow"),
        ("mails", "no_such_mail"),
        ("title", "--today", "igår", "x"),
        ("register", "import", "x.csv", "--quarter", "2023Q9"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert told(ivobot(town(tmp_path), *arguments), 2)


@pytest.mark.parametrize(
    "arguments", [("no-such-command",), ("simulate",), ("status", "--no-such-option"), ("letters", "settle", "x", "y")]
)
def test_wrong_usage_that_the_parser_sees(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = ivobot(town(tmp_path), *arguments)
    assert done.code == 2 and "Traceback" not in done.err


def test_now_is_refused_where_real_mail_would_go_out(tmp_path: Path) -> None:
    """Only the embedded mailbox, a loopback address, or mode dry: another kind of mailbox in mode live takes no set clock."""
    place = town(tmp_path)
    place.environ |= {"IVOBOT_MAILBOX__KIND": "imap", "IVOBOT_MAILBOX__HOST": "mail.kommun.example"}
    for arguments in (("run", "--once"), ("status",), ("digest",)):
        assert ivobot(place, *arguments, "--now", MARK_DAY).code == 2


def test_unknown_case(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    assert told(ivobot(place, "explain", "NO-SUCH"), 1)
    assert ivobot(place, "explain", "e-1", "--now", MARK_DAY).code == 0


# Out of reach.


def test_a_missing_mailbox(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.environ["IVOBOT_MAILBOX__PATH"] = str(tmp_path / "nowhere")
    done = ivobot(place, "run", "--once", "--now", MARK_DAY)
    assert done.code == 3 and str(tmp_path / "nowhere") in done.err and "Traceback" not in done.err
    assert done.err.splitlines()[-1].endswith(".") and not done.err.splitlines()[-1].startswith("timestamp")
    assert not (tmp_path / "nowhere").exists()


def test_a_damaged_database(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    (place.home / "data" / "ivobot.db").write_bytes(b"no database " * 1000)
    for arguments in (("status",), ("letters",), ("register", "list"), ("simulate", "--from", "2026-01-01", "--to", "2026-02-01")):
        assert told(ivobot(place, *arguments), 3)


def test_a_locked_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.store import engine

    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.2)
    place = town(tmp_path, rows("E-1"))
    holder = sqlite3.connect(place.home / "data" / "ivobot.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    done = ivobot(place, "register", "import", str(place.home / "register.csv"))
    holder.close()
    assert told(done, 3) and "locked" in done.err


def test_looking_does_not_wait_for_a_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.store import engine

    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.2)
    place = town(tmp_path, rows("E-1"))
    holder = sqlite3.connect(place.home / "data" / "ivobot.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    done = [ivobot(place, *line.split()) for line in ("status", "letters", "register list", "digest --print", "explain E-1")]
    holder.close()
    assert [one.code for one in done] == [0] * 5, [one.err for one in done]


# The register's file.


@pytest.mark.parametrize(
    "content",
    [None, b"", b"Namn;Telefon\nx;y\n", "Ärende;Insats;Gäller från\nE-1;9§4;2026-01-15\n".encode(), b"\x00\x01\x02"],
    ids=["missing", "empty", "no headers", "no decision date", "binary"],
)
def test_a_register_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    place = town(tmp_path)
    file = tmp_path / "list.csv"
    if content is not None:
        file.write_bytes(content)
    done = ivobot(place, "register", "import", str(file))
    assert done.code in (1, 2) and done.plain and "Something went wrong" not in done.err, done.err
    assert ask(place, "SELECT count(*) AS n FROM register_row")[0]["n"] == 0


def test_a_bad_row_is_listed_and_the_good_ones_go_in(tmp_path: Path) -> None:
    place = town(tmp_path)
    file = tmp_path / "list.csv"
    file.write_text(f"{HEAD}\nE-1;9§4;2026-01-15;{ANNA}\nE-2;9§4;;{ANNA}\nE-3;9§77;2026-01-15;{ANNA}\n", "utf-8")
    done = ivobot(place, "register", "import", str(file), "--json", "--now", MARK_DAY)
    found = json.loads(done.out)
    assert done.code == 1 and done.err == ""
    assert (found["created"], [e["row"] for e in found["errors"]]) == (1, [3, 4])
    assert all(e.keys() == {"row", "column", "reason"} and e["reason"] for e in found["errors"])
    plain = ivobot(place, "register", "import", str(file), "--now", MARK_DAY)
    assert plain.code == 1 and "row 3" in plain.out and "row 4" in plain.out
    assert [r["case"] for r in ask(place, 'SELECT "case" FROM register_row')] == ["E-1"]


def test_warnings_are_results(tmp_path: Path) -> None:
    place = town(tmp_path)
    file = tmp_path / "list.csv"
    file.write_text(f"{HEAD};Verkställt\nE-1;9§4;2026-01-15;{ANNA};2026-02-01\nE-2;9§4;2027-01-15;{ANNA};\n", "utf-8")
    done = ivobot(place, "register", "import", str(file), "--json", "--now", MARK_DAY)
    found = json.loads(done.out)
    assert done.code == 0 and found["errors"] == [] and found["created"] == 2
    assert {"row": 2, "code": "executed_before_mark"} in found["warnings"]
    assert any(w["row"] == 3 for w in found["warnings"])


# Shapes.

TITLE_KEYS = ["title", "verdict", "kind", "cause", "outcome", "date", "insats", "advance_ruling", "canonical"]
TITLE_KEYS += ["errors", "notes", "suggestion"]


def titles(*arguments: str, stdin: bytes = b"") -> tuple[int, list[dict[str, Any]]]:
    done = command("title", "--json", "--today", "2026-04-16", *arguments, stdin=stdin)
    assert done.err == ""
    return done.code, [json.loads(line) for line in done.out.split("\n")[:-1]]


def test_title_json() -> None:
    code, found = titles(RIGHT.replace("–", "-"), WRONG, "Lunch?")
    assert code == 1 and [f["verdict"] for f in found] == ["ok", "rejected", "not_a_report"]
    assert all(set(f) == set(TITLE_KEYS) for f in found)
    ok, rejected, other = found
    assert (ok["kind"], ok["cause"], ok["date"], ok["insats"], ok["canonical"]) == ("new", "decision", "2026-04-15", "9§4", RIGHT)
    assert rejected["errors"] == ["missing_date"] and rejected["canonical"] is None and "ÅÅÅÅ-MM-DD" in rejected["suggestion"]
    empty = {key: None for key in TITLE_KEYS} | {"title": "Lunch?", "verdict": "not_a_report", "advance_ruling": other["advance_ruling"]}
    assert other == empty | {"errors": [], "notes": []}
    assert titles(RIGHT)[0] == 0 and titles("Lunch?")[0] == 0


@pytest.mark.parametrize(
    "stdin, expected",
    [
        (b"a\r\nb\n", ["a\r", "b"]),
        ("a\u0085b\nc\u2028d\x0be\x0cf\x1cg\n".encode(), ["a\u0085b", "c\u2028d\x0be\x0cf\x1cg"]),
        (b"\n\na", ["", "", "a"]),
        (b"", []),
        (b"\n", [""]),
        (b"\xff\xfeIVO\xc3\n", ["\ufffd\ufffdIVO\ufffd"]),
        (b"x" * 10_000 + b"\n", ["x" * 10_000]),
        (("IVO – Nyrapportering 2026-04-15, 9§4" + " " * 10_000 + "\n").encode(), ["IVO – Nyrapportering 2026-04-15, 9§4" + " " * 10_000]),
        ("\ufeffIVO\n".encode(), ["\ufeffIVO"]),
        (b"a\x00b\n", ["a\x00b"]),
    ],
    ids=["cr", "other line ends", "empty lines", "nothing", "one empty", "invalid", "long", "long report", "bom", "nul"],
)
def test_titles_from_standard_input(stdin: bytes, expected: list[str]) -> None:
    assert [f["title"] for f in titles(stdin=stdin)[1]] == expected


def test_titles_are_given_in_order() -> None:
    many = [f"IVO – Nyrapportering 2026-04-{n % 30 + 1:02}, 9§{n % 10 + 1}" for n in range(500)]
    assert [f["title"] for f in titles(stdin="\n".join(many).encode())[1]] == many


def test_plain_titles_and_exit_codes() -> None:
    for title, code in ((RIGHT, 0), (WRONG, 1), ("Lunch?", 0), ("Fråga om 19121212-1212", 0)):
        done = command("title", "--today", "2026-04-16", title)
        assert (done.code, done.err) == (code, "") and done.out.count("\n") == 1
        assert "1212-1212" not in done.out


def test_register_import_json(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    done = ivobot(place, "register", "import", str(place.home / "register.csv"), "--json", "--now", MARK_DAY)
    expected = {"created": 0, "changed": 0, "unchanged": 1, "vanished": 0, "errors": [], "warnings": []}
    assert (done.code, json.loads(done.out)) == (0, expected)


SIMULATE_KEYS = {"send_on", "milestone", "case", "k", "insats", "mark", "due", "to", "cc", "key"}


def test_simulate_json(tmp_path: Path) -> None:
    place = town(tmp_path, [HEAD, f"E-2;9§4;2026-01-15;{ANNA}", f"E-1;9§10;2026-01-15;{ANNA}"])
    done = ivobot(place, "simulate", "--from", "2026-03-16", "--to", "2026-04-28", "--json")
    found = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 0 and all(f.keys() == SIMULATE_KEYS for f in found)
    order = [(f["send_on"], f["case"], f["milestone"]) for f in found]
    assert order == sorted(order)
    assert {(f["milestone"], f["send_on"], f["due"]) for f in found if f["case"] == "E-2"} == {
        ("two_months", "2026-03-16", "2026-03-29"),
        ("day_before", "2026-04-14", "2026-04-14"),
        ("overdue_1", "2026-04-21", None),
        ("overdue_2", "2026-04-28", None),
    }
    assert {f["mark"] for f in found} == {"2026-04-15"} and {f["k"] for f in found} == {1}
    assert len({f["key"] for f in found}) == len(found)
    overdue = next(f for f in found if f["case"] == "E-2" and f["milestone"] == "overdue_2")
    assert (overdue["to"], overdue["cc"]) == ([ANNA, "enhetschef@kommun.example"], ["ivo.rapportor@kommun.example"])
    assert ivobot(place, "simulate", "--from", "2026-03-17", "--to", "2026-04-13", "--json").out == ""


def test_simulate_orders_by_the_case_that_it_shows(tmp_path: Path) -> None:
    head = f"{HEAD};Skyddad;Alias"
    place = town(tmp_path, [head, f"A-1;9§4;2026-01-15;{ANNA};ja;Z-9", f"B-2;9§4;2026-01-15;{ANNA};;"])
    done = ivobot(place, "simulate", "--from", "2026-03-16", "--to", "2026-03-16", "--json")
    assert [json.loads(line)["case"] for line in done.out.splitlines()] == ["B-2", "Z-9"]


def test_simulate_changes_nothing(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1", "E-2"))
    place.drop(letter(RIGHT), MARK_DAY)
    place.run(MARK_DAY)
    file = place.home / "data" / "ivobot.db"

    def state() -> tuple[str, list[str], list[str]]:
        connection = sqlite3.connect(file)
        try:
            dump = list(connection.iterdump())
        finally:
            connection.close()
        return hashlib.sha256(file.read_bytes()).hexdigest(), dump, sorted(str(p) for p in place.box.rglob("*"))

    before = state()
    for extra in ((), ("--json",)):
        assert ivobot(place, "simulate", "--from", "2026-01-01", "--to", "2030-12-31", *extra).code == 0
    assert state() == before


def test_status_and_letters_json(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    empty = json.loads(ivobot(place, "status", "--json", "--now", MARK_DAY).out)
    assert empty["last_poll"] is None and empty["oldest_letter_waiting"] is None and empty["problems"] == []
    place.drop(letter(RIGHT), MARK_DAY)
    place.run(MARK_DAY)
    found = json.loads(ivobot(place, "status", "--json", "--now", MARK_DAY).out)
    assert found.keys() == {"last_poll", "last_send", "oldest_letter_waiting", "outbox", "balance", "problems"}
    assert found["last_poll"] == "2026-04-15T07:00:00+00:00" and found["outbox"] == 0
    assert found["balance"] == {"in": 1, "filed": 1, "answered": 0, "quarantined": 0, "left": 0, "unexplained": 0}
    (one,) = [json.loads(line) for line in ivobot(place, "letters", "--json").out.splitlines()]
    assert (one["id"], one["verdict"], one["outcome"], one["case"], one["folder"]) == (1, "ok", "matched", "E-1", "Att rapportera")
    assert ivobot(place, "letters", "--folder", "Oklara", "--json").out == ""
    assert ivobot(place, "letters", "--folder", "Att rapportera", "--json").out.count("\n") == 1


def test_printing_the_digest_sends_nothing(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    done = ivobot(place, "digest", "--print", "--now", "2026-03-16T08:00")
    assert done.code == 0 and "E-1" in done.out and done.err == ""
    assert ask(place, "SELECT count(*) AS n FROM mail")[0]["n"] == 0


def test_mails() -> None:
    done = command("mails")
    assert done.code == 0, done.err
    for name in ("two_months", "day_before", "officer_notice", "overdue_1", "overdue_2", "title_rejected", "report_differs", "ask_case"):
        assert f"{name}" in done.out
        assert command("mails", name).code == 0
    assert "<html" in command("mails", "digest", "--html").out


def test_check(tmp_path: Path) -> None:
    place = town(tmp_path)
    done = ivobot(place, "check")
    lines = done.out.splitlines()
    assert {line.split(":")[0] for line in lines} >= {"configuration", "templates", "calendar", "database", "mailbox"}
    assert done.code == int(any(not line.endswith(": ok") for line in lines))
    assert "templates: ok" in lines and "database: ok" in lines
    place.environ["IVOBOT_MAILBOX__PATH"] = str(tmp_path / "nowhere")
    assert ivobot(place, "check").code == 1
    assert not [line for line in ivobot(place, "check", "--offline").out.splitlines() if line.startswith("mailbox")]


COMMANDS = (
    (), ("title",), ("run",), ("demo",), ("register",), ("register", "import"), ("register", "list"), ("simulate",), ("explain",),
    ("digest",), ("letters",), ("letters", "settle"), ("mails",), ("check",), ("status",),
)  # fmt: skip


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help(path: tuple[str, ...]) -> None:
    done = command(*path, "--help")
    assert done.code == 0 and "Usage" in done.out and done.err == ""
    if path not in ((), ("register",)):
        assert "--config" in done.out


# What it costs.


def loaded(*arguments: str) -> set[str]:
    script = "import sys\nsys.argv = ['ivobot', *sys.argv[1:]]\nfrom bot.__main__ import main\n"
    script += "try:\n    main()\nexcept SystemExit:\n    pass\nprint('\\n' + ' '.join({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, timeout=60, env=ENVIRON)
    return set(done.stdout.splitlines()[-1].split())


HEAVY = {"pydantic", "sqlalchemy", "jinja2", "rich", "alembic", "structlog", "apscheduler", "holidays", "python_calamine"}


def test_title_help_imports_no_library_but_typer() -> None:
    found = loaded("title", "--help")
    assert "typer" in found and not found & HEAVY


def test_reading_a_title_imports_no_database() -> None:
    assert not loaded("title", RIGHT) & {"sqlalchemy", "jinja2", "alembic", "structlog", "apscheduler"}


@pytest.mark.slow
def test_title_help_is_nearly_as_fast_as_typer() -> None:
    def median(*arguments: str) -> float:
        times = []
        for _ in range(7):
            began = time.perf_counter()
            subprocess.run(arguments, capture_output=True, check=True, timeout=60)
            times.append(time.perf_counter() - began)
        return statistics.median(times)

    bare = median(sys.executable, "-c", "import typer")
    assert median(str(IVOBOT), "title", "--help") <= 1.5 * bare


# Real processes.


def test_a_real_process_reads_titles() -> None:
    done = subprocess.run([IVOBOT, "title", "--json", "--today", "2026-04-16"], input=f"{RIGHT}\n{WRONG}\n".encode(), capture_output=True)
    assert done.returncode == 1 and done.stderr == b"" and done.stdout.count(b"\n") == 2
    assert json.loads(done.stdout.split(b"\n")[0])["title"] == RIGHT


@contextmanager
def small_disk(at: Path, size: str) -> Iterator[None]:
    at.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "none", str(at)], capture_output=True)
    if made.returncode:
        pytest.skip("a small disk can be made by the administrator only")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


@pytest.mark.parametrize("full", ["database", "mailbox"])
def test_a_full_disk_loses_no_letter(tmp_path: Path, full: str) -> None:
    with small_disk(tmp_path / "disk", "1m"):
        place = Municipality(tmp_path / "town")
        place.import_register(rows("E-1"), "2026-01-20T08:00")
        if full == "database":
            place.environ["IVOBOT_BOT__DATA_DIR"] = str(tmp_path / "disk" / "data")
            place.environ["IVOBOT_SECRECY__HASH_KEY"] = "k" * 40
            assert ivobot(place, "register", "list").code == 0
        else:
            shutil.move(place.box, tmp_path / "disk" / "mailbox")
            place.box = tmp_path / "disk" / "mailbox"
            place.environ["IVOBOT_MAILBOX__PATH"] = str(place.box)
        for n in range(5):
            place.drop(letter(WRONG, sender=f"person{n}@kommun.example"), MARK_DAY)
        ballast = tmp_path / "disk" / "ballast"
        with pytest.raises(OSError), ballast.open("wb", 0) as file:
            for size in (4096, 1):
                while True:
                    file.write(b"x" * size)
        done = ivobot(place, "run", "--once", "--now", MARK_DAY)
        assert done.code == 3 and "Traceback" not in done.err
        assert "full" in done.err.splitlines()[-1] and done.err.splitlines()[-1].endswith(".")
        folders = ("INBOX", "Åtgärda titel", "Skickat")
        assert sum(len(place.folder(f)) for f in folders[:2]) == 5
        ballast.unlink()
        for now in ("2026-04-15T10:30", "2026-04-15T12:30"):
            again = ivobot(place, "run", "--once", "--now", now)
            assert again.code == 0, again.err
        assert len(place.folder("Åtgärda titel")) == 5
        assert len([m for m in place.sent() if "title_rejected" in str(m["X-Ivobot"])]) == 5


def test_a_mailbox_that_can_only_be_read_for_a_while_loses_no_mail(tmp_path: Path) -> None:
    """A disk goes read-only; the operator mends it. Exit 3 meanwhile, and then everything goes out."""
    disk = tmp_path / "disk"
    with small_disk(disk, "2m"):
        place = town(tmp_path / "town", rows("E-1"))
        shutil.move(place.box, disk / "mailbox")
        place.box = disk / "mailbox"
        place.environ["IVOBOT_MAILBOX__PATH"] = str(place.box)
        assert ivobot(place, "run", "--once", "--now", "2026-03-13T06:00").code == 0
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        done = ivobot(place, "run", "--once", "--now", "2026-03-16T08:00")
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        for now in ("2026-03-16T09:30", "2026-03-16T12:30"):
            assert ivobot(place, "run", "--once", "--now", now).code == 0
        sent = place.sent()
    assert [str(m["To"]) for m in sent if "name=two_months" in str(m["X-Ivobot"])] == [ANNA]
    assert done.code == 3
