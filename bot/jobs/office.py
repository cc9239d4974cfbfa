"""What every job works with, made once by the command that runs it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlalchemy import Engine

from bot import facts as facts_json
from bot.clock import local_day, local_instant
from bot.config import Config
from bot.keys import Keys
from bot.mailbox.base import Mailbox
from rules.duty import People
from rules.mails import MailFacts, ReadyTitle
from rules.plan import Planner
from rules.remind import ready


@dataclass(frozen=True, slots=True)
class Office:
    """One municipality's service: its database, mailbox, routine, people and settings.

    `strangers`: letters in the folders that never came through the inbox, so that they are not asked about at each look.
    """

    engine: Engine
    mailbox: Mailbox
    planner: Planner
    people: People
    keys: Keys
    config: Config
    strangers: set[str] = field(default_factory=set, compare=False)

    @property
    def dry(self) -> bool:
        """Whether the mailbox must stay as it is."""
        return self.config.bot.mode == "dry"

    def today(self, now: datetime) -> date:
        """The local calendar day of an instant."""
        return local_day(now, self.config.bot.timezone)

    def midnight(self, now: datetime) -> datetime:
        """The instant at which the local day began."""
        return local_instant(self.today(now), time(0), self.config.bot.timezone)

    def instant_at(self, hour: time, now: datetime) -> datetime:
        """The instant at which a time of day strikes on the local day of `now`."""
        return local_instant(self.today(now), hour, self.config.bot.timezone)

    def struck(self, hour: time, now: datetime) -> bool:
        """Whether today is a workday and the hour has struck."""
        return self.today(now) in self.planner.workdays and now >= self.instant_at(hour, now)

    def ready(self, title: str, case: str = "") -> ReadyTitle:
        """A title with the link that opens a message to the mailbox."""
        return ready(title, self.config.mailbox.address, case)

    def key(self, *parts: object) -> str:
        """A mail's key: a keyed hash, so that it tells nobody anything. Always under the oldest key: rotation must send nothing twice."""
        return self.keys.hashes("mail", ":".join(map(str, parts)))[-1][:40]

    def dump(self, facts: MailFacts) -> str:
        """Facts as the outbox keeps them."""
        return facts_json.dump(facts)
