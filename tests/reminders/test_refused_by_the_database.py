"""Refusals of the database: a key of the run's own means another run was first, all else is a fault."""

from datetime import date

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError

from app.database import broken_by, db, transaction
from app.outbox.models import ITEM_KEY, MESSAGE_KEY, Message, MessageItem
from app.reminders.daily_run import run

from .conftest import Installation

ON = date(2010, 11, 24)


def copy_of_one(model: type[Message] | type[MessageItem], **changed: object) -> dict[str, object]:
    """A row as the run wrote it, to be written again."""
    row = db.session.execute(select(model.__table__)).mappings().first()
    assert row is not None
    return {name: value for name, value in row.items() if name != "id"} | changed


def refused(model: type[Message] | type[MessageItem], row: dict[str, object]) -> IntegrityError:
    """The error with which the database refuses a row."""
    with pytest.raises(IntegrityError) as error, transaction():
        db.session.execute(insert(model), [row])
    return error.value


def test_a_message_or_an_item_written_by_another_run_is_told_by_its_key(installation: Installation) -> None:
    run(ON)
    message = refused(Message, copy_of_one(Message, uid="another"))
    item = refused(MessageItem, copy_of_one(MessageItem))
    assert [broken_by(message, key) for key in (MESSAGE_KEY, ITEM_KEY)] == [True, False]
    assert [broken_by(item, key) for key in (MESSAGE_KEY, ITEM_KEY)] == [False, True]


def test_no_other_rule_of_the_database_is_taken_for_a_key(installation: Installation) -> None:
    run(ON)
    for changed in ({"once": "another"}, {"uid": "another", "once": None, "state": "lost"}):
        error = refused(Message, copy_of_one(Message, **changed))
        assert not broken_by(error, MESSAGE_KEY)
        assert not broken_by(error, ITEM_KEY)


def test_a_run_says_what_it_was_refused_for(installation: Installation) -> None:
    with transaction():
        db.session.execute(text("create unique index one_message_a_day on messages (rendered_on)"))
    with pytest.raises(IntegrityError, match=r"one_message_a_day|messages\.rendered_on") as refusal:
        run(ON)
    assert "council.example" not in str(refusal.value), "an address in a fault"
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0
