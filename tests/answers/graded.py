"""A tool with a grade, and returned audits with answers, views and moderations straight into the database."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from app.answers.models import Answer, AnswerView, EvidencePlace
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.database import db, transaction
from app.tools.models import Question, ScaleResponse, Section
from tests.factories import a_cycle

GRADES = ("outstanding", "good", "adequate", "inadequate")
ON = date(2010, 11, 5)


def a_graded_cycle(reference: str = "2010-1", **values: Any) -> Cycle:
    """A cycle whose tool asks "child_seen" (yes, no, not applicable) and the grade "plan_quality"."""
    cycle = a_cycle(reference, **values)
    if db.session.scalar(select(Question.id).where(Question.key == "plan_quality")) is None:
        with transaction():
            for position, grade in enumerate(GRADES, start=1):
                db.session.add(
                    ScaleResponse(
                        tool_id=cycle.tool_id,
                        scale="judgement",
                        position=position,
                        response=grade,
                        counts_as="met" if position < 3 else "not met",
                    )
                )
            section = db.session.scalars(select(Section).where(Section.tool_id == cycle.tool_id)).one()
            section.questions.append(
                Question(
                    position=2,
                    key="plan_quality",
                    key_area="Quality of the plan",
                    text="How good is the plan?",
                    scale="judgement",
                )
            )
    return cycle


def question(key: str) -> int:
    """The id of a question."""
    return db.session.scalars(select(Question.id).where(Question.key == key)).one()


def response(word: str | None) -> int | None:
    """The id of a response; None for none."""
    if word is None:
        return None
    return db.session.scalars(select(ScaleResponse.id).where(ScaleResponse.response == word)).one()


def answered(
    audit: Audit,
    answers: Mapping[str, str | None],
    *,
    found_in: str | None = None,
    comment: str | None = None,
) -> None:
    """Store the answers that the pair returned, by question key."""
    with transaction():
        place = None
        if found_in is not None:
            place = db.session.scalar(select(EvidencePlace).where(EvidencePlace.label == found_in))
            if place is None:
                place = EvidencePlace(label=found_in, position=1)
                db.session.add(place)
                db.session.flush()
        for key, word in answers.items():
            db.session.add(
                Answer(
                    audit_id=audit.id,
                    question_id=question(key),
                    response_id=response(word),
                    found_in_id=place and place.id,
                    comment=comment,
                )
            )


def viewed(audit: Audit, whose: str, answers: Mapping[str, str | None], on: date = ON) -> None:
    """Store another person's views of some answers, by question key."""
    with transaction():
        for key, word in answers.items():
            db.session.add(
                AnswerView(
                    audit_id=audit.id,
                    question_id=question(key),
                    whose=whose,
                    response_id=response(word),
                    reason="because of the file",
                    made_on=on,
                )
            )


def ask_for_grades(client: FlaskClient, reference: str, how: str = "read") -> None:
    """Ask for the grades of a return as the moderator who is signed in."""
    answer = client.post(f"/audits/{reference}/moderate/grades", data={"how": how})
    assert (answer.status_code, answer.location) == (302, f"/audits/{reference}/moderate")
