"""Claims on messages, with a lease and a fence number, and the record of what became of each.

A claim takes messages that are due, for as long as the lease lasts, and counts their fence number up. A
deliverer that holds an older number records nothing any more: another one has the message now. Several
deliverers, in threads, processes or on machines, thereby share the work, and what a crash leaves is due
again by itself.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, func, or_, select, tuple_, update

from app.database import db
from app.history.record import HEAD
from app.outbox import pausing
from app.outbox.models import HELD, OVERTAKEN, QUEUED, SENDING, SENT, WAITING, Message, MessageItem

MESSAGES = cast(Table, Message.__table__)


# built once: building a statement takes as long as executing it
_STANDS = (
    (MESSAGES.c.id == bindparam("claimed_id"))
    & (MESSAGES.c.fence == bindparam("claimed_fence"))
    & (MESSAGES.c.state == SENDING)
)
_RECORD = update(MESSAGES).where(_STANDS)
_RENEW = (
    update(MESSAGES)
    .where(_STANDS, HEAD.scalar_subquery() == bindparam("head"))
    .values(next_try_at=bindparam("until"))
)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send one message, while the fence number stands."""

    id: int
    fence: int
    message: Message
    """A copy, outside the session. While the claim stands nobody else changes the message."""


def due(by: datetime, but: Collection[int] = ()) -> ColumnElement[bool]:
    """Match messages that wait for a try by then, also those whose lease ran out; none of `but`, by id."""
    condition: ColumnElement[bool] = WAITING & (Message.next_try_at <= by)
    return condition & Message.id.not_in(but) if but else condition


def anything_due(by: datetime, but: Collection[int] = ()) -> bool:
    """Return True when there is something to send, `but` left aside."""
    return db.session.scalar(select(Message.id).where(due(by, but)).limit(1)) is not None


def claim(
    by: datetime,
    now: datetime,
    lease: timedelta,
    limit: int,
    *,
    least_recent: bool = False,
    but: Collection[int] = (),
) -> list[Claim]:
    """Take up to `limit` messages that are due, the most urgent first, none of `but`. In a transaction of the
    caller.

    With `least_recent` the one that waits longest since its last try goes first instead, so that one message
    that the server never takes cannot be the only one to be tried.
    """
    order = (Message.next_try_at, Message.id) if least_recent else (Message.urgency, Message.id)
    chosen = select(Message.id).where(due(by, but)).order_by(*order).limit(limit)
    return _take(chosen.with_for_update(skip_locked=True), now, lease)


def claim_one(message_id: int, now: datetime, lease: timedelta) -> list[Claim]:
    """Take this message if it is due and nobody else is just taking it. In a transaction of the caller."""
    chosen = select(Message.id).where(due(now), Message.id == message_id)
    return _take(chosen.with_for_update(skip_locked=True), now, lease)


def _take(chosen: Any, now: datetime, lease: timedelta) -> list[Claim]:
    """Take the chosen messages, whose rows must be locked: PostgreSQL would else wait for another deliverer
    who takes them, and take them once more."""
    taken = db.session.execute(
        update(MESSAGES)
        .where(MESSAGES.c.id.in_(chosen.scalar_subquery()))
        .values(state=SENDING, fence=MESSAGES.c.fence + 1, next_try_at=now + lease)
        .returning(MESSAGES)
    )
    rows = sorted(taken.mappings(), key=lambda row: (row["urgency"], row["id"]))
    return [Claim(row["id"], row["fence"], Message(**row)) for row in rows]


def with_unsent(receivers: Iterable[int], kinds: Iterable[str]) -> set[tuple[int, str]]:
    """Return the people, each with the kind, who have a message of one of these kinds that did not go."""
    sent = (SENT, OVERTAKEN)
    query = select(MESSAGES.c.recipient, MESSAGES.c.kind).where(
        MESSAGES.c.recipient.in_(list(receivers)),
        MESSAGES.c.kind.in_(list(kinds)),
        MESSAGES.c.state.not_in(sent),
    )
    return {(row.recipient, row.kind) for row in db.session.execute(query)}


def unsent_of(recipient: int, kind: str, now: datetime, about: tuple[str, int] | None = None) -> list[int]:
    """Return the recipient's messages of a kind that are not sent and not just being sent. With `about` only
    those that carry an item of this kind and id."""
    return list(db.session.scalars(select(Message.id).where(*_unsent(recipient, kind, now, about))))


def overtake(recipient: int, kind: str, now: datetime, about: tuple[str, int] | None = None) -> list[int]:
    """Take back such messages: a newer one says it all. In a transaction of the caller."""
    taken = db.session.execute(
        update(MESSAGES)
        .where(*_unsent(recipient, kind, now, about))
        .values(state=OVERTAKEN, fence=MESSAGES.c.fence + 1, ended_at=now)
        .returning(MESSAGES.c.id)
    )
    return list(taken.scalars())


def _unsent(
    recipient: int, kind: str, now: datetime, about: tuple[str, int] | None
) -> list[ColumnElement[bool]]:
    left_by_a_crash = (MESSAGES.c.state == SENDING) & (MESSAGES.c.next_try_at <= now)
    unsent = MESSAGES.c.state.in_((QUEUED, HELD)) | left_by_a_crash
    which = [MESSAGES.c.recipient == recipient, MESSAGES.c.kind == kind, unsent]
    if about is not None:
        item = MessageItem.__table__.c
        carrying = select(item.carrier_id).where(
            item.obligation_kind == about[0], item.obligation_id == about[1], item.person_id == recipient
        )
        which.append(MESSAGES.c.id.in_(carrying))
    return which


def renew_all(claims: Sequence[Claim], now: datetime, lease: timedelta) -> list[Claim]:
    """Begin the leases of a batch anew; returns the claims that still stand."""
    standing = tuple_(MESSAGES.c.id, MESSAGES.c.fence).in_(
        [(claimed.id, claimed.fence) for claimed in claims]
    )
    renewed = db.session.execute(
        update(MESSAGES)
        .where(standing, MESSAGES.c.state == SENDING)
        .values(next_try_at=now + lease)
        .returning(MESSAGES.c.id)
    )
    ids = set(renewed.scalars())
    return [claimed for claimed in claims if claimed.id in ids]


def renew_if_nothing_happened(claimed: Claim, now: datetime, lease: timedelta, *, head: int) -> bool:
    """Begin the lease anew unless something has happened since the history ended with `head`.

    Returns False also when another deliverer has the message by now.
    """
    values = {"claimed_id": claimed.id, "claimed_fence": claimed.fence, "until": now + lease, "head": head}
    return db.session.connection().execute(_RENEW, values).rowcount == 1


def record(claimed: Claim, **values: object) -> bool:
    """Record what became of a message; returns False when the claim no longer stands: nothing is recorded."""
    values |= {"claimed_id": claimed.id, "claimed_fence": claimed.fence}
    return db.session.connection().execute(_RECORD, values).rowcount == 1


def end(
    claimed: Claim,
    state: str,
    answer: str,
    now: datetime,
    *,
    secret: bool = False,
    counted: Mapping[str, object] | None = None,
) -> bool:
    """Record the end of a message. With `secret` its text is erased: the key it carried is needed no more."""
    erased = {"text": None, "html": None} if secret else {}
    return record(claimed, state=state, answer=answer, ended_at=now, **erased, **(counted or {}))


def give_back(claimed: list[Claim], at: datetime) -> None:
    """Let go of messages that were not tried: they are due as before."""
    for claim_given_back in claimed:
        record(claim_given_back, state=QUEUED, next_try_at=at)


def hold_all(now: datetime, why: str) -> None:
    """Hold all messages; what is just being sent is left alone."""
    db.session.execute(
        update(MESSAGES)
        .where((MESSAGES.c.state == QUEUED) | due(now))
        .values(state=HELD, answer=why)
        .execution_options(synchronize_session=False)
    )


def release_all(now: datetime, held_because: str | None = None) -> int:
    """Queue what was held, all of it or what was held for one reason; return how many."""
    held = update(MESSAGES).where(MESSAGES.c.state == HELD)
    if held_because is not None:
        held = held.where(MESSAGES.c.answer == held_because)
    return db.session.connection().execute(held.values(state=QUEUED, next_try_at=now, answer=None)).rowcount


def count(state: str, since: datetime | None = None) -> int:
    """Count the messages in a state; with `since`, those that reached it after that."""
    query = select(func.count()).where(Message.state == state)
    if since is not None:
        query = query.where(Message.ended_at > since)
    return db.session.scalar(query) or 0


def seconds_to_wait(rate_per_minute: int, now: datetime) -> float:
    """Return the seconds until one more may be sent: until the first of the last minute's is a minute old.

    In a transaction of the caller, who holds the row of the state of delivery until then, so that all
    deliverers together keep to the rate.
    """
    pausing.locked()
    a_minute_ago = now - timedelta(minutes=1)
    has_gone = and_(Message.state == SENT, Message.ended_at > a_minute_ago)
    is_going = and_(Message.state == SENDING, Message.next_try_at > now)
    # in one statement: between two, what goes can have gone, and neither would count it
    these = select(func.count()).where(or_(has_gone, is_going))
    if (db.session.scalar(these) or 0) < rate_per_minute:
        return 0
    first = select(func.min(Message.ended_at)).where(has_gone)
    earliest = db.session.scalar(first) or now
    return max((earliest - a_minute_ago).total_seconds(), 0.05)
