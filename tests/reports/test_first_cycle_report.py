"""The report of the first cycle says all that the council's own said and data can give, in its own words."""

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.reports.paper import Audience, Bullets, Paper, Paragraph, Picture, Table
from tests.findings.conftest import FILES
from tests.reports.cases import all_parts, lines, of, text
from tests.reports.conftest import MEETING

Report = Callable[..., Paper]

FACTS_IN_ORDER = (
    "For: Children and Families Senior Management Team",
    "Date of the meeting: 22 December 2010",
    "What this meeting is asked to do",
    "Decide on 6 recommendations",
    "R1: Accept the findings within the report",
    "R2: Agree to continue the audits with cycle two on Cared for Children post 16",
    "28 February 2011",
    "R3: Report the outcome of the audits to the LSCB",
    "R4: Give Group Managers and Independent Safeguarding Chairs an overview",
    "R5: Establish a steering group",
    "Ingrid Solomon, Principal Manager Safeguarding",
    "R6: Benchmark cycle two",
    "Main points",
    "29 audits were requested. 26 of 29 (90%) were returned by the cut-off date, 17 December 2010",
    "3 audits were not returned: different reasons.",
    "All 3 were followed up",
    "Highest figures",
    "Supervision notes evident on the case record: 16 of 23 (70%)",
    "Core groups held regularly and judged of good quality: 15 of 25 (60%)",
    "Care plan judged to be of good quality: 15 of 25 (60%)",
    "Lowest figures",
    "In 2 of the 7 key areas with a figure, evidence was found in fewer than half of the cases",
    "Complaints information made available for families: 12 of 25 (48%)",
    "Involvement of parents and child at initial assessment: 12 of 25 (48%)",
    "What to keep in mind",
    "It is not known how the cases were chosen",
    "This is the first cycle in this service, so it is the baseline",
    "“Gatekeeping and decision making on file”: answered in 9 of 26 audits where it applied",
    "Findings",
    "Involvement of parents in core groups: 13 of 26 (50%)",
    "Analysis",
    "The ranges of both key areas below half go up to half or more",
    "evidence was found in more than one place in the records",
    "Lessons from the process",
    "Recommendations and actions",
    "Annex A: The figures in full",
    "Core groups held regularly and judged of good quality | 15 of 25 | 60% | 41% to 77%",
    "Involvement of parents in core groups | 13 of 26 | 50% | 32% to 68%",
    "Gatekeeping and decision making on file | 5 of 9 | not shown",
    "Care plan judged to be of good quality | 15 of 25 | 60% | 41% to 77%",
    "Child seen at point of core assessment | 15 of 25 | 60% | 41% to 77%",
    "Complaints information made available for families | 12 of 25 | 48% | 30% to 67%",
    "Involvement of parents and child at initial assessment | 12 of 25 | 48% | 30% to 67%",
    "Supervision notes evident on the case record | 16 of 23 | 70% | 49% to 84%",
    "Where each team records evidence",
    "Annex B: How the audits were done",
    "done by a pair: a Group Manager as lead and an Independent Safeguarding Chair as second auditor",
    "change of social worker, change of team manager, social worker vacancy",
    "Annex C: Recommendations, actions and quick wins",
)
"""The facts in the council's report of 22 December 2010, in the order of ours: first what is asked."""

KEY_AREAS = [
    question["key_area"]
    for section in tomllib.loads((FILES / "tool.toml").read_text(encoding="utf-8"))["section"]
    for question in section["question"]
]

COUNCILS_REPORT = Path(__file__).with_name("first-cycle-report.txt")
"""The council's own, as it was published."""


def test_every_fact_of_the_councils_report_is_in_it_in_its_order(report: Report) -> None:
    said = text(report())
    at = 0
    for fact in FACTS_IN_ORDER:
        found = said.find(fact, at)
        assert found >= 0, f"{fact!r} is not in the report" + (", in this order" if fact in said else "")
        at = found + len(fact)


def test_its_headings_are_those_of_such_papers(report: Report) -> None:
    headings = [section.heading for section in report().sections]
    assert headings == [
        "What this meeting is asked to do",
        "Main points",
        "Background",
        "Findings",
        "Analysis",
        "Lessons from the process",
        "Recommendations and actions",
        "Annex A: The figures in full",
        "Annex B: How the audits were done",
        "Annex C: Recommendations, actions and quick wins",
    ]


def test_the_draft_says_how_many_sections_nobody_has_written_in_yet(report: Report) -> None:
    assert sum(section.only_product for section in report().sections) == 6
    assert report().still_to_write == "2 sections are not written yet"
    assert replace(report(), is_draft=False, number=1).still_to_write is None


def test_context_of_few_cases_is_named_without_its_numbers(report: Report) -> None:
    assert of(report(), "context").splitlines()[1] == (
        "Recorded for fewer than 5 cases: change of social worker, change of team manager, social worker "
        "vacancy. This context does not show what caused the results."
    )


def test_of_what_was_done_later_it_says_nothing_on_the_day_of_the_meeting(report: Report) -> None:
    made = report()
    said = text(made)
    assert "R1: " in of(made, "purpose")
    for later in ("carried out", "accepted", "agreed", "closed effective", "ended"):
        assert later not in said
    assert "All 6 recommendations still need an owner or a due date." in said


def test_what_became_of_it_is_told_later(report: Report) -> None:
    made = report(on=date(2011, 7, 1))
    assert (
        "6 recommendations (all carried out), 7 actions (6 closed effective and 1 closed not effective)"
        in (of(made, "recommendations"))
    )
    assert of(made, "annex-follow-up").count("carried out") == 6


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("on", [MEETING, date(2011, 7, 1)])
def test_no_fact_is_told_twice(report: Report, audience: Audience, on: date) -> None:
    """No sentence comes twice; they tell each figure once, with its bar and its row in a table."""
    made = report(audience, on)
    sentences = [
        sentence
        for part in all_parts(made)
        if isinstance(part, Paragraph | Bullets)
        for line in ((part.text,) if isinstance(part, Paragraph) else part.items)
        for sentence in re.split(r"(?<=[.!?]) (?=[A-Z])", line)
    ]
    assert [sentence for sentence, times in Counter(sentences).items() if times > 1] == []
    rows = [row for part in all_parts(made) if isinstance(part, Table) for row in part.rows]
    drawn = [bar.name for part in all_parts(made) if isinstance(part, Picture) for bar in part.bars]
    for name in KEY_AREAS:
        figures = [said for said in sentences if name in said and re.search(r"\d+ of \d+", said)]
        assert len(figures) <= 1, figures
        with_figure = [row for row in rows if row[0] == name and re.fullmatch(r"\d+ of \d+", row[1])]
        assert len(with_figure) <= 1
        assert drawn.count(name) <= 1
    # why there is no result for gatekeeping
    assert text(made).count("answered in 9 of 26") <= 1
    gatekeeping = [line for line in lines(made) if "Gatekeeping" in line and " shown" in line]
    assert len(gatekeeping) <= 2, gatekeeping
    for row in [*_rows("recommendations.csv"), *_rows("actions.csv")]:
        assert text(made).count(row["text"]) <= 1


def test_the_picture_says_in_words_all_that_it_shows(report: Report) -> None:
    pictures = [
        part
        for section in report().sections
        for below in section.sections
        for part in below.parts
        if isinstance(part, Picture)
    ]
    (picture,) = pictures
    for bar in picture.bars:
        assert bar.name in picture.alternative
        assert bar.said.partition(" (")[0] in picture.alternative
    assert (
        "Core groups held regularly and judged of good quality: 60%, range 41% to 77%" in picture.alternative
    )
    assert [bar.percent for bar in picture.bars] == [60, 50, 60, 60, 48, 48, 70]


@pytest.mark.parametrize("audience", list(Audience))
def test_no_case_number_and_no_auditors_name_is_in_any_report(report: Report, audience: Audience) -> None:
    said = text(report(audience, on=date(2011, 7, 1)))
    for row in _rows("audits.csv"):
        assert row["case_reference"] not in said
        assert row["reference"] not in said
    owners = {row["owner"] for row in _rows("actions.csv")} | {
        row["owner"] for row in _rows("recommendations.csv")
    }
    for person in _rows("staff.csv"):
        if audience is Audience.COUNCIL and person["email"] in owners:
            continue
        assert person["name"] not in said


@pytest.mark.parametrize("audience", [Audience.PARTNERSHIP, Audience.AUDITORS, Audience.STAFF])
def test_no_team_is_in_any_other_report_than_the_councils(report: Report, audience: Audience) -> None:
    said = text(report(audience, on=date(2011, 7, 1))).replace("Cared for Children post 16", "")
    for team in {row["team"] for row in _rows("audits.csv")}:
        assert team not in said


def test_small_numbers_are_hidden_where_the_evidence_was(report: Report) -> None:
    for audience in (Audience.COUNCIL, Audience.PARTNERSHIP):
        said = of(report(audience), "places")
        assert "Supervision notes evident on the case record | 0 | 9 | hidden | hidden" in said
        assert "Gatekeeping and decision making on file |" not in said


def test_reasons_are_told_to_the_council_alone_and_none_that_is_one_persons(report: Report) -> None:
    assert "different reasons" in text(report())
    for audience in (Audience.PARTNERSHIP, Audience.AUDITORS, Audience.STAFF):
        assert "different reasons" not in text(report(audience))
    for audience in Audience:
        assert re.findall("personal reasons|sickness", text(report(audience))) == []


def test_the_page_for_staff_has_three_of_each(report: Report) -> None:
    paper = report(Audience.STAFF)
    assert of(paper, "staff-strengths").splitlines()[1:] == [
        "Supervision notes evident on the case record: found in 16 of 23 cases (70%).",
        (
            "Core groups held regularly and judged of good quality: graded outstanding or good in 15 of 25 "
            "cases (60%)."
        ),
        "Care plan judged to be of good quality: graded outstanding or good in 15 of 25 cases (60%).",
        "1 other key area has the same figure as the last of these.",
    ]
    to_do = of(paper, "staff-do").splitlines()[1:]
    assert [line[:30] for line in to_do] == [
        "Complaints information made av",
        "Involvement of parents and chi",
        "Involvement of parents in core",
    ]
    # the council has not decided where, and where auditors found it is no decision
    assert "Where to record it" not in text(paper)
    assert len(text(paper).split()) < 350


def test_no_sentence_is_the_councils(report: Report) -> None:
    """No eight words in a row, but in what files bring: the names of key areas, and recommendations."""
    from_files = " ".join(_words(" ".join(path.read_text(encoding="utf-8") for path in FILES.glob("*.*"))))
    theirs = _runs(_words(COUNCILS_REPORT.read_text(encoding="utf-8")))
    for audience in Audience:
        for line in lines(report(audience, on=date(2011, 7, 1))):
            for run in _runs(_words(_without_names(line))):
                assert run not in theirs or run in from_files, run


def _rows(name: str) -> list[dict[str, str]]:
    with (FILES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _without_names(line: str) -> str:
    for name in KEY_AREAS:
        line = line.replace(name, "X")
    return line


def _words(said: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", said.lower().replace("’", "'"))


def _runs(words: list[str]) -> set[str]:
    return {" ".join(words[at : at + 8]) for at in range(len(words) - 7)}
