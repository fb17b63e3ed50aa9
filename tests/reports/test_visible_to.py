"""Readers who get the figures themselves get no more of them than their report tells."""

import pytest

from app.audits.returns import Returns
from app.findings.agreement import Agreement
from app.findings.cautions import moderated_in_words
from app.findings.document import Findings
from app.findings.figures import Counts
from app.findings.key_area import Share, Split
from app.reports.paper import Audience
from app.reports.visible_to import visible_findings, without_figures
from tests.reports.cases import an_area, the_findings

METHOD = ("Drawn at random.", "By team: Crewe 5 of 30.", "Crewe weighs more.")


def found(hide_up_to: int = 4) -> Findings:
    area = an_area(
        "Child seen",
        places={"ICS": 9},
        teams={"Crewe": Counts(9, 5)},
        context={"vacancy": Split(Share(5, 8), Share(10, 17))},
    )
    return the_findings(
        area,
        method=METHOD,
        teams={"Crewe": 14},
        main_places={"Crewe": "ICS"},
        reasons=(("sickness", 1),),
        factors={"vacancy": 8},
        hide_up_to=hide_up_to,
    )


def test_the_council_gets_all() -> None:
    assert visible_findings(Audience.COUNCIL, found(), ["Crewe"]) == found()


@pytest.mark.parametrize("audience", [Audience.PARTNERSHIP, Audience.AUDITORS, Audience.STAFF])
def test_nobody_else_gets_anything_by_team(audience: Audience) -> None:
    shown = visible_findings(audience, found(), ["Crewe"])
    assert "Crewe" not in shown.to_json()
    assert "sickness" not in shown.to_json()
    assert shown.method == ("Drawn at random.",)
    assert [area.figure for area in shown.areas] == [area.figure for area in found().areas]


@pytest.mark.parametrize(
    ("audience", "hide_up_to", "has"),
    [
        (Audience.PARTNERSHIP, 4, True),
        (Audience.PARTNERSHIP, 1, True),
        (Audience.PARTNERSHIP, 0, False),
        (Audience.AUDITORS, 4, False),
        (Audience.STAFF, 4, False),
    ],
)
def test_places_and_context_go_to_the_partnership_where_small_numbers_are_hidden(
    audience: Audience, hide_up_to: int, has: bool
) -> None:
    told = visible_findings(audience, found(hide_up_to), ["Crewe"]).to_json()
    assert ("ICS" in told, "vacancy" in told) == (has, has)


def test_the_method_of_an_open_cycle_says_nothing_of_moderation() -> None:
    agreed = Agreement(moderated=4, changed=1)
    method = ("Chosen by hand.", moderated_in_words(4, 26, 1))
    findings = the_findings(returns=Returns(29, 26), method=method, agreement=agreed)
    assert without_figures(findings).method == ("Chosen by hand.",)
