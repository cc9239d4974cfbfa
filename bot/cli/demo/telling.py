"""One letter, reminder or import in the words of a table's cells."""

from collections.abc import Iterable

from bot.cli.demo.outcome import Reminded, Seen
from bot.cli.demo.words import ANSWER, FLAW, FOLDER, MILESTONE, OUTCOME, REASON, ROLE, VERDICT, WARNING
from bot.register.reader import Notice
from rules.model import Flaw, Kind, Verdict
from rules.title import suggest


def letter_cells(seen: Seen) -> tuple[str, str, str, str, str]:
    """Number, what came, its verdict, what happened, and the answer with the folder below it."""
    at = seen.letter.at
    # The program never shows a received title. Here it may be shown, since the demo itself wrote the letters.
    title = seen.letter.title or "(tom fil)"
    came = f"{seen.letter.sender.partition('@')[0] or 'okänd'} {at.day}/{at.month} {at:%H:%M}"
    answer = ANSWER.get(seen.ledger["answer"], seen.ledger["answer"])
    folder = FOLDER.get(seen.ledger["folder"], seen.ledger["folder"])
    return str(seen.ledger["id"]), f"{title}\n{came}", VERDICT[seen.title.verdict], _happened(seen), f"{answer}\n{folder}"


def _happened(seen: Seen) -> str:
    """What came of it; first what a title was read as that is not in its right form, last what is wrong with one."""
    said = seen.ledger
    if meeting := str(said["meeting"]):
        final = meeting == "untracked" and seen.title.kind is Kind.FINAL
        words = OUTCOME["untracked_final" if final else meeting].format(case=seen.case, months=3 * (said["k"] or 0))
        return f"{suggest(seen.title)[0]}\n{words}" if seen.title.verdict is Verdict.ACCEPTED else words
    reason = str(said["reason"])
    if reason == "rejected" and said["settled"]:
        reason = "settled"
    elif said["unreached"]:
        reason = "unreached"
    flaws = ", ".join(FLAW[flaw] for flaw in seen.title.errors if flaw is not Flaw.PERSONAL_DATA)
    return REASON.get(reason, reason) + (f": {flaws}" if flaws else "")


def reminder_cells(one: Reminded) -> tuple[str, str, str, str]:
    """Which reminder, to whom, for which cases and why today."""
    to = "\n".join(one.to)
    if one.missing:
        to += f"\n(adress saknas för {ROLE.get(one.missing, one.missing)})"
    to += "".join(f"\nkopia {copy}" for copy in one.cc)
    several = f"\n({len(one.cases)} i ett mejl)" if len(one.cases) > 1 else ""
    return MILESTONE.get(one.name, one.name), to, ", ".join(one.cases) + several, one.why


def warnings(notices: Iterable[Notice]) -> str:
    """The import's warnings, with the rows' numbers in the file."""
    return ", ".join(f"rad {notice.row}: {WARNING.get(notice.code, notice.code)}" for notice in notices)
