"""Reminders of audits that were sent, as conditions of the database."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, exists, literal

from app.audits.models import Assignment
from app.clock import clock
from app.outbox.models import SENT, Message, MessageItem
from app.outbox.names import ASSIGNED, DIGEST


def is_a_reminder(until: date) -> ColumnElement[bool]:
    """Return the condition for an item of a message that was sent by a day and reminded one of the auditors.

    A message about the assignment is no reminder, and messages to coordinators chase nobody. The words are
    written out, so that the databases see that the index of such items serves it.
    """
    audit, digest, assigned = (literal(word, literal_execute=True) for word in ("audit", DIGEST, ASSIGNED))
    to_an_auditor = exists().where(
        Assignment.audit_id == MessageItem.obligation_id, Assignment.person_id == MessageItem.person_id
    )
    return and_(
        Message.id == MessageItem.carrier_id,
        Message.state == SENT,
        Message.ended_at < _end_of(until),
        MessageItem.obligation_kind == audit,
        MessageItem.kind == digest,
        MessageItem.step != assigned,
        to_an_auditor.correlate(MessageItem),
    )


def sent_on(moment: datetime) -> date:
    """Return the day on which an email was sent, from the moment of that."""
    return moment.astimezone(clock().zone).date()


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), clock().zone).astimezone(UTC)
