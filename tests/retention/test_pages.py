"""The pages of retention: what is due when, what holds it, and removal in two steps."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audits.models import Audit
from app.database import db, transaction
from app.history import record
from app.identifying.checking import warned_of
from app.people.models import Person
from app.retention import queries
from app.retention.models import Removal
from app.retention.texts import REMOVED
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

ON = date(2013, 1, 7)


IN_2014 = {"remove_on": ["1", "2", "2014"]}


@pytest.fixture
def office(sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]) -> FlaskClient:
    """An administrator, on a day after the cycle's texts are due."""
    clock_at(ON)
    cycle = a_cycle(closed_on=date(2010, 11, 26), reported_on=date(2010, 12, 22))
    an_audit("CP-1", cycle=cycle, case_reference="600123", returned_on=date(2010, 11, 12))
    with transaction():
        cycle.frozen_on = date(2010, 11, 26)
        db.session.scalars(select(Audit)).one().note = "The mother rang twice"
    return sign_in(a_person("Adam Office", roles=["administrator"]))


def test_the_list_says_when_texts_go_and_why_they_are_kept(office: FlaskClient) -> None:
    a_cycle("2012-1", requested_on=date(2012, 10, 1), due_on=date(2012, 11, 1))
    page = visible(opened(office, "/retention"))
    assert "24 months after it was reported" in page
    assert "2010-1, Child protection Wed 22 Dec 2010 due since Sat 22 Dec 2012" in page
    assert (
        "2012-1, Child protection no date yet no date yet its figures are not final, because the cycle is "
        "not closed and frozen" in page
    )


def test_a_hold_keeps_the_texts_until_someone_ends_it(office: FlaskClient) -> None:
    assert office.post("/retention/2010-1/hold", data={"because": ""}).status_code == 422
    # warned of first, and refused when the warning is let through
    number = "Case 600123 is in court"
    sent = {"because": number, "let_through": warned_of(number, with_names=True)}
    assert office.post("/retention/2010-1/hold", data=sent).status_code == 422
    assert office.post("/retention/2010-1/hold", data={"because": "A complaint"}).status_code == 302
    page = visible(opened(office, "/retention/2010-1"))
    assert "Kept until further notice, because: A complaint" in page
    refused = office.post("/retention/2010-1/remove", data={"confirmed": "2010-1"})
    assert (refused.status_code, "The texts are kept: A complaint" in visible(refused.text)) == (409, True)
    assert office.post("/retention/2010-1/let-go").status_code == 302
    assert "A complaint" not in visible(opened(office, "/retention/2010-1"))
    assert [(row.what, row.why) for row in record.of("cycle", "2010-1")] == [
        ("hold on the removal of texts ended", "A complaint"),
        ("removal of texts held", "A complaint"),
    ]


def test_another_date_needs_a_reason_and_lies_ahead(office: FlaskClient) -> None:
    sent = {"remove_on": ["6", "1", "2013"], "because": "The inspection"}
    refused = office.post("/retention/2010-1/date", data=sent)
    assert "Date of removal must be today or in the future" in visible(refused.text)
    sent["remove_on"] = ["7", "1", "2014"]
    assert office.post("/retention/2010-1/date", data=sent | {"because": " "}).status_code == 422
    assert office.post("/retention/2010-1/date", data=sent).status_code == 302
    page = visible(opened(office, "/retention/2010-1"))
    assert "To be removed on 7 January 2014 This date was set by hand: The inspection" in page
    assert "The texts can be removed from 7 January 2014. To remove them sooner, set another date." in page


def test_texts_are_removed_in_two_steps_and_the_page_shows_the_proof(office: FlaskClient) -> None:
    page = visible(opened(office, "/retention/2010-1"))
    assert "Case numbers: 1 Reasons of changes: 1 What stays" in page
    assert "Remove texts now" in page
    step = visible(opened(office, "/retention/2010-1/remove"))
    assert "You cannot undo this" in step
    wrong = office.post("/retention/2010-1/remove", data={"confirmed": "2010-2"})
    assert "Reference of the cycle must be 2010-1" in visible(wrong.text)
    assert db.session.scalars(select(Audit.case_reference)).one() == "600123"
    assert office.post("/retention/2010-1/remove", data={"confirmed": "2010-1"}).status_code == 302
    db.session.rollback()
    audit = db.session.scalars(select(Audit)).one()
    assert (audit.case_reference, audit.case_folded, audit.note) == (None, None, REMOVED)
    removal = db.session.scalars(select(Removal)).one()
    page = visible(opened(office, "/retention/2010-1"))
    assert "Removed on 7 January 2013" in page
    assert "Nothing is left to remove." in page
    assert "Set another date" not in page
    assert "Keep texts on hold" not in page
    for move, typed in (("hold", {"because": "A complaint"}), ("date", {**IN_2014, "because": "Asked for"})):
        asked = office.get(f"/retention/2010-1/{move}")
        assert "removed on 7 January 2013, so nothing is left to keep" in visible(asked.text)
        assert office.post(f"/retention/2010-1/{move}", data=typed).status_code == 409
    assert (
        "7 January 2013, by adam.office@council.example Case numbers: 1 Reasons of changes: 1 "
        f"Proof: {removal.proof}" in page
    )
    [row] = record.of("cycle", "2010-1")
    assert row.after == f"2 case numbers, texts and names, proof {removal.proof}"


def test_the_months_hold_for_every_cycle_without_a_date_of_its_own(office: FlaskClient, app: Flask) -> None:
    wrong = office.post("/settings/retention", data={"months": "0", "email_months": "12"})
    assert wrong.status_code == 422
    assert office.post("/settings/retention", data={"months": "36", "email_months": "6"}).status_code == 302
    assert queries.periods() == queries.Periods(36, 6)
    assert "due Sun 22 Dec 2013" in visible(opened(office, "/retention"))
    assert [(row.what, row.before, row.after) for row in reversed(record.of("setting", "retention"))] == [
        ("months for texts of cycles changed", "24", "36"),
        ("months for texts of emails changed", "12", "6"),
    ]
