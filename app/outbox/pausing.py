"""The state of delivery as a whole, in one row: paused after refusals of the sender, out of reach, or well.

All functions change it in a transaction of the caller.
"""

from datetime import datetime

from sqlalchemy import select, update

from app.database import db, insert_or_leave
from app.outbox import retry
from app.outbox.models import FAILED, QUEUED, DeliveryState, Message


def state() -> DeliveryState:
    """Return the state of delivery, only to be read; all is well where nothing was recorded yet."""
    query = select(DeliveryState).execution_options(populate_existing=True)
    return db.session.scalars(query).one_or_none() or DeliveryState(refusals_in_a_row=0, denied_in_a_row=[])


def locked() -> DeliveryState:
    """Return the row of the state of delivery, locked until the transaction ends."""
    db.session.execute(insert_or_leave(DeliveryState).values(id=1, refusals_in_a_row=0, denied_in_a_row=[]))
    query = select(DeliveryState).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def accepted() -> None:
    """Record that the sender is accepted: the server took a message, or refused one that is at fault itself.

    Delivery resumes if it was paused; a coordinator who resumes it by hand does the same.
    """
    row = locked()
    row.refusals_in_a_row = 0
    row.denied_in_a_row = []
    row.paused_at = row.paused_because = row.last_probe_at = None


def reached() -> None:
    """Record that a connection was made."""
    row = locked()
    row.unreachable_since = row.unreachable_because = None


def out_of_reach(because: str, now: datetime) -> None:
    """Record that no connection could be made."""
    row = locked()
    row.unreachable_since = row.unreachable_since or now
    row.unreachable_because = because


def stands_still(since: datetime | None) -> None:
    """Record since when no message has been sent that should have been; None where that is over."""
    locked().stands_still_since = since


def refused(because: str, now: datetime, *, times: int = 1) -> None:
    """Record a refusal of the sender: after three in a row delivery pauses."""
    row = locked()
    row.refusals_in_a_row += times
    if retry.pauses(row.refusals_in_a_row) and row.paused_at is None:
        row.paused_at = row.last_probe_at = now
        row.paused_because = because


def denied(message_id: int, address: str, because: str, now: datetime) -> list[int]:
    """Record that a recipient was denied for a policy; three different ones in a row are about the sender.

    The messages of all three are then queued again, and returned: it was not their fault. While delivery is
    paused, a single one shows that nothing has changed.
    """
    row = locked()
    if row.paused_at is not None:
        _queue_again([message_id], now)
        return [message_id]
    before = db.session.execute(
        select(Message.id, Message.address).where(Message.id.in_(row.denied_in_a_row))
    ).all()
    if address in {earlier.address for earlier in before}:
        return []
    row.denied_in_a_row = [*row.denied_in_a_row, message_id]
    if not retry.pauses(len(row.denied_in_a_row)):
        return []
    innocent = row.denied_in_a_row
    row.denied_in_a_row = []
    _queue_again(innocent, now)
    refused(because, now, times=len(innocent))
    return innocent


def _queue_again(message_ids: list[int], now: datetime) -> None:
    db.session.execute(
        update(Message)
        .where(Message.id.in_(message_ids), Message.state == FAILED)
        .values(state=QUEUED, next_try_at=now, ended_at=None, tries=0, first_tried_at=None)
        .execution_options(synchronize_session=False)
    )


def may_probe(now: datetime, *, insist: bool) -> bool:
    """Return True when a message may be tried in a pause: every ten minutes, or with `insist`."""
    row = locked()
    if not insist and not retry.probe_is_due(row.last_probe_at, now):
        return False
    row.last_probe_at = now
    return True
