"""Small pieces of SVG for pictures that are drawn by hand. Every text is escaped here."""

from html import escape

DARK, PALE, INK, SOFT = "#26547c", "#dbe6f0", "#1b1b1b", "#767676"
_FONT = "'DejaVu Sans', Arial, sans-serif"


def text(x: float, y: float, words: str, *, size: int, anchor: str = "start", bold: bool = False) -> str:
    """A line of text at a point; `size` in pixels."""
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"{weight}>{escape(words)}</text>'


def whole(width: float, height: float, title: str, told: str, inner: str, key: str) -> str:
    """A picture of its own, with its title and description for those who do not see it. key: begins its ids."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
        f'role="img" lang="sv" aria-labelledby="{key}-titel {key}-text" font-family="{_FONT}" fill="{INK}">'
        f'<title id="{key}-titel">{escape(title)}</title><desc id="{key}-text">{escape(told)}</desc>'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{inner}</svg>'
    )
