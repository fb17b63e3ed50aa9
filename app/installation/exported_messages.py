"""Messages as an export has them: none is waiting to be sent, and none has its secret link."""

from typing import Any

from app.outbox.models import DROPPED, HELD, QUEUED, SENDING

_WAITED = "This email had not been sent when the installation was exported"
_KEY_BEHIND = "This email had a password link, which was not exported"


def exported_message(values: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the messages as it is exported.

    A message that waits is held in the copy, so that nobody gets it twice. One with a secret link is useless
    without it and is dropped. One that is held already, or finished, is exported as it is, so that a copy of
    a copy is the same.
    """
    unsent = values["state"] in (QUEUED, SENDING)
    if not values["secret"]:
        return values | {"state": HELD, "answer": _WAITED} if unsent else values
    values |= {"text": None, "html": None}
    if unsent or values["state"] == HELD:
        values |= {"state": DROPPED, "answer": _KEY_BEHIND, "ended_at": values["written_at"]}
    return values
