"""The day on which a cycle is closed with that day as its cut-off, and the days after it."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.audits.standing import Standing, standings
from app.chase_list.queries import Asked, counts, how_many
from app.cycles import queries
from app.database import db
from app.findings import freezing
from app.outbox.models import Message
from app.people.closures import working_days
from app.people.models import Person
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]

FRI_5, MON_8 = date(2010, 11, 5), date(2010, 11, 8)
AUDIT = "/audits/CP-001"
FORM, CHECK = f"{AUDIT}/form", f"{AUDIT}/form/check"
TOMORROW = (
    "The cycle of this audit was closed today, and today is its cut-off date. Return the audit tomorrow."
)


@pytest.fixture
def alison(sign_in: SignIn) -> Person:
    return a_person("Alison Hartley")


@pytest.fixture
def imogen(sign_in: SignIn) -> Person:
    return a_person("Imogen Sayle")


@pytest.fixture
def closed(alison: Person, imogen: Person, clock_at: Callable[[date], None]) -> Callable[[], None]:
    """An audit on Friday; called, its cycle is closed that day with that day as its cut-off."""
    clock_at(FRI_5)
    an_audit("CP-001", lead=alison, second=imogen)
    return lambda: freezing.close(a_cycle(), cut_off_on=FRI_5, by=alison, on=FRI_5)


def sent(client: FlaskClient) -> TestResponse:
    """The return as the lead sends it."""
    return client.post(CHECK, data={"seen": "0", "blanks": "1"})


def counted(on: date) -> list[tuple[int, int, int, int]]:
    """Requested, returned, not returned and returned after the cut-off: in the list, in the findings."""
    db.session.rollback()
    cycle = queries.found("2010-1")
    assert cycle is not None
    at, found = standings(on, working_days()), freezing.findings_of(cycle, on).returns
    listed = counts(Asked(cycle="2010-1"), at).returns
    late = how_many(Asked(cycle="2010-1", standing=Standing.AFTER_CUT_OFF), at)
    return [
        (listed.requested, listed.returned, listed.not_returned, late),
        (found.requested, found.returned, found.not_returned, found.after_cut_off),
    ]


def test_that_day_it_is_saved_and_not_returned_and_the_pages_say_so(
    closed: Callable[[], None], sign_in: SignIn, alison: Person
) -> None:
    lead = sign_in(alison)
    assert "Imogen Sayle will be asked straight away to confirm" in visible(opened(lead, CHECK))
    closed()
    assert sent(lead).status_code == 409
    for address in (AUDIT, FORM):
        assert TOMORROW in visible(opened(lead, address))
    check = opened(lead, CHECK)
    assert f"Everything is saved. {TOMORROW}" in visible(check)
    assert "Return audit" not in check
    assert "Save and continue" in opened(lead, f"{FORM}/1")
    assert counted(FRI_5) == [(1, 0, 1, 0)] * 2


def test_the_next_day_it_is_returned_after_the_cut_off_everywhere_and_nobody_confirms_it(
    closed: Callable[[], None],
    sign_in: SignIn,
    alison: Person,
    imogen: Person,
    clock_at: Callable[[date], None],
) -> None:
    closed()
    clock_at(MON_8)
    lead = sign_in(alison)
    assert "will be asked straight away" not in visible(opened(lead, CHECK))
    assert sent(lead).headers["Location"] == f"{FORM}/returned"
    said = visible(opened(lead, f"{FORM}/returned"))
    assert "This audit was returned after the cut-off date" in said
    assert not any(words in said for words in ("has been asked to confirm", "send the audit back"))
    assert "waiting for the second auditor" not in visible(opened(lead, AUDIT))
    assert counted(MON_8) == [(1, 0, 1, 1)] * 2
    assert db.session.query(Message).filter_by(kind="confirm").count() == 0
    lead.post("/sign-out")
    second = sign_in(imogen)
    for address in ("/", AUDIT):
        assert "Confirm" not in visible(opened(second, address))
    assert "so no one needs to confirm it" in visible(opened(second, f"{AUDIT}/confirm"))
    assert second.post(f"{AUDIT}/confirm", data={"sees": "same"}).status_code == 409
