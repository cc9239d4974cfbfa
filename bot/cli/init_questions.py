"""What `ivobot init` asks, in its order, and how each answer is tried by itself."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from bot.cli.init_checks import Check, choice, listed, maildir, needed, own, readable, writable
from bot.config.mailboxes import KINDS, Ews, Imap
from bot.config.sources import SECRETS
from bot.config.values import address, domain, number, optional_address, text

FIXED_ROLES = ("manager", "boendeteamet", "centralen")
"""Roles for which the example configuration holds an address."""
WORD = needed(text)
Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """One key, how it is asked for, its default as it is typed, and what an answer must be. `when`: whether it is asked at all."""

    section: str
    key: str
    asked: str
    default: str = ""
    check: Check = text
    when: Callable[[Given], bool] = lambda given: True

    @property
    def secret(self) -> bool:
        """Whether the answer belongs into a file of its own."""
        return (self.section, self.key) in SECRETS


def domains() -> Question:
    """The first question; every address is held against it."""
    return Question("bot", "own_domains", "Your own mail domains, with commas between", check=needed(listed(domain)))


def people(own_domains: tuple[str, ...], roles: Mapping[str, str]) -> Iterator[Question]:
    """Who gets the mails. roles: what the routine calls its units."""
    one, some = own(optional_address, own_domains), own(needed(listed(address)), own_domains)
    yield Question("mailbox", "address", "The address of the mailbox IVO-rapportör LSS", check=own(address, own_domains))
    yield Question("people", "reporter", "The IVO-rapportör's address (several with commas)", check=some)
    yield Question("people", "manager", "The manager's address (empty: the reporter stands in)", check=one)
    for role, name in roles.items():
        yield Question("people", role, f"The function address of {name} (empty: the reporter stands in)", check=one)


def places(base: Path) -> Iterator[Question]:
    """Where the program keeps its own things."""
    yield Question("bot", "data_dir", "Folder for the database, keys and dry mails", "./ivobot-data-dry", writable(base))


def kind() -> Question:
    """Which questions follow hangs on this one."""
    return Question("mailbox", "kind", f"Kind of mailbox ({', '.join(KINDS)})", check=choice(*KINDS))


def connection(chosen: str, base: Path) -> Iterator[Question]:
    """How a mailbox of this kind is reached. What belongs together is judged when all is there."""

    def by_token(given: Given) -> bool:
        return chosen == "graph" or given.get("auth") in ("oauth", "xoauth2")

    def ask(key: str, said: str, default: str = "", check: Check = WORD, when: Callable[[Given], bool] = lambda given: True) -> Question:
        return Question("mailbox", key, said, default, check, when)

    match chosen:
        case "maildir":
            yield ask("path", "Folder of the mailbox", "./mailbox", maildir(base))
            return
        case "imap":
            encrypted = get_args(Imap.model_fields["tls"].annotation)
            ports = number(0, 65_535)
            yield ask("host", "IMAP server")
            yield ask("tls", f"Its encryption ({', '.join(encrypted)})", "tls", choice(*encrypted))
            yield ask("port", "Its port (0 is the usual one)", "0", ports)
            yield ask("smtp_host", "SMTP server (empty: the same machine)", check=text)
            yield ask("smtp_tls", f"Its encryption ({', '.join(encrypted)})", "starttls", choice(*encrypted))
            yield ask("smtp_port", "Its port (0 is the usual one)", "0", ports)
            ways = get_args(Imap.model_fields["auth"].annotation)
            yield ask("auth", f"How it signs in ({', '.join(ways)})", "login", choice(*ways))
            yield ask("user", "User name")
        case "ews":
            yield ask("url", "Address of the service, such as https://mail.kommun.example/EWS/Exchange.asmx")
            ways = get_args(Ews.model_fields["auth"].annotation)
            yield ask("auth", f"How it signs in ({', '.join(ways)})", "ntlm", choice(*ways))
            rights = get_args(Ews.model_fields["access"].annotation)
            yield ask("access", f"By which right ({', '.join(rights)})", "delegate", choice(*rights))
            yield ask("user", "User name, such as KOMMUN\\ivobot", when=lambda given: given["auth"] in ("ntlm", "basic"))
    signs_in = ("login", "ntlm", "basic")
    yield ask("password", "Password", when=lambda given: given.get("auth") in signs_in)
    yield ask("tenant", "Tenant id", when=by_token)
    yield ask("client_id", "The application's client id", when=by_token)
    yield ask("certificate", "PEM file with certificate and key (empty: a client secret)", check=readable(base), when=by_token)
    yield ask("client_secret", "Client secret", when=lambda given: by_token(given) and not given.get("certificate"))
    yield ask("ca_file", "PEM file of your own certificate authority (empty: the machine's list)", check=readable(base))
    yield ask("must_not_read", "Some other mailbox that must stay closed (empty: not tried)", check=optional_address)
