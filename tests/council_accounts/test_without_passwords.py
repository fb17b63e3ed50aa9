"""No password opens anything or is offered where people sign in with their council's accounts alone."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.clock import today
from app.commands import main
from app.database import db
from app.outbox.models import Message
from app.people import inviting, links
from app.people.models import Person
from app.people.queries import no_coordinator
from tests.conftest import PASSWORD, give_password
from tests.council_accounts.conftest import CouncilProvider, sign_in_with, who_is_in
from tests.factories import a_person
from tests.outbox.messages import connect_to
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def only(provider: CouncilProvider, use: Callable[..., None]) -> CouncilProvider:
    """The only way into the service."""
    use(provider.settings(), local_passwords=False)
    return provider


@pytest.mark.usefixtures("only")
def test_passwords_are_neither_asked_for_nor_taken(client: FlaskClient) -> None:
    jack = give_password(a_person("Jack Denny"))
    page = opened(client, "/sign-in")
    assert "Sign in with your council account" in page
    assert "password" not in visible(page).lower()
    assert 'type="password"' not in page
    assert client.post("/sign-in", data={"email": jack.email, "password": PASSWORD}).status_code == 404
    for address in ("/forgotten-password", links.link_for(jack, links.PASSWORD).partition("8000")[2]):
        assert client.get(address).status_code == 404
        assert client.post(address, data={"password": PASSWORD + "!", "email": jack.email}).status_code == 404
    assert who_is_in(client) is None


def test_both_ways_are_there_where_both_are_set(council: CouncilProvider, client: FlaskClient) -> None:
    page = visible(opened(client, "/sign-in"))
    assert "Sign in with your council account" in page
    assert "Sign in with a password" in page


def test_an_invitation_says_to_sign_in_with_the_council_account(
    only: CouncilProvider, sign_in: SignIn, service: Flask
) -> None:
    connect_to(25)
    office = sign_in(a_person("Cora", roles=["coordinator"]))
    lea = a_person("Lea")
    office.post(f"/people/{lea.id}/invite")
    assert "Lea will get an email that says how to sign in" in visible(opened(office, f"/people/{lea.id}"))
    message = db.session.scalars(select(Message)).one()
    assert message.subject == "Sign in to Practice audits with your council account"
    for part in (message.text or "", message.html or ""):
        assert re.findall(r"http://127[^\s\"<]*", part)[0] == "http://127.0.0.1:8000/sign-in"
        assert "password" not in part
    assert "invited on" in visible(opened(office, f"/people/{lea.id}"))
    only.knows("s-1", email=lea.email)
    sign_in_with(service.test_client(), only, "s-1")
    assert "Can sign in Yes" in " ".join(visible(opened(office, f"/people/{lea.id}")).split())


@pytest.mark.usefixtures("only")
def test_without_mail_there_is_nothing_to_send_or_show(sign_in: SignIn) -> None:
    office = sign_in(a_person("Cora", roles=["coordinator"]))
    lea = a_person("Lea")
    assert "invit" not in visible(opened(office, "/people").partition("<table")[0]).lower()
    page = opened(office, f"/people/{lea.id}")
    assert f"/people/{lea.id}/invite" not in page
    answer = office.post(f"/people/{lea.id}/invite")
    assert answer.status_code == 409
    assert "Lea can sign in with their council account" in visible(answer.get_data(as_text=True))
    assert inviting.not_invited(today(), "command line") == []


def test_who_has_a_way_in_decides_whether_a_coordinator_is_there(
    only: CouncilProvider, client: FlaskClient
) -> None:
    cora = give_password(a_person("Cora", roles=["coordinator"]))
    assert no_coordinator(today()) == "No coordinator can sign in"
    only.knows("s-1", email=cora.email)
    sign_in_with(client, only, "s-1")
    assert no_coordinator(today()) is None


def test_the_command_still_gives_access(
    provider: CouncilProvider, service: Flask, client: FlaskClient
) -> None:
    settings = service.extensions["settings"]
    environ = {
        "INSTANCE_PATH": str(settings.instance_path),
        "DATABASE_URL": settings.database_url,
        "LOCAL_PASSWORDS": "false",
        "OIDC_DISCOVERY_URL": provider.settings().discovery_url,
        "OIDC_CLIENT_ID": "practice-audits",
        "OIDC_CLIENT_SECRET": "a secret",
    }
    arguments = ["user", "create", "--email", "ann@council.example", "--name", "Ann", "--role", "coordinator"]
    result = CliRunner().invoke(main, arguments, env=environ)
    assert result.exit_code == 0, result.output
    assert result.output == (
        "ann@council.example can now sign in with their council account. Roles: coordinator.\n"
    )
    service.extensions["settings"] = replace(
        settings, identity_provider=provider.settings(), local_passwords=False
    )
    provider.knows("s-1", email="ann@council.example")
    assert sign_in_with(client, provider, "s-1").status_code == 302
