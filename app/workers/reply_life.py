"""The life of a worker's reply to the audit of their case: until when they can write it, who decides. Pure.

The worker is asked when the audit is returned, and may reply once. Its auditors then change answers, with
reasons, or leave them; once a moderator has decided about the audit or a dispute of its grade, moderators do.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.case_numbers import SHOWN_FOR
from app.working_days import WorkingDays, happened

WORKING_DAYS_TO_REPLY = 10
SENT_BACK = "the audit was sent back"
OTHER_WORKER = "the case has another worker"
"""The reasons why nobody waits for a reply any more."""


class ReplyState(StrEnum):
    """The state of a reply on a day."""

    ASKED = "not replied yet"
    REPLIED = "replied, waiting for a decision"
    DECIDED = "replied, decided"
    NONE = "no reply"
    ENDED = "no longer needed"


@dataclass(frozen=True)
class ReplyFacts:
    """The facts of a reply that was asked for; `auditors` are those of the audit now, `took_part` all who
    ever audited the case or work on it themselves; `is_moderated` once a moderator has decided about it."""

    due_on: date
    worker_id: int | None
    replied_on: date | None = None
    decided_on: date | None = None
    ended_on: date | None = None
    ended_because: str | None = None
    is_moderated: bool = False
    auditors: frozenset[int] = frozenset()
    took_part: Collection[int] = ()


def due_on(asked_on: date, days: WorkingDays) -> date:
    """Return the last date on which a worker can reply: 10 working days after they were asked."""
    return days.offset(asked_on, WORKING_DAYS_TO_REPLY)


def state(facts: ReplyFacts, on: date) -> ReplyState:
    """Return the state on a day. A decision stays also after the audit was sent back."""
    if happened(facts.decided_on, on):
        return ReplyState.DECIDED
    if happened(facts.ended_on, on):
        return ReplyState.ENDED
    if happened(facts.replied_on, on):
        return ReplyState.REPLIED
    return ReplyState.ASKED if on <= facts.due_on else ReplyState.NONE


def refuse_reply(facts: ReplyFacts, person_id: int, on: date) -> str | None:
    """Return why this person cannot reply, in a sentence; None when they can."""
    if person_id != facts.worker_id:
        return "Only the worker of this case can reply"
    match state(facts, on):
        case ReplyState.REPLIED | ReplyState.DECIDED:
            return "You have already replied"
        case ReplyState.ENDED if facts.ended_because == OTHER_WORKER:
            return "The case has another worker, so you can no longer reply"
        case ReplyState.ENDED:
            return "The audit was sent back, so you can reply when it has been returned again"
        case ReplyState.NONE:
            return "It is too late to reply. Talk to your manager or a coordinator."
    return None


def is_for_moderators(facts: ReplyFacts) -> bool:
    """Return True where moderators decide: one has decided already, or the audit has no auditors any more."""
    return facts.is_moderated or not facts.auditors


def refuse_decision(facts: ReplyFacts, person_id: int, on: date, *, is_moderator: bool) -> str | None:
    """Return why this person cannot decide about the reply, in a sentence; None when they can.

    A moderator who decides neither audited the case nor works on it.
    """
    match state(facts, on):
        case ReplyState.ASKED | ReplyState.NONE:
            return "The worker has not replied"
        case ReplyState.DECIDED:
            return "This reply has already been decided"
        case ReplyState.ENDED if facts.ended_because == OTHER_WORKER:
            return "The case has another worker, so there is nothing to decide about this reply"
        case ReplyState.ENDED:
            return "The audit was sent back, so there is nothing to decide about until it is returned again"
    if not is_for_moderators(facts):
        return None if person_id in facts.auditors else "Only the auditors of this case can decide this"
    if not is_moderator:
        return (
            "A moderator has decided about this audit, so a moderator must decide this"
            if facts.is_moderated
            else "This audit has no auditors any more, so a moderator must decide this"
        )
    return (
        "You audited or work on this case, so someone else must decide"
        if person_id in facts.took_part
        else None
    )


def worker_sees_case(returned_on: date | None, on: date, days: WorkingDays) -> bool:
    """Return True while a worker sees the number of their case: until 20 working days after the return."""
    return returned_on is None or on <= days.offset(returned_on, SHOWN_FOR)
