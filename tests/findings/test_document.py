"""The document of a cycle's findings: what follows from it, and what an older one lacks."""

import json
from dataclasses import replace
from datetime import date

import pytest

from app.audits.returns import Returns
from app.findings.agreement import Agreement
from app.findings.document import Findings, from_json
from app.findings.figures import Counts, Minimum, Sample, figure
from app.findings.key_area import KeyArea, Share, Split


def an_area(met: int = 13, not_met: int = 13, **told: object) -> KeyArea:
    of = figure(Counts(met, not_met), Minimum(0.8, 10), Sample())
    return KeyArea("child_seen", "Child seen", of, **({"places": {}} | told))  # type: ignore[arg-type]


def a_document(*areas: KeyArea) -> Findings:
    return Findings(
        "2010-1", "First", "Child protection", "cp 1", date(2010, 12, 22), None, None, Returns(26, 26), (),
        (), (), areas, 4, {}, {}, {}, (), Agreement(),
    )  # fmt: skip


def test_what_a_later_version_added_is_read_as_nothing() -> None:
    written = json.loads(a_document(an_area()).to_json())
    for name in ("expected_level", "teams", "context", "no_reason_given", "differed", "changed"):
        del written["areas"][0][name]
    written["agreement"] = {}
    written["returns"] = {"requested": 26, "returned": 26}
    read = from_json(json.dumps(written))
    assert read == a_document(an_area())
    [area] = read.areas
    assert (area.expected_level, area.teams, area.context) == (None, None, None)
    assert (area.no_reason_given, area.differed, area.changed) == (0, 0, 0)
    agreement = read.agreement
    assert (agreement.confirmed, agreement.differed, agreement.moderated, agreement.changed) == (0, 0, 0, 0)


def test_a_document_is_read_as_it_was_written() -> None:
    area = an_area(
        places={"ICS": 20, "Paper file": None},
        expected_level=80,
        teams={"Crewe": None, "Nantwich": Counts(9, 7)},
        context={"vacancy": Split(Share(5, 9), Share(8, 17))},
        differed=2,
    )
    written = replace(
        a_document(area, an_area(12, 14), an_area(4, 5)),
        frozen_on=date(2011, 1, 4),
        reasons=(("sickness", 2), ("leave", 1)),
        cautions=("The cases were hand-picked.",),
        teams={"Crewe": None, "Nantwich": 16},
        main_places={"Crewe": "ICS"},
        factors={"vacancy": 9},
        factors_left_out=("new manager",),
        agreement=Agreement(20, 2, 4, 1),
    )
    assert from_json(written.to_json()) == written


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, ""),
        ({"differed": 2}, "the second auditor disagreed in 2 audits"),
        ({"changed": 1}, "the moderator changed 1 answer"),
        ({"no_reason_given": 3}, "no reason given for 3 grades"),
        (
            {"differed": 2, "changed": 1, "no_reason_given": 3},
            (
                "the second auditor disagreed in 2 audits, the moderator changed 1 answer, "
                "no reason given for 3 grades"
            ),
        ),
    ],
)
def test_how_far_people_agreed_is_noted_where_they_did_not(told: dict[str, int], said: str) -> None:
    area = an_area(**told)
    assert area.agreement_in_words == said
    assert area.is_noted is bool(said)


@pytest.mark.parametrize(
    ("area", "below_expected", "below_half"),
    [
        (an_area(), False, False),  # without a level nothing is expected; half is not below half
        (an_area(expected_level=50), False, False),
        (an_area(expected_level=51), True, False),
        (an_area(12, 13), False, True),
        (an_area(12, 13, expected_level=0), False, True),
    ],
)
def test_below_is_strict(area: KeyArea, below_expected: bool, below_half: bool) -> None:
    assert area.is_outside_expected is below_expected
    assert area.is_below_half is below_half


@pytest.mark.parametrize(
    ("teams", "shows"),
    [
        (None, False),
        ({}, False),
        ({"Crewe": None, "Nantwich": None}, False),
        ({"Crewe": None, "Nantwich": Counts(9, 7)}, True),
    ],
)
def test_teams_are_shown_where_one_of_them_can_be(
    teams: dict[str, Counts | None] | None, shows: bool
) -> None:
    assert an_area(teams=teams).shows_teams is shows


@pytest.mark.parametrize(("levels", "has"), [([], False), ([None], False), ([None, 0], True)])
def test_a_cycle_has_expected_levels_where_one_area_has(levels: list[int | None], has: bool) -> None:
    areas = [an_area(expected_level=level) for level in levels]
    assert a_document(*areas).has_expected_levels is has


@pytest.mark.parametrize(
    ("lacking", "returned_here", "noted"),
    [(3, 0, True), (26, 1, True), (26, 0, False), (0, 0, False)],
)
def test_a_missing_reason_is_noted_where_reasons_were_recorded(
    lacking: int, returned_here: int, noted: bool
) -> None:
    plan = an_area(kind="grade", no_reason_given=lacking)
    found = replace(a_document(plan), agreement=Agreement(returned_here=returned_here))
    assert [area.agreement_in_words for area in found.noted] == (
        [f"no reason given for {lacking} grades"] if noted else []
    )
    differed = replace(found, areas=(replace(plan, no_reason_given=26, differed=1),))
    assert len(differed.noted) == 1
