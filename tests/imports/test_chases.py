"""Chases from a file."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit_files.chases import import_chases
from app.audits.models import Chase
from app.database import db
from app.files.imported import Imported
from tests.factories import a_person, an_audit

from .conftest import counted, said

HEADING = "audit_reference,day,channel,by,with,outcome,new_expected_on"
ROW = "CP-009,2010-11-17,phone,jack.denny@council.example,Ann Lee,will look,2010-11-26"

Load = Callable[..., Imported]


@pytest.fixture
def load(app: Flask, tmp_path: Path) -> Load:
    a_person("Jack Denny", roles=["coordinator"])
    an_audit("CP-009", case_reference="390984")

    def rows(*rows: str) -> Imported:
        path = tmp_path / "chases.csv"
        path.write_text("\n".join([HEADING, *rows]) + "\n", encoding="utf-8")
        return import_chases(path)

    return rows


def chases() -> list[tuple[str | None, str | None, str | None, date | None]]:
    db.session.rollback()
    found = db.session.scalars(select(Chase).order_by(Chase.day, Chase.id))
    return [
        (chase.by.name if chase.by else None, chase.with_whom, chase.outcome, chase.new_expected_on)
        for chase in found
    ]


def test_a_chase_is_taken_in_once(load: Load) -> None:
    assert counted(load(ROW)) == (1, 0, 0, 0)
    assert counted(load(ROW)) == (0, 0, 1, 0)
    assert chases() == [("Jack Denny", "Ann Lee", "will look", date(2010, 11, 26))]


@pytest.mark.parametrize(
    ("cell", "otherwise"),
    [
        ("2010-11-17", "2010-11-18"),
        ("phone", "in person"),
        ("jack.denny@council.example", ""),
        ("Ann Lee", "Owen Bickerton"),
        ("Ann Lee", ""),
        ("will look", "will not look"),
        ("will look", ""),
        ("2010-11-26", "2010-11-29"),
        ("2010-11-26", ""),
    ],
)
def test_a_row_that_says_anything_else_is_another_chase(load: Load, cell: str, otherwise: str) -> None:
    other = ROW.replace(cell, otherwise, 1)
    assert counted(load(ROW, other)) == (2, 0, 0, 0)
    assert counted(load(other, ROW)) == (0, 0, 2, 0)
    assert len(chases()) == 2


def test_a_file_without_whom_it_was_with_is_read(load: Load, tmp_path: Path) -> None:
    path = tmp_path / "chases.csv"
    path.write_text("audit_reference,day,channel\nCP-009,2010-11-17,phone\n", encoding="utf-8")
    assert counted(import_chases(path)) == (1, 0, 0, 0)
    assert counted(import_chases(path)) == (0, 0, 1, 0)
    assert chases() == [(None, None, None, None)]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("CP-010,2010-11-17,phone,,,,", 'column audit_reference, "CP-010": there is no such audit'),
        (
            "CP-009,2010-11-17,fax,,,,",
            'column channel, "fax": must be one of email, phone, in person',
        ),
        (
            "CP-009,2010-10-01,phone,,,,",
            'column day, "2010-10-01": is before 2010-10-04, when the audit was requested',
        ),
        (
            "CP-009,2010-11-17,phone,,,,2010-11-16",
            'column new_expected_on, "2010-11-16": is before the date of the chase',
        ),
        (
            "CP-009,2010-11-17,phone,jim@council.example,,,",
            'column by, "jim@council.example": no one has this email address: import staff first',
        ),
        (
            "CP-009,2010-11-17,phone,,,ask about 390984,",
            "column outcome: contains the case number: remove it",
        ),
        (
            "CP-009,2010-11-17,phone,,the worker of 390984,,",
            "column with: contains the case number: remove it",
        ),
        ("390984,2010-11-17,phone,,,,", "column audit_reference: there is no such audit"),
    ],
)
def test_a_wrong_chase_is_named_and_nothing_is_taken_in(load: Load, row: str, fault: str) -> None:
    outcome = load(ROW, row)
    assert [line for line in said(outcome) if line.startswith(f"chases.csv: row 3, {fault}")]
    assert chases() == []


def test_the_same_chase_twice_in_one_file_is_a_fault(load: Load) -> None:
    (fault,) = load(ROW, ROW).faults
    assert (fault.row, fault.why) == (3, "also in row 2")
    assert chases() == []
