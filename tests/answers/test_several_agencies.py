"""The questions that agencies are asked of a case, and those that are asked once of all of them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.answers.importing import import_answers
from app.answers.stored_form import form_of
from app.audits.models import Audit
from app.database import db, transaction
from app.people.models import Person
from app.tools.models import Question, Section, Tool
from tests.factories import a_cycle, a_person, a_tool, an_audit
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]


def asks_once_per_case() -> Tool:
    """Let the tool ask "agreed", in a section of its own, and "shared" beside "child_seen", once per case."""
    tool = a_tool()
    shared, agreed = (
        Question(position=2, key=key, key_area=area, text=f"{area}?", scale="evidence", per_case=True)
        for key, area in (("shared", "Information was shared"), ("agreed", "Agencies agreed"))
    )
    with transaction():
        tool.sections[0].questions.append(shared)
        tool.sections.append(Section(position=2, title="Together", questions=[agreed]))
    return tool


@pytest.fixture
def two_audits(app: Flask) -> tuple[Audit, Audit]:
    """The audit of the police, and the meeting, of one case."""
    asks_once_per_case()
    cycle = a_cycle("da-1", agencies=["Police", "School"])
    return (
        an_audit("DA1-A", cycle=cycle, case_reference="700001", agency="Police"),
        an_audit("DA1-M", cycle=cycle, case_reference="700001", agency="together"),
    )


def test_the_meeting_is_asked_what_is_asked_once_and_nothing_else(two_audits: tuple[Audit, Audit]) -> None:
    police, meeting = map(form_of, two_audits)
    assert [(section.number, question.text) for section, question in police.questions] == [
        (1, "Was the child seen?")
    ]
    assert [(section.number, question.text) for section, question in meeting.questions] == [
        (1, "Information was shared?"),
        (2, "Agencies agreed?"),
    ]
    assert (len(police.blanks), len(meeting.blanks)) == (1, 2)


def test_answers_to_what_an_audit_does_not_ask_are_refused(
    two_audits: tuple[Audit, Audit], tmp_path: Path
) -> None:
    path = tmp_path / "answers.csv"
    heading = "audit_reference,question,response"
    path.write_text(f"{heading}\nDA1-A,agreed,yes\nDA1-M,child_seen,yes\n", encoding="utf-8")
    faults = [str(fault).removeprefix("answers.csv: ") for fault in import_answers(path).faults]
    assert faults == [
        'row 2, column question, "agreed": is asked in the meeting of the case, not in this audit',
        'row 3, column question, "child_seen": is asked in the audits of agencies, not in this audit',
    ]
    path.write_text(f"{heading}\nDA1-A,child_seen,yes\nDA1-M,agreed,yes\n", encoding="utf-8")
    assert import_answers(path).added == 2


def test_the_printed_form_has_what_its_audit_asks(two_audits: tuple[Audit, Audit], sign_in: SignIn) -> None:
    coordinator = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    police = visible(opened(coordinator, "/audits/DA1-A/form/print"))
    meeting = visible(opened(coordinator, "/audits/DA1-M/form/print"))
    assert ("Was the child seen?" in police, "Agencies agreed?" in police) == (True, False)
    assert ("Was the child seen?" in meeting, "Agencies agreed?" in meeting) == (False, True)


def test_the_answers_of_a_cycle_have_what_each_audit_asks(sign_in: SignIn) -> None:
    asks_once_per_case()
    cycle = a_cycle("da-1", agencies=["Police"])
    for reference, agency in (("DA1-A", "Police"), ("DA1-M", "together")):
        an_audit(reference, cycle=cycle, agency=agency, returned_on=date(2010, 11, 1))
    coordinator = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    rows = coordinator.get("/cycles/da-1/answers?download=csv").get_data(as_text=True).splitlines()[1:]
    assert [row.split(",")[:2] for row in rows] == [
        ["DA1-A", "child_seen"],
        ["DA1-M", "shared"],
        ["DA1-M", "agreed"],
    ]


def test_a_meeting_that_is_asked_nothing_is_returned_all_the_same(sign_in: SignIn) -> None:
    mo = a_person("Mo Meeting")
    an_audit("DA1-M", cycle=a_cycle("da-1", agencies=["Police"], auditors=1), agency="together", lead=mo)
    lead = sign_in(mo)
    page = visible(opened(lead, "/audits/DA1-M/form"))
    assert "This audit asks no questions. Say who took part in the meeting, then return it." in page
    opened(lead, "/audits/DA1-M/form/check")
    form = {"took_part": "Head teacher", "minutes": "", "hard_to_find": "", "exemplar_because": ""}
    lead.post("/audits/DA1-M/form/end", data=form)
    answer = lead.post("/audits/DA1-M/form/check", data={"confirmed": "yes"}, follow_redirects=True)
    assert answer.status_code == 200
    db.session.rollback()
    assert db.session.scalars(select(Audit.returned_on)).one() is not None
