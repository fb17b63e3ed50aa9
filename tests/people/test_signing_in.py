"""Signing in and out: who gets in, what an old cookie opens, where one lands."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.database import db, transaction
from app.people.models import Person
from tests.conftest import PASSWORD, give_password
from tests.factories import a_person
from tests.statements import statements

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

SignIn = Callable[[Person], FlaskClient]
ClockAt = Callable[[date | datetime], None]


def try_to_sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> tuple[int, str]:
    answer = client.post("/sign-in", data={"email": email, "password": password, **more})
    page = re.sub(r'name="(csrf_token|form_id)" value="[^"]*"', "", answer.get_data(as_text=True))
    return answer.status_code, answer.headers.get("Location") or page


@pytest.fixture
def sign_in(client: FlaskClient) -> SignIn:
    """Sign a person in through the page, with a password given to them first."""

    def as_person(person: Person) -> FlaskClient:
        email = give_password(person).email
        assert try_to_sign_in(client, email)[0] == 302
        return client

    return as_person


def is_in(client: FlaskClient) -> bool:
    return client.get("/").status_code == 200


def test_the_page_asks_for_email_and_password(client: FlaskClient) -> None:
    page = client.get("/sign-in").get_data(as_text=True)
    assert 'name="email"' in page
    assert 'name="password"' in page
    assert 'name="csrf_token"' in page


def test_the_right_password_opens_the_service(client: FlaskClient) -> None:
    person = give_password(a_person("Jack Denny"))
    assert try_to_sign_in(client, " Jack.Denny@Council.example ") == (302, "/")
    assert is_in(client)
    assert person.name in client.get("/").get_data(as_text=True)


def test_a_form_without_its_token_is_refused(app: Flask, client: FlaskClient) -> None:
    person = give_password(a_person())
    app.config["WTF_CSRF_ENABLED"] = True
    assert try_to_sign_in(client, person.email)[0] == 400


def test_unknown_address_and_wrong_password_get_the_same_answer(client: FlaskClient) -> None:
    person = give_password(a_person("Jack Denny"))
    without_password = a_person("Ingrid Solomon")
    wrong = try_to_sign_in(client, person.email, "not the password")[1]
    unknown = try_to_sign_in(client, "nobody@council.example")[1]
    never_invited = try_to_sign_in(client, without_password.email)[1]
    assert "The email address or password is not correct" in wrong
    assert unknown.replace("nobody@council.example", person.email) == wrong
    assert never_invited.replace(without_password.email, person.email) == wrong


@pytest.mark.parametrize(
    ("why", "leaving_on", "active", "gets_in"),
    [
        ("on the leaving day", date(2026, 11, 23), True, True),
        ("the day after", date(2026, 11, 22), True, False),
        ("made inactive", None, False, False),
    ],
)
def test_a_leaver_cannot_sign_in(
    client: FlaskClient, clock_at: ClockAt, why: str, leaving_on: date | None, active: bool, gets_in: bool
) -> None:
    clock_at(NOON)
    person = give_password(a_person(leaving_on=leaving_on))
    with transaction():
        person.active = active
    assert (try_to_sign_in(client, person.email)[0] == 302) is gets_in, why


def test_an_open_session_ends_after_the_leaving_day(
    client: FlaskClient, sign_in: SignIn, clock_at: ClockAt
) -> None:
    clock_at(datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    sign_in(a_person(leaving_on=date(2026, 11, 23)))
    assert is_in(client)
    clock_at(datetime(2026, 11, 24, 0, 30, tzinfo=UTC))
    assert not is_in(client)


def test_an_open_session_ends_when_the_person_is_made_inactive(client: FlaskClient, sign_in: SignIn) -> None:
    person = a_person()
    sign_in(person)
    with transaction():
        person.active = False
    assert not is_in(client)


def test_after_signing_out_the_old_cookie_opens_nothing(
    app: Flask, client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in(a_person())
    cookie = client.get_cookie("practice_audits")
    assert cookie is not None
    client.post("/sign-out")
    assert not is_in(client)
    thief = app.test_client()
    thief.set_cookie("practice_audits", cookie.value)
    assert not is_in(thief)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_address_alone_signs_nobody_out_and_its_page_asks(
    client: FlaskClient, sign_in: SignIn, method: str
) -> None:
    sign_in(a_person("Ann Lee"))
    page = client.open("/sign-out", method=method)
    assert page.status_code == 200
    assert ("You are signed in as Ann Lee" in page.get_data(as_text=True)) is (method == "GET")
    assert is_in(client)
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    assert not is_in(client)
    assert client.get("/sign-out").headers["Location"] == "/sign-in"


def test_a_page_elsewhere_signs_nobody_out(app: Flask, client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(a_person())
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post("/sign-out").status_code == 400
    assert is_in(client)
    token = re.search(
        r'action="/sign-out">\s*<input[^>]*value="([^"]+)"', client.get("/").get_data(as_text=True)
    )
    assert token
    assert client.post("/sign-out", data={"csrf_token": token[1]}).status_code == 302
    assert not is_in(client)


def test_signing_out_here_leaves_the_other_browser_signed_in(
    app: Flask, client: FlaskClient, sign_in: SignIn
) -> None:
    person = a_person()
    sign_in(person)
    other = app.test_client()
    try_to_sign_in(other, person.email)
    client.post("/sign-out")
    assert is_in(other)


@pytest.mark.parametrize(
    ("what", "visits", "still_in"),
    [
        ("a break of 3 hours", [3], True),
        ("a break of more than 4 hours", [4.1], False),
        ("at work all day", [3, 6, 9, 11.9], True),
        ("more than 12 hours", [3, 6, 9, 11.9, 12.1], False),
    ],
)
def test_a_sign_in_ends_with_silence_and_age(
    client: FlaskClient, sign_in: SignIn, clock_at: ClockAt, what: str, visits: list[float], still_in: bool
) -> None:
    clock_at(NOON)
    sign_in(a_person())
    for hours in visits:
        clock_at(NOON + timedelta(hours=hours))
        found = is_in(client)
    assert found is still_in, what


def test_one_lands_on_the_page_asked_for(client: FlaskClient) -> None:
    person = give_password(a_person())
    asked = client.get("/?state=overdue&team=Crewe").headers["Location"]
    page = client.get(asked).get_data(as_text=True)
    assert 'name="next" value="/?state=overdue&amp;team=Crewe"' in page
    assert try_to_sign_in(client, person.email, next="/?state=overdue&team=Crewe") == (
        302,
        "/?state=overdue&team=Crewe",
    )


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "///evil.example",
        "javascript:x",
    ],
)
def test_signing_in_never_leads_elsewhere(client: FlaskClient, elsewhere: str) -> None:
    person = give_password(a_person())
    by_form = {"next": elsewhere}
    for form, query in ((by_form, {}), ({}, by_form)):
        answer = client.post(
            "/sign-in", query_string=query, data={"email": person.email, "password": PASSWORD, **form}
        )
        assert answer.status_code == 302
        landed = urljoin("http://localhost/sign-in", answer.headers["Location"])
        assert landed.startswith("http://localhost/")
        assert "\\" not in landed
        client.post("/sign-out")


def test_checking_who_is_signed_in_is_one_query(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(a_person(roles=("coordinator", "auditor")))
    db.session.remove()
    with statements() as sent:
        client.get("/privacy")
    about_people = [statement for statement in sent if "people" in statement or "sign_ins" in statement]
    assert len(about_people) == 1, about_people


def test_a_token_in_a_header_opens_nothing(client: FlaskClient) -> None:
    person = give_password(a_person())
    token = person.get_auth_token()
    assert client.get("/", headers={"Authentication-Token": token}).status_code == 302
    assert client.get("/", query_string={"auth_token": token}).status_code == 302
