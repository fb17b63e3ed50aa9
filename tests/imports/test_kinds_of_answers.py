"""Answers of every kind from a file: numbers, dates, several responses, sections set aside."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app.answers.importing import import_answers
from app.database import db, transaction
from app.files.imported import Imported
from app.files.writing import Value
from app.findings.data import as_data
from app.findings.freezing import findings_of
from app.installation.table_files import TABLE_FILES
from app.people.models import Closure
from app.tools.importing import import_tool
from app.tools.queries import found
from tests.factories import a_cycle, an_audit

from .conftest import counted, said

TOOL = """
[tool]
reference = "visits"
title = "Visits"
version = 1
minimum_answered = 0.5
minimum_count = 1

[scales.yesno]
yes = "met"
no = "not met"
"not applicable" = "excluded"

[scales.who]
kind = "category"
several = true
response = [{name = "mother"}, {name = "father"}, {name = "school"}, {name = "n/a", counts_as = "excluded"}]

[[section]]
title = "Visits"

[[section.question]]
key = "seen"
key_area = "Seen"
text = "Seen?"
scale = "yesno"

[[section.question]]
key = "alone"
key_area = "Alone"
text = "Alone?"
scale = "yesno"
applies_if = { question = "seen", response = ["yes"] }

[[section.question]]
key = "visits"
key_area = "Number of visits"
text = "How many visits?"
answer = "number"
unit = "visits"

[[section.question]]
key = "delay"
key_area = "Days to the first visit"
text = "When?"
answer = "days"
from_label = "Referral"
to_label = "First visit"
counted_in = "working"
met_up_to = 5

[[section.question]]
key = "told"
key_area = "Who was told"
text = "Who?"
scale = "who"

[[section]]
title = "Leaving care"
key = "leaving"
optional = true

[[section.question]]
key = "plan"
key_area = "Plan"
text = "Plan?"
scale = "yesno"
"""

Load = Callable[..., Imported]


@pytest.fixture
def load(app: Flask, tmp_path: Path) -> Load:
    """Import answers of CP-001 to CP-003, which are returned."""
    (tmp_path / "tool.toml").write_text(TOOL, encoding="utf-8")
    assert not import_tool(tmp_path / "tool.toml").faults
    cycle = a_cycle()
    tool = found("visits", 1)
    assert tool is not None
    with transaction():
        cycle.tool_id = tool.id
    for number in (1, 2, 3):
        an_audit(f"CP-00{number}", case_reference=f"39098{number}", returned_on=date(2010, 11, 5))

    def rows(*rows: str) -> Imported:
        path = tmp_path / "answers.csv"
        path.write_text("\n".join(["audit_reference,question,response,comment", *rows]) + "\n")
        return import_answers(path)

    return rows


def areas() -> dict[str, dict[str, object]]:
    """Return the data of each key area."""
    data = as_data(findings_of(a_cycle(), date(2010, 11, 20)))
    return {area["question"]: area for area in data["areas"]}


def exported() -> list[list[Value]]:
    """Return the rows of the file of answers of an export, without place and comment."""
    file = next(file for file in TABLE_FILES if file.name == "answers.csv")
    return [list(row)[:3] for row in file.rows()]


EVERY_KIND = (
    "CP-001,visits,4,",
    "CP-002,visits,2.5,",
    "CP-003,visits,not found,",
    "CP-001,delay,2010-10-04/2010-10-11,",
    "CP-002,delay,2010-10-04/2010-10-12,",
    "CP-003,delay,Not applicable,",
    "CP-001,told,school; mother,",
    "CP-002,told,father,",
    "CP-003,told,n/a,",
    "CP-001,alone,yes,",
    "CP-001,seen,yes,",
    "CP-002,seen,no,",
    "CP-002,alone,yes,kept and does not count",
    "CP-001,section:leaving,does not apply,",
    "CP-001,plan,yes,kept and does not count",
    "CP-002,plan,no,",
)


def test_dates_after_today_are_warned_of_where_they_are_new(load: Load) -> None:
    rows = ("CP-001,delay,2010-10-04/2090-01-02,", "CP-002,delay,2010-10-04/2010-10-11,")
    warning = "1 answer has a date after today. A planned date does not show that something happened."
    assert load(*rows).warnings == [warning]
    assert load(*rows).warnings == []


def test_every_kind_of_answer_counts_as_it_should(load: Load) -> None:
    assert counted(load(*EVERY_KIND)) == (16, 0, 0, 0)
    found_now = areas()

    def numbers_of(key: str) -> tuple[object, ...]:
        area = found_now[key]
        return tuple(area[name] for name in ("met", "answered", "not_applicable", "not_answered"))

    assert numbers_of("seen") == (1, 2, 0, 1)
    # not applicable by its condition where seen is no; not answered where seen is blank
    assert numbers_of("alone") == (1, 1, 1, 1)
    assert numbers_of("visits") == (None, 3, 0, 0)
    assert found_now["visits"]["responses"] == {"given": 2, "not found": 1}
    assert found_now["visits"]["percent"] is None
    # 4 to 11 October 2010 are 5 working days, to the 12th 6
    assert numbers_of("delay") == (1, 2, 1, 0)
    assert found_now["delay"]["responses"] == {"within the limit": 1, "outside the limit": 1, "not found": 0}
    assert numbers_of("told") == (None, 2, 1, 0)
    assert found_now["told"]["responses"] == {"mother": 1, "father": 1, "school": 1}
    assert numbers_of("plan") == (0, 1, 1, 1)


def test_the_same_file_again_and_what_an_export_writes_change_nothing(load: Load) -> None:
    load(*EVERY_KIND)
    assert counted(load(*EVERY_KIND)) == (0, 0, 16, 0)
    rows = exported()
    assert ["CP-001", "told", "mother;school"] in rows
    assert ["CP-002", "visits", "2.5"] in rows
    assert ["CP-001", "delay", "2010-10-04/2010-10-11"] in rows
    assert ["CP-001", "section:leaving", "does not apply"] in rows
    again = [",".join("" if cell is None else str(cell) for cell in row) + "," for row in rows]
    assert counted(load(*again)) == (0, 0, 16, 0)


def test_a_later_file_changes_an_answer_wholly(load: Load) -> None:
    load(*EVERY_KIND)
    changed = load("CP-001,visits,not found,", "CP-001,told,father,", "CP-001,delay,2010-10-04/2010-10-04,")
    assert counted(changed) == (0, 3, 0, 0)
    rows = exported()
    assert ["CP-001", "visits", "not found"] in rows
    assert ["CP-001", "told", "father"] in rows
    assert areas()["told"]["responses"] == {"mother": 0, "father": 2, "school": 0}


def test_working_days_are_those_of_the_council_when_it_was_answered(load: Load) -> None:
    with transaction():
        db.session.add(Closure(day=date(2010, 10, 6), name="Closed"))
    load("CP-001,delay,2010-10-04/2010-10-12,")
    assert areas()["delay"]["responses"] == {"within the limit": 1, "outside the limit": 0, "not found": 0}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (
            "CP-001,visits,several,",
            "must be a number with a point, such as 3.5, “not found” or “not applicable”",
        ),
        (
            'CP-001,visits,"3,5",',
            "must be a number with a point, such as 3.5, “not found” or “not applicable”",
        ),
        (
            "CP-001,delay,2010-10-04,",
            "must be two dates, such as 2026-01-05/2026-01-20, “not found” or “not applicable”",
        ),
        ("CP-001,delay,2010-10-12/2010-10-04,", "the second date must not be before the first"),
        (
            "CP-001,delay,2010-02-30/2010-10-04,",
            "must be a real date",
        ),
        ("CP-001,told,mother; n/a,", "cannot have “n/a” together with another response"),
        ("CP-001,told,aunt,", "must be one of mother, father, school, n/a"),
        ("CP-001,section:leaving,yes,", "must be “does not apply” for a section"),
        (
            "CP-001,section:visits,does not apply,",
            "is not an optional section of visits, version 1",
        ),
        (
            "CP-001,section:leaving,does not apply,why",
            "is set aside, so it has no place, no comment and no moderation",
        ),
    ],
)
def test_a_wrong_answer_is_named_with_how_to_correct_it(load: Load, row: str, why: str) -> None:
    assert any(why in line for line in said(load(row))), said(load(row))
