"""Encrypted values that somebody changed or exchanged by SQL: the check names them, and pages still open."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import String, select, text, type_coerce, update

from app.audits.models import Audit
from app.case_keys.checking import NAMED, wrong_numbers
from app.case_keys.sealed import CANNOT_BE_READ, NotReadable
from app.commands import main
from app.database import db, transaction
from app.history.checking import NO_ROW
from app.history.checks import standing_breaks
from app.people.models import Person
from app.watching.health import history_broken
from app.watching.history_check import check_history
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

NUMBER = "0615-739"


def put(reference: str, sealed: str | None) -> None:
    """Put a text in the place of the encrypted number of an audit, as somebody with SQL does."""
    with transaction():
        statement = text("update audits set case_reference = :sealed where reference = :reference")
        db.session.execute(statement, {"sealed": sealed, "reference": reference})
    db.session.expire_all()


def sealed_of(reference: str) -> str:
    query = select(type_coerce(Audit.case_reference, String)).where(Audit.reference == reference)
    return db.session.scalars(query).one() or ""


def exchange(one: str, other: str) -> None:
    of_one, of_other = sealed_of(one), sealed_of(other)
    put(one, of_other)
    put(other, of_one)


def found() -> str | None:
    db.session.rollback()
    return wrong_numbers(db.session.connection())


def test_all_that_was_saved_is_right(service: Flask) -> None:
    an_audit("CP-001", case_reference=NUMBER)
    an_audit("CP-002", case_reference="---")
    an_audit("CP-003")
    assert found() is None


@pytest.mark.parametrize("sealed", ["x", "", "abcdefgh:x", "abcdefgh:" + "A" * 60])
def test_a_number_that_cannot_be_read_is_named(service: Flask, sealed: str) -> None:
    an_audit("CP-001", case_reference=NUMBER)
    an_audit("CP-002", case_reference="0615-740")
    put("CP-001", sealed)
    said = "Case numbers that cannot be read: audits CP-001. Someone may have changed the database"
    assert found() == said
    assert db.session.scalars(select(Audit.case_reference).order_by(Audit.reference)).all() == [
        CANNOT_BE_READ,
        "0615-740",
    ]


def test_numbers_that_were_exchanged_are_named(service: Flask) -> None:
    an_audit("CP-001", case_reference=NUMBER)
    an_audit("CP-002", case_reference="0615-740")
    exchange("CP-001", "CP-002")
    said = found() or ""
    assert "not those that were saved: audits CP-001, audits CP-002." in said
    assert "0615" not in said


def test_the_command_names_them(service: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    an_audit("CP-001", case_reference=NUMBER)
    an_audit("CP-002", case_reference="0615-740")
    exchange("CP-001", "CP-002")
    db.session.remove()
    monkeypatch.setenv("INSTANCE_PATH", str(service.extensions["settings"].instance_path))
    monkeypatch.setenv("DATABASE_URL", service.config["SQLALCHEMY_DATABASE_URI"])
    ended = CliRunner().invoke(main, ["check"])
    assert ended.exit_code == 1
    assert "not those that were saved: audits CP-001, audits CP-002." in ended.stderr
    assert "0615" not in ended.output


def test_not_all_are_named_where_there_are_many(service: Flask) -> None:
    cycle = a_cycle()
    for number in range(NAMED + 2):
        an_audit(f"CP-{number:03}", cycle=cycle, case_reference=f"0615-{number}")
    with transaction():
        db.session.execute(text("update audits set case_reference = 'x'"))
    assert f"audits CP-{NAMED - 1:03} and 2 others." in (found() or "")


def test_the_nightly_check_finds_it_and_tells_it(service: Flask) -> None:
    an_audit("CP-001", case_reference=NUMBER)
    right = sealed_of("CP-001")
    assert check_history().broken is None
    put("CP-001", "x")
    broken = check_history().broken
    assert broken is not None
    assert (broken.row, broken.why) == (NO_ROW, found())
    assert (history_broken() or "").startswith("Case numbers are not as they were saved, so run `")
    put("CP-001", right)
    assert check_history().broken is None
    # it stands until an administrator acknowledges it
    assert [each.is_of_numbers for each in standing_breaks()] == [True]


def test_what_cannot_be_read_is_never_saved(service: Flask) -> None:
    an_audit("CP-001", case_reference=NUMBER)
    other = an_audit("CP-002", case_reference="0615-740")
    put("CP-001", "x")
    read = db.session.scalars(select(Audit.case_reference).where(Audit.reference == "CP-001")).one()
    with pytest.raises(NotReadable):
        other.case_reference = read
    with pytest.raises(Exception, match="cannot be read"), transaction():
        db.session.execute(update(Audit).values(case_reference=read))
    assert sealed_of("CP-001") == "x"


def test_pages_open_that_have_a_number_that_cannot_be_read(
    client: FlaskClient, sign_in: Callable[[Person], FlaskClient]
) -> None:
    cycle = a_cycle()
    an_audit("CP-001", cycle=cycle, case_reference=NUMBER)
    put("CP-001", "x")
    signed_in = sign_in(a_person("Cora", roles=["coordinator"]))
    assert CANNOT_BE_READ in visible(opened(signed_in, "/audits/CP-001"))
    opened(signed_in, "/cycles/2010-1/cases")
