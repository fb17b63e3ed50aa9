"""The consequence of a mail server's answer: sent, another try, failed, or a refusal of the sender. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_DELAY = timedelta(minutes=60)
GIVE_UP_AFTER = timedelta(hours=72)
BUILD_TRIES = 5
PAUSE_AFTER = 3
PROBE_EVERY = timedelta(minutes=10)
PASS_ENDS_AFTER = 3
LONG_OUT_OF_REACH = timedelta(hours=1)

CLOSING = 421
"""The code with which a server closes the connection, at any stage."""


class Stage(StrEnum):
    """The stage that a message had reached when the server answered."""

    CONNECT = "connecting"
    AUTH = "signing in to the mail server"
    MAIL = "naming the sender"
    RCPT = "naming the recipient"
    DATA = "starting the text"
    END = "ending the text"


@dataclass(frozen=True)
class Answer:
    """The server's answer. Code 0: none; the connection was lost or timed out, and `text` says which."""

    stage: Stage
    code: int
    text: str

    @property
    def enhanced(self) -> str | None:
        """Return the enhanced status code (RFC 3463) with which the text begins, such as "5.7.30"."""
        code = re.match(r"([245]\.\d{1,3}\.\d{1,3})\b", self.text)
        return code[1] if code else None

    @property
    def is_permanent(self) -> bool:
        """Return True for a 5xx; after any other refusal, or none, the message is tried again."""
        return self.code >= 500

    @property
    def is_lost(self) -> bool:
        """Return True when the connection was lost or timed out, so that there is no answer."""
        return not self.code

    def __str__(self) -> str:
        """Return the answer in a line, for the coordinator: "550 5.1.1 no such user"."""
        words = " ".join(self.text.split())
        return f"{self.code} {words}".strip() if self.code else words


class About(StrEnum):
    """The party that a permanent refusal is about."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    MESSAGE = "message"


@dataclass(frozen=True)
class Sent:
    """The server accepted the message."""


@dataclass(frozen=True)
class Again:
    """A retry is due, not before `at`."""

    at: datetime


@dataclass(frozen=True)
class Failed:
    """A permanent failure; `denied` where two more like it in a row would be a refusal of the sender."""

    about: About
    denied: bool = False


@dataclass(frozen=True)
class GivenUp:
    """Retries have failed for 72 hours."""

    def __str__(self) -> str:
        """Return what is recorded with the last answer: "Given up after 72 hours"."""
        return f"Given up after {GIVE_UP_AFTER // timedelta(hours=1)} hours"


@dataclass(frozen=True)
class SenderRefused:
    """The server refuses the sender, not this message: nothing is counted against it."""


Consequence = Sent | Again | Failed | GivenUp | SenderRefused

# Microsoft 365 answers so when the account is over its limits, blocked, or may not send as this sender
SENDER_AT_RCPT = {(550, "5.7.30")}
SENDER_AT_END = {(554, "5.2.0"), (554, "5.2.2")}
SENDER_AT_END_WHATEVER_THE_CODE = {"5.7.30", "5.7.60"}


def consequence(answer: Answer, *, tries: int, first_tried_at: datetime, now: datetime) -> Consequence:
    """Return what follows from the answer to one try.

    `tries` counts those that counted, this one included; `first_tried_at` is the first of them.
    """
    if 200 <= answer.code < 300 and answer.stage is Stage.END:
        return Sent()
    if not answer.is_permanent:
        at = next_try(tries, first_tried_at, now)
        return Again(at) if at else GivenUp()
    match refusal_is_about(answer):
        case About.SENDER:
            return SenderRefused()
        case about:
            denied = about is About.RECIPIENT and (answer.enhanced or "").startswith("5.7.")
            return Failed(about, denied)


def refusal_is_about(answer: Answer) -> About:
    """Return whom a 5xx is about, by the stage that the message had reached and what the server says.

    A recipient's 5.7.x ("relay access denied") may turn out to be about the sender: given to three different
    recipients in a row, it is.
    """
    match answer.stage:
        case Stage.CONNECT | Stage.AUTH | Stage.MAIL:
            return About.SENDER
        case Stage.RCPT:
            return About.SENDER if (answer.code, answer.enhanced) in SENDER_AT_RCPT else About.RECIPIENT
        case Stage.END if (answer.code, answer.enhanced) in SENDER_AT_END:
            return About.SENDER
        case Stage.END if answer.enhanced in SENDER_AT_END_WHATEVER_THE_CODE:
            return About.SENDER
        case Stage.DATA | Stage.END:
            return About.MESSAGE


def next_try(tries: int, first_tried_at: datetime, now: datetime) -> datetime | None:
    """Return the moment of the next try, 1, 2, 4 … 60 minutes later; the last is 72 hours after the first."""
    last = first_tried_at + GIVE_UP_AFTER
    if now >= last:
        return None
    return min(now + delay(tries), last)


def delay(tries: int) -> timedelta:
    """Return the delay after this many tries: 1, 2, 4, 8, 16, 32, 60, 60 … minutes."""
    return min(timedelta(minutes=2 ** min(tries - 1, 6)), LONGEST_DELAY)


def pauses(refusals_in_a_row: int) -> bool:
    """Return True when delivery pauses by itself: the sender was refused three times in a row.

    Three different recipients in a row who were denied for a policy count as that.
    """
    return refusals_in_a_row >= PAUSE_AFTER


def pass_ends(lost_in_a_row: int) -> bool:
    """Return True when the connection was lost three times in a row: the server counts as out of reach."""
    return lost_in_a_row >= PASS_ENDS_AFTER


def probe_is_due(last_probe_at: datetime | None, now: datetime) -> bool:
    """Return True when paused delivery may try a message: every ten minutes."""
    return last_probe_at is None or now - last_probe_at >= PROBE_EVERY
