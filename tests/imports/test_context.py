"""Context of cases from a file."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.answers.importing_context import import_context
from app.answers.models import ContextFactor, ContextNote
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.database import db, transaction
from app.files.imported import Imported
from app.history.record import of
from tests.factories import an_audit

from .conftest import counted, said

HEADING = "audit_reference,factor,note"
ROW = "CP-009,social worker vacancy,since August"

Load = Callable[..., Imported]


@pytest.fixture
def load(app: Flask, tmp_path: Path) -> Load:
    """Import context of CP-009."""
    an_audit("CP-009", case_reference="390984")

    def rows(*rows: str, dry_run: bool = False) -> Imported:
        path = tmp_path / "context.csv"
        path.write_text("\n".join([HEADING, *rows]) + "\n", encoding="utf-8")
        return import_context(path, dry_run=dry_run)

    return rows


def notes() -> list[tuple[str, str | None]]:
    db.session.rollback()
    query = select(ContextFactor.label, ContextNote.note).join(
        ContextNote, ContextNote.factor_id == ContextFactor.id
    )
    rows = db.session.execute(query.order_by(ContextFactor.position))
    return [(factor, note) for factor, note in rows]


def factors() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(ContextFactor.label).order_by(ContextFactor.position)))


def test_a_factor_is_taken_in_once(load: Load) -> None:
    assert counted(load(ROW)) == (1, 0, 0, 0)
    assert counted(load(ROW)) == (0, 0, 1, 0)
    assert notes() == [("social worker vacancy", "since August")]


def test_checking_only_changes_nothing(load: Load) -> None:
    before = factors()
    assert counted(load(ROW, "CP-009,flood,", dry_run=True)) == (2, 0, 0, 0)
    assert (notes(), factors()) == ([], before)


def test_a_filled_note_changes_and_an_empty_one_does_not(load: Load) -> None:
    load(ROW)
    assert counted(load("CP-009,social worker vacancy,")) == (0, 0, 1, 0)
    assert counted(load("CP-009,Social Worker Vacancy,since July")) == (0, 1, 0, 0)
    assert notes() == [("social worker vacancy", "since July")]


def test_a_new_factor_is_added_at_the_end_of_the_list(load: Load) -> None:
    before = factors()
    load(ROW, "CP-009,office flooded,")
    assert factors() == [*before, "office flooded"]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("CP-011,system trouble,", 'column audit_reference, "CP-011": there is no such audit'),
        ("CP-009,,ill", "column factor: must not be empty"),
        ("CP-009,move of 390984,", "column factor: contains the case number: remove it"),
    ],
)
def test_a_wrong_factor_is_named_and_nothing_is_taken_in(load: Load, row: str, fault: str) -> None:
    assert said(load(ROW, row)) == [f"context.csv: row 3, {fault}"]
    assert notes() == []


def test_a_factor_twice_for_an_audit_is_a_fault_in_any_letter_case(load: Load) -> None:
    (fault,) = load(ROW, "CP-009,SOCIAL WORKER VACANCY,").faults
    assert (fault.row, fault.column, fault.why) == (3, "audit_reference + factor", "also in row 2")


@pytest.mark.parametrize(
    ("returned_on", "refused"), [(date(2010, 11, 12), True), (date(2010, 12, 18), False)]
)
def test_a_frozen_cycle_takes_in_context_of_late_returns_alone(
    load: Load, returned_on: date, refused: bool
) -> None:
    with transaction():
        cycle = db.session.scalars(select(Cycle)).one()
        cycle.closed_on = cycle.frozen_on = date(2010, 12, 17)
        db.session.scalars(select(Audit)).one().returned_on = returned_on
    assert load(ROW).refused is refused
    assert bool(notes()) is not refused


def test_the_history_tells_that_there_is_context_and_not_which(load: Load) -> None:
    load(ROW, "CP-009,system trouble,")
    load("CP-009,system trouble,all week")
    changed, taken_in = of("audit", "CP-009")
    assert (taken_in.what, taken_in.after) == ("context imported", "2 factors")
    assert (changed.what, changed.after) == ("context changed", "1 factor")
