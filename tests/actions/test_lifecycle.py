"""The life of an action and of a recommendation, as tables of cases."""

from dataclasses import replace
from datetime import date

import pytest

from app.actions.lifecycle import (
    ALLOWED,
    ALLOWED_TO_RECOMMENDATION,
    ActionFacts,
    Move,
    RecommendationFacts,
    RecommendationState,
    action_contradictions,
    action_state,
    closed_on,
    how_overdue,
    how_overdue_recommendation,
    is_overdue,
    is_proposed,
    recommendation_contradictions,
    recommendation_is_open,
    recommendation_state,
    refuse,
    refuse_answer,
    refuse_move,
    refuse_quick_check,
    refuse_recommendation,
    refuse_striking,
    working_days_late,
)
from app.working_days import WorkingDays

DUE = date(2011, 1, 14)
BEFORE, ON, AFTER = date(2011, 1, 13), DUE, date(2011, 1, 17)
OWNER, OTHER = 1, 2
AGREED = ActionFacts(owner_id=OWNER, due_on=DUE, agreed_on=date(2010, 12, 22))
DONE = replace(AGREED, done_on=ON)
SIGNED_OFF = replace(DONE, signed_off_on=AFTER)


@pytest.mark.parametrize(
    ("facts", "on", "state"),
    [
        (AGREED, ON, "agreed"),
        (AGREED, date(2010, 12, 21), "draft"),
        (replace(AGREED, agreed_on=None), date(2000, 1, 3), "agreed"),
        (replace(AGREED, is_draft=True), ON, "draft"),
        (replace(AGREED, owner_id=None), ON, "draft"),
        (replace(AGREED, due_on=None), ON, "draft"),
        (replace(AGREED, started_on=ON), ON, "in progress"),
        (replace(AGREED, started_on=ON), BEFORE, "agreed"),
        (DONE, ON, "done awaiting sign-off"),
        (DONE, BEFORE, "agreed"),
        (replace(DONE, owner_id=None), ON, "done awaiting sign-off"),
        (SIGNED_OFF, AFTER, "signed off awaiting impact check"),
        (SIGNED_OFF, ON, "done awaiting sign-off"),
        (replace(SIGNED_OFF, impact_checked_on=AFTER, impact="effective"), AFTER, "closed effective"),
        (replace(SIGNED_OFF, impact_checked_on=AFTER, impact="not effective"), AFTER, "closed not effective"),
        (replace(SIGNED_OFF, withdrawn_on=AFTER), AFTER, "withdrawn"),
    ],
)
def test_the_state_follows_from_the_facts_and_the_day(facts: ActionFacts, on: date, state: str) -> None:
    assert action_state(facts, on) == state


@pytest.mark.parametrize(
    ("facts", "on", "overdue", "late"),
    [
        (AGREED, ON, False, 0),
        (AGREED, date(2011, 1, 15), True, 0),
        (replace(AGREED, due_on=date(2011, 1, 15)), date(2011, 1, 17), False, 0),
        (replace(AGREED, due_on=date(2011, 1, 15)), date(2011, 1, 18), True, 1),
        (replace(AGREED, started_on=BEFORE), AFTER, True, 1),
        (replace(AGREED, is_draft=True), AFTER, False, 0),
        (DONE, AFTER, False, 0),
        (replace(AGREED, withdrawn_on=ON), AFTER, False, 0),
    ],
)
def test_only_what_has_to_be_done_is_overdue(facts: ActionFacts, on: date, overdue: bool, late: int) -> None:
    assert is_overdue(facts, on, WorkingDays()) is overdue
    assert working_days_late(facts, on, WorkingDays()) == late
    assert bool(how_overdue(facts, on, WorkingDays())) is overdue


CHECKED = replace(SIGNED_OFF, impact_checked_on=AFTER, impact="effective")
CLOSED = "This action is closed as effective"
FIRST = "It must be signed off or sent back first."


@pytest.mark.parametrize(
    ("move", "facts", "by", "why"),
    [
        (Move.SIGN_OFF, DONE, OTHER, None),
        (Move.SIGN_OFF, DONE, OWNER, "You own this action, so someone else must sign it off"),
        (
            Move.SIGN_OFF,
            AGREED,
            OTHER,
            "This action is agreed, so you cannot sign it off. Its owner must mark it as done first.",
        ),
        (
            Move.CHECK_IMPACT,
            DONE,
            OTHER,
            "You cannot check the impact of this action yet. It must be signed off first.",
        ),
        (Move.CHECK_IMPACT, SIGNED_OFF, OTHER, None),
        (Move.CHECK_IMPACT, SIGNED_OFF, OWNER, "You own this action, so someone else must check its impact"),
        (
            Move.AGREE,
            ActionFacts(due_on=DUE),
            OTHER,
            "This action needs an owner and a due date before it can be agreed",
        ),
        (Move.AGREE, replace(AGREED, is_draft=True), OTHER, None),
        (Move.AGREE, AGREED, OTHER, "This action is already agreed"),
        (Move.PROPOSE_DONE, AGREED, OWNER, None),
        (Move.PROPOSE_DONE, AGREED, OTHER, "Only the owner of this action can mark it as done"),
        (Move.REPORT, AGREED, OTHER, "Only the owner of this action can report progress"),
        (Move.ASK_LATER, AGREED, OTHER, "Only the owner of this action can ask for a later date"),
        (
            Move.ASK_LATER,
            DONE,
            OTHER,
            f"This action is awaiting sign-off, so you cannot ask for a later date. {FIRST}",
        ),
        (Move.WITHDRAW, SIGNED_OFF, OTHER, None),
        (Move.TAKE_BACK_SIGN_OFF, SIGNED_OFF, OTHER, None),
        (
            Move.TAKE_BACK_SIGN_OFF,
            SIGNED_OFF,
            OWNER,
            "You own this action, so someone else must take the sign-off back",
        ),
        (
            Move.TAKE_BACK_SIGN_OFF,
            DONE,
            OTHER,
            "This action is awaiting sign-off, so you cannot take the sign-off back",
        ),
        (
            Move.TAKE_BACK_SIGN_OFF,
            CHECKED,
            OTHER,
            f"{CLOSED}, so you cannot take the sign-off back. Take its impact check back first.",
        ),
        (Move.TAKE_BACK_CHECK, CHECKED, OTHER, None),
        (Move.TAKE_BACK_CHECK, replace(CHECKED, impact="not effective"), OTHER, None),
        (
            Move.TAKE_BACK_CHECK,
            CHECKED,
            OWNER,
            "You own this action, so someone else must take its impact check back",
        ),
        (
            Move.TAKE_BACK_CHECK,
            replace(AGREED, withdrawn_on=ON),
            OTHER,
            "This action is withdrawn, so you cannot take its impact check back",
        ),
        (Move.MOVE_DATE, AGREED, OTHER, None),
    ],
)
def test_a_move_is_allowed_or_refused_with_a_sentence(
    move: Move, facts: ActionFacts, by: int, why: str | None
) -> None:
    assert refuse(move, facts, AFTER, by) == why


@pytest.mark.parametrize(
    ("facts", "by", "why"),
    [
        (AGREED, OTHER, None),
        (AGREED, OWNER, "You asked for the later date, so someone else must answer"),
        (
            DONE,
            OTHER,
            f"This action is awaiting sign-off, so you cannot change its due date. {FIRST}",
        ),
    ],
)
def test_a_later_date_is_answered_by_another_while_it_can_be_moved(
    facts: ActionFacts, by: int, why: str | None
) -> None:
    assert refuse_answer(facts, OWNER, AFTER, by) == why


@pytest.mark.parametrize(
    ("facts", "day"),
    [
        (SIGNED_OFF, None),
        (replace(SIGNED_OFF, impact_checked_on=AFTER, impact="effective"), AFTER),
        (replace(AGREED, withdrawn_on=ON), ON),
    ],
)
def test_an_impact_check_or_a_withdrawal_closes_it(facts: ActionFacts, day: date | None) -> None:
    assert closed_on(facts) == day


@pytest.mark.parametrize("move", [move for move in ALLOWED if move is not Move.TAKE_BACK_CHECK])
@pytest.mark.parametrize("impact", ["effective", "not effective"])
def test_nothing_moves_what_is_closed(move: Move, impact: str) -> None:
    closed = replace(SIGNED_OFF, impact_checked_on=AFTER, impact=impact)
    assert refuse(move, closed, AFTER, OTHER)
    assert refuse(move, replace(AGREED, withdrawn_on=AFTER), AFTER, OTHER)


@pytest.mark.parametrize(
    ("facts", "contradictions"),
    [
        (ActionFacts(), []),
        (AGREED, []),
        (SIGNED_OFF, []),
        (replace(SIGNED_OFF, signed_off_by_id=OTHER), []),
        (replace(SIGNED_OFF, owner_id=None), []),
        (CHECKED, []),
        (replace(SIGNED_OFF, withdrawn_on=AFTER), []),
        (replace(SIGNED_OFF, done_on=None), [("signed_off_on", "done_on")]),
        (replace(DONE, signed_off_by_id=OTHER), [("signed_off_by_id", "signed_off_on")]),
        (replace(SIGNED_OFF, signed_off_by_id=OWNER), [("signed_off_by_id", "owner_id")]),
        (
            replace(DONE, impact_checked_on=AFTER, impact="effective"),
            [("impact_checked_on", "signed_off_on")],
        ),
        (replace(SIGNED_OFF, impact_checked_on=AFTER), [("impact_checked_on", "impact")]),
        (replace(SIGNED_OFF, impact="effective"), [("impact", "impact_checked_on")]),
        # what was closed was not withdrawn, whichever day comes first
        (replace(CHECKED, withdrawn_on=AFTER), [("withdrawn_on", "impact_checked_on")]),
        (replace(CHECKED, withdrawn_on=ON), [("withdrawn_on", "impact_checked_on")]),
        (replace(AGREED, withdrawn_on=date(2010, 12, 21)), [("withdrawn_on", "agreed_on")]),
        (replace(DONE, started_on=AFTER), [("done_on", "started_on")]),
        (replace(DONE, started_on=ON), []),
        (replace(SIGNED_OFF, signed_off_on=BEFORE), [("signed_off_on", "done_on")]),
    ],
)
def test_facts_of_an_action_that_cannot_all_be_true_are_named(
    facts: ActionFacts, contradictions: list[tuple[str, ...]]
) -> None:
    assert [tuple(contradiction) for contradiction in action_contradictions(facts)] == contradictions


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (AGREED, None),
        (CHECKED, None),
        (replace(AGREED, is_draft=True), "This action is a draft"),
        (replace(AGREED, withdrawn_on=ON), "This action is withdrawn"),
    ],
)
def test_only_what_was_at_least_agreed_has_an_effect_to_measure(facts: ActionFacts, why: str | None) -> None:
    refusal = refuse_quick_check(facts, AFTER)
    assert refusal is None if why is None else str(refusal).startswith(why)


RAISED = RecommendationFacts(raised_on=BEFORE, due_on=DUE)


@pytest.mark.parametrize(
    ("facts", "on", "state", "is_open"),
    [
        (RAISED, ON, "awaiting decision", True),
        (RAISED, date(2011, 1, 12), "awaiting decision", False),
        (RecommendationFacts(), date(2000, 1, 3), "awaiting decision", True),
        (replace(RAISED, decision="accepted", decided_on=ON), ON, "accepted", True),
        (replace(RAISED, decision="accepted", decided_on=AFTER), ON, "awaiting decision", True),
        (replace(RAISED, decision="amended", decided_on=ON), ON, "amended", True),
        (replace(RAISED, decision="deferred", decided_on=ON), ON, "deferred", False),
        (replace(RAISED, decision="rejected", decided_on=ON), BEFORE, "awaiting decision", True),
        (replace(RAISED, decision="rejected"), ON, "rejected", False),
        (
            replace(RAISED, decision="accepted", decided_on=ON, carried_out_on=AFTER),
            AFTER,
            "carried out",
            False,
        ),
    ],
)
def test_a_recommendation_is_open_until_it_is_decided_against_or_carried_out(
    facts: RecommendationFacts, on: date, state: str, is_open: bool
) -> None:
    assert recommendation_state(facts, on) == RecommendationState(state)
    assert recommendation_is_open(facts, on) is is_open


@pytest.mark.parametrize(
    ("facts", "contradictions"),
    [
        (RecommendationFacts(), []),
        (RAISED, []),
        (RecommendationFacts(BEFORE, "accepted", BEFORE, BEFORE), []),  # all on one day
        (RecommendationFacts(BEFORE, "rejected", ON), []),
        (RecommendationFacts(BEFORE, "accepted"), []),  # its day is not known
        (RecommendationFacts(BEFORE, None, ON), [("decided_on", "decision")]),
        (RecommendationFacts(BEFORE, "rejected", ON, AFTER), [("carried_out_on", "decision")]),
        (RecommendationFacts(BEFORE, "deferred", ON, AFTER), [("carried_out_on", "decision")]),
        (RecommendationFacts(BEFORE, None, None, AFTER), [("carried_out_on", "decision")]),
        (RecommendationFacts(ON, "accepted", BEFORE), [("decided_on", "raised_on")]),
        (RecommendationFacts(BEFORE, "amended", AFTER, ON), [("carried_out_on", "decided_on")]),
        (
            RecommendationFacts(ON, "amended", ON, BEFORE),
            [("carried_out_on", "raised_on"), ("carried_out_on", "decided_on")],
        ),
    ],
)
def test_facts_of_a_recommendation_that_cannot_all_be_true_are_named(
    facts: RecommendationFacts, contradictions: list[tuple[str, ...]]
) -> None:
    assert [tuple(contradiction) for contradiction in recommendation_contradictions(facts)] == contradictions


@pytest.mark.parametrize(
    ("facts", "on", "overdue"),
    [
        (RAISED, date(2011, 1, 14), ""),
        (RAISED, date(2011, 1, 15), "since Friday 14 January"),
        (RAISED, date(2011, 1, 18), "by 2 working days"),
        (replace(RAISED, due_on=None), date(2011, 1, 18), ""),
        (replace(RAISED, decision="amended", decided_on=ON), date(2011, 1, 18), "by 2 working days"),
        (replace(RAISED, decision="deferred", decided_on=ON), date(2011, 1, 18), ""),
        (replace(RAISED, decision="accepted", decided_on=ON, carried_out_on=ON), date(2011, 1, 18), ""),
        (replace(RAISED, raised_on=date(2011, 1, 19)), date(2011, 1, 18), ""),
    ],
)
def test_only_an_open_recommendation_is_overdue(facts: RecommendationFacts, on: date, overdue: str) -> None:
    assert how_overdue_recommendation(facts, on, WorkingDays()) == overdue


OWNED = replace(RAISED, owner_id=OWNER)
ACCEPTED = replace(OWNED, decision="accepted", decided_on=BEFORE)
DEFERRED = replace(OWNED, decision="deferred", decided_on=BEFORE)
PROPOSED = replace(ACCEPTED, proposed_on=ON)
CARRIED_OUT = replace(PROPOSED, carried_out_on=ON)
IS_ACCEPTED = "This recommendation is accepted, so you cannot change its text or the decision"
IS_DEFERRED = "This recommendation is deferred, so you cannot"
UNDECIDED_YET = "This recommendation is awaiting a decision, so"


@pytest.mark.parametrize(
    ("move", "facts", "by", "why"),
    [
        # what an owner can do while it is open, decided or not
        *(
            (move, facts, OWNER, None)
            for move in (Move.REPORT, Move.ASK_LATER, Move.NOT_MINE, Move.PROPOSE_CARRIED_OUT)
            for facts in (OWNED, ACCEPTED)
        ),
        (Move.REPORT, ACCEPTED, OTHER, "Only the owner of this recommendation can report progress"),
        (Move.ASK_LATER, OWNED, OTHER, "Only the owner of this recommendation can ask for a later date"),
        (Move.NOT_MINE, OWNED, OTHER, "Only the owner of this recommendation can hand it back"),
        (
            Move.PROPOSE_CARRIED_OUT,
            ACCEPTED,
            OTHER,
            "Only the owner of this recommendation can say that it is carried out",
        ),
        (Move.REPORT, PROPOSED, OWNER, None),
        (
            Move.PROPOSE_CARRIED_OUT,
            PROPOSED,
            OWNER,
            "You have already said that this recommendation is carried out. A coordinator will check it.",
        ),
        (Move.PROPOSE_CARRIED_OUT, replace(ACCEPTED, proposed_on=date(2011, 2, 1)), OWNER, None),
        (
            Move.REPORT,
            DEFERRED,
            OWNER,
            f"{IS_DEFERRED} report progress. The decision must be recorded first.",
        ),
        (Move.NOT_MINE, DEFERRED, OWNER, None),
        # what coordinators do with it
        (Move.SEND_BACK, PROPOSED, OTHER, None),
        (Move.SEND_BACK, replace(OWNED, proposed_on=ON), OTHER, None),
        (
            Move.SEND_BACK,
            ACCEPTED,
            OTHER,
            "No one has said that this recommendation is carried out, so you cannot send it back",
        ),
        (Move.CARRY_OUT, ACCEPTED, OTHER, None),
        (Move.CARRY_OUT, PROPOSED, OTHER, None),
        (
            Move.CARRY_OUT,
            replace(OWNED, proposed_on=ON),
            OTHER,
            f"{UNDECIDED_YET} it cannot be carried out. Record the decision first.",
        ),
        (Move.MOVE_DATE, DEFERRED, OTHER, None),
        (Move.DECIDE, OWNED, OTHER, None),
        (
            Move.DECIDE,
            ACCEPTED,
            OTHER,
            f"{IS_ACCEPTED}. You can still change its owner and due date.",
        ),
        # what is taken back
        (Move.TAKE_BACK_DECISION, ACCEPTED, OTHER, None),
        (Move.TAKE_BACK_DECISION, DEFERRED, OTHER, None),
        (Move.TAKE_BACK_DECISION, replace(OWNED, decision="rejected"), OTHER, None),
        (
            Move.TAKE_BACK_DECISION,
            OWNED,
            OTHER,
            f"{UNDECIDED_YET} there is no decision to take back",
        ),
        (
            Move.TAKE_BACK_DECISION,
            CARRIED_OUT,
            OTHER,
            "This recommendation is carried out, so you cannot take the decision back. Open it again first.",
        ),
        (Move.TAKE_BACK_CARRIED_OUT, CARRIED_OUT, OTHER, None),
        (
            Move.TAKE_BACK_CARRIED_OUT,
            ACCEPTED,
            OTHER,
            "This recommendation is not carried out, so you cannot open it again",
        ),
    ],
)
def test_a_move_of_a_recommendation_is_allowed_or_refused_with_a_sentence(
    move: Move, facts: RecommendationFacts, by: int, why: str | None
) -> None:
    assert refuse_recommendation(move, facts, AFTER, by) == why
    assert refuse_move(move, facts, AFTER, by) == why


@pytest.mark.parametrize(
    "move", [move for move in ALLOWED_TO_RECOMMENDATION if move is not Move.TAKE_BACK_CARRIED_OUT]
)
def test_nothing_moves_a_recommendation_that_is_carried_out(move: Move) -> None:
    assert refuse_recommendation(move, CARRIED_OUT, AFTER, OWNER)
    assert refuse_recommendation(move, CARRIED_OUT, AFTER, OTHER)


@pytest.mark.parametrize(
    ("facts", "on", "proposed"),
    [
        (PROPOSED, BEFORE, False),
        (PROPOSED, ON, True),
        (replace(OWNED, proposed_on=ON), AFTER, True),
        (replace(DEFERRED, proposed_on=ON), AFTER, False),
        (CARRIED_OUT, AFTER, False),
        (ACCEPTED, AFTER, False),
    ],
)
def test_what_is_said_to_be_carried_out_stays_open_until_someone_agrees(
    facts: RecommendationFacts, on: date, proposed: bool
) -> None:
    assert is_proposed(facts, on) is proposed
    assert not proposed or recommendation_is_open(facts, on)


@pytest.mark.parametrize(("struck_on", "refused"), [(None, False), (ON, True)])
def test_a_line_of_progress_is_struck_through_once(struck_on: date | None, refused: bool) -> None:
    assert (refuse_striking(struck_on) is not None) is refused
