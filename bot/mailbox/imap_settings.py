"""What the mailbox of kind "imap" is built from."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bot.mailbox.token import TokenSource

Tls = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server answers, and how the connection is made safe; "none" is for this machine itself only."""

    host: str
    port: int
    tls: Tls


@dataclass(frozen=True, slots=True)
class Login:
    """Who signs in: by a password, or where there is a `token` source by XOAUTH2."""

    user: str
    password: str = field(default="", repr=False)
    token: TokenSource | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Connection:
    """Both servers of one mailbox. `deadline`: seconds for one call in all.

    `ca_file`: a PEM file with the only authority that vouches for both servers, None for the machine's own list. `must_not_read`: an
    address whose mailbox the program must have no right to, "" for none.
    """

    address: str
    imap: Server
    login: Login
    smtp: Server
    smtp_login: Login
    deadline: float = 45
    ca_file: Path | None = None
    must_not_read: str = ""
