"""The configuration: what it reads, where values come from, and what it says when something is wrong."""

import json
import os
import re
import stat
import subprocess
import sys
import tomllib
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.config import Maildir, active_routine, load
from bot.config.faults import KEYS
from bot.config.mailboxes import KINDS as MAILBOXES
from bot.config.people import Officer
from bot.config.sources import SECRETS
from bot.errors import ConfigError

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.toml"
OF_KIND = {  # the least that each kind of mailbox needs besides
    "imap": 'host = "imap.kommun.example"\nuser = "ivo"',
    "ews": 'url = "https://mail.kommun.example/ews"\nuser = "ivo"\npassword = "x"',
    "graph": 'tenant = "t"\nclient_id = "c"\nclient_secret = "x"',
}
LEAST = {
    "bot": 'own_domains = ["kommun.example"]',
    "mailbox": 'address = "ivo@kommun.example"\npath = "box"',
    "people": 'reporter = "rapport@kommun.example"',
}
ADDRESS = "must be one mail address without a name, such as anna@kommun.example (å, ä, ö only in their xn-- form)"


def write(folder: Path, *, before: str = "", **sections: str) -> Path:
    """A configuration of the least that works, with these lines added to its sections."""
    parts = {name: "\n".join(filter(None, [LEAST.get(name, ""), sections.get(name, "")])) for name in [*LEAST, *sections]}
    file = folder / "config.toml"
    file.write_text(before + "\n" + "\n".join(f"[{name}]\n{lines}" for name, lines in parts.items()), "utf-8")
    file.chmod(0o600)
    return file


def fault(file: Path, environ: dict[str, str] | None = None) -> str:
    """What `load` says of a file with one fault, without the beginning that names the file."""
    with pytest.raises(ConfigError) as caught:
        load(file, environ or {})
    begin, end = f"The configuration {file} needs a correction: ", "."
    said = str(caught.value)
    assert said.startswith(begin) and said.endswith(end) and "\n" not in said
    assert "pydantic" not in said and "errors.pydantic" not in said and "Input" not in said
    return said.removeprefix(begin).removesuffix(end)


def test_defaults(tmp_path):
    """The least configuration works, sends nothing, and has every path absolute."""
    c = load(write(tmp_path), {})
    assert (c.bot.data_dir, c.bot.mode, c.bot.routine, c.bot.timezone.key) == (
        tmp_path / "ivobot-data",
        "dry",
        "ivo-lss",
        "Europe/Stockholm",
    )
    assert isinstance(c.mailbox, Maildir) and c.mailbox.path == tmp_path / "box" and c.mailbox.authserv_id == ""
    assert c.database.url.get_secret_value() == f"sqlite:///{tmp_path}/ivobot-data/ivobot.db"
    assert (c.schedule.poll, c.schedule.reminders, c.schedule.digest) == (timedelta(minutes=2), time(7), time(7, 30))
    assert (c.reply.rejected, c.reply.normalised, c.reply.matched, c.reply.incident) == (True, False, False, False)
    assert (c.reply.per_sender_a_day, c.reply.per_hour, c.reminders.bundle_from, c.reminders.channel) == (10, 60, 6, "mailbox")
    assert (c.calendar.closed_days, c.calendar.cut_off, c.register_file.columns) == ((), "quarter_end", {})
    assert (c.prune.delete_reported_letters, c.prune.after_days, c.log.level, c.log.format) == (False, 30, "info", "text")
    assert (c.report.board, c.report.threshold, c.report.formats, c.report.send_on) == ("", 5, ("docx", "xlsx"), None)
    assert c.source == tmp_path / "config.toml" and c.findings() == ()


def test_frozen(tmp_path):
    """Nobody changes a configuration after the start."""
    c = load(write(tmp_path), {})
    with pytest.raises(ValidationError):
        c.bot.mode = "live"  # type: ignore[misc]


def test_people(tmp_path):
    """Reporters, roles and officers, with names as they are looked up."""
    officers = 'ab = "Anna@Kommun.example"\n"Bo  EK" = {address = "bo@kommun.example", substitute = "anna@kommun.example", '
    officers += 'absent = [["2026-07-01", 2026-07-31]]}'
    people = 'manager = ""\nverksamhetschef = "chef@kommun.example"\n[people.officers]\n' + officers
    c = load(write(tmp_path, people=people), {})
    assert c.people.reporter == ("rapport@kommun.example",)
    assert c.people.roles == {"verksamhetschef": "chef@kommun.example"}
    assert c.people.officers == {
        "ab": Officer(address="anna@kommun.example"),
        "bo ek": Officer(address="bo@kommun.example", substitute="anna@kommun.example", absent=((date(2026, 7, 1), date(2026, 7, 31)),)),
    }
    to = c.recipients()
    days = [date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 1)]
    for written in ("Bo Ek", "bo@kommun.example"):  # the register may hold the name or the address
        assert [to.officer(written, day).split("@")[0] for day in days] == ["bo", "anna", "anna", "bo"]
    assert to.reporter == c.people.reporter and to.own_domains == {"kommun.example"} and c.findings() == ()


@pytest.mark.parametrize("written", ['"A@kommun.example"', '["a@kommun.example", "A@KOMMUN.example"]', '[" a@kommun.example "]'])
def test_one_reporter_or_several(tmp_path, written):
    """One address, or a list; lower case, each once."""
    file = write(tmp_path)
    file.write_text(file.read_text().replace('"rapport@kommun.example"', written))
    assert load(file, {}).people.reporter == ("a@kommun.example",)


@pytest.mark.parametrize(
    "written, pause",
    [
        ("every 2 minutes", timedelta(minutes=2)),
        ("every 30 seconds", timedelta(seconds=30)),
        ("every hour", timedelta(hours=1)),
        ("Every minute", timedelta(minutes=1)),
        ("every 1 hour", timedelta(hours=1)),
        ("every 24 hours", timedelta(days=1)),
    ],
)
def test_poll(tmp_path, written, pause):
    """The pause between two looks into the mailbox."""
    assert load(write(tmp_path, schedule=f'poll = "{written}"'), {}).schedule.poll == pause


@pytest.mark.parametrize("written, at", [('"07:00"', time(7)), ('"7:05"', time(7, 5)), ("23:59:30", time(23, 59)), ('"00:00"', time(0))])
def test_times(tmp_path, written, at):
    """A time of day as text, or as TOML writes it."""
    assert load(write(tmp_path, schedule=f"digest = {written}"), {}).schedule.digest == at


@pytest.mark.parametrize(
    "sections, said",
    [
        ({"bot": 'mod = "dry"'}, "[bot] mod: there is no such key; the nearest is mode"),
        ({"bot": 'mode = "lvie"'}, "[bot] mode: must be live, team or dry"),
        ({"bot": 'mode = "team"'}, "[bot]: team must hold at least one address when mode is team"),
        ({"bot": 'team = ["hemlig"]'}, f"[bot] team: number 1 in the list {ADDRESS}"),
        ({"bot": 'timezone = "Europe"'}, "[bot] timezone: must be the name of a time zone, such as Europe/Stockholm"),
        ({"bot": 'timezone = "../etc/passwd"'}, "[bot] timezone: must be the name of a time zone, such as Europe/Stockholm"),
        ({"bot": "data_dir = 3"}, "[bot] data_dir: must be a path such as ./ivobot-data"),
        ({"bot": 'bundle_from = "x"'}, "[bot] bundle_from: there is no such key here; it belongs to [reminders]"),
        ({"maibox": "x = 1"}, "[maibox]: there is no such section; the nearest is [mailbox]"),
        ({"before": 'mode = "dry"'}, "mode: stands outside any section; it belongs to [bot]"),
        ({"before": "log = 1"}, "log: must be a section: a line [log], its keys below"),
        ({"mailbox": 'kind = "pop"'}, "[mailbox] kind: must be maildir, imap, ews or graph"),
        ({"mailbox": 'kind = "imap"\nuser = "ivo"'}, "[mailbox] host: is missing; add it as config.example.toml shows"),
        (
            {"mailbox": 'kind = "imap"\nhost = "imap.kommun.example"\nuser = "ivo"\ntls = "none"'},
            "[mailbox]: tls must be tls or starttls, for the server is not this machine itself",
        ),
        (
            {"mailbox": 'kind = "ews"\nurl = "http://mail.kommun.example/ews"'},
            "[mailbox] url: must be an address that begins with https:// (http:// only to this machine itself), without user name",
        ),
        ({"mailbox": 'kind = "ews"\nurl = "https://mail.kommun.example/ews"'}, "[mailbox]: user and password must be set"),
        (
            {"mailbox": 'kind = "graph"\ntenant = "t"\nclient_id = "c"'},
            "[mailbox]: tenant, client_id and one of client_secret and certificate must be set to sign in by a token",
        ),
        ({"mailbox": 'adress = "x"'}, "[mailbox] adress: there is no such key; the nearest is address"),
        ({"mailbox": 'hosts = "x"'}, "[mailbox] hosts: there is no such key; the nearest is host"),
        ({"database": 'url = "hemligt"'}, "[database] url: must be a database address such as sqlite:///ivobot.db"),
        ({"people": 'manager = "Anna <anna@kommun.example>"'}, f"[people] manager: {ADDRESS}"),
        ({"people": 'manager = "anna@kommun"'}, f"[people] manager: {ADDRESS}"),
        ({"people": 'manager = "anna@västerås.example"'}, f"[people] manager: {ADDRESS}"),
        ({"people": 'manager = "a@b@kommun.example"'}, f"[people] manager: {ADDRESS}"),
        ({"people": 'manager = ".a@kommun.example"'}, f"[people] manager: {ADDRESS}"),
        ({"people": "reporters = []"}, f"[people] reporters: {ADDRESS}; if no role is meant, the nearest key is reporter"),
        (
            {"people": 'Chef = "a@kommun.example"'},
            "[people]: Chef cannot be a role; its name is written with small letters, digits and single _",
        ),
        ({"people": "[people.oficers]"}, "[people]: there is no table oficers in it; the nearest is [people.officers]"),
        (
            {"people": '[people.officers]\nAB = {address = "a@kommun.example", substitut = ""}'},
            "[people] officers, ab, substitut: there is no such key; the nearest is substitute",
        ),
        ({"people": "[people.officers]\nAB = {}"}, "[people] officers, ab, address: is missing; add it as config.example.toml shows"),
        (
            {"people": '[people.officers]\nAB = "a@kommun.example"\nab = "b@kommun.example"'},
            "[people] officers: must have each name once, and none that is empty (capital letters and spaces make no difference)",
        ),
        (
            {"people": '[people.officers]\nAB = {address = "a@kommun.example", absent = ["2026-07-01"]}'},
            '[people] officers, ab, absent: must be a list of first and last days, such as [["2026-07-01", "2026-07-31"]]',
        ),
        (
            {"people": '[people.officers]\nAB = {address = "a@kommun.example", absent = [["2026-07-31", "2026-07-01"]]}'},
            "[people] officers, ab, absent: has a last day before its first day",
        ),
        *[
            (
                {"schedule": f"poll = {poll}"},
                '[schedule] poll: must be written as "every 2 minutes", "every 30 seconds" or "every hour", from 5 seconds to 24 hours',
            )
            for poll in ('"2 minutes"', '"every 0 minutes"', '"every 4 seconds"', '"every 25 hours"', "2")
        ],
        ({"schedule": 'reminders = "24:00"'}, '[schedule] reminders: must be a time of day such as "07:00"'),
        ({"reply": "rejected = 2"}, "[reply] rejected: must be true or false"),
        ({"reply": "per_hour = true"}, "[reply] per_hour: must be a whole number from 1 to 100000"),
        ({"reminders": "bundle_from = 1"}, "[reminders] bundle_from: must be a whole number from 2 to 1000"),
        ({"reminders": 'channel = "fax"'}, "[reminders] channel: must be mailbox or case_system"),
        ({"calendar": 'closed_days = ["2026-02-30"]'}, "[calendar] closed_days: number 1 in the list must be a day such as 2026-07-01"),
        ({"calendar": 'cut_off = "x"'}, "[calendar] cut_off: must be quarter_end or window_end"),
        (
            {"register": "columns = {a = 1}"},
            '[register] columns: must be a table of header names and column names, such as {"Beslutsdag" = "Beslutsdatum"}',
        ),
        (
            {"report": 'send_on = "13-45"'},
            '[report] send_on: must be a number of days after the quarter such as 20, or a list of days such as ["01-25"]',
        ),
        ({"report": "send_on = 91"}, "[report] send_on: must be a whole number from 1 to 90"),
        ({"report": 'formats = ["odt"]'}, "[report] formats: number 1 in the list must be one of json, xlsx, docx, html, pdf"),
        ({"report": "threshold = 1"}, "[report] threshold: must be a whole number from 2 to 100"),
        ({"secrecy": "hash_key = 191212121212"}, '[secrecy] hash_key: must be one line of text, in quotation marks: "…"'),
        (
            {"prune": "closed_days = 179"},
            "[prune] closed_days: must be 0, which is never, or at least 180: until then a quarter's report may need it",
        ),
    ],
)
def test_faults(tmp_path, sections, said):
    """Each fault is one sentence with its place; the value is never repeated."""
    assert fault(write(tmp_path, **sections)) == said


@pytest.mark.parametrize(
    "without, said",
    [
        ("bot", "[bot] own_domains: is missing; add it as config.example.toml shows"),
        ("people", "[people] reporter: is missing; add it as config.example.toml shows"),
    ],
)
def test_missing_sections(tmp_path, without, said):
    """What must be there is asked for by its key, also when its whole section is not there."""
    file = write(tmp_path)
    file.write_text(file.read_text().replace(f"[{without}]\n{LEAST[without]}", ""))
    assert fault(file) == said


def test_all_faults_at_once(tmp_path):
    """A person corrects a file once: every fault has its line, those of the environment too."""
    file = write(tmp_path, bot='mode = "x"\ntem = 1', reply="matched = 7", secrecy="hash_key = ['mycket hemligt']")
    with pytest.raises(ConfigError) as caught:
        load(file, {"IVOBOT_LOG__LEVEL": "loud", "IVOBOT_BTO__MODE": "x"})
    assert str(caught.value).split("\n  ") == [
        f"The configuration {file} needs 6 corrections:",
        "IVOBOT_BTO__MODE: there is no such setting; the nearest is IVOBOT_BOT__MODE",
        "[bot] mode: must be live, team or dry",
        "[bot] tem: there is no such key; the nearest is team",
        "[reply] matched: must be true or false",
        '[secrecy] hash_key: must be one line of text, in quotation marks: "…"',
        "IVOBOT_LOG__LEVEL: must be debug, info, warning or error",
    ]
    assert caught.value.code == 2


@pytest.mark.parametrize(
    "content, said",
    [
        (b"[bot]\nmode = = 1\n", "is not valid TOML at line 2, column 8; correct that line."),
        (
            b'[bot]\ndata_dir = "C:\\Drift"\n',
            "is not valid TOML at line 2, column 17; correct that line; write a Windows path in single quotation marks.",
        ),
        ("[people]\nreporter = 'åsa'".encode("cp1252"), "is not UTF-8; save it again as UTF-8."),
    ],
)
def test_unreadable(tmp_path, content, said):
    """A file that is no TOML is refused with the place, not with its text."""
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load(file, {})
    assert str(caught.value) == f"The configuration {file} {said}"


def test_notepad(tmp_path):
    """A file saved with a byte order mark and Windows' line ends is read."""
    file = write(tmp_path)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert load(file, {}).bot.own_domains == ("kommun.example",)


def test_which_file(tmp_path, monkeypatch):
    """--config, else ./config.toml, else ./config.example.toml; a missing one is told with what to do."""
    monkeypatch.chdir(tmp_path)
    for path, said in [
        (None, f"There is no config.toml or config.example.toml in {tmp_path}; name a configuration with --config FILE."),
        (Path("x.toml"), "There is no configuration x.toml; copy config.example.toml to it, or name another with --config FILE."),
        (tmp_path, f"{tmp_path} is a folder; name a file with --config FILE."),
    ]:
        with pytest.raises(ConfigError) as caught:
            load(path, {})
        assert str(caught.value) == said
    write(tmp_path).rename("config.example.toml")
    assert load(None, {}).source.name == "config.example.toml"
    write(tmp_path)
    assert load(None, {}).source.name == "config.toml"
    assert load(Path("config.example.toml"), {}).source == tmp_path / "config.example.toml"


def test_relative_paths(tmp_path, monkeypatch):
    """In the file they count from its folder, in the environment from the working directory."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "work").mkdir()
    file = write(tmp_path / "etc", bot='data_dir = "../data"\nroutine = "rutin.toml"', database='url = "sqlite:///x/bot.db?timeout=5"')
    monkeypatch.chdir(tmp_path / "work")
    c = load(file, {})
    assert c.bot.data_dir == tmp_path / "data" and c.bot.routine == str(tmp_path / "etc/rutin.toml")
    assert isinstance(c.mailbox, Maildir) and c.mailbox.path == tmp_path / "etc/box"
    assert c.database.url.get_secret_value() == f"sqlite:///{tmp_path}/etc/x/bot.db?timeout=5"
    own = {
        "IVOBOT_BOT__DATA_DIR": "d",
        "IVOBOT_MAILBOX__PATH": "m",
        "IVOBOT_BOT__ROUTINE": "r.toml",
        "IVOBOT_DATABASE__URL": "sqlite:///b.db",
    }
    c = load(file, own)
    assert c.bot.data_dir == tmp_path / "work/d" and c.bot.routine == str(tmp_path / "work/r.toml")
    assert isinstance(c.mailbox, Maildir) and c.mailbox.path == tmp_path / "work/m"
    assert c.database.url.get_secret_value() == f"sqlite:///{tmp_path}/work/b.db"
    assert load(file, {"IVOBOT_BOT__DATA_DIR": "/var/lib/ivobot"}).bot.data_dir == Path("/var/lib/ivobot")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:////var/lib/bot.db", "postgresql+psycopg://bot@db.example/bot"])
def test_other_database_addresses(tmp_path, url):
    """What holds no relative path stays as it is."""
    assert load(write(tmp_path, database=f'url = "{url}"'), {}).database.url.get_secret_value() == url


@pytest.mark.parametrize(
    "name, value, section, key, expected",
    [
        ("IVOBOT_BOT__MODE", "live", "bot", "mode", "live"),
        ("IVOBOT_BOT__OWN_DOMAINS", '["A.example", "b.example"]', "bot", "own_domains", ("a.example", "b.example")),
        ("IVOBOT_BOT__TEAM", "[]", "bot", "team", ()),
        ("IVOBOT_PEOPLE__REPORTER", "a@kommun.example", "people", "reporter", ("a@kommun.example",)),
        (
            "IVOBOT_PEOPLE__REPORTER",
            '["a@kommun.example", "b@kommun.example"]',
            "people",
            "reporter",
            ("a@kommun.example", "b@kommun.example"),
        ),
        ("IVOBOT_PEOPLE__MANAGER", "", "people", "manager", ""),
        ("IVOBOT_PEOPLE__STAB_A", "a@kommun.example", "people", "roles", {"stab_a": "a@kommun.example"}),
        ("IVOBOT_PEOPLE__OFFICERS", '{"AB": "a@kommun.example"}', "people", "officers", {"ab": Officer(address="a@kommun.example")}),
        ("IVOBOT_REPLY__MATCHED", "yes", "reply", "matched", True),
        ("IVOBOT_REPLY__REJECTED", "0", "reply", "rejected", False),
        ("IVOBOT_REPLY__PER_HOUR", "5", "reply", "per_hour", 5),
        ("IVOBOT_SCHEDULE__POLL", "every hour", "schedule", "poll", timedelta(hours=1)),
        ("IVOBOT_CALENDAR__CLOSED_DAYS", '["2026-05-15"]', "calendar", "closed_days", (date(2026, 5, 15),)),
        ("IVOBOT_REGISTER__COLUMNS", '{"Beslutsdag": "Beslutsdatum"}', "register_file", "columns", {"Beslutsdag": "Beslutsdatum"}),
        ("IVOBOT_REPORT__SEND_ON", '["01-25"]', "report", "send_on", ("01-25",)),
        ("IVOBOT_REPORT__SEND_ON", "25", "report", "send_on", 25),
        ("IVOBOT_MAILBOX__AUTHSERV_ID", "mx.kommun.example", "mailbox", "authserv_id", "mx.kommun.example"),
    ],
)
def test_environment(tmp_path, name, value, section, key, expected):
    """Each sort of key in a variable."""
    assert getattr(getattr(load(write(tmp_path), {name: value}), section), key) == expected


@pytest.mark.parametrize("section, key", [(s, k) for s, keys in KEYS.items() for k in keys])
def test_every_key_has_a_variable(tmp_path, section, key):
    """A variable for each key is known; a value that fits none is told under the variable's name."""
    name = f"IVOBOT_{section}__{key}".upper()
    kind = next((kind for kind, model in MAILBOXES.items() if key in model.model_fields), "")
    lines = f'kind = "{kind}"\n{OF_KIND.get(kind, "")}'.replace(f"{key} =", "#") if section == "mailbox" and key != "kind" else ""
    said = fault(write(tmp_path, mailbox=lines), {name: "\x07"})
    assert said.startswith(f"{name}: ") and "no such" not in said


@pytest.mark.parametrize(
    "name, value, said",
    [
        ("IVOBOT_BOT__MOD", "x", "there is no such setting; the nearest is IVOBOT_BOT__MODE"),
        ("IVOBOT_MODE", "x", "there is no such setting; the nearest is IVOBOT_BOT__MODE"),
        ("IVOBOT_BOT", "{}", "there is no such setting; the nearest is IVOBOT_BOT__TEAM"),
        ("IVOBOT_SECRECY__HASHKEY_FILE", "x", "there is no such setting; the nearest is IVOBOT_SECRECY__HASH_KEY_FILE"),
        ("IVOBOT_BOT__TEAM", "[a", 'begins like a list or table but is not valid JSON; write it as ["a", "b"] or {"a": "b"}'),
        ("IVOBOT_BOT__MODE", "test", "must be live, team or dry"),
        ("IVOBOT_PEOPLE__MANAGER", "chefen", ADDRESS),
        ("IVOBOT_DATABASE__URL", "hemligt", "must be a database address such as sqlite:///ivobot.db"),
    ],
)
def test_faults_in_the_environment(tmp_path, name, value, said):
    """The variable is named, not the file's key."""
    assert fault(write(tmp_path), {name: value}) == f"{name}: {said}"


def test_foreign_variables(tmp_path):
    """Other programs' variables, and one that merely begins alike, are no business of ours."""
    assert load(write(tmp_path), {"IVOBOT": "x", "PATH": "/bin", "ivobot_bot__mod": "x"})


def test_secrets_from_files(tmp_path):
    """File, then credential, then variable or its _FILE; the later wins, and none is ever shown."""
    file = write(tmp_path, secrecy='hash_key = "from the file"')
    (tmp_path / "cred").mkdir()
    (tmp_path / "cred" / "secrecy.hash_key").write_text("from systemd\n")
    (tmp_path / "key").write_text("{from a secret file\n")
    key, key_file, credentials = "IVOBOT_SECRECY__HASH_KEY", "IVOBOT_SECRECY__HASH_KEY_FILE", "CREDENTIALS_DIRECTORY"
    for environ, expected in [
        ({}, "from the file"),
        ({credentials: str(tmp_path / "cred")}, "from systemd"),
        ({credentials: str(tmp_path / "cred"), key_file: str(tmp_path / "key")}, "{from a secret file"),
        ({credentials: str(tmp_path / "cred"), key: "[from a variable"}, "[from a variable"),
        ({credentials: str(tmp_path / "nowhere")}, "from the file"),
    ]:
        c = load(file, environ)
        assert c.secrecy.hash_key.get_secret_value() == expected
        assert expected not in repr(c) and expected not in str(c)
    said = fault(file, {key: "x", key_file: str(tmp_path / "key")})
    assert said == f"{key_file}: stands beside {key}; keep one of them"
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "long").write_text("x" * 70_000)
    for bad in ("missing", "empty", "long"):
        said = fault(file, {key_file: str(tmp_path / bad)})
        assert said == f"{key_file}: names a file that cannot be read, is empty or too long; put the secret alone into it"


def test_secrets_are_known():
    """Whoever adds a secret adds it here too."""
    of_mailbox = {("mailbox", key) for key in ("password", "smtp_password", "client_secret")}
    assert {
        ("database", "url"),
        ("secrecy", "hash_key"),
        ("backup", "passphrase"),
        ("web", "token"),
        ("alarm", "ping_url"),
    } | of_mailbox == SECRETS


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
def test_findings(tmp_path):
    """What works but is probably not meant."""
    file = write(
        tmp_path,
        bot='team = ["x@annan.example"]',
        people='managr = "m@kommun.example"\nstab = "s@sub.kommun.example"\n[people.officers]\n'
        'AB = {address = "a@annan.example", absent = [["2026-07-01", "2026-07-31"]]}',
        secrecy='hash_key = "k-k-k-k-k-k-k-k-k-k-k-k-k-k-k-k-k-k-k-k"',
        database='url = "postgresql://bot:hemligt@db.example/bot"',
    )
    file.chmod(0o644)
    assert load(file, {"IVOBOT_MAILBOX__ADDRESS": "ivo@annan.example"}).findings() == (
        "[people] stab lies outside own_domains and gets no mail; correct the address or add its domain.",
        "[people] officers, ab lies outside own_domains and gets no mail; correct the address or add its domain.",
        "[bot] team, number 1 lies outside own_domains and gets no mail; correct the address or add its domain.",
        "[mailbox] address lies outside own_domains and gets no mail; correct the address or add its domain.",
        "[people] managr is read as a role of that name; if manager is meant, correct the key.",
        "[people] officers, ab has days of absence but no substitute; name one, or mails go on as usual.",
        f"[database] url is a secret in a file that everyone may read; chmod o= {file}, or use a secret file.",
        f"[secrecy] hash_key is a secret in a file that everyone may read; chmod o= {file}, or use a secret file.",
    )
    file.chmod(0o640)
    assert not [f for f in load(file, {}).findings() if "secret" in f]


@pytest.mark.parametrize(
    "address, own", [("a@kommun.example", True), ("a@x.kommun.example", False), ("kommun.example", False), ("", False)]
)
def test_own_domains(tmp_path, address, own):
    """A subdomain is another domain."""
    assert load(write(tmp_path), {}).owns(address) is own


def test_routine(tmp_path):
    """The packaged one by name, another by path; what is wrong is told."""
    assert active_routine(load(write(tmp_path), {})).milestone
    with pytest.raises(ConfigError, match=r"\[bot\] routine does not work; correct it: there is no routine named ivo-sol"):
        active_routine(load(write(tmp_path, bot='routine = "ivo-sol"'), {}))
    file = write(tmp_path, bot='routine = "./rutin.toml"')
    with pytest.raises(ConfigError) as caught:
        active_routine(load(file, {}))
    place = tmp_path / "rutin.toml"
    assert str(caught.value) == f"The routine file {place} cannot be read as UTF-8 text; correct [bot] routine, or the file."
    place.write_text((ROOT / "rules/data/routines/ivo-lss.toml").read_text("utf-8"), "utf-8")
    assert active_routine(load(file, {})) == active_routine(load(write(tmp_path), {}))


def documented() -> dict[str, list[str]]:
    """The keys that the example shows, set or behind a "#" without a space, by section."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if m := re.fullmatch(r"\[([a-z.]+)\]", line):
            section = m[1]
            found.setdefault(section, [])
        elif m := re.match(r'#?("[^"]+"|\w+) = ', line):
            found[section].append(m[1])
    return found


def test_example_documents_every_key():
    """Every key of every model stands there, once, and nothing else."""
    shown = documented()
    assert shown.pop("people.officers")
    shown["people"].append("officers")
    assert {s: sorted(keys) for s, keys in shown.items()} == {s: sorted(keys) for s, keys in KEYS.items()}


def test_example_explains_every_key():
    """Each key has a comment above it that says whether it is required, or its default."""
    comment = ""
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if re.match(r'#?("[^"]+"|\w+) = ', line) and "@" not in line.partition("= ")[2][:30]:
            assert "Default:" in comment or "Required" in comment, line
        comment = comment + line if line.startswith("# ") else ""


def test_example_defaults_are_true(tmp_path):
    """Where the example says that a default stands there, it does."""
    least, example = load(write(tmp_path), {}), load(EXAMPLE, {})
    differs = {
        f"{s}.{k}"
        for s, keys in KEYS.items()
        for k in keys
        if (s != "mailbox" or k in Maildir.model_fields)
        and getattr(getattr(least, {"register": "register_file"}.get(s, s)), k)
        != getattr(getattr(example, {"register": "register_file"}.get(s, s)), k)
    }
    required = {"mailbox.address", "mailbox.path", "people.reporter"}
    told = {
        "bot.mode",
        "bot.data_dir",
        "database.url",
        "people.manager",
        "people.boendeteamet",
        "people.centralen",
    }  # data_dir: other folder
    assert differs == required | told


def test_example_runs():
    """As it is: no finding, the embedded mailbox, everything below its own folder."""
    c = load(EXAMPLE, {})
    assert c.findings() == () and c.bot.mode == "live" and isinstance(c.mailbox, Maildir)
    assert c.mailbox.path == ROOT / "ivobot-data/mailbox" and c.bot.data_dir == ROOT / "ivobot-data"
    assert tomllib.loads(EXAMPLE.read_text("utf-8"))["mailbox"]["path"] == "./ivobot-data/mailbox"


def test_acceptance_variables(tmp_path):
    """The variables of a checking harness, on the example file."""
    environ = {
        "IVOBOT_BOT__DATA_DIR": str(tmp_path / "data"),
        "IVOBOT_BOT__MODE": "live",
        "IVOBOT_BOT__OWN_DOMAINS": '["kommun.example"]',
        "IVOBOT_MAILBOX__KIND": "maildir",
        "IVOBOT_MAILBOX__PATH": str(tmp_path / "mailbox"),
        "IVOBOT_MAILBOX__ADDRESS": "ivo-rapportor-lss@kommun.example",
        "IVOBOT_PEOPLE__REPORTER": "ivo.rapportor@kommun.example",
        "IVOBOT_PEOPLE__MANAGER": "enhetschef@kommun.example",
    }
    c = load(EXAMPLE, environ)
    assert c.bot.data_dir == tmp_path / "data" and c.database.url.get_secret_value() == f"sqlite:///{tmp_path}/data/ivobot.db"
    assert c.findings() == ()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights do not bind here")
def test_no_right_to_read(tmp_path):
    """A file that may not be read is told with the reason."""
    file = write(tmp_path)
    file.chmod(stat.S_IWUSR)
    with pytest.raises(ConfigError, match=r"cannot be read \(Permission denied\); correct the path or its rights\.$"):
        load(file, {})


def test_light_import():
    """Reading a configuration loads nothing but pydantic that is heavy."""
    heavy = ["sqlalchemy", "rich", "structlog", "pydantic_settings", "holidays", "rapidfuzz"]
    code = f"import json, sys, bot.config, bot.clock, bot.keys, bot.log; print(json.dumps([m for m in {heavy} if m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []
