"""The bodies through their pages: what waits for them, decisions of a meeting in one go, who may read."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.actions.models import Body, BodyMember, Meeting, Recommendation
from app.actions.recommending import recommend
from app.database import db, transaction
from app.history import record
from app.people.models import Person
from tests.factories import a_cycle, a_person
from tests.pages import opened, visible

RAISED, MET, ON = date(2011, 1, 10), date(2011, 1, 20), date(2011, 1, 24)
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def cora(app: Flask, clock_at: Callable[[date], None]) -> Person:
    """A coordinator; R-1 and R-2 wait for the Management Team, which met on 20 January and meets in March."""
    clock_at(ON)
    person = a_person("Cora Coordinator", roles=["coordinator"])
    with transaction():
        body = Body(name="Management Team", meetings=[Meeting(on=MET), Meeting(on=date(2011, 3, 3))])
        db.session.add_all([body, Body(name="Another Board")])
    for text in ("Record the child's wishes", "Keep chronologies"):
        recommend(
            a_cycle(),
            text=text,
            by=person,
            on=RAISED,
            body_id=body.id,
            owner_id=person.id,
            due_on=date(2011, 6, 30),
        )
    return person


def the_body() -> Body:
    return db.session.scalars(select(Body).where(Body.name == "Management Team")).one()


def address_of(meeting: int) -> str:
    return f"/bodies/{the_body().id}/meetings/{the_body().meetings[meeting].id}"


def decided() -> dict[str, tuple[str | None, date | None, str | None]]:
    rows = db.session.scalars(select(Recommendation).order_by(Recommendation.id))
    return {one.reference: (one.decision, one.decided_on, one.decision_words) for one in rows}


def references() -> list[str]:
    return list(db.session.scalars(select(Recommendation.reference).order_by(Recommendation.id)))


def test_the_list_and_the_page_show_first_what_waits_for_the_next_meeting(
    cora: Person, sign_in: SignIn
) -> None:
    client = sign_in(cora)
    listed = visible(opened(client, "/bodies"))
    assert "Management Team 2 Thu 3 Mar 2011" in listed
    assert "Another Board nothing none" in listed
    page = visible(opened(client, f"/bodies/{the_body().id}"))
    assert page.index("To decide on Thursday 3 March 2011") < page.index("Keep chronologies")


def test_a_body_reads_what_is_late_also_before_its_decision(
    cora: Person, sign_in: SignIn, clock_at: Callable[[date], None]
) -> None:
    clock_at(date(2011, 7, 4))
    client = sign_in(cora)
    page = visible(opened(client, f"/bodies/{the_body().id}"))
    assert page.count("Overdue by 2 working days, awaiting decision") == 2
    assert "Overdue by 2 working days, awaiting decision" in visible(opened(client, "/recommendations"))


def test_the_decisions_of_a_meeting_are_recorded_in_one_go_on_its_day(cora: Person, sign_in: SignIn) -> None:
    client, (first, second) = sign_in(cora), references()
    answer = client.post(
        f"{address_of(0)}/decide",
        data={
            f"decision-{first}": "accepted",
            f"decision-{second}": "deferred",
            f"words-{second}": "After the new system is in.",
        },
    )
    assert answer.status_code == 302
    assert decided() == {
        first: ("accepted", MET, None),
        second: ("deferred", MET, "After the new system is in."),
    }
    page = visible(opened(client, address_of(0)))
    assert "No recommendations to decide" in page
    assert "Deferred: After the new system is in." in page
    # what was deferred comes before the next meeting again
    assert "1 Thu 3 Mar 2011" in visible(opened(client, "/bodies"))


@pytest.mark.parametrize(
    ("second_decision", "words", "why"),
    [
        ("amended", "", "Enter how it was amended"),
        ("rejected", " ", "Enter why it was rejected"),
        ("perhaps", "", "Select what was decided"),
    ],
)
def test_when_one_decision_is_refused_none_is_recorded_and_its_field_says_why(
    cora: Person, sign_in: SignIn, second_decision: str, words: str, why: str
) -> None:
    client, (first, second) = sign_in(cora), references()
    answer = client.post(
        f"{address_of(0)}/decide",
        data={
            f"decision-{first}": "accepted",
            f"decision-{second}": second_decision,
            f"words-{second}": words,
        },
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="decision-{second}-error"' in page
    assert page.count(why) == 2  # in the summary and at the field
    assert 'value="accepted" checked' in page  # what was chosen is kept
    assert decided() == {first: (None, None, None), second: (None, None, None)}


def test_a_meeting_is_warned_once_of_what_it_agrees_without_an_owner_or_a_day(
    cora: Person, sign_in: SignIn
) -> None:
    for text in ("Hold a briefing", "Write to the hospitals"):
        recommend(a_cycle(), text=text, by=cora, on=RAISED, body_id=the_body().id)
    client, (_, _, third, fourth) = sign_in(cora), references()
    given: dict[str, object] = {
        f"decision-{third}": "accepted",
        f"decision-{fourth}": "deferred",
        f"words-{fourth}": "In May",
    }
    answer = client.post(f"{address_of(0)}/decide", data=given)
    page = visible(answer.get_data(as_text=True))
    assert (answer.status_code, decided()[third][0]) == (200, None)
    lacks = [f"{third} has no owner yet", f"{third} has no due date yet"]
    assert all(each in page for each in lacks)
    assert f"{fourth} has no" not in page
    assert 'value="accepted" checked' in answer.get_data(as_text=True)
    client.post(f"{address_of(0)}/decide", data={**given, "let_through": lacks})
    assert (decided()[third][0], decided()[fourth][0]) == ("accepted", "deferred")


def test_a_decision_that_somebody_else_recorded_meanwhile_is_not_lost_in_silence(
    cora: Person, sign_in: SignIn
) -> None:
    client, (first, second) = sign_in(cora), references()
    client.post(f"{address_of(0)}/decide", data={f"decision-{first}": "accepted", f"version-{first}": "1"})
    both = {f"decision-{first}": "rejected", f"words-{first}": "No.", f"version-{first}": "1"}
    answer = client.post(f"{address_of(0)}/decide", data={**both, f"decision-{second}": "accepted"})
    assert answer.status_code == 409
    assert f"{first}: Someone changed this" in visible(answer.get_data(as_text=True))
    assert decided() == {first: ("accepted", MET, None), second: (None, None, None)}


def test_a_meeting_decides_neither_before_it_has_been_nor_for_another_body(
    cora: Person, sign_in: SignIn
) -> None:
    client, (first, second) = sign_in(cora), references()
    early = client.post(f"{address_of(1)}/decide", data={f"decision-{first}": "accepted"})
    assert "The meeting is on 3 March 2011. You can record its decisions from that date." in early.get_data(
        as_text=True
    )
    with transaction():
        one = db.session.scalars(select(Recommendation).where(Recommendation.reference == second)).one()
        one.body_id = db.session.scalars(select(Body.id).where(Body.name == "Another Board")).one()
    other = client.post(f"{address_of(0)}/decide", data={f"decision-{second}": "accepted"})
    assert f"This body does not decide on recommendation {second}." in other.get_data(as_text=True)
    assert decided()[first][0] is decided()[second][0] is None


def test_a_meeting_offers_only_what_had_been_raised_by_then(cora: Person, sign_in: SignIn) -> None:
    recommend(a_cycle(), text="Raised since", by=cora, on=ON, body_id=the_body().id)
    client = sign_in(cora)
    assert "Raised since" not in opened(client, address_of(0))
    assert "Raised since" in opened(client, address_of(1))


def test_a_meeting_that_decided_stays_on_its_day_and_another_can_be_moved_and_cancelled(
    cora: Person, sign_in: SignIn
) -> None:
    client, (first, _second) = sign_in(cora), references()
    client.post(f"{address_of(0)}/decide", data={f"decision-{first}": "accepted"})
    moved = client.post(f"{address_of(0)}/change", data={"day": ["21", "1", "2011"], "note": ""})
    assert moved.status_code == 409
    assert "This meeting has recorded decisions" in moved.get_data(as_text=True)
    assert client.post(f"{address_of(0)}/cancel").status_code == 409
    taken = client.post(f"{address_of(1)}/change", data={"day": ["20", "1", "2011"], "note": ""})
    assert "already has a meeting on 20 January 2011" in taken.get_data(as_text=True)
    client.post(f"{address_of(1)}/change", data={"day": ["4", "3", "2011"], "note": "Room 2"})
    page = visible(opened(client, address_of(1)))
    assert "Meeting on Friday 4 March 2011 Room 2" in page
    assert client.post(f"{address_of(1)}/cancel").status_code == 302
    assert [meeting.on for meeting in the_body().meetings] == [MET]


def test_bodies_members_and_meetings_are_added_with_their_history(cora: Person, sign_in: SignIn) -> None:
    client, harriet = sign_in(cora), a_person("Harriet Vance")
    gone = a_person("Gone Gable", leaving_on=date(2010, 12, 1))
    again = client.post("/bodies/new", data={"name": "management team"})
    assert "A body called Management Team already exists." in again.get_data(as_text=True)
    there = client.post("/bodies/new", data={"name": "Steering group"}).headers["Location"]
    client.post(f"{there}/members", data={"person": harriet.id, "part": "chair"})
    assert client.post(f"{there}/members", data={"person": gone.id}).status_code == 422
    client.post(f"{there}/meetings/new", data={"day": ["7", "2", "2011"], "note": ""})
    page = visible(opened(client, there))
    assert "Harriet Vance, chair" in page
    assert "Monday 7 February 2011" in page
    client.post(f"{there}/members/{harriet.id}/remove")
    assert "No members yet" in visible(opened(client, there))
    whats = {event.what for event in record.of("body", "Steering group")}
    assert whats == {"added", "member added", "meeting added", "member removed"}


def test_a_renamed_body_keeps_what_it_decides_and_its_history(cora: Person, sign_in: SignIn) -> None:
    client, there = sign_in(cora), f"/bodies/{the_body().id}"
    client.post(f"{there}/meetings/new", data={"day": ["7", "2", "2011"], "note": ""})
    taken = client.post(f"{there}/rename", data={"name": "another  BOARD"})
    assert "A body called Another Board already exists." in taken.get_data(as_text=True)
    for name in ("MANAGEMENT team", "Leadership Team", "Management Board"):
        assert client.post(f"{there}/rename", data={"name": name}).headers["Location"] == there
    client.post(f"{there}/meetings/new", data={"day": ["14", "2", "2011"], "note": ""})
    page = visible(opened(client, there))
    assert all(
        words in page for words in ("Management Board", "Record the child's wishes", "Rename this body")
    )
    assert [row.what for row in record.of("body", "Management Board")] == [
        "meeting added",
        "renamed",
        "renamed",
        "renamed",
        "meeting added",
    ]
    assert record.of("body", "Another Board") == []


def test_a_member_reads_their_own_body_and_its_recommendations_and_changes_nothing(
    cora: Person, sign_in: SignIn
) -> None:
    member = a_person("Maria Member", roles=["practitioner"])
    with transaction():
        db.session.add(BodyMember(body_id=the_body().id, person_id=member.id))
    client, (first, _second) = sign_in(member), references()
    assert "Another Board" not in opened(client, "/bodies")
    opened(client, f"/bodies/{the_body().id}")
    assert "Save the decisions" not in opened(client, address_of(0))
    recommendation = opened(client, f"/recommendations/{first}")
    assert f'href="/bodies/{the_body().id}"' in recommendation
    other = db.session.scalars(select(Body.id).where(Body.name == "Another Board")).one()
    assert client.get(f"/bodies/{other}").status_code == 403
    assert client.post(f"{address_of(0)}/decide", data={f"decision-{first}": "accepted"}).status_code == 403
