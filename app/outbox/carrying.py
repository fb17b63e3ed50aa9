"""Carrying messages to the mail server on one connection.

1. Claim a few messages that are due, the most urgent first (`claims`).
2. Ask for each whether it still holds, renew its lease, and build it.
3. Hand it to the mail server, outside any transaction.
4. Write down what follows from the answer (`retry`), if the claim still stands.
A crash between 3 and 4 repeats that one message, with the same Message-ID and Date; nothing is lost.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
    renew,
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

BATCH = 50
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
class Taken:
    """A message that the server has taken, which is written down with the next look at the database."""

    claim: Claim
    answer: Answer
    at: datetime


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
        self.taken: Taken | None = None
        self.ahead: tuple[int, Envelope] | None = None
        """The next message, built while the server was busy with the one before."""

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
            self.doubted = True
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
        self.doubted = True
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
                if self.connection and not self.connection.alive:
                    self._write_down_taken()  # connecting may take longer than the lease
                connection = self._connect()
                claimed = left.pop(0)
                envelope = self._look_again(claimed)
                if envelope:
                    answer = connection.send(envelope, meanwhile=lambda: self._build_ahead(left))
                    self._follow(claimed, answer)
        finally:
            self._write_down_taken()
            if left:
                with transaction():
                    give_back(left, clock.now())

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """One transaction for the message that was just taken and for the next one: half the work."""
        stood = False
        with transaction():
            if self.taken:
                at = self.taken.at
                message = self.taken.claim.message
                stood = end(
                    self.taken.claim,
                    SENT,
                    str(self.taken.answer),
                    at,
                    secret=message.secret,
                    counted=_counted(message, at),
                )
            yield
        if self.taken and stood:
            self.tally.sent.add(self.taken.claim.id)
        self.taken = None

    def _write_down_taken(self) -> None:
        if self.taken:
            with self._transaction():
                pass

    def _build_ahead(self, left: list[Claim]) -> None:
        with suppress(Exception):  # it will be told when it is this message's turn
            self.ahead = (left[0].id, self.letterhead.envelope(left[0].message)) if left else None

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

    def _look_again(self, claimed: Claim) -> Envelope | None:
        """Renew the lease, ask whether the message holds, and build it; None when it does not go now."""
        try:
            with self._transaction():
                if not renew(claimed, clock.now(), self.lease):
                    return None
                return self._built_if_it_holds(claimed)
        except OperationalError:
            raise  # the database's fault, not the message's
        except Exception as fault:  # noqa: BLE001  whatever it is, it must not block the others
            self._cannot_be_built(claimed, fault)
            return None

    def _built_if_it_holds(self, claimed: Claim) -> Envelope | None:
        message = claimed.message
        match KINDS[message.kind].recheck(message, self.on):
            case Changed(rendered):
                words = {"subject": rendered.subject, "text": rendered.text, "html": rendered.html}
                record(claimed, rendered_on=self.on, **words)
                for name, value in words.items():
                    setattr(message, name, value)
                return self.letterhead.envelope(message)
            case Overtaken(why):
                end(claimed, OVERTAKEN, why, clock.now(), secret=message.secret)
                self.tally.overtaken.add(claimed.id)
                return None
            case Waits(why):
                record(claimed, state=QUEUED, next_try_at=clock.now(), answer=why)
                return None
        if self.ahead and self.ahead[0] == claimed.id:
            return self.ahead[1]
        return self.letterhead.envelope(message)

    def _cannot_be_built(self, claimed: Claim, fault: Exception) -> None:
        log.warning("message %d cannot be built: %s", claimed.id, type(fault).__name__)
        why = f"It could not be built: {type(fault).__name__}: {fault}"
        failures = claimed.message.build_failures + 1
        with self._transaction():
            if failures < BUILD_TRIES:
                at = clock.now() + delay(failures)
                record(claimed, state=QUEUED, next_try_at=at, answer=why, build_failures=failures)
            elif end(claimed, FAILED, why, clock.now(), counted={"build_failures": failures}):
                self.tally.failed.add(claimed.id)

    def _follow(self, claimed: Claim, answer: Answer) -> None:
        """What follows from the server's answer."""
        now = clock.now()
        message = claimed.message
        follows = consequence(
            answer, tries=message.tries + 1, first_tried_at=message.first_tried_at or now, now=now
        )
        self.lost_in_a_row = 0 if answer.code else self.lost_in_a_row + 1
        if isinstance(follows, Sent):
            self.taken = Taken(claimed, answer, now)
            if self.doubted:
                self._welcome()
            return
        with transaction():
            match follows:
                case Again(at):
                    counted = _counted(message, now)
                    record(claimed, state=QUEUED, next_try_at=at, answer=str(answer), **counted)
                case GivenUp():
                    self._failed(claimed, f"Given up after 72 hours: {answer}", now)
                case Failed(denied=denied):
                    self._refused(claimed, answer, now, denied=denied)
                case SenderRefused():
                    record(claimed, state=QUEUED, next_try_at=now, answer=str(answer))
                    pausing.refused(str(answer), now)
                    self.doubted = True
        self._end_when_nothing_goes(str(answer))

    def _refused(self, claimed: Claim, answer: Answer, now: datetime, *, denied: bool) -> None:
        if not self._failed(claimed, str(answer), now):
            return
        if denied:
            innocent = pausing.denied(claimed.id, claimed.message.address, str(answer), now)
            self.tally.failed.difference_update(innocent)
            self.doubted = True
        elif self.doubted:
            self._welcome()

    def _failed(self, claimed: Claim, why: str, now: datetime) -> bool:
        """A message failed for good; its key is kept, should it be sent again."""
        stood = end(claimed, FAILED, why, now, counted=_counted(claimed.message, now))
        if stood:
            self.tally.failed.add(claimed.id)
        return stood

    def _welcome(self) -> None:
        with transaction():
            pausing.accepted()
        self.doubted = False

    def _end_when_nothing_goes(self, answer: str) -> None:
        if self.lost_in_a_row >= LOST_IN_A_ROW:
            with transaction():
                pausing.out_of_reach(answer, clock.now())
            raise PassEnds
        if self.doubted and pausing.state().paused_at:
            raise PassEnds


def _counted(message: Message, now: datetime) -> dict[str, object]:
    """One more try of a message."""
    return {"tries": message.tries + 1, "first_tried_at": message.first_tried_at or now}
