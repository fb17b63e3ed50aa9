"""Audits that repeat an earlier one: who may do them, and what each of the two says about the other."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.answers.models import Answer, FormNote, Moderation
from app.assigning import moves, requesting
from app.assigning.choices import auditors
from app.assigning.moves import NewPair
from app.assigning.pairing import Candidate, Unpaired, propose
from app.assigning.suitability import case_facts
from app.audits.agencies import TOGETHER
from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.database import db, transaction
from app.findings.freezing import findings_of
from app.people.models import Person
from app.refusal import Refused
from tests.answers.graded import a_graded_cycle, answered
from tests.conftest import let_in
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

NOW, BEFORE = date(2010, 11, 5), date(2010, 10, 20)


def an_audit_again(lead: Person, second: Person, moderator: Person) -> Audit:
    """Make an audit that was returned and moderated, and one that repeats it and has no auditors."""
    earlier = an_audit(
        "CP-001",
        lead=lead,
        second=second,
        case_reference="700001",
        returned_on=BEFORE,
        cycle=a_cycle("2010-1"),
    )
    later = an_audit("CP-101", case_reference="700001", cycle=a_cycle("2011-1"))
    with transaction():
        moderation = {"chosen_because": "lowest", "decided_on": BEFORE, "outcome": "agreed"}
        db.session.add(Moderation(audit_id=earlier.id, moderator_id=moderator.id, **moderation))
        later = db.session.get_one(Audit, later.id)
        later.re_audit_of_id = earlier.id
        later.cycle.audits_again, later.cycle.auditors = "2010-1", 1
    return later


@pytest.fixture
def people(service: Flask) -> dict[str, Person]:
    roles = ["auditor", "moderator"]
    return {name: a_person(name, team="Crewe", roles=roles) for name in ("Lea", "Sam", "Mo", "Ann")}


def test_nobody_repeats_an_audit_that_they_did_or_moderated(people: dict[str, Person]) -> None:
    audit = an_audit_again(people["Lea"], people["Sam"], people["Mo"])
    ann = people["Ann"]
    assert case_facts([audit], NOW)[audit.id].in_earlier_audit == {
        people[name].id for name in ("Lea", "Sam", "Mo")
    }
    for name in ("Lea", "Sam", "Mo"):
        with pytest.raises(
            Refused, match=f"^{name} audited or moderated the case of CP-101 in its earlier audit"
        ):
            moves.assign(NewPair("CP-101", people[name].id, None), ann, NOW)
    known = [Candidate(each.person, each.job_title, each.load) for each in auditors(NOW)]
    [proposed] = propose([Unpaired(case_facts([audit], NOW)[audit.id], auditors=1)], known)
    assert proposed.lead_id == ann.id
    moves.assign(NewPair("CP-101", people["Mo"].id, None, "No one else is trained"), ann, NOW)
    spell = db.session.query(Assignment).filter_by(audit_id=audit.id).one()
    assert (spell.override_reason, spell.overridden) == ("No one else is trained", "earlier audit")
    with transaction():
        later = db.session.get_one(Audit, audit.id)
        later.returned_on = NOW
        later.cycle.closed_on = NOW
    assert (
        "1 audit was done by an auditor who is not independent of the case (earlier audit: 1). "
        "The coordinator gave a reason."
    ) in findings_of(later.cycle, NOW).method


def test_its_auditors_know_the_reference_alone_until_theirs_is_returned(
    app: Flask, client: FlaskClient, clock_at: Callable[[date], None]
) -> None:
    clock_at(NOW)
    roles = ["auditor", "moderator", "coordinator"]
    lea, sam, mo, ann = (a_person(name, roles=roles) for name in ("Lea", "Sam", "Mo", "Ann"))
    audit = an_audit_again(lea, sam, mo)
    moves.assign(NewPair("CP-101", ann.id, None), mo, NOW)
    let_in(client, ann)
    page = opened(client, "/audits/CP-101")
    assert "Audits again CP-001" in visible(page)
    assert 'href="/audits/CP-001"' not in page
    earlier = ["", "/answers", "/form", "/form/1", "/form/check", "/moderate", "/response", "/at-risk"]
    assert [client.get(f"/audits/CP-001{end}").status_code for end in earlier] == [403] * len(earlier)

    let_in(client, mo)
    assert "Audited again" not in visible(opened(client, "/audits/CP-001"))
    with transaction():
        db.session.get_one(Audit, audit.id).returned_on = NOW
    page = opened(client, "/audits/CP-001")
    assert "Audited again as CP-101" in visible(page)
    assert 'href="/audits/CP-101"' in page
    let_in(client, ann)
    assert 'href="/audits/CP-001"' in opened(client, "/audits/CP-101")
    assert client.get("/audits/CP-001/answers").status_code == 200


def test_no_list_shows_its_auditors_the_grades_and_words_of_the_earlier_audit(
    app: Flask, client: FlaskClient, clock_at: Callable[[date], None]
) -> None:
    clock_at(NOW)
    lea, sam, mo, ann = (
        a_person(name, roles=["auditor", "coordinator"]) for name in ("Lea", "Sam", "Mo", "Ann")
    )
    cycle = a_graded_cycle()
    audit = an_audit_again(lea, sam, mo)
    answered(
        db.session.scalars(select(Audit).where(Audit.reference == "CP-001")).one(),
        {"plan_quality": "inadequate"},
    )
    with transaction():
        db.session.get_one(Cycle, cycle.id).tool.overall = "plan_quality"
        db.session.execute(update(Answer).values(comment="The plan names no dates"))
        earlier = db.session.scalars(select(Audit.id).where(Audit.reference == "CP-001")).one()
        db.session.add(FormNote(audit_id=earlier, exemplar_because="The visits were good", version=1))
    moves.assign(NewPair("CP-101", ann.id, None), mo, NOW)
    told = {
        "/audits?cycle=2010-1": "overall grade: inadequate",
        "/cycles/2010-1/answers?download=csv": "The plan names no dates",
        "/cycles/2010-1/findings": "The visits were good",
        "/cycles/2010-1/findings/comments?question=plan_quality": "The plan names no dates",
        "/cycles/2010-1/report/comments": "1 comment",
        "/exemplars/nominations": "The visits were good",
    }

    def shown(reader: Person) -> list[str]:
        let_in(client, reader)
        return [at for at, words in told.items() if words in opened(client, at)]

    assert shown(mo) == list(told)
    assert shown(ann) == []
    assert (
        "CP-001,plan_quality,Quality of the plan,hidden until you return your audit of the same case"
        in opened(client, "/cycles/2010-1/answers?download=csv")
    )
    with transaction():
        db.session.get_one(Audit, audit.id).returned_on = NOW
    assert shown(ann) == list(told)


def test_each_audit_of_a_case_repeats_that_of_its_own_agency(service: Flask) -> None:
    agencies = ("Police", "Health")
    before, again = (a_cycle(reference, agencies=agencies) for reference in ("2010-1", "2011-1"))
    with transaction():
        db.session.get_one(Cycle, again.id).audits_again = before.reference
    for agency in (*agencies, TOGETHER):
        an_audit(f"DA-{agency}", case_reference="700001", agency=agency, cycle=before)
    an_audit("DA-9", case_reference="700001", agency="Police", withdrawn_on=NOW, cycle=before)
    team = db.session.scalars(select(Audit.team_id)).first() or 0
    for case in ("700 001", "700002"):
        requesting.request_of_case(
            "2011-1", f"X-{case[-1]}", [*agencies, TOGETHER], case, team, a_person(), NOW
        )
    db.session.expire_all()
    audits = db.session.scalars(select(Audit).where(Audit.cycle_id == again.id)).all()
    assert {audit.reference: audit.re_audit_of and audit.re_audit_of.reference for audit in audits} == {
        "X-1-A": "DA-Police",
        "X-1-B": "DA-Health",
        "X-1-together": "DA-together",
        "X-2-A": None,
        "X-2-B": None,
        "X-2-together": None,
    }
