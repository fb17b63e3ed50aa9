"""The life of an audit: its state on a day, and the moves that the state allows. Pure.

Facts are stored; the state is computed from them and a day, so it can never go stale. A fact dated after the
day has not happened yet; a fact dated on the day has.

standing.py has these rules as conditions of the database.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app import due_dates
from app.audits import parts
from app.audits.parts import MOST_AUDITORS, SECOND
from app.wording import in_words as day_in_words
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
    LIFT_EXEMPTION = "lift an exemption"
    MODERATE = "moderate"
    CHASE = "chase"
    LOG_CHASE = "log a chase"
    PROMISE = "promise"
    GIVE_REASON = "give a reason"
    CORRECT_CASE = "correct the case number"
    NAME_WORKER = "name the worker"


@dataclass(frozen=True)
class AuditFacts:
    """The facts of one audit that its state on a day follows from, as they hold on that day.

    `held` are the parts that somebody has; `auditors` is the number that its cycle needs.
    """

    requested_on: date
    due_on: date
    held: frozenset[str] = frozenset()
    auditors: int = MOST_AUDITORS
    assigned_on: date | None = None
    started_on: date | None = None
    returned_on: date | None = None
    confirmed_on: date | None = None
    withdrawn_on: date | None = None
    exempted_on: date | None = None
    cycle_closed_on: date | None = None
    cut_off_on: date | None = None
    cycle_frozen_on: date | None = None
    returned_in_product: bool = False
    """True where its lead returned it here. Only then can a confirmation be missing."""

    @property
    def has_auditors(self) -> bool:
        """True when somebody is assigned."""
        return bool(self.held)

    @property
    def has_second(self) -> bool:
        """True when a second auditor is assigned."""
        return SECOND in self.held

    @property
    def missing(self) -> Sequence[str]:
        """Return the needed parts that nobody has."""
        return parts.missing(self.held, self.auditors)

    @property
    def is_for_one(self) -> bool:
        """True where one auditor is enough and no second is named."""
        return parts.is_for_one(self.held, self.auditors)


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


def is_overdue(facts: AuditFacts, on: date, days: WorkingDays) -> bool:
    """True for an open audit after its due date."""
    return is_open(facts, on, days) and days.is_late(facts.due_on, on)


def how_overdue(facts: AuditFacts, on: date, days: WorkingDays) -> str:
    """Return "by 2 working days" for an open audit that is overdue; nothing for any other."""
    return due_dates.how_overdue(facts.due_on, on, days) if is_open(facts, on, days) else ""


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
    """True when it was returned in the product and is not confirmed yet, in a cycle that is not closed.

    It is True also for an audit without a second auditor. A return from a file lacks nothing: whoever wrote
    the file knows whether it was confirmed.
    """
    ended = (facts.confirmed_on, facts.withdrawn_on, facts.cycle_closed_on)
    is_returned_here = facts.returned_in_product and happened(facts.returned_on, on)
    return is_returned_here and not any(happened(fact, on) for fact in ended)


def returned_now(facts: AuditFacts, on: date) -> str | None:
    """Return the consequence, in words, of a return after its cycle has closed.

    None where there is nothing to return, or the return would count.
    """
    if not is_outstanding(facts, on) or not happened(facts.cycle_closed_on, on):
        return None
    if is_after_cut_off(on, _last_day(facts, on)):
        return (
            "The cycle of this audit is closed. If you return it now, it is kept and marked “returned after "
            "the cut-off”. It changes no figures."
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
        "The cycle of this audit was closed today, and today is its cut-off date. Return the audit tomorrow. "
        "It will be kept and marked as returned after the cut-off."
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
    """Return the state in full: how overdue it is, or the progress of an exempt audit."""
    if is_exempt(facts, on):
        return f"{progress(facts, on)}, exempt"
    if overdue := how_overdue(facts, on, days):
        return f"overdue {overdue}, {progress(facts, on)}"
    return in_words(facts, on, days)


_NO_AUDITORS = "This audit has no auditors yet"

_NEEDS_OPEN = {
    Move.ASSIGN: "so you cannot assign auditors to it",
    Move.DECLINE: "so you do not need to do it",
    Move.START: "so you cannot start it",
    Move.EXTEND: "so you cannot change its due date",
    Move.REASSIGN: "so you cannot replace its auditors",
    Move.EXEMPT: "so you cannot exempt it",
    Move.LIFT_EXEMPTION: "so its exemption does not matter any more",
    Move.PROMISE: "so you do not need to say when it will be back",
}


def refuse(move: Move, facts: AuditFacts, on: date, days: WorkingDays) -> str | None:
    """Return why this move is not allowed on that day, in one sentence; None when it is."""
    now = state(facts, on, days)
    if move in _NEEDS_OPEN:
        if ended := _ended(facts, now):
            return f"{ended}, {_NEEDS_OPEN[move]}"
        return _refuse_while_open(move, facts, on)
    return _REFUSALS[move](facts, on, now)


def _ended(facts: AuditFacts, now: State) -> str | None:
    """Return how it ended and on which day, as the beginning of a refusal; None while it is open."""
    match now:
        case State.RETURNED:
            return f"This audit was returned on {day_in_words(facts.returned_on)}"
        case State.WITHDRAWN:
            return f"This audit was withdrawn on {day_in_words(facts.withdrawn_on)}"
        case State.NOT_RETURNED:
            return f"This audit is in a cycle that was closed on {day_in_words(facts.cycle_closed_on)}"
    return None


def _refuse_answers(facts: AuditFacts, on: date, now: State) -> str | None:
    ended = _ended(facts, now)
    if now is State.WITHDRAWN:
        return f"{ended}, so you cannot change its answers"
    if now is State.RETURNED and happened(facts.cycle_closed_on, on):
        return f"{ended} and its cycle is closed, so you cannot change its answers"
    if now is State.RETURNED:
        return f"{ended}. To change an answer, ask a coordinator to send it back."
    if not facts.has_auditors:
        return _NO_AUDITORS
    return None


def _refuse_return(facts: AuditFacts, on: date, now: State) -> str | None:
    return _refuse_answers(facts, on, now) or refuse_return_today(facts, on)


def _refuse_confirmation(facts: AuditFacts, on: date, now: State) -> str | None:
    if now is not State.RETURNED:
        return "This audit has not been returned yet, so you cannot confirm it"
    if happened(facts.confirmed_on, on):
        return "This audit has already been confirmed"
    if not facts.has_second:
        who = "was done by one auditor" if facts.is_for_one else "has no second auditor"
        return f"This audit {who}, so no one needs to confirm it"
    if happened(facts.cycle_closed_on, on):
        return f"{_ended(facts, State.NOT_RETURNED)}, so no one needs to confirm it"
    return None


def _refuse_sending_back(facts: AuditFacts, on: date, now: State) -> str | None:
    if now is not State.RETURNED:
        return "This audit has not been returned, so you cannot send it back"
    if happened(facts.cycle_closed_on, on):
        return f"{_ended(facts, State.NOT_RETURNED)}, so you cannot send it back"
    return None


def _refuse_moderation(_facts: AuditFacts, _on: date, now: State) -> str | None:
    return None if now is State.RETURNED else "This audit has not been returned, so you cannot moderate it"


def _refuse_withdrawal(facts: AuditFacts, _on: date, now: State) -> str | None:
    ended = _ended(facts, now)
    return ended and f"{ended}, so you cannot withdraw it"


def _refuse_log(facts: AuditFacts, on: date, now: State) -> str | None:
    if now is State.WITHDRAWN:
        return f"{_ended(facts, now)}, so no one needs to be chased"
    if now is State.RETURNED and happened(facts.confirmed_on, on):
        return f"{_ended(facts, now)} and confirmed, so no one needs to be chased"
    if now is State.RETURNED and facts.is_for_one:
        return f"{_ended(facts, now)}, so no one needs to be chased"
    return None


def _refuse_reason(facts: AuditFacts, _on: date, now: State) -> str | None:
    if now is State.RETURNED or now is State.WITHDRAWN:
        return f"{_ended(facts, now)}, so you do not need to give a reason"
    return None


def _refuse_correction(facts: AuditFacts, on: date, _now: State) -> str | None:
    if happened(facts.cycle_closed_on, on):
        return f"{_ended(facts, State.NOT_RETURNED)}, so you cannot correct its case number"
    return None


def _refuse_naming(facts: AuditFacts, _on: date, now: State) -> str | None:
    return f"{_ended(facts, now)}, so you cannot name its worker" if now is State.WITHDRAWN else None


def _refuse_chase(facts: AuditFacts, on: date, now: State) -> str | None:
    """Return why nobody can be chased; None while somebody can still return or confirm it."""
    if (ended := _refuse_log(facts, on, now)) is not None:
        return ended
    if happened(facts.cycle_closed_on, on):
        return f"{_ended(facts, State.NOT_RETURNED)}, so you cannot chase it"
    if now is State.RETURNED:
        if not facts.has_second:
            return f"{_ended(facts, now)} and has no second auditor, so there is no one to chase"
        if not facts.returned_in_product:
            return f"{_ended(facts, now)} in a file, so there is no one to chase"
        return None
    if happened(facts.exempted_on, on):
        return "This audit is exempt, so you cannot chase it"
    if not facts.has_auditors:
        return f"{_NO_AUDITORS}, so there is no one to chase"
    return None


def _refuse_while_open(move: Move, facts: AuditFacts, on: date) -> str | None:
    match move:
        case Move.ASSIGN if not facts.missing:
            if facts.is_for_one:
                return "This audit already has an auditor. To change who it is, replace the auditor."
            return "This audit already has two auditors. To change one of them, replace an auditor."
        case Move.START if not facts.has_auditors:
            return f"{_NO_AUDITORS}, so you cannot start it"
        case Move.START if happened(facts.started_on, on):
            return "This audit has already been started"
        case Move.DECLINE | Move.REASSIGN if not facts.has_auditors:
            return f"{_NO_AUDITORS}. Assign auditors first."
        case Move.EXEMPT if happened(facts.exempted_on, on):
            return "This audit is already exempt"
        case Move.LIFT_EXEMPTION if not happened(facts.exempted_on, on):
            return "This audit is not exempt"
        case Move.PROMISE:
            return _refuse_promise(facts, on)
    return None


def _refuse_promise(facts: AuditFacts, on: date) -> str | None:
    if not facts.has_auditors:
        return _NO_AUDITORS
    if happened(facts.exempted_on, on):
        return "This audit is exempt, so you do not need to say when it will be back"
    if facts.cut_off_on is not None and facts.cut_off_on < on:
        cut_off = f"The cut-off date of this cycle was {day_in_words(facts.cut_off_on)}"
        return f"{cut_off}, so you can no longer say when the audit will be back"
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
    Move.CORRECT_CASE: _refuse_correction,
    Move.NAME_WORKER: _refuse_naming,
}
