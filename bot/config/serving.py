"""The sections about the running service: [web] and [alarm]."""

import re
from typing import Annotated, Self

from pydantic import BeforeValidator, SecretStr, model_validator

from bot.config.mailboxes import loopback
from bot.config.sections import Section
from bot.config.values import Addresses, Flag, Secret, secret, text

LONG_ENOUGH = 20  # characters of a token that nobody guesses
_LISTEN = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})")


def _listen(value: object) -> str:
    """HOST:PORT, or "" for none. Raises ValueError."""
    written = text(value)
    found = _LISTEN.fullmatch(written)
    if written and not (found and 0 < int(found[2]) < 65_536):
        raise ValueError('must be a host and a port such as "127.0.0.1:8080", or "" for none')
    return written


def _ping(value: object) -> SecretStr:
    """A web address, or "" for none. Raises ValueError."""
    written = secret(value)
    if written.get_secret_value() and not re.fullmatch(r"https?://[^\s/@]+(/[^\s]*)?", written.get_secret_value()):
        raise ValueError("must be an address that begins with https:// or http://, without user name")
    return written


class Web(Section):
    """[web]. `listen`: where health and metrics are served, "" nowhere. With `token`, each request must show it."""

    listen: Annotated[str, BeforeValidator(_listen)] = ""
    token: Secret = SecretStr("")

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to listen on."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        token = self.token.get_secret_value()
        if self.listen and not loopback(self.address[0]) and not token:
            raise ValueError("token must be set when listen is not this machine itself (127.0.0.1, ::1 or localhost)")
        if token and len(token) < LONG_ENOUGH:
            raise ValueError(f"token must have at least {LONG_ENOUGH} characters; make it at random")
        return self


class Alarm(Section):
    """[alarm]. `ping_url` is asked for after what shows that all works; `to` are told of trouble and of its end.

    `canary`: each morning a letter of our own goes the whole way, where the mailbox is on a server and a mail or a ping tells of it.
    """

    ping_url: Annotated[SecretStr, BeforeValidator(_ping)] = SecretStr("")
    to: Addresses = ()
    canary: Flag = True
