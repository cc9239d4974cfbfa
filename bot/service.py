"""The service: a tick now and then, until it is asked to stop. What is due is the database's to say, not the scheduler's."""

from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler

from bot.clock import SystemClock
from bot.errors import BotError
from bot.jobs.office import Office
from bot.jobs.tick import tick
from bot.log import Logger
from bot.stop import Stop

log = Logger("service")


def serve(office: Office, stop: Stop, clock: SystemClock | None = None) -> None:
    """Runs until a stop is wished for; the step in hand is finished, then it returns.

    The scheduler only wakes us: no job store, one tick at a time, a late or missed one is run as soon as can be.
    """
    watch = clock or SystemClock()
    scheduler = BackgroundScheduler(timezone=office.config.bot.timezone)
    scheduler.add_job(
        _step(office, watch, stop),
        "interval",
        seconds=office.config.schedule.poll.total_seconds(),
        next_run_time=watch.now(),
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,  # the default of one second drops a late run in silence
    )
    scheduler.start()
    log.info("started", mode=office.config.bot.mode)
    while not stop.wanted:
        stop.wait()
    log.info("stopping")
    scheduler.shutdown(wait=True)
    log.info("stopped")


def _step(office: Office, clock: SystemClock, stop: Stop) -> Callable[[], None]:
    def step() -> None:
        try:
            tick(office, clock.now(), stop)
        except BotError:
            pass  # told and noted by the tick; the next one tries again
        except Exception as error:
            log.error("tick_failed", error=error)

    return step
