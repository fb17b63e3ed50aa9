"""Staff from a file: who is added, what changes, what is refused and how it is said."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db, transaction
from app.files.imported import Imported
from app.history.record import of
from app.people.importing_staff import import_staff
from app.people.models import FormerEmail, Person, Team
from config.settings import PROJECT
from tests.factories import a_person
from tests.people.many_staff import HEADING, write_staff

FIRST_CYCLE = PROJECT / "app" / "example" / "first-cycle"

Load = Callable[..., Imported]


@pytest.fixture
def load(app: Flask, tmp_path: Path) -> Load:
    """Import rows under a heading, from a file that exists."""

    def from_rows(*rows: str, heading: str = HEADING, dry_run: bool = False) -> Imported:
        file = tmp_path / "staff.csv"
        file.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
        return import_staff(file, dry_run=dry_run)

    return from_rows


def person(email: str) -> Person:
    return db.session.scalars(select(Person).where(Person.email == email)).one()


def how_many() -> int | None:
    return db.session.scalar(select(func.count(Person.id)))


def faults(outcome: Imported) -> list[str]:
    return [str(fault) for fault in outcome.faults]


def test_the_first_cycles_staff_are_taken_in_with_team_manager_and_roles(app: Flask) -> None:
    outcome = import_staff(FIRST_CYCLE / "staff.csv")
    assert (outcome.added, outcome.changed, outcome.unchanged, faults(outcome)) == (38, 0, 0, [])
    ingrid = person("ingrid.solomon@council.example")
    assert ingrid.team is not None
    assert ingrid.team.name == "Safeguarding Unit"
    assert ingrid.line_manager is not None
    assert ingrid.line_manager.name == "Harriet Vance"
    assert ingrid.role_names == {"coordinator", "manager"}
    assert [(row.what, row.who) for row in of("person", str(ingrid.id))] == [("added", "import")]


def test_the_same_file_again_changes_nothing(app: Flask) -> None:
    import_staff(FIRST_CYCLE / "staff.csv")
    before = [(row.id, row.fs_uniquifier) for row in db.session.scalars(select(Person).order_by(Person.id))]
    outcome = import_staff(FIRST_CYCLE / "staff.csv")
    assert (outcome.added, outcome.changed, outcome.unchanged) == (0, 0, 38)
    after = [(row.id, row.fs_uniquifier) for row in db.session.scalars(select(Person).order_by(Person.id))]
    assert before == after
    assert len(of("person", str(before[0][0]))) == 1


def test_a_dry_run_says_what_would_happen_and_does_nothing(load: Load) -> None:
    outcome = load("ann@council.example,Ann,,Crewe,,auditor,,,", dry_run=True)
    assert (outcome.added, how_many()) == (1, 0)
    assert db.session.scalar(select(func.count(Team.id))) == 0


def test_empty_cells_change_nothing_and_filled_ones_do(load: Load) -> None:
    load(
        "ann@council.example,Ann,Chair,Crewe,,auditor,01270 1,2027-03-31,2010-01-04", "bo@council.example,Bo"
    )
    outcome = load("ANN@council.example,Ann Lee,,,bo@council.example,,,,", "bo@council.example,Bo")
    ann = person("ann@council.example")
    assert (outcome.changed, outcome.unchanged) == (1, 1)
    assert (ann.name, ann.job_title, ann.telephone) == ("Ann Lee", "Chair", "01270 1")
    assert (ann.leaving_on, ann.trained_on) == (date(2027, 3, 31), date(2010, 1, 4))
    assert ann.team is not None
    assert ann.team.name == "Crewe"
    assert ann.role_names == {"auditor"}
    assert [(row.what, row.before, row.after) for row in of("person", str(ann.id))][:2] == [
        ("line manager changed", None, "bo@council.example"),
        ("name changed", "Ann", "Ann Lee"),
    ]


def test_roles_in_the_file_are_the_roles_from_then_on(load: Load) -> None:
    load("ann@council.example,Ann,,,,auditor moderator,,,")
    load("ann@council.example,Ann,,,,manager auditor,,,")
    assert person("ann@council.example").role_names == {"auditor", "manager"}


def test_a_team_is_the_same_in_any_case_of_letters(load: Load) -> None:
    load("ann@council.example,Ann,,Crewe,,,,,", "bo@council.example,Bo,,CREWE,,,,,")
    assert db.session.scalar(select(func.count(Team.id))) == 1
    assert person("ann@council.example").team_id == person("bo@council.example").team_id


def test_a_former_address_means_the_same_person(load: Load) -> None:
    ann = a_person("Ann Lee")
    with transaction():
        db.session.add(FormerEmail(email="ann.old@council.example", person_id=ann.id))
    outcome = load("ann.old@council.example,Ann Lee,Chair", "bo@council.example,Bo,,,ann.old@council.example")
    assert (outcome.added, outcome.changed) == (1, 1)
    assert person("ann.lee@council.example").job_title == "Chair"
    assert person("bo@council.example").line_manager_id == ann.id


CASES: list[tuple[str, list[str], list[str]]] = [
    (
        "an unknown line manager",
        ["ann@council.example,Ann,,,nobody@council.example"],
        [
            (
                'staff.csv: row 2, column line_manager_email, "nobody@council.example": '
                "no one in this file or in the service has this email address"
            )
        ],
    ),
    (
        "one's own line manager",
        ["ann@council.example,Ann,,,ann@council.example"],
        [
            (
                'staff.csv: row 2, column line_manager_email, "ann@council.example": '
                "must not be the person themselves"
            )
        ],
    ),
    (
        "a longer circle is said at each of its rows",
        [
            "ann@council.example,Ann,,,bo@council.example",
            "bo@council.example,Bo,,,cy@council.example",
            "cy@council.example,Cy,,,ann@council.example",
            "di@council.example,Di,,,ann@council.example",
        ],
        [
            (
                'staff.csv: row 2, column line_manager_email, "bo@council.example": makes someone '
                "their own manager: ann@council.example, bo@council.example, "
                "cy@council.example, ann@council.example"
            ),
            (
                'staff.csv: row 3, column line_manager_email, "cy@council.example": makes someone '
                "their own manager: bo@council.example, cy@council.example, "
                "ann@council.example, bo@council.example"
            ),
            (
                'staff.csv: row 4, column line_manager_email, "ann@council.example": makes someone '
                "their own manager: cy@council.example, ann@council.example, "
                "bo@council.example, cy@council.example"
            ),
        ],
    ),
    (
        "every fault of every row",
        ["not an address,Ann,,,,,,2010-02-30,", ",Bo", "cy@council.example,,,,,boss"],
        [
            'staff.csv: row 2, column email, "not an address": must be an email address',
            'staff.csv: row 2, column leaving_on, "2010-02-30": must be a real date',
            "staff.csv: row 3, column email: must not be empty",
            "staff.csv: row 4, column name: must not be empty",
            'staff.csv: row 4, column roles, "boss": must be one of coordinator, auditor, moderator,',
        ],
    ),
    (
        "the same address twice",
        ["ann@council.example,Ann", "Ann@council.example,Ann"],
        ["staff.csv: row 3, column email"],
    ),
]


@pytest.mark.parametrize(("what", "rows", "said"), CASES, ids=[case[0] for case in CASES])
def test_a_faulty_file_is_refused_whole(load: Load, what: str, rows: list[str], said: list[str]) -> None:
    found = faults(load(*rows))
    assert len(found) == len(said), found
    for line, beginning in zip(found, said, strict=True):
        assert line.startswith(beginning)
    assert how_many() == 0


def test_a_circle_that_closes_through_people_already_there_is_refused(load: Load) -> None:
    chief = a_person("Chief")
    deputy = a_person("Deputy", manager=chief)
    a_person("Worker", manager=deputy)
    outcome = load("chief@council.example,Chief,,,worker@council.example")
    assert len(outcome.faults) == 1
    assert "makes someone their own manager" in faults(outcome)[0]
    assert person("chief@council.example").line_manager_id is None


def test_a_file_may_turn_a_line_of_management_round(load: Load) -> None:
    chief = a_person("Chief")
    a_person("Deputy", manager=chief)
    a_person("Top")
    outcome = load(
        "chief@council.example,Chief,,,deputy@council.example",
        "deputy@council.example,Deputy,,,top@council.example",
    )
    assert faults(outcome) == []
    assert person("chief@council.example").line_manager_id == person("deputy@council.example").id


def test_a_present_and_a_former_address_of_one_person_are_two_rows_too_many(load: Load) -> None:
    ann = a_person("Ann Lee")
    with transaction():
        db.session.add(FormerEmail(email="ann.old@council.example", person_id=ann.id))
    outcome = load("ann.lee@council.example,Ann", "ann.old@council.example,Anna")
    assert len(outcome.faults) == 1
    assert "row 3" in faults(outcome)[0]


def test_a_file_of_many_people_is_taken_in_and_the_same_file_again_changes_nothing(
    app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "many.csv"
    write_staff(file, 5000)
    outcome = import_staff(file)
    again = import_staff(file)
    assert (outcome.added, again.unchanged) == (5000, 5000)


@pytest.mark.parametrize(
    ("email", "name", "is_told"),
    [
        ("ann.oneil@council.example", "Ann O'Neil", True),
        ("ann.oneil@council.example", " ann  O'NEIL ", True),
        ("ann.oneil@council.example", "Anna O'Neil", False),
        # the same person, in a file as it was exported
        ("ann@council.example", "Ann O'Neil", False),
        ("ann.before@council.example", "Ann O'Neil", False),
    ],
)
def test_a_new_address_with_a_known_name_is_to_check(
    load: Load, email: str, name: str, is_told: bool
) -> None:
    ann_id = a_person("Ann O'Neil").id
    with transaction():
        db.session.get_one(Person, ann_id).email = "ann@council.example"
        db.session.add(FormerEmail(email="ann.before@council.example", person_id=ann_id))
    outcome = load(f"{email},{name},,,,,", dry_run=True)
    warning = (
        f"{email} is a new email address, but there is already a {' '.join(name.split())}: "
        "ann@council.example. "
        "If this is the same person, change their email address in the service before you import."
    )
    assert outcome.warnings == ([warning] if is_told else [])
    assert not outcome.refused


def test_two_new_addresses_with_one_name_are_to_check(load: Load) -> None:
    rows = [f"{address}@council.example,Ben Lee,,,,," for address in ("ben", "b.lee", "lee")]
    outcome = load(*rows)
    second, third = (line.split(". If")[0] for line in outcome.warnings)
    said = "is a new email address, but there is already a Ben Lee: ben@council.example"
    assert second == f"b.lee@council.example {said}"
    assert third == f"lee@council.example {said}, b.lee@council.example"
    assert load(*rows).warnings == []
