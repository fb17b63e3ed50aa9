"""An action through its whole life, each wrong move refused with its sentence; and its recommendation."""

from datetime import date

import pytest
from flask import Flask

from app.actions import moves, recommending
from app.actions.models import Action, FindingLeft, Recommendation
from app.actions.moving import action_facts
from app.database import db
from app.history.record import of
from app.people.models import Person
from app.refusal import NotNow, Refused
from tests.factories import a_cycle, a_person

ON, LATER, DUE, LATER_DUE = date(2011, 1, 10), date(2011, 1, 12), date(2011, 1, 31), date(2011, 2, 28)


@pytest.fixture
def ada(app: Flask) -> Person:
    return a_person("Ada Owner", roles=["manager"])


@pytest.fixture
def cora(app: Flask) -> Person:
    return a_person("Cora Coordinator", roles=["coordinator"])


def an_action(by: Person, owner: Person | None, due_on: date | None = DUE) -> str:
    action = moves.raise_action(
        text="Hold a briefing", by=by, on=ON, owner_id=owner.id if owner else None, due_on=due_on
    )
    return action.reference


def the(reference: str) -> Action:
    db.session.rollback()
    return db.session.query(Action).filter_by(reference=reference).one()


def test_an_action_goes_through_its_whole_life(ada: Person, cora: Person) -> None:
    reference = an_action(cora, ada)
    moves.report(reference, ada, ON, "Room booked")
    moves.ask_later(reference, ada, ON, due_on=LATER_DUE, because="Half of them are away")
    moves.answer_later(reference, cora, LATER, yes=True)
    assert (the(reference).first_due_on, the(reference).due_on) == (DUE, LATER_DUE)
    moves.propose_done(reference, ada, LATER, "Held; list of names kept")
    moves.sign_off(reference, cora, LATER, impact_due_on=date(2011, 4, 1))
    moves.check_impact(reference, cora, date(2011, 4, 1), impact="effective", found="13 of 15 files")
    action = the(reference)
    assert (action.done_on, action.signed_off_on, action.impact) == (LATER, LATER, "effective")
    assert [row.what for row in of("action", reference)] == [
        "closed effective",
        "signed off",
        "marked as done",
        "due date changed",
        "later date requested",
        "progress reported",
        "agreed",
    ]


def test_without_owner_or_day_it_is_a_draft_until_it_has_both_and_is_agreed(
    ada: Person, cora: Person
) -> None:
    reference = an_action(cora, None, None)
    assert the(reference).is_draft
    with pytest.raises(NotNow, match="needs an owner and a due date"):
        moves.agree(reference, cora, ON)
    moves.change_owner(reference, cora, ON, owner_id=ada.id, due_on=DUE)
    moves.agree(reference, cora, LATER)
    assert (the(reference).agreed_on, the(reference).first_due_on, the(reference).is_draft) == (
        LATER,
        DUE,
        False,
    )


Step = tuple[str, str, dict[str, object]]
"""A move, whose it is, and what is entered."""

WRONG: dict[str, tuple[list[Step], str]] = {
    "signing off one's own": (
        [("propose_done", "ada", {"evidence": "done"}), ("sign_off", "ada", {"impact_due_on": LATER_DUE})],
        "You own this action, so someone else must sign it off",
    ),
    "signing off what is not done": (
        [("sign_off", "cora", {"impact_due_on": LATER_DUE})],
        "This action is agreed, so you cannot sign it off. Its owner must mark it as done first.",
    ),
    "closing without impact check": (
        [("check_impact", "cora", {"impact": "effective", "found": "all"})],
        "You cannot check the impact of this action yet. It must be signed off first.",
    ),
    "moving a date without a reason": (
        [("move_date", "cora", {"due_on": LATER_DUE, "because": " "})],
        "Enter why the due date is changing",
    ),
    "moving a date into the past": (
        [("move_date", "cora", {"due_on": date(2011, 1, 7), "because": "x"})],
        "Due date must be today or in the future",
    ),
    "an owner who has left": (
        [("change_owner", "cora", {"owner_id": "lee"})],
        "Lee Left left on 7 January 2011. Select someone who works here.",
    ),
    "nobody as owner": (
        [("change_owner", "cora", {"owner_id": 999})],
        "Select one person as the owner, not a group",
    ),
    "handing back what is another's": (
        [("not_mine", "cora", {"because": "busy"})],
        "Only the owner of this action can hand it back",
    ),
    "answering one's own request": (
        [("ask_later", "ada", {"due_on": LATER_DUE, "because": "x"}), ("answer_later", "ada", {"yes": True})],
        "You asked for the later date, so someone else must answer",
    ),
    "completing without evidence": (
        [("propose_done", "ada", {"evidence": ""})],
        "Enter evidence that it is done",
    ),
    "a stale page": (
        [
            ("report", "ada", {"line": "first", "version": 1}),
            ("report", "cora", {"line": "two", "version": 1}),
        ],
        "Someone changed this while you had the page open.",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_move_is_refused_with_its_sentence(ada: Person, cora: Person, wrong: str) -> None:
    people = {"ada": ada, "cora": cora, "lee": a_person("Lee Left", leaving_on=date(2011, 1, 7))}
    reference = an_action(cora, ada)
    (*before, last), sentence = WRONG[wrong]

    def make(step: Step) -> None:
        move, who, entered = step
        given = {name: people[value].id if value == "lee" else value for name, value in entered.items()}
        getattr(moves, move)(reference, people[who], ON, **given)

    for step in before:
        make(step)
    with pytest.raises(Refused) as refusal:
        make(last)
    assert str(refusal.value).startswith(sentence)


def test_handing_back_leaves_it_without_owner_and_asking_stays_with_nobody(ada: Person, cora: Person) -> None:
    reference = an_action(cora, ada)
    moves.not_mine(reference, ada, ON, "It is Crewe's")
    assert the(reference).owner_id is None
    assert action_facts(the(reference)).owner_id is None


def test_a_refused_later_date_leaves_the_due_day(ada: Person, cora: Person) -> None:
    reference = an_action(cora, ada)
    moves.ask_later(reference, ada, ON, due_on=LATER_DUE, because="x")
    moves.answer_later(reference, cora, ON, yes=False, because="The meeting is on the 1st")
    assert (the(reference).due_on, moves.asked_for(the(reference))) == (DUE, None)


def test_what_is_sent_back_is_to_be_done_again(ada: Person, cora: Person) -> None:
    reference = an_action(cora, ada)
    moves.propose_done(reference, ada, ON, "done")
    moves.send_back(reference, cora, ON, "No list of names")
    assert the(reference).done_on is None


def test_references_go_up_and_pass_over_those_of_files(ada: Person) -> None:
    assert [an_action(ada, ada) for _ in range(2)] == ["A1", "A2"]


def test_a_recommendation_is_decided_and_carried_out(ada: Person, cora: Person) -> None:
    cycle = a_cycle()
    made = recommending.recommend(cycle, text="Agree it", by=cora, on=ON, questions=["child_seen"]).reference
    with pytest.raises(NotNow, match="This recommendation is awaiting a decision"):
        recommending.carry_out(made, cora, ON)
    with pytest.raises(Refused, match="Enter why it was deferred"):
        recommending.decide(made, cora, ON, decision="deferred", decided_on=ON)
    recommending.decide(made, cora, ON, decision="deferred", decided_on=ON, said="No money yet")
    recommending.decide(made, cora, LATER, decision="accepted", decided_on=LATER)
    recommending.change_owner(made, cora, LATER, owner_id=ada.id)
    moves.move_date(made, cora, LATER, due_on=DUE, of=Recommendation)
    recommending.carry_out(made, cora, LATER)
    with pytest.raises(NotNow, match="This recommendation is carried out"):
        moves.move_date(made, cora, LATER, due_on=LATER_DUE, because="x", of=Recommendation)
    row = db.session.query(Recommendation).one()
    assert (row.decision, row.due_on, row.first_due_on, row.carried_out_on) == ("accepted", DUE, DUE, LATER)


def test_why_a_finding_has_no_action_is_written_down(cora: Person) -> None:
    cycle = a_cycle()
    with pytest.raises(Refused):
        recommending.leave_finding(cycle, "child_seen", cora, ON, "")
    recommending.leave_finding(cycle, "child_seen", cora, ON, "Already done")
    recommending.leave_finding(cycle, "child_seen", cora, ON, "Done in May")
    assert [row.because for row in db.session.query(FindingLeft)] == ["Done in May"]
