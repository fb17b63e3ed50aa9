"""The next steps of an action or a recommendation for its owner and for others: the links of its page."""

from dataclasses import dataclass, replace
from datetime import date

from app.actions.lifecycle import Move, refuse_answer
from app.actions.models import Action
from app.actions.moves import asked_for
from app.actions.moving import Tracked, facts_of, refuse_tracked


@dataclass(frozen=True)
class Step:
    """A link to the page of a move."""

    text: str
    endpoint: str


NOT_MINE = "Say that it is not mine"

OWNERS = (
    (Move.REPORT, Step("Report progress", "actions.report")),
    (Move.PROPOSE_DONE, Step("Mark as done", "actions.propose_done")),
    (Move.ASK_LATER, Step("Ask for a later date", "actions.ask_later")),
    (Move.NOT_MINE, Step(NOT_MINE, "actions.not_mine")),
)
OTHERS = (
    (Move.SIGN_OFF, Step("Sign off action", "actions.sign_off")),
    (Move.SEND_BACK, Step("Send back to owner", "actions.send_back")),
    (Move.CHECK_IMPACT, Step("Record impact check", "actions.check_impact")),
    (Move.AGREE, Step("Agree action", "actions.agree")),
    (Move.CHANGE_OWNER, Step("Pass to someone else", "actions.change_owner")),
    (Move.MOVE_DATE, Step("Change due date", "actions.move_date")),
    (Move.EDIT, Step("Edit action", "actions.edit")),
    (Move.TAKE_BACK_SIGN_OFF, Step("Take sign-off back", "actions.take_back_sign_off")),
    (Move.TAKE_BACK_CHECK, Step("Take impact check back", "actions.take_back_check")),
    (Move.WITHDRAW, Step("Withdraw action", "actions.withdraw")),
)
OWNERS_OF_RECOMMENDATIONS = (
    (Move.REPORT, Step("Report progress", "actions.report_recommendation")),
    (Move.PROPOSE_CARRIED_OUT, Step("Say that it is carried out", "actions.propose")),
    (Move.ASK_LATER, Step("Ask for a later date", "actions.ask_later_recommendation")),
    (Move.NOT_MINE, Step(NOT_MINE, "actions.not_mine_recommendation")),
)
OTHERS_OF_RECOMMENDATIONS = (
    (Move.DECIDE, Step("Record decision", "actions.decide")),
    (Move.CARRY_OUT, Step("Mark as carried out", "actions.carry_out")),
    (Move.SEND_BACK, Step("Send back to owner", "actions.send_back_recommendation")),
    (Move.CHANGE_OWNER, Step("Pass to someone else", "actions.recommendation_owner")),
    (Move.MOVE_DATE, Step("Change due date", "actions.move_date_recommendation")),
    (Move.EDIT, Step("Edit recommendation", "actions.edit_recommendation")),
    (Move.TAKE_BACK_DECISION, Step("Take decision back", "actions.take_back_decision")),
    (Move.TAKE_BACK_CARRIED_OUT, Step("Open again", "actions.open_again")),
)
QUICK_CHECK = Step("Create quick check", "quick_wins.check_action")
ANSWER = "Answer request for a later date"
FIRST_OWNER, FIRST_DATE = "Choose an owner", "Set a due date"


def owners_steps(thing: Tracked, by_id: int, on: date) -> list[Step]:
    """Return the steps of its owner today; empty for anybody else."""
    if thing.owner_id != by_id:
        return []
    steps = OWNERS if isinstance(thing, Action) else OWNERS_OF_RECOMMENDATIONS
    return [step for move, step in steps if refuse_tracked(move, thing, on, by_id) is None]


def others_steps(thing: Tracked, by_id: int, on: date) -> list[Step]:
    """Return the steps of those who steer it today."""
    is_action = isinstance(thing, Action)
    words = {Move.CHANGE_OWNER: FIRST_OWNER} if thing.owner_id is None else {}
    words |= {Move.MOVE_DATE: FIRST_DATE} if thing.due_on is None else {}
    steps = [
        replace(step, text=words.get(move, step.text))
        for move, step in (OTHERS if is_action else OTHERS_OF_RECOMMENDATIONS)
        if refuse_tracked(move, thing, on, by_id) is None
    ]
    asked = asked_for(thing)
    if asked is not None and refuse_answer(facts_of(thing), asked.asked_by_id, on, by_id) is None:
        endpoint = "actions.answer_later" if is_action else "actions.answer_later_recommendation"
        steps.insert(0, Step(ANSWER, endpoint))
    return steps
