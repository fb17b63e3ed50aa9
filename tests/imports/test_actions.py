"""Recommendations, actions and quick wins from files."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import select

from app.actions.importing_actions import import_actions
from app.actions.importing_recommendations import import_recommendations
from app.actions.models import Action, Recommendation
from app.actions.moves import change_owner
from app.database import db
from app.files.imported import Imported
from app.history.record import of
from app.quick_wins.importing import import_quick_wins
from app.quick_wins.models import QuickWin
from tests.factories import a_cycle, a_person, a_team

from .conftest import counted, said

RECOMMENDATIONS = "reference,cycle,text,owner,due_on,body,raised_on,decision,decided_on,carried_out_on"
ACTIONS = (
    "reference,recommendation,question,text,owner,due_on,quick_win,agreed_on,done_on,signed_off_on,"
    "signed_off_by,impact_checked_on,impact,withdrawn_on"
)
QUICK_WINS = (
    "reference,action,question,subject,message,audience_roles,audience_teams,starts_on,every_working_days,"
    "times,stopped_on"
)
IMPORTS = {
    RECOMMENDATIONS: import_recommendations,
    ACTIONS: import_actions,
    QUICK_WINS: import_quick_wins,
}
R1 = "R1,2010-1,Agree it,ingrid.solomon@council.example,2011-01-28,SMT,2010-12-22,accepted,2010-12-22,"
A1 = "A1,R1,child_seen,Hold a briefing,jack.denny@council.example,2011-01-14,no,2010-12-22,,,,,,"
Q1 = "Q1,A1,child_seen,Child seen,Record when.,practitioner manager,Crewe; Nantwich,2011-01-17,5,6,"

Load = Callable[..., Imported]


@pytest.fixture
def load(app: Flask, tmp_path: Path) -> Load:
    a_person("Jack Denny", roles=["coordinator"])
    a_person("Ingrid Solomon", roles=["coordinator", "manager"])
    a_team("Crewe")
    a_team("Nantwich")
    a_cycle("2010-1")

    def rows(heading: str, *rows: str, dry_run: bool = False) -> Imported:
        path = tmp_path / "rows.csv"
        path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
        return IMPORTS[heading](path, dry_run=dry_run)

    return rows


@pytest.fixture
def all_three(load: Load) -> Load:
    for heading, row in ((RECOMMENDATIONS, R1), (ACTIONS, A1), (QUICK_WINS, Q1)):
        assert counted(load(heading, row)) == (1, 0, 0, 0)
    return load


T = TypeVar("T", Recommendation, Action, QuickWin)


def the(model: type[T]) -> T:
    db.session.rollback()
    return db.session.scalars(select(model)).one()


def test_each_is_taken_in_once(all_three: Load) -> None:
    for heading, row in ((RECOMMENDATIONS, R1), (ACTIONS, A1), (QUICK_WINS, Q1)):
        assert counted(all_three(heading, row)) == (0, 0, 1, 0)
    action = the(Action)
    assert action.recommendation is not None
    assert action.cycle is not None
    assert (action.recommendation.reference, action.cycle.reference) == ("R1", "2010-1")
    assert (action.due_on, action.first_due_on, action.is_quick_win) == (
        date(2011, 1, 14),
        date(2011, 1, 14),
        False,
    )
    quick_win = the(QuickWin)
    assert quick_win.audience_roles == {"practitioner", "manager"}
    assert {one.team.name for one in quick_win.teams} == {"Crewe", "Nantwich"}
    recommendation = the(Recommendation)
    assert recommendation.body is not None
    assert (recommendation.body.name, recommendation.decision) == ("SMT", "accepted")


def test_checking_only_changes_nothing(load: Load) -> None:
    assert counted(load(RECOMMENDATIONS, R1, dry_run=True)) == (1, 0, 0, 0)
    assert db.session.scalars(select(Recommendation)).all() == []


def test_a_later_due_day_is_a_moved_date_and_an_earlier_one_is_left(all_three: Load) -> None:
    assert counted(all_three(ACTIONS, A1.replace("2011-01-14", "2011-02-14"))) == (0, 1, 0, 0)
    assert counted(all_three(ACTIONS, A1)) == (0, 0, 1, 1)
    action = the(Action)
    assert (action.first_due_on, action.due_on) == (date(2011, 1, 14), date(2011, 2, 14))
    (moved,) = action.moved_dates
    assert (moved.from_due_on, moved.to_due_on, moved.made_on, moved.because) == (
        date(2011, 1, 14),
        date(2011, 2, 14),
        None,
        "from a file",
    )


def test_empty_cells_change_nothing_and_filled_ones_do(all_three: Load) -> None:
    assert counted(all_three(ACTIONS, "A1,,,Hold two briefings,,,,,2011-01-13,,,,,")) == (0, 1, 0, 0)
    action = the(Action)
    assert (action.text, action.done_on, action.question) == (
        "Hold two briefings",
        date(2011, 1, 13),
        "child_seen",
    )
    assert [row.what for row in of("action", "A1")] == ["done date changed", "text changed", "imported"]


def test_a_move_made_in_the_product_is_left_as_it_is(all_three: Load) -> None:
    eirlys = a_person("Eirlys Pugh")
    change_owner("A1", eirlys, date(2011, 1, 5), owner_id=eirlys.id)
    assert counted(all_three(ACTIONS, A1)) == (0, 0, 1, 1)
    action = the(Action)
    assert action.owner is not None
    assert action.owner.name == "Eirlys Pugh"


def test_without_owner_or_day_it_is_taken_in_all_the_same(load: Load) -> None:
    assert counted(load(RECOMMENDATIONS, "R1,2010-1,Agree it,,,,,,,")) == (1, 0, 0, 0)
    assert counted(load(ACTIONS, "A1,,,Do it,,,,,,,,,,")) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("heading", "row", "fault"),
    [
        (
            RECOMMENDATIONS,
            R1.replace("2010-1,", "2010-2,", 1),
            "there is no such cycle: choose from 2010-1, or import it first",
        ),
        (RECOMMENDATIONS, "R2,2010-1,Agree,the.team@council.example,,,,,,", "no one has this email address"),
        (
            RECOMMENDATIONS,
            "R2,2010-1,Agree,,,,,maybe,,",
            "must be one of accepted, amended, deferred, rejected",
        ),
        (
            RECOMMENDATIONS,
            "R2,2010-1,Agree,,,,,,2010-12-22,",
            "there is a date of the decision but no decision",
        ),
        (
            RECOMMENDATIONS,
            "R2,2010-1,Agree,,,,2010-12-22,accepted,2010-12-21,",
            "is before raised_on, 2010-12-22",
        ),
        (
            RECOMMENDATIONS,
            "R2,2010-1,Agree,,,,,rejected,2010-12-22,2011-01-10",
            "was rejected, so it was not carried out",
        ),
        (ACTIONS, "A2,R9,,Do it,,,,,,,,,,", "there is no such recommendation: choose from R1, or"),
        (ACTIONS, "A2,,seen,Do it,,,,,,,,,,", "there is no such question: choose from child_seen, or"),
        (ACTIONS, "A2,,,Do it,,,,,,2011-01-17,,,,", "is signed off but was never done"),
        (
            ACTIONS,
            "A2,,,Do it,jack.denny@council.example,,,,2011-01-13,2011-01-17,jack.denny@council.example,,,",
            "the owner cannot sign off their own action",
        ),
        (ACTIONS, "A2,,,Do it,,,,,2011-01-13,2011-01-12,,,,", "is before done_on, 2011-01-13"),
        (ACTIONS, "A2,,,Do it,,,,,2011-01-13,2011-01-17,,2011-03-31,,", "there is no result"),
        (ACTIONS, "A2,,,Do it,,,,,2011-01-13,,,2011-03-31,effective,", "it was never signed off"),
        (QUICK_WINS, Q1.replace("Q1,A1", "Q2,A9"), "there is no such action: choose from A1, or"),
        (
            QUICK_WINS,
            Q1.replace("Q1", "Q2").replace("Crewe", "Crew"),
            "there is no team Crew: the nearest is Crewe",
        ),
        (QUICK_WINS, Q1.replace("Q1", "Q2").replace("manager", "boss"), '"boss" must be one of'),
        (QUICK_WINS, Q1.replace("Q1", "Q2").replace(",5,6,", ",0,6,"), "must be from 1 to 260"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(
    all_three: Load, heading: str, row: str, fault: str
) -> None:
    outcome = all_three(heading, row)
    assert any(fault in line for line in said(outcome)), said(outcome)
    db.session.rollback()
    for model in (Recommendation, Action, QuickWin):
        assert len(db.session.scalars(select(model)).all()) == 1
