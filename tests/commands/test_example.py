"""The example: what `demo` loads, and that it looks as a service does after four weeks of use."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from app import clock, create_app
from app.answers.applying import Applies
from app.answers.overall import overall_grades
from app.answers.stored_form import form_of
from app.audits.cycle import Cycle
from app.audits.facts import facts, pair_on
from app.audits.lifecycle import State, progress, state
from app.audits.models import Audit
from app.database import db
from app.example import loading
from app.history.checking import first_break
from app.outbox.models import Message
from app.people.closures import working_days
from app.people.models import Person
from app.people.queries import everyone
from app.tools.queries import content_of
from tests.conftest import settings_in

from .conftest import Run


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Callable[[date], Path]:
    """The example of each day that is asked for, loaded once; no test changes it."""

    @cache
    def of(on: date) -> Path:
        file = tmp_path_factory.mktemp("example") / "practice-audits.sqlite"
        loading.load(on, "a password that is long")
        assert clock.clock().fixed is None, "the clock goes on"
        db.session.remove()
        copy_database(database_of(current_app), file)
        return file

    return of


@pytest.fixture
def loaded(app: Flask, examples: Callable[[date], Path], request: pytest.FixtureRequest) -> date:
    """The example, loaded on a Saturday in summer time or on the day that the test says."""
    on = date.fromisoformat(getattr(request, "param", "2026-07-04"))
    copy_database(examples(on), database_of(app))
    return on


def database_of(app: Flask) -> Path:
    return Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))


def copy_database(source: Path, target: Path) -> None:
    """Make the target hold what the source holds, whoever has either open."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def live_audits() -> list[Audit]:
    return list(db.session.scalars(select(Audit).where(Audit.reference.like("CC-%"))))


@pytest.mark.parametrize("loaded", ["2026-11-23", "2026-07-04", "2027-01-02", "2026-04-07"], indirect=True)
def test_the_second_cycle_has_one_of_everything_whatever_day_it_is(loaded: date) -> None:
    days, on = working_days(), loaded
    audits = live_audits()
    states = {audit.reference: state(facts(audit, on), on, days) for audit in audits}
    assert set(states.values()) == set(State) - {State.NOT_RETURNED}
    overdue = [audit for audit in audits if states[audit.reference] is State.OVERDUE]
    assert {progress(facts(audit, on), on) for audit in overdue} == {State.ASSIGNED, State.IN_PROGRESS}
    assert any(audit.returned_on and audit.returned_on > audit.first_due_on for audit in audits)
    assert any(audit.returns and audit.returned_on is None for audit in audits)
    assert any(not audit.returns and audit.extensions for audit in audits)
    assert any(spell.ended_because == "declined" for audit in audits for spell in audit.assignments)
    assert any(spell.ended_because == "reassigned" for audit in audits for spell in audit.assignments)
    assert any(audit.exempted_on for audit in audits)
    still_to_do = [
        audit for audit in audits if states[audit.reference] in (State.ASSIGNED, State.IN_PROGRESS)
    ]
    pairs = [pair_on(audit, on) for audit in still_to_do]
    assert any(len(pair.people) == 1 for pair in pairs)
    people = everyone()
    doing = [people[person.id] for pair in pairs for person in pair.people]
    assert any(person.has_left(on) for person in doing)
    assert any(person.leave_on(on) for person in doing)


def test_the_second_cycle_shows_what_a_tool_can_ask(loaded: date) -> None:
    cycle = db.session.scalars(select(Cycle).where(Cycle.reference != "2010-1")).one()
    content = content_of(cycle.tool)
    overall = content.question(content.overall)
    assert overall is not None
    assert overall.at_most is not None
    assert content.limits
    returned = [audit for audit in live_audits() if audit.returned_on]
    grades = overall_grades([audit.id for audit in returned], loaded)
    assert grades.keys() == {audit.id for audit in returned}
    assert {"good", "inadequate"} <= set(grades.values())
    forms = [form_of(audit) for audit in returned]
    aside = [section.is_set_aside for form in forms for section in form.sections if section.is_optional]
    assert set(aside) == {True, False}
    days = [question for form in forms for _, question in form.questions if question.asked.answer == "days"]
    assert {question.applies for question in days} == {Applies.YES, Applies.NO}
    answers = [question.content for question in days if question.does_apply]
    assert answers
    for answer in answers:
        assert answer.from_on is not None
        assert answer.to_on is not None
        assert answer.number == working_days().between(answer.from_on, answer.to_on)
    assert all(form.above_limit is None for form in forms)


def test_everything_happened_before_today_and_the_history_is_unbroken(loaded: date) -> None:
    assert first_break() is None
    assert max(db.session.scalars(select(Message.on))) < loaded


def test_nothing_is_pretended_to_be_sent_and_one_message_could_not_be_delivered(loaded: date) -> None:
    states = [message.state for message in db.session.scalars(select(Message))]
    assert set(states) == {"held", "overtaken", "failed"}
    assert states.count("failed") == 1


def test_no_message_holds_the_number_of_a_case(loaded: date) -> None:
    numbers = [number for number in db.session.scalars(select(Audit.case_reference)) if number]
    assert len(numbers) == 29 + 21
    assert all(numbers)
    for message in db.session.scalars(select(Message)):
        words = f"{message.subject} {message.text} {message.html}"
        assert not [number for number in numbers if number in words]


def test_the_first_cycle_is_frozen_and_nothing_of_it_is_sent_today(loaded: date) -> None:
    first = db.session.scalars(select(Cycle).where(Cycle.reference == "2010-1")).one()
    assert first.frozen_on == loaded
    words = " ".join(f"{message.subject} {message.text}" for message in db.session.scalars(select(Message)))
    assert "CC-" in words
    assert "CP-0" not in words


def test_demo_prints_how_to_sign_in_and_loads_only_an_empty_database(run: Run, installation: Path) -> None:
    first = run("demo")
    assert first.exit_code == 0
    assert "jack.denny@council.example" in first.stdout
    password = first.stdout.split("with the password ")[1].split()[0]
    app = create_app(settings_in(installation))
    app.config["WTF_CSRF_ENABLED"] = False
    signed_in = app.test_client().post(
        "/sign-in", data={"email": "jack.denny@council.example", "password": password}
    )
    assert signed_in.status_code == 302
    with app.app_context():
        assert db.session.scalars(select(Person).where(Person.password.is_(None))).all() == []
        db.engine.dispose()
    again = run("demo")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "only load the example into an empty database" in again.stderr
    quietly = run("demo", "--if-empty")
    assert (quietly.exit_code, quietly.output) == (0, "")
    counts = json.loads(run("findings", "2010-1", "--json").stdout)
    assert (counts["requested"], counts["returned"], counts["not_returned"]) == (29, 26, 3)


def test_a_password_of_the_environment_is_not_printed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", "the council's own password")
    answer = run("demo")
    assert "the council's own password" not in answer.output
    assert "set in DEMO_PASSWORD" in answer.stdout


@pytest.mark.postgresql
def test_the_example_loads_on_postgresql_and_its_files_change_nothing_there(
    run: Run, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgresql_url)
    assert run("demo").exit_code == 0
    assert looked_at_history(run)
    first = loading.FIRST_CYCLE
    answers = [
        run("import", "audits", first / "audits.csv", "--cycle", "2010-1").stdout,
        run("import", "chases", first / "chases.csv").stdout,
        run("import", "cycle", first / "cycle.toml").stdout,
        run("import", "tool", first / "tool.toml").stdout,
    ]
    assert all(" 0 added, 0 changed, " in answer for answer in answers)


def looked_at_history(run: Run) -> bool:
    checks = json.loads(run("check", "--json").stdout)["checks"]
    return any(one["name"] == "history" and one["ok"] for one in checks)
