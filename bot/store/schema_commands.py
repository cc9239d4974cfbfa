"""The tables of what reporters do by answering a digest; they belong to the same database as the others."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table

from bot.store.schema import Instant, metadata

postponed = Table(  # a mark whose overdue reminders and row in the digest wait until a day
    "postponed",
    metadata,
    Column("row_id", ForeignKey("register_row.id", ondelete="CASCADE"), primary_key=True),
    Column("start", Date, primary_key=True),  # a corrected start is a new start
    Column("k", Integer, primary_key=True),
    Column("until", Date, nullable=False),
    Column("why", String, nullable=False),  # the reporter's own words, at most 200 characters, identity numbers masked
    Column("who", String, nullable=False),
    Column("noted", Date, nullable=False),
)

digest_command = Table(  # what one line of a reply did, and how to take it back
    "digest_command",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("letter_id", ForeignKey("letter.id", ondelete="CASCADE"), nullable=False, index=True),  # the reply
    Column("who", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("n", Integer, nullable=False),  # the row's number in that digest
    Column("verb", String, nullable=False),
    Column("row_id", Integer),  # no foreign key: what was done stays when the row is gone
    Column("k", Integer),
    Column("inverse", String),  # JSON of what was changed; none: taken back, or too old to be
    Column("undone", Instant),
)
Index("ix_digest_command_who", digest_command.c.who, sqlite_where=digest_command.c.inverse.is_not(None))
