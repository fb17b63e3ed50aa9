"""Choosing a password: forgotten, invited by message, invited with a link where no mail goes."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.database import db, transaction
from app.outbox.kinds import KINDS, Holds, Overtaken
from app.outbox.models import Message
from app.people.inviting import write_links_asked_for
from app.people.models import Person
from app.people.moves import create_user, set_password
from app.people.roles import RoleName
from app.refusal import Refused
from tests.conftest import PASSWORD
from tests.factories import a_person

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
GOLDEN = Path(__file__).parent / "golden"

SignIn = Callable[[Person], FlaskClient]
ClockAt = Callable[[date | datetime], None]


@pytest.fixture(autouse=True)
def noon(clock_at: ClockAt) -> None:
    clock_at(NOON)


@pytest.fixture
def mail_goes(app: Flask) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, mail=replace(settings.mail, server="mail.council.example"))


def messages() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def links_asked_for() -> list[Message]:
    """The messages after the links that were asked for are written, as before each delivery."""
    write_links_asked_for(clock.today())
    return messages()


def link_in(words: str | None) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/choose-password/[\w.~-]+)", words or "")
    assert found
    return found[1]


def gets_in(client: FlaskClient, email: str, password: str) -> bool:
    return client.post("/sign-in", data={"email": email, "password": password}).status_code == 302


@pytest.mark.usefixtures("mail_goes")
def test_a_forgotten_password_is_replaced_with_the_link_of_a_message(client: FlaskClient) -> None:
    ann = a_person("Ann Lee")
    answer = client.post("/forgotten-password", data={"email": "Ann.Lee@council.example "})
    assert "If someone uses this email address to sign in, we will send them a link" in answer.get_data(
        as_text=True
    )
    assert messages() == [], "nothing is looked up while the page is made"
    (message,) = links_asked_for()
    assert (message.kind, message.address, message.secret) == ("password", ann.email, True)
    link = link_in(message.text)
    assert "Ann Lee" in client.get(link).get_data(as_text=True)
    client.post(link, data={"password": "three unrelated words"})
    assert gets_in(client, ann.email, "three unrelated words")
    assert client.get(link).status_code == 410


@pytest.mark.usefixtures("mail_goes")
def test_unknown_addresses_and_leavers_get_the_same_answer_and_no_message(client: FlaskClient) -> None:
    a_person("Walter Gone", leaving_on=date(2026, 11, 20))
    known = a_person("Ann Lee")
    pages = [
        client.post("/forgotten-password", data={"email": email}).get_data(as_text=True)
        for email in (known.email, "nobody@council.example", "walter.gone@council.example")
    ]
    assert pages[0] == pages[1] == pages[2]
    assert [message.address for message in links_asked_for()] == ["ann.lee@council.example"]


@pytest.mark.usefixtures("mail_goes")
def test_asking_again_and_again_sends_one_message_in_five_minutes(
    client: FlaskClient, clock_at: ClockAt
) -> None:
    a_person("Ann Lee")
    for minutes in (0, 1, 4, 6):
        clock_at(NOON + timedelta(minutes=minutes))
        client.post("/forgotten-password", data={"email": "ann.lee@council.example"})
        links_asked_for()
    assert len(messages()) == 2


def test_where_no_mail_goes_the_page_says_whom_to_ask(client: FlaskClient) -> None:
    assert "This service does not send emails yet" in client.get("/forgotten-password").get_data(as_text=True)


@pytest.mark.parametrize(("hours", "works"), [(2.9, True), (3.1, False)])
@pytest.mark.usefixtures("mail_goes")
def test_a_link_for_a_forgotten_password_works_for_three_hours(
    client: FlaskClient, clock_at: ClockAt, hours: float, works: bool
) -> None:
    a_person("Ann Lee")
    client.post("/forgotten-password", data={"email": "ann.lee@council.example"})
    link = link_in(links_asked_for()[0].text)
    clock_at(NOON + timedelta(hours=hours))
    assert (client.get(link).status_code == 200) is works


def test_a_forged_link_opens_nothing(client: FlaskClient) -> None:
    for token in ("", "x", "WzEsICJwYXNzd29yZCJd.abc"):
        assert client.get(f"/choose-password/{token}").status_code in (404, 410)


@pytest.mark.usefixtures("mail_goes")
def test_a_new_password_signs_out_everywhere(app: Flask, client: FlaskClient, sign_in: SignIn) -> None:
    ann = a_person("Ann Lee")
    sign_in(ann)
    other = app.test_client()
    other.post("/forgotten-password", data={"email": ann.email})
    other.post(link_in(links_asked_for()[0].text), data={"password": "three unrelated words"})
    assert client.get("/").status_code == 302
    assert not gets_in(other, ann.email, PASSWORD)


@pytest.mark.usefixtures("mail_goes")
def test_people_who_came_from_a_file_are_invited_once(client: FlaskClient, sign_in: SignIn) -> None:
    a_person("Ann Lee")
    a_person("Walter Gone", leaving_on=date(2026, 11, 20))
    sign_in(a_person("Jack Denny", roles=["coordinator"]))
    assert "Invite 1 person not invited yet" in client.get("/people").get_data(as_text=True)
    client.post("/people/invite")
    client.post("/people/invite")
    (message,) = messages()
    assert (message.kind, message.address, message.secret) == ("invitation", "ann.lee@council.example", True)
    client.post(link_in(message.html), data={"password": "three unrelated words"})
    assert gets_in(client, "ann.lee@council.example", "three unrelated words")


def test_where_no_mail_goes_the_links_are_shown_once(client: FlaskClient, sign_in: SignIn) -> None:
    a_person("Ann Lee")
    sign_in(a_person("Jack Denny", roles=["coordinator"]))
    page = client.post("/people/invite").get_data(as_text=True)
    link = link_in(page)
    assert "These links are shown only once." in page
    assert messages() == []
    assert "choose-password" not in client.get("/people").get_data(as_text=True)
    client.post(link, data={"password": "three unrelated words"})
    assert gets_in(client, "ann.lee@council.example", "three unrelated words")


def test_one_person_is_invited_and_a_leaver_is_not(client: FlaskClient, sign_in: SignIn) -> None:
    ann = a_person("Ann Lee")
    gone = a_person("Walter Gone", leaving_on=date(2026, 11, 20))
    sign_in(a_person("Jack Denny", roles=["coordinator"]))
    assert "/choose-password/" in client.post(f"/people/{ann.id}/invite").get_data(as_text=True)
    answer = client.post(f"/people/{gone.id}/invite")
    assert answer.status_code == 409
    assert "Walter Gone has left" in answer.get_data(as_text=True)


@pytest.mark.usefixtures("mail_goes")
def test_a_waiting_invitation_is_overtaken_by_what_happens_meanwhile(
    client: FlaskClient, sign_in: SignIn, clock_at: ClockAt
) -> None:
    ann = a_person("Ann Lee")
    sign_in(a_person("Jack Denny", roles=["coordinator"]))
    client.post(f"/people/{ann.id}/invite")
    (message,) = messages()
    on = NOON.date()

    def verdict() -> object:
        return KINDS["invitation"].recheck([message], on)[message.id]

    assert verdict() == Holds()
    clock_at(NOON + timedelta(days=15))
    assert verdict() == Overtaken("Its link has expired")
    clock_at(NOON)
    with transaction():
        ann.leaving_on = date(2026, 11, 20)
    assert verdict() == Overtaken("They have left")
    with transaction():
        ann.leaving_on, ann.password = None, "set"
    assert verdict() == Overtaken("They can sign in already")


@pytest.mark.usefixtures("mail_goes")
@pytest.mark.parametrize("kind", ["password", "invitation"])
def test_the_message_reads_as_agreed(client: FlaskClient, sign_in: SignIn, kind: str) -> None:
    ann = a_person("Ann Lee")
    if kind == "password":
        client.post("/forgotten-password", data={"email": ann.email})
    else:
        sign_in(a_person("Jack Denny", roles=["coordinator"]))
        client.post(f"/people/{ann.id}/invite")
    (message,) = links_asked_for()
    written = f"Subject: {message.subject}\n\n{message.text}"
    assert written.replace(link_in(written), "/choose-password/TOKEN") == (GOLDEN / f"{kind}.txt").read_text()


@pytest.mark.usefixtures("mail_goes")
def test_a_password_that_is_too_short_is_refused_on_the_page(client: FlaskClient) -> None:
    a_person("Ann Lee")
    client.post("/forgotten-password", data={"email": "ann.lee@council.example"})
    answer = client.post(link_in(links_asked_for()[0].text), data={"password": "short"})
    assert answer.status_code == 422
    assert "must be 12 characters or more" in answer.get_data(as_text=True)


def test_a_user_is_created_from_nothing(client: FlaskClient) -> None:
    roles = frozenset({RoleName.COORDINATOR, RoleName.ADMINISTRATOR})
    create_user("Ann.Lee@council.example", "Ann Lee", roles, PASSWORD, by="command")
    assert gets_in(client, "ann.lee@council.example", PASSWORD)
    assert "Add a person" in client.get("/people").get_data(as_text=True)


def test_an_imported_person_gets_access_and_keeps_what_they_have(client: FlaskClient) -> None:
    ann = a_person("Ann Lee", roles=["auditor"], team="Crewe", telephone="01270 1")
    create_user(ann.email, "Ann Lee", frozenset({RoleName.MODERATOR}), PASSWORD, by="command")
    assert ann.role_names == {"auditor", "moderator"}
    assert (ann.team.name if ann.team else None, ann.telephone) == ("Crewe", "01270 1")
    assert gets_in(client, ann.email, PASSWORD)


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        ("ann", PASSWORD, '"ann" must be an email address, such as ann.lee@council.example'),
        ("ann@council.example", "short", "must be 12 characters or more"),
        ("walter.gone@council.example", PASSWORD, "Walter Gone has left"),
    ],
)
def test_a_user_is_refused_whole(app: Flask, email: str, password: str, said: str) -> None:
    a_person("Walter Gone", leaving_on=date(2026, 11, 20))
    with pytest.raises(Refused, match=re.escape(said)):
        create_user(email, "Walter Gone", frozenset({RoleName.AUDITOR}), password, by="command")
    assert db.session.scalars(select(Person.password)).all() == [None]


def test_a_password_is_kept_as_a_hash_of_its_own(service: Flask) -> None:
    people = [a_person(name) for name in ("Ann Lee", "Bo Lee")]
    for person in people:
        set_password(person.id, "three unrelated words", by=person.email)
    kept = [person.password or "" for person in people]
    assert all(each.startswith("$argon2id$") for each in kept)
    assert kept[0] != kept[1]
    assert all("unrelated" not in each for each in kept)
