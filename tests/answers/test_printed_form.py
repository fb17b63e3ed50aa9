"""The form on paper."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.answers.models import EvidencePlace
from app.database import db, transaction
from app.people.models import Person
from app.tools.models import Question, Tool
from tests.factories import a_person, a_tool, an_audit

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def lead(client: FlaskClient) -> Person:
    return a_person("Eirlys Pugh")


@pytest.fixture
def reader(sign_in: SignIn, lead: Person) -> FlaskClient:
    an_audit("CP-001", lead=lead, second=a_person("Katarzyna Wilk"), case_reference="615739")
    with transaction():
        db.session.add(EvidencePlace(label="Harbour office", position=99))
        question = db.session.scalars(select(Question)).one()
        question.guidance = "Look for the day, the place and who was there."
    return sign_in(lead)


def _page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_form_of_an_audit_says_whose_it_is_and_when_it_is_due(reader: FlaskClient) -> None:
    page = _page(reader, "/audits/CP-001/form/print")
    for said in ("CP-001", "Eirlys Pugh", "Katarzyna Wilk", "12 November 2010", "Case file audit"):
        assert said in page


def test_the_page_of_an_audit_leads_to_it_until_the_audit_is_returned(
    reader: FlaskClient, lead: Person
) -> None:
    an_audit("CP-003", lead=lead, returned_on=date(2010, 11, 1))
    assert 'href="/audits/CP-001/form/print"' in _page(reader, "/audits/CP-001")
    assert 'href="/audits/CP-003/form/print"' not in _page(reader, "/audits/CP-003")


def test_the_number_of_the_case_is_nowhere_on_it(reader: FlaskClient) -> None:
    assert "615739" not in _page(reader, "/audits/CP-001/form/print")


def test_each_question_has_its_guidance_and_boxes_for_responses_and_places(reader: FlaskClient) -> None:
    page = _page(reader, "/audits/CP-001/form/print")
    question = re.search(r'<section class="pa-printed__question">.*?</section>', page, re.DOTALL)
    assert question is not None
    asked = question.group()
    assert "1.1 Was the child seen?" in asked
    assert "Look for the day, the place and who was there." in asked
    for choice in ("yes", "no", "not applicable"):
        assert f"</span>{choice}</span>" in asked
    assert asked.count("</span>Harbour office</span>") == 2  # found in, looked in
    assert asked.count("pa-printed__line") == 2


def test_it_says_how_to_write_and_what_to_do_about_a_child_at_risk(reader: FlaskClient) -> None:
    for address in ("/audits/CP-001/form/print", "/tools/child-protection/1/print"):
        page = _page(reader, address)
        assert "Write your answers as if the family will read them." in page
        assert "phone the team or the duty team first" in page


def test_a_judgement_asks_for_its_reason(reader: FlaskClient) -> None:
    with transaction():
        tool = db.session.scalars(select(Tool)).one()
        tool.responses[0].response, tool.responses[1].response = "good", "adequate"
        tool.responses[2].response, tool.responses[2].counts_as = "inadequate", "not met"
    assert "Reason for this judgement, and any comment" in _page(reader, "/tools/child-protection/1/print")


def test_the_blank_form_of_a_tool_names_no_audit(reader: FlaskClient) -> None:
    page = _page(reader, "/tools/child-protection/1/print")
    assert "CP-001" not in page
    assert "Eirlys Pugh" not in page.split("</header>")[1]
    assert "version 1 · OFFICIAL-SENSITIVE</p>" in page
    assert reader.get("/tools/child-protection/2/print").status_code == 404
    assert reader.get("/audits/CP-999/form/print").status_code == 403


def test_a_draft_says_that_it_is_one(reader: FlaskClient) -> None:
    with transaction():
        db.session.scalars(select(Tool)).one().is_draft = True
    assert "version 1, draft · OFFICIAL-SENSITIVE</p>" in _page(reader, "/tools/child-protection/1/print")


def test_an_audit_without_auditors_has_lines_to_write_their_names_on(
    client: FlaskClient, sign_in: SignIn
) -> None:
    a_tool()
    an_audit("CP-002")
    page = _page(sign_in(a_person(roles=["coordinator"])), "/audits/CP-002/form/print")
    assert "<dt>Lead auditor</dt><dd></dd>" in page
