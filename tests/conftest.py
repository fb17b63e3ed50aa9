"""What every test can ask for: an application on a fresh database, a browser-like client, a set clock."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.clock import clock
from app.database import db
from app.migrating import migrate
from app.people.models import Person
from config.settings import Settings, from_environment

pytest_plugins = ("tests.postgresql",)

PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database of the current version, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app(settings_in(folder))
    with app.app_context():
        migrate()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        db.engine.dispose()
    return folder / "practice-audits.sqlite"


def settings_in(folder: Path, **environ: str) -> Settings:
    """The settings of an installation in that folder, with nothing taken from this machine's environment."""
    return from_environment({"INSTANCE_PATH": str(folder), "SECRET_KEY": "a test's secret", **environ})


@pytest.fixture
def app(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Flask]:
    """The service on a fresh SQLite database, with its context pushed."""
    shutil.copy(migrated_sqlite, tmp_path / "practice-audits.sqlite")
    application = create_app(settings_in(tmp_path))
    application.config["WTF_CSRF_ENABLED"] = False
    application.test_client_class = Browser
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


class Browser(FlaskClient):
    """A client whose every request starts afresh, as on a server: nothing is left over in Flask's `g`."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.rollback()  # the test looks at what is there after the request, not at an older snapshot
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that keeps cookies, signed in as nobody."""
    return app.test_client()


@pytest.fixture
def clock_at(app: Flask) -> Callable[[date | datetime], None]:
    """Set the clock to a day (noon) or a moment."""

    def set_to(moment: date | datetime) -> None:
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(12), tzinfo=UTC)
        clock().fixed = moment

    return set_to


@pytest.fixture
def sign_in(client: FlaskClient) -> Callable[[Person], FlaskClient]:
    """Sign a person in through the page, with a password given to them first."""
    from flask_security.utils import hash_password

    from app.database import transaction

    def as_person(person: Person) -> FlaskClient:
        with transaction():
            person.password = hash_password(PASSWORD)
        answer = client.post("/sign-in", data={"email": person.email, "password": PASSWORD})
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return client

    return as_person


os.environ.pop("DATABASE_URL", None)
