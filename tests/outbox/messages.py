"""Messages for the tests of the outbox: the smallest valid one, of a kind that nothing overtakes."""

import itertools
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.database import db, transaction
from app.outbox import composing
from app.outbox.kinds import Rendered, always_holds, register
from app.outbox.models import Message
from app.outbox.writing import write
from config.settings import Settings

ON = date(2010, 11, 5)
KIND = "plain words"

_numbers = itertools.count(1)

register(KIND, 5, always_holds)


def a_message(address: str | None = None, *, kind: str = KIND, **values: Any) -> Message:
    """Write a message into the outbox, queued."""
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


def connect_to(port: int, **mail: Any) -> None:
    """Give the running service a mail server on this machine, as the environment would."""
    settings: Settings = current_app.extensions["settings"]
    mail = {"server": "127.0.0.1", "port": port, "default_sender": "audits@council.example", **mail}
    settings = replace(settings, mail=replace(settings.mail, **mail))
    current_app.extensions["settings"] = settings
    composing.init_app(current_app, settings)


def fresh(message: Message) -> Message:
    """The message as the database has it now."""
    db.session.rollback()
    db.session.refresh(message)
    return message


def states() -> Counter[str]:
    """Return the number of messages in each state."""
    db.session.rollback()
    return Counter(db.session.scalars(select(Message.state)).all())
