"""The database: migrations, its settings on disk, claims, and what it says when something is wrong."""

import os
import re
import sqlite3
import stat
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, insert, select

from bot.errors import BotError, ConfigError, StoreError
from bot.store import claims, jobs, letters, outbox, rows
from bot.store import engine as db
from bot.store.schema import letter, mail, metadata, register_row
from rules.model import Entry, Kind, Sort
from tests.bot.town import Killed

NOW = datetime(2026, 4, 15, 7, 0, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/data/ivobot.db"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    found = db.open_store(url)
    yield found
    found.dispose()


def pragma(engine: Engine, name: str) -> object:
    with db.read(engine) as tx:
        return tx.exec_driver_sql(f"PRAGMA {name}").scalar()


def blank(**values: object) -> dict[str, object]:
    """A ledger row with nothing in it."""
    plain = {"JSON": [], "BOOLEAN": False, "INTEGER": 0, "VARCHAR": "", "DATETIME": NOW}
    found = {c.name: plain[str(c.type)] for c in letter.c if not c.nullable and not c.primary_key}
    return found | {"mailbox_id": "a", "verdict": "not_a_report", "folder": "INBOX", "found_in": "INBOX"} | values


# Migrations.


def test_an_empty_file_is_migrated_by_itself(engine: Engine) -> None:
    assert db.current(engine) == db.HEAD
    with db.read(engine) as tx:
        found = {r[0] for r in tx.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert found == {*metadata.tables, "alembic_version"}


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [db.HEAD]


def test_migrated_schema_is_the_metadata(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_partial_indexes_are_migrated_as_declared(engine: Engine, tmp_path: Path) -> None:
    """Alembic does not compare an index's condition."""
    made = db.create_engine(f"sqlite:///{tmp_path}/made.db")
    metadata.create_all(made)
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"

    def plain(connection: Connection) -> dict[str, str]:
        return {name: re.sub(r'[\s"]|AS TEXT', "", sql).lower() for name, sql in connection.exec_driver_sql(query)}

    with engine.connect() as one, made.connect() as other:
        assert plain(one) == plain(other)
    made.dispose()


def test_opening_again_changes_nothing(engine: Engine, url: str) -> None:
    with db.write(engine) as tx:
        jobs.remember(tx, "a", "b")
    again = db.open_store(url)
    with db.read(again) as tx:
        assert jobs.recall(tx, "a") == "b"
    again.dispose()


def test_many_may_open_an_empty_file_at_once(url: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        engines = list(pool.map(lambda _: db.open_store(url), range(6)))
    assert {db.current(one) for one in engines} == {db.HEAD}
    for one in engines:
        one.dispose()


def test_a_newer_schema_is_refused_with_a_sentence(engine: Engine, url: str) -> None:
    with db.write(engine) as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError) as error:
        db.open_store(url)
    assert "newer ivobot" in str(error.value) and "9999" in str(error.value) and "\n" not in str(error.value)
    assert error.value.code == 3


@pytest.mark.parametrize("other", ["postgresql://u:hemligt@localhost/x", "sqlite://", "mysql://x/y"])
def test_another_kind_of_database_is_a_configuration_fault(other: str) -> None:
    with pytest.raises(ConfigError) as error:
        db.open_store(other)
    assert error.value.code == 2 and "hemligt" not in str(error.value)


# What is on disk.


def test_settings_of_the_connection(engine: Engine) -> None:
    assert pragma(engine, "journal_mode") == "wal"
    assert pragma(engine, "synchronous") == 2  # FULL
    assert pragma(engine, "foreign_keys") == 1


def test_files_are_the_owners_alone(engine: Engine, tmp_path: Path) -> None:
    with db.write(engine) as tx:
        jobs.remember(tx, "a", "b")
    folder = tmp_path / "data"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert found.keys() >= {"ivobot.db", "ivobot.db-wal"}
    assert set(found.values()) == {0o600}


def test_a_file_that_others_may_read_is_told_or_mended(engine: Engine, url: str, tmp_path: Path) -> None:
    """A copy put back from a backup may have any mode; the database is the owner's alone all the same."""
    engine.dispose()
    file = tmp_path / "data" / "ivobot.db"
    file.chmod(0o644)
    try:
        db.open_store(url).dispose()
    except BotError as error:
        assert "chmod" in str(error)
    else:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_foreign_keys_hold(engine: Engine) -> None:
    with db.write(engine) as tx:
        letters.add(tx, blank())
    with pytest.raises(StoreError), db.write(engine) as tx:
        letters.change(tx, 1, row_id=77)


# Instants.


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-9))])
def test_instants_come_back_aware_in_utc(engine: Engine, zone: timezone) -> None:
    with db.write(engine) as tx:
        letters.add(tx, blank(received=NOW.astimezone(zone)))
    with db.read(engine) as tx:
        found = tx.execute(select(letter.c.received, letter.c.settled)).one()
        stored = tx.exec_driver_sql("SELECT received FROM letter").scalar_one()
    assert found[0] == NOW and found[0].utcoffset() == timedelta(0) and found[1] is None
    assert stored.startswith("2026-04-15 07:00:00")


# Claims.


def entry(case: str = "E-1", start: date = date(2026, 1, 15)) -> Entry:
    return Entry(case, "9§4", Sort.DECISION, start)


def test_claims_are_unique(engine: Engine) -> None:
    with db.write(engine) as tx:
        row_id = rows.add(tx, entry(), entered=date(2026, 1, 20), silent_before=date(2026, 1, 20))
        (row,) = rows.by_id(tx, [row_id])
        assert claims.take(tx, row, 1, "two_months", date(2026, 3, 16), None)
        assert not claims.take(tx, row, 1, "two_months", date(2026, 3, 17), None)
        assert claims.take(tx, row, 2, "two_months", date(2026, 6, 15), None)
        posted = [outbox.post(tx, key="k", name="digest", to=["a@kommun.example"], cc=[], facts="{}", now=NOW) for _ in range(2)]
        assert posted[0] and posted[1] is None
        added = [letters.add(tx, blank()) for _ in range(2)]
        assert added[0] and added[1] is None
        for kind in (Kind.NEW, Kind.FOLLOW_UP):
            rows.add_report(tx, row_id, 1, kind, date(2026, 4, 15), date(2026, 4, 15), added[0])
        assert [r.kind for r in rows.by_id(tx, [row_id])[0].reports] == [Kind.NEW]


@pytest.mark.parametrize("missing", ["received", "sender", "folder"])
def test_a_claim_does_not_swallow_other_faults(engine: Engine, missing: str) -> None:
    """A letter whose row cannot be written is not "there already": it would be lost without a trace."""
    with pytest.raises(StoreError), db.write(engine) as tx:
        letters.add(tx, blank(**{missing: None}))


# Transactions.


def test_writers_begin_immediate_and_wait_for_each_other(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both read before they write: without BEGIN IMMEDIATE one of them fails at once."""
    monkeypatch.setattr(db, "BUSY_SECONDS", 5)
    engines = [db.open_store(url) for _ in range(2)]

    def count_up(engine: Engine) -> None:
        for _ in range(5):
            with db.write(engine) as tx:
                n = int(jobs.recall(tx, "n") or 0)
                time.sleep(0.005)
                jobs.remember(tx, "n", str(n + 1))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(count_up, engines))
    with db.read(engines[0]) as tx:
        assert jobs.recall(tx, "n") == "10"
    for one in engines:
        one.dispose()


def test_a_writer_is_never_waited_for_by_a_reader(engine: Engine) -> None:
    began = time.monotonic()
    with db.write(engine) as tx:
        jobs.remember(tx, "a", "new")
        with db.read(engine) as other:
            assert jobs.recall(other, "a") == ""
    assert time.monotonic() - began < 2


def test_an_exception_undoes_the_whole_transaction(engine: Engine) -> None:
    for error in (ValueError, Killed):
        with pytest.raises(error), db.write(engine) as tx:
            jobs.remember(tx, "a", "b")
            raise error
    with db.read(engine) as tx:
        assert jobs.recall(tx, "a") == ""


# What goes wrong.


def one_sentence(text: str) -> bool:
    return text.endswith(".") and "\n" not in text and len(text) > 30 and not re.search(r"\b(SELECT|INSERT|BEGIN|PRAGMA|sqlite3)\b", text)


def test_a_locked_database(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.2)
    engine = db.open_store(url)
    holder = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError) as error, db.write(engine) as tx:
        jobs.remember(tx, "a", "b")
    assert error.value.code == 3 and error.value.again and one_sentence(str(error.value)) and "locked" in str(error.value)
    holder.execute("ROLLBACK")
    holder.close()
    with db.write(engine) as tx:
        jobs.remember(tx, "a", "b")
    engine.dispose()


def test_a_lock_that_is_let_go_in_time_is_waited_for(url: str) -> None:
    engine = db.open_store(url)
    holder = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, lambda: holder.execute("COMMIT")).start()
    with db.write(engine) as tx:
        jobs.remember(tx, "a", "b")
    holder.close()
    engine.dispose()


@pytest.mark.parametrize("broken", [b"this is no database, " * 400, b"SQLite format 3\0" + bytes(range(256)) * 40])
def test_a_corrupt_file(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / "bad.db").write_bytes(broken)
    with pytest.raises(StoreError) as error:
        db.open_store(f"sqlite:///{tmp_path}/bad.db")
    assert error.value.code == 3 and one_sentence(str(error.value)) and "damaged" in str(error.value)
    assert (tmp_path / "bad.db").read_bytes() == broken  # it may still be saved


def test_a_page_that_is_damaged_later(engine: Engine, url: str, tmp_path: Path) -> None:
    with db.write(engine) as tx:
        for n in range(300):
            rows.add(tx, entry(f"E-{n}"), entered=date(2026, 1, 20), silent_before=date(2026, 1, 20))
    engine.dispose()
    file = tmp_path / "data" / "ivobot.db"
    raw = bytearray(file.read_bytes())
    raw[4096 * 3 :] = b"\xff" * (len(raw) - 4096 * 3)
    file.write_bytes(raw)
    with pytest.raises(StoreError) as error, db.read(db.open_store(url)) as tx:
        rows.everything(tx)
    assert error.value.code == 3 and one_sentence(str(error.value))


def without_rights(path: Path, mode: int, work: Callable[[], str]) -> str:
    """What `work` gives for an account that is not the administrator, who may write anything."""
    if os.geteuid() != 0:
        path.chmod(mode)
        try:
            return work()
        finally:
            path.chmod(0o700)
    for one in [path, *path.rglob("*")] if path.is_dir() else [path.parent, path]:
        os.chown(one, 65534, 65534)
    path.chmod(mode)
    ends = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgid(65534)
        os.setuid(65534)
        os.write(ends[1], work().encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(ends[1])
    with os.fdopen(ends[0], "rb") as told:
        return told.read().decode()


def tell(url: str) -> str:
    """Writes to a database; gives the error's code and sentence."""
    try:
        with db.write(db.open_store(url)) as tx:
            jobs.remember(tx, "a", "b")
    except Exception as error:
        return f"{type(error).__name__} {getattr(error, 'code', '')}: {error}"
    return "written"


@pytest.mark.parametrize("target, mode", [("file", 0o400), ("folder", 0o500)])
def test_a_database_that_can_only_be_read(target: str, mode: int) -> None:
    with tempfile.TemporaryDirectory() as made:
        home = Path(made) / "data"
        Path(made).chmod(0o755)
        url = f"sqlite:///{home}/ivobot.db"
        db.open_store(url).dispose()
        said = without_rights(home / "ivobot.db" if target == "file" else home, mode, lambda: tell(url))
    assert said.startswith("StoreError 3: ") and one_sentence(said)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as error:
        db.open_store(f"sqlite:///{tmp_path}/file/ivobot.db")
    assert one_sentence(str(error.value))


def failing(engine: Engine) -> StoreError:
    """The error of a statement with values that must not be told."""
    values = {"case": "Anna Exempel", "insats": "19121212-1212", "case_key": "hemligt"}
    with pytest.raises(StoreError) as error, db.write(engine) as tx:
        tx.execute(insert(register_row).values(values))
    return error.value


def test_no_statement_and_no_value_in_a_store_error(engine: Engine) -> None:
    said = str(failing(engine))
    assert one_sentence(said)
    assert not any(secret in said for secret in ("Anna", "1212", "hemligt", "register_row", "case_key"))


def test_no_value_in_the_traceback_of_a_store_error(engine: Engine) -> None:
    """`--debug` shows the traceback, and with it the text of every error in the chain."""
    said = "".join(traceback.format_exception(failing(engine)))
    assert "StoreError" in said
    assert not any(secret in said for secret in ("Anna Exempel", "19121212-1212", "hemligt"))


# Questions that are asked at every tick.


def plan(engine: Engine, sql: str) -> str:
    with db.read(engine) as tx:
        return " / ".join(r[-1] for r in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}"))


def statements(engine: Engine, work: Callable[[Connection], object]) -> list[str]:
    """The SELECT statements that a question makes, with their values."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            filled = statement
            for value in parameters if isinstance(parameters, tuple) else ():
                filled = filled.replace("?", f"'{value}'", 1)
            seen.append(filled)

    event.listen(engine, "before_cursor_execute", note)
    try:
        with db.read(engine) as tx:
            work(tx)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen


@pytest.mark.parametrize(
    "question, index",
    [
        (lambda tx: claims.any_due(tx, date(2026, 4, 15)), "ix_row_next_due"),
        (lambda tx: claims.due(tx, date(2026, 4, 15)), "ix_row_next_due"),
        (letters.unfiled, "ix_letter_unfiled"),
        (lambda tx: outbox.unsent(tx, NOW, 50), "ix_mail_unsent"),
        (outbox.depth, "ix_mail_unsent"),
        (lambda tx: letters.waiting_of(tx, "a@kommun.example"), "ix_letter_waiting"),
        (lambda tx: letters.known(tx, ["a", "b"]), "sqlite_autoindex_letter"),
        (lambda tx: rows.named(tx, ["e-1"]), "ix_row_case"),
        (lambda tx: letters.answers_since(tx, NOW), "ix_letter_seen"),
    ],
    ids=["any_due", "due", "unfiled", "unsent", "depth", "waiting_of", "known", "named", "answers_since"],
)
def test_questions_of_every_tick_use_an_index(engine: Engine, question: Callable[[Connection], object], index: str) -> None:
    with db.write(engine) as tx:
        for n in range(400):
            rows.add(tx, entry(f"E-{n}"), entered=date(2026, 1, 20), silent_before=date(2026, 1, 20))
            letters.add(tx, blank(mailbox_id=str(n), filed=NOW))
            values = {"key": str(n), "name": "x", "to": [], "cc": [], "facts": "", "created": NOW, "state": "sent", "tries": 0, "sends": 1}
            tx.execute(insert(mail).values(values | {"problem": "", "refused": []}))
        tx.exec_driver_sql("UPDATE register_row SET next_due = '2026-05-01'")
    asked = [sql for sql in statements(engine, question) if " report" not in sql]
    assert asked
    how = plan(engine, asked[0])
    assert index in how, how
