"""The moves of a recommendation, and leaving a finding without an action. Each is one transaction."""

from collections.abc import Iterable
from datetime import date

from app.actions.given_things import tell_owners
from app.actions.lifecycle import (
    ACCEPTED,
    AMENDED,
    DECIDED_AGAINST,
    DECISIONS,
    DEFERRED,
    REJECTED,
    Move,
)
from app.actions.models import AnsweredFinding, Body, FindingLeft, Recommendation
from app.actions.moves import end_request
from app.actions.moving import (
    DECISION_TAKEN_BACK,
    OPENED_AGAIN,
    SENT_BACK,
    give_news,
    moving_recommendation,
    present,
    take_news_back,
)
from app.audits.cycle import Cycle
from app.database import db, transaction
from app.given import on_their_way
from app.moves.moving import tell, words
from app.news.happenings import Happening
from app.nothing_more import REPLACED, ever_sent, tell_nothing_more
from app.people.models import Person
from app.references import next_reference
from app.refusal import Refused
from app.wording import in_words

PREFIX = "R"


def recommend(
    cycle: Cycle,
    *,
    text: str,
    by: Person,
    on: date,
    questions: Iterable[str] = (),
    owner_id: int | None = None,
    due_on: date | None = None,
    body_id: int | None = None,
) -> Recommendation:
    """Raise a recommendation to a body that findings of a cycle call for. Its owner is told at once."""
    with transaction():
        text = words(text, "Enter what you recommend")
        present(owner_id, on)
        if due_on is not None and due_on < on:
            raise Refused("Due date must be today or in the future")
        recommendation = Recommendation(
            reference=next_reference(Recommendation, PREFIX),
            cycle_id=cycle.id,
            text=text,
            owner_id=owner_id,
            due_on=due_on,
            first_due_on=due_on,
            body_id=body_id,
            raised_on=on,
            raised_by_id=by.id,
            moved_in_product=True,
            findings=[AnsweredFinding(question=question) for question in sorted(set(questions))],
        )
        db.session.add(recommendation)
        db.session.flush()
        tell(recommendation, by, on, "raised", after=text)
        tell_owners([recommendation], by, on)
    return recommendation


def edit(
    reference: str,
    by: Person,
    on: date,
    *,
    text: str,
    questions: Iterable[str],
    body_id: int | None,
    version: int | None = None,
) -> None:
    """Change the words, the findings that it answers, and the body that decides."""
    with moving_recommendation(reference, Move.EDIT, by, on, version) as recommendation:
        text = words(text, "Enter what you recommend")
        if text != recommendation.text:
            tell(recommendation, by, on, "text changed", before=recommendation.text, after=text)
            recommendation.text = text
        wanted = set(questions)
        if wanted != {finding.question for finding in recommendation.findings}:
            answered = {finding.question: finding for finding in recommendation.findings}
            recommendation.findings = [
                answered.get(question) or AnsweredFinding(question=question) for question in sorted(wanted)
            ]
            tell(recommendation, by, on, "findings changed", after=", ".join(sorted(wanted)) or "none")
        if body_id != recommendation.body_id:
            body = db.session.get(Body, body_id) if body_id is not None else None
            recommendation.body_id = body_id
            tell(recommendation, by, on, "body changed", after=body.name if body else "none")


def decide(
    reference: str,
    by: Person,
    on: date,
    *,
    decision: str,
    decided_on: date,
    said: str | None = None,
    version: int | None = None,
) -> None:
    """Record the decision of the body and its day. All but a plain yes need its words.

    The owner of a recommendation that was accepted is told at once; that it was not is news to them.
    """
    with transaction():
        decided = decide_one(
            reference, by, on, decision=decision, decided_on=decided_on, said=said, version=version
        )
        tell_owners([decided], by, on, are_agreed=True)


def decide_one(
    reference: str,
    by: Person,
    on: date,
    *,
    decision: str,
    decided_on: date,
    said: str | None = None,
    version: int | None = None,
) -> Recommendation:
    """Record a decision and return the recommendation; the owner of one that was accepted is still to be
    told."""
    with moving_recommendation(reference, Move.DECIDE, by, on, version) as recommendation:
        if decision not in DECISIONS:
            raise Refused("Select what was decided")
        if decided_on > on:
            raise Refused("Date of the decision must be today or in the past")
        if recommendation.raised_on is not None and decided_on < recommendation.raised_on:
            raise Refused(
                f"Date of the decision must be on or after {in_words(recommendation.raised_on)}, "
                "when the recommendation was raised"
            )
        if decision != ACCEPTED:
            wanted = "Enter how it was amended" if decision == AMENDED else f"Enter why it was {decision}"
            said = words(said, wanted)
        recommendation.decision, recommendation.decided_on = decision, decided_on
        recommendation.decision_words = (said or "").strip() or None
        if decision in DECIDED_AGAINST:
            recommendation.proposed_on = recommendation.proposed_words = None
        tell(recommendation, by, decided_on, decision, why=recommendation.decision_words)
        if decision in _NEWS:
            give_news(recommendation, _NEWS[decision], by, on)
        else:
            take_news_back(recommendation, *_NEWS.values(), Happening.DECISION_TAKEN_BACK)
        return recommendation


_NEWS = {REJECTED: Happening.REJECTED, DEFERRED: Happening.DEFERRED}
"""The news for the owner of a decision against a recommendation. Of one for it they are told at once."""


def lacking(recommendation: Recommendation, decision: str) -> list[str]:
    """Return the owner and due day that an accepted recommendation still lacks, in sentences."""
    if decision not in (ACCEPTED, AMENDED):
        return []
    owner = f"{recommendation.reference} has no owner yet" if recommendation.owner_id is None else ""
    due_on = f"{recommendation.reference} has no due date yet" if recommendation.due_on is None else ""
    return [lacks for lacks in (owner, due_on) if lacks]


def change_owner(reference: str, by: Person, on: date, *, owner_id: int, version: int | None = None) -> None:
    """Give a recommendation to one named person, who is told at once."""
    with transaction():
        tell_owners([give_one(reference, by, on, owner_id=owner_id, version=version)], by, on)


def give_one(
    reference: str, by: Person, on: date, *, owner_id: int, version: int | None = None
) -> Recommendation | None:
    """Give a recommendation to one person, who is still to be told; None where it was theirs already."""
    with moving_recommendation(reference, Move.CHANGE_OWNER, by, on, version) as recommendation:
        owner = present(owner_id, on)
        if owner is None:
            raise Refused("Select one person as the owner")
        if owner.id == recommendation.owner_id:
            return None
        before = recommendation.owner.name if recommendation.owner else None
        tell_nothing_more(recommendation, recommendation.owner_id, REPLACED, by, on, to=owner)
        recommendation.owner_id = owner.id
        recommendation.proposed_on = recommendation.proposed_words = None
        tell(
            recommendation,
            by,
            on,
            "owner changed" if before else "owner set",
            before=before,
            after=owner.name,
        )
        return recommendation


def propose(reference: str, by: Person, on: date, evidence: str, version: int | None = None) -> None:
    """Say, as its owner, that a recommendation is carried out. Reminders go on until a coordinator agrees."""
    with moving_recommendation(reference, Move.PROPOSE_CARRIED_OUT, by, on, version) as recommendation:
        evidence = words(evidence, "Enter evidence that it is carried out")
        recommendation.proposed_on, recommendation.proposed_words = on, evidence
        take_news_back(recommendation, Happening.HANDED_BACK)
        tell(recommendation, by, on, "said to be carried out", after=evidence)


def send_back(reference: str, by: Person, on: date, because: str, version: int | None = None) -> None:
    """Send a recommendation back to its owner as not carried out, with what is missing."""
    with moving_recommendation(reference, Move.SEND_BACK, by, on, version) as recommendation:
        because = words(because, "Enter what is missing")
        before = recommendation.proposed_words
        recommendation.proposed_on = recommendation.proposed_words = None
        tell(recommendation, by, on, SENT_BACK, before=before, why=because)
        give_news(recommendation, Happening.HANDED_BACK, by, on)


def carry_out(
    reference: str, by: Person, on: date, *, how: str | None = None, version: int | None = None
) -> None:
    """Record that a recommendation is carried out: its reminders stop, and its owner gets news."""
    with moving_recommendation(reference, Move.CARRY_OUT, by, on, version) as recommendation:
        recommendation.carried_out_on = on
        end_request(recommendation, on, "the recommendation was carried out before the request was answered")
        tell(recommendation, by, on, "carried out", after=(how or "").strip() or None)
        give_news(recommendation, Happening.SIGNED_OFF, by, on)


def open_again(reference: str, by: Person, on: date, because: str, version: int | None = None) -> None:
    """Take back that a recommendation is carried out: it is to be carried out again, by its due day."""
    with moving_recommendation(reference, Move.TAKE_BACK_CARRIED_OUT, by, on, version) as recommendation:
        because = words(because, "Enter why it is not carried out")
        before = f"carried out on {in_words(recommendation.carried_out_on)}"
        recommendation.carried_out_on = None
        was_proposed = recommendation.proposed_on is not None
        recommendation.proposed_on = recommendation.proposed_words = None
        tell(recommendation, by, on, OPENED_AGAIN, before=before, why=because)
        is_as_before = take_news_back(recommendation, Happening.SIGNED_OFF) and not was_proposed
        if not is_as_before:
            give_news(recommendation, Happening.HANDED_BACK, by, on)


def take_back_decision(
    reference: str, by: Person, on: date, because: str, version: int | None = None
) -> None:
    """Take back a decision that was recorded by mistake: the recommendation is undecided again, which is news
    to its owner if they were told of it.

    Its actions stay as they are: each has an owner and a due day of its own.
    """
    with moving_recommendation(reference, Move.TAKE_BACK_DECISION, by, on, version) as recommendation:
        because = words(because, "Enter why you take the decision back")
        decided = f" on {in_words(recommendation.decided_on)}" if recommendation.decided_on else ""
        said = f": {recommendation.decision_words}" if recommendation.decision_words else ""
        before = f"{recommendation.decision}{decided}{said}"
        is_known = recommendation.decision in _NEWS or _was_told_of_it(recommendation)
        recommendation.decision = recommendation.decided_on = recommendation.decision_words = None
        tell(recommendation, by, on, DECISION_TAKEN_BACK, before=before, why=because)
        if is_known:
            give_news(recommendation, Happening.DECISION_TAKEN_BACK, by, on)


def _was_told_of_it(recommendation: Recommendation) -> bool:
    """Return True where its owner was told that it was agreed: the email about that has gone."""
    owner_id, thing = recommendation.owner_id, (Recommendation.kind, recommendation.id)
    if owner_id is None or thing in on_their_way(owner_id):
        return False
    return bool(ever_sent(Recommendation.kind, {owner_id: [recommendation.id]}))


def leave_finding(cycle: Cycle, question: str, by: Person, on: date, because: str) -> None:
    """Record the reason why a finding has no action."""
    with transaction():
        because = words(because, "Enter why no action is needed")
        db.session.merge(
            FindingLeft(cycle_id=cycle.id, question=question, because=because, by_id=by.id, on=on)
        )
        tell(cycle, by, on, "finding left without an action", after=question, why=because)
