"""The reporter's morning mail: worst first, numbered through, bounded, with the window's progress."""

from dataclasses import replace
from typing import Any

import pytest

from rules.commands import possible
from rules.digest import LONGEST, Morning, Noted, digest
from rules.mails import Balance, Digest, DigestRow
from rules.model import Flaw, Folder, Report, Row, Title, Verdict
from rules.plan import Claim, Planner
from rules.routine import packaged
from tests.rules.made import ENDED, FINAL, FOLLOW_UP, NEW, OFFICE, closed, day, row, shown, title, told

PLANNER = Planner(packaged("ivo-lss"), OFFICE)
BALANCE = Balance(7, 3, 2, 1, 1, 0)


def letter(id: int, meeting: str = "matched", **more: Any) -> Noted:
    """A report that came yesterday and waits to be reported to IVO."""
    values: dict[str, Any] = {
        "id": id, "received": day("2026-04-15"), "sender": "anna@kommun.example", "title": title(NEW, "2026-04-15"), "meeting": meeting,
        "reason": "", "case": "E-1", "insats": "9§4", "folder": Folder.TO_REPORT, "answer": "", "unreached": "", "row": 1, "settled": False,
        "new": True, "reported_to_ivo": False,
    }  # fmt: skip
    return Noted(**(values | more))


def morning(on: str, *rows: Row, letters: tuple[Noted, ...] = (), **more: Any) -> Digest:
    values: dict[str, Any] = {"claims": {}, "superseded": (), "balance": BALANCE, "health": (), "mailbox": "ivo@kommun.example"}
    return digest(Morning(day(on), rows, letters, **(values | more)), PLANNER)


def section(found: Digest, name: str) -> tuple[DigestRow, ...]:
    return next((s.rows for s in found.sections if s.name == name), ())


def brief(rows: tuple[DigestRow, ...]) -> list[str]:
    """ "case what day"."""
    return [" ".join(p for p in (r.case, r.what, shown(r.day)[4:] if r.day else "") if p) for r in rows]


def test_an_empty_morning() -> None:
    """Nothing to do: no sections, but the window, the balance and the health stand."""
    found = morning("2026-02-10", health=("En sak.",))
    assert found.sections == ()
    assert (found.day, found.balance, found.health) == (day("2026-02-10"), BALANCE, ("En sak.",))
    assert found.window.lacking == found.window.done == 0


@pytest.mark.parametrize("on, quarter, is_open, days_left", [
    ("2026-04-01", "2026Q1", True, 29), ("2026-04-30", "2026Q1", True, 0), ("2026-05-04", "2026Q2", False, 58),
    ("2026-01-02", "2025Q4", True, 29), ("2026-08-31", "2026Q2", True, 0), ("2026-12-31", "2026Q4", False, 1),
])  # fmt: skip
def test_days_left(on: str, quarter: str, is_open: bool, days_left: int) -> None:
    """To the last day of an open window, to the first of the next one."""
    found = morning(on).window
    assert (found.quarter, found.open, found.days_left) == (quarter, is_open, days_left)


REJECTED = Title(Verdict.REJECTED, errors=(Flaw.PERSONAL_DATA, Flaw.EXTRA_INFORMATION), unrecognised=2)


def full() -> Digest:
    """Something of everything."""
    return morning(
        "2026-04-27",
        row("2026-01-15", "E-1"),
        row("2025-12-20", "E-2", id=2),
        row("2026-02-28", "E-3", id=3),
        letters=(
            letter(1, "", title=REJECTED, folder=Folder.QUARANTINE, row=None, case="", answer="title_rejected"),
            letter(2, "premature", folder=Folder.FIX_TITLE),
            letter(3, "ambiguous", folder=Folder.UNCLEAR, answer="held:sender"),
            letter(4, "matched", row=9),
            letter(5, "", reason="bounce", folder=Folder.DONE, unreached="bo@kommun.example"),
            letter(6, "untracked", case="oklar-6", row=8),
        ),
        superseded=((3, 1, "two_months", day("2026-04-27")),),
    )


def test_sections_worst_first_and_numbered_through() -> None:
    """Incidents, overdue, the window, new reports, sent back, unclear … the coming days last; numbers run on."""
    found = full()
    names = [s.name for s in found.sections]
    assert names[:6] == ["incidents", "overdue", "window", "new_reports", "sent_back", "unclear"]
    assert names[6:] == ["unreached", "held_back", "superseded", "coming"]
    numbers = [r.n for s in found.sections for r in s.rows]
    assert numbers == list(range(1, len(numbers) + 1))


def test_overdue_the_longest_first() -> None:
    """Passed marks without a report after their report day, with the title to send."""
    found = section(full(), "overdue")
    assert [(r.case, r.days, r.title.title if r.title else "") for r in found] == [
        ("E-2", 35, "IVO – Nyrapportering 2026-03-20, 9§4"),  # report day Mon 23 March
        ("E-1", 11, "IVO – Nyrapportering 2026-04-15, 9§4"),
    ]
    assert all(r.title and r.title.mailto.startswith("mailto:ivo@kommun.example?subject=IVO") for r in found)


@pytest.mark.parametrize("one, on, expected", [
    (row(), "2026-04-16", []),  # the report day itself
    (row(), "2026-04-17", ["E-1 new 2026-04-15"]),
    (row(reports=told(1)), "2026-06-01", []),
    (row(silent_before="2026-04-16"), "2026-06-01", []),
    (row(reports=told(1)), "2026-07-17", ["E-1 follow_up 2026-07-15"]),
    (row(reports=told(2)), "2026-08-03", ["E-1 follow_up 2026-04-15"]),
    (row(closing=closed("executed 2026-04-15")), "2026-06-01", []),
    (row(closing=closed("executed 2026-04-17")), "2026-06-01", ["E-1 new 2026-04-15"]),
])  # fmt: skip
def test_what_is_overdue(one: Row, on: str, expected: list[str]) -> None:
    """By mark and state."""
    assert brief(section(morning(on, one), "overdue")) == expected


def test_bounded_length() -> None:
    """A section tells its worst rows and how many more there are; nothing is told twice."""
    rows = [row("2026-01-15", f"E-{n:02}", id=n) for n in range(1, 26)]
    rows[20] = row("2025-12-15", "E-21", id=21)
    found = morning("2026-04-27", *rows)
    overdue = next(s for s in found.sections if s.name == "overdue")
    assert len(overdue.rows) == LONGEST and overdue.more == 25 - LONGEST
    assert overdue.rows[0].case == "E-21"
    assert all(len(s.rows) <= LONGEST for s in found.sections)
    assert found.window.lacking == 1  # E-21's mark is in the first quarter, the others' in the second


def test_window_progress() -> None:
    """What is received and not reported to IVO, what has not come at all; what is done counts."""
    got = replace(row("2025-12-15", "E-1"), reports=(Report(1, NEW, day("2026-03-16"), letter=1),))
    done = replace(row("2025-12-16", "E-2", id=2), reports=(Report(1, NEW, day("2026-03-17"), letter=2),))
    missing = row("2025-12-17", "E-3", id=3)
    silent = row("2025-12-18", "E-4", id=4, silent_before="2026-04-01")
    next_quarter = row("2026-01-03", "E-5", id=5)
    letters = (
        letter(1, title=title(NEW, "2026-03-15"), row=1),
        letter(2, title=title(NEW, "2026-03-16"), row=2, reported_to_ivo=True),
        letter(3, "closed", case="E-6", row=6, title=title(FINAL, "2026-04-10", outcome=ENDED)),
    )
    found = morning("2026-04-15", got, done, missing, silent, next_quarter, letters=letters)
    assert brief(section(found, "window")) == ["E-1 new 2026-03-15", "E-6 final 2026-04-10", "E-3 new 2026-03-17"]
    assert (found.window.quarter, found.window.done, found.window.lacking) == ("2026Q1", 1, 3)


def test_old_final_reports_are_no_progress_of_this_window() -> None:
    """A final report that was reported to IVO two years ago is not among this window's done ones."""
    old = letter(1, "closed", received=day("2024-02-05"), title=title(FINAL, "2024-02-01", outcome=ENDED), reported_to_ivo=True, new=False)
    assert morning("2026-04-15", letters=(old,)).window.done == 0


def test_cut_off() -> None:
    """By a setting, marks of the window's own days count too."""
    april = row("2026-01-10")
    assert section(morning("2026-04-15", april), "window") == ()
    assert brief(section(morning("2026-04-15", april, cut_off="window_end"), "window")) == ["E-1 new 2026-04-10"]


def test_incidents_tell_nothing_of_the_title() -> None:
    """Which letter and whether it was answered; no case, no sender, no words."""
    (found,) = section(full(), "incidents")
    assert (found.what, found.letter, found.case, found.to, found.title) == ("answered", 1, "", "", None)
    held = letter(1, "", title=REJECTED, folder=Folder.QUARANTINE, answer="held:sender")
    assert section(morning("2026-04-27", letters=(held,)), "incidents")[0].what == "unanswered"
    assert section(morning("2026-04-27", letters=(replace(held, new=False),)), "incidents") == ()


def test_waiting_letters() -> None:
    """Sent back and unclear ones stay until they are settled, with their age and the number of words that nobody knew."""
    one = letter(1, "", reason="rejected", folder=Folder.FIX_TITLE, new=False, title=Title(Verdict.REJECTED, unrecognised=2))
    (found,) = section(morning("2026-04-27", letters=(one,)), "sent_back")
    assert (found.what, found.days, found.count) == ("rejected", 12, 2)
    assert section(morning("2026-04-27", letters=(replace(one, settled=True),)), "sent_back") == ()


def test_coming_days() -> None:
    """Today's milestones and the next ten days', the soonest first."""
    found = section(morning("2026-04-14", row(), row("2026-02-24", "E-2", id=2), row("2026-02-26", "E-3", id=3)), "coming")
    assert brief(found) == ["E-1 day_before 2026-04-14", "E-1 overdue_1 2026-04-21", "E-2 two_months 2026-04-24"]
    assert section(morning("2026-04-14", row(silent_before="2026-04-16")), "coming") == ()
    assert "overdue" not in " ".join(brief(section(morning("2026-04-14", row(reports=told(1))), "coming")))


def test_coming_days_follow_what_was_sent() -> None:
    """`overdue_1` went out three days late, so `overdue_2` stands on its own true day."""
    claims = {1: {(1, "two_months"): Claim(day("2026-03-16"), True), (1, "overdue_1"): Claim(day("Fri 2026-04-24"), True)}}
    found = section(morning("2026-04-27", row(), claims=claims), "coming")
    assert brief(found) == ["E-1 overdue_2 2026-05-04"]


def test_a_sender_who_is_not_the_owner() -> None:
    """It is no flaw; the new report stands with its sender, so that the reporter sees it."""
    (found,) = section(morning("2026-04-16", letters=(letter(1, sender="cia@kommun.example"),)), "new_reports")
    assert (found.to, found.case, found.what) == ("cia@kommun.example", "E-1", "matched")


def test_what_is_put_off_waits_in_a_section_of_its_own() -> None:
    """Neither overdue nor among what the window asks for now, but counted there; back on its day; gone when a report has come."""
    late, other = row("2025-12-15", "E-1"), row("2025-12-16", "E-2", id=2)
    off = {(1, 1): (day("2026-04-20"), "väntar på svar")}
    found = morning("2026-04-15", late, other, postponed=off)
    assert brief(section(found, "overdue")) == brief(section(found, "window")) == ["E-2 new 2026-03-16"]
    assert found.window.lacking == 2
    (waits,) = section(found, "postponed")
    assert (waits.case, waits.row, waits.k, waits.until, waits.why) == ("E-1", 1, 1, day("2026-04-20"), "väntar på svar")
    assert {r.day for r in section(found, "coming") if r.case == "E-1" and r.what.startswith("overdue")} <= {day("2026-04-20")}
    assert "E-1 new 2026-03-15" in brief(section(morning("2026-04-20", late, other), "overdue"))
    assert section(morning("2026-04-15", replace(late, reports=told(1)), postponed=off), "postponed") == ()


def test_every_row_that_can_be_answered_knows_what_it_is_about() -> None:
    """The register's row or the letter, for whoever answers it; and it can be dealt with where it asks for something."""
    found = full()
    for part in found.sections:
        for one in part.rows:
            assert one.row or one.letter, (part.name, one)
            told_only = part.name in ("incidents", "unreached", "held_back", "superseded")
            assert bool(possible(part.name, one)) != told_only or part.name == "sent_back", (part.name, one)


def test_what_waits_has_the_title_that_deals_with_it() -> None:
    """Overdue rows, what the window lacks, and titles sent back whose row is known."""
    sent_back = letter(2, "premature", folder=Folder.FIX_TITLE)
    found = morning("2026-04-15", row("2025-12-15", "E-1"), letters=(sent_back,))
    for name in ("overdue", "window", "sent_back"):
        (one,) = section(found, name)
        assert one.title is not None and one.title.title == "IVO – Nyrapportering 2026-03-15, 9§4", name


def test_protected_persons_stand_as_their_alias() -> None:
    """In every section that names a case."""
    hidden = row("2026-01-15", "E-1", protected=True, alias="Fiktiv 7")
    shown_ = repr(morning("2026-04-27", hidden, superseded=((1, 1, "two_months", day("2026-04-01")),)))
    assert "Fiktiv 7" in shown_ and "E-1'" not in shown_


def test_a_protected_persons_letter_stands_under_the_alias_too() -> None:
    """A report about a protected row is told by its alias, never by its case."""
    hidden = row("2026-01-15", "E-1", protected=True, alias="Fiktiv 7", reports=(Report(1, FOLLOW_UP, day("2026-04-16"), letter=1),))
    found = morning("2026-04-17", hidden, letters=(letter(1),))
    assert [r.case for r in section(found, "new_reports")] == ["Fiktiv 7"]
