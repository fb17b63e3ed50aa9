"""The first page: a manager's own actions and recommendations, and what of them waits for coordinators."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.actions import moves, recommending
from app.actions.models import Action, Recommendation
from app.database import db, transaction
from app.people.models import Person
from app.quick_wins.models import QuickWin
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]
ON = date(2011, 3, 1)


@pytest.fixture(autouse=True)
def the_day(clock_at: Callable[[date], None]) -> None:
    clock_at(ON)


def an_action(reference: str, owner: Person | None, **facts: object) -> None:
    with transaction():
        action = Action(
            reference=reference,
            text=f"Do {reference}",
            owner_id=owner.id if owner else None,
            due_on=date(2011, 2, 1),
            first_due_on=date(2011, 2, 1),
            agreed_on=date(2011, 1, 4),
        )
        for name, value in facts.items():
            setattr(action, name, value)
        db.session.add(action)


def test_an_owner_finds_what_is_theirs_with_its_day_and_how_late_it_is(sign_in: SignIn) -> None:
    owner = a_person("The Owner", roles=["manager"])
    an_action("A1", owner)
    an_action("A2", owner, done_on=date(2011, 2, 1))
    an_action("A3", a_person("Another"))
    cycle_id = a_cycle().id
    with transaction():
        db.session.add(
            Recommendation(
                reference="R1",
                cycle_id=cycle_id,
                text="Agree one place for each document",
                owner_id=owner.id,
                due_on=date(2011, 4, 1),
                first_due_on=date(2011, 4, 1),
                decision="accepted",
                decided_on=date(2010, 12, 22),
            )
        )
    page = visible(opened(sign_in(owner), "/"))
    assert "A1: Do A1 Tue 1 Feb 2011 Overdue by 20 working days, agreed" in page
    assert "R1: Agree one place for each document Fri 1 Apr 2011" in page
    assert "Do A2" not in page
    assert "Do A3" not in page


def test_who_owns_nothing_is_not_told_of_actions(sign_in: SignIn) -> None:
    assert "Your actions" not in opened(sign_in(a_person(roles=["manager"])), "/")


def test_a_coordinator_finds_what_waits_for_somebody_like_them(sign_in: SignIn) -> None:
    owner = a_person("The Owner", roles=["manager"])
    an_action("A1", None)
    an_action("A2", owner, done_on=date(2011, 2, 1))
    signed = {"done_on": date(2011, 1, 10), "signed_off_on": date(2011, 1, 11)}
    an_action("A3", owner, **signed, impact_due_on=ON)
    an_action("A4", owner, **signed, impact_due_on=date(2011, 3, 2))
    an_action("A5", owner)
    moves.ask_later("A5", owner, ON, due_on=date(2011, 4, 1), because="The system is down")
    page = visible(opened(sign_in(a_person(roles=["coordinator"])), "/"))
    assert (
        "1 without an owner or due date, 1 with a request for a later date, 1 to sign off, "
        "1 to check for impact" in page
    )


def test_a_coordinator_finds_what_was_not_effective_and_has_nothing_after_it(sign_in: SignIn) -> None:
    owner = a_person("The Owner", roles=["manager"])
    closed = {
        "done_on": date(2011, 1, 10),
        "signed_off_on": date(2011, 1, 11),
        "impact_checked_on": date(2011, 2, 11),
    }
    for reference in ("A1", "A2", "A3"):
        an_action(reference, owner, **closed, impact="not effective")
    an_action("A4", owner, **closed, impact="effective")
    ids = {one.reference: one.id for one in db.session.query(Action)}
    an_action("A5", owner, follows_id=ids["A1"])
    an_action("A6", owner, follows_id=ids["A2"], withdrawn_on=ON)
    client = sign_in(a_person(roles=["coordinator"]))
    page = opened(client, "/")
    assert "2 actions did not work and have no follow-up" in visible(page)
    address = "/actions?state=not+effective+and+nothing+follows"
    assert f'href="{address}"' in page
    listed = visible(opened(client, address))
    assert [one for one in ("A1", "A2", "A3", "A4", "A5", "A6") if f"Do {one}" in listed] == ["A2", "A3"]


@pytest.mark.parametrize(
    ("facts", "waits"),
    [
        ({}, True),
        ({"times": 9}, False),
        ({"stopped_on": date(2011, 1, 20)}, False),
        ({"moved": "no: still 15 of 25", "moved_on": ON}, False),
    ],
)
def test_a_coordinator_finds_the_quick_wins_that_ended_and_were_not_answered(
    sign_in: SignIn, facts: dict[str, object], waits: bool
) -> None:
    plan = {"starts_on": date(2011, 1, 17), "every_working_days": 5, "times": 3, **facts}
    with transaction():
        db.session.add(QuickWin(reference="Q1", subject="The child was seen", message="Record it.", **plan))
    page = opened(sign_in(a_person(roles=["coordinator"])), "/")
    assert ("Quick win Q1, “The child was seen”, has ended." in visible(page)) is waits
    assert ('href="/quick-wins/Q1"' in page) is waits


def test_a_coordinator_finds_who_left_and_still_owns_something(sign_in: SignIn) -> None:
    gone, done, goes, recommended = (
        a_person(name, leaving_on=day)
        for name, day in (
            ("Gwen Gone", date(2011, 2, 25)),
            ("Don Done", date(2011, 2, 25)),
            ("Gil Goes", ON),
            ("Rick Recommended", date(2011, 2, 25)),
        )
    )
    an_action("A1", gone)
    an_action("A2", done, done_on=date(2011, 2, 1))
    an_action("A3", goes)
    recommending.recommend(a_cycle(), text="Agree it", by=goes, on=date(2011, 2, 1), owner_id=recommended.id)
    page = opened(sign_in(a_person(roles=["coordinator"])), "/")
    assert f'href="/actions/hand-over/{gone.id}"' in page
    assert "Hand over the work of Gwen Gone, who has left Action A1: " in visible(page)
    assert "Hand over the work of Rick Recommended" in visible(page)
    assert "Don Done" not in page
    assert "Hand over the work of Gil Goes" not in page


def test_a_coordinator_is_told_what_to_do_when_an_auditor_has_left(sign_in: SignIn) -> None:
    gone = a_person("Derek Ollerton", leaving_on=date(2011, 2, 25))
    an_audit("CP-001", lead=gone, due_on=date(2011, 3, 31))
    page = opened(sign_in(a_person(roles=["coordinator"])), "/")
    to_do = page[page.index(">To do<") : page.index(">Go to<")]
    assert "Replace Derek Ollerton, who has left, in CP-001" in visible(to_do)
    assert 'href="/audits/CP-001/reassign"' in to_do


def test_a_manager_is_told_which_of_their_people_have_left(sign_in: SignIn) -> None:
    harriet = a_person("Harriet Vance", roles=["manager"])
    gone = a_person("Gwen Gone", leaving_on=date(2011, 2, 25), manager=harriet)
    an_action("A1", gone, due_on=date(2011, 2, 1))
    an_audit("CP-001", lead=gone, due_on=date(2011, 2, 1))
    page = visible(opened(sign_in(harriet), "/"))
    assert page.count("Gwen Gone (has left)") == 2


def test_only_those_who_cannot_help_themselves_are_sent_to_a_coordinator(sign_in: SignIn) -> None:
    said = {}
    for roles in (["manager"], ["manager", "coordinator"]):
        boss = a_person(roles=roles)
        an_audit(lead=a_person(manager=boss), due_on=date(2011, 2, 1))
        said[len(roles)] = visible(opened(sign_in(boss), "/"))
    assert "An audit coordinator can change the due date or find someone else." in said[1]
    assert "An audit coordinator can" not in said[2]
    assert "On the page of an audit you can change the due date or replace an auditor." in said[2]


def test_what_was_done_asks_for_no_later_date_any_more() -> None:
    owner = a_person("The Owner", roles=["manager"])
    an_action("A5", owner)
    moves.ask_later("A5", owner, ON, due_on=date(2011, 4, 1), because="The system is down")
    moves.propose_done("A5", owner, ON, "Live since today")
    action = db.session.query(Action).filter_by(reference="A5").one()
    assert moves.asked_for(action) is None


def test_who_has_only_to_confirm_is_not_told_how_to_decline(sign_in: SignIn) -> None:
    lead, second = a_person("Lea Ward"), a_person("Sam Hill")
    an_audit("CP-001", lead=lead, second=second, due_on=ON, returned_on=date(2011, 2, 28))
    client = sign_in(second)
    page = visible(opened(client, "/"))
    assert "CP-001: Confirm it, or say if you disagree" in page
    assert "cannot do" not in page
    an_audit("CP-002", lead=second, due_on=date(2011, 3, 18))
    assert "If you cannot do one of these audits, open it" in visible(opened(client, "/"))
