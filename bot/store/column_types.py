"""How instants and named days are stored. Part of `bot.store.schema`."""

from datetime import UTC, date, datetime

from sqlalchemy import JSON, DateTime, TypeDecorator


class Instant(TypeDecorator[datetime]):
    """A point in time: aware on our side, stored as UTC without a zone, since SQLite drops zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


class Dates(TypeDecorator[tuple[tuple[str, date], ...]]):
    """Named days, as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[tuple[str, date], ...] | None, dialect: object) -> dict[str, str]:
        return {name: day.isoformat() for name, day in value or ()}

    def process_result_value(self, value: dict[str, str] | None, dialect: object) -> tuple[tuple[str, date], ...]:
        return tuple((name, date.fromisoformat(day)) for name, day in (value or {}).items())
