"""No figure of an open cycle is in any report, for whatever readers and in whatever format."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import delete, select, update

from app.answers.models import Answer, AnswerView, ContextNote, FormNote
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.cycles import queries
from app.database import db, transaction
from app.findings.freezing import findings_of
from app.people.models import Person
from app.reports.formats import ENDINGS, as_file
from app.reports.paper import Audience, Paper
from app.tools.models import ScaleResponse
from tests.factories import a_person
from tests.pages import opened, visible
from tests.reports.cases import text
from tests.reports.test_golden import read_aloud

Report = Callable[..., Paper]
SignIn = Callable[[Person], FlaskClient]

DURING = date(2010, 11, 5)
CLOSED = date(2010, 12, 17)


@pytest.fixture
def cycle(whole_first_cycle: None) -> Cycle:
    cycle = queries.found("2010-1")
    assert cycle is not None
    return cycle


def said_in(ending: str, content: bytes) -> object:
    """Return all that a file says."""
    if ending == ".docx":
        return list(read_aloud(Document(BytesIO(content))))
    if ending == ".xlsx":
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}
    return content.decode()


@pytest.mark.parametrize("audience", list(Audience))
def test_whatever_was_answered_the_files_of_an_open_cycle_are_the_same(
    cycle: Cycle, audience: Audience
) -> None:
    def files() -> dict[str, object]:
        return {each: said_in(each, as_file(cycle, audience, each, DURING, None)) for each in ENDINGS}

    before, found = files(), findings_of(cycle, DURING)
    assert found.returns.returned > 10
    answer_otherwise()
    assert findings_of(cycle, DURING).areas != found.areas
    assert files() == before


def answer_otherwise() -> None:
    """Change every answer, and everything else that figures are made of."""
    with transaction():
        worst = select(ScaleResponse.id).where(ScaleResponse.response == "inadequate").scalar_subquery()
        db.session.execute(update(Answer).where(Answer.response_id.is_not(None)).values(response_id=worst))
        db.session.execute(delete(Answer).where(Answer.id % 3 == 0))
        db.session.execute(update(Answer).values(found_in_id=None, comment=None))
        db.session.execute(delete(ContextNote))
        by = a_person()
        for audit in db.session.scalars(select(Audit).where(Audit.returned_on.is_not(None))):
            audit.confirmed_on, audit.differs = DURING, "In all"
            db.session.add(
                FormNote(audit_id=audit.id, minutes=5, hard_to_find="All", exemplar_because="Good")
            )
            for answer in db.session.scalars(select(Answer).where(Answer.audit_id == audit.id)):
                db.session.add(
                    AnswerView(
                        audit_id=audit.id,
                        question_id=answer.question_id,
                        whose="moderated",
                        response_id=answer.response_id,
                        reason="Read again",
                        by_id=by.id,
                        made_on=DURING,
                    )
                )
        db.session.expire_all()


@pytest.mark.parametrize("audience", list(Audience))
def test_the_draft_says_that_the_cycle_is_open_until_the_day_it_was_closed(
    report: Report, audience: Audience
) -> None:
    for day in (DURING, date(2010, 12, 16)):
        paper = report(audience, on=day)
        assert paper.title == "Returns so far: First cycle, Child protection"
        assert "%" not in text(paper).replace("of 29 (", "").replace("%) were returned by", "")
    assert report(audience, on=CLOSED).title != "Returns so far: First cycle, Child protection"


def test_it_tells_the_returns_so_far(report: Report) -> None:
    said = text(report(on=DURING))
    assert "The cycle is still open on 5 November 2010, so this draft has no figures." in said
    assert "29 audits were requested." in said
    assert "were returned by 5 November 2010." in said


def test_the_spreadsheets_have_the_returns_alone(cycle: Cycle) -> None:
    sheets = said_in(".xlsx", as_file(cycle, Audience.COUNCIL, ".xlsx", DURING, None))
    assert isinstance(sheets, dict)
    assert list(sheets) == ["Returns so far"]
    assert ["requested", 29.0] in sheets["Returns so far"]
    lines = as_file(cycle, Audience.COUNCIL, ".csv", DURING, None).decode("utf-8-sig").splitlines()
    assert lines[0] == "what,value"
    assert "requested,29" in lines
    assert as_file(cycle, Audience.COUNCIL, ".csv", CLOSED, None).decode("utf-8-sig").startswith("question,")


def test_its_page_says_so_and_cannot_make_it_final(
    cycle: Cycle, sign_in: SignIn, clock_at: Callable[[date], None]
) -> None:
    clock_at(DURING)
    client = sign_in(a_person("Cora Lee", roles=["coordinator"]))
    for asked in ("", "&on=2010-11-04"):
        page = visible(opened(client, f"/cycles/2010-1/report?for=council{asked}"))
        assert "The cycle is still open on that date, so it has the returns so far and no figures." in page
    page = visible(opened(client, "/cycles/2010-1/report/final?for=council&on=2010-11-05"))
    assert "was still open on 5 November 2010" in page
