"""Recommendations, actions and quick wins in reports."""

from datetime import date
from typing import Any

import pytest

from app.actions.lifecycle import ActionState, RecommendationState
from app.quick_wins.life import QuickWinState
from app.reports.content import draft
from app.reports.facts import FollowUp, ReportedKeyArea
from app.reports.tracked import by_state
from tests.reports.cases import (
    COUNCIL,
    PARTNERSHIP,
    TODAY,
    a_cycle,
    a_material,
    a_quick_win,
    a_recommendation,
    an_action,
    an_area,
    council,
    text,
)


@pytest.mark.parametrize(
    ("quick_win", "said"),
    [
        ({}, "It is being sent 6 times, every 5 working days, from 17 January 2011."),
        (
            {"state": QuickWinState.PLANNED, "times": 1},
            "It will be sent once, from 17 January 2011.",
        ),
        (
            {"state": QuickWinState.STOPPED},
            "It was sent from 17 January 2011 and then stopped.",
        ),
        (
            {
                "state": QuickWinState.ENDED,
                "key_area": "Child seen",
                "figures": (("2010-1", "15 of 25 (60%)", None),),
                "moved": "not known yet",
            },
            ("It was sent 6 times, every 5 working days, from 17 January 2011, and has ended."),
        ),
        (
            {
                "state": QuickWinState.ENDED,
                "key_area": "Child seen",
                "figures": (
                    ("2010-1", "15 of 25 (60%)", None),
                    ("2011-1", "20 of 25 (80%)", "Not comparable: not declared comparable."),
                ),
                "moved": "yes",
            },
            (
                "It was sent 6 times, every 5 working days, from 17 January 2011, and has ended. "
                "The figure for “Child seen” was 15 of 25 (60%) in cycle 2010-1, and 20 of 25 (80%) in "
                "cycle 2011-1 (Not comparable: not declared comparable). When it ended, it was recorded that "
                "the figure had changed."
            ),
        ),
    ],
)
def test_quick_wins_and_what_became_of_them(quick_win: dict[str, Any], said: str) -> None:
    own = FollowUp(a_cycle(), quick_wins=(a_quick_win(**quick_win),))
    expected = f"Child seen: “Write down that you saw the child.” {said}"
    assert council(a_material(an_area("A"), own=own), "quick-wins").splitlines()[1:] == [expected]


def test_recommendations_and_actions_have_owner_date_body_and_state() -> None:
    own = FollowUp(
        a_cycle(),
        (
            a_recommendation(),
            a_recommendation("R2", owner=None, owner_job=None, due_on=None, body=None),
            a_recommendation(
                "R3",
                state=RecommendationState.DEFERRED,
                decision="deferred",
                decided_on=TODAY,
                decision_words="wait for the inspection",
                owner=None,
            ),
        ),
        (
            an_action(is_overdue=True),
            an_action("A2", ActionState.CLOSED_NOT_EFFECTIVE, impact_words="2 of 9"),
        ),
    )
    material = a_material(an_area("A"), own=own)
    # what awaits a decision is asked of the meeting, and told there alone
    assert council(material, "purpose").splitlines()[1:] == [
        "Decide on 2 recommendations. 1 of 2 recommendations still needs an owner or a due date.",
        "R1: Do it (owner: Ann Lee, Head; due 1 February 2011)",
        "R2: Do it",
    ]
    assert council(material, "recommendations").splitlines()[1:] == [
        (
            "This cycle has 1 other recommendation (deferred) and 2 actions (1 agreed and 1 closed not "
            "effective). 1 action is overdue: Crewe (1). Annex C has each of them."
        )
    ]
    said = council(material, "annex-follow-up")
    assert "R1 | " not in said
    assert "R3 | Do it | SMT | no owner | 1 February 2011 | deferred on 22 December 2010: wait for" in said
    assert "A1 | Remind staff | R1 and Child seen | Ann Lee, Head | 1 February 2011 | agreed, overdue" in said
    assert "closed not effective: 2 of 9" in said
    others = text(draft(material, PARTNERSHIP))
    assert "1 action is overdue." in others
    assert "1 of 3 recommendations still needs an owner or a due date." in others
    assert "R1 | Do it | SMT | Head | 1 February 2011 | awaiting decision" in others
    assert "R2 | Do it | no body named | no owner | no date | awaiting decision" in others
    assert "Ann Lee" not in others


def test_key_areas_without_an_action_are_listed_with_the_reason() -> None:
    answered = (
        ReportedKeyArea("a", "A", has_action=True, left_because=None),
        ReportedKeyArea("b", "B", has_action=False, left_because="it is part of R1"),
        ReportedKeyArea("c", "C", has_action=False, left_because=None),
    )
    said = council(a_material(an_area("A"), answered=answered), "without-action").splitlines()[1:]
    assert said == [
        "1 key area has no action, for a reason:",
        "B: it is part of R1",
        "1 other key area has no action, and no one has said why: C.",
    ]


def test_what_became_of_the_cycle_before_and_what_comes_next() -> None:
    made = (
        a_recommendation("R0", state=RecommendationState.CARRIED_OUT),
        a_recommendation("R9", state=RecommendationState.ACCEPTED),
    )
    before = FollowUp(a_cycle(reference="2010-0"), made, (an_action("A0"),))
    after = a_cycle(
        reference="2011-1", title="Second", requested_on=date(2011, 1, 10), due_on=date(2011, 2, 11)
    )
    material = a_material(an_area("A"), before=before, next=after)
    assert council(material, "last-time").splitlines()[1:] == [
        (
            "Cycle 2010-0 (First cycle): 2 recommendations (1 carried out and 1 accepted) and 1 action "
            "(agreed). Annex C has each of them."
        ),
        "Not done, or without effect:",
        "R9: Do it (accepted)",
        "A0: Remind staff (Ann Lee, Head: agreed, due 1 February 2011)",
    ]
    assert "R0 | " in council(material, "annex-before")
    assert "A0 | " in council(material, "annex-before")
    assert "Its audits will be requested on 10 January 2011" in council(material, "recommendations")


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([], None),
        ([ActionState.CLOSED_EFFECTIVE], "1 action (closed effective)"),
        (2 * [ActionState.AGREED], "2 actions (both agreed)"),
        (3 * [ActionState.AGREED], "3 actions (all agreed)"),
        (
            [ActionState.CLOSED_EFFECTIVE, ActionState.CLOSED_NOT_EFFECTIVE, ActionState.CLOSED_EFFECTIVE],
            "3 actions (2 closed effective and 1 closed not effective)",
        ),
    ],
)
def test_actions_are_counted_by_their_state(states: list[ActionState], said: str | None) -> None:
    assert by_state("action", states) == said


@pytest.mark.parametrize(
    ("requested_on", "meeting_on", "said"),
    [
        (date(2010, 12, 21), None, "Its audits were requested on 21 December 2010 and are due on 4 March"),
        (TODAY, None, "Its audits were requested on 22 December 2010 and are due on 4 March 2011."),
        (date(2010, 12, 23), None, "Its audits will be requested on 23 December 2010 and are due on 4 March"),
        (TODAY, date(2011, 3, 30), "and are due on 4 March 2011. The reporting date is 30 March 2011."),
    ],
)
def test_the_next_cycle_is_told_with_its_days(requested_on: date, meeting_on: date | None, said: str) -> None:
    following = a_cycle(
        None, reference="2011-1", requested_on=requested_on, due_on=date(2011, 3, 4), meeting_on=meeting_on
    )
    written = text(draft(a_material(an_area("Child seen"), next=following), COUNCIL))
    assert said in written
    assert ("The reporting date is" in written) is (meeting_on is not None)
