"""One round of everything that is due. Letters come first, so that a report that has come stops its reminder."""

from collections.abc import Callable
from datetime import datetime

from bot.errors import BotError, StoreError
from bot.jobs.deliver import deliver
from bot.jobs.digest import digest
from bot.jobs.dropped import take_dropped
from bot.jobs.intake import intake, watch
from bot.jobs.office import Office
from bot.jobs.remind import remind
from bot.log import Logger
from bot.stop import Stop
from bot.store import engine as db
from bot.store import jobs

ON_MAILBOX = ("watch", "intake", "deliver")

log = Logger("tick")


def tick(office: Office, now: datetime, stop: Stop) -> dict[str, int]:
    """Does every job that is due at `now`; gives how much each did, and how many mails `failed`.

    Raises the first error after all jobs had their turn.
    """
    steps: dict[str, Callable[[], int]] = {
        "mailbox": lambda: _prepare(office),
        "dropped": lambda: take_dropped(office, now),
        "watch": lambda: watch(office, now),
        "intake": lambda: intake(office, now, stop),
        "remind": lambda: remind(office, now),
        "digest": lambda: digest(office, now),
        "deliver": lambda: _deliver(office, now, stop, done),
    }
    done: dict[str, int] = {}
    first: Exception | None = None
    failed: set[str] = set()
    for name, step in steps.items():
        if stop.wanted:
            break
        if name in ON_MAILBOX and "mailbox" in failed:
            continue  # told once; what waits in the database waits on
        try:
            done[name] = step()
        except Exception as error:  # one job that breaks must not keep the others from their turn
            log.error("job_failed", step=name, error=error)
            first = first or error
            failed.add(name)
            said = str(error) if isinstance(error, BotError) else f"the program failed ({type(error).__name__}); tell the developers."
            if isinstance(error, StoreError) and error.again:
                break  # a locked or full database takes no note either, and every further step would wait for it in vain
            _note(office, name, now, said)
        else:
            _note(office, name, now, "")
    if first is not None:
        raise first
    done.pop("mailbox", None)
    return done


def _deliver(office: Office, now: datetime, stop: Stop, done: dict[str, int]) -> int:
    delivered = deliver(office, now, stop)
    if delivered.failed:
        done["failed"] = delivered.failed
    return delivered.sent


def _prepare(office: Office) -> int:
    if not office.dry:
        office.mailbox.prepare()
    return 0


def _note(office: Office, name: str, now: datetime, problem: str) -> None:
    """Notes how a job went. That the database cannot take the note is told by the job's own error."""
    try:
        with db.write(office.engine) as tx:
            if problem:
                jobs.failed(tx, name, now, problem)
            else:
                jobs.succeeded(tx, name, now)
    except BotError as error:
        log.error("job_not_noted", step=name, error=error)
