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
    (Move.PROPOSE_DONE, Step("It is done", "actions.propose_done")),
    (Move.ASK_LATER, Step("Ask for a later date", "actions.ask_later")),
    (Move.NOT_MINE, Step("This is not mine", "actions.not_mine")),
)
OTHERS = (
    (Move.SIGN_OFF, Step("Sign it off", "actions.sign_off")),
    (Move.SEND_BACK, Step("Not done yet: send it back", "actions.send_back")),
    (Move.CHECK_IMPACT, Step("Record the impact check", "actions.check_impact")),
    (Move.AGREE, Step("Agree it", "actions.agree")),
    (Move.CHANGE_OWNER, Step("Give it to somebody", "actions.change_owner")),
    (Move.MOVE_DATE, Step("Set the due day", "actions.move_date")),
    (Move.EDIT, Step("Change the words", "actions.edit")),
    (Move.WITHDRAW, Step("Withdraw it", "actions.withdraw")),
)
QUICK_CHECK = Step("Make a quick check", "quick_wins.check_action")
ANSWER = Step("Answer the request for a later date", "actions.answer_later")


def owners_steps(action: Action, by_id: int, on: date) -> list[Step]:
    """Return the steps of its owner today; empty for anybody else."""
    if action.owner_id != by_id:
        return []
    return [step for move, step in OWNERS if refuse(move, action_facts(action), on, by_id) is None]


def others_steps(action: Action, by_id: int, on: date) -> list[Step]:
    """Return the steps of those who steer it today."""
    facts = action_facts(action)
    steps = [step for move, step in OTHERS if refuse(move, facts, on, by_id) is None]
    asked = asked_for(action)
    if asked is not None and refuse_answer(facts, asked.asked_by_id, on, by_id) is None:
        steps.insert(0, ANSWER)
    return steps
