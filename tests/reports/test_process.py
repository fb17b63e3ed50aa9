"""The sentences on the auditing itself, each by itself."""

from typing import Any

import pytest

from app.audits.returns import Returns
from app.findings.document import Agreement, Share, Split
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
                "By the 5 forms that say so, half of the audits took 50 minutes or less; the shortest took "
                "30, the longest 90."
            ),
        ),
        (
            (30, 40, 50, 61, 90, 1200),  # 55.5 is half up
            (
                "By the 6 forms that say so, half of the audits took 56 minutes or less; the shortest took "
                "30, the longest 1,200."
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
        (1, "1 form says what was hard to find in the records."),
        (2, "2 forms say what was hard to find in the records."),
    ],
)
def test_forms_that_say_what_was_hard_to_find_are_counted(number: int, said: str | None) -> None:
    assert process.hard_to_find(a_material(work=Work(hard_to_find=number))) == said


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        ((an_area("A"), an_area("B")), "No question was left blank."),
        ((an_area("A", 0, 0, not_answered=1),), "1 of 1 answer was left blank, on “A”."),
        ((an_area("A", not_answered=1), an_area("B")), "1 of 51 answers was left blank, on “A”."),
        ((an_area("A", not_answered=2), an_area("B")), "2 of 52 answers were left blank, on “A”."),
        (
            (an_area("A", not_answered=1), an_area("B", not_answered=2)),
            "3 of 53 answers were left blank, 2 of them on “B”.",
        ),
    ],
)
def test_blanks_are_counted_with_the_question_that_has_most(areas: tuple[Any, ...], said: str) -> None:
    assert said in text(process.tool(of(*areas)))[0]


@pytest.mark.parametrize(
    ("graded", "no_reason", "said"),
    [
        (0, 0, None),
        (1, 0, "The one grade has its reason."),
        (2, 0, "Each of the 2 grades has its reason."),
        (1, 1, "1 of 1 grade was given without a reason."),
        (3, 2, "2 of 3 grades were given without a reason."),
    ],
)
def test_grades_without_a_reason_are_counted(graded: int, no_reason: int, said: str | None) -> None:
    area = an_area("Plan", graded, 0, no_reason_given=no_reason, question="plan")
    material = a_material(an_area("Child seen"), area, judgements={"plan": ("good",)})
    told = text(process.tool(material))[0]
    assert told == " ".join(filter(None, ["No question was left blank.", said]))


def test_without_returns_the_tool_taught_nothing() -> None:
    none = of(returns=Returns(3))
    assert (process.tool(none), process.context(none), process.agreement(none)) == ([], [], [])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (None, []),
        ((), [Paragraph("A newer version of the audit tool asks the same.")]),
        (
            (ToolChange("reworded", "Child seen"), ToolChange("title changed", None)),
            [
                Paragraph("A newer version of the audit tool has been published. It changes:"),
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
        ({"Crewe": "ICS"}, "For each team that can be told of, most evidence was in the same place."),
        ({"Crewe": "ICS", "Nantwich": "ICS"}, "For each team that can be told of, most evidence was in the"),
        ({"Crewe": "ICS", "Nantwich": "Paper file"}, "Teams keep their evidence in different places."),
    ],
)
def test_the_main_places_of_teams_are_told(places: dict[str, str], said: str | None) -> None:
    parts = process.main_places(of(main_places=places, teams={"Crewe": 2600, "Nantwich": None}))
    assert bool(parts) is (said is not None)
    if said:
        assert text(parts)[0].startswith(said)
        table = parts[1]
        assert isinstance(table, Table)
        assert table.rows == tuple(
            (team, place, "2,600" if team == "Crewe" else "0") for team, place in places.items()
        )
        assert table.numbers == (2,)


@pytest.mark.parametrize(
    ("factors", "left_out", "said"),
    [
        ({}, (), ["No vacancy, change of worker or other context was noted for any case."]),
        ({"vacancy": 9}, (), ["What auditors noted around the cases. It is context, and no cause of what"]),
        (
            {"vacancy": 9},
            ("new manager",),
            [
                "What auditors noted around the cases. It is context, and no cause of what was found:",
                "Also noted, in numbers that cannot be shown without giving away small ones: new manager.",
            ],
        ),
        (
            {},
            ("new manager", "vacancy"),
            [
                (
                    "Noted around some cases, in numbers that cannot be shown without giving away small "
                    "ones: new manager and vacancy. It is context, and no cause of what was found."
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
    else:
        assert text(found)[-1].startswith("The findings in the service show each key area")


@pytest.mark.parametrize(
    ("agreed", "said"),
    [
        (
            Agreement(),
            (
                "No confirmation by the second auditor is recorded for the 25 returned audits. None was "
                "moderated by a third person."
            ),
        ),
        (
            Agreement(20, 0, 4, 0),
            (
                "The second auditor confirmed 20 of 25 returned audits; they saw nothing differently. A "
                "moderator read 4 of 25 again: no grade was changed."
            ),
        ),
        (
            Agreement(20, 2, 4, 1),
            (
                "The second auditor confirmed 20 of 25 returned audits; in 2 they saw something differently. "
                "A moderator read 4 of 25 again: a grade was changed in 1."
            ),
        ),
    ],
)
def test_agreement_is_told(agreed: Agreement, said: str) -> None:
    assert text(process.agreement(of(agreement=agreed))) == [said]


def test_where_views_differed_is_listed() -> None:
    areas = (
        an_area("A"),
        an_area("B", differed=1),
        an_area("C", changed=2),
        an_area("D", differed=2, changed=1),
    )
    assert process.agreement(of(*areas))[-1] == Bullets(
        (
            "B: the second auditor in 1 audit",
            "C: the moderator changed 2 answers",
            "D: the second auditor in 2 audits; the moderator changed 1 answer",
        )
    )
