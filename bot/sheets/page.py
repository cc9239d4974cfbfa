"""The sheet as one HTML file that fetches nothing: a copy button for each field, for any width from 360 pixels, and for print.

A policy in the page lets only its own style and script run, by their hashes, so that no text of a letter ever can.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.sheets.words import LEVELS, about, complement, heading, letter
from rules.sheet import Level, Sheet

_TOGETHER = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|9 § [0-9]{1,2}")


def page(sheets: Sequence[Sheet]) -> str:
    """The page of the sheets of one case, at least one. The same sheets give the same text."""
    style, script = _part("sheet.css"), _part("sheet.js")
    return (
        _environment()
        .get_template("sheet.html.j2")
        .render(
            title=f"Underlag för IVO: {sheets[0].case}",
            policy=Markup(  # no value in it comes from outside
                f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
            ),
            style=Markup(style),
            script=Markup(script),
            sheets=sheets,
        )
    )


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("bot.sheets", ""),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        keep_trailing_newline=True,
    )
    found.globals |= {
        "heading": heading,
        "letter": letter,
        "about": about,
        "complement": complement,
        "LEVELS": LEVELS,
        "ERROR": Level.ERROR,
    }
    found.filters["whole"] = _whole
    return found


def _whole(text: str) -> Markup:
    """Escapes a sentence and keeps its dates and paragraphs on one line. Never for a value: that is copied as it stands."""
    return Markup(_TOGETHER.sub(lambda found: f'<span class="whole">{found[0]}</span>', str(escape(text))))


@cache
def _part(name: str) -> str:
    return (files("bot.sheets") / name).read_text("utf-8")


def _hash(text: str) -> str:
    """How a policy names an inline part: of its bytes, between the tags (W3C, Content Security Policy Level 3, 6.7.3)."""
    return f"sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}"
