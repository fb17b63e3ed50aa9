"""The rows of a file: their values, what stands there as it was written, and faults that are added later."""

from datetime import date

import pytest

from app.files.cells import text
from app.files.columns import Column, Table
from app.files.rows import ABSENT, Reading, Row

TABLE = Table(
    "audits",
    (
        Column("reference", text(), needed=True),
        Column("case", text(), secret=True),
        Column("due_on", text()),
    ),
)
PLACES = {"reference": 0, "case": 1, "due_on": ABSENT}


def a_row(number: int, reference: str | None, case: str | None, refused: frozenset[str] = frozenset()) -> Row:
    cells = (reference or " ", case or "")
    return Row(number, refused, (reference, case), cells, PLACES)


def a_reading(*rows: Row) -> Reading:
    return Reading("audits.csv", TABLE, frozenset({"reference", "case"}), list(rows))


def test_a_row_has_values_and_what_was_written() -> None:
    row = Row(2, frozenset(), ("CP-001", None), ("cp-001", " "), PLACES)
    assert (row["reference"], row["case"], row["due_on"]) == ("CP-001", None, None)
    assert (row.written("reference"), row.written("case"), row.written("due_on")) == ("cp-001", None, None)
    dated = Row(2, frozenset(), (date(2010, 11, 12), None), (date(2010, 11, 12), "x"), PLACES)
    assert (dated.written("reference"), dated.written("due_on")) == ("2010-11-12", None)


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([a_row(2, "A", "1"), a_row(3, "B", "1")], []),
        (
            [a_row(2, "A", "1"), a_row(3, "A", "2")],
            ['audits.csv: row 3, column reference, "A": also in row 2'],
        ),
        (
            [a_row(2, "A", "1"), a_row(3, "A", "2"), a_row(4, "A", "3")],
            [
                'audits.csv: row 3, column reference, "A": also in row 2',
                'audits.csv: row 4, column reference, "A": also in row 2',
            ],
        ),
        ([a_row(2, None, "1"), a_row(3, None, "2")], []),  # empty cells are not values
    ],
)
def test_a_value_that_stands_above_already_is_a_fault(rows: list[Row], faults: list[str]) -> None:
    reading = a_reading(*rows)
    reading.refuse_repeats("reference")
    assert [str(fault) for fault in reading.faults] == faults


def test_what_is_secret_is_not_repeated_in_a_fault() -> None:
    reading = a_reading(a_row(2, "A", "615739"), a_row(3, "A", "615739"))
    reading.refuse_repeats("case")
    reading.refuse_repeats("reference", "case")
    assert [str(fault) for fault in reading.faults] == [
        "audits.csv: row 3, column case: also in row 2",
        'audits.csv: row 3, column reference + case, "A": also in row 2',
    ]


def test_faults_stand_in_the_order_of_rows_those_of_the_file_first() -> None:
    first, second = a_row(2, "A", "1"), a_row(3, "B", "2", frozenset({"reference"}))
    reading = a_reading(first, second)
    reading.refuse("is not known", second, "case")
    reading.refuse("is refused already", second, "reference")
    reading.refuse("has no team", first)
    reading.refuse("is not known", first, "reference")
    reading.refuse("there is no such cycle")
    assert [str(fault) for fault in reading.faults] == [
        "audits.csv: there is no such cycle",
        "audits.csv: row 2: has no team",
        'audits.csv: row 2, column reference, "A": is not known',
        "audits.csv: row 3, column case: is not known",
    ]


def test_rows_are_taken_out_from_the_first_on() -> None:
    rows = [a_row(number, f"CP-{number}", None) for number in range(2, 7)]
    reading = a_reading(*rows)
    assert [reading.take(2), reading.take(2), reading.take(2), reading.take(2)] == [
        rows[:2],
        rows[2:4],
        rows[4:],
        [],
    ]
    assert reading.rows == []
