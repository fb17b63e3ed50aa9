"""Carrying messages to the mail server on one connection.

1. Claim a few messages that are due, the most urgent first (`claims`).
2. Ask for each whether it still holds, renew its lease, and build it.
3. Hand it to the mail server, outside any transaction.
4. Write down what follows from the answer (`retry`), if the claim still stands.
A crash between 3 and 4 repeats that one message, with the same Message-ID and Date; nothing is lost.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.exc import OperationalError

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
    renewed,
    seconds_to_wait,
)
from app.outbox.envelope import Envelope, Letterhead
from app.outbox.kinds import KINDS, Changed, Overtaken, Waits
from app.outbox.models import FAILED, OVERTAKEN, QUEUED, SENT, Message
from app.outbox.retry import (
    BUILD_TRIES,
    Again,
    Answer,
    Failed,
    GivenUp,
    SenderRefused,
    Sent,
    consequence,
    delay,
)
from app.outbox.smtp import Connection, NoConnection
from config.settings import Settings

log = logging.getLogger(__name__)

BATCH = 20
LOST_IN_A_ROW = 3


@dataclass
class Tally:
    """The messages that reached an end in this call, on all its connections."""

    sent: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)
    overtaken: set[int] = field(default_factory=set)


class PassEnds(Exception):
    """Nothing more can be sent now: no connection, paused, or the service stops."""


@dataclass(frozen=True)
class Ready:
    """A message that holds and is built."""

    claim: Claim
    envelope: Envelope
    tries: int
    first_tried_at: datetime | None
    secret: bool


class Carrier:
    """Delivers on one connection."""

    def __init__(self, settings: Settings, on: date, tally: Tally, stopping: Callable[[], bool]) -> None:
        self.mail = settings.mail
        self.letterhead = Letterhead(settings.mail, settings.service_name)
        self.lease = timedelta(seconds=settings.mail.lease_seconds)
        self.on = on
        self.tally = tally
        self.stopping = stopping
        self.connection: Connection | None = None
        self.lost_in_a_row = 0
        self.doubted = False
        """The server refused something since it last took anything."""

    def may_go_on(self, *, insist: bool) -> bool:
        """True when delivery is not paused, or no longer so after one message was tried."""
        if pausing.state().paused_at is None:
            return True
        with transaction():
            if not pausing.may_probe(clock.now(), insist=insist):
                return False
        return self._within_a_connection(self._probe)

    def carry_one(self, message_id: int) -> None:
        """Deliver one message, if it waits to be sent."""

        def one() -> bool:
            self._connect()
            with transaction():
                claims = claim_one(message_id, clock.now(), self.lease)
            self._carry(claims)
            return True

        self._within_a_connection(one)

    def carry(self) -> None:
        """Deliver all that is due."""
        self._within_a_connection(self._carry_all)

    def _within_a_connection(self, work: Callable[[], bool]) -> bool:
        try:
            return work()
        except PassEnds:
            return False
        finally:
            if self.connection:
                self.connection.quit()
            self.connection = None

    def _probe(self) -> bool:
        now = clock.now()
        if not anything_due(now):
            return False
        self._connect()
        with transaction():
            claims = claim(now, now, self.lease, 1, least_recent=True)
        self._carry(claims)
        return pausing.state().paused_at is None

    def _carry_all(self) -> bool:
        by = clock.now()
        if pausing.state().unreachable_since:
            self._connect()
        while anything_due(by):
            self._connect()
            self._carry(self._claim(by))
            if self.doubted and not anything_due(by):
                by = clock.now()  # what was refused is tried again: it may be us, it may be the message
        return True

    def _claim(self, by: datetime) -> list[Claim]:
        """The next messages: a few at once, or one at a time where so many a minute are allowed."""
        while True:
            with transaction():
                state = pausing.state()
                if state.paused_at or self.stopping():
                    raise PassEnds
                self.doubted = bool(state.refusals_in_a_row or state.denied_in_a_row)
                now = clock.now()
                rate = self.mail.rate_per_minute
                wait = seconds_to_wait(rate, now) if rate else 0
                if not wait:
                    return claim(by, now, self.lease, 1 if rate else BATCH)
            time.sleep(min(wait, 1))

    def _carry(self, claims: list[Claim]) -> None:
        left = list(claims)
        try:
            while left and not self.stopping():
                connection = self._connect()
                ready = self._prepare(left.pop(0))
                if ready:
                    self._follow(ready, connection.send(ready.envelope))
        finally:
            if left:
                with transaction():
                    give_back(left, clock.now())

    def _connect(self) -> Connection:
        """The connection, made anew when there is none. Raises PassEnds when none is to be had."""
        while self.connection is None or not self.connection.alive:
            try:
                self.connection = Connection(self.mail)
            except NoConnection as none:
                self._not_connected(none.answer)
            else:
                if pausing.state().unreachable_since:
                    with transaction():
                        pausing.reached()
        return self.connection

    def _not_connected(self, answer: Answer) -> None:
        log.warning("no connection to the mail server: %s", answer)
        with transaction():
            if answer.code < 500:
                pausing.out_of_reach(str(answer), clock.now())
            else:
                pausing.refused(str(answer), clock.now())
            paused = pausing.state().paused_at
        if answer.code < 500 or paused:
            raise PassEnds

    def _prepare(self, claimed: Claim) -> Ready | None:
        """Look again at what a message says, renew its lease and build it; None when it does not go now."""
        try:
            with transaction():
                message = renewed(claimed, clock.now(), self.lease)
                if message is None or not self._still_holds(message, claimed):
                    return None
                envelope = self.letterhead.envelope(message)
                return Ready(claimed, envelope, message.tries, message.first_tried_at, message.secret)
        except OperationalError:
            raise  # the database's fault, not the message's
        except Exception as fault:  # noqa: BLE001  whatever it is, it must not block the others
            self._cannot_be_built(claimed, fault)
            return None

    def _still_holds(self, message: Message, claimed: Claim) -> bool:
        verdict = KINDS[message.kind].recheck(message, self.on)
        match verdict:
            case Changed(rendered):
                message.subject, message.text, message.html = rendered.subject, rendered.text, rendered.html
                message.rendered_on = self.on
            case Overtaken(why):
                end(claimed, OVERTAKEN, why, clock.now(), secret=message.secret)
                self.tally.overtaken.add(claimed.id)
                return False
            case Waits(why):
                record(claimed, state=QUEUED, next_try_at=clock.now(), answer=why)
                return False
        return True

    def _cannot_be_built(self, claimed: Claim, fault: Exception) -> None:
        log.warning("message %d cannot be built: %s", claimed.id, type(fault).__name__)
        why = f"It could not be built: {type(fault).__name__}: {fault}"
        with transaction():
            message = renewed(claimed, clock.now(), self.lease)
            if message is None:
                return
            failures = message.build_failures + 1
            if failures >= BUILD_TRIES:
                end(claimed, FAILED, why, clock.now(), counted={"build_failures": failures})
                self.tally.failed.add(claimed.id)
            else:
                at = clock.now() + delay(failures)
                record(claimed, state=QUEUED, next_try_at=at, answer=why, build_failures=failures)

    def _follow(self, ready: Ready, answer: Answer) -> None:
        """Write down what follows from the server's answer."""
        now = clock.now()
        counted = {"tries": ready.tries + 1, "first_tried_at": ready.first_tried_at or now}
        follows = consequence(
            answer, tries=ready.tries + 1, first_tried_at=ready.first_tried_at or now, now=now
        )
        self.lost_in_a_row = 0 if answer.code else self.lost_in_a_row + 1
        with transaction():
            match follows:
                case Sent():
                    if end(ready.claim, SENT, str(answer), now, secret=ready.secret, counted=counted):
                        self.tally.sent.add(ready.claim.id)
                    self._welcome()
                case Again(at):
                    record(ready.claim, state=QUEUED, next_try_at=at, answer=str(answer), **counted)
                case GivenUp():
                    why = f"Given up after 72 hours: {answer}"
                    if end(ready.claim, FAILED, why, now, counted=counted):
                        self.tally.failed.add(ready.claim.id)
                case Failed(denied=denied):
                    self._failed(ready, answer, counted, denied=denied)
                case SenderRefused():
                    record(ready.claim, state=QUEUED, next_try_at=now, answer=str(answer))
                    pausing.refused(str(answer), now)
                    self.doubted = True
        self._end_when_nothing_goes(str(answer))

    def _failed(self, ready: Ready, answer: Answer, counted: Mapping[str, object], *, denied: bool) -> None:
        if not end(ready.claim, FAILED, str(answer), clock.now(), counted=counted):
            return
        self.tally.failed.add(ready.claim.id)
        if denied:
            innocent = pausing.denied(ready.claim.id, ready.envelope.recipient, str(answer), clock.now())
            self.tally.failed.difference_update(innocent)
            self.doubted = True
        else:
            self._welcome()

    def _welcome(self) -> None:
        if self.doubted or pausing.state().paused_at:
            pausing.accepted()
            self.doubted = False

    def _end_when_nothing_goes(self, answer: str) -> None:
        if self.lost_in_a_row >= LOST_IN_A_ROW:
            with transaction():
                pausing.out_of_reach(answer, clock.now())
            raise PassEnds
        if self.doubted and pausing.state().paused_at:
            raise PassEnds
