"""A body cut at its labels: each value with its field, and the prose that stands under no label."""

import dataclasses
import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
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
_WRAPPED: Final = frozenset({"insats", "reason", "cause", "reason_cause", "form"})
_UNDER: Final = {
    "date": LISTS | {"partly", "compensating", "executed_on", "ended_on"},
    "what": LISTS | {"partly", "compensating"},
    "why": frozenset({"answers", "offers", "offer_answer"}),
    "from": frozenset({"partly", "compensating", "interruption_date"}),
    "form": frozenset({"partly", "compensating"}),
}
"""Labels that belong to the one they stand under."""

_ONLY_A_DATE: Final = 20
"""An answer that is shorter than this holds no more than its day: a label "Svar" under it goes on with it."""
_WRAPPED_AT: Final = 50
"""A line that is longer than this may have been broken by its length."""
_LEAST_WRAPPED: Final = 38
_LONE_DATE: Final = 10
_SENTENCE: Final = 2
_MOST: Final = 300
"""Labels of a body that are read: a report has twenty."""
_START: Final = re.compile(r"(?P<hard>[;.|\t]\s*|[ ]{2,}|\s[-–—/]\s)|(?P<comma>,[ ]?)|(?P<soft>[ /])")
_STOP: Final = re.compile(r"[.!?] +[A-ZÅÄÖ]")
_BEYOND: Final = re.compile(r"[.!?] +[A-ZÅÄÖ]|(?:\S+ +){9}")
_SIGNATURE: Final = re.compile(
    r"\([^\W\d_]{2,8}[0-9]{0,3}\)[ \t]+|[A-ZÅÄÖ]{4,8}[0-9]{0,3}\t[ \t]*|[A-ZÅÄÖ][\w.-]{0,20}(?: [A-ZÅÄÖ][\w.-]{0,20})?:[ \t]*"
)
_CELLS: Final = re.compile(r"\t|[ ]*\|[ ]*|;")
_BULLET: Final = re.compile(r"(?P<indent>[ \t]*)(?P<sign>[*•·▪●○◦‣▸+–—-]|\(?[0-9]{1,2}[.)])[ \t]+")
_LIST_ITEM: Final = re.compile(r"\s*(?:[*•·▪●○◦‣▸+–—-]\s|\(?[0-9]{1,2}[.)]\s|(?:den )?[0-9]{1,4}[-/. ])")


@dataclasses.dataclass(slots=True)
class Segment:
    """A label's field and the lines of its value.

    `when`: a date beside the label itself; `said`: the label's own words; `block`: the value begins below its label;
    `width`: how long the last line was as written; `bullet`: the indent of
    the bullet that the label stands after.
    """

    field: str
    lines: list[str] = dataclasses.field(default_factory=list)
    when: str = ""
    said: str = ""
    width: int = 0
    bullet: str | None = None
    block: bool = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.block = not self.lines

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
    said: str = ""


def cut(lines: Sequence[str], today: date) -> Cut:
    """Gives the labelled values of a body and its prose. Linear in its length."""
    done: list[Segment] = []
    prose: list[str] = []
    open_: Segment | None = None
    blank = filled = False
    row = ""  # the day of the journal's entry that is read
    at = 0
    while at < len(lines) and len(done) < _MOST:
        line = lines[at]
        at += 1
        if not line.strip(" \t|*_=#-"):
            blank = True
            row = "" if filled else row
            prose.append("")
            continue
        waits = open_ is not None and not open_.lines
        if not waits and (stamped := pattern("segments_row").match(line)) and (blank or row or len(line.strip()) > _LONE_DATE):
            row, filled, open_ = stamped["day"], False, None
            prose.append("")
            continue
        filled = True
        if at < len(lines) and _goes_on(line, lines[at]):
            line, at = f"{line.rstrip()} {lines[at].lstrip()}", at + 1
        if at < len(lines) and _only_named(line, lines[at]):
            open_ = None
            prose += ["", line]
            continue
        table = _table(line, lines[at]) if at < len(lines) else ()
        if table and at > 1 and pattern("segments_earlier").match(lines[at - 2]):
            at += 1  # an earlier decision's row
            continue
        pieces = table or tuple(islice(_pieces(line, open_, today), _MOST))
        at += bool(table)
        for each in pieces:
            piece = each
            if row and piece.field in LISTS | {"partly", "compensating", "executed_on", "ended_on"} and not piece.when:
                piece = piece._replace(when=row)
            elif row and not piece.field and open_ is None:
                piece, row = piece._replace(text=f"{row} {piece.text.strip()}"), ""
            if piece.field == ROW:
                open_ = None
                prose += ["", piece.text]
            elif piece.field:
                open_ = _labelled(piece, open_, done)
                prose.append("")
            else:
                open_ = _continued(piece.text, open_, blank, prose)
            if open_ is not None:
                open_.width = len(line)
                if piece.field and (bullet := _BULLET.match(line)):
                    open_.bullet = bullet["indent"]
            blank = False
    return Cut(tuple(done), tuple(prose))


def _only_named(line: str, below: str) -> bool:
    """Whether a bullet holds a label alone and the next bullet is no value of it: a list of what is lacking, or of what will come."""
    bullet, other = _BULLET.match(line), _BULLET.match(below)
    if (
        bullet is None
        or other is None
        or line.rstrip()[-1:] in ":=|"
        or any("0" <= sign <= "9" for sign in below[other.end() : other.end() + 12])
    ):
        return False
    if len(bullet["indent"]) != len(other["indent"]) or (
        bullet["sign"] != other["sign"] and not (bullet["sign"][0].isdigit() and other["sign"][0].isdigit())
    ):
        return False
    label = labels.leading(line)
    return label is not None and label.alone and label.field in LONG | LISTS | {"partly", "compensating"}


def _goes_on(line: str, below: str) -> bool:
    """Whether a label begins in one line and ends, with its sign, in the next."""
    if len(line) > 60 or ":" in line or not below.strip() or not pattern("segments_joined_after").search(line):
        return False
    label = labels.leading(f"{line.rstrip()} {below.lstrip()}")
    return label is not None and label.sure and label.end > len(line.rstrip()) + 2


def _labelled(piece: _Piece, open_: Segment | None, done: list[Segment]) -> Segment:
    """Begins a new value, or goes on with the one that this label stands under."""
    if open_ is not None and piece.field == "date" and open_.field in DATES and open_.lines:
        open_ = None
    below = open_ is not None and open_.field == piece.field == "answers" and len(open_.text) < _ONLY_A_DATE
    if open_ is not None and (below or open_.field in _UNDER.get(piece.field, ())):
        open_.lines += [piece.text] if piece.text else []
        return open_
    segment = Segment(piece.field, [piece.text] if piece.text else [], piece.when, piece.said)
    done.append(segment)
    return segment


def _continued(text: str, open_: Segment | None, blank: bool, prose: list[str]) -> Segment | None:
    """Puts a line without a label where it belongs: to the open value, or to the prose."""
    if open_ is not None:
        if not open_.lines and (open_.field != IGNORED or len(text.strip()) <= 40):
            open_.lines.append(text)
            return open_ if open_.field != IGNORED else None
        if open_.field in LONG:
            if not open_.block and says_nothing(open_.text):
                prose.append(text)
                return None
            open_.lines.append(text)
            return open_
        if open_.field in TYPED:
            last = open_.lines[-1].rstrip()[-1:] if open_.lines else ""
            broken = text.lstrip(" \t-*•(")[:1].islower() and open_.width > _WRAPPED_AT
            if open_.field in _WRAPPED and not blank and (broken or last in ",/-(" or _LIST_ITEM.match(text)):
                open_.lines.append(text)
                return open_
        elif open_.field != IGNORED and (not blank or _LIST_ITEM.match(text)) and _more(text, open_):
            open_.lines.append(text)
            return open_
    prose.append(text)
    return None


def _more(text: str, open_: Segment) -> bool:
    """Whether a line goes on with a list: below its label, or where the line above was broken by its length; a new bullet only with a day."""  # noqa: E501
    above = open_.lines[-1].rstrip()
    if _LIST_ITEM.match(text):
        bullet = _BULLET.match(text)
        if not open_.block and ((bullet and bullet["indent"] == open_.bullet) or open_.when):
            return False  # the next bullet of the list that the label stands in, or the next row of a journal
        return (
            open_.block
            or any("0" <= sign <= "9" for sign in text[:24])
            or (open_.field not in LISTS and pattern("prose_share").search(text) is not None)
        )
    if (
        open_.field in ("partly", "compensating")
        and ":" in open_.said
        and text.lstrip()[:1].islower()
        and not pattern("segments_own_line").match(text)
    ):
        return True
    most = _WRAPPED_AT if text.lstrip()[:1].islower() or above[-1:] not in ".!?)" else 2 * _WRAPPED_AT
    return open_.block or open_.width > most or above[-1:] in (",", "-", "–", "(", "/") or text.lstrip()[:1] == "("


def _pieces(line: str, open_: Segment | None, today: date) -> Iterator[_Piece]:
    """A line cut at its labels; the first piece may be without one."""
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
        yield _Piece(ROW, f"{stamp['day']} {line[signed.end() :]}")
        return
    field, begin = (label.field, label.end) if label else ("", 0)
    said = line[label.start : label.end] if label else ""
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
            yield _Piece(field, _bare(text), when, said)
        field = around = found.field
        said = line[found.start : found.end]
        begin = place = found.end
        when = found.hint if any("0" <= each <= "9" for each in found.hint) else ""
    if field or line[begin:].strip():
        yield _Piece(field, _bare(line[begin:]) if field else line, when, said) if begin else _Piece("", line)


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
            around in LISTS
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
        return sure and sign in ("hard", "comma") and label.field not in _UNDER
    if sure and (label.field not in _UNDER or label.field == "form"):
        return sign != "soft" or line[begin:end].strip() != "" or label.field != IGNORED
    return label.field != IGNORED and label.field not in _UNDER and fits(label.field, line[label.end :], today)


def _bare(text: str) -> str:
    return text.strip(" \t|*_")


def _table(line: str, below: str) -> tuple[_Piece, ...]:
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
    return tuple(_Piece(each.field, _bare(cell)) for each, cell in zip(named, cells, strict=True))
