"""What is known of the service when its health is judged, and what an issue is. Values only."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, Literal

Severity = Literal["error", "warning", "notice", "hint"]

POLLS_MISSED: Final = 5
LEAST: Final = timedelta(minutes=5)  # with very short polls one long step is no trouble yet


@dataclass(frozen=True, slots=True)
class Failing:
    """A job that did not come to its end the last time. `problem` is our own sentence, which says what to do."""

    job: str
    problem: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the service. Instants have a zone; None and "" mean that nothing is known, or nothing is wrong.

    serving: "" when it never ran as a service (only `run --once`), else "running" or "stopped", with `since` when it began or stopped.
    last_step: when a whole round was last done. last_read: when the inbox was last read. database: why it cannot be used.
    unread, oldest_unread: letters that no round has read, where the mailbox was asked. unfiled: the oldest that is read and not filed.
    outbox_since: when the oldest unsent mail was made. late_rows: rows whose reminder was to be sent on `late_day` or later.
    digest_sent: whether today's has gone to all its readers. clock_high: the latest instant ever noted; clock_back: when it was seen that
    the clock stands before it. old_data: data files, each with the day on which it was last compared with its source.
    backup_day: of the newest backup; backups: whether they are asked for. missed: letters that should lie in a folder and lie nowhere.
    strangers: folders, each with how many letters lie there that never came through the inbox.
    """

    now: datetime
    zone: tzinfo
    poll: timedelta
    workday: bool = False
    reminders_at: datetime | None = None
    digest_at: datetime | None = None
    serving: str = ""
    since: datetime | None = None
    last_step: datetime | None = None
    last_read: datetime | None = None
    failing: tuple[Failing, ...] = ()
    denied: bool = False
    mailbox: str = ""
    database: str = ""
    unread: int = 0
    oldest_unread: datetime | None = None
    unfiled: datetime | None = None
    failed_mails: int = 0
    refused: int = 0
    outbox: int = 0
    outbox_since: datetime | None = None
    late_rows: int = 0
    late_day: date | None = None
    digest_sent: bool = True
    certificate_ends: datetime | None = None
    certificate_fault: str = ""
    disk_free: int | None = None
    clock_high: datetime | None = None
    clock_back: datetime | None = None
    braked: bool = False
    old_data: tuple[tuple[str, date], ...] = ()
    backups: bool = False
    backup_day: date | None = None
    canary_lost: datetime | None = None
    missed: tuple[int, ...] = ()
    strangers: tuple[tuple[str, int], ...] = ()

    @property
    def late(self) -> timedelta:
        """For how long no round may be done before that is a problem."""
        return max(POLLS_MISSED * self.poll, LEAST)

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(self.zone).date()

    def clock(self, instant: datetime) -> str:
        """An instant as people read it."""
        return f"{instant.astimezone(self.zone):%Y-%m-%d %H:%M}"


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that a person must see to.

    `text` is English, for the operator, and says what to do; `swedish` is for the reporter. `about` tells apart issues of one code.
    An error keeps the service from its work; a warning soon will; a notice is only told; a hint is not for every day: `ivobot check` and
    /healthz show it, `ivobot status` and the digest do not.
    """

    code: str
    severity: Severity
    text: str
    swedish: str
    about: str = ""
