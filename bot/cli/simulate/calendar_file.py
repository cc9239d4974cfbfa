"""`simulate --ics FILE`: the milestones as an iCalendar file (RFC 5545), one whole-day entry each."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from icalendar import Calendar, Event, vText

from bot.cli.milestones import milestone_words
from bot.cli.simulate.files import write_private
from bot.errors import ConfigError
from bot.jobs.office import Office
from bot.jobs.reminder_mail import Ready, event_key
from bot.words import cap
from rules.explain import long_date, weekday, why
from rules.mark import count


class CalendarFile:
    """Gathers the entries and writes the file at the end. Raises ConfigError when its folder is not there.

    made: when the file is made, its entries' DTSTAMP. An entry keeps its UID from file to file, so that a calendar takes in a newer
    file as a change. No insats stands in it: calendars are shared, and beside a case it would tell too much.
    """

    def __init__(self, office: Office, file: Path, made: datetime, *, quiet: bool) -> None:
        self._office, self._file, self._made, self._quiet = office, file, made.replace(microsecond=0), quiet
        self._domain = office.config.mailbox.address.rpartition("@")[2]
        self._entries: list[bytes] = []
        if not file.parent.is_dir() or file.is_dir():
            raise ConfigError(f"{file} cannot be made; name a file in a folder that is there.")

    def day(self, day: date, going: Sequence[Ready]) -> None:
        """The day's entries."""
        self._entries += [self._entry(one).to_ical() for one in going]

    def _entry(self, one: Ready) -> Event:
        event, entry = one.event, Event()
        mark = count(event.row).mark(event.k)
        to = ", ".join(one.to.to) + (f", kopia {', '.join(one.to.cc)}" if one.to.cc else "")
        lines = [f"Till: {to}", f"Tremånadersgräns: {weekday(mark)} {long_date(mark)}"]
        if event.due:
            lines.append(f"Det som mejlet ber om ska vara gjort senast {weekday(event.due)} {long_date(event.due)}.")
        lines.append(f"Varför den här dagen: {' '.join(why(event, self._office.planner))}")
        entry.add("uid", f"{event_key(event, self._office)}@{self._domain}")
        entry.add("dtstamp", self._made)
        entry.add("dtstart", event.day)
        entry.add("dtend", event.day + timedelta(days=1))
        entry.add("summary", vText(f"Ärende {event.row.entry.shown}: {milestone_words(event.milestone.name)}"))
        entry.add("description", vText("\n".join(lines)))
        entry.add("class", "PRIVATE")
        entry.add("transp", "TRANSPARENT")
        return entry

    def end(self) -> None:
        """Writes the file and says so."""
        whole = Calendar()
        whole.add("prodid", "-//ivobot//simulate//SV")
        whole.add("version", "2.0")
        whole.add("x-wr-calname", cap("ej verkställda beslut, kommande mejl"))
        head, end = b"".join(whole.to_ical().partition(b"END:VCALENDAR")[:1]), b"END:VCALENDAR\r\n"
        write_private(self._file, b"".join((head, *self._entries, end)))
        if not self._quiet:
            print(f"\n{self._file} är en kalenderfil med {len(self._entries)} händelser. Öppna den i ett kalenderprogram.")
