"""What reporters do by answering a digest: postponed marks, and each command with what it changed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "postponed",
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("noted", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["row_id"], ["register_row.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("row_id", "start", "k"),
    )
    op.create_table(
        "digest_command",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=True),
        sa.Column("k", sa.Integer(), nullable=True),
        sa.Column("inverse", sa.String(), nullable=True),
        sa.Column("undone", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_digest_command_letter_id"), "digest_command", ["letter_id"], unique=False)
    op.create_index("ix_digest_command_who", "digest_command", ["who"], unique=False, sqlite_where=sa.text("inverse IS NOT NULL"))
