"""The security headers: on every answer, whatever the address, the method, the reader and the outcome."""

import shutil
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.api import tokens
from app.people.models import Person
from app.people.roles import RoleName
from app.security_headers import CONTENT_SECURITY_POLICY
from tests.conftest import PASSWORD, Browser, give_password, let_in, settings_in
from tests.factories import a_cycle, a_person, an_audit
from tests.test_permissions import addresses

WALKS = {
    "nobody": ("GET", "HEAD", "POST", "PUT", "OPTIONS"),
    "coordinator": ("GET", "POST"),
    "practitioner": ("GET",),
}
"""The methods that each reader tries everywhere."""

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000"

COOKIES = {"practice_audits", "practice_audits_device"}


@pytest.fixture
def over_https(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Flask]:
    """The service as people reach it over HTTPS."""
    shutil.copy(migrated_sqlite, tmp_path / "practice-audits.sqlite")
    application = create_app(settings_in(tmp_path, BASE_URL="https://audits.council.example"))
    application.config["WTF_CSRF_ENABLED"] = False
    application.test_client_class = Browser
    with application.app_context():
        yield application


def wrong_with(answer: TestResponse, path: str, *, https: bool) -> list[str]:
    """Return what an answer lacks."""
    wrong = [name for name, value in ALWAYS.items() if answer.headers.get(name) != value]
    if "camera=()" not in answer.headers.get("Permissions-Policy", ""):
        wrong.append("Permissions-Policy")
    if not path.startswith("/static/") and answer.headers.get("Cache-Control") != "no-store":
        wrong.append("Cache-Control")
    if answer.headers.get("Strict-Transport-Security") != (HSTS if https else None):
        wrong.append("Strict-Transport-Security")
    if "Server" in answer.headers or "X-Powered-By" in answer.headers:
        wrong.append("says what it is made with")
    for cookie in answer.headers.getlist("Set-Cookie"):
        name, *attributes = (part.strip() for part in cookie.replace("=", ";", 1).split(";"))
        attributes = [attribute.lower() for attribute in attributes]
        if name not in COOKIES:
            wrong.append(f"the cookie {name}")
        if ("secure" in attributes) != https or "httponly" not in attributes:
            wrong.append(f"{name}: {attributes}")
        if not {"samesite=lax", "samesite=strict"} & set(attributes):
            wrong.append(f"{name} goes to other sites")
    return wrong


def test_the_policy_lets_no_script_style_frame_or_form_of_others_in() -> None:
    policy = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert policy == {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


def everybody(app: Flask) -> dict[str, Person]:
    """Make a cycle with an audit, a coordinator and a practitioner."""
    an_audit("CP-001", cycle=a_cycle("2010-1"))
    return {role: a_person(role.capitalize(), roles=[role]) for role in ("coordinator", "practitioner")}


def test_every_answer_has_them(over_https: Flask) -> None:
    people = everybody(over_https)
    clients = {reader: over_https.test_client() for reader in WALKS}
    seen: Counter[int] = Counter()
    wrong = []

    def check(answer: TestResponse, method: str, path: str) -> None:
        seen[answer.status_code] += 1
        if lacks := wrong_with(answer, path, https=True):
            wrong.append((method, path, answer.status_code, lacks))

    paths = dict.fromkeys(address for _, address, _ in addresses(over_https))
    for path in paths:
        if path == "/sign-out":
            continue
        for reader, methods in WALKS.items():
            for method in methods:
                answer = clients[reader].open(path, method=method)
                if reader in people and answer.headers.get("Location", "").startswith("/sign-in"):
                    # nobody is signed in yet, or the address before has ended the session
                    answer = let_in(clients[reader], people[reader]).open(path, method=method)
                check(answer, method, path)
    assert wrong == []
    assert {200, 302, 401, 403, 404, 405, 409, 422} <= set(seen), seen
    assert sum(seen.values()) > 2000


def failed(*_args: object, **_more: object) -> None:
    raise RuntimeError("canary")


def test_every_kind_of_answer_has_them(over_https: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    app = over_https
    cora = let_in(app.test_client(), everybody(app)["coordinator"])
    key = tokens.make("Power BI", RoleName.COORDINATOR, give_password(a_person("Ada", roles=["coordinator"])))
    over_the_size: dict[str, Any] = {"file": (BytesIO(b"x" * (26 * 1024 * 1024)), "big.csv")}
    monkeypatch.setitem(app.view_functions, "today.accessibility", failed)
    anybody = app.test_client()
    kinds: dict[str, tuple[TestResponse, int]] = {
        "page": (cora.get("/"), 200),
        "sign-in": (anybody.get("/sign-in"), 200),
        "signed in": (
            anybody.post("/sign-in", data={"email": "ada@council.example", "password": PASSWORD}),
            302,
        ),
        "static": (anybody.get("/static/application.css"), 200),
        "static, missing": (anybody.get("/static/nothing.css"), 404),
        "no such page": (cora.get("/nothing"), 404),
        "wrong method": (cora.delete("/people"), 405),
        "unknown method": (cora.open("/people", method="PROPFIND"), 405),
        "wrong input": (cora.post("/settings/duty-team", data={}), 422),
        "too large": (cora.post("/imports", data=over_the_size, content_type="multipart/form-data"), 413),
        "no key": (app.test_client().get("/api/v1/cycles"), 401),
        "with a key": (
            app.test_client().get("/api/v1/cycles", headers={"Authorization": f"Bearer {key}"}),
            200,
        ),
        "description": (app.test_client().get("/api/v1/openapi.json"), 200),
        "file": (cora.get("/audits?download=csv"), 200),
        "calendar": (app.test_client().get("/calendar/nothing.ics"), 404),
        "error": (app.test_client().get("/accessibility"), 500),
        "health": (app.test_client().get("/health"), 503),
    }
    wrong = {}
    for kind, (answer, status) in kinds.items():
        path = "/static/" if kind.startswith("static") else "/"
        lacks = wrong_with(answer, path, https=True)
        if lacks or answer.status_code != status:
            wrong[kind] = (answer.status_code, lacks)
    assert wrong == {}
    app.config["WTF_CSRF_ENABLED"] = True
    foreign = cora.post("/settings/duty-team", data={"name": "a", "telephone": "1"})
    assert (foreign.status_code, wrong_with(foreign, "/", https=True)) == (400, [])


def test_over_http_no_cookie_insists_on_https(app: Flask, client: FlaskClient) -> None:
    give_password(a_person("Ada Boss"))
    answer = client.post("/sign-in", data={"email": "ada.boss@council.example", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer.headers.getlist("Set-Cookie")
    assert wrong_with(answer, "/", https=False) == []
