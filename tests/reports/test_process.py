"""The sentences on the auditing itself, each by itself."""

from typing import Any

import pytest

from app.audits.returns import Returns
from app.findings.agreement import Agreement
from app.findings.key_area import Share, Split
from app.reports import process
from app.reports.facts import Material, ToolChange, Work
from app.reports.paper import Bullets, Paragraph, Part, Table
from tests.reports.cases import a_material, an_area, the_findings


def text(parts: list[Part]) -> list[str]:
    return [part.text for part in parts if isinstance(part, Paragraph)]


def of(*areas: Any, **told: Any) -> Material:
    return a_material(findings=the_findings(*(areas or (an_area("Child seen"),)), **told))


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        ((30, 40, 50, 60), None),  # four forms are too few
        (
            (30, 40, 50, 60, 90),
            (
                "Half of the 5 audits with a time recorded took 50 minutes or less. The shortest "
                "took 30 minutes and the longest 90."
            ),
        ),
        (
            (30, 40, 50, 61, 90, 1200),  # 55.5 is half up
            (
                "Half of the 6 audits with a time recorded took 56 minutes or less. The shortest "
                "took 30 minutes and the longest 1,200."
            ),
        ),
    ],
)
def test_the_time_is_told_from_five_forms_on(minutes: tuple[int, ...], said: str | None) -> None:
    assert process.time_taken(a_material(an_area("Child seen"), work=Work(minutes=minutes))) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, None),
        (1, "1 form says what was difficult to find in the records."),
        (2, "2 forms say what was difficult to find in the records."),
    ],
)
def test_forms_that_say_what_was_hard_to_find_are_counted(number: int, said: str | None) -> None:
    assert process.hard_to_find(a_material(work=Work(hard_to_find=number))) == said


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        ((an_area("A"), an_area("B")), "Auditors left no questions blank."),
        ((an_area("A", not_answered=1), an_area("B")), "The blank answer is on “A”."),
        ((an_area("A", not_answered=2), an_area("B")), "Both blank answers are on “A”."),
        ((an_area("A"), an_area("B", 60, 10, not_answered=17)), "All 17 blank answers are on “B”."),
        (
            (an_area("A", not_answered=1), an_area("B", not_answered=2)),
            "2 of the 3 blank answers are on “B”.",
        ),
    ],
)
def test_the_question_with_most_blanks_is_named(areas: tuple[Any, ...], said: str) -> None:
    assert said in text(process.missing(of(*areas)))[0]


def test_blanks_that_leave_no_result_are_told_with_the_result_alone() -> None:
    assert process.missing(of(an_area("A", not_answered=1), an_area("B", 5, 4, not_answered=17))) == []


@pytest.mark.parametrize(
    ("graded", "no_reason", "said"),
    [
        (0, 0, None),
        (1, 0, "The one grade has a reason."),
        (2, 0, "Each of the 2 grades has a reason."),
        # the grades without one are a caution
        (1, 1, None),
        (3, 2, None),
    ],
)
def test_it_is_told_when_each_grade_has_a_reason(graded: int, no_reason: int, said: str | None) -> None:
    area = an_area("Plan", graded, 0, no_reason_given=no_reason, question="plan", kind="grade")
    material = a_material(an_area("Child seen"), area)
    told = text(process.missing(material))[0]
    assert told == " ".join(filter(None, ["Auditors left no questions blank.", said]))


def test_without_returns_the_tool_taught_nothing() -> None:
    none = of(returns=Returns(3))
    assert (process.missing(none), process.tool(none), process.context(none), process.agreement(none)) == (
        [],
        [],
        [],
        [],
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (None, []),
        (
            (),
            [Paragraph("A newer version of the audit tool has been published. It asks the same questions.")],
        ),
        (
            (ToolChange("reworded", "Child seen"), ToolChange("title changed", None)),
            [
                Paragraph("A newer version of the audit tool has been published, with these changes:"),
                Bullets(("Child seen: reworded", "title changed")),
            ],
        ),
    ],
)
def test_changes_of_the_tool_are_listed(changes: tuple[ToolChange, ...] | None, said: list[Part]) -> None:
    assert process.tool_changes(a_material(tool_changes=changes)) == said


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ({}, None),
        # one team says nothing of the others
        ({"Crewe": "ICS"}, ""),
        (
            {"Crewe": "ICS", "Nantwich": "ICS"},
            "The evidence of these teams was found most often in the same place.",
        ),
        (
            {"Crewe": "ICS", "Nantwich": "Paper file"},
            "The evidence of these teams was found most often in different places.",
        ),
    ],
)
def test_the_main_places_of_teams_are_told(places: dict[str, str], said: str | None) -> None:
    parts = process.main_places(of(main_places=places, teams={"Crewe": 2600, "Nantwich": None}))
    assert bool(parts) is (said is not None)
    if said is not None:
        assert text(parts[:-1]) == ([said] if said else [])
        table = parts[-1]
        assert isinstance(table, Table)
        assert table.rows == tuple(
            (team, place, "2,600" if team == "Crewe" else "0") for team, place in places.items()
        )
        assert table.numbers == (2,)


@pytest.mark.parametrize(
    ("factors", "left_out", "said"),
    [
        # of audits from a file nobody knows
        ({}, (), []),
        (
            {"vacancy": 9},
            (),
            [("Auditors recorded the context below. It does not show what caused the results.")],
        ),
        (
            {"vacancy": 9},
            ("new manager",),
            [
                "Auditors recorded the context below. It does not show what caused the results.",
                "Recorded, but with numbers hidden to protect privacy: new manager.",
            ],
        ),
        (
            {},
            ("new manager", "vacancy"),
            [
                (
                    "Recorded, but with numbers hidden to protect privacy: new manager, vacancy. "
                    "This context does not show what caused the results."
                )
            ],
        ),
    ],
)
def test_context_is_told_as_no_cause(
    factors: dict[str, int], left_out: tuple[str, ...], said: list[str]
) -> None:
    found = text(process.context(of(factors=factors, factors_left_out=left_out)))
    assert len(found) == len(said)
    assert all(line.startswith(begins) for line, begins in zip(found, said, strict=True))


@pytest.mark.parametrize(
    ("hide_up_to", "rare", "said"),
    [
        (4, {"new manager", "vacancy"}, "Recorded for fewer than 5 cases: new manager, vacancy."),
        (2, {"new manager", "vacancy"}, "Recorded for fewer than 3 cases: new manager, vacancy."),
        (
            4,
            {"vacancy"},
            (
                "Recorded for fewer than 5 cases: vacancy. Recorded, but with numbers hidden to protect "
                "privacy: new manager."
            ),
        ),
    ],
)
def test_context_of_few_cases_is_told_by_the_threshold_of_the_cycle(
    hide_up_to: int, rare: set[str], said: str
) -> None:
    findings = the_findings(
        an_area("Child seen"), factors_left_out=("new manager", "vacancy"), hide_up_to=hide_up_to
    )
    told = text(process.context(a_material(findings=findings, rare_factors=rare)))
    assert told == [f"{said} This context does not show what caused the results."]


@pytest.mark.parametrize(("areas", "is_table"), [(30, True), (31, False)])
def test_thirty_rows_with_and_without_a_factor_are_the_most(areas: int, is_table: bool) -> None:
    split = {"vacancy": Split(Share(5, 9), Share(8, 17))}
    found = process.context(
        of(*(an_area(f"Area {n}", context=split) for n in range(areas)), factors={"vacancy": 9})
    )
    tables = [part for part in found if isinstance(part, Table)]
    assert bool(tables) is is_table
    if is_table:
        assert tables[0].rows[0] == ("Area 0", "vacancy", "5 of 9", "8 of 17")
        assert tables[0].numbers == (2, 3)
        assert tables[0].caption == "Evidence found with and without a context factor, if both can be shown"
    else:
        assert text(found)[-1].startswith("The findings in the service show each key area")


def test_a_grade_with_and_without_a_factor_is_no_evidence() -> None:
    grade = an_area("Risk", kind="grade", context={"vacancy": Split(Share(5, 9), Share(8, 17))})
    [table] = [part for part in process.context(of(grade, factors={"vacancy": 9})) if isinstance(part, Table)]
    assert table.caption == "Results with and without a context factor, if both can be shown"


@pytest.mark.parametrize(
    ("agreed", "said"),
    [
        # of audits that files brought, nobody knows what was not done
        (Agreement(), None),
        (
            Agreement(unconfirmed=25, returned_here=25),
            (
                "None of the 25 audits returned in this service has been confirmed by the second auditor. "
                "No audits were moderated by a third person."
            ),
        ),
        (
            Agreement(unconfirmed=1, returned_here=1),
            (
                "The audit returned in this service has not been confirmed by the second auditor. "
                "No audits were moderated by a third person."
            ),
        ),
        (
            Agreement(20, 0, 4, 0, unconfirmed=5, confirmed_here=20, returned_here=25),
            (
                "The second auditor confirmed 20 of 25 audits and did not disagree in any of them. "
                "A moderator reviewed 4 of 25 audits. No grades were changed."
            ),
        ),
        (
            Agreement(20, 2, 4, 1, unconfirmed=0, returned_here=5),
            (
                "The second auditor confirmed 20 audits and disagreed with something in 2 audits. "
                "A moderator reviewed 4 of 25 audits. A grade was changed in 1 audit."
            ),
        ),
        # a file cannot say where the second differed
        (
            Agreement(20, 0, unconfirmed=5, confirmed_here=19, returned_here=24),
            ("The second auditor confirmed 20 of 25 audits. No audits were moderated by a third person."),
        ),
        (Agreement(20), "The second auditor confirmed 20 audits."),
        # without a second auditor, nothing is said of one
        (Agreement(returned_here=25), "No audits were moderated by a third person."),
    ],
)
def test_agreement_is_told(agreed: Agreement, said: str | None) -> None:
    assert text(process.agreement(of(agreement=agreed))) == ([said] if said else [])


def test_where_views_differed_is_listed() -> None:
    areas = (
        an_area("A"),
        an_area("B", differed=1),
        an_area("C", changed=2),
        an_area("D", differed=2, changed=1),
    )
    assert process.agreement(of(*areas))[-1] == Bullets(
        (
            "B: the second auditor disagreed in 1 audit",
            "C: the moderator changed 2 answers",
            "D: the second auditor disagreed in 2 audits and the moderator changed 1 answer",
        )
    )
