"""`ivobot init`: what it asks, tries, writes and leaves alone."""

import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.cli.init_file import HEAD, filled, toml
from bot.config import Maildir, load
from bot.config.mailboxes import Imap
from bot.config.model import SECTIONS
from bot.config.sources import SECRETS
from tests.bot.town import Ran, command
from tests.mailboxes.base import SENDER
from tests.mailboxes.imap import ImapBackend
from tests.municipality import EXAMPLE
from tests.servers.dovecot import PASSWORD, dovecot, free_port, required

SOURCE = EXAMPLE.read_text("utf-8")
PEOPLE = ("kommun.example", SENDER, "rapport@kommun.example", "chef@kommun.example", "", "centralen@kommun.example", "./data")
LEAST = f"""
[bot]
own_domains = ["kommun.example"]
[mailbox]
address = "{SENDER}"
kind = "maildir"
[people]
reporter = ["rapport@kommun.example", "andra@kommun.example"]
"""


def init(folder: Path, *lines: str, arguments: tuple[str, ...] = (), environ: Mapping[str, str] | None = None) -> Ran:
    """Runs it with these lines typed."""
    typed = "".join(f"{line}\n" for line in lines).encode()
    return command("init", "--dir", str(folder), *arguments, stdin=typed, environ=environ)


def answered(folder: Path, text: str, **environ: str) -> Ran:
    """Runs it with a file of answers."""
    file = folder / "answers.toml"
    file.write_text(text, "utf-8")
    return init(folder / "unit", arguments=("--answers", str(file)), environ=environ)


def imap_lines(port: int, smtp_port: int, user: str = "ivo", password: str = PASSWORD) -> tuple[str, ...]:
    """What is typed for a server on this machine: from the kind to the mailbox that must stay closed."""
    return ("imap", "127.0.0.1", "none", str(port), "", "none", str(smtp_port), "login", user, password, "", "")


def refused(done: Ran, code: int, *words: str) -> bool:
    """Whether it ended with this code and one sentence that holds these words."""
    assert (done.code, done.plain) == (code, True), (done.code, done.out, done.err)
    assert all(word in done.err for word in words), done.err
    return True


def files(folder: Path) -> set[str]:
    """The files in a folder, those of the trials of folders apart."""
    return {path.name for path in folder.iterdir() if path.is_file()} if folder.exists() else set()


def own_only(path: Path) -> bool:
    return stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_a_mailbox_in_a_folder(tmp_path: Path) -> None:
    """From nothing to a configuration that works, in mode dry, with every comment kept."""
    done = init(tmp_path, *PEOPLE, "maildir", "./box")
    assert "configuration: ok" in done.out and "mailbox: ok" in done.out and "database: ok" in done.out, done.out + done.err
    file = tmp_path / "config.toml"
    config = load(file, {})
    assert own_only(file) and own_only(tmp_path / "data") and own_only(tmp_path / "box")
    assert (config.bot.mode, config.bot.own_domains, config.bot.data_dir) == ("dry", ("kommun.example",), tmp_path / "data")
    assert isinstance(config.mailbox, Maildir) and config.mailbox.path == tmp_path / "box"
    assert config.people.reporter == ("rapport@kommun.example",)
    assert config.people.roles == {"manager": "chef@kommun.example", "centralen": "centralen@kommun.example"}
    text = file.read_text("utf-8")
    comments = {line for line in SOURCE.splitlines() if line.startswith("# ")}
    lost = comments - set(text.splitlines())
    assert len(lost) <= 5 and all(
        "Here it is" in line or "begin with" in line or "configuration of ivobot" in line or "unit of your own" in line for line in lost
    )
    assert text.startswith(HEAD) and files(tmp_path) == {"config.toml"}
    assert command("--config", str(file), "run", "--once").code == 0


def test_an_answer_that_will_not_do_is_asked_for_again(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x")
    (tmp_path / "file").write_text("x")
    done = init(
        tmp_path,
        *("", "kommun", "kommun.example, stad.kommun.example"),
        *("ivo@elsewhere.example", SENDER),
        *("", "Anna <anna@kommun.example>", "rapport@kommun.example, andra@stad.kommun.example"),
        *("chef@elsewhere.example", "", "", ""),
        *("./file", "./data"),
        *("pop", "maildir", "./full", "./box"),
    )
    assert "mailbox: ok" in done.out, done.out + done.err
    said = [line.strip() for line in done.out.splitlines() if "The answer " in line]
    assert len(said) == 9 and all("elsewhere" not in line and "pop" not in line for line in said), said
    assert sum("own domains" in line for line in said) == 2 and sum("holds other files" in line for line in said) == 1
    assert load(tmp_path / "config.toml", {}).people.reporter == ("rapport@kommun.example", "andra@stad.kommun.example")


def test_nothing_is_overwritten_without_a_yes(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("mine")
    assert refused(init(tmp_path, "no"), 2, "left as it is")
    assert refused(init(tmp_path, ""), 2, "left as it is")
    assert refused(init(tmp_path, arguments=("--answers", str(answers_file(tmp_path)))), 2, "left as it is")
    assert file.read_text() == "mine" and files(tmp_path) == {"config.toml", "answers.toml"}
    assert "mailbox: ok" in init(tmp_path, "yes", *PEOPLE, "maildir", "").out
    assert (tmp_path / "config.toml.before-1").read_text() == "mine" and load(file, {})
    answers_file(tmp_path, LEAST + "[init]\noverwrite = true\n")
    assert "mailbox: ok" in init(tmp_path, arguments=("--answers", str(tmp_path / "answers.toml"))).out
    assert (tmp_path / "config.toml.before-1").read_text() == "mine" and (tmp_path / "config.toml.before-2").exists()


def answers_file(folder: Path, text: str = LEAST) -> Path:
    (folder / "answers.toml").write_text(text, "utf-8")
    return folder / "answers.toml"


@pytest.mark.parametrize("number", [0, 1, 4, len(PEOPLE), len(PEOPLE) + 1])
def test_answers_that_end_leave_nothing(tmp_path: Path, number: int) -> None:
    assert refused(init(tmp_path, *(*PEOPLE, "maildir")[:number]), 2, "nothing was written")
    assert files(tmp_path) == set()


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """The fault is said; again with the former answers as defaults; stop writes nothing; on writes, and `check` says the fault."""
    port = free_port()
    lines = imap_lines(port, port)
    assert refused(init(tmp_path, *PEOPLE, *lines, "stop"), 2, "Stopped")
    assert files(tmp_path) == set() and not (tmp_path / "secrets").exists()

    done = init(tmp_path, *PEOPLE, *lines, "perhaps", "again", *([""] * 9), PASSWORD, "", "", "on")
    assert done.code == 1 and done.out.count("out of reach") >= 3 and f"[{port}]" in done.out, done.out + done.err
    file, secret, note = tmp_path / "config.toml", tmp_path / "secrets" / "mailbox.password", tmp_path / "ivobot.env"
    assert secret.read_text() == f"{PASSWORD}\n" and own_only(secret) and own_only(secret.parent) and own_only(file) and own_only(note)
    assert (
        PASSWORD not in file.read_text("utf-8") and PASSWORD not in done.out and "IVOBOT_MAILBOX__PASSWORD_FILE" in file.read_text("utf-8")
    )
    assert note.read_text() == f"IVOBOT_MAILBOX__PASSWORD_FILE={secret}\n"
    config = load(file, {"IVOBOT_MAILBOX__PASSWORD_FILE": str(secret)})
    assert isinstance(config.mailbox, Imap) and config.mailbox.password.get_secret_value() == PASSWORD
    assert load(file, {"CREDENTIALS_DIRECTORY": str(secret.parent)}).mailbox == config.mailbox, "systemd's names"
    assert "mode dry" in done.out


def test_a_real_server(tmp_path: Path) -> None:
    """A wrong password is said, the right one goes on; the dry service runs with the note's variables and moves nothing."""
    server = dovecot()
    if server is None:
        required("Dovecot")
        return
    backend = ImapBackend(server)
    wrong = imap_lines(server.port, backend.smtp.port, backend.user, "fel")
    done = init(tmp_path, *PEOPLE, *wrong, "again", *([""] * 9), PASSWORD, "", "")
    assert "sign-in" in done.out and "mailbox: ok" in done.out and "signed in to the SMTP server" in done.out, done.out + done.err
    note = dict(line.split("=", 1) for line in (tmp_path / "ivobot.env").read_text().splitlines())
    backend.deliver(f"From: anna@kommun.example\r\nTo: {SENDER}\r\nSubject: IVO\r\n\r\nHej\r\n".encode())
    ran = command("--config", str(tmp_path / "config.toml"), "run", "--once", environ=note)
    assert ran.code == 0 and "intake 1" in ran.out, ran.out + ran.err
    assert len(backend.folder("INBOX")) == 1 and list((tmp_path / "data" / "dry").glob("*.eml"))


def test_answers_from_a_file(tmp_path: Path) -> None:
    """Without a question; other keys of the configuration may stand there too."""
    more = (
        '[people.officers]\nAB = "anna@kommun.example"\n"Bo Ek" = { address = "bo@kommun.example", substitute = "anna@kommun.example" }\n'
    )
    more += '[schedule]\npoll = "every 5 minutes"\n[register]\ncolumns = { "Beslutsdag" = "Beslutsdatum" }\n[report]\nboard = "Nämnden \\"Väst\\""\n'
    done = answered(tmp_path, LEAST + more)
    assert done.err == "" and "mailbox: ok" in done.out, done.out + done.err
    config = load(tmp_path / "unit" / "config.toml", {})
    assert config.people.reporter == ("rapport@kommun.example", "andra@kommun.example") and config.people.roles == {}
    assert set(config.people.officers) == {"ab", "bo ek"} and config.schedule.poll.total_seconds() == 300
    assert config.report.board == 'Nämnden "Väst"' and config.register_file.columns == {"Beslutsdag": "Beslutsdatum"}


@pytest.mark.parametrize(
    "old, new, words",
    [
        ('own_domains = ["kommun.example"]', "", ("[bot] own_domains", "must not be empty")),
        (f'address = "{SENDER}"', 'address = "x@elsewhere.example"', ("[mailbox] address", "own domains")),
        (f'address = "{SENDER}"', "address = 3", ("[mailbox] address", "mail address")),
        ('kind = "maildir"', 'kind = "pop"', ("[mailbox] kind", "maildir, imap, ews or graph")),
        ('kind = "maildir"', 'kind = "imap"\nhost = "127.0.0.1"\nuser = "ivo"', ("[mailbox] password", "must not be empty")),
        ("[people]", "[peple]", ("[peple]", "the nearest is [people]")),
        ("[people]", "[people]\nrole = 1", ("role",)),
        ("[bot]", "[bot]\nmod = 1", ("[bot] mod", "the nearest is mode")),
        ("[bot]", '[bot]\nmode = "live"', ("mode dry",)),
        ("[bot]", "[init]\nforce = true\n[bot]", ("[init] force",)),
        ("[bot]", "mode = 1\n[bot]", ("outside any section",)),
        ("[bot]", "[bot", ("TOML",)),
    ],
)  # fmt: skip
def test_answers_that_will_not_do(tmp_path: Path, old: str, new: str, words: tuple[str, ...]) -> None:
    assert old in LEAST
    assert refused(answered(tmp_path, LEAST.replace(old, new)), 2, *words)
    assert files(tmp_path / "unit") == set()


def test_a_failing_server_with_answers_from_a_file(tmp_path: Path) -> None:
    """Nothing is written, unless the file says to go on. No secret stands in what is printed."""
    port = free_port()
    text = LEAST.replace(
        '"maildir"', f'"imap"\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nsmtp_tls = "none"\nuser = "ivo"\npassword = "{PASSWORD}"'
    )
    done = answered(tmp_path, text)
    assert refused(done, 3, "out of reach", "go_on") and PASSWORD not in done.out + done.err
    assert files(tmp_path / "unit") == set() and not (tmp_path / "unit" / "secrets").exists()
    done = answered(tmp_path, text + "[init]\ngo_on = true\n")
    assert done.code == 1 and PASSWORD not in done.out + done.err
    assert PASSWORD not in (tmp_path / "unit" / "config.toml").read_text("utf-8")
    assert (tmp_path / "unit" / "secrets" / "mailbox.password").read_text() == f"{PASSWORD}\n"


def test_a_secret_that_the_environment_gives_is_not_asked_for(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "given").write_text("från-miljön-alldeles")
    environ = {"IVOBOT_MAILBOX__PASSWORD_FILE": str(tmp_path / "given")}
    lines = imap_lines(port, port)
    done = init(tmp_path / "unit", *PEOPLE, *(line for line in lines if line != PASSWORD), "on", environ=environ)
    assert done.code == 1 and "Password" not in done.out, done.out + done.err
    assert "The environment sets IVOBOT_MAILBOX__PASSWORD_FILE" in done.out and not (tmp_path / "unit" / "secrets").exists()


def test_where_it_goes(tmp_path: Path) -> None:
    file = tmp_path / "etc" / "ivo.toml"
    typed = "".join(f"{line}\n" for line in (*PEOPLE, "maildir", "")).encode()
    assert "mailbox: ok" in command("init", "--config", str(file), stdin=typed).out and load(file, {})
    assert refused(command("init", "--config", str(file), "--dir", str(tmp_path)), 2, "--dir")
    assert refused(command("init", "--dir", str(tmp_path / "answers"), "--answers", str(tmp_path / "no.toml")), 2, "no.toml")


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="rights do not bind here")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert refused(init(tmp_path / "unit", *PEOPLE), 2, "cannot be written")


def values_of(section: str) -> dict[str, Any]:
    """Something for each key of a section that the example shows."""
    return {key: f'x "{key}" \\ å' for key in SECTIONS[section] if (section, key) not in SECRETS and key not in ("officers", "columns")}


def test_every_key_of_the_example_can_be_filled_in() -> None:
    """Each stands once, with its value, in its own section, set or not in the example."""
    values = {section: values_of(section) for section in SECTIONS}
    values["people"]["stodenheten"] = ["a@kommun.example"]
    found = tomllib.loads(filled(SOURCE, values, {}))
    for section, part in values.items():
        assert part.items() <= found.get(section, {}).items(), section


@pytest.mark.parametrize("value", ['a"b\\c', "tab\there", "å–ä", 3, True, False, ["a", "b"], [], {"A B": "c", "d": {"e": [1]}}, {}])
def test_values_are_written_as_toml_reads_them(value: object) -> None:
    assert tomllib.loads(f"x = {toml(value)}")["x"] == value
