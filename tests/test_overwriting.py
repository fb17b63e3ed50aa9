"""The database's files hold nothing of what was removed, and what others write meanwhile stays."""

import sqlite3
import threading
import time
from pathlib import Path

import pysqlite3
import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.overwriting import written_over
from app.people.models import Team

NEEDLE = "Needle in the free space of a page"


DATABASE = "practice-audits.sqlite"


def _in_the_files(folder: Path) -> bool:
    return any(NEEDLE.encode() in file.read_bytes() for file in folder.glob(f"{DATABASE}*"))


@pytest.fixture
def writer(app: Flask, tmp_path: Path) -> pysqlite3.Connection:
    """A connection of somebody else, which leaves in the file what it removes."""
    connection = pysqlite3.connect(tmp_path / DATABASE, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA secure_delete=OFF")
    return connection


def _add_and_remove(writer: pysqlite3.Connection) -> None:
    writer.execute("insert into teams (name, folded) values (?, ?)", (NEEDLE, NEEDLE))
    writer.execute("delete from teams where name = ?", (NEEDLE,))


def test_what_was_removed_is_written_over(writer: pysqlite3.Connection, tmp_path: Path) -> None:
    writer.execute("insert into teams (name, folded) values ('Kept', 'kept')")
    _add_and_remove(writer)
    assert _in_the_files(tmp_path)
    assert written_over()
    assert not _in_the_files(tmp_path)
    assert db.session.scalars(select(Team.name).where(Team.name == "Kept")).all() == ["Kept"]
    assert sqlite3.connect(tmp_path / DATABASE).execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert [each.name for each in tmp_path.glob("copy-at-work.*")] == []


def test_what_others_write_meanwhile_stays(app: Flask, writer: pysqlite3.Connection, tmp_path: Path) -> None:
    _add_and_remove(writer)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("insert into teams (name, folded) values ('Meanwhile', 'meanwhile')")
    outcomes: list[bool] = []

    def write_over() -> None:
        with app.app_context():
            outcomes.append(written_over())

    work = threading.Thread(target=write_over)
    work.start()
    while not list(tmp_path.glob("copy-at-work.*/database")):
        time.sleep(0.01)
    time.sleep(0.3)  # it waits for the lock with its copy made
    writer.execute("COMMIT")
    work.join()
    assert outcomes == [False]
    assert db.session.scalars(select(Team.name).where(Team.name == "Meanwhile")).all() == ["Meanwhile"]
    db.session.rollback()
    assert written_over()
    assert not _in_the_files(tmp_path)
