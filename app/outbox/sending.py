"""Sending messages to the mail server on one connection.

1. Claim a batch of messages that are due, the most urgent first (`claims`), and look again at the whole batch
   (`looking_again`).
2. Compose the next message and hand it to the mail server, outside any transaction.
3. Record what follows from the answer (`retry`), if the claim still stands, and renew the lease of the next
   message; where something has happened meanwhile, look again at all that is left.
A crash between 2 and 3 repeats that one message, with the same Message-ID and Date; nothing is lost.
"""

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app import clock
from app.database import transaction
from app.outbox import pausing
from app.outbox.claims import (
    Claim,
    anything_due,
    claim,
    claim_one,
    end,
    give_back,
    record,
    seconds_to_wait,
)
from app.outbox.composing import compose, fault_of_settings
from app.outbox.copies import held_because, note_sent
from app.outbox.looking_again import Batch
from app.outbox.models import FAILED, QUEUED, SENT, Message
from app.outbox.retry import (
    BUILD_TRIES,
    PAUSE_AFTER,
    Again,
    Answer,
    Failed,
    GivenUp,
    SenderRefused,
    Sent,
    consequence,
    delay,
    pass_ends,
    refusal_is_about,
)
from app.outbox.smtp import Connection, NoConnection
from config.faults_told import in_words
from config.settings import Settings

log = logging.getLogger(__name__)

BATCH = 50


@dataclass
class Tally:
    """The messages that reached an end in this call, on all its connections."""

    sent: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)
    overtaken: set[int] = field(default_factory=set)
    waiting: dict[int, datetime] = field(default_factory=dict)
    """Those that may not go today, which this call does not try again, with the time from which they are
    due."""
    refusals: list[str] = field(default_factory=list)
    """The parties that refusals were about, or "later" and "lost" where another try is due."""


class PassEnds(Exception):
    """The end of a pass, since nothing more can be sent now: no connection, paused, or the service stops."""


class Sender:
    """Sends on one connection."""

    def __init__(self, settings: Settings, on: date, tally: Tally, stopping: Callable[[], bool]) -> None:
        self.mail = settings.mail
        self.lease = timedelta(seconds=settings.mail.lease_seconds)
        self.on = on
        self.tally = tally
        self.stopping = stopping
        self.connection: Connection | None = None
        self.connections = ExitStack()
        self.lost_in_a_row = 0
        self.doubted = False
        """The server refused something since it last took anything."""

    def may_go_on(self, *, insist: bool) -> bool:
        """Return True when delivery is not paused, or no longer so after one message was tried."""
        if pausing.state().paused_at is None:
            return True
        with transaction():
            if not pausing.may_probe(clock.now(), insist=insist):
                return False
        self._until_the_pass_ends(self._probe)
        return pausing.state().paused_at is None

    def send(self) -> None:
        """Send all that is due."""
        self._until_the_pass_ends(self._send_all)

    def send_one(self, message_id: int) -> None:
        """Send one message, if it waits to be sent."""

        def send_it() -> None:
            self._connect()
            self.doubted = True
            with transaction():
                batch = self._batch(claim_one(message_id, clock.now(), self.lease))
            self._send_batch(batch)

        self._until_the_pass_ends(send_it)

    def _until_the_pass_ends(self, work: Callable[[], None]) -> None:
        with self.connections, suppress(PassEnds):
            work()
        self.connection = None

    def _probe(self) -> None:
        now = clock.now()
        if not anything_due(now):
            return
        self._connect()
        self.doubted = True
        with transaction():
            batch = self._batch(claim(now, now, self.lease, 1, least_recent=True))
        self._send_batch(batch)

    def _send_all(self) -> None:
        by = clock.now()
        if pausing.state().unreachable_since:
            self._connect()
        while anything_due(by, self._waiting(by)):
            self._connect()
            self._send_batch(self._claim(by))
            if self.doubted and not anything_due(by, self._waiting(by)):
                by = clock.now()  # what was refused is tried again: it may be us, it may be the message

    def _waiting(self, by: datetime) -> set[int]:
        """Return those of the messages that may not go today which are due again by then."""
        return {number for number, at in self.tally.waiting.copy().items() if at <= by}

    def _claim(self, by: datetime) -> Batch:
        """Claim the next messages: a batch, or one at a time where only so many a minute are allowed."""
        while True:
            with transaction():
                state = pausing.state()
                if state.paused_at or held_because() or self.stopping():
                    raise PassEnds
                self.doubted = bool(state.refusals_in_a_row or state.denied_in_a_row)
                now = clock.now()
                rate = self.mail.rate_per_minute
                wait = seconds_to_wait(rate, now) if rate else 0
                if not wait:
                    limit = 1 if rate else BATCH
                    claims = claim(by, now, self.lease, limit, but=self._waiting(by))
                    # another connection may have looked at some of them meanwhile
                    waiting = self._waiting(by)
                    give_back([claimed for claimed in claims if claimed.id in waiting], now)
                    return self._batch([claimed for claimed in claims if claimed.id not in waiting])
            time.sleep(min(wait, 1))

    def _batch(self, claims: list[Claim]) -> Batch:
        batch = Batch(claims, self.on, self.lease)
        self.tally.waiting |= batch.waiting
        return batch

    def _send_batch(self, batch: Batch) -> None:
        try:
            while batch.left and not self.stopping():
                connection = self._connect()
                if batch.ready:
                    self._send_next(batch, connection)
                else:
                    with transaction():
                        batch.look_again()
        finally:
            self._note_ends(batch)
            if batch.left:
                with transaction():
                    give_back(batch.left, clock.now())

    def _send_next(self, batch: Batch, connection: Connection) -> None:
        claimed = batch.take()
        try:
            composed = compose(claimed.message)
        except Exception as fault:  # noqa: BLE001  whatever it is, it must not block the others
            self._cannot_be_built(claimed, fault)
            self._end_when_nothing_goes(str(fault))
            return
        connection.send(composed)
        with transaction():
            self._follow(claimed, connection.answer)
            if connection.alive:  # connecting anew may outlast the lease
                batch.make_ready()
        self._end_when_nothing_goes(str(connection.answer))

    def _note_ends(self, batch: Batch) -> None:
        self.tally.overtaken |= batch.overtaken
        self.tally.waiting |= batch.waiting
        for claimed, fault in batch.faulty:
            self._cannot_be_built(claimed, fault)

    def _connect(self) -> Connection:
        """Return the connection, made anew when there is none. Raises PassEnds when none is to be had."""
        while self.connection is None or not self.connection.alive:
            try:
                self.connection = self.connections.enter_context(Connection(self.mail.lease_seconds))
            except NoConnection as failure:
                self._not_connected(failure.answer)
            else:
                if pausing.state().unreachable_since:
                    with transaction():
                        pausing.reached()
        return self.connection

    def _not_connected(self, answer: Answer) -> None:
        log.warning("cannot connect to the mail server: %s", answer)
        self._note_refusal(answer)
        with transaction():
            if not answer.is_permanent:
                pausing.out_of_reach(str(answer), clock.now())
            else:
                pausing.refused(str(answer), clock.now())
            paused = pausing.state().paused_at
        if not answer.is_permanent or paused:
            raise PassEnds

    def _cannot_be_built(self, claimed: Claim, fault: Exception) -> None:
        if why := fault_of_settings():
            self._nothing_can_be_built(claimed, why)
            return
        log.warning("email %d cannot be written: %s", claimed.id, type(fault).__name__)
        why = f"The email could not be written: {in_words(fault)}"
        failures = claimed.message.build_failures + 1
        with transaction():
            if failures < BUILD_TRIES:
                at = clock.now() + delay(failures)
                record(claimed, state=QUEUED, next_try_at=at, answer=why, build_failures=failures)
            elif end(claimed, FAILED, why, clock.now(), counted={"build_failures": failures}):
                self.tally.failed.add(claimed.id)

    def _nothing_can_be_built(self, claimed: Claim, why: str) -> None:
        """Pause: a setting stops every message, so this one waits and nothing is counted against it."""
        log.warning("no email can be written: %s", why)
        now = clock.now()
        with transaction():
            record(claimed, state=QUEUED, next_try_at=now, answer=why)
            pausing.refused(why, now, times=PAUSE_AFTER)
        self.doubted = True

    def _follow(self, claimed: Claim, answer: Answer) -> None:
        """Record what follows from the server's answer. In a transaction of the caller."""
        now = clock.now()
        message = claimed.message
        follows = consequence(
            answer, tries=message.tries + 1, first_tried_at=message.first_tried_at or now, now=now
        )
        self.lost_in_a_row = self.lost_in_a_row + 1 if answer.is_lost else 0
        self._note_refusal(answer)
        match follows:
            case Sent():
                self._sent(claimed, answer, now)
            case Again(at):
                record(claimed, state=QUEUED, next_try_at=at, answer=str(answer), **_counted(message, now))
            case GivenUp():
                self._failed(claimed, f"{follows}: {answer}", now)
            case Failed(denied=denied):
                self._refused(claimed, answer, now, denied=denied)
            case SenderRefused():
                record(claimed, state=QUEUED, next_try_at=now, answer=str(answer))
                pausing.refused(str(answer), now)
                self.doubted = True

    def _note_refusal(self, answer: Answer) -> None:
        if answer.is_permanent:
            self.tally.refusals.append(refusal_is_about(answer).value)
        elif answer.is_lost:
            self.tally.refusals.append("lost")
        elif answer.code >= 400:
            self.tally.refusals.append("later")

    def _sent(self, claimed: Claim, answer: Answer, now: datetime) -> None:
        message = claimed.message
        if end(claimed, SENT, str(answer), now, secret=message.secret, counted=_counted(message, now)):
            self.tally.sent.add(claimed.id)
        note_sent(message, now)
        self._welcome()

    def _refused(self, claimed: Claim, answer: Answer, now: datetime, *, denied: bool) -> None:
        if not self._failed(claimed, str(answer), now):
            return
        if denied:
            innocent = pausing.denied(claimed.id, claimed.message.address, str(answer), now)
            self.tally.failed.difference_update(innocent)
            self.doubted = True
        else:
            self._welcome()

    def _failed(self, claimed: Claim, why: str, now: datetime) -> bool:
        """Record that a message failed for good; its key is kept, should it be sent again."""
        stands = end(claimed, FAILED, why, now, counted=_counted(claimed.message, now))
        if stands:
            self.tally.failed.add(claimed.id)
        return stands

    def _welcome(self) -> None:
        if self.doubted:
            pausing.accepted()
            self.doubted = False

    def _end_when_nothing_goes(self, answer: str) -> None:
        if pass_ends(self.lost_in_a_row):
            with transaction():
                pausing.out_of_reach(answer, clock.now())
            raise PassEnds
        if self.doubted and pausing.state().paused_at:
            raise PassEnds


def _counted(message: Message, now: datetime) -> dict[str, object]:
    """Return what one more try of a message changes."""
    return {"tries": message.tries + 1, "first_tried_at": message.first_tried_at or now}
