"""The service run day by day sends what `simulate` foretold: every milestone on its day, none twice, none missing."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.jobs.remind import remind
from bot.store import claims, rows
from bot.store import engine as db
from bot.store.schema import claim
from rules.model import Entry, Sort
from tests.municipality import Municipality, instant

FIRST = date(2026, 1, 1)
INSATSER = ("9§1", "9§2", "9§4", "9§6", "9§8", "9§9", "9§10")


def entries(count: int, days: int) -> list[Entry]:
    """Invented decisions and interruptions whose start falls on any day of the span, month ends and leap days among them."""
    rng = random.Random(2026)
    return [
        Entry(
            f"E-{n}",
            rng.choice(INSATSER),
            rng.choice((Sort.DECISION, Sort.INTERRUPTION)),
            FIRST + timedelta(days=rng.randrange(days)),
            officer=f"officer{n % 17}@kommun.example",
            external=rng.random() < 0.3,
        )
        for n in range(count)
    ]


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    "years, count",
    [(1, 25), pytest.param(2, 200, marks=pytest.mark.slow), pytest.param(10, 200, marks=pytest.mark.slow)],
    ids=["one", "two", "ten"],
)
def test_day_by_day_as_simulated(years: int, count: int, tmp_path: Path, figure: Callable[[str, object], None]) -> None:
    office = Municipality(tmp_path).office()
    days = 365 * years + years // 4
    last = FIRST + timedelta(days=days)
    by_start: dict[date, list[Entry]] = {}
    for entry in entries(count, days):
        by_start.setdefault(entry.start, []).append(entry)
    today = FIRST
    while today <= last:
        with db.write(office.engine) as tx:
            new = [rows.add(tx, entry, entered=today, silent_before=today) for entry in by_start.get(today, ())]
            claims.reschedule(tx, office.planner, new)
        remind(office, instant(f"{today}T08:00"))
        today += timedelta(days=1)
    with db.read(office.engine) as tx:
        tracked = rows.everything(tx)
        taken = tx.execute(select(claim.c.row_id, claim.c.k, claim.c.milestone, claim.c.day, claim.c.mail_id)).all()
    sent = sorted((row_id, k, milestone, day) for row_id, k, milestone, day, mail in taken if mail is not None)
    foretold = sorted(
        (event.row.id, event.k, event.milestone.name, event.day) for row in tracked for event in office.planner.simulate(row, FIRST, last)
    )
    assert len(foretold) > 5 * count * years
    doubled = len(sent) - len(set(sent))
    missing = len(set(foretold) - set(sent))
    figure("simulated days", days)
    figure("milestones", len(sent))
    figure("missing", missing)
    figure("double", doubled)
    assert sent == foretold
    assert [row for row in taken if row.mail_id is None] == []
