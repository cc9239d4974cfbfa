"""`simulate --eml DIR`: each mail as the service would send it, with the Date of its day."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot.cli.simulate.events import mails
from bot.cli.simulate.files import refused, write_private
from bot.clock import local_instant
from bot.errors import ConfigError
from bot.jobs.office import Office
from bot.jobs.reminder_mail import Ready, mail_key, said
from bot.jobs.writing import write
from bot.store import engine as db
from bot.store import imports, letters
from rules.model import Row

_UNSAFE = re.compile(r"[^0-9A-Za-zÅÄÖåäöéü_-]+")  # what a file's name had better not hold


class MailFiles:
    """Writes one .eml file a mail into a folder that is new or empty. Raises ConfigError for any other."""

    def __init__(self, office: Office, folder: Path, *, quiet: bool) -> None:
        self._office, self._folder, self._quiet = office, folder, quiet
        self._formers: dict[int, Row | None] = {}
        self._written = 0
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            empty = next(folder.iterdir(), None) is None
        except OSError as error:
            raise refused(folder, error) from None
        if not empty:
            raise ConfigError(f"The folder {folder} holds files already; name a new one, or empty it.")

    def day(self, day: date, going: Sequence[Ready]) -> None:
        """The day's mails."""
        for bundle in mails(going, self._office):
            self._write(bundle, day)

    def _write(self, bundle: Sequence[Ready], day: date) -> None:
        office, milestone, to = self._office, bundle[0].event.milestone, bundle[0].to
        ids = [one.event.row.id for one in bundle]
        with db.read(office.engine) as tx:
            back = letters.sent_back_rows(tx, ids)
            self._formers |= {row_id: imports.former(tx, row_id) for row_id in ids if row_id not in self._formers}
        formers = {row_id: row for row_id in ids if (row := self._formers[row_id])}
        mail = write(
            office,
            said(bundle, office, day, back=back, formers=formers),
            name=milestone.mail,
            key=(key := mail_key(bundle, office)),
            to=to.to,
            cc=to.cc,
            now=local_instant(day, office.config.schedule.reminders, office.config.bot.timezone),
        )
        shown = _UNSAFE.sub("-", bundle[0].event.row.entry.shown)[:60] if len(bundle) == 1 else f"{len(bundle)}-ärenden"
        write_private(self._folder / f"{day} {milestone.name} {shown} {key[:8]}.eml", mail.raw)
        self._written += 1

    def end(self) -> None:
        """Says how many there are."""
        if not self._quiet:
            print(f"\n{self._written} mejl ligger i {self._folder}, som de skulle se ut. Inget av dem är skickat.")
