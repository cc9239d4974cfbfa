"""Opening the database, and transactions that say in plain words what went wrong."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.errors import ConfigError, StoreError

HEAD = "0007"
"""The newest migration; a test compares it with Alembic's."""

DAMAGED = (
    "The database file is damaged and nothing is done with it; stop the service and use `ivobot restore FILE --force` with the last backup."
)

BUSY_SECONDS = 3
"""How long a transaction waits for another process; a stop must not wait longer than five seconds."""


def open_store(url: str) -> Engine:
    """The engine for a database, migrated to the newest schema. Raises StoreError, or ConfigError for a url of another kind.

    SQLite runs in WAL with full sync: a commit that returned is on disk. The file and its folder are the owner's alone.
    """
    path = Path(path_of(url))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if os.name != "nt" and path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise StoreError(f"The database file {path} cannot be opened ({error.strerror}); see that its folder can be written.") from None
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, pool_size=1, max_overflow=4)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    _migrate(engine)
    return engine


def path_of(url: str) -> str:
    """The file of a database's address. Raises ConfigError for one that is no file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise ConfigError("[database] url must begin with sqlite:/// and name a file in this version.")
    return parsed.database


def looked_at(url: str) -> str | None:
    """The migration that a database stands at, "" being none, without making or changing anything. Raises StoreError."""
    path = Path(path_of(url))
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        raise StoreError(f"The database {path} cannot be read; see to the file's rights, or put a backup in its place.") from None
    return str(row[0]) if row else None


def file_of(engine: Engine) -> str:
    """The file of an open database."""
    return path_of(engine.url.render_as_string(hide_password=False))


def _set_up(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's `begin` event below begins; sqlite3 itself never does
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    # A transaction that reads and then writes would fail at once on a busy database, whatever the timeout: writers lock first.
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("reads_only") else "BEGIN IMMEDIATE")


def prove_whole(engine: Engine) -> None:
    """Reads the whole database through. Raises StoreError for a damaged one, which must not be worked on."""
    with read(engine) as tx:
        if tx.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
            raise StoreError(DAMAGED)


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write; commits at the end, undone by any exception. Raises StoreError."""
    with _plainly(), engine.begin() as tx:
        yield tx


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads, and never waits for a writer. Raises StoreError."""
    with _plainly(), engine.connect().execution_options(reads_only=True) as connection, connection.begin():
        yield connection


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise _told(error) from None  # the cause holds the statement and its values


def _told(error: SQLAlchemyError) -> StoreError:
    """The error without its statement and values: these may hold what must not be told."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    said = str(cause).lower() if isinstance(cause, sqlite3.Error) else ""
    if "locked" in said or "busy" in said:
        return StoreError("The database is locked by another process; nothing was lost, try again when that one is done.", again=True)
    if "full" in said:
        return StoreError("The disk of the database is full; make room, nothing was lost and the work goes on by itself.", again=True)
    if "readonly" in said:
        return StoreError("The database cannot be written; give the service's user write access to the file and its folder.")
    if "malformed" in said or "not a database" in said:
        return StoreError(DAMAGED)
    if "disk i/o" in said or "unable to open" in said:
        return StoreError("The database file cannot be read or written; see to the disk and the folder's rights.", again=True)
    return StoreError(f"The database refused a step ({type(cause or error).__name__}); run again with --debug and tell the developers.")


def _migrate(engine: Engine) -> None:
    """Brings the schema to HEAD. Alembic is imported only when there is something to do."""
    if current(engine) == HEAD:
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    with write(engine) as tx:
        config.attributes["connection"] = tx
        command.upgrade(config, "head")


def current(engine: Engine) -> str | None:
    """The migration that the database stands at; None for an empty one. Raises StoreError for one newer than the program."""
    with read(engine) as tx:
        if tx.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")).first() is None:
            return None
        version = tx.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if version is not None and version > HEAD:
        raise StoreError(f"The database was made by a newer ivobot (schema {version}, this one knows {HEAD}); install that version again.")
    return version
