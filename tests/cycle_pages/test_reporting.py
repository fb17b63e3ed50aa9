"""The reporting date of a cycle, which can be changed after it was closed."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.audits.cycle import Cycle
from app.cycles.queries import found
from app.database import db, transaction
from app.findings.freezing import findings_of, keep
from app.history.record import of as history_of
from app.people.models import Person
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]

BODY = "Senior Management Team"
PAGE = "/cycles/2010-1/reporting"
CLOSED_ON, ON = date(2010, 12, 17), date(2011, 1, 10)


@pytest.fixture(autouse=True)
def the_day(clock_at: Callable[[date], None]) -> None:
    clock_at(ON)


@pytest.fixture
def coordinator(sign_in: SignIn) -> FlaskClient:
    cycle = a_cycle(closed_on=CLOSED_ON)
    an_audit(cycle=cycle, returned_on=date(2010, 11, 3))
    with transaction():
        cycle.frozen_on = CLOSED_ON
        keep(cycle)
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))


def the_cycle() -> Cycle:
    db.session.rollback()
    cycle = found("2010-1")
    assert cycle is not None
    return cycle


def sent(client: FlaskClient, day: str, month: str, year: str, to: str = "") -> tuple[int, str]:
    data = {"reported_on": [day, month, year], "reported_to": to}
    answer = client.post(PAGE, data=data, follow_redirects=True)
    return answer.status_code, visible(answer.get_data(as_text=True))


def test_a_frozen_cycle_without_a_reporting_date_gets_one_and_no_figure_changes(
    coordinator: FlaskClient,
) -> None:
    before = findings_of(the_cycle(), ON)
    page = opened(coordinator, "/cycles/2010-1")
    assert "No reporting date" in visible(page)
    assert f'href="{PAGE}"' in page
    status, page = sent(coordinator, "22", "12", "2010", BODY)
    assert status == 200
    assert "Reporting date of cycle 2010-1 saved" in page
    assert "Wednesday 22 December 2010" in page
    assert (the_cycle().reported_on, the_cycle().reported_to) == (
        date(2010, 12, 22),
        BODY,
    )
    assert findings_of(the_cycle(), ON) == before
    told = [(row.what, row.before, row.after) for row in history_of("cycle", "2010-1")]
    assert told == [
        ("group that gets the report changed", None, BODY),
        ("reporting date changed", None, "22 December 2010"),
    ]
    assert "1 cycle was reported" in visible(opened(coordinator, "/programme/summary"))
    # what was entered by mistake is taken out again
    assert sent(coordinator, "", "", "")[0] == 200
    assert (the_cycle().reported_on, the_cycle().reported_to) == (None, None)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (("3", "10", "2010"), "Reporting date must be on or after the request date"),
        (("31", "11", "2010"), "Reporting date must be a real date, such as 27 3 2027"),
    ],
)
def test_a_day_that_cannot_be_is_refused(
    coordinator: FlaskClient, day: tuple[str, str, str], why: str
) -> None:
    status, page = sent(coordinator, *day)
    assert status == 422
    assert page.count(why) == 2
    assert the_cycle().reported_on is None


def test_a_leader_sees_the_date_and_cannot_change_it(coordinator: FlaskClient, sign_in: SignIn) -> None:
    coordinator.delete_cookie("session")
    leader = sign_in(a_person("Harriet Vance", roles=["leader"]))
    page = opened(leader, "/cycles/2010-1")
    assert "No reporting date" in visible(page)
    assert PAGE not in page
    assert leader.get(PAGE).status_code == 403
