"""The things that people are reminded of: what is said of each, its ladder, and how it is read.

A new thing with one owner is one more entry in THINGS: the daily run, looking again, the words and links of
messages, the pages of ladders and the calendar read it there.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Subquery, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.actions.models import Action, Recommendation
from app.actions.open_on import open_actions, open_recommendations
from app.actions.waiting import Waiting
from app.actions.waits import those_that_wait
from app.audits.models import Audit
from app.concerns.models import Remedy
from app.concerns.remedies_open import open_remedies
from app.given import LONGEST
from app.reminders.due import AUDIT, NEWS, QUICK_WIN, RESPONSE
from app.reminders.thing import (
    OF_AN_OWNER,
    OF_AUDITORS,
    OF_THOSE_ASKED,
    TODAY,
    Advice,
    Thing,
    ToOthers,
)


@dataclass(frozen=True, kw_only=True)
class OwnedThing(Thing):
    """A thing that has one owner."""

    ladder: str
    open_on: Callable[[date], Subquery]
    """The open ones of a day: id, reference, owner_id, due_on. Without an owner or a due day there is no
    ladder."""
    in_messages: Callable[[], Subquery]
    """The words that a message may say of each besides its reference, before the due day: id and words."""
    in_calendar: Callable[[], Subquery] | None = None
    """The words of each in its owner's calendar: id and words; None where it is not shown there."""
    waiting: Callable[[Collection[int], date], Mapping[int, Waiting]] | None = None
    """Return for each of these ids what it waits for from others on a day; None where none ever waits."""


def _remedies_in_words() -> Subquery:
    """A remedy is about one child: the audit's reference, and never its text."""
    words = "Something to put right on the file of audit " + Audit.reference
    return select(Remedy.id, words.label("said")).join(Audit).subquery("remedies_said")


def _actions_in_short() -> Subquery:
    """An action's text: it is about the service, never about a child."""
    return select(Action.id, _shortened(Action.text).label("said")).subquery("actions_said")


def _recommendations_in_short() -> Subquery:
    text = _shortened(Recommendation.text)
    return select(Recommendation.id, text.label("said")).subquery("recommendations_said")


def _shortened(text: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """Enough of it to be recognised."""
    return case((func.length(text) > LONGEST, func.substr(text, 1, LONGEST - 1) + "…"), else_=text)


def _actions_in_full() -> Subquery:
    return select(Action.id, Action.text).subquery("actions_in_full")


def _recommendations_in_full() -> Subquery:
    return select(Recommendation.id, Recommendation.text).subquery("recommendations_in_full")


_DECLINE = "open it and select “I cannot do this audit”. A coordinator is told at once."
_LATER_FOR_ONE = (
    "If you cannot complete a remedy by its due date, open it, enter a later date and give the reason."
)
_ASK_FOR_LATER = (
    "by its due date, open it, ask for a later date and give the reason. If it is not yours, say so on its "
    "page."
)
_ASK_FOR_ONE = f"If you cannot complete an action or recommendation {_ASK_FOR_LATER}"


def _ask_later(name: str, many: str) -> Advice:
    """Return what the owner of an action or a recommendation can do on its page."""
    return Advice(
        f"If you cannot complete this {name} {_ASK_FOR_LATER}",
        f"If you cannot complete one of these {many} {_ASK_FOR_LATER}",
        _ASK_FOR_ONE,
    )


_TELL = "If you cannot respond by then, tell an audit coordinator."
_TELL_OF_ONE = "If you cannot respond to an audit by then, tell an audit coordinator."

_ENTRIES = (
    Thing(
        name=AUDIT,
        many="audits",
        place="/audits",
        ladder="audit",
        audiences=OF_AUDITORS,
        advice=Advice(
            f"If you cannot do this audit, {_DECLINE}",
            f"If you cannot do one of these audits, {_DECLINE}",
            f"If you cannot do an audit, {_DECLINE}",
        ),
        to_others=ToOthers(
            otherwise="If an audit cannot be done, extend it, replace an auditor or exempt it on its page.",
        ),
    ),
    OwnedThing(
        name="action",
        many="actions",
        place="/actions",
        ladder="action",
        audiences=OF_AN_OWNER,
        advice=_ask_later("action", "actions"),
        open_on=open_actions,
        in_messages=_actions_in_short,
        in_calendar=_actions_in_full,
    ),
    OwnedThing(
        name="recommendation",
        many="recommendations",
        place="/recommendations",
        ladder="recommendation",
        audiences=OF_AN_OWNER,
        advice=_ask_later("recommendation", "recommendations"),
        open_on=open_recommendations,
        in_messages=_recommendations_in_short,
        in_calendar=_recommendations_in_full,
        waiting=those_that_wait,
    ),
    OwnedThing(
        name="remedy",
        many="remedies",
        place="/remedies",
        ladder="action",
        audiences=OF_AN_OWNER,
        advice=Advice(
            "If you cannot complete this remedy by its due date, open it, enter a later date and give the "
            "reason.",
            _LATER_FOR_ONE,
            _LATER_FOR_ONE,
        ),
        open_on=open_remedies,
        in_messages=_remedies_in_words,
    ),
    Thing(
        name=RESPONSE,
        many="responses",
        place=TODAY,
        ladder=RESPONSE,
        audiences=OF_THOSE_ASKED,
        advice=Advice(_TELL, _TELL, _TELL_OF_ONE),
        to_others=ToOthers(
            cannot="One answer is enough for everyone who was asked. If no one can respond, tell an audit "
            "coordinator.",
            otherwise="One answer is enough for everyone who was asked.",
        ),
    ),
    Thing(name=QUICK_WIN, many="quick wins", place="/quick-wins"),
    Thing(name=NEWS, many="news", place=TODAY),
)

THINGS: dict[str, Thing] = {thing.name: thing for thing in _ENTRIES}
"""Things by name, in the order in which a message counts them."""


def thing_called(name: str) -> Thing:
    """Return the thing of that name. Raises LookupError where nobody is reminded of such a thing."""
    if name not in THINGS:
        raise LookupError(f"“{name}” has no entry in things.py")
    return THINGS[name]


def things_by_ladder() -> dict[str, list[Thing]]:
    """Return the things that each ladder chases."""
    by_ladder: dict[str, list[Thing]] = {}
    for thing in THINGS.values():
        if thing.ladder:
            by_ladder.setdefault(thing.ladder, []).append(thing)
    return by_ladder


def owned_things() -> list[OwnedThing]:
    """Return the things that have one owner."""
    return [thing for thing in THINGS.values() if isinstance(thing, OwnedThing)]
