"""Things to check in a file of audits: the warnings of pages, and days that may be mistakes."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app.audit_files.audits import import_audits
from app.audit_pages.move_views import warnings_of
from app.audits.models import Audit
from app.database import db
from app.files.imported import Imported
from tests.factories import a_cycle, a_person, a_team, an_audit

from .conftest import HEADING, TODAY, Load, a_row

RETURNED = {"started_on": "2010-10-06", "returned_on": "2010-10-20"}
NUMBER = "615739"
AFTER_DUE = "after the due date of cycle 2010-1, 12 November 2010"


def loaded(tmp_path: Path, *rows: str, cycle: str = "2010-1", dry_run: bool = False) -> Imported:
    path = tmp_path / "audits.csv"
    path.write_text("\n".join([HEADING, *rows]) + "\n", encoding="utf-8")
    return import_audits(path, on=TODAY, cycle=cycle, dry_run=dry_run)


def warned(outcome: Imported) -> list[str]:
    """The warnings of an import that has no fault; the number of the case is in none of them."""
    assert not outcome.refused, list(map(str, outcome.faults))
    assert not any(NUMBER in line for line in outcome.warnings)
    return outcome.warnings


@pytest.fixture(autouse=True)
def the_day(clock_at: Callable[[date], None]) -> None:
    clock_at(TODAY)


def test_an_audit_with_nothing_to_ask_has_no_warning(load: Load) -> None:
    assert warned(load(a_row())) == []


NOW = "The case of CP-001 is also being audited now, as OLD-1"
LATELY = "The case of CP-001 was audited in the last 12 months: OLD-1 was returned on 1 November 2009"
MAYBE = "The case of CP-001 may be the case of OLD-1: only slashes in their case numbers are different"


@pytest.mark.parametrize(
    ("returned_on", "number", "warning"),
    [
        (None, NUMBER, NOW),
        (None, "0615-739", NOW),
        (date(2009, 11, 1), "615 739", LATELY),
        (date(2009, 10, 31), NUMBER, None),
        (None, "615/739", MAYBE),
        (None, "615740", None),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_a_case_that_was_audited_already_is_to_check(
    load: Load, returned_on: date | None, number: str, warning: str | None, dry_run: bool
) -> None:
    an_audit(
        "OLD-1",
        cycle=a_cycle("2009-1", requested_on=date(2009, 9, 1)),
        case_reference=number,
        returned_on=returned_on,
    )
    assert warned(load(a_row(), dry_run=dry_run)) == ([warning] if warning else [])


@pytest.mark.postgresql
def test_cases_are_known_again_on_postgresql(postgresql_app: Flask, tmp_path: Path) -> None:
    a_person("Lena Lead")
    a_person("Sam Second")
    a_cycle("2010-1")
    an_audit("OLD-1", cycle=a_cycle("2010-0"), case_reference="0615-739")
    an_audit("OLD-2", cycle=a_cycle("2010-0"), case_reference="61573/9")
    assert warned(loaded(tmp_path, a_row())) == [NOW, MAYBE.replace("OLD-1", "OLD-2")]


def test_cases_that_were_audited_lately_are_counted(load: Load) -> None:
    before = a_cycle("2009-1", requested_on=date(2009, 9, 1))
    for number, day in ((1, date(2009, 11, 1)), (2, date(2010, 3, 1)), (3, date(2009, 10, 31)), (4, None)):
        an_audit(f"OLD-{number}", cycle=before, case_reference=f"70000{number}", returned_on=day)
    rows = [a_row(reference=f"CP-00{number}", case_reference=f"70000{number}") for number in range(1, 6)]
    assert warned(load(*rows)) == [
        "2 cases in this file were audited in the last 12 months",
        "The case of CP-001 was audited in the last 12 months: OLD-1 was returned on 1 November 2009",
        "The case of CP-002 was audited in the last 12 months: OLD-2 was returned on 1 March 2010",
        "The case of CP-004 is also being audited now, as OLD-4",
    ]


def test_two_audits_of_one_case_in_a_file_are_to_check(load: Load) -> None:
    rows = [
        a_row(),
        a_row(reference="CP-002", case_reference="0615.739"),
        a_row(reference="CP-003", case_reference="61/5739"),
        a_row(reference="CP-004", withdrawn_on="2010-10-20"),
        a_row(reference="CP-005", **RETURNED),
        a_row(reference="CP-006", case_reference="700001"),
    ]
    assert warned(load(*rows)) == [
        "The case of CP-001 is also being audited now, as CP-002",
        "The case of CP-001 was audited in the last 12 months: CP-005 was returned on 20 October 2010",
        "The case of CP-001 may be the case of CP-003: only slashes in their case numbers are different",
        "The case of CP-002 is also being audited now, as CP-001",
        "The case of CP-002 was audited in the last 12 months: CP-005 was returned on 20 October 2010",
        "The case of CP-002 may be the case of CP-003: only slashes in their case numbers are different",
        "The case of CP-003 may be the case of CP-001: only slashes in their case numbers are different",
        "The case of CP-003 may be the case of CP-002: only slashes in their case numbers are different",
        "The case of CP-003 may be the case of CP-005: only slashes in their case numbers are different",
    ]
    assert warned(load(*rows)) == [], "nothing of it is news"


@pytest.mark.parametrize(
    ("cells", "warnings"),
    [
        ({"withdrawn_on": "2010-10-20"}, []),
        (RETURNED, ["CP-002 was returned on 20 October 2010"]),
        ({"case_reference": "700001"}, []),
        ({"note": "Moved to paper"}, ["CP-002"]),
    ],
)
def test_what_the_file_changes_of_the_other_audit_counts(
    load: Load, cells: dict[str, str], warnings: list[str]
) -> None:
    load(a_row(reference="CP-002"))
    found = warned(load(a_row(reference="CP-002", **cells), a_row()))
    about_new = [line for line in found if line.startswith("The case of CP-001")]
    assert len(about_new) == len(warnings)
    assert all(part in line for part, line in zip(warnings, about_new, strict=True))


PEOPLE: list[tuple[dict[str, object], list[str]]] = [
    ({"trained_on": None}, ["Una Away has not been trained"]),
    ({"trained_on": date(2010, 11, 2)}, ["Una Away has not been trained"]),
    ({"trained_on": TODAY}, []),
    (
        {"leave": [(date(2010, 11, 8), date(2010, 11, 12))]},
        [
            (
                "Una Away is on leave from 8 November 2010 to 12 November 2010, "
                "and CP-001 is due on 12 November 2010"
            )
        ],
    ),
    ({"leave": [(date(2010, 11, 8), date(2010, 11, 11))]}, []),
    (
        {"leaving_on": date(2010, 11, 11)},
        ["Una Away leaves on 11 November 2010, before CP-001 is due"],
    ),
]


@pytest.mark.parametrize(("facts", "warnings"), PEOPLE)
@pytest.mark.parametrize("part", ["lead", "second"])
def test_an_auditor_who_is_away_or_not_trained_is_to_check(
    load: Load, facts: dict[str, object], warnings: list[str], part: str
) -> None:
    una = a_person("Una Away", **facts)  # type: ignore[arg-type]
    found = warned(load(a_row(**{f"{part}_auditor": una.email})))
    assert found == warnings
    # as the page says when somebody assigns
    audit = db.session.query(Audit).filter_by(reference="CP-001").one()
    assert warnings_of(audit, [una.id]) == warnings


def test_one_who_is_not_trained_is_named_once(load: Load) -> None:
    una = a_person("Una Away", trained_on=None)
    rows = [
        a_row(reference=f"CP-{n}", case_reference=f"7000{n}", lead_auditor=una.email) for n in range(10, 20)
    ]
    assert warned(load(*rows)) == ["Una Away has not been trained"]


@pytest.mark.parametrize(
    "cells",
    [
        RETURNED,
        {"withdrawn_on": "2010-10-20"},
        {"lead_auditor": "", "second_auditor": "", "assigned_on": ""},
    ],
)
def test_of_one_that_nobody_is_to_audit_nobody_is_asked_about(load: Load, cells: dict[str, str]) -> None:
    una = a_person("Una Away", trained_on=None)
    assert warned(load(a_row(**({"lead_auditor": una.email} | cells)))) == []


def test_nothing_is_asked_about_auditors_and_cases_of_a_closed_cycle(load: Load) -> None:
    a_cycle("2009-1", closed_on=date(2010, 10, 29))
    una = a_person("Una Away", trained_on=None)
    rows = [a_row(lead_auditor=una.email), a_row(reference="CP-002")]
    assert warned(load(*rows, cycle="2009-1")) == []


def test_a_later_due_day_is_asked_about_for_the_whole_pair(load: Load) -> None:
    una = a_person("Una Away", leave=[(date(2010, 11, 15), date(2010, 11, 19))])
    load(a_row(second_auditor=una.email))
    words = (
        "Una Away is on leave from 15 November 2010 to 19 November 2010, "
        "and CP-001 is due on 15 November 2010"
    )
    found = warned(load(a_row(second_auditor=una.email, due_on="2010-11-13")))
    assert found == [
        f"CP-001 is due on 15 November 2010 (entered as 13 November 2010), {AFTER_DUE}",
        words,
    ]


def test_an_auditor_who_hands_over_is_not_asked_about(load: Load) -> None:
    una = a_person("Una Away", leave=[(date(2010, 11, 12), date(2010, 11, 19))])
    a_team("Wilmslow")
    load(a_row(lead_auditor=una.email))
    assert (
        warned(load(a_row(lead_auditor="tom.third@council.example", team="Wilmslow", due_on="2010-11-12")))
        == []
    )


@pytest.mark.parametrize(
    ("cells", "warnings"),
    [
        (
            {"requested_on": "2010-04-10"},
            ["CP-001 is requested on 10 April 2010, before the request date of cycle 2010-1, 4 October 2010"],
        ),
        (
            {"due_on": "2062-11-12"},
            [f"CP-001 is due on 13 November 2062 (entered as 12 November 2062), {AFTER_DUE}"],
        ),
        (
            {"requested_on": "2010-11-13", "assigned_on": "", "due_on": "2010-11-15"},
            [
                f"CP-001 is requested on 13 November 2010, {AFTER_DUE}",
                f"CP-001 is due on 15 November 2010, {AFTER_DUE}",
            ],
        ),
        (
            {"started_on": "2010-11-02", "returned_on": "2020-10-20"},
            [
                "CP-001 is started on 2 November 2010, which is after today",
                "CP-001 is returned on 20 October 2020, which is after today",
            ],
        ),
        ({"withdrawn_on": "2010-11-02"}, ["CP-001 is withdrawn on 2 November 2010, which is after today"]),
        ({"started_on": "2010-11-01"}, []),
    ],
)
def test_days_that_may_be_mistakes_are_to_check(
    load: Load, cells: dict[str, str], warnings: list[str]
) -> None:
    assert warned(load(a_row(**cells))) == warnings
    assert warned(load(a_row(**cells))) == []


@pytest.mark.parametrize(
    ("how_many", "warning"),
    [
        (
            2,
            f"2 audits are due on 15 November 2010 (entered as 13 November 2010), {AFTER_DUE}: CP-10, CP-11",
        ),
        (3, f"{AFTER_DUE}: CP-10, CP-11, CP-12"),
        (4, f"{AFTER_DUE}: CP-10, CP-11, CP-12 and 1 more"),
    ],
)
def test_one_day_of_several_audits_is_one_warning(load: Load, how_many: int, warning: str) -> None:
    rows = [
        a_row(reference=f"CP-{number}", case_reference=f"7000{number}", due_on="2010-11-13")
        for number in range(10, 10 + how_many)
    ]
    (found,) = warned(load(*rows))
    assert found.endswith(warning)


def test_a_due_day_after_the_cut_off_is_to_check_as_on_the_page(load: Load) -> None:
    a_cycle("2010-3", cut_off_on=date(2010, 11, 19))
    _, warning = warned(load(a_row(due_on="2010-11-20"), cycle="2010-3"))
    assert warning == (
        "CP-001 would be due after its cycle’s cut-off date, 19 November 2010. "
        "Audits returned after that date do not count."
    )


def test_a_file_with_a_fault_is_put_right_first(load: Load) -> None:
    an_audit("OLD-1", cycle=a_cycle("2010-0"), case_reference=NUMBER)
    outcome = load(a_row(), a_row(reference="CP-002", due_on="soon"))
    assert (outcome.refused, outcome.warnings) == (True, [])
