"""The second factor: set up at the next sign-in, one code once, recovery codes, reset by someone else."""

import base64
import hmac
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app import clock
from app.database import db, transaction
from app.people import second_factor
from app.people.models import Person
from tests.conftest import PASSWORD, give_password, let_in
from tests.factories import a_person

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon(service: Flask) -> None:
    service.config["WTF_CSRF_ENABLED"] = False
    clock.clock().fixed = NOON


@pytest.fixture
def second_factor_on(service: Flask) -> None:
    service.extensions["settings"] = replace(service.extensions["settings"], second_factor=True)


def later(seconds: float) -> None:
    clock.clock().fixed = clock.now() + timedelta(seconds=seconds)


def code_of(key: str) -> str:
    """Return the code that an app with this key shows now, as RFC 6238 says."""
    counter = int(clock.now().timestamp()) // 30
    digest = hmac.digest(base64.b32decode(key.replace(" ", "").replace("-", "")), counter.to_bytes(8), "sha1")
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF) % 10**6:06}"


def key_on(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7 ]{32,})</code>", page)
    assert found, page
    return found[1]


def recovery_codes_on(page: str) -> list[str]:
    return re.findall(r"<code>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</code>", page)


def give_second_factor(person: Person) -> str:
    """Set an app up for a person; return its key."""
    codes = second_factor._codes()  # noqa: SLF001
    secret = codes.generate_totp_secret()
    give_password(person)
    with transaction():
        kept = db.session.get_one(Person, person.id)
        second_factor._security().datastore.tf_set(kept, "authenticator", totp_secret=secret)  # noqa: SLF001
    return str(codes.get_totp_pretty_key(secret))


def sign_in(client: FlaskClient, person: Person, **more: str) -> str:
    answer = client.post("/sign-in", data={"email": person.email, "password": PASSWORD, **more})
    return str(client.get(answer.headers["Location"]).headers.get("Location"))


@pytest.mark.usefixtures("second_factor_on")
@pytest.mark.parametrize("role", ["coordinator", "moderator", "administrator"])
def test_who_needs_a_second_factor_sets_it_up_at_the_next_sign_in(service: Flask, role: str) -> None:
    person = give_password(a_person("Ann Lee", roles=[role]))
    client = service.test_client()
    then = sign_in(client, person, next="/actions")
    assert then == "/sign-in/code?next=/actions"
    assert client.get(then).headers["Location"] == "/sign-in/set-up?next=/actions"
    # nothing else opens
    for address in ("/", "/account", "/people", "/typed", "/account/authenticator-app"):
        assert client.get(address).headers["Location"].startswith("/sign-in/code"), address
    page = client.get("/sign-in/set-up?next=/actions").get_data(as_text=True)
    assert "data:image/svg+xml;base64," in page
    key = key_on(page)
    wrong = client.post("/sign-in/set-up", data={"code": "000000", "next": "/actions"})
    assert (wrong.status_code, key_on(wrong.get_data(as_text=True))) == (422, key)
    done = client.post("/sign-in/set-up", data={"code": code_of(key), "next": "/actions"})
    codes = recovery_codes_on(done.get_data(as_text=True))
    assert len(codes) == len(set(codes)) == second_factor.RECOVERY_CODES
    assert 'href="/actions"' in done.get_data(as_text=True)
    assert client.get("/actions").status_code == 200


@pytest.mark.usefixtures("second_factor_on")
def test_others_need_none_and_can_set_one_up_themselves(service: Flask) -> None:
    person = a_person("Ann Lee", roles=["auditor"])
    client = let_in(service.test_client(), person)
    assert client.get("/").status_code == 200
    key = key_on(client.get("/account/authenticator-app").get_data(as_text=True))
    codes = recovery_codes_on(
        client.post("/account/authenticator-app", data={"code": code_of(key)}).get_data(as_text=True)
    )
    assert len(codes) == second_factor.RECOVERY_CODES
    client.post("/sign-out")
    later(30)
    assert sign_in(client, person) == "/sign-in/code?next=/"
    assert client.post("/sign-in/code", data={"code": code_of(key)}).headers["Location"] == "/"
    assert client.get("/").status_code == 200


def test_where_it_is_off_nobody_needs_one(service: Flask) -> None:
    client = let_in(service.test_client(), a_person("Ann Lee", roles=["coordinator", "administrator"]))
    assert client.get("/").status_code == 200


def waits(client: FlaskClient) -> bool:
    return str(client.get("/account").headers.get("Location", "")).startswith("/sign-in/code")


def gives(client: FlaskClient, code: str) -> bool:
    """Give a code; true where it opens the service."""
    client.post("/sign-in/code", data={"code": code})
    return client.get("/account").status_code == 200


def test_a_code_works_once_and_for_half_a_minute_more(service: Flask) -> None:
    ann = a_person("Ann Lee")
    key = give_second_factor(ann)
    first, second, third = (let_in(service.test_client(), ann) for _ in range(3))
    used = code_of(key)
    assert gives(first, used)
    assert not gives(second, used)
    later(30)
    assert not gives(second, used)
    newer = code_of(key)
    assert gives(second, newer)
    # a code of before the last one is not accepted after it
    assert not gives(third, used)
    later(30)
    clock.clock().fixed = clock.now() - timedelta(seconds=30)
    assert not gives(third, newer)


@pytest.mark.parametrize("kind", ["code", "recovery code"])
def test_of_several_at_the_same_moment_one_gets_in_with_a_code(service: Flask, kind: str) -> None:
    ann = a_person("Ann Lee")
    client = let_in(service.test_client(), ann)
    key = key_on(client.get("/account/authenticator-app").get_data(as_text=True))
    page = client.post("/account/authenticator-app", data={"code": code_of(key)}).get_data(as_text=True)
    later(30)
    one_code = code_of(key) if kind == "code" else recovery_codes_on(page)[0]
    several = [let_in(service.test_client(), ann) for _ in range(4)]
    together = Barrier(len(several))

    def give(browser: FlaskClient) -> str | None:
        together.wait()
        with service.app_context():
            return browser.post("/sign-in/code", data={"code": one_code}).headers.get("Location")

    with ThreadPoolExecutor(len(several)) as threads:
        answers = list(threads.map(give, several))
    assert sorted(map(str, answers)) == ["/", "None", "None", "None"]


@pytest.mark.parametrize(
    ("seconds", "accepted"), [(0, True), (29, True), (-30, True), (90, False), (-90, False)]
)
def test_a_phone_may_be_half_a_minute_slow_or_fast(service: Flask, seconds: int, accepted: bool) -> None:
    ann = a_person("Ann Lee")
    key = give_second_factor(ann)
    code = code_of(key)
    later(seconds)
    assert gives(let_in(service.test_client(), ann), code) is accepted


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "٠٠٠٠٠٠", "null", "-1"])
def test_what_is_no_code_opens_nothing(service: Flask, code: str) -> None:
    ann = a_person("Ann Lee")
    give_second_factor(ann)
    client = let_in(service.test_client(), ann)
    assert client.post("/sign-in/code", data={"code": code}).status_code == 422
    assert waits(client)


def test_a_recovery_code_works_once_however_it_is_written(service: Flask) -> None:
    ann = a_person("Ann Lee")
    client = let_in(service.test_client(), ann)
    key = key_on(client.get("/account/authenticator-app").get_data(as_text=True))
    page = client.post("/account/authenticator-app", data={"code": code_of(key)}).get_data(as_text=True)
    one, other, *_ = recovery_codes_on(page)
    assert gives(let_in(service.test_client(), ann), one)
    assert not gives(let_in(service.test_client(), ann), one)
    assert gives(let_in(service.test_client(), ann), f" {other.upper().replace('-', ' ')} ")
    assert "8 codes left" in client.get("/account").get_data(as_text=True)
    new = client.post("/account/recovery-codes").get_data(as_text=True)
    third = recovery_codes_on(page)[2]
    assert not gives(let_in(service.test_client(), ann), third)
    assert gives(let_in(service.test_client(), ann), recovery_codes_on(new)[2])


def test_ten_wrong_codes_are_all_that_can_be_tried(service: Flask) -> None:
    ann = a_person("Ann Lee")
    key = give_second_factor(ann)
    for number in range(3):  # signing in again gives no more, and neither does another address
        client = let_in(service.test_client(), ann)
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        for _ in range(5):
            answer = client.post("/sign-in/code", data={"code": "000000"})
            assert answer.status_code == (422 if number < 2 else 409)
    assert client.post("/sign-in/code", data={"code": code_of(key)}).status_code == 409
    assert waits(client)
    later(6 * 60)
    assert gives(client, code_of(key))


@pytest.mark.usefixtures("second_factor_on")
def test_a_reset_ends_the_wait_and_codes_of_setting_up_are_not_counted(service: Flask) -> None:
    cora = a_person("Cora Kent", roles=["coordinator"])
    key = give_second_factor(cora)
    ada = a_person("Ada Minister", roles=["administrator"])
    for number in range(2):
        client = let_in(service.test_client(), cora)
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        for _ in range(5):
            client.post("/sign-in/code", data={"code": "000000"})
    client = let_in(service.test_client(), cora)
    assert client.post("/sign-in/code", data={"code": code_of(key)}).status_code == 409
    second_factor.reset(cora.id, by=ada.email)
    client = service.test_client()
    assert client.get(sign_in(client, cora)).headers["Location"] == "/sign-in/set-up?next=/"
    key = key_on(client.get("/sign-in/set-up").get_data(as_text=True))
    for _ in range(12):
        assert client.post("/sign-in/set-up", data={"code": "000000"}).status_code == 422
    assert recovery_codes_on(
        client.post("/sign-in/set-up", data={"code": code_of(key)}).get_data(as_text=True)
    )
    later(30)
    assert gives(let_in(service.test_client(), cora), code_of(key))


def test_another_app_in_its_place_ends_the_wait(service: Flask) -> None:
    ann = a_person("Ann Lee")
    key = give_second_factor(ann)
    own = let_in(service.test_client(), ann)
    assert gives(own, code_of(key))
    other = let_in(service.test_client(), ann)
    for number in range(11):
        other.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        answer = other.post("/sign-in/code", data={"code": "000000"})
    assert answer.status_code == 409
    key = key_on(own.get("/account/authenticator-app").get_data(as_text=True))
    assert own.post("/account/authenticator-app", data={"code": "000000"}).status_code == 422
    assert own.post("/account/authenticator-app", data={"code": code_of(key)}).status_code == 200
    later(30)
    assert gives(let_in(service.test_client(), ann), code_of(key))


def test_a_session_waits_half_an_hour_for_its_code(service: Flask) -> None:
    ann = a_person("Ann Lee")
    key = give_second_factor(ann)
    client = let_in(service.test_client(), ann)
    later(31 * 60)
    assert not gives(client, code_of(key))
    assert client.get("/").headers["Location"].startswith("/sign-in?")


def test_the_database_alone_gives_nobody_a_code(service: Flask) -> None:
    ann = a_person("Ann Lee")
    client = let_in(service.test_client(), ann)
    key = key_on(client.get("/account/authenticator-app").get_data(as_text=True))
    page = client.post("/account/authenticator-app", data={"code": code_of(key)}).get_data(as_text=True)
    client.get("/account/authenticator-app")  # another secret is offered
    kept = " ".join(
        str(value)
        for table in ("people", "sign_ins")
        for row in db.session.execute(text(f"select * from {table}"))  # noqa: S608
        for value in row
    )
    assert '"enckey"' in kept
    for secret in (key.replace(" ", ""), *recovery_codes_on(page)):
        assert secret not in kept


def test_an_administrator_resets_the_app_of_another_but_not_their_own(service: Flask) -> None:
    ann, ada = a_person("Ann Lee"), a_person("Ada Minister", roles=["administrator"])
    give_second_factor(ann)
    client = let_in(service.test_client(), ada)
    assert "Reset authenticator app" in client.get(f"/people/{ann.id}").get_data(as_text=True)
    assert client.post(f"/people/{ann.id}/reset-authenticator-app").status_code == 302
    assert client.post(f"/people/{ann.id}/reset-authenticator-app").status_code == 409
    assert let_in(service.test_client(), ann).get("/").status_code == 200
    assert "authenticator app reset, by Ada Minister" in client.get(f"/people/{ann.id}").get_data(
        as_text=True
    )
    give_second_factor(ada)
    ada_again = service.test_client()
    sign_in(ada_again, ada)
    assert client.post(f"/people/{ada.id}/reset-authenticator-app").status_code in (302, 409)
    assert db.session.get_one(Person, ada.id).has_second_factor


def test_who_must_have_an_app_cannot_remove_it_and_who_need_not_can(service: Flask) -> None:
    client = let_in(service.test_client(), a_person("Ann Lee", roles=["moderator"]))
    key = key_on(client.get("/account/authenticator-app").get_data(as_text=True))
    client.post("/account/authenticator-app", data={"code": code_of(key)})
    settings = service.extensions["settings"]
    service.extensions["settings"] = replace(settings, second_factor=True)
    assert client.post("/account/authenticator-app/remove").status_code == 409
    service.extensions["settings"] = settings
    assert client.post("/account/authenticator-app/remove").headers["Location"] == "/account"
    assert "Not set up" in client.get("/account").get_data(as_text=True)
