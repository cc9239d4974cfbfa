"""The audit trail: what enters it, and that what is changed, dropped or cut off afterwards shows."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from bot.store import audit
from bot.store import engine as db
from bot.store.audit import Broken, Note, Verified
from tests.bot.town import ANNA, BO, HEAD, MARK_DAY, RIGHT, Killed, ask, ivobot, letter, rows, staffed, town
from tests.municipality import Municipality

NOW = datetime(2026, 4, 15, 7, 0, 0, 123, tzinfo=UTC)
WHY = ("--why", "fel i registret", "--now", "2026-04-16T08:00")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = db.open_store(f"sqlite:///{tmp_path}/data/ivobot.db")
    yield found
    found.dispose()


def fill(engine: Engine, count: int = 6, first: int = 1) -> None:
    for n in range(first, first + count):
        with db.write(engine) as tx:
            assert audit.write(tx, NOW, "anna", [Note("corrected", n, {"why": f"fel {n}", "fields": {"officer": ["å", None]}})]) == n


def verify(engine: Engine) -> Verified | Broken:
    with db.read(engine) as tx:
        return audit.verify(tx)


def tamper(engine: Engine, sql: str) -> None:
    with db.write(engine) as tx:
        tx.exec_driver_sql(sql)


def test_an_empty_trail_is_whole(engine: Engine) -> None:
    assert verify(engine) == Verified(0, 0, "")


def test_the_head_follows_every_entry(engine: Engine) -> None:
    heads = set()
    for n in range(1, 4):
        fill(engine, 1, n)
        with db.read(engine) as tx:
            heads.add(audit.head(tx))
    assert len(heads) == 3 and all(len(head) == 12 for head in heads)
    whole = verify(engine)
    assert isinstance(whole, Verified) and whole.entries == 3 and whole.head in heads


def test_equal_contents_have_unequal_digests(engine: Engine) -> None:
    with db.write(engine) as tx:
        audit.write(tx, NOW, "anna", [Note("corrected", 1, {"why": "fel"})] * 2)
    with db.read(engine) as tx:
        assert len({r[0] for r in tx.exec_driver_sql("SELECT digest FROM audit")}) == 2


@pytest.mark.parametrize(
    "column, value",
    [("contents", '\'{"why": "annat"}\''), ("salt", "'00'"), ("salt", "NULL"), ("digest", "'00'"), ("hash", "'00'"), ("who", "'bo'"),
     ("what", "'closed'"), ("row_id", "77"), ("row_id", "NULL"), ("at", "'2026-04-15 07:00:01.000123'"), ("number", "40")],
)  # fmt: skip
@pytest.mark.parametrize("place", [1, 3, 6])
def test_a_changed_entry_is_found(engine: Engine, column: str, value: str, place: int) -> None:
    fill(engine)
    tamper(engine, f"UPDATE audit SET {column} = {value} WHERE number = {place}")
    found = verify(engine)
    assert isinstance(found, Broken) and found.number == place


@pytest.mark.parametrize("place", range(1, 7))
def test_a_dropped_entry_is_found(engine: Engine, place: int) -> None:
    fill(engine)
    tamper(engine, f"DELETE FROM audit WHERE number = {place}")
    found = verify(engine)
    assert isinstance(found, Broken) and found.number == place and "missing" in found.why


def test_a_dropped_entry_is_found_when_the_rest_is_numbered_anew(engine: Engine) -> None:
    fill(engine)
    tamper(engine, "DELETE FROM audit WHERE number = 3")
    tamper(engine, "UPDATE audit SET number = number - 1 WHERE number > 3")
    found = verify(engine)
    assert isinstance(found, Broken) and found.number == 3


def test_a_trail_cut_off_at_the_end_stays_cut_off(engine: Engine) -> None:
    """What is written later does not close the gap."""
    fill(engine)
    tamper(engine, "DELETE FROM audit WHERE number > 4")
    found = verify(engine)
    assert isinstance(found, Broken) and found.number == 5
    fill(engine, 2, 7)
    again = verify(engine)
    assert isinstance(again, Broken) and again.number == 5


def test_a_forgotten_head_is_not_mended(engine: Engine) -> None:
    """Cutting the end off and taking the remembered head with it shows too, also after the next entry."""
    fill(engine)
    tamper(engine, "DELETE FROM audit WHERE number > 4")
    tamper(engine, "DELETE FROM setting WHERE name LIKE 'audit%'")
    assert isinstance(verify(engine), Broken)
    fill(engine, 1, 5)
    found = verify(engine)
    assert isinstance(found, Broken) and found.number == 5


def test_an_entry_that_somebody_added(engine: Engine) -> None:
    fill(engine)
    tamper(engine, "INSERT INTO audit SELECT 7, at, who, what, row_id, contents, salt, digest, hash FROM audit WHERE number = 6")
    found = verify(engine)
    assert isinstance(found, Broken) and found.number == 7


def test_contents_can_be_forgotten_and_the_chain_holds(engine: Engine) -> None:
    fill(engine)
    with db.write(engine) as tx:
        audit.forget(tx, [2, 5])
        kept = [r[0] for r in tx.exec_driver_sql("SELECT number FROM audit WHERE contents IS NOT NULL")]
        assert [each.contents for each in audit.history(tx, 2)] == [None]
    assert kept == [1, 3, 4, 6]
    whole = verify(engine)
    assert isinstance(whole, Verified) and (whole.entries, whole.forgotten) == (6, 2)
    fill(engine, 1, 7)
    assert isinstance(verify(engine), Verified)
    tamper(engine, "UPDATE audit SET who = 'bo' WHERE number = 2")
    assert verify(engine) == Broken(2, "is not as it was written, or the one before it was exchanged")


@settings(max_examples=25, deadline=None)
@given(contents=st.dictionaries(st.text(max_size=5), st.none() | st.integers() | st.text(max_size=8), max_size=3), who=st.text(max_size=5))
def test_whatever_is_written_verifies(tmp_path_factory: pytest.TempPathFactory, contents: dict[str, object], who: str) -> None:
    engine = db.open_store(f"sqlite:///{tmp_path_factory.mktemp('a')}/ivobot.db")
    with db.write(engine) as tx:
        audit.write(tx, NOW, who, [Note("added", 1, contents), Note("import", None, {})])
    assert isinstance(verify(engine), Verified)
    engine.dispose()


# What enters it.


def trail(place: Municipality) -> list[tuple[str, str, int | None]]:
    return [(r["what"], r["who"], r["row_id"]) for r in ask(place, "SELECT what, who, row_id FROM audit ORDER BY number")]


def test_letters_and_imports_leave_their_entries(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1", "E-2"))
    place.drop(letter(RIGHT), MARK_DAY)
    place.drop(letter("IVO – Slutrapportering, avslutat 2026-04-16, 9§4"), "2026-04-16T09:00")
    place.drop(letter("IVO – Nyrapportering 2026-04-15, 9§10", sender=BO, body="Ärende: N-1\n"), "2026-04-16T09:00")
    place.run("2026-04-16T09:00")
    place.import_register(rows("E-1", "E-2", officer=BO), "2026-04-17T08:00")
    assert trail(place) == [
        ("import", "service", None),
        ("created", "service", 1),
        ("created", "service", 2),
        ("reported", "letter 1", 1),
        ("closed", "letter 2", 1),
        ("provisional", "letter 3", 3),
        ("import", "service", None),
        ("changed", "service", 1),
        ("changed", "service", 2),
    ]
    done = ivobot(place, "audit", "verify")
    assert done.code == 0 and "9 entries" in done.out
    place.import_register(rows("E-1", "E-2", officer=BO), "2026-04-18T08:00")
    assert len(trail(place)) == 9, "an import that changes nothing leaves nothing"


def test_the_command_names_the_first_broken_entry(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1", "E-2"))
    with sqlite3.connect(place.home / "data" / "ivobot.db") as connection:
        connection.execute("UPDATE audit SET who = 'anna' WHERE number = 2")
    connection.close()
    done = ivobot(place, "audit", "verify")
    assert done.code == 1 and done.plain and "entry 2" in done.err and done.out == ""


def test_a_change_and_its_entry_stand_or_fall_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = town(tmp_path, rows("E-1"))
    before = trail(place)

    def killed(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr(audit, "write", killed)
    place.drop(letter(RIGHT), MARK_DAY)
    for work in (
        lambda: ivobot(place, "register", "close", "E-1", "ended", "2026-04-15", *WHY),
        lambda: ivobot(place, "register", "undo-import", "--now", MARK_DAY),
        lambda: place.import_register(rows("E-1", "E-2"), MARK_DAY),
        lambda: place.run(MARK_DAY),
    ):
        with pytest.raises(Killed):
            work()
    monkeypatch.undo()
    assert trail(place) == before and ask(place, "SELECT count(*) AS n FROM register_row WHERE closed_on IS NULL")[0]["n"] == 1
    assert not ask(place, "SELECT 1 FROM report") and not ask(place, "SELECT 1 FROM letter")
    place.run(MARK_DAY)
    assert trail(place)[-1] == ("reported", "letter 1", 1)


def test_no_identity_number_and_no_hash_of_one_in_the_trail(tmp_path: Path) -> None:
    head = f"{HEAD};Personnummer"
    place = town(tmp_path, [head, f"E-1;9§4;2026-01-15;{ANNA};"])
    place.import_register([head, f"E-1;9§4;2026-01-15;{ANNA};19121212-1212"], "2026-01-21T08:00")
    with staffed(place) as office:
        known = office.keys.hash("person", "191212121212")
    said = " ".join(str(r["contents"]) for r in ask(place, "SELECT contents FROM audit"))
    assert "1212" not in said and known not in said
