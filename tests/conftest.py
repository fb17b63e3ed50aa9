"""The fixtures of all tests: an application on a fresh database, a browser-like client, a set clock."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from functools import cache, partial
from pathlib import Path
from types import CodeType
from typing import Any

import holidays  # noqa: F401  loaded before Hypothesis times a first example
import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from flask_security.utils import hash_password, login_user
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import event, make_url
from werkzeug.test import TestResponse

from app import clock, create_app
from app.case_keys import ring
from app.database import db, transaction
from app.migrating import migrate
from app.people.models import Person
from config.settings import CASE_NUMBER_KEY, Settings, from_environment

pytest_plugins = ("tests.postgresql",)

# a slow machine is no defect: speed is measured in the bench
hypothesis_settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("suite")


class CodeOfTemplates(BytecodeCache):
    """A cache of compiled templates for all applications of this process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


Flask.jinja_options = {"bytecode_cache": CodeOfTemplates()}

HISTORY_KEY = "the history key of a test, long enough"
# of the programs that tests start, too: databases are copied, and a history belongs to its key
os.environ["HISTORY_KEY"] = HISTORY_KEY

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
    """The settings of an installation in that folder, with nothing taken from this machine's environment.

    People sign in without a second factor there, with mail set or not, unless a test asks for one. Its key of
    case numbers, in its file, is that of all databases which tests copy.
    """
    settings = from_environment(
        {
            "INSTANCE_PATH": str(folder),
            "SECRET_KEY": "the secret key of a test, long enough",
            "HISTORY_KEY": HISTORY_KEY,
            "SECOND_FACTOR": "false",
            **environ,
        }
    )
    key = folder / CASE_NUMBER_KEY
    if not settings.case_number_key and not key.exists():
        key.touch(mode=0o600)
        key.write_text("the-key-of-the-case-numbers-of-a-test")
    return settings


@pytest.fixture(scope="session")
def reused_app(migrated_sqlite: Path) -> Flask:
    """The application of this process, on the database that its configuration names at the moment.

    Making one takes longer than most tests, and templates and statements are compiled once for each.
    """
    application = create_app(settings_in(migrated_sqlite.parent))
    application.test_client_class = Browser

    with application.app_context():

        @event.listens_for(db.engine, "do_connect")
        def open_the_file_of_now(_dialect: object, _record: object, where: list[Any], _how: object) -> None:
            where[0] = make_url(application.config["SQLALCHEMY_DATABASE_URI"]).database

    return application


@pytest.fixture
def app(tmp_path: Path, migrated_sqlite: Path, reused_app: Flask) -> Iterator[Flask]:
    """The application on a fresh SQLite database, with its context pushed."""
    shutil.copy(migrated_sqlite, tmp_path / "practice-audits.sqlite")
    settings = settings_in(tmp_path)
    # all that a test changes in the service begins anew
    reused_app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    reused_app.config["WTF_CSRF_ENABLED"] = False
    reused_app.extensions["settings"] = settings
    clock.init_app(reused_app, settings.time_zone)
    ring.init_app(reused_app, settings)
    with reused_app.app_context():
        yield reused_app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def postgresql_app(postgresql_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on a fresh PostgreSQL database, with its context pushed."""
    application = create_app(settings_in(tmp_path, DATABASE_URL=postgresql_url))
    application.test_client_class = Browser
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=["app", pytest.param("postgresql_app", marks=pytest.mark.postgresql)])
def service(request: pytest.FixtureRequest) -> Flask:
    """The service on each of the two databases."""
    application: Flask = request.getfixturevalue(request.param)
    return application


class Browser(FlaskClient):
    """A client whose every request starts with an empty `g`, as on a server."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.rollback()  # the test looks at what is there after the request, not at an older snapshot
        kwargs.setdefault("buffered", True)  # a browser reads an answer to its end, then lets it go
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that keeps cookies, with nobody signed in."""
    return app.test_client()


@pytest.fixture
def clock_at(app: Flask) -> Callable[[date | datetime], None]:
    """Set the clock to a day (noon) or a moment."""

    def set_to(moment: date | datetime) -> None:
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(12), tzinfo=UTC)
        clock.clock().fixed = moment

    return set_to


@cache
def hashed_password() -> str:
    """The hash of PASSWORD, made once: it takes long on purpose."""
    return hash_password(PASSWORD)


def give_password(person: Person) -> Person:
    """Let a person sign in with PASSWORD."""
    with transaction():
        db.session.get_one(Person, person.id).password = hashed_password()
    return person


def let_in(client: FlaskClient, person: Person) -> FlaskClient:
    """Sign a person in as the page does once the password, which takes long on purpose, is right."""
    give_password(person)
    with client.application.test_request_context(environ_base=client.environ_base):
        login_user(person)
        begun = dict(session)
    with client.session_transaction() as kept:
        kept.update(begun)
    return client


@pytest.fixture
def sign_in(client: FlaskClient) -> Callable[[Person], FlaskClient]:
    """Sign a person in, with a password given to them first."""
    return partial(let_in, client)


os.environ.pop("DATABASE_URL", None)
