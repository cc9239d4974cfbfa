"""A wish to stop, seen between steps: the step in hand is finished, the next is not begun."""

import signal
import threading


class Stop:
    """Set once, by a signal; asked between steps."""

    def __init__(self) -> None:
        self._wish = threading.Event()

    @property
    def wanted(self) -> bool:
        """Whether a stop is wished for."""
        return self._wish.is_set()

    def ask(self, *_: object) -> None:
        """Wishes for a stop; fits as a signal handler."""
        self._wish.set()

    def wait(self, seconds: float = 3600) -> None:
        """Sleeps until the wish comes, at most so long."""
        self._wish.wait(seconds)


def heed_signals() -> Stop:
    """From now on SIGTERM and SIGINT wish for a stop instead of ending the process; to be called before anything is imported or built."""
    stop = Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop.ask)
    return stop
