"""Files of audits that are refused: every fault by name and place, and nothing changed."""

from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import func, select

from app.assigning import moves as assigning
from app.audit_files.audits import import_audits
from app.audits.models import Audit
from app.database import db
from app.people.models import Person, Team
from tests.factories import a_cycle

from .conftest import HEADING, TODAY, Load, a_row, counted, said


def nothing_changed() -> bool:
    db.session.rollback()
    return not db.session.scalar(select(func.count(Audit.id)))


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"due_on": "2010-02-30"}, 'row 2, column due_on, "2010-02-30": must be a real date'),
        ({"due_on": "12/11/10"}, 'row 2, column due_on, "12/11/10": the year must have 4 digits'),
        ({"reference": ""}, "row 2, column reference: must not be empty"),
        (
            {"reference": "CP 001"},
            'row 2, column reference, "CP 001": use only letters, digits, dots and hyphens',
        ),
        (
            {"lead_auditor": "nobody@council.example"},
            (
                'row 2, column lead_auditor, "nobody@council.example": '
                "no one has this email address: import staff first"
            ),
        ),
        ({"lead_auditor": "Lena Lead"}, 'row 2, column lead_auditor, "Lena Lead": must be an email address'),
        (
            {"second_auditor": "lena.lead@council.example"},
            (
                'row 2, column second_auditor, "lena.lead@council.example": is also the lead auditor: '
                "the two must be different people"
            ),
        ),
        (
            {"second_auditor": ""},
            "row 2, column second_auditor: is empty: name both auditors, neither, or one with declined_on",
        ),
        (
            {"declined_on": "2010-10-11"},
            (
                'row 2, column declined_on, "2010-10-11": both auditors are named, but declined_on is for '
                "an audit that one of the two declined"
            ),
        ),
        (
            {"lead_auditor": "", "second_auditor": ""},
            'row 2, column assigned_on, "2010-10-05": no auditor is named',
        ),
        (
            {"lead_auditor": "tom.third@council.example"},
            (
                'row 2, column lead_auditor, "tom.third@council.example": Tom Third is in Nantwich, the team '
                "of the case: name someone else or give an override_reason"
            ),
        ),
        (
            {"lead_auditor": "tom.third@council.example", "team": "nantwich "},
            (
                'row 2, column lead_auditor, "tom.third@council.example": Tom Third is in Nantwich, the team '
                "of the case: name someone else or give an override_reason"
            ),
        ),
        (
            {"returned_on": "2010-10-01"},
            'row 2, column returned_on, "2010-10-01": is before requested_on, 2010-10-04',
        ),
        (
            {"started_on": "2010-10-04"},
            'row 2, column started_on, "2010-10-04": is before assigned_on, 2010-10-05',
        ),
        ({"due_on": "2010-10-01"}, 'row 2, column due_on, "2010-10-01": is before requested_on, 2010-10-04'),
        (
            {"reason_not_returned": "sicknes"},
            (
                'row 2, column reason_not_returned, "sicknes": must be one of sickness, leave, '
                "left post, capacity, case closed or transferred, record access, duplicate, other: "
            ),
        ),
        ({"reference": "selected"}, 'row 2, column reference, "selected": is a word that this service keeps'),
    ],
)
def test_a_wrong_cell_is_named(load: Load, cells: dict[str, str], fault: str) -> None:
    found = [line for line in said(load(a_row(**cells))) if line.startswith(f"audits.csv: {fault}")]
    assert found
    assert nothing_changed()


def test_every_fault_of_a_file_is_said_and_no_row_of_it_taken_in(load: Load) -> None:
    outcome = load(
        a_row(team="Handforth"),
        a_row(reference="CP-002", due_on="soon"),
        a_row(reference="CP-003", requested_on="2010-13-01", lead_auditor="who@council.example"),
        a_row(),
    )
    places = [(fault.row, fault.column) for fault in outcome.faults]
    assert places == [(3, "due_on"), (4, "lead_auditor"), (4, "requested_on"), (5, "reference")]
    assert said(outcome)[-1] == 'audits.csv: row 5, column reference, "CP-001": also in row 2'
    assert nothing_changed()
    assert db.session.scalar(select(func.count(Team.id)).where(Team.name == "Handforth")) == 0


def test_a_missing_column_and_an_unknown_one_are_named_with_the_nearest(load: Load) -> None:
    assert sorted(said(load("CP-001,Crewe,2010-11-12", heading="reference,team,due_at"))) == [
        "audits.csv: row 1, column case_reference: this column is missing",
        "audits.csv: row 1, column due_at: is not a column of audits: the nearest is due_on",
    ]
    assert nothing_changed()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "the file is empty"),
        ((HEADING + "\n" + a_row()).encode("utf-16"), "the file is in UTF-16: save it as "),
        (b"\x00\x01\x02\x03" * 50, "the file must be text"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    pair: None, tmp_path: Path, content: bytes, fault: str
) -> None:
    path = tmp_path / "audits.csv"
    path.write_bytes(content)
    assert any(fault in line for line in said(import_audits(path, on=TODAY, cycle="2010-1")))
    assert nothing_changed()


def test_a_file_that_is_not_there_is_a_fault(pair: None, tmp_path: Path) -> None:
    outcome = import_audits(tmp_path / "audits.csv", on=TODAY, cycle="2010-1")
    assert said(outcome) == ["audits.csv: the file was not found"]


def test_a_spreadsheet_with_two_sheets_is_refused(pair: None, tmp_path: Path) -> None:
    path = tmp_path / "audits.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for _ in range(2):
            book.add_worksheet().write_row(0, 0, ["reference", "case_reference", "team"])
    outcome = import_audits(path, on=TODAY, cycle="2010-1")
    (fault,) = said(outcome)
    assert "2 visible sheets with cells (“Sheet1”, “Sheet2”): keep only 1" in fault


def test_windows_1252_with_semicolons_is_read(pair: None, tmp_path: Path) -> None:
    path = tmp_path / "audits.csv"
    path.write_bytes("reference;case_reference;team\r\nCP-001;615739;Équipe\r\n".encode("windows-1252"))
    assert counted(import_audits(path, on=TODAY, cycle="2010-1")) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    "cells",
    [
        {"reference": "CP-615739"},
        {"due_on": "615739"},
        {"lead_auditor": "615739"},
        {"override_reason": "615739 is a hard case", "lead_auditor": "tom.third@council.example"},
        {"case_reference": "615739" * 20},
    ],
)
def test_no_fault_repeats_a_case_number(load: Load, cells: dict[str, str]) -> None:
    lines = said(load(a_row(**cells)))
    assert lines
    assert not [line for line in lines if "615739" in line]


def test_a_cycle_must_be_named_once(load: Load) -> None:
    a_cycle("2011-1")
    heading = HEADING + ",cycle"
    assert said(load(a_row(), cycle=None)) == ["audits.csv: no cycle is given: use --cycle or a column cycle"]
    assert said(load(a_row() + ",", heading=heading, cycle=None)) == [
        "audits.csv: row 2, column cycle: no cycle is given here or with --cycle"
    ]
    assert said(load(a_row() + ",2011-1", heading=heading)) == [
        'audits.csv: row 2, column cycle, "2011-1": is not 2010-1, the cycle given with --cycle'
    ]
    assert said(load(a_row(), cycle="2010-2")) == [
        "audits.csv: there is no cycle 2010-2: choose from 2010-1, 2011-1"
    ]
    assert nothing_changed()


def test_a_reference_is_used_once_over_all_cycles(load: Load) -> None:
    a_cycle("2011-1")
    load(a_row())
    assert said(load(a_row(), cycle="2011-1")) == [
        'audits.csv: row 2, column reference, "CP-001": is already an audit of cycle 2010-1'
    ]


def test_somebody_who_declared_a_conflict_is_not_assigned_to_the_case_again(load: Load) -> None:
    load(a_row())
    sam = db.session.scalars(select(Person).where(Person.name == "Sam Second")).one()
    assigning.decline("CP-001", sam, TODAY, "conflict")
    assert said(load(a_row(reference="CP-002"))) == [
        (
            'audits.csv: row 2, column second_auditor, "sam.second@council.example": Sam Second declared '
            "a conflict with this case: name someone else or give an override_reason"
        )
    ]
