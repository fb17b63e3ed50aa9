"""The page of a worker whose case is audited, and the first pages of those around it."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.answers.second_look import send_back
from app.answers.side_by_side import side_by_side
from app.audits.workers import Workers
from app.database import transaction
from app.people.models import Person
from app.workers import queries, replies
from app.workers.reply_life import OTHER_WORKER
from tests.factories import a_person
from tests.pages import INSISTS, opened, visible
from tests.workers.conftest import (
    CASE_NUMBER,
    LAST_TO_REPLY,
    REASON,
    REPLY,
    RETURNED_ON,
    WORKER,
    Scene,
)

SignIn = Callable[[Person], FlaskClient]
ClockAt = Callable[[date], None]
PAGE = "/audits/CP-009/worker"


@pytest.fixture(autouse=True)
def _day_of_the_return(clock_at: ClockAt) -> None:
    clock_at(RETURNED_ON)


def page_of(scene: Scene, sign_in: SignIn, who: str = "wanda", address: str = PAGE) -> str:
    return visible(opened(sign_in(scene[who]), address))


def test_before_the_return_the_worker_reads_which_case_and_by_when(scene: Scene, sign_in: SignIn) -> None:
    page = page_of(scene, sign_in)
    assert f"Case number {CASE_NUMBER} Theme Child protection Due date Friday 12 November 2010" in page
    assert "The audit has not been returned yet." in page
    assert REASON not in page
    home = page_of(scene, sign_in, address="/")
    assert "Audits of your cases CP-009: Child protection. Due Friday 12 November 2010." in home
    assert "nothing to do today" not in home
    assert CASE_NUMBER not in home


def test_once_returned_the_worker_reads_grades_and_reasons_and_replies_once(
    scene: Scene, sign_in: SignIn
) -> None:
    scene.returned()
    client = sign_in(scene["wanda"])
    assert "You can reply by Thursday 18 November 2010." in visible(opened(client, "/"))
    page = opened(client, PAGE)
    assert f"How good is the plan? Inadequate {REASON}" in visible(page)
    assert "Was the child seen?" not in visible(page)
    version = scene.reply().version
    answer = client.post(PAGE, data={"said": REPLY, "version": version})
    assert answer.status_code == 302
    page = visible(opened(client, PAGE))
    assert (
        f"Your reply Replied Thursday 4 November 2010 Reply {REPLY} Decision Waiting for the auditors" in page
    )
    assert "Send reply" not in page
    again = client.post(PAGE, data={"said": "Once more"})
    assert again.status_code == 409
    assert "You have already replied What you entered Your reply Once more" in visible(
        again.get_data(as_text=True)
    )
    assert scene.reply().reply == REPLY


def test_a_tool_without_grades_shows_what_it_judges_but_no_category(scene: Scene, sign_in: SignIn) -> None:
    with transaction():
        for question in scene.audit().cycle.tool.sections[0].questions:
            if question.key == "plan_quality":
                question.scale = "evidence"
    scene.returned()
    assert "Was the child seen? Yes" in page_of(scene, sign_in)


def test_what_seems_to_name_a_child_is_warned_of_before_it_is_kept(scene: Scene, sign_in: SignIn) -> None:
    scene.returned()
    client = sign_in(scene["wanda"])
    said = "She was born on 3 May 2004"
    answer = client.post(PAGE, data={"said": said})
    assert "seems to include a date of birth" in answer.get_data(as_text=True)
    assert scene.reply().reply is None
    refused = client.post(PAGE, data={"said": f"See {CASE_NUMBER}"} | INSISTS)
    assert refused.status_code == 422
    assert "Remove the case number" in refused.get_data(as_text=True)


def test_the_reply_ends_on_its_last_day(scene: Scene, sign_in: SignIn, clock_at: ClockAt) -> None:
    scene.returned()
    clock_at(LAST_TO_REPLY)
    assert "Send reply" in page_of(scene, sign_in)
    clock_at(date(2010, 11, 19))
    page = page_of(scene, sign_in)
    assert "It is too late to reply." in page
    assert "Send reply" not in page


def test_the_worker_sees_the_number_for_20_working_days_after_the_return(
    scene: Scene, sign_in: SignIn, clock_at: ClockAt
) -> None:
    scene.returned()
    clock_at(date(2010, 12, 2))
    assert CASE_NUMBER in page_of(scene, sign_in)
    assert "Audits of your cases" in page_of(scene, sign_in, address="/")
    clock_at(date(2010, 12, 3))
    assert CASE_NUMBER not in page_of(scene, sign_in)
    assert "Audits of your cases" not in page_of(scene, sign_in, address="/")
    assert CASE_NUMBER in page_of(scene, sign_in, "alison")


def test_a_worker_who_is_told_alone_reads_no_grade(scene: Scene, sign_in: SignIn) -> None:
    scene.way(Workers.TOLD)
    scene.returned()
    page = page_of(scene, sign_in)
    assert f"Case number {CASE_NUMBER}" in page
    assert "The audit was returned on Thursday 4 November 2010." in page
    assert "How good is the plan?" not in page
    assert REASON not in page
    assert "Send reply" not in page


def test_where_workers_are_not_told_nothing_shows_them_the_audit(scene: Scene, sign_in: SignIn) -> None:
    scene.way(Workers.NOT_TOLD)
    scene.returned()
    client = sign_in(scene["wanda"])
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, data={"said": REPLY}).status_code == 403
    home = visible(opened(client, "/"))
    assert "CP-009" not in home
    assert "You have nothing to do today." in home


def test_another_worker_who_is_named_later_reads_no_earlier_reply(scene: Scene, sign_in: SignIn) -> None:
    scene.returned()
    scene.replied()
    walter = a_person("Walter Next", roles=["practitioner"])
    with transaction():
        replies.end_open(scene.audit(), OTHER_WORKER, scene["cora"], RETURNED_ON)
        scene.audit().worker_id = walter.id
    client = sign_in(walter)
    page = visible(opened(client, PAGE))
    assert REPLY not in page
    assert WORKER not in page
    assert REASON not in page
    assert client.post(PAGE, data={"said": "Mine"}).status_code == 409
    client.post("/sign-out")
    assert sign_in(scene["wanda"]).get(PAGE).status_code == 403
    client.post("/sign-out")
    assert REPLY in visible(opened(sign_in(scene["alison"]), PAGE))


def test_while_it_is_sent_back_the_worker_reads_no_grade_and_is_asked_again(
    scene: Scene, sign_in: SignIn
) -> None:
    scene.returned()
    scene.replied()
    send_back("CP-009", scene["cora"], RETURNED_ON, "A reason is missing", date(2010, 11, 12))
    client = sign_in(scene["wanda"])
    page = visible(opened(client, PAGE))
    assert "When it is returned, you get an email. You can then read its grades" in page
    assert REASON not in page
    assert "No longer needed, because the audit was sent back" in page
    scene.returned()
    page = visible(opened(client, PAGE))
    assert "Send reply" in page
    assert (
        "Earlier replies Asked for on Thursday 4 November 2010 "
        f"Replied Thursday 4 November 2010 Reply {REPLY}" in page
    )


def test_the_pair_decides_and_the_worker_reads_before_and_after(scene: Scene, sign_in: SignIn) -> None:
    scene.returned()
    scene.replied()
    client = sign_in(scene["imogen"])
    assert "A worker replied to CP-009 on Thursday 4 November 2010. Decide about the reply" in visible(
        opened(client, "/")
    )
    assert REPLY in visible(opened(client, f"{PAGE}/decide"))
    sent = {**grade_sent(scene, "adequate"), "choice": "change", "decision": "You are right about June"}
    assert client.post(f"{PAGE}/decide", data=sent).status_code == 302
    client.post("/sign-out")
    page = page_of(scene, sign_in)
    assert "Decision You are right about June" in page
    assert "How good is the plan? Inadequate before, Adequate now" in page
    assert "After your reply it was changed to: Adequate, 4 November 2010" in page
    assert "Imogen" not in page


def grade_sent(scene: Scene, grade: str) -> dict[str, object]:
    """Return what the page of the decision sends for another grade of the plan."""
    (beside,) = queries.judgements(side_by_side(scene.audit(), RETURNED_ON))
    key = beside.question.id
    return {
        f"response-{key}": beside.question.ids[grade],
        f"reason-{key}": "It names the dates",
        "version": scene.reply().version,
        "audit_version": scene.audit().version,
    }
