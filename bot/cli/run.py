"""`ivobot run`: once, or as a service."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bot import log
from bot.cli import build
from bot.clock import SystemClock
from bot.config import Config
from bot.errors import BotError, ConfigError
from bot.jobs.office import Office
from bot.jobs.tick import tick
from bot.logfile import both
from bot.service import serve
from bot.stop import Stop
from bot.store.engine import prove_whole
from bot.watchdog import Pulse


def run(config_file: Path | None, stop: Stop, *, once: bool, now: str) -> None:
    """Does what is due, once or until stopped. Raises our errors as they come with `--once`; the service notes them and goes on."""
    config = build.configuration(config_file)
    if now and not once:
        raise ConfigError("--now works only together with --once.")
    _log(config)
    instant = build.instant(config, now)
    office = build.office(config)
    try:
        prove_whole(office.engine)
        if once:
            done = tick(office, instant, stop)
            print(", ".join(f"{name} {number}" for name, number in done.items()))
            if failed := done.get("failed"):
                raise BotError(f"{failed} mails cannot be sent as they are; `ivobot status` and the log say more.")
        else:
            clock = SystemClock()
            pulse = Pulse(clock)
            with _web(office, clock, pulse) as watched:
                serve(watched, stop, clock, pulse)
    finally:
        office.mailbox.close()
        office.engine.dispose()


def _log(config: Config) -> None:
    wanted = config.log
    stream = both(wanted.file, wanted.max_mb, wanted.keep) if wanted.file else None
    log.set_up(wanted.level, wanted.format, stream)


@contextmanager
def _web(office: Office, clock: SystemClock, pulse: Pulse) -> Iterator[Office]:
    """The pages of [web], if they are wished for; gives the office whose mailbox calls they count."""
    if not office.config.web.listen:
        yield office
        return
    try:
        from bot.web.counted import Counted
        from bot.web.server import Server
        from bot.web.source import Source
    except ImportError:
        raise ConfigError("[web] listen needs the extra web; install ivobot[web], or leave listen empty.") from None
    source = Source(office, clock, pulse)
    server = Server(source)
    server.start()
    try:
        yield replace(office, mailbox=Counted(office.mailbox, source.counts))
    finally:
        server.stop()
