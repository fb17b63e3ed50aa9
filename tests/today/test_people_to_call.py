"""The calls to make by person, and the log of one call about everything of theirs."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.actions.models import Action
from app.audits.facts import found
from app.audits.models import Chase
from app.audits.promising import promise_that_holds
from app.audits.standing import standings
from app.database import db, transaction
from app.history import record
from app.people.closures import working_days
from app.people.models import Person
from app.reminders.models import CallMade
from app.today.people_to_call import people_to_call
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

ON, DUE = date(2010, 12, 1), date(2010, 11, 5)
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def lea(app: Flask, clock_at: Callable[[date], None]) -> Person:
    """Lea has two audits and an action that are all to be called about, Sam one of the audits."""
    clock_at(ON)
    lea, sam = a_person("Lea Ward", telephone="01270 555 014"), a_person("Sam Hill")
    cycle = a_cycle()
    an_audit("CP-001", cycle=cycle, lead=lea, second=sam, due_on=DUE, case_reference="600100")
    an_audit("CP-002", cycle=cycle, lead=lea, due_on=DUE)
    owned = {"owner_id": lea.id, "due_on": DUE, "first_due_on": DUE, "agreed_on": DUE}
    with transaction():
        db.session.add(Action(reference="A-1", text="Check the forms", **owned))
    return lea


def by_person() -> dict[str, list[str]]:
    days = working_days()
    return {
        one.person.name: [thing.reference for thing in one.about]
        for one in people_to_call(standings(ON, days), days)
    }


def test_each_person_stands_once_with_all_of_theirs(lea: Person) -> None:
    assert by_person() == {"Lea Ward": ["CP-001", "CP-002", "A-1"], "Sam Hill": ["CP-001"]}


def test_who_has_left_comes_last_with_what_nobody_else_has(lea: Person, sign_in: SignIn) -> None:
    with transaction():
        lea.leaving_on = date(2010, 11, 30)
    assert by_person() == {"Sam Hill": ["CP-001"], "Lea Ward": ["CP-002", "A-1"]}
    client = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    page = visible(opened(client, "/calls"))
    assert "Lea Ward has left" in page
    assert "No one to call: choose someone else" in page
    assert "There is no call to Lea Ward to log now." in visible(opened(client, f"/calls/{lea.id}"))
    assert client.get("/calls/999").status_code == 404


def test_one_entry_logs_a_call_about_everything(lea: Person, sign_in: SignIn) -> None:
    client = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    page = opened(client, "/")
    assert 'href="tel:01270555014"' in page
    assert f'href="/calls/{lea.id}"' in page
    form = {
        "about": ["audit CP-001", "audit CP-002", "action A-1"],
        "day": ["1", "12", "2010"],
        "channel": "phone",
        "outcome": "All of it next week",
        "new_expected_on": ["8", "12", "2010"],
    }
    assert client.post(f"/calls/{lea.id}", data=form).headers["Location"] == "/calls"
    chases = db.session.scalars(select(Chase)).all()
    assert {(chase.channel, chase.with_whom, chase.outcome) for chase in chases} == {
        ("phone", "Lea Ward", "All of it next week")
    }
    assert len(chases) == 2
    for reference in ("CP-001", "CP-002"):
        audit = found(reference)
        assert audit is not None
        promise = promise_that_holds(audit, date(2010, 12, 3))
        assert promise is not None
        assert promise.promised_on == date(2010, 12, 8)
    [call] = db.session.scalars(select(CallMade)).all()
    assert (call.reference, call.with_id, call.outcome) == ("A-1", lea.id, "All of it next week")
    [line] = [line for line in record.of("action", "A-1") if line.what == "chased"]
    assert (line.after, line.why) == ("by phone on 1 December 2010 with Lea Ward", "All of it next week")
    assert by_person() == {}
    assert "There are no phone calls to make" in visible(opened(client, "/calls"))


@pytest.mark.parametrize(
    ("entered", "fault"),
    [
        ({"about": []}, "Select what you talked about"),
        ({"channel": ""}, "Select how you contacted them"),
        ({"day": ["2", "12", "2010"]}, "Date of the contact must be today or in the past"),
        ({"outcome": "It is 600100"}, "Remove the case number"),
    ],
)
def test_a_faulty_entry_logs_nothing(
    lea: Person, sign_in: SignIn, entered: dict[str, object], fault: str
) -> None:
    client = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    form = {"about": ["action A-1", "audit CP-001"], "day": ["1", "12", "2010"], "channel": "phone"}
    answer = client.post(f"/calls/{lea.id}", data=form | entered)
    assert (answer.status_code, fault in visible(answer.get_data(as_text=True))) == (422, True)
    assert db.session.scalars(select(Chase)).all() == []
    assert db.session.scalars(select(CallMade)).all() == []


def test_a_date_after_the_cut_off_is_refused_for_all_of_the_call(lea: Person, sign_in: SignIn) -> None:
    audit = found("CP-002")
    assert audit is not None
    with transaction():
        audit.cycle.cut_off_on = date(2010, 12, 7)
    client = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    form = {"about": ["action A-1", "audit CP-001", "audit CP-002"], "day": ["1", "12", "2010"]}
    more = {"channel": "phone", "new_expected_on": ["8", "12", "2010"]}
    answer = client.post(f"/calls/{lea.id}", data=form | more)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "New expected date must be 7 December 2010 or earlier" in visible(page)
    assert 'href="#new_expected_on' in page
    assert db.session.scalars(select(Chase)).all() == []
    assert db.session.scalars(select(CallMade)).all() == []


def of_call(*about: str, day: int = 6, **more: object) -> dict[str, object]:
    """Return the entries of a call on 1 December, after which the work is expected on a day of December."""
    expected = {"new_expected_on": [str(day), "12", "2010"], "outcome": "It comes back on Monday"}
    return {"about": list(about), "day": ["1", "12", "2010"], "channel": "phone", **expected, **more}


def test_a_call_that_another_has_logged_meanwhile_loses_nothing(lea: Person, sign_in: SignIn) -> None:
    about = ("audit CP-001", "audit CP-002", "action A-1")
    jack, ingrid = (
        sign_in(a_person(name, roles=["coordinator"])) for name in ("Jack Denny", "Ingrid Solomon")
    )
    assert jack.post(f"/calls/{lea.id}", data=of_call(*about)).status_code == 302
    answer = ingrid.post(f"/calls/{lea.id}", data=of_call(*about))
    page = visible(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert "There is no call to Lea Ward to log now. Someone logged it" in page
    assert (
        "What you entered What did you talk about? Audit CP-001, Audit CP-002, Action A-1 "
        "When did you contact them? 1 December 2010 How did you contact them? Phone "
        "What was the outcome? It comes back on Monday "
        "New expected date of the audits 6 December 2010"
    ) in page
    assert len(db.session.scalars(select(Chase)).all()) == 2


def test_what_is_off_the_list_meanwhile_is_said_and_the_rest_can_be_logged(
    lea: Person, sign_in: SignIn
) -> None:
    client = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    assert client.post(f"/calls/{lea.id}", data=of_call("audit CP-001")).status_code == 302
    # back in the browser, another date, and sent again
    answer = client.post(f"/calls/{lea.id}", data=of_call("audit CP-001", "audit CP-002", day=7))
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "You do not have to call about audit CP-001 any more. Someone logged it" in visible(shown)
    assert "It comes back on Monday" in visible(shown)
    assert 'value="audit CP-001"' not in shown
    again = client.post(f"/calls/{lea.id}", data=of_call("audit CP-002", day=7))
    assert again.status_code == 302
    assert len(db.session.scalars(select(Chase)).all()) == 2


def test_an_audit_that_came_back_during_the_call_loses_nothing(lea: Person, sign_in: SignIn) -> None:
    client = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    for reference in ("CP-001", "CP-002"):
        audit = found(reference)
        assert audit is not None
        with transaction():
            audit.returned_on = ON
    answer = client.post(f"/calls/{lea.id}", data=of_call("audit CP-001", "action A-1"))
    assert answer.status_code == 409
    page = visible(answer.get_data(as_text=True))
    assert "You do not have to call about audit CP-001 any more." in page
    assert "It comes back on Monday" in page
    assert db.session.scalars(select(CallMade)).all() == []


def test_others_cannot_open_it(lea: Person, sign_in: SignIn) -> None:
    client = sign_in(a_person("Mona Reed", roles=["manager", "leader"]))
    assert [client.get(page).status_code for page in ("/calls", f"/calls/{lea.id}")] == [403, 403]
