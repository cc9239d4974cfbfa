"""`ivobot run`: once, or as a service."""

from pathlib import Path

from bot import log
from bot.cli import build
from bot.errors import BotError, ConfigError
from bot.jobs.tick import tick
from bot.service import serve
from bot.stop import Stop


def run(config_file: Path | None, stop: Stop, *, once: bool, now: str) -> None:
    """Does what is due, once or until stopped. Raises our errors as they come with `--once`; the service notes them and goes on."""
    config = build.configuration(config_file)
    if now and not once:
        raise ConfigError("--now works only together with --once.")
    log.set_up(config.log.level, config.log.format)
    instant = build.instant(config, now)
    office = build.office(config)
    try:
        if once:
            done = tick(office, instant, stop)
            print(", ".join(f"{name} {number}" for name, number in done.items()))
            if failed := done.get("failed"):
                raise BotError(f"{failed} mails cannot be sent as they are; `ivobot status` and the log say more.")
        else:
            serve(office, stop)
    finally:
        office.mailbox.close()
        office.engine.dispose()
