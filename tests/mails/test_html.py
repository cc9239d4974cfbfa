"""HTML that Outlook's Word engine, a phone and a screen reader can read.

Sources: Microsoft, Word HTML and CSS rendering capabilities in Outlook; WCAG 2.2, 1.4.3 (contrast), 1.3.1 (tables), 3.1.1 (language).
"""

import re

import pytest

from tests.mails.rendered import EVERY, Case, Page

TAGS = {
    "html", "head", "meta", "title", "body", "table", "tr", "td", "th", "p", "h1", "h2", "ul", "li", "a", "br", "span",
}  # fmt: skip
ATTRIBUTES = {
    "html": {"lang"},
    "meta": {"charset", "name", "content"},
    "body": {"style"},
    "table": {"width", "cellpadding", "cellspacing", "border", "role", "aria-hidden", "style"},
    "td": {"width", "valign", "style"},
    "th": {"scope", "align", "valign", "style"},
    "a": {"href", "style"},
}
STYLES = {
    "background-color", "border", "border-bottom", "border-collapse", "border-left", "border-top", "color", "font-family", "font-size",
    "font-weight", "line-height", "margin", "padding", "text-decoration",
    # Word passes over these three; without them a mail is wider or breaks its lines elsewhere, no more.
    "max-width", "white-space", "word-break",
}  # fmt: skip
WHITE = "#ffffff"

every = pytest.mark.parametrize("case", EVERY, ids=lambda case: case.id)


def styles(attributes: dict[str, str | None]) -> dict[str, str]:
    """The properties of a style attribute."""
    parts = [part.split(":", 1) for part in (attributes.get("style") or "").split(";") if part.strip()]
    return {name.strip(): value.strip() for name, value in parts}


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    shares = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@every
def test_only_plain_html(case: Case) -> None:
    """Only tags, attributes and properties that Outlook draws; nothing is fetched from anywhere."""
    page = Page(case.mail.html)
    assert not page.open, "every tag is closed"
    for tag, attributes in page.tags:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, {"style"})
        assert set(styles(attributes)) <= STYLES
        assert "url(" not in (attributes.get("style") or "")
    assert not re.search(r"https?:|<!--|<img|<style|<script", case.mail.html)


@every
def test_language_and_title(case: Case) -> None:
    """The language is told, and the document has the subject for its title."""
    page = Page(case.mail.html)
    assert page.tags[0] == ("html", {"lang": "sv"})
    assert case.mail.html.startswith("<!DOCTYPE html>")
    assert case.mail.html.count("<h1") == 1
    assert "<title>" in case.mail.html


@every
def test_tables_are_data_or_layout(case: Case) -> None:
    """A table of data has headers with scope, one for layout says so."""
    page = Page(case.mail.html)
    for tag, attributes in page.tags:
        if tag == "th":
            assert attributes["scope"] in ("row", "col")
    for found in re.finditer(r"<table(?P<attributes>[^>]*)>(?P<inside>(?:(?!<table).)*?)</table>", case.mail.html, re.DOTALL):
        assert ("<th " in found["inside"]) is ('role="presentation"' not in found["attributes"])


@every
def test_contrast(case: Case) -> None:
    """Every text colour has at least 4.5 to 1 against each background that is used."""
    page = Page(case.mail.html)
    for _, attributes in page.tags:
        found = styles(attributes)
        if "color" in found:
            assert contrast(found["color"], found.get("background-color", WHITE)) >= 4.5
            assert contrast(found["color"], "#eaf1f8") >= 4.5


def test_contrast_itself() -> None:
    """Black on white is 21, a colour on itself 1."""
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast(WHITE, WHITE) == 1
