"""The throttle of those who try one password after another."""

from collections import defaultdict, deque
from datetime import datetime, timedelta
from threading import Lock

WITHIN = timedelta(minutes=15)

MOST_PER_ADDRESS = 10
"""Wrong passwords allowed for one email address."""

MOST_PER_MACHINE = 100
"""Wrong passwords allowed from one IP address: many, because a whole council can share one."""

MOST_KEPT = 10_000
"""The number of addresses above which old ones are dropped."""


class SignInThrottle:
    """The wrong passwords of the last 15 minutes, counted by each web process for itself.

    Each of several processes allows the full number: that still makes guessing hopeless, and needs no store.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._wrong: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def too_many(self, email: str, machine: str, at: datetime) -> bool:
        """Return True when no further password is checked for now, right or wrong."""
        with self._lock:
            return (
                self._count(f"email {email}", at) >= MOST_PER_ADDRESS
                or self._count(f"machine {machine}", at) >= MOST_PER_MACHINE
            )

    def note_wrong(self, email: str, machine: str, at: datetime) -> None:
        """Count a wrong password."""
        with self._lock:
            if len(self._wrong) > MOST_KEPT:
                for key in list(self._wrong):
                    self._count(key, at)
            self._wrong[f"email {email}"].append(at)
            self._wrong[f"machine {machine}"].append(at)

    def forget(self, email: str) -> None:
        """Forget the wrong passwords of an address, after the right one."""
        with self._lock:
            self._wrong.pop(f"email {email}", None)

    def _count(self, key: str, at: datetime) -> int:
        if key not in self._wrong:
            return 0
        moments = self._wrong[key]
        while moments and at - moments[0] > WITHIN:
            moments.popleft()
        if not moments:
            del self._wrong[key]
        return len(moments)
