"""A reminder that a coordinator holds: what the runs, the outbox and the pages then do."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.actions.models import Action
from app.audits import moves
from app.audits.facts import found
from app.database import db, transaction
from app.history import record
from app.outbox.kinds import Changed, Overtaken
from app.outbox.models import QUEUED, SENT, Message, MessageItem
from app.people.models import Leave, Person
from app.refusal import NotNow, Refused
from app.reminders import holds
from app.reminders.daily_run import run
from app.reminders.due import Due, Key
from app.reminders.models import HeldItem, NotSent
from app.reminders.recheck import IS_HELD, recheck
from tests.conftest import Browser, let_in
from tests.factories import a_person, an_audit
from tests.pages import opened, visible

DUE = date(2010, 11, 12)
THU_4, FRI_5, MON_8, TUE_9 = (date(2010, 11, n) for n in (4, 5, 8, 9))
TUE_16, WED_17, FRI_19 = date(2010, 11, 16), date(2010, 11, 17), date(2010, 11, 19)

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def jack(service: Flask) -> Person:
    return a_person("Jack Denny", roles=["coordinator"])


@pytest.fixture
def lea(jack: Person) -> Person:
    """Lea Ward and Sam Hill have an audit, started and due on 12 November 2010."""
    lea = a_person("Lea Ward")
    sam = a_person("Sam Hill")
    an_audit(
        "CP-001", lead=lea, second=sam, due_on=DUE, started_on=date(2010, 10, 8), case_reference="600100"
    )
    return lea


def key_of(person: Person, step: str = "due-soon", kind: str = "digest") -> Key:
    audit = found("CP-001")
    assert audit is not None
    return ("audit", audit.id, person.id, kind, step, DUE)


def due(person: Person, on: date, step: str = "due-soon") -> Due:
    item = holds.due_or_waiting(key_of(person, step), on)
    assert item is not None
    return item


def gone(on: date) -> set[tuple[str, str]]:
    """Return what a run wrote in digests, without news: the person and the step."""
    return {
        (message.to.split("@")[0], item.step)
        for message in run(on).messages
        if message.kind == "digest"
        for item in message.items
        if item.step != "news"
    }


LEA, SAM = "lea.ward", "sam.hill"


def kept_back() -> list[tuple[date, str, str]]:
    return [(row.on, row.step, row.reason) for row in db.session.scalars(select(NotSent))]


def test_held_for_good_it_never_goes_and_later_ones_do(jack: Person, lea: Person) -> None:
    holds.hold(due(lea, FRI_5), jack, THU_4, None, "Her team moves offices")
    assert gone(FRI_5) == {(SAM, "due-soon")}
    assert kept_back() == [(FRI_5, "due-soon", "held")]
    assert gone(MON_8) == set()
    assert gone(DUE) == {(LEA, "due-today"), (SAM, "due-today")}
    assert kept_back() == [(FRI_5, "due-soon", "held")]


def test_held_until_a_date_it_goes_afterwards(jack: Person, lea: Person) -> None:
    holds.hold(due(lea, FRI_5), jack, THU_4, MON_8, "Court all week")
    assert [gone(on) for on in (FRI_5, MON_8, TUE_9)] == [{(SAM, "due-soon")}, set(), {(LEA, "due-soon")}]


def test_let_go_it_goes_with_the_next_run_once(jack: Person, lea: Person) -> None:
    holds.hold(due(lea, FRI_5), jack, THU_4, None, "Court all week")
    run(FRI_5)
    held = db.session.scalars(select(HeldItem)).one()
    holds.let_go(held.id, jack, MON_8)
    assert gone(MON_8) == {(LEA, "due-soon")}
    assert gone(TUE_9) == set()
    with pytest.raises(NotNow, match="This reminder was let go on 8 November 2010"):
        holds.let_go(held.id, jack, TUE_9)


def test_an_extension_starts_anew_whatever_was_held(jack: Person, lea: Person) -> None:
    holds.hold(due(lea, FRI_5), jack, THU_4, None, "Court all week")
    moves.extend("CP-001", jack, FRI_5, "sickness", date(2010, 11, 15))
    assert gone(MON_8) == {(LEA, "due-soon"), (SAM, "due-soon")}


def test_held_before_its_email_was_sent_it_is_taken_out_and_goes_once_let_go(
    jack: Person, lea: Person
) -> None:
    an_audit("CP-002", lead=lea, due_on=DUE, started_on=date(2010, 10, 8))
    run(FRI_5)
    message = db.session.scalars(select(Message).where(Message.recipient == lea.id)).one()
    holds.hold(due(lea, FRI_5), jack, FRI_5, None, "Court all week")
    with transaction():
        verdict = recheck([message], FRI_5)[message.id]
    assert isinstance(verdict, Changed)
    assert "CP-002" in verdict.rendered.text
    assert "CP-001" not in verdict.rendered.text
    assert kept_back() == [(FRI_5, "due-soon", "held")]
    assert gone(MON_8) == set()
    holds.let_go(db.session.scalars(select(HeldItem)).one().id, jack, TUE_9)
    assert gone(TUE_9) == {(LEA, "due-soon")}


def test_an_email_with_nothing_else_is_not_sent(jack: Person, lea: Person) -> None:
    run(FRI_5)
    message = db.session.scalars(select(Message).where(Message.recipient == lea.id)).one()
    holds.hold(due(lea, FRI_5), jack, FRI_5, MON_8, "Court all week")
    with transaction():
        assert recheck([message], FRI_5)[message.id] == Overtaken(IS_HELD)


def test_a_newer_email_does_not_take_over_what_is_held(jack: Person, lea: Person) -> None:
    run(FRI_5)
    holds.hold(due(lea, FRI_5), jack, FRI_5, None, "Court all week")
    an_audit("CP-002", lead=lea, assigned_on=MON_8, due_on=date(2010, 12, 10))
    [message] = [each for each in run(MON_8).messages if each.to.startswith(LEA)]
    carried = select(MessageItem.reference).where(MessageItem.carrier_id == message.id)
    assert db.session.scalars(carried).all() == ["CP-002"]
    # the day for which it was written stays known
    assert kept_back() == [(MON_8, "due-soon", "held"), (FRI_5, "due-soon", "written, then held")]


def test_what_was_sent_or_is_held_cannot_be_held(jack: Person, lea: Person) -> None:
    item = due(lea, FRI_5)
    holds.hold(item, jack, THU_4, FRI_5, "Court all week")
    with pytest.raises(NotNow, match="This reminder is already held"):
        holds.hold(item, jack, THU_4, None, "Again")
    run(MON_8)
    with transaction():
        for message in db.session.scalars(select(Message)):
            assert message.state == QUEUED
            message.state = SENT
    with pytest.raises(NotNow, match="was sent in an email of 8 November 2010, so you cannot hold it"):
        holds.hold(item, jack, MON_8, None, "Too late")
    assert holds.due_or_waiting(item.key, TUE_9) is None


@pytest.mark.parametrize(
    ("until_on", "because", "why"),
    [
        (None, "  ", "Enter why it is held"),
        (date(2010, 11, 3), "Court", "Last date must be today or in the future"),
        (
            THU_4,
            "Court",
            "Last date must be on or after 5 November 2010, when this reminder is due to be sent",
        ),
        (None, "Her case 600100 is in court", "Remove the case number, because other people can read this"),
    ],
)
def test_what_is_entered_must_be_right(
    jack: Person, lea: Person, until_on: date | None, because: str, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        holds.hold(due(lea, FRI_5), jack, THU_4, until_on, because)
    assert db.session.scalars(select(HeldItem)).all() == []


def test_an_action_is_held_like_an_audit(jack: Person) -> None:
    ada = a_person("Ada Owner")
    owned = {"owner_id": ada.id, "due_on": DUE, "first_due_on": DUE, "agreed_on": date(2010, 10, 1)}
    with transaction():
        action = Action(reference="A-1", text="Check the forms", **owned)
        db.session.add(action)
    key = ("action", action.id, ada.id, "digest", "due-soon", DUE)
    item = holds.due_or_waiting(key, FRI_5)
    assert item is not None
    holds.hold(item, jack, THU_4, None, "A new form comes")
    assert gone(FRI_5) == set()
    [told] = [row for row in record.of("action", "A-1") if row.what == "reminder held"]
    assert (told.after, told.why) == ("due soon, to Ada Owner, for good", "A new form comes")


# the pages


def browser(service: Flask, person: Person, on: date = THU_4) -> FlaskClient:
    """Return a browser of somebody who is signed in, at noon of a day."""
    service.test_client_class = Browser
    service.config["WTF_CSRF_ENABLED"] = False
    clock.clock().fixed = datetime.combine(on, time(12), tzinfo=UTC)
    return let_in(service.test_client(), person)


def address_to_hold(page: str) -> str:
    start = page.index("/messages/coming/hold?")
    return page[start : page.index('"', start)].replace("&amp;", "&")


def test_a_coordinator_holds_a_reminder_and_lets_it_go(jack: Person, lea: Person, service: Flask) -> None:
    client = browser(service, jack)
    page = opened(client, "/messages/coming")
    assert "CP-001: due in 5 working days (due Friday 12 November 2010)" in visible(page)
    address = address_to_hold(page)
    asked = visible(opened(client, address))
    assert "Hold a reminder to Lea Ward" in asked
    assert "CP-001: due in 5 working days (due Friday 12 November 2010)" in asked
    answer = client.post(address, data={"until_on": ["5", "11", "2010"], "because": "Court all week"})
    assert answer.headers["Location"] == "/messages/coming?on=2010-11-05"
    page = opened(client, "/messages/coming?on=2010-11-05")
    assert "Reminder held until 5 November 2010" in visible(page)
    why = "held by a coordinator until 5 November 2010: Court all week (Jack Denny)"
    assert f"Lea Ward CP-001 due in 5 working days {why}" in visible(page)
    audit = visible(opened(client, "/audits/CP-001"))
    assert "to Lea Ward is held until 5 November 2010 by Jack Denny: Court all week" in audit
    assert client.post(address, data={"because": "Again"}).status_code == 409
    held = db.session.scalars(select(HeldItem)).one()
    assert client.post(f"/messages/coming/held/{held.id}/let-go").status_code == 302
    assert "Court all week" not in visible(opened(client, "/messages/coming?on=2010-11-05"))
    again = client.get(f"/messages/coming/held/{held.id}/let-go").get_data(as_text=True)
    assert "This reminder was let go on 4 November 2010" in again


def test_a_hold_that_ends_before_the_reminder_is_sent_is_refused_in_the_form(
    jack: Person, lea: Person, service: Flask
) -> None:
    client = browser(service, jack)
    address = address_to_hold(opened(client, "/messages/coming"))
    answer = client.post(address, data={"until_on": ["4", "11", "2010"], "because": "Court all week"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Last date must be on or after 5 November 2010, when this reminder is due" in visible(page)
    assert 'href="#until_on' in page
    assert db.session.scalars(select(HeldItem)).all() == []


def test_a_hold_reaches_to_the_date_for_which_the_reminder_is_scheduled(jack: Person, lea: Person) -> None:
    # she is back on Monday, so that her reminder of Friday goes then
    with transaction():
        db.session.add(Leave(person_id=lea.id, from_on=FRI_5, to_on=FRI_5))
    item = due(lea, MON_8)
    with pytest.raises(Refused, match="on or after 8 November 2010"):
        holds.hold(item, jack, THU_4, FRI_5, "Court", scheduled_on=MON_8)
    holds.hold(item, jack, THU_4, MON_8, "Court", scheduled_on=MON_8)
    assert gone(FRI_5) == {(SAM, "due-soon")}
    assert gone(MON_8) == set()
    assert gone(TUE_9) == {(LEA, "due-soon")}


def test_what_waits_to_be_sent_is_held_from_the_page_of_its_email(
    jack: Person, lea: Person, service: Flask
) -> None:
    run(FRI_5)
    message = db.session.scalars(select(Message).where(Message.recipient == lea.id)).one()
    client = browser(service, jack, FRI_5)
    address = address_to_hold(opened(client, f"/messages/{message.id}"))
    assert client.post(address, data={"because": "Court all week"}).status_code == 302
    with transaction():
        message = db.session.get_one(Message, message.id)
        assert recheck([message], FRI_5)[message.id] == Overtaken(IS_HELD)
        message.state = SENT
    assert "/messages/coming/hold" not in opened(client, f"/messages/{message.id}")


def test_others_do_not_read_that_it_is_held_or_why(jack: Person, lea: Person, service: Flask) -> None:
    holds.hold(due(lea, FRI_5), jack, THU_4, None, "She is in hospital")
    page = opened(browser(service, lea), "/audits/CP-001")
    assert "hospital" not in page
    assert "reminder held" not in page
    assert "reminder held" in opened(browser(service, jack), "/audits/CP-001")


@pytest.mark.parametrize("missing", ["about", "number", "person", "email", "step", "anchor"])
def test_an_address_that_names_no_reminder_is_not_found(app: Flask, sign_in: SignIn, missing: str) -> None:
    client = sign_in(a_person("Jack", roles=["coordinator"]))
    named = {"about": "audit", "number": "1", "person": "1", "email": "digest", "step": "overdue"}
    named["anchor"] = "2010-11-12"
    del named[missing]
    assert client.get("/messages/coming/hold", query_string=named).status_code == 404


def test_what_is_not_due_is_refused_in_a_sentence(lea: Person, jack: Person, service: Flask) -> None:
    client = browser(service, jack)
    _, number, person, email, step, _ = key_of(lea, "overdue")
    asked = {"about": "audit", "number": number, "person": person, "email": email, "step": step}
    asked["anchor"] = "2010-11-12"
    page = client.get("/messages/coming/hold", query_string=asked | {"on": "2010-11-05"})
    words = "This reminder is not due on 5 November 2010, so you do not need to hold it"
    assert words in page.get_data(as_text=True)
