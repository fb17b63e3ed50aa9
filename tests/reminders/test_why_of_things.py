"""The lines that say whom the service chased on a day, read from what the runs and moves recorded."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app import clock
from app.actions import moves as actions
from app.actions.models import Action
from app.assigning import moves as assigning
from app.audits import moves
from app.audits.chasing import chase, log_chase, strike_chase
from app.audits.models import Audit, Chase
from app.concerns.models import CalledResponse
from app.database import db, transaction
from app.outbox.kinds import KINDS, Rendered
from app.outbox.models import HELD, QUEUED, SENT, Message
from app.outbox.writing import write
from app.people.models import Person
from app.reminders import holds
from app.reminders.daily_run import run
from app.reminders.followed import Followed
from app.reminders.models import CallMade
from app.reminders.sent_about import OF_DAILY_RUN, PRIVATE, TO_AUDITORS
from app.reminders.subjects import subject_of
from app.reminders.why import in_a_line
from app.retention.leavers import make_anonymous
from app.retention.nightly import thin_emails
from config.settings import PROJECT
from tests.conftest import Browser, let_in
from tests.factories import a_person, an_audit
from tests.pages import opened, visible

DUE = date(2010, 11, 12)
FRI_12, SAT_13, MON_15, TUE_16, WED_17, THU_18, FRI_19 = (date(2010, 11, n) for n in range(12, 20) if n != 14)
LATE = "overdue by 2 working days"


@pytest.fixture
def jack(service: Flask) -> Person:
    return a_person("Jack Denny", roles=["coordinator"])


@pytest.fixture
def lea(jack: Person) -> Person:
    """Lea Ward and Sam Hill have an audit that is due on Friday 12 November 2010; Max Lee manages both."""
    boss = a_person("Max Lee", roles=["manager"])
    lea = a_person("Lea Ward", manager=boss)
    sam = a_person("Sam Hill", manager=boss, leave=[(MON_15, WED_17)])
    an_audit("CP-001", lead=lea, second=sam, due_on=DUE, started_on=date(2010, 10, 8))
    return lea


def at(on: date) -> None:
    """Set the clock to noon of a day."""
    clock.clock().fixed = datetime.combine(on, time(12), tzinfo=UTC)


def ran(*days: date) -> None:
    """Run some days, and let everything that they write be sent on its day."""
    for on in days:
        at(on)
        run(on)
        all_sent()


def all_sent() -> None:
    """Let everything that waits be sent now."""
    with transaction():
        for message in db.session.scalars(select(Message).where(Message.state != SENT)):
            message.state, message.ended_at = SENT, clock.now()


def line(on: date, kind: str = "audit", reference: str = "CP-001") -> str:
    subject = subject_of(kind, reference)
    assert subject is not None
    return in_a_line(Followed(subject, on, sees_all=True).on(on), to_coordinator=True)


def test_each_day_of_an_audit_has_its_line(jack: Person, lea: Person) -> None:
    ran(FRI_12, MON_15, TUE_16, WED_17, THU_18, FRI_19)
    due_today = "Lea Ward and Sam Hill were emailed (due today)."
    assert line(FRI_12) == due_today
    assert line(SAT_13) == "No one was emailed, because this was not a working day."
    assert line(MON_15) == (
        "No one was emailed, because no reminder was due. "
        "The latest was sent on 12 November 2010 (due today). "
        "The next is on 16 November 2010 (overdue reminder)."
    )
    away = "Sam Hill was not emailed (on leave until 17 November 2010)."
    assert line(TUE_16) == f"Lea Ward was emailed ({LATE}). {away}"
    assert line(WED_17) == away
    assert line(THU_18) == "Sam Hill was emailed (overdue by 4 working days)."
    to_manager = "overdue by 5 working days, manager told"
    assert line(FRI_19) == f"Lea Ward, Sam Hill and Max Lee were emailed ({to_manager})."


def test_the_latest_email_is_that_of_an_earlier_due_date_too(jack: Person, lea: Person) -> None:
    ran(FRI_12, MON_15, TUE_16)
    moves.extend("CP-001", jack, WED_17, "Court", date(2010, 12, 17))
    ran(WED_17, THU_18, FRI_19)
    assert line(FRI_19) == (
        "No one was emailed, because no reminder was due. "
        "The latest was sent on 16 November 2010 (overdue by 2 working days). "
        "The next is on 10 December 2010 (reminder)."
    )


def test_an_email_is_the_latest_from_the_date_on_which_it_was_sent(jack: Person, lea: Person) -> None:
    at(FRI_12)
    run(FRI_12)
    at(SAT_13)
    all_sent()
    ran(MON_15)
    assert "The latest was sent on 13 November 2010 (" in line(MON_15)
    assert "The latest was sent" not in line(SAT_13)


def test_what_was_missed_goes_on_the_next_working_day(jack: Person, lea: Person) -> None:
    ran(FRI_12, MON_15)
    moves.extend("CP-001", jack, MON_15, "Court", FRI_19)
    assert line(MON_15).endswith("The next is on 16 November 2010 (reminder).")


def test_a_promise_and_its_chase_are_told(jack: Person, lea: Person) -> None:
    ran(FRI_12, MON_15)
    log_chase("CP-001", jack, MON_15, MON_15, "phone", "Lea Ward", new_expected_on=FRI_19)
    ran(TUE_16, WED_17, THU_18)
    assert line(MON_15) == "Jack Denny chased by phone, with Lea Ward."
    away = "Sam Hill was not emailed (on leave until 17 November 2010)."
    promised = "not emailed (promised for 19 November 2010, so not chased)."
    assert line(TUE_16) == f"Lea Ward was {promised} {away}"
    assert line(THU_18) == f"Lea Ward and Sam Hill were {promised}"


def test_what_is_held_is_told_until_it_is_let_go(jack: Person, lea: Person) -> None:
    subject = subject_of("audit", "CP-001")
    assert subject is not None
    item = holds.due_or_waiting(("audit", subject.id, lea.id, "digest", "overdue", DUE), TUE_16)
    assert item is not None
    holds.hold(item, jack, MON_15, None, "Court")
    ran(TUE_16, WED_17)
    assert "Lea Ward was not emailed (held by a coordinator: Court)." in line(TUE_16)
    assert "Lea Ward was not emailed (held by a coordinator: Court)." in line(WED_17)
    [held] = holds.held_of("audit", subject.id, WED_17)
    holds.let_go(held.id, jack, THU_18)
    ran(THU_18)
    assert "Lea Ward and Sam Hill were emailed (overdue by 4 working days)." in line(THU_18)


ENDS: list[tuple[Callable[[Person], object], str]] = [
    (lambda by: moves.withdraw("CP-001", by, MON_15, "duplicate"), "it was withdrawn on 15 November 2010"),
    (
        lambda by: moves.exempt("CP-001", by, MON_15, "sickness", "The head of service"),
        "it was exempt from 15 November 2010",
    ),
]


@pytest.mark.parametrize(("end", "why"), ENDS)
def test_what_is_not_open_says_why(
    jack: Person, lea: Person, end: Callable[[Person], object], why: str
) -> None:
    ran(FRI_12, MON_15)
    end(jack)
    all_sent()
    ran(TUE_16)
    assert line(MON_15) == "Lea Ward and Sam Hill were emailed (nothing more to do)."
    assert line(TUE_16) == f"No one was emailed, because {why}."
    assert line(FRI_12) == "Lea Ward and Sam Hill were emailed (due today)."


def test_without_a_run_nothing_is_made_up(jack: Person, lea: Person) -> None:
    ran(FRI_12)
    at(TUE_16)
    assert line(MON_15) == "No daily emails are recorded for this date, so no one was emailed."
    assert line(TUE_16) == "The daily emails of today are not written yet."


def test_what_waits_or_failed_is_not_said_to_be_sent(jack: Person, lea: Person) -> None:
    at(FRI_12)
    run(FRI_12)
    assert line(FRI_12) == "The email to Lea Ward and Sam Hill (due today) is waiting to be sent."
    with transaction():
        for message in db.session.scalars(select(Message).where(Message.recipient == lea.id)):
            message.state = "failed"
    assert "The email to Lea Ward (due today) could not be delivered." in line(FRI_12)


def an_action(owner: Person, **more: object) -> Action:
    owned = {"owner_id": owner.id, "due_on": DUE, "first_due_on": DUE, "agreed_on": date(2010, 10, 1)}
    with transaction():
        action = Action(reference="A-1", text="Check the forms", **owned | more)
        db.session.add(action)
    return action


def test_an_action_has_its_lines_too(jack: Person, lea: Person) -> None:
    action = an_action(lea, done_on=THU_18)
    ran(FRI_12, FRI_19)
    with transaction():
        said = {"channel": "phone", "with_id": lea.id, "by_id": jack.id, "reference": "A-1"}
        db.session.add(
            CallMade(obligation_kind="action", obligation_id=action.id, day=MON_15, outcome=None, **said)
        )
    assert line(FRI_12, "action", "A-1") == "Lea Ward was emailed (due today)."
    assert line(MON_15, "action", "A-1") == "Jack Denny chased by phone, with Lea Ward."
    assert line(FRI_19, "action", "A-1") == "No one was emailed, because it was done on 18 November 2010."


def test_a_response_and_what_is_not_there_are_read(jack: Person, lea: Person) -> None:
    audit = an_audit("CP-002", lead=lea)
    with transaction():
        called = CalledResponse(
            reference="CP-002-P1", audit_id=audit.id, called_on=MON_15, due_on=FRI_19, questions=[]
        )
        db.session.add(called)
    assert line(FRI_12, "response", "CP-002-P1") == (
        "No one was emailed, because it was called for on 15 November 2010."
    )
    assert subject_of("remedy", "CP-002-F1") is None


# the pages


def browser(service: Flask, person: Person, on: date) -> FlaskClient:
    service.test_client_class = Browser
    service.config["WTF_CSRF_ENABLED"] = False
    at(on)
    return let_in(service.test_client(), person)


def test_the_page_of_an_audit_says_it_of_today_and_leads_to_other_days(
    jack: Person, lea: Person, service: Flask
) -> None:
    ran(FRI_12, MON_15, TUE_16, WED_17)
    client = browser(service, jack, WED_17)
    page = opened(client, "/audits/CP-001")
    away = "Sam Hill was not emailed (on leave until 17 November 2010)."
    assert f"Today: {away} Reminders on other dates" in visible(page)
    assert 'href="/audits/CP-001/reminders"' in page
    days = visible(opened(client, "/audits/CP-001/reminders?on=16&on=11&on=2010"))
    assert "Tuesday 16 November 2010 and the days before" in days
    assert f"Tue 16 Nov 2010 Lea Ward was emailed ({LATE}). {away}" in days
    assert "Sat 13 Nov 2010" not in days
    assert "Wed 17 Nov 2010" not in days


def test_auditors_read_that_somebody_is_away_and_not_why(jack: Person, lea: Person, service: Flask) -> None:
    ran(FRI_12, MON_15, TUE_16)
    page = visible(opened(browser(service, lea, TUE_16), "/audits/CP-001"))
    assert f"Today: Lea Ward was emailed ({LATE}). Sam Hill was not emailed (away)." in page
    assert "on leave" not in page


@pytest.mark.parametrize(
    ("asked", "why"),
    [("2010-11-18", "Date must be today or in the past"), ("soon", "Date must be a real date")],
)
def test_a_wrong_date_is_refused(jack: Person, lea: Person, service: Flask, asked: str, why: str) -> None:
    page = browser(service, jack, WED_17).get(f"/audits/CP-001/reminders?on={asked}").get_data(as_text=True)
    assert why in page
    assert "<title>Error: Reminders about audit CP-001" in page


def test_actions_and_recommendations_say_it_on_their_pages(jack: Person, lea: Person, service: Flask) -> None:
    an_action(lea)
    ran(FRI_12)
    client = browser(service, jack, FRI_12)
    assert "Today: Lea Ward was emailed (due today)." in visible(opened(client, "/actions/A-1"))
    assert "Lea Ward was emailed (due today)." in visible(opened(client, "/actions/A-1/reminders"))


# past days, after what happened since


def given(owner: Person, jack: Person) -> str:
    """Give an action to somebody, who is on leave on the day it is due."""
    made = actions.raise_action(text="Send it", by=jack, on=date(2010, 10, 1), owner_id=owner.id, due_on=DUE)
    all_sent()
    return made.reference


def test_a_past_day_names_who_had_it_then(jack: Person, lea: Person) -> None:
    """Sam is away from Monday to Wednesday; on Tuesday the action goes to Lea."""
    sam = db.session.scalars(select(Person).where(Person.name == "Sam Hill")).one()
    at(date(2010, 10, 1))
    reference = given(sam, jack)
    at(MON_15)
    actions.move_date(reference, jack, MON_15, due_on=TUE_16, because="A day more")
    ran(TUE_16)
    away = "Sam Hill was not emailed (on leave until 17 November 2010)."
    assert line(TUE_16, "action", reference) == away
    at(WED_17)
    actions.change_owner(reference, jack, WED_17, owner_id=lea.id)
    ran(WED_17, THU_18)
    assert "Lea Ward was emailed (new task)." in line(WED_17, "action", reference)
    assert "Sam Hill" not in line(WED_17, "action", reference)
    # what was said of a day before it went to Lea stays, and back from leave Sam is told that it is hers
    assert line(TUE_16, "action", reference) == away
    assert "Sam Hill was emailed (news)." in line(THU_18, "action", reference)
    assert line(date(2010, 10, 1), "action", reference) == "Sam Hill was emailed (new task)."


def test_a_past_day_is_told_after_a_leaver_was_made_anonymous(jack: Person, lea: Person) -> None:
    ran(FRI_12, MON_15, TUE_16, WED_17, THU_18)
    sam = db.session.scalars(select(Person).where(Person.name == "Sam Hill")).one()
    at(FRI_19)
    tess = a_person("Tess Orme")
    assigning.reassign("CP-001", "second", tess.id, jack, FRI_19, "Sam leaves")
    all_sent()
    with transaction():
        sam.leaving_on = FRI_19
    at(date(2010, 11, 22))
    former = f"Former member of staff {sam.id}"
    make_anonymous(sam.id, "Sam Hill", by=jack, on=date(2010, 11, 22))
    assert line(FRI_12) == f"Lea Ward and {former} were emailed (due today)."
    # of their leave only the decision is kept
    assert line(TUE_16) == f"Lea Ward was emailed ({LATE}). {former} was not emailed (on leave)."
    assert line(WED_17) == f"{former} was not emailed (on leave)."
    assert line(THU_18) == f"{former} was emailed (overdue by 4 working days)."
    assert f"{former} was emailed (nothing more to do)." in line(FRI_19)


def test_a_past_day_is_told_when_the_texts_of_its_emails_are_gone(jack: Person, lea: Person) -> None:
    ran(FRI_12)
    at(MON_15)
    chase("CP-001", jack, MON_15, "Can I help?")
    moves.exempt("CP-001", jack, MON_15, "sickness", "The head of service")
    all_sent()
    reference = given(lea, jack)
    before = [line(on) for on in (FRI_12, MON_15)]
    of_action = line(date(2010, 10, 1), "action", reference)
    assert "(message from a coordinator)" in before[1]
    assert "(nothing more to do)" in before[1]
    at(date(2012, 11, 12))
    thin_emails(date(2012, 11, 12))
    assert db.session.scalars(select(Message.text)).all() == [None] * db.session.query(Message).count()
    assert [line(on) for on in (FRI_12, MON_15)] == before
    assert line(date(2010, 10, 1), "action", reference) == of_action != ""


def test_ends_that_were_taken_back_are_told_of_the_days_they_held(jack: Person, lea: Person) -> None:
    at(MON_15)
    reference = given(lea, jack)
    at(TUE_16)
    actions.propose_done(reference, lea, TUE_16, "Sent")
    ran(WED_17)
    at(THU_18)
    actions.send_back(reference, jack, THU_18, "One team is missing")
    assert line(WED_17, "action", reference) == (
        "No one was emailed, because it was done on 16 November 2010."
    )
    at(FRI_19)
    assert "was done" not in line(THU_18, "action", reference)


def test_who_may_know_of_chases_alone_is_not_told_of_the_worker(jack: Person, lea: Person) -> None:
    audit_id = db.session.scalars(select(Audit.id)).one()
    with transaction():
        db.session.add(
            CalledResponse(
                reference="CP-001-P1",
                audit_id=audit_id,
                called_on=MON_15,
                due_on=FRI_19,
                questions=[],
            )
        )
    audit = db.session.scalars(select(Audit)).one()
    boss = db.session.scalars(select(Person).where(Person.name == "Max Lee")).one()
    called = db.session.scalars(select(CalledResponse)).one()
    at(MON_15)
    with transaction():
        write(
            "response",
            recipient=boss.id,
            address=boss.email,
            rendered=Rendered("A response is needed", "Please answer", "<p>Please answer</p>"),
            why="",
            on=MON_15,
            facts={"response": called.id},
        )
    all_sent()
    assert line(MON_15) == "Max Lee was emailed (response needed)."
    subject = subject_of("audit", audit.reference)
    assert subject is not None
    hidden = Followed(subject, MON_15, sees_all=False).on(MON_15)
    assert in_a_line(hidden, to_coordinator=False) == (
        "There is an email on another matter, which you cannot see here."
    )


# what was taken back after the run of a day


AWAY = "Sam Hill was not emailed (on leave until 17 November 2010)."
MON_22 = date(2010, 11, 22)


def held_from(lea: Person, jack: Person, on: date) -> int:
    """Hold the overdue reminder of Tuesday from Lea for good, and return the id of the hold."""
    subject = subject_of("audit", "CP-001")
    assert subject is not None
    item = holds.due_or_waiting(("audit", subject.id, lea.id, "digest", "overdue", DUE), TUE_16)
    assert item is not None
    holds.hold(item, jack, on, None, "Court")
    [held] = holds.held_of("audit", subject.id, on)
    return held.id


def on_hold() -> None:
    """Keep what waits from being sent, as without a mail server."""
    with transaction():
        db.session.execute(update(Message).where(Message.state == QUEUED).values(state=HELD))


def ran_on_hold(*days: date) -> None:
    for on in days:
        at(on)
        run(on)
        on_hold()


def test_a_hold_that_was_let_go_after_the_run_held_on_that_day(jack: Person, lea: Person) -> None:
    held = held_from(lea, jack, MON_15)
    ran(TUE_16, WED_17)
    holds.let_go(held, jack, WED_17)
    is_held = "Lea Ward was not emailed (held by a coordinator: Court)."
    assert is_held in line(TUE_16)
    assert is_held in line(WED_17)
    ran(THU_18)
    assert is_held in line(WED_17)
    assert "held" not in line(THU_18)


def test_a_hold_that_was_let_go_before_the_run_did_not_hold_on_that_day(jack: Person, lea: Person) -> None:
    """The manager is told on Friday: the overdue reminder that was held is not sent any more."""
    held = held_from(lea, jack, MON_15)
    ran(TUE_16)
    at(THU_18)
    holds.let_go(held, jack, FRI_19)
    ran(FRI_19)
    assert "Lea Ward" in line(FRI_19)
    assert "held" not in line(FRI_19)


def test_a_promise_that_was_struck_out_after_the_run_held_on_that_day(jack: Person, lea: Person) -> None:
    at(MON_15)
    log_chase("CP-001", jack, MON_15, MON_15, "phone", "Lea Ward", new_expected_on=FRI_19)
    ran(TUE_16, WED_17)
    [logged] = db.session.scalars(select(Chase))
    strike_chase("CP-001", logged.id, jack, WED_17, "Another audit")
    promised = (
        "Lea Ward was not emailed (promised for 19 November 2010, so not chased; "
        "the entry was struck through on 17 November 2010)."
    )
    assert line(TUE_16) == f"{promised} {AWAY}"
    assert line(WED_17) == f"{promised} {AWAY}"
    ran(THU_18)
    assert line(WED_17) == f"{promised} {AWAY}"
    assert "promised" not in line(THU_18)


NOT_SENT = "was written and not sent"


def test_an_email_whose_place_a_later_one_took_is_told_of_its_day(jack: Person, lea: Person) -> None:
    an_audit("CP-002", lead=lea, due_on=WED_17, started_on=date(2010, 10, 8))
    ran_on_hold(TUE_16)
    assert line(TUE_16) == f"The email to Lea Ward ({LATE}) is on hold. {AWAY}"
    ran_on_hold(WED_17)
    assert line(TUE_16) == (
        f"The email to Lea Ward ({LATE}) {NOT_SENT}: a later email took its place. {AWAY}"
    )
    assert "The email to Lea Ward (overdue by 3 working days) is on hold." in line(WED_17)
    # a later step of the same audit takes the place of this one
    ran_on_hold(FRI_19)
    assert f"The email to Lea Ward ({LATE}) {NOT_SENT}: a later email took its place." in line(TUE_16)


def test_what_was_taken_out_of_an_email_is_told_of_the_day_it_was_written(jack: Person, lea: Person) -> None:
    an_audit("CP-002", lead=lea, due_on=WED_17, started_on=date(2010, 10, 8))
    ran_on_hold(TUE_16)
    log_chase("CP-001", jack, TUE_16, TUE_16, "phone", "Lea Ward", new_expected_on=FRI_19)
    ran_on_hold(WED_17)
    assert f"The email to Lea Ward ({LATE}) {NOT_SENT} (promised, so not chased)." in line(TUE_16)
    assert "Lea Ward was not emailed (promised for 19 November 2010, so not chased)." in line(WED_17)
    # the promise is broken: the email of Tuesday stays in the past
    ran(MON_22)
    assert "Lea Ward, Sam Hill and Max Lee were emailed" in line(MON_22)
    assert f"The email to Lea Ward ({LATE}) {NOT_SENT} (promised, so not chased)." in line(TUE_16)


def test_an_audit_to_do_after_all_is_told(jack: Person, lea: Person) -> None:
    ran(FRI_12)
    at(MON_15)
    moves.exempt("CP-001", jack, MON_15, "sickness", "The head of service")
    all_sent()
    at(THU_18)
    moves.lift_exemption("CP-001", jack, THU_18, "Back at work")
    all_sent()
    assert line(THU_18) == "Lea Ward and Sam Hill were emailed (audit to do after all)."


OF_NO_ONE_THING = {"weekly", "practice", "history", "trouble", "retention", "key-ends", "test"}
OF_ACCOUNTS = {"invitation", "password", "access", "role-request"}


def test_each_kind_of_email_about_a_thing_is_in_the_line(service: Flask) -> None:
    told = {*OF_DAILY_RUN, *TO_AUDITORS, *PRIVATE, "given", "declined", "assigned"}
    # other tests register kinds of their own
    kinds = {kind for kind in KINDS if (PROJECT / "templates" / "emails" / kind).is_dir()}
    assert kinds - told <= OF_NO_ONE_THING | OF_ACCOUNTS


def test_a_hold_is_shown_to_coordinators_while_the_reminder_would_go(
    jack: Person, lea: Person, service: Flask
) -> None:
    held_from(lea, jack, MON_15)
    client = browser(service, jack, MON_15)
    held = "to Lea Ward is held"
    assert held in visible(opened(client, "/audits/CP-001"))
    assigning.reassign("CP-001", "lead", a_person("Tess Orme").id, jack, MON_15, "Lea is too busy")
    assert held not in visible(opened(client, "/audits/CP-001"))
