"""Files that break a rule of the database or of an area: each is a fault by row and column, in a new row and
where it changes what is there."""

import csv
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.database import db
from app.files.imported import Imported
from app.history.record import head
from app.imports.kinds import KINDS
from app.people.lockout import why_not
from app.people.roles import RoleName
from tests.factories import a_cycle, a_person, a_tool, an_audit

Take = Callable[..., Imported]
Cells = dict[str, str]

JACK, INGRID = "jack.denny@council.example", "ingrid.solomon@council.example"

KIND = {kind.name: kind for kind in KINDS}
TODAY = date(2010, 12, 1)

SMALLEST: dict[str, Cells] = {
    "staff": {"email": "new@council.example", "name": "New Person"},
    "leave": {"email": JACK, "from_on": "2010-12-06", "to_on": "2010-12-10"},
    "closures": {"day": "2010-12-24"},
    "audits": {"reference": "CP-002", "case_reference": "615740", "team": "Crewe", "cycle": "2010-1"},
    "answers": {"audit_reference": "CP-001", "question": "child_seen", "response": "yes"},
    "context": {"audit_reference": "CP-001", "factor": "vacancy"},
    "chases": {"audit_reference": "CP-001", "day": "2010-11-15", "channel": "phone"},
    "recommendations": {"reference": "R1", "cycle": "2010-1", "text": "Agree it"},
    "actions": {"reference": "A1", "text": "Do it"},
    "quick-wins": {
        "reference": "Q1",
        "subject": "Child seen",
        "message": "Record when.",
        "audience_roles": "practitioner",
        "starts_on": "2010-11-15",
        "every_working_days": "5",
        "times": "6",
    },
}
"""A row of each kind that nothing is wrong with."""


@pytest.fixture
def take_in(app: Flask, tmp_path: Path) -> Take:
    a_person("Jack Denny", roles=["coordinator"])
    a_person("Ingrid Solomon", roles=["coordinator", "manager"])
    an_audit("CP-001", requested_on=date(2010, 10, 4))
    path = tmp_path / "file.csv"

    def import_rows(kind: str, *changed: Cells) -> Imported:
        rows = [SMALLEST[kind] | cells for cells in changed]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, dict.fromkeys(name for row in rows for name in row))
            writer.writeheader()
            writer.writerows(rows)
        return KIND[kind].take_in(path, on=TODAY)

    return import_rows


DONE = {"done_on": "2011-01-13"}
SIGNED_OFF = DONE | {"owner": JACK, "signed_off_on": "2011-01-17", "signed_off_by": INGRID}
CHECKED = SIGNED_OFF | {"impact_checked_on": "2011-03-31", "impact": "effective"}
RAISED = {"raised_on": "2010-12-22"}
ACCEPTED = RAISED | {"decision": "accepted", "decided_on": "2011-01-10"}
CARRIED_OUT = ACCEPTED | {"carried_out_on": "2011-01-20"}

RETURNED = {"requested_on": "2010-10-04", "returned_on": "2010-11-10"}
WITHDRAWN = {"withdrawn_on": "2010-11-10"}
PAIR = {"lead_auditor": JACK, "second_auditor": INGRID, "assigned_on": "2010-10-06"}

BOTH_PARTS = {"lead_auditor": JACK, "second_auditor": JACK}

NOT_TOGETHER: list[tuple[str, Cells, Cells, str, str]] = [
    ("actions", SIGNED_OFF, {"owner": INGRID}, "owner", "the person who signed off the action cannot own it"),
    (
        "actions",
        SIGNED_OFF,
        {"signed_off_by": JACK},
        "signed_off_by",
        "the owner cannot sign off their own action",
    ),
    ("actions", {}, {"signed_off_by": INGRID}, "signed_off_by", "there is no date of the sign-off"),
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
    (
        "actions",
        SIGNED_OFF,
        {"impact": "effective"},
        "impact",
        "there is a result of the impact check but no date",
    ),
    (
        "actions",
        CHECKED,
        {"impact_checked_on": "2011-01-16"},
        "impact_checked_on",
        "is before signed_off_on, 2011-01-17",
    ),
    ("actions", CHECKED, {"withdrawn_on": "2011-04-01"}, "withdrawn_on", "was closed on 2011-03-31"),
    ("actions", DONE, {"withdrawn_on": "2011-01-12"}, "withdrawn_on", "is before done_on, 2011-01-13"),
    (
        "recommendations",
        RAISED,
        {"decided_on": "2011-01-10"},
        "decided_on",
        "there is a date of the decision but no decision",
    ),
    ("recommendations", CARRIED_OUT, {"decision": "rejected"}, "decision", "so it was not carried out"),
    ("recommendations", RAISED, {"carried_out_on": "2011-01-20"}, "carried_out_on", "was never decided"),
    (
        "recommendations",
        ACCEPTED,
        {"decided_on": "2010-12-21"},
        "decided_on",
        "is before raised_on, 2010-12-22",
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
        "is before decided_on, 2011-01-10",
    ),
    (
        "recommendations",
        CARRIED_OUT,
        {"decided_on": "2011-01-21"},
        "decided_on",
        "is after carried_out_on, 2011-01-20",
    ),
    ("audits", RETURNED, {"withdrawn_on": "2010-11-20"}, "withdrawn_on", "was returned on 2010-11-10"),
    ("audits", WITHDRAWN, {"returned_on": "2010-11-20"}, "returned_on", "was withdrawn on 2010-11-10"),
    ("audits", RETURNED, {"requested_on": "2010-11-11"}, "requested_on", "is after returned_on, 2010-11-10"),
    ("audits", RETURNED, {"returned_on": "2010-10-03"}, "returned_on", "is before requested_on, 2010-10-04"),
    ("audits", PAIR, BOTH_PARTS, "second_auditor", "is also the lead auditor"),
    (
        "audits",
        PAIR,
        {"lead_auditor": INGRID, "second_auditor": ""},
        "lead_auditor",
        "is already the second auditor of this audit",
    ),
    ("chases", {}, {"new_expected_on": "2010-11-14"}, "new_expected_on", "is before the date of the chase"),
    ("leave", {}, {"to_on": "2010-12-05"}, "to_on", "must not be before from_on, which is "),
    ("leave", {}, {"deputy_email": JACK}, "deputy_email", "must not be the person on leave"),
    (
        "staff",
        {"email": JACK, "name": "Jack Denny"},
        {"line_manager_email": JACK},
        "line_manager_email",
        "must not be the person themselves",
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
    assert not take_in(kind, there).refused
    before = head()
    own = {name: there[name] for name in ("email", "name") if name in there}
    refused(take_in(kind, own | brought), column, why)
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
    assert fault.column in SMALLEST[kind] | there | brought
    assert head() == before


@pytest.mark.parametrize(
    ("changed", "column", "why"),
    [
        (
            {"starts_on": "2010-11-16"},
            "starts_on",
            "This quick win started on 15 November 2010, so you cannot change its start.",
        ),
        ({"every_working_days": "4"}, "every_working_days", "This would change dates up to today"),
        ({"times": "5"}, "times", "This would change dates up to today"),
    ],
)
def test_the_days_of_a_quick_win_that_have_come_stay(
    take_in: Take, changed: Cells, column: str, why: str
) -> None:
    assert take_in("quick-wins", {}).added == 1
    refused(take_in("quick-wins", changed), column, why)
    assert take_in("quick-wins", {"subject": "Child seen alone"}).changed == 1


def test_a_body_that_is_new_counts_as_a_change_when_only_checking(take_in: Take, tmp_path: Path) -> None:
    take_in("recommendations", {"body": "SMT"})
    path = tmp_path / "file.csv"
    path.write_text("reference,cycle,text,body\nR1,2010-1,Agree it,Board\n", encoding="utf-8")
    import_it = partial(KIND["recommendations"].take_in, path, on=TODAY)
    assert import_it(dry_run=True).changed == 1
    assert import_it().changed == 1
    assert import_it().unchanged == 1


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS if kind.table])
def test_the_same_thing_is_not_twice_in_a_file(take_in: Take, kind: str) -> None:
    (fault,) = take_in(kind, {}, {}).faults
    assert (fault.row, fault.why) == (3, "also in row 2")
    assert take_in(kind, {}).added == 1


@pytest.mark.parametrize(
    ("kind", "cells", "column"),
    [
        ("chases", {"channel": "fax"}, "channel"),
        ("actions", {"impact": "some"}, "impact"),
        ("recommendations", {"decision": "perhaps"}, "decision"),
        ("quick-wins", {"every_working_days": "0"}, "every_working_days"),
        ("quick-wins", {"every_working_days": "261"}, "every_working_days"),
        ("quick-wins", {"times": "53"}, "times"),
        ("leave", {"email": "nobody@council.example"}, "email"),
        ("leave", {"deputy_email": "nobody@council.example"}, "deputy_email"),
        ("staff", {"line_manager_email": "nobody@council.example"}, "line_manager_email"),
        ("audits", {"lead_auditor": "nobody@council.example"}, "lead_auditor"),
        ("audits", {"cycle": "2010-9"}, "cycle"),
        ("audits", {"reference": "CP-001", "cycle": "2010-2"}, "reference"),
        ("answers", {"audit_reference": "CP-009"}, "audit_reference"),
        ("answers", {"question": "child_heard"}, "question"),
        ("answers", {"response": "perhaps"}, "response"),
        ("context", {"audit_reference": "CP-009"}, "audit_reference"),
        ("chases", {"audit_reference": "CP-009"}, "audit_reference"),
        ("chases", {"by": "nobody@council.example"}, "by"),
        ("chases", {"day": "2010-10-03"}, "day"),
        ("recommendations", {"owner": "nobody@council.example"}, "owner"),
        ("recommendations", {"cycle": "2010-9"}, "cycle"),
        ("actions", {"signed_off_by": "nobody@council.example"}, "signed_off_by"),
        ("actions", {"recommendation": "R9"}, "recommendation"),
        ("quick-wins", {"action": "A9"}, "action"),
        ("quick-wins", {"audience_teams": "Nowhere"}, "audience_teams"),
    ],
)
def test_what_the_tables_cannot_hold_is_a_fault_of_its_cell(
    take_in: Take, kind: str, cells: Cells, column: str
) -> None:
    a_cycle("2010-2")
    (fault,) = take_in(kind, cells).faults
    assert (fault.row, fault.column) == (2, column)


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("staff", {"roles": "auditor auditor"}),
        ("quick-wins", {"audience_roles": "auditor auditor", "audience_teams": "Nantwich; Nantwich"}),
    ],
)
def test_what_a_cell_names_twice_it_names_once(take_in: Take, kind: str, cells: Cells) -> None:
    assert take_in(kind, cells).added == 1
    assert take_in(kind, cells).unchanged == 1


def test_a_list_gets_a_new_entry_once_however_it_is_written(take_in: Take) -> None:
    a, b = {"email": "a@council.example"}, {"email": "b@council.example"}
    assert take_in("staff", a | {"team": "New Team"}, b | {"team": "new  team"}).added == 2
    a, b = {"reference": "CP-003"}, {"reference": "CP-004"}
    assert take_in("audits", a | {"team": "Other Team"}, b | {"team": "other team"}).added == 2
    (fault,) = take_in("context", {"factor": "New Factor"}, {"factor": "new factor"}).faults
    assert (fault.row, fault.why) == (3, "also in row 2")


def test_nobody_declined_before_they_were_assigned(take_in: Take) -> None:
    assert take_in("audits", PAIR).added == 1
    declined = {"lead_auditor": JACK, "second_auditor": ""}
    outcome = take_in("audits", declined | {"declined_on": "2010-10-05"})
    refused(outcome, "declined_on", "is before 2010-10-06, when the second auditor was assigned")
    assert take_in("audits", declined | {"declined_on": "2010-10-06"}).changed == 1


def test_a_pair_can_change_places(take_in: Take) -> None:
    assert take_in("audits", PAIR).added == 1
    assert take_in("audits", {"lead_auditor": INGRID, "second_auditor": JACK}).changed == 1


@pytest.mark.parametrize(
    ("ends", "day", "why"),
    [
        ({"withdrawn_on": date(2010, 11, 12)}, "2010-11-12", None),
        ({"withdrawn_on": date(2010, 11, 12)}, "2010-11-13", "this audit was withdrawn on 12 November 2010"),
        ({"returned_on": date(2010, 11, 12)}, "2010-11-15", None),
        (
            {"returned_on": date(2010, 11, 12), "confirmed_on": date(2010, 11, 15)},
            "2010-11-16",
            "this audit was returned on 12 November 2010 and confirmed",
        ),
    ],
)
def test_nobody_was_chased_for_what_had_ended(
    take_in: Take, ends: dict[str, Any], day: str, why: str | None
) -> None:
    an_audit("CP-005", **ends)
    outcome = take_in("chases", {"audit_reference": "CP-005", "day": day})
    if why is None:
        assert outcome.added == 1
    else:
        refused(outcome, "day", why)


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([{"email": JACK, "roles": "auditor"}], []),
        ([{"email": JACK, "roles": "auditor"}, {"email": INGRID, "roles": "manager"}], ["roles", "roles"]),
        (
            [{"email": JACK, "roles": "auditor"}, {"email": INGRID, "leaving_on": "2010-11-30"}],
            ["roles", "leaving_on"],
        ),
        (
            [{"email": JACK, "roles": "auditor"}, {"email": INGRID, "leaving_on": "2010-12-01"}],
            ["roles", "leaving_on"],
        ),
        ([{"email": JACK, "roles": "auditor"}, {"email": INGRID, "leaving_on": "2010-12-02"}], []),
        (
            [{"email": JACK, "roles": "auditor"}, {"email": INGRID, "roles": "administrator"}],
            ["roles", "roles"],
        ),
        (
            [
                {"email": JACK, "roles": "auditor"},
                {"email": INGRID, "roles": "auditor"},
                {"email": "new@council.example", "roles": "coordinator"},
            ],
            [],
        ),
    ],
)
def test_a_file_leaves_someone_who_can_be_invited_as_coordinator(
    take_in: Take, clock_at: Callable[[date], None], rows: list[Cells], faults: list[str]
) -> None:
    clock_at(TODAY)
    told = take_in("staff", *rows).faults
    assert [fault.column for fault in told] == faults
    assert {fault.why for fault in told} <= {why_not(RoleName.COORDINATOR)}


@pytest.mark.parametrize(
    ("brought", "key", "why"),
    [
        ("due_on = 2010-10-03", "cycle / due_on", "is before the cycle was requested on 2010-10-04"),
        ("closed_on = 2010-10-03", "cycle / closed_on", "is before the cycle was requested"),
        ("population = 0", "cycle / population", "must be from 1 to 1000000"),
        ("population = 1", "cycle / population", "must be 2 or more, because the cycle has 2 audits"),
        ('comparable_with = "2010-1"', "cycle / comparable_with", "cannot be compared with itself"),
    ],
)
def test_a_rule_of_cycles_is_a_fault_of_its_key(
    take_in: Take, tmp_path: Path, brought: str, key: str, why: str
) -> None:
    an_audit("CP-006")
    path = tmp_path / "cycle.toml"
    lines = {
        "reference": 'reference = "2010-1"',
        "title": 'title = "A cycle"',
        "theme": 'theme = "A theme"',
        "tool": 'tool = "child-protection"',
        "requested_on": "requested_on = 2010-10-04",
        "due_on": "due_on = 2010-11-12",
    }
    lines[brought.split(maxsplit=1)[0]] = brought
    path.write_text("\n".join(["[cycle]", *lines.values()]), encoding="utf-8")
    (fault,) = KIND["cycle"].take_in(path, on=TODAY).faults
    assert fault.key == key
    assert why in fault.why


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"yes" = "met"', '"yes" = "met"\n" yes " = "not met"'),
        ('key = "a"', 'key = "b"'),
        ('scale = "s"', 'scale = "s"\nexpected_level = 101'),
        ('title = "Part"', 'title = ""'),
    ],
)
def test_a_rule_of_tools_is_a_fault_of_its_key(
    take_in: Take, tmp_path: Path, before: str, after: str
) -> None:
    a_tool()
    text = """[tool]
reference = "t"
title = "A tool"
version = 1
minimum_answered = 0.8
minimum_count = 10
[scales.s]
"yes" = "met"
"no" = "not met"
[[section]]
title = "Part"
[[section.question]]
key = "a"
key_area = "A"
text = "A?"
scale = "s"
[[section.question]]
key = "b"
key_area = "B"
text = "B?"
scale = "s"
"""
    path = tmp_path / "tool.toml"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    assert KIND["tool"].take_in(path, on=TODAY).refused
    path.write_text(text, encoding="utf-8")
    assert KIND["tool"].take_in(path, on=TODAY).added == 1
