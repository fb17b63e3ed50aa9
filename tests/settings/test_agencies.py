"""Agencies are listed and renamed; a new name reaches all that belongs to the agency."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audits.cycle import Agency
from app.cycles.agencies import rename_agency
from app.database import db
from app.history import record
from app.people.models import Person
from app.refusal import Refused
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible


def test_an_agency_is_renamed_on_its_page(sign_in: Callable[[Person], FlaskClient]) -> None:
    audit = an_audit("DA1-A", cycle=a_cycle("da-1", agencies=["Police", "School"]), agency="Police")
    coordinator = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    assert "Police Rename “Police” School Rename “School”" in visible(
        opened(coordinator, "/settings/agencies")
    )
    address = f"/settings/agencies/{audit.agency_id}"
    taken = coordinator.post(address, data={"name": "SCHOOL"})
    assert taken.status_code == 422
    assert "There is already an agency School. Enter another name." in visible(taken.get_data(as_text=True))
    coordinator.post(address, data={"name": "Cheshire Police"})
    assert "Cheshire Police" in visible(opened(coordinator, "/audits"))
    assert coordinator.get("/settings/agencies/999").status_code == 404


def test_renaming_is_in_the_history_and_takes_no_word_that_is_in_use(service: Flask) -> None:
    a_cycle("da-1", agencies=["Police", "School"])
    police = db.session.scalars(select(Agency.id).where(Agency.called("Police"))).one()
    rename_agency(police, "POLICE", by="jack@council.example")
    rename_agency(police, "POLICE", by="jack@council.example")
    told = [(line.what, line.before, line.after) for line in record.of("setting", "agencies")]
    assert told == [("renamed", "Police", "POLICE")]
    for name in ("school", "Together"):
        with pytest.raises(Refused):
            rename_agency(police, name, by="jack@council.example")
