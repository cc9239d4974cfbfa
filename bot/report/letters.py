"""Which letters the font can draw that comes with the chart library; nothing else is asked of the system's fonts."""

from functools import cache
from pathlib import Path

import matplotlib
from matplotlib.ft2font import FT2Font

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
UNKNOWN = "\N{WHITE SQUARE}"
_ALSO = frozenset("\n \u00a0\u00ad")


@cache
def _drawn() -> frozenset[str]:
    return frozenset(map(chr, FT2Font(str(FONTS / "DejaVuSans.ttf")).get_charmap())) | _ALSO


def printable(text: str) -> str:
    """The text with a square in place of each letter that the font lacks."""
    known = _drawn()
    return text if known.issuperset(text) else "".join(c if c in known else UNKNOWN for c in text)
