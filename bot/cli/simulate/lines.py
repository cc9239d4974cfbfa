"""`simulate --json`: one object a line."""

import json
import sys
from collections.abc import Sequence
from datetime import date

from bot.cli.simulate.events import as_json
from bot.jobs.office import Office
from bot.jobs.reminder_mail import Ready


class Lines:
    """Prints each milestone as a line of JSON."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._encode = json.JSONEncoder(ensure_ascii=False).encode

    def day(self, day: date, going: Sequence[Ready]) -> None:
        """The day's lines."""
        sys.stdout.writelines(f"{self._encode(as_json(one, self._office))}\n" for one in going)

    def end(self) -> None:
        """Nothing more."""
