"""Many rows at once are written and read as one at a time is, and a new row's next day is the planner's."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from bot.store import audit, bulk, rows
from bot.store import engine as db
from bot.store.claims import FirstDays
from bot.store.schema import audit as trail
from rules.model import ClosedBy, Closing, Entry, Outcome, Row, Sort
from rules.plan import Planner
from rules.routine import packaged
from rules.workday import Workdays

TODAY = date(2026, 6, 30)
NOW = datetime(2026, 6, 30, 6, 0, 0, 7, tzinfo=UTC)
days = st.dates(date(2025, 1, 1), date(2026, 7, 30))
maybe = st.none() | days
words = st.text(st.characters(codec="utf-8"), max_size=6)
entries = st.builds(
    Entry,
    case=words,
    insats=st.sampled_from(["9§4", "9§6", "9§8", "9§9", "9§10"]),
    sort=st.sampled_from(Sort),
    start=days,
    form=st.sampled_from(["", "stodfamilj", "gruppboende"]),
    decision_date=maybe,
    officer=words,
    external=st.booleans(),
    advance_ruling=st.none() | st.booleans(),
    executed=maybe,
    ended=maybe,
    protected=st.booleans(),
    alias=words,
    judgment=st.booleans(),
    dates=st.sets(st.sampled_from(["confirmed", "ordered", "plan_received"])).flatmap(
        lambda names: st.tuples(*(st.tuples(st.just(name), days) for name in sorted(names)))
    ),
)
closings = st.none() | st.builds(Closing, st.sampled_from(Outcome), days, st.just(ClosedBy.REGISTER))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    found = db.open_store(f"sqlite:///{tmp_path_factory.mktemp('bulk')}/ivobot.db")
    yield found
    found.dispose()


@settings(deadline=None, max_examples=60)
@given(entry=entries, closing=closings)
def test_the_database_holds_the_same_either_way(engine: Engine, entry: Entry, closing: Closing | None) -> None:
    with engine.connect() as tx, tx.begin() as work:
        one = rows.add(tx, entry, entered=TODAY, silent_before=TODAY, closing=closing)
        held = tx.exec_driver_sql("SELECT * FROM register_row").one()
        assert rows.by_id(tx, [one])[0] == Row(one, entry, TODAY, TODAY, closing)
        tx.exec_driver_sql("DELETE FROM register_row")
        (many,) = rows.add_many(tx, [(entry, closing, None)], entered=TODAY, silent_before=TODAY)
        assert tx.exec_driver_sql("SELECT * FROM register_row").one()[1:] == held[1:]
        rows.change_many(tx, [(many, entry, closing)])
        assert tx.exec_driver_sql("SELECT * FROM register_row").one()[1:] == held[1:]
        work.rollback()


def test_an_instant_is_held_as_the_schema_holds_it(engine: Engine) -> None:
    with engine.connect() as tx, tx.begin() as work:
        audit.write(tx, NOW, "anna", [audit.Note("added", 1, {})])
        assert tx.execute(select(trail.c.at)).scalar_one() == NOW
        work.rollback()


def test_a_column_in_the_wrong_place_is_refused(engine: Engine) -> None:
    with db.read(engine) as tx, pytest.raises(ValueError, match="order"):
        bulk.insert_many(tx, trail, ("row_id", "number"), [])


@pytest.mark.parametrize("routine", ["ivo-lss", "gotland"])
@settings(deadline=None, max_examples=150)
@given(given_=st.lists(st.tuples(entries, closings), min_size=1, max_size=8), back=st.integers(0, 400))
def test_first_days_are_the_planners(routine: str, given_: list[tuple[Entry, Closing | None]], back: int) -> None:
    planner = Planner(packaged(routine), Workdays())
    silent_before = TODAY - timedelta(days=back)
    first = FirstDays(planner, TODAY, silent_before)
    for entry, closing in given_ * 2:
        row = Row(0, entry, TODAY, silent_before, closing)
        assert first.day(entry, closing) == planner.next_day(row, {})
