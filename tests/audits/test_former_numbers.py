"""A case number that was corrected is known to the checks of texts until it is removed with the others."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit_files.audits import import_audits
from app.audits.cycle import Cycle
from app.audits.former_numbers import FormerCaseNumber
from app.case_keys.mark import as_compared
from app.case_keys.rotating import rotate
from app.database import db, transaction
from app.identifying.known_numbers import holds_known_number
from app.retention.removing import remove, what_goes
from app.retention.texts import CASE_NUMBERS
from app.sampling.correcting import correct_case_number
from tests.factories import a_person, an_audit

TODAY = date(2010, 11, 5)
TYPED, RIGHT = "SC 780 499", "SC 780 494"


def corrected_in_the_product(tmp_path: Path) -> None:
    correct_case_number("CP-001", a_person("Cora"), TODAY, RIGHT, "mistyped")


def corrected_by_file(tmp_path: Path) -> None:
    file = tmp_path / "audits.csv"
    file.write_text(f"reference,case_reference,team\nCP-001,{RIGHT},Crewe\n")
    assert import_audits(file, on=TODAY, cycle="2010-1").faults == []


@pytest.mark.parametrize("correct", [corrected_in_the_product, corrected_by_file])
def test_a_number_is_known_before_and_after_it_was_corrected(
    service: Flask, tmp_path: Path, correct: Callable[[Path], None]
) -> None:
    an_audit("CP-001", case_reference=TYPED)
    correct(tmp_path)
    assert [row.case_reference for row in db.session.scalars(select(FormerCaseNumber))] == [TYPED]
    for number in (TYPED, RIGHT):
        assert holds_known_number(f"See {number}, please")
    rotate()
    former = db.session.scalars(select(FormerCaseNumber)).one()
    assert (former.case_reference, former.case_folded) == (TYPED, as_compared(TYPED))
    assert holds_known_number("sc-780/499")


def test_a_number_that_was_corrected_goes_with_the_others(service: Flask, tmp_path: Path) -> None:
    an_audit("CP-001", case_reference=TYPED)
    corrected_in_the_product(tmp_path)
    with transaction():
        cycle = db.session.scalars(select(Cycle)).one()
        cycle.closed_on = cycle.frozen_on = TODAY
    assert what_goes(cycle)[CASE_NUMBERS] == 2
    remove(cycle.reference, by="retention", on=TODAY)
    assert not holds_known_number(f"See {TYPED} or {RIGHT}")
    former = db.session.scalars(select(FormerCaseNumber)).one()
    assert (former.case_reference, former.case_folded) == (None, None)
