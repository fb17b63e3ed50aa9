"""A return with two inadequate grades, from the email within the minute to the decision on the dispute.

The files of live-inadequate are a council's: a team manager, a head of service whom the cycle names, and one
moderator. Everything goes over a real mail server, and every day is compared with the second implementation.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.answers.models import Answer, AnswerView
from app.answers.returning import return_checked
from app.answers.stored_form import form_of
from app.audits.facts import found
from app.commands.running import Progress
from app.concerns.models import CalledResponse
from app.database import db, transaction
from app.findings.freezing import findings_of
from app.installation.taking_in import take_in
from app.outbox.delivery import deliver
from app.people.models import Person
from app.reminders.daily_run import run
from tests.mail_server import MailServer
from tests.outbox.messages import connect_to
from tests.reminders import second_implementation
from tests.reminders.case_loading import load_folder
from tests.reminders.product import days_between, told
from tests.reminders.second_facts import Called, Facts, News, Returned, Sent
from tests.smtp_conversation import Received

FOLDER = Path(__file__).parent / "live-inadequate"
PAGE = "/audits/LV-2/response"
RETURNED_ON = date(2026, 11, 19)  # a Thursday
DUE_ON = date(2026, 11, 26)
ANSWERED_ON = date(2026, 12, 4)
NEVER_SAID = ("nadequate", "610001", "arly help", "utcomes", "No visit is recorded")
SignIn = Callable[[Person], FlaskClient]
ClockAt = Callable[[date | datetime], None]


@pytest.fixture
def council(app: Flask, clock_at: ClockAt) -> Iterator[MailServer]:
    """The files taken in on the day of the request, and a mail server that is up."""
    clock_at(date(2026, 11, 16))
    take_in(FOLDER, on=date(2026, 11, 16), dry_run=False, tell=Progress())
    with MailServer() as running:
        connect_to(running.port)
        yield running


def person(name: str) -> Person:
    return db.session.scalars(select(Person).where(Person.email == f"{name}@council.example")).one()


def return_with_two_inadequate_grades() -> None:
    audit = found("LV-2")
    assert audit is not None
    tool = audit.cycle.tool
    inadequate = next(row.id for row in tool.responses if row.response == "inadequate")
    questions = [each for section in tool.sections for each in section.questions]
    with transaction():
        for question in questions:
            if question.key in ("early_help_grade", "outcomes_grade"):
                answer = Answer(audit_id=audit.id, question_id=question.id, response_id=inadequate)
                answer.comment = "No visit is recorded"
                db.session.add(answer)
    form = form_of(audit)
    return_checked("LV-2", person("a2"), RETURNED_ON, form.seen, len(form.blanks))


def words(received: Received) -> str:
    """Return all that a message says: its subject, plain text and HTML."""
    message = message_from_bytes(received.content, policy=policy.default)
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([received.subject, *parts])


def receivers(messages: list[Received]) -> list[str]:
    return sorted(one.split("@")[0] for message in messages for one in message.recipients)


def facts_of_the_second() -> Facts:
    """The facts as the files and the return have them, for the second implementation."""
    facts = load_folder(FOLDER)
    audits = tuple(
        replace(audit, started_on=RETURNED_ON, returns=(Returned(RETURNED_ON),))
        if audit.reference == "LV-2"
        else audit
        for audit in facts.audits
    )
    called = Called("LV-2-P1", "LV-2", RETURNED_ON, DUE_ON, answered_on=ANSWERED_ON)
    waits = News(1, "a1@council.example", ("audit", "LV-2"), RETURNED_ON, for_moderators=True)
    return replace(facts, audits=audits, responses=(called,), news=(waits,))


def test_from_the_return_to_the_decision_on_the_dispute(
    council: MailServer, sign_in: SignIn, clock_at: ClockAt
) -> None:
    # the evening of the return: the team's manager and the head of service, within the minute
    clock_at(datetime(2026, 11, 19, 21, 30, tzinfo=UTC))
    return_with_two_inadequate_grades()
    deliver(RETURNED_ON)
    at_once = [message for message in council.messages if "Respond to" in message.subject]
    assert receivers(at_once) == ["hos", "tm"]
    assert {message.subject for message in at_once} == {"Respond to audit LV-2 by Thursday 26 November 2026"}
    for message in at_once:
        assert "One answer is enough for everyone who got this email." in words(message)
        assert PAGE in words(message)

    # two weeks of the daily run, compared with the second implementation
    sent, facts = Sent(), facts_of_the_second()
    of_response: list[tuple[date, str, str, str]] = []
    for on in days_between(date(2026, 11, 20), date(2026, 12, 3)):
        clock_at(on)
        expected = second_implementation.run(facts, sent, on)
        outcome = run(on)
        messages, not_sent = told(outcome)
        assert messages == sorted(expected.messages, key=lambda one: (one.to, one.kind)), on
        assert not_sent == sorted(expected.not_sent), on
        sent = expected.sent
        deliver(on)
        of_response += [
            (on, message.to.split("@")[0], message.kind, item.step)
            for message in messages
            for item in message.items
            if item.item == "LV-2-P1"
        ]
    assert of_response == [
        (date(2026, 11, 26), "hos", "digest", "due-today"),
        (date(2026, 11, 26), "tm", "digest", "due-today"),
        (date(2026, 11, 27), "hos", "digest", "overdue"),
        (date(2026, 11, 27), "tm", "digest", "overdue"),
        (date(2026, 12, 1), "hos", "manager", "overdue-manager"),
        (date(2026, 12, 3), "co", "calls", "phone-call"),
    ]
    told_late = [message for message in council.messages if message.subject.startswith("To follow up")]
    assert receivers(told_late) == ["hos"]
    assert "because you are the person whom the cycle names for responses" in words(told_late[0])
    assert "Terry Manager" in words(told_late[0])
    for message in council.messages:
        for never in NEVER_SAID:
            assert never not in words(message), message.subject

    # the coordinator finds the call on the first page, as in the weekly message
    clock_at(date(2026, 12, 3))
    home = sign_in(person("co")).get("/").get_data(as_text=True)
    assert "response to audit" in home[home.index("Phone calls to make") :]

    # the team's manager answers and disputes the grade
    clock_at(ANSWERED_ON)
    manager = sign_in(person("tm"))
    page = manager.get(PAGE).get_data(as_text=True)
    assert "610001" in page
    assert page.count("<strong>Inadequate</strong>") == 2
    answer = {"done": "Visited on 27 November", "dispute": "The visit is in the paper file", "version": "1"}
    assert manager.post(PAGE, data=answer).status_code == 302

    # the moderator, who took no part, changes one grade; the auditors' grade stays beside it
    moderator = sign_in(person("a1"))
    assert "LV-2" in moderator.get("/").get_data(as_text=True)
    called = db.session.scalars(select(CalledResponse)).one()
    audit = found("LV-2")
    assert audit is not None
    questions = {each.key: each for section in audit.cycle.tool.sections for each in section.questions}
    graded = questions["outcomes_grade"]
    improves = next(row.id for row in audit.cycle.tool.responses if row.response == "requires improvement")
    decision = {
        "version": str(called.version),
        "choice": "change",
        "decision": "The paper file has the visit",
        f"response-{graded.id}": str(improves),
        f"reason-{graded.id}": "It was late",
    }
    answered = moderator.post(PAGE + "/dispute", data=decision)
    assert answered.status_code == 302, answered.get_data(as_text=True)
    kept = db.session.execute(
        select(Answer.response_id, AnswerView.response_id, AnswerView.whose)
        .join(AnswerView, AnswerView.question_id == Answer.question_id)
        .where(Answer.audit_id == audit.id, AnswerView.audit_id == audit.id)
    ).one()
    inadequate = next(row.id for row in audit.cycle.tool.responses if row.response == "inadequate")
    assert tuple(kept) == (inadequate, improves, "dispute")
    page = sign_in(person("tm")).get(PAGE).get_data(as_text=True)
    for said in ("Inadequate", "Requires improvement", "The paper file has the visit", "It was late"):
        assert said in page
    assert findings_of(audit.cycle, ANSWERED_ON).responses.in_words == (
        "1 audit called for a response; 0 had one in time."
    )
    assert findings_of(audit.cycle, ANSWERED_ON).responses.disputes_in_words == (
        "The grades of 1 audit were disputed; 1 was changed."
    )
