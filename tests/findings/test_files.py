"""The figures of a cycle as files for a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from app.cycles import queries
from app.findings.document import Findings
from app.findings.figures import Counts
from app.findings.files import figures_csv, figures_xlsx
from app.findings.freezing import findings_of
from tests.files.formulas import FORMULAS
from tests.reports.cases import an_area, the_findings


@pytest.fixture
def found(app: Flask, first_cycle: None) -> Findings:
    cycle = queries.found("2010-1")
    assert cycle is not None
    return findings_of(cycle, date(2011, 1, 10))


def sheet(content: bytes, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()


def column(rows: Sequence[Sequence[Any]], heading: str) -> list[Any]:
    place = rows[0].index(heading)
    return [row[place] for row in rows[1:]]


def test_each_key_area_has_its_numbers_in_cells_of_their_own(found: Findings) -> None:
    rows = sheet(figures_xlsx(found), "Figures")
    assert column(rows, "met") == [15, 13, 5, 15, 15, 12, 12, 16]
    assert column(rows, "answered") == [25, 26, 9, 25, 25, 25, 25, 23]
    assert column(rows, "percent") == [60, 50, "", 60, 60, 48, 48, 70]
    assert column(rows, "low")[0] == 40.7
    assert column(rows, "why_no_figure")[2] == "answered in 9 of 26 audits where it applied"


def test_the_csv_file_has_the_same_rows_as_the_spreadsheet(found: Findings) -> None:
    rows = list(csv.reader(io.StringIO(figures_csv(found).decode("utf-8-sig"))))
    assert rows[0] == sheet(figures_xlsx(found), "Figures")[0]
    assert column(rows, "percent") == ["60", "50", "", "60", "60", "48", "48", "70"]


def test_small_numbers_stay_hidden(found: Findings) -> None:
    first = replace(
        found.areas[0],
        places={"Chronology": None, "Report": 12},
        teams={"East": None, "West": Counts(met=9, not_met=5)},
    )
    document = replace(found, areas=(first,), teams={"East": None, "West": 14})
    content = figures_xlsx(document)
    figures = sheet(content, "Figures")
    assert (column(figures, "place: Chronology"), column(figures, "place: Report")) == (["hidden"], [12])
    assert [row[2:] for row in sheet(content, "By team")[1:]] == [
        ["East", "hidden", "hidden", "hidden", "hidden"],
        ["West", 9, 5, 0, 0],
    ]


def test_there_is_no_sheet_by_team_where_no_team_may_be_shown(found: Findings) -> None:
    content = figures_xlsx(replace(found, areas=tuple(replace(area, teams={}) for area in found.areas)))
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == [
        "Figures",
        "How many of each",
        "About",
    ]


def test_the_file_says_of_which_cycle_and_with_which_cautions(found: Findings) -> None:
    about = sheet(figures_xlsx(found), "About")
    told = {what: value for what, value in about if what != "caution"}
    assert told["cycle"] == "2010-1"
    assert told["cut-off date"] == found.cut_off_on
    assert told["audit tool"] == found.tool
    assert (told["requested"], told["returned"]) == (29, 26)
    assert [value for what, value in about if what == "caution"] == list(found.cautions)


def test_a_key_area_named_like_a_formula_is_only_its_name(found: Findings) -> None:
    areas = tuple(replace(found.areas[0], name=formula) for formula in FORMULAS[:20])
    named = csv.reader(io.StringIO(figures_csv(replace(found, areas=areas)).decode("utf-8-sig"), newline=""))
    assert all(row[1].startswith("'") for row in list(named)[1:])


def test_a_place_that_only_another_key_area_has_is_nought() -> None:
    areas = an_area("Child seen", places={"ICS": 20}), an_area("Plan", places={"Paper file": None})
    heading, seen, plan = csv.reader(io.StringIO(figures_csv(the_findings(*areas)).decode("utf-8-sig")))
    assert heading[-2:] == ["place: ICS", "place: Paper file"]
    assert seen[-2:] == ["20", "0"]
    assert plan[-2] == "0"
    assert plan[-1] not in ("0", "")
