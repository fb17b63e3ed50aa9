"""The pages of messages: what a coordinator sees and can put right, by visible words."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.database import db, transaction
from app.history import record
from app.outbox import pausing
from app.outbox.delivery import deliver
from app.outbox.kinds import Rendered
from app.outbox.models import DROPPED, FAILED, HELD, QUEUED, SENT, Message, MessageItem
from app.people.models import Person
from tests.factories import a_person
from tests.mail_server import MailServer
from tests.outbox.messages import ON, a_message, connect_to, fresh
from tests.pages import opened, visible
from tests.statements import statements

NOON = datetime(2010, 11, 5, 12, tzinfo=UTC)
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def jack(clock_at: Callable[[datetime], None], sign_in: SignIn) -> FlaskClient:
    """A coordinator, signed in at noon."""
    clock_at(NOON)
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))


@pytest.fixture
def server(jack: FlaskClient) -> Iterator[MailServer]:
    with MailServer() as running:
        connect_to(running.port)
        yield running


def posted(client: FlaskClient, at: str, **fields: str) -> str:
    answer = client.post(at, data=fields, follow_redirects=True)
    assert answer.status_code == 200, answer.status
    return visible(answer.get_data(as_text=True))


def test_messages_are_listed_with_what_became_of_them(jack: FlaskClient, server: MailServer) -> None:
    server.answer("rcpt", "550 5.1.1 No such user", to="gone@council.example")
    a_message("here@council.example")
    a_message("gone@council.example")
    deliver(ON)
    page = visible(opened(jack, "/messages"))
    assert "1 sent" in page
    assert "1 could not be delivered" in page
    line = "gone@council.example plain words 5 November 2010 at midday Could not be delivered 550 5.1.1"
    assert line in page


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("state=failed", "gone@council.example", "katarzyna.wilk@council.example"),
        ("state=sent", "katarzyna.wilk@council.example", "gone@council.example"),
        ("kind=test", "jack.denny@council.example", "gone@council.example"),
        ("to=Wilk", "katarzyna.wilk@council.example", "gone@council.example"),
        ("to=gone", "gone@council.example", "katarzyna.wilk@council.example"),
        ("to=%25", "No emails found", "gone@council.example"),
    ],
)
def test_messages_are_found_by_state_kind_and_person(
    jack: FlaskClient, server: MailServer, query: str, shown: str, hidden: str
) -> None:
    server.answer("rcpt", "550 5.1.1 No such user", to="gone@council.example")
    a_message("katarzyna.wilk@council.example", recipient=a_person("Katarzyna Wilk").id)
    a_message("gone@council.example")
    deliver(ON)
    jack.post("/messages/test")
    page = visible(opened(jack, f"/messages?{query}"))
    assert shown in page
    assert hidden not in page


def test_a_long_list_has_pages_and_few_queries(jack: FlaskClient) -> None:
    for number in range(51):
        a_message(f"number{number}@council.example")
    assert "number0@council.example" not in opened(jack, "/messages")
    assert "Page 1 of 2" in visible(opened(jack, "/messages"))
    assert "number0@council.example" in opened(jack, "/messages?page=2")


def test_a_message_says_to_whom_when_why_what_and_the_servers_answer(
    jack: FlaskClient, server: MailServer
) -> None:
    katarzyna = a_person("Katarzyna Wilk")
    message = a_message(
        katarzyna.email, recipient=katarzyna.id, why="Two audits are due in 5 working days (step due-soon)."
    )
    deliver(ON)
    page = visible(opened(jack, f"/messages/{message.id}"))
    for words in (
        "To Katarzyna Wilk, katarzyna.wilk@council.example",
        "Status Sent on 5 November 2010 at midday",
        "Why it was written Two audits are due in 5 working days (step due-soon).",
        "Mail server’s answer 250 2.0.0 Ok: queued",
        "Times tried 1",
        "Text of the email Two audits.",
    ):
        assert words in page


def test_the_words_of_a_message_are_shown_as_words(jack: FlaskClient) -> None:
    message = a_message(rendered=Rendered("<b>bold</b>", "<script>alert(1)</script>", "<p></p>"))
    page = opened(jack, f"/messages/{message.id}")
    assert "<script>alert" not in page
    assert "<b>bold" not in page


def test_a_message_that_carries_a_key_is_never_shown(jack: FlaskClient) -> None:
    message = a_message(secret=True)
    page = opened(jack, f"/messages/{message.id}")
    assert "its text is not shown" in page
    assert "Two audits.\n" not in page


def test_a_failed_message_is_sent_again_to_an_address_put_right(
    jack: FlaskClient, server: MailServer
) -> None:
    server.answer("rcpt", "550 5.1.1 No such user", to="katarzina@council.example")
    katarzyna = a_person("Katarzyna Wilk")
    message = a_message("katarzina@council.example", recipient=katarzyna.id)
    deliver(ON)
    assert fresh(message).state == FAILED
    assert 'value="katarzyna.wilk@council.example"' in opened(jack, f"/messages/{message.id}")
    page = posted(jack, f"/messages/{message.id}/send-again", address=" katarzyna.wilk@council.example ")
    assert "Email sent to katarzyna.wilk@council.example" in page
    assert fresh(message).state == SENT
    (event,) = record.of("message", str(message.id))
    assert (event.who, event.what, event.before, event.after) == (
        "jack.denny@council.example",
        "sent again",
        "katarzina@council.example",
        "katarzyna.wilk@council.example",
    )


@pytest.mark.parametrize(
    "address", ["", "nobody", "two@council.example, three@council.example", "a b@council.example"]
)
def test_an_address_that_cannot_be_one_is_refused(
    jack: FlaskClient, server: MailServer, address: str
) -> None:
    server.answer("rcpt", "550 5.1.1 No such user")
    message = a_message("gone@council.example")
    deliver(ON)
    answer = jack.post(f"/messages/{message.id}/send-again", data={"address": address})
    assert answer.status_code == 422
    assert "Email address must be one address, like name@council.example" in visible(
        answer.get_data(as_text=True)
    )
    assert (fresh(message).state, message.address) == (FAILED, "gone@council.example")


def test_what_was_sent_is_not_sent_again_nor_dropped(jack: FlaskClient, server: MailServer) -> None:
    message = a_message()
    deliver(ON)
    for move, status in (("send-again", 422), ("release", 409), ("drop", 409)):
        answer = jack.post(f"/messages/{message.id}/{move}", data={"address": "a@council.example"})
        assert answer.status_code == status
    assert fresh(message).state == SENT
    assert len(server.messages) == 1


def test_a_failed_message_is_dropped(jack: FlaskClient, server: MailServer) -> None:
    server.answer("rcpt", "550 5.1.1 No such user")
    message = a_message()
    deliver(ON)
    assert "Email dropped. It will not be sent." in posted(jack, f"/messages/{message.id}/drop")
    assert fresh(message).state == DROPPED


def test_held_messages_are_released_one_by_one(jack: FlaskClient) -> None:
    first, second = a_message(), a_message()
    deliver(ON)
    assert "No mail server is set" in visible(opened(jack, "/messages"))
    with MailServer() as server:
        connect_to(server.port)
        posted(jack, f"/messages/{first.id}/release")
        assert [fresh(first).state, fresh(second).state] == [SENT, HELD]


def test_held_messages_are_released_all_at_once(jack: FlaskClient) -> None:
    messages = [a_message(), a_message()]
    deliver(ON)
    with MailServer() as server:
        connect_to(server.port)
        assert "2 emails released" in posted(jack, "/messages/release")
    assert [fresh(message).state for message in messages] == [QUEUED, QUEUED]


def test_nothing_is_released_while_no_mail_server_is_set(jack: FlaskClient) -> None:
    message = a_message()
    deliver(ON)
    for page in ("/messages", f"/messages/{message.id}"):
        assert "Release" not in visible(opened(jack, page))
    why = "No mail server is set, so emails stay on hold."
    said = posted(jack, "/messages/release")
    assert why in said
    assert "Success" not in said
    alone = jack.post(f"/messages/{message.id}/release")
    assert alone.status_code == 409
    assert why in visible(alone.get_data(as_text=True))
    assert fresh(message).state == HELD


def test_held_messages_are_dropped_all_at_once_after_asking(jack: FlaskClient) -> None:
    plain, key = a_message(), a_message(secret=True)
    deliver(ON)
    assert "Drop 2 emails on hold?" in visible(opened(jack, "/messages/drop-held"))
    assert fresh(plain).state == HELD
    assert "2 emails dropped" in posted(jack, "/messages/drop-held")
    assert [fresh(plain).state, fresh(key).state] == [DROPPED, DROPPED]
    assert (plain.text, key.text) == ("Two audits.\n", None)


def test_a_test_message_shows_that_mail_works(jack: FlaskClient, server: MailServer) -> None:
    assert "Email sent to jack.denny@council.example" in posted(jack, "/messages/test")
    assert [one.subject for one in server.messages] == ["Test email from Practice audits"]


def test_a_test_message_shows_that_mail_does_not_work(jack: FlaskClient, server: MailServer) -> None:
    server.down()
    page = posted(jack, "/messages/test")
    assert "Email not sent: The mail server refuses connections." in page
    assert "The mail server cannot be reached" in page
    assert "The mail server refuses connections." in page


def test_a_test_message_without_a_mail_server_is_held(jack: FlaskClient) -> None:
    assert "Email put on hold, because no mail server is set" in posted(jack, "/messages/test")


def test_paused_delivery_is_shown_and_resumed_by_hand(jack: FlaskClient, server: MailServer) -> None:
    with transaction():
        pausing.refused("550 5.7.1 Sender unknown", NOON, times=3)
    page = visible(opened(jack, "/messages"))
    assert "Delivery is paused" in page
    assert "550 5.7.1 Sender unknown" in page
    assert "Delivery is paused" not in posted(jack, "/messages/resume")
    a_message()
    assert deliver(ON, scheduled=True).sent == 1


def test_a_server_out_of_reach_is_shown(jack: FlaskClient, server: MailServer) -> None:
    with transaction():
        pausing.out_of_reach("The mail server did not answer in time.", NOON - timedelta(hours=2))
    page = visible(opened(jack, "/messages"))
    assert "The mail server could not be reached for an hour or more" in page
    assert "Since 5 November 2010 at 10am" in page


@pytest.mark.parametrize(
    "role", ["auditor", "manager", "administrator", "moderator", "leader", "practitioner"]
)
def test_messages_are_for_coordinators_alone(sign_in: SignIn, role: str) -> None:
    message = a_message()
    client = sign_in(a_person("Somebody Else", roles=[role]))
    for address in ("/messages", f"/messages/{message.id}", "/messages/drop-held"):
        assert client.get(address).status_code == 403
    for address in (
        "/messages/test",
        "/messages/resume",
        "/messages/release",
        f"/messages/{message.id}/drop",
    ):
        assert client.post(address).status_code == 403


def test_a_message_that_is_not_there_is_not_found(jack: FlaskClient) -> None:
    assert jack.get("/messages/12345").status_code == 404
    assert jack.post("/messages/12345/drop").status_code in (404, 409)


def test_the_test_message_is_said_in_text_and_html(jack: FlaskClient) -> None:
    jack.post("/messages/test")
    db.session.rollback()
    message = db.session.scalars(select(Message)).one()
    assert message.text == (
        "You sent this test message. It shows that emails from Practice audits reach you.\n\n"
        "Open the list of emails: http://127.0.0.1:8000/messages\n\n"
        "Your council sent this email automatically from Practice audits.\n\n"
        "OFFICIAL-SENSITIVE\n"
    )
    assert message.on == date(2010, 11, 5)
    assert "It shows that emails from Practice audits reach you." in (message.html or "")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/messages/9223372036854775808", 404),
        ("/messages/99999999999999999999", 404),
        ("/people/99999999999999999999", 404),
        ("/messages?page=99999999999999999999", 200),
    ],
)
def test_a_number_that_no_database_can_hold_is_no_page(
    sign_in: Callable[[Person], FlaskClient], address: str, status: int
) -> None:
    client = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    assert client.get(address).status_code == status


def test_a_setting_that_stops_every_message_is_told_on_every_page(
    jack: FlaskClient, server: MailServer
) -> None:
    connect_to(server.port, reply_to="audits")
    why = "MAIL_REPLY_TO must be 1 email address"
    page = posted(jack, "/messages/test")
    assert f"Email not sent: {why}" in page
    assert "A setting is wrong, so no emails can be sent" in page
    assert why in visible(opened(jack, "/messages"))
    assert f"Delivery of emails is paused: {why}" in visible(opened(jack, "/"))


@pytest.mark.parametrize("state", [SENT, QUEUED])
def test_what_a_long_message_is_about_has_pages_and_few_queries(jack: FlaskClient, state: str) -> None:
    katarzyna = a_person("Katarzyna Wilk")
    message = a_message(katarzyna.email, recipient=katarzyna.id, kind="digest")
    with transaction():
        fresh(message).state = state
        db.session.add_all(
            MessageItem(
                obligation_kind="audit",
                obligation_id=number,
                person_id=katarzyna.id,
                kind="digest",
                step="overdue",
                anchor_on=ON,
                step_on=ON,
                due_on=ON,
                reference=f"CP-{number:03}",
                message_id=message.id,
                carrier_id=message.id,
            )
            for number in range(51)
        )
    with statements() as sent:
        page = opened(jack, f"/messages/{message.id}")
    assert len(sent) <= 30
    assert page.count('href="/audits/CP-') == 50
    assert page.count(">Hold<") == (50 if state == QUEUED else 0)
    assert "Page 1 of 2" in visible(page)
    assert f'href="/messages/{message.id}?page=2"' in page
    rest = opened(jack, f"/messages/{message.id}?page=2")
    assert "CP-050" in rest
    assert "CP-049" not in rest
