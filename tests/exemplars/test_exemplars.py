"""Exemplars through the pages: nominated, written up without the case, approved, shown, retired."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.answers.models import FormNote
from app.database import db, transaction
from app.exemplars.life import ExemplarFacts, ExemplarMove, refuse, state
from app.exemplars.models import Exemplar
from app.history import record
from app.people.models import Person
from tests import pages
from tests.factories import a_person, an_audit
from tests.pages import INSISTS

ON = date(2010, 11, 22)
SignIn = Callable[[Person], FlaskClient]
NEW = "/exemplars/new?audit=CP-001"
WRITTEN = {
    "title": "The child's own words",
    "question": "child_seen",
    "text": "Each visit note says in the child's words what mattered to them.",
}


def visible(answer: TestResponse) -> str:
    return pages.visible(answer.get_data(as_text=True))


@pytest.fixture
def cora(app: Flask, clock_at: Callable[[date], None]) -> Person:
    """A coordinator; CP-001, a case of Nantwich, was nominated."""
    clock_at(ON)
    audit = an_audit(
        "CP-001",
        lead=a_person("Brendan Foxe"),
        second=a_person("Maeve Corrigan"),
        case_reference="612345",
        returned_on=date(2010, 11, 8),
    )
    an_audit("CP-002", returned_on=date(2010, 11, 8))
    with transaction():
        db.session.add(FormNote(audit_id=audit.id, exemplar_because="Visits of 612345 are told superbly."))
    return a_person("Cora Coordinator", roles=["coordinator"])


@pytest.fixture
def staff() -> Person:
    return a_person("Wendy Worker", roles=["practitioner"])


@pytest.fixture
def approver() -> Person:
    return a_person("Moira Moderator", roles=["moderator"])


def as_another(client: FlaskClient, sign_in: SignIn, person: Person) -> FlaskClient:
    client.post("/sign-out")
    return sign_in(person)


def test_a_coordinator_reads_what_was_nominated_without_the_case_number(
    cora: Person, sign_in: SignIn
) -> None:
    client = sign_in(cora)
    assert "You have 1 nominated audit to write up." in visible(client.get("/exemplars"))
    page = visible(client.get("/exemplars/nominations"))
    assert "CP-001" in page
    assert "Visits of [case number] are told superbly." in page
    assert "CP-002" not in page
    client.post(NEW, data=WRITTEN)
    assert "No nominations to write up." in visible(client.get("/exemplars/nominations"))


def test_staff_see_it_once_somebody_else_has_approved_it_and_until_it_is_retired(
    cora: Person, staff: Person, approver: Person, sign_in: SignIn
) -> None:
    client = sign_in(cora)
    assert client.post(NEW, data=WRITTEN).location == "/exemplars/E1"
    own = client.post("/exemplars/E1/approve")
    assert own.status_code == 409
    assert "You wrote this example, so someone else must approve it" in visible(own)
    client = as_another(client, sign_in, staff)
    assert "own words" not in visible(client.get("/exemplars"))
    client = as_another(client, sign_in, approver)
    assert "CP-001" not in visible(client.get("/exemplars/E1"))
    assert client.post("/exemplars/E1/approve").status_code == 302
    client = as_another(client, sign_in, staff)
    page = visible(client.get("/exemplars"))
    assert "Child seen The child's own words Each visit note says" in page
    assert not [each for each in ("CP-001", "612345", "Nantwich", "Foxe", "Cora") if each in page]
    client = as_another(client, sign_in, cora)
    assert client.post("/exemplars/E1/retire", data={"said": ""}).status_code == 422
    client.post("/exemplars/E1/retire", data={"said": "The form has changed"})
    client = as_another(client, sign_in, staff)
    assert "own words" not in visible(client.get("/exemplars"))
    told = [(one.what, one.why) for one in reversed(record.of("exemplar", "E1"))]
    assert told == [("written", None), ("approved", None), ("retired", "The form has changed")]


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("Oliver said what he wanted.", "“Oliver” looks like a name."),
        ("Maeve found it.", "“Maeve” shows whose work it was."),
        ("The team in Nantwich did this.", "“Nantwich” shows whose work it was."),
        ("Visits of [case number] are told superbly.", "This repeats words of the audit."),
    ],
)
def test_what_gives_somebody_away_is_warned_of_and_let_through_when_confirmed(
    cora: Person, sign_in: SignIn, text: str, warned: str
) -> None:
    client = sign_in(cora)
    answer = client.post(NEW, data=WRITTEN | {"text": text})
    assert warned in visible(answer)
    assert "Save anyway" in visible(answer)
    assert db.session.query(Exemplar).count() == 0
    page = answer.get_data(as_text=True)
    let = [part.partition('"')[0] for part in page.split('name="let_through" value="')[1:]]
    assert client.post(NEW, data=WRITTEN | {"text": text, "let_through": let}).status_code == 302


def test_a_case_number_is_refused(cora: Person, sign_in: SignIn) -> None:
    answer = sign_in(cora).post(NEW, data=WRITTEN | {"text": "Case 612345 was told well."} | INSISTS)
    assert answer.status_code == 422
    assert "Remove the case number" in visible(answer)


def test_what_was_changed_meanwhile_is_not_approved_unread(
    cora: Person, approver: Person, sign_in: SignIn
) -> None:
    client = sign_in(cora)
    client.post(NEW, data=WRITTEN)
    client = as_another(client, sign_in, approver)
    page = client.get("/exemplars/E1/approve").get_data(as_text=True)
    read = page.partition('name="version"')[2].partition('value="')[2].partition('"')[0]
    client = as_another(client, sign_in, cora)
    client.post("/exemplars/E1/edit", data=WRITTEN | {"text": "Something else."})
    client = as_another(client, sign_in, approver)
    answer = client.post("/exemplars/E1/approve", data={"version": read})
    assert answer.status_code == 409
    assert "Someone changed this while you had the page open." in visible(answer)


def test_an_approved_one_is_not_changed(cora: Person, approver: Person, sign_in: SignIn) -> None:
    client = sign_in(cora)
    client.post(NEW, data=WRITTEN)
    client = as_another(client, sign_in, approver)
    client.post("/exemplars/E1/approve")
    assert client.post("/exemplars/E1/edit", data=WRITTEN).status_code == 403
    client = as_another(client, sign_in, cora)
    assert client.post("/exemplars/E1/edit", data=WRITTEN).status_code == 409


def test_only_a_returned_audit_that_was_nominated_is_written_up(cora: Person, sign_in: SignIn) -> None:
    client = sign_in(cora)
    assert client.get("/exemplars/new?audit=CP-002").status_code == 404
    assert client.get("/exemplars/new").status_code == 404


def test_a_nomination_is_set_aside_with_a_reason_and_can_still_be_written_up(
    cora: Person, sign_in: SignIn
) -> None:
    client = sign_in(cora)
    address = "/exemplars/nominations/CP-001/set-aside"
    assert "Visits of [case number] are told superbly." in visible(client.get(address))
    for said, why in (
        ("", "Enter the reason for setting aside this nomination"),
        ("As in 612345.", "Remove the case number"),
    ):
        answer = client.post(address, data={"said": said, "version": "0"} | INSISTS)
        assert answer.status_code == 422
        assert why in visible(answer)
    assert client.post(address, data={"said": "We show one like it.", "version": "0"}).status_code == 302
    page = visible(client.get("/exemplars/nominations"))
    assert "No nominations to write up." in page
    assert "CP-001, 22 November 2010: We show one like it." in page
    assert client.post(address, data={"said": "Again.", "version": "0"}).status_code == 409
    told = [(one.what, one.why) for one in record.of("audit", "CP-001")]
    assert ("nomination set aside", "We show one like it.") in told
    assert client.post(NEW, data=WRITTEN).status_code == 302
    assert "We show one like it." not in visible(client.get("/exemplars/nominations"))
    assert client.post(address, data={"said": "Late.", "version": "0"}).status_code == 409
    assert client.get("/exemplars/nominations/CP-002/set-aside").status_code == 404


NEW_ONE = ExemplarFacts(written_by_id=1)
SHOWN = ExemplarFacts(written_by_id=1, approved_on=ON)
GONE = ExemplarFacts(written_by_id=1, approved_on=ON, retired_on=ON)
EARLIER = date(2010, 11, 21)


@pytest.mark.parametrize(
    ("facts", "on", "found"),
    [
        (NEW_ONE, ON, "waiting for approval"),
        (SHOWN, EARLIER, "waiting for approval"),
        (SHOWN, ON, "shown to staff"),
        (GONE, EARLIER, "waiting for approval"),
        (GONE, ON, "retired"),
        (ExemplarFacts(1, retired_on=ON), ON, "retired"),
    ],
)
def test_the_state_follows_from_the_facts_and_the_day(facts: ExemplarFacts, on: date, found: str) -> None:
    assert str(state(facts, on)) == found


@pytest.mark.parametrize(
    ("move", "facts", "by", "refused"),
    [
        (ExemplarMove.APPROVE, NEW_ONE, 1, True),
        (ExemplarMove.APPROVE, NEW_ONE, 2, False),
        (ExemplarMove.APPROVE, SHOWN, 2, True),
        (ExemplarMove.APPROVE, GONE, 2, True),
        (ExemplarMove.CHANGE, NEW_ONE, 1, False),
        (ExemplarMove.CHANGE, NEW_ONE, 2, False),
        (ExemplarMove.CHANGE, SHOWN, 1, True),
        (ExemplarMove.CHANGE, GONE, 1, True),
        (ExemplarMove.RETIRE, NEW_ONE, 1, False),
        (ExemplarMove.RETIRE, SHOWN, 1, False),
        (ExemplarMove.RETIRE, GONE, 1, True),
    ],
)
def test_each_move_is_allowed_in_its_states_and_by_the_right_person(
    move: ExemplarMove, facts: ExemplarFacts, by: int, refused: bool
) -> None:
    assert (refuse(move, facts, ON, by) is not None) is refused
