"""The tables. Dates are Stockholm calendar days; instants are UTC. Treat the file as secret material."""

from enum import StrEnum
from typing import Any, get_type_hints

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from bot.store.column_types import Dates
from bot.store.column_types import Instant as Instant
from rules.model import Entry

metadata = MetaData()


def _entry_columns() -> list[Column[Any]]:
    """One column for each field of an entry, by the field's name."""
    columns: list[Column[Any]] = []
    for name, hint in get_type_hints(Entry).items():
        text = str(hint)
        kind: Any = Dates if "tuple" in text else Boolean if "bool" in text else Date if "date" in text else String
        columns.append(Column(name, kind, nullable="None" in text))
    return columns


register_row = Table(
    "register_row",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_key", String, nullable=False),
    Column("alias_key", String, nullable=False, index=True),
    *_entry_columns(),
    Column("entered", Date, nullable=False),
    Column("silent_before", Date, nullable=False),
    Column("first_mark", Date),
    Column("former_id", ForeignKey("register_row.id"), index=True),  # the decision that this one follows
    Column("missing", Boolean, nullable=False, default=False),  # open, but not in the last register file
    Column("planned_outcome", String),  # the register names a closing day to come; it closes the row when it is here
    Column("planned_on", Date),
    Column("closed_outcome", String),
    Column("closed_on", Date),
    Column("closed_by", String),
    Column("next_due", Date),
    Column("pruned", Date),  # on which it became an anonymous fact; from then on no letter and no import meets it
    UniqueConstraint("case", "insats", "sort", "start"),
)
Index("ix_row_next_due", register_row.c.next_due, sqlite_where=register_row.c.next_due.is_not(None))
Index("ix_row_planned", register_row.c.planned_on, sqlite_where=register_row.c.planned_on.is_not(None))
Index("ix_row_case", register_row.c.case_key)
Index("ix_row_insats", register_row.c.insats, register_row.c.closed_on)
Index("ix_row_person", register_row.c.person, sqlite_where=register_row.c.person != "")

letter = Table(  # the ledger: every letter that was seen, also the ignored
    "letter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mailbox_id", String, nullable=False, unique=True),
    Column("fingerprint", String, nullable=False, index=True),  # keyed hash of what the letter keeps when it is moved
    Column("received", Instant, nullable=False),
    Column("seen", Instant, nullable=False, index=True),
    Column("sender", String, nullable=False, index=True),  # an own address; a keyed hash of any other
    Column("message_id", String, nullable=False),  # of own senders only; needed to thread the answer
    Column("asked_hash", String, nullable=False),  # keyed, of the received title and the case: what is answered once a day
    Column("verdict", String, nullable=False),
    Column("kind", String),
    Column("cause", String),
    Column("outcome", String),
    Column("date", Date),
    Column("insats", String),
    Column("advance_ruling", Boolean, nullable=False),
    Column("errors", JSON, nullable=False),
    Column("unrecognised", Integer, nullable=False),
    Column("meeting", String, nullable=False),  # outcome of meeting the register, "" when it did not
    Column("reason", String, nullable=False),  # why it was left alone or set aside, one word
    Column("case", String, nullable=False),  # as it is shown (a protected person by alias) of a row that the register knows; "" else
    Column("row_id", ForeignKey("register_row.id"), index=True),
    Column("not_owner", Boolean, nullable=False),  # the sender is not who is to send this row's reports
    Column("k", Integer),
    Column("folder", String, nullable=False),  # where it belongs
    Column("found_in", String, nullable=False),  # where it was last seen; a person may have moved it
    Column("filed", Instant),
    Column("answer", String, nullable=False),  # "", the answer's mail name, or held:<why>
    Column("unreached", String, nullable=False),  # own addresses that a bounce says were not reached
    Column("settled", Instant),
    Column("reported_to_ivo", Instant),
    Column("deleted", Instant),  # by the pruning, to the deleted items
    Column("missed", Instant),  # when it was noticed that it lies nowhere; none while it does
)
Index("ix_letter_unfiled", letter.c.id, sqlite_where=letter.c.filed.is_(None))
Index("ix_letter_waiting", letter.c.sender, sqlite_where=letter.c.settled.is_(None))

trouble = Table(  # letters that the server could not give: set aside when it has failed several times
    "trouble",
    metadata,
    Column("mailbox_id", String, primary_key=True),
    Column("tries", Integer, nullable=False),
)

stranger = Table(  # letters that lie in the folders and never came through the inbox
    "stranger",
    metadata,
    Column("mailbox_id", String, primary_key=True),
    Column("fingerprint", String, nullable=False),  # keyed hash, as in the ledger
    Column("folder", String, nullable=False),
    Column("seen", Instant, nullable=False, index=True),
    Column("told", Boolean, nullable=False),  # it turned up while the program watched: the reporter is told
)

report = Table(  # that a mark was reported (k ≥ 1), or a final report came (k = 0)
    "report",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("row_id", ForeignKey("register_row.id"), nullable=False),
    Column("k", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("mark", Date, nullable=False),
    Column("day", Date, nullable=False),
    Column("letter_id", ForeignKey("letter.id")),
    UniqueConstraint("row_id", "k"),
)

mail = Table(  # the outbox; a key goes out once, ever
    "mail",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("to", JSON, nullable=False),
    Column("cc", JSON, nullable=False),
    Column("facts", String, nullable=False),
    Column("letter_id", ForeignKey("letter.id")),
    Column("created", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("not_before", Instant),
    Column("message_id", String, unique=True),
    Column("recipients", JSON),  # of the frozen bytes: to whom they are sent, whatever the mode is by then
    Column("raw", LargeBinary),  # the frozen bytes, from the first try until the copy is confirmed
    Column("tries", Integer, nullable=False),  # that failed
    Column("sends", Integer, nullable=False),  # how often it was handed to the server; more than once only where an answer was lost
    Column("problem", String, nullable=False),
    Column("sent", Instant),
    Column("refused", JSON, nullable=False),
)
Index("ix_mail_unsent", mail.c.id, sqlite_where=mail.c.state.in_(["waiting", "sending"]))
Index("ix_mail_name", mail.c.name, mail.c.created)

claim = Table(  # that a milestone of a row's mark is dealt with: the insert is the claim
    "claim",
    metadata,
    Column("row_id", ForeignKey("register_row.id"), primary_key=True),
    Column("start", Date, primary_key=True),
    Column("k", Integer, primary_key=True),
    Column("milestone", String, primary_key=True),
    Column("day", Date, nullable=False),  # on which it was sent; of a superseded one, on which it would have been
    Column("noted", Date, nullable=False, index=True),
    Column("mail_id", ForeignKey("mail.id"), index=True),  # none: superseded
)

listing = Table(  # which rows an imported list that named its quarter held
    "listing",
    metadata,
    Column("quarter", String, primary_key=True),
    Column("row_id", ForeignKey("register_row.id"), primary_key=True, index=True),
)

job = Table(
    "job",
    metadata,
    Column("name", String, primary_key=True),
    Column("last_success", Instant),
    Column("last_failure", Instant),
    Column("problem", String, nullable=False),
)

setting = Table(  # what the program must remember of itself
    "setting",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

audit = Table(  # append-only: what was done to the register, by whom, when; `bot.store.audit` chains the entries
    "audit",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("row_id", Integer, index=True),  # no foreign key: the trail outlives the row
    Column("contents", String),  # JSON; none: pruned, and the salt with it
    Column("salt", String),
    Column("digest", String, nullable=False),
    Column("hash", String, nullable=False),
)

import_run = Table(  # the last imports that changed something, for undoing them
    "import_run",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("audited", Integer, nullable=False),  # the last entry of the audit trail that this import wrote
    Column("quarter", String, nullable=False),
    Column("listed", JSON, nullable=False),  # the rows of that quarter's list before
    Column("undone", Instant),
)

import_row = Table(  # what an import changed of each row: the columns that differ, as the database holds them
    "import_row",
    metadata,
    Column("run", ForeignKey("import_run.number"), primary_key=True),
    Column("row_id", Integer, primary_key=True),
    Column("created", Boolean, nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("reports", JSON, nullable=False),  # those before, where the start was changed
)

frozen_quarter = Table(  # a quarter as it was reported: nothing in it names a person or a case, and no pruning takes it
    "frozen_quarter",
    metadata,
    Column("quarter", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("day", Date, nullable=False),
    Column("contents", String, nullable=False),  # JSON of what the report is made of
    Column("hash", String, nullable=False),
)


class MailState(StrEnum):
    """Where a mail is on its way. `sending`: its bytes are frozen and it may or may not have gone."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
