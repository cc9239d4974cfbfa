"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("last_success", sa.DateTime(), nullable=True),
        sa.Column("last_failure", sa.DateTime(), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "register_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(), nullable=False),
        sa.Column("alias_key", sa.String(), nullable=False),
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("insats", sa.String(), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("decision_date", sa.Date(), nullable=True),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("external", sa.Boolean(), nullable=False),
        sa.Column("advance_ruling", sa.Boolean(), nullable=True),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("executed", sa.Date(), nullable=True),
        sa.Column("ended", sa.Date(), nullable=True),
        sa.Column("partly_from", sa.Date(), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("relative", sa.Boolean(), nullable=False),
        sa.Column("judgment", sa.Boolean(), nullable=False),
        sa.Column("judgment_final", sa.Date(), nullable=True),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("dates", sa.JSON(), nullable=False),
        sa.Column("entered", sa.Date(), nullable=False),
        sa.Column("silent_before", sa.Date(), nullable=False),
        sa.Column("first_mark", sa.Date(), nullable=True),
        sa.Column("former_id", sa.Integer(), nullable=True),
        sa.Column("missing", sa.Boolean(), nullable=False),
        sa.Column("planned_outcome", sa.String(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("closed_outcome", sa.String(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["former_id"],
            ["register_row.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case", "insats", "sort", "start"),
    )
    op.create_index(op.f("ix_register_row_alias_key"), "register_row", ["alias_key"], unique=False)
    op.create_index("ix_row_case", "register_row", ["case_key"], unique=False)
    op.create_index("ix_row_insats", "register_row", ["insats", "closed_on"], unique=False)
    op.create_index("ix_row_next_due", "register_row", ["next_due"], unique=False, sqlite_where=sa.text("next_due IS NOT NULL"))
    op.create_index("ix_row_person", "register_row", ["person"], unique=False, sqlite_where=sa.text("person != ''"))
    op.create_index("ix_row_planned", "register_row", ["planned_on"], unique=False, sqlite_where=sa.text("planned_on IS NOT NULL"))
    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox_id", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("received", sa.DateTime(), nullable=False),
        sa.Column("seen", sa.DateTime(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("asked_hash", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("insats", sa.String(), nullable=True),
        sa.Column("advance_ruling", sa.Boolean(), nullable=False),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.Column("unrecognised", sa.Integer(), nullable=False),
        sa.Column("meeting", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=True),
        sa.Column("not_owner", sa.Boolean(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=True),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("found_in", sa.String(), nullable=False),
        sa.Column("filed", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("unreached", sa.String(), nullable=False),
        sa.Column("settled", sa.DateTime(), nullable=True),
        sa.Column("reported_to_ivo", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["row_id"],
            ["register_row.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("mailbox_id"),
    )
    op.create_index(op.f("ix_letter_fingerprint"), "letter", ["fingerprint"], unique=False)
    op.create_index(op.f("ix_letter_seen"), "letter", ["seen"], unique=False)
    op.create_index(op.f("ix_letter_sender"), "letter", ["sender"], unique=False)
    op.create_index("ix_letter_unfiled", "letter", ["id"], unique=False, sqlite_where=sa.text("filed IS NULL"))
    op.create_index("ix_letter_waiting", "letter", ["sender"], unique=False, sqlite_where=sa.text("settled IS NULL"))
    op.create_table(
        "trouble",
        sa.Column("mailbox_id", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox_id"),
    )
    op.create_table(
        "listing",
        sa.Column("quarter", sa.String(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["row_id"],
            ["register_row.id"],
        ),
        sa.PrimaryKeyConstraint("quarter", "row_id"),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("to", sa.JSON(), nullable=False),
        sa.Column("cc", sa.JSON(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("not_before", sa.DateTime(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("recipients", sa.JSON(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("sent", sa.DateTime(), nullable=True),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letter.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("message_id"),
    )
    op.create_index("ix_mail_name", "mail", ["name", "created"], unique=False)
    op.create_index("ix_mail_unsent", "mail", ["id"], unique=False, sqlite_where=sa.text("state IN ('waiting', 'sending')"))
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("mark", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letter.id"],
        ),
        sa.ForeignKeyConstraint(
            ["row_id"],
            ["register_row.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("row_id", "k"),
    )
    op.create_table(
        "claim",
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("milestone", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("noted", sa.Date(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mail_id"],
            ["mail.id"],
        ),
        sa.ForeignKeyConstraint(
            ["row_id"],
            ["register_row.id"],
        ),
        sa.PrimaryKeyConstraint("row_id", "start", "k", "milestone"),
    )
    op.create_index(op.f("ix_claim_mail_id"), "claim", ["mail_id"], unique=False)
    op.create_index(op.f("ix_claim_noted"), "claim", ["noted"], unique=False)
