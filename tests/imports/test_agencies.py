"""Files of cycles with agencies, and of their audits."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit_files.audits import import_audits
from app.audits.cycle import Agency, Cycle
from app.audits.models import Audit
from app.cycles.importing import import_cycle
from app.database import db, transaction
from app.files.imported import Imported
from app.history import record
from app.installation.toml_texts import cycle_text
from tests.answers.test_several_agencies import asks_once_per_case
from tests.factories import a_cycle, a_tool, an_audit

from .conftest import counted, said

TODAY = date(2010, 11, 1)
AGENCIES = '["Police", "School"]'


def cycle(folder: Path, agencies: str | None = AGENCIES, reference: str = "da-1") -> Imported:
    """Import a cycle with these agencies, as toml writes them."""
    a_tool()
    path = folder / "cycle.toml"
    path.write_text(
        f"""[cycle]
reference = "{reference}"
title = "First"
theme = "Domestic abuse"
tool = "child-protection"
requested_on = 2010-10-04
due_on = 2010-11-12
{"" if agencies is None else f"agencies = {agencies}"}
""",
        encoding="utf-8",
    )
    return import_cycle(path)


def audits(folder: Path, *rows: str, heading: str = "reference,case_reference,team,agency") -> Imported:
    """Import rows of audits into cycle da-1."""
    path = folder / "audits.csv"
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return import_audits(path, on=TODAY, cycle="da-1")


def agencies_of(reference: str = "da-1") -> list[str]:
    db.session.rollback()
    return db.session.scalars(select(Cycle).where(Cycle.called(reference))).one().agencies


def agency_of(reference: str) -> str | None:
    db.session.rollback()
    return db.session.scalars(select(Audit).where(Audit.called(reference))).one().agency


def test_a_cycle_has_its_agencies_in_the_order_of_its_file(app: Flask, tmp_path: Path) -> None:
    outcome = cycle(tmp_path, '["School", "Police"]')
    assert outcome.warnings == ["New agency: Police.", "New agency: School."]
    assert agencies_of() == ["School", "Police"]
    text = cycle_text(db.session.scalars(select(Cycle)).one())
    assert 'agencies = [\n    "School",\n    "Police",\n]' in text


def test_an_agency_has_the_spelling_that_came_first(app: Flask, tmp_path: Path) -> None:
    cycle(tmp_path)
    assert cycle(tmp_path, '["POLICE", "health-visiting"]', "da-2").warnings == [
        "New agency: health-visiting. The nearest in the list is School."
    ]
    assert agencies_of("da-2") == ["Police", "health-visiting"]
    assert sorted(db.session.scalars(select(Agency.name))) == ["Police", "School", "health-visiting"]


@pytest.mark.parametrize(
    ("agencies", "fault"),
    [
        ('["Police", "police"]', 'cycle.toml: key cycle / agencies 2, "police": is named twice'),
        (
            '["Together"]',
            (
                'cycle.toml: key cycle / agencies 1, "Together": is the meeting of a case, which a cycle '
                "with agencies has anyway: leave it out"
            ),
        ),
        ('"Police"', 'cycle.toml: key cycle / agencies, "Police": must be a list'),
    ],
)
def test_a_list_of_agencies_that_cannot_be_is_refused(
    app: Flask, tmp_path: Path, agencies: str, fault: str
) -> None:
    assert said(cycle(tmp_path, agencies)) == [fault]


def test_agencies_can_change_until_they_have_audits(service: Flask, tmp_path: Path) -> None:
    cycle(tmp_path, None)
    assert agencies_of() == []
    assert counted(cycle(tmp_path)) == (0, 1, 0, 0)
    assert cycle(tmp_path).unchanged == 1
    assert cycle(tmp_path, None).unchanged == 1
    assert audits(tmp_path, "A-1,615739,Crewe,Police").added == 1
    assert counted(cycle(tmp_path, '["Police", "Probation"]')) == (0, 1, 0, 0)
    assert agencies_of() == ["Police", "Probation"]
    told = [(line.what, line.before, line.after) for line in record.of("cycle", "da-1")]
    assert ("agencies changed", "Police, School", "Police, Probation") in told
    assert said(cycle(tmp_path, '["Probation"]')) == [
        "cycle.toml: key cycle / agencies: Police has audits in cycle da-1, so you cannot take it out"
    ]


def test_a_cycle_with_audits_does_not_gain_agencies(app: Flask, tmp_path: Path) -> None:
    an_audit("CP-1", cycle=a_cycle("da-1"))
    why = "cycle da-1 already has audits, so it can only have agencies from the start"
    assert said(cycle(tmp_path)) == [f"cycle.toml: key cycle / agencies: {why}"]


def test_audits_of_a_case_are_those_of_its_agencies_and_its_meeting(service: Flask, tmp_path: Path) -> None:
    cycle(tmp_path)
    rows = ("A-1,615739,Crewe,police", "A-2,0615739,Crewe,SCHOOL", "A-3,615 739,Crewe,Together")
    outcome = audits(tmp_path, *rows)
    assert counted(outcome) == (3, 0, 0, 0)
    assert outcome.warnings == ["New team: Crewe."]
    assert [agency_of(f"A-{number}") for number in (1, 2, 3)] == ["Police", "School", "together"]
    assert counted(audits(tmp_path, *rows)) == (0, 0, 3, 0)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (
            "A-1,615739,Crewe,Polices",
            'row 2, column agency, "Polices": is not an agency of cycle da-1: the nearest is Police',
        ),
        (
            "A-1,615739,Crewe,",
            "row 2, column agency: is empty: cycle da-1 has agencies, so give one of them or “together”",
        ),
    ],
)
def test_an_audit_in_a_cycle_with_agencies_needs_one_of_them(
    app: Flask, tmp_path: Path, row: str, fault: str
) -> None:
    cycle(tmp_path)
    assert [each.removeprefix("audits.csv: ") for each in said(audits(tmp_path, row))] == [fault]


def test_an_audit_in_a_cycle_without_agencies_has_none(app: Flask, tmp_path: Path) -> None:
    cycle(tmp_path, None)
    assert said(audits(tmp_path, "A-1,615739,Crewe,Police")) == [
        'audits.csv: row 2, column agency, "Police": cycle da-1 has no agencies, so leave this empty'
    ]


def test_a_case_has_one_meeting_in_a_cycle(service: Flask, tmp_path: Path) -> None:
    cycle(tmp_path)
    again = 'audits.csv: row {row}, column agency, "together": the meeting of this case is A-1 already'
    rows = ("A-1,615739,Crewe,together", "A-2,0615739,Crewe,together")
    assert said(audits(tmp_path, *rows)) == [f"{again.format(row=3)}: a case has one in a cycle"]
    assert audits(tmp_path, rows[0]).added == 1
    assert said(audits(tmp_path, rows[1])) == [f"{again.format(row=2)}: a case has one in a cycle"]
    withdrawn = "A-1,615739,Crewe,together,2010-10-20"
    heading = "reference,case_reference,team,agency,withdrawn_on"
    assert audits(tmp_path, withdrawn, f"{rows[1]},", heading=heading).refused is False


def test_two_audits_of_a_case_by_one_agency_are_warned_about(service: Flask, tmp_path: Path) -> None:
    cycle(tmp_path)
    outcome = audits(
        tmp_path, "A-1,615739,Crewe,Police", "A-2,615739,Crewe,Police", "A-3,615739,Crewe,School"
    )
    assert outcome.warnings == [
        "New team: Crewe.",
        "The case of A-1 is also being audited now, as A-2",
        "The case of A-2 is also being audited now, as A-1",
    ]


def test_an_audit_that_has_begun_keeps_its_agency(app: Flask, tmp_path: Path) -> None:
    cycle(tmp_path)
    assert audits(tmp_path, "A-1,615739,Crewe,Police").added == 1
    assert counted(audits(tmp_path, "A-1,615739,Crewe,School")) == (0, 1, 0, 0)
    heading = "reference,case_reference,team,agency,started_on"
    assert audits(tmp_path, "A-1,615739,Crewe,School,2010-10-20", heading=heading).changed == 1
    assert counted(audits(tmp_path, "A-1,615739,Crewe,Police")) == (0, 0, 1, 1)
    assert agency_of("A-1") == "School"


def test_agencies_may_differ_by_slashes_in_the_case_number(app: Flask, tmp_path: Path) -> None:
    cycle(tmp_path)
    outcome = audits(tmp_path, "A-1,6157/39,Crewe,Police", "A-2,615739,Crewe,School")
    assert len(outcome.warnings) == 3


def test_a_tool_that_asks_once_per_case_is_refused_for_a_cycle_without_agencies(
    app: Flask, tmp_path: Path
) -> None:
    asks_once_per_case()
    why = "asks some questions once per case, so name the agencies of the cycle"
    assert said(cycle(tmp_path, None)) == [f'cycle.toml: key cycle / tool, "child-protection": {why}']
    assert cycle(tmp_path).added == 1
    assert cycle(tmp_path, None).unchanged == 1


def test_an_agency_audits_its_own_earlier_audit_of_the_case_again(app: Flask, tmp_path: Path) -> None:
    cycle(tmp_path, reference="da-0")
    both = [f"DA{number}-{letter}" for number in (0, 1) for letter in "ABM"]
    heading = "reference,case_reference,team,agency,cycle"
    for number in (0, 1):
        if number:
            cycle(tmp_path)
            with transaction():
                again = db.session.scalars(select(Cycle).where(Cycle.called("da-1"))).one()
                again.audits_again = "da-0"
        rows = [
            f"DA{number}-{letter},615739,Crewe,{agency},da-{number}"
            for letter, agency in (("A", "Police"), ("B", "School"), ("M", "together"))
        ]
        path = tmp_path / "audits.csv"
        path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
        assert said(import_audits(path, on=TODAY)) == []
    audits_by_reference = {audit.reference: audit for audit in db.session.scalars(select(Audit))}
    assert sorted(audits_by_reference) == both
    for letter in "ABM":
        earlier = audits_by_reference[f"DA1-{letter}"].re_audit_of
        assert earlier is not None
        assert earlier.reference == f"DA0-{letter}"
