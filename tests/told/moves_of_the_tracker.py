"""The moves of actions, recommendations and people in the month, by the product's own moves."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from app.actions import moves, recommending
from app.actions.handing_over import hand_over, leavers_with_open_work, open_of
from app.actions.models import Action, MovedDate, Recommendation
from app.audits.cycle import Cycle
from app.database import db
from app.outbox.models import HELD, QUEUED, Message
from app.people.closures import working_days
from app.people.leave_moves import add_leave, remove_leave
from app.people.models import Leave
from app.people.moves import change_person, details_of
from tests.told.office import PAIRS
from tests.told.story import NobodyThere, Story

UNDER_WAY = (
    Action.is_draft.is_(False),
    Action.owner_id.is_not(None),
    Action.done_on.is_(None),
    Action.withdrawn_on.is_(None),
)
AGREED = (Recommendation.decision.in_(("accepted", "amended")), Recommendation.carried_out_on.is_(None))
TO_DECIDE = (
    Recommendation.decision.is_(None) | (Recommendation.decision == "deferred"),
    Recommendation.carried_out_on.is_(None),
)


def _cycle() -> Cycle:
    return db.session.scalars(select(Cycle).where(Cycle.reference == PAIRS)).one()


def raise_action(story: Story) -> None:
    """Raise an action: agreed with owner and due date, or a draft."""
    by = story.coordinator()
    agreed = story.is_true(0.8)
    owner = story.one_of(story.office.owners).id if agreed else None
    due_on = story.on + timedelta(days=story.random.randint(1, 20))
    action = moves.raise_action(
        text=f"Check the plans of {len(story.made)} teams",
        by=by,
        on=story.on,
        cycle=_cycle(),
        owner_id=owner,
        due_on=due_on,
        changes_for_children=story.secret("Children"),
    )
    story.give(owner, action.reference, by)


def agree_draft(story: Story) -> None:
    """Give a draft an owner, then agree it."""
    action = story.action(Action.is_draft.is_(True), Action.withdrawn_on.is_(None))
    by = story.coordinator()
    owner = story.one_of(story.office.owners).id
    moves.change_owner(action.reference, by, story.on, owner_id=owner)
    moves.agree(action.reference, by, story.on)
    story.give(owner, action.reference, by)


def _owners_move(story: Story, *which: object) -> tuple[Action, int]:
    action = story.action(*UNDER_WAY, *which)  # type: ignore[arg-type]
    return action, story.one_of([action.owner_id or 0]).id


def report(story: Story) -> None:
    action, owner = _owners_move(story)
    moves.report(action.reference, story.person(owner), story.on, story.secret("Half done"))


def ask_later(story: Story) -> None:
    action, owner = _owners_move(story, Action.due_on <= story.on + timedelta(days=5))
    due_on = max(action.due_on or story.on, story.on) + timedelta(days=6)
    because = story.secret("Later")
    moves.ask_later(action.reference, story.person(owner), story.on, due_on=due_on, because=because)


ASKED = Action.moved_dates.any(MovedDate.is_made.is_(False) & MovedDate.refused_on.is_(None))


def grant_later(story: Story) -> None:
    moves.answer_later(story.action(*UNDER_WAY, ASKED).reference, story.coordinator(), story.on, yes=True)


def refuse_later(story: Story) -> None:
    action, because = story.action(*UNDER_WAY, ASKED), story.secret("No")
    moves.answer_later(action.reference, story.coordinator(), story.on, yes=False, because=because)


def move_date(story: Story) -> None:
    action = story.action(*UNDER_WAY)
    due_on = max(action.due_on or story.on, story.on) + timedelta(days=4)
    because = story.secret("Moved")
    moves.move_date(action.reference, story.coordinator(), story.on, due_on=due_on, because=because)


def not_mine(story: Story) -> None:
    action, owner = _owners_move(story)
    moves.not_mine(action.reference, story.person(owner), story.on, story.secret("Not mine"))


def give_action(story: Story) -> None:
    """Give an action to somebody else, also one that nobody has."""
    action = story.action(Action.is_draft.is_(False), Action.done_on.is_(None), Action.withdrawn_on.is_(None))
    by, to = story.coordinator(), story.one_of(story.office.owners).id
    is_new = to != action.owner_id
    moves.change_owner(action.reference, by, story.on, owner_id=to)
    if is_new:
        story.give(to, action.reference, by)


def propose_done(story: Story) -> None:
    action, owner = _owners_move(story)
    moves.propose_done(action.reference, story.person(owner), story.on, story.secret("Evidence"))


DONE = (Action.done_on.is_not(None), Action.signed_off_on.is_(None), Action.withdrawn_on.is_(None))


def sign_off(story: Story) -> None:
    due_on = working_days().offset(story.on, 2)
    moves.sign_off(story.action(*DONE).reference, story.coordinator(), story.on, impact_due_on=due_on)


def hand_back(story: Story) -> None:
    action = story.action(*DONE)
    moves.send_back(action.reference, story.coordinator(), story.on, story.secret("Missing"))


def check_impact(story: Story) -> None:
    action = story.action(Action.signed_off_on.is_not(None), Action.impact_checked_on.is_(None))
    impact = story.random.choice(("effective", "not effective"))
    found = story.secret("Found")
    moves.check_impact(action.reference, story.coordinator(), story.on, impact=impact, found=found)


def withdraw_action(story: Story) -> None:
    action = story.action(*UNDER_WAY)
    moves.withdraw(action.reference, story.coordinator(), story.on, story.secret("Withdrawn"))


def recommend(story: Story) -> None:
    owner = story.one_of(story.office.owners).id if story.is_true(0.8) else None
    by = story.coordinator()
    recommendation = recommending.recommend(
        _cycle(),
        text=f"Agree how plans are written, {len(story.made)}",
        by=by,
        on=story.on,
        owner_id=owner,
        due_on=story.on + timedelta(days=story.random.randint(1, 15)),
    )
    story.give(owner, recommendation.reference, by)


def decide(story: Story) -> None:
    """Record what the body decided about a recommendation."""
    recommendation = story.recommendation(*TO_DECIDE)
    decision = story.random.choice(("accepted", "accepted", "accepted", "amended", "deferred", "rejected"))
    by, owner = story.coordinator(), recommendation.owner_id
    is_waiting = _is_on_its_way(owner, recommendation)
    recommending.decide(
        recommendation.reference,
        by,
        story.on,
        decision=decision,
        decided_on=story.on,
        said=story.secret("They"),
    )
    if decision in ("accepted", "amended"):
        story.give(owner, recommendation.reference, by)
        if is_waiting and owner is not None and owner != by.id:
            story.silent[owner, recommendation.reference] += 1


def _is_on_its_way(owner: int | None, recommendation: Recommendation) -> bool:
    """True where the email that tells its owner of it has not gone: it then tells of the decision too."""
    waiting = select(Message.facts).where(
        Message.kind == "given", Message.recipient == owner, Message.state.in_((QUEUED, HELD))
    )
    thing = [Recommendation.kind, recommendation.id]
    return any(thing in facts["things"] for facts in db.session.scalars(waiting))


def give_recommendation(story: Story) -> None:
    recommendation = story.recommendation(*AGREED)
    by, to = story.coordinator(), story.one_of(story.office.owners).id
    is_new = to != recommendation.owner_id
    recommending.change_owner(recommendation.reference, by, story.on, owner_id=to)
    if is_new:
        story.give(to, recommendation.reference, by)


def move_date_of_recommendation(story: Story) -> None:
    recommendation = story.recommendation(*AGREED)
    due_on = max(recommendation.due_on or story.on, story.on) + timedelta(days=4)
    because = story.secret("Moved")
    moves.move_date(
        recommendation.reference,
        story.coordinator(),
        story.on,
        due_on=due_on,
        because=because,
        of=Recommendation,
    )


def say_carried_out(story: Story) -> None:
    """Say as its owner that a recommendation is carried out."""
    recommendation = story.recommendation(*AGREED, Recommendation.owner_id.is_not(None))
    owner = story.one_of([recommendation.owner_id or 0])
    recommending.propose(recommendation.reference, owner, story.on, story.secret("Evidence"))


def hand_back_recommendation(story: Story) -> None:
    recommendation = story.recommendation(*AGREED, Recommendation.proposed_on.is_not(None))
    because = story.secret("Missing")
    recommending.send_back(recommendation.reference, story.coordinator(), story.on, because)


def open_recommendation_again(story: Story) -> None:
    recommendation = story.recommendation(Recommendation.carried_out_on.is_not(None))
    because = story.secret("Not so")
    recommending.open_again(recommendation.reference, story.coordinator(), story.on, because)


def ask_later_for_recommendation(story: Story) -> None:
    """Ask as its owner for a later date, and have it granted or refused at once or not at all."""
    recommendation = story.recommendation(*AGREED, Recommendation.owner_id.is_not(None))
    owner = story.one_of([recommendation.owner_id or 0])
    reference = recommendation.reference
    due_on = max(recommendation.due_on or story.on, story.on) + timedelta(days=5)
    because = story.secret("Later")
    moves.ask_later(reference, owner, story.on, due_on=due_on, because=because, of=Recommendation)
    if story.is_true(0.7):
        yes, why, by = story.is_true(), story.secret("No"), story.coordinator()
        moves.answer_later(reference, by, story.on, yes=yes, because=why, of=Recommendation)


def carry_out(story: Story) -> None:
    recommending.carry_out(story.recommendation(*AGREED).reference, story.coordinator(), story.on)


def hand_over_of_leaver(story: Story) -> None:
    """Give all actions and recommendations of a leaver to one other person."""
    leavers = leavers_with_open_work(story.on)
    if not leavers:
        raise NobodyThere
    by, to = story.coordinator(), story.one_of(story.office.owners).id
    things = open_of(leavers[0], story.on)
    agreed = [
        each.reference
        for each in things
        if (not each.is_draft if isinstance(each, Action) else each.decision in ("accepted", "amended"))
    ]
    hand_over(leavers[0], to, by=by, on=story.on)
    for reference in agreed:
        story.give(to, reference, by)


def take_leave(story: Story) -> None:
    """Enter leave of an auditor, owner, manager or coordinator, from today or later; half have a deputy."""
    office = story.office
    people = [*office.auditors, *office.owners, *office.coordinators, *office.workers, *office.moderators]
    person = story.random.choice(people)
    if person in office.coordinators and any(story.is_away(each) for each in office.coordinators):
        raise NobodyThere
    from_on = story.on + timedelta(days=story.random.choice((0, 0, 1, 3)))
    to_on = from_on + timedelta(days=story.random.randint(0, 8))
    others = [each for each in (*office.workers, *office.managers.values()) if each != person]
    deputy = story.one_of(others).id if story.is_true() else None
    add_leave(person, from_on, to_on, deputy, by=story.person(office.coordinators[0]).email)


def come_back_early(story: Story) -> None:
    spells = select(Leave).where(Leave.from_on <= story.on, Leave.to_on > story.on).order_by(Leave.id)
    spell = story.random.choice(db.session.scalars(spells).all() or [None])
    if spell is None:
        raise NobodyThere
    remove_leave(spell.id, by=story.person(story.office.coordinators[0]).email)


def leave_for_good(story: Story) -> None:
    """Enter the leaving day of an auditor or owner."""
    office = story.office
    people = [*list(office.auditors)[::5], *list(office.workers)[::4]]
    staying = [person for person in people if story.person(person).leaving_on is None]
    if not staying:
        raise NobodyThere
    person = story.person(story.random.choice(staying))
    leaving_on = story.on + timedelta(days=story.random.choice((0, 1, 2)))
    by = story.person(office.coordinators[0]).email
    change_person(person.id, replace(details_of(person), leaving_on=leaving_on), by=by)
