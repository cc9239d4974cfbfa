"""What becomes of a letter: folder, reason, answer."""

import pytest

from rules.handling import Handling, Origin, met, name, settles, unmet
from rules.match import (
    Ambiguous,
    Closed,
    DateDiffers,
    Duplicate,
    KindDiffers,
    Matched,
    Meeting,
    NotReportable,
    Premature,
    Untracked,
)
from rules.model import Flaw, Folder, Kind, Title, Verdict
from tests.rules.made import FINAL, NEW, closed, row, title

OK = title(NEW, "2026-04-15")
ACCEPTED = title(NEW, "2026-04-15", verdict=Verdict.ACCEPTED)
REJECTED = title(None, verdict=Verdict.REJECTED, errors=(Flaw.MISSING_KIND,))
NUMBER = title(NEW, verdict=Verdict.REJECTED, errors=(Flaw.PERSONAL_DATA,))
NUMBER_ALONE = Title(Verdict.NOT_A_REPORT, errors=(Flaw.PERSONAL_DATA,))
OTHER = Title(Verdict.NOT_A_REPORT)


def came(automatic: str = "", *, own: bool = True, authentic: bool | None = None, to_ours: bool = False) -> Origin:
    return Origin(automatic or None, own, authentic, to_ours)


STAFF = came()
MACHINE, OUTSIDE, FALSE, ANSWER = came("auto_submitted"), came(own=False), came(authentic=False), came(to_ours=True)


@pytest.mark.parametrize("origin, one, expected", [
    # staff's own letters
    (STAFF, OK, None),
    (STAFF, ACCEPTED, None),
    (came(authentic=True), OK, None),
    (STAFF, REJECTED, Handling(Folder.FIX_TITLE, "rejected", "title_rejected")),
    (STAFF, OTHER, Handling(Folder.INBOX, "not_a_report")),
    # personal data: quarantine whatever the verdict, answered only when meant as a report, and never outside
    (STAFF, NUMBER, Handling(Folder.QUARANTINE, "personal_data", "title_rejected")),
    (STAFF, NUMBER_ALONE, Handling(Folder.QUARANTINE, "personal_data")),
    (OUTSIDE, NUMBER, Handling(Folder.QUARANTINE, "personal_data")),
    (FALSE, NUMBER, Handling(Folder.QUARANTINE, "personal_data")),
    (MACHINE, NUMBER, Handling(Folder.QUARANTINE, "personal_data")),
    (ANSWER, NUMBER, Handling(Folder.QUARANTINE, "personal_data")),
    (came("out_of_office", to_ours=True), NUMBER_ALONE, Handling(Folder.QUARANTINE, "personal_data")),
    (came("bounce", to_ours=True), NUMBER_ALONE, Handling(Folder.QUARANTINE, "personal_data")),
    # automatic letters stay in the inbox with their reason; a bounce of, or an absence answer to, ours is done
    (MACHINE, OK, Handling(Folder.INBOX, "auto_submitted")),
    (MACHINE, REJECTED, Handling(Folder.INBOX, "auto_submitted")),
    (came("list", own=False), OTHER, Handling(Folder.INBOX, "list")),
    (came("bounce"), OTHER, Handling(Folder.INBOX, "bounce")),
    (came("bounce", to_ours=True), OTHER, Handling(Folder.DONE, "bounce")),
    (came("bounce", own=False, to_ours=True), OTHER, Handling(Folder.DONE, "bounce")),
    (came("out_of_office", to_ours=True), OTHER, Handling(Folder.DONE, "out_of_office")),
    (came("read_receipt", to_ours=True), OTHER, Handling(Folder.INBOX, "read_receipt")),
    (came("notice", to_ours=True), OTHER, Handling(Folder.INBOX, "notice")),
    # outside the own domains, or false: change nothing, get no answer
    (OUTSIDE, OK, Handling(Folder.UNCLEAR, "outside")),
    (OUTSIDE, REJECTED, Handling(Folder.UNCLEAR, "outside")),
    (OUTSIDE, OTHER, Handling(Folder.UNCLEAR, "outside")),
    (FALSE, OK, Handling(Folder.UNCLEAR, "unauthentic")),
    (came(own=False, authentic=True), OK, Handling(Folder.UNCLEAR, "outside")),
    # answers to our own mails
    (ANSWER, OK, Handling(Folder.UNCLEAR, "answers_ours")),
    (ANSWER, REJECTED, Handling(Folder.UNCLEAR, "answers_ours")),
    (ANSWER, OTHER, Handling(Folder.UNCLEAR, "answers_ours")),
])  # fmt: skip
def test_letters_that_do_not_meet_the_register(origin: Origin, one: Title, expected: Handling | None) -> None:
    """None only for a readable report from staff, not an answer to us."""
    assert unmet(origin, one) == expected


ROW = row()
MEETINGS: list[tuple[Meeting, str, Folder, str]] = [
    (Matched(ROW, 1), "matched", Folder.TO_REPORT, ""),
    (KindDiffers(ROW, 1, ("kind",)), "kind_differs", Folder.TO_REPORT, "report_differs"),
    (DateDiffers(ROW), "date_differs", Folder.FIX_TITLE, "report_differs"),
    (Premature(ROW, 1), "premature", Folder.FIX_TITLE, "report_differs"),
    (NotReportable(ROW), "not_reportable", Folder.DONE, "report_differs"),
    (Duplicate(ROW, 1), "duplicate", Folder.DONE, ""),
    (Ambiguous("several", (ROW,)), "ambiguous", Folder.UNCLEAR, "ask_case"),
    (Untracked("E-9"), "untracked", Folder.TO_REPORT, ""),
    (Closed(ROW, closed("executed 2026-05-04"), None), "closed", Folder.TO_REPORT, ""),
]


@pytest.mark.parametrize("meeting, outcome, folder, answer", MEETINGS, ids=[m[1] for m in MEETINGS])
def test_reports_that_met_it(meeting: Meeting, outcome: str, folder: Folder, answer: str) -> None:
    """By the table of outcomes; no receipt unless it is configured."""
    found = met(meeting, OK, receipt_normalised=False, receipt_matched=False)
    assert (name(meeting), found.folder, found.answer) == (outcome, folder, answer)


@pytest.mark.parametrize("meeting, one, normalised, matched, answer", [
    (Matched(ROW, 1), OK, False, True, "receipt"),
    (Matched(ROW, 1), OK, True, False, ""),  # it was written as it should be
    (Matched(ROW, 1), ACCEPTED, True, False, "receipt"),
    (Closed(ROW, closed("ended 2026-05-04"), None), OK, False, True, "receipt"),
    (Untracked(""), ACCEPTED, True, False, "receipt"),
    (Untracked(""), OK, True, True, ""),  # matched nothing
    (Duplicate(ROW, 1), ACCEPTED, True, True, ""),
    (KindDiffers(ROW, 1, ("kind",)), ACCEPTED, True, True, "report_differs"),
    (Ambiguous("none"), ACCEPTED, True, True, "ask_case"),
])  # fmt: skip
def test_receipts(meeting: Meeting, one: Title, normalised: bool, matched: bool, answer: str) -> None:
    """Two settings: for accepted titles, and for matched reports; a duplicate gets none."""
    assert met(meeting, one, receipt_normalised=normalised, receipt_matched=matched).answer == answer


@pytest.mark.parametrize("kind, folder", [(Kind.NEW, Folder.TO_REPORT), (Kind.FOLLOW_UP, Folder.TO_REPORT), (FINAL, Folder.UNCLEAR)])
def test_untracked_final_reports_are_unclear(kind: Kind, folder: Folder) -> None:
    """A final report for nothing that we know makes no row."""
    assert met(Untracked(""), title(kind, "2026-04-15"), receipt_normalised=False, receipt_matched=False).folder == folder


@pytest.mark.parametrize("meeting, expected", [
    *[(m, outcome in ("matched", "kind_differs", "closed", "duplicate", "not_reportable", "untracked")) for m, outcome, *_ in MEETINGS],
])  # fmt: skip
def test_what_settles_a_sent_back_letter(meeting: Meeting, expected: bool) -> None:
    """The sender's right report does, also for a decision that the register does not know; one that is itself sent back does not."""
    assert settles(meeting) is expected
