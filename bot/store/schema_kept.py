"""The tables of what is kept for the sheets; they belong to the same database as the others."""

from sqlalchemy import Column, Date, ForeignKey, LargeBinary, String, Table

from bot.store.schema import metadata

kept = Table(  # of a report's text, what its sheet needs, sealed; the row is the letter's
    "kept",
    metadata,
    Column("letter_id", ForeignKey("letter.id", ondelete="CASCADE"), primary_key=True),
    # Whose report it adds to: the letter's own, or that of the letter that it repeats.
    Column("about_id", ForeignKey("letter.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("day", Date, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

desk = Table(  # which reporter works on which report, and since when
    "desk",
    metadata,
    Column("letter_id", ForeignKey("letter.id", ondelete="CASCADE"), primary_key=True),
    Column("who", String, nullable=False),
    Column("day", Date, nullable=False),
)
