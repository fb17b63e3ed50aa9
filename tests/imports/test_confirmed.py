"""The day on which the second auditor confirmed a return, from a file: what it brings, and what it leaves."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app.answers.agreement import agreement
from app.audit_files.audits import import_audits
from app.audits import moves
from app.audits.facts import facts
from app.audits.lifecycle import awaits_confirmation, is_confirmed
from app.audits.models import Audit
from app.audits.standing import Standing, standings
from app.database import db
from app.files.imported import Imported
from app.history.record import of
from app.people.closures import working_days
from tests.factories import a_cycle, a_person

from .conftest import HEADING, TODAY, Load, a_row, counted, said
from .test_audits import the_audit, the_person

RETURNED, CONFIRMED = "2010-10-22", "2010-10-25"


def row(**cells: str) -> str:
    return ",".join((a_row(**cells), cells.get("confirmed_on", "")))


@pytest.fixture
def confirmed(load: Load) -> Load:
    """Import rows that have a column for the confirmation."""

    def rows(*rows: str) -> Imported:
        return load(*rows, heading=f"{HEADING},confirmed_on")

    return rows


def test_a_file_brings_it_with_the_return_or_later_and_again_changes_nothing(confirmed: Load) -> None:
    assert counted(confirmed(row(returned_on=RETURNED))) == (1, 0, 0, 0)
    both = row(returned_on=RETURNED, confirmed_on=CONFIRMED)
    assert counted(confirmed(both)) == (0, 1, 0, 0)
    assert counted(confirmed(both)) == (0, 0, 1, 0)
    # an empty cell takes nothing back
    assert counted(confirmed(row(returned_on=RETURNED))) == (0, 0, 1, 0)
    assert (the_audit().confirmed_on, the_audit().differs) == (date(2010, 10, 25), None)
    told = [(event.what, event.on) for event in of("audit", "CP-001")]
    assert told.count(("confirmed", date(2010, 10, 25))) == 1
    assert counted(confirmed(row(returned_on=RETURNED, confirmed_on="2010-10-26"))) == (0, 1, 0, 0)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"confirmed_on": "2010-10-21"}, 'confirmed_on, "2010-10-21": is before returned_on, 2010-10-22'),
        (
            {"returned_on": "", "confirmed_on": CONFIRMED},
            'confirmed_on, "2010-10-25": this audit was not returned',
        ),
        (
            {"second_auditor": "", "declined_on": "2010-10-08", "confirmed_on": CONFIRMED},
            'confirmed_on, "2010-10-25": this audit has no second auditor',
        ),
        ({"confirmed_on": "2010-10-32"}, 'confirmed_on, "2010-10-32": must be a real date'),
    ],
)
def test_what_cannot_be_is_a_fault(confirmed: Load, cells: dict[str, str], why: str) -> None:
    (fault,) = said(confirmed(row(**{"returned_on": RETURNED, **cells})))
    assert fault.startswith(f"audits.csv: row 2, column {why}")


def test_a_return_moved_behind_its_confirmation_is_a_fault(confirmed: Load) -> None:
    confirmed(row(returned_on=RETURNED, confirmed_on=CONFIRMED))
    (fault,) = said(confirmed(row(returned_on="2010-10-29")))
    assert fault.endswith('returned_on, "2010-10-29": is after confirmed_on, 2010-10-25')


def test_a_confirmation_made_in_the_product_stays(confirmed: Load) -> None:
    confirmed(row(returned_on=RETURNED))
    moves.confirm("CP-001", the_person("Sam Second"), date(2010, 10, 28), differs="The plan is good")
    assert counted(confirmed(row(returned_on=RETURNED, confirmed_on=CONFIRMED))) == (0, 0, 1, 1)
    assert (the_audit().confirmed_on, the_audit().differs) == (date(2010, 10, 28), "The plan is good")


def test_one_of_a_return_that_was_sent_back_does_not_come_back_by_the_old_file(confirmed: Load) -> None:
    both = row(returned_on=RETURNED, confirmed_on=CONFIRMED)
    confirmed(both)
    coordinator = a_person("Cora Coordinator", roles=["coordinator"])
    moves.send_back("CP-001", coordinator, date(2010, 10, 27), "two reasons are missing", date(2010, 11, 15))
    assert counted(confirmed(both)) == (0, 0, 1, 1)
    moves.return_audit("CP-001", the_person("Lena Lead"), TODAY)
    assert counted(confirmed(both)) == (0, 0, 1, 1)
    assert the_audit().confirmed_on is None
    # the confirmation on paper of the new return is taken in; the row's earlier due day alone is not
    assert counted(confirmed(row(returned_on="2010-11-01", confirmed_on="2010-11-02"))) == (0, 1, 0, 1)
    assert the_audit().confirmed_on == date(2010, 11, 2)


def test_it_holds_from_its_day_on_and_only_a_return_in_the_product_lacks_one(
    service: Flask, tmp_path: Path
) -> None:
    for name, team in (("Lena Lead", "Crewe"), ("Sam Second", "Safeguarding Unit")):
        a_person(name, team=team)
    cycle = a_cycle("2010-1")
    file = tmp_path / "audits.csv"
    rows = (
        row(reference="CP-001", returned_on=RETURNED, confirmed_on=CONFIRMED),
        row(reference="CP-002", case_reference="615740", returned_on=RETURNED),
        row(reference="CP-003", case_reference="615741"),
    )
    file.write_text("\n".join((f"{HEADING},confirmed_on", *rows)), encoding="utf-8")
    assert said(import_audits(file, on=TODAY, cycle="2010-1")) == []
    moves.return_audit("CP-003", the_person("Lena Lead"), date(2010, 10, 22))
    for on, confirmed in ((date(2010, 10, 22), 0), (date(2010, 10, 25), 1)):
        at = standings(on, working_days())
        told = agreement(cycle, at)
        numbers = (told.returned, told.returned_here, told.confirmed, told.confirmed_here, told.unconfirmed)
        assert numbers == (3, 1, confirmed, 0, 1)
        waiting = db.session.query(Audit).where(at.where(Standing.TO_CONFIRM))
        assert [audit.reference for audit in waiting] == ["CP-003"]
        for audit in db.session.query(Audit):
            known = facts(audit, on)
            assert awaits_confirmation(known, on) is (audit.reference == "CP-003")
            assert is_confirmed(known, on) is (bool(confirmed) and audit.reference == "CP-001")
