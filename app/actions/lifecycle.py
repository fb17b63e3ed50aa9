"""The lifecycle of actions and recommendations: the state from the facts, and the moves it allows. Pure.

Agreed and raised may be without a day: then they hold on every day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations, pairwise

from app import due_dates
from app.working_days import WorkingDays, happened

EFFECTIVE, NOT_EFFECTIVE = "effective", "not effective"
ACCEPTED, AMENDED, DEFERRED, REJECTED = "accepted", "amended", "deferred", "rejected"
DECISIONS = (ACCEPTED, AMENDED, DEFERRED, REJECTED)
DECIDED_AGAINST = (DEFERRED, REJECTED)
"""The decisions that bring no reminders; a deferred one waits for a new decision."""


class ActionState(StrEnum):
    """The state of an action. Whether it is overdue is separate (`is_overdue`)."""

    DRAFT = "draft"
    AGREED = "agreed"
    IN_PROGRESS = "in progress"
    DONE = "done awaiting sign-off"
    SIGNED_OFF = "signed off awaiting impact check"
    CLOSED_EFFECTIVE = "closed effective"
    CLOSED_NOT_EFFECTIVE = "closed not effective"
    WITHDRAWN = "withdrawn"


OPEN = (ActionState.AGREED, ActionState.IN_PROGRESS)
"""The states in which it is to be done, so that it can be overdue and brings reminders."""
CHECKED = (ActionState.CLOSED_EFFECTIVE, ActionState.CLOSED_NOT_EFFECTIVE)
CLOSED = (*CHECKED, ActionState.WITHDRAWN)


class RecommendationState(StrEnum):
    """The state of a recommendation."""

    AWAITING_DECISION = "awaiting decision"
    ACCEPTED = "accepted"
    AMENDED = "amended"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    CARRIED_OUT = "carried out"


CLOSED_RECOMMENDATIONS = (RecommendationState.CARRIED_OUT, RecommendationState.REJECTED)
"""The final states. A deferred recommendation waits for a new decision."""
RECOMMENDATIONS_TO_DECIDE = (RecommendationState.AWAITING_DECISION, RecommendationState.DEFERRED)
RECOMMENDATIONS_AGREED = (RecommendationState.ACCEPTED, RecommendationState.AMENDED)
"""The states in which it is to be carried out."""


class Move(StrEnum):
    """A move of an action or a recommendation, in the words for what a person does with it."""

    EDIT = "edit it"
    AGREE = "agree it"
    DECIDE = "record the decision"
    REPORT = "report progress"
    ASK_LATER = "ask for a later date"
    MOVE_DATE = "change its due date"
    NOT_MINE = "hand it back"
    CHANGE_OWNER = "change its owner"
    PROPOSE_DONE = "mark it as done"
    SIGN_OFF = "sign it off"
    SEND_BACK = "send it back"
    CHECK_IMPACT = "record its impact check"
    WITHDRAW = "withdraw it"
    TAKE_BACK_SIGN_OFF = "take the sign-off back"
    TAKE_BACK_CHECK = "take its impact check back"
    PROPOSE_CARRIED_OUT = "say that it is carried out"
    CARRY_OUT = "mark it as carried out"
    TAKE_BACK_CARRIED_OUT = "open it again"
    TAKE_BACK_DECISION = "take the decision back"


ALLOWED = {
    Move.EDIT: (ActionState.DRAFT, *OPEN),
    Move.AGREE: (ActionState.DRAFT,),
    Move.REPORT: OPEN,
    Move.ASK_LATER: OPEN,
    Move.MOVE_DATE: (ActionState.DRAFT, *OPEN),
    Move.NOT_MINE: (ActionState.DRAFT, *OPEN),
    Move.CHANGE_OWNER: (ActionState.DRAFT, *OPEN),
    Move.PROPOSE_DONE: OPEN,
    Move.SIGN_OFF: (ActionState.DONE,),
    Move.SEND_BACK: (ActionState.DONE,),
    Move.CHECK_IMPACT: (ActionState.SIGNED_OFF,),
    Move.WITHDRAW: (ActionState.DRAFT, *OPEN, ActionState.DONE, ActionState.SIGNED_OFF),
    Move.TAKE_BACK_SIGN_OFF: (ActionState.SIGNED_OFF,),
    Move.TAKE_BACK_CHECK: CHECKED,
}
"""The moves of an action, and the states in which each is possible."""

_RECOMMENDATION_OPEN = (RecommendationState.AWAITING_DECISION, *RECOMMENDATIONS_AGREED)
_NOT_CLOSED = (*RECOMMENDATIONS_TO_DECIDE, *RECOMMENDATIONS_AGREED)

ALLOWED_TO_RECOMMENDATION = {
    Move.EDIT: RECOMMENDATIONS_TO_DECIDE,
    Move.DECIDE: RECOMMENDATIONS_TO_DECIDE,
    Move.REPORT: _RECOMMENDATION_OPEN,
    Move.ASK_LATER: _RECOMMENDATION_OPEN,
    Move.MOVE_DATE: _NOT_CLOSED,
    Move.NOT_MINE: _NOT_CLOSED,
    Move.CHANGE_OWNER: _NOT_CLOSED,
    Move.PROPOSE_CARRIED_OUT: _RECOMMENDATION_OPEN,
    Move.SEND_BACK: _NOT_CLOSED,
    Move.CARRY_OUT: RECOMMENDATIONS_AGREED,
    Move.TAKE_BACK_CARRIED_OUT: (RecommendationState.CARRIED_OUT,),
    Move.TAKE_BACK_DECISION: (
        *RECOMMENDATIONS_AGREED,
        RecommendationState.DEFERRED,
        RecommendationState.REJECTED,
    ),
}
"""The moves of a recommendation, and the states in which each is possible."""

_OWNERS_ALONE = (
    Move.REPORT,
    Move.ASK_LATER,
    Move.NOT_MINE,
    Move.PROPOSE_DONE,
    Move.PROPOSE_CARRIED_OUT,
)

_ANOTHER_THAN_ITS_OWNER = {
    Move.SIGN_OFF: "sign it off",
    Move.CHECK_IMPACT: "check its impact",
    Move.TAKE_BACK_SIGN_OFF: "take the sign-off back",
    Move.TAKE_BACK_CHECK: "take its impact check back",
}
"""The moves that judge the owner's work, as a refusal of the owner says them."""

_STATE_IN_WORDS = {
    ActionState.DRAFT: "a draft",
    ActionState.AGREED: "agreed",
    ActionState.IN_PROGRESS: "in progress",
    ActionState.DONE: "awaiting sign-off",
    ActionState.SIGNED_OFF: "signed off",
    ActionState.CLOSED_EFFECTIVE: "closed as effective",
    ActionState.CLOSED_NOT_EFFECTIVE: "closed as not effective",
    ActionState.WITHDRAWN: "withdrawn",
}
"""The states as a refusal says them."""

_FIRST = {
    ActionState.DRAFT: "It must be agreed first.",
    ActionState.AGREED: "Its owner must mark it as done first.",
    ActionState.IN_PROGRESS: "Its owner must mark it as done first.",
    ActionState.DONE: "It must be signed off or sent back first.",
    ActionState.SIGNED_OFF: "The next step is its impact check.",
    ActionState.CLOSED_EFFECTIVE: "If there is more to do, add a new action.",
    ActionState.CLOSED_NOT_EFFECTIVE: "Add a new action to follow it.",
    ActionState.WITHDRAWN: "If it still has to be done, add a new action.",
}
"""The next step for an action in each state, or what to do instead."""


@dataclass(frozen=True)
class ActionFacts:
    """The facts of an action that its state follows from, as they hold on the day in question."""

    owner_id: int | None = None
    due_on: date | None = None
    is_draft: bool = False
    agreed_on: date | None = None
    started_on: date | None = None
    done_on: date | None = None
    signed_off_on: date | None = None
    signed_off_by_id: int | None = None
    impact_checked_on: date | None = None
    impact: str | None = None
    withdrawn_on: date | None = None


@dataclass(frozen=True)
class RecommendationFacts:
    """The facts of a recommendation, as they hold on the day in question."""

    raised_on: date | None = None
    decision: str | None = None
    decided_on: date | None = None
    carried_out_on: date | None = None
    due_on: date | None = None
    owner_id: int | None = None
    proposed_on: date | None = None


Contradiction = Mapping[str, str]
"""Facts that cannot all be true, by name, each with a reason in words. The first is the one to look at."""

_IN_ORDER = ("agreed_on", "started_on", "done_on", "signed_off_on", "impact_checked_on", "withdrawn_on")
"""The days of an action's life; a later one is never before an earlier one."""


def action_state(facts: ActionFacts, on: date) -> ActionState:
    """Return the state of an action on a day. Without owner or due day it is a draft until it is done."""
    if happened(facts.withdrawn_on, on):
        return ActionState.WITHDRAWN
    if happened(facts.impact_checked_on, on):
        effective = facts.impact == EFFECTIVE
        return ActionState.CLOSED_EFFECTIVE if effective else ActionState.CLOSED_NOT_EFFECTIVE
    if happened(facts.signed_off_on, on):
        return ActionState.SIGNED_OFF
    if happened(facts.done_on, on):
        return ActionState.DONE
    if facts.is_draft or facts.owner_id is None or facts.due_on is None or not _always(facts.agreed_on, on):
        return ActionState.DRAFT
    return ActionState.IN_PROGRESS if happened(facts.started_on, on) else ActionState.AGREED


def is_overdue(facts: ActionFacts, on: date, days: WorkingDays) -> bool:
    """True when it is late and still to be done."""
    due_on = facts.due_on
    return due_on is not None and action_state(facts, on) in OPEN and days.is_late(due_on, on)


def working_days_late(facts: ActionFacts, on: date, days: WorkingDays) -> int:
    """Return the working days that an action still to be done is late; 0 for any other."""
    if facts.due_on is None or not is_overdue(facts, on, days):
        return 0
    return days.working_days_late(facts.due_on, on)


def how_overdue(facts: ActionFacts, on: date, days: WorkingDays) -> str:
    """Return "by 2 working days" for an action that is overdue; nothing for any other."""
    return due_dates.how_overdue(facts.due_on, on, days) if is_overdue(facts, on, days) else ""


def refuse(move: Move, facts: ActionFacts, on: date, by_id: int | None = None) -> str | None:
    """Return why a move of an action is not allowed, in one sentence; None when it is.

    `by_id` is the person who makes it: some moves are the owner's alone, and nobody signs off an action of
    their own, or checks its impact.
    """
    state = action_state(facts, on)
    if move is Move.CHECK_IMPACT and state in (*OPEN, ActionState.DONE):
        return "You cannot check the impact of this action yet. It must be signed off first."
    if move is Move.AGREE and state is ActionState.DRAFT and (facts.owner_id is None or facts.due_on is None):
        return "This action needs an owner and a due date before it can be agreed"
    if move is Move.AGREE and state in OPEN:
        return "This action is already agreed"
    if state not in ALLOWED[move]:
        return f"This action is {_STATE_IN_WORDS[state]}, so you cannot {move}{_instead(move, state)}"
    if move in _OWNERS_ALONE and by_id != facts.owner_id:
        return f"Only the owner of this action can {move}"
    if move in _ANOTHER_THAN_ITS_OWNER and by_id == facts.owner_id:
        return f"You own this action, so someone else must {_ANOTHER_THAN_ITS_OWNER[move]}"
    return None


def _instead(move: Move, state: ActionState) -> str:
    """Return what to do in the place of a move that the state does not allow, as a further sentence."""
    if move is Move.TAKE_BACK_SIGN_OFF and state in CHECKED:
        return ". Take its impact check back first."
    return "" if move in (Move.TAKE_BACK_SIGN_OFF, Move.TAKE_BACK_CHECK) else f". {_FIRST[state]}"


def refuse_recommendation(
    move: Move, facts: RecommendationFacts, on: date, by_id: int | None = None
) -> str | None:
    """Return why a move of a recommendation is not allowed, in one sentence; None when it is.

    Its owner may say that it is carried out while the decision is not recorded yet: reminders go on until
    both are.
    """
    state = recommendation_state(facts, on)
    if state not in ALLOWED_TO_RECOMMENDATION[move]:
        return _refused_by_state(move, state)
    if move in _OWNERS_ALONE and by_id != facts.owner_id:
        return f"Only the owner of this recommendation can {move}"
    if move is Move.ASK_LATER and facts.due_on is None:
        return "This recommendation has no due date yet, so you cannot ask for a later one"
    if move is Move.PROPOSE_CARRIED_OUT and is_proposed(facts, on):
        return "You have already said that this recommendation is carried out. A coordinator will check it."
    if move is Move.SEND_BACK and not is_proposed(facts, on):
        return "No one has said that this recommendation is carried out, so you cannot send it back"
    return None


def _refused_by_state(move: Move, state: RecommendationState) -> str:
    """Return why a recommendation in this state cannot make a move, and what can be done instead."""
    if move is Move.TAKE_BACK_CARRIED_OUT:
        return "This recommendation is not carried out, so you cannot open it again"
    match state:
        case RecommendationState.AWAITING_DECISION | RecommendationState.DEFERRED:
            said = "deferred" if state is RecommendationState.DEFERRED else "awaiting a decision"
            if move is Move.TAKE_BACK_DECISION:
                return f"This recommendation is {said}, so there is no decision to take back"
            if move is Move.CARRY_OUT:
                return (
                    f"This recommendation is {said}, so it cannot be carried out. Record the decision first."
                )
            return (
                f"This recommendation is {said}, so you cannot {move}. The decision must be recorded first."
            )
        case RecommendationState.ACCEPTED | RecommendationState.AMENDED:
            return (
                f"This recommendation is {state}, so you cannot change its text or the decision. "
                "You can still change its owner and due date."
            )
        case RecommendationState.CARRIED_OUT if move is Move.TAKE_BACK_DECISION:
            return f"This recommendation is carried out, so you cannot {move}. Open it again first."
    return f"This recommendation is {state}, so you cannot change it. If there is more to do, add a new one."


def is_proposed(facts: RecommendationFacts, on: date) -> bool:
    """True while its owner says that it is carried out, and a coordinator has neither agreed nor sent it
    back."""
    return happened(facts.proposed_on, on) and recommendation_state(facts, on) in _RECOMMENDATION_OPEN


def refuse_move(
    move: Move, facts: ActionFacts | RecommendationFacts, on: date, by_id: int | None = None
) -> str | None:
    """Return why a move of either is not allowed, in one sentence; None when it is."""
    if isinstance(facts, ActionFacts):
        return refuse(move, facts, on, by_id)
    return refuse_recommendation(move, facts, on, by_id)


def refuse_answer(
    facts: ActionFacts | RecommendationFacts, asked_by_id: int | None, on: date, by_id: int
) -> str | None:
    """Return why a person cannot answer a request for a later date, in one sentence; None when they can."""
    if by_id == asked_by_id:
        return "You asked for the later date, so someone else must answer"
    return refuse_move(Move.MOVE_DATE, facts, on, by_id)


def refuse_striking(struck_on: date | None) -> str | None:
    """Return why a line of progress cannot be struck through, in one sentence; None when it can."""
    return "This line has already been struck through" if struck_on is not None else None


def closed_on(facts: ActionFacts) -> date | None:
    """Return the day on which an action was closed, by an impact check or by withdrawing it.

    `closed_by` in standing.py is the same in SQL.
    """
    return min((day for day in (facts.impact_checked_on, facts.withdrawn_on) if day), default=None)


def refuse_quick_check(facts: ActionFacts, on: date) -> str | None:
    """Return why no quick check can measure the effect of an action; None when one can."""
    match action_state(facts, on):
        case ActionState.WITHDRAWN:
            return "This action is withdrawn, so there is no effect to measure"
        case ActionState.DRAFT:
            return "This action is a draft, so there is no effect to measure yet. It must be agreed first."
    return None


def recommendation_state(facts: RecommendationFacts, on: date) -> RecommendationState:
    """Return the state of a recommendation on a day: carried out, else as decided, else awaiting decision."""
    if happened(facts.carried_out_on, on):
        return RecommendationState.CARRIED_OUT
    if facts.decision is not None and _always(facts.decided_on, on):
        return RecommendationState(facts.decision)
    return RecommendationState.AWAITING_DECISION


def recommendation_is_open(facts: RecommendationFacts, on: date) -> bool:
    """True from the day it was raised until it is decided against or carried out.

    A deferred one is not open: it waits for a new decision.
    """
    if not _always(facts.raised_on, on):
        return False
    return recommendation_state(facts, on) not in (*CLOSED_RECOMMENDATIONS, RecommendationState.DEFERRED)


def how_overdue_recommendation(facts: RecommendationFacts, on: date, days: WorkingDays) -> str:
    """Return "by 2 working days" for an open recommendation that is overdue; nothing for any other."""
    return due_dates.how_overdue(facts.due_on, on, days) if recommendation_is_open(facts, on) else ""


def action_contradictions(facts: ActionFacts) -> Iterator[Contradiction]:
    """Yield the facts of an action that cannot be true together."""
    if facts.signed_off_on is not None and facts.done_on is None:
        why = "the action is signed off but was never done"
        yield {"signed_off_on": why, "done_on": why}
    if facts.signed_off_by_id is not None and facts.signed_off_on is None:
        why = "someone signed off the action but there is no date of the sign-off"
        yield {"signed_off_by_id": why, "signed_off_on": why}
    if facts.signed_off_by_id is not None and facts.signed_off_by_id == facts.owner_id:
        yield {
            "signed_off_by_id": "the owner cannot sign off their own action",
            "owner_id": "the person who signed off the action cannot own it",
        }
    if facts.impact_checked_on is not None and facts.signed_off_on is None:
        why = "the impact of the action was checked but it was never signed off"
        yield {"impact_checked_on": why, "signed_off_on": why}
    if facts.impact_checked_on is not None and facts.impact is None:
        why = "the impact of the action was checked but there is no result"
        yield {"impact_checked_on": why, "impact": why}
    if facts.impact is not None and facts.impact_checked_on is None:
        why = "there is a result of the impact check but no date"
        yield {"impact": why, "impact_checked_on": why}
    days = {name: getattr(facts, name) for name in _IN_ORDER}
    if facts.withdrawn_on is not None and facts.impact_checked_on is not None:
        yield {
            "withdrawn_on": f"the action was closed on {facts.impact_checked_on}, so it was not withdrawn",
            "impact_checked_on": (
                f"the action was withdrawn on {facts.withdrawn_on}, so its impact was not checked"
            ),
        }
        del days["withdrawn_on"]
    known = [(name, day) for name, day in days.items() if day is not None]
    for (earlier, first), (later, then) in pairwise(known):
        if then < first:
            yield {later: f"is before {earlier}, {first}", earlier: f"is after {later}, {then}"}


def recommendation_contradictions(facts: RecommendationFacts) -> Iterator[Contradiction]:
    """Yield the facts of a recommendation that cannot be true together."""
    if facts.decided_on is not None and facts.decision is None:
        why = "there is a date of the decision but no decision"
        yield {"decided_on": why, "decision": why}
    if facts.carried_out_on is not None and facts.decision in (None, *DECIDED_AGAINST):
        why = f"the recommendation was {facts.decision or 'never decided'}, so it was not carried out"
        yield {"carried_out_on": why, "decision": why}
    for earlier, later in combinations(("raised_on", "decided_on", "carried_out_on"), 2):
        first, then = getattr(facts, earlier), getattr(facts, later)
        if first is not None and then is not None and then < first:
            yield {
                later: f"is before {earlier}, {first}",
                earlier: f"is after {later}, {then}",
            }


def _always(fact_on: date | None, on: date) -> bool:
    return fact_on is None or fact_on <= on
