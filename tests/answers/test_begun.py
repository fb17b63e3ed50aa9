"""The people who have begun to fill in a form, as of a day, on both databases; and the emails about it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from app.answers.begun import begun_by
from app.answers.models import Answer
from app.audits.models import Audit
from app.database import db, transaction
from app.outbox.models import Message
from app.people.models import Person
from app.reminders.daily_run import run
from app.tools.models import Question
from tests.factories import a_person, an_audit

ON = date(2010, 11, 8)
PairOf = tuple[Audit, Person, Person]


@pytest.fixture
def pair(service: Flask) -> PairOf:
    """An audit that is overdue, and its auditors; the second saved an answer late on the 5th."""
    lead, second = a_person("Lea Lead"), a_person("Sam Second")
    a_person("Cora Coordinator", roles=["coordinator"], telephone="01270 555 001")
    audit = an_audit(
        "CP-1", lead=lead, second=second, due_on=date(2010, 11, 3), requested_on=date(2010, 10, 4)
    )
    question = db.session.query(Question).first()
    assert question is not None
    with transaction():
        db.session.add(
            Answer(
                audit_id=audit.id,
                question_id=question.id,
                comment="Seen",
                saved_by_id=second.id,
                saved_at=datetime(2010, 11, 5, 23, 30, tzinfo=UTC),
            )
        )
    return audit, lead, second


@pytest.mark.parametrize(("days", "has_begun"), [(-4, False), (-3, True), (0, True)])
def test_an_answer_counts_from_the_day_when_it_was_saved(pair: PairOf, days: int, has_begun: bool) -> None:
    audit, _, second = pair
    begun = begun_by([audit.id], ON + timedelta(days=days))
    assert dict(begun) == ({audit.id: {second.id}} if has_begun else {})


def test_a_digest_says_who_has_begun_the_theme_and_whom_to_ask(
    pair: PairOf,
) -> None:
    run(ON)
    texts = {message.recipient: message.text or "" for message in db.session.query(Message)}
    _, lead, second = pair
    assert "with Sam Second. Partly filled in by Sam Second.\n" in texts[lead.id]
    assert "with Lea Lead. Partly filled in by you.\n" in texts[second.id]
    for auditor in (lead, second):
        assert "The theme of the audit is " in texts[auditor.id]
        assert "ask an audit coordinator: Cora Coordinator (01270 555 001).\n" in texts[auditor.id]
