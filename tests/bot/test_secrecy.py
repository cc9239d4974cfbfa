"""What must never be told: identity numbers, names and whatever a title held that was not recognised. Only the letter itself keeps it."""

import sqlite3
from pathlib import Path

import pytest

from tests.bot.town import ANNA, BO, HEAD, around, ask, ivobot, letter, rows, run, town
from tests.municipality import Municipality, mail_name, text

NOW = "2026-04-15T09:00"

SPELLINGS = (
    "191212121212",
    "19121212-1212",
    "19121212+1212",
    "121212-1212",
    "121212+1212",
    "1212121212",
    "19121212 1212",
    "121212 1212",
    "19121212–1212",
    "19121212—1212",
    "19121212\u20111212",
    "19121212−1212",
    "19121212.1212",
    "19121212/1212",
    "19121212_1212",
    "1912-12-12-1212",
    "1912-12-12 1212",
    "12-12-12-1212",
    "1912 12 12 1212",
    "12 12 12 - 1212",
    "1912.12.12.1212",
    "1912/12/12-1212",
    "19121212\u00a01212",
    "1912\u200b1212-1212",
    "１９１２１２１２-１２１２",
    "19121212-XXXX",
    "121212-xxxx",
    "19121212-****",
)
TITLES = ("IVO – Nyrapportering 2026-04-15, 9§4, {}", "{} IVO – Nyrapportering 2026-04-15, 9§4", "Fråga om {}", "Automatiskt svar: {}")
NAMES = ("Kunigunda", "Törnrosensten", "Kunigunda Törnrosensten", "KT", "Sjukdomsorsak")

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("letters",),
    ("letters", "--json"),
    ("letters", "--folder", "Karantän"),
    ("register", "list"),
    ("register", "list", "--json"),
    ("digest", "--print", "--now", "2026-04-16T07:30"),
    ("status", "--now", NOW),
    ("status", "--json", "--now", NOW),
    ("simulate", "--from", "2026-04-01", "--to", "2026-12-31", "--json"),
    ("simulate", "--from", "2026-04-01", "--to", "2026-12-31"),
    ("explain", "E-1", "--now", NOW),
    ("check",),
)


def leaks(place: Municipality, said: str, *secrets: str) -> list[str]:
    """Where any of the secrets stands, in any case of letters."""
    found = []
    wanted = [secret.casefold() for secret in secrets]
    for path, raw in place.written().items():
        texts = (raw.decode("utf-8", "replace"), raw.decode("latin-1"), raw.decode("utf-16-le", "replace"))
        found += [f"{secret!r} in {path.name}" for secret in wanted if any(secret in text.casefold() for text in texts)]
    found += [f"{secret!r} in what was printed or logged" for secret in wanted if secret in said.casefold()]
    return found


def everything(place: Municipality, now: str = NOW) -> str:
    """Runs what is due and every command that looks; gives all that was printed and logged."""
    place.environ["IVOBOT_LOG__LEVEL"] = "debug"
    done = [ivobot(place, "run", "--once", "--now", now), ivobot(place, "run", "--once", "--now", "2026-04-16T08:00")]
    done += [ivobot(place, *command) for command in COMMANDS]
    assert all(one.code == 0 for one in done[:2]), done[:2]
    return "\n".join(one.out + one.err for one in done)


def test_identity_numbers_in_titles(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"), IVOBOT_REPLY__INCIDENT="true", IVOBOT_REPLY__PER_SENDER_A_DAY="1000", IVOBOT_REPLY__PER_HOUR="1000")
    for n, spelling in enumerate(SPELLINGS):
        place.drop(letter(TITLES[n % len(TITLES)].format(spelling)), NOW)
        place.drop(letter(TITLES[0].format(spelling)), NOW)
    said = everything(place)
    assert len(place.folder("Karantän")) == 2 * len(SPELLINGS)
    assert leaks(place, said, *(spelling for spelling in SPELLINGS), "19121212", "121212-", "12121212") == []


REPORTS = ("IVO – Nyrapportering 2026-04-15, 9§4", "IVO – Nyrapportering, 9§4", "IVO – Slutrapportering, verkställt 2026-04-14, 9§7")


def test_identity_numbers_in_bodies(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"), IVOBOT_REPLY__MATCHED="true", IVOBOT_REPLY__NORMALISED="true")
    for n, spelling in enumerate(SPELLINGS):
        title = REPORTS[n % 3]
        person = f"person{n}@kommun.example"
        place.drop(letter(title, sender=person, body=f"Personnummer: {spelling}\nÄrende: {spelling}\n"), NOW)
        place.drop(letter(title, sender=person, body=f"Ärende {spelling}, {spelling}"), NOW)
    said = everything(place)
    assert leaks(place, said, *SPELLINGS, "19121212", "12121212") == []
    assert not [r[0] for r in ask(place, 'SELECT "case" FROM register_row') if r[0] in ("1912", "191212", "121212", "12-12-12", "12")]


@pytest.mark.parametrize(
    "title", ["IVO – Nyrapportering 2026-04-15, 9§4 {}", "IVO {} nyrapport 9§4", "{}", "IVO – Nyrapportering {}, 2026-04-15, 9§99"]
)
def test_names_and_unrecognised_words(tmp_path: Path, title: str) -> None:
    place = town(tmp_path, rows("E-1"))
    for name in NAMES:
        body = f"Ärende: {name}\nHej {name}, ring {name}.\nÄrendenummer {name}\n"
        for sender in (ANNA, BO, "okand@annan.example"):
            place.drop(letter(title.format(name), sender=sender, body=body), NOW)
    said = everything(place)
    assert leaks(place, said, "Kunigunda", "Törnrosensten", "Sjukdomsorsak", "annan.example") == []


def test_a_name_as_case_makes_no_row_of_that_name(tmp_path: Path) -> None:
    """An untracked report makes a row; its case comes from the body, and never is a person's name."""
    place = town(tmp_path, rows("E-1"))
    for n, case in enumerate(("Kunigunda", "Kunigunda Törnrosensten", "Kunigunda.Törnrosensten", "kunigunda-t")):
        place.drop(letter(f"IVO – Nyrapportering 2026-04-1{n + 2}, 9§7", sender=BO, body=f"Ärende: {case}\n"), NOW)
    said = everything(place)
    assert leaks(place, said, "Kunigunda", "Törnrosensten") == []


def test_headers_of_letters_are_not_kept(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    named = f"Kunigunda Törnrosensten <{ANNA}>"
    one = letter("IVO – Nyrapportering, 9§4", sender=named, Reply_To="kunigunda@annan.example", Cc="x@annan.example")
    place.drop(one | {"id": "<19121212-1212@kommun.example>"}, NOW)
    place.drop(letter("Fråga", sender="kunigunda@annan.example") | {"id": "<kunigunda@annan.example>"}, NOW)
    said = everything(place)
    assert leaks(place, said, "Kunigunda", "Törnrosensten", "19121212", "annan.example") == []


@pytest.mark.parametrize("where", ["mails", "digest", "commands"])
def test_a_protected_person_shows_as_alias_only(tmp_path: Path, where: str) -> None:
    head = "Ärende;Insats;Beslutsdatum;Handläggare;Skyddad;Alias;Personnummer"
    place = town(tmp_path, [head, f"HEMLIGT-77;9§4;2026-01-15;{ANNA};ja;Alias-5;19121212-1212"])
    place.drop(letter("IVO – Nyrapportering, 9§4", body="Ärende: Alias-5\n"), NOW)
    place.drop(letter("IVO – Nyrapportering 2026-01-15, 9§4", body="Ärende: HEMLIGT-77\n"), NOW)
    said = everything(place, "2026-03-16T08:00")
    mails = place.sent()
    shown = {
        "mails": [f"{m['Subject']}\n{text(m)}" for m in mails if mail_name(m) != "digest"],
        "digest": [text(m) for m in mails if mail_name(m) == "digest"],
        "commands": [said],
    }[where]
    assert shown and any("Alias-5" in one for one in shown)
    assert not [one for one in shown if "HEMLIGT-77" in one]
    assert leaks(place, said, "19121212", "12121212", "1212-1212") == []


@pytest.mark.parametrize("debug", [False, True])
def test_errors_do_not_quote_the_register(tmp_path: Path, debug: bool) -> None:
    """A file whose cells hold what they must not: told by row and column, never by what they hold."""
    place = town(tmp_path)
    file = tmp_path / "list.csv"
    head = "Ärende;Insats;Beslutsdatum;Handläggare;Form;Verkställt;Kön;Personnummer"
    bad = (
        "E-1;Kunigunda;2026-01-15;a@kommun.example;;;;",
        "E-2;9§4;19121212-1212;a@kommun.example;;;;",
        "19121212-1212;9§4;2026-01-15;a@kommun.example;;;;",
        "E-4;9§4;2026-01-15;a@kommun.example;Kunigunda Törnrosensten;;;",
        "E-5;9§4;2026-01-15;a@kommun.example;;19121212-1212;;",
        "E-6;9§4;2026-01-15;a@kommun.example;;;Törnrosensten;",
        "E-7;9§4;2026-01-15;a@kommun.example;;;;19121212-1212",
    )
    file.write_text("\n".join((head, *bad)) + "\n", "utf-8")
    arguments = ["--debug"] if debug else []
    said = ""
    for extra in ((), ("--json",), ("--dry-run",)):
        done = ivobot(place, *arguments, "register", "import", str(file), *extra, "--now", NOW)
        said += done.out + done.err
    assert "row" in said
    assert leaks(place, said, "19121212", "12121212", "Kunigunda", "Törnrosensten") == []


def test_a_failure_in_the_program_quotes_no_letter(tmp_path: Path) -> None:
    """Killed by a fault of ours in the middle of a letter: not even --debug, which shows a traceback, tells what it held."""
    place = town(tmp_path, rows("E-1"))
    place.drop(letter("IVO – Nyrapportering 2026-04-15, 9§4 Kunigunda 19121212-1212", body="Törnrosensten 19121212-1212"), NOW)
    with around(place, after={"fetch": [ValueError("19121212-1212 Kunigunda")]}) as (office, _), pytest.raises(ValueError):
        run(office, NOW)
    assert leaks(place, "", "Kunigunda", "Törnrosensten", "19121212") == []


def test_the_traceback_of_a_refused_statement_tells_no_values(tmp_path: Path) -> None:
    """The statement that failed holds what the register says; what --debug shows must not."""
    place = town(tmp_path, rows("E-1"))
    connection = sqlite3.connect(place.home / "data" / "ivobot.db")
    for table in ("letter", "register_row"):
        connection.execute(f"CREATE TRIGGER no_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END")
    connection.commit()
    connection.close()
    place.drop(letter("IVO – Nyrapportering 2026-04-15, 9§4"), NOW)
    lines = [f"{HEAD};Alias;Skyddad", f"E-1;9§4;2026-01-15;{ANNA};;", "E-9;9§4;2026-01-15;Åsa Handläggare;Kunigunda;ja", ""]
    (tmp_path / "new.csv").write_text("\n".join(lines), "utf-8")
    for arguments in (("run", "--once", "--now", NOW), ("register", "import", str(tmp_path / "new.csv"), "--now", NOW)):
        done = ivobot(place, "--debug", *arguments)
        assert done.code != 0 and "Traceback" in done.err
        assert leaks(place, done.err, "Kunigunda", "Åsa Handläggare") == []
        assert "INSERT INTO" not in done.err
