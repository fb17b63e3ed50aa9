"""A coordinator enters a paper form on the pages of the service."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.answers.paper_entry import begin_paper
from app.database import db
from app.history.record import of
from app.outbox.models import Message
from app.people.models import Person
from app.tools.models import Question, ScaleResponse
from tests.factories import a_person, an_audit
from tests.pages import visible

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def jack() -> Person:
    return a_person("Jack Denny", roles=["coordinator"])


@pytest.fixture
def coordinator(client: FlaskClient, sign_in: SignIn, jack: Person) -> FlaskClient:
    an_audit(
        "CP-001", lead=a_person("Eirlys Pugh"), second=a_person("Katarzyna Wilk"), due_on=date(2100, 1, 4)
    )
    return sign_in(jack)


def _text(client: FlaskClient, address: str) -> str:
    return client.get(address).get_data(as_text=True)


def test_a_coordinator_goes_from_the_audit_to_its_paper_form_and_on_to_the_form(
    coordinator: FlaskClient,
) -> None:
    assert 'href="/audits/CP-001/form/paper"' in _text(coordinator, "/audits/CP-001")
    assert "in the lead auditor’s name" in _text(coordinator, "/audits/CP-001/form/paper")
    answer = coordinator.post("/audits/CP-001/form/paper")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/audits/CP-001/form")
    assert of("audit", "CP-001")[0].what == "entered from paper"


def test_the_audit_then_says_who_entered_it_and_offers_it_no_more(
    coordinator: FlaskClient, jack: Person
) -> None:
    begin_paper("CP-001", jack, date(2010, 11, 3))
    page = _text(coordinator, "/audits/CP-001")
    assert "Entered from paper by Jack Denny on 3 November 2010" in page
    assert 'href="/audits/CP-001/form/paper"' not in page
    assert "already being entered from paper" in _text(coordinator, "/audits/CP-001/form/paper")
    assert coordinator.post("/audits/CP-001/form/paper").status_code == 409


def test_a_coordinator_writes_in_a_form_only_after_saying_that_it_is_on_paper(
    coordinator: FlaskClient,
) -> None:
    assert "<textarea" not in _text(coordinator, "/audits/CP-001/form/1")
    coordinator.post("/audits/CP-001/form/paper")
    assert "<textarea" in _text(coordinator, "/audits/CP-001/form/1")


def test_the_pages_tell_the_coordinator_in_whose_name_it_is_returned_and_speak_to_no_auditor(
    coordinator: FlaskClient,
) -> None:
    coordinator.post("/audits/CP-001/form/paper")
    form = visible(_text(coordinator, "/audits/CP-001/form"))
    assert "returned in the name of Eirlys Pugh, marked as entered from paper" in form
    assert "You and the other auditor" not in form
    assert "Enter the answers from the paper form." in visible(_text(coordinator, "/audits/CP-001/form/1"))
    check = _text(coordinator, "/audits/CP-001/form/check")
    in_whose_name = "The audit will be returned in the name of Eirlys Pugh, marked as entered from paper."
    assert f"{in_whose_name} Katarzyna Wilk will be asked" in visible(check)
    assert "your findings" not in check
    coordinator.post("/audits/CP-001/form/check", data={"seen": "0", "blanks": "1"})
    returned = visible(_text(coordinator, "/audits/CP-001/form/returned"))
    assert "returned in the name of Eirlys Pugh, marked as entered from paper" in returned
    assert "Thank you" not in returned


def test_what_a_coordinator_entered_is_returned_in_the_name_of_the_lead_and_the_second_is_asked(
    coordinator: FlaskClient,
) -> None:
    coordinator.post("/audits/CP-001/form/paper")
    question = db.session.scalars(select(Question.id)).one()
    yes = db.session.scalars(select(ScaleResponse.id).where(ScaleResponse.response == "yes")).one()
    coordinator.post(
        "/audits/CP-001/form/1", data={f"response-{question}": str(yes), f"comment-{question}": "Page 12."}
    )
    check = _text(coordinator, "/audits/CP-001/form/check")
    seen = re.search(r'name="seen" value="(\d+)"', check)
    assert seen is not None
    answer = coordinator.post("/audits/CP-001/form/check", data={"seen": seen.group(1), "blanks": "0"})
    assert answer.headers["Location"] == "/audits/CP-001/form/returned"
    page = _text(coordinator, "/audits/CP-001")
    assert "from paper, for Eirlys Pugh" in page
    asked = db.session.execute(select(Message.kind, Message.address)).all()
    assert asked == [("confirm", "katarzyna.wilk@council.example")]


def test_a_returned_audit_is_not_entered_from_paper(coordinator: FlaskClient) -> None:
    an_audit("CP-002", lead=a_person(), returned_on=date(2010, 11, 1))
    assert 'href="/audits/CP-002/form/paper"' not in _text(coordinator, "/audits/CP-002")
    assert "This audit was returned on 1 November 2010." in _text(coordinator, "/audits/CP-002/form/paper")
    assert coordinator.post("/audits/CP-002/form/paper").status_code == 409
