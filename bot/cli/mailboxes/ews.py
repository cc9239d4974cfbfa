"""Builds the mailbox of kind "ews"."""

from urllib.parse import urlsplit

from bot.config.mailboxes import Ews
from bot.errors import ConfigError
from bot.mailbox.base import Mailbox


def connect(config: Ews) -> Mailbox:
    """The mailbox; nothing is connected before the first call. Raises ConfigError."""
    try:
        from bot.mailbox.ews import EwsMailbox
        from bot.mailbox.ews_http import Connection, Tokens
    except ImportError as error:
        raise ConfigError(f"The library {error.name} for kind ews is missing; install it: pip install 'ivobot[ews]'.") from None
    tokens: Tokens | None = None
    if config.auth == "oauth":
        from bot.mailbox.token import TokenSource

        tokens = TokenSource(
            tenant=config.tenant,
            client_id=config.client_id,
            secret=config.client_secret.get_secret_value(),
            certificate=config.certificate,
            authority=config.authority,
            scope=_scope(config.url),
            deadline=float(config.deadline),
            ca_file=config.ca_file,
        )
    return EwsMailbox(
        Connection(
            url=config.url,
            address=config.address,
            auth=config.auth,
            user=config.user,
            password=config.password.get_secret_value(),
            access=config.access,
            version=config.version,
            deadline=float(config.deadline),
            ca_file=config.ca_file,
            must_not_read=config.must_not_read,
            tokens=tokens,
            certificate=config.certificate,
        )
    )


def _scope(url: str) -> str:
    """What the token is for: the server itself, by the address that it is known under.

    Source: learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-authenticate-an-ews-application-by-using-oauth, and
    …/exchange/configure-oauth-authentication-between-exchange-and-exchange-online-organizations for servers on premises.
    """
    return f"https://{urlsplit(url).hostname}/.default"
