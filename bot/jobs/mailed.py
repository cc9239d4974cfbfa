"""Register files that an allowed sender mails to the mailbox: imported, and answered with what became of them."""

from datetime import datetime

from sqlalchemy import Connection

from bot.errors import RegisterError
from bot.jobs.importing import import_file, told
from bot.jobs.office import Office
from bot.jobs.take_in import ledger_values, origin_of
from bot.log import Logger
from bot.mailbox.base import Letter
from bot.mailbox.letter import attached
from bot.store import engine as db
from bot.store import letters, outbox
from rules import handling
from rules.handling import Handling
from rules.mails import FileTaken, RegisterReport
from rules.model import Folder, Verdict
from rules.title import read

ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls")
LARGEST = 26_000_000  # bytes; no server takes a larger letter

log = Logger("mailed")


def is_register(tx: Connection, office: Office, letter: Letter, now: datetime) -> bool:
    """Whether a letter brings a register file: from an allowed sender, believed by the own server, and with a title that is no report."""
    if letter.sender not in office.config.register_file.senders or not set(ENDINGS) & set(letter.files):
        return False
    title = read(letter.subject, office.today(now))
    origin = origin_of(office, letter, bool(outbox.ours(tx, [*letter.answers, *letter.concerns])))
    return title.verdict is Verdict.NOT_A_REPORT and handling.unmet(origin, title) == Handling(Folder.INBOX, "not_a_report")


def take_mailed(office: Office, letter: Letter, now: datetime) -> int:
    """Imports the files of one letter and answers it; 1 when it was new, 0 when it is gone.

    Each import is a transaction of its own and may be done again: killed before the letter's ledger row, a second import changes nothing.
    """
    raw = office.mailbox.raw(letter.id)
    if raw is None:
        return 0
    files = tuple(_taken(office, content, letter.sender or "", now) for _, content in attached(raw, ENDINGS, LARGEST))
    good = bool(files) and not any(file.refused or file.faults for file in files)
    handled = Handling(Folder.DONE if good else Folder.UNCLEAR, "register_file", "register_report")
    with db.write(office.engine) as tx:
        values = ledger_values(office, letter, read(letter.subject, office.today(now)), handled, "", now)
        number = letters.add(tx, values | {"meeting": "", "case": "", "row_id": None, "unreached": "", "not_owner": False})
        if number is None:
            return 0
        facts = office.dump(RegisterReport(office.today(min(letter.received, now)), files))
        key = office.key("answer", values["fingerprint"], values["asked_hash"])
        posted = outbox.post(tx, key=key, name=handled.answer, to=[letter.sender or ""], cc=[], facts=facts, now=now, letter_id=number)
        letters.change(tx, number, answer=handled.answer if posted is not None else "held:repeated")
    return 1


def _taken(office: Office, content: bytes, sender: str, now: datetime) -> FileTaken:
    try:
        file, done = import_file(office, content, now, who=sender)
    except RegisterError as error:
        if error.again:
            raise
        log.warning("file_refused")
        return FileTaken(refused=str(error))
    log.info("file_imported", count=done.created, changed=done.changed)
    return told(file, done)
