"""The report as one HTML file that fetches nothing: semantic, for any width from 360 pixels, and for print (WCAG 2.1 AA)."""

from html import escape
from typing import Any

from markupsafe import Markup

from bot.report.drawing import svg
from bot.report.parts import Heading, Outline, Part, Picture, Table, WaitList
from bot.report.show import waits_table
from bot.report.web import environment, grid, style


def page(outline: Outline) -> bytes:
    """The file. The same outline gives the same bytes."""
    # The place of the list of sections: before the second of them, so that the summary comes first.
    sections = [(n, part) for n, part in enumerate(outline.parts) if isinstance(part, Heading) and part.level == 2]
    values = {
        "outline": outline,
        "css": style(),
        "parts": [_part(part) for part in outline.parts],
        "sections": [part for _, part in sections[1:]],
        "toc_at": sections[1][0] if len(sections) > 1 else -1,
    }
    return environment().get_template("report.html.j2").render(values).encode("utf-8")


def _part(part: Part) -> dict[str, Any]:
    match part:
        case WaitList():
            return _part(waits_table(part))
        case Table():
            return {"kind": "table"} | grid(part)
        case Picture():
            return {"kind": "picture", "of": part, "svg": Markup(described(svg(part.chart, part.key), part.key, part.title, part.alt))}
    return {"kind": type(part).__name__.lower(), "of": part}


def described(picture: str, key: str, title: str, alt: str) -> str:
    """An SVG element with its title and description, for those who do not see it."""
    head, _, rest = picture.partition(">")
    told = f'<title id="{key}-titel">{escape(title)}</title>\n<desc id="{key}-text">{escape(alt)}</desc>'
    return f'{head} role="img" aria-labelledby="{key}-titel {key}-text">\n{told}{rest}'
