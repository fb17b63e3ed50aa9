"""The steps of others that a thing waits for, in words. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Waiting:
    """The step that a thing waits for and its owner cannot take, so that nobody asks them to complete it."""

    said: str
    can: str
    """The sentence on what its page offers the owner meanwhile."""


_MEANWHILE = "report progress, ask for a later date or say that it is not yours."
UNDECIDED = Waiting(
    "Its decision is not recorded yet.",
    "Until the decision is recorded, you can open the recommendation to say that it is carried out, "
    f"{_MEANWHILE}",
)
TO_CHECK = Waiting(
    "It waits for a coordinator to check that it is carried out.",
    f"Until a coordinator has checked it, you can open the recommendation to {_MEANWHILE}",
)
UNDECIDED_TO_CHECK = Waiting(
    "It waits for a coordinator to check that it is carried out. Its decision has to be recorded first.",
    f"Until the decision is recorded, you can open the recommendation to {_MEANWHILE}",
)
