"""The pages of concerns: who finds them where, what they say, and what they never say."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import update

from app.concerns import alerts, remedies
from app.concerns.alert_queries import found as alert_found
from app.concerns.alerts import PhoneCall
from app.concerns.remedy_queries import found as remedy_found
from app.database import db, transaction
from app.outbox import pausing
from app.outbox.delivery import deliver
from app.outbox.models import FAILED, Message
from app.people.models import Leave, Person
from config.settings import Settings
from tests.pages import opened, visible

from .conftest import CASE_NUMBER

SignIn = Callable[[Person], FlaskClient]
ClockAt = Callable[[date], None]

WORRIED = "I am worried that this child may be at risk now"
DAY, DUE = date(2010, 11, 1), date(2010, 11, 15)
CALL = PhoneCall("Mona Reese, team manager", "today, 14:20", "by telephone", "She visits at 16:00.")
SENT = {"whom": CALL.whom, "when": CALL.when, "how": CALL.how, "answer": CALL.answer}
TEXT = "The chronology stops in June"


@pytest.fixture(autouse=True)
def _monday(clock_at: ClockAt) -> None:
    clock_at(DAY)


def an_alert(people: dict[str, Person], by: str = "alison") -> str:
    return alerts.raise_alert("CP-009", CALL, people[by], datetime(2010, 11, 1, 14, 30, tzinfo=UTC), DAY)


def a_remedy(people: dict[str, Person], owner: str | None = "mona") -> str:
    owner_id = people[owner].id if owner else None
    return remedies.note("CP-009", TEXT, DUE, owner_id, people["alison"], DAY)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/audits/CP-009", True),
        ("/audits/CP-009/form", True),
        ("/audits/CP-009/cannot", True),
        ("/audits/CP-009/remedies/new", True),
        ("/audits/CP-009/at-risk", False),
        ("/audits", False),
        ("/", False),
    ],
)
def test_the_way_to_say_it_is_on_every_page_of_an_audit(
    people: dict[str, Person], sign_in: SignIn, address: str, shown: bool
) -> None:
    page = opened(sign_in(people["alison"]), address)
    assert ('href="/audits/CP-009/at-risk"' in page) == shown


UNSENT = "Emails could not be sent. Phone these people."


def mail_goes() -> None:
    """A mail server is set."""
    settings: Settings = current_app.extensions["settings"]
    mail = replace(settings.mail, server="mail.council.example")
    current_app.extensions["settings"] = replace(settings, mail=mail)


def no_server() -> None:
    """Leave the service without a mail server."""


def held() -> None:
    """Hold the message, then set a server."""
    deliver(DAY)
    mail_goes()


def failed() -> None:
    """Let the server refuse the message."""
    mail_goes()
    with transaction():
        db.session.execute(update(Message).values(state=FAILED))


def paused() -> None:
    """Let the server refuse the sender."""
    mail_goes()
    with transaction():
        pausing.refused("550 no", datetime(2010, 11, 1, 14, tzinfo=UTC), times=3)


def out_of_reach() -> None:
    """Let the server be out of reach."""
    mail_goes()
    with transaction():
        pausing.out_of_reach("no route", datetime(2010, 11, 1, 14, tzinfo=UTC))


@pytest.mark.parametrize("trouble", [no_server, held, failed, paused, out_of_reach])
@pytest.mark.parametrize("who", ["alison", "jack"])
def test_an_alert_whose_emails_do_not_go_says_so_and_whom_to_phone(
    people: dict[str, Person], sign_in: SignIn, who: str, trouble: Callable[[], None]
) -> None:
    an_alert(people)
    trouble()
    client = sign_in(people[who])
    page = opened(client, "/alerts/CP-009-A1")
    assert UNSENT in visible(page)
    assert f'role="alert">\n    <h2 class="govuk-error-summary__title">{UNSENT}' in page
    assert "Mona Reese: 01270 555 031" in visible(page)
    assert ("Jack Denny: 01270 555 001" in visible(page)) == (who == "alison")
    if who == "jack":
        assert "Emails could not be sent: see who to phone" in visible(opened(client, "/"))
    alerts.acknowledge("CP-009-A1", people["mona"], "I visit.", datetime(2010, 11, 1, 15, tzinfo=UTC), DAY)
    assert UNSENT not in visible(opened(client, "/alerts/CP-009-A1"))


def test_while_mail_goes_nothing_is_said_of_emails_that_could_not_be_sent(
    people: dict[str, Person], sign_in: SignIn
) -> None:
    mail_goes()
    client = sign_in(people["jack"])
    an_alert(people)
    page = visible(opened(client, "/alerts/CP-009-A1"))
    assert UNSENT not in page
    assert "They get an email every 2 hours" in page
    assert "could not be sent" not in visible(opened(client, "/"))


def test_raising_it_without_mail_promises_no_email(people: dict[str, Person], sign_in: SignIn) -> None:
    client = sign_in(people["alison"])
    before = visible(opened(client, "/audits/CP-009/at-risk"))
    assert "Emails are not being sent. Phone these people. No mail server is set." in before
    assert "Jack Denny: 01270 555 001" in before
    assert "told at once" not in before
    after = visible(client.post("/audits/CP-009/at-risk", data=SENT, follow_redirects=True).text)
    assert "Your worry is recorded. Emails could not be sent. Phone the people on this page." in after
    assert "being told" not in after
    assert "every 2 hours" not in after


def test_the_page_says_phone_first_and_whom_and_that_it_is_no_referral(
    people: dict[str, Person], sign_in: SignIn
) -> None:
    mail_goes()
    page = visible(opened(sign_in(people["imogen"]), "/audits/CP-009/at-risk"))
    assert "Phone first. This page is not a referral." in page
    assert "Mona Reese, manager, Nantwich: 01270 555 031" in page
    assert "the duty team" in page
    assert "These people are told at once: Mona Reese, Cora Lane, Jack Denny." in page


def test_an_auditor_records_it_and_reads_what_became_of_it(
    people: dict[str, Person], sign_in: SignIn
) -> None:
    client = sign_in(people["alison"])
    answer = client.post("/audits/CP-009/at-risk", data=SENT)
    assert answer.headers["Location"] == "/alerts/CP-009-A1"
    page = opened(client, "/alerts/CP-009-A1")
    assert "No one has acknowledged this alert yet." in visible(page)
    assert "Cora Lane: email waiting" in visible(page)
    assert 'name="said"' not in page
    answer = client.post("/alerts/CP-009-A1", data={"said": "I have done it myself."})
    assert answer.status_code == 422
    assert "someone else must acknowledge it" in visible(answer.get_data(as_text=True))


@pytest.mark.parametrize("missing", SENT)
def test_what_is_missing_is_asked_for_and_what_was_typed_is_kept(
    people: dict[str, Person], sign_in: SignIn, missing: str
) -> None:
    answer = sign_in(people["alison"]).post("/audits/CP-009/at-risk", data={**SENT, missing: ""})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert all(words in page for name, words in SENT.items() if name != missing)
    assert alert_found("CP-009-A1") is None


def test_with_nobody_to_tell_the_page_says_so_loudly(people: dict[str, Person], sign_in: SignIn) -> None:
    with transaction():
        for name in ("mona", "jack", "cora"):
            db.session.get_one(Person, people[name].id).leaving_on = date(2010, 10, 29)
    client = sign_in(people["alison"])
    assert "This service cannot tell anyone." in visible(opened(client, "/audits/CP-009/at-risk"))
    client.post("/audits/CP-009/at-risk", data=SENT)
    assert "No one has been told." in visible(opened(client, "/alerts/CP-009-A1"))


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        ("mona", "/alerts/CP-009-A1", 200),
        ("jack", "/alerts/CP-009-A1", 200),
        ("alison", "/alerts/CP-009-A1", 200),
        ("imogen", "/alerts/CP-009-A1", 403),
        ("max", "/alerts/CP-009-A1", 403),
        ("gwen", "/alerts/CP-009-A1", 403),
        ("mona", "/alerts", 403),
        ("mona", "/audits/CP-009/at-risk", 403),
        ("gwen", "/audits/CP-009/at-risk", 403),
        ("mona", "/remedies/CP-009-F1", 200),
        ("imogen", "/remedies/CP-009-F1", 200),
        ("max", "/remedies/CP-009-F1", 403),
        ("gwen", "/remedies/CP-009-F1", 403),
        ("mona", "/remedies/CP-009-F1/done", 200),
        ("alison", "/remedies/CP-009-F1/done", 403),
        ("jack", "/remedies/CP-009-F1/done", 403),
        ("mona", "/remedies/CP-009-F1/later", 200),
        ("alison", "/remedies/CP-009-F1/later", 200),
        ("mona", "/remedies/CP-009-F1/withdraw", 403),
        ("alison", "/remedies/CP-009-F1/withdraw", 200),
        ("alison", "/remedies/CP-009-F1/owner", 403),
        ("jack", "/remedies/CP-009-F1/owner", 200),
        ("mona", "/audits/CP-009/remedies/new", 403),
    ],
)
def test_alerts_and_remedies_open_to_those_they_concern(
    people: dict[str, Person], sign_in: SignIn, who: str, address: str, status: int
) -> None:
    an_alert(people)
    a_remedy(people)
    assert sign_in(people[who]).get(address).status_code == status


def test_the_case_number_is_for_the_pair_coordinators_and_moderators(
    people: dict[str, Person], sign_in: SignIn
) -> None:
    an_alert(people)
    a_remedy(people)
    for who, sees in (("mona", False), ("jack", True), ("alison", True)):
        client = sign_in(people[who])
        for address in ("/alerts/CP-009-A1", "/remedies/CP-009-F1"):
            page = opened(client, address)
            assert (CASE_NUMBER in page) == sees, (who, address)
            assert CASE_NUMBER not in page.split("</title>")[0]
            assert ("You cannot see the case number." in page) != sees
        client.post("/sign-out")


def test_a_receiver_finds_the_open_alert_on_the_first_page_and_acknowledges_it(
    people: dict[str, Person], sign_in: SignIn
) -> None:
    an_alert(people)
    client = sign_in(people["mona"])
    assert "Alert CP-009-A1, raised by Alison Hartley" in visible(opened(client, "/"))
    answer = client.post("/alerts/CP-009-A1", data={"said": "I visit at 16:00."})
    assert answer.status_code == 302
    assert "Acknowledged by Mona Reese" in visible(opened(client, "/alerts/CP-009-A1"))
    assert "A child may be at risk now" not in visible(opened(client, "/"))


def test_others_do_not_find_the_alert_on_their_first_page(people: dict[str, Person], sign_in: SignIn) -> None:
    an_alert(people)
    for who in ("max", "gwen"):
        client = sign_in(people[who])
        assert "CP-009-A1" not in opened(client, "/")
        client.post("/sign-out")


def test_coordinators_have_a_list_with_the_open_alerts_on_top(
    people: dict[str, Person], sign_in: SignIn
) -> None:
    an_alert(people)
    an_alert(people)
    at = datetime(2010, 11, 1, 15, tzinfo=UTC)
    alerts.acknowledge("CP-009-A2", people["mona"], "I visit.", at, DAY)
    page = opened(sign_in(people["jack"]), "/alerts")
    assert page.index("CP-009-A1") < page.index("CP-009-A2")


def test_the_pair_notes_a_remedy_and_is_warned_of_a_name(people: dict[str, Person], sign_in: SignIn) -> None:
    client = sign_in(people["alison"])
    data = {
        "text": "NHS number 943 476 5919 is wrong",
        "due_on": ["15", "11", "2010"],
        "owner": str(people["mona"].id),
    }
    warned = client.post("/audits/CP-009/remedies/new", data=data)
    assert warned.status_code == 200
    assert "seems to include an NHS number" in warned.get_data(as_text=True)
    assert remedy_found("CP-009-F1") is None
    answer = client.post("/audits/CP-009/remedies/new", data={**data, "text": TEXT})
    assert answer.headers["Location"] == "/remedies/CP-009-F1"
    assert TEXT in opened(client, "/audits/CP-009")


def test_without_a_manager_in_the_team_it_is_nobodys_yet(people: dict[str, Person], sign_in: SignIn) -> None:
    with transaction():
        db.session.get_one(Person, people["mona"].id).leaving_on = date(2010, 10, 29)
    data = {"text": TEXT, "due_on": ["15", "11", "2010"], "owner": "0"}
    client = sign_in(people["alison"])
    client.post("/audits/CP-009/remedies/new", data=data)
    assert "No owner yet" in visible(opened(client, "/remedies/CP-009-F1"))
    client.post("/sign-out")
    client = sign_in(people["jack"])
    assert "Choose an owner for 1 remedy" in visible(opened(client, "/"))
    client.post("/remedies/CP-009-F1/owner", data={"owner": str(people["max"].id)})
    remedy = remedy_found("CP-009-F1")
    assert remedy is not None
    assert remedy.owner_id == people["max"].id


def test_its_owner_finds_it_gives_it_a_later_day_and_says_that_it_is_done(
    people: dict[str, Person], sign_in: SignIn
) -> None:
    a_remedy(people)
    client = sign_in(people["mona"])
    assert "CP-009-F1" in opened(client, "/")
    assert "CP-009-F1" in opened(client, "/remedies")
    page = visible(opened(client, "/remedies/CP-009-F1"))
    assert "Alison Hartley, 01270 555 014" in page
    later = {"due_on": ["15", "12", "2010"], "because": "The file is at the archive"}
    assert client.post("/remedies/CP-009-F1/later", data=later).status_code == 302
    assert client.post("/remedies/CP-009-F1/done", data={"how": ""}).status_code == 422
    assert client.post("/remedies/CP-009-F1/done", data={"how": "It is complete."}).status_code == 302
    page = visible(opened(client, "/remedies/CP-009-F1"))
    assert "First due date Monday 15 November 2010" in page
    assert "How it was put right It is complete." in page
    assert client.post("/remedies/CP-009-F1/later", data=later).status_code == 409
    assert "CP-009-F1" not in opened(client, "/remedies")
    assert "CP-009-F1" in opened(client, "/remedies?show=ended")


def test_the_owners_line_manager_and_who_stands_in_see_how_it_stands_and_not_what_it_is(
    people: dict[str, Person], sign_in: SignIn
) -> None:
    a_remedy(people)
    with transaction():
        db.session.get_one(Person, people["mona"].id).line_manager_id = people["max"].id
        db.session.add(Leave(person_id=people["max"].id, from_on=DAY, to_on=DAY, deputy_id=people["gwen"].id))
    for who in ("max", "gwen"):
        client = sign_in(people[who])
        page = opened(client, "/remedies/CP-009-F1")
        assert "Mona Reese" in page
        assert TEXT not in page
        assert CASE_NUMBER not in page
        client.post("/sign-out")
