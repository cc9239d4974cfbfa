"""From a mail's facts to its bytes: who gets it in this mode, the words, the headers. The service and `ivobot simulate` share it."""

from datetime import datetime

from bot.compose import compose
from bot.errors import TemplateError
from bot.jobs.office import Office
from bot.mailbox.base import OutgoingMail
from bot.render import render
from rules.mails import MailFacts


def write(
    office: Office,
    facts: MailFacts,
    *,
    name: str,
    key: str,
    to: tuple[str, ...],
    cc: tuple[str, ...],
    now: datetime,
    answers: str = "",
    reply: bool = False,
) -> OutgoingMail:
    """A mail as it goes out at `now`, which is its Date. answers: the Message-ID of the letter that it answers. reply: it answers a letter.

    In mode team it goes to the team and says whom it was for. Raises TemplateError when nobody in the own domains would get it.
    """
    config, note = office.config, ""
    message_id = f"<{key}@{config.mailbox.address.rpartition('@')[2]}>"
    if config.bot.mode == "team":
        to, cc, note = config.bot.team, (), ", ".join((*to, *cc))
    to, cc = tuple(a for a in to if office.people.own(a)), tuple(a for a in cc if office.people.own(a))
    if not (to or cc):
        raise TemplateError("Nobody in the own domains would get this mail; correct [people] or [bot] team.")
    raw = compose(
        render(facts, name, reporter=", ".join(office.people.reporter)),
        name=name,
        key=key,
        message_id=message_id,
        sender=config.mailbox.address,
        to=to or cc,
        cc=cc if to else (),
        date=now.astimezone(config.bot.timezone),
        in_reply_to=answers,
        references=(answers,) if answers else (),
        automatic="auto-replied" if reply else "auto-generated",
        team_note=note,
    )
    return OutgoingMail(message_id, config.mailbox.address, (*to, *cc), raw)
