"""The emails about one thing: those of the daily run, those with news, and those that moves wrote at once."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.audits.models import Assignment
from app.clock import clock
from app.concerns.models import Alert, CalledResponse
from app.database import db
from app.news.models import News
from app.outbox.models import OVERTAKEN, SENT, Message, MessageItem
from app.outbox.named import things_named
from app.outbox.names import AUDITED, CALLS, DIGEST, MANAGER
from app.people.models import Person
from app.reminders.due import AUDIT, NEWS, NOBODY, RESPONSE
from app.reminders.subjects import Subject
from app.workers.models import WorkerReply

REMINDERS = (DIGEST, MANAGER, CALLS)
"""The kinds of email that remind people of what is open."""

OF_DAILY_RUN = (*REMINDERS, AUDITED)
"""The kinds whose items name a thing: of the daily run, and of moves that tell before it does."""

TO_AUDITORS = ("chase", "confirm", "handed-over")
GIVEN = "given"
SENT_BACK = "sent back"
"""The name of a chase that says why an audit was sent back."""

PRIVATE = (AUDITED, "alert", "response", "reply", "replied")
"""The kinds that not everybody may know of who reads when an audit was chased."""

Way = tuple[Collection[str], frozenset[tuple[str, int]], ColumnElement[bool]]
"""The kinds of email, the things that their facts name, and the condition of who can have got them."""


@dataclass(frozen=True)
class Sent:
    """An email that was written, by the key of its step, with what became of it.

    One that a move wrote at once has the name of its kind for a step, and no anchor.
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

    def is_of(self, on: date) -> bool:
        """True where it was written for a day, or sent on it."""
        return self.on == on or (self.state == SENT and self.ended_on == on)


def emails_about(subject: Subject, until: date) -> list[Sent]:
    """Return the emails about a thing that were written up to a day."""
    return [*_by_run(subject, until), *_news(subject, until), *_at_once(subject, until)]


def _by_run(subject: Subject, until: date) -> list[Sent]:
    item = MessageItem
    query = (
        select(
            Message.on,
            item.person_id,
            Message.recipient,
            item.kind,
            item.step,
            item.anchor_on,
            item.due_on,
            Message.state,
            Message.ended_at,
            item.carrier_id,
        )
        .join(Message, Message.id == func.coalesce(item.carrier_id, item.message_id))
        .where(
            item.obligation_kind == subject.kind,
            item.obligation_id == subject.id,
            item.kind.in_(OF_DAILY_RUN),
            Message.on <= until,
        )
        .order_by(Message.on, item.kind, item.id)
    )
    return [
        Sent(
            row.on,
            row.person_id,
            row.recipient,
            row.kind,
            row.step,
            row.anchor_on,
            row.due_on,
            OVERTAKEN if row.carrier_id is None else row.state,
            _day_of(row.ended_at),
        )
        for row in db.session.execute(query)
    ]


def _news(subject: Subject, until: date) -> list[Sent]:
    """Return the emails with news about a thing. A piece of news that was taken back is named by its
    reference alone."""
    item = MessageItem
    is_of_it = or_(News.id.is_(None), and_(News.about_kind == subject.kind, News.about_id == subject.id))
    query = (
        select(Message.on, item.person_id, item.kind, Message.state, Message.ended_at, item.carrier_id)
        .join(Message, Message.id == func.coalesce(item.carrier_id, item.message_id))
        .outerjoin(News, News.id == item.obligation_id)
        .where(item.obligation_kind == NEWS, item.reference == subject.reference, is_of_it)
        .where(Message.on <= until)
        .order_by(Message.on, item.id)
    )
    return [
        Sent(
            row.on,
            row.person_id,
            None,
            row.kind,
            NEWS,
            None,
            None,
            OVERTAKEN if row.carrier_id is None else row.state,
            _day_of(row.ended_at),
        )
        for row in db.session.execute(query)
    ]


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
    return moment.astimezone(clock().zone).date() if moment else None
