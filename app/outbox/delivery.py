"""Delivering what stands in the outbox: one pass, which may run at any time and in several places at once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import date

from flask import current_app
from sqlalchemy import update

from app import clock
from app.database import db, insert_or_leave, transaction
from app.outbox import copies, pausing
from app.outbox.claims import count, hold_all, release_all
from app.outbox.models import HELD, QUEUED, SENDING, DeliveryCount
from app.outbox.sending import Sender, Tally
from config.settings import Settings

BY_COMMAND = "command line"
"""Releases in the place of a person who has signed in."""
NO_SERVER = "No mail server is set"


@dataclass(frozen=True)
class Delivery:
    """The result of one call, and how the outbox stands after it."""

    sent: int
    failed: int
    overtaken: int
    queued: int
    held: int
    paused: bool


def never() -> bool:
    """Return False: for a pass that nothing stops."""
    return False


def deliver(
    on: date,
    *,
    release: bool = False,
    scheduled: bool = False,
    only: int | None = None,
    stopping: Callable[[], bool] = never,
) -> Delivery:
    """Deliver what is due, with words that are true on the day `on`.

    `release` queues what was held before. While delivery is paused, one message is tried: with each call,
    or, where the call is `scheduled`, every ten minutes. `only` delivers that one message. Ends early when
    no connection is to be had, when delivery pauses, or when `stopping()` says so.
    """
    settings: Settings = current_app.extensions["settings"]
    tally = Tally()
    if release:
        copies.release(BY_COMMAND)
        with transaction():
            release_all(clock.now())
    if copies.look() is not None:
        copies.hold_what_waits()
    elif settings.mail.server is None:
        with transaction():
            hold_all(clock.now(), NO_SERVER)
    else:
        senders = [Sender(settings, on, tally, stopping) for _ in range(settings.mail.connections)]
        if only is not None:
            senders[0].send_one(only)
        elif senders[0].may_go_on(insist=not scheduled):
            _send_together(senders)
    _keep_counts(tally)
    return outbox_as_it_stands(tally)


def _keep_counts(tally: Tally) -> None:
    """Add what a pass did to the counts since ever."""
    ends = {"sent": len(tally.sent), "failed": len(tally.failed), "overtaken": len(tally.overtaken)}
    counts = Counter(ends) + Counter(f"refused: {about}" for about in tally.refusals)
    if not counts:
        return
    row = DeliveryCount.__table__.c
    with transaction():
        for what, number in sorted(counts.items()):
            db.session.execute(insert_or_leave(DeliveryCount).values(what=what, number=0))
            more = update(DeliveryCount).where(DeliveryCount.what == what)
            db.session.execute(more.values(number=row.number + number))


def outbox_as_it_stands(tally: Tally | None = None) -> Delivery:
    """Return what a call did, nothing where none was made, and what is in the outbox now."""
    tally = tally or Tally()
    db.session.rollback()
    return Delivery(
        sent=len(tally.sent),
        failed=len(tally.failed),
        overtaken=len(tally.overtaken),
        queued=count(QUEUED) + count(SENDING),
        held=count(HELD),
        paused=pausing.state().paused_at is not None,
    )


def _send_together(senders: list[Sender]) -> None:
    """Send on several connections at once, the first of them in this thread."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001

    def send_in_a_context(sender: Sender) -> None:
        with app.app_context():
            sender.send()

    with ThreadPoolExecutor(max_workers=len(senders)) as threads:
        others = [
            # what they log belongs to the task of this thread
            threads.submit(copy_context().run, send_in_a_context, sender)
            for sender in senders[1:]
        ]
        senders[0].send()
        for other in others:
            other.result()
