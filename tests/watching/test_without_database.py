"""While the database is away everyone gets a page with the number of their request."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask

from app import create_app
from app.database import db
from app.migrating import migrate
from tests.conftest import let_in, settings_in
from tests.factories import a_person
from tests.pages import visible
from tests.postgresql import Server

pytestmark = pytest.mark.postgresql


@pytest.fixture
def server() -> Iterator[Server]:
    with TemporaryDirectory(prefix="postgresql-") as folder:
        running = Server(Path(folder))
        yield running
        running.stop()


@pytest.fixture
def of_its_own(server: Server, tmp_path: Path) -> Iterator[Flask]:
    """A service whose database can be stopped."""
    app = create_app(settings_in(tmp_path, DATABASE_URL=server.url("postgres")))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        migrate()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("address", ["/", "/audits", "/settings/service", "/sign-in"])
def test_whoever_has_signed_in_gets_a_page_with_a_number(
    server: Server, of_its_own: Flask, address: str
) -> None:
    with of_its_own.app_context():
        client = let_in(of_its_own.test_client(), a_person("Jack Denny", roles=["coordinator"]))
    assert client.get("/").status_code == 200
    server.stop()
    answer = client.get(address)
    assert answer.status_code == 500
    number = answer.headers["X-Request-Id"]
    assert number in visible(answer.get_data(as_text=True))
