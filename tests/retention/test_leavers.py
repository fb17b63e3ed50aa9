"""Leavers are made anonymous in two steps, never with open work; what they did stays with their number."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.actions.models import Action
from app.answers.models import Answer
from app.audits.models import Audit, Chase
from app.concerns.models import Remedy
from app.database import db, transaction
from app.history import record
from app.history.checking import first_break
from app.outbox.models import SENT, Message
from app.people.models import FormerEmail, Leave, Person
from app.retention import leavers
from app.retention.anonymity import LeaverFacts, refusals
from app.tools.models import Question, ScaleResponse
from tests.factories import DUE, a_cycle, a_person, an_audit

LEFT, ON = date(2010, 11, 30), date(2011, 3, 7)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (LeaverFacts(LEFT), []),
        (LeaverFacts(None), ["This person has no leaving date"]),
        (LeaverFacts(ON), ["This person works here until 7 March 2011"]),
        (LeaverFacts(LEFT, anonymous_on=LEFT), ["This person was made anonymous on 30 November 2010"]),
        (LeaverFacts(LEFT, ["one", "two"]), ["one", "two"]),
    ],
)
def test_who_can_be_made_anonymous(facts: LeaverFacts, why: list[str]) -> None:
    assert refusals(facts, ON) == why


@pytest.fixture
def ann(app: Flask, clock_at: Callable[[date], None]) -> Person:
    """A leaver who audited a case and is named in texts."""
    clock_at(ON)
    ann = a_person("Ann Lee-Smith", job_title="Social worker", telephone="01270 555 123", leaving_on=LEFT)
    audit = an_audit("CP-1", lead=ann, case_reference="600123", returned_on=date(2010, 11, 12))
    message = Message(
        uid="1",
        kind="digest",
        recipient=ann.id,
        address=ann.email,
        subject="Return audit CP-1",
        text="Ann Lee-Smith, please return it",
        html="<p>Ann Lee-Smith, please return it</p>",
        facts={},
        why="Sent",
        on=LEFT,
        rendered_on=LEFT,
        written_at=datetime(2010, 11, 1, tzinfo=UTC),
        next_try_at=datetime(2010, 11, 1, tzinfo=UTC),
        state=SENT,
        ended_at=datetime(2010, 11, 1, tzinfo=UTC),
    )
    with transaction():
        record.record(ann.email, [record.Event("audit", "CP-1", "returned")])
        record.record(
            "x@council.example", [record.Event("audit", "CP-1", "assigned", after="Ann Lee-Smith (lead)")]
        )
        record.record(
            "x@council.example",
            [record.Event("person", str(ann.id), "job title changed", "", "Social worker")],
        )
        db.session.add(message)
        db.session.add(FormerEmail(email="ann.lee@council.example", person_id=ann.id))
        db.session.add(Leave(person_id=ann.id, from_on=date(2010, 8, 2), to_on=date(2010, 8, 6)))
        db.session.add(
            Chase(
                audit_id=audit.id,
                day=DUE,
                channel="phone",
                with_whom="Ann Lee-Smith",
                outcome="Ann Lee-Smith is late",
            )
        )
    return ann


def office(sign_in: Callable[[Person], FlaskClient]) -> FlaskClient:
    return sign_in(a_person("Adam Office", roles=["administrator"]))


def test_a_leaver_becomes_a_number_everywhere(ann: Person, sign_in: Callable[[Person], FlaskClient]) -> None:
    client = office(sign_in)
    number, page = ann.id, f"/people/{ann.id}/anonymous"
    assert client.post(page, data={"confirmed": "Ann"}).status_code == 422
    assert client.post(page, data={"confirmed": "Ann Lee-Smith"}).status_code == 302
    db.session.rollback()
    person = db.session.get_one(Person, number)
    assert (person.name, person.email, person.job_title, person.telephone, person.active) == (
        f"Former member of staff {number}",
        f"former-member-of-staff-{number}@removed.invalid",
        None,
        None,
        False,
    )
    everything = "\n".join(
        repr(row) for table in db.metadata.sorted_tables for row in db.session.execute(select(table))
    )
    for word in ("Ann Lee", "ann.lee", "01270 555 123", "Social worker"):
        assert word not in everything
    assert first_break() is None
    assert [(row.what, row.who) for row in record.of("audit", "CP-1") if row.what == "returned"] == [
        ("returned", person.email)
    ]
    audit = db.session.scalars(select(Audit)).one()
    assert audit.assignments[0].person_id == number
    assert client.post(page, data={"confirmed": person.name}).status_code == 409


def test_nobody_with_open_work_is_made_anonymous(app: Flask, clock_at: Callable[[date], None]) -> None:
    clock_at(ON)
    bea = a_person("Bea", leaving_on=LEFT)
    a_person("Cy", manager=bea)
    audit = an_audit("CP-1", lead=bea)
    with transaction():
        db.session.add(
            Action(reference="A1", text="Do", owner_id=bea.id, due_on=DUE, first_due_on=DUE, agreed_on=DUE)
        )
        db.session.add(
            Remedy(
                reference="F1",
                text="Correct",
                audit_id=audit.id,
                owner_id=bea.id,
                raised_by_id=bea.id,
                raised_on=DUE,
                due_on=DUE,
                first_due_on=DUE,
            )
        )
        a_cycle().respond_to_id = bea.id
    assert refusals(leavers.facts_of(bea, ON), ON) == [
        "This person still has 1 open audit to do",
        "This person still has 1 action to do",
        "This person still has 1 remedy to do",
        "This person still has 1 cycle where they are asked to respond",
        "This person still has 1 person to manage",
    ]


def test_the_file_about_a_person_has_all_that_names_them_and_no_case_number(
    ann: Person, sign_in: Callable[[Person], FlaskClient]
) -> None:
    question = db.session.scalars(select(Question.id)).first()
    response = db.session.scalars(select(ScaleResponse.id).where(ScaleResponse.response == "yes")).one()
    theirs = an_audit("CP-9", case_reference="600999", worker=ann)
    with transaction():
        db.session.add(
            Answer(audit_id=theirs.id, question_id=question, response_id=response, comment="See 600999 =1+1")
        )
    answer = office(sign_in).post(f"/people/{ann.id}/file")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="person-{ann.id}.zip"'
    archive = ZipFile(io.BytesIO(answer.data))
    files = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    assert {
        "read-me.txt",
        "people.csv",
        "former_emails.csv",
        "leave.csv",
        "assignments.csv",
        "audits.csv",
        "messages.csv",
        "person_roles.csv",
        "history.csv",
        "worker-of.csv",
    } <= files.keys()
    [row] = csv.DictReader(io.StringIO(files["people.csv"]))
    assert (row["name"], row["telephone"]) == ("Ann Lee-Smith", "01270 555 123")
    assert "password" not in row
    [row] = csv.DictReader(io.StringIO(files["worker-of.csv"]))
    assert (row["audit"], row["response"], row["reason"]) == ("CP-9", "yes", "See [case number] =1+1")
    assert "600999" not in "".join(files.values())
    assert record.of("person", str(ann.id))[0].what == "file of all that is held made"
