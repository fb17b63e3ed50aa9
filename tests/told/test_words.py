"""The words of the messages `handed-over` and `given`, and whether they are true when they are sent."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app.actions import handing_over, recommending
from app.actions import moves as actions
from app.actions.models import Action, Recommendation
from app.assigning import moves as assigning
from app.assigning.moves import NewPair
from app.audits import moves
from app.concerns import remedies
from app.concerns.models import Remedy
from app.database import db, transaction
from app.outbox.delivery import deliver
from app.outbox.kinds import KINDS, Changed, Holds, Overtaken, Verdict, Waits
from app.outbox.models import Message
from app.people.models import Leave, Person
from tests.factories import a_cycle, a_person, an_audit
from tests.mail_server import MailServer
from tests.outbox.messages import connect_to
from tests.reminders.test_messages import compare

GOLDEN = Path(__file__).parent / "golden"
FRI_5, MON_8, TUE_9 = date(2010, 11, 5), date(2010, 11, 8), date(2010, 11, 9)
DUE, LATER = date(2010, 11, 12), date(2010, 11, 19)


@pytest.fixture(autouse=True)
def _on_5_november(app: Flask, mail_server: MailServer, clock_at: Callable[[date], None]) -> None:
    connect_to(mail_server.port)
    clock_at(FRI_5)


@pytest.fixture
def jack() -> Person:
    return a_person("Jack Denny", roles=["coordinator"], telephone="01270 333333")


@pytest.fixture
def alison() -> Person:
    return a_person("Alison Hartley")


@pytest.fixture
def owen() -> Person:
    return a_person("Owen Bickerton")


def message(kind: str) -> Message:
    db.session.rollback()
    return db.session.query(Message).filter_by(kind=kind).one()


def verdict(of: Message, on: date) -> Verdict:
    with transaction():
        return KINDS[of.kind].recheck([of], on)[of.id]


def assigned(jack: Person, *references: str, lead: Person) -> None:
    """Assign the audits to the lead and another auditor, who are told at once."""
    second = a_person("Imogen Sayle")
    for reference in references:
        an_audit(reference)
    pairs = [NewPair(reference, lead.id, second.id) for reference in references]
    assigning.assign_all(pairs, jack, FRI_5)
    assert deliver(FRI_5).sent == 2


def an_action(by: Person, owner: Person, text: str = "Send the guidance to all teams") -> Action:
    return actions.raise_action(text=text, by=by, on=FRI_5, owner_id=owner.id, due_on=DUE)


def a_recommendation(by: Person, owner: Person, due_on: date | None = LATER) -> Recommendation:
    text = "Agree one place for chronologies"
    return recommending.recommend(a_cycle(), text=text, by=by, on=FRI_5, owner_id=owner.id, due_on=due_on)


def a_remedy(by: Person, owner: Person) -> str:
    """Note what must be put right on the file of CP-001, for the manager of the team."""
    an_audit("CP-001", lead=by)
    return remedies.note("CP-001", "The chronology stops in June", DUE, owner.id, by, FRI_5)


# handed-over


def test_an_audit_that_went_to_someone_else(jack: Person, alison: Person, owen: Person) -> None:
    assigned(jack, "CP-001", lead=alison)
    assigning.reassign("CP-001", "lead", owen.id, jack, FRI_5, "She is on a long case")
    compare("handed_over", message("handed-over"), GOLDEN)


def test_several_audits_that_went_to_someone_else(jack: Person, alison: Person, owen: Person) -> None:
    assigned(jack, "CP-001", "CP-002", lead=alison)
    assigning.reassign_all(["CP-002", "CP-001"], alison.id, owen.id, jack, FRI_5, "She is on a long case")
    compare("handed_over_several", message("handed-over"), GOLDEN)


@pytest.mark.parametrize(
    ("name", "move"),
    [
        ("handed_over_withdrawn", lambda jack: moves.withdraw("CP-001", jack, FRI_5, "Drawn twice")),
        ("handed_over_exempt", lambda jack: moves.exempt("CP-001", jack, FRI_5, "In court", "Hollis Head")),
    ],
)
def test_an_audit_that_nobody_has_to_do(
    jack: Person, alison: Person, name: str, move: Callable[[Person], None]
) -> None:
    assigned(jack, "CP-001", lead=alison)
    move(jack)
    db.session.rollback()
    told = db.session.query(Message).filter_by(kind="handed-over").order_by(Message.id).all()
    assert [one.recipient for one in told] == [
        alison.id,
        db.session.query(Person).filter_by(name="Imogen Sayle").one().id,
    ]
    compare(name, told[0], GOLDEN)


# to-do-again


def test_an_exemption_that_was_taken_back(jack: Person, alison: Person) -> None:
    assigned(jack, "CP-001", lead=alison)
    moves.exempt("CP-001", jack, FRI_5, "In court", "Hollis Head")
    deliver(FRI_5)
    moves.lift_exemption("CP-001", jack, FRI_5, "The hearing was cancelled")
    compare("to_do_again_lifted", first_to(alison, "to-do-again"), GOLDEN)


def test_audits_that_were_given_back_on_the_same_day(jack: Person, alison: Person, owen: Person) -> None:
    assigned(jack, "CP-001", "CP-002", lead=alison)
    assigning.reassign_all(["CP-001", "CP-002"], alison.id, owen.id, jack, FRI_5, "A long case")
    deliver(FRI_5)
    assigning.reassign_all(["CP-001", "CP-002"], owen.id, alison.id, jack, FRI_5, "It is over")
    compare("to_do_again_given_back", first_to(alison, "to-do-again"), GOLDEN)


def test_whoever_has_it_to_do_again_is_told_what_is_true_on_the_day(jack: Person, alison: Person) -> None:
    assigned(jack, "CP-001", lead=alison)
    moves.exempt("CP-001", jack, FRI_5, "In court", "Hollis Head")
    deliver(FRI_5)
    moves.lift_exemption("CP-001", jack, FRI_5, "The hearing was cancelled")
    told = first_to(alison, "to-do-again")
    assert verdict(told, FRI_5) == Holds()
    late = verdict(told, date(2010, 11, 15))
    assert isinstance(late, Changed)
    assert late.rendered.subject == "Please do an audit after all: overdue since 12 November 2010"
    assert "It was due on Friday 12 November 2010 and is overdue by 1 working day." in late.rendered.text
    moves.exempt("CP-001", jack, FRI_5, "In court again", "Hollis Head")
    assert isinstance(verdict(first_to(alison, "to-do-again"), FRI_5), Overtaken)


def first_to(person: Person, kind: str) -> Message:
    db.session.rollback()
    return db.session.query(Message).filter_by(kind=kind, recipient=person.id).one()


# handed-over again


def test_whoever_gets_it_back_is_told_nothing_of_losing_it(
    jack: Person, alison: Person, owen: Person
) -> None:
    assigned(jack, "CP-001", "CP-002", lead=alison)
    assigning.reassign_all(["CP-001", "CP-002"], alison.id, owen.id, jack, FRI_5, "She is on a long case")
    told = message("handed-over")
    assert verdict(told, FRI_5) == Holds()
    assigning.reassign("CP-001", "lead", alison.id, jack, FRI_5, "She is back")
    changed = verdict(message("handed-over"), FRI_5)
    assert isinstance(changed, Changed)
    assert "CP-002" in changed.rendered.text
    assert "CP-001" not in changed.rendered.text
    assigning.reassign("CP-002", "lead", alison.id, jack, FRI_5, "She is back")
    assert isinstance(verdict(message("handed-over"), FRI_5), Overtaken)


def test_of_an_exemption_that_was_taken_back_nobody_is_told_that_they_are_done(
    jack: Person, alison: Person
) -> None:
    assigned(jack, "CP-001", lead=alison)
    moves.exempt("CP-001", jack, FRI_5, "In court", "Hollis Head")
    moves.lift_exemption("CP-001", jack, FRI_5, "The hearing was cancelled")
    deliver(FRI_5)
    db.session.rollback()
    states = {one.state for one in db.session.query(Message).filter_by(kind="handed-over")}
    assert states == {"overtaken"}


# given


def test_an_action(jack: Person, owen: Person) -> None:
    an_action(jack, owen)
    compare("given_action", message("given"), GOLDEN)


def test_a_recommendation_without_a_due_date(jack: Person, owen: Person) -> None:
    made = a_recommendation(jack, jack, due_on=None)
    recommending.decide(made.reference, jack, FRI_5, decision="accepted", decided_on=FRI_5)
    recommending.change_owner(made.reference, jack, FRI_5, owner_id=owen.id)
    compare("given_recommendation", message("given"), GOLDEN)


def test_a_recommendation_before_its_decision_and_once_it_is_agreed(jack: Person, owen: Person) -> None:
    made = a_recommendation(jack, owen)
    compare("given_undecided", message("given"), GOLDEN)
    assert deliver(FRI_5).sent == 1
    recommending.decide(made.reference, jack, FRI_5, decision="accepted", decided_on=FRI_5)
    agreed = db.session.query(Message).filter_by(kind="given").order_by(Message.id.desc()).first()
    assert agreed is not None
    compare("given_agreed", agreed, GOLDEN)
    recommending.take_back_decision(made.reference, jack, FRI_5, "Another one")
    assert verdict(agreed, FRI_5) == Overtaken("The decision was taken back")


def test_one_email_where_the_decision_comes_before_the_first_has_gone(jack: Person, owen: Person) -> None:
    made = a_recommendation(jack, owen)
    recommending.decide(made.reference, jack, FRI_5, decision="accepted", decided_on=FRI_5)
    changed = verdict(message("given"), FRI_5)
    assert isinstance(changed, Changed)
    assert "Please complete recommendation R1" in changed.rendered.text
    assert "decision" not in changed.rendered.text


def test_a_remedy_never_with_its_text(alison: Person) -> None:
    a_remedy(alison, a_person("Mona Reese", roles=["manager"], team="Nantwich"))
    compare("given_remedy", message("given"), GOLDEN)


def test_several(jack: Person, owen: Person) -> None:
    leaver = a_person("Lee Aver")
    with transaction():
        db.session.get_one(Person, leaver.id).email = "lee@council.example"
    for text in ("Send the guidance to all teams", "Change the template of the plan. " * 5):
        an_action(leaver, leaver, text)
    made = a_recommendation(leaver, leaver)
    recommending.decide(made.reference, leaver, FRI_5, decision="accepted", decided_on=FRI_5)
    assert handing_over.hand_over(leaver, owen.id, by=jack, on=FRI_5) == 3
    compare("given_several", message("given"), GOLDEN)


def test_it_says_what_is_true_on_the_day(jack: Person, owen: Person) -> None:
    action = an_action(jack, owen)
    assert verdict(message("given"), FRI_5) == Holds()
    actions.move_date(action.reference, jack, FRI_5, due_on=LATER, because="A holiday")
    changed = verdict(message("given"), FRI_5)
    assert isinstance(changed, Changed)
    assert "by Friday 19 November 2010" in changed.rendered.text
    late = verdict(message("given"), date(2010, 11, 22))
    assert isinstance(late, Changed)
    assert late.rendered.subject == "New action A1: was due Friday 19 November 2010"
    assert "It was due on Friday 19 November 2010." in late.rendered.text


ENDS: dict[str, Callable[[str, Person, Person], object]] = {
    "withdrawn": lambda reference, jack, _: actions.withdraw(reference, jack, FRI_5, "Twice"),
    "done": lambda reference, _, owen: actions.propose_done(reference, owen, FRI_5, "Sent"),
    "not mine": lambda reference, _, owen: actions.not_mine(reference, owen, FRI_5, "Of another team"),
    "of another owner": lambda reference, jack, _: actions.change_owner(
        reference, jack, FRI_5, owner_id=a_person("Somebody Else").id
    ),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_nobody_is_given_what_is_done_or_no_longer_theirs(
    jack: Person, owen: Person, end: Callable[[str, Person, Person], object]
) -> None:
    reference = an_action(jack, owen).reference
    first = message("given").id
    end(reference, jack, owen)
    assert isinstance(verdict(db.session.get_one(Message, first), FRI_5), Overtaken)


# leave and leaving


@pytest.mark.parametrize("kind", ["given", "handed-over"])
def test_it_waits_for_leave_to_end_and_is_never_sent_to_leavers(
    jack: Person, owen: Person, kind: str, mail_server: MailServer
) -> None:
    if kind == "given":
        an_action(jack, owen)
    else:
        assigned(jack, "CP-001", lead=owen)
        moves.withdraw("CP-001", jack, FRI_5, "Drawn twice")
    with transaction():
        db.session.add(Leave(person_id=owen.id, from_on=FRI_5, to_on=MON_8))
    mine = next(one for one in db.session.query(Message).filter_by(kind=kind, recipient=owen.id))
    assert isinstance(verdict(mine, FRI_5), Waits)
    assert isinstance(verdict(mine, MON_8), Waits)
    deliver(TUE_9)
    assert [owen.email] in [one.recipients for one in mail_server.messages[-2:]]
    with transaction():
        db.session.get_one(Person, owen.id).leaving_on = MON_8
    assert isinstance(verdict(mine, TUE_9), Overtaken)


def test_a_remedys_owner_who_did_it_is_not_asked_for_it(alison: Person) -> None:
    mona = a_person("Mona Reese", roles=["manager"], team="Nantwich")
    reference = a_remedy(alison, mona)
    remedies.finish(reference, "Written up", mona, FRI_5)
    assert db.session.query(Remedy).one().done_on == FRI_5
    assert isinstance(verdict(message("given"), FRI_5), Overtaken)
