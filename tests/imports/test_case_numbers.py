"""Case numbers in files of audits: spellings of one, those that a spreadsheet cut, and those that stay."""

import io
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from xlsxwriter import Workbook

from app.answers.models import Answer
from app.assigning import moves as assigning
from app.audit_files.audits import import_audits
from app.audits import moves
from app.audits.models import Audit, Return
from app.case_keys.mark import as_compared
from app.case_numbers import CUT
from app.database import db, transaction
from app.history.record import of
from app.imports.kinds import KINDS
from app.imports.preview import preview
from app.people.models import Person
from app.people.queries import everyone
from app.tools.models import Question
from tests.factories import a_cycle, a_person, an_audit

from .conftest import TODAY, Load, a_row, counted, said


def number_of(reference: str = "CP-001") -> str | None:
    db.session.rollback()
    return db.session.scalars(select(Audit.case_reference).where(Audit.reference == reference)).one()


@pytest.mark.parametrize("cut", ["1.23457E+11", "6.15739E+05", '"1,23457E+11"', "1e+20", "6.1E-05"])
def test_a_number_that_a_spreadsheet_has_cut_is_a_fault_of_its_row(load: Load, cut: str) -> None:
    assert said(load(a_row(), a_row(reference="CP-002", case_reference=cut))) == [
        f"audits.csv: row 3, column case_reference: {CUT}"
    ]


@pytest.mark.parametrize("nothing", ["0", "000", "-", "..."])
def test_a_number_of_which_nothing_is_left_is_a_fault(load: Load, nothing: str) -> None:
    assert said(load(a_row(case_reference=nothing))) == [
        "audits.csv: row 2, column case_reference: must have a letter, or a digit other than 0"
    ]


def test_a_spreadsheet_gives_the_noughts_that_it_shows_and_refuses_what_it_lost(
    pair: None, tmp_path: Path
) -> None:
    content = io.BytesIO()
    with Workbook(content) as book:
        sheet, eight = book.add_worksheet(), book.add_format({"num_format": "00000000"})
        sheet.write_row(0, 0, ["reference", "case_reference", "team"])
        for row, (reference, number, form) in enumerate(
            [
                ("CP-001", 615739, eight),
                ("CP-002", 615740, None),
                ("CP-003", 1234567890123456, None),
                ("CP-004", 615741.5, eight),
            ],
            start=1,
        ):
            sheet.write(row, 0, reference)
            sheet.write(row, 1, number, form)
            sheet.write(row, 2, "Crewe")
    path = tmp_path / "audits.xlsx"
    path.write_bytes(content.getvalue())
    assert said(import_audits(path, on=TODAY, cycle="2010-1")) == [
        f"audits.xlsx: row {row}, column case_reference: {CUT}" for row in (4, 5)
    ]


@pytest.mark.parametrize("spelt", ["0615739", "615-739", "615 739", "00 615.739"])
def test_another_spelling_of_the_number_changes_nothing(load: Load, spelt: str) -> None:
    load(a_row())
    assert counted(load(a_row(case_reference=spelt))) == (0, 0, 1, 0)
    assert number_of() == "615739"


def test_the_case_of_an_audit_that_nobody_has_begun_follows_the_file(load: Load) -> None:
    load(a_row())
    assert counted(load(a_row(case_reference="0717275"))) == (0, 1, 0, 0)
    assert number_of() == "0717275"
    assert db.session.scalars(select(Audit.case_folded)).one() == as_compared("717275")


def answered() -> None:
    audit_id = db.session.scalars(select(Audit.id)).one()
    question_id = db.session.scalars(select(Question.id)).first()
    with transaction():
        db.session.add(Answer(audit_id=audit_id, question_id=question_id, version=1))


def sent_back() -> None:
    audit_id = db.session.scalars(select(Audit.id)).one()
    facts = {"returned_on": date(2010, 10, 20), "sent_back_on": date(2010, 10, 21), "because": "Blanks"}
    with transaction():
        db.session.add(Return(audit_id=audit_id, **facts))


@pytest.mark.parametrize("begun", ["started", "returned", "answered", "sent back"])
def test_the_case_of_an_audit_that_has_begun_stays_and_is_counted(load: Load, begun: str) -> None:
    days = {"started": {"started_on": "2010-10-13"}, "returned": {"returned_on": "2010-10-22"}}
    load(a_row(**days.get(begun, {})))
    {"answered": answered, "sent back": sent_back}.get(begun, lambda: None)()
    outcome = load(a_row(case_reference="717275", note="a note"))
    assert (counted(outcome), outcome.cases_kept) == ((0, 1, 0, 0), 1)
    assert str(outcome).endswith(". 1 audit that has begun kept its case number")
    assert number_of() == "615739"
    assert of("audit", "CP-001")[0].what == "note changed"


def test_a_file_of_the_same_row_starts_no_audit_before_its_case_is_read(load: Load) -> None:
    """The number known before the file is the one that counts."""
    load(a_row())
    assert counted(load(a_row(case_reference="717275", started_on="2010-10-13"))) == (0, 1, 0, 0)
    assert number_of() == "717275"


def test_a_number_that_was_corrected_in_the_product_stays(load: Load) -> None:
    load(a_row())
    jack = a_person("Jack Denny", roles=["coordinator"])
    moves.correct_case_number("CP-001", jack, TODAY, "717275", "A digit was wrong")
    outcome = load(a_row())
    assert (counted(outcome), outcome.cases_kept) == ((0, 0, 1, 1), 0)
    assert number_of() == "717275"


@pytest.mark.parametrize(
    ("number", "reference"),
    [
        ("14", "H0-14"),
        ("1", "CP-001"),
        ("001", "CP-001"),
        ("012", "A.012"),
        ("2010", "2010-1-001"),
        ("1234", "H1234"),
    ],
)
def test_a_reference_may_have_the_digits_of_a_short_number(load: Load, number: str, reference: str) -> None:
    assert said(load(a_row(case_reference=number, reference=reference))) == []


@pytest.mark.parametrize(
    ("number", "reference"),
    [("1234", "H0-1234"), ("615739", "CP-615739"), ("615-739", "C615739"), ("0615739", "615.739")],
)
def test_a_reference_that_holds_the_number_is_refused(load: Load, number: str, reference: str) -> None:
    assert said(load(a_row(case_reference=number, reference=reference))) == [
        "audits.csv: row 2, column reference: contains the case number: remove it"
    ]


def test_who_declared_a_conflict_does_not_get_the_case_under_another_spelling(load: Load) -> None:
    lena = everyone()
    lead = next(person for person in lena.values() if person.name == "Lena Lead")
    declined_by = db.session.get_one(Person, lead.id)
    an_audit("OLD-1", cycle=a_cycle("2009-1"), lead=declined_by, case_reference="CR-12 34")
    assigning.decline("OLD-1", declined_by, TODAY, "conflict", None)
    (fault,) = said(load(a_row(case_reference="00cr.1234")))
    assert "column lead_auditor" in fault
    assert "Lena Lead declared a conflict with this case" in fault
    assert said(load(a_row(case_reference="CR-12/34"))) == []


def test_the_preview_says_that_a_number_changes_and_neither_number(load: Load, tmp_path: Path) -> None:
    load(a_row())
    path = tmp_path / "audits.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("615739", "717275"), encoding="utf-8")
    kind = next(kind for kind in KINDS if kind.name == "audits")
    assert [(line.what, line.before, line.after) for line in preview(kind, path, "2010-1")] == [
        ("case number changed", None, None)
    ]
