"""Messages a second to a mail server on this machine, beside a bare loop over Flask-Mail's own connection.

The bare loop builds the same messages with Flask-Mail alone and sends them on one connection. Both build each
message anew each time, and take turns, so that a machine that gets slower or faster treats them alike.

    python -m tests.bench.delivery FOLDER DAY [--plain MESSAGES]

Delivers what stands in the outbox, once where nothing has happened since it was written and once where
something has, so that each message is looked at again. With `--plain`, delivers so many short messages.
"""

import argparse
import json
import time
import uuid
from datetime import date
from pathlib import Path

import flask_mail
from flask import current_app
from sqlalchemy import func, insert, select, update

from app import clock, create_app
from app.database import db, transaction
from app.history.record import Event, record
from app.outbox.composing import AS_COMPOSED, NO_ANSWERS
from app.outbox.delivery import deliver
from app.outbox.kinds import always_holds, register
from app.outbox.models import QUEUED, SENT, Message
from config.settings import from_environment
from tests.bench.installation import COORDINATOR, environment
from tests.mail_server import MailServerProcess

PLAIN = "plain"
ENOUGH_MESSAGES = 2_000


def put_plain(messages: int, on: date) -> None:
    """Put short messages that nothing can overtake into the outbox."""
    register(PLAIN, 5, always_holds)
    now = clock.now()
    rows = [
        {
            "uid": str(uuid.uuid4()),
            "kind": PLAIN,
            "address": f"auditor{n}@council.example",
            "subject": f"Audit CP-{n:06} is due on Friday 12 November",
            "text": "Hello,\n\nAudit CP-000001 is due on Friday 12 November.\n\nOpen it: http://127.0.0.1/\n",
            "html": "<p>Hello,</p>\n<p>Audit CP-000001 is due on Friday 12 November.</p>\n",
            "facts": {},
            "why": "To measure delivery.",
            "on": on,
            "rendered_on": on,
            "written_at": now,
            "next_try_at": now,
        }
        for n in range(messages)
    ]
    with transaction():
        db.session.execute(insert(Message), rows)


def warm_up(on: date) -> None:
    """Deliver one message, so that what a process does only once is not counted."""
    put_plain(1, on)
    deliver(on, only=db.session.scalar(select(func.max(Message.id))))


def queued() -> list[Message]:
    """Return the messages that stand in the outbox, out of reach of the session."""
    messages = db.session.scalars(select(Message).where(Message.state == QUEUED).order_by(Message.id)).all()
    db.session.expunge_all()
    db.session.rollback()
    return list(messages)


class BareMessage(flask_mail.Message):
    """Flask-Mail's message, written out so that no header is garbled."""

    def as_bytes(self) -> bytes:
        """Return what goes over the wire."""
        return self._message().as_bytes(policy=AS_COMPOSED)


def bare(messages: list[Message]) -> float:
    """Return the seconds that Flask-Mail takes to build and send these messages on one connection."""
    began = time.perf_counter()
    with flask_mail.Connection(current_app.extensions["mail"]) as connection:
        for message in messages:
            built = BareMessage(
                subject=message.subject,
                recipients=[message.address],
                body=message.text,
                html=message.html,
                date=message.written_at.timestamp(),
                extra_headers=NO_ANSWERS,
            )
            built.msgId = f"<{message.uid}@localhost>"
            connection.send(built)
    return time.perf_counter() - began


def measure(on: date) -> dict[str, float]:
    """Deliver what stands in the outbox, as often as it takes to have delivered enough to count, and leave it
    there to be delivered again."""
    messages = queued()
    ids = [message.id for message in messages]
    rounds = -(-ENOUGH_MESSAGES // len(messages))
    bare_seconds, seconds = bare(messages), 0.0
    for _ in range(rounds):
        began = time.perf_counter()
        delivery = deliver(on)
        seconds += time.perf_counter() - began
        bare_seconds += bare(messages)
        if delivery.sent != len(messages):
            raise RuntimeError(f"{delivery.sent} of {len(messages)} messages were sent")
        with transaction():
            again = {"state": QUEUED, "tries": 0, "next_try_at": clock.now()}
            db.session.execute(update(Message).where(Message.id.in_(ids)).values(again))
    return {
        "per_second": rounds * len(messages) / seconds,
        "bare_per_second": (rounds + 1) * len(messages) / bare_seconds,
    }


def something_happens() -> None:
    """Change an audit, with its row in the history."""
    with transaction():
        record(COORDINATOR, [Event("audit", "CP-000009", "extended")])


def main() -> None:
    """Deliver, and say how fast that was, as JSON."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("day", type=date.fromisoformat)
    arguments.add_argument("--plain", type=int, default=0)
    given = arguments.parse_args()
    with MailServerProcess(given.folder / "mail.log") as server:
        mail = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(server.port)}
        app = create_app(from_environment(environment(str(given.folder), **mail)))
        with app.app_context():
            if given.plain:
                put_plain(given.plain, given.day)
            warm_up(given.day)
            measured = measure(given.day)
            if not given.plain:
                something_happens()
                after = measure(given.day)
                measured |= {f"after_a_change_{name}": value for name, value in after.items()}
                with transaction():
                    db.session.execute(update(Message).where(Message.state == QUEUED).values(state=SENT))
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
