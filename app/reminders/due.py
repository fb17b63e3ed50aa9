"""A step that is due, with the key that makes it happen once. Pure."""

from datetime import date
from typing import NamedTuple

AUDIT, QUICK_WIN, RESPONSE = "audit", "quick win", "response"
"""The things that are read in their own way; all things: things.py."""

NOBODY = 0
"""The number used for a person where a step has nobody to go to."""

CHECK = "check"
"""The step at a quick win's end: the question to coordinators whether the figure moved."""

REASSIGN = "reassign"
"""The step that asks coordinators to hand on what somebody who left still has."""


NEWS = "news"
"""The thing and the one step of news: what became of somebody's own work."""

Key = tuple[str, int, int, str, str, date]
"""The key of a step: the kind of thing and its id, the person, the kind of message, the step, its anchor."""


class Due(NamedTuple):
    """A step that is to go to a person in a kind of message, with its key. A run makes very many."""

    obligation_kind: str
    obligation_id: int
    reference: str
    person_id: int
    kind: str
    step: str
    anchor_on: date
    step_on: date
    due_on: date | None
    """None for news, and where somebody left what has no due day: no ladder, but it is to be handed on."""
    leaver_id: int = 0

    @property
    def key(self) -> Key:
        """Return the key by which a coordinator holds it."""
        return (
            self.obligation_kind,
            self.obligation_id,
            self.person_id,
            self.kind,
            self.step,
            self.anchor_on,
        )
