"""The one judgement of how the service is: each thing that can be wrong, from facts alone; and when it is mailed."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rules.health import CODES, Facts, Failing, daily, judge, worst
from rules.incidents import AWAY, SETTLED, Incident, follow
from tests.municipality import ZONE

ROOT = Path(__file__).parents[2]


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=ZONE)


NOW = at("2026-04-15T09:00")  # a Wednesday
WELL = Facts(
    now=NOW,
    zone=ZONE,
    poll=timedelta(minutes=2),
    workday=True,
    reminders_at=at("2026-04-15T07:00"),
    digest_at=at("2026-04-15T07:30"),
    serving="running",
    since=at("2026-04-01T12:00"),
    last_step=at("2026-04-15T08:58"),
    last_read=at("2026-04-15T08:58"),
    disk_free=10**10,
    clock_high=at("2026-04-15T08:58"),
    backup_day=date(2026, 4, 15),
    backups=True,
    certificate_ends=at("2027-04-15T08:58"),
    old_data=(("lss.toml", date(2026, 1, 1)),),
)
TABLE: list[tuple[str, str, dict[str, Any]]] = [
    ("stalled", "error", {"last_step": at("2026-04-15T08:49")}),
    ("stalled", "error", {"last_step": None}),
    ("stopped", "error", {"serving": "stopped", "since": at("2026-04-15T08:40"), "last_step": at("2026-04-15T08:39")}),
    ("letters_unread", "error", {"unread": 3, "last_read": at("2026-04-15T08:40")}),
    ("mailbox", "error", {"failing": (Failing("mailbox", "It does not answer."),)}),
    ("mailbox", "error", {"mailbox": "It does not answer."}),
    ("mailbox_denied", "error", {"failing": (Failing("mailbox", "It denies."),), "denied": True}),
    ("letters_unfiled", "warning", {"unfiled": at("2026-04-15T08:00")}),
    ("canary", "error", {"canary_lost": at("2026-04-15T06:00")}),
    ("sending", "error", {"failing": (Failing("deliver", "It does not take mail."),)}),
    ("mails_failed", "error", {"failed_mails": 2}),
    ("outbox_old", "warning", {"outbox": 2, "outbox_since": at("2026-04-15T08:00")}),
    ("refused", "notice", {"refused": 1}),
    ("job", "error", {"failing": (Failing("backup", "No room."),)}),
    ("reminders_late", "error", {"late_rows": 2, "late_day": date(2026, 4, 14)}),
    ("digest_late", "error", {"digest_sent": False}),
    ("certificate", "warning", {"certificate_ends": at("2026-04-30T00:00")}),
    ("certificate", "error", {"certificate_ends": at("2026-04-14T00:00")}),
    ("certificate", "error", {"certificate_fault": "ValueError"}),
    ("database", "error", {"database": "The database is locked."}),
    ("disk", "warning", {"disk_free": 400_000_000}),
    ("disk", "error", {"disk_free": 50_000_000}),
    ("clock", "error", {"clock_high": at("2026-04-15T09:10")}),
    ("clock", "error", {"clock_high": at("2026-05-15T09:10"), "clock_back": at("2026-04-15T08:00")}),
    ("brake", "notice", {"braked": True}),
    ("data_old", "hint", {"old_data": (("lss.toml", date(2025, 1, 1)),)}),
    ("backup_old", "warning", {"backup_day": date(2026, 4, 13)}),
    ("backup_old", "warning", {"backup_day": None}),
    ("letters_missed", "notice", {"missed": (7, 8)}),
    ("letters_strange", "notice", {"strangers": (("Klart", 2),)}),
]
FINE: list[dict[str, Any]] = [
    {},
    {"last_step": at("2026-04-15T08:51")},
    {"serving": "", "since": None, "last_step": None},  # only `run --once` now and then
    {
        "serving": "",
        "since": None,
        "last_step": at("2026-04-14T09:00"),
        "digest_sent": False,
        "late_rows": 2,
        "late_day": date(2026, 4, 14),
    },
    {"digest_sent": False, "now": at("2026-04-15T08:29"), "clock_high": None},
    {
        "digest_sent": False,
        "since": at("2026-04-15T08:58"),
        "last_step": None,
    },  # begun late: it comes with the next round
    {"digest_sent": False, "workday": False},
    {"serving": "stopped", "since": at("2026-04-14T08:00")},  # and `run --once` since
    {"outbox": 2, "outbox_since": at("2026-04-15T08:40")},
    {"clock_high": at("2026-04-15T09:01")},
    {"clock_high": at("2026-04-17T09:00"), "clock_back": at("2026-04-14T08:00")},  # set back a day ago: believed
    {"backup_day": date(2026, 4, 14)},
    {"backup_day": None, "since": at("2026-04-15T07:00")},
    {"unread": 3, "last_read": at("2026-04-15T08:58")},
]


@pytest.mark.parametrize("code, severity, changes", TABLE, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_wrong_is_told_alone(code: str, severity: str, changes: dict[str, Any]) -> None:
    """One code, a sentence for the operator that ends and says what to do, and one for the reporter."""
    (issue,) = judge(replace(WELL, **changes))
    assert (issue.code, issue.severity) == (code, severity)
    assert issue.text.endswith(".") and issue.swedish.endswith(".") and issue.swedish[0] in "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ0123456789"
    assert "Nothing" not in issue.text and "  " not in issue.text


@pytest.mark.parametrize("changes", FINE)
def test_what_is_well_is_not_told(changes: dict[str, Any]) -> None:
    assert judge(replace(WELL, **changes)) == ()


def test_the_worst_comes_first() -> None:
    found = judge(replace(WELL, braked=True, disk_free=1, certificate_ends=at("2026-04-30T00:00"), old_data=(("x", date(2020, 1, 1)),)))
    assert [issue.severity for issue in found] == ["error", "warning", "notice", "hint"]
    assert worst(found) == "error" and worst(()) == "ok" and [issue.code for issue in daily(found)][-1] == "brake"


def test_every_code_is_tried_and_explained() -> None:
    """The guide has a row for each code, and none besides."""
    import re

    assert {code for code, _, _ in TABLE} == set(CODES)
    guide = (ROOT / "docs" / "service.md").read_text("utf-8").partition("## What each issue means")[2]
    assert set(re.findall(r"^\| `([a-z_]+)` \|", guide, re.MULTILINE)) == set(CODES)


def test_short_polls_are_given_five_minutes() -> None:
    assert judge(replace(WELL, poll=timedelta(seconds=5), last_step=at("2026-04-15T08:56"))) == ()


def issue_at(now: datetime, former: dict[str, Incident], *, down: bool) -> Any:
    facts = replace(WELL, now=now, last_step=now, clock_high=None, mailbox="It does not answer." if down else "")
    return follow(former, judge(facts), now)


def test_an_incident_is_told_once_and_ends_once() -> None:
    """Down from 9:00 to 9:20, with a moment of hope: told at 9:05, over ten minutes after its end."""
    former: dict[str, Incident] = {}
    begun, over = [], []
    for minute in range(0, 60, 1):
        now = NOW + timedelta(minutes=minute)
        course = issue_at(now, former, down=minute < 20 and minute != 12)
        begun += [(minute, one.code) for one in course.begun]
        over += [(minute, one.since) for one in course.over]
        former = dict(course.incidents)
    assert begun == [(SETTLED.total_seconds() // 60, "mailbox")]
    assert over == [(20 + AWAY.total_seconds() // 60, NOW)]
    assert former == {}


def test_what_goes_by_itself_is_not_told() -> None:
    former: dict[str, Incident] = {}
    for minute in range(0, 60, 1):
        course = issue_at(NOW + timedelta(minutes=minute), former, down=minute % 10 < 4)
        assert not course.begun and not course.over
        former = dict(course.incidents)
