"""Looking again at a claimed batch of messages before they go: nobody is chased for what is done."""

from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy.exc import OperationalError

from app import clock
from app.database import db
from app.history.record import head
from app.outbox.claims import Claim, end, record, renew_all, renew_if_nothing_happened
from app.outbox.kinds import KINDS, WAITING, Changed, Overtaken, Rendered, Verdict, Waits
from app.outbox.models import OVERTAKEN, QUEUED

Outcome = Verdict | Exception
"""The verdict on a message, or the error that its kind raised when it was asked."""


class Batch:
    """A claimed batch of messages, each of which goes in words that are true at that moment.

    The whole batch is looked at again when it is claimed, and what is left of it whenever something has
    happened since. Everything is done in transactions of the caller.
    """

    def __init__(self, claims: list[Claim], on: date, lease: timedelta) -> None:
        """Look at a batch again that has just been claimed."""
        self.on = on
        self.lease = lease
        self.left: list[Claim] = []
        """Those that may go, in their order."""
        self.ready = False
        """The next message may go now: its lease has just begun, and nothing has happened since the look."""
        self.looked_at = 0
        """The number of the last thing in the history when the batch was looked at."""
        self.overtaken: set[int] = set()
        self.waiting: dict[int, datetime] = {}
        """Those that may not go today, by id, with the time from which another pass may try them."""
        self.faulty: list[tuple[Claim, Exception]] = []
        """Those whose kind could not tell."""
        self._look_at(claims)

    def take(self) -> Claim:
        """Take the next message out of the batch."""
        self.ready = False
        return self.left.pop(0)

    def make_ready(self) -> None:
        """Begin the lease of the next message anew, if nothing has happened since the batch was looked at."""
        self.ready = bool(self.left) and renew_if_nothing_happened(
            self.left[0], clock.now(), self.lease, head=self.looked_at
        )

    def look_again(self) -> None:
        """Look at what is left again; what another deliverer has claimed by now is left to that one."""
        self._look_at(renew_all(self.left, clock.now(), self.lease))

    def _look_at(self, claims: list[Claim]) -> None:
        """Record what follows for each message; those that may go are left."""
        self.looked_at = head()
        now = clock.now()
        outcomes = _outcomes(claims, self.on)
        self.left = []
        for claimed in claims:
            match outcomes[claimed.id]:
                case Exception() as fault:
                    self.faulty.append((claimed, fault))
                case Overtaken(why):
                    end(claimed, OVERTAKEN, why, now, secret=claimed.message.secret)
                    self.overtaken.add(claimed.id)
                case Waits(why, until):
                    at = until or now
                    record(claimed, state=QUEUED, next_try_at=at, answer=why)
                    self.waiting[claimed.id] = at
                case Changed(rendered):
                    _reword(claimed, rendered, self.on)
                    self.left.append(claimed)
                case _:
                    self.left.append(claimed)
        self.ready = bool(self.left)


def _outcomes(claims: list[Claim], on: date) -> dict[int, Outcome]:
    outcomes: dict[int, Outcome] = {}
    for waiting in WAITING:
        outcomes |= waiting([claimed.message for claimed in claims], on)
    by_kind = sorted((claimed for claimed in claims if claimed.id not in outcomes), key=_kind)
    for kind, some in groupby(by_kind, key=_kind):
        outcomes |= _of_a_kind(kind, list(some), on)
    return outcomes


def _kind(claimed: Claim) -> str:
    return claimed.message.kind


def _of_a_kind(kind: str, claims: list[Claim], on: date) -> dict[int, Outcome]:
    """Ask for all at once; where that raises an error, for each by itself, so that it blocks no other."""
    try:
        with db.session.begin_nested():
            return dict(KINDS[kind].recheck([claimed.message for claimed in claims], on))
    except OperationalError:
        raise  # the database's fault, not the message's
    except Exception as fault:  # noqa: BLE001  whatever it is, it must not block the others
        if len(claims) == 1:
            return {claims[0].id: fault}
    outcomes: dict[int, Outcome] = {}
    for claimed in claims:
        outcomes |= _of_a_kind(kind, [claimed], on)
    return outcomes


def _reword(claimed: Claim, rendered: Rendered, on: date) -> None:
    words = {"subject": rendered.subject, "text": rendered.text, "html": rendered.html}
    record(claimed, rendered_on=on, **words)
    for name, value in words.items():
        setattr(claimed.message, name, value)
    claimed.message.rendered_on = on
