"""What every sample is made of: its shape, and titles with links to an invented mailbox."""

from dataclasses import dataclass

from rules.mails import MailFacts, ReadyTitle
from rules.remind import ready

REPORTER = "ivo.rapportor@kommun.example"
MAILBOX = "ivo-rapportor-lss@kommun.example"


@dataclass(frozen=True, slots=True)
class Sample:
    """One variant of one mail: `mail` is the template's name, `name` tells the variant."""

    mail: str
    name: str
    facts: MailFacts


def linked(title: str, case: str = "") -> ReadyTitle:
    """A title with its link to the invented mailbox."""
    return ready(title, MAILBOX, case)
