"""A line cut at its labels, and a table's rows: what stands where in it."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from rules.body import choices, labels, mentioned, values
from rules.body.fits import fits
from rules.body.insats import exact_insats
from rules.body.labels import IGNORED, LEADING, Label
from rules.body.words import pattern, phrase, says_nothing, word_list

DATES: Final = frozenset({"report_date", "decision_date", "interruption_date", "executed_on", "ended_on"})
TYPED: Final = frozenset({"case", "insats", "form", "reason", "cause", "reason_cause", "relative", *DATES, "date"})
"""Fields whose value is short and of a known sort: other text after it is none of its."""
LISTS: Final = frozenset({"contacts", "touch", "offers", "answers", "offer_answer"})
LONG: Final = frozenset({"summary", "other"})
ROW: Final = "row"
"""A case system's own row, stamped and signed: it ends what stands before it and is prose."""
UNDER: Final = {
    "date": LISTS | {"partly", "compensating", "executed_on", "ended_on"},
    "what": LISTS | {"partly", "compensating"},
    "why": frozenset({"answers", "offers", "offer_answer"}),
    "from": frozenset({"partly", "compensating", "interruption_date"}),
    "form": frozenset({"partly", "compensating"}),
}
"""Labels that belong to the one they stand under."""
_SENTENCE: Final = 2
_START: Final = re.compile(r"(?P<hard>[;.|\t]\s*|[ ]{2,}|\s[-–—/]\s)|(?P<comma>,[ ]?)|(?P<soft>[ /])")
_STOP: Final = re.compile(r"[.!?] +[A-ZÅÄÖ]")
_BEYOND: Final = re.compile(r"[.!?] +[A-ZÅÄÖ]|(?:\S+ +){9}")
_SIGNATURE: Final = re.compile(
    r"\([^\W\d_]{2,8}[0-9]{0,3}\)[ \t]+|[A-ZÅÄÖ]{4,8}[0-9]{0,3}\t[ \t]*|[A-ZÅÄÖ][\w.-]{0,20}(?: [A-ZÅÄÖ][\w.-]{0,20})?:[ \t]*"
)
_CELLS: Final = re.compile(r"\t|[ ]*\|[ ]*|;")


class Piece(NamedTuple):
    """A part of a line: a label's field and value, or, without a field, other text. `when`: a date beside the label; `said`: its words."""

    field: str
    text: str
    when: str = ""
    said: str = ""


def pieces(line: str, open_: str, today: date) -> Iterator[Piece]:
    """A line cut at its labels; the first piece may be without one. open_: the field whose value the line may go on with, or ""."""
    stamp = pattern("segments_stamp").match(line)
    label = labels.leading(line)
    when = ""
    if label is None and stamp and (after := _stamped(line, stamp.end())):
        label, when = after, stamp["day"]
    if label is None and not stamp and (dated := _dated(line, today)):
        label, when = dated
    if label is None and not stamp and (own := labels.guessed(line)) and _guess_counts(own, line, today):
        label = own
    if label is not None and not _counts(label, line, today):
        label = None
    if label is None and stamp and ":" in stamp[0] and (signed := _SIGNATURE.match(line, stamp.end())):
        yield Piece(ROW, f"{stamp['day']} {line[signed.end() :]}")
        return
    field, begin = (label.field, label.end) if label else ("", 0)
    said = line[label.start : label.end] if label else ""
    # Under an open free text a line without a label is more of that text: only a sure label inside it ends it.
    around = field or (open_ if open_ in LONG | LISTS else "")
    if label is not None and label.hint and any("0" <= sign <= "9" for sign in label.hint):
        when = label.hint
    place = begin
    while sign := _START.search(line, place):  # a line has at most 3 000 characters
        place = sign.end()
        found = labels.at(line, place, slips=sign.lastgroup == "hard")
        if found is None or not _ends(found, sign.lastgroup or "", around, line, begin, sign.start(), today):
            continue
        text = line[begin : sign.start()]
        if field or text.strip():
            yield Piece(field, _bare(text), when, said)
        field = around = found.field
        said = line[found.start : found.end]
        begin = place = found.end
        when = found.hint if any("0" <= each <= "9" for each in found.hint) else ""
    if field or line[begin:].strip():
        yield Piece(field, _bare(line[begin:]) if field else line, when, said) if begin else Piece("", line)


def _stamped(line: str, begin: int) -> Label | None:
    """The label after a case system's time stamp, with or without a signature between; a full stop is sign enough there."""
    signed = _SIGNATURE.match(line, begin)
    for place in (begin, signed.end() if signed else begin):
        label = labels.at(line, place)
        if label and label.alone and label.field == "touch":
            return None  # "2026-05-19: samtal"
        if label and (label.sure or line[label.end : label.end + 2] == ". "):
            return label._replace(sure=True, end=label.end + (not label.sure))
    return None


def _dated(line: str, today: date) -> tuple[Label, str] | None:
    """The label after a date that a line begins with: "6/7 2026 svar: ja"."""
    bullet = LEADING.match(line)
    begin = bullet.end() if bullet else 0
    if not line[begin : begin + 1].isdigit():
        return None
    read = values.leading_date(line[begin : begin + 60], today)
    if read.day is None:
        return None
    start = line.find(read.rest, begin) if read.rest.strip() else -1
    label = labels.at(line, start + len(read.rest) - len(read.rest.lstrip(" ,:")), slips=False) if start >= 0 else None
    return (
        (label, line[begin:start])
        if label and label.sure and not label.alone and label.field in LISTS | {"partly", "compensating"}
        else None
    )


def _guess_counts(label: Label, line: str, today: date) -> bool:
    """Whether what follows a label in the sender's own words is of its sort; a text of any sort only after words that leave no doubt."""
    rest = line[label.end :]
    if label.field in LONG or label.field in ("end_reason", "why"):
        return len(rest.split()) > 1
    if label.field in ("reason", "cause", "reason_cause"):
        return bool(
            mentioned.reason([rest]) or mentioned.cause([rest], "") or choices.begins(rest, "reason") or choices.begins(rest, "cause")
        )
    return fits(label.field, rest, today)


def _counts(label: Label, line: str, today: date) -> bool:
    """Whether the label at a line's beginning is one: set off by a sign, or with a value of its sort right after it."""
    if label.field == IGNORED and label.alone and exact_insats(line[label.start :].strip(" .")):
        return False
    if label.sure:
        return not label.alone or len(LEADING.sub("", line, count=1)) < 70
    rest = line[label.end :]
    return label.field != IGNORED and (fits(label.field, rest, today) or (says_nothing(rest) and label.field not in UNDER))


def _ends(label: Label, sign: str, around: str, line: str, begin: int, end: int, today: date) -> bool:
    """Whether a label inside a line ends the value before it."""
    before = line[max(begin, end - 60) : end].split()
    if before and phrase(before[-1]) in word_list("another_label"):
        return False
    if sign != "hard" and label.sure and not line[label.start : label.end].rstrip(" \t*_").endswith((":", "=")):
        return False  # a cell's edge or a dash after the last word of a value
    if label.field == "executed_on" and pattern("prose_share").search(line, begin, end):
        return False  # "2 av 5 timmar verkställt sedan …"
    if sign == "soft" and around in ("reason", "cause", "reason_cause") and choices.is_one(line[begin : label.end]):
        return False  # "Personalrelaterade skäl"
    if label.field == "touch" and around in ("contacts", "touch") and not line[label.start : label.end].rstrip(" \t*_").endswith(":"):
        return False  # how a contact was made
    if label.field == "answers" and around in ("contacts", "touch"):
        rest = line[label.end :]
        if not (values.yes_or_no(rest) or values.yes_or_no(values.leading_date(rest, today).rest.lstrip(" ,:;–-"))):
            return False  # an answer to a letter
    sure = label.sure and not (label.alone and line[label.end - 1 : label.end] not in ":=\t|")
    if around in LONG or (around not in TYPED and around):
        colon = (sure and line[label.start : label.end].rstrip(" \t*_").endswith((":", "=", "|"))) or "\t" in line[label.start : label.end]
        if sign == "hard" and colon:
            return label.field != IGNORED or around not in LONG
        if around in ("offers", "offer_answer") and label.field == "answers" and not label.sure:
            rest = line[label.end :]
            return values.yes_or_no(rest) or values.yes_or_no(values.leading_date(rest, today).rest.lstrip(" ,:;–-"))
        if around in LISTS and sign == "hard" and label.field == "case" and not label.sure:
            return fits("case", line[label.end :], today)
        return (
            around in LISTS | {"partly", "compensating"}
            and sign in ("hard", "comma")
            and label.field in LISTS | {"partly", "compensating"}
            and fits(label.field, line[label.end :], today)
        )
    if around in TYPED and _BEYOND.search(line[begin:end]):
        around = ""  # the value has ended, and a sentence goes on
    if around == "" and label.field == "case" and not label.sure and len(line[begin:end].split()) >= _SENTENCE:
        return False  # "kunden i ärende E-1 …": a sentence, which is read whole
    if around == "" and label.field == "case" and not label.sure and not _STOP.search(line):
        return fits("case", line[label.end :], today)
    if around == "ended_on" and label.field == "why":
        return True
    if around == "":
        return sure and sign in ("hard", "comma") and label.field not in UNDER
    if sure and (label.field not in UNDER or label.field == "form"):
        return sign != "soft" or line[begin:end].strip() != "" or label.field != IGNORED
    return label.field != IGNORED and label.field not in UNDER and fits(label.field, line[label.end :], today)


def _bare(text: str) -> str:
    return text.strip(" \t|*_")


def table(line: str, below: str) -> tuple[Piece, ...]:
    """A table's heading and the row under it, when each cell of the heading is a label."""
    heads = [cell for cell in _CELLS.split(line.strip(" |")) if cell.strip()]
    cells = _CELLS.split(below.strip(" |"))
    if len(heads) < 2:
        return ()
    if len(cells) != len(heads):
        return ()
    found = [labels.at(head.strip(), 0) for head in heads]
    named = [each for each in found if each is not None and each.alone]
    first = labels.leading(below)
    if len(named) != len(heads) or (first is not None and not (first.field == IGNORED and exact_insats(cells[0]))):
        return ()
    fields = {each.field for each in named}
    if "what" in fields or not fields & (TYPED - {"date"}):
        return ()  # rows of a journal
    return tuple(Piece(each.field, _bare(cell)) for each, cell in zip(named, cells, strict=True))
