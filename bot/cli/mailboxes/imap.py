"""Builds the mailbox of kind "imap"."""

from bot.config.mailboxes import Imap
from bot.errors import ConfigError
from bot.mailbox.base import Mailbox

PORTS = {"tls": 993, "starttls": 143, "none": 143}
SMTP_PORTS = {"tls": 465, "starttls": 587, "none": 25}  # RFC 8314, RFC 6409


def connect(config: Imap) -> Mailbox:
    """The mailbox; nothing is connected before the first call. Raises ConfigError."""
    try:
        from bot.mailbox.imap import ImapMailbox
    except ImportError:
        raise ConfigError("[mailbox] kind imap needs the package imap-tools; install it: pip install 'ivobot[imap]'.") from None
    from bot.mailbox.imap_settings import Connection, Login, Server
    from bot.mailbox.token import TokenSource

    token = None
    if config.auth == "xoauth2":
        token = TokenSource(
            config.tenant,
            config.client_id,
            scope=config.scope,
            secret=config.client_secret.get_secret_value(),
            certificate=config.certificate,
            authority=config.authority,
            deadline=config.deadline,
            ca_file=config.ca_file,
        )
    password = config.password.get_secret_value()
    own_smtp = config.smtp_password.get_secret_value()
    return ImapMailbox(
        Connection(
            address=config.address,
            imap=Server(config.host, config.port or PORTS[config.tls], config.tls),
            login=Login(config.user, password, token),
            smtp=Server(config.smtp_host or config.host, config.smtp_port or SMTP_PORTS[config.smtp_tls], config.smtp_tls),
            smtp_login=Login(config.smtp_user or config.user, own_smtp or password, None if own_smtp else token),
            deadline=config.deadline,
            ca_file=config.ca_file,
            must_not_read=config.must_not_read,
        )
    )
