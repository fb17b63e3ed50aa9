"""The emails about one thing: those of the daily run, those with news, and those that moves wrote at once."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from app.audits.models import Assignment
from app.audits.reminded import sent_on
from app.concerns.models import Alert, CalledResponse
from app.database import db
from app.news.models import News
from app.outbox.models import OVERTAKEN, SENT, Message, MessageItem
from app.outbox.named import things_named
from app.outbox.names import ASSIGNED, AUDITED, CALLS, DIGEST, MANAGER
from app.people.models import Person
from app.reminders.due import AUDIT, CHECK, NEWS, NOBODY, REASSIGN, RESPONSE
from app.reminders.models import NotSent
from app.reminders.settle import WRITTEN_THEN
from app.reminders.subjects import Subject
from app.reminders.takeover import REPLACED
from app.workers.models import WorkerReply

REMINDERS = (DIGEST, MANAGER, CALLS)
"""The kinds of email that remind people of what is open."""

OF_DAILY_RUN = (*REMINDERS, AUDITED)
"""The kinds whose items name a thing: of the daily run, and of moves that tell before it does."""

TO_AUDITORS = ("chase", "confirm", "handed-over", "to-do-again")
GIVEN = "given"
SENT_BACK = "sent back"
"""The name of a chase that says why an audit was sent back."""

PRIVATE = (AUDITED, "alert", "response", "reply", "replied")
"""The kinds that not everybody may know of who reads when an audit was chased."""

NOT_FROM_DUE = (ASSIGNED, AUDITED, REASSIGN, CHECK)
"""The steps that do not count from the due date."""

Way = tuple[Collection[str], frozenset[tuple[str, int]], ColumnElement[bool]]
"""The kinds of email, the things that their facts name, and the condition of who can have got them."""


@dataclass(frozen=True)
class Sent:
    """An email that was written, by the key of its step, with what became of it.

    An item that a move wrote at once has the name of its kind for a step, and no anchor.
    """

    on: date
    person_id: int
    receiver_id: int | None
    kind: str
    step: str
    anchor_on: date | None
    due_on: date | None
    state: str
    ended_on: date | None
    is_at_once: bool = False
    is_replaced: bool = False
    """True where a later email took its place before it was sent."""
    kept_back: str = ""
    """The reason for which it was taken out of an email that had not gone: as if it had not been written."""

    def is_of(self, on: date) -> bool:
        """True where it was written for a day, or sent on it."""
        return self.on == on or (self.state == SENT and self.ended_on == on)


def emails_about(subject: Subject, until: date) -> list[Sent]:
    """Return the emails about a thing that were written up to a day."""
    item = MessageItem
    is_of_it = (item.obligation_kind == subject.kind) & (item.obligation_id == subject.id)
    # a piece of news that was taken back is named by its reference alone
    is_known = and_(News.about_kind == subject.kind, News.about_id == subject.id)
    is_its_news = (item.obligation_kind == NEWS) & (item.reference == subject.reference)
    return [
        *_by_run(until, is_of_it & item.kind.in_(OF_DAILY_RUN)),
        *_by_run(until, is_its_news & or_(News.id.is_(None), is_known)),
        *_taken_out(subject, until),
        *_at_once(subject, until),
    ]


def _by_run(until: date, which: ColumnElement[bool]) -> Iterator[Sent]:
    """Yield the emails that carry some items: each for the day it was written for, and where another took its
    place before it was sent, for the day of that one too."""
    item, written, carrier = MessageItem, aliased(Message), aliased(Message)
    query = (
        select(
            item.obligation_kind,
            item.person_id,
            item.kind,
            item.step,
            item.anchor_on,
            item.due_on,
            written.answer,
            *(each.label(f"first_{each.key}") for each in _became(written)),
            *(each.label(f"now_{each.key}") for each in _became(carrier)),
        )
        .join(written, written.id == item.message_id)
        .outerjoin(carrier, carrier.id == item.carrier_id)
        .outerjoin(News, (item.obligation_kind == NEWS) & (News.id == item.obligation_id))
        .where(which, written.on <= until)
        .order_by(written.on, item.kind, item.id)
    )
    for row in db.session.execute(query):
        is_carried = row.now_on is not None
        is_news = row.obligation_kind == NEWS
        first = Sent(
            row.first_on,
            row.person_id,
            None if is_news else row.first_recipient,
            row.kind,
            row.step,
            None if is_news else row.anchor_on,
            None if is_news else row.due_on,
            OVERTAKEN,
            _day_of(row.first_ended_at),
        )
        is_replaced = (row.answer or "").startswith(REPLACED) and row.now_on != row.first_on
        if is_replaced or not is_carried:
            yield replace(first, is_replaced=is_replaced)
        if is_carried and row.now_on <= until:
            yield replace(
                first,
                on=row.now_on,
                receiver_id=None if is_news else row.now_recipient,
                state=row.now_state,
                ended_on=_day_of(row.now_ended_at),
            )


def _became(message: type[Message]) -> tuple[Any, ...]:
    return message.on, message.recipient, message.state, message.ended_at


def _taken_out(subject: Subject, until: date) -> Iterator[Sent]:
    """Yield what was written and taken out before it was sent, as a promise held or somebody held it."""
    reasons = {written: reason for reason, written in WRITTEN_THEN.items()}
    query = select(NotSent).where(
        NotSent.obligation_kind == subject.kind,
        NotSent.obligation_id == subject.id,
        NotSent.on <= until,
        NotSent.reason.in_(reasons),
    )
    for row in db.session.scalars(query.order_by(NotSent.id)):
        due_on = None if row.step in NOT_FROM_DUE else row.anchor_on
        key = (row.person_id, None, row.kind, row.step, row.anchor_on)
        yield Sent(row.on, *key, due_on, OVERTAKEN, None, kept_back=reasons[row.reason])


def _at_once(subject: Subject, until: date) -> Iterator[Sent]:
    """Yield the emails that moves wrote at once. Their facts name what they are about, and stay when their
    text goes."""
    for kinds, things, receivers in _ways(subject):
        query = select(
            Message.on, Message.recipient, Message.kind, Message.state, Message.ended_at, Message.facts
        ).where(Message.kind.in_(kinds), Message.on <= until, receivers)
        for row in db.session.execute(query.order_by(Message.id)):
            if not things.isdisjoint(things_named(row.facts)):
                yield Sent(
                    row.on,
                    row.recipient or NOBODY,
                    row.recipient,
                    row.kind,
                    SENT_BACK if "sent_back" in row.facts else row.kind,
                    None,
                    None,
                    row.state,
                    _day_of(row.ended_at),
                    is_at_once=True,
                )


def _ways(
    subject: Subject,
) -> Iterator[tuple[Collection[str], frozenset[tuple[str, int]], ColumnElement[bool]]]:
    """Yield the kinds of email that can be about a thing, what their facts name, and who can have got them.

    An index of messages begins with the receiver: nothing is looked for that the thing cannot have caused.
    """
    anybody = or_(Message.recipient.in_(select(Person.id)), Message.recipient.is_(None))
    own = frozenset({(subject.kind, subject.id)})
    if subject.kind == RESPONSE:
        yield (RESPONSE,), own, anybody
    elif subject.kind != AUDIT:
        yield (GIVEN,), own, anybody
    else:
        yield TO_AUDITORS, own, Message.recipient.in_(subject.ever)
        declined = select(Assignment.id).where(
            Assignment.audit_id == subject.id, Assignment.ended_because == "declined"
        )
        if db.session.scalars(declined.limit(1)).first() is not None:
            yield ("declined",), own, anybody
        for model, kinds in (
            (Alert, ("alert",)),
            (CalledResponse, (RESPONSE,)),
            (WorkerReply, ("reply", "replied")),
        ):
            ids = db.session.scalars(select(model.id).where(model.audit_id == subject.id)).all()
            if ids:
                yield kinds, frozenset((model.kind, id_) for id_ in ids), anybody


def _day_of(moment: datetime | None) -> date | None:
    return sent_on(moment) if moment else None
