"""Signing in with the council's own account, against a real provider: who gets in, and with which roles."""

import base64
import hashlib
import hmac
import json
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import select

from app import clock
from app.council_accounts.claims import GOOGLE
from app.database import db, transaction
from app.history import record
from app.outbox.models import Message
from app.people import moves
from app.people.models import CouncilAccount, Person
from app.people.roles import RoleName
from tests.conftest import give_password, let_in
from tests.council_accounts.conftest import (
    CLIENT_SECRET,
    CouncilProvider,
    come_back,
    running_provider,
    sign_in_with,
    who_is_in,
)
from tests.factories import a_person
from tests.pages import opened, visible

Use = Callable[..., None]


def now(person: Person) -> Person:
    return db.session.get_one(Person, person.id, populate_existing=True)


def history_of(person: Person) -> list[tuple[str, str]]:
    return [(row.who, row.what) for row in record.of("person", str(person.id))]


def changed(person: Person, **details: Any) -> None:
    moves.change_person(person.id, replace(moves.details_of(now(person)), **details), by="test")


def told() -> list[tuple[str, str]]:
    """Return what about a council account somebody was told, and who."""
    words = [
        (re.search(r"council account \w*connected", message.text or ""), message.address)
        for message in db.session.scalars(select(Message).where(Message.kind == "access"))
    ]
    return sorted((found[0], address) for found, address in words if found)


def refused(answer: Any, status: int = 403) -> str:
    assert answer.status_code == status
    return visible(answer.get_data(as_text=True))


# who is found


def test_the_first_sign_in_finds_the_person_by_verified_address(
    council: CouncilProvider, client: FlaskClient
) -> None:
    jack = a_person("Jack Denny")
    council.knows("s-1", email="Jack.Denny@Council.example")
    answer = sign_in_with(client, council, "s-1")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert not client.get_cookie("practice_audits_device", path="/sign-in")
    assert who_is_in(client) == "Jack Denny"
    account = db.session.query(CouncilAccount).one()
    assert (account.person_id, account.issuer, account.subject) == (jack.id, council.address, "s-1")
    assert ("council account", "council account connected") in history_of(jack)


def test_the_request_has_a_challenge_a_state_and_a_nonce(
    council: CouncilProvider, client: FlaskClient
) -> None:
    asked = [parse_qs(urlsplit(client.get("/sign-in/council").location).query) for _ in range(2)]
    for query in asked:
        assert query["code_challenge_method"] == ["S256"]
        assert query["response_type"] == ["code"]
        assert query["redirect_uri"] == ["http://127.0.0.1:8000/sign-in/council/answer"]
    for name in ("code_challenge", "state", "nonce"):
        assert asked[0][name] != asked[1][name]


def test_one_lands_on_the_page_that_was_asked_for_and_on_no_other_site(
    council: CouncilProvider, client: FlaskClient
) -> None:
    a_person("Jack Denny")
    council.knows("s-1", email="jack.denny@council.example")
    page = client.get("/cycles").location
    button = re.search(r'href="(/sign-in/council[^"]*)"', client.get(page).get_data(as_text=True))
    assert button
    assert sign_in_with(client, council, "s-1", button[1]).location == "/cycles"
    away = sign_in_with(client, council, "s-1", "/sign-in/council?next=https://elsewhere.example/")
    assert away.location == "/"


def test_a_changed_address_keeps_the_person(council: CouncilProvider, client: FlaskClient) -> None:
    jack = a_person("Jack Denny")
    council.knows("s-1", email=jack.email)
    sign_in_with(client, council, "s-1")
    client.post("/sign-out")
    council.knows("s-1", email="jack.smith@council.example")
    assert sign_in_with(client, council, "s-1").status_code == 302
    assert who_is_in(client) == "Jack Denny"
    changed(jack, email="jack.smith@council.example")
    client.post("/sign-out")
    assert sign_in_with(client, council, "s-1").status_code == 302


def test_a_recycled_address_does_not_take_an_account_over(
    council: CouncilProvider, client: FlaskClient
) -> None:
    jack = a_person("Jack Denny")
    council.knows("s-1", email=jack.email)
    sign_in_with(client, council, "s-1")
    client.post("/sign-out")
    council.knows("s-2", email=jack.email)
    page = refused(sign_in_with(client, council, "s-2"))
    assert "Someone else’s council account is already connected" in page
    assert who_is_in(client) is None


def test_a_former_address_finds_nobody(council: CouncilProvider, client: FlaskClient) -> None:
    jack = a_person("Jack Denny")
    former = jack.email
    changed(jack, email="jack.smith@council.example")
    council.knows("s-2", email=former)
    assert "No one in this service has the email address" in refused(sign_in_with(client, council, "s-2"))
    assert not db.session.query(CouncilAccount).count()


def test_unknown_people_are_told_whom_to_ask_and_never_created(
    council: CouncilProvider, client: FlaskClient
) -> None:
    council.knows("s-9", email="new@council.example", name="New Person")
    page = refused(sign_in_with(client, council, "s-9"))
    assert "If you need access, ask an audit coordinator to add you." in page
    assert db.session.query(Person).count() == 0


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email": None},
        {"email": ""},
        {"email": ["a@b.c"]},
    ],
    ids=str,
)
def test_an_address_that_is_not_verified_finds_nobody(
    council: CouncilProvider, client: FlaskClient, claims: dict[str, object]
) -> None:
    council.knows("s-1", **{"email": a_person("Jack Denny").email, **claims})
    assert "no verified email address" in refused(sign_in_with(client, council, "s-1"))


@pytest.mark.parametrize("first", [True, False], ids=["at the first sign-in", "later"])
@pytest.mark.parametrize("why", ["left", "switched off"])
def test_leavers_and_people_who_were_switched_off_are_refused(
    council: CouncilProvider, client: FlaskClient, why: str, first: bool
) -> None:
    jack = a_person("Jack Denny")
    council.knows("s-1", email=jack.email)
    if not first:
        sign_in_with(client, council, "s-1")
        client.post("/sign-out")
    with transaction():
        jack = now(jack)
        jack.leaving_on, jack.active = (date(2020, 1, 1), True) if why == "left" else (None, False)
    assert "You can no longer sign in to this service" in refused(sign_in_with(client, council, "s-1"))
    assert who_is_in(client) is None
    assert db.session.query(CouncilAccount).count() == (0 if first else 1)


def test_no_account_is_connected_by_an_address_changed_in_the_last_day(
    council: CouncilProvider, client: FlaskClient
) -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    clock.clock().fixed = noon
    jack = give_password(a_person("Jack Denny", roles=["coordinator"]))
    changed(jack, email="jack.smith@council.example")
    council.knows("s-1", email="jack.smith@council.example")
    page = refused(sign_in_with(client, council, "s-1"))
    assert "was changed in the last 24 hours. You can sign in with your council account from 24 Nov" in page
    assert not db.session.query(CouncilAccount).count()
    clock.clock().fixed = noon + timedelta(hours=24)
    assert sign_in_with(client, council, "s-1").status_code == 302


def test_once_disconnected_a_new_account_is_connected(
    council: CouncilProvider, client: FlaskClient, service: Flask
) -> None:
    jack, cora = a_person("Jack Denny"), a_person("Cora", roles=["coordinator"])
    council.knows("s-1", email=jack.email)
    sign_in_with(client, council, "s-1")
    council.knows("s-2", email=jack.email)
    office = let_in(service.test_client(), cora)
    assert "Connected on" in visible(opened(office, f"/people/{jack.id}"))
    answer = office.post(f"/people/{jack.id}/council-account/disconnect", follow_redirects=True)
    page = visible(answer.get_data(as_text=True))
    assert "Jack Denny can sign in with a new one." in page
    assert "council account disconnected, by Cora" in page
    assert told() == [
        ("council account connected", "jack.denny@council.example"),
        ("council account disconnected", "cora@council.example"),
        ("council account disconnected", "jack.denny@council.example"),
    ]
    assert who_is_in(client) is None
    sign_in_with(client, council, "s-2")
    assert db.session.query(CouncilAccount).one().subject == "s-2"


def test_signing_out_ends_the_session_of_the_service(council: CouncilProvider, client: FlaskClient) -> None:
    jack = a_person("Jack Denny")
    council.knows("s-1", email=jack.email)
    sign_in_with(client, council, "s-1")
    cookie = client.get_cookie("practice_audits")
    assert cookie
    client.post("/sign-out")
    client.set_cookie("practice_audits", cookie.value)
    assert who_is_in(client) is None


# roles


@pytest.fixture
def by_claim(council: CouncilProvider, use: Use) -> CouncilProvider:
    """The council's provider, which says in the claim `roles` who has which."""
    use(council.settings(role_claim="roles"))
    return council


def test_roles_come_from_the_claim_and_go_with_it(by_claim: CouncilProvider, client: FlaskClient) -> None:
    give_password(a_person("Ada Boss", roles=[RoleName.COORDINATOR]))
    jack = a_person("Jack Denny", roles=[RoleName.PRACTITIONER])
    by_claim.knows("s-1", email=jack.email, roles=["Coordinator", "auditor", "something else"])
    sign_in_with(client, by_claim, "s-1")
    assert now(jack).role_names == {"coordinator", "auditor"}
    assert ("council account", "roles changed") in history_of(jack)
    assert client.get("/messages").status_code == 200
    by_claim.knows("s-1", email=jack.email, roles="auditor")
    sign_in_with(client, by_claim, "s-1")
    assert now(jack).role_names == {"auditor"}
    assert client.get("/messages").status_code == 403
    by_claim.knows("s-1", email=jack.email)
    sign_in_with(client, by_claim, "s-1")
    assert now(jack).role_names == set()


def test_nobody_gains_roles_where_no_claim_is_set_or_it_is_missing(
    council: CouncilProvider, client: FlaskClient, use: Use
) -> None:
    jack = a_person("Jack Denny", roles=[RoleName.AUDITOR])
    council.knows("s-1", email=jack.email, roles=["coordinator"])
    sign_in_with(client, council, "s-1")
    assert now(jack).role_names == {"auditor"}
    use(council.settings(role_claim="groups"))
    sign_in_with(client, council, "s-1")
    assert now(jack).role_names == set()


@pytest.mark.parametrize("role", [RoleName.COORDINATOR, RoleName.ADMINISTRATOR])
def test_the_last_coordinator_and_administrator_keep_their_role_and_are_told(
    by_claim: CouncilProvider, client: FlaskClient, role: RoleName
) -> None:
    jack = a_person("Jack Denny", roles=[role])
    give_password(jack)
    by_claim.knows("s-1", email=jack.email, roles=["auditor"])
    sign_in_with(client, by_claim, "s-1")
    assert now(jack).role_names == {role, "auditor"}
    page = visible(client.get("/").get_data(as_text=True))
    assert f"Your council account no longer gives you the role of {role}. You still have it" in page
    other = give_password(a_person("Ada Boss", roles=[role]))
    sign_in_with(client, by_claim, "s-1")
    assert now(jack).role_names == {"auditor"}
    assert now(other).role_names == {role}


# what is not believed


def test_an_answer_is_used_once(council: CouncilProvider, client: FlaskClient) -> None:
    council.knows("s-1", email=a_person("Jack Denny").email)
    asked = client.get("/sign-in/council").location
    cookie = client.get_cookie("practice_audits")
    back = council.signs_in("s-1", asked)
    assert come_back(client, back).status_code == 302
    client.post("/sign-out")
    assert "This sign-in has expired or was already used" in refused(come_back(client, back), 400)
    assert cookie
    client.set_cookie("practice_audits", cookie.value)  # the cookie of before, with its state
    assert "This sign-in has expired or was already used" in refused(come_back(client, back), 400)
    assert who_is_in(client) is None


def test_an_answer_that_another_browser_asked_for_is_refused(
    council: CouncilProvider, client: FlaskClient, service: Flask
) -> None:
    council.knows("s-1", email=a_person("Jack Denny").email)
    back = council.signs_in("s-1", client.get("/sign-in/council").location)
    victim = service.test_client()
    assert "This sign-in has expired" in refused(come_back(victim, back), 400)
    victim.get("/sign-in/council")
    assert "This sign-in has expired" in refused(come_back(victim, back), 400)
    assert who_is_in(victim) is None


Forge = Callable[[CouncilProvider, CouncilProvider, dict[str, Any]], str]

FORGED: dict[str, Forge] = {
    "signed by another provider": lambda _own, other, claims: other.signed(**claims),
    "signed by another in its name": lambda own, other, claims: other.signed(own.key_id, **claims),
    "of another issuer": lambda own, other, claims: own.signed(**claims | {"iss": other.address}),
    "another issuer's, whole": lambda _own, other, claims: other.signed(**claims | {"iss": other.address}),
    "for another audience": lambda own, _other, claims: own.signed(**claims | {"aud": ["another service"]}),
    "for another party": lambda own, _other, claims: own.signed(**claims | {"azp": "another service"}),
    "with another nonce": lambda own, _other, claims: own.signed(**claims | {"nonce": "replayed"}),
    "without a nonce": lambda own, _other, claims: own.signed(**_without(claims, "nonce")),
    "without an issuer": lambda own, _other, claims: own.signed(**_without(claims, "iss")),
    "without an audience": lambda own, _other, claims: own.signed(**_without(claims, "aud")),
    "with an empty subject": lambda own, _other, claims: own.signed(**claims | {"sub": ""}),
    "without a subject": lambda own, _other, claims: own.signed(**_without(claims, "sub")),
    "expired": lambda own, _other, claims: own.signed(**claims | {"exp": 1_000_000_000}),
    "without a signature": lambda _own, _other, claims: _put_together({"alg": "none"}, claims, b""),
    "signed with the secret of both": lambda _own, _other, claims: _shared(claims),
    "signed with the public key": lambda own, _other, claims: _with_public_key(own, claims),
    "with changed claims": lambda own, _other, claims: _changed(own.signed(**claims)),
    "no token at all": lambda _own, _other, _claims: "nothing",
}


WHY = {
    "signed by another provider": "InvalidKeyIdError",
    "signed by another in its name": "BadSignatureError",
    "of another issuer": "InvalidClaimError",
    "another issuer's, whole": "InvalidKeyIdError",
    "for another audience": "InvalidClaimError",
    "for another party": "InvalidClaimError",
    "with another nonce": "InvalidClaimError",
    "without a nonce": "MissingClaimError",
    "without an issuer": "MissingClaimError",
    "without an audience": "MissingClaimError",
    "with an empty subject": "InvalidClaimError",
    "without a subject": "MissingClaimError",
    "expired": "ExpiredTokenError",
    "without a signature": "UnsupportedAlgorithmError",
    "signed with the secret of both": "UnsupportedAlgorithmError",
    "signed with the public key": "UnsupportedAlgorithmError",
    "with changed claims": "BadSignatureError",
    "no token at all": "DecodeError",
}
"""The reasons for which each is refused, as the log names them."""


def _without(claims: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in claims.items() if key != name}


def _shared(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET))


def _with_public_key(own: CouncilProvider, claims: dict[str, Any]) -> str:
    head = {"alg": "HS256", "kid": own.key.as_dict()["kid"]}
    signed = _put_together(head, claims, b"").rstrip(".").encode()
    public = own.key.as_pem(private=False)
    return _put_together(head, claims, hmac.new(public, signed, hashlib.sha256).digest())


def _put_together(head: dict[str, Any], claims: dict[str, Any], signature: bytes) -> str:
    parts = (json.dumps(head).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def _changed(token: str) -> str:
    head, body, signature = token.split(".")
    claims = base64.urlsafe_b64decode(body + "==").replace(b"jack.denny", b"ingrid.sol")
    return ".".join((head, base64.urlsafe_b64encode(claims).rstrip(b"=").decode(), signature))


# nothing of it reaches the database
@pytest.mark.parametrize("service", ["app"], indirect=True)
@pytest.mark.parametrize("how", FORGED)
def test_a_forged_token_opens_nothing(
    how: str,
    council: CouncilProvider,
    another_provider: CouncilProvider,
    client: FlaskClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    jack = a_person("Jack Denny")
    for running in (council, another_provider):
        running.knows("s-1", email=jack.email)

    def swap(answer: dict[str, Any]) -> dict[str, Any]:
        claims = council.claims_in(answer["id_token"])
        return answer | {"id_token": FORGED[how](council, another_provider, claims)}

    council.swap = swap
    with caplog.at_level(logging.WARNING):
        page = refused(sign_in_with(client, council, "s-1"))
    assert "gave an answer that this service cannot accept" in page
    assert who_is_in(client) is None
    assert not db.session.query(CouncilAccount).count()
    warnings = [line for line in caplog.records if line.levelno >= logging.WARNING]
    logged = [line.getMessage() for line in warnings if line.name != "werkzeug"]  # the provider's own
    assert logged == [f"An answer of the council’s sign-in service was refused: {WHY[how]}"]


TENANT, ANOTHER_TENANT = "4f0a6b1e-2c3d-4e5f-8a9b-0c1d2e3f4a5b", "99999999-2c3d-4e5f-8a9b-0c1d2e3f4a5b"
MICROSOFT = f"https://login.microsoftonline.com/{TENANT}/v2.0"


@pytest.mark.parametrize(
    ("issuer", "claims", "gets_in"),
    [
        (MICROSOFT, {"tid": TENANT}, True),
        (MICROSOFT, {"tid": TENANT.upper()}, True),
        (MICROSOFT, {}, True),
        (MICROSOFT, {"tid": ANOTHER_TENANT}, False),
        (MICROSOFT, {"tid": ""}, False),
        (GOOGLE, {"hd": "council.example"}, True),
        (GOOGLE, {"hd": "Council.Example"}, True),
        (GOOGLE, {}, False),
        (GOOGLE, {"hd": ""}, False),
        (GOOGLE, {"hd": "another.example"}, False),
        (GOOGLE, {"hd": "example"}, False),
    ],
    ids=str,
)
@pytest.mark.parametrize("service", ["app"], indirect=True)
def test_an_account_of_another_organisation_opens_nothing(
    council: CouncilProvider,
    client: FlaskClient,
    caplog: pytest.LogCaptureFixture,
    issuer: str,
    claims: dict[str, object],
    gets_in: bool,
) -> None:
    council.issuer = issuer
    council.knows("s-1", email=a_person("Jack Denny").email)

    def swap(answer: dict[str, Any]) -> dict[str, Any]:
        said = council.claims_in(answer["id_token"]) | {"iss": issuer} | claims
        return answer | {"id_token": council.signed(**said)}

    council.swap = swap
    with caplog.at_level(logging.WARNING):
        answer = sign_in_with(client, council, "s-1")
    assert who_is_in(client) == ("Jack Denny" if gets_in else None)
    assert db.session.query(CouncilAccount).count() == gets_in
    if not gets_in:
        assert "gave an answer that this service cannot accept" in refused(answer)
        assert "An answer of the council’s sign-in service was refused: another tenant" in caplog.messages


def test_a_provider_that_stands_for_everybody_is_not_used(
    council: CouncilProvider, client: FlaskClient
) -> None:
    council.issuer = "https://login.microsoftonline.com/{tenantid}/v2.0"
    assert "cannot accept" in refused(client.get("/sign-in/council"))
    assert who_is_in(client) is None


def test_the_same_swap_without_a_forgery_gets_in(council: CouncilProvider, client: FlaskClient) -> None:
    council.knows("s-1", email=a_person("Jack Denny").email)

    def swap(answer: dict[str, Any]) -> dict[str, Any]:
        claims = council.claims_in(answer["id_token"])
        return answer | {"id_token": council.signed(**claims)}

    council.swap = swap
    assert sign_in_with(client, council, "s-1").status_code == 302


def test_an_answer_without_a_token_of_identity_is_refused(
    council: CouncilProvider, client: FlaskClient
) -> None:
    council.knows("s-1", email=a_person("Jack Denny").email)
    council.swap = lambda answer: _without(answer, "id_token")
    assert "cannot accept" in refused(sign_in_with(client, council, "s-1"))


# the provider


def test_a_person_who_cancels_is_not_signed_in(council: CouncilProvider, client: FlaskClient) -> None:
    client.get("/sign-in/council")
    page = refused(client.get("/sign-in/council/answer?error=access_denied&error_description=canary"))
    assert "did not sign you in" in page
    assert "canary" not in page


def test_where_the_provider_is_down_one_is_told_and_the_log_has_a_line_without_data(
    use: Use, insecure_transport: None, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with running_provider() as gone:
        settings = gone.settings()
    use(settings)
    with caplog.at_level(logging.WARNING):
        page = refused(client.get("/sign-in/council"), 503)
    assert "does not answer. Try again in a few minutes." in page
    lines = [line for line in caplog.messages if "council" in line]
    assert lines == ["The council’s sign-in service does not answer: ConnectionError"]


def test_where_the_provider_goes_down_on_the_way_one_is_told(
    use: Use, insecure_transport: None, client: FlaskClient
) -> None:
    with running_provider() as provider:
        use(provider.settings())
        provider.knows("s-1", email=a_person("Jack Denny").email)
        back = provider.signs_in("s-1", client.get("/sign-in/council").location)
    assert "does not answer" in refused(come_back(client, back), 503)


def test_without_a_provider_there_is_no_button_and_no_such_page(client: FlaskClient) -> None:
    assert "council account" not in client.get("/sign-in").get_data(as_text=True)
    assert client.get("/sign-in/council").status_code == 404
    assert client.get("/sign-in/council/answer?code=1&state=2").status_code == 404


def test_pressing_the_button_many_times_does_not_fill_the_cookie(
    council: CouncilProvider, client: FlaskClient
) -> None:
    for _ in range(12):
        client.get("/sign-in/council")
    cookie = client.get_cookie("practice_audits")
    assert cookie
    assert len(cookie.value) < 1500
