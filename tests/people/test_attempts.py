"""Guessing passwords: how many are checked, for whom, and who gets in meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.cookies import Morsel, SimpleCookie

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, insert, select
from werkzeug.test import TestResponse

from app import clock, create_app
from app.database import db, transaction
from app.people import counted_attempts, devices, links, moves
from app.people.attempts import LIMITS, LINK, PASSWORD, Earlier, allows, client_of
from app.people.models import Attempt, Device, Person
from tests.conftest import PASSWORD as RIGHT
from tests.conftest import give_password, settings_in
from tests.factories import a_person

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WRONG = "not the password"
WAIT = "There were too many wrong passwords. Wait 5 minutes"
ELSEWHERE = "use a device where you have signed in before"

ClockAt = Callable[[date | datetime], None]


@pytest.mark.parametrize(
    ("kind", "earlier", "allowed"),
    [
        (PASSWORD, Earlier(), True),
        # at the account, from everywhere
        (PASSWORD, Earlier(at_account=9, at_account_from_client=0, from_client=0), True),
        (PASSWORD, Earlier(at_account=10, at_account_from_client=0, from_client=0), False),
        # from here: fewer, so that those of the account are not used up
        (PASSWORD, Earlier(at_account=4, at_account_from_client=4, from_client=4), True),
        (PASSWORD, Earlier(at_account=5, at_account_from_client=5, from_client=5), False),
        # a client with very many wrong ones: each account has one try, and no lock
        (PASSWORD, Earlier(at_account=1, at_account_from_client=1, from_client=299), True),
        (PASSWORD, Earlier(at_account=1, at_account_from_client=1, from_client=300), False),
        (PASSWORD, Earlier(at_account=0, at_account_from_client=0, from_client=300), True),
        (PASSWORD, Earlier(at_account=0, at_account_from_client=0, from_client=9999), True),
        # a known device: what others do does not count
        (PASSWORD, Earlier(at_account=10, from_client=9999, from_device=0), True),
        (PASSWORD, Earlier(from_device=9), True),
        (PASSWORD, Earlier(from_device=10), False),
        # links for a new password
        (LINK, Earlier(at_account=5, at_account_from_client=5, from_client=5), True),
        (LINK, Earlier(at_account=6, at_account_from_client=6, from_client=6), False),
        (LINK, Earlier(from_client=99), True),
        (LINK, Earlier(from_client=100), False),
    ],
)
def test_the_limits(kind: str, earlier: Earlier, allowed: bool) -> None:
    assert allows(LIMITS[kind], earlier) is allowed


COUNTS = st.integers(0, 400)


@given(COUNTS, COUNTS, COUNTS)
def test_what_is_allowed_stays_so_with_fewer_and_on_a_known_device(
    everywhere: int, here: int, by_client: int
) -> None:
    earlier = Earlier(everywhere, here, by_client)
    limits = LIMITS[PASSWORD]
    if allows(limits, earlier):
        assert allows(limits, Earlier(everywhere // 2, here // 2, by_client // 2))
    assert allows(limits, replace(earlier, from_device=0))


@given(st.integers(0, 10**9))
def test_no_number_of_others_guesses_locks_an_account_that_was_not_tried(by_client: int) -> None:
    assert allows(LIMITS[PASSWORD], Earlier(from_client=by_client))


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:51234", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
        (None, ""),
        ("unknown", ""),
    ],
)
def test_the_client_of_an_address(address: str | None, client: str) -> None:
    assert client_of(address) == client


# on both databases


@pytest.fixture
def now(service: Flask) -> ClockAt:
    def set_to(moment: date | datetime) -> None:
        assert isinstance(moment, datetime)
        clock.clock().fixed = moment

    set_to(NOON)
    return set_to


def kept() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Attempt)) or 0


@pytest.mark.usefixtures("now")
def test_attempts_are_counted_and_taken_back(service: Flask) -> None:
    numbers = [counted_attempts.begin(PASSWORD, "ann", f"192.0.2.{number}") for number in range(12)]
    assert [number is not None for number in numbers] == [True] * 10 + [False] * 2
    assert kept() == 10, "what was refused does not count"
    assert counted_attempts.begin(PASSWORD, "bob", "192.0.2.1") is not None
    assert numbers[0] is not None
    counted_attempts.take_back(numbers[0])
    assert counted_attempts.begin(PASSWORD, "ann", "192.0.2.99") is not None
    assert counted_attempts.begin(PASSWORD, "ann", "192.0.2.99") is None
    assert counted_attempts.begin(LINK, "ann", "192.0.2.99") is not None, "each kind for itself"


def test_attempts_count_for_five_minutes_and_their_rows_are_removed(service: Flask, now: ClockAt) -> None:
    for number in range(10):
        counted_attempts.begin(PASSWORD, "ann", f"192.0.2.{number}")
    now(NOON + timedelta(minutes=4, seconds=59))
    assert counted_attempts.begin(PASSWORD, "ann", "192.0.2.99") is None
    now(NOON + timedelta(minutes=5))
    assert counted_attempts.begin(PASSWORD, "ann", "192.0.2.99") is not None
    now(NOON + timedelta(hours=1, minutes=6))
    counted_attempts.begin(PASSWORD, "bob", "192.0.2.1")
    assert kept() == 1


@pytest.mark.usefixtures("now")
def test_a_known_device_has_attempts_of_its_own(service: Flask) -> None:
    ann = a_person("Ann Lee")
    with transaction():
        device = Device(mark="a mark", person_id=ann.id, used_on=NOON.date())
        db.session.add(device)
    for number in range(10):
        counted_attempts.begin(PASSWORD, ann.email, f"192.0.2.{number}")
    on_device = [counted_attempts.begin(PASSWORD, ann.email, "192.0.2.1", device.id) for _ in range(11)]
    assert [number is not None for number in on_device] == [True] * 10 + [False]


@pytest.mark.usefixtures("now")
def test_no_row_says_whose_attempt_it_was(service: Flask) -> None:
    counted_attempts.begin(PASSWORD, "Pa55word typed into the wrong field", "192.0.2.7")
    row = dict(db.session.execute(select(Attempt.__table__)).mappings().one())
    assert not any(word in str(row) for word in ("Pa55word", "wrong field", "192.0.2"))


@pytest.mark.usefixtures("now")
def test_a_device_is_known_for_a_year_after_it_was_last_used(service: Flask) -> None:
    ann = a_person("Ann Lee")
    with transaction():
        for number, age in enumerate((0, 365, 366)):
            used_on = NOON.date() - timedelta(days=age)
            db.session.add(Device(mark=str(number), person_id=ann.id, used_on=used_on))
    with service.test_request_context("/sign-in"):
        devices.remember(ann.id, service.make_response(""))
    assert set(db.session.scalars(select(Device.mark))) >= {"0", "1"}
    assert db.session.scalar(select(Device.id).where(Device.mark == "2")) is None


# through the page


def sign_in(
    client: FlaskClient, email: str, password: str = RIGHT, address: str = "192.0.2.1"
) -> TestResponse:
    return client.post(
        "/sign-in", data={"email": email, "password": password}, environ_base={"REMOTE_ADDR": address}
    )


def gets_in(client: FlaskClient, email: str, password: str = RIGHT, address: str = "192.0.2.1") -> bool:
    return sign_in(client, email, password, address).status_code == 302


def guess(email: str) -> None:
    """Use up the tries at an account, from everywhere."""
    for number in range(10):
        counted_attempts.begin(PASSWORD, email, f"203.0.113.{number}")


def device_cookie(answer: TestResponse) -> Morsel[str] | None:
    for header in answer.headers.getlist("Set-Cookie"):
        if header.startswith(devices.COOKIE):
            return SimpleCookie(header)[devices.COOKIE]
    return None


@pytest.fixture
def ann(app: Flask, clock_at: ClockAt) -> Person:
    clock_at(NOON)
    return give_password(a_person("Ann Lee"))


def test_guessing_from_one_address_leaves_the_person_their_tries_elsewhere(app: Flask, ann: Person) -> None:
    visitor = app.test_client()
    answers = [sign_in(visitor, ann.email, WRONG).get_data(as_text=True) for _ in range(7)]
    assert [WAIT in page for page in answers] == [False] * 5 + [True] * 2
    assert not gets_in(visitor, ann.email), "nor with the right password"
    assert gets_in(app.test_client(), ann.email, address="198.51.100.1")


def test_wrong_passwords_for_invented_addresses_stop_nobody(
    app: Flask, ann: Person, clock_at: ClockAt
) -> None:
    visitor = app.test_client()
    for number in range(6):
        assert WAIT not in sign_in(visitor, f"invented{number}@council.example", WRONG).text
    assert gets_in(app.test_client(), ann.email), "behind the same address"
    with transaction():
        db.session.execute(
            insert(Attempt),
            [
                {
                    "kind": PASSWORD,
                    "account": str(number),
                    "client": db.session.scalar(select(Attempt.client).limit(1)),
                    "at": NOON,
                }
                for number in range(1000)
            ],
        )
    bob = give_password(a_person("Bob Moss"))
    assert gets_in(app.test_client(), bob.email), "after a thousand, too"
    cat = give_password(a_person("Cat Poole"))
    assert not gets_in(app.test_client(), cat.email, WRONG)
    assert WAIT in sign_in(app.test_client(), cat.email).text, "but each account has one try"
    clock_at(NOON + timedelta(minutes=6))
    assert gets_in(app.test_client(), cat.email)


def test_who_knows_the_password_gets_in_on_a_device_used_before(app: Flask, ann: Person) -> None:
    own = app.test_client()
    assert gets_in(own, ann.email)
    own.post("/sign-out")
    guess(ann.email)
    assert WAIT in sign_in(app.test_client(), ann.email, address="198.51.100.9").text
    assert gets_in(own, ann.email)


def test_the_cookie_of_a_device_is_kept_from_scripts_and_other_pages(app: Flask, ann: Person) -> None:
    client = app.test_client()
    assert device_cookie(sign_in(client, ann.email, WRONG)) is None
    cookie = device_cookie(sign_in(client, ann.email))
    assert cookie is not None
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/sign-in")
    assert not cookie["secure"], "there is no HTTPS here"
    assert int(cookie["max-age"]) == timedelta(days=365).total_seconds()
    mark = db.session.scalars(select(Device.mark)).one()
    assert mark not in cookie.value


def test_over_https_the_cookie_insists_on_it(app: Flask, ann: Person) -> None:
    app.extensions["settings"] = replace(
        app.extensions["settings"], base_url="https://audits.council.example"
    )
    cookie = device_cookie(sign_in(app.test_client(), ann.email))
    assert cookie is not None
    assert cookie["secure"]


def test_a_device_of_two_people_is_known_for_each_and_no_third(app: Flask, ann: Person) -> None:
    shared = app.test_client()
    bob, cat = (give_password(a_person(name)) for name in ("Bob Moss", "Cat Poole"))
    for person in (ann, bob, ann):
        assert gets_in(shared, person.email)
        shared.post("/sign-out")
    assert db.session.scalar(select(func.count()).select_from(Device)) == 2
    for person in (ann, bob, cat):
        guess(person.email)
    for person, gets in ((ann, True), (bob, True), (cat, False)):
        assert gets_in(shared, person.email) is gets
        shared.post("/sign-out")


def test_a_device_ends_with_the_password(app: Flask, ann: Person) -> None:
    own = app.test_client()
    assert gets_in(own, ann.email)
    own.post("/sign-out")
    moves.set_password(ann.id, "three unrelated words", by=ann.email)
    assert db.session.scalar(select(Device.id)) is None
    guess(ann.email)
    assert not gets_in(own, ann.email, "three unrelated words")


def test_what_a_locked_person_is_told_helps_them_where_they_are(app: Flask, ann: Person) -> None:
    known, other = app.test_client(), app.test_client()
    assert gets_in(known, ann.email)
    known.post("/sign-out")
    for client in (known, other):
        for number in range(11):
            answer = sign_in(client, ann.email, WRONG, f"192.0.2.{number}").text
        assert WAIT in answer
        assert (ELSEWHERE in answer) is (client is other)
        assert "or choose a new password" in answer


@pytest.mark.parametrize("page", ["link", "account"])
def test_a_new_password_ends_the_wait_and_its_device_is_known(app: Flask, ann: Person, page: str) -> None:
    own = app.test_client()
    assert gets_in(own, ann.email)
    new, guesses = "copper kettle violin", {"password": RIGHT}
    guess(ann.email)
    if page == "link":
        own.post("/sign-out")
        assert WAIT in sign_in(app.test_client(), ann.email).text
        address = links.link_for(ann, links.PASSWORD).partition("8000")[2]
        assert app.test_client().post(address, data={"password": new}).status_code == 302
        address = links.link_for(ann, links.PASSWORD).partition("8000")[2]
        assert own.post(address, data={"password": "violin kettle copper"}).status_code == 302
        new = "violin kettle copper"
    else:
        guesses["new_password"] = new
        assert own.post("/account/password", data=guesses).status_code == 302
        own.post("/sign-out")
    assert gets_in(app.test_client(), ann.email, new), "nobody has guessed at this one"
    guess(ann.email)
    assert gets_in(own, ann.email, new), "on the device where it was chosen"


def test_who_chooses_a_password_and_needs_a_code_is_known_after_the_code(app: Flask, ann: Person) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], second_factor=True)
    cora = a_person("Cora Kent", roles=["coordinator"])
    for person, known in ((ann, True), (cora, False)):
        address = links.link_for(person, links.PASSWORD).partition("8000")[2]
        answer = app.test_client().post(address, data={"password": "copper kettle violin"})
        assert (device_cookie(answer) is not None) is known


@pytest.mark.parametrize("forged", ["", "x", "WyJ4Il0.abc", "ImFubiI.abcdefghijklmnopqrstuvwxyz0"])
def test_a_forged_device_is_nobodys(app: Flask, ann: Person, forged: str) -> None:
    client = app.test_client()
    client.set_cookie(devices.COOKIE, forged, path="/sign-in")
    guess(ann.email)
    assert not gets_in(client, ann.email)


def test_refusals_do_not_tell_which_addresses_are_known(app: Flask, ann: Person) -> None:
    def pages_of(email: str) -> list[str]:
        pages = [sign_in(app.test_client(), email, WRONG).text for _ in range(7)]
        return [page.replace(email, "ADDRESS").split('name="csrf_token"')[0] for page in pages]

    assert pages_of(ann.email) == pages_of("nobody@council.example")


@pytest.mark.parametrize(
    ("count", "forwarded", "seen"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (0, "", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_forwarding_headers_are_believed_as_far_as_there_are_proxies(
    app: Flask, count: int, forwarded: str, seen: str
) -> None:
    settings = app.extensions["settings"]
    behind = create_app(settings_in(settings.instance_path, PROXY_COUNT=str(count)))
    addresses: list[str] = []

    @behind.before_request
    def look() -> str:
        addresses.append(request.remote_addr or "")
        return ""

    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    behind.test_client().get("/sign-in", headers=headers, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert addresses == [seen]
