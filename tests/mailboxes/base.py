"""What the tests need of a mail server, as the world sees it from outside."""

from collections.abc import Mapping
from typing import Protocol

from bot.mailbox.base import Mailbox

SENDER = "ivo-rapportor-lss@kommun.example"


class Backend(Protocol):
    """A mail server under test with an empty mailbox `SENDER`.

    `key` is the part of a letter's Message-ID before @kommun.example. Folders go by the names that staff see: "INBOX", "Klart" …,
    also those that a person made; "Skickat" is where the copies of sent mails lie, "Borttaget" where deleted letters go, whatever the
    server calls them.
    """

    mailbox: Mailbox

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment variables (IVOBOT_MAILBOX__…) by which a configuration names this mailbox."""

    def deliver(self, raw: bytes) -> None:
        """A letter comes in, by the way that letters come to this server. One delivered later is the younger."""

    def folder(self, name: str) -> list[bytes]:
        """The letters of a folder, oldest first, asked of the server without the program's code; none when there is no such folder."""

    def folder_of(self, key: str) -> list[str]:
        """In which folders a letter lies, sorted: one name if all is well."""

    def move_by_hand(self, key: str, folder: str) -> None:
        """A person moves a letter, and so marks it as read; the folder is made if need be."""

    def delete_by_hand(self, key: str) -> None:
        """A person deletes a letter for good."""

    def restart(self) -> Mailbox:
        """The program is started anew: a new object, which is also `mailbox` from now on."""
