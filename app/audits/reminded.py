"""Reminders of audits that were sent, as conditions of the database."""

from sqlalchemy import ColumnElement, and_, exists, literal

from app.audits.models import Assignment
from app.outbox.models import SENT, Message, MessageItem
from app.outbox.names import ASSIGNED, DIGEST


def is_a_reminder() -> ColumnElement[bool]:
    """Return the condition for an item of a sent message that reminded one of the auditors.

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
        MessageItem.obligation_kind == audit,
        MessageItem.kind == digest,
        MessageItem.step != assigned,
        to_an_auditor.correlate(MessageItem),
    )
