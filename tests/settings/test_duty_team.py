"""The duty team and its number are set once and shown on every page about a child at risk."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.history import record
from app.people.models import Person
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

ADDRESS = "/settings/duty-team"
NUMBER = '<a class="govuk-link govuk-link--no-visited-state" href="tel:+441270555000">+44 1270 555 000</a>'


@pytest.fixture
def office(sign_in: Callable[[Person], FlaskClient]) -> FlaskClient:
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))


def test_pages_about_a_child_at_risk_show_the_duty_team_with_its_number(office: FlaskClient) -> None:
    an_audit("CP-001", cycle=a_cycle())
    pages = ("/audits/CP-001", "/audits/CP-001/at-risk")
    assert all("555 000" not in opened(office, page) for page in pages)
    office.post(ADDRESS, data={"name": " Front door ", "telephone": "+44 1270 555 000"})
    for page in pages:
        assert f"Front door: {NUMBER}" in opened(office, page)
    printed = visible(opened(office, "/audits/CP-001/form/print"))
    assert "Front door: +44 1270 555 000." in printed


@pytest.mark.parametrize(
    ("entered", "fault"),
    [
        ({"name": "Front door", "telephone": ""}, "Enter the phone number"),
        ({"name": " ", "telephone": "999"}, "Enter the name of the duty team"),
    ],
)
def test_both_are_needed(office: FlaskClient, entered: dict[str, str], fault: str) -> None:
    answer = office.post(ADDRESS, data=entered)
    assert (answer.status_code, fault in visible(answer.get_data(as_text=True))) == (422, True)


def test_a_change_is_in_the_history_once(office: FlaskClient) -> None:
    for number in ("01270 1", "01270 2", "01270 2"):
        office.post(ADDRESS, data={"name": "Front door", "telephone": number})
    told = [(line.before, line.after) for line in record.of("setting", "duty team")]
    assert told == [("Front door, 01270 1", "Front door, 01270 2"), (None, "Front door, 01270 1")]
