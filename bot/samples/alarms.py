"""Sample alarms: something stands still, and it is well again."""

from collections.abc import Iterator
from datetime import date

from bot.samples.base import Sample
from rules.mails import Alarm, Trouble


def alarms() -> Iterator[Sample]:
    """Of one trouble, of several, and their end."""
    day = date(2026, 4, 21)
    mailbox = "Brevlådan går inte att nå; inget meddelande går förlorat, men it-administratören behöver se efter."
    disk = "Disken är nästan full; it-administratören behöver göra plats."
    one, other = Trouble(mailbox, day, "09.12"), Trouble(disk, day, "09.14")
    yield Sample("alarm", "stalled", Alarm(False, day, "09.19", (one,)))
    yield Sample("alarm", "several", Alarm(False, day, "09.19", (one, other)))
    yield Sample("alarm", "well", Alarm(True, day, "10.40", (one,)))
