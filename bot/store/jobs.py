"""When each job last did its work, and what the program remembers of itself."""

from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.store.schema import job, setting


def succeeded(tx: Connection, name: str, now: datetime) -> None:
    """The job came to its end."""
    _note(tx, name, last_success=now, problem="")


def failed(tx: Connection, name: str, now: datetime, problem: str) -> None:
    """The job could not go on; `problem` is a plain sentence of ours."""
    _note(tx, name, last_failure=now, problem=problem)


def _note(tx: Connection, name: str, **values: object) -> None:
    tx.execute(insert(job).values(name=name, problem="").on_conflict_do_nothing(index_elements=[job.c.name]))
    tx.execute(update(job).where(job.c.name == name).values(values))


def all_jobs(tx: Connection) -> dict[str, RowMapping]:
    """Every job's last success, last failure and problem, by its name."""
    return {r["name"]: r for r in tx.execute(select(job)).mappings()}


def recall(tx: Connection, name: str) -> str:
    """A remembered value, "" when there is none."""
    return tx.execute(select(setting.c.value).where(setting.c.name == name)).scalar() or ""


def remember(tx: Connection, name: str, value: str) -> None:
    """Keeps a value in place of the former."""
    tx.execute(delete(setting).where(setting.c.name == name))
    tx.execute(insert(setting).values(name=name, value=value))
