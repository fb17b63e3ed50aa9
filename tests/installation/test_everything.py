"""Exports have every table and column, except those that are named as staying behind."""

import csv
import re
import stat
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, inspect, select

from app.database import db, transaction
from app.installation.exporting import export
from app.installation.kept import STAYS_BEHIND, file_of, kept_columns, kept_tables
from app.people.models import Person, Team

from .conftest import Installation, New, differing, files_in
from .everything import all_that_is_kept, fill

LOOKS_SECRET = re.compile(r"passw|secret|token|digest|uniquifier|totp|mfa|otp|recovery|credential|session")
HARMLESS = {"messages.secret"}
"""Columns that sound like it and hold no key."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def copy(request: pytest.FixtureRequest, new: New) -> Installation:
    """An empty installation on each database."""
    return new("copy", "" if request.param == "sqlite" else request.getfixturevalue("postgresql_url"))


def test_rows_of_every_table_come_back_as_they_were(new: New, copy: Installation, tmp_path: Path) -> None:
    there = new("there")
    with there.opened():
        fill()
        before = all_that_is_kept()
    there.done("export", tmp_path / "once")
    copy.done("import", "all", tmp_path / "once")
    with copy.opened():
        after = all_that_is_kept()
    assert min(len(rows) for rows in before.values()) > 0
    assert after == before
    copy.done("export", tmp_path / "again")
    assert differing(tmp_path / "once", tmp_path / "again") == []


def test_every_table_of_the_database_is_kept_or_named_as_staying_behind(app: Flask) -> None:
    there = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    behind = {name for name in STAYS_BEHIND if "." not in name}
    assert there == {table.name for table in kept_tables()} | behind


def test_every_column_is_in_the_file_of_its_table_or_named_as_staying_behind(
    app: Flask, exported: Path
) -> None:
    for table in kept_tables():
        with (exported / file_of(table)).open(encoding="utf-8", newline="") as file:
            headings = next(csv.reader(file))
        behind = [name.partition(".")[2] for name in STAYS_BEHIND if name.startswith(f"{table.name}.")]
        assert sorted([*headings, *behind]) == sorted(column.name for column in table.columns)


def test_what_is_named_as_staying_behind_is_there(app: Flask) -> None:
    tables = db.metadata.tables
    columns = {f"{table.name}.{column.name}" for table in tables.values() for column in table.columns}
    assert set(STAYS_BEHIND) <= columns | set(tables)


def test_no_column_that_sounds_like_a_key_is_exported(app: Flask) -> None:
    """A new one is either named as staying behind, or as harmless here."""
    columns = {f"{table.name}.{column.name}" for table in kept_tables() for column in kept_columns(table)}
    assert {name for name in columns if LOOKS_SECRET.search(name)} == HARMLESS


def test_no_password_nor_what_sessions_are_made_from_is_in_an_export(
    example: Installation, exported: Path
) -> None:
    everything = b"".join(files_in(exported).values()).decode()
    with example.opened():
        people = db.session.execute(select(Person.password, Person.fs_uniquifier)).all()
    assert all(password for password, _ in people)
    assert not [key for pair in people for key in pair if key in everything]


def test_people_of_a_copy_have_no_password_and_sessions_of_their_own(
    example: Installation, exported: Path, new: New
) -> None:
    copy = new()
    copy.done("import", "all", exported)
    with example.opened():
        there = set(db.session.scalars(select(Person.fs_uniquifier)))
    with copy.opened():
        assert set(db.session.scalars(select(Person.password))) == {None}
        here = set(db.session.scalars(select(Person.fs_uniquifier)))
    assert len(here) == len(there)
    assert here.isdisjoint(there)


def test_the_owner_alone_can_open_an_export_and_is_told_what_it_holds(
    example: Installation, tmp_path: Path
) -> None:
    (tmp_path / "open-to-all").mkdir(mode=0o755)
    said = example.done("export", tmp_path / "open-to-all")
    modes = {
        (path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in (tmp_path / "open-to-all").rglob("*")
    }
    assert modes == {(True, 0o700), (False, 0o600)}
    assert stat.S_IMODE((tmp_path / "open-to-all").stat().st_mode) == 0o700
    assert "case numbers" in said


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("staff", "staff.csv"),
        ("leave", "leave.csv"),
        ("closures", "closures.csv"),
        ("tool", "tool-child-protection-1.toml"),
        ("cycle", "cycle-2010-1.toml"),
        ("audits", "audits.csv"),
        ("answers", "answers.csv"),
        ("context", "context.csv"),
        ("chases", "chases.csv"),
        ("recommendations", "recommendations.csv"),
        ("actions", "actions.csv"),
        ("quick-wins", "quick_wins.csv"),
    ],
)
def test_a_file_of_an_export_taken_in_where_it_comes_from_changes_nothing(
    kind: str, file: str, example: Installation, exported: Path
) -> None:
    assert " 0 added, 0 changed, " in example.done("import", kind, exported / file)


def test_an_export_is_of_one_moment_whoever_writes_meanwhile(copy: Installation, tmp_path: Path) -> None:
    with copy.opened():
        with transaction():
            db.session.execute(insert(Team), [{"name": f"Team {n}"} for n in range(2_500)])
        written = []

        def write_meanwhile(file: str, _rows: int) -> None:
            if file != "kept/teams.csv":
                return
            with db.engine.connect().execution_options(writing=True) as other, other.begin():
                values = {"email": "new@council.example", "name": "New", "active": True}
                other.execute(insert(Person.__table__), [{**values, "fs_uniquifier": "anything"}])  # type: ignore[arg-type]
            written.append(file)

        export(tmp_path / "once", write_meanwhile)
        assert db.session.scalars(select(Person.name)).all() == ["New"]
    assert written == ["kept/teams.csv"]
    assert "new@council.example" not in (tmp_path / "once/kept/people.csv").read_text()
    assert "new@council.example" not in (tmp_path / "once/staff.csv").read_text()


def test_a_folder_with_something_in_it_is_not_written_over(example: Installation, tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("old")
    assert example.refused("export", tmp_path) == [f"{tmp_path} is not empty, so choose a new folder"]
    assert [path.name for path in tmp_path.iterdir()] == ["old.txt"]
