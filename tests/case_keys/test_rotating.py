"""Replacing the key: all is encrypted and compared anew, whoever writes or stops meanwhile."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import String, func, insert, select, type_coerce

from app import clock, create_app
from app.audits.models import Audit
from app.case_keys import ring as ring_of_keys
from app.case_keys import rotating
from app.case_keys.keys import key_of
from app.case_keys.mark import as_compared, stored_mark
from app.case_keys.ring import KeyMissing, ring
from app.case_keys.rotating import rotate
from app.case_keys.sealed import sealed_columns
from app.database import db, transaction
from app.moves.models import TypedText
from app.refusal import Refused
from app.sampling.models import Draw, DrawnCase
from config.settings import CASE_NUMBER_KEY
from tests.conftest import settings_in
from tests.factories import a_cycle, a_person, a_team, an_audit

FORK = multiprocessing.get_context("fork")
OTHER = "another-key-of-case-numbers-of-a-test"
DAY = date(2010, 10, 4)


def a_cycle_full_of_cases(audits: int = 5) -> list[str]:
    """Fill a cycle; return the numbers of its audits. The fifth was corrected, and its case was drawn."""
    cycle, team, person = a_cycle().id, a_team().id, a_person().id
    numbers = [f"0615-{number:05}" for number in range(audits)]
    days = {"requested_on": DAY, "due_on": DAY, "first_due_on": DAY}
    rows = [
        {"reference": f"CP-{number}", "case_reference": number, "cycle_id": cycle, "team_id": team, **days}
        for number in numbers
    ]
    with transaction():
        db.session.connection().execute(insert(Audit), rows)
        draw = Draw(cycle_id=cycle, method="random", seed=1, size=1, drawn_on=DAY, drawn_by_id=person)
        drawn = [("0700 100", None), ("0700/200", None), ("0700 300", numbers[4])]
        for position, (number, corrected) in enumerate(drawn, start=1):
            case = DrawnCase(position=position, case_reference=number, stratum="Crewe", is_chosen=True)
            if corrected is not None:
                case.case_folded = as_compared(corrected)
            draw.cases.append(case)
        db.session.add(draw)
        typed = TypedText(page="a page", person_id=person, address="/", typed_at=clock.now())
        typed.entries = [("case_reference", "0800 100")]
        db.session.add(typed)
    return numbers


def check(numbers: list[str]) -> None:
    """Check that every number is readable and found, and that the drawn cases are those of their audits."""
    db.session.rollback()
    read = select(Audit.case_reference).order_by(Audit.id)
    assert db.session.scalars(read).all() == numbers
    found = select(Audit.case_folded).order_by(Audit.id)
    assert db.session.scalars(found).all() == [as_compared(number) for number in numbers]
    drawn = select(DrawnCase.case_reference).order_by(DrawnCase.position)
    assert db.session.scalars(drawn).all() == ["0700 100", "0700/200", "0700 300"]
    joined = select(Audit.case_reference).join(DrawnCase, DrawnCase.case_folded == Audit.case_folded)
    assert db.session.scalars(joined).all() == [numbers[4]]
    of_slash = select(func.count()).where(DrawnCase.case_folded == as_compared("700/200"))
    assert db.session.scalar(of_slash) == 1
    typed = [dict(entries) for entries in db.session.scalars(select(TypedText.entries))]
    assert typed == [{"case_reference": "0800 100"}]


def ids_of_keys() -> set[str]:
    """The ids of the keys that encrypted anything."""
    db.session.rollback()
    return {
        value[:8]
        for column in sealed_columns()
        for value in db.session.scalars(select(type_coerce(column, String)).where(column.is_not(None)))
    }


def keys_in_file(app: Flask) -> list[str]:
    file: Path = app.extensions["settings"].instance_path / CASE_NUMBER_KEY
    return file.read_text().split()


@contextmanager
def another_process(app: Flask) -> Iterator[Flask]:
    """The service on the same database, as another process has it."""
    settings = app.extensions["settings"]
    other = create_app(settings_in(settings.instance_path, DATABASE_URL=settings.database_url))
    with other.app_context():
        yield other
        db.session.remove()
        db.engine.dispose()


def test_the_key_is_made_and_all_has_it_afterwards(service: Flask) -> None:
    numbers = a_cycle_full_of_cases()
    (before,) = keys_in_file(service)
    with another_process(service):
        check(numbers)  # it knows the key before
        with service.app_context():
            rotated = rotate()
        check(numbers)
    assert rotated.values == 5 + 3 + 1
    (new,) = keys_in_file(service)
    assert new != before
    assert ids_of_keys() == {key_of(new).id}
    assert stored_mark() == key_of(new).fingerprint
    assert rotated.before is not None
    assert rotated.before.read_text() == before
    assert {path.stat().st_mode & 0o777 for path in (rotated.before, ring().file)} == {0o600}
    check(numbers)


def test_two_that_run_at_once_make_one_key(service: Flask) -> None:
    numbers = a_cycle_full_of_cases()
    (before,) = keys_in_file(service)
    first = rotating.keys_of_file()
    with another_process(service):
        rotate()
    assert rotating.finish(first) == 0
    assert rotating.keep_new_alone(first) is None
    (new,) = keys_in_file(service)
    assert (key_of(new).id, new != before) == (first.new.id, True)
    check(numbers)


def test_a_set_key_is_replaced_by_the_one_set_before_it(service: Flask) -> None:
    numbers = a_cycle_full_of_cases()
    settings = service.extensions["settings"]
    (before,) = keys_in_file(service)
    (settings.instance_path / CASE_NUMBER_KEY).unlink()

    def with_keys(keys: str) -> None:
        given = settings_in(settings.instance_path, CASE_NUMBER_KEY=keys, DATABASE_URL=settings.database_url)
        ring_of_keys.init_app(service, given)
        db.session.rollback()

    with_keys(before)
    with pytest.raises(Refused, match="Set it to a new key, a space and the present key"):
        rotate()
    with_keys(f"{OTHER} {before}")
    assert rotate().values == 9
    with_keys(OTHER)
    assert ids_of_keys() == {key_of(OTHER).id}
    check(numbers)
    with_keys(f"{OTHER}-2 {OTHER}-3")
    with pytest.raises(KeyMissing):
        rotate()


def test_whoever_writes_meanwhile_writes_with_the_key_in_use(service: Flask) -> None:
    numbers = a_cycle_full_of_cases()
    keys = rotating.keys_of_file()
    for column in sealed_columns():
        rotating.seal_again(column, keys)
    with another_process(service):
        an_audit("NEW", case_reference="0900 100")
    assert ids_of_keys() == {keys.new.id, keys.before.id}
    check([*numbers, "0900 100"])
    assert rotating.finish(keys) == 1
    check([*numbers, "0900 100"])
    with another_process(service):
        an_audit("NEWER", case_reference="0900 200")
    assert ids_of_keys() == {keys.new.id}
    check([*numbers, "0900 100", "0900 200"])


@pytest.mark.postgresql
def test_on_postgresql_the_last_step_gives_way_to_who_writes_numbers(
    postgresql_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = a_cycle_full_of_cases()
    monkeypatch.setattr(rotating, "TRIES", 1)
    keys = rotating.keys_of_file()
    with another_process(postgresql_app), transaction():
        as_compared("1")
        with postgresql_app.app_context():
            assert rotating.finish(keys) is None
            check(numbers)
    assert len(keys_in_file(postgresql_app)) == 2
    rotate()
    assert len(keys_in_file(postgresql_app)) == 1
    check(numbers)


KILLS = 12


def test_one_that_is_killed_loses_nothing_and_goes_on(
    service: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotating, "AT_ONCE", 40)
    numbers = a_cycle_full_of_cases(1_000)
    (before,) = keys_in_file(service)
    settings = service.extensions["settings"]
    landed = 0
    for kill in range(KILLS):
        # never used in this process, so that a fork inherits no connection of it
        there = create_app(settings_in(settings.instance_path, DATABASE_URL=settings.database_url))
        process = FORK.Process(target=in_context, args=(there, rotate))
        process.start()
        time.sleep(0.02 + 0.05 * kill)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        landed += len(keys_in_file(service)) == 2
        number = f"0900 {kill:03}"
        an_audit(f"NEW-{kill}", case_reference=number)
        numbers.append(number)
        check(numbers)
        if before not in keys_in_file(service):
            break
    assert landed >= 2
    in_context(service, rotate)
    db.session.rollback()
    (new,) = keys_in_file(service)
    assert (ids_of_keys(), new != before) == ({key_of(new).id}, True)
    check(numbers)


def in_context(app: Flask, do: Callable[[], object]) -> None:
    with app.app_context():
        do()
