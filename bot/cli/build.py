"""Builds what the jobs work with, from the configuration. Nothing else in the program makes these objects."""

import os
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from bot.clock import FixedClock, SystemClock, parse_now
from bot.config import Config, active_routine, load
from bot.config.mailboxes import Ews, Graph, Imap, MailboxBase, Maildir
from bot.errors import ConfigError
from bot.jobs.office import Office
from bot.keys import Keys, load_or_create
from bot.mailbox.base import Mailbox
from bot.store import jobs
from bot.store.engine import open_store, read, write
from rules.plan import Planner
from rules.workday import Workdays


def configuration(path: Path | None) -> Config:
    """The configuration that a command was told to use, or the default one."""
    return load(path, os.environ)


def instant(config: Config, now: str) -> datetime:
    """The instant that `--now` sets, else this one. Raises ConfigError where real mail would carry false dates."""
    if not now:
        return SystemClock().now()
    if not config.mailbox.local and config.bot.mode != "dry":
        raise ConfigError("--now works only with the embedded mailbox, a mailbox on this machine, or in mode dry; leave it out.")
    return FixedClock(parse_now(now, config.bot.timezone)).now()


def planner(config: Config) -> Planner:
    """The configured routine on the office's calendar."""
    return Planner(active_routine(config), Workdays(config.calendar.closed_days))


def mailbox(config: MailboxBase) -> Mailbox:
    """The mailbox of the configured kind. A kind's library is imported only here, when it is chosen. Raises ConfigError."""
    match config:
        case Maildir(path=path, address=address):
            from bot.mailbox.maildir import MaildirMailbox

            return MaildirMailbox(path, address)
        case Imap():
            from bot.cli.mailboxes.imap import connect as imap

            return imap(config)
        case Ews():
            from bot.cli.mailboxes.ews import connect as ews

            return ews(config)
        case Graph():
            from bot.cli.mailboxes.graph import connect as graph

            return graph(config)
        case other:
            raise ConfigError(f"[mailbox] kind {other.kind} is unknown.")


def prove(engine: Engine, keys: Keys) -> None:
    """Sees to it that the keys are those that the database's hashes were made with. Raises ConfigError when they are not."""
    with read(engine) as tx:
        known = jobs.recall(tx, "key_proof")
    if known and known not in keys.hashes("mail", "proof"):
        raise ConfigError("The keys in data_dir/keys are not those of this database; put them back from the backup that belongs to it.")
    if known != keys.hash("mail", "proof"):
        with write(engine) as tx:
            jobs.remember(tx, "key_proof", keys.hash("mail", "proof"))


def _make_first_mailbox(config: Config) -> None:
    """Makes the embedded mailbox inside data_dir at the very first start, so that the example configuration runs as it is.

    Anywhere else, or later, a mailbox that is missing is an error: it may be a disk that is not there.
    """
    folder, data_dir = config.mailbox, config.bot.data_dir
    if isinstance(folder, Maildir) and folder.path.is_relative_to(data_dir) and not (data_dir / "keys").exists():
        for part in ("cur", "new", "tmp"):
            (folder.path / part).mkdir(mode=0o700, parents=True, exist_ok=True)


def office(config: Config) -> Office:
    """Everything that the jobs work with; the database is brought to the newest schema."""
    data_dir = config.bot.data_dir
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"The folder {data_dir} cannot be made ({error.strerror}); choose another [bot] data_dir or mend its rights."
        ) from None
    _make_first_mailbox(config)
    keys = load_or_create(data_dir, config.secrecy.hash_key)
    engine = open_store(config.database.url.get_secret_value())
    prove(engine, keys)
    people = config.recipients()
    if outside := [address for address in people.reporter if not people.own(address)]:
        raise ConfigError(f"[people] reporter: {outside[0]} lies outside own_domains, where no mail goes; correct one of the two.")
    return Office(engine, mailbox(config.mailbox), planner(config), people, keys, config)
