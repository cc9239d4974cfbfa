"""The demo's folder: its configuration, its register and its Maildir."""

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from importlib.resources import files
from pathlib import Path
from re import search

from bot.cli.demo.letters import Letter
from bot.errors import ConfigError
from bot.mailbox.maildir_disk import FLAGS
from rules.model import Folder

CONFIG, REGISTER, BOX = "config.toml", "register.csv", "brevlada"


def make(home: Path) -> None:
    """Makes the folder and puts the configuration, the register and an empty Maildir into it.

    Raises ConfigError when the folder holds something already, since nothing there may be overwritten, or cannot be made.
    """
    with _plainly(home):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(home.iterdir()):
            raise ConfigError(f"The folder {home} is not empty; delete it, or name another with --dir DIR.")
        for name in (CONFIG, REGISTER):
            (home / name).write_bytes((files("bot.cli.demo") / name).read_bytes())
        for part in ("", "cur", "new", "tmp"):
            (home / BOX / part).mkdir(mode=0o700)


def deliver(home: Path, letters: Iterable[Letter]) -> None:
    """Puts letters into the inbox as a delivery agent does: written whole in tmp, then renamed into new."""
    sent = our_mails(home)
    for letter in letters:
        replies_to = _message_id(sent, letter) if letter.answers else ""
        path = home / BOX / "tmp" / letter.file
        path.write_bytes(letter.raw(replies_to))
        os.utime(path, (letter.at.timestamp(), letter.at.timestamp()))
        path.rename(home / BOX / "new" / letter.file)


@dataclass(frozen=True, slots=True)
class OurMail:
    """A mail that the bot sent, as it lies in Skickat."""

    name: str
    to: str
    subject: str
    message_id: str


def our_mails(home: Path) -> Mapping[str, OurMail]:
    """What the bot has sent, by the names of the files without their flags, oldest first."""
    folder = home / BOX / f".{Folder.SENT.value}"
    paths = [path for part in ("new", "cur") if (folder / part).is_dir() for path in (folder / part).iterdir()]
    found = {}
    for path in sorted(paths, key=lambda path: path.name):
        with path.open("rb") as stream:
            found[FLAGS.sub("", path.name)] = _mail(BytesHeaderParser().parse(stream))
    return found


def _mail(head: Message) -> OurMail:
    name = search(r"name=([a-z0-9_]+)", head["X-Ivobot"] or "")
    subject = str(make_header(decode_header(head["Subject"])))
    return OurMail(name[1] if name else "", head["To"], subject, head["Message-ID"])


def _message_id(sent: Mapping[str, OurMail], letter: Letter) -> str:
    return next((mail.message_id for mail in sent.values() if mail.name == letter.answers and letter.sender in mail.to), "")


def shown(path: Path) -> str:
    """A path as a person can paste it after a command."""
    return shlex.quote(str(path))


@contextmanager
def _plainly(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigError(f"The folder {home} cannot be used ({error.strerror}); name another with --dir DIR.") from None
