"""The facts of a summary, from the database: which cycles and audits are in it, and what it misses."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.actions.lifecycle import ActionState, RecommendationState
from app.actions.models import Action, Recommendation
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.concerns.models import CalledResponse
from app.cycles.models import EarlierCycle
from app.database import db, transaction
from app.findings.freezing import keep
from app.quick_wins.life import QuickWinState
from app.quick_wins.models import AudienceRole, QuickWin
from app.summary.document import summary
from app.summary.facts import (
    AgreedAction,
    EmptyMonth,
    Facts,
    MadeRecommendation,
    MonthOfReturn,
    NotLookedAt,
    SentQuickWin,
)
from app.summary.gathering import gather
from app.summary.period import Period
from tests.factories import a_cycle, a_person, an_audit
from tests.statements import statements

QUARTER = Period(date(2010, 10, 1), date(2010, 12, 31))
ON = date(2011, 3, 1)
REPORTED, CLOSED = date(2010, 12, 22), date(2010, 12, 17)
RETURNED = date(2010, 11, 3)
LONG_AGO: dict[str, Any] = {
    "requested_on": date(2008, 6, 2),
    "due_on": date(2008, 11, 28),
    "closed_on": date(2010, 9, 30),
}


def a_reported_cycle(reference: str = "2010-1", **facts: Any) -> Cycle:
    """A closed cycle that was reported in the quarter."""
    given: dict[str, Any] = {"closed_on": CLOSED, "reported_on": REPORTED}
    return a_cycle(reference, **(given | facts))


def freeze(cycle: Cycle) -> None:
    """Freeze a cycle with its findings, on the day of its closing."""
    with transaction():
        known = db.session.get_one(Cycle, cycle.id)
        known.frozen_on = CLOSED
        keep(known)


def gathered(period: Period = QUARTER, on: date = ON) -> Facts:
    db.session.rollback()
    return gather(period, on)


def cycles(facts: Facts) -> list[str]:
    return [one.reference for one in facts.cycles]


@pytest.mark.parametrize(
    ("reported_on", "is_in"),
    [
        (date(2010, 9, 30), False),
        (date(2010, 10, 1), True),
        (date(2010, 12, 31), True),
        (date(2011, 1, 1), False),
        (None, False),
    ],
)
def test_a_cycle_is_in_by_its_reporting_date_at_both_ends_whether_frozen_or_not(
    service: Flask, reported_on: date | None, is_in: bool
) -> None:
    closed_on = date(2010, 9, 20)
    days: dict[str, Any] = {
        "requested_on": date(2010, 8, 2),
        "due_on": date(2010, 9, 6),
        "closed_on": closed_on,
    }
    frozen = a_reported_cycle("frozen", reported_on=reported_on, **days)
    freeze(frozen)
    a_reported_cycle("not-frozen", reported_on=reported_on, **days)
    assert cycles(gathered()) == (["frozen", "not-frozen"] if is_in else [])


def test_an_open_cycle_is_named_and_none_of_its_audits_counted(service: Flask) -> None:
    an_audit(cycle=a_reported_cycle("open", closed_on=None), returned_on=RETURNED)
    a_reported_cycle("closes-later", closed_on=date(2011, 3, 2))
    facts = gathered()
    assert (facts.cycles, facts.open_cycles) == ([], ["closes-later", "open"])
    assert cycles(gathered(on=date(2011, 3, 2))) == ["closes-later"]


def test_what_is_to_be_reported_later_has_not_been_reported(app: Flask) -> None:
    a_reported_cycle()
    assert cycles(gathered(on=date(2010, 12, 21))) == []
    assert cycles(gathered(on=REPORTED)) == ["2010-1"]


def test_a_cycle_closed_in_the_period_without_a_reporting_date_is_named(service: Flask) -> None:
    a_reported_cycle("undated", reported_on=None)
    a_reported_cycle("earlier", reported_on=None, **LONG_AGO)
    assert gathered().undated == ["undated"]
    assert gathered(on=date(2010, 12, 16)).undated == []


def test_a_cycle_that_is_known_only_as_published_is_named(service: Flask) -> None:
    with transaction():
        for reference, day in (("in", REPORTED), ("out", date(2011, 1, 1))):
            db.session.add(
                EarlierCycle(reference=reference, title=reference, reported_on=day, source="Paper")
            )
    assert gathered().published == ["in"]


def test_the_returns_that_count_are_divided_by_month_and_those_in_time_counted(service: Flask) -> None:
    cycle = a_reported_cycle(cut_off_on=date(2010, 12, 10))
    for returned_on in (date(2010, 10, 29), date(2010, 11, 12), date(2010, 11, 15), date(2010, 12, 10)):
        an_audit(cycle=cycle, returned_on=returned_on)
    an_audit(cycle=cycle, due_on=date(2010, 11, 13), returned_on=date(2010, 11, 15))  # a Saturday
    an_audit(cycle=cycle, returned_on=date(2010, 12, 11))  # after the cut-off
    an_audit(cycle=cycle, returned_on=RETURNED, withdrawn_on=RETURNED)
    an_audit(cycle=cycle)
    freeze(cycle)
    (one,) = gathered().cycles
    assert one.months == [
        MonthOfReturn(date(2010, 10, 1), 1, 1),
        MonthOfReturn(date(2010, 11, 1), 3, 2),
        MonthOfReturn(date(2010, 12, 1), 1, 0),
    ]
    returns = one.findings.returns
    assert (returns.returned, returns.not_returned, returns.after_cut_off, returns.withdrawn) == (5, 2, 1, 1)
    assert sum(month.returned for month in one.months) == returns.returned


def test_responses_are_those_of_the_day(service: Flask) -> None:
    cycle = a_reported_cycle()
    for number, answered_on in enumerate((date(2010, 11, 9), date(2010, 11, 11), None, date(2011, 3, 2))):
        audit = an_audit(cycle=cycle, returned_on=RETURNED)
        with transaction():
            db.session.add(
                CalledResponse(
                    reference=f"{audit.reference}-P1",
                    audit_id=audit.id,
                    called_on=RETURNED,
                    due_on=date(2010, 11, 10) if number < 3 else date(2011, 3, 10),
                    questions=["child_seen"],
                    answered_on=answered_on,
                )
            )
    freeze(cycle)

    def numbers(on: date) -> tuple[int, int]:
        (one,) = gathered(on=on).cycles
        return one.findings.responses.called_for, one.findings.responses.in_time

    assert numbers(ON) == (4, 1)
    assert numbers(date(2011, 3, 2)) == (4, 2)


def add(*rows: Any) -> None:
    with transaction():
        db.session.add_all(rows)


def test_what_followed_is_as_of_the_day_without_owners_case_numbers_or_names(service: Flask) -> None:
    owner = a_person("Ann Lee", roles=("manager",))
    cycle = a_reported_cycle()
    an_audit(cycle=cycle, case_reference="615739", returned_on=RETURNED)
    early = Recommendation(
        reference="R1", cycle_id=cycle.id, text="Ann Lee reads 615739", decision="accepted", decided_on=ON
    )
    late = Recommendation(reference="R2", cycle_id=cycle.id, text="Late", raised_on=date(2011, 3, 2))
    other = Recommendation(reference="R3", cycle_id=a_cycle("other").id, text="Other")
    add(early, late, other)
    due: dict[str, Any] = {"owner_id": owner.id, "due_on": date(2011, 1, 8)}  # a Saturday
    checked: dict[str, Any] = {
        "done_on": date(2011, 1, 4),
        "signed_off_on": date(2011, 1, 5),
        "impact_checked_on": ON,
        "impact": "not effective",
        "impact_words": "Ann Lee saw it in 615739",
    }
    add(
        Action(reference="A1", text="Ask Ann Lee about 615739", recommendation_id=early.id, **due),
        Action(reference="A2", text="Checked", cycle_id=cycle.id, **due, **checked),
        Action(reference="A3", text="Later", cycle_id=cycle.id, raised_on=date(2011, 3, 2)),
        Action(reference="A4", text="Of another", recommendation_id=other.id),
    )
    (one,) = gathered().cycles
    assert one.recommendations == [
        MadeRecommendation("R1", "[name] reads [case number]", RecommendationState.ACCEPTED)
    ]
    monday = date(2011, 1, 10)
    assert one.actions == [
        AgreedAction("A1", "Ask [name] about [case number]", ActionState.AGREED, monday, is_overdue=True),
        AgreedAction(
            "A2",
            "Checked",
            ActionState.CLOSED_NOT_EFFECTIVE,
            monday,
            effect="[name] saw it in [case number]",
        ),
    ]
    (before,) = gathered(on=date(2011, 1, 10)).cycles
    assert before.recommendations[0].state is RecommendationState.AWAITING_DECISION
    assert [(action.state, action.is_overdue, action.effect) for action in before.actions] == [
        (ActionState.AGREED, False, None),
        (ActionState.SIGNED_OFF, False, None),
    ]


def a_quick_win(reference: str, **more: Any) -> QuickWin:
    facts: dict[str, Any] = {
        "subject": "Child seen",
        "message": "Write it down",
        "starts_on": date(2011, 1, 17),
        "every_working_days": 5,
        "times": 2,
        "roles": [AudienceRole(role="practitioner")],
    }
    return QuickWin(reference=reference, **(facts | more))


def test_quick_wins_are_those_of_its_actions_and_those_that_its_figures_started(service: Flask) -> None:
    cycle = a_reported_cycle()
    of_it = Action(reference="A1", text="Do", cycle_id=cycle.id, is_quick_win=True)
    of_other = Action(reference="A2", text="Do", cycle_id=a_cycle("other").id, is_quick_win=True)
    add(of_it, of_other)
    add(
        a_quick_win("Q1", action_id=of_it.id, moved="yes: 13 of 15", moved_on=ON),
        a_quick_win("Q2", action_id=of_other.id),
        a_quick_win("Q3", question="child_seen", starts_on=date(2011, 2, 28)),
        a_quick_win("Q4", starts_on=date(2011, 2, 28)),
    )
    (one,) = gathered().cycles
    expected = [
        SentQuickWin("Q1", "Child seen", QuickWinState.ENDED, "yes"),
        SentQuickWin("Q3", "Child seen", QuickWinState.GOING_OUT),
    ]
    assert one.quick_wins == expected
    (before,) = gathered(on=date(2011, 2, 25)).cycles
    assert [(win.reference, win.state, win.moved) for win in before.quick_wins] == [
        ("Q1", QuickWinState.ENDED, None),
        ("Q3", QuickWinState.PLANNED, None),
    ]


@pytest.mark.parametrize(
    ("returned_on", "missed"),
    [
        (date(2008, 9, 30), False),
        (date(2008, 10, 1), True),
        (date(2010, 9, 30), True),
        (None, False),
    ],
)
def test_a_team_and_a_theme_of_the_24_months_before_are_missed(
    service: Flask, returned_on: date | None, missed: bool
) -> None:
    an_audit(cycle=a_reported_cycle(), team="Nantwich", returned_on=RETURNED)
    earlier = a_cycle("2008-1", theme="Neglect", **LONG_AGO)
    an_audit(cycle=earlier, team="Crewe", returned_on=returned_on)
    an_audit(cycle=earlier, team="Wilmslow", returned_on=returned_on, withdrawn_on=date(2010, 9, 30))
    an_audit(cycle=earlier, team="Nantwich", returned_on=returned_on)
    facts = gathered()
    if not missed:
        assert (facts.teams, facts.themes, facts.has_earlier) == ([], [], False)
        return
    assert returned_on is not None
    assert facts.teams == [NotLookedAt("Crewe", returned_on)]
    assert facts.themes == [NotLookedAt("Neglect", returned_on)]
    assert facts.has_earlier


def test_a_theme_is_one_however_it_is_spelt_and_a_late_return_looked_at_its_team(service: Flask) -> None:
    earlier = a_cycle("2008-1", theme="Child-Protection", **LONG_AGO)
    an_audit(cycle=earlier, team="Crewe", returned_on=date(2010, 1, 4))
    an_audit(cycle=a_reported_cycle(), team="Crewe", returned_on=date(2010, 12, 20))
    facts = gathered()
    assert (facts.teams, facts.themes) == ([], [])


def test_the_last_return_before_is_told_and_which_other_cycles_looked_in_the_period(
    service: Flask,
) -> None:
    a_reported_cycle()
    earlier, going = a_cycle("2008-1", **LONG_AGO), a_cycle("2010-2", theme="Neglect")
    for day in (date(2009, 5, 4), date(2010, 6, 1)):
        an_audit(cycle=earlier, team="Crewe", returned_on=day)
    an_audit(cycle=earlier, team="Wilmslow", returned_on=date(2009, 5, 4))
    an_audit(cycle=going, team="Crewe", returned_on=date(2010, 11, 30))
    an_audit(cycle=going, team="Wilmslow", returned_on=date(2011, 1, 4))
    facts = gathered()
    assert facts.teams == [
        NotLookedAt("Crewe", date(2010, 6, 1), ("2010-2",)),
        NotLookedAt("Wilmslow", date(2009, 5, 4)),
    ]
    assert facts.themes == [NotLookedAt("Child protection", date(2010, 6, 1))]


def test_the_months_without_a_return_of_these_cycles_are_told_as_far_as_they_have_passed(
    service: Flask,
) -> None:
    an_audit(cycle=a_reported_cycle(), returned_on=date(2010, 11, 30))
    an_audit(cycle=a_cycle("2010-2"), returned_on=date(2010, 12, 1))
    october, _, december = QUARTER.months
    assert gathered().months == [EmptyMonth(october), EmptyMonth(december, ("2010-2",))]
    so_far = Period(date(2010, 10, 1), date(2010, 10, 12))
    assert gathered(on=so_far.to_on).months == [EmptyMonth(so_far)]
    assert gathered(on=date(2010, 9, 30)).months == []


def test_an_audit_without_a_case_number_is_in_it(app: Flask) -> None:
    audit = an_audit(cycle=a_reported_cycle(), returned_on=RETURNED)
    with transaction():
        db.session.get_one(Audit, audit.id).case_reference = None
    assert [month.returned for month in gathered().cycles[0].months] == [1]


def test_the_number_of_queries_grows_with_neither_audits_nor_cycles(app: Flask) -> None:
    def queries() -> int:
        db.session.rollback()
        db.session.expire_all()
        with statements() as sent:
            summary(gather(QUARTER, ON))
        return len(sent)

    def another(reference: str) -> None:
        cycle = a_reported_cycle(reference)
        for _ in range(3):
            an_audit(cycle=cycle, returned_on=RETURNED)
        freeze(cycle)

    another("2010-1")
    few = queries()
    assert few < 40
    for number in range(2, 7):
        another(f"2010-{number}")
    assert queries() == few
