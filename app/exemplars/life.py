"""The life of an exemplar: written, approved by somebody else, shown to staff, retired. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.working_days import happened


class ExemplarState(StrEnum):
    """The state of an exemplar."""

    WRITTEN = "waiting for approval"
    SHOWN = "shown to staff"
    RETIRED = "retired"


class ExemplarMove(StrEnum):
    """A move of an exemplar, in the word for what it then is."""

    CHANGE = "changed"
    APPROVE = "approved"
    RETIRE = "retired"


@dataclass(frozen=True)
class ExemplarFacts:
    """The facts that the state follows from. `written_by_id` is the author of its present words."""

    written_by_id: int
    approved_on: date | None = None
    retired_on: date | None = None


def state(facts: ExemplarFacts, on: date) -> ExemplarState:
    """Return the state on a day: retired, else shown once it is approved, else waiting for approval."""
    if happened(facts.retired_on, on):
        return ExemplarState.RETIRED
    if happened(facts.approved_on, on):
        return ExemplarState.SHOWN
    return ExemplarState.WRITTEN


def refuse(move: ExemplarMove, facts: ExemplarFacts, on: date, by_id: int) -> str | None:
    """Return why a move is not allowed, in one sentence; None when it is. Nobody approves their own words."""
    current = state(facts, on)
    if current is ExemplarState.RETIRED:
        return f"This example is retired, so it cannot be {move}"
    if current is ExemplarState.SHOWN and move is ExemplarMove.CHANGE:
        return "Staff can already see this example, so you cannot change it. Retire it and write another one."
    if current is ExemplarState.SHOWN and move is ExemplarMove.APPROVE:
        return "This example is already approved"
    if move is ExemplarMove.APPROVE and by_id == facts.written_by_id:
        return "You wrote this example, so someone else must approve it"
    return None
