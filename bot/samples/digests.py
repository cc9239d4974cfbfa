"""Sample digests: a full one, one with nothing to tell, and one on a bad morning."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.samples.base import Sample, linked
from rules.mails import Balance, Digest, DigestRow, DigestSection, WindowFacts


def digests() -> Iterator[Sample]:
    """Every word that a section may hold stands in the first."""
    day = date(2026, 4, 21)
    window = WindowFacts("2026Q1", date(2026, 4, 1), date(2026, 4, 30), True, 9, 12, 8)
    anna, new = "anna@kommun.example", linked("IVO – Nyrapportering 2026-04-15, 9§4", "E-7")
    sections = (
        DigestSection("incidents", (DigestRow(1, "answered", day=day, letter=412), DigestRow(2, "unanswered", day=day, letter=413))),
        DigestSection(
            "overdue",
            (
                DigestRow(
                    3, "follow_up", "K-17", "9§6", date(2026, 4, 2), 2, 15, title=linked("IVO – Återrapportering 2026-04-02, 9§6", "K-17")
                ),
                DigestRow(4, "new", "E-7", "9§4", date(2026, 4, 15), 1, 3, title=new),
            ),
            more=3,
        ),
        DigestSection(
            "window",
            (
                DigestRow(5, "new", "E-9", "9§10", date(2026, 2, 3), 1),
                DigestRow(6, "follow_up", "E-2", "9§9", date(2026, 3, 12), 3, letter=398),
                DigestRow(7, "final", "E-5", "9§3", date(2026, 4, 10), letter=401),
            ),
            more=5,
        ),
        DigestSection(
            "new_reports",
            (
                DigestRow(8, "matched", "E-4", "9§2", date(2026, 4, 17), letter=409, to=anna),
                DigestRow(9, "kind_differs", "E-6", "9§8", date(2026, 4, 17), letter=410, to="boendeteamet@kommun.example"),
                DigestRow(10, "untracked", "E-40", "9§5", date(2026, 4, 16), letter=411, to=anna),
                DigestRow(11, "closed", "E-5", "9§3", date(2026, 4, 10), letter=401, to=anna),
            ),
        ),
        DigestSection(
            "sent_back",
            (
                DigestRow(12, "rejected", day=date(2026, 4, 16), days=5, letter=395, to=anna, count=2),
                DigestRow(13, "date_differs", "F-2", "9§4", date(2026, 4, 20), days=1, letter=407, to=anna),
                DigestRow(14, "premature", "F-3", "9§7", day, days=0, letter=414, to=anna),
            ),
        ),
        DigestSection(
            "unclear",
            tuple(
                DigestRow(15 + n, what, day=date(2026, 4, 20), days=1, letter=420 + n, to=anna if own else "")
                for n, (what, own) in enumerate(
                    (("ambiguous", True), ("untracked", True), ("outside", False), ("unauthentic", False), ("answers_ours", True))
                )
            ),
        ),
        DigestSection(
            "unreached",
            (
                DigestRow(20, "bounce", day=day, letter=430, to="bo@kommun.example"),
                DigestRow(21, "out_of_office", day=day, letter=431, to=anna),
            ),
        ),
        DigestSection(
            "held_back",
            tuple(DigestRow(22 + n, what, day=day, letter=440 + n, to=anna) for n, what in enumerate(("repeated", "sender", "brake"))),
        ),
        DigestSection(
            "postponed",
            (
                DigestRow(
                    25, "new", "E-15", "9§2", date(2026, 4, 7), 1, row=15, until=date(2026, 4, 24), why="handläggaren svarar på torsdag"
                ),
            ),
        ),
        DigestSection("superseded", (DigestRow(26, "day_before", "E-14", "9§4", date(2026, 4, 9), 1),)),
        DigestSection(
            "coming",
            (
                DigestRow(27, "two_months", "F-8", "9§4", day, 2),
                DigestRow(28, "day_before", "F-4", "9§10", date(2026, 4, 22), 1),
                DigestRow(29, "officer_notice", "F-4", "9§10", date(2026, 4, 24), 1),
                DigestRow(30, "overdue_1", "E-7", "9§4", day, 1),
                DigestRow(31, "overdue_2", "E-7", "9§4", date(2026, 4, 28), 1),
            ),
            more=14,
        ),
    )
    balance = Balance(27, 20, 4, 2, 1, 0)
    yield Sample("digest", "full", Digest(day, window, sections, balance, audit="3f9a1c07be52"))
    after = WindowFacts("2026Q2", date(2026, 7, 1), date(2026, 8, 31), False, 71, 0, 0)
    yield Sample("digest", "nothing", Digest(day, after, (), Balance(0, 0, 0, 0, 0, 0)))
    yield Sample("digest", "coming_only", Digest(day, replace(window, done=20, lacking=0, days_left=1), sections[-1:], balance))
    health = (
        "Brevlådan gick inte att nå mellan 02.10 och 04.30.",
        "Uppgifterna om IVO:s val är äldre än ett år; jämför dem med e-tjänsten.",
    )
    trouble = Digest(day, replace(window, done=0), sections[:2], replace(balance, left=0, unexplained=1), health)
    yield Sample("digest", "trouble", trouble)
