"""The next steps of an action for its owner and for others: the links of its page."""

from dataclasses import dataclass
from datetime import date

from app.actions.lifecycle import Move, refuse, refuse_answer
from app.actions.models import Action
from app.actions.moves import asked_for
from app.actions.moving import action_facts


@dataclass(frozen=True)
class Step:
    """A link to the page of a move."""

    text: str
    endpoint: str


OWNERS = (
    (Move.REPORT, Step("Report progress", "actions.report")),
    (Move.PROPOSE_DONE, Step("Mark as done", "actions.propose_done")),
    (Move.ASK_LATER, Step("Ask for a later date", "actions.ask_later")),
    (Move.NOT_MINE, Step("Hand back action", "actions.not_mine")),
)
OTHERS = (
    (Move.SIGN_OFF, Step("Sign off action", "actions.sign_off")),
    (Move.SEND_BACK, Step("Send back to owner", "actions.send_back")),
    (Move.CHECK_IMPACT, Step("Record impact check", "actions.check_impact")),
    (Move.AGREE, Step("Agree action", "actions.agree")),
    (Move.CHANGE_OWNER, Step("Pass to someone else", "actions.change_owner")),
    (Move.MOVE_DATE, Step("Change due date", "actions.move_date")),
    (Move.EDIT, Step("Edit action", "actions.edit")),
    (Move.WITHDRAW, Step("Withdraw action", "actions.withdraw")),
)
QUICK_CHECK = Step("Create quick check", "quick_wins.check_action")
ANSWER = Step("Answer request for a later date", "actions.answer_later")
FIRST_OWNER = Step("Choose an owner", "actions.change_owner")
FIRST_DATE = Step("Set a due date", "actions.move_date")


def owners_steps(action: Action, by_id: int, on: date) -> list[Step]:
    """Return the steps of its owner today; empty for anybody else."""
    if action.owner_id != by_id:
        return []
    return [step for move, step in OWNERS if refuse(move, action_facts(action), on, by_id) is None]


def others_steps(action: Action, by_id: int, on: date) -> list[Step]:
    """Return the steps of those who steer it today."""
    facts = action_facts(action)
    first = {Move.CHANGE_OWNER: FIRST_OWNER} if action.owner_id is None else {}
    first |= {Move.MOVE_DATE: FIRST_DATE} if action.due_on is None else {}
    steps = [first.get(move, step) for move, step in OTHERS if refuse(move, facts, on, by_id) is None]
    asked = asked_for(action)
    if asked is not None and refuse_answer(facts, asked.asked_by_id, on, by_id) is None:
        steps.insert(0, ANSWER)
    return steps
