"""A cycle is frozen as of a day; asked without one, also where that day is still to come."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.audits.cycle import Cycle
from app.database import db, transaction
from tests.factories import a_cycle

DAY = date(2010, 12, 22)
EVE = DAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("frozen_on", "on_the_eve", "on_the_day", "ever"),
    [(None, False, False, False), (DAY, False, True, True)],
)
def test_the_page_and_the_query_say_the_same(
    app: Flask, frozen_on: date | None, on_the_eve: bool, on_the_day: bool, ever: bool
) -> None:
    cycle = a_cycle(closed_on=date(2010, 12, 17))
    with transaction():
        cycle.frozen_on = frozen_on
    expected = [on_the_eve, on_the_day, ever]
    assert [cycle.is_frozen(EVE), cycle.is_frozen(DAY), cycle.is_frozen()] == expected
    rules = (Cycle.frozen_by(EVE), Cycle.frozen_by(DAY), Cycle.frozen_by())
    assert [bool(db.session.scalar(select(rule))) for rule in rules] == expected
    assert [db.session.scalar(select(Cycle.id).where(~rule)) is None for rule in rules] == expected
