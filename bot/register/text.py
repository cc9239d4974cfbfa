"""Folding of header names and words: what is left of a text when letter case, spaces, punctuation and accents do not matter."""

import re
import unicodedata

LOST = "\ufffd"
_KEPT = re.compile(rf"[^a-z0-9?{LOST}✓✔#]+")
_MOJIBAKE = re.compile("[ÃÂ][\x80-\u2122]")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff\u00ad]+")


def tidy(text: str) -> str:
    """The text with every run of white space (also no-break, zero-width and control characters) as one space, and none at its ends."""
    if text.isascii() and "  " not in text and text.isprintable():
        return text.strip()
    return _SPACE.sub(" ", text).strip()


def mended(text: str) -> str:
    """The text with UTF-8 that somebody once read as cp1252 put right; any other text as it is."""
    if not _MOJIBAKE.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def folded(text: str) -> str:
    """Letters a–z and digits alone, with `?` and U+FFFD kept, since they may stand for a lost å, ä or ö. Nothing is remembered."""
    flat = unicodedata.normalize("NFKD", mended(text).casefold())
    return _KEPT.sub("", "".join(char for char in flat if not unicodedata.combining(char)))


def spellings(text: str) -> tuple[str, ...]:
    """The folded forms that a name may have: å ä ö as a and o, as aa, ae and oe, or gone. The first is the usual one."""
    lower = unicodedata.normalize("NFC", text.casefold())
    digraphs = lower.translate({ord("å"): "aa", ord("ä"): "ae", ord("ö"): "oe"})
    gone = lower.translate({ord("å"): None, ord("ä"): None, ord("ö"): None})
    return tuple(dict.fromkeys(folded(each) for each in (lower, digraphs, gone)))


def lost_pattern(key: str) -> re.Pattern[str]:
    """For a folded text with `?` or U+FFFD in it: the pattern of the folded names that it may have been."""
    return re.compile("".join("[aoeu]{0,2}" if char in f"?{LOST}" else re.escape(char) for char in key))
