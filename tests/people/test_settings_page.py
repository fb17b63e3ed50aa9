"""The settings of the council, on their page."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audits.models import Audit, NotReturnedReason
from app.database import db, transaction
from app.history import record
from app.history.record import of
from app.people.models import Closure, Person
from tests.factories import a_person, an_audit

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def office(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))


def labels() -> list[str]:
    query = select(NotReturnedReason.label).order_by(NotReturnedReason.position)
    return list(db.session.scalars(query))


def test_a_closure_day_is_added_and_removed(office: FlaskClient) -> None:
    day = {"day": ["27", "11", "2026"], "name": "Moving house"}
    assert office.post("/settings/closures", data=day).status_code == 302
    page = office.get("/settings").get_data(as_text=True)
    assert "27 November 2026" in page
    assert "Moving house" in page
    again = office.post("/settings/closures", data=day)
    assert again.status_code == 422
    assert "This closure day has already been added" in again.get_data(as_text=True)
    office.post("/settings/closures/2026-11-27/remove")
    assert db.session.scalars(select(Closure)).all() == []
    assert [row.what for row in of("setting", "closure days")] == ["removed", "added"]


def test_a_closure_day_needs_a_day(office: FlaskClient) -> None:
    answer = office.post("/settings/closures", data={"day": ["", "", ""]})
    assert "Enter the date when the council is closed" in answer.get_data(as_text=True)


def test_the_list_of_reasons_is_the_councils_own(office: FlaskClient) -> None:
    before = labels()
    assert before[0] == "sickness"
    office.post("/settings/reasons", data={"label": "flood"})
    assert labels() == [*before, "flood"]
    flood = db.session.scalars(select(NotReturnedReason.id).where(NotReturnedReason.label == "flood")).one()
    office.post(f"/settings/reasons/{flood}/up")
    assert labels() == [*before[:-1], "flood", before[-1]]
    answer = office.post("/settings/reasons", data={"label": "Sickness"})
    assert "This reason is already in the list" in answer.get_data(as_text=True)


def test_a_renamed_reason_is_renamed_where_audits_have_it(office: FlaskClient) -> None:
    audit = an_audit()
    with transaction():
        audit.reason_not_returned = "sickness"
    sickness = db.session.scalars(
        select(NotReturnedReason.id).where(NotReturnedReason.label == "sickness")
    ).one()
    office.post(f"/settings/reasons/{sickness}", data={"label": "illness"})
    db.session.expire_all()
    assert labels()[0] == "illness"
    assert db.session.scalars(select(Audit.reason_not_returned)).one() == "illness"


def test_the_office_says_which_reasons_are_personal(office: FlaskClient) -> None:
    def personal() -> list[str]:
        db.session.expire_all()
        return list(db.session.scalars(select(NotReturnedReason.label).where(NotReturnedReason.is_personal)))

    assert personal() == ["sickness", "leave", "left post"]
    access = select(NotReturnedReason.id).where(NotReturnedReason.label == "record access")
    address = f"/settings/reasons/{db.session.scalars(access).one()}/personal"
    for said, marked in (("yes", True), ("yes", True), ("no", False)):
        office.post(address, data={"personal": said})
        assert ("record access" in personal()) == marked
    told = [row.what for row in record.of("setting", "reasons for not returning")]
    assert told == ["not personal", "personal"]
