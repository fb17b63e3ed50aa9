"""A council's own identity provider: oidc-provider-mock, served over HTTP in a thread, with its own keys."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import flask
import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from oidc_provider_mock import app as provider_app
from werkzeug.serving import make_server
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from app.council_accounts.provider import _client
from config.settings import IdentityProvider

CONFIGURATION = "/.well-known/openid-configuration"
CLIENT_ID, CLIENT_SECRET = "practice-audits", "a secret of the provider and the service"

Swap = Callable[[dict[str, Any]], dict[str, Any] | None]


@dataclass
class CouncilProvider:
    """A running identity provider, with people of the council in it."""

    address: str
    app: Flask
    swap: Swap | None = None
    """Changes what the provider answers to a code, as one who has broken into it would."""
    issuer: str | None = None
    """The issuer that its configuration names, where that is not its address."""
    asked: list[str] = field(default_factory=list)
    """The paths that the service itself has asked for."""

    @property
    def key(self) -> RSAKey:
        """The key with which the provider signs."""
        return RSAKey.import_key(self.app.extensions["storage_of_provider"].jwk.as_dict(is_private=True))

    def knows(self, subject: str, **claims: object) -> None:
        """Put an account into the provider, in place of one with the same subject."""
        self._put(subject, {"email_verified": True, **claims})

    def _put(self, subject: str, claims: Mapping[str, object]) -> None:
        account: Any = claims
        requests.put(f"{self.address}/users/{subject}", json=account, timeout=5).raise_for_status()

    def settings(self, **others: Any) -> IdentityProvider:
        """The settings of a service that uses this provider."""
        discovery = f"{self.address}{CONFIGURATION}"
        return replace(IdentityProvider(discovery, CLIENT_ID, CLIENT_SECRET, None), **others)

    def signs_in(self, subject: str, asked_at: str) -> str:
        """Sign somebody in at the provider; return the address to which it sends the browser back."""
        answer = requests.post(asked_at, data={"sub": subject}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    @property
    def key_id(self) -> str:
        """The name of the key."""
        return str(self.key.as_dict()["kid"])

    def signed(self, key_id: str = "", /, **claims: object) -> str:
        """Return a token with these claims, signed by this provider."""
        return jwt.encode({"alg": "RS256", "kid": key_id or self.key_id}, claims, self.key)

    def claims_in(self, token: str) -> dict[str, Any]:
        """Return the claims of a token that this provider signed."""
        return jwt.decode(token, self.key).claims


@contextmanager
def running_provider() -> Iterator[CouncilProvider]:
    """Serve a provider until the block ends."""
    application = provider_app(require_nonce=True, issue_refresh_token=False)

    @application.before_request  # type: ignore[untyped-decorator]
    def keep_storage() -> None:
        application.extensions["storage_of_provider"] = flask.g.oidc_provider_mock_storage

    provider = CouncilProvider("", application)
    inner = application.wsgi_app

    def answered(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        provider.asked.append(environ["PATH_INFO"])
        if environ["PATH_INFO"] == CONFIGURATION and provider.issuer is not None:
            known = Response.from_app(inner, environ)
            known.set_data(json.dumps(json.loads(known.get_data()) | {"issuer": provider.issuer}))
            return known(environ, start_response)
        if environ["PATH_INFO"] != "/oauth2/token" or provider.swap is None:
            plain: Iterable[bytes] = inner(environ, start_response)
            return plain
        answer = Response.from_app(inner, environ)
        token = json.loads(answer.get_data())
        swapped = provider.swap(token) if "id_token" in token else token
        answer.set_data(json.dumps(swapped if swapped is not None else token))
        return answer(environ, start_response)

    application.wsgi_app = answered
    # a provider of an earlier test may have had the same port, and other keys
    _client.cache_clear()
    server = make_server("localhost", 0, application, threaded=True)
    provider.address = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


@pytest.fixture
def insecure_transport(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the provider serve without TLS, on this machine."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def provider(insecure_transport: None) -> Iterator[CouncilProvider]:
    with running_provider() as running:
        yield running


@pytest.fixture
def another_provider(insecure_transport: None) -> Iterator[CouncilProvider]:
    """The provider of another council."""
    with running_provider() as running:
        yield running


@pytest.fixture
def client(service: Flask) -> FlaskClient:
    """A client that keeps cookies, with nobody signed in, of the service on each of the two databases."""
    service.config["WTF_CSRF_ENABLED"] = False
    return service.test_client()


@pytest.fixture
def use(service: Flask) -> Callable[..., None]:
    """Let the service use an identity provider."""

    def set_up(identity_provider: IdentityProvider | None, **others: Any) -> None:
        settings = service.extensions["settings"]
        service.extensions["settings"] = replace(settings, identity_provider=identity_provider, **others)

    return set_up


@pytest.fixture
def council(provider: CouncilProvider, use: Callable[..., None]) -> CouncilProvider:
    """The council's provider, which the service uses."""
    use(provider.settings())
    return provider


def come_back(client: FlaskClient, address: str) -> TestResponse:
    """Follow the provider's address back into the service."""
    assert address.startswith("http://127.0.0.1:8000/sign-in/council/answer?")
    return client.get(address.removeprefix("http://127.0.0.1:8000"))


def sign_in_with(
    client: FlaskClient, council: CouncilProvider, subject: str, start: str = "/sign-in/council"
) -> TestResponse:
    """Sign in with an account of the council, as a browser does."""
    asked = client.get(start)
    assert asked.status_code == 302, asked.get_data(as_text=True)
    return come_back(client, council.signs_in(subject, asked.headers["Location"]))


def who_is_in(client: FlaskClient) -> str | None:
    """Return the name on the page; None for whoever has to sign in."""
    answer = client.get("/")
    if answer.status_code != 200:
        return None
    page = answer.get_data(as_text=True)
    return page.partition('class="pa-header__person">')[2].partition("<span>")[2].partition("</span>")[0]
