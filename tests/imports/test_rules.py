"""Files that break a rule of the database or of an area: each is a fault by row and column, in a new row and
where it changes what is there."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.actions.importing_actions import import_actions
from app.actions.importing_recommendations import import_recommendations
from app.database import db
from app.files.imported import Imported
from app.history.record import head
from app.quick_wins.importing import import_quick_wins
from tests.factories import a_cycle, a_person

Take = Callable[[str, dict[str, str]], Imported]
Cells = dict[str, str]

JACK, INGRID = "jack.denny@council.example", "ingrid.solomon@council.example"

IMPORTS: dict[str, Callable[..., Imported]] = {
    "recommendations": import_recommendations,
    "actions": import_actions,
    "quick wins": import_quick_wins,
}
SMALLEST: dict[str, Cells] = {
    "recommendations": {"reference": "R1", "cycle": "2010-1", "text": "Agree it"},
    "actions": {"reference": "A1", "text": "Do it"},
    "quick wins": {
        "reference": "Q1",
        "subject": "Child seen",
        "message": "Record when.",
        "audience_roles": "practitioner",
        "starts_on": "2011-01-17",
        "every_working_days": "5",
        "times": "6",
    },
}
"""A row of each kind that nothing is wrong with."""


@pytest.fixture
def take_in(app: Flask, tmp_path: Path) -> Take:
    a_person("Jack Denny", roles=["coordinator"])
    a_person("Ingrid Solomon", roles=["coordinator", "manager"])
    a_cycle("2010-1")

    def import_row(kind: str, cells: Cells) -> Imported:
        written = io.StringIO()
        rows = csv.DictWriter(written, SMALLEST[kind] | cells)
        rows.writeheader()
        rows.writerow(SMALLEST[kind] | cells)
        path = tmp_path / "file.csv"
        path.write_text(written.getvalue(), encoding="utf-8")
        return IMPORTS[kind](path)

    return import_row


DONE = {"done_on": "2011-01-13"}
SIGNED_OFF = DONE | {"owner": JACK, "signed_off_on": "2011-01-17", "signed_off_by": INGRID}
CHECKED = SIGNED_OFF | {"impact_checked_on": "2011-03-31", "impact": "effective"}
RAISED = {"raised_on": "2010-12-22"}
ACCEPTED = RAISED | {"decision": "accepted", "decided_on": "2011-01-10"}
CARRIED_OUT = ACCEPTED | {"carried_out_on": "2011-01-20"}

NOT_TOGETHER: list[tuple[str, Cells, Cells, str, str]] = [
    ("actions", SIGNED_OFF, {"owner": INGRID}, "owner", "signed it off; somebody else owns it"),
    ("actions", SIGNED_OFF, {"signed_off_by": JACK}, "signed_off_by", "is its owner; somebody else signs"),
    ("actions", {}, {"signed_off_by": INGRID}, "signed_off_by", "has no day of the sign-off"),
    ("actions", {}, {"signed_off_on": "2011-01-17"}, "signed_off_on", "was never done"),
    ("actions", SIGNED_OFF, {"done_on": "2011-01-18"}, "done_on", "is after signed_off_on, 2011-01-17"),
    (
        "actions",
        SIGNED_OFF,
        {"signed_off_on": "2011-01-12"},
        "signed_off_on",
        "is before done_on, 2011-01-13",
    ),
    ("actions", DONE, {"agreed_on": "2011-01-14"}, "agreed_on", "is after done_on, 2011-01-13"),
    (
        "actions",
        DONE,
        {"impact_checked_on": "2011-03-31", "impact": "effective"},
        "impact_checked_on",
        "never signed off",
    ),
    ("actions", SIGNED_OFF, {"impact_checked_on": "2011-03-31"}, "impact_checked_on", "there is no result"),
    ("actions", SIGNED_OFF, {"impact": "effective"}, "impact", "no day of the impact check"),
    (
        "actions",
        CHECKED,
        {"impact_checked_on": "2011-01-16"},
        "impact_checked_on",
        "is before signed_off_on, 2011-01-17",
    ),
    ("actions", CHECKED, {"withdrawn_on": "2011-04-01"}, "withdrawn_on", "was closed on 2011-03-31"),
    ("actions", DONE, {"withdrawn_on": "2011-01-12"}, "withdrawn_on", "is before done_on, 2011-01-13"),
    ("recommendations", RAISED, {"decided_on": "2011-01-10"}, "decided_on", "has a day but no decision"),
    ("recommendations", CARRIED_OUT, {"decision": "rejected"}, "decision", "so it was not carried out"),
    ("recommendations", RAISED, {"carried_out_on": "2011-01-20"}, "carried_out_on", "was never decided"),
    (
        "recommendations",
        ACCEPTED,
        {"decided_on": "2010-12-21"},
        "decided_on",
        "is before it was raised on 2010-12-22",
    ),
    (
        "recommendations",
        ACCEPTED,
        {"raised_on": "2011-01-11"},
        "raised_on",
        "is after decided_on, 2011",
    ),
    (
        "recommendations",
        ACCEPTED,
        {"carried_out_on": "2011-01-09"},
        "carried_out_on",
        "is before it was decided on 2011-01-10",
    ),
    (
        "recommendations",
        CARRIED_OUT,
        {"decided_on": "2011-01-21"},
        "decided_on",
        "is after carried_out_on, 2011-01-20",
    ),
]
"""The kind; what is there, which is sound; what the file says otherwise; the column at fault, and why."""


def refused(outcome: Imported, column: str, why: str) -> None:
    (fault,) = outcome.faults
    assert (fault.row, fault.column) == (2, column), str(fault)
    assert why in fault.why


@pytest.mark.parametrize(("kind", "there", "brought", "column", "why"), NOT_TOGETHER)
def test_what_cannot_be_true_together_is_refused_where_it_changes_what_is_there(
    take_in: Take, kind: str, there: Cells, brought: Cells, column: str, why: str
) -> None:
    assert take_in(kind, there).added == 1
    before = head()
    refused(take_in(kind, brought), column, why)
    db.session.rollback()
    assert head() == before
    assert take_in(kind, there).unchanged == 1


@pytest.mark.parametrize(("kind", "there", "brought"), [each[:3] for each in NOT_TOGETHER])
def test_what_cannot_be_true_together_is_refused_in_a_new_row(
    take_in: Take, kind: str, there: Cells, brought: Cells
) -> None:
    before = head()
    (fault,) = take_in(kind, there | brought).faults
    assert fault.row == 2
    assert fault.column in there | brought
    assert head() == before


@pytest.mark.parametrize(
    ("changed", "column", "why"),
    [
        ({"starts_on": "2011-01-18"}, "starts_on", "It has gone out since 17 January 2011"),
        ({"every_working_days": "4"}, "every_working_days", "would change days that have come already"),
        ({"times": "5"}, "times", "would change days that have come already"),
    ],
)
def test_the_days_of_a_quick_win_that_have_come_stay(
    take_in: Take, changed: Cells, column: str, why: str
) -> None:
    assert take_in("quick wins", {}).added == 1
    refused(take_in("quick wins", changed), column, why)
    assert take_in("quick wins", {"subject": "Child seen alone"}).changed == 1


def test_a_body_that_is_new_counts_as_a_change_when_only_checking(take_in: Take, tmp_path: Path) -> None:
    take_in("recommendations", {"body": "SMT"})
    path = tmp_path / "file.csv"
    path.write_text("reference,cycle,text,body\nR1,2010-1,Agree it,Board\n", encoding="utf-8")
    assert import_recommendations(path, dry_run=True).changed == 1
    assert import_recommendations(path).changed == 1
    assert import_recommendations(path).unchanged == 1
