"""The life of an audit: its state on a day, and the moves that the state allows. Pure.

Facts are stored; the state is computed from them and a day, so it can never go stale. A fact dated after the
day has not happened yet; a fact dated on the day has.

standing.py has these rules as conditions of the database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.wording import working_days
from app.working_days import WorkingDays, happened

CONFLICT = "conflict"
DECLINE_REASONS = (CONFLICT, "leave", "capacity")


class State(StrEnum):
    """The state of an audit."""

    REQUESTED = "requested"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in progress"
    OVERDUE = "overdue"
    RETURNED = "returned"
    NOT_RETURNED = "not returned"
    WITHDRAWN = "withdrawn"


EXEMPT = "exempt"
"""The word for an audit that nobody is chased for any more."""

OPEN_STATES = (State.REQUESTED, State.ASSIGNED, State.IN_PROGRESS, State.OVERDUE)


class Move(StrEnum):
    """A move that people can make with an audit."""

    ASSIGN = "assign"
    DECLINE = "decline"
    START = "start"
    SAVE = "save"
    RETURN = "return"
    CONFIRM = "confirm"
    SEND_BACK = "send back"
    EXTEND = "extend"
    REASSIGN = "reassign"
    WITHDRAW = "withdraw"
    EXEMPT = "exempt"
    MODERATE = "moderate"
    CHASE = "chase"
    LOG_CHASE = "log a chase"
    GIVE_REASON = "give a reason"


@dataclass(frozen=True)
class AuditFacts:
    """The facts of one audit that its state on a day follows from, as they hold on that day."""

    requested_on: date
    due_on: date
    has_auditors: bool = False
    has_both_auditors: bool = False
    assigned_on: date | None = None
    started_on: date | None = None
    returned_on: date | None = None
    confirmed_on: date | None = None
    withdrawn_on: date | None = None
    exempted_on: date | None = None
    cycle_closed_on: date | None = None
    cut_off_on: date | None = None
    cycle_frozen_on: date | None = None


def state(facts: AuditFacts, on: date, days: WorkingDays) -> State:
    """Return the state of an audit on a day. An audit that is due today is not overdue."""
    if happened(facts.withdrawn_on, on):
        return State.WITHDRAWN
    if happened(facts.returned_on, on):
        return State.RETURNED
    if happened(facts.cycle_closed_on, on):
        return State.NOT_RETURNED
    if days.is_late(facts.due_on, on):
        return State.OVERDUE
    return progress(facts, on)


def progress(facts: AuditFacts, on: date) -> State:
    """Return the progress of an audit, overdue or not: requested, assigned or in progress."""
    if happened(facts.started_on, on):
        return State.IN_PROGRESS
    if facts.has_auditors and happened(facts.assigned_on, on):
        return State.ASSIGNED
    return State.REQUESTED


def is_outstanding(facts: AuditFacts, on: date) -> bool:
    """True while it may come back: neither returned nor withdrawn."""
    return not happened(facts.returned_on, on) and not happened(facts.withdrawn_on, on)


def is_exempt(facts: AuditFacts, on: date) -> bool:
    """True while it would be open but is exempt: nobody is chased for it, and it is never late."""
    return (
        happened(facts.exempted_on, on)
        and is_outstanding(facts, on)
        and not happened(facts.cycle_closed_on, on)
    )


def is_open(facts: AuditFacts, on: date, days: WorkingDays) -> bool:
    """True while somebody may still be reminded of it.

    It is requested, assigned, in progress or overdue in an open cycle, and not exempt.
    """
    return state(facts, on, days) in OPEN_STATES and not is_exempt(facts, on)


def is_due_today(facts: AuditFacts, on: date, days: WorkingDays) -> bool:
    """True on the day on which an open audit is due; a due day at the weekend is the next working day."""
    return is_open(facts, on, days) and days.is_due(facts.due_on, on)


def working_days_late(facts: AuditFacts, on: date, days: WorkingDays) -> int:
    """Return the working days that an open audit is overdue; 0 for any other."""
    return days.working_days_late(facts.due_on, on) if is_open(facts, on, days) else 0


def last_counting_day(closed_on: date | None, cut_off_on: date | None, on: date) -> date | None:
    """Return the last day on which a return counts: the cut-off of a cycle, else the day it was closed.

    None while the cycle is open: a closing day or cut-off that is still to come has not happened.
    """
    return cut_off_on or closed_on if happened(closed_on, on) else None


def is_after_cut_off(returned_on: date | None, last_day: date | None) -> bool:
    """True for a return after the last day that counts: it is kept and marked, and in no figure."""
    return returned_on is not None and last_day is not None and returned_on > last_day


def returned_after_cut_off(facts: AuditFacts, on: date) -> bool:
    """True when it came back after the last day that counts."""
    return happened(facts.returned_on, on) and is_after_cut_off(facts.returned_on, _last_day(facts, on))


def _last_day(facts: AuditFacts, on: date) -> date | None:
    return last_counting_day(facts.cycle_closed_on, facts.cut_off_on, on)


def is_confirmed(facts: AuditFacts, on: date) -> bool:
    """True when it came back and its second auditor has confirmed it."""
    ended = happened(facts.withdrawn_on, on)
    return happened(facts.returned_on, on) and happened(facts.confirmed_on, on) and not ended


def awaits_confirmation(facts: AuditFacts, on: date) -> bool:
    """True when it is returned and not confirmed yet, in a cycle that is not closed.

    It is True also for an audit without a second auditor.
    """
    ended = (facts.confirmed_on, facts.withdrawn_on, facts.cycle_closed_on)
    return happened(facts.returned_on, on) and not any(happened(fact, on) for fact in ended)


def returned_now(facts: AuditFacts, on: date) -> str | None:
    """Return the consequence, in words, of a return after its cycle has closed.

    None where there is nothing to return, or the return would count.
    """
    if not is_outstanding(facts, on) or not happened(facts.cycle_closed_on, on):
        return None
    if is_after_cut_off(on, _last_day(facts, on)):
        return (
            "Its cycle is closed. What is returned now is kept, marked “returned after the cut-off”, and "
            "changes no figure."
        )
    return refuse_return_today(facts, on)


def refuse_return_today(facts: AuditFacts, on: date) -> str | None:
    """Return why no audit can be returned on the cut-off day once the cycle is frozen; None on other days.

    A return on that day counts, but a frozen figure never changes: lists would count it and figures would
    not.
    """
    last_day = _last_day(facts, on)
    if last_day is None or on > last_day or not happened(facts.cycle_frozen_on, on):
        return None
    return (
        "Its cycle was closed today with today as its cut-off. Return it tomorrow: it is then kept, and "
        "marked as returned after the cut-off."
    )


def state_name(facts: AuditFacts, on: date, days: WorkingDays) -> str:
    """Return the state, or "exempt" for an exempt audit: that one is never called overdue."""
    return EXEMPT if is_exempt(facts, on) else str(state(facts, on, days))


def in_words(facts: AuditFacts, on: date, days: WorkingDays) -> str:
    """Return the state in words; of an overdue audit with its progress."""
    name = state_name(facts, on, days)
    if name == State.OVERDUE:
        return f"overdue, {progress(facts, on)}"
    if name == State.RETURNED and returned_after_cut_off(facts, on):
        return "returned after the cut-off"
    return name


def described(facts: AuditFacts, on: date, days: WorkingDays) -> str:
    """Return the state in full, with the working days overdue or the progress of an exempt audit."""
    if is_exempt(facts, on):
        return f"{progress(facts, on)}, exempt from chasing"
    late = working_days_late(facts, on, days)
    # at the weekend after a due Friday it is overdue by no working day yet
    return in_words(facts, on, days) + (f", by {working_days(late)}" if late else "")


_ENDED = {
    State.RETURNED: "It has been returned",
    State.WITHDRAWN: "It has been withdrawn",
    State.NOT_RETURNED: "Its cycle is closed",
}

_NEEDS_OPEN = {
    Move.ASSIGN: "so nobody can be assigned to it",
    Move.DECLINE: "so there is nothing to decline",
    Move.START: "so it cannot be started",
    Move.EXTEND: "so its due day cannot be changed",
    Move.REASSIGN: "so nobody else can be assigned to it",
    Move.EXEMPT: "so there is nothing to exempt it from",
}


def refuse(move: Move, facts: AuditFacts, on: date, days: WorkingDays) -> str | None:
    """Return why this move is not allowed on that day, in one sentence; None when it is."""
    now = state(facts, on, days)
    if move in _NEEDS_OPEN:
        if now in _ENDED:
            return f"{_ENDED[now]}, {_NEEDS_OPEN[move]}."
        return _refuse_while_open(move, facts, on)
    return _REFUSALS[move](facts, on, now)


def _refuse_answers(facts: AuditFacts, on: date, now: State) -> str | None:
    if now is State.WITHDRAWN:
        return "It has been withdrawn, so it needs no answers."
    if now is State.RETURNED and happened(facts.cycle_closed_on, on):
        return "It has been returned and its cycle is closed, so its answers stay as they are."
    if now is State.RETURNED:
        return "It has been returned. Ask the coordinator to send it back if something must change."
    if not facts.has_auditors:
        return "Nobody is assigned to it yet."
    return None


def _refuse_return(facts: AuditFacts, on: date, now: State) -> str | None:
    return _refuse_answers(facts, on, now) or refuse_return_today(facts, on)


def _refuse_confirmation(facts: AuditFacts, on: date, now: State) -> str | None:
    if now is not State.RETURNED:
        return "It has not been returned yet, so there is nothing to confirm."
    if happened(facts.confirmed_on, on):
        return "It has been confirmed already."
    if not facts.has_both_auditors:
        return "It has no second auditor, so there is nothing to confirm."
    if happened(facts.cycle_closed_on, on):
        return "Its cycle is closed, so it needs no confirmation."
    return None


def _refuse_sending_back(facts: AuditFacts, on: date, now: State) -> str | None:
    if now is not State.RETURNED:
        return "It has not been returned, so it cannot be sent back."
    if happened(facts.cycle_closed_on, on):
        return "Its cycle is closed, so it cannot be sent back."
    return None


def _refuse_moderation(_facts: AuditFacts, _on: date, now: State) -> str | None:
    return None if now is State.RETURNED else "It has not been returned, so it cannot be moderated."


def _refuse_withdrawal(_facts: AuditFacts, _on: date, now: State) -> str | None:
    return f"{_ENDED[now]}, so it cannot be withdrawn." if now in _ENDED else None


def _refuse_log(facts: AuditFacts, on: date, now: State) -> str | None:
    if now is State.WITHDRAWN:
        return "It has been withdrawn, so nobody needs to be chased for it."
    if now is State.RETURNED and happened(facts.confirmed_on, on):
        return "It has been returned and confirmed, so nobody needs to be chased for it."
    return None


def _refuse_reason(_facts: AuditFacts, _on: date, now: State) -> str | None:
    if now is State.RETURNED or now is State.WITHDRAWN:
        return f"{_ENDED[now]}, so there is no reason to give."
    return None


def _refuse_chase(facts: AuditFacts, on: date, now: State) -> str | None:
    """Return why nobody can be chased; None while somebody can still return or confirm it."""
    if (ended := _refuse_log(facts, on, now)) is not None:
        return ended
    if happened(facts.cycle_closed_on, on):
        return "Its cycle is closed, so nobody is chased for it."
    if now is State.RETURNED:
        return (
            None
            if facts.has_both_auditors
            else "It has been returned, and it has no second auditor to confirm it."
        )
    if happened(facts.exempted_on, on):
        return "It is exempt, so nobody is chased for it."
    if not facts.has_auditors:
        return "Nobody is assigned to it yet, so there is nobody to chase."
    return None


def _refuse_while_open(move: Move, facts: AuditFacts, on: date) -> str | None:
    match move:
        case Move.ASSIGN if facts.has_both_auditors:
            return "It has two auditors already. Reassign it to change one of them."
        case Move.START if not facts.has_auditors:
            return "Nobody is assigned to it yet, so it cannot be started."
        case Move.START if happened(facts.started_on, on):
            return "It has been started already."
        case Move.DECLINE | Move.REASSIGN if not facts.has_auditors:
            return "Nobody is assigned to it yet. Assign a pair first."
        case Move.EXEMPT if happened(facts.exempted_on, on):
            return "It is exempt already."
    return None


_REFUSALS: dict[Move, Callable[[AuditFacts, date, State], str | None]] = {
    Move.SAVE: _refuse_answers,
    Move.RETURN: _refuse_return,
    Move.CONFIRM: _refuse_confirmation,
    Move.SEND_BACK: _refuse_sending_back,
    Move.MODERATE: _refuse_moderation,
    Move.WITHDRAW: _refuse_withdrawal,
    Move.CHASE: _refuse_chase,
    Move.LOG_CHASE: _refuse_log,
    Move.GIVE_REASON: _refuse_reason,
}
