"""Requesting, pairing a whole cycle, and what is done with audits ticked on the chase list."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.audits.facts import found, pair_on
from app.audits.models import Audit
from app.database import db
from app.outbox.models import Message
from app.people.models import Person
from tests.factories import a_cycle, a_person, a_team, an_audit

FRI_5, DUE, LATER = date(2010, 11, 5), date(2010, 11, 12), date(2010, 11, 19)
MANAGER, CHAIR = "Group Manager", "Independent Safeguarding Chair"


@pytest.fixture
def jack(clock_at: Callable[[date], None]) -> Person:
    clock_at(FRI_5)
    return a_person("Jack Denny", roles=["coordinator"])


@pytest.fixture
def jacks(jack: Person, sign_in: Callable[[Person], FlaskClient]) -> FlaskClient:
    return sign_in(jack)


@pytest.fixture
def alison() -> Person:
    return a_person("Alison Hartley", team="Crewe", job_title=MANAGER)


@pytest.fixture
def imogen() -> Person:
    return a_person("Imogen Sayle", team="Safeguarding Unit", job_title=CHAIR)


def read(reference: str) -> Audit:
    db.session.rollback()
    audit = found(reference)
    assert audit is not None
    return audit


def names(reference: str) -> list[str]:
    return [person.name for person in pair_on(read(reference), FRI_5).people]


def text_of(answer: object) -> str:
    return answer.get_data(as_text=True)  # type: ignore[attr-defined, no-any-return]


def day(value: date) -> list[str]:
    return [str(value.day), str(value.month), str(value.year)]


def test_an_audit_is_requested_by_hand_under_a_proposed_reference(jacks: FlaskClient) -> None:
    an_audit("CP-029")
    team = a_team("Wilmslow")
    assert 'value="CP-030"' in text_of(jacks.get("/audits/request"))
    form = {"reference": "CP-030", "case_reference": "717275", "team": str(team.id), "due_on": day(DUE)}
    answer = jacks.post("/audits/request", data=form, follow_redirects=True)
    assert "Audit CP-030 requested" in text_of(answer)
    assert 'value="CP-031"' in text_of(answer)
    assert (read("CP-030").requested_on, read("CP-030").due_on) == (FRI_5, DUE)


def test_a_request_without_a_case_number_is_refused(jacks: FlaskClient) -> None:
    a_cycle()
    answer = jacks.post("/audits/request", data={"reference": "CP-001", "due_on": day(DUE)})
    assert answer.status_code == 422
    assert "Enter the case number" in text_of(answer)
    assert found("CP-001") is None


@pytest.mark.parametrize(
    ("number", "reference", "error"),
    [
        ("1.23457E+11", "CP-001", "A spreadsheet has cut this case number. Enter all its digits."),
        ("000", "CP-001", "Case number must have a letter, or a digit other than 0"),
        ("717-275", "CP-717275", "Reference must not include the case number"),
        ("14", "H0-14", None),
        ("2010", "2010-1-001", None),
    ],
)
def test_a_case_number_is_looked_at_before_its_audit_is_requested(
    jacks: FlaskClient, number: str, reference: str, error: str | None
) -> None:
    a_cycle()
    team = str(a_team("Wilmslow").id)
    form = {"reference": reference, "case_reference": number, "team": team, "due_on": day(DUE)}
    answer = jacks.post("/audits/request", data=form)
    assert answer.status_code == (422 if error else 302)
    assert error is None or error in text_of(answer)
    db.session.rollback()
    assert (found(reference) is None) == bool(error)


def test_a_closed_cycle_is_not_offered(jacks: FlaskClient) -> None:
    a_cycle("2009-1", requested_on=date(2009, 10, 5), due_on=date(2009, 11, 6), closed_on=date(2009, 12, 1))
    assert "There are no open cycles." in text_of(jacks.get("/audits/request"))
    answer = jacks.post("/audits/request?reference=2009-1", data={"reference": "CP-001"})
    assert found("CP-001") is None
    assert "There are no open cycles." in text_of(answer)


def test_pairs_are_proposed_and_assigned_with_one_message_each(
    jacks: FlaskClient, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", team="Wilmslow")
    an_audit("CP-002", team="Nantwich")
    page = text_of(jacks.get("/cycles/2010-1/assign"))
    assert page.count(f'<option value="{alison.id}" selected>') == 2
    form = {
        "lead-CP-001": str(alison.id),
        "second-CP-001": str(imogen.id),
        "lead-CP-002": str(imogen.id),
        "second-CP-002": str(alison.id),
    }
    answer = jacks.post("/cycles/2010-1/assign", data=form, follow_redirects=True)
    assert "2 audits assigned. The auditors will get an email." in text_of(answer)
    assert (names("CP-001"), names("CP-002")) == (
        ["Alison Hartley", "Imogen Sayle"],
        ["Imogen Sayle", "Alison Hartley"],
    )
    assert db.session.query(Message).count() == 2


def test_of_several_pairs_one_wrong_one_stops_all_and_is_named(
    jacks: FlaskClient, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", team="Crewe")
    an_audit("CP-002")
    pairs = {"lead": str(alison.id), "second": str(imogen.id)}
    form = {
        f"{part}-{reference}": person for part, person in pairs.items() for reference in ("CP-001", "CP-002")
    }
    answer = jacks.post("/cycles/2010-1/assign", data=form)
    assert answer.status_code == 422
    assert "CP-001: CP-001 is a case of Alison Hartley’s own team." in text_of(answer)
    assert names("CP-002") == []
    answer = jacks.post("/cycles/2010-1/assign", data={**form, "override_reason": "Nobody else."})
    assert answer.status_code == 302
    assert names("CP-001") == ["Alison Hartley", "Imogen Sayle"]


def test_warnings_about_pairs_are_shown_and_let_through(
    jacks: FlaskClient, alison: Person, imogen: Person
) -> None:
    untrained = a_person("Owen Bickerton", trained_on=None)
    an_audit("CP-001")
    form = {"lead-CP-001": str(alison.id), "second-CP-001": str(untrained.id)}
    page = text_of(jacks.post("/cycles/2010-1/assign", data=form))
    assert "Owen Bickerton has not been trained" in page
    assert "Assign anyway" in page
    assert names("CP-001") == []
    form["let_through"] = "Owen Bickerton has not been trained"
    assert jacks.post("/cycles/2010-1/assign", data=form).status_code == 302
    assert names("CP-001") == ["Alison Hartley", "Owen Bickerton"]


def test_half_a_pair_keeps_its_half(jacks: FlaskClient, alison: Person, imogen: Person) -> None:
    an_audit("CP-001", second=imogen)
    page = text_of(jacks.get("/cycles/2010-1/assign"))
    assert 'name="lead-CP-001"' in page
    assert 'name="second-CP-001"' not in page
    jacks.post("/cycles/2010-1/assign", data={"lead-CP-001": str(alison.id)})
    assert names("CP-001") == ["Alison Hartley", "Imogen Sayle"]


def test_an_audit_changed_meanwhile_is_not_assigned(
    jacks: FlaskClient, alison: Person, imogen: Person
) -> None:
    seen = an_audit("CP-001").version
    form = {"lead-CP-001": str(alison.id), "second-CP-001": str(imogen.id), "version-CP-001": str(seen - 1)}
    answer = jacks.post("/cycles/2010-1/assign", data=form)
    assert answer.status_code == 409
    assert "Someone changed this audit" in text_of(answer)
    assert names("CP-001") == []


def test_without_a_selection_nothing_is_asked(jacks: FlaskClient) -> None:
    answer = jacks.post("/audits/selected", data={"do": "chase"}, follow_redirects=True)
    assert "Select at least one audit" in text_of(answer)
    assert jacks.get("/audits/selected").headers["Location"] == "/audits"


def test_selected_audits_are_chased_and_who_was_left_out_is_named(
    jacks: FlaskClient, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen)
    an_audit("CP-002", lead=alison, second=imogen)
    an_audit("CP-003", withdrawn_on=FRI_5)
    an_audit("CP-004", lead=a_person("Len Leaver", leaving_on=date(2010, 11, 1)))
    form: dict[str, object] = {"do": "chase", "audit": ["CP-001", "CP-002", "CP-003", "CP-004"]}
    page = text_of(jacks.post("/audits/selected", data=form))
    assert "CP-004, due 12 November 2010. Not included: the auditors who still have something to do" in page
    assert "CP-003, due 12 November 2010. Not included: this audit was withdrawn on 5 November 2010" in page
    assert "There is a problem" not in page
    form |= {"carry_out": "yes", "sentence": "The paper goes on Monday."}
    page = text_of(jacks.post("/audits/selected", data=form))
    assert "2 audits chased by email: CP-001, CP-002." in page
    assert "This audit was withdrawn on 5 November 2010, so no one needs to be chased" in page
    assert db.session.query(Message).count() == 2


def test_selected_audits_are_extended_after_the_warnings(jacks: FlaskClient, alison: Person) -> None:
    away = a_person("Chitra Menon", leave=[(LATER, LATER)])
    an_audit("CP-001", lead=alison, second=away)
    an_audit("CP-002", lead=alison)
    form: dict[str, object] = {
        "do": "extend",
        "audit": ["CP-001", "CP-002"],
        "carry_out": "yes",
        "due_on": day(LATER),
        "because": "Files are elsewhere",
    }
    warning = (
        "Chitra Menon is on leave from 19 November 2010 to 19 November 2010, "
        "and CP-001 is due on 19 November 2010"
    )
    assert warning in text_of(jacks.post("/audits/selected", data=form))
    assert read("CP-002").due_on == DUE
    answer = jacks.post("/audits/selected", data={**form, "let_through": warning}, follow_redirects=True)
    assert "Due date extended for 2 audits" in text_of(answer)
    assert (read("CP-001").due_on, read("CP-002").due_on) == (LATER, LATER)


def test_what_somebody_has_goes_to_somebody_else(jacks: FlaskClient, alison: Person, imogen: Person) -> None:
    owen = a_person("Owen Bickerton")
    an_audit("CP-001", lead=alison, second=imogen)
    an_audit("CP-002", lead=imogen, second=alison)
    form: dict[str, object] = {
        "do": "reassign",
        "audit": ["CP-001", "CP-002"],
        "carry_out": "yes",
        "away": str(alison.id),
        "to": str(owen.id),
        "because": "sick",
    }
    jacks.post("/audits/selected", data=form)
    assert names("CP-001") == ["Owen Bickerton", "Imogen Sayle"]
    assert names("CP-002") == ["Imogen Sayle", "Owen Bickerton"]
    assert [message.address for message in db.session.query(Message)] == [owen.email]


@pytest.mark.parametrize("address", ["/audits/request", "/cycles/2010-1/assign", "/audits/selected"])
def test_these_pages_are_for_coordinators(
    jack: Person, sign_in: Callable[[Person], FlaskClient], alison: Person, address: str
) -> None:
    a_cycle()
    client = sign_in(alison)
    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403
