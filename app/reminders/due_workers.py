"""The news to workers that a case of theirs is audited, where no move could tell them: once per audit."""

from collections.abc import Iterator

from app.audits.worker_messages import to_tell
from app.outbox.names import AUDITED
from app.reminders.day import Day
from app.reminders.due import AUDIT, Due


def due_of_workers(day: Day) -> Iterator[Due]:
    """Yield each open audit, in cycles that tell workers, whose worker was not told of it yet.

    A message of its own, at most one per person and day; leave makes it wait.
    """
    for audit in to_tell(day.audits):
        step_on = day.days.offset(audit.requested_on, 0)
        yield Due(
            AUDIT,
            audit.id,
            audit.reference,
            audit.worker_id,
            AUDITED,
            AUDITED,
            audit.requested_on,
            step_on,
            audit.due_on,
        )
