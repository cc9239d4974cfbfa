"""The lines of a body that its sender wrote: no quoted letters, no signature, no identity numbers; what a scanner broke joined again."""

import re
from collections.abc import Iterator
from typing import Final

from rules import identity
from rules.body.labels import opening_field
from rules.body.words import MASK, pattern
from rules.characters import INVISIBLE

MOST: Final = 64_000
"""Characters of a body that are read."""

_MOST_OWN: Final = 24_000  # the longest report has four free texts, each of at most 4 000 characters
_MOJIBAKE: Final = {"Ã¥": "å", "Ã¤": "ä", "Ã¶": "ö", "Ã…": "Å", "Ã„": "Ä", "Ã–": "Ö", "Â§": "§", "â€“": "–", "Ã©": "é", "Â ": " "}
_LONGEST_LINE: Final = 3_000
_MOST_LINES: Final = 600
_LEAST_MARKED: Final = 3
_NEAR_QUOTE: Final = 14
_QUOTE_MARK: Final = re.compile(r"[ \t]{0,8}>+ ?")
_HEADER_LINE: Final = re.compile(
    r"[ \t*_]{0,8}(?:från|from|avsändare|skickat|sent|till|to|ämne|subject|datum|date|kopia|cc)[*_]{0,2}[ \t]?:", re.IGNORECASE
)
_QUOTE_LINE: Final = re.compile(r"[ \t]{0,8}>")
_HEADER: Final = re.compile(r"[ \t*_]{0,8}(från|from|avsändare)[*_]{0,2}[ \t]?:", re.IGNORECASE)
_HEADER_SURE: Final = re.compile(r"[ \t*_]{0,8}(skickat|sent|ämne|subject)[*_]{0,2}[ \t]?:", re.IGNORECASE)
_ON_ONE_LINE: Final = re.compile(r"\bFrån\s?:.{0,200}\bSkickat\s?:", re.IGNORECASE)
_WROTE: Final = re.compile(r"[^\n]{0,160}\b(?:skrev|wrote)\b(?: [^\n:]{0,80})?:[ \t]{0,8}$", re.IGNORECASE)
_OPENS_A_REPORT: Final = frozenset({"case", "insats", "report_date", "decision_date", "interruption_date", "reason"})
_LABEL_LIKE: Final = re.compile(r"[^:\n]{2,60}:")
_BROKEN_WORD: Final = re.compile(r"(?<=[a-zåäö])[-\u00ad¬]\n[ \t]{0,8}(?=[a-zåäö])")
_BROKEN_DATE: Final = re.compile(r"(?<=[0-9][-–/])\n[ \t]{0,8}(?=[0-9])|(?<=[0-9])\n[ \t]{0,8}(?=[-–/][0-9])")
_BROKEN_PAIR: Final = re.compile(r"(?<=[a-zåäö]/)\n[ \t]{0,8}(?=[a-zåäö])")
_COORDINATION: Final = re.compile(r"(?i:^|\b)(?:och|eller|samt|resp)\b")
_ODD_SPACE: Final = re.compile(r"[^\S\n\t ]")


def lines(body: str) -> tuple[str, ...]:
    """Gives the lines that are read, identity numbers masked. Linear in the length; at most `MOST` characters of the body count."""
    text = body[:MOST].replace("\r\n", "\n").replace("\r", "\n")
    if "Ã" in text or "Â" in text or "â€" in text:
        for broken, meant in _MOJIBAKE.items():
            text = text.replace(broken, meant)
    text = _ODD_SPACE.sub(" ", INVISIBLE.sub("", text.replace("a\u030a", "å").replace("A\u030a", "Å")))
    for plain, marked in (("a", "ä"), ("o", "ö"), ("A", "Ä"), ("O", "Ö")):
        text = text.replace(f"{plain}\u0308", marked)
    written = text.split("\n")
    kept = [*_own(_unquoted(written)), *_passed_on(written)]
    return tuple(_short(mask(_joined("\n".join(kept))[:_MOST_OWN]).split("\n")))


def _unquoted(written: list[str]) -> list[str]:
    """The lines; without the ">>" before every labelled line of a body: these are somebody's bullets and no quoted letter."""
    marked = [line for line in written if line.startswith(">>")]
    if len(marked) < _LEAST_MARKED or any(line.startswith(">") and not line.startswith(">>") for line in written):
        return written
    if not all(opening_field(line[2:]) or ":" in line for line in marked) or any(
        opening_field(line) for line in written if line[:1] != ">"
    ):
        return written
    return [line.removeprefix(">>").removeprefix(" ") for line in written]


def _passed_on(written: list[str]) -> list[str]:
    """The provider's summary in a quoted letter, when the sender says that it follows there."""
    begin = next((at for at, line in enumerate(written) if _QUOTE_LINE.match(line) or _begins_quote(written, at)), len(written))
    own = " ".join(line.strip() for line in written[max(0, begin - _NEAR_QUOTE) : begin] if line.strip())
    if begin == len(written) or not pattern("clean_passes_on").search(own[-_LONGEST_LINE:]):
        return []
    text: list[str] = []
    for line in written[begin : begin + _MOST_LINES]:
        bare = _QUOTE_MARK.sub("", line)
        if text and pattern("clean_sign").match(bare):
            break
        if text or not (_HEADER_LINE.match(bare) or _WROTE.match(bare[-300:]) or pattern("clean_ruler").match(bare)):
            text.append(pattern("clean_hello").sub("", bare) if not "".join(text).strip() else bare)
    told = [line for line in text if line.strip()]
    if not told or any(opening_field(line) for line in told):
        return []
    return ["", f"Sammanfattning från utföraren: {told[0]}", *told[1:]]


def mask(text: str) -> str:
    """The text with `MASK` for everything that may be an identity number."""
    parts, at = [], 0
    for start, end in identity.find(text):
        parts += [text[at:start], MASK + "\n" * text.count("\n", start, end)]
        at = end
    return "".join([*parts, text[at:]])


def _joined(text: str) -> str:
    text = _BROKEN_WORD.sub(lambda found: "-\n" if _COORDINATION.match(text, found.end()) else "", text)
    return _BROKEN_PAIR.sub("", _BROKEN_DATE.sub("", text))


def _short(written: list[str]) -> Iterator[str]:
    """The lines, a very long one cut at spaces, and no more than a report can have: what comes after is a machine's."""
    count = 0
    for line in written:
        while len(line) > _LONGEST_LINE:
            cut = line.rfind(" ", 1, _LONGEST_LINE) if " " in line[1:_LONGEST_LINE] else _LONGEST_LINE
            yield line[:cut]
            line = line[cut:]
        count += bool(line.strip())
        if count > _MOST_LINES:
            return
        yield line


def _own(written: list[str]) -> list[str]:
    """The lines down to the first quoted letter, without the signature."""
    kept: list[str] = []
    signed = labelled = False
    for at, line in enumerate(written):
        if _QUOTE_LINE.match(line):
            if kept and _WROTE.match(kept[-1]):
                kept.pop()
            continue
        if _begins_quote(written, at):
            break
        if pattern("clean_sign").match(line):
            signed = True
            continue
        # After a signature only a report that is pasted below a greeting is read, never an older one.
        if signed and (labelled or not _LABEL_LIKE.match(line)):
            if kept and not labelled and not line.strip():
                kept.append("")
            continue
        field = opening_field(line) if (not labelled and len(kept) < _MOST_LINES) or signed else ""
        if signed and field not in _OPENS_A_REPORT:
            continue
        signed, labelled = False, labelled or bool(field)
        line = pattern("clean_greeting").sub("", line, count=1)
        line = pattern("clean_sign_at_end").sub("", line)
        if not pattern("clean_closing").match(line):
            kept.append(line)
    return kept


def _begins_quote(written: list[str], at: int) -> bool:
    line = written[at]
    if pattern("clean_ruler").match(line) or _ON_ONE_LINE.search(line[:600]):
        return True
    if _WROTE.match(line[-300:]) and (pattern("clean_wrote_begun").match(line) or "@" in line):
        return True
    if not _HEADER.match(line):
        return False
    after = [each for each in written[at + 1 : at + 5] if each.strip()]
    return any(_HEADER_SURE.match(each) for each in after) or sum(bool(pattern("clean_header_after").match(each)) for each in after) >= 2
