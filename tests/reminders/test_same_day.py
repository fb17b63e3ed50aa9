"""The emails of a day agree with each other, with the first page, and with their own pages."""

import re
from collections.abc import Callable
from datetime import date

from flask.testing import FlaskClient
from sqlalchemy import select

from app.actions.models import Action
from app.audits.models import Chase
from app.database import db, transaction
from app.outbox.models import Message
from app.people.models import Person
from app.reminders.daily_run import run
from tests.factories import a_person, an_audit
from tests.pages import opened, visible

FRIDAY = date(2010, 11, 26)
"""The day of the call about what was due on 12 November 2010."""


def coordinator_and_deputy() -> Person:
    """A coordinator who is there, and stands in for another."""
    jack = a_person("Jack Denny", roles=("coordinator",))
    a_person("Priti Shah", roles=("coordinator",), leave=[(FRIDAY, FRIDAY, jack)])
    return jack


def the_email(kind: str) -> Message:
    return db.session.scalars(select(Message).where(Message.kind == kind)).one()


def test_every_email_of_a_day_and_the_first_page_count_the_same_calls(
    clock_at: Callable[[date], None], sign_in: Callable[[Person], FlaskClient]
) -> None:
    clock_at(FRIDAY)
    jack, lea = coordinator_and_deputy(), a_person("Lea Auditor")
    chased = an_audit("CHASED-BEFORE", lead=lea, due_on=date(2010, 11, 12))
    an_audit("NOT-CHASED", lead=lea, due_on=date(2010, 11, 12))
    with transaction():
        db.session.add(Chase(audit_id=chased.id, day=date(2010, 11, 24), channel="phone"))
        owned = {"owner_id": lea.id, "due_on": date(2010, 11, 5), "first_due_on": date(2010, 11, 5)}
        db.session.add(Action(reference="A1", text="Do it", agreed_on=date(2010, 10, 1), **owned))
    run(FRIDAY)
    asked = re.findall(r"^- (\S+):", the_email("calls").text or "", re.MULTILINE)
    assert sorted(asked) == ["A1", "CHASED-BEFORE", "NOT-CHASED"]
    weekly = the_email("weekly").text or ""
    assert "- phone calls to make: 2\n" in weekly
    assert "\nOther phone calls to make: 1\n" in weekly
    page = visible(opened(sign_in(jack), "/"))
    calls = page[page.index("Phone calls to make") : page.index("To do")]
    assert all(reference in calls for reference in asked)
    with transaction():
        db.session.add(Chase(audit_id=chased.id, day=FRIDAY, channel="phone"))
    page = visible(opened(sign_in(jack), "/"))
    assert "CHASED-BEFORE" not in page[page.index("Phone calls to make") : page.index("To do")]


def test_the_page_of_an_email_says_each_thing_once_and_why_it_was_sent(
    clock_at: Callable[[date], None], sign_in: Callable[[Person], FlaskClient]
) -> None:
    clock_at(FRIDAY)
    jack = coordinator_and_deputy()
    an_audit("CP-001", lead=a_person("Lea Auditor"), due_on=date(2010, 11, 12))
    run(FRIDAY)
    client, calls = sign_in(jack), the_email("calls")
    page = opened(client, f"/messages/{calls.id}")
    assert page.count('href="/audits/CP-001"') == 1
    assert re.findall(r"</span> for ([\w ]+)</a>", page) == ["Jack Denny", "Priti Shah"]
    why = "Sent because of this reminder: phone call to make, overdue by 10 working days"
    assert why in visible(page)
    weekly = visible(opened(client, f"/messages/{the_email('weekly').id}"))
    assert " About " not in weekly
    assert "Sent to every coordinator on the first working day of the week" in weekly
