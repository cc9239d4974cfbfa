"""Character classes that several readers need; Python's own `\\d` and `\\s` are not what a mail means by a digit or a space."""

import re
from typing import Final

DASHES: Final = (
    "\u002d\u007e\u02d7\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2053\u207b\u2212\u223c\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0"
    "\ufe31\ufe32\ufe58\ufe63\uff0d\U00010ead"
)
"""Everything that looks like a dash, as the inside of a character class
(Unicode: general category Pd and its look-alikes; NFKC maps only two of them)."""

INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000110bd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001-\U000e0fff]"
)
"""Format characters, controls without the white space, fillers, variation selectors (Unicode: Cf, Cc): a reader never sees them."""

DASH: Final = re.compile(f"[{DASHES[1:]}]")
"""One dash that is not the hyphen of ASCII."""


def replaced(text: str, characters: re.Pattern[str], by: str) -> str:
    """Gives the text with each of these characters as `by`; `characters` is a class with few members.

    One pass for each that occurs: in a text that is full of them many times faster than `sub`, which makes a match of every one.
    """
    for char in set(characters.findall(text)):
        text = text.replace(char, by)
    return text
