"""Reminders of audits that were sent, as conditions of the database."""

from sqlalchemy import ColumnElement, and_, exists

from app.audits.models import Assignment
from app.outbox.models import SENT, Message, MessageItem
from app.outbox.names import ASSIGNED, DIGEST


def is_a_reminder() -> ColumnElement[bool]:
    """Return the condition for an item of a sent message that reminded one of the auditors.

    A message about the assignment is no reminder, and messages to coordinators chase nobody.
    """
    to_an_auditor = exists().where(
        Assignment.audit_id == MessageItem.obligation_id, Assignment.person_id == MessageItem.person_id
    )
    return and_(
        Message.id == MessageItem.carrier_id,
        Message.state == SENT,
        MessageItem.kind == DIGEST,
        MessageItem.step != ASSIGNED,
        to_an_auditor.correlate(MessageItem),
    )
