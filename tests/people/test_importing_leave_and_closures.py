"""Leave and closure days from files."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.files.imported import Imported
from app.history.record import of
from app.people.closures import working_days
from app.people.importing import import_closures, import_leave
from app.people.importing_staff import import_staff
from app.people.models import Closure, Leave
from config.settings import PROJECT
from tests.factories import a_person

FIRST_CYCLE = PROJECT / "app" / "example" / "first-cycle"

Load = Callable[..., Imported]

REPLACES = (
    "Leave of Alison Hartley from 1 December 2010 to 4 December 2010 replaces their leave from "
    "30 November 2010 to 29 January 2011"
)


@pytest.fixture
def load_leave(service: Flask, tmp_path: Path) -> Load:
    def from_rows(*rows: str, dry_run: bool = False) -> Imported:
        file = tmp_path / "leave.csv"
        file.write_text("\n".join(["email,from_on,to_on,deputy_email", *rows]), encoding="utf-8")
        return import_leave(file, dry_run=dry_run)

    return from_rows


@pytest.fixture
def load_closures(service: Flask, tmp_path: Path) -> Load:
    def from_rows(*rows: str, dry_run: bool = False) -> Imported:
        file = tmp_path / "closures.csv"
        file.write_text("\n".join(["day,name", *rows]), encoding="utf-8")
        return import_closures(file, dry_run=dry_run)

    return from_rows


def spells() -> list[tuple[str, date, date, str | None]]:
    return [
        (leave.person.name, leave.from_on, leave.to_on, leave.deputy.name if leave.deputy else None)
        for leave in db.session.scalars(select(Leave).order_by(Leave.from_on))
    ]


def test_the_first_cycles_leave_is_taken_in_once(app: Flask) -> None:
    import_staff(FIRST_CYCLE / "staff.csv")
    first, again = (import_leave(FIRST_CYCLE / "leave.csv") for _ in range(2))
    assert (first.added, again.added, again.unchanged) == (2, 0, 2)
    assert spells()[0] == ("Chitra Menon", date(2010, 11, 8), date(2011, 1, 14), None)


def test_a_longer_leave_and_a_deputy_change_the_spell(load_leave: Load) -> None:
    a_person("Ann")
    a_person("Bo")
    load_leave("ann@council.example,2026-11-02,2026-11-06")
    outcome = load_leave("ann@council.example,02/11/2026,13/11/2026,bo@council.example")
    assert (outcome.added, outcome.changed) == (0, 1)
    assert spells() == [("Ann", date(2026, 11, 2), date(2026, 11, 13), "Bo")]
    assert load_leave("ann@council.example,2026-11-02,2026-11-13").unchanged == 1
    assert spells()[0][3] == "Bo"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("nobody@council.example,2026-11-02,2026-11-06,", '"nobody@council.example": no one has this'),
        ("ann@council.example,2026-11-06,2026-11-02,", "column to_on"),
        ("ann@council.example,2026-11-02,2026-11-06,zed@council.example", "column deputy_email"),
        ("ann@council.example,2026-11-02,2026-11-06,ann@council.example", "must not be the person on leave"),
        ("ann@council.example,2026-11-31,2026-12-02,", "must be a real date"),
    ],
)
def test_faulty_leave_is_refused_whole(load_leave: Load, row: str, said: str) -> None:
    a_person("Ann")
    outcome = load_leave("ann@council.example,2026-01-05,2026-01-09,", row)
    assert len(outcome.faults) == 1
    assert "leave.csv: row 3, " in str(outcome.faults[0])
    assert said in str(outcome.faults[0])
    assert spells() == []


def test_a_closure_day_is_no_working_day(load_closures: Load) -> None:
    friday = date(2026, 11, 27)
    assert working_days().offset(friday, 0) == friday
    assert load_closures("2026-11-27,Moving house").added == 1
    assert working_days().offset(friday, 0) == date(2026, 11, 30)
    assert load_closures("27/11/2026,").unchanged == 1
    assert load_closures("2026-11-27,Moving").changed == 1
    assert db.session.scalars(select(Closure.name)).all() == ["Moving"]


def test_dry_runs_of_leave_and_closures_change_nothing(load_leave: Load, load_closures: Load) -> None:
    a_person("Ann")
    assert load_leave("ann@council.example,2026-11-02,2026-11-06,", dry_run=True).added == 1
    assert load_closures("2026-11-27,", dry_run=True).added == 1
    assert (spells(), db.session.scalars(select(Closure.day)).all()) == ([], [])


@pytest.mark.parametrize(
    ("rows", "warnings"),
    [
        (["2010-12-01,2010-12-04"], [REPLACES]),
        # the day after is no overlap
        (["2011-01-30,2011-02-04"], []),
        (["2010-11-01,2010-11-29"], []),
        (
            ["2010-11-01,2010-11-30"],
            ["from 1 November 2010 to 30 November 2010 replaces their leave from 30 Nov"],
        ),
        (
            ["2010-12-01,2010-12-04", "2011-01-10,2011-01-12"],
            [REPLACES],
        ),
        # the spell that the file makes shorter is judged by its new days
        (["2010-11-30,2010-12-03", "2010-12-04,2010-12-05"], []),
        (
            ["2010-11-30,2010-12-04", "2010-12-04,2010-12-05"],
            ["from 4 December 2010 to 5 December 2010 overlaps"],
        ),
        # leave that is stored already is not reported
        (["2010-11-30,2011-01-29"], []),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_leave_that_overlaps_leave_is_to_check(
    load_leave: Load, rows: list[str], warnings: list[str], dry_run: bool
) -> None:
    a_person("Alison Hartley", leave=[(date(2010, 11, 30), date(2011, 1, 29))])
    a_person(
        "Ben New", leave=[(date(2010, 11, 30), date(2010, 12, 9)), (date(2010, 12, 1), date(2010, 12, 2))]
    )
    others = "ben.new@council.example,2011-03-01,2011-03-04,"
    outcome = load_leave(*[f"alison.hartley@council.example,{row}," for row in rows], others, dry_run=dry_run)
    assert len(outcome.warnings) == len(warnings)
    assert all(part in line for part, line in zip(warnings, outcome.warnings, strict=True))
    assert load_leave(*[f"alison.hartley@council.example,{row}," for row in rows]).refused is False


ALISON = "alison.hartley@council.example"


def of_alison(load_leave: Load, *rows: str) -> tuple[int, int, int]:
    outcome = load_leave(*[f"{ALISON},{row}" for row in rows])
    assert not outcome.faults
    return outcome.added, outcome.changed, outcome.unchanged


def test_a_later_file_corrects_a_spell_and_changes_nothing_again(load_leave: Load) -> None:
    """The first day one later, and the last one months earlier."""
    a_person("Alison Hartley")
    a_person("Bo")
    assert of_alison(load_leave, "2026-11-30,2027-01-29,bo@council.example") == (1, 0, 0)
    for counts in ((0, 1, 0), (0, 0, 1)):
        assert of_alison(load_leave, "2026-12-01,2026-12-04,") == counts
        assert spells() == [("Alison Hartley", date(2026, 12, 1), date(2026, 12, 4), "Bo")]
    person = db.session.scalars(select(Leave.person_id)).one()
    (last, *_) = of("person", str(person))
    assert (last.what, last.before, last.after) == (
        "leave replaced",
        "2026-11-30 to 2027-01-29, deputy bo@council.example",
        "2026-12-01 to 2026-12-04, deputy bo@council.example",
    )


def test_a_spell_takes_the_place_of_all_that_it_overlaps(load_leave: Load) -> None:
    a_person("Alison Hartley")
    of_alison(load_leave, "2026-11-02,2026-11-06,", "2026-11-10,2026-11-13,", "2026-11-30,2026-12-04,")
    assert of_alison(load_leave, "2026-11-05,2026-11-11,") == (0, 1, 0)
    assert [spell[1:3] for spell in spells()] == [
        (date(2026, 11, 5), date(2026, 11, 11)),
        (date(2026, 11, 30), date(2026, 12, 4)),
    ]


def test_leave_that_the_file_has_too_is_not_replaced(load_leave: Load) -> None:
    a_person("Alison Hartley")
    both = ("2026-11-02,2026-11-30,", "2026-11-10,2026-11-13,")
    assert of_alison(load_leave, *both) == (2, 0, 0)
    assert of_alison(load_leave, *both) == (0, 0, 2)
    assert of_alison(load_leave, both[1]) == (0, 0, 1), "the same row again replaces nothing"
    assert len(spells()) == 2
