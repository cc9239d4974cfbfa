"""The quarterly report as an outline: the order in which every format tells the same. Nothing is computed or suppressed here."""

from collections.abc import Iterator

from bot.report.clean import clean, paragraphs
from bot.report.figures import figures
from bot.report.lists import changes, decisions, exposures, faults, references, requests
from bot.report.parts import Facts, Heading, Outline, Paragraph, Part
from bot.report.past import past
from bot.report.quality import quality
from bot.report.waits import waits
from bot.report.words import READERS, quarter_words
from rules.report import QuarterReport, Text


def outline(report: QuarterReport) -> Outline:
    """The report for its reader. Parts that the values do not have are left out with their headings."""
    return Outline(
        title=clean(report.title),
        subject=f"Ej verkställda beslut enligt LSS, {quarter_words(report.quarter)}, för {READERS[report.reader]}",
        author=clean(report.board),
        made=report.day,
        parts=tuple(_parts(report)),
    )


def _parts(report: QuarterReport) -> Iterator[Part]:
    yield Heading(1, clean(report.title), "rapport")
    yield Facts(tuple(_facts(report)))
    yield Heading(2, "Sammanfattning", "sammanfattning")
    yield from _plain(report.summary)
    yield from figures(report)
    yield from waits(report)
    yield from _texts(report.texts)
    yield from past(report)
    yield from requests(report)
    yield from decisions(report)
    yield from exposures(report)
    yield from faults(report)
    yield from quality(report)
    yield from changes(report)
    yield from references(report)


def _facts(report: QuarterReport) -> Iterator[tuple[str, str]]:
    if board := clean(report.board):
        yield "Nämnd", board
    yield "Kvartal", quarter_words(report.quarter)
    yield "Rapport till", READERS[report.reader]
    yield "Uppgifterna hämtade", report.day.isoformat()
    if report.frozen:
        yield "Fastställd", report.frozen.isoformat()
    if report.hash:
        yield "Kontrollsumma", clean(report.hash)


def _plain(texts: tuple[str, ...]) -> Iterator[Part]:
    for text in texts:
        for line in paragraphs(text):
            yield Paragraph(line)


def _texts(texts: tuple[Text, ...]) -> Iterator[Part]:
    """The texts, each with the board's own analysis below what the figures say."""
    if texts:
        yield Heading(2, "Läget för insatserna", "laget")
    for n, text in enumerate(texts, 1):
        yield Heading(3, clean(text.heading), f"laget-{n}")
        yield from _plain(text.paragraphs)
        for line_n, line in enumerate(paragraphs(text.analysis)):
            yield Paragraph(line, "Nämndens analys:" if line_n == 0 and text.paragraphs else "")
