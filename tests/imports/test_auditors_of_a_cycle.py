"""Files say how many auditors a cycle needs, and that it is self-assessment; a file of audits is read so."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.audits.cycle import Cycle
from app.audits.facts import found, pair_on
from app.audits.models import Assignment
from app.cycles.importing import import_cycle
from app.database import db, transaction
from app.files.imported import Imported
from app.history.record import of
from tests.factories import a_cycle, a_tool
from tests.imports.conftest import TODAY, Load, a_row, said

CYCLE = """[cycle]
reference = "2010-2"
title = "A cycle"
theme = "A theme"
tool = "child-protection"
requested_on = 2010-10-04
due_on = 2010-11-12
"""
NO_ONE = {"lead_auditor": "", "second_auditor": "", "assigned_on": ""}
ALONE = {"second_auditor": ""}


def load_cycle(tmp_path: Path, more: str = "") -> Imported:
    path = tmp_path / "cycle.toml"
    path.write_text(CYCLE + more, encoding="utf-8")
    return import_cycle(path)


def the_cycle() -> Cycle:
    db.session.rollback()
    return db.session.scalars(select(Cycle).where(Cycle.reference == "2010-2")).one()


@pytest.fixture
def for_one(load: Load) -> Load:
    """Import rows of audits into a cycle that needs one auditor."""
    a_cycle("2011-1", auditors=1)

    def rows(*rows: str, **how: Any) -> Imported:
        return load(*rows, **({"cycle": "2011-1"} | how))

    return rows


def parts(reference: str = "CP-001", on: date = TODAY) -> dict[str, str]:
    """The auditors of an audit by part."""
    db.session.rollback()
    audit = found(reference)
    assert audit is not None
    return {spell.part: spell.person.name for spell in pair_on(audit, on).spells if spell.person}


def test_a_cycle_that_says_nothing_needs_two_auditors(app: Flask, tmp_path: Path) -> None:
    a_tool()
    assert not load_cycle(tmp_path).faults
    assert (the_cycle().auditors, the_cycle().self_assessment) == (2, False)


def test_a_file_says_it_and_a_later_one_that_is_silent_changes_nothing(app: Flask, tmp_path: Path) -> None:
    a_tool()
    assert not load_cycle(tmp_path, "auditors = 1\nself_assessment = true\n").faults
    assert (the_cycle().auditors, the_cycle().self_assessment) == (1, True)
    assert load_cycle(tmp_path).unchanged == 1
    assert load_cycle(tmp_path, "auditors = 2\nself_assessment = false\n").changed == 1
    assert (the_cycle().auditors, the_cycle().self_assessment) == (2, False)
    told = {row.what: (row.before, row.after) for row in of("cycle", "2010-2")}
    assert told["number of auditors for each audit changed"] == ("1", "2")
    assert told["self-assessment changed"] == ("yes", "no")


def test_a_file_says_how_many_audits_are_expected_of_each_auditor(app: Flask, tmp_path: Path) -> None:
    a_tool()
    assert not load_cycle(tmp_path).faults
    assert the_cycle().expected_per_auditor is None
    assert load_cycle(tmp_path, "expected_per_auditor = 3\n").changed == 1
    assert the_cycle().expected_per_auditor == 3
    assert load_cycle(tmp_path).unchanged == 1
    told = {row.what: (row.before, row.after) for row in of("cycle", "2010-2")}
    assert told["number of audits expected of each auditor changed"] == (None, "3")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("expected_per_auditor = 0", "must be from 1 to 1000"),
        ("expected_per_auditor = 2.5", "must be a whole number without quotation marks"),
        ('expected_per_auditor = "2"', "must be a whole number without quotation marks"),
        ("auditors = 3", "must be from 1 to 2"),
        ("auditors = 0", "must be from 1 to 2"),
        ("auditors = true", "must be a whole number without quotation marks"),
        ('self_assessment = "yes"', "must be true or false, without quotation marks"),
    ],
)
def test_what_is_neither_is_a_fault(app: Flask, tmp_path: Path, line: str, fault: str) -> None:
    a_tool()
    assert any(fault in line for line in said(load_cycle(tmp_path, line)))


def test_where_one_is_enough_the_lead_alone_a_pair_and_nobody_come_in(for_one: Load) -> None:
    rows = (
        a_row(**ALONE),
        a_row(reference="CP-002", case_reference="615740"),
        a_row(reference="CP-003", case_reference="615741", **NO_ONE),
    )
    assert not said(for_one(*rows))
    assert parts("CP-001") == {"lead": "Lena Lead"}
    assert parts("CP-002") == {"lead": "Lena Lead", "second": "Sam Second"}
    assert parts("CP-003") == {}
    assert for_one(*rows).unchanged == 3


def test_a_second_alone_is_a_fault(for_one: Load) -> None:
    [fault] = said(for_one(a_row(lead_auditor="")))
    assert "column lead_auditor: is empty: name the lead auditor or no one" in fault


def test_the_lead_of_a_pair_may_have_declined(for_one: Load) -> None:
    assert not said(for_one(a_row(lead_auditor="", declined_on="2010-10-11")))
    assert parts() == {"second": "Sam Second"}


def test_a_second_who_is_named_later_makes_it_a_pair(for_one: Load) -> None:
    assert not said(for_one(a_row(**ALONE)))
    assert not said(for_one(a_row(lead_auditor="", assigned_on="")))
    assert parts() == {"lead": "Lena Lead", "second": "Sam Second"}


def test_where_two_are_needed_a_lead_alone_is_a_fault_as_ever(load: Load) -> None:
    assert "name both auditors, neither, or one with declined_on" in said(load(a_row(**ALONE)))[0]


def test_in_self_assessment_one_s_own_team_is_no_conflict(load: Load) -> None:
    a_cycle("2011-2", auditors=1, self_assessment=True)
    own = {"lead_auditor": "tom.third@council.example", **ALONE}
    assert not said(load(a_row(**own), cycle="2011-2"))
    assert db.session.scalars(select(Assignment.override_reason)).one() is None
    elsewhere = a_row(reference="CP-002", case_reference="615740", **own)
    with transaction():
        db.session.execute(db.update(Cycle).values(auditors=1))
    assert "Tom Third is in Nantwich, the team of the case" in said(load(elsewhere))[0]


def test_what_an_override_overrides_is_kept(load: Load) -> None:
    assert not said(load(a_row(lead_auditor="tom.third@council.example", override_reason="no one else")))
    kept = dict(db.session.execute(select(Assignment.part, Assignment.overridden)).all())
    assert kept == {"lead": "own team", "second": None}
