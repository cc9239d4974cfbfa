"""`simulate` for people: by week and day, which mail goes to whom, then the totals."""

import shutil
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import zip_longest
from textwrap import wrap

from bot.cli.milestones import day_words, milestone_words, week_words
from bot.cli.simulate.events import mails
from bot.jobs.office import Office
from bot.jobs.reminder_mail import Ready
from bot.words import cap
from rules.explain import long_date

WIDEST, BAR = 150, 40


class Calendar:
    """Gathers week after week with the totals, and prints all at the end: no line of it comes between a bar that shows how far it is."""

    def __init__(self, office: Office, first: date, last: date) -> None:
        self._office, self._first, self._last = office, first, last
        width = min(shutil.get_terminal_size((WIDEST, 0)).columns, WIDEST) if sys.stdout.isatty() else WIDEST
        self._what = 48 if width >= 120 else 25
        self._cases = self._to = (width - self._what - 6) // 2
        self._weeks: Counter[date] = Counter()
        self._to_count: Counter[str] = Counter()
        self._cc_count: Counter[str] = Counter()
        self._rows: defaultdict[str, set[int]] = defaultdict(set)
        self._events = 0
        self._lines: list[str] = []

    def day(self, day: date, going: Sequence[Ready]) -> None:
        """The day's mails, below its week."""
        monday = day - timedelta(days=day.weekday())
        if monday not in self._weeks:
            self._lines.append(f"\n{cap(week_words(day))}\n")
        self._lines.append(f"  {cap(day_words(day))}")
        for mail in mails(going, self._office):
            self._add(mail, monday)
            to = mail[0].to
            whom = ", ".join(to.to) + (f"; kopia {', '.join(to.cc)}" if to.cc else "")
            self._line(milestone_words(mail[0].event.milestone.name), ", ".join(one.event.row.entry.shown for one in mail), whom)
        self._events += len(going)

    def _add(self, mail: Sequence[Ready], monday: date) -> None:
        self._weeks[monday] += 1
        self._to_count.update(mail[0].to.to)
        self._cc_count.update(mail[0].to.cc)
        for address in (*mail[0].to.to, *mail[0].to.cc):
            self._rows[address].update(one.event.row.id for one in mail)

    def _line(self, *cells: str) -> None:
        """Three columns; a cell that is longer than its column goes on below."""
        widths = (self._what, self._cases, self._to)
        parts = [
            [cell] if len(cell) <= width else wrap(cell, width, break_on_hyphens=False) for cell, width in zip(cells, widths, strict=True)
        ]
        for line in zip_longest(*parts, fillvalue=""):
            self._lines.append("    " + " ".join(part.ljust(width) for part, width in zip(line, widths, strict=True)).rstrip())

    def end(self) -> None:
        """The totals by recipient and by week."""
        period = f"från {long_date(self._first)} till {long_date(self._last)}"
        if not self._weeks:
            print(f"Inga mejl {period}.")
            return
        print("\n".join(self._lines))
        rows = {row for found in self._rows.values() for row in found}
        together = "" if self._events == self._weeks.total() else f" om {self._events} påminnelser, några flera i samma mejl"
        print(f"\n{self._weeks.total()} mejl {period}{together}. De gäller {len(rows)} beslut och avbrott. Ingenting är skickat.")
        self._recipients()
        print("\nMejl per vecka\n")
        most = max(self._weeks.values())
        for monday, number in self._weeks.items():
            print(f"  {cap(week_words(monday)):<42}{number:>6}  {'█' * max(1, round(number * BAR / most))}")

    def _recipients(self) -> None:
        longest = max(len("Mottagare"), *map(len, self._rows))
        print(f"\n  {'Mottagare':<{longest}}{'Mejl':>8}{'Kopior':>8}{'Beslut och avbrott':>20}")
        for address in sorted(self._rows, key=lambda a: (-self._to_count[a], -self._cc_count[a], a)):
            print(f"  {address:<{longest}}{self._to_count[address]:>8}{self._cc_count[address]:>8}{len(self._rows[address]):>20}")
