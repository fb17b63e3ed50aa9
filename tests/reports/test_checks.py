"""Things to check before a report is made final."""

from typing import Any

import pytest
from flask import Flask, url_for

from app.actions.lifecycle import RecommendationState
from app.reports.checks import Check, before_final
from app.reports.content import draft
from app.reports.facts import FollowUp, Material, ReportedKeyArea
from app.reports.paper import Audience
from app.reports.sections import to_write
from tests.reports.cases import CLOSED, a_cycle, a_material, a_recommendation, an_area

COUNCIL = Audience.COUNCIL
WRITTEN = {one.key: "Nothing to add." for audience in Audience for one in to_write(audience)}
AREAS = (
    an_area("Child seen"),
    an_area("Gatekeeping on file", 5, 4, not_answered=17, question="gate_keeping"),
)


def checks(material: Material, audience: Audience = COUNCIL) -> list[Check]:
    return before_final(material, draft(material, audience))


def sentences(material: Material, audience: Audience = COUNCIL) -> list[str]:
    return [check.sentence for check in checks(material, audience)]


def a_whole(**more: Any) -> Material:
    """A closed cycle in whose reports everything is written."""
    more = {"narratives": WRITTEN} | more
    return a_material(*AREAS, **more)


@pytest.mark.parametrize("audience", list(Audience))
def test_a_whole_report_has_nothing_to_look_at(audience: Audience) -> None:
    assert checks(a_whole(), audience) == []


@pytest.mark.parametrize("audience", list(Audience))
def test_sections_that_nobody_wrote_in_are_listed(audience: Audience) -> None:
    found = checks(a_whole(narratives={}), audience)
    assert [check.values["section"] for check in found] == [one.key for one in to_write(audience)]
    assert all(check.sentence.endswith("has no commentary yet.") for check in found)
    assert {check.endpoint for check in found} == {"reports.write"}


def test_a_cycle_that_is_open_is_said_first() -> None:
    found = checks(a_whole(cycle=a_cycle(None)))
    assert found == [
        Check(
            "Cycle 2010-1 is not closed, so audits returned from now on will change its figures.",
            "cycles.close",
            {"reference": "2010-1"},
        )
    ]
    assert checks(a_whole(cycle=a_cycle(CLOSED))) == []


def test_a_finding_without_an_action_or_a_reason_is_listed() -> None:
    answered = (
        ReportedKeyArea("a", "A", has_action=True, left_because=None),
        ReportedKeyArea("b", "B", has_action=False, left_because="part of R1"),
        ReportedKeyArea("c", "C", has_action=False, left_because=None),
    )
    assert checks(a_whole(answered=answered)) == [
        Check(
            "“C” has no action, and no reason why it needs none.",
            "actions.answered",
            {"reference": "2010-1", "question": "c"},
        )
    ]
    assert checks(a_whole(answered=answered), Audience.STAFF) == []


@pytest.mark.parametrize(
    ("recommendation", "said"),
    [
        (a_recommendation(), []),
        (a_recommendation(owner=None), ["Recommendation R1 has no owner."]),
        (a_recommendation(due_on=None), ["Recommendation R1 has no due date."]),
        (a_recommendation(owner=None, due_on=None), ["Recommendation R1 has no owner and no due date."]),
        (
            a_recommendation(owner=None, state=RecommendationState.ACCEPTED),
            ["Recommendation R1 has no owner."],
        ),
        (a_recommendation(owner=None, state=RecommendationState.CARRIED_OUT), []),
        (a_recommendation(owner=None, state=RecommendationState.REJECTED), []),
    ],
)
def test_a_recommendation_without_owner_or_date_is_listed(recommendation: object, said: list[str]) -> None:
    material = a_whole(own=FollowUp(a_cycle(), (recommendation,)))  # type: ignore[arg-type]
    assert sentences(material) == said


@pytest.mark.parametrize(
    ("wrote", "spoken"),
    [
        ("The child was seen in 60% of cases.", None),
        ("Gatekeeping on file remains weak.", "Gatekeeping on file"),
        ("There was little GATE KEEPING.", "GATE KEEPING"),
        # 5 of 9 is 56 per cent: a share that is this area's own, whatever it is called
        ("Decisions were found in 56% of cases.", "56%"),
        ("Decisions were found in 56 per cent of cases.", "56 per cent"),
        ("Decisions were found in 5 of 9 cases.", "5 of 9"),
        ("Decisions were found in 5 out of 9 cases.", "5 out of 9"),
        ("In 156% and 15 of 90 and 5 of 99.", None),
        ("15 of 25", None),
    ],
)
def test_a_text_that_speaks_of_a_key_area_without_a_figure_is_listed(wrote: str, spoken: str | None) -> None:
    found = checks(a_whole(narratives=WRITTEN | {"analysis": wrote}))
    if spoken is None:
        assert found == []
        return
    (check,) = found
    assert check.sentence == (
        f"“Analysis” says “{spoken}”, but the result for “Gatekeeping on file” is not shown: "
        "answered in 9 of 26 audits where it applied."
    )
    assert (check.endpoint, check.values["section"]) == ("reports.write", "analysis")


def test_a_share_that_another_key_area_has_too_is_let_through() -> None:
    areas = (an_area("A", 14, 11), an_area("B", 5, 4, not_answered=16))
    material = a_material(*areas, narratives=WRITTEN | {"analysis": "It was 56%."})
    assert checks(material) == []


def test_a_team_in_a_text_that_others_read_is_listed() -> None:
    own = FollowUp(a_cycle(), (a_recommendation(text="Crewe to lead"),))
    material = a_whole(own=own, teams=["Crewe", "Child protection"])
    assert checks(material) == []
    assert sentences(material, Audience.PARTNERSHIP) == [
        (
            "“Annex C: Recommendations, actions and quick wins” names the team Crewe, but this report must "
            "not name teams."
        )
    ]
    wrote = a_whole(narratives=WRITTEN | {"staff-thanks": "Thanks to crewe!"}, teams=["Crewe"])
    assert sentences(wrote, Audience.STAFF) == [
        "“Thank you” names the team Crewe, but this report must not name teams."
    ]


def test_every_check_leads_to_a_page_that_there_is(app: Flask) -> None:
    material = a_whole(
        narratives={"analysis": "Gatekeeping on file is weak."},
        cycle=a_cycle(None),
        answered=(ReportedKeyArea("c", "C", has_action=False, left_because=None),),
        own=FollowUp(a_cycle(), (a_recommendation(owner=None, text="Crewe to lead"),)),
        teams=["Crewe"],
    )
    found = [*checks(material), *checks(material, Audience.PARTNERSHIP)]
    assert len({check.endpoint for check in found}) == 5
    with app.test_request_context():
        assert all(url_for(check.endpoint, **check.values) for check in found)  # type: ignore[arg-type]
