"""A body cut at its labels: each value with its field, and the prose that stands under no label."""

import dataclasses
import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Final, NamedTuple

from rules.body import choices, labels, values
from rules.body.fits import fits
from rules.body.labels import IGNORED, LEADING, Label
from rules.body.words import pattern, phrase, says_nothing, word_list

DATES: Final = frozenset({"report_date", "decision_date", "interruption_date", "executed_on", "ended_on"})
TYPED: Final = frozenset({"case", "insats", "form", "reason", "cause", "reason_cause", "relative", *DATES, "date"})
"""Fields whose value is short and of a known sort: other text after it is none of its."""
LISTS: Final = frozenset({"contacts", "offers", "answers", "offer_answer"})
LONG: Final = frozenset({"summary", "other"})
ROW: Final = "row"
"""A case system's own row, stamped and signed: it ends what stands before it and is prose."""
_WRAPPED: Final = frozenset({"insats", "reason", "cause", "reason_cause", "form"})
_UNDER: Final = {
    "date": LISTS | {"partly", "compensating"},
    "what": LISTS | {"partly", "compensating"},
    "why": frozenset({"answers", "offers", "offer_answer"}),
    "from": frozenset({"partly", "compensating", "interruption_date"}),
    "form": frozenset({"partly", "compensating"}),
}
"""Labels that belong to the one they stand under."""

_ONLY_A_DATE: Final = 20
"""An answer that is shorter than this holds no more than its day: a label "Svar" under it goes on with it."""
_MOST: Final = 300
"""Labels of a body that are read: a report has twenty."""
_START: Final = re.compile(r"(?P<hard>[;.|\t]\s*|[ ]{2,}|\s[-–—/]\s)|(?P<comma>,[ ]?)|(?P<soft>[ /])")
_STOP: Final = re.compile(r"[.!?] +[A-ZÅÄÖ]")
_BEYOND: Final = re.compile(r"[.!?] +[A-ZÅÄÖ]|(?:\S+ +){9}")
_SIGNATURE: Final = re.compile(r"[A-ZÅÄÖ][\w.-]{0,20}(?: [A-ZÅÄÖ][\w.-]{0,20})?:[ \t]*")
_CELLS: Final = re.compile(r"\t|[ ]*\|[ ]*|;")
_LIST_ITEM: Final = re.compile(r"\s*(?:[*•·▪●○‣–—-]\s|\(?[0-9]{1,2}[.)]\s|(?:den )?[0-9]{1,4}[-/. ])")


@dataclasses.dataclass(slots=True)
class Segment:
    """A label's field and the lines of its value. `when`: a date beside the label itself."""

    field: str
    lines: list[str] = dataclasses.field(default_factory=list)
    when: str = ""

    @property
    def text(self) -> str:
        """The whole value on one line."""
        return " ".join(" ".join(self.lines).split())


class Cut(NamedTuple):
    """The labelled values in order, and the lines of prose; an empty line parts two paragraphs."""

    segments: tuple[Segment, ...]
    prose: tuple[str, ...]


class _Piece(NamedTuple):
    field: str
    text: str
    when: str = ""


def cut(lines: Sequence[str], today: date) -> Cut:
    """Gives the labelled values of a body and its prose. Linear in its length."""
    done: list[Segment] = []
    prose: list[str] = []
    open_: Segment | None = None
    blank = False
    at = 0
    while at < len(lines) and len(done) < _MOST:
        line = lines[at]
        at += 1
        if not line.strip(" \t|*_=#-"):
            blank = True
            prose.append("")
            continue
        if at < len(lines) and _goes_on(line, lines[at]):
            line, at = f"{line.rstrip()} {lines[at].lstrip()}", at + 1
        table = _table(line, lines[at]) if at < len(lines) else ()
        pieces = table or tuple(islice(_pieces(line, open_, today), _MOST))
        at += bool(table)
        for piece in pieces:
            if piece.field == ROW:
                open_ = None
                prose += ["", piece.text]
            elif piece.field:
                open_ = _labelled(piece, open_, done)
                prose.append("")
            else:
                open_ = _continued(piece.text, open_, blank, prose)
            blank = False
    return Cut(tuple(done), tuple(prose))


def _goes_on(line: str, below: str) -> bool:
    """Whether a label begins in one line and ends, with its sign, in the next."""
    if len(line) > 60 or ":" in line or not below.strip() or not pattern("segments_joined_after").search(line):
        return False
    label = labels.leading(f"{line.rstrip()} {below.lstrip()}")
    return label is not None and label.sure and label.end > len(line.rstrip()) + 2


def _labelled(piece: _Piece, open_: Segment | None, done: list[Segment]) -> Segment:
    """Begins a new value, or goes on with the one that this label stands under."""
    below = open_ is not None and open_.field == piece.field == "answers" and len(open_.text) < _ONLY_A_DATE
    if open_ is not None and (below or open_.field in _UNDER.get(piece.field, ())):
        open_.lines.append(piece.text)
        return open_
    segment = Segment(piece.field, [piece.text] if piece.text else [], piece.when)
    done.append(segment)
    return segment


def _continued(text: str, open_: Segment | None, blank: bool, prose: list[str]) -> Segment | None:
    """Puts a line without a label where it belongs: to the open value, or to the prose."""
    if open_ is not None:
        if not open_.lines and (open_.field != IGNORED or len(text.strip()) <= 40):
            open_.lines.append(text)
            return open_ if open_.field != IGNORED else None
        if open_.field in LONG:
            open_.lines.append(text)
            return open_
        if open_.field in TYPED:
            last = open_.lines[-1].rstrip()[-1:] if open_.lines else ""
            if open_.field in _WRAPPED and not blank and (text.lstrip(" \t-*•(")[:1].islower() or last in ",/-(" or _LIST_ITEM.match(text)):
                open_.lines.append(text)
                return open_
        elif open_.field != IGNORED and (not blank or _LIST_ITEM.match(text)):
            open_.lines.append(text)
            return open_
    prose.append(text)
    return None


def _pieces(line: str, open_: Segment | None, today: date) -> Iterator[_Piece]:
    """A line cut at its labels; the first piece may be without one."""
    stamp = pattern("segments_stamp").match(line)
    label = labels.leading(line)
    when = ""
    if label is None and stamp and (after := _stamped(line, stamp.end())):
        label, when = after, stamp["day"]
    if label is not None and not _counts(label, line, today):
        label = None
    if label is None and stamp and ":" in stamp[0] and (signed := _SIGNATURE.match(line, stamp.end())):
        yield _Piece(ROW, f"{stamp['day']} {line[signed.end() :]}")
        return
    field, begin = (label.field, label.end) if label else ("", 0)
    # Under an open free text a line without a label is more of that text: only a sure label inside it ends it.
    around = field or (open_.field if open_ and open_.field in LONG | LISTS else "")
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
            yield _Piece(field, _bare(text), when)
        field = around = found.field
        begin = place = found.end
        when = found.hint if any("0" <= each <= "9" for each in found.hint) else ""
    if field or line[begin:].strip():
        yield _Piece(field, _bare(line[begin:]) if field else line, when) if begin else _Piece("", line)


def _stamped(line: str, begin: int) -> Label | None:
    """The label after a case system's time stamp, with or without a signature between; a full stop is sign enough there."""
    signed = _SIGNATURE.match(line, begin)
    for place in (begin, signed.end() if signed else begin):
        label = labels.at(line, place)
        if label and (label.sure or line[label.end : label.end + 2] == ". "):
            return label._replace(sure=True, end=label.end + (not label.sure))
    return None


def _counts(label: Label, line: str, today: date) -> bool:
    """Whether the label at a line's beginning is one: set off by a sign, or with a value of its sort right after it."""
    if label.sure:
        return not label.alone or len(LEADING.sub("", line, count=1)) < 70
    rest = line[label.end :]
    return label.field != IGNORED and (fits(label.field, rest, today) or (says_nothing(rest) and label.field not in _UNDER))


def _ends(label: Label, sign: str, around: str, line: str, begin: int, end: int, today: date) -> bool:
    """Whether a label inside a line ends the value before it."""
    before = line[max(begin, end - 60) : end].split()
    if before and phrase(before[-1]) in word_list("another_label"):
        return False
    if sign != "hard" and label.sure and not line[label.start : label.end].rstrip(" \t*_").endswith((":", "=")):
        return False  # a cell's edge or a dash after the last word of a value
    if sign == "soft" and around in ("reason", "cause", "reason_cause") and choices.is_one(line[begin : label.end]):
        return False  # "Personalrelaterade skäl"
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
            around in LISTS
            and sign in ("hard", "comma")
            and label.field in LISTS | {"partly", "compensating"}
            and fits(label.field, line[label.end :], today)
        )
    if around in TYPED and _BEYOND.search(line[begin:end]):
        around = ""  # the value has ended, and a sentence goes on
    if around == "" and label.field == "case" and not label.sure and not _STOP.search(line):
        return fits("case", line[label.end :], today)
    if around == "ended_on" and label.field == "why":
        return True
    if around == "":
        return sure and sign in ("hard", "comma") and label.field not in _UNDER
    if sure and (label.field not in _UNDER or label.field == "form"):
        return sign != "soft" or line[begin:end].strip() != "" or label.field != IGNORED
    return label.field != IGNORED and label.field not in _UNDER and fits(label.field, line[label.end :], today)


def _bare(text: str) -> str:
    return text.strip(" \t|*_")


def _table(line: str, below: str) -> tuple[_Piece, ...]:
    """A table's heading and the row under it, when each cell of the heading is a label."""
    heads = [cell for cell in _CELLS.split(line.strip(" |")) if cell.strip()]
    if len(heads) < 2:
        return ()
    found = [labels.at(head.strip(), 0) for head in heads]
    named = [each for each in found if each is not None and each.alone]
    cells = _CELLS.split(below.strip(" |"))
    if len(named) != len(heads) or len(cells) != len(heads) or labels.leading(below):
        return ()
    return tuple(_Piece(each.field, _bare(cell)) for each, cell in zip(named, cells, strict=True))
