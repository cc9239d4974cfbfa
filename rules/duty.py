"""Who is responsible and who gets a mail: from roles to addresses. No mail leaves the own domains."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from rules.model import Entry
from rules.routine import OFFICER, OWNER, PROVIDER, REPORTER, Milestone, Routine

_ADDRESS = re.compile(r"[^\s@<>\"',;:()\[\]\\]{1,64}@[a-z0-9åäö.-]{1,253}")


def _key(written: str) -> str:
    return " ".join(written.lower().split())


@dataclass(frozen=True, slots=True)
class Officer:
    """How an officer's name or signature in the register maps to an address, and who stands in on days of absence (inclusive)."""

    address: str
    substitute: str = ""
    absent: tuple[tuple[date, date], ...] = ()

    def on(self, day: date) -> str:
        """The address to write to on that day."""
        away = any(first <= day <= last for first, last in self.absent)
        return self.substitute if away and self.substitute else self.address


@dataclass(frozen=True, slots=True)
class People:
    """Everyone the program may write to. Addresses and officers' names are in lower case; `roles` holds the units and the manager."""

    reporter: tuple[str, ...]
    roles: Mapping[str, str]
    own_domains: frozenset[str]
    officers: Mapping[str, Officer] = field(default_factory=dict)

    def own(self, address: str) -> bool:
        """Whether it is one whole address, and in the own domains."""
        return _ADDRESS.fullmatch(address) is not None and address.rpartition("@")[2] in self.own_domains

    def is_unit(self, address: str) -> bool:
        """Whether an address is a role's function address, or the reporter's, and no officer's."""
        return address in self.roles.values() or address in self.reporter

    def officer(self, written: str, day: date) -> str:
        """The address for what the register's column holds (an address, a name or a signature); "" when it is not known."""
        key = _key(written)
        if known := self.officers.get(key):
            key = known.on(day)
        return key if self.own(key) else ""


@dataclass(frozen=True, slots=True)
class Recipients:
    """To and Cc of one mail, sorted, each address once. `missing` names the first role in To whose address is not known.

    `providers` are those in To who get the mail of their own rows only.
    """

    to: tuple[str, ...]
    cc: tuple[str, ...]
    missing: str = ""
    providers: tuple[str, ...] = ()

    @property
    def without_providers(self) -> "Recipients":
        """The same mail to the others."""
        return Recipients(tuple(a for a in self.to if a not in self.providers), self.cc, self.missing)


def address(role: str, entry: Entry, routine: Routine, people: People, day: date) -> str:
    """One role's address for a row; "" when it is not known or lies outside the own domains."""
    if role == OWNER:
        role = routine.owner(entry)
    if role == OFFICER:
        return people.officer(entry.officer, day)
    if role == PROVIDER:
        written = entry.provider.strip().lower()
        return written if people.own(written) else ""
    found = people.roles.get(role, "")
    return found if people.own(found) else ""


def recipients(milestone: Milestone, entry: Entry, routine: Routine, people: People, day: date) -> Recipients:
    """Who gets a milestone's mail for a row. A recipient without a known address is replaced by the reporter; a provider is left out."""
    missing = ""
    to: set[str] = set()
    cc: set[str] = set()
    providers: set[str] = set()
    for role in milestone.to:
        if role == REPORTER:
            to.update(people.reporter)
        elif found := address(role, entry, routine, people, day):
            (providers if role == PROVIDER else to).add(found)
        elif role != PROVIDER:
            to.update(people.reporter)
            missing = missing or (routine.owner(entry) if role == OWNER else role)
    providers -= to
    if not to and not providers:
        to.update(people.reporter)
    for role in milestone.cc:
        found = address(role, entry, routine, people, day) if role != REPORTER else ""
        if found:
            cc.add(found)
        elif role != PROVIDER:
            cc.update(people.reporter)
    return Recipients(tuple(sorted(to | providers)), tuple(sorted(cc - to - providers)), missing, tuple(sorted(providers)))


def steady(entry: Entry, people: People) -> bool:
    """Whether a row's mails go to the same people on every day: its officer has no days of absence."""
    known = people.officers.get(_key(entry.officer))
    return known is None or not known.absent


def concerned(entry: Entry, routine: Routine, people: People, day: date) -> frozenset[str]:
    """The addresses whose row this is: its officer (also while a substitute stands in), its unit and its owner."""
    known = people.officers.get(_key(entry.officer))
    found = {address(role, entry, routine, people, day) for role in (OFFICER, OWNER)}
    found |= {known.address if known else "", entry.unit.strip().lower()}
    return frozenset(a for a in found if people.own(a))
