"""Canaries: a name, a phrase and an identity number that stand in letters and register files and must stand nowhere else.

They are sown in every place where they can come in, each under a word of its own, so that a find tells which place leaks. Then every job and
every command has its turn, in live and dry mode, and everything that was written, printed or logged is searched, packed files too.
"""

import base64
import io
import os
import quopri
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.jobs import tick as ticking
from tests.bot.test_secrecy import SPELLINGS
from tests.bot.town import ANNA, BO, HEAD, RIGHT, WRONG, Ran, ask, ivobot, letter, town
from tests.municipality import EXAMPLE, PEOPLE, Municipality, mail_name

BIRD = "qvaxhild"  # every canary begins so; what follows tells where it was sown
NUMBER = "19121212-1212"
CHIPS = ("19121212", "121212-12", "12121212", "1212121212")
IMPORTED, NOW = "2026-01-20T08:00", "2026-04-15T09:00"
LATER = ("2026-04-15T09:30", "2026-04-16T08:00", "2026-04-20T08:00", "2026-05-04T08:00", "2026-07-15T08:00")
MORE = "Namn;Anteckning;Personnummer;Skyddad;Alias;Kön;Form;Orsak;Telefon"


def bird(place: str) -> str:
    return f"{BIRD}{place}"


def register(*more: str) -> list[str]:
    """A register whose other columns hold what they should not, and some rows that are refused for what stands in them."""
    good = [
        f"C-{n};9§4;2026-01-15;{ANNA};{bird('namn')} Törn;Ring {bird('anteckning')} {NUMBER};{NUMBER if n < 3 else ''};{'ja' if n == 2 else ''};"
        f"{'Alias-2' if n == 2 else ''};K;;;070-{NUMBER}"
        for n in range(1, 7)
    ]
    bad = [
        f"{NUMBER};9§4;2026-01-15;{ANNA};;;;;;;;;",
        f"C-11;{bird('insats')};2026-01-15;{ANNA};;;;;;;;;",
        f"C-12;9§4;{bird('datum')};{ANNA};;;;;;;;;",
        f"C-13;9§4;{NUMBER};{ANNA};;;;;;;;;",
        f"C-14;9§4;2026-01-15;{ANNA};;;{bird('personnummer')};;;;;;",
        f"C-15;9§4;2026-01-15;{ANNA};;;;{bird('skyddad')};;;;;",
        f"C-16;9§4;2026-01-15;{ANNA};;;;;;{bird('kon')};;;",
        f"C-17;9§4;2026-01-15;{ANNA};;;;;;;{bird('form')};;",
        f"C-18;9§4;2026-01-15;{ANNA};;;;;;;;{bird('orsak')} {NUMBER};",
        f"C-19;9§4;2026-01-15;{ANNA};;;;ja;;;;;;{bird('for_bred')}",
    ]
    return [f"{HEAD};{MORE}", *good, *bad, *more]


def letters() -> Iterator[dict[str, object]]:
    """Letters of every sort, with canaries wherever a letter can hold one."""
    n = 0
    for spelling in SPELLINGS:
        for title in (f"{RIGHT}, {spelling}", f"Fråga om {spelling}"):
            yield letter(title, sender=f"p{(n := n + 1)}@kommun.example", body=f"Ärende: C-1\n{spelling}\n")
        yield letter(WRONG, sender=f"p{(n := n + 1)}@kommun.example", body=f"Ärende: {spelling}\nPersonnummer {spelling}\n")
    for title in (
        RIGHT,
        WRONG,
        "IVO – Återrapportering 2026-07-15, 9§4",
        "IVO – Slutrapportering, verkställt 2026-04-14, 9§4",
        "Fråga",
        "Frånvaro: x",
    ):
        for where, said in (
            ("titel", {"subject": f"{title} {bird('titel')} Törn"}),
            ("titelfirst", {"subject": f"{bird('titelforst')} {title}"}),
            ("kropp", {"subject": title, "body": f"Ärende: C-3\n{bird('kropp')} Törn väntar. Orsak: {bird('kropporsak')}\n{NUMBER}\n"}),
            ("arende", {"subject": title, "body": f"Ärende: {bird('arende')}\nÄrendenummer {bird('arendenummer')}\n"}),
            ("okant", {"subject": title, "body": f"Ärende: Z-{(n := n + 1)}\nFöreträdare {bird('foretradare')}\n"}),
            ("avsandare", {"subject": title, "from": f"{bird('avsandare')} Törn <{ANNA}>"}),
            ("utifran", {"subject": title, "from": f"{bird('utifran')}@annan.example"}),
            ("tvivel", {"subject": title, "from": f"{bird('tvivel')}@kommun.example, x@annan.example"}),
            ("nummer", {"subject": title, "from": f"{NUMBER}@kommun.example"}),
        ):
            one = letter(
                title,
                sender=f"q{(n := n + 1)}@kommun.example",
                Reply_To=f"{bird('svarstill')}@annan.example",
                Cc=f"{bird('kopia')} <x@kommun.example>",
            )
            one |= said | {"id": f"<{NUMBER}-{n}@kommun.example>" if where == "nummer" else f"<c{n}@kommun.example>"}
            one["headers"] |= {  # type: ignore[operator]
                "Thread-Topic": bird("trad"), "X-Note": f"{bird('huvud')} {NUMBER}", "List-Archive": bird("lista"), "Comments": bird("kommentar"),
                "In-Reply-To": f"<{bird('svarpa')}@annan.example>", "References": f"<{bird('referens')}@annan.example> <{NUMBER}@annan.example>",
            }  # fmt: skip
            yield one
    yield letter(RIGHT, body=f"Ärende: C-6\n{bird('stammer')} Törn\n") | {"id": "<matched@kommun.example>"}
    yield letter(WRONG, sender=f"{bird('utifranid')}@annan.example") | {"id": f"<{bird('id')}@annan.example>"}
    yield from ({"raw": raw.decode("latin-1")} for raw in raws())


def raws() -> Iterator[bytes]:
    """Letters of several parts, automatic letters, and some that cannot be read."""
    for n, title in enumerate((RIGHT, WRONG, "Handling")):
        head = f'From: "{bird("citat")}" <r{n}@kommun.example>\r\nSubject: {title}\r\nMessage-ID: <r{n}@kommun.example>\r\n'
        inner = f"From: {bird('bifogadfran')}@kommun.example\r\nSubject: {bird('bifogadamne')} {NUMBER}\r\nMessage-ID: <{bird('bifogatid')}@x.example>\r\n\r\n{bird('bifogadkropp')}\r\n"
        yield (
            f"{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            f"<p title='{bird('attribut')}'>Ärende: C-4</p><!-- {bird('htmlkommentar')} --><p>{bird('html')} {NUMBER}</p>\r\n"
            f'--b\r\nContent-Type: text/csv; name="{bird("filnamn")} {NUMBER}.csv"\r\nContent-Disposition: attachment\r\n\r\n'
            f"Ärende;Namn\r\n{bird('fil')};{NUMBER}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n"
        ).encode()
    yield (
        f"From: MAILER-DAEMON@kommun.example\r\nSubject: Kan inte levereras: {bird('studs')}\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; {bird('studsmottagare')}@kommun.example\r\nAction: failed\r\n"
        f"Diagnostic-Code: smtp; {bird('diagnos')} {NUMBER}\r\n--b--\r\n"
    ).encode()
    yield f"Auto-Submitted: auto-replied\r\nFrom: {ANNA}\r\nSubject: Automatiskt svar: {bird('franvaro')}\r\n\r\n{bird('franvarokropp')}".encode()
    yield f"{bird('olaslig')}\r\n{NUMBER}\r\n".encode()
    yield f"From: {ANNA}\r\nSubject: {bird('trasig')}\xff\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n{bird('trasigkropp')}".encode(
        "latin-1"
    )
    for n, ending in enumerate((b"csv", b"xlsx")):
        content = "\r\n".join(register()).encode() if n == 0 else f"PK\x03\x04{bird('paket')}".encode()
        name = f"{bird('registerfil')}.".encode() + ending
        yield (
            b"From: it@kommun.example\r\nSubject: " + bird("registeramne").encode() + b"\r\nMessage-ID: <it%d@kommun.example>\r\n" % n
            + b'Content-Type: application/octet-stream; name="' + name + b'"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + base64.encodebytes(content)
        )  # fmt: skip


@dataclass
class Search:
    """Where the canaries were found."""

    place: Municipality
    said: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, codes: tuple[int, ...] = (0, 1)) -> Ran:
        """A command, with what it printed and logged kept."""
        done = ivobot(self.place, *arguments)
        assert done.code in codes, (arguments, done)
        self.said[f"{len(self.said)} {' '.join(arguments)[:60]}"] = done.out + done.err
        return done

    def found(self, *extra: Path) -> list[str]:
        """Every find: the canary and where it stands."""
        hits = [f"{hit} in what `{where}` printed" for where, text in self.said.items() for hit in hits_in(text.encode())]
        for path in [p for folder in (self.place.home / "data", *extra) for p in folder.rglob("*")]:
            hits += [f"{hit} in the name {path.name}" for hit in hits_in(path.name.encode())]
            if path.is_file():
                hits += [f"{hit} in {path.relative_to(self.place.home)}" for hit in hits_in(path.read_bytes())]
        for mail in self.place.folder("Skickat"):
            hits += [f"{hit} in the mail {mail.name}" for hit in hits_in(mail.read_bytes())]
        return hits


def hits_in(raw: bytes) -> set[str]:
    """The canaries in some bytes, in whatever way these are coded or packed."""
    found: set[str] = set()
    for each in _views(raw, 0):
        text = each.decode("latin-1").casefold()
        found |= set(re.findall(rf"{BIRD}[a-z_]*", text))
        found |= {chip for chip in CHIPS if chip in text}
    return found


def _views(raw: bytes, depth: int) -> Iterator[bytes]:
    yield raw
    if b"\0" in raw:
        yield raw.replace(b"\0", b"")  # UTF-16
    if b"=" in raw:
        yield quopri.decodestring(raw)
    for found in re.finditer(rb"(?:[A-Za-z0-9+/]{60,78}\r?\n)+[A-Za-z0-9+/]*=*|[A-Za-z0-9+/_-]{16,}=*", raw):
        text = re.sub(rb"\s", b"", found[0]).rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
        yield base64.b64decode(text[: len(text) // 4 * 4])
    yield bytes(raw).replace(b"\\u00", b"")
    if raw.startswith(b"PK") and depth < 3:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from _views(archive.read(name), depth + 1)


def test_the_search_finds_what_is_hidden() -> None:
    """A search that finds nothing proves nothing, unless it finds what is there."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", f"<a>{bird('zip')}</a>" * 9)
    for raw in (
        bird("x").encode(), bird("x").upper().encode(), bird("x").encode("utf-16"), b"a: " + base64.b64encode(f"some words {bird('x')} and more".encode()),
        base64.encodebytes(f"{'y' * 99}{bird('x')}".encode()), f"=71{bird('x')[1:]}".encode(), packed.getvalue(), NUMBER.encode(), b'{"a": "1912121212"}',
    ):  # fmt: skip
        assert hits_in(raw), raw


def sown(home: Path, **environ: str) -> Search:
    """A municipality in which everything has had its turn."""
    watch = home / "watched"
    watch.mkdir(parents=True)
    (home / "data" / "backups").mkdir(parents=True, mode=0o700)
    (home / "data").chmod(0o700)
    place = town(
        home, IVOBOT_LOG__LEVEL="debug", IVOBOT_LOG__FILE=str(home / "data" / "ivobot.log"), IVOBOT_REPLY__INCIDENT="true", IVOBOT_REPLY__MATCHED="true",
        IVOBOT_REPLY__NORMALISED="true", IVOBOT_REPLY__PER_HOUR="10000", IVOBOT_REGISTER__WATCH=str(watch),
        IVOBOT_REGISTER__SENDERS='["it@kommun.example"]', IVOBOT_BACKUP__FOLDER=str(home / "data" / "backups"), **environ,
    )  # fmt: skip
    search = Search(place)
    file = home / f"{bird('importfil')}.csv"
    file.write_text("\n".join(register()), "utf-8")
    for extra in ((), ("--dry-run",), ("--json",)):
        done = ivobot(place, "register", "import", str(file), *extra, "--now", IMPORTED)
        assert done.code == 1, done
        search.said[f"import {extra}"] = done.out + done.err
    (watch / "lista.csv").write_text(
        "\n".join(register(f"C-21;9§4;{bird('tappad')};{ANNA};;;;;;;;;")).replace("Telefon", bird("kolumn")), "utf-8"
    )
    os.utime(watch / "lista.csv", (0, 0))
    for one in letters():
        place.drop(one, NOW)
    search.run("run", "--once", "--now", NOW, codes=(0,))
    return search


def the_rest(search: Search, *, live: bool) -> None:
    """The other days, and every command."""
    place = search.place
    if live:  # the reporter answers the digest, with more than commands
        digest = next(mail for mail in place.sent() if mail_name(mail) == "digest")
        body_lines = (
            "1: rapporterad", f"2 hör till {bird('okantarende')}-1", f"3 rapporterad {bird('kommando')} {NUMBER}", f"{bird('rad')} {NUMBER}",
            f"4 vänta till 2026-05-12 för att {NUMBER}", f"5 hör till {NUMBER}", "99 rapporterad",
        )  # fmt: skip
        body = "\n".join(body_lines) + "\n"
        answer = letter(f"SV: {digest['Subject']}", sender=PEOPLE["REPORTER"], body=body, In_Reply_To=str(digest["Message-ID"]))
        place.drop(answer | {"id": "<digest-answer@kommun.example>"}, NOW)
    for now in LATER:
        search.run("run", "--once", "--now", now, codes=(0,))
    first = ask(place, "SELECT * FROM letter WHERE folder = 'Karantän' ORDER BY reason DESC LIMIT 3")
    unclear = ask(place, "SELECT id FROM letter WHERE folder = 'Oklara' LIMIT 4")
    mails = ask(place, "SELECT id, key FROM mail ORDER BY id DESC LIMIT 3")
    last = ("--now", LATER[-1])
    commands = [
        *(("letters", *more) for more in ((), ("--json",), ("--folder", "Karantän"), ("--folder", "Oklara"))),
        *(("letters", "settle", str(row["id"]), case, *last) for row, case in zip(unclear, ("C-3", "C-4", bird("avgjort"), NUMBER), strict=False)),
        *(("register", "list", *more) for more in ((), ("--json",))),
        *(("register", "show", case, *more) for case in ("C-1", "C-2", "Alias-2") for more in ((), ("--json",))),
        *(("quarantine", "list", *more) for more in ((), ("--json",))),
        *(("quarantine", what, str(row["id"]), *more) for row in first[:1] for what, more in (("show", ()), ("show", ("--json",)), ("retry", last), ("drop", ("--yes", *last)))),
        *(("outbox", "list", *more) for more in ((), ("--json",))),
        *(("outbox", what, str(row["id"])) for row in mails for what in ("retry", "cancel")),
        *(("trace", row["key"]) for row in mails),
        *(("report", "2026Q2", "--format", "json,xlsx,docx,html", "--for", who, "--out", str(place.home / "data" / f"out-{who}"), *last) for who in ("internal", "fullmaktige", "revisorer")),
        *(("sheet", case, "--format", form, *last) for case in ("C-1", "C-2", "C-3") for form in ("text", "html", "json")),
        *(("quality", "2026Q2", *more) for more in ((), ("--json",))),
        *(("worklist", *more, *last) for more in ((), ("--json",))),
        ("digest", "--print", *last), ("status", *last), ("status", "--json", *last), ("check",), ("audit", "verify"), ("prune", "--dry-run", *last), ("prune", *last),
        ("explain", "C-1", *last), ("explain", "C-2", *last), ("simulate", "--from", "2026-01-01", "--to", "2026-12-31"), ("simulate", "--from", "2026-04-01", "--to", "2026-12-31", "--json"),
        ("support-bundle", str(place.home / "data" / "support.zip"), *last), ("backup", str(place.home / "data" / "a.backup"), *last), ("db", "current"), ("mails",),
        ("register", "close", "C-5", "executed", "2026-04-14"), ("register", "undo-import"),
    ]  # fmt: skip
    for command in commands:
        if any(BIRD in argument or NUMBER in argument for argument in command):  # typed by a person: only what is kept of it counts
            ivobot(place, *command)
        else:
            search.run(*command, codes=(0, 1, 2))
    search.run("run", "--once", "--now", "2026-07-16T08:00", codes=(0,))


def restored(search: Search) -> Path:
    """What a backup holds in clear."""
    target = Path(tempfile.mkdtemp(dir=search.place.home)) / "data"
    backup = search.place.home / "data" / "a.backup"
    environ = search.place.environ | {"IVOBOT_BOT__DATA_DIR": str(target), "IVOBOT_LOG__FILE": ""}
    given = Path(f"{backup}.key")
    if given.exists():
        environ["IVOBOT_BACKUP__PASSPHRASE"] = given.read_text("ascii").strip()
    other = Municipality.__new__(Municipality)
    other.home, other.environ = target.parent, environ
    done = ivobot(other, "restore", str(backup))
    assert done.code == 0 and (target / "ivobot.db").exists(), done
    return target


@pytest.mark.parametrize("log", ["text", "json"])
def test_nothing_leaks_live(tmp_path: Path, log: str) -> None:
    """Register, letters, mails, digest, sheets, reports, logs, backup, support bundle: no canary in any."""
    search = sown(tmp_path, IVOBOT_LOG__FORMAT=log)
    the_rest(search, live=True)
    assert search.found(restored(search)) == []
    assert len(ask(search.place, "SELECT id FROM letter")) > 100 and len(search.place.folder("Skickat")) > 50
    assert ask(search.place, "SELECT id FROM letter WHERE answer = 'digest_answer'") and ask(search.place, "SELECT id FROM report")
    watched = tmp_path / "watched"
    reports = list(watched.rglob("*.rapport.txt"))
    assert reports and not [hit for path in reports for hit in hits_in(path.read_bytes())]


@pytest.mark.parametrize("mode", ["dry", "team"])
def test_nothing_leaks_in_other_modes(tmp_path: Path, mode: str) -> None:
    """The files of the mode dry, and the mails to the team."""
    search = sown(tmp_path, IVOBOT_BOT__MODE=mode, IVOBOT_BOT__TEAM='["team@kommun.example"]')
    the_rest(search, live=False)
    assert search.found() == []
    assert mode != "dry" or len(list((tmp_path / "data" / "dry").glob("*.eml"))) > 50


STEPS = sorted(
    name
    for name, value in vars(ticking).items()
    if callable(value) and getattr(value, "__module__", "").startswith("bot.jobs") and name not in ("tick",) and not isinstance(value, type)
)


@pytest.mark.parametrize("debug", [(), ("--debug",)], ids=["plain", "debug"])
def test_nothing_leaks_when_a_job_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, debug: tuple[str, ...]) -> None:
    """An error in each job whose message quotes a letter: of it only the class and the place are told, in the traceback too."""
    search = sown(tmp_path)

    def broken(*_given: object, **_named: object) -> object:
        try:
            raise KeyError(f"{bird('nyckel')} {NUMBER}")
        except KeyError as error:
            raise ValueError(f"{bird('fel')} {NUMBER}") from error

    assert {"intake", "remind", "digest", "deliver"} <= set(STEPS)
    failed = 0
    for n, name in enumerate(STEPS):
        with monkeypatch.context() as patch:
            patch.setattr(ticking, name, broken)
            for one in list(letters())[:3]:
                search.place.drop(one, NOW)
            done = ivobot(search.place, *debug, "run", "--once", "--now", f"2026-04-{16 + n % 10}T08:00")
            search.said[f"broken {name}"] = done.out + done.err
            failed += done.code != 0
            assert done.code == 0 or ("Traceback" in done.err) is bool(debug), done
    assert failed > len(STEPS) / 2
    for now in LATER[2:]:
        search.run("run", "--once", "--now", now)
    search.run("status", "--now", LATER[-1])
    search.run("digest", "--print", "--now", LATER[-1])
    assert search.found() == []


@pytest.mark.parametrize("event", ["INSERT", "UPDATE"])
def test_nothing_leaks_when_the_database_refuses(tmp_path: Path, event: str) -> None:
    """Each table in turn takes nothing: the traceback of the statement shows neither it nor its values."""
    search = sown(tmp_path)
    file = tmp_path / "data" / "ivobot.db"
    tables = [row["name"] for row in ask(search.place, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
    more = tmp_path / "more.csv"
    more.write_text("\n".join([f"{HEAD};{MORE}", f"C-31;9§4;2026-01-16;{ANNA};{bird('namn')};;{NUMBER};ja;{'Alias-31'};;;;"]), "utf-8")
    for table in tables:
        with sqlite3.connect(file) as connection:
            connection.execute(f"CREATE TRIGGER no_more BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{bird('utlosare')}'); END")
        connection.close()
        for one in list(letters())[:2] + list(letters())[-9:]:
            search.place.drop(one, NOW)
        for command in (
            ("run", "--once", "--now", "2026-04-17T08:00"),
            ("register", "import", str(more), "--force", "--now", "2026-04-17T08:00"),
        ):
            done = ivobot(search.place, "--debug", *command)
            search.said[f"{table} {command[0]}"] = done.out + done.err
        with sqlite3.connect(file) as connection:
            connection.execute("DROP TRIGGER no_more")
        connection.close()
    hits = [hit for hit in search.found() if "utlosare in data/ivobot.db" not in hit]  # the trigger's own text, in freed pages
    assert hits == []


BROKEN_DATA: dict[str, Callable[[sqlite3.Connection], object]] = {
    "facts": lambda c: c.execute(f"UPDATE mail SET state = 'waiting', raw = NULL, facts = '{{\"{bird('fakta')}\": \"{NUMBER}\"}}'"),
    "no JSON": lambda c: c.execute(f"UPDATE mail SET state = 'waiting', raw = NULL, facts = '{bird('fakta')}'"),
    "recipients": lambda c: c.execute(f"UPDATE mail SET state = 'waiting', raw = NULL, \"to\" = '[\"{bird('till')}\"]'"),
    "a verdict": lambda c: c.execute(f"UPDATE letter SET verdict = '{bird('omdome')}'"),
    "a date": lambda c: c.execute(f"UPDATE register_row SET start = '{bird('start')}'"),
    "an instant": lambda c: c.execute(f"UPDATE letter SET received = '{bird('tid')}'"),
}


@pytest.mark.parametrize("name", BROKEN_DATA)
def test_nothing_leaks_when_the_data_is_broken(tmp_path: Path, name: str) -> None:
    """What stands in the database is not repeated by the error that it makes."""
    search = sown(tmp_path)
    with sqlite3.connect(tmp_path / "data" / "ivobot.db") as connection:
        BROKEN_DATA[name](connection)
    connection.close()
    for command in (
        ("run", "--once", "--now", "2026-04-17T08:00"),
        ("status",),
        ("letters",),
        ("register", "list"),
        ("outbox", "list"),
        ("digest", "--print"),
    ):
        search.run("--debug", *command, codes=(0, 1, 2, 3))
    said = {where: hits_in(text.encode()) for where, text in search.said.items()}
    shown = {where: hits for where, hits in said.items() if hits and not (name == "recipients" and "outbox list" in where)}
    assert shown == {}
    assert not hits_in((tmp_path / "data" / "ivobot.log").read_bytes())


def test_the_process_tells_nothing(tmp_path: Path) -> None:
    """Neither its command line nor its environment change by what it reads, nor does it leave files behind."""
    place = town(tmp_path, register()[:7], IVOBOT_LOG__LEVEL="debug", TMPDIR=str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    for one in letters():
        place.drop(one, NOW)
    command = [sys.executable, "-m", "bot", "--config", str(EXAMPLE), "run", "--once", "--now", NOW]
    running = subprocess.Popen(
        command, env=os.environ | place.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=EXAMPLE.parent, start_new_session=True
    )
    seen: set[bytes] = set()
    while running.poll() is None:
        for file in ("cmdline", "environ", "comm"):
            try:
                seen.add(Path(f"/proc/{running.pid}/{file}").read_bytes())
            except OSError:
                continue
        time.sleep(0.01)
    out, err = running.communicate()
    assert running.returncode == 0, err
    hits = [hit for raw in (*seen, out, err) for hit in hits_in(raw)]
    assert hits == [] and seen
    assert list((tmp_path / "tmp").rglob("*")) == []


def test_the_answers_are_anonymous(tmp_path: Path) -> None:
    """No mail of ours goes to, or names, anybody but those who should get it: no display name, no address of a stranger."""
    search = sown(tmp_path)
    for mail in search.place.sent():
        assert not re.search(
            r"annan\.example|Törn|x@kommun", f"{mail['To']} {mail['Cc']} {mail['Subject']} {mail['References']} {mail['In-Reply-To']}"
        )
        assert BO not in str(mail["To"])
