"""The files of a database without anything of a case number, whatever the product did with it."""

import csv
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, make_url, select

from app import clock
from app.answers.models import Answer
from app.answers.second_look import send_back
from app.assigning import requesting
from app.audits.cycle import Cycle
from app.audits.models import Audit, Return
from app.audits.selection import Selection
from app.case_numbers import folded
from app.database import db, transaction
from app.example.loading import FIRST_CYCLE
from app.files.progress import silent
from app.findings import freezing
from app.findings.models import Snapshot
from app.history.models import HistoryRow
from app.installation.plain_folder import take_in_files
from app.moves.models import TypedText
from app.outbox.models import Message
from app.people.models import Person
from app.refusal import Refused
from app.reminders import daily_run
from app.sampling import moves as draws
from app.sampling.correcting import correct_case_number
from app.sampling.models import DrawnCase
from app.sampling.requesting import replace, request_drawn
from app.sampling.seeded_draw import ListedCase
from tests.conftest import let_in
from tests.factories import a_cycle, a_person
from tests.forms import form_to
from tests.pages import opened
from tests.postgresql import PROGRAMS

ON = date(2010, 11, 5)
NOON = datetime(2010, 11, 5, 12, tzinfo=UTC)

BEGINS = "Quux-0771/"
"""The beginning of every number here. Nothing else in a database is like it, folded or not."""

NUMBERS = (f"{BEGINS}{number:04}" for number in range(10_000))


def _renumbered_cycle(folder: Path) -> Path:
    """The files of the first cycle, with numbers that are like nothing else."""
    shutil.copytree(FIRST_CYCLE, folder)
    file = folder / "audits.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "case_reference": next(NUMBERS)} for row in rows)
    return folder


def _live(app: Flask, folder: Path) -> None:
    """Use every part of the product that is given a case number."""
    faults, _ = take_in_files(_renumbered_cycle(folder), ON, silent)
    assert faults == []
    cora = a_person("Cora Coordinator", roles=["coordinator"])
    cycle = a_cycle("2010-2")
    listed = [ListedCase(next(NUMBERS), "Nantwich") for _ in range(8)]
    plan = draws.Plan(listed, Selection.RANDOM, 3, 7, is_whole_list=True)
    draws.keep(cycle.reference, plan, by=cora, on=ON)
    assert request_drawn(cycle.reference, cora, ON) == 3
    first = db.session.scalars(select(Audit).where(Audit.cycle_id == cycle.id)).first()
    assert first is not None
    correct_case_number(first.reference, cora, ON, next(NUMBERS), "Two digits were swapped")
    with pytest.raises(Refused):
        correct_case_number(first.reference, cora, ON, next(NUMBERS), f"It was {first.case_reference}")
    replace(cycle.reference, 1, "record cannot be opened", None, cora, ON)
    requesting.request(cycle.reference, "CP-900", next(NUMBERS), first.team_id, cora, ON, ON + timedelta(10))
    back = select(Audit).where(Audit.returned_on <= ON, Audit.id.in_(select(Answer.audit_id)))
    send_back(db.session.scalars(back).all()[0].reference, cora, ON, "Say why", date(2010, 11, 19))
    daily_run.run(ON)
    with transaction():
        frozen = db.session.scalars(select(Cycle).where(Cycle.reference == "2010-1")).one()
        frozen.frozen_on = frozen.closed_on
        freezing.keep(frozen)
    _leave_a_form_behind(app, cora)


def _leave_a_form_behind(app: Flask, cora: Person) -> None:
    clock.clock().fixed = NOON
    app.config["WTF_CSRF_ENABLED"] = True
    client = let_in(app.test_client(), cora)
    page = "/audits/CP-900/case-number"
    form = form_to(opened(client, page), page, page)
    entered = form.filled_in() | {"case_reference": [next(NUMBERS)], "because": [f"not {next(NUMBERS)}"]}
    clock.clock().fixed = NOON + timedelta(hours=13)
    client.post(page, data=entered)
    clock.clock().fixed = None


def files_of_sqlite(app: Flask, _folder: Path) -> bytes:
    file = Path(make_url(app.extensions["settings"].database_url).database or "")
    return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))


def dump_of_postgresql(app: Flask, folder: Path) -> bytes:
    url = make_url(app.extensions["settings"].database_url)
    program = PROGRAMS / "bin" / "pg_dump"
    where = ["-h", str(url.query["host"]), "-U", str(url.username), "-d", str(url.database)]
    return subprocess.run([program, *where], check=True, capture_output=True, cwd=folder).stdout


def in_it(dumped: bytes, numbers: list[str]) -> list[str]:
    """Return which numbers are in it, as written, folded, or in any letter case."""
    small = dumped.lower()
    forms = {number: {number.lower(), folded(number), folded(number).replace("/", "")} for number in numbers}
    return [number for number, spelt in forms.items() if any(each.encode() in small for each in spelt)]


def test_no_case_number_is_in_the_files_of_the_database(service: Flask, tmp_path: Path) -> None:
    _live(service, tmp_path / "files")
    numbers = [
        *db.session.scalars(select(Audit.case_reference)),
        *db.session.scalars(select(DrawnCase.case_reference)),
    ]
    kept = [number for number in numbers if number is not None]
    assert len(kept) >= 29 + 3 + 1 + 8
    # what holds texts has rows, so that the search is not for nothing
    for model in (HistoryRow, Message, Return, Snapshot, TypedText):
        assert db.session.scalar(select(func.count()).select_from(model)), model
    db.session.rollback()
    dump = files_of_sqlite if db.engine.dialect.name == "sqlite" else dump_of_postgresql
    dumped = dump(service, tmp_path)
    assert b"CP-900" in dumped  # it is the right file
    assert in_it(dumped, kept) == []
    assert BEGINS.encode() not in dumped
    assert folded(BEGINS).encode() not in dumped.lower()
