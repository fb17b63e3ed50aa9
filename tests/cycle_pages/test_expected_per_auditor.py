"""The audits that a cycle expects of each auditor, beside what they have done: for coordinators alone."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.api import tokens
from app.audits.cycle import Cycle
from app.audits.models import Assignment
from app.cycles.by_auditor import AuditorsAudits, audits_by_auditor
from app.cycles.queries import found
from app.database import db, transaction
from app.findings.freezing import keep
from app.people.models import Person
from tests.conftest import let_in
from tests.cycle_pages.test_pages import CHOOSING
from tests.factories import DUE, a_cycle, a_person, an_audit
from tests.pages import opened, reached, visible

SignIn = Callable[[Person], FlaskClient]

ON = date(2010, 12, 20)
IN_TIME, LATE = DUE, date(2010, 11, 15)
UNMISTAKABLE = 787


@pytest.fixture
def the_day(clock_at: Callable[[date], None]) -> None:
    clock_at(ON)


def test_each_auditor_has_what_is_expected_beside_what_is_assigned_done_and_in_time(service: Flask) -> None:
    cycle = a_cycle(expected_per_auditor=3)
    ann, bob = a_person("Ann Lee"), a_person("Bob Day", roles=["manager"])
    cy, di = a_person("Cy Gale"), a_person("Di Moss")
    a_person("Eve Hart", leaving_on=date(2010, 12, 19))
    a_person("Flo Reed", roles=["leader"])
    an_audit(lead=ann, second=bob, returned_on=IN_TIME)
    an_audit(lead=ann, returned_on=LATE)
    an_audit(lead=ann)
    an_audit(lead=ann, returned_on=date(2010, 12, 21))  # not yet
    an_audit(lead=ann, returned_on=IN_TIME, withdrawn_on=IN_TIME)
    an_audit(lead=ann, cycle=a_cycle("2010-2"), returned_on=IN_TIME)
    declined = an_audit(lead=di, second=cy)
    with transaction():
        spell = db.session.query(Assignment).filter_by(audit_id=declined.id, person_id=di.id).one()
        spell.ended_on, spell.ended_because = date(2010, 10, 20), "declined"
    assert audits_by_auditor(cycle, ON) == [
        AuditorsAudits("Ann Lee", "ann.lee@council.example", 3, assigned=4, done=2, in_time=1),
        AuditorsAudits("Bob Day", "bob.day@council.example", 3, assigned=1, done=1, in_time=1),
        AuditorsAudits("Cy Gale", "cy.gale@council.example", 3, assigned=1),
        AuditorsAudits("Di Moss", "di.moss@council.example", 3),
    ]


@pytest.mark.parametrize(
    ("expected", "done", "enough"), [(2, 2, True), (2, 3, True), (2, 1, False), (None, 3, False)]
)
def test_enough_is_as_many_as_are_expected(expected: int | None, done: int, enough: bool) -> None:
    assert AuditorsAudits("Ann", "ann@x", expected, done, done).has_done_enough is enough


@pytest.mark.usefixtures("the_day")
def test_a_coordinator_says_how_many_and_sees_who_has_done_them(sign_in: SignIn) -> None:
    cycle = a_cycle()
    ann = a_person("Ann Lee")
    an_audit(lead=ann, cycle=cycle, returned_on=LATE)
    coordinator = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    page = visible(opened(coordinator, "/cycles/2010-1/auditors"))
    assert "No number of audits is expected of each auditor." in page
    assert "Auditor Assigned Done In time Ann Lee 1 1 0" in page
    form = {**CHOOSING, "comparable_with": "", "expected_per_auditor": "1"}
    assert coordinator.post("/cycles/2010-1/edit", data=form).status_code == 302
    db.session.rollback()
    known = found("2010-1")
    assert known is not None
    assert known.expected_per_auditor == 1
    page = visible(opened(coordinator, "/cycles/2010-1/auditors"))
    assert "You expect 1 audit of each auditor. 1 of 1 auditor has done as many." in page
    assert "Auditor Expected Assigned Done In time Ann Lee 1 1 1 0" in page
    page = visible(opened(coordinator, "/cycles/2010-1"))
    assert "Audits by auditor, 1 expected of each" in page
    assert "number of audits expected of each auditor changed: 1" in page


@pytest.mark.usefixtures("the_day")
@pytest.mark.parametrize("wrong", ["0", "1001", "two", "1.5"])
def test_what_is_no_number_of_audits_is_refused(sign_in: SignIn, wrong: str) -> None:
    a_cycle()
    coordinator = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    form = {**CHOOSING, "comparable_with": "", "population": "", "expected_per_auditor": wrong}
    answer = coordinator.post("/cycles/2010-1/edit", data=form)
    assert answer.status_code == 422
    why = "Number of audits expected of each auditor must be a whole number from 1 to 1,000"
    assert why in visible(answer.get_data(as_text=True))


@pytest.fixture
def expecting(the_day: None, client: FlaskClient) -> Cycle:
    """A closed cycle that a coordinator gave an unmistakable number, changed once."""
    a_cycle()
    for _ in range(3):
        an_audit(lead=a_person(), returned_on=IN_TIME)
    coordinator = let_in(client, a_person("Jack Denny", roles=["coordinator"]))
    for number in (UNMISTAKABLE - 1, UNMISTAKABLE):
        form = {**CHOOSING, "comparable_with": "", "expected_per_auditor": str(number)}
        assert coordinator.post("/cycles/2010-1/edit", data=form).status_code == 302
    client.delete_cookie("session")
    db.session.rollback()
    cycle = found("2010-1")
    assert cycle is not None
    with transaction():
        cycle.closed_on = cycle.frozen_on = cycle.reported_on = date(2010, 12, 17)
        keep(cycle)
    return cycle


def says_it(content: bytes) -> bool:
    """True when a file has the number or its name, also in a packed one."""
    texts = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            texts = [packed.read(name) for name in packed.namelist()]
    words = [str(UNMISTAKABLE), str(UNMISTAKABLE - 1), "expected of each auditor", "expected_per_auditor"]
    return any(word.encode() in text for word in words for text in texts)


@pytest.mark.parametrize("role", ["leader", "manager", "auditor", "moderator", "practitioner"])
def test_nobody_else_sees_it_on_any_page(
    app: Flask, client: FlaskClient, expecting: Cycle, role: str
) -> None:
    visitor = let_in(client, a_person("Somebody", roles=[role]))
    assert visitor.get("/cycles/2010-1/auditors").status_code == 403
    seen = dict(reached(app, visitor))
    assert role not in ("leader", "manager") or "/cycles/2010-1" in seen
    assert [path for path, page in seen.items() if says_it(page.encode())] == []


def test_it_is_in_no_file_that_a_leader_gets(app: Flask, client: FlaskClient, expecting: Cycle) -> None:
    leader = let_in(client, a_person("Somebody", roles=["leader"]))
    period = "from_on=1&from_on=10&from_on=2010&to_on=31&to_on=12&to_on=2010"
    files = [
        *(f"/cycles/2010-1/report.{ending}?for=council" for ending in ("docx", "html", "xlsx", "csv")),
        *(f"/programme/summary.{ending}?{period}" for ending in ("docx", "html", "xlsx")),
    ]
    for address in files:
        answer = leader.get(address)
        assert answer.status_code == 200, address
        assert not says_it(answer.get_data()), address
    key = tokens.make("Power BI", "leader", a_person(roles=["leader"]))
    for address in ("/cycles", "/cycles/2010-1", "/cycles/2010-1/figures"):
        answer = app.test_client().get(f"/api/v1{address}", headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 200
        assert not says_it(answer.get_data())
