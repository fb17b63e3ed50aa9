"""The form of a version of a tool, to try it while it is written."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.answers.models import Answer
from app.database import db, transaction
from app.people.models import Person
from app.tools.models import Question, ScaleResponse, Tool
from tests.answers.every_kind import DAYS, EARLY, OVERALL, VISITS, a_cycle_of_every_kind
from tests.factories import a_person
from tests.pages import opened, visible

PREVIEW = "/tools/every-kind/1/preview"
WAITS = "Was the meeting reviewed? Applies only if “Was a strategy meeting held?” is “yes”."


@pytest.fixture
def coordinator(sign_in: Callable[[Person], FlaskClient], tmp_path: Path) -> FlaskClient:
    a_cycle_of_every_kind(tmp_path)
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))


def the_id(key: str) -> int:
    found = db.session.query(Question).filter_by(key=key).one()
    return found.id


def response_to(key: str, response: str) -> dict[str, object]:
    question = db.session.query(Question).filter_by(key=key).one()
    tool = db.session.query(Tool).filter_by(reference="every-kind").one()
    row = db.session.query(ScaleResponse).filter_by(tool_id=tool.id, scale=question.scale, response=response)
    return {f"response-{question.id}": row.one().id}


def tried(client: FlaskClient, entries: dict[str, object]) -> str:
    answer = client.post(PREVIEW, data=entries)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def is_shown(page: str, key: str) -> bool:
    """True where the question is on the page, and not hidden."""
    block = page.partition(f'id="question-{the_id(key)}"')[2].partition(">")[0]
    return f'id="question-{the_id(key)}"' in page and "hidden" not in block.replace("data-hangs", "")


def test_the_whole_form_is_on_the_page_and_what_depends_on_an_answer_waits(coordinator: FlaskClient) -> None:
    page = opened(coordinator, PREVIEW)
    for words in (VISITS, EARLY, OVERALL, "1. Meeting", "4. Overall", WAITS):
        assert words in visible(page)
    assert [is_shown(page, key) for key in ("meeting", "days", "why_not", "review")] == [
        True,
        False,
        False,
        False,
    ]


def test_conditions_follow_what_is_tried_and_nothing_is_kept(coordinator: FlaskClient) -> None:
    page = tried(coordinator, response_to("meeting", "yes"))
    assert [is_shown(page, key) for key in ("days", "why_not", "review")] == [True, False, True]
    page = tried(coordinator, response_to("meeting", "no"))
    assert [is_shown(page, key) for key in ("days", "why_not", "review")] == [False, True, False]
    assert WAITS in visible(page)
    assert db.session.query(Answer).count() == 0
    assert "checked" not in opened(coordinator, PREVIEW)


def test_a_section_is_set_aside_and_dates_are_counted(coordinator: FlaskClient) -> None:
    section = db.session.query(Question).filter_by(key="early").one().section_id
    days = the_id("days")
    dates = {f"from-{days}": ["1", "11", "2010"], f"to-{days}": ["3", "11", "2010"]}
    page = tried(coordinator, response_to("meeting", "yes") | dates | {"aside": section})
    assert "2 working days" in visible(page)
    assert "None of its 2 questions is asked." in visible(page)
    assert not is_shown(page, "early")
    page = tried(coordinator, response_to("meeting", "yes") | dates | {f"to-{days}": ["1", "10", "2010"]})
    assert "“Meeting” (1 October 2010) must be the same as or after" in visible(page)


def test_a_grade_above_its_limit_asks_for_a_reason(coordinator: FlaskClient) -> None:
    grades = (
        response_to("early", "yes")
        | response_to("early_grade", "inadequate")
        | response_to("overall", "good")
    )
    assert "Reason why the grade is above its limit" in visible(tried(coordinator, grades))


def test_the_form_of_the_meeting_has_its_own_preview(coordinator: FlaskClient) -> None:
    assert "meeting of all agencies" not in visible(opened(coordinator, PREVIEW))
    with transaction():
        db.session.query(Question).filter_by(key="visits").one().per_case = True
    assert VISITS not in visible(opened(coordinator, PREVIEW))
    meeting = visible(opened(coordinator, f"{PREVIEW}?meeting=yes"))
    assert "for the meeting" in meeting
    assert VISITS in meeting
    assert DAYS not in meeting


def test_only_those_who_write_tools_try_them(
    sign_in: Callable[[Person], FlaskClient], tmp_path: Path
) -> None:
    a_cycle_of_every_kind(tmp_path)
    assert sign_in(a_person("Ada Auditor")).get(PREVIEW).status_code == 403
