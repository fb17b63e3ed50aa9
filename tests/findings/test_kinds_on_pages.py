"""Questions of every kind on the page of findings, in files, over time, and in old snapshots."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from app.audits.cycle import Cycle
from app.commands import main
from app.database import db, transaction
from app.findings.document import Findings
from app.findings.files import figures_csv, figures_xlsx
from app.findings.freezing import findings_of, keep
from app.findings.models import Snapshot
from app.people.models import Person
from app.tools.conditions import Condition
from app.tools.content import (
    CATEGORY,
    DAYS,
    EXCLUDED,
    GRADE,
    MET,
    NEITHER,
    NOT_FOUND,
    NOT_MET,
    WITHIN,
    Asked,
    Ceiling,
    Content,
    Limit,
    Part,
    Scale,
)
from tests.factories import a_person
from tests.findings.any_tool import ON, Form, Told, written
from tests.findings.test_findings_page import rows_of
from tests.history.tampered import drop_triggers
from tests.pages import opened, visible

GRADES = ("outstanding", "good", "requires improvement", "inadequate")
GRADE_SCALE = Scale(
    "grade", tuple((name, MET if at < 2 else NOT_MET) for at, name in enumerate(GRADES)), GRADE
)
WHO_SCALE = Scale("who", tuple((name, NEITHER) for name in ("consultant", "trainee", "CMO")), CATEGORY)
WOUNDS_SCALE = Scale(
    "wounds", (*((name, NEITHER) for name in ("cut", "burn", "bruise")), ("none", EXCLUDED)), CATEGORY, True
)
EVIDENCE_SCALE = Scale("evidence", (("yes", MET), ("no", NOT_MET), ("not applicable", EXCLUDED)))

TOOL = Content(
    reference="monthly",
    version=1,
    title="Monthly case audit",
    minimum_answered=0.8,
    minimum_count=10,
    scales=(EVIDENCE_SCALE, GRADE_SCALE, WHO_SCALE, WOUNDS_SCALE),
    sections=(
        Part(
            "Practice",
            (
                Asked("risk", "Risk assessment", "Grade?", "grade", expected_level=40),
                Asked("who", "Who made the assessment", "Who?", "who"),
                Asked("wounds", "Type of injury", "Which?", "wounds"),
                Asked("met", "Meeting held", "Was it?", "evidence"),
                Asked(
                    "days",
                    "Days to the meeting",
                    "When?",
                    answer=DAYS,
                    from_label="Referral",
                    to_label="Meeting",
                    counted_in="calendar",
                    met_up_to=10,
                    applies_if=Condition("met", ("yes",)),
                ),
            ),
        ),
        Part(
            "Overall",
            (Asked("overall", "Overall grade", "Overall?", "grade", at_most=Ceiling(("inadequate",), 10)),),
        ),
    ),
    overall="overall",
    limits=(Limit(("inadequate",), (), "requires improvement"),),
)
TOOK = (3, 5, 8, 13, 21, 34)
"""The days of rules 9."""


def spread(counts: tuple[int, ...], responses: tuple[str, ...]) -> list[str]:
    return [name for name, count in zip(responses, counts, strict=True) for _ in range(count)]


def sixty(overall: tuple[int, ...] = (0, 16, 30, 14)) -> list[Form]:
    """60 returned audits; the meeting of 8 was held, of 2 of them the day of it was not found."""
    overalls = spread(overall, GRADES)
    risks = spread((1, 17, 28, 14), GRADES)
    people = spread((21, 6, 33), ("consultant", "trainee", "CMO"))
    forms = []
    for number in range(60):
        answers = {
            "overall": Told((overalls[number],)),
            "risk": Told((risks[number],)),
            "who": Told((people[number],)),
            "wounds": Told(("none",) if number >= 40 else ("cut", "bruise") if number < 25 else ("bruise",)),
            "met": Told(("yes" if number < 8 else "no" if number < 50 else "not applicable",)),
        }
        if number < 6:
            took = TOOK[number]
            answers["days"] = Told((WITHIN if took <= 10 else "outside the limit",), float(took))
        elif number < 10:  # of two of these the meeting was not held: they do not count
            answers["days"] = Told((NOT_FOUND,))
        forms.append(Form(ON, "Crewe", answers))
    return forms


@pytest.fixture
def leader(sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]) -> FlaskClient:
    clock_at(ON)
    return sign_in(a_person("Harriet Somebody", roles=["leader"]))


def audited(tool: Content = TOOL, forms: list[Form] | None = None, **facts: Any) -> Cycle:
    cycle = written(tool, forms or sixty(), hide_up_to=4)
    with transaction():
        for name, value in facts.items():
            setattr(cycle, name, value)
    return cycle


PAGE = "/cycles/any-1/findings"


@pytest.mark.parametrize(
    ("facts", "inadequate"),
    [
        ({}, "14 of 60 inadequate: 23% (14% to 35%)"),
        ({"selection": "random", "population": 2400}, "14 of 60 inadequate: 23% (15% to 35%)"),
        ({"selection": "whole population"}, "14 of 60 inadequate: 23%"),
    ],
)
def test_the_overall_grade_is_the_first_picture_with_its_ceiling(
    leader: FlaskClient, facts: dict[str, Any], inadequate: str
) -> None:
    audited(**facts)
    page = opened(leader, PAGE)
    first = page.index("<svg")
    assert 'class="pa-grade-bar"' in page[first : first + 100]
    said = "From best to worst: outstanding 0, good 16, requires improvement 30, inadequate 14"
    assert f'aria-label="{said}"' in page[first : first + 400]
    words = visible(page)
    assert words.index("Overall grade") < words.index("Key areas Each figure")
    assert f"{inadequate}. Expected no more than 10% inadequate: above" in words
    rows = rows_of(page, "Overall grade, how many of each")
    assert [row[:3] for row in rows[1:5]] == [
        ["Outstanding", "0", "0%"],
        ["Good", "16", "27%"],
        ["Requires improvement", "30", "50%"],
        ["Inadequate", "14", "23%"],
    ]
    assert [row[:2] for row in rows[5:]] == [["Not applicable", "0"], ["Not answered", "0"]]
    # grades better than requires improvement where the risk assessment is inadequate
    assert "an overall grade above the limit of the audit tool" not in words


def test_grades_above_their_limit_are_counted(leader: FlaskClient) -> None:
    forms = sixty()
    forms[0] = replace(forms[0], answers={**forms[0].answers, "risk": Told(("inadequate",))})
    audited(forms=forms)
    assert "1 audit has an overall grade above the limit of the audit tool." in visible(opened(leader, PAGE))


def test_a_ceiling_of_exactly_10_per_cent_is_kept(leader: FlaskClient) -> None:
    audited(forms=sixty((0, 16, 38, 6)))
    page = opened(leader, PAGE)
    assert "6 of 60 inadequate: 10% (5% to 20%). Expected no more than 10% inadequate: within" in visible(
        page
    )
    assert "pa-level--kept" in page
    words = visible(page)
    assert "Outside the expected level: Risk assessment, 18 of 60 (30%), expected at least 40%." in words


def test_a_share_just_outside_its_level_does_not_read_as_the_level(
    app: Flask, leader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSTANCE_PATH", str(app.extensions["settings"].instance_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    grades = spread((0, 16, 10, 3), GRADES)
    forms = [Form(ON, "Crewe", {"overall": Told((grade,))}) for grade in grades]
    audited(replace(TOOL, sections=TOOL.sections[1:], limits=()), forms)
    share = "3 of 29 inadequate: 10.3% (4% to 26%)"
    page = opened(leader, PAGE)
    words = visible(page)
    assert f"{share}. Expected no more than 10% inadequate: above" in words
    assert f"Outside the expected level: Overall grade, {share}, expected no more than 10%" in words
    assert [row[2] for row in rows_of(page, "Overall grade, how many of each")[4:5]] == ["10.3%"]
    assert "Inadequate 3 (10.3%, 4% to 26%)" in words
    told = CliRunner().invoke(main, ["findings", "any-1"], catch_exceptions=False).output
    assert f"{share}, expected no more than 10% inadequate: above" in told


def test_every_kind_has_how_many_of_each_and_then_the_rest(leader: FlaskClient) -> None:
    audited()
    page = opened(leader, PAGE)
    rows = {row[0]: row[1:] for row in rows_of(page, "Key areas")}
    the_others = "Requires improvement 28 (47%, 35% to 59%) Inadequate 14 (23%, 14% to 35%)"
    risk = rows["Risk assessment Below expected 40%"]
    assert (risk[0], risk[2:]) == (
        "18 of 60 (30%) 20% to 43%",
        [f"Outstanding 1 (2%, 0% to 9%) Good 17 (28%, 19% to 41%) {the_others}", "0", "0"],
    )
    assert rows["Who made the assessment"] == [
        "60 answers",
        "",
        "Consultant 21 (35%, 24% to 48%) Trainee 6 (10%, 5% to 20%) CMO 33 (55%, 42% to 67%)",
        "0",
        "0",
    ]
    assert rows["Type of injury"][2:] == [
        "Cut 25 (63%, 47% to 76%) Burn 0 (0%, 0% to 9%) Bruise 40 (100%, 91% to 100%)",
        "20",
        "0",
    ]
    middle = "6 answers, median 10.5 days, middle half from 5.75 to 19 days"
    assert rows["Days to the meeting Asked in 8 of 60 audits"] == [
        "3 of 8",
        "Result not shown: answered in 8 of 8 audits where it applied, fewer than 10 answers",
        f"Within the limit 3, outside the limit 3, not found 2 {middle}",
        "52",
        "0",
    ]
    words = visible(page)
    assert words.count("percentages may add up to more than 100%") == 1
    assert "A question without “met” and “not met” has no figure" in words
    assert "Who made the assessment" not in words[words.index("By team") :]


def test_a_tool_of_grades_alone_says_nothing_of_other_kinds(leader: FlaskClient) -> None:
    only = replace(TOOL, sections=TOOL.sections[1:])
    forms = [replace(form, answers={"overall": form.answers["overall"]}) for form in sixty()]
    audited(only, forms)
    words = visible(opened(leader, PAGE))
    for unsaid in (
        "evidence",
        "Evidence",
        "without “met”",
        "quartile",
        "more than 100%",
        "To protect privacy",
    ):
        assert unsaid not in words


def test_categories_alone_have_no_charts_and_with_few_answers_no_percentages(leader: FlaskClient) -> None:
    who = replace(TOOL.sections[0], questions=TOOL.sections[0].questions[1:2])
    tool = replace(TOOL, sections=(who,), overall=None, limits=())
    audited(tool, [Form(ON, "Crewe", {"who": Told(("CMO",))}), Form(ON, "Crewe", {})])
    heading, row = rows_of(opened(leader, PAGE), "Key areas")
    assert heading == ["Key area", "Figure", "How many of each", "Not applicable", "Not answered"]
    assert row[1:] == [
        "1 answer",
        "Consultant 0 Trainee 0 CMO 1 Percentages not shown: answered in 1 of 2 audits where it applied",
        "0",
        "1",
    ]


def figures(content: bytes, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()


def found(cycle: Cycle) -> Findings:
    return findings_of(cycle, ON)


def test_files_have_each_response_each_level_and_the_middle_in_cells_of_their_own(app: Flask) -> None:
    document = found(audited())
    rows = list(csv.DictReader(io.StringIO(figures_csv(document).decode("utf-8-sig"))))
    by_key = {row["question"]: row for row in rows}
    overall = by_key["overall"]
    assert [overall[f"response: {grade}"] for grade in GRADES] == ["0", "16", "30", "14"]
    assert (overall["expected_percent"], overall["at_most_percent"], overall["at_most_of"]) == (
        "",
        "10",
        "inadequate",
    )
    assert (overall["level_kept"], by_key["risk"]["level_kept"], by_key["who"]["level_kept"]) == (
        "no",
        "no",
        "",
    )
    assert (by_key["who"]["met"], by_key["who"]["answered"], by_key["who"]["percent"]) == ("", "60", "")
    assert by_key["who"]["response: good"] == ""
    days = by_key["days"]
    assert [days[name] for name in ("median", "lower_quartile", "upper_quartile", "unit")] == [
        "10.5",
        "5.75",
        "19.0",
        "days",
    ]
    assert (days["kind"], days["asked_in"], days["response: not found"]) == ("days", "8", "2")
    sheet = figures(figures_xlsx(document), "How many of each")
    assert [row[2:] for row in sheet if row[0] == "overall"][3:] == [
        ["inadequate", "not met", 14, 23, 14.4, 35.4],
        ["not applicable", "", 0, "", "", ""],
        ["not answered", "", 0, "", "", ""],
    ]
    about = dict(figures(figures_xlsx(document), "About")[1:])
    assert about["overall grade"] == "Overall grade"


def test_over_time_a_category_has_how_many_of_each_and_no_figure(leader: FlaskClient) -> None:
    audited()
    words = visible(opened(leader, "/findings/over-time?question=who"))
    assert "This question has no figure: no answer counts as met or not met." in words
    assert "Consultant 21 (35%, 24% to 48%), trainee 6" in words
    assert "vidence" not in words
    page = opened(leader, "/findings/over-time?question=overall")
    assert "Overall grade: graded outstanding or good, by cycle" in page
    assert "requires improvement 30 (50%, 38% to 62%), inadequate 14 (23%, 14% to 35%)" in visible(page)


def test_a_snapshot_from_before_responses_were_counted_opens_and_says_so_once(leader: FlaskClient) -> None:
    cycle = audited(closed_on=ON, cut_off_on=ON, frozen_on=ON)
    keep(cycle)
    with transaction():
        snapshot = db.session.get_one(Snapshot, cycle.id)
        content = json.loads(snapshot.findings)
        for name in ("unit", "overall", "above_limit"):
            del content[name]
        known = (
            "question",
            "name",
            "figure",
            "places",
            "expected_level",
            "teams",
            "context",
            "no_reason_given",
        )
        content["areas"] = [
            {name: area[name] for name in known} for area in content["areas"] if area["question"] != "who"
        ]
        drop_triggers(db.session.connection())
        snapshot.findings = json.dumps(content)
    words = visible(opened(leader, PAGE))
    assert words.count("frozen before responses were counted") == 1
    assert "graded outstanding or good" in words
    assert "18 of 60 (30%)" in words
    assert "response: good" not in figures_csv(found(cycle)).decode()
