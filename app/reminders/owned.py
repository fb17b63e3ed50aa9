"""The kinds of obligation that have one owner: what each is called, its ladder, and how it is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Subquery, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.actions.models import Action, Recommendation
from app.actions.open_on import open_actions, open_recommendations
from app.audits.models import Audit
from app.concerns.models import Remedy
from app.concerns.remedies_open import open_remedies

LONGEST = 120
"""Characters of a text that a message repeats."""


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


def _of_actions() -> Subquery:
    """An action's text: it is about the service, never about a child."""
    return select(Action.id, _shortened(Action.text).label("said")).subquery("actions_said")


def _of_recommendations() -> Subquery:
    text = _shortened(Recommendation.text)
    return select(Recommendation.id, text.label("said")).subquery("recommendations_said")


def _shortened(text: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """Enough of it to be recognised."""
    return case((func.length(text) > LONGEST, func.substr(text, 1, LONGEST - 1) + "…"), else_=text)


REMEDY = OwnedKind("remedy", "action", open_remedies, "/remedies", _of_remedies)

ACTION = OwnedKind("action", "action", open_actions, "/actions", _of_actions)
RECOMMENDATION = OwnedKind(
    "recommendation", "recommendation", open_recommendations, "/recommendations", _of_recommendations
)

OWNED: Mapping[str, OwnedKind] = {each.kind: each for each in (ACTION, RECOMMENDATION, REMEDY)}
