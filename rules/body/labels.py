"""The labels of a body: where one stands in a line, and how surely."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from rules.body.words import LEAST_FOR_SLIP, TWO_SLIPS, Word, beginnings, data, labels, long_labels, pattern, phrase, words

IGNORED: Final = "ignored"
"""The field of a label whose value is none of ours."""

LEADING: Final = re.compile(
    r"[\s>|]*(?:(?:[*•·▪●○‣–—#+\uf0b7→➢►▶»✓✔➤◦-]|->|=>)+[\s*_]*|[0-9]{1,2}\.[0-9]{1,2}\.?(?=[ \t]+[^\W\d_])[ \t]*|"
    r"\(?[0-9]{1,2}[.)](?=[ \t]*[^\W\d_])[ \t]*|[a-h]\)[ \t]*|[*_]{1,3})?[ \t*_]*"
)
"""What stands before the words of a line: a bullet, a number, a table's bar."""
_MOST_WORDS: Final = 9
_GAP: Final = re.compile(r"[ ]?(?:[./&+,?]|- ?|– ?)?[ ]?\(?")
_HINT: Final = re.compile(r"[ ]?\((?P<inside>[^()\n]{0,90})\)")
_SEPARATOR: Final = re.compile(
    r"[*_]{0,3}[ \t]{0,8}"
    r"(?:(?<=[*_] )(?=\w)|[.?]?[*_]{0,3}[ ]?[:=;|]+[*_]{0,3}(?![/\\])|[.?]?\t|[.?]?[ ]{2,}(?=\S)| [-–—]+>?(?= )|\.{3,}:?|->)"
    r"[ \t|*_]*"
)
_END: Final = re.compile(r"[*_]{0,3}[.?:]?[*_]{0,3}\s*$")
_FAR_COLON: Final = re.compile(r"(?P<words>[^\W\d_][^:.;\d\t\n]{4,80}):[ \t*_]*")
_OWN_LABEL: Final = re.compile(r"(?P<words>[^\W\d_][^:;\d\t\n(]{2,60}?)\??\s?(?:\((?P<hint>[^()\n]{1,40})\))?[*_]{0,3}\s?(?::|\t)[ \t*_|]*")
_NUMBER: Final = re.compile(r"[ ]?(?:nr\.?[ ]?)?[0-9]{1,2}(?=[ ]?[:)\t(])", re.IGNORECASE)


class Label(NamedTuple):
    """A label in a line: its field, where it begins, where its value begins, and how it is set off.

    sure: a colon, a tab or the line's end follows. hint: what stands in brackets between label and colon, perhaps a date.
    """

    field: str
    start: int
    end: int
    sure: bool
    alone: bool = False
    hint: str = ""


def at(line: str, start: int, *, slips: bool = True) -> Label | None:
    """The label that begins at a place in a line, the longest one; None if there is none. slips: also a misspelled one."""
    found = None
    for key, after in _candidates(line, start, slips):
        field = labels().get(key)
        if field is None and slips and len(key) >= LEAST_FOR_SLIP:
            field = _misspelled(key) if _sure(line, after) else None
        if field is not None:
            read = _whole(line, start, after, field)
            if read.sure or found is None or not found.sure:
                found = read
    return found


def leading(line: str) -> Label | None:
    """The label that a line begins with, after its bullet."""
    begin = LEADING.match(line)
    start = begin.end() if begin else 0
    found = at(line, start)
    return found if found and found.sure else _begun(line, start) or found


def _begun(line: str, start: int) -> Label | None:
    """A label that is longer than the known ones ("Sammanfattning av perioden från enheten:"): known by how it begins, and its colon."""
    colon = _FAR_COLON.match(line, start)
    if colon is None:
        return None
    said = phrase(colon["words"])
    for field, names in data()["beginnings"].items():
        if any(said.startswith(phrase(name) + " ") for name in names):
            return Label(field, start, colon.end(), True, not line[colon.end() :].strip())
    return None


def guessed(line: str) -> Label | None:
    """A label in the sender's own words ("Vem vi talat med:"): known by a word in it. Its value must be of its sort to count."""
    begin = LEADING.match(line)
    start = begin.end() if begin else 0
    colon = _OWN_LABEL.match(line, start)
    if colon is None or pattern("guess_not").search(colon["words"]):
        return None
    for field in data()["guesses"]:
        if pattern(f"guess_{field}").search(colon["words"]):
            return Label(field, start, colon.end(), True, not line[colon.end() :].strip(), colon["hint"] or "")
    return None


def opening_field(line: str) -> str:
    """The field that a line's sure label names; "" if it begins with none, or with one that is not read."""
    label = leading(line)
    return label.field if label and label.sure and label.field != IGNORED else ""


def _candidates(line: str, start: int, slips: bool) -> list[tuple[str, int]]:
    """The keys of the first words here, shortest first, as far as they can be a label; with slips only up to a sign after them."""
    found: list[tuple[str, int]] = []
    joined, last = "", start
    # A slip of the pen is only looked for where a colon or the line's end follows soon: else every word of a text would be tried.
    stop = min(len(line), start + 90)
    slips = slips and (stop == len(line) or ":" in line[start:stop] or "\t" in line[start:stop])
    for count, word in enumerate(words(line, start, min(len(line), start + 140))):
        if count == _MOST_WORDS or not _follows(line, last, word, count):
            break
        joined, last = joined + word.key, word.end
        if joined not in beginnings() and (not slips or len(joined) > 60):
            break
        found.append((joined, last))
    return found


def _follows(line: str, last: int, word: Word, count: int) -> bool:
    return word.start == last if count == 0 else _GAP.fullmatch(line, last, word.start) is not None


def _whole(line: str, start: int, after: int, field: str) -> Label:
    """The label with its hint in brackets, its number ("Erbjudande 2:") and its sign."""
    if line[after : after + 1] == ")" and "(" in line[start:after]:
        after += 1
    hint = _HINT.match(line, after)
    if hint is None and (number := _NUMBER.match(line, after)):
        after = number.end()
        hint = _HINT.match(line, after)
    if hint:
        after = hint.end()
    inside = hint["inside"] if hint else ""
    if sign := _SEPARATOR.match(line, after):
        return Label(field, start, sign.end(), True, not line[sign.end() :].strip(), inside)
    if end := _END.match(line, after):
        return Label(field, start, end.end(), True, True, inside)
    return Label(field, start, after, False, False, inside)


def _sure(line: str, after: int) -> bool:
    hint = _HINT.match(line, after)
    place = hint.end() if hint else after
    return bool(_SEPARATOR.match(line, place) or _END.match(line, place))


@lru_cache(2048)
def _misspelled(key: str) -> str | None:
    """The field of the one label that this is a slip of: one wrong letter from eight, two from eighteen."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    allowed = 2 if len(key) >= TWO_SLIPS else 1
    known = long_labels()
    near = [name for length in range(len(key) - allowed, len(key) + allowed + 1) for name in known.get(length, ())]
    close = process.extract(key, near, scorer=OSA.distance, score_cutoff=allowed, limit=None)
    fields = {labels()[name] for name, _, _ in close}
    fields.discard("relative")  # "anhörig ja" is a label and its value
    return fields.pop() if len(fields) == 1 else None
