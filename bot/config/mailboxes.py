"""[mailbox]: one model for each kind. The keys of the other kinds may stand there too: they say nothing while another kind is chosen."""

import ipaddress
from collections.abc import Mapping
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, ConfigDict, PlainValidator, SecretStr, model_validator

from bot.config.sections import Section
from bot.config.values import Address, Folder, OptionalAddress, OptionalFolder, Secret, Text, number, text

NONE = SecretStr("")


def loopback(host: str) -> bool:
    """Whether a host's name or address is this machine itself."""
    if host.strip("[]").lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _url(value: object) -> str:
    """An address of a web service: https, or http to this machine; "" for none. Raises ValueError."""
    written = text(value)
    parts = urlsplit(written)
    safe = parts.scheme == "https" or (parts.scheme == "http" and loopback(parts.hostname or ""))
    if (written and not (safe and parts.hostname)) or parts.username:
        raise ValueError("must be an address that begins with https:// (http:// only to this machine itself), without user name")
    return written


EwsVersion = Literal[
    "",
    "Exchange2007_SP1",
    "Exchange2010",
    "Exchange2010_SP1",
    "Exchange2010_SP2",
    "Exchange2013",
    "Exchange2013_SP1",
    "Exchange2015",
    "Exchange2015_SP1",
    "Exchange2016",
]
Url = Annotated[str, BeforeValidator(_url)]
Port = Annotated[int, BeforeValidator(number(0, 65_535))]


class MailboxBase(Section):
    """What every kind of mailbox has. `authserv_id` is the own server's name in Authentication-Results; "" is not checked.

    `deadline`: seconds after which a call to the server is given up. `must_not_read`: a mailbox that the program must have no right to.
    """

    kind: str = "maildir"
    address: Address
    authserv_id: Text = ""
    deadline: Annotated[int, BeforeValidator(number(1, 600))] = 45
    must_not_read: OptionalAddress = ""

    @property
    def local(self) -> bool:
        """Whether nothing of it leaves this machine."""
        return False


class Maildir(MailboxBase):
    """[mailbox] with kind = "maildir": a folder; nothing leaves it."""

    path: Folder

    @property
    def local(self) -> bool:
        """A folder is on this machine."""
        return True


class OAuth(MailboxBase):
    """Keys of the kinds that may show a token of Microsoft's or another identity service instead of a password.

    `certificate`: a PEM file with the certificate and its key. `authority`: the identity service, "" for Microsoft's global one.
    """

    tenant: Text = ""
    client_id: Text = ""
    client_secret: Secret = NONE
    certificate: OptionalFolder = None
    authority: Url = ""
    ca_file: OptionalFolder = None

    def _needs_token(self) -> None:
        if not (self.tenant and self.client_id) or bool(self.client_secret.get_secret_value()) == bool(self.certificate):
            raise ValueError("tenant, client_id and one of client_secret and certificate must be set to sign in by a token")


class Imap(OAuth):
    """[mailbox] with kind = "imap": IMAP for reading, SMTP for sending. Port 0 is the usual one; "" of smtp_… is the same as for IMAP.

    `scope`: what a token is asked for; the default is Exchange Online's own name.
    """

    host: Text
    port: Port = 0
    tls: Literal["tls", "starttls", "none"] = "tls"
    user: Text = ""
    password: Secret = NONE
    auth: Literal["login", "xoauth2"] = "login"
    smtp_host: Text = ""
    smtp_port: Port = 0
    smtp_tls: Literal["tls", "starttls", "none"] = "starttls"
    smtp_user: Text = ""
    smtp_password: Secret = NONE
    scope: Text = "https://outlook.office365.com/.default"

    @property
    def local(self) -> bool:
        """Whether both servers are this machine."""
        return loopback(self.host) and loopback(self.smtp_host or self.host)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.tls == "none" and not loopback(self.host):
            raise ValueError("tls must be tls or starttls, for the server is not this machine itself")
        if self.smtp_tls == "none" and not loopback(self.smtp_host or self.host):
            raise ValueError("smtp_tls must be tls or starttls, for the server is not this machine itself")
        if not self.user:
            raise ValueError("user must be set")
        if self.auth == "xoauth2":
            self._needs_token()
        elif not self.password.get_secret_value():
            raise ValueError("password must be set")
        return self


class Ews(OAuth):
    """[mailbox] with kind = "ews": Exchange Web Services, for Exchange Server on premises."""

    url: Url
    auth: Literal["ntlm", "basic", "kerberos", "oauth"] = "ntlm"
    user: Text = ""
    password: Secret = NONE
    access: Literal["delegate", "impersonation"] = "delegate"
    version: EwsVersion = ""

    @property
    def local(self) -> bool:
        """Whether the server is this machine."""
        return loopback(urlsplit(self.url).hostname or "")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not self.url:
            raise ValueError("url must be set, such as https://mail.kommun.example/EWS/Exchange.asmx")
        if self.auth == "oauth":
            self._needs_token()
        elif self.auth != "kerberos" and not (self.user and self.password.get_secret_value()):
            raise ValueError("user and password must be set")
        return self


class Graph(OAuth):
    """[mailbox] with kind = "graph": Microsoft Graph, for Exchange Online. `graph_url` overrides the cloud's address."""

    cloud: Literal["global", "usgov", "usgov_dod", "china"] = "global"
    graph_url: Url = ""

    @property
    def local(self) -> bool:
        """Whether the server is this machine."""
        return loopback(urlsplit(self.graph_url).hostname or "")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        self._needs_token()
        return self


class _Unknown(MailboxBase):
    """No kind: told as such, before its other keys are called unknown."""

    model_config = ConfigDict(extra="ignore")

    kind: Literal["maildir", "imap", "ews", "graph"]


KINDS: Mapping[str, type[MailboxBase]] = {"maildir": Maildir, "imap": Imap, "ews": Ews, "graph": Graph}


def of_kind(value: object, kind: str = "") -> MailboxBase:
    """The section in the model of its kind, or of the `kind` named; keys that only other kinds have are passed over. Raises ValueError."""
    if not isinstance(value, dict):
        return Maildir.model_validate(value)
    chosen = kind or value.get("kind", "maildir")
    model = KINDS.get(chosen, _Unknown) if isinstance(chosen, str) else _Unknown
    others = {key for other in KINDS.values() for key in other.model_fields} - model.model_fields.keys()
    return model.model_validate({key: part for key, part in value.items() if key not in others} | {"kind": chosen})


Mailbox = Annotated[MailboxBase, PlainValidator(of_kind)]
