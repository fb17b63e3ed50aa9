"""The number of each response in reports: overall grades first, bars of grades, categories, numbers."""

from dataclasses import replace
from typing import Any

import pytest

from app.findings.figures import Counts, Minimum, Sample, figure
from app.findings.key_area import KeyArea
from app.findings.numbers import numbers
from app.findings.responses import given
from app.reports import how_many
from app.reports.content import draft
from app.reports.paper import Audience, GradeBar, Grades, Paper, Paragraph, Table, from_json
from app.tools.content import (
    CATEGORY,
    DAYS,
    EVIDENCE,
    MET,
    NEITHER,
    NOT_FOUND,
    NOT_MET,
    OUTSIDE,
    WITHIN,
    Ceiling,
)
from tests.reports.cases import (
    a_graded_area,
    a_material,
    an_area,
    lines,
    of,
    the_findings,
    the_grades,
)

INADEQUATE = Ceiling(("inadequate",), 10)
RANDOM = Sample("random", 2400)


def overall_grade(*numbers_of: int, sample: Sample | None = None, **more: Any) -> KeyArea:
    return a_graded_area("Overall grade", the_grades(*numbers_of), sample, question="overall", **more)


def opening(*areas: KeyArea, **more: Any) -> str:
    findings = the_findings(*areas, overall="overall", **more.pop("findings", {}))
    parts = how_many.overall(a_material(findings=findings, **more))
    return parts[0].text if parts and isinstance(parts[0], Paragraph) else ""


@pytest.mark.parametrize(
    ("area", "said"),
    [
        (
            overall_grade(2, 14, 30, 14, at_most=INADEQUATE),
            (
                "Of 60 audits, 2 were graded outstanding, 14 good, 30 requires improvement and 14 inadequate "
                "(23%, 14% to 35%), above the council’s ceiling of 10%."
            ),
        ),
        (
            overall_grade(2, 14, 30, 14, sample=RANDOM),
            (
                "Of 60 audits, 2 were graded outstanding, 14 good, 30 requires improvement and 14 inadequate "
                "(23%, 15% to 35%)."
            ),
        ),
        (
            # exactly at the ceiling is within it
            overall_grade(0, 54, 0, 6, at_most=INADEQUATE, not_answered=2),
            (
                "Of 62 audits, 0 were graded outstanding, 54 good, 0 requires improvement, 6 "
                "inadequate (10%, 5% to 20%) and 2 not graded, within the council’s ceiling of 10%."
            ),
        ),
        (
            # above the ceiling before rounding, and it reads so
            overall_grade(0, 16, 10, 3, at_most=INADEQUATE),
            (
                "Of 29 audits, 0 were graded outstanding, 16 good, 10 requires improvement and 3 inadequate "
                "(10.3%, 4% to 26%), above the council’s ceiling of 10%."
            ),
        ),
        (
            overall_grade(1, 3, 0, 6, sample=Sample("hand-picked"), expected_level=40),
            (
                "Of 10 audits, 1 was graded outstanding, 3 good, 0 requires improvement and 6 inadequate "
                "(60%). 4 were outstanding or good (40%), at or above the council’s floor of 40%."
            ),
        ),
        (
            overall_grade(2, 14, 30, 14, at_most=Ceiling(("requires improvement", "inadequate"), 50)),
            (
                "Of 60 audits, 2 were graded outstanding, 14 good, 30 requires improvement and 14 "
                "inadequate. 44 were requires improvement or inadequate (73%, 61% to 83%), above the "
                "council’s ceiling of 50%."
            ),
        ),
        (
            # too few answers for a share
            overall_grade(1, 3, 1, 1, at_most=INADEQUATE, not_answered=4),
            (
                "Of 10 audits, 1 was graded outstanding, 3 good, 1 requires improvement, 1 inadequate and 4 "
                "not graded."
            ),
        ),
    ],
)
def test_a_report_opens_with_the_overall_grades(area: KeyArea, said: str) -> None:
    assert opening(area) == said


@pytest.mark.parametrize(
    ("with_reason", "said"), [(3, "3, each with a reason."), (2, "3, 2 with a reason."), (0, "3.")]
)
def test_grades_above_their_limit_are_counted(with_reason: int, said: str) -> None:
    found = {"above_limit": 3, "above_limit_with_reason": with_reason}
    assert opening(overall_grade(2, 14, 30, 14), findings=found).endswith(
        f" Audits above the limit of the overall grade: {said}"
    )


@pytest.mark.parametrize(
    "area",
    [
        an_area("Overall grade", question="overall"),  # frozen before responses were counted
        overall_grade(0, 0, 0, 0, not_answered=12),
        an_area("Another", question="another"),
    ],
)
def test_where_there_is_nothing_to_count_nothing_is_said(area: KeyArea) -> None:
    assert opening(area) == ""


@pytest.mark.parametrize("audience", list(Audience))
def test_every_report_has_the_overall_grades_before_all_else(audience: Audience) -> None:
    area = overall_grade(2, 14, 30, 14, at_most=INADEQUATE)
    paper = draft(a_material(findings=the_findings(area, overall="overall")), audience)
    _sentence, picture = paper.opening
    assert lines(paper)[1] == opening(area)
    assert picture == Grades(
        "Overall grades, from best to worst",
        "A bar shows how many audits got each grade, from best to worst. Overall grade: outstanding 2, good "
        "14, requires improvement 30, inadequate 14; expected no more than 10% inadequate.",
        ("outstanding", "good", "requires improvement", "inadequate"),
        (GradeBar("Overall grade", (2, 14, 30, 14), ("inadequate",), 10),),
    )
    assert from_json(paper.to_json()) == paper


def how_many_of(*areas: KeyArea, **more: Any) -> list[Any]:
    return how_many.parts(the_findings(*areas, **more))


def test_grades_stand_in_bars_and_in_a_table_with_their_shares_and_what_has_no_answer() -> None:
    risk = a_graded_area("Risk", the_grades(1, 17, 27, 15), not_applicable=3, not_answered=1)
    findings = the_findings(risk, overall_grade(2, 14, 30, 14), overall="overall")
    (picture,), (table,) = how_many.bars(findings), how_many.parts(findings)
    assert isinstance(picture, Grades)
    assert isinstance(table, Table)
    assert table.caption == "Number of audits with each grade"
    # the bar of the overall grade opens the report
    assert [bar.name for bar in picture.grade_bars] == ["Risk"]
    assert table.headings == (
        "Key area",
        "Outstanding",
        "Good",
        "Requires improvement",
        "Inadequate",
        "Not applicable",
        "Not answered",
    )
    assert table.rows[0] == (
        "Risk",
        "1 (2%, 0% to 9%)",
        "17 (28%, 19% to 41%)",
        "27 (45%, 33% to 58%)",
        "15 (25%, 16% to 37%)",
        "3",
        "1",
    )


def test_many_graded_key_areas_have_several_pictures() -> None:
    areas = (a_graded_area(f"Area {n}", the_grades(1, 9, 1, 1)) for n in range(21))
    parts = how_many.bars(the_findings(*areas))
    pictures = [part for part in parts if isinstance(part, Grades)]
    assert [(picture.caption, len(picture.grade_bars)) for picture in pictures] == [
        ("Grades from best to worst, 1 to 10 of 21", 10),
        ("Grades from best to worst, 11 to 21 of 21", 11),
    ]


ASSESSORS = {"consultant": (NEITHER, 5), "trainee": (NEITHER, 2), "CMO": (NEITHER, 5)}


def test_a_category_is_counted_and_has_no_bar() -> None:
    area = a_graded_area("Who made the assessment", ASSESSORS, kind=CATEGORY, not_answered=1)
    (table,) = how_many_of(area)
    assert how_many.bars(the_findings(area)) == []
    assert table == Table(
        "Who made the assessment: number of audits with each answer",
        ("Answer", "Audits", "Percentage", "Range"),
        (
            ("Consultant", "5", "42%", "19% to 68%"),
            ("Trainee", "2", "17%", "5% to 45%"),
            ("CMO", "5", "42%", "19% to 68%"),
            ("Not applicable", "0", "", ""),
            ("Not answered", "1", "", ""),
        ),
        (1, 2, 3),
    )


def test_several_answers_of_one_audit_may_add_up_to_more() -> None:
    area = a_graded_area("Injury", ASSESSORS, kind=CATEGORY, several=True)
    _, said = how_many_of(area)
    assert "may add up to more than 100%" in said.text


@pytest.mark.parametrize("audience", list(Audience))
def test_a_category_is_no_grade_no_figure_and_nothing_to_rank(audience: Audience) -> None:
    category = a_graded_area("Who made the assessment", ASSESSORS, kind=CATEGORY)
    said = "\n".join(lines(draft(a_material(findings=the_findings(category)), audience)))
    for untrue in (
        "None,",
        "No figure",
        "not shown",
        "too few",
        "evidence",
        "graded",
        "half",
        "0 of 12",
        " 0%",
        "least",
    ):
        assert untrue not in said
    if audience is not Audience.STAFF:
        assert "onsultant" in said


def test_found_and_not_found_are_told_by_their_figure_alone() -> None:
    yes_or_no = a_graded_area("Voice", {"yes": (MET, 10), "no": (NOT_MET, 5)}, kind=EVIDENCE)
    partly = {"found": (MET, 10), "partly found": (NOT_MET, 3), "not found": (NOT_MET, 5)}
    parts = how_many_of(yes_or_no, a_graded_area("Plan", partly, kind=EVIDENCE))
    (table,) = parts
    assert table.caption == "Plan: number of audits with each answer"


DAYS_TAKEN = (3, 5, 8, 13, 21, 34)


def days(values: tuple[int, ...] = DAYS_TAKEN, *, limit: int | None = 10, not_found: int = 4) -> KeyArea:
    """Days of which some are within a limit, and some audits in which they were not found."""
    within = sum(1 for value in values if limit is not None and value <= limit)
    outside = len(values) - within
    counting: dict[str, str]
    if limit is None:
        counts, counting = Counts(neither=len(values) + not_found), {"given": NEITHER, NOT_FOUND: NEITHER}
        found = {"given": len(values), NOT_FOUND: not_found}
    else:
        counts = Counts(within, outside + not_found, 1, 1)
        counting = {WITHIN: MET, OUTSIDE: NOT_MET, NOT_FOUND: NOT_MET}
        found = {WITHIN: within, OUTSIDE: outside, NOT_FOUND: not_found}
    minimum = Minimum(0.8, 10)
    shown = figure(counts, minimum, Sample(), is_met_or_not=limit is not None)
    return KeyArea(
        "visit",
        "Days to the visit",
        shown,
        {},
        kind=DAYS,
        responses=given(found, counting, shown, Sample()),
        is_met_or_not=limit is not None,
        numbers=numbers([*values], counts, minimum, "working days"),
    )


@pytest.mark.parametrize(
    ("area", "headings", "row"),
    [
        (
            days(),
            ("Key area", "Answers", "Median", "Middle half", "Within the limit", "Not found"),
            (
                "Days to the visit",
                "6",
                "10.5 working days",
                "5.75 to 19 working days",
                "3 of 10 (30%, 11% to 60%)",
                "4",
                "1",
                "1",
            ),
        ),
        (
            days((3, 5), limit=None, not_found=0),
            ("Key area", "Answers", "Median", "Middle half", "Not found"),
            ("Days to the visit", "2", "not shown", "not shown", "0", "0", "0"),
        ),
    ],
)
def test_numbers_have_their_median_and_middle_half(
    area: KeyArea, headings: tuple[str, ...], row: tuple[str, ...]
) -> None:
    (table,) = how_many_of(area)
    assert table.headings == (*headings, "Not applicable", "Not answered")
    assert table.rows == (row,)


def test_a_share_within_the_limit_reads_as_in_the_table_of_figures() -> None:
    # 119 of 149 is 79.9%, which must not read as if the expected 80% were kept
    area = replace(days(tuple(range(1, 120)), limit=119, not_found=30), expected_level=80)
    (table,) = how_many_of(area)
    assert "119 of 149 (79.9%," in table.rows[0][4]


def test_each_kind_is_told_to_auditors_in_a_line() -> None:
    areas = (
        an_area("Voice", not_answered=2),
        a_graded_area("Risk", the_grades(1, 17, 27, 15), not_applicable=3),
        a_graded_area("Who", ASSESSORS, kind=CATEGORY),
        days(),
        days(limit=None),
    )
    paper = draft(a_material(findings=the_findings(*areas)), Audience.AUDITORS)
    assert of(paper, "auditors-found").splitlines()[2:-1] == [
        "Voice: 15 of 25 (60%); 2 not answered",
        (
            "Risk: 18 of 60 (30%) graded outstanding or good; outstanding 1, good 17, requires "
            "improvement 27, inadequate 15; 3 not applicable"
        ),
        "Who: consultant 5, trainee 2, CMO 5",
        (
            "Days to the visit: 3 of 10 (30%) within the limit; 6 answers, median 10.5 working days, "
            "middle half from 5.75 to 19 working days; 4 not found; 1 not applicable; 1 not answered"
        ),
        (
            "Days to the visit: 6 answers, median 10.5 working days, middle half from 5.75 to 19 working "
            "days; 4 not found"
        ),
    ]


def test_an_old_paper_opens_without_overall_grades() -> None:
    paper = draft(a_material(findings=the_findings(an_area("Voice"))), Audience.COUNCIL)
    text = paper.to_json().replace(', "opening": []', "")
    assert "opening" not in text
    assert from_json(text) == paper
    assert isinstance(from_json(text), Paper)
