"""A title as a person sees it: one line of plain characters, whatever the mail programs between did to it."""

import re
import unicodedata
from typing import Final

from rules.characters import DASH, INVISIBLE

READ: Final = 998
"""Characters of a title that are read (RFC 5322, 2.1.1: the longest line a mail may hold)."""

LOST: Final = "ʔ"
"""Stands in a cleaned text for a letter that was lost on the way (`?` or U+FFFD). A letter itself, so that words stay whole."""

_MARK = re.compile("[\u0300-\u036f]")
_ODD = re.compile("[^\x20-\x3e\x40-\x7d§åäöéÅÄÖÉ]")  # most titles hold nothing else
_MOJIBAKE = re.compile("[\xc2-\xf4][\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]{1,3}")
_CP1252 = {char: byte for byte in range(0x80, 0xA0) if (char := bytes([byte]).decode("cp1252", "ignore"))}
_ALIKE = str.maketrans("аеорсухіјѕвнкмтαοιντυκχøæđł", "aeopcyxijsbhkmtaoivtukxoadl")
_SWEDISH = str.maketrans("åäöé", "aaoe")


def clean(raw: str) -> str:
    """Gives the text of a title with one kind of space, one kind of dash, composed letters and no invisible characters.

    UTF-8 that was read as latin-1 or cp1252 is put right; `?` and U+FFFD become LOST. The letter case stays. No errors.
    """
    text = raw.replace("–", "-")  # the dash of the right spelling
    if "—" in text and not _MOJIBAKE.search(raw):  # and the one that people take for it
        text = text.replace("—", "-")
    if not _ODD.search(text):
        return text if "  " not in text and text[:1] != " " and text[-1:] != " " else " ".join(text.split())
    text = raw
    for _ in range(2):  # a text may have been misread twice on its way
        if not _MOJIBAKE.search(text):
            break
        text = _MOJIBAKE.sub(_reread, text)
    text = unicodedata.normalize("NFKC", text)[:READ]
    text = INVISIBLE.sub("", DASH.sub("-", text))
    text = _MARK.sub("", text).replace("?", LOST).replace("\ufffd", LOST)
    return " ".join(text.split())


def fold(word: str) -> str:
    """Gives a word as it is compared: small letters, no accents, look-alikes of other scripts as the Latin letter."""
    low = word.lower()
    if low.isascii():
        return low
    low = low.translate(_SWEDISH)
    if low.isascii():
        return low
    low = unicodedata.normalize("NFD", low.translate(_ALIKE))
    return _MARK.sub("", low)


def _reread(found: re.Match[str]) -> str:
    octets = bytes(_CP1252.get(char, ord(char) if ord(char) < 256 else 0) for char in found[0])
    whole = octets.decode("utf-8", "ignore")
    # The last characters may belong to what follows; only a clean reading of the beginning is taken.
    used = len(whole.encode())
    return whole + found[0][used:] if whole and octets[:used].decode("utf-8", "ignore") == whole else found[0]
