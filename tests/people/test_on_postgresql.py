"""People on PostgreSQL: what the database itself holds, and two changes at the same time."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db
from app.people.importing import import_closures, import_leave
from app.people.importing_staff import import_staff
from app.people.models import FormerEmail, Leave, Person
from app.people.moves import Details, add_person, change_person, create_user, details_of
from app.people.roles import RoleName
from app.refusal import Refused
from config.settings import PROJECT
from tests.conftest import PASSWORD

FIRST_CYCLE = PROJECT / "app" / "example" / "first-cycle"


@pytest.fixture
def on_postgresql(postgresql_app: Flask) -> Flask:
    postgresql_app.config["WTF_CSRF_ENABLED"] = False
    return postgresql_app


def test_files_are_taken_in_once(on_postgresql: Flask, tmp_path: Path) -> None:
    closures = tmp_path / "closures.csv"
    closures.write_text("day,name\n2026-12-24,Christmas\n")
    for added in (True, False):
        staff = import_staff(FIRST_CYCLE / "staff.csv")
        leave = import_leave(FIRST_CYCLE / "leave.csv")
        days = import_closures(closures)
        assert (staff.added, leave.added, days.added) == ((38, 2, 1) if added else (0, 0, 0))
        assert (staff.changed, leave.changed, days.changed) == (0, 0, 0)
    assert db.session.scalar(select(func.count(Leave.id))) == 2


def test_people_are_added_changed_and_signed_in(on_postgresql: Flask) -> None:
    person = create_user("ann@council.example", "Ann", frozenset({RoleName.COORDINATOR}), PASSWORD, by="test")
    change_person(person.id, replace(details_of(person), email="ann.lee@council.example"), by="test")
    assert db.session.scalars(select(FormerEmail.email)).all() == ["ann@council.example"]
    client = on_postgresql.test_client()
    answer = client.post("/sign-in", data={"email": "ann.lee@council.example", "password": PASSWORD})
    assert answer.status_code == 302


def test_two_people_at_once_cannot_make_a_circle(on_postgresql: Flask) -> None:
    ann = add_person(Details(email="ann@council.example", name="Ann"), by="test").id
    bo = add_person(Details(email="bo@council.example", name="Bo"), by="test").id
    db.session.remove()
    together = threading.Barrier(2)

    def put_under(person_id: int, manager_id: int) -> None:
        with on_postgresql.app_context():
            kept = details_of(db.session.get_one(Person, person_id))
            together.wait()
            try:
                change_person(
                    person_id,
                    Details(email=kept.email, name=kept.name, line_manager_id=manager_id),
                    by="test",
                )
            except Refused:
                refused.append(person_id)

    refused: list[int] = []
    both = [threading.Thread(target=put_under, args=pair) for pair in ((ann, bo), (bo, ann))]
    for one in both:
        one.start()
    for one in both:
        one.join()
    managers = db.session.scalars(select(Person.line_manager_id).order_by(Person.id)).all()
    assert len(refused) == 1
    assert [manager is None for manager in managers].count(True) == 1
