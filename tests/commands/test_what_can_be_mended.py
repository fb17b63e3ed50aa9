"""Errors that the person who runs the service can mend end a command with a sentence, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from click.testing import Result
from sqlalchemy import make_url, text

from app import create_app
from app.database import db, transaction
from app.migrating import head
from config.settings import PROJECT
from tests.conftest import settings_in

from .conftest import Run

FIRST_CYCLE = PROJECT / "app" / "example" / "first-cycle"

COMMANDS = [
    ("migrate",),
    ("check",),
    ("remind", "--json"),
    ("deliver",),
    ("findings", "2010-1"),
    ("import", "staff", "staff.csv"),
    ("import", "all", "folder"),
    ("export", "folder"),
    ("report", "2010-1", "--out", "report.docx"),
    ("user", "create", "--email", "a@b.example", "--name", "A", "--role", "auditor", "--password-stdin"),
    ("demo",),
    ("serve", "--port", "0"),
    ("worker",),
]

MONKEY = pytest.MonkeyPatch


def said(answer: Result) -> str:
    """Return the one sentence with which a command ended."""
    assert (answer.exit_code, answer.stdout) == (1, "")
    (line,) = answer.stderr.splitlines()
    return line


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_says_what_is_wrong_with_the_database(
    run: Run, installation: Path, monkeypatch: MONKEY, words: tuple[str, ...]
) -> None:
    (installation / "practice-audits.sqlite").write_bytes(b"this is no database" * 1000)
    assert said(run(*words)) == "The database cannot be reached or used: file is not a database"
    monkeypatch.setenv("MAIL_REPLY_TO", "audits")
    assert said(run(*words)).startswith("MAIL_REPLY_TO must be 1 email address")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sqlite:////nowhere/at/all.sqlite", "unable to open database file"),
        ("sqlite:////proc", "unable to open database file"),
        ("postgresql://user:secret@127.0.0.1:9/audits", "Connection refused"),
        ("postgresql://user:secret@127.0.0.1/audits?nonsense=1", "nonsense"),
    ],
)
def test_a_database_that_is_not_there(run: Run, monkeypatch: MONKEY, url: str, why: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    told = said(run("migrate"))
    assert why in told
    assert "secret" not in told


@pytest.mark.postgresql
def test_a_database_that_allows_nothing(run: Run, monkeypatch: MONKEY, empty_postgresql_url: str) -> None:
    with psycopg.connect(empty_postgresql_url, autocommit=True) as connection:
        connection.execute("create role visitor login")
    url = make_url(empty_postgresql_url).set(username="visitor").render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    assert said(run("migrate")) == "The database refused a change: permission denied for schema public"


def changed(installation: Path, statement: str) -> None:
    application = create_app(settings_in(installation))
    with application.app_context():
        with transaction():
            db.session.execute(text(statement))
        db.engine.dispose()


def test_a_database_that_a_later_version_has_used(run: Run, installation: Path) -> None:
    changed(installation, "update alembic_version set version_num = '9999'")
    told = said(run("migrate"))
    assert told.startswith("The database has version 9999, which this version of the service does not know.")
    assert head() in told


def test_a_daily_run_that_the_database_refuses(run: Run, installation: Path) -> None:
    for kind, ending in (("staff", "csv"), ("tool", "toml"), ("cycle", "toml"), ("audits", "csv")):
        words = ("--cycle", "2010-1") if kind == "audits" else ()
        assert run("import", kind, FIRST_CYCLE / f"{kind}.{ending}", *words).exit_code == 0
    changed(installation, "create unique index one_message_a_day on messages (rendered_on)")
    told = said(run("remind", "--on", "2010-11-05"))
    assert told == "The database refused a change: UNIQUE constraint failed: messages.rendered_on"


@pytest.mark.parametrize("host", ["nonsense.invalid", "a..b", ""])
def test_a_host_that_is_none(run: Run, host: str) -> None:
    assert said(run("serve", "--port", "0", "--host", host)).startswith("--host must be an address")


@pytest.mark.parametrize(
    "words",
    [
        ("import", "staff", "/nowhere.csv"),
        ("import", "staff", "/proc"),
        ("import", "tool", "/dev/null"),
        ("import", "all", "/nowhere"),
        ("export", "/proc/x"),
        ("export", "/dev/null"),
        ("findings", "2010-1"),
    ],
    ids=" ".join,
)
def test_files_and_folders_that_are_wrong(run: Run, words: tuple[str, ...]) -> None:
    assert said(run(*words))


def test_a_password_that_is_not_text(installation: Path) -> None:
    words = ["user", "create", "--email", "a@b.example", "--name", "A", "--role", "auditor"]
    program = Path(sys.executable).parent / "practice-audits"
    answer = subprocess.run(
        [program, *words, "--password-stdin"],
        input=b"\xff\xfe is no text\n",
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8:strict"},
    )
    assert (answer.returncode, answer.stderr) == (1, b"The password must be text in UTF-8\n")


@pytest.mark.parametrize(
    ("name", "value"), [("BASE_URL", "audits"), ("DATABASE_URL", "sqlite:////nowhere/x.sqlite")]
)
def test_a_web_server_is_told_to_stop(installation: Path, name: str, value: str) -> None:
    environ = os.environ | {"PYTHONPATH": str(PROJECT), name: value}
    gunicorn = Path(sys.executable).parent / "gunicorn"
    answer = subprocess.run(
        [gunicorn, "--bind", "127.0.0.1:0", "wsgi:app"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=environ,
        cwd=PROJECT,
    )
    assert answer.returncode != 0
    assert "Traceback" not in answer.stderr
    assert {"BASE_URL": "BASE_URL must be", "DATABASE_URL": "The database cannot be"}[name] in answer.stderr
