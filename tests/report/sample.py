"""Reports to write documents from: a whole one, a small, an empty, one with all suppressed, hostile texts, and a huge one."""

from dataclasses import replace
from datetime import date, timedelta

from rules.model import Outcome, Sort
from rules.options import insatser, text
from rules.report import (
    Ages,
    Band,
    Causes,
    Change,
    Decision,
    Definition,
    Exposure,
    Fault,
    InsatsRow,
    Ongoing,
    Past,
    PastRow,
    Quality,
    QualityLine,
    QuarterReport,
    Reader,
    Reference,
    Request,
    Sexes,
    Text,
    Waits,
)  # fmt: skip
from rules.window import Quarter

QUARTER = Quarter(2025, 4)
LABELS = ("mindre än 6 månader", "6–12 månader", "1–2 år", "2–3 år", "3 år eller mer")
HOSTILE = (
    '# Rubrik $x^2$ \\alpha @ref *fet* _kursiv_ <script>alert("1")</script> [länk](http://example.invalid) `kod` & "citat"',
    "=HYPERLINK(\"http://example.invalid\",\"x\")",
    "+46 på linjen", "-2+3", "@SUM(A1)", "- En punkt i en lista", "{{ 7 * 7 }} {% raw %} #set page(fill: red) #panic()",
    "Tecken \x00\x07\x1b[31m \ud83d\ude00 \u202eomvänt\u202c \ufffe och 漢字 😀",
    "ettlångtordutanmellanrum" * 12,
)  # fmt: skip


def waits(days: tuple[int, ...]) -> Waits:
    """Waits with bands that add up."""
    ordered = tuple(sorted(days))
    limits = (0, 183, 365, 730, 1095, 10**6)
    bands = tuple(
        Band(label, sum(low <= day < high for day in ordered)) for label, low, high in zip(LABELS, limits, limits[1:], strict=False)
    )
    return Waits(ordered, bands, ordered[len(ordered) // 2] if ordered else None, ordered[-1] if ordered else None)


def row(insats: str, name: str, decisions: tuple[int, ...], interruptions: tuple[int, ...], *, executed: int, ended: int) -> InsatsRow:
    """A row whose other figures follow from how many are open."""
    many = len(decisions) + len(interruptions)
    return InsatsRow(
        insats=insats, name=name, open=many, interruptions_open=len(interruptions), executed=executed, ended=ended,
        reported=many + executed + ended, waits=waits(decisions), waits_interruptions=waits(interruptions),
        sexes=Sexes(many // 2, many - many // 2), ages=Ages(many // 3, many - many // 3),
        causes=Causes(many // 4, many // 5, many // 6, many - many // 4 - many // 5 - many // 6), partly=many // 7,
    )  # fmt: skip


def report(reader: Reader = Reader.INTERNAL, *, each: int = 12) -> QuarterReport:
    """All parts filled: every insats, four quarters, lists of all kinds as far as the reader has them."""
    rows = []
    for n, key in enumerate(insatser()):
        decisions = tuple(95 + 37 * i + n for i in range(each + 3 * n))
        interruptions = tuple(100 + 53 * i + n for i in range(2 * n % 7))
        one = row(key, text(key), decisions, interruptions, executed=n % 4, ended=(n + 1) % 3)
        rows.append(replace(one, ongoing=Ongoing(True, 40 + n, 50 + n, 90 + 2 * n, 84 + n)))
    every = tuple(day for one in rows for day in one.waits.days)
    apart = tuple(day for one in rows for day in one.waits_interruptions.days)
    total = row("", "Totalt", every, apart, executed=sum(r.executed for r in rows), ended=sum(r.ended for r in rows))
    found = QuarterReport(
        quarter=QUARTER, reader=reader, title="Ej verkställda beslut enligt LSS, kvartal 4 2025", board="Nämnden för funktionsstöd",
        day=date(2026, 1, 12), frozen=date(2026, 1, 20), hash="0f3a" * 16, threshold=5,
        summary=("Den 2025-12-31 var många beslut ej verkställda.", "Det är fler än kvartal 3 2025."),
        rows=tuple(rows), total=total,
        notes=("Tabellen räknar beslut, inte personer.", ".. betyder att uppgiften inte visas."),
        texts=(
            Text("", "Nämndens analys", (), "Bristen på bostäder fortsätter.\n\nEtt nytt gruppboende öppnar i maj."),
            *(Text(r.insats, r.name, (f"{r.open} beslut väntar.",), "Rekryteringen pågår." if r.insats == "9§4" else "") for r in rows),
        ),
        comparison=past(),
        requests=(Request(date(2025, 11, 3), "Begäran om yttrande", date(2025, 11, 20)), Request(date(2025, 12, 9), "Komplettering")),
        references=(Reference("Statistik till kommunfullmäktige varje kvartal", "28 h § LSS (1993:387)"),),
        changes=(Change("9§4", "open", 3, 4, "Kontaktperson: 4 ej verkställda i stället för 3."),),
    )  # fmt: skip
    return found if reader is Reader.FULLMAKTIGE else with_lists(found, 40)


def past() -> tuple[Past, ...]:
    """Four quarters, the second with less that is known."""
    found, quarter = [], QUARTER
    for n in range(4):
        quarter = quarter.former
        rows = tuple(PastRow(key, 5 + n + i) for i, key in enumerate(insatser()))
        full = Past(quarter, "frozen", 100 + n, 120 + n, 11 + n, 9, 31, 60, 40 + n, 210, 2005 + n, rows)
        found.append(full if n != 2 else Past(quarter, "input", 77))
    return tuple(found[::-1])


def with_lists(found: QuarterReport, many: int) -> QuarterReport:
    """With its list per decision, and for the board the rest."""
    internal = found.reader is Reader.INTERNAL
    found = replace(found, decisions=tuple(decision(n, internal=internal) for n in range(1, many + 1)))
    if not internal:
        return found
    definitions = tuple(
        Definition(key, label, f"{label}: vad det betyder.")
        for key, label in [("due", "Skulle komma"), ("on_time", "I tid"), ("late", "Sena"), ("missing", "Saknas"), ("waiting", "Väntas"),
                           ("sent_back", "Skickades tillbaka"), ("reminders", "Påminnelser"), ("wrong", "Skulle inte rapporteras")]
    )  # fmt: skip
    lines = (
        QualityLine("all", "Alla", 21, 14, 3, 2, 2, 6, 5, 1),
        QualityLine("officer", "handlaggare.nio@kommun.example", 5, 4, 1),
        QualityLine("provider", "Utföraren i Västra distriktet AB", 3, 1, 0, 2, 0, 1, 2),
    )
    exposures = tuple(
        Exposure(n, f"K-{n:03}", "9§9", text("9§9", "gruppboende"), Sort.DECISION, n == 3, date(2023, 1, n), 1000 + n,
                 15_000, 1_500_000, date(2023, 1, n), date(2025, 1, n), 20 - 30 * n, "28 b § LSS (1993:387)")
        for n in range(1, 6)
    )  # fmt: skip
    return replace(
        found,
        exposures=exposures,
        faults=(Fault(13, "K-013", "executed_before_mark", "Verkställdes inom tre månader och skulle inte ha rapporterats."),),
        quality=Quality(found.quarter, found.day, lines, definitions),
    )


def decision(n: int, *, internal: bool) -> Decision:
    """The n:th of a list."""
    key = insatser()[n % 10]
    outcome = (None, None, Outcome.EXECUTED, Outcome.ENDED)[n % 4]
    closed = date(2025, 11, 1 + n % 28) if outcome and (internal or outcome is Outcome.EXECUTED) else None
    one = Decision(n, key, text(key), Sort.INTERRUPTION if n % 3 == 0 else Sort.DECISION, 95 + n, outcome, closed, "personal saknas")
    if not internal:
        return one
    start = date(2025, 9, 20) - timedelta(days=n % 900)
    return replace(one, row=1000 + n, case=f"LSS-2025-{n:05}", unit="Boendeteamet", sex="Kvinna", start=start, partly=n % 5 == 0,
                   partly_from=date(2025, 12, 1) if n % 5 == 0 else None)  # fmt: skip


def small() -> QuarterReport:
    """One insats with one decision, nothing to compare with."""
    one = row("9§4", text("9§4"), (120,), (), executed=0, ended=0)
    return replace(report(Reader.FULLMAKTIGE), rows=(one,), total=replace(one, insats="", name="Totalt"), comparison=(), texts=(),
                   requests=(), changes=(), frozen=None, hash="")  # fmt: skip


def empty() -> QuarterReport:
    """A quarter without any decision."""
    none = row("", "Totalt", (), (), executed=0, ended=0)
    return replace(small(), rows=(), total=none, summary=("Inga beslut väntade.",), references=())


def suppressed() -> QuarterReport:
    """Everything hidden that may be."""
    found = report(Reader.FULLMAKTIGE)

    def hide(one: InsatsRow) -> InsatsRow:
        return replace(one, sexes=Sexes(None, None, None), ages=Ages(None, None, None), causes=Causes(None, None, None, None, None),
                       partly=None, ongoing=Ongoing(True))  # fmt: skip

    return replace(found, rows=tuple(map(hide, found.rows)), total=hide(found.total))


def hostile() -> QuarterReport:
    """Texts that try to be markup, formulas, code or characters that no format bears; very long ones too."""
    found = report()
    text_of = Text("", HOSTILE[0], HOSTILE, "\n".join(HOSTILE))
    decisions = tuple(
        replace(one, case=HOSTILE[n % len(HOSTILE)], unit=HOSTILE[(n + 1) % len(HOSTILE)]) for n, one in enumerate(found.decisions)
    )
    faults = tuple(Fault(n, words, "x", words) for n, words in enumerate(HOSTILE))
    rows = tuple(replace(one, name=f"{one.name} {HOSTILE[n % len(HOSTILE)]}"[:160]) for n, one in enumerate(found.rows))
    return replace(
        found,
        title=f"Rapport {HOSTILE[0]}",
        board=HOSTILE[0],
        summary=HOSTILE,
        texts=(text_of,),
        decisions=decisions,
        faults=faults,
        rows=rows,
    )


def huge(many: int = 100_000) -> QuarterReport:
    """As many decisions as a whole country has."""
    found = report()
    days = tuple(95 + n % 3000 for n in range(many // 20))
    rows = tuple(replace(one, waits=waits(days), open=len(days)) for one in found.rows)
    return with_lists(replace(found, rows=rows), many)
