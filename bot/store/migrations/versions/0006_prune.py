"""Pruning: what was deleted, what became anonymous; and letters that are missed or never came through the inbox."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("register_row", sa.Column("pruned", sa.Date(), nullable=True))
    op.add_column("letter", sa.Column("deleted", sa.DateTime(), nullable=True))
    op.add_column("letter", sa.Column("missed", sa.DateTime(), nullable=True))
    op.create_table(
        "stranger",
        sa.Column("mailbox_id", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("seen", sa.DateTime(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox_id"),
    )
    op.create_index(op.f("ix_stranger_seen"), "stranger", ["seen"], unique=False)
