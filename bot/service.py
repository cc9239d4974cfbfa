"""The service: a tick now and then, until it is asked to stop. What is due is the database's to say, not the scheduler's."""

from collections.abc import Callable
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from bot.clock import Clock, SystemClock
from bot.errors import BotError, StoreError
from bot.jobs import alarm
from bot.jobs.office import Office
from bot.jobs.ping import Pinger
from bot.jobs.tick import tick
from bot.log import Logger
from bot.stop import Stop
from bot.watchdog import Pulse, Watchdog, notify

log = Logger("service")


def serve(office: Office, stop: Stop, clock: Clock | None = None, pulse: Pulse | None = None) -> None:
    """Runs until a stop is wished for; the step in hand is finished, then it returns.

    The scheduler only wakes us: no job store, one tick at a time, a late or missed one is run as soon as can be. A tick that does not
    end ends the process (`bot.watchdog`), for the service manager to start it again.
    """
    watch = clock or SystemClock()
    beat = pulse or Pulse(watch)
    schedule = office.config.schedule
    scheduler = BackgroundScheduler(timezone=office.config.bot.timezone)
    scheduler.add_job(
        step(office, watch, stop, beat),
        "interval",
        seconds=schedule.poll.total_seconds(),
        next_run_time=watch.now(),
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,  # the default of one second drops a late run in silence
    )
    watchdog = Watchdog(beat, schedule.poll + timedelta(minutes=schedule.stall_minutes), watch)
    _noted(lambda: alarm.began(office, watch.now()))
    scheduler.start()
    watchdog.start()
    log.info("started", mode=office.config.bot.mode)
    notify("READY=1", "STATUS=Running; no round done yet.")
    while not stop.wanted:
        stop.wait()
    notify("STOPPING=1")
    log.info("stopping")
    scheduler.shutdown(wait=True)
    watchdog.stop()
    _noted(lambda: alarm.ended(office, watch.now()))
    log.info("stopped")


def step(office: Office, clock: Clock, stop: Stop, pulse: Pulse) -> Callable[[], None]:
    """One round, as the scheduler calls it. However it ends, it has ended: that feeds the watchdogs. Only a whole one is told outside."""
    pinger = Pinger(office)

    def round_() -> None:
        now, fault, whole = clock.now(), "", False
        try:
            tick(office, now, stop)
            whole = True
        except BotError as error:  # told and noted by the tick; the next one tries again
            fault = str(error) if isinstance(error, StoreError) else ""
        except Exception as error:
            log.error("tick_failed", error=error)
        pulse.completed(now, fault)
        if whole and not stop.wanted:
            pinger.tell(now)

    return round_


def _noted(note: Callable[[], None]) -> None:
    """Notes in the database that the service runs or stops; that it cannot is told by the first round."""
    try:
        note()
    except BotError as error:
        log.warning("not_noted", error=error)
