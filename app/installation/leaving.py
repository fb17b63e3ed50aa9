"""How a row leaves the installation where it is not kept as it stands: messages."""

from collections.abc import Callable, Mapping
from typing import Any

from app.outbox.models import DROPPED, HELD, QUEUED, SENDING

_WAITED = "It had not been sent when the installation was exported."
_KEY_BEHIND = "The key that it carried stayed behind when the installation was exported."


def leaving(table: str) -> Callable[[dict[str, Any]], dict[str, Any]] | None:
    """What becomes of each row of that table, as values by column; None where rows are kept as they stand."""
    return _LEAVING.get(table)


def _message(values: dict[str, Any]) -> dict[str, Any]:
    """What waits to be sent is held in the copy, so that nobody hears of it twice; a key is never told.

    A message that carried a key is worth nothing without it: it is dropped. One that is held already, or at
    an end, is kept as it is, so that a copy of a copy is the same.
    """
    unsent = values["state"] in (QUEUED, SENDING)
    if not values["secret"]:
        return values | {"state": HELD, "answer": _WAITED} if unsent else values
    values |= {"text": None, "html": None}
    if unsent or values["state"] == HELD:
        values |= {"state": DROPPED, "answer": _KEY_BEHIND, "ended_at": values["written_at"]}
    return values


_LEAVING: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"messages": _message}
