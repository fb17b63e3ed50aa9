"""The owner of a recommendation reports, asks, hands back and proposes; a coordinator answers and undoes."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from app.actions import moves, recommending
from app.actions.importing_actions import import_actions
from app.actions.importing_recommendations import import_recommendations
from app.actions.models import Action, Recommendation
from app.actions.moving import Tracked
from app.actions.open_on import open_recommendations
from app.actions.standing import RecommendationStanding, recommendations_that
from app.database import db
from app.history.record import of
from app.news.models import News
from app.people.closures import working_days
from app.people.models import Person
from app.refusal import NotNow, Refused
from app.today.own_news import show_news
from tests.factories import a_cycle, a_person

ON, LATER, DUE, LATER_DUE = date(2011, 1, 10), date(2011, 1, 12), date(2011, 1, 31), date(2011, 2, 28)


@pytest.fixture
def ada(service: Flask) -> Person:
    return a_person("Ada Owner", roles=["manager"])


@pytest.fixture
def cora(service: Flask) -> Person:
    return a_person("Cora Coordinator", roles=["coordinator"])


def a_recommendation(by: Person, owner: Person | None, *, decision: str = "accepted") -> str:
    reference = recommending.recommend(
        a_cycle(), text="Agree one place", by=by, on=ON, owner_id=owner.id if owner else None, due_on=DUE
    ).reference
    if decision:
        recommending.decide(reference, by, ON, decision=decision, decided_on=ON, said="In its words")
    return reference


def the(reference: str, kind: type[Tracked] = Recommendation) -> Tracked:
    db.session.rollback()
    return cast(Tracked, db.session.scalars(select(kind).where(kind.called(reference))).one())


def is_open(reference: str, on: date) -> bool:
    return reference in db.session.scalars(select(open_recommendations(on).c.reference)).all()


def that(standing: RecommendationStanding, on: date) -> list[str]:
    return list(
        db.session.scalars(select(Recommendation.reference).where(recommendations_that(standing, on)))
    )


def news(person: Person) -> list[tuple[str, str, object]]:
    told = db.session.scalars(select(News).where(News.person_id == person.id).order_by(News.id))
    return [(one.reference, one.what, one.facts.get("due_on")) for one in told]


def read_first_page(person: Person) -> None:
    with current_app.test_request_context():
        show_news(person, LATER, working_days())


def told(reference: str, kind: str = "recommendation") -> list[str]:
    return [row.what for row in of(kind, reference)]


def test_an_owner_does_with_a_recommendation_what_one_does_with_an_action(ada: Person, cora: Person) -> None:
    reference = a_recommendation(cora, ada)
    moves.report(reference, ada, ON, "The teams agree", of=Recommendation)
    moves.ask_later(reference, ada, ON, due_on=LATER_DUE, because="Half of them are away", of=Recommendation)
    assert that(RecommendationStanding.ASKED_LATER, ON) == [reference]
    moves.answer_later(reference, cora, LATER, yes=True, of=Recommendation)
    assert (the(reference).first_due_on, the(reference).due_on) == (DUE, LATER_DUE)
    assert news(ada) == [(reference, "later granted", LATER_DUE.isoformat())]
    recommending.propose(reference, ada, LATER, "It stands in the minutes")
    assert that(RecommendationStanding.PROPOSED, LATER) == [reference]
    assert is_open(reference, LATER)
    recommending.carry_out(reference, cora, LATER, how="It stands in the minutes")
    assert not is_open(reference, LATER)
    assert [that(standing, LATER) for standing in RecommendationStanding] == [[], [], []]
    assert told(reference) == [
        "carried out",
        "said to be carried out",
        "due date changed",
        "later date requested",
        "progress reported",
        "accepted",
        "raised",
    ]
    # nobody needs to know the due date of what is done
    assert news(ada) == [(reference, "signed off", None)]


def test_the_reminders_go_on_until_a_coordinator_agrees_and_what_is_missing_goes_back(
    ada: Person, cora: Person
) -> None:
    reference = a_recommendation(cora, ada)
    recommending.propose(reference, ada, ON, "It stands in the minutes")
    recommending.send_back(reference, cora, LATER, "Two teams are missing")
    sent_back = the(reference)
    assert isinstance(sent_back, Recommendation)
    assert (sent_back.proposed_on, sent_back.proposed_words, is_open(reference, LATER)) == (None, None, True)
    assert news(ada) == [(reference, "handed back", None)]
    recommending.propose(reference, ada, LATER, "Now all teams are in it")


def test_a_proposal_waits_for_the_decision_and_ends_when_it_is_against_it(ada: Person, cora: Person) -> None:
    reference = a_recommendation(cora, ada, decision="")
    recommending.propose(reference, ada, ON, "All teams do it already")
    with pytest.raises(NotNow, match="Record the decision first"):
        recommending.carry_out(reference, cora, ON)
    recommending.decide(reference, cora, ON, decision="rejected", decided_on=ON, said="Not needed")
    rejected = the(reference)
    assert isinstance(rejected, Recommendation)
    assert rejected.proposed_on is None


def test_what_is_not_theirs_goes_back_and_waits_for_another_owner(ada: Person, cora: Person) -> None:
    reference = a_recommendation(cora, ada)
    recommending.propose(reference, ada, ON, "It stands in the minutes")
    moves.ask_later(reference, ada, ON, due_on=LATER_DUE, because="x", of=Recommendation)
    moves.not_mine(reference, ada, ON, "It is for the partnership", of=Recommendation)
    handed_back = the(reference)
    assert isinstance(handed_back, Recommendation)
    assert (handed_back.owner_id, handed_back.proposed_on, moves.asked_for(handed_back)) == (None, None, None)
    assert that(RecommendationStanding.WITHOUT_OWNER_OR_DATE, ON) == [reference]
    with pytest.raises(NotNow, match="Only the owner of this recommendation"):
        moves.report(reference, ada, ON, "More", of=Recommendation)


def test_a_later_date_is_refused_with_a_reason_and_news(ada: Person, cora: Person) -> None:
    reference = a_recommendation(cora, ada)
    moves.ask_later(reference, ada, ON, due_on=LATER_DUE, because="x", of=Recommendation)
    with pytest.raises(Refused, match="You asked for the later date"):
        moves.answer_later(reference, ada, ON, yes=True, of=Recommendation)
    moves.answer_later(reference, cora, ON, yes=False, because="The paper is due", of=Recommendation)
    assert (the(reference).due_on, news(ada)) == (DUE, [(reference, "later refused", DUE.isoformat())])


@pytest.mark.parametrize("kind", [Action, Recommendation])
def test_a_line_of_progress_is_struck_through_and_counts_for_nothing(
    ada: Person, cora: Person, kind: type[Tracked]
) -> None:
    if kind is Action:
        reference = moves.raise_action(text="Do it", by=cora, on=ON, owner_id=ada.id, due_on=DUE).reference
    else:
        reference = a_recommendation(cora, ada)
    moves.report(reference, ada, ON, "The wrong one", of=kind)
    moves.report(reference, ada, LATER, "Begun", of=kind)
    wrong, begun = (note.id for note in the(reference, kind).progress)
    with pytest.raises(Refused, match="Enter why this line is wrong"):
        moves.strike_progress(reference, wrong, ada, LATER, " ", of=kind)
    moves.strike_progress(reference, wrong, ada, LATER, "Of another action", of=kind)
    with pytest.raises(NotNow, match="has already been struck through"):
        moves.strike_progress(reference, wrong, cora, LATER, "Twice", of=kind)
    with pytest.raises(NotNow, match="no longer exists"):
        moves.strike_progress(reference, begun + 1, cora, LATER, "None", of=kind)
    thing = the(reference, kind)
    assert [note.struck_because for note in thing.progress] == ["Of another action", None]
    assert told(reference, kind.kind)[0] == "progress struck through"
    if isinstance(thing, Action):
        assert thing.started_on == LATER
        moves.strike_progress(reference, begun, cora, LATER, "Not begun")
        struck = the(reference, Action)
        assert isinstance(struck, Action)
        assert struck.started_on is None


def test_a_decision_taken_back_has_not_happened_and_the_history_says_both(ada: Person, cora: Person) -> None:
    reference = a_recommendation(cora, ada, decision="rejected")
    recommendation_id = the(reference).id
    moves.raise_action(
        text="Do it", by=cora, on=ON, owner_id=ada.id, due_on=DUE, recommendation_id=recommendation_id
    )
    assert not is_open(reference, LATER)
    recommending.take_back_decision(reference, cora, LATER, "It was about another one")
    undecided = the(reference)
    assert isinstance(undecided, Recommendation)
    assert (undecided.decision, undecided.decided_on, undecided.decision_words) == (None, None, None)
    assert is_open(reference, LATER)
    row, *earlier = of("recommendation", reference)
    assert (row.what, row.before, row.why) == (
        "decision taken back",
        "rejected on 10 January 2011: In its words",
        "It was about another one",
    )
    assert earlier[0].what == "rejected"
    assert [action.withdrawn_on for action in undecided.actions] == [None]
    recommending.decide(reference, cora, LATER, decision="accepted", decided_on=LATER)


def test_what_is_carried_out_by_mistake_is_opened_again(ada: Person, cora: Person) -> None:
    reference = a_recommendation(cora, ada)
    recommending.propose(reference, ada, ON, "It stands in the minutes")
    recommending.carry_out(reference, cora, ON)
    with pytest.raises(NotNow, match="Open it again first"):
        recommending.take_back_decision(reference, cora, LATER, "x")
    recommending.open_again(reference, cora, LATER, "Two teams are missing")
    assert is_open(reference, LATER)
    assert news(ada) == [(reference, "handed back", None)]


def signed_off(ada: Person, cora: Person) -> str:
    reference = moves.raise_action(text="Do it", by=cora, on=ON, owner_id=ada.id, due_on=DUE).reference
    moves.propose_done(reference, ada, ON, "See the form")
    moves.sign_off(reference, cora, ON, impact_due_on=LATER)
    return reference


@pytest.mark.parametrize(
    ("reads", "news_in_all"),
    [(True, ["signed off", "effective", "check taken back", "sign-off taken back"]), (False, [])],
)
def test_an_action_closed_by_mistake_goes_back_step_by_step(
    ada: Person, cora: Person, reads: bool, news_in_all: list[str]
) -> None:
    reference = signed_off(ada, cora)
    moves.check_impact(reference, cora, LATER, impact="effective", found="13 of 15 files")
    if reads:
        read_first_page(ada)
    with pytest.raises(NotNow, match="Take its impact check back first"):
        moves.take_back_sign_off(reference, cora, LATER, "x")
    moves.take_back_check(reference, cora, LATER, "The wrong files")
    action = the(reference, Action)
    assert isinstance(action, Action)
    assert (action.impact, action.impact_checked_on, action.impact_words) == (None, None, None)
    assert action.impact_due_on == LATER
    with pytest.raises(NotNow, match="You own this action"):
        moves.take_back_sign_off(reference, ada, LATER, "x")
    moves.take_back_sign_off(reference, cora, LATER, "Another action was meant")
    action = the(reference, Action)
    assert isinstance(action, Action)
    assert (action.signed_off_on, action.signed_off_by_id, action.impact_due_on) == (None, None, None)
    assert action.done_on == ON
    rows = of("action", reference)
    assert [(row.what, row.before) for row in rows[:2]] == [
        ("sign-off taken back", "signed off on 10 January 2011"),
        ("impact check taken back", "closed effective on 12 January 2011: 13 of 15 files"),
    ]
    # that it was taken back is news to who read that it was done, and to nobody else
    assert [what for _, what, _ in news(ada)] == news_in_all


Undo = Callable[[str, Person], None]


@pytest.mark.parametrize(
    ("undo", "cells", "name"),
    [
        (lambda ref, by: recommending.take_back_decision(ref, by, LATER, "x"), "accepted", "decision"),
        (lambda ref, by: moves.not_mine(ref, by, LATER, "x", of=Recommendation), "accepted", "owner_id"),
    ],
)
def test_no_file_brings_again_what_was_taken_back(
    ada: Person, tmp_path: Path, undo: Undo, cells: str, name: str
) -> None:
    a_cycle()
    file = tmp_path / "recommendations.csv"
    file.write_text(
        "reference,cycle,text,owner,due_on,decision,decided_on\n"
        f"R9,2010-1,Agree it,{ada.email},2011-01-31,{cells},2010-12-22\n",
        "utf-8",
    )
    assert import_recommendations(file).added == 1
    undo("R9", ada)
    again = import_recommendations(file)
    assert (again.faults, again.changed, again.left) == ([], 0, 1)
    assert getattr(the("R9"), name) is None


def test_no_file_signs_off_again_what_was_taken_back(ada: Person, cora: Person, tmp_path: Path) -> None:
    file = tmp_path / "actions.csv"
    file.write_text(
        "reference,text,owner,due_on,done_on,signed_off_on,signed_off_by\n"
        f"A9,Do it,{ada.email},2011-01-31,2011-01-05,2011-01-06,{cora.email}\n",
        "utf-8",
    )
    assert import_actions(file).added == 1
    moves.take_back_sign_off("A9", cora, LATER, "x")
    moves.send_back("A9", cora, LATER, "No list")
    again = import_actions(file)
    assert (again.faults, again.changed, again.left) == ([], 0, 1)
    action = the("A9", Action)
    assert isinstance(action, Action)
    assert (action.done_on, action.signed_off_on, action.signed_off_by_id) == (None, None, None)
