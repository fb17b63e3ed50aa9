"""Audits from a file: what is taken in, what changes, what is left."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.assigning import moves as assigning
from app.assigning.moves import NewPair
from app.audit_files.audits import import_audits
from app.audits import moves
from app.audits.cycle import Cycle
from app.audits.facts import facts
from app.audits.lifecycle import State, state
from app.audits.models import Assignment, Audit, Extension
from app.cycles.importing import import_cycle, mark_frozen
from app.database import db, transaction
from app.history.checking import first_break
from app.history.record import of
from app.people.closures import working_days
from app.people.importing_staff import import_staff
from app.people.models import Person, Team
from app.tools.importing import import_tool
from config.settings import PROJECT
from tests.factories import a_cycle, a_person
from tests.pages import opened, visible

from .conftest import HEADING, TODAY, Load, a_row, counted, said

FIRST_CYCLE = PROJECT / "app" / "example" / "first-cycle"


def the_audit(reference: str = "CP-001") -> Audit:
    db.session.rollback()
    return db.session.scalars(select(Audit).where(Audit.reference == reference)).one()


def the_person(name: str) -> Person:
    return db.session.scalars(select(Person).where(Person.name == name)).one()


def spells() -> list[tuple[str, str | None, date, date | None, str | None]]:
    return [
        (
            spell.part,
            spell.person.name if spell.person else None,
            spell.assigned_on,
            spell.ended_on,
            spell.ended_because,
        )
        for spell in the_audit().assignments
    ]


def test_the_first_cycle_has_29_audits_of_which_26_came_back(app: object) -> None:
    import_staff(FIRST_CYCLE / "staff.csv")
    import_tool(FIRST_CYCLE / "tool.toml")
    import_cycle(FIRST_CYCLE / "cycle.toml")
    outcome = import_audits(FIRST_CYCLE / "audits.csv", on=TODAY, cycle="2010-1")
    assert (said(outcome), counted(outcome)) == ([], (29, 0, 0, 0))
    on = date(2010, 12, 17)
    states = [state(facts(audit, on), on, working_days()) for audit in db.session.scalars(select(Audit))]
    assert states.count(State.RETURNED) == 26
    assert states.count(State.NOT_RETURNED) == 3
    again = import_audits(FIRST_CYCLE / "audits.csv", on=TODAY, cycle="2010-1")
    assert counted(again) == (0, 0, 29, 0)
    assert first_break() is None


def test_what_a_row_leaves_out_comes_from_its_cycle(load: Load) -> None:
    load(a_row(requested_on="", assigned_on="", due_on=""))
    audit = the_audit()
    assert (audit.requested_on, audit.due_on, audit.first_due_on) == (
        date(2010, 10, 4),
        date(2010, 11, 12),
        date(2010, 11, 12),
    )
    assert spells() == [
        ("lead", "Lena Lead", date(2010, 10, 4), None, None),
        ("second", "Sam Second", date(2010, 10, 4), None, None),
    ]


def test_columns_may_stand_in_any_order_and_case(load: Load) -> None:
    heading = "TEAM,Case reference,reference"
    outcome = load("Crewe,615739,CP-001", heading=heading)
    assert (said(outcome), the_audit().team.name, spells()) == ([], "Crewe", [])


def test_the_same_file_again_changes_nothing_and_tells_nothing(load: Load) -> None:
    row = a_row(started_on="2010-10-13", note="a note")
    load(row)
    before = len(of("audit", "CP-001")), the_audit().version
    assert counted(load(row)) == (0, 0, 1, 0)
    assert (len(of("audit", "CP-001")), the_audit().version) == before


def test_a_dry_run_counts_and_changes_nothing(load: Load) -> None:
    assert counted(load(a_row(), dry_run=True)) == (1, 0, 0, 0)
    assert db.session.scalar(select(func.count(Audit.id))) == 0


def test_only_filled_cells_change_an_audit(load: Load) -> None:
    load(a_row(started_on="2010-10-13", note="a note"))
    assert counted(load(a_row(returned_on="2010-10-22"))) == (0, 1, 0, 0)
    audit = the_audit()
    assert (audit.started_on, audit.returned_on, audit.note) == (
        date(2010, 10, 13),
        date(2010, 10, 22),
        "a note",
    )
    told = [(row.what, row.who, row.on) for row in of("audit", "CP-001")]
    assert told[0] == ("returned", "import", date(2010, 10, 22))


def test_the_history_never_repeats_a_case_number_or_a_note(load: Load) -> None:
    load(a_row(note="a note"))
    load(a_row(case_reference="700000", note="another"))
    words = [word for row in of("audit", "CP-001") for word in (row.before, row.after, row.why) if word]
    assert not [word for word in words if "615739" in word or "700000" in word or "note" in word]


def test_a_later_due_day_is_an_extension_that_holds_on_every_day(load: Load) -> None:
    load(a_row())
    assert counted(load(a_row(due_on="2010-11-19"))) == (0, 1, 0, 0)
    audit = the_audit()
    assert (audit.due_on, audit.first_due_on) == (date(2010, 11, 19), date(2010, 11, 12))
    extension = db.session.scalars(select(Extension)).one()
    assert (extension.made_on, extension.because) == (None, "from a file")


def test_an_earlier_due_day_is_left_as_it_is_and_counted(load: Load) -> None:
    load(a_row())
    coordinator = a_person("Cora Coordinator", roles=["coordinator"])
    moves.extend("CP-001", coordinator, TODAY, "paper file missing", date(2010, 11, 19))
    outcome = load(a_row())
    assert counted(outcome) == (0, 0, 1, 1)
    assert "1 row kept a change made in the service" in str(outcome)
    assert the_audit().due_on == date(2010, 11, 19)


def test_a_reassignment_made_in_the_product_stays(load: Load) -> None:
    load(a_row(team="Wilmslow"))
    coordinator = a_person("Cora Coordinator", roles=["coordinator"])
    assigning.reassign("CP-001", "lead", the_person("Tom Third").id, coordinator, TODAY, "sickness")
    assert counted(load(a_row(team="Wilmslow"))) == (0, 0, 1, 1)
    assert [spell[1] for spell in spells() if spell[3] is None] == ["Sam Second", "Tom Third"]


def test_a_return_made_in_the_product_stays(load: Load) -> None:
    load(a_row())
    moves.return_audit("CP-001", the_person("Lena Lead"), TODAY)
    assert counted(load(a_row(returned_on="2010-10-22"))) == (0, 0, 1, 1)
    assert counted(load(a_row(withdrawn_on="2010-10-22"))) == (0, 0, 1, 1)
    assert the_audit().returned_on == TODAY


def test_a_return_that_was_sent_back_does_not_come_back_by_the_old_file(load: Load) -> None:
    load(a_row(returned_on="2010-10-22"))
    coordinator = a_person("Cora Coordinator", roles=["coordinator"])
    moves.send_back("CP-001", coordinator, date(2010, 10, 25), "two reasons are missing", date(2010, 11, 15))
    assert counted(load(a_row(returned_on="2010-10-22"))) == (0, 0, 1, 1)
    assert the_audit().returned_on is None
    assert counted(load(a_row(returned_on="2010-10-29"))) == (0, 1, 0, 1)
    assert the_audit().returned_on == date(2010, 10, 29)


def test_another_auditor_in_the_file_takes_over_on_the_day_of_the_import(load: Load) -> None:
    load(a_row(team="Wilmslow"))
    row = a_row(team="Wilmslow", lead_auditor="tom.third@council.example")
    assert counted(load(row)) == (0, 1, 0, 0)
    assert spells() == [
        ("lead", "Lena Lead", date(2010, 10, 5), TODAY, "reassigned"),
        ("second", "Sam Second", date(2010, 10, 5), None, None),
        ("lead", "Tom Third", TODAY, None, None),
    ]
    assert counted(load(row)) == (0, 0, 1, 0)


def test_the_two_may_change_places(load: Load) -> None:
    load(a_row())
    row = a_row(lead_auditor="sam.second@council.example", second_auditor="lena.lead@council.example")
    assert (said(load(row)), counted(load(row))) == ([], (0, 0, 1, 0))
    assert {spell[:2] for spell in spells() if spell[3] is None} == {
        ("lead", "Sam Second"),
        ("second", "Lena Lead"),
    }


def test_one_auditor_with_declined_on_is_half_a_pair(load: Load) -> None:
    row = a_row(second_auditor="", declined_on="2010-10-11")
    assert (said(load(row)), counted(load(row))) == ([], (0, 0, 1, 0))
    assert spells() == [
        ("lead", "Lena Lead", date(2010, 10, 5), None, None),
        ("second", None, date(2010, 10, 5), date(2010, 10, 11), "declined"),
    ]


def test_a_file_can_tell_later_that_one_of_the_two_declined(load: Load) -> None:
    load(a_row())
    row = a_row(lead_auditor="", declined_on="2010-10-11")
    assert (counted(load(row)), counted(load(row))) == ((0, 1, 0, 0), (0, 0, 1, 0))
    assert spells()[0] == ("lead", "Lena Lead", date(2010, 10, 5), date(2010, 10, 11), "declined")


def test_a_decline_made_in_the_product_stays(load: Load) -> None:
    load(a_row())
    assigning.decline("CP-001", the_person("Sam Second"), TODAY, "conflict")
    assert counted(load(a_row())) == (0, 0, 1, 1)
    coordinator = a_person("Cora Coordinator", roles=["coordinator"])
    anna = a_person("Anna Auditor", team="Wilmslow")
    assigning.assign(NewPair("CP-001", None, anna.id), coordinator, TODAY)
    assert counted(load(a_row())) == (0, 0, 1, 1)


def test_a_reason_lets_an_auditor_of_the_same_team_do_it(load: Load) -> None:
    load(a_row(lead_auditor="tom.third@council.example", override_reason="Nobody else is trained"))
    found = db.session.scalars(select(Assignment).order_by(Assignment.id)).all()
    assert [spell.override_reason for spell in found] == ["Nobody else is trained", None]


def test_a_new_team_is_added_once_however_it_is_written(load: Load) -> None:
    load(a_row(team="Handforth"), a_row(reference="CP-002", team="handforth"))
    assert db.session.scalars(select(Team.name).where(func.lower(Team.name) == "handforth")).all() == [
        "Handforth"
    ]


def test_rows_may_name_their_cycles_themselves(load: Load) -> None:
    a_cycle("2011-1")
    heading = HEADING + ",cycle"
    outcome = load(a_row() + ",2010-1", a_row(reference="X-1") + ",2011-1", heading=heading, cycle=None)
    assert said(outcome) == []
    assert the_audit("X-1").cycle.reference == "2011-1"


@pytest.fixture
def frozen(load: Load) -> Load:
    """Import an audit into a cycle, then close the cycle on 17 December and freeze it."""
    load(a_row())
    with transaction():
        db.session.scalars(select(Cycle)).one().closed_on = date(2010, 12, 17)
    mark_frozen(date(2010, 12, 20))
    return load


def test_a_closed_cycle_takes_audits_until_it_is_frozen(load: Load) -> None:
    with transaction():
        db.session.scalars(select(Cycle)).one().closed_on = date(2010, 12, 17)
    assert counted(load(a_row(returned_on="2010-12-20"))) == (1, 0, 0, 0)


def test_a_frozen_cycle_takes_nothing_but_late_returns(frozen: Load) -> None:
    why = "cycle 2010-1 was frozen on 2010-12-20, so only late returns can be imported"
    for row in (a_row(returned_on="2010-12-17"), a_row(started_on="2010-10-13"), a_row(reference="CP-002")):
        assert [fault.why for fault in frozen(row).faults] == [why]
    assert counted(frozen(a_row())) == (0, 0, 1, 0)
    assert counted(frozen(a_row(returned_on="2010-12-20"))) == (0, 1, 0, 0)


def test_a_reason_for_not_returning_from_a_file_is_for_coordinators_alone(
    load: Load, sign_in: Callable[[Person], FlaskClient]
) -> None:
    load(a_row())
    load(a_row(reason_not_returned="sickness"))

    for name, told in (("Lena Lead", False), ("Cora Coordinator", True)):
        person = a_person(name, roles=["coordinator"]) if told else the_person(name)
        page = visible(opened(sign_in(person), "/audits/CP-001"))
        assert ("reason not returned changed" in page, "sickness" in page) == (told, told)
