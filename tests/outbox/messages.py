"""Messages for the tests of the outbox: the smallest valid one, of a kind that nothing overtakes."""

import itertools
from datetime import date
from typing import Any

from app.database import transaction
from app.outbox.kinds import Rendered, always_holds, register
from app.outbox.models import Message
from app.outbox.writing import write

ON = date(2010, 11, 5)
KIND = "plain words"

_numbers = itertools.count(1)

register(KIND, 5, always_holds)


def a_message(address: str | None = None, *, kind: str = KIND, **values: Any) -> Message:
    """One message in the outbox, queued."""
    address = address or f"person{next(_numbers)}@council.example"
    rendered = values.pop(
        "rendered", Rendered("Two audits, due Monday", "Two audits.\n", "<p>Two audits.</p>\n")
    )
    with transaction():
        return write(
            kind,
            recipient=values.pop("recipient", None),
            address=address,
            rendered=rendered,
            why=values.pop("why", "A test wrote it."),
            on=values.pop("on", ON),
            **values,
        )
