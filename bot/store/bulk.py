"""Many rows at once: tuples of plain values, as the database itself holds them, past SQLAlchemy's work on each value."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Boolean, Column, Connection, Date, Table
from sqlalchemy.types import UserDefinedType

AT_ONCE = 2_000  # rows given to the database together: enough to cost little, few enough to weigh nothing
T = TypeVar("T")

iso = lru_cache(maxsize=1 << 16)(date.isoformat)
"""A day as the database holds it. Rows share their days, so each is written once."""

day = lru_cache(maxsize=1 << 16)(date.fromisoformat)
"""The day that the database holds; equal days are one object, which is what keeps a large register small in memory."""


def plain_instant(at: datetime) -> str:
    """An instant as the database holds it: UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


class Plain(UserDefinedType[Any]):
    """A value as the database itself holds it, coming and going."""

    cache_ok = True


def reading(column: Column[Any]) -> Callable[[Any], Any] | None:
    """What makes our value of a column's plain one (never called for NULL); None where they are the same. Instants have none here."""
    match column.type:
        case Date():
            return day
        case Boolean():
            return bool
        case _:
            return None


def insert_many(tx: Connection, table: Table, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Inserts rows of plain values for the named columns, which stand in the table's order; columns with a default must be among them."""
    statement = table.insert().compile(dialect=tx.dialect, column_keys=list(names))
    if list(statement.positiontup or ()) != list(names):
        raise ValueError(f"the columns of {table.name} stand in another order, or one with a default is not named")
    execute_many(tx, str(statement), rows)


def execute_many(tx: Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Runs one statement with `?` for each row of plain values; `rows` may be made on the way."""
    for part in parts(rows):
        tx.exec_driver_sql(statement, part)


def parts(values: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """The values in lists of at most that size, as they come."""
    coming = iter(values)
    while part := list(islice(coming, size)):
        yield part
