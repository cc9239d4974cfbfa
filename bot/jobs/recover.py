"""After a restore the mailbox knows more than the database: what it holds of the time since the backup is taken in again.

Letters that were read and filed since lie in their folders without a ledger row. Mails that were sent since lie in Skickat; each is
looked for there before it is sent (`bot.jobs.deliver`). So nothing goes out twice, and no report that had come is forgotten.
"""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.errors import BotError
from bot.jobs import commands
from bot.jobs.office import Office
from bot.jobs.take_in import take_in
from bot.log import Logger
from bot.mailbox.base import Folder, Letter, LetterId
from bot.mailbox.headers import fields, split
from bot.mailbox.letter import parse
from bot.store import engine as db
from bot.store import jobs, letters

RESTORED = "restored"
CAREFUL = timedelta(days=120)  # longer than any mail is put off: a milestone is useful until the next one

log = Logger("recover")


def restored(office: Office, now: datetime) -> datetime | None:
    """The instant of the backup that the database was restored from, while that still matters."""
    with db.read(office.engine) as tx:
        told = jobs.recall(tx, RESTORED)
    taken = datetime.fromisoformat(told) if told else None
    return taken if taken is not None and now - taken < CAREFUL else None


def take_back(office: Office, folder: Folder, id: LetterId, since: datetime, now: datetime) -> bool:
    """Takes in a letter that lies in a folder unknown, as of the day on which it came; False for one from before the backup.

    It stays where it lies: a person may have moved it.
    """
    raw = office.mailbox.raw(id)
    came = _came(raw) if raw is not None else None
    if raw is None or came is None or not since - timedelta(minutes=5) <= came <= now:
        return False
    letter = parse(id, raw, came)
    if not isinstance(letter, Letter):
        return False
    try:
        with db.write(office.engine) as tx:
            number = commands.take(tx, office, letter, came) or take_in(tx, office, letter, came)
            if number is not None:
                row = letters.get(tx, number)
                by_hand = row is not None and row["folder"] != folder
                letters.placed(tx, number, folder, now, by_hand=by_hand)
    except BotError:
        raise
    except Exception as error:  # a letter that cannot be taken in stays where it is, as one from before the backup
        log.error("letter_not_recovered", error=error)
        return False
    log.info("letter_recovered", letter=number)
    return True


def _came(raw: bytes) -> datetime | None:
    """When a letter came: the time that the own server wrote into the topmost Received, else its Date."""
    head = fields(split(raw)[0])
    for written in (*(line.rpartition(";")[2] for line in head.get("received", ())[:1]), *head.get("date", ())[:1]):
        try:
            found = parsedate_to_datetime(written.strip()[:100])
            if found.tzinfo is not None:
                return found
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
