"""One round of everything that is due. Letters come first, so that a report that has come stops its reminder."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.errors import BotError, MailboxError, StoreError
from bot.jobs import gate, rounds
from bot.jobs.alarm import alarm
from bot.jobs.backup import nightly
from bot.jobs.balance import weigh
from bot.jobs.canary import canary
from bot.jobs.deliver import deliver
from bot.jobs.digest import digest
from bot.jobs.dropped import take_dropped
from bot.jobs.intake import file_waiting, intake
from bot.jobs.looking import look, watch
from bot.jobs.office import Office
from bot.jobs.prune import daily
from bot.jobs.remind import remind
from bot.log import Logger
from bot.mailbox.base import Folder, LetterId
from bot.stop import Stop
from bot.store import engine as db
from bot.store import jobs

ON_MAILBOX = ("mailbox", "watch", "intake", "balance", "canary", "deliver", "prune")

log = Logger("tick")


def tick(office: Office, now: datetime, stop: Stop) -> dict[str, int]:
    """Does every job that is due at `now`; gives how much each did, and how many mails `failed`.

    Raises the first error after all jobs had their turn.
    """
    steps: dict[str, Callable[[], int]] = {
        "round": lambda: rounds.begin(office, now),
        "mailbox": lambda: _reach(office, seen, now),
        "dropped": lambda: take_dropped(office, now),
        "watch": lambda: watch(office, seen, now),
        "intake": lambda: intake(office, now, stop, seen),
        "balance": lambda: weigh(office, now),
        "remind": lambda: remind(office, now),
        "digest": lambda: digest(office, now),
        "quarter": lambda: _quarter(office, now),
        "sheets": lambda: _sheets(office, now),
        "canary": lambda: canary(office, now),
        "alarm": lambda: alarm(office, now),  # before the mails go, so that what it posts goes with them
        "deliver": lambda: _deliver(office, now, stop, done),
        "prune": lambda: daily(office, now, stop),
        "backup": lambda: nightly(office, now),
    }
    seen: dict[Folder, Sequence[LetterId]] = {}
    done: dict[str, int] = {}
    first: Exception | None = None
    failed: set[str] = set()
    well: list[str] = []
    troubled = _troubled(office)
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
            if name in ON_MAILBOX and isinstance(error, MailboxError):
                gate.shut(office, now, error)
            failed.add(name)
            said = str(error) if isinstance(error, BotError) else f"the program failed ({type(error).__name__}); tell the developers."
            if isinstance(error, StoreError) and error.again:
                well.clear()
                break  # a locked or full database takes no note either, and every further step would wait for it in vain
            _note(office, [name], now, said)
        else:
            if name in troubled:
                _note(office, [name], now, "")  # at once: the steps after it tell what is wrong
            else:
                well.append(name)
    _note(office, well, now, "")
    if first is not None:
        raise first
    for silent in ("round", "mailbox", "canary", "alarm"):
        done.pop(silent, None)
    return done


def _deliver(office: Office, now: datetime, stop: Stop, done: dict[str, int]) -> int:
    delivered = deliver(office, now, stop)
    if delivered.failed:
        done["failed"] = delivered.failed
    return delivered.sent


def _quarter(office: Office, now: datetime) -> int:
    if office.config.report.send_on is None:
        return 0
    from bot.jobs.quarter_mail import send_quarter  # the whole report comes with it, and a service needs it four times a year

    return send_quarter(office, now)


def _sheets(office: Office, now: datetime) -> int:
    if office.config.sheet.folder is None:
        return 0
    from bot.jobs.sheets import write_sheets  # as little as the quarterly report is it wanted everywhere

    return write_sheets(office, now)


def _reach(office: Office, seen: dict[Folder, Sequence[LetterId]], now: datetime) -> int:
    """Connects, and looks once for the whole round; what a killed run did not file is filed before."""
    gate.check(office, now)
    if not office.dry:
        office.mailbox.prepare()
    file_waiting(office, now)
    seen.update(look(office))
    return 0


def _troubled(office: Office) -> set[str]:
    """The jobs that went wrong the last time. Nothing when the database is out of reach: the first step tells that."""
    try:
        with db.read(office.engine) as tx:
            return {name for name, each in jobs.all_jobs(tx).items() if each["problem"]}
    except BotError:
        return set()


def _note(office: Office, names: Sequence[str], now: datetime, problem: str) -> None:
    """Notes how jobs went, all in one commit. That the database cannot take the note is told by the job's own error."""
    if not names:
        return
    try:
        with db.write(office.engine) as tx:
            for name in names:
                if problem:
                    jobs.failed(tx, name, now, problem)
                else:
                    jobs.succeeded(tx, name, now)
    except BotError as error:
        log.error("job_not_noted", step=names[-1], error=error)
