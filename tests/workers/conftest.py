"""An audit of a worker's case that its pair returns, in a cycle that lets workers reply."""

from dataclasses import dataclass, field
from datetime import date

import pytest
from flask import Flask

from app.answers.returning import return_checked
from app.answers.stored_form import form_of
from app.audits.models import Audit
from app.audits.workers import Workers
from app.database import db, transaction
from app.people.models import Person
from app.workers import queries, replies
from app.workers.models import WorkerReply
from tests.answers.graded import a_graded_cycle, answered
from tests.factories import a_person, an_audit

RETURNED_ON = date(2010, 11, 4)  # a Thursday
LAST_TO_REPLY = date(2010, 11, 18)
CASE_NUMBER = "734512"
WORKER = "Wanda Canary"
REPLY = "The plan of June names each date"
AGREED = "We go through plans together in March"
REASON = "No dates in the plan"


@dataclass
class Scene:
    """The people around audit CP-009, by first name."""

    people: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def audit(self) -> Audit:
        """Return the audit as the database has it."""
        return db.session.query(Audit).filter_by(reference="CP-009").one()

    def way(self, way: Workers) -> None:
        """Set what the cycle tells workers."""
        with transaction():
            self.audit().cycle.workers = way.value

    def returned(self, on: date = RETURNED_ON) -> None:
        """Return it, as its lead."""
        form = form_of(self.audit())
        return_checked("CP-009", self["alison"], on, form.seen, len(form.blanks))

    def replied(self, on: date = RETURNED_ON) -> None:
        """Reply, as the worker."""
        replies.reply(self.reply().reference, REPLY, self["wanda"], on)

    def reply(self) -> WorkerReply:
        """Return the last reply that was asked for."""
        found = queries.last_of(self.audit().id)
        assert found is not None
        return found


@pytest.fixture
def scene(app: Flask) -> Scene:
    """The audit with a grade and its people; the cycle lets workers reply."""
    return a_scene()


def a_scene() -> Scene:
    """Make the audit and its people."""
    boss = a_person("Bob Boss", roles=["manager"], team="Nantwich")
    people = {
        "boss": boss,
        "wanda": a_person(WORKER, roles=["practitioner"], team="Nantwich"),
        "alison": a_person("Alison Hartley", manager=boss),
        "imogen": a_person("Imogen Sayle"),
        "cora": a_person("Cora Lane", roles=["coordinator"]),
        "moira": a_person("Moira Kaye", roles=["moderator"]),
    }
    cycle = a_graded_cycle()
    audit = an_audit(
        "CP-009",
        lead=people["alison"],
        second=people["imogen"],
        cycle=cycle,
        team="Nantwich",
        case_reference=CASE_NUMBER,
        started_on=date(2010, 11, 1),
    )
    answered(audit, {"plan_quality": "inadequate", "child_seen": "yes"}, comment=REASON)
    with transaction():
        cycle.workers = Workers.MAY_REPLY.value
        audit.worker_id = people["wanda"].id
    return Scene(people)
