"""What becomes of a letter: the folder it belongs in, the reason, and which answer it gets."""

from dataclasses import dataclass

from rules.model import Flaw, Folder, Kind, Title, Verdict
from rules.outcomes import Ambiguous, Closed, DateDiffers, Duplicate, KindDiffers, Matched, Meeting, NotReportable, Premature, Untracked

NOT_REACHED = ("bounce", "out_of_office", "auto_submitted", "auto_reply")
"""Automatic letters that say that a mail was not read: not a delay, not a receipt."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a letter comes from. `automatic` is the reason why it is one, or None. `authentic` is None when the server says nothing.

    `to_ours`: it answers or concerns one of our own mails.
    """

    automatic: str | None
    own: bool
    authentic: bool | None
    to_ours: bool


@dataclass(frozen=True, slots=True)
class Handling:
    """Where a letter belongs and why (one word), and the name of the mail that answers it ("" for none)."""

    folder: Folder
    reason: str = ""
    answer: str = ""


def unmet(origin: Origin, title: Title) -> Handling | None:
    """What becomes of a letter that does not meet the register; None for a report that must."""
    trusted = origin.own and origin.authentic is not False
    if Flaw.PERSONAL_DATA in title.errors:
        answered = title.verdict is Verdict.REJECTED and trusted and not (origin.automatic or origin.to_ours)
        return Handling(Folder.QUARANTINE, "personal_data", "title_rejected" if answered else "")
    if origin.automatic:
        unread = origin.to_ours and origin.automatic in NOT_REACHED
        return Handling(Folder.DONE if unread else Folder.INBOX, origin.automatic)
    if not trusted:
        return Handling(Folder.UNCLEAR, "unauthentic" if origin.own else "outside")
    if origin.to_ours:
        return Handling(Folder.UNCLEAR, "answers_ours")
    match title.verdict:
        case Verdict.NOT_A_REPORT:
            return Handling(Folder.INBOX, "not_a_report")
        case Verdict.REJECTED:
            return Handling(Folder.FIX_TITLE, "rejected", "title_rejected")
        case _:
            return None


def met(meeting: Meeting, title: Title, *, receipt_normalised: bool, receipt_matched: bool) -> Handling:
    """What becomes of a report after it met the register."""
    receipt = "receipt" if receipt_normalised and title.verdict is Verdict.ACCEPTED else ""
    match meeting:
        case Matched() | Closed():
            return Handling(Folder.TO_REPORT, answer="receipt" if receipt_matched else receipt)
        case KindDiffers():
            return Handling(Folder.TO_REPORT, answer="report_differs")
        case DateDiffers() | Premature():
            return Handling(Folder.FIX_TITLE, answer="report_differs")
        case NotReportable():
            return Handling(Folder.DONE, answer="report_differs")
        case Duplicate():
            return Handling(Folder.DONE)
        case Ambiguous():
            return Handling(Folder.UNCLEAR, meeting.reason, "ask_case")
        case Untracked():
            return Handling(Folder.UNCLEAR if title.kind is Kind.FINAL else Folder.TO_REPORT, answer=receipt)


def name(meeting: Meeting) -> str:
    """The outcome's name in the ledger."""
    names: dict[type, str] = {
        Matched: "matched",
        KindDiffers: "kind_differs",
        DateDiffers: "date_differs",
        Premature: "premature",
        NotReportable: "not_reportable",
        Duplicate: "duplicate",
        Ambiguous: "ambiguous",
        Untracked: "untracked",
        Closed: "closed",
    }
    return names[type(meeting)]


def settles(meeting: Meeting) -> bool:
    """Whether a report is the right one that settles what its sender was asked to mend; one that is itself unclear does not."""
    return isinstance(meeting, Matched | KindDiffers | Closed | Duplicate | NotReportable | Untracked)
