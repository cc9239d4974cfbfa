"""What can be done with a row of the digest, by the section that it stands in."""

from rules.commands.model import Verb
from rules.mails import DigestRow

_CLOSE = (Verb.EXECUTED, Verb.ENDED)


def possible(section: str, row: DigestRow) -> tuple[Verb, ...]:
    """Gives what a reply can do with a row; nothing for a row that only tells.

    | section | reported | executed, ended | postponed | is CASE |
    |---|---|---|---|---|
    | overdue, postponed | the mark is reported to IVO | closes the row | the mark's reminders and its row wait | |
    | window, a letter has come | the letter is reported to IVO | | | |
    | window, nothing has come | as overdue | as overdue | as overdue | |
    | new_reports | the letter is reported to IVO | | | untracked: settles the letter |
    | sent_back | | closes the row that the letter named | | |
    | unclear | | | | settles the letter |
    | vanished | | closes the row | | |
    | coming | the mark is reported, once it has passed | closes the row | as overdue, of a reminder that no report came | |
    """
    match section:
        case "overdue" | "postponed":
            return (Verb.REPORTED, *_CLOSE, Verb.POSTPONED) if row.row else ()
        case "window":
            if row.letter:
                return (Verb.REPORTED,)
            return (Verb.REPORTED, *_CLOSE, Verb.POSTPONED) if row.row else ()
        case "new_reports":
            return (Verb.REPORTED, Verb.IS) if row.what == "untracked" else (Verb.REPORTED,)
        case "unclear":
            return (Verb.IS,)
        case "sent_back" | "vanished":
            return _CLOSE if row.row else ()
        case "coming" if row.row:
            overdue = row.what.startswith("overdue")
            return (Verb.REPORTED, *_CLOSE, Verb.POSTPONED) if overdue else _CLOSE
        case _:
            return ()
