"""The choice of a cycle: what it tells the workers whose cases are audited. Pure.

An audit may name the worker of its case. Where the cycle tells workers nothing, no page or email shows the
audit to them.
"""

from enum import StrEnum


class Workers(StrEnum):
    """The news that the workers of a cycle get. The values are those of files and of the database."""

    NOT_TOLD = "not told"
    TOLD = "told"
    """The news that a case of theirs is audited."""
    MAY_REPLY = "may reply"
    """The same and, once it is returned, its grades and reasons, to which they may reply once."""

    @property
    def in_words(self) -> str:
        """Return what workers are told, as a sentence without its full stop."""
        return _IN_WORDS[self]

    @property
    def are_told(self) -> bool:
        """True where a worker learns that a case of theirs is audited."""
        return self is not Workers.NOT_TOLD

    @property
    def may_reply(self) -> bool:
        """True where a worker is asked for a reply on return."""
        return self is Workers.MAY_REPLY


_IN_WORDS = {
    Workers.NOT_TOLD: "Nothing",
    Workers.TOLD: "That a case of theirs is audited",
    Workers.MAY_REPLY: "That a case of theirs is audited, and they can reply once when it is returned",
}

WORKER_NAMED, WORKER_CHANGED = "worker named", "worker changed"
"""The entries of an audit's history about its worker."""

TELLING = tuple(way.value for way in Workers if way.are_told)
"""The values of cycles that tell workers."""
