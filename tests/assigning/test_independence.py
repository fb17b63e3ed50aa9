"""Rules of who may audit which case, and the warnings to a coordinator, as tables."""

from datetime import date

import pytest

from app.assigning.independence import CaseFacts, Worker, not_independent, warnings, warnings_about_case
from app.people.presence import LeaveSpell, PersonFacts
from app.people.roles import RoleName

CREWE, NANTWICH = 1, 2
FRI_5, DUE = date(2010, 11, 5), date(2010, 11, 12)
AWAY = LeaveSpell(date(2010, 11, 8), DUE, None)


def an_auditor(
    team: int | None = CREWE,
    leave: tuple[LeaveSpell, ...] = (),
    leaving_on: date | None = None,
    trained_on: date | None = date(2010, 1, 4),
) -> PersonFacts:
    return PersonFacts(
        id=7,
        email="alison.hartley@council.example",
        name="Alison Hartley",
        telephone=None,
        team_id=team,
        line_manager_id=None,
        leaving_on=leaving_on,
        trained_on=trained_on,
        roles=frozenset({RoleName.AUDITOR}),
        leave=leave,
    )


def a_case(**facts: object) -> CaseFacts:
    return CaseFacts(**{"reference": "CP-001", "team_id": NANTWICH, "due_on": DUE, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("what", "auditor", "case", "sentence"),
    [
        ("another team", an_auditor(CREWE), a_case(), None),
        ("no team", an_auditor(None), a_case(), None),
        ("own team", an_auditor(NANTWICH), a_case(), "CP-001 is a case of Alison Hartley’s own team"),
        ("own team in self-assessment", an_auditor(NANTWICH), a_case(self_assessment=True), None),
        (
            "own conflict in self-assessment",
            an_auditor(NANTWICH),
            a_case(self_assessment=True, in_conflict=frozenset({7})),
            "Alison Hartley declared a conflict with the case of CP-001",
        ),
        ("somebody else's conflict", an_auditor(), a_case(in_conflict=frozenset({8})), None),
        (
            "own conflict",
            an_auditor(),
            a_case(in_conflict=frozenset({7})),
            "Alison Hartley declared a conflict with the case of CP-001",
        ),
        ("somebody else's earlier audit", an_auditor(), a_case(in_earlier_audit=frozenset({8})), None),
        (
            "own earlier audit",
            an_auditor(),
            a_case(in_earlier_audit=frozenset({7})),
            "Alison Hartley audited or moderated the case of CP-001 in its earlier audit",
        ),
        (
            "own earlier audit in self-assessment",
            an_auditor(NANTWICH),
            a_case(self_assessment=True, in_earlier_audit=frozenset({7})),
            "Alison Hartley audited or moderated the case of CP-001 in its earlier audit",
        ),
        ("somebody else's case", an_auditor(), a_case(worker=Worker(8, 9)), None),
        (
            "own case",
            an_auditor(),
            a_case(worker=Worker(7, 8)),
            "Alison Hartley is the worker of the case of CP-001",
        ),
        (
            "case of somebody whom they manage",
            an_auditor(),
            a_case(worker=Worker(8, 7)),
            "Alison Hartley is the line manager of the worker of the case of CP-001",
        ),
        (
            "own case of the own team: the closest tie",
            an_auditor(NANTWICH),
            a_case(worker=Worker(7)),
            "Alison Hartley is the worker of the case of CP-001",
        ),
        (
            "own case in self-assessment",
            an_auditor(NANTWICH),
            a_case(self_assessment=True, worker=Worker(7)),
            None,
        ),
        (
            "case of somebody whom they manage in self-assessment",
            an_auditor(),
            a_case(self_assessment=True, worker=Worker(8, 7)),
            None,
        ),
    ],
)
def test_independence(what: str, auditor: PersonFacts, case: CaseFacts, sentence: str | None) -> None:
    assert not_independent(auditor, case) == sentence, what


@pytest.mark.parametrize(
    ("what", "auditor", "case", "expected"),
    [
        ("nothing", an_auditor(), a_case(), []),
        (
            "on leave on the due day",
            an_auditor(leave=(AWAY,)),
            a_case(),
            [
                (
                    "Alison Hartley is on leave from 8 November 2010 to 12 November 2010, "
                    "and CP-001 is due on 12 November 2010"
                )
            ],
        ),
        ("back by then", an_auditor(leave=(AWAY,)), a_case(due_on=date(2010, 11, 15)), []),
        ("leaves that day", an_auditor(leaving_on=DUE), a_case(), []),
        (
            "leaves the day before",
            an_auditor(leaving_on=date(2010, 11, 11)),
            a_case(),
            ["Alison Hartley leaves on 11 November 2010, before CP-001 is due"],
        ),
        ("never trained", an_auditor(trained_on=None), a_case(), ["Alison Hartley has not been trained"]),
        (
            "trained tomorrow",
            an_auditor(trained_on=date(2010, 11, 6)),
            a_case(),
            ["Alison Hartley has not been trained"],
        ),
        ("trained today", an_auditor(trained_on=FRI_5), a_case(), []),
        (
            "audited a year ago to the day",
            an_auditor(),
            a_case(other_audits=[("CP-900", date(2009, 11, 5))]),
            ["The case of CP-001 was audited in the last 12 months: CP-900 was returned on 5 November 2009"],
        ),
        ("audited earlier", an_auditor(), a_case(other_audits=[("CP-900", date(2009, 11, 4))]), []),
        (
            "audited now",
            an_auditor(),
            a_case(other_audits=[("CP-002", None)]),
            ["The case of CP-001 is also being audited now, as CP-002"],
        ),
    ],
)
def test_warnings(what: str, auditor: PersonFacts, case: CaseFacts, expected: list[str]) -> None:
    assert warnings([auditor], case, FRI_5) == expected, what


def test_a_year_before_29_february_is_the_28th() -> None:
    case = a_case(other_audits=[("CP-900", date(2011, 2, 28)), ("CP-901", date(2011, 2, 27))])
    found = warnings([], case, date(2012, 2, 29))
    assert [line.split("returned on ")[1] for line in found] == ["28 February 2011"]


@pytest.mark.parametrize(
    ("due_on", "warned"),
    [(date(2010, 12, 9), False), (date(2010, 12, 10), False), (date(2010, 12, 13), True)],
)
def test_a_due_day_after_the_cut_off_is_warned_about(due_on: date, warned: bool) -> None:
    case = CaseFacts("CP-001", team_id=1, due_on=due_on, cut_off_on=date(2010, 12, 10))
    found = warnings_about_case(case, date(2010, 11, 1))
    assert any("after its cycle’s cut-off date" in line for line in found) == warned
