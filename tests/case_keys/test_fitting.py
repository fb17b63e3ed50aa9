"""A database and the key of its installation: one without the other is refused, and no key is made for it."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import String, delete, select, type_coerce, update

from app import clock, create_app
from app.audits.models import Audit
from app.case_keys import ring as ring_of_keys
from app.case_keys.fitting import has_sealed, take_key, why_unfit
from app.case_keys.mark import KeyMark, as_compared
from app.case_keys.ring import KeyMissing, ring
from app.case_keys.sealed import CANNOT_BE_READ
from app.commands import main
from app.database import db, transaction
from app.watching.health import what_is_wrong
from config.settings import CASE_NUMBER_KEY
from tests.conftest import settings_in
from tests.factories import an_audit

REFUSED = re.compile(
    r"This database was made with another CASE_NUMBER_KEY\. Put back the file \S+/case_number_key, "
)
OTHER = "another-key-of-case-numbers-of-a-test"

Called = Callable[..., Result]


def with_another_key(app: Flask) -> None:
    """Give the running application another key in place of its own."""
    folder = app.extensions["settings"].instance_path
    (folder / CASE_NUMBER_KEY).write_text(OTHER)
    ring_of_keys.init_app(app, app.extensions["settings"])
    db.session.rollback()


def without_number(reference: str) -> None:
    with transaction():
        of = update(Audit).where(Audit.reference == reference)
        db.session.execute(of.values(case_reference=None, case_folded=None))


def raw_numbers() -> list[str | None]:
    return list(db.session.scalars(select(type_coerce(Audit.case_reference, String))))


def test_a_number_is_plain_in_python_and_encrypted_in_the_database(service: Flask) -> None:
    an_audit("CP-001", case_reference="0615-739")
    an_audit("CP-002")
    without_number("CP-002")
    shown, none = raw_numbers()
    assert none is None
    assert shown is not None
    assert shown.startswith(f"{ring().first().id}:")
    assert "0615" not in shown
    db.session.expire_all()
    assert db.session.scalars(select(Audit.case_reference)).all() == ["0615-739", None]
    found = db.session.scalars(select(Audit.reference).where(Audit.case_folded == as_compared("615 739")))
    assert found.all() == ["CP-001"]


@pytest.mark.parametrize(
    "compare",
    [
        lambda: Audit.case_reference == "0615-739",
        lambda: Audit.case_reference.in_(["0615-739"]),
        lambda: Audit.case_reference.like("06%"),
        Audit.case_reference.desc,
    ],
    ids=["equal", "in", "like", "sorted"],
)
def test_the_database_is_not_asked_to_compare_what_it_cannot_read(
    app: Flask, compare: Callable[[], object]
) -> None:
    with pytest.raises(TypeError, match="compare case_folded"):
        compare()


def test_numbers_are_refused_without_their_key(service: Flask) -> None:
    an_audit("CP-001", case_reference="0615-739")
    with_another_key(service)
    assert REFUSED.match(why_unfit() or "")
    for needs_it in (take_key, lambda: as_compared("1"), lambda: db.session.scalars(select(Audit)).all()):
        db.session.rollback()
        with pytest.raises(KeyMissing):
            needs_it()
    assert len(raw_numbers()) == 1


def test_a_database_without_numbers_takes_the_key_that_is_there(service: Flask) -> None:
    an_audit("CP-001")
    without_number("CP-001")
    with_another_key(service)
    assert not has_sealed()
    assert why_unfit() is None
    take_key()
    an_audit("CP-002", case_reference="0615-739")
    assert why_unfit() is None
    assert (raw_numbers()[1] or "").startswith(ring().first().id)


def test_a_database_that_lost_its_mark_is_refused_while_it_has_numbers(service: Flask) -> None:
    an_audit("CP-001", case_reference="0615-739")
    with transaction():
        db.session.execute(delete(KeyMark))
    with pytest.raises(KeyMissing):
        take_key()


def test_what_was_exchanged_in_the_database_is_not_read(service: Flask) -> None:
    an_audit("CP-001", case_reference="0615-739")
    sealed = raw_numbers()[0] or ""
    last = "B" if sealed[-3] == "A" else "A"
    with transaction():
        statement = Audit.__table__.update().values(  # type: ignore[attr-defined]
            case_reference=type_coerce(sealed[:-3] + last + sealed[-2:], String)
        )
        db.session.execute(statement)
    assert db.session.scalars(select(Audit.case_reference)).all() == [CANNOT_BE_READ]


def test_two_installations_in_one_process_have_their_own_keys(
    app: Flask, tmp_path: Path, migrated_sqlite: Path
) -> None:
    an_audit("CP-001", case_reference="0615-739")
    here = raw_numbers()
    folder = tmp_path / "other"
    folder.mkdir()
    shutil.copy(migrated_sqlite, folder / "practice-audits.sqlite")
    with create_app(settings_in(folder, CASE_NUMBER_KEY=OTHER)).app_context():
        take_key()
        an_audit("CP-001", case_reference="0615-739")
        there = raw_numbers()
        assert db.session.scalars(select(Audit.case_reference)).all() == ["0615-739"]
        db.session.remove()
        db.engine.dispose()
    assert (here[0] or "")[:8] != (there[0] or "")[:8]
    assert db.session.scalars(select(Audit.case_reference)).all() == ["0615-739"]


@pytest.fixture
def folder(tmp_path: Path, migrated_sqlite: Path) -> Path:
    """An installation that has a case number, and its key in its file."""
    folder = tmp_path / "installation"
    folder.mkdir()
    shutil.copy(migrated_sqlite, folder / "practice-audits.sqlite")
    with create_app(settings_in(folder)).app_context():
        an_audit("CP-001", case_reference="0615-739")
        db.session.remove()
        db.engine.dispose()
    return folder


def called(folder: Path, *words: str, **environ: str) -> Result:
    given = {"INSTANCE_PATH": str(folder), "DATABASE_URL": None, **environ}
    return CliRunner().invoke(main, words, env=given, catch_exceptions=False)


COMMANDS = (
    ("migrate",),
    ("remind", "--dry-run"),
    ("export", "new"),
    ("findings", "2010-1"),
    ("serve", "--port", "0"),
    ("user", "create", "--email", "a@council.example", "--name", "A", "--role", "auditor"),
)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_no_command_runs_without_the_key_and_none_is_made(folder: Path, words: tuple[str, ...]) -> None:
    (folder / CASE_NUMBER_KEY).rename(folder / "kept elsewhere")
    result = called(folder, *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert REFUSED.match(result.stderr)
    assert "CASE_NUMBER_KEY to the key that the database was made with" in result.stderr
    assert not (folder / CASE_NUMBER_KEY).exists()
    (folder / "kept elsewhere").rename(folder / CASE_NUMBER_KEY)
    assert called(folder, "migrate").exit_code == 0


def test_check_and_health_say_that_the_key_is_another_one(folder: Path) -> None:
    key = (folder / CASE_NUMBER_KEY).read_text()
    assert "ok     case numbers: The key of this installation opens them" in called(folder, "check").stdout
    (folder / CASE_NUMBER_KEY).write_text(OTHER)
    result = called(folder, "check", "--json")
    assert result.exit_code == 1
    said = {check["name"]: check["says"] for check in json.loads(result.stdout)["checks"] if not check["ok"]}
    assert REFUSED.match(said["case numbers"])
    with create_app(settings_in(folder)).app_context():
        assert list(what_is_wrong(clock.now())) == ["case numbers"]
        assert str(folder) not in str(what_is_wrong(clock.now()))
        db.session.remove()
        db.engine.dispose()
    (folder / CASE_NUMBER_KEY).write_text(key)


def test_a_wrong_setting_is_refused_and_the_right_one_goes_on(folder: Path) -> None:
    key = (folder / CASE_NUMBER_KEY).read_text()
    (folder / CASE_NUMBER_KEY).unlink()
    assert REFUSED.match(called(folder, "migrate", CASE_NUMBER_KEY=OTHER).stderr)
    assert called(folder, "migrate", CASE_NUMBER_KEY=key).exit_code == 0


@pytest.mark.parametrize("given", ["short", f"{OTHER} short"])
def test_a_short_key_is_refused(folder: Path, given: str) -> None:
    result = called(folder, "migrate", CASE_NUMBER_KEY=given)
    assert (result.exit_code, "CASE_NUMBER_KEY must be 32 characters" in result.stderr) == (1, True)
