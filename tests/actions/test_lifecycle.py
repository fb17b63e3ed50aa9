"""The life of an action and of a recommendation, as tables of cases."""

from dataclasses import replace
from datetime import date

import pytest

from app.actions.lifecycle import (
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
    recommendation_contradictions,
    recommendation_is_open,
    recommendation_state,
    refuse,
    refuse_answer,
    refuse_quick_check,
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


@pytest.mark.parametrize("move", list(Move))
@pytest.mark.parametrize("impact", ["effective", "not effective"])
def test_nothing_moves_what_is_closed(move: Move, impact: str) -> None:
    closed = replace(SIGNED_OFF, impact_checked_on=AFTER, impact=impact)
    assert refuse(move, closed, AFTER, OTHER)
    assert refuse(move, replace(AGREED, withdrawn_on=AFTER), AFTER, OTHER)


CHECKED = replace(SIGNED_OFF, impact_checked_on=AFTER, impact="effective")


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
