"""Every sample mail rendered once, and small readers of what a mail holds."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from bot.render import Rendered, render
from bot.samples import REPORTER, SAMPLES, Sample


@dataclass(frozen=True)
class Case:
    """A sample and its mail."""

    sample: Sample
    mail: Rendered

    @property
    def id(self) -> str:
        """The name of the test and of the golden files."""
        return f"{self.sample.mail}-{self.sample.name}"


EVERY = [Case(sample, render(sample.facts, sample.mail, reporter=REPORTER)) for sample in SAMPLES]


class Page(HTMLParser):
    """The tags of an HTML mail with their attributes, and the text that people read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps the tag; void elements open nothing."""
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Each end tag closes the latest open tag."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keeps what stands in the body."""
        if "body" in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        """The readable text on one line."""
        return " ".join(" ".join(self.words).split())

    @property
    def links(self) -> list[str]:
        """Where the links lead."""
        return [str(attrs["href"]) for tag, attrs in self.tags if tag == "a"]


def links_in_text(text: str) -> list[str]:
    """The links of a plain text, each on a line of its own."""
    return re.findall(r"^mailto:\S+$", text, re.MULTILINE)


def opened(link: str) -> tuple[str, str, str]:
    """What a mailto link fills in: address, subject, body (RFC 6068). A plus sign stays a plus sign."""
    parts = urlsplit(link)
    assert parts.scheme == "mailto"
    fields = parse_qs(parts.query.replace("+", "%2B"), strict_parsing=True)
    assert set(fields) <= {"subject", "body"}
    return parts.path, fields["subject"][0], fields.get("body", [""])[0]
