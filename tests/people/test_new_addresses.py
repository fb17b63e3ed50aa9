"""A changed address of someone with rights over others: no link goes to it for 24 hours."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.database import db
from app.outbox.kinds import KINDS as MESSAGES
from app.outbox.kinds import Holds
from app.outbox.models import Message
from app.people import inviting, new_addresses
from app.people.models import Person
from app.people.moves import change_person, create_user, details_of
from app.people.roles import RoleName as R
from app.people.telling_of_access import COMMAND_LINE
from app.refusal import NotNow, Refused
from tests.conftest import PASSWORD, give_password, let_in
from tests.factories import a_person
from tests.pages import opened, visible

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NEW = "new.address@council.example"


@pytest.fixture(autouse=True)
def noon(service: Flask) -> None:
    clock.clock().fixed = NOON


@pytest.fixture
def ada() -> Person:
    return give_password(a_person("Ada", roles=[R.ADMINISTRATOR, R.COORDINATOR, R.MODERATOR]))


def another(*roles: R) -> Person:
    return give_password(a_person("Olu", roles=list(roles)))


def change(person: Person, by: str, **details: object) -> None:
    change_person(person.id, replace(details_of(person), **details), by=by)  # type: ignore[arg-type]


def links_to(address: str) -> int:
    """The emails to this address with a link that works, once one was asked for."""
    inviting.ask_for_new_password(address, "127.0.0.1")
    inviting.write_links_asked_for(clock.today())
    query = select(Message).where(Message.kind == "password", Message.address == address)
    messages = db.session.scalars(query).all()
    return sum(MESSAGES["password"].recheck([one], clock.today())[one.id] == Holds() for one in messages)


def after(hours: float) -> None:
    clock.clock().fixed = NOON + timedelta(hours=hours)


@pytest.mark.parametrize("role", [R.COORDINATOR, R.MODERATOR, R.ADMINISTRATOR])
@pytest.mark.parametrize("own", [True, False], ids=["by themselves", "by an equal"])
def test_no_link_goes_to_a_new_address_for_a_day(ada: Person, role: R, own: bool) -> None:
    olu = another(role)
    former = olu.email
    change(olu, former if own else ada.email, email=NEW)
    for hours in (0, 23.9):
        after(hours)
        assert links_to(NEW) == 0
        with pytest.raises(Refused, match="no link goes to it until 24 November 2026 at midday"):
            inviting.invite(olu.id, by=ada.email, on=clock.today())
    told = db.session.scalars(select(Message).where(Message.kind == "access")).all()
    assert {former, NEW, ada.email} <= {message.address for message in told}
    for message in told:
        says = "No link to sign in or to choose a password goes to the new address until 24 November 2026 at"
        for text in (message.text, message.html):
            assert text is not None
            assert f"{says} midday" in text
    after(24)
    assert links_to(NEW) == 1
    inviting.invite(olu.id, by=ada.email, on=clock.today())


@pytest.mark.parametrize("roles", [(), (R.AUDITOR,), (R.MANAGER, R.LEADER, R.PRACTITIONER)])
def test_links_go_at_once_to_those_without_rights_over_others(ada: Person, roles: tuple[R, ...]) -> None:
    change(another(*roles), ada.email, email=NEW)
    assert links_to(NEW) == 1


def test_links_go_at_once_where_nobody_has_used_the_account(ada: Person) -> None:
    new = a_person("New", roles=[R.COORDINATOR])
    change(new, ada.email, email=NEW)
    inviting.invite(new.id, by=ada.email, on=clock.today())
    assert links_to(NEW) == 1


def test_a_role_taken_away_or_given_around_the_change_does_not_shorten_it(ada: Person) -> None:
    olu = another(R.COORDINATOR)
    change(olu, ada.email, roles=frozenset({R.AUDITOR}))
    change(olu, ada.email, email=NEW)
    assert links_to(NEW) == 0
    sam = give_password(a_person("Sam", roles=[R.AUDITOR]))
    change(sam, ada.email, email="sam.new@council.example")
    change(sam, ada.email, roles=frozenset({R.MODERATOR}))
    assert links_to("sam.new@council.example") == 0


def test_the_last_change_counts(ada: Person) -> None:
    olu = another(R.COORDINATOR)
    change(olu, ada.email, email="first@council.example")
    after(20)
    change(olu, ada.email, email=NEW)
    after(30)
    assert links_to(NEW) == 0
    after(44)
    assert links_to(NEW) == 1


def test_a_command_on_the_server_lifts_it_and_coordinators_are_told(ada: Person) -> None:
    olu = another(R.COORDINATOR)
    change(olu, ada.email, email=NEW)
    new_addresses.allow_links(olu.id, by=COMMAND_LINE)
    told = db.session.scalars(select(Message).where(Message.text.contains("allowed at once"))).all()
    assert {message.address for message in told} == {NEW, ada.email}
    assert links_to(NEW) == 1
    with pytest.raises(NotNow, match="already"):
        new_addresses.allow_links(olu.id, by=COMMAND_LINE)
    change(olu, ada.email, email="again@council.example")
    assert links_to("again@council.example") == 0


def test_the_command_line_still_gives_a_password(ada: Person) -> None:
    olu = another(R.COORDINATOR)
    change(olu, ada.email, email=NEW)
    create_user(NEW, "Olu", frozenset({R.COORDINATOR}), f"{PASSWORD} more", by=COMMAND_LINE)
    assert new_addresses.waits_until(olu) is not None


def test_the_pages_say_from_when_links_go(app: Flask) -> None:
    clock.clock().fixed = NOON
    ada = give_password(a_person("Ada", roles=[R.ADMINISTRATOR, R.COORDINATOR]))
    olu = another(R.COORDINATOR)
    change(olu, ada.email, email=NEW)
    client = let_in(app.test_client(), ada)
    page = visible(opened(client, f"/people/{olu.id}"))
    assert (
        "You cannot send or show a link. The email address of Olu was changed in the last 24 hours, so no "
        "link goes to it until 24 November 2026 at midday." in page
    )
    answer = client.post(f"/people/{olu.id}/invite")
    assert answer.status_code == 409
    assert "/choose-password/" not in answer.text
    for address in (NEW, "no.one@council.example"):
        page = visible(app.test_client().post("/forgotten-password", data={"email": address}).text)
        assert "was changed in the last 24 hours, we will send no link yet" in page
