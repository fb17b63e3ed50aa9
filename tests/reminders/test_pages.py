"""The pages of the ladders and of what will be sent."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.database import db
from app.outbox.models import Message
from app.people.models import Person
from app.reminders.daily_run import run
from app.reminders.ladder_book import default_ladders, ladder_book
from tests.factories import a_cycle, a_person, an_audit

FRIDAY = date(2010, 11, 5)


@pytest.fixture
def coordinator(
    app: Flask, clock_at: Callable[[date], None], sign_in: Callable[[Person], FlaskClient]
) -> FlaskClient:
    clock_at(date(2010, 11, 4))
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))


def test_the_page_of_a_day_says_who_would_get_what_and_writes_nothing(coordinator: FlaskClient) -> None:
    an_audit("CP-009", lead=a_person("Chitra Menon"), second=a_person("Owen Bickerton"))
    page = coordinator.get("/messages/coming").get_data(as_text=True)
    assert "These emails are scheduled for Friday 5 November 2010." in page
    assert "CP-009: due in 5 working days (due Friday 12 November 2010)" in page
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0


def test_who_is_left_out_is_shown_with_the_reason(coordinator: FlaskClient) -> None:
    away = a_person("Chitra Menon", leave=[(FRIDAY, date(2011, 1, 14))])
    an_audit("CP-009", lead=away, second=a_person("Owen Bickerton"))
    assert "on leave" in coordinator.get("/messages/coming").get_data(as_text=True)


@pytest.mark.parametrize("asked", ["2010-02-30", "soon", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_none_is_refused(coordinator: FlaskClient, asked: str) -> None:
    answer = coordinator.get(f"/messages/coming?on={asked}")
    assert answer.status_code == 200
    assert "Date must be a real date, such as 27 3 2027" in answer.get_data(as_text=True)


def test_a_weekend_sends_nothing(coordinator: FlaskClient) -> None:
    page = coordinator.get("/messages/coming?on=2010-11-06").get_data(as_text=True)
    assert "Saturday 6 November 2010 is not a working day. No daily emails are sent." in page


def typed(**changed: str) -> dict[str, object]:
    """The default ladder of audits as the form sends it, with some days changed."""
    form: dict[str, object] = {}
    for step in default_ladders()["audit"]:
        form[f"{step.name}-days"] = changed.get(step.name.replace("-", "_"), str(step.offset))
        form[f"{step.name}-to"] = [audience for audience, _ in step.to]
    return form


def test_a_changed_ladder_holds_from_the_next_run_on(coordinator: FlaskClient) -> None:
    an_audit("CP-009", lead=a_person("Chitra Menon"), second=a_person("Owen Bickerton"))
    answer = coordinator.post("/settings/ladders/audit", data=typed(due_soon="-4"))
    assert answer.status_code == 302
    items = [item.step for message in run(FRIDAY).messages for item in message.items]
    assert set(items) == {"assigned"}
    page = coordinator.get("/settings/ladders").get_data(as_text=True)
    assert "4 working days before the due date" in page


def test_a_cycle_can_have_a_ladder_of_its_own(coordinator: FlaskClient) -> None:
    own = a_cycle("2010-1")
    coordinator.post("/settings/ladders/audit?cycle=2010-1", data=typed(due_soon="-3"))
    book = ladder_book()
    assert [step.offset for step in book.for_audits_of(own.id) if step.name == "due-soon"] == [-3]
    assert [step.offset for step in book.general["audit"] if step.name == "due-soon"] == [-5]


def test_a_changed_ladder_can_be_put_back(coordinator: FlaskClient) -> None:
    coordinator.post("/settings/ladders/audit", data=typed(due_soon="-4"))
    coordinator.post("/settings/ladders/audit", data={"reset": "yes"})
    assert ladder_book().general == default_ladders()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"due_soon": "five"}, "Working days of “Due soon” must be a whole number, like -5 or 10"),
        ({"overdue": "-7"}, "Working days of “Overdue” must be 1 or more, after the due date"),
        ({"due_soon": "-400"}, "Working days of “Due soon” must be between -250 and 250"),
    ],
)
def test_a_ladder_that_makes_no_sense_is_refused_and_nothing_changes(
    coordinator: FlaskClient, changed: dict[str, str], why: str
) -> None:
    answer = coordinator.post("/settings/ladders/audit", data=typed(**changed))
    assert answer.status_code == 422
    assert why in answer.get_data(as_text=True)
    assert ladder_book().general == default_ladders()


def test_being_assigned_is_told_to_the_auditors_alone(coordinator: FlaskClient) -> None:
    form = typed() | {"assigned-to": ["auditors", "line_managers"]}
    answer = coordinator.post("/settings/ladders/audit", data=form)
    assert answer.status_code == 422
    assert "Reminder “New audit” can only go to the auditors" in answer.get_data(as_text=True)
    assert ladder_book().general == default_ladders()
