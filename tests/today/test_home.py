"""The first page: what each kind of person finds on it."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.audits.chasing import log_chase
from app.audits.models import Chase
from app.audits.promising import promise
from app.clock import today
from app.database import db, transaction
from app.outbox.models import FAILED, HELD, Message
from app.people.closures import working_days
from app.people.models import Person
from app.people.queries import everyone
from app.quick_wins.models import QuickWin
from app.reminders.day import Day
from app.reminders.ladder_book import ladder_book
from app.reminders.weekly import the_week
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]

ON = date(2010, 11, 22)


@pytest.fixture(autouse=True)
def the_day(clock_at: Callable[[date], None]) -> None:
    clock_at(ON)


def test_an_auditor_finds_what_to_do_with_day_partner_and_telephone(sign_in: SignIn) -> None:
    brendan = a_person("Brendan Foxe")
    maeve = a_person("Maeve Corrigan", telephone="01270 600123")
    an_audit("CP-1", lead=brendan, second=maeve, due_on=date(2010, 11, 12))
    an_audit("CP-2", lead=brendan, second=maeve, due_on=date(2010, 12, 1), started_on=date(2010, 11, 2))
    an_audit("CP-3", lead=maeve, second=brendan, due_on=date(2010, 12, 2))
    an_audit("CP-4", lead=maeve, second=brendan, returned_on=date(2010, 11, 17))
    an_audit("THEIRS", lead=maeve)
    an_audit("DONE", lead=brendan, second=maeve, returned_on=date(2010, 11, 10))
    markup = opened(sign_in(brendan), "/")
    page = visible(markup)
    assert 'href="/audits/CP-1/form"' in markup
    assert 'href="/audits/CP-4/form"' not in markup
    # in two steps from the first page, of each overdue audit that has not had its one date yet
    assert 'href="/audits/CP-1/promise"' in markup
    assert 'href="/audits/CP-2/promise"' not in markup
    promise("CP-1", brendan, today(), date(2010, 11, 24))
    assert "/promise" not in opened(sign_in(brendan), "/")
    assert (
        "CP-1: Fill in the form for CP-1 and return it. Due Friday 12 November 2010, "
        "overdue by 6 working days. Say when it will be back: CP-1. You are the lead auditor" in page
    )
    assert "with Maeve Corrigan (01270 600123)." in page
    assert (
        "CP-2: Fill in the form for CP-2 and return it. Due Wednesday 1 December 2010. You are the lead"
        in page
    )
    assert (
        "CP-3: Fill in the form for CP-3 together. Maeve Corrigan returns it. Due Thursday 2 December 2010."
        in page
    )
    returned = "Returned on Wednesday 17 November 2010."
    assert f"CP-4: Confirm it, or say if you disagree. {returned} You are the second auditor" in page
    assert "THEIRS" not in page
    assert "DONE" not in page


def test_what_was_due_at_the_weekend_is_told_as_due_on_monday(sign_in: SignIn) -> None:
    brendan = a_person("Brendan Foxe")
    an_audit("CP-1", lead=brendan, due_on=date(2010, 11, 20))
    assert "Due Monday 22 November 2010, today." in visible(opened(sign_in(brendan), "/"))


def test_an_auditor_is_told_for_a_while_what_had_not_come_back_when_its_cycle_closed(sign_in: SignIn) -> None:
    brendan = a_person("Brendan Foxe")
    closed = a_cycle(closed_on=date(2010, 11, 19))
    earlier = a_cycle("2010-0", closed_on=date(2010, 10, 18))
    an_audit("CP-1", lead=brendan, cycle=closed)
    an_audit("BACK", lead=brendan, cycle=closed, returned_on=date(2010, 11, 1))
    an_audit("EXEMPT", lead=brendan, cycle=closed, exempted_on=date(2010, 11, 1))
    an_audit("EARLIER", lead=brendan, cycle=earlier)
    page = visible(opened(sign_in(brendan), "/"))
    assert "You have no audits to do." in page
    assert (
        "This audit was not returned before its cycle closed: CP-1. You get no more reminders. "
        "You can still return it, but no figure will change."
    ) in page
    assert not any(other in page for other in ("BACK", "EXEMPT", "EARLIER"))


def test_an_auditor_without_audits_is_told_so(sign_in: SignIn) -> None:
    assert "You have no audits to do." in visible(opened(sign_in(a_person()), "/"))


def test_a_coordinator_finds_each_open_cycle_at_a_glance(sign_in: SignIn) -> None:
    an_audit(due_on=date(2010, 11, 12))
    an_audit(due_on=date(2010, 11, 26))
    an_audit(returned_on=date(2010, 11, 10))
    a_cycle("2009-1", closed_on=date(2010, 10, 29))
    page = opened(sign_in(a_person(roles=["coordinator"])), "/")
    assert "3 requested: 1 returned, 2 open (1 due this week, 1 overdue)" in visible(page)
    assert 'href="/audits?cycle=2010-1&amp;state=overdue"' in page
    assert "2009-1" not in page


def test_a_coordinator_finds_the_calls_to_make_until_they_are_made(sign_in: SignIn) -> None:
    lead = a_person("Farid Anwar", telephone="01270 600777")
    due = date(2010, 11, 5)
    an_audit("CALL", lead=lead, due_on=due)
    called = an_audit("CALLED", lead=lead, due_on=due)
    an_audit("NOT-YET", lead=lead, due_on=date(2010, 11, 15))
    an_audit("NOBODY-TO-CALL", due_on=due)
    audit_id = called.id
    with transaction():
        db.session.add(Chase(audit_id=audit_id, day=date(2010, 11, 19), channel="phone"))
    page = visible(opened(sign_in(a_person(roles=["coordinator"])), "/"))
    calls = page[page.index("Phone calls to make") : page.index("To do")]
    assert "Farid Anwar 01270 600777 Audit CALL: Nantwich, assigned, overdue by 11 working days" in calls
    assert "CALLED" not in calls
    assert "NOT-YET" not in calls
    assert "NOBODY" not in calls
    (of_cycle,) = the_week(Day(ON, 0, working_days(), everyone(), ladder_book())).cycles
    assert of_cycle.calls == 1, "the weekly message counts the calls that the page lists"


def a_message(state: str) -> None:
    now = datetime(2010, 11, 22, 8, 30, tzinfo=UTC)
    with transaction():
        db.session.add(
            Message(
                uid=f"{state}",
                kind="digest",
                address="nobody@council.example",
                subject="Audits",
                why="A rule",
                on=ON,
                rendered_on=ON,
                written_at=now,
                next_try_at=now,
                state=state,
            )
        )


def test_a_coordinator_finds_what_needs_them(sign_in: SignIn) -> None:
    an_audit()
    an_audit(lead=a_person(), due_on=date(2010, 12, 1))
    a_message(FAILED)
    a_message(HELD)
    page = visible(opened(sign_in(a_person(roles=["coordinator"])), "/"))
    assert "Assign someone to 1 audit" in page
    assert "Assign the other auditor to 1 audit" in page
    assert "1 overdue audit has no auditor to chase" in page
    assert "1 email could not be delivered" in page
    assert "1 email on hold" in page


@pytest.mark.parametrize(
    ("with_auditor", "leaver_has", "without", "said"),
    [
        (2, 0, 0, "Chase 2 overdue audits that were never chased"),
        (2, 0, 1, "Chase 2 overdue audits that were never chased. 1 more has no auditor to chase"),
        (1, 1, 1, "Chase 1 overdue audit that was never chased. 2 more have no auditor to chase"),
        (0, 0, 2, "2 overdue audits have no auditor to chase"),
    ],
)
def test_only_audits_that_can_be_chased_are_to_be_chased(
    sign_in: SignIn, with_auditor: int, leaver_has: int, without: int, said: str
) -> None:
    auditor, leaver = a_person(), a_person(leaving_on=ON - timedelta(days=3))
    leads = [auditor] * with_auditor + [leaver] * leaver_has + [None] * without
    for number, lead in enumerate(leads, start=1):
        an_audit(f"CP-{number:03}", lead=lead)
    page = visible(opened(sign_in(a_person(roles=["coordinator"])), "/"))
    assert said in page
    assert ("no auditor to chase" in page) == (leaver_has + without > 0)


def test_a_new_service_tells_a_coordinator_where_to_begin(sign_in: SignIn) -> None:
    page = visible(opened(sign_in(a_person(roles=["coordinator"])), "/"))
    assert "No cycle is open. You can see all cycles or create a cycle." in page
    assert "Nothing to do. All audits have their auditors" in page


def test_a_manager_finds_the_overdue_audits_of_their_people_alone(sign_in: SignIn) -> None:
    manager = a_person("Ingrid Solomon", roles=["manager"])
    an_audit("LATE", lead=a_person("Imogen Sayle", manager=manager))
    an_audit("NOT-LATE", lead=a_person(manager=manager), due_on=date(2010, 12, 1))
    an_audit("OTHERS", lead=a_person())
    page = visible(opened(sign_in(manager), "/"))
    assert "LATE Fri 12 Nov 2010 by 6 working days Imogen Sayle, lead" in page
    assert "NOT-LATE" not in page
    assert "OTHERS" not in page


@pytest.mark.parametrize("role", ["manager", "leader", "coordinator"])
def test_an_overdue_audit_that_is_promised_is_told_as_promised(sign_in: SignIn, role: str) -> None:
    manager = a_person("Ingrid Solomon", roles=[role])
    an_audit("LATE", lead=a_person("Imogen Sayle", manager=manager))
    jack = a_person("Jack Denny", roles=["coordinator"])
    log_chase("LATE", jack, ON, ON, "phone", new_expected_on=date(2010, 11, 26))
    page = visible(opened(sign_in(manager), "/"))
    assert "LATE Fri 12 Nov 2010 promised by Fri 26 Nov 2010 by 6 working days" in page


def test_a_deputy_finds_them_while_the_manager_is_away(sign_in: SignIn) -> None:
    deputy = a_person("Priya Nair", roles=["practitioner"])
    manager = a_person(roles=["manager"], leave=[(ON, date(2010, 11, 26), deputy)])
    an_audit("LATE", lead=a_person(manager=manager))
    assert "LATE" in visible(opened(sign_in(deputy), "/"))


def test_a_leader_finds_the_cycles(sign_in: SignIn) -> None:
    an_audit(returned_on=date(2010, 11, 10))
    an_audit()
    page = visible(opened(sign_in(a_person(roles=["leader"])), "/"))
    assert "A cycle, Child protection: 1 of 2 audits (50%) returned. Due on Friday 12 November 2010." in page


def test_a_practitioner_finds_a_friendly_page(sign_in: SignIn) -> None:
    an_audit("CP-1")
    page = visible(opened(sign_in(a_person("Violet Odell", roles=["practitioner"])), "/"))
    assert "You have nothing to do today." in page
    assert "CP-1" not in page


@pytest.mark.parametrize(
    "role", ["administrator", "moderator", "practitioner", "leader", "manager", "auditor"]
)
def test_the_page_opens_for_every_role(sign_in: SignIn, role: str) -> None:
    assert "Today" in visible(opened(sign_in(a_person(roles=[role])), "/"))


@pytest.mark.parametrize("address", ["/accessibility", "/privacy"])
def test_everybody_may_read_what_a_public_service_says(client: FlaskClient, address: str) -> None:
    assert "council" in visible(opened(client, address))


def test_who_is_not_signed_in_is_asked_to(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/", "Today"),
        ("/audits?state=overdue", "Audits"),
        ("/cycles/2010-1", "Cycles"),
        ("/messages/coming", "Emails"),
        ("/settings/ladders", "Settings"),
    ],
)
def test_the_navigation_tells_where_the_reader_is(sign_in: SignIn, address: str, place: str) -> None:
    a_cycle()
    page = opened(sign_in(a_person(roles=["coordinator"])), address)
    assert re.findall(r'aria-current="page">([^<]+)<', page) == [place]


def a_quick_win(reference: str, subject: str, starts_on: date, **facts: Any) -> None:
    """Going out to practitioners, six times every five working days."""
    with transaction():
        quick_win = QuickWin(
            reference=reference,
            subject=subject,
            message="Record it.",
            starts_on=starts_on,
            every_working_days=5,
            times=6,
            **facts,
        )
        quick_win.audience_roles = ["practitioner"]
        db.session.add(quick_win)


def test_staff_find_the_practice_messages_that_go_out_to_them_these_days(sign_in: SignIn) -> None:
    a_quick_win("Q1", "Child seen", date(2010, 11, 15))
    a_quick_win("Q2", "Not begun", date(2010, 11, 23))
    a_quick_win("Q3", "Ended", date(2010, 9, 1))
    a_quick_win("Q4", "Stopped", date(2010, 11, 15), stopped_on=date(2010, 11, 18))
    client = sign_in(a_person("Wendy Worker", roles=["practitioner"]))
    page = opened(client, "/")
    assert "Child seen" in visible(page)
    assert 'href="/practice/Q1"' in page
    assert not [subject for subject in ("Not begun", "Ended", "Stopped") if subject in visible(page)]
    client.post("/sign-out")
    assert "Child seen" not in visible(opened(sign_in(a_person("Andy Auditor")), "/"))
