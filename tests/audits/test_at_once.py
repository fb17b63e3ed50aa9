"""Two people at once: on both databases exactly one of two changes made from the same page is kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from flask import Flask

from app.assigning import moves as assigning
from app.assigning.moves import NewPair
from app.audits import moves
from app.audits.facts import found
from app.database import db
from app.people.models import Person
from app.refusal import Refused
from tests.factories import a_person, an_audit

FRI_5 = date(2010, 11, 5)


def test_of_two_extensions_from_the_same_page_one_is_refused(service: Flask) -> None:
    jack_id = a_person("Jack Denny", roles=["coordinator"]).id
    seen = an_audit("CP-001").version
    db.session.rollback()
    together = Barrier(2)

    def extend(day: int) -> str:
        with service.app_context():
            jack = db.session.get_one(Person, jack_id)
            together.wait()
            try:
                moves.extend("CP-001", jack, FRI_5, "why", date(2010, 11, day), version=seen)
            except Refused as refusal:
                return str(refusal)
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(extend, (19, 26)))
    assert answers[1] == "done"
    assert answers[0].startswith("Someone changed this audit")
    audit = found("CP-001")
    assert audit is not None
    assert len(audit.extensions) == 1
    assert audit.due_on == audit.extensions[0].to_due_on


@pytest.mark.usefixtures("service")
def test_an_audit_goes_through_its_life_on_both_databases() -> None:
    jack = a_person("Jack Denny", roles=["coordinator"])
    alison, imogen, owen = (a_person(name) for name in ("Alison Hartley", "Imogen Sayle", "Owen Bickerton"))
    an_audit("CP-001")
    assigning.assign(NewPair("CP-001", alison.id, imogen.id), jack, FRI_5)
    assigning.decline("CP-001", alison, FRI_5, "capacity")
    assigning.assign(NewPair("CP-001", owen.id, None), jack, FRI_5)
    moves.return_audit("CP-001", owen, FRI_5)
    moves.send_back("CP-001", jack, FRI_5, "Reasons are missing", date(2010, 11, 19))
    moves.return_audit("CP-001", owen, FRI_5)
    moves.confirm("CP-001", imogen, FRI_5)
    audit = found("CP-001")
    assert audit is not None
    assert (audit.returned_on, audit.confirmed_on) == (FRI_5, FRI_5)
