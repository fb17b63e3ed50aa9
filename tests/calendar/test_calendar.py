"""The calendar feed as Outlook reads it: what is in it, what never is, and when it shows nothing."""

import logging
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app.actions.models import Body, BodyMember, Meeting
from app.actions.moves import raise_action
from app.actions.recommending import recommend
from app.calendar.models import CalendarAddress
from app.database import db, transaction
from app.people.models import Person
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible
from tests.statements import statements

ON, DUE = date(2011, 1, 24), date(2011, 2, 11)
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def _on_the_day(clock_at: Callable[[date], None]) -> None:
    clock_at(ON)


def made(client: FlaskClient) -> str:
    """The path of the address that the person signed in makes."""
    page = client.post("/calendar/make").get_data(as_text=True)
    found = re.search(r"http://127\.0\.0\.1:8000(/calendar/[\w-]{43}\.ics)", page)
    assert found, visible(page)
    return found[1]


def feed(app: Flask, address: str) -> dict[str, icalendar.Event]:
    """The events of the feed by their UID, fetched by a program that has no cookie."""
    answer = app.test_client().get(address)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    calendar = icalendar.Calendar.from_ical(answer.get_data())
    assert calendar.calendar_name == "Practice audits"
    assert calendar.refresh_interval == timedelta(hours=4)
    return {one.uid.removesuffix("@practice-audits"): one for one in calendar.events}


def an_owner() -> Person:
    """Olive leads CP-001, is second of CP-002, owns A1 and R1 and sits on the Management Team."""
    olive, other = a_person("Olive Owner"), a_person("Other Auditor")
    an_audit("CP-001", lead=olive, second=other, due_on=DUE, case_reference="612345")
    an_audit("CP-002", lead=other, second=olive, due_on=DUE)
    an_audit("CP-003", lead=other, due_on=DUE)
    an_audit("CP-004", lead=olive, second=other, due_on=DUE, returned_on=ON)
    for owner in (olive, other):
        raise_action(text=f"Book a room for {owner.name}", by=other, on=ON, owner_id=owner.id, due_on=DUE)
        recommend(a_cycle(), text="Keep chronologies", by=other, on=ON, owner_id=owner.id, due_on=DUE)
    with transaction():
        body = Body(name="Management Team", meetings=[Meeting(on=date(2011, 3, 3), note="About 612345")])
        db.session.add_all([body, Body(name="Another Board", meetings=[Meeting(on=date(2011, 3, 4))])])
        body.members.append(BodyMember(person_id=olive.id))
    return olive


def test_it_holds_the_persons_own_due_days_and_meetings_and_nobody_elses(app: Flask, sign_in: SignIn) -> None:
    events = feed(app, made(sign_in(an_owner())))
    (meeting,) = (name for name in events if name.startswith("meeting-"))
    assert {name: (one.start, one.summary) for name, one in events.items()} == {
        "audit-CP-001": (DUE, "Audit CP-001 due"),
        "audit-CP-002": (DUE, "Audit CP-002 due"),
        "action-A1": (DUE, "Action A1 due"),
        "recommendation-R1": (DUE, "Recommendation R1 due"),
        meeting: (date(2011, 3, 3), "Meeting of Management Team"),
    }
    audit = events["audit-CP-001"]
    assert audit.end == DUE + timedelta(days=1)
    assert audit.url == "http://127.0.0.1:8000/audits/CP-001"
    assert "Book a room for Olive Owner" in (events["action-A1"].description or "")
    assert audit.decoded("DTSTAMP") == datetime(2011, 1, 24, 12, tzinfo=UTC)


def test_no_case_number_and_no_note_is_in_it(app: Flask, sign_in: SignIn) -> None:
    address = made(sign_in(an_owner()))
    assert b"612345" not in app.test_client().get(address).get_data()


@pytest.mark.parametrize(
    ("role", "sees"),
    [("coordinator", True), ("leader", True), ("manager", True), ("auditor", False), ("moderator", False)],
)
def test_the_days_of_cycles_are_for_those_who_read_cycles(
    app: Flask, sign_in: SignIn, role: str, sees: bool
) -> None:
    a_cycle("2011-1", requested_on=ON, due_on=DUE, cut_off_on=date(2011, 2, 18))
    a_cycle("2009-1", requested_on=date(2009, 1, 5), due_on=date(2009, 2, 6), closed_on=date(2009, 3, 2))
    events = feed(app, made(sign_in(a_person(roles=[role]))))
    assert set(events) == ({"cycle-2011-1-due", "cycle-2011-1-cut-off"} if sees else set())


def test_the_address_is_shown_once_and_only_its_hash_is_kept(app: Flask, sign_in: SignIn) -> None:
    client = sign_in(a_person())
    assert "/calendar" in opened(client, "/")
    secret = made(client).removeprefix("/calendar/").removesuffix(".ics")
    assert secret not in opened(client, "/calendar")
    assert "You created a calendar address on 24 January 2011" in visible(opened(client, "/calendar"))
    digest = db.session.scalars(select(CalendarAddress.digest)).one()
    assert len(digest) == 64
    assert secret not in digest


def test_a_replaced_or_revoked_address_shows_nothing(app: Flask, sign_in: SignIn) -> None:
    client = sign_in(a_person())
    first = made(client)
    second = made(client)
    assert nothing(app, first)
    feed(app, second)
    assert client.post("/calendar/revoke").status_code == 302
    assert nothing(app, second)
    assert nothing(app, "/calendar/guessed.ics")


def test_somebody_who_has_left_has_no_calendar_any_more(
    app: Flask, sign_in: SignIn, clock_at: Callable[[date], None]
) -> None:
    address = made(sign_in(a_person(leaving_on=ON)))
    feed(app, address)
    clock_at(ON + timedelta(days=1))
    assert nothing(app, address)


def nothing(app: Flask, address: str) -> bool:
    """True when the address is not found, with not a word."""
    answer = app.test_client().get(address)
    return answer.status_code == 404 and answer.get_data() == b""


def test_more_entries_do_not_take_more_queries(app: Flask, sign_in: SignIn) -> None:
    olive = an_owner()
    address = made(sign_in(olive))
    few = queries(app, address)
    for number in range(5):
        an_audit(f"CP-1{number}", lead=olive, due_on=DUE)
        recommend(a_cycle(), text="More", by=olive, on=ON, owner_id=olive.id, due_on=DUE)
    assert len(feed(app, address)) == 15
    assert queries(app, address) == few


def queries(app: Flask, address: str) -> int:
    with statements() as sent:
        app.test_client().get(address)
    return len(sent)


def test_the_log_of_a_fault_does_not_tell_the_address(
    app: Flask, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    address = made(sign_in(a_person()))
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE meetings RENAME TO gone"))
    with caplog.at_level(logging.DEBUG):
        assert app.test_client().get(address).status_code == 500
    assert "the request failed" in caplog.text
    assert address.removeprefix("/calendar/").removesuffix(".ics") not in caplog.text
