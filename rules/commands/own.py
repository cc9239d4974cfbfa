"""What the writer of a reply wrote: without what is quoted below or between, and without a phone's or a person's signature."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from rules.characters import INVISIBLE

LONGEST_LINE: Final = 998
_LONGEST_BODY: Final = 64_000
_NEAR: Final = 5  # lines within which the next field of a quoted head stands

_BROKEN: Final = {"Ã¥": "å", "Ã¤": "ä", "Ã¶": "ö", "Ã…": "Å", "Ã„": "Ä", "Ã–": "Ö", "&lt;": "<", "&gt;": ">", "&amp;": "&"}
"""UTF-8 read as Latin-1, and HTML's references where a program left them."""
_HEART = re.compile("[\u2764\u2665]\ufe0f? ?")  # what phones and Outlook make of "<3"
_SPACE = re.compile(r"[^\S\n]+")

_DAY: Final = "(?:måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag)"
_HEAD = re.compile(r"[*_]?(?:från|fr.n|from|avsändare)[*_]? ?:", re.IGNORECASE)
_FIELD = re.compile(r"(?:^|[ *_])(?:skickat|sent|datum|date|till|to|ämne|subject)[*_]? ?:", re.IGNORECASE)
_BEGUN = re.compile(  # "Den mån 20 apr …", "On Mon, …", "20 apr. 2026 kl. …", "2026-04-20 07:30 …"
    r"(?:(?:den|on|am|m.n|tis|ons|tors?|fre|l.r|s.n|mon|tue|wed|thu|fri|sat|sun)[a-zåäö]*[ ,.].*[0-9]"
    r"|[0-9]{1,2} (?:jan|feb|mar|apr|ma[jy]|jun|jul|aug|sep|o[kc]t|nov|dec)|(?:19|20)[0-9]{2}-[0-9]{2}-)",
    re.IGNORECASE,
)
_SAID = re.compile(r"\b(?:skrev|wrote)\b", re.IGNORECASE)
_WHEN = re.compile(r"(?:19|20)[0-9]{2}|[0-9]{1,2}[:.][0-9]{2}")
_ENDS = (
    re.compile(r"[-_=*]{2,} ?(?:ursprungligt|original|vidarebefordrat|forwarded|begin forwarded)", re.IGNORECASE),
    re.compile(r"(?:begin forwarded message|ursprungligt meddelande|original message)\b", re.IGNORECASE),
    re.compile(r"[_=]{8,}"),
    re.compile(r"-- ?$"),  # RFC 3676, 4.3
    re.compile(rf"läget {_DAY} [0-9]{{4}}-", re.IGNORECASE),  # the digest's own heading, and that of the answer to a reply
    re.compile(r"det h.r gäller ditt svar", re.IGNORECASE),
)
_PHONE = re.compile(r"(?:skickat|skickad|sent|hämta|get|sänt) (?:från|fr.n|from|via|med|outlook|yahoo|gmail|mobile)", re.IGNORECASE)


def own_lines(body: str) -> Iterator[str]:
    """The lines that the writer wrote, each clean: NFC, plain spaces, at most 998 characters; empty ones are left out.

    Quoted lines ("> ", "| ") are passed over. From the head of a quoted mail (Från … Skickat …, ---- Ursprungligt meddelande ----, "Den …
    skrev …:"), a signature's "-- " or the digest's own heading on, nothing is the writer's; but where the quoted text is marked line by
    line, what stands between is. Linear in the length; never fails.
    """
    lines = [_clean(line) for line in body[:_LONGEST_BODY].replace("\r", "\n").split("\n")]
    lines = [line for line in lines if line]
    at = 0
    while at < len(lines):
        line = lines[at]
        if line[0] in ">|":
            at += 1
        elif length := _attribution(lines, at):
            at += length
            if at >= len(lines) or not lines[at].startswith((">", "|")):
                return
        elif _ends(lines, at):
            return
        else:
            at += 1
            if not _PHONE.match(line):
                yield line


def _clean(line: str) -> str:
    line = line[:LONGEST_LINE]
    if not line.isascii():
        line = _HEART.sub("<3", unicodedata.normalize("NFC", line))
        line = INVISIBLE.sub("", line)
    for broken, right in _BROKEN.items():
        if broken in line:
            line = line.replace(broken, right)
    return _SPACE.sub(" ", line).strip()


def _ends(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    if any(end.match(line) for end in _ENDS):
        return True
    return bool(_HEAD.match(line)) and any(_FIELD.search(each) for each in (line[5:], *lines[at + 1 : at + _NEAR]))


def _attribution(lines: Sequence[str], at: int) -> int:
    """Over how many lines "Den mån 20 apr. 2026 kl 07:30 skrev IVO-rapportör LSS <…>:" stands here; 0 when it does not."""
    for length in (1, 2, 3) if _BEGUN.match(lines[at]) else (1,):
        whole = " ".join(lines[at : at + length])[:LONGEST_LINE]
        if whole.endswith(":") and _SAID.search(whole) and _WHEN.search(whole) and len(whole) < 300:
            return length
    return 0
