"""Cycles that audit the cases of an earlier one again, from files, and the earlier audit of each audit."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.answers.importing import import_answers
from app.answers.models import Moderation
from app.audit_files.audits import import_audits
from app.audits.models import Assignment, Audit
from app.cycles.importing import import_cycle
from app.database import db, transaction
from app.files.imported import Imported
from tests.factories import REQUESTED, a_cycle, a_person, a_team, an_audit

HEADINGS = "reference,case_reference,team,cycle,re_audit_of\n"


@pytest.fixture
def cycles(service: Flask, tmp_path: Path) -> None:
    a_cycle("2010-1")
    a_team("Crewe")
    assert not import_cycle(cycle_file(tmp_path)).faults


def cycle_file(folder: Path, again: str = "2010-1", reference: str = "2011-1") -> Path:
    path = folder / "cycle.toml"
    path.write_text(
        f'[cycle]\nreference = "{reference}"\ntitle = "Again"\ntheme = "Core groups"\n'
        f'tool = "child-protection"\nrequested_on = 2011-01-10\ndue_on = 2011-02-10\n'
        f'audits_again = "{again}"\n'
    )
    return path


def imported(folder: Path, *rows: str, dry_run: bool = False) -> Imported:
    path = folder / "audits.csv"
    path.write_text(HEADINGS + "".join(f"{row}\n" for row in rows))
    return import_audits(path, on=REQUESTED, dry_run=dry_run)


def earlier_audits() -> dict[str, str | None]:
    db.session.expire_all()
    audits = db.session.scalars(select(Audit).order_by(Audit.reference)).all()
    references = {audit.id: audit.reference for audit in audits}
    return {audit.reference: references.get(audit.re_audit_of_id or 0) for audit in audits}


def test_an_earlier_audit_is_named_or_found_by_the_number_of_the_case(cycles: None, tmp_path: Path) -> None:
    outcome = imported(
        tmp_path,
        # before the audits that they repeat: the order of rows does not matter
        "B-1,a 1,Crewe,2011-1,",
        "B-2,A2,Crewe,2011-1,a-2",
        "B-3,A3,Crewe,2011-1,",
        "A-1,A1,Crewe,2010-1,",
        "A-2,A2,Crewe,2010-1,",
    )
    assert (outcome.faults, outcome.added) == ([], 5)
    assert earlier_audits() == {"A-1": None, "A-2": None, "B-1": "A-1", "B-2": "A-2", "B-3": None}
    again = imported(tmp_path, "B-1,a 1,Crewe,2011-1,A-1", "B-2,A2,Crewe,2011-1,", "B-3,A3,Crewe,2011-1,")
    assert (again.unchanged, again.changed) == (3, 0)


def test_audits_that_are_stored_are_found_but_for_those_withdrawn(cycles: None, tmp_path: Path) -> None:
    for reference, withdrawn_on in (("A-1", None), ("A-2", REQUESTED)):
        an_audit(reference=reference, case_reference="A1", withdrawn_on=withdrawn_on, cycle=a_cycle("2010-1"))
    assert not imported(tmp_path, "B-1,A1,Crewe,2011-1,").faults
    assert earlier_audits()["B-1"] == "A-1"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("B-1,A1,Crewe,2011-1,", "cycle 2010-1 has 2 audits of this case: name one of them"),
        ("B-1,A1,Crewe,2011-1,A-9", "cycle 2010-1 has no such audit"),
        ("B-1,A2,Crewe,2011-1,A-1", "is an audit of another case"),
        (
            "B-1,A1,Crewe,2010-1,A-1",
            "cycle 2010-1 does not audit another again: give audits_again in its file",
        ),
    ],
)
def test_what_cannot_be_the_earlier_audit_is_a_fault(
    cycles: None, tmp_path: Path, row: str, why: str
) -> None:
    for reference in ("A-1", "A-2"):
        an_audit(reference=reference, case_reference="A1", cycle=a_cycle("2010-1"))
    (fault,) = imported(tmp_path, row).faults
    assert (fault.row, fault.column, fault.why) == (2, "re_audit_of", why)
    assert "B-1" not in earlier_audits()


def test_of_two_audits_of_a_case_one_is_named(cycles: None, tmp_path: Path) -> None:
    for reference in ("A-1", "A-2"):
        an_audit(reference=reference, case_reference="A1", cycle=a_cycle("2010-1"))
    assert not imported(tmp_path, "B-1,A1,Crewe,2011-1,A-2").faults
    assert earlier_audits()["B-1"] == "A-2"
    changed = imported(tmp_path, "B-1,A1,Crewe,2011-1,A-1")
    assert (changed.changed, earlier_audits()["B-1"]) == (1, "A-1")


@pytest.mark.parametrize(
    ("again", "why"),
    [
        ("2011-2", "a cycle cannot audit itself again"),
        ("2010-2", "there is no such cycle: choose from 2010-1, 2011-1, 2012-1"),
        ("2012-1", "was requested on 2012-01-09, after this cycle"),
    ],
)
def test_a_cycle_audits_only_an_earlier_one_again(cycles: None, tmp_path: Path, again: str, why: str) -> None:
    later = cycle_file(tmp_path, reference="2012-1")
    later.write_text(later.read_text().replace("2011-0", "2012-0").replace("01-10", "01-09"))
    assert not import_cycle(later).faults
    (fault,) = import_cycle(cycle_file(tmp_path, again, "2011-2")).faults
    assert fault.why == why


def test_a_cycle_with_audits_keeps_the_cycle_that_it_audits_again(cycles: None, tmp_path: Path) -> None:
    a_cycle("2010-0")
    assert not imported(tmp_path, "B-1,A1,Crewe,2011-1,").faults
    (fault,) = import_cycle(cycle_file(tmp_path, "2010-0")).faults
    assert fault.why == "cycle 2011-1 already has audits, so this cannot change"


WITH_AUDITORS = HEADINGS.strip() + ",lead_auditor,second_auditor,assigned_on,override_reason\n"


@pytest.mark.parametrize("stored", [True, False])
def test_nobody_repeats_an_audit_that_they_did_or_moderated_without_a_reason(
    cycles: None, tmp_path: Path, stored: bool
) -> None:
    lea, sam, bob, _ = (a_person(name, team="Nantwich") for name in ("lea", "sam", "bob", "ann"))
    rows = [
        "B-1,A1,Crewe,2011-1,,lea@council.example,ann@council.example,2011-01-10,{reason}",
        "A-1,A1,Crewe,2010-1,,lea@council.example,sam@council.example,2010-10-18,",
        "B-2,A2,Crewe,2011-1,,lea@council.example,ann@council.example,2011-01-10,",
    ]
    if stored:
        earlier = an_audit(
            "A-1", lead=bob, second=sam, case_reference="A1", team="Crewe", returned_on=REQUESTED
        )
        moderation = {"chosen_because": "lowest", "decided_on": REQUESTED, "outcome": "agreed"}
        with transaction():
            db.session.add(Moderation(audit_id=earlier.id, moderator_id=lea.id, **moderation))
        del rows[1]
    path = tmp_path / "audits.csv"

    def take_in(reason: str) -> Imported:
        path.write_text(WITH_AUDITORS + "".join(f"{row.format(reason=reason)}\n" for row in rows))
        return import_audits(path, on=REQUESTED)

    [fault] = take_in("").faults
    assert (fault.row, fault.column, fault.why) == (
        2,
        "lead_auditor",
        "lea audited or moderated this case in A-1: name someone else or give an override_reason",
    )
    assert not take_in("No one else is trained").faults
    overrides = select(Audit.reference, Assignment.person_id, Assignment.overridden).join(Assignment)
    overridden = db.session.execute(overrides.where(Assignment.override_reason.is_not(None))).all()
    assert overridden == [("B-1", lea.id, "earlier audit")]


def test_a_reason_that_overrides_a_moderation_outlives_files_that_bring_the_moderation_later(
    cycles: None, tmp_path: Path
) -> None:
    people = {name: a_person(name, team="Nantwich") for name in ("lea", "sam", "bob", "ann")}
    audits, answers = tmp_path / "audits.csv", tmp_path / "answers.csv"
    audits.write_text(
        "reference,case_reference,team,cycle,lead_auditor,second_auditor,assigned_on,returned_on,override_reason\n"
        "A-1,A1,Crewe,2010-1,bob@council.example,sam@council.example,2010-10-18,2010-11-08,\n"
        "B-1,A1,Crewe,2011-1,ann@council.example,lea@council.example,2011-01-10,,No one else is trained\n"
    )
    answers.write_text(
        "audit_reference,question,response,moderated_on,moderated_by\n"
        "A-1,child_seen,yes,2010-11-15,lea@council.example\n"
    )
    for _ in range(2):  # again changes nothing
        assert not import_audits(audits, on=REQUESTED).faults
        assert not import_answers(answers).faults
        overrides = select(Assignment.person_id, Assignment.overridden, Assignment.override_reason)
        overridden = db.session.execute(overrides.where(Assignment.override_reason.is_not(None))).all()
        assert overridden == [(people["lea"].id, "earlier audit", "No one else is trained")]
