"""A move from SQLite to PostgreSQL is whole or not at all, and sends nothing twice from either database."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pysqlite3
import pytest
from sqlalchemy import func, inspect, select, text

from app import migrating, waiting_files
from app.audits.models import Audit
from app.case_keys.fitting import why_unfit
from app.database import db, transaction
from app.history import checking
from app.history.models import HistoryRow
from app.history.record import Event, record
from app.outbox.copies import identity
from app.outbox.copy_signs import MOVED
from app.outbox.delivery import deliver
from app.outbox.models import QUEUED, SENT, Message
from app.people.models import Person
from app.waiting_files import WaitingFile
from tests.factories import a_person
from tests.installation.conftest import ON, Installation, New
from tests.installation.everything import fill
from tests.installation.test_backup import all_rows
from tests.mail_server import MailServer
from tests.outbox.messages import a_message, connect_to

pytestmark = pytest.mark.postgresql


@pytest.fixture
def lived_in(example: Installation, tmp_path: Path) -> Installation:
    """The example, of which emails were sent and one waits, and a file waits for someone to confirm it."""
    there = Installation(tmp_path / "there")
    shutil.copytree(example.folder, there.folder)
    with there.opened(), MailServer() as server:
        connect_to(server.port)
        deliver(ON, release=True)
        a_message("ada@council.example")
        waiting_files.keep(b"email\n", person_id=1, kind="staff", sent_as="staff.csv", ending=".csv")
    return there


def moved_of(there: Installation, url: str) -> Installation:
    """The installation once its settings name the new database."""
    return Installation(there.folder, url)


def test_the_example_that_was_lived_in_moves_with_everything(
    lived_in: Installation, empty_postgresql_url: str
) -> None:
    with lived_in.opened():
        before, audits = all_rows(), db.session.scalars(select(Audit).order_by(Audit.id)).all()
        numbers = [audit.case_reference for audit in audits]
        messages = db.session.execute(select(Message.id, Message.uid, Message.state)).all()
        uid, rows = identity().uid, db.session.scalar(select(func.count()).select_from(HistoryRow)) or 0
        session_keys = set(db.session.scalars(select(Person.fs_uniquifier)))
    said = lived_in.done("move", empty_postgresql_url)
    assert "38 people and 50 audits" in said
    assert "The history is whole" in said
    assert "Now set DATABASE_URL" in said
    assert empty_postgresql_url not in said
    with moved_of(lived_in, empty_postgresql_url).opened():
        assert migrating.is_current()
        assert all_rows() == before
        audits = db.session.scalars(select(Audit).order_by(Audit.id)).all()
        assert [audit.case_reference for audit in audits] == numbers
        assert any(numbers)
        assert db.session.execute(select(Message.id, Message.uid, Message.state)).all() == messages
        assert {state for _, _, state in messages} >= {SENT, QUEUED}
        assert (identity().uid, identity().held_because) == (uid, None)
        assert set(db.session.scalars(select(Person.fs_uniquifier))) == session_keys
        assert why_unfit() is None
        [waiting] = db.session.scalars(select(WaitingFile))
        assert waiting_files.content_of(waiting) == b"email\n"
        found = checking.check()
        assert (found.broken, found.head.rows) == (None, rows + 1)
        last = db.session.scalar(select(func.max(Person.id))) or 0
        assert a_person("Ada New").id > last


def test_what_waits_is_sent_once_by_the_new_database_and_never_by_the_old(
    lived_in: Installation, empty_postgresql_url: str
) -> None:
    lived_in.done("move", empty_postgresql_url)
    moved = moved_of(lived_in, empty_postgresql_url)
    with MailServer() as server:
        for installation in (moved, lived_in, moved):
            with installation.opened():
                connect_to(server.port)
                deliver(ON)
        assert [message.recipients for message in server.messages] == [["ada@council.example"]]
    with lived_in.opened():
        assert identity().held_because == MOVED
        assert checking.check().broken is None
    assert "on hold until someone releases them" in lived_in.run("check").output


def test_every_table_arrives_and_its_ids_go_on(new: New, empty_postgresql_url: str) -> None:
    there = new("there")
    with there.opened():
        fill()
        before = all_rows()
        # no table of the database is unknown to whoever copies it
        named = {*before, "sign_ins", "database_identity", "history_end", "history", "messages"}
        assert set(inspect(db.engine).get_table_names()) == {*named, "alembic_version"}
    there.done("move", empty_postgresql_url)
    with moved_of(there, empty_postgresql_url).opened():
        assert all_rows() == before
        assert checking.check().broken is None


def test_a_database_of_the_current_version_that_is_empty_is_taken(
    example: Installation, postgresql_url: str, tmp_path: Path
) -> None:
    there = Installation(tmp_path / "there")
    shutil.copytree(example.folder, there.folder)
    there.done("move", postgresql_url)
    with moved_of(there, postgresql_url).opened():
        assert db.session.scalar(select(func.count()).select_from(Audit)) == 50


def unchanged(there: Installation) -> None:
    with there.opened():
        assert identity().held_because is None
        assert db.session.scalar(select(func.count()).where(HistoryRow.subject_kind == "database")) == 0


@pytest.fixture
def small(new: New) -> Installation:
    there = new("small")
    with there.opened():
        a_person("Jack Denny", roles=["coordinator"])
    return there


def test_a_database_that_is_not_empty_is_refused(small: Installation, postgresql_url: str) -> None:
    with Installation(small.folder, postgresql_url).opened():
        a_person("Somebody Else", roles=["coordinator"])
    [says] = small.refused("move", postgresql_url)
    assert says == "The new database is not empty, so nothing was moved. Make a new one, or empty this one."
    unchanged(small)
    with Installation(small.folder, postgresql_url).opened():
        assert db.session.scalars(select(Person.name)).all() == ["Somebody Else"]


def test_a_database_of_another_program_is_refused(small: Installation, empty_postgresql_url: str) -> None:
    with psycopg.connect(empty_postgresql_url, autocommit=True) as connection:
        connection.execute("create table planning (id int)")
    [says] = small.refused("move", empty_postgresql_url)
    assert says.startswith("The new database is not empty")
    unchanged(small)


def test_a_database_that_cannot_be_reached_is_refused(small: Installation, tmp_path: Path) -> None:
    [says] = small.refused("move", f"postgresql://audits:a-password@/audits?host={tmp_path}")
    assert says.startswith("The new database cannot be reached: ")
    assert "a-password" not in says
    unchanged(small)


@pytest.mark.parametrize("url", ["sqlite:////tmp/other.sqlite", "planning", "mysql://audits@db/audits"])
def test_an_address_that_is_not_of_postgresql_is_refused(small: Installation, url: str) -> None:
    [says] = small.refused("move", url)
    assert says.startswith(("TARGET_URL must start with", "You can only move to PostgreSQL"))
    unchanged(small)


def test_an_installation_on_postgresql_is_refused(postgresql_url: str, new: New) -> None:
    there = new("there", postgresql_url)
    [says] = there.refused("move", postgresql_url)
    assert says.startswith("You can only move from SQLite")


@pytest.fixture
def someone(small: Installation) -> Iterator[pysqlite3.Connection]:
    """A connection of a running service, which is open and has only read so far."""
    with closing(pysqlite3.connect(small.folder / "practice-audits.sqlite", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("select count(*) from people").fetchall()
        yield other


def test_a_database_that_a_running_service_has_open_is_refused(
    small: Installation,
    empty_postgresql_url: str,
    someone: pysqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.installation.moving.SECONDS_FOR_OTHERS_TO_END", 0)
    [says] = small.refused("move", empty_postgresql_url)
    assert says.startswith("The database is in use. Stop the service")
    someone.close()
    unchanged(small)
    with psycopg.connect(empty_postgresql_url) as connection:
        assert connection.execute(
            "select count(*) from pg_tables where schemaname = 'public'"
        ).fetchone() == (0,)


def test_a_value_that_postgresql_does_not_accept_leaves_both_as_they_were(
    small: Installation, empty_postgresql_url: str
) -> None:
    with small.opened(), transaction():
        db.session.execute(text("update people set name = 'Jack' || char(0) || 'Denny'"))
    [says] = small.refused("move", empty_postgresql_url)
    assert says.startswith("PostgreSQL does not accept a value of this database: ")
    assert "Denny" not in says
    unchanged(small)
    with psycopg.connect(empty_postgresql_url) as connection:
        assert connection.execute(
            "select count(*) from pg_tables where schemaname = 'public'"
        ).fetchone() == (0,)


def test_a_history_that_does_not_hold_moves_as_it_is(small: Installation, empty_postgresql_url: str) -> None:
    with small.opened(), transaction():
        record("jack", [Event("setting", "reminders", "changed")])
        db.session.execute(text("drop trigger history_refuses_update"))
        db.session.execute(text("update history set who = 'nobody' where id = 1"))
    with small.opened():
        broken = checking.first_break()
        assert broken == checking.Break(1, "Row 1 was changed, or a row before it was removed")
    said = small.done("move", empty_postgresql_url)
    assert "The history does not hold, as before: Row 1 was changed" in said
    with moved_of(small, empty_postgresql_url).opened():
        assert checking.first_break() == broken
