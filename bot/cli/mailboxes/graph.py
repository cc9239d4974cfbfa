"""Builds the mailbox of kind "graph"."""

import logging
import ssl
from typing import Final

from bot.config.mailboxes import Graph
from bot.errors import ConfigError
from bot.mailbox.base import Mailbox

# Microsoft's clouds: the address of Graph, and of the identity service (https://learn.microsoft.com/en-us/graph/deployments).
CLOUDS: Final = {
    "global": ("https://graph.microsoft.com", "https://login.microsoftonline.com"),
    "usgov": ("https://graph.microsoft.us", "https://login.microsoftonline.us"),
    "usgov_dod": ("https://dod-graph.microsoft.us", "https://login.microsoftonline.us"),
    "china": ("https://microsoftgraph.chinacloudapi.cn", "https://login.chinacloudapi.cn"),
}
TALKATIVE: Final = ("httpx", "httpcore", "msal", "urllib3")  # they log addresses of requests, and so of people, at level info or debug


def connect(config: Graph) -> Mailbox:
    """The mailbox; nothing is connected before the first call. Raises ConfigError."""
    try:
        from bot.mailbox.graph import Connection, GraphMailbox
        from bot.mailbox.token import TokenSource
    except ImportError as error:
        raise ConfigError(f'Kind graph needs the package {error.name}; install it: pip install "ivobot[graph]".') from None
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    base, authority = CLOUDS[config.cloud]
    tokens = TokenSource(
        config.tenant,
        config.client_id,
        scope=f"{base}/.default",
        secret=config.client_secret.get_secret_value(),
        certificate=config.certificate,
        authority=config.authority or authority,
        deadline=config.deadline,
        ca_file=config.ca_file,
    )
    connection = Connection(
        address=config.address,
        base=config.graph_url or base,
        deadline=config.deadline,
        must_not_read=config.must_not_read,
        certificate=config.certificate,
        trust=_trust(config),
    )
    return GraphMailbox(connection, tokens)


def _trust(config: Graph) -> ssl.SSLContext | None:
    """The machine's own list of authorities, and the one in ca_file; None for the list alone."""
    if config.ca_file is None:
        return None
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(cafile=str(config.ca_file))
    except OSError:  # ssl's own errors too
        raise ConfigError(
            f"[mailbox] ca_file {config.ca_file} cannot be read as a certificate in PEM form; correct it or leave it out."
        ) from None
    return context
