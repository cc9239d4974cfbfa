"""A wish to stop, seen between steps: the step in hand is finished, the next is not begun."""


class Stop:
    """Set once, by a signal; asked between steps."""

    def __init__(self) -> None:
        self.wanted = False

    def ask(self, *_: object) -> None:
        """Wishes for a stop; fits as a signal handler."""
        self.wanted = True
