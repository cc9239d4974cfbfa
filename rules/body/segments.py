"""A body cut at its labels: each value with its field, and the prose that stands under no label."""

import dataclasses
import re
from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import Final, NamedTuple

from rules.body import choices, labels
from rules.body.labels import IGNORED
from rules.body.pieces import DATES, LISTS, LONG, ROW, TYPED, UNDER, Piece, pieces, table
from rules.body.words import pattern, says_nothing

_WRAPPED: Final = frozenset({"insats", "reason", "cause", "reason_cause", "form"})

_ONLY_A_DATE: Final = 20
"""An answer that is shorter than this holds no more than its day: a label "Svar" under it goes on with it."""
_WRAPPED_AT: Final = 50
"""A line that is longer than this may have been broken by its length."""
_LEAST_WRAPPED: Final = 38
_LONE_DATE: Final = 10
_MOST: Final = 300
"""Labels of a body that are read: a report has twenty."""
_BULLET: Final = re.compile(r"(?P<indent>[ \t]*)(?P<sign>[*•·▪●○◦‣▸+–—-]|\(?[0-9]{1,2}[.)])[ \t]+")
_LIST_ITEM: Final = re.compile(r"\s*(?:[*•·▪●○◦‣▸+–—-]\s|\(?[0-9]{1,2}[.)]\s|(?:den )?[0-9]{1,4}[-/. ])")


@dataclasses.dataclass(slots=True)
class Segment:
    """A label's field and the lines of its value.

    `when`: a date beside the label itself; `said`: the label's own words; `block`: the value begins below its label;
    `width`: how long the last line was as written; `bullet`: the indent of the bullet before the label.
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
        row_below = table(line, lines[at]) if at < len(lines) else ()
        if row_below and at > 1 and pattern("segments_earlier").match(lines[at - 2]):
            at += 1  # an earlier decision's row
            continue
        cells = row_below or tuple(islice(pieces(line, open_.field if open_ else "", today), _MOST))
        at += bool(row_below)
        for each in cells:
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


def _labelled(piece: Piece, open_: Segment | None, done: list[Segment]) -> Segment:
    """Begins a new value, or goes on with the one that this label stands under."""
    if open_ is not None and piece.field == "date" and open_.field in DATES and open_.lines:
        open_ = None
    below = open_ is not None and open_.field == piece.field and _lacks_its_text(open_, piece)
    if open_ is not None and (below or open_.field in UNDER.get(piece.field, ())):
        open_.lines += [piece.text] if piece.text else []
        return open_
    segment = Segment(piece.field, [piece.text] if piece.text else [], piece.when, piece.said)
    done.append(segment)
    return segment


def _lacks_its_text(open_: Segment, piece: Piece) -> bool:
    """Whether a value is no more than its day, and the next label of its field has the text: "Erbj. datum: …", "Erbj. avser: …"."""
    if len(open_.text) >= _ONLY_A_DATE or open_.field not in LISTS | {"partly", "compensating"}:
        return False
    return open_.field == "answers" or (open_.text[-1:].isdigit() and not any("0" <= sign <= "9" for sign in piece.text[:10]))


def _continued(text: str, open_: Segment | None, blank: bool, prose: list[str]) -> Segment | None:
    """Puts a line without a label where it belongs: to the open value, or to the prose."""
    if open_ is not None and open_.lines and open_.field in LISTS | {"partly", "compensating"} and choices.is_one(text):
        prose.append(text)  # "Kommunen" on a line of its own
        return None
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
    """Whether a line goes on with a list: below its label, or where the line above was broken by its length. A bullet only with a day."""
    above = open_.lines[-1].rstrip()
    if pattern("segments_own_day").match(text):
        return False
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
        and open_.width > _LEAST_WRAPPED
        and not pattern("segments_own_line").match(text)
    ):
        return True
    most = _WRAPPED_AT if text.lstrip()[:1].islower() or above[-1:] not in ".!?)" else 2 * _WRAPPED_AT
    return open_.block or open_.width > most or above[-1:] in (",", "-", "–", "(", "/") or text.lstrip()[:1] == "("
