"""The dead man's ping: an address that is called only when everything has worked. Its silence is what somebody else listens for."""

import threading
import urllib.request
from datetime import datetime

from bot.errors import BotError
from bot.jobs import canary
from bot.jobs.office import Office
from bot.log import Logger

DEADLINE = 3.0  # seconds; a stop must not wait for more

log = Logger("ping")


class Pinger:
    """Calls [alarm] ping_url: after each canary that has come home, or without canaries after each whole round."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._url = office.config.alarm.ping_url.get_secret_value()
        self._told = ""
        self._failing = False

    def tell(self, now: datetime) -> bool:
        """Calls if there is something to tell; a call that failed is made again the next time. Never raises."""
        if not self._url:
            return False
        try:
            flies = canary.flies(self._office)
            home = canary.came_home(self._office, now) if flies else ""
        except BotError:
            return False
        if flies and (not home or home == self._told):
            return False
        if not _call(self._url):
            if not self._failing:
                log.warning("ping_failed")
            self._failing = True
            return False
        self._failing, self._told = False, home
        return True


def _call(url: str) -> bool:
    """Whether the address answered with success in time. In a thread, since looking a name up knows no deadline."""
    good = threading.Event()

    def call() -> None:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers={"User-Agent": "ivobot"}), timeout=DEADLINE) as answer:
                if 200 <= answer.status < 300:
                    good.set()
        except (OSError, ValueError):
            return

    caller = threading.Thread(target=call, name="ping", daemon=True)
    caller.start()
    caller.join(DEADLINE)
    return good.is_set()
