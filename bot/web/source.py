"""What the pages are made of: the office's database, the clock and the process's own pulse. The mailbox is never asked here."""

from dataclasses import dataclass, field

from bot.clock import Clock
from bot.jobs.health import Disk, free, known
from bot.jobs.office import Office
from bot.watchdog import Pulse
from bot.web.counted import Counts
from rules.health import Facts, Issue, judge


@dataclass(frozen=True, slots=True)
class Source:
    """Shared by the pages; read from several threads at once."""

    office: Office
    clock: Clock
    pulse: Pulse
    counts: Counts = field(default_factory=Counts)
    disk: Disk = free

    @property
    def patience(self) -> float:
        """Seconds without a completed round after which the process is no longer called alive."""
        schedule = self.office.config.schedule
        return schedule.poll.total_seconds() + 60 * schedule.stall_minutes

    def judged(self) -> tuple[Facts, tuple[Issue, ...]]:
        """What is known now, and what of it is wrong."""
        facts = known(self.office, self.clock.now(), self.pulse.beat.fault, self.disk)
        return facts, judge(facts)
