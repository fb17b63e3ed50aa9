"""Deliverers that claim messages in the same moment."""

from datetime import timedelta
from threading import Thread

import pytest
from flask import Flask

from app import clock
from app.database import db, transaction
from app.outbox.claims import Claim, claim, claim_one
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
