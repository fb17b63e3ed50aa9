"""Deliverers that claim messages in the same moment."""

from datetime import timedelta
from threading import Thread

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event

from app import clock
from app.database import db, transaction
from app.outbox.claims import Claim, claim, claim_one, seconds_to_wait
from tests.outbox.messages import a_message

LEASE = timedelta(minutes=1)
SECONDS_TO_WAIT = 1.0


@pytest.mark.postgresql
@pytest.mark.parametrize("alone", [True, False], ids=["that message alone", "all that is due"])
def test_a_message_that_another_deliverer_is_just_claiming_is_left_to_it(
    postgresql_app: Flask, *, alone: bool
) -> None:
    message_id, now = a_message().id, clock.now()
    db.session.rollback()
    second: list[Claim] = []

    def claim_too() -> None:
        with postgresql_app.app_context(), transaction():
            second.extend(claim_one(message_id, now, LEASE) if alone else claim(now, now, LEASE, 10))

    other = Thread(target=claim_too)
    with transaction():
        first = claim(now, now, LEASE, 10)
        other.start()
        other.join(SECONDS_TO_WAIT)  # it may wait for this transaction
    other.join()
    assert [claimed.id for claimed in first] == [message_id]
    assert second == []


@pytest.mark.postgresql
def test_what_is_sent_while_it_is_counted_is_counted(postgresql_app: Flask, postgresql_url: str) -> None:
    """Another connection sends an email just after the first count: it is counted as sent or as going."""
    a_message()
    now = clock.now()
    with transaction():
        assert len(claim(now, now, LEASE, 1)) == 1
    counted: list[str] = []

    def then_it_is_sent(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "count(" in statement and not counted:
            counted.append(statement)
            with psycopg.connect(postgresql_url, autocommit=True) as other:
                other.execute("update messages set state = 'sent', ended_at = %s", (now,))

    event.listen(db.engine, "after_cursor_execute", then_it_is_sent)
    try:
        with transaction():
            assert seconds_to_wait(1, now) > 0
    finally:
        event.remove(db.engine, "after_cursor_execute", then_it_is_sent)
    assert counted
