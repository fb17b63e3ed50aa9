"""The history shows when a row of it was edited or removed."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, update

from app.database import db, transaction
from app.history.checking import first_break
from app.history.models import HistoryRow
from app.history.record import Event, record
from tests.history.tampered import drop_triggers


@pytest.fixture
def five_rows(service: Flask) -> None:
    for number in range(1, 6):
        with transaction():
            record("jack.denny@council.example", [Event("audit", f"CP-00{number}", "extended", why="leave")])


def test_a_history_that_nobody_touched_is_whole(five_rows: None) -> None:
    assert first_break() is None


def test_an_empty_history_is_whole(service: Flask) -> None:
    assert first_break() is None


@pytest.mark.parametrize(
    ("tamper", "found_at"),
    [
        (lambda: update(HistoryRow).where(HistoryRow.id == 3).values(why="sickness"), 3),
        (lambda: update(HistoryRow).where(HistoryRow.id == 5).values(who="somebody@else.example"), 5),
        (lambda: delete(HistoryRow).where(HistoryRow.id == 1), 2),
        (lambda: delete(HistoryRow).where(HistoryRow.id == 3), 4),
        (lambda: delete(HistoryRow).where(HistoryRow.id == 5), 5),
        (lambda: delete(HistoryRow).where(HistoryRow.id > 2), 3),
        (lambda: delete(HistoryRow), 1),
    ],
    ids=[
        "edited",
        "last edited",
        "first removed",
        "one removed",
        "last removed",
        "end removed",
        "all removed",
    ],
)
def test_tampering_is_found_where_it_was_done(
    five_rows: None, tamper: Callable[[], object], found_at: int
) -> None:
    with transaction():
        drop_triggers(db.session.connection())
        db.session.execute(tamper())  # type: ignore[call-overload]
    found = first_break()
    assert found is not None
    assert found.row == found_at
