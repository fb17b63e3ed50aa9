"""Turning a person's access off and on, and the password again before what matters most."""

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.api.models import ApiToken
from app.database import db, transaction
from app.moves.models import TypedText
from app.outbox import kinds
from app.outbox.delivery import deliver
from app.outbox.models import Message
from app.people import moves
from app.people.links import PASSWORD as NEW_PASSWORD
from app.people.links import link_for
from app.people.models import Person, SignIn
from tests.account.test_second_factor import code_of, key_on
from tests.conftest import PASSWORD, give_password, let_in
from tests.factories import a_person
from tests.forms import form_to
from tests.mail_server import MailServer
from tests.outbox.messages import a_message, connect_to
from tests.pages import opened, visible

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def cora(app: Flask) -> Person:
    clock.clock().fixed = NOON
    return a_person("Cora Kent", roles=["coordinator"])


@pytest.fixture
def office(app: Flask, cora: Person) -> FlaskClient:
    return let_in(app.test_client(), cora)


def test_links_end_when_access_is_turned_off_and_stay_ended(app: Flask, office: FlaskClient) -> None:
    ann = a_person("Ann Lee")
    let_in(app.test_client(), ann)
    address = "/" + link_for(ann, NEW_PASSWORD).split("/", 3)[3]
    assert office.get(address).status_code == 200
    office.post(f"/people/{ann.id}/turn-off")
    assert office.get(address).status_code == 410
    page = visible(opened(office, f"/people/{ann.id}"))
    assert "No, access turned off" in page
    assert "Turn on access" in page
    sign_in = {"email": ann.email, "password": PASSWORD}
    assert app.test_client().post("/sign-in", data=sign_in).status_code == 200
    office.post(f"/people/{ann.id}/turn-on")
    assert office.get(address).status_code == 410
    assert app.test_client().post("/sign-in", data=sign_in).status_code == 302


def test_emails_wait_while_access_is_off_and_go_once_it_is_on(service: Flask) -> None:
    on = clock.today()
    kinds.register("asks", 5, kinds.always_holds)
    cora, ann, bob = (a_person(name, roles=["coordinator"]) for name in ("Cora Kent", "Ann Lee", "Bob Moss"))
    for person in (cora, ann, bob):
        give_password(person)
    gone = a_person("Gone Grey", leaving_on=date(2026, 1, 20))
    moves.switch_off(ann.id, by=cora.email)
    moves.switch_off(gone.id, by=cora.email)
    asks = {
        person.name: a_message(person.email, kind="asks", recipient=person.id, on=on)
        for person in (ann, bob, gone)
    }

    def states() -> dict[str, tuple[str, str | None]]:
        db.session.rollback()
        return {name: (message.state, message.answer) for name, message in asks.items()}

    with MailServer() as server:
        connect_to(server.port)
        for _ in range(2):
            deliver(on)
        assert states()["Ann Lee"] == ("queued", "Their access is turned off")
        assert (states()["Bob Moss"][0], states()["Gone Grey"][0]) == ("sent", "sent"), "their kind decides"
        told = [message for message in server.messages if ann.email in message.recipients]
        assert len(told) == 1, "what became of their access"
        moves.switch_on(ann.id, by=cora.email)
        deliver(on)
    assert states()["Ann Lee"][0] == "sent"


def test_the_last_coordinator_and_administrator_stay_on(
    app: Flask, office: FlaskClient, cora: Person
) -> None:
    ada = a_person("Ada Minister", roles=["administrator"])
    theirs = let_in(app.test_client(), ada)
    answer = theirs.post(f"/people/{cora.id}/turn-off")
    assert answer.status_code == 409
    assert "This would leave no coordinator who can sign in" in visible(answer.get_data(as_text=True))
    assert office.post(f"/people/{ada.id}/turn-off").status_code == 409
    let_in(app.test_client(), a_person("Colin Kent", roles=["coordinator"]))
    assert theirs.post(f"/people/{cora.id}/turn-off").status_code == 302
    assert office.get("/").status_code == 302


def test_a_link_back_names_a_person_as_they_are_written(
    app: Flask, office: FlaskClient, cora: Person
) -> None:
    ann = a_person("Ann Lee")
    office.post(f"/people/{ann.id}/turn-off")
    for address, name in (
        (f"/people/{cora.id}/turn-off", "Cora Kent"),
        (f"/people/{ann.id}/anonymous", "Ann Lee"),
    ):
        assert f"Go to {name}" in visible(opened(office, address))


def test_what_can_sign_in_says_is_so(app: Flask, office: FlaskClient) -> None:
    people = {name: a_person(name) for name in ("Left Lee", "Off Orr", "Has Hill", "New Nash")}
    for name in ("Left Lee", "Off Orr", "Has Hill"):
        let_in(app.test_client(), people[name])
    with transaction():
        db.session.get_one(Person, people["Left Lee"].id).leaving_on = date(2026, 11, 20)
    office.post(f"/people/{people['Off Orr'].id}/turn-off")
    says = {"Left Lee": "no, left", "Off Orr": "no, access turned off", "Has Hill": "yes"}
    says["New Nash"] = "no, not invited yet"
    listed = opened(office, "/people") + opened(office, "/people?state=left")
    for name, words in says.items():
        row = next(row for row in listed.split("<tr") if f">{name}</a>" in row).partition("</tr>")[0]
        assert visible(row).endswith(words), row
        page = visible(opened(office, f"/people/{people[name].id}"))
        assert f"Can sign in {words.capitalize()}" in page


def test_access_is_not_turned_on_for_leavers(app: Flask, office: FlaskClient) -> None:
    ann = a_person("Ann Lee")
    address = f"/people/{ann.id}/turn-on"
    office.post(f"/people/{ann.id}/turn-off")
    assert address in opened(office, f"/people/{ann.id}")
    with transaction():
        db.session.get_one(Person, ann.id).leaving_on = date(2026, 11, 20)
    assert address not in opened(office, f"/people/{ann.id}")
    assert office.post(address).status_code == 409
    with transaction():
        db.session.get_one(Person, ann.id).anonymous_on = date(2026, 11, 21)
    assert address not in opened(office, f"/people/{ann.id}")
    assert not db.session.get_one(Person, ann.id, populate_existing=True).active


def test_nobody_turns_off_their_own_access(office: FlaskClient, cora: Person) -> None:
    a_person("Colin Kent", roles=["coordinator"])
    assert office.post(f"/people/{cora.id}/turn-off").status_code == 409
    assert "Turn off access" not in visible(opened(office, f"/people/{cora.id}"))


def test_two_people_who_turn_off_one_access_do_it_once(app: Flask, office: FlaskClient) -> None:
    ann, colin = a_person("Ann Lee"), a_person("Colin Kent", roles=["coordinator"])
    other = let_in(app.test_client(), colin)
    assert office.post(f"/people/{ann.id}/turn-off").status_code == 302
    answer = other.post(f"/people/{ann.id}/turn-off")
    assert answer.status_code == 409
    assert "The access of Ann Lee is off already" in visible(answer.get_data(as_text=True))


def eleven_minutes_later() -> None:
    clock.clock().fixed = clock.now() + timedelta(minutes=11)


def confirm(client: FlaskClient, address: str, password: str = PASSWORD) -> str:
    """Give the password again, and return where that leads."""
    page = opened(client, address)
    form = form_to(page, "/account/confirm", address)
    answer = client.post(form.address, data=dict(form.held) | {"password": password})
    return str(answer.headers.get("Location", answer.status_code))


def test_a_role_is_given_after_the_password_and_what_was_typed_is_kept(
    app: Flask, office: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    ann = a_person("Ann Lee")
    address = f"/people/{ann.id}/edit"
    eleven_minutes_later()
    form = form_to(opened(office, address), address, address)
    entries = dict(form.held) | {"name": "Ann Lee-Grey", "roles": ["auditor", "moderator"]}
    asked = office.post(address, data=entries).headers["Location"]
    assert asked == "/account/confirm?next=/typed"
    assert db.session.get_one(Person, ann.id).role_names == {"auditor"}
    assert confirm(office, asked, "wrong") == "422"
    assert confirm(office, asked) == "/typed"
    again = form_to(opened(office, "/typed"), address, "/typed")
    for _ in range(2):
        assert office.post(again.address, data=again.held).headers["Location"] == f"/people/{ann.id}"
    db.session.rollback()
    changed = db.session.get_one(Person, ann.id)
    assert (changed.name, changed.role_names) == ("Ann Lee-Grey", {"auditor", "moderator"})
    assert db.session.query(TypedText).all() == []


@pytest.mark.parametrize(
    ("changed", "asks"),
    [
        ({"telephone": "01270 1"}, False),
        ({"name": "Ann Grey"}, False),
        ({"email": "ann.grey@council.example"}, True),
        ({"roles": []}, True),
        ({"roles": ["auditor", "leader"]}, True),
    ],
)
def test_roles_and_addresses_need_the_password_and_other_details_do_not(
    app: Flask, office: FlaskClient, changed: dict[str, object], asks: bool
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    ann = a_person("Ann Lee")
    address = f"/people/{ann.id}/edit"
    form = form_to(opened(office, address), address, address)
    entries = dict(form.held) | changed
    eleven_minutes_later()
    then = office.post(address, data=entries).headers["Location"]
    assert then.startswith("/account/confirm" if asks else "/people/")


@pytest.mark.parametrize(
    "address",
    [
        "/people/{ann}/turn-off",
        "/account/authenticator-app",
        "/account/authenticator-app/remove",
    ],
)
def test_pages_that_change_access_ask_for_the_password_first(office: FlaskClient, address: str) -> None:
    address = address.format(ann=a_person("Ann Lee").id)
    assert office.get(address).status_code == 200 or "remove" in address
    eleven_minutes_later()
    for method in ("GET", "POST"):
        answer = office.open(address, method=method)
        assert answer.headers["Location"].startswith("/account/confirm?next="), method
    assert confirm(office, office.get(address).headers["Location"]) == address
    assert office.get(address).status_code in (200, 409)


def test_an_api_key_is_made_after_the_password(app: Flask, office: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    eleven_minutes_later()
    form = form_to(opened(office, "/keys"), "/keys", "/keys")
    entries = dict(form.held) | {"name": "Power BI", "role": "coordinator"}
    asked = office.post("/keys", data=entries).headers["Location"]
    assert db.session.query(ApiToken).count() == 0
    assert confirm(office, asked) == "/typed"
    again = form_to(opened(office, "/typed"), "/keys", "/typed")
    assert "pa_" in office.post(again.address, data=again.held).get_data(as_text=True)
    assert db.session.query(ApiToken).count() == 1


def test_guesses_in_one_session_end_and_nobody_outside_uses_them_up(app: Flask, office: FlaskClient) -> None:
    cora = db.session.query(Person).filter_by(name="Cora Kent").one()
    for _ in range(12):
        app.test_client().post("/sign-in", data={"email": cora.email, "password": "wrong wrong wrong"})
    assert office.post("/account/confirm", data={"password": "wrong"}).status_code == 422
    for _ in range(4):
        office.post("/account/confirm", data={"password": "wrong"})
    assert office.post("/account/confirm", data={"password": PASSWORD}).status_code == 409
    clock.clock().fixed = clock.now() + timedelta(minutes=6)
    assert office.post("/account/confirm", data={"password": PASSWORD}).status_code == 302


def test_the_way_on_never_leads_elsewhere(office: FlaskClient) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"):
        answer = office.post("/account/confirm", data={"password": PASSWORD, "next": elsewhere})
        landed = urljoin("http://localhost/account/confirm", answer.headers["Location"])
        assert landed.startswith("http://localhost/")


def test_one_sees_where_one_is_signed_in(app: Flask, cora: Person) -> None:
    phone = app.test_client()
    phone.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) Safari/604"
    let_in(phone, cora)
    clock.clock().fixed = clock.now() + timedelta(hours=1)
    desk = app.test_client()
    desk.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537 Edg/142.0"
    let_in(desk, cora)
    page = visible(opened(desk, "/account"))
    assert re.search(r"Edge on Windows \(this device\) 23 November 2026 at 1pm", page), page
    assert re.search(r"Safari on iPhone 23 November 2026 at midday", page), page


def test_one_ends_ones_own_sessions_alone(app: Flask, office: FlaskClient, cora: Person) -> None:
    let_in(app.test_client(), cora)
    theirs = let_in(app.test_client(), a_person("Ann Lee"))
    page = opened(office, "/account")
    own = set(re.findall(r"/account/sessions/(\d+)/end", page))
    others = {str(each.id) for each in db.session.query(SignIn) if each.person_id != cora.id}
    assert len(own) == len(others) == 1
    for number in (*others, "999"):
        answer = office.post(f"/account/sessions/{number}/end", follow_redirects=True)
        words = visible(answer.get_data(as_text=True))
        assert "You are not signed in on that device" in words
        assert "Success" not in words
    assert theirs.get("/").status_code == 200
    answer = office.post(f"/account/sessions/{own.pop()}/end", follow_redirects=True)
    assert "Success You are signed out on that device" in visible(answer.get_data(as_text=True))


def test_the_password_of_now_is_no_new_one(app: Flask, office: FlaskClient, cora: Person) -> None:
    entries = {"password": PASSWORD, "new_password": PASSWORD}
    answer = office.post("/account/password", data=entries)
    assert answer.status_code == 422
    assert "Password must be a new one" in visible(answer.get_data(as_text=True))
    link = "/" + link_for(cora, NEW_PASSWORD).split("/", 3)[3]
    assert app.test_client().post(link, data={"password": PASSWORD}).status_code == 422
    assert app.test_client().post(link, data={"password": "copper kettle violin"}).status_code == 302


def test_who_gives_up_their_own_role_learns_on_the_first_page_that_it_is_done(
    app: Flask, office: FlaskClient, cora: Person
) -> None:
    let_in(app.test_client(), a_person("Colin Kent", roles=["coordinator"]))
    app.config["WTF_CSRF_ENABLED"] = True
    address = f"/people/{cora.id}/edit"
    form = form_to(opened(office, address), address, address)
    answer = office.post(address, data=dict(form.held) | {"roles": ["auditor"]}, follow_redirects=True)
    assert (answer.status_code, answer.request.path) == (200, "/")
    assert "Success Changes saved" in visible(answer.get_data(as_text=True))
    forbidden = office.get(f"/people/{cora.id}")
    assert forbidden.status_code == 403
    assert "Success" not in visible(forbidden.get_data(as_text=True))


def test_a_staff_file_is_imported_after_the_password(app: Flask, office: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    ann = a_person("Ann Lee")
    form = form_to(opened(office, "/imports"), "/imports", "/imports")
    content = f"email,name,roles\n{ann.email},Ann Lee,leader\n".encode()
    file = {"kind": "staff", "file": (BytesIO(content), "staff.csv")}
    waiting = office.post("/imports", data=dict(form.held) | file).headers["Location"]
    eleven_minutes_later()
    form = form_to(opened(office, waiting), waiting, waiting)
    asked = office.post(waiting, data=form.held, headers={"Referer": f"http://localhost{waiting}"})
    assert asked.headers["Location"] == f"/account/confirm?next={waiting}"
    assert db.session.get_one(Person, ann.id).role_names == {"auditor"}
    assert confirm(office, asked.headers["Location"]) == waiting
    form = form_to(opened(office, waiting), waiting, waiting)
    assert office.post(waiting, data=form.held).headers["Location"] == "/imports"
    db.session.rollback()
    assert db.session.get_one(Person, ann.id).role_names == {"leader"}


@pytest.mark.parametrize("address", ["/people/{ann}/invite", "/people/invite"])
def test_a_link_to_choose_a_password_is_shown_after_the_password(office: FlaskClient, address: str) -> None:
    address = address.format(ann=a_person("Ann Lee").id)
    eleven_minutes_later()
    assert office.post(address).headers["Location"].startswith("/account/confirm")
    assert confirm(office, "/account/confirm") == "/"
    assert "/choose-password/" in office.post(address).get_data(as_text=True)


def told() -> dict[str, list[str]]:
    """Return the changes of access that were written of since, by address; the emails are removed."""
    with transaction():
        written: dict[str, list[str]] = {}
        for message in db.session.query(Message).order_by(Message.id):
            assert message.kind == "access"
            lines = [line for line in (message.text or "").splitlines() if line.startswith("- ")]
            written.setdefault(message.address, []).extend(lines)
            db.session.delete(message)
    return written


def test_the_person_and_coordinators_are_told_of_what_becomes_of_access(
    app: Flask, office: FlaskClient, cora: Person
) -> None:
    ann, ada = a_person("Ann Lee"), a_person("Ada Minister", roles=["administrator"])
    colin = a_person("Colin Kent", roles=["coordinator"])
    hers, administrator = let_in(app.test_client(), ann), let_in(app.test_client(), ada)

    def by(client: FlaskClient, address: str, **entries: str) -> dict[str, list[str]]:
        assert client.post(address, data=entries).status_code in (200, 302)
        return told()

    def all_of(line: str) -> dict[str, list[str]]:
        return {person.email: [f"- Ann Lee: {line}"] for person in (ann, cora, colin)}

    key = key_on(hers.get("/account/authenticator-app").get_data(as_text=True))
    set_up = by(hers, "/account/authenticator-app", code=code_of(key))
    assert set_up == {ann.email: ["- Ann Lee: authenticator app set up"]}
    key = key_on(hers.get("/account/authenticator-app").get_data(as_text=True))
    set_up = by(hers, "/account/authenticator-app", code=code_of(key))
    assert set_up == all_of("authenticator app set up")
    assert by(hers, "/account/recovery-codes") == all_of("recovery codes created")
    reset = by(administrator, f"/people/{ann.id}/reset-authenticator-app")
    assert reset == all_of("authenticator app reset")
    hers = let_in(app.test_client(), ann)
    changed = by(hers, "/account/password", password=PASSWORD, new_password="copper kettle violin")
    assert changed == all_of("password changed")
    assert by(office, f"/people/{ann.id}/turn-off") == all_of("access turned off")
    assert by(office, f"/people/{ann.id}/turn-on") == all_of("access turned on")
