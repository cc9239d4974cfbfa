"""The whole configuration as one frozen value."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, PrivateAttr, ValidationError
from pydantic.fields import FieldInfo

from bot.config.mailboxes import KINDS, Mailbox, MailboxBase, of_kind
from bot.config.people import People, name_key
from bot.config.sections import (
    Backup,
    Bot,
    Calendar,
    Database,
    Log,
    Prune,
    Register,
    Reminders,
    Reply,
    Report,
    Schedule,
    Secrecy,
    Section,
    Sheet,
)
from bot.config.serving import Alarm, Web
from bot.errors import ConfigError

if TYPE_CHECKING:
    from rules.duty import People as Recipients


class Config(Section):
    """A checked configuration: every path is absolute, every address in lower case, `database.url` is set.

    `register_file` is the section [register].
    """

    bot: Bot
    mailbox: Mailbox  # of the class that belongs to its kind: match on it
    database: Database = Database()
    people: People
    schedule: Schedule = Schedule()
    reply: Reply = Reply()
    reminders: Reminders = Reminders()
    calendar: Calendar = Calendar()
    register_file: Register = Field(default=Register(), alias="register")  # pydantic's own classes have a `register` already
    report: Report = Report()
    sheet: Sheet = Sheet()
    secrecy: Secrecy = Secrecy()
    log: Log = Log()
    web: Web = Web()
    alarm: Alarm = Alarm()
    backup: Backup = Backup()
    prune: Prune = Prune()

    _source: Path = PrivateAttr(default=Path())
    _notes: tuple[str, ...] = PrivateAttr(default=())
    _mailbox: Mapping[str, object] = PrivateAttr(default_factory=dict)

    @property
    def source(self) -> Path:
        """The file that it was read from."""
        return self._source

    def mailbox_of(self, kind: str) -> MailboxBase:
        """The section [mailbox] as another kind reads it: the keys of several kinds may stand there. Raises ConfigError."""
        try:
            return of_kind(self._mailbox, kind)
        except ValidationError as error:
            fault = error.errors()[0]
            place = ".".join(map(str, fault["loc"])) or "its keys"
            raise ConfigError(
                f"[mailbox] does not describe kind {kind} too ({place}: {fault['msg']}); add the keys of that kind."
            ) from None
        except ValueError as error:
            raise ConfigError(f"[mailbox] {error}.") from None

    def owns(self, address: str) -> bool:
        """Whether an address lies in the own domains; a subdomain counts only when it is listed itself."""
        return "@" in address and address.rpartition("@")[2].lower() in self.bot.own_domains

    def findings(self) -> tuple[str, ...]:
        """What works but is probably not meant, one plain sentence each; `check` shows them."""
        outside = [f"[people] {place}" for place, one in self.people.everyone().items() if not self.owns(one)]
        outside += [f"[bot] team, number {n}" for n, one in enumerate(self.bot.team, 1) if not self.owns(one)]
        outside += [] if self.owns(self.mailbox.address) else ["[mailbox] address"]
        outside += [f"[alarm] to, number {n}" for n, one in enumerate(self.alarm.to, 1) if not self.owns(one)]
        readers = {"fullmaktige": self.report.to_fullmaktige, "revisorer": self.report.to_revisorer, "internal": self.report.to_internal}
        outside += [
            f"[report] to_{name}, number {n}" for name, some in readers.items() for n, one in enumerate(some, 1) if not self.owns(one)
        ]
        found = [f"{place} lies outside own_domains and gets no mail; correct the address or add its domain." for place in outside]
        for role, meant in self.people.misspelt().items():
            found.append(f"[people] {role} is read as a role of that name; if {meant} is meant, correct the key.")
        for name, officer in self.people.officers.items():
            if officer.absent and not officer.substitute:
                found.append(f"[people] officers, {name} has days of absence but no substitute; name one, or mails go on as usual.")
        return (*found, *self._notes)

    def recipients(self) -> "Recipients":
        """The people as the rules know them. An officer is found by name, signature and own address."""
        from rules.duty import Officer
        from rules.duty import People as Recipients

        named = {name: Officer(o.address, o.substitute, o.absent) for name, o in self.people.officers.items()}
        by_address = {name_key(o.address): o for o in named.values()}
        return Recipients(self.people.reporter, self.people.roles, frozenset(self.bot.own_domains), by_address | named)


def _keys(name: str, model: object) -> dict[str, FieldInfo]:
    models = KINDS.values() if name == "mailbox" else [model]
    return {key: field for m in models if isinstance(m, type) and issubclass(m, Section) for key, field in m.model_fields.items()}


SECTIONS: Mapping[str, Mapping[str, FieldInfo]] = {
    part.alias or name: _keys(name, part.annotation) for name, part in Config.model_fields.items()
}
"""Every section's keys; of [mailbox] those of all kinds."""
