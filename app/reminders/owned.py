"""The kinds of obligation that have one owner: what each is called, its ladder, and how it is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Subquery, select

from app.audits.models import Audit
from app.concerns.models import Remedy
from app.concerns.remedies_open import open_remedies


@dataclass(frozen=True)
class OwnedKind:
    """A kind of obligation with one owner. A new kind is one more entry below."""

    kind: str
    """As in the keys of what was sent."""
    ladder: str
    """Which ladder chases it."""
    open_on: Callable[[date], Subquery]
    """The open ones of a day: id, reference, owner_id, due_on. Without an owner or a due day there is no
    ladder."""
    place: str
    """Where its pages are."""
    said: Callable[[], Subquery]
    """What a message may say of each besides its reference: id and words, before the due day."""


def _of_remedies() -> Subquery:
    """A remedy is about one child: the audit's reference, and never its text."""
    words = "to put right on the file of audit " + Audit.reference
    return select(Remedy.id, words.label("said")).join(Audit).subquery("remedies_said")


REMEDY = OwnedKind("remedy", "action", open_remedies, "/remedies", _of_remedies)

OWNED: Mapping[str, OwnedKind] = {each.kind: each for each in (REMEDY,)}
