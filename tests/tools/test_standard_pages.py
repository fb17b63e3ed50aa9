"""The council's list of standards, and what no question asks about."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.database import db, transaction
from app.history.record import of
from app.people.models import Person
from app.tools.models import Standard, Tool
from tests.factories import a_person, a_tool
from tests.pages import opened, visible

FORM = {"name": "Working Together 2010", "source": "statute", "text": "Core groups."}


@pytest.fixture
def administrator(sign_in: Callable[[Person], FlaskClient]) -> FlaskClient:
    return sign_in(a_person("Neil Ashworth", roles=["administrator"]))


def the_standard() -> Standard:
    db.session.rollback()
    return db.session.scalars(select(Standard)).one()


def name_it(tool: Tool, standard: Standard) -> None:
    with transaction():
        tool.sections[0].questions[0].standard_id = standard.id


def test_a_standard_is_added_and_changed_with_its_history(administrator: FlaskClient) -> None:
    assert administrator.post("/tools/standards/new", data=FORM).headers["Location"] == "/tools/standards"
    changed = {**FORM, "name": "Working Together", "source": "local priority"}
    administrator.post(f"/tools/standards/{the_standard().id}", data=changed)
    assert (the_standard().name, the_standard().source) == ("Working Together", "local priority")
    told = [(row.what, row.before, row.after) for row in of("standard", "Working Together 2010")]
    assert told == [
        ("source changed", "statute", "local priority"),
        ("renamed", "Working Together 2010", "Working Together"),
        ("added", None, "statute"),
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Enter the name"),
        ({"name": "working together 2010"}, "There is already a standard with this name"),
        ({"source": ""}, "Select where the standard comes from"),
        ({"source": "hearsay"}, "Select where the standard comes from"),
        ({"text": "x" * 1001}, "1,000 characters or fewer"),
    ],
)
def test_a_standard_is_refused_with_what_is_wrong(
    administrator: FlaskClient, wrong: dict[str, str], said: str
) -> None:
    administrator.post("/tools/standards/new", data=FORM)
    answer = administrator.post("/tools/standards/new", data={**FORM, "name": "Other", **wrong})
    assert answer.status_code == 422
    assert said in visible(answer.get_data(as_text=True))
    assert the_standard().name == "Working Together 2010"


def test_what_has_no_question_and_what_names_no_standard_is_told(administrator: FlaskClient) -> None:
    tool = a_tool()
    administrator.post("/tools/standards/new", data=FORM)
    page = visible(opened(administrator, "/tools/standards"))
    assert "Standards without a question Working Together 2010 (statute)" in page
    assert "Questions without a standard Case file audit: Child seen" in page
    name_it(tool, the_standard())
    page = visible(opened(administrator, "/tools/standards"))
    assert "Every standard has a question." in page
    assert "Questions without a standard There are no questions without a standard." in page


def test_only_the_latest_published_version_of_a_tool_is_looked_at(administrator: FlaskClient) -> None:
    administrator.post("/tools/standards/new", data=FORM)
    name_it(a_tool(), the_standard())
    administrator.post("/tools/child-protection/1/next")
    draft = db.session.scalars(select(Tool).where(Tool.version == 2)).one()
    with transaction():
        draft.sections[0].questions[0].standard_id = None
    assert "Every standard has a question." in visible(opened(administrator, "/tools/standards"))
    with transaction():
        draft.is_draft = False
    page = visible(opened(administrator, "/tools/standards"))
    assert "Standards without a question Working Together 2010" in page


def test_an_unknown_standard_is_not_found(administrator: FlaskClient) -> None:
    assert administrator.get("/tools/standards/99").status_code == 404
