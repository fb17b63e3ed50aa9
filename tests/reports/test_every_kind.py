"""A cycle with questions of every kind, from its files to each report as Word: what is said, and drawn."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from flask import Flask
from sqlalchemy import select

from app.answers.importing import import_answers
from app.answers.models import Answer
from app.audit_files.audits import import_audits
from app.cycles import queries
from app.cycles.importing import import_cycle
from app.database import db, transaction
from app.findings.freezing import freeze_closed
from app.people.importing_staff import import_staff
from app.reports.formats import rendered
from app.reports.making import report_of
from app.reports.paper import Audience, Paper
from app.tools.importing import import_tool
from app.tools.models import Question
from tests.findings.conftest import taken_in

ON = date(2026, 9, 30)
AUDITS = 12
TOOL = """
[tool]
reference = "supervision"
title = "Supervision"
version = 1
unit = "supervision file"
minimum_answered = 0.8
minimum_count = 10
overall = "overall"

[scales.grade]
"outstanding" = "met"
"good" = "met"
"requires improvement" = "not met"
"inadequate" = "not met"

[scales.where]
kind = "category"
several = true
[[scales.where.response]]
name = "office"
[[scales.where.response]]
name = "at home"
[[scales.where.response]]
name = "on the phone"

[[section]]
title = "All"

[[section.question]]
key = "where"
key_area = "Where they met"
text = "Where did they meet?"
scale = "where"

[[section.question]]
key = "days"
key_area = "Days between meetings"
text = "When did they meet?"
answer = "days"
from_label = "Meeting"
to_label = "Next meeting"
counted_in = "calendar"
met_up_to = 30

[[section.question]]
key = "overall"
key_area = "Overall grade"
text = "How good is supervision?"
scale = "grade"
at_most = { response = ["inadequate"], percent = 10 }

[[section.question]]
key = "plan"
key_area = "Plan"
text = "How good is the plan?"
scale = "grade"

[[limit]]
if_any = ["inadequate"]
at_most = "requires improvement"
"""
CYCLE = """
[cycle]
reference = "2026-3"
title = "Summer"
theme = "Supervision"
tool = "supervision"
requested_on = 2026-07-01
due_on = 2026-08-28
closed_on = 2026-08-31
selection = "random"
auditors = 1
"""
GRADES = ["outstanding"] + 5 * ["good"] + 3 * ["requires improvement"] + 3 * ["inadequate"]
PLANS = 3 * ["inadequate"] + 9 * ["good"]
PLACES = 6 * ["office"] + 4 * ["at home;on the phone"] + 2 * ["at home"]


@pytest.fixture
def report(app: Flask, tmp_path: Path) -> Callable[[Audience], Paper]:
    references = [f"SV-{number:03}" for number in range(1, AUDITS + 1)]
    files = {
        "staff.csv": "email,name,roles\nann@council.example,Ann Lee,auditor\n",
        "tool.toml": TOOL,
        "cycle.toml": CYCLE,
        "audits.csv": "reference,case_reference,team,lead_auditor,returned_on\n"
        + "".join(f"{ref},6{ref[3:]},Crewe,ann@council.example,2026-08-20\n" for ref in references),
        "answers.csv": "audit_reference,question,response,comment\n"
        + "".join(
            f"{ref},where,{place},\n{ref},days,2026-05-01/2026-05-{6 + 2 * number:02},\n"
            f"{ref},overall,{grade},Because\n{ref},plan,{plan},Because\n"
            for number, (ref, place, grade, plan) in enumerate(
                zip(references, PLACES, GRADES, PLANS, strict=True)
            )
        ),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    taken_in(import_staff(tmp_path / "staff.csv"))
    taken_in(import_tool(tmp_path / "tool.toml"))
    taken_in(import_cycle(tmp_path / "cycle.toml"))
    taken_in(import_audits(tmp_path / "audits.csv", on=ON, cycle="2026-3"))
    taken_in(import_answers(tmp_path / "answers.csv"))
    with transaction():
        overall = db.session.scalars(select(Question.id).where(Question.key == "overall")).one()
        answers = db.session.scalars(select(Answer).where(Answer.question_id == overall).order_by(Answer.id))
        # two of the three above the limit, and one that is not
        for answer, reason in zip(answers, ("New worker", "Put right", " ", "Kept by mistake"), strict=False):
            answer.above_limit_because = reason.strip() or None
    freeze_closed(ON)

    def made(audience: Audience) -> Paper:
        cycle = queries.found("2026-3")
        assert cycle is not None
        return report_of(cycle, audience, ON, None)

    return made


def word(paper: Paper) -> WordDocument:
    return Document(io.BytesIO(rendered(paper, ".docx")))


def alternatives(document: WordDocument) -> list[str]:
    """Return the alternative texts of the pictures, in order."""
    return [str(picture.get("descr")) for picture in document.element.iter(qn("wp:docPr"))]


FIRST = (
    "Of 12 audits, 1 was graded outstanding, 5 good, 3 requires improvement and 3 inadequate (25%, 9% to "
    "53%), above the council’s ceiling of 10%. Audits above the limit of the overall grade: 3, 2 "
    "with a reason."
)
BAR = (
    "A bar shows how many audits got each grade, from best to worst. Overall grade: outstanding 1, good 5, "
    "requires improvement 3, inadequate 3; expected no more than 10% inadequate."
)


def test_each_report_opens_with_the_overall_grades_in_words_and_as_a_bar(
    report: Callable[[Audience], Paper],
) -> None:
    for audience in Audience:
        paper = report(audience)
        document = word(paper)
        title, first = document.paragraphs[:2]
        assert title.style is not None
        assert (title.style.name, first.text) == ("Title", FIRST)
        assert alternatives(document)[0] == BAR
        before, after = rendered(paper, ".html").decode().split("<dl", maxsplit=1)
        assert FIRST in before
        assert f'aria-label="{BAR}"' in before
        assert FIRST not in after


def test_each_kind_has_its_table(report: Callable[[Audience], Paper]) -> None:
    tables = [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in word(report(Audience.COUNCIL)).tables
    ]
    by_name = {tuple(table[0][:2]): table[1:] for table in tables}
    assert by_name["Answer", "Audits"] == [
        ["Office", "6", "50%", "25% to 75%"],
        ["At home", "6", "50%", "25% to 75%"],
        ["On the phone", "4", "33%", "14% to 61%"],
        ["Not applicable", "0", "", ""],
        ["Not answered", "0", "", ""],
    ]
    assert by_name["Key area", "Outstanding"][0][4] == "3 (25%, 9% to 53%)"
    assert by_name["Key area", "Answers"] == [
        [
            "Days between meetings",
            "12",
            "16 days",
            "10.5 to 21.5 days",
            "12 of 12 (100%, 76% to 100%)",
            "0",
            "0",
            "0",
        ]
    ]
    figures = by_name["Key area", "Result"]
    assert [row[0] for row in figures] == ["Days between meetings", "Overall grade", "Plan"]


def test_words_are_about_what_the_tool_examines_and_a_category_is_no_grade(
    report: Callable[[Audience], Paper],
) -> None:
    for audience in Audience:
        said = "\n".join(paragraph.text for paragraph in word(report(audience)).paragraphs)
        assert "supervision file" in said
        assert "child’s record" not in said
        assert "None" not in said
        graded = [line for line in said.splitlines() if "graded" in line]
        assert not any(place in line for line in graded for place in ("office", "at home"))
