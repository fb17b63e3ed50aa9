"""Changes of a cycle, each in one transaction with its row in the history."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.audits.agencies import refuse_tool
from app.audits.asked_questions import asks_per_case
from app.audits.counting import different_cases
from app.audits.cycle import MODERATED_SHARE, Cycle
from app.audits.models import Audit
from app.audits.parts import MOST_AUDITORS
from app.audits.workers import Workers
from app.cycles.agencies import as_listed, refuse_agencies, set_agencies
from app.cycles.models import EarlierCycle
from app.database import db, transaction
from app.moves.moving import locked, tell
from app.people.closures import due_in_words
from app.people.models import Person
from app.refusal import NotNow, Refused
from app.small_numbers import HIDE_UP_TO
from app.wording import capitalised, counted, in_words


@dataclass(frozen=True, kw_only=True)
class Changes:
    """The fields of an open cycle that can be changed."""

    title: str
    theme: str
    due_on: date
    cut_off_on: date | None
    reported_on: date | None
    reported_to: str | None
    selection: str | None = None
    population: int | None = None
    comparable_with: str | None = None
    hide_up_to: int = HIDE_UP_TO
    moderated_share: int = MODERATED_SHARE
    auditors: int = MOST_AUDITORS
    self_assessment: bool = False
    expected_per_auditor: int | None = None
    agencies: Sequence[str] = ()
    respond_to_id: int | None = None
    workers: str = Workers.NOT_TOLD.value


@dataclass(frozen=True, kw_only=True)
class Details(Changes):
    """The fields of a new cycle."""

    reference: str
    tool_id: int
    requested_on: date
    checks: str | None = None
    """The reference of the quick win or action whose effect a quick check measures."""
    audits_again: str | None = None
    """The reference of the earlier cycle whose cases it audits again."""


NAMES = {
    "title": "title",
    "theme": "theme",
    "due_on": "due date",
    "cut_off_on": "cut-off date",
    "reported_on": "reporting date",
    "reported_to": "group that gets the report",
    "selection": "way of choosing cases",
    "population": "number of cases to choose from",
    "comparable_with": "comparable cycle",
    "hide_up_to": "highest count to hide",
    "moderated_share": "percentage of audits to moderate",
    "auditors": "number of auditors for each audit",
    "self_assessment": "self-assessment",
    "expected_per_auditor": "number of audits expected of each auditor",
    "agencies": "agencies",
    "respond_to_id": "person who is asked for responses",
    "workers": "what workers are told",
}
"""The names of these fields in the history."""

_FOR_COORDINATORS = ("expected_per_auditor",)
"""The fields that nobody else reads, nor that they changed."""


def create(details: Details, *, by: Person) -> Cycle:
    """Create a cycle, open from its request day on. Raises Refused when the reference is taken."""
    with transaction():
        if why := refuse_reference(details.reference):
            raise Refused(why)
        _refuse_tool(details.tool_id, details.agencies)
        values = {field.name: getattr(details, field.name) for field in fields(details)}
        agencies = values.pop("agencies")
        cycle = Cycle(**values)
        db.session.add(cycle)
        db.session.flush()
        set_agencies(cycle, agencies)
        tell(cycle, by, None, "created", after=cycle.title)
    return cycle


def refuse_reference(reference: str) -> str | None:
    """Return why no new cycle, nor a past one as published, can have this reference; None when one can."""
    for kind in (Cycle, EarlierCycle):
        if taken := kind.taken(reference):
            return f"Cycle {taken} already exists. Enter another reference."
    return None


def refuse_change(cycle: Cycle, on: date) -> str | None:
    """Return why the cycle cannot be changed any more; None when it can."""
    if cycle.is_closed(on):
        return f"Cycle {cycle.reference} is closed, so you can no longer edit it"
    return None


def change(cycle: Cycle, changes: Changes, *, by: Person, on: date) -> None:
    """Change an open cycle. The due days of its audits stay: each is extended by itself.

    Raises Refused when the cycle is closed, or has more audits than there are cases to choose from.
    """
    with transaction():
        cycle = locked(Cycle, cycle.reference)
        if why := refuse_change(cycle, on):
            raise NotNow(why)
        if why := refuse_population(cycle, changes.population):
            raise Refused(why)
        changes = replace(changes, agencies=as_listed(changes.agencies))
        if why := refuse_agencies(cycle, changes.agencies):
            raise Refused(capitalised(why))
        _refuse_tool(cycle.tool_id, changes.agencies)
        for field in fields(changes):
            _set(cycle, field.name, getattr(changes, field.name), by)


def change_reporting(cycle: Cycle, *, reported_on: date | None, reported_to: str | None, by: Person) -> None:
    """Change when, and to whom, a cycle is reported: also one that is closed, since none of its figures
    follows from that. Raises Refused for a day before its audits were requested."""
    with transaction():
        cycle = locked(Cycle, cycle.reference)
        if reported_on is not None and reported_on < cycle.requested_on:
            raise Refused("Reporting date must be on or after the request date")
        _set(cycle, "reported_on", reported_on, by)
        _set(cycle, "reported_to", reported_to, by)


def _set(cycle: Cycle, name: str, after: Any, by: Person) -> None:
    """Give a field of a cycle another value, with its row in the history; nothing where it has that value."""
    before = getattr(cycle, name)
    if before != after:
        # in words before it is set: a list may be the cycle's own
        in_words_before = in_history(name, before)
        set_value(cycle, name, after)
        tell(cycle, by, None, changed(name), before=in_words_before, after=in_history(name, after))


def _refuse_tool(tool_id: int, agencies: Sequence[str]) -> None:
    if why := refuse_tool(asks_per_case=asks_per_case(tool_id), agencies=agencies):
        raise Refused(f"The tool {why}")


def refuse_close(cycle: Cycle, on: date) -> str | None:
    """Return why the cycle cannot be closed on that day; None when it can."""
    if cycle.is_frozen():
        return f"Cycle {cycle.reference} is already closed and frozen"
    if on < cycle.requested_on:
        return f"Cycle {cycle.reference} starts on {in_words(cycle.requested_on)}, so you cannot close it yet"
    return None


def mark_closed(cycle: Cycle, *, cut_off_on: date | None, by: Person, on: date) -> None:
    """Mark a cycle as closed, cut off and frozen; `app.findings.freezing.close` calls this and stores its
    findings.

    A cycle that a file brought closed keeps its closing day, unless that has not come yet, and is frozen.
    Raises Refused when it is already frozen, has not begun, or the cut-off is not between its request and
    closing days.
    """
    with transaction():
        cycle = locked(Cycle, cycle.reference)
        if why := refuse_close(cycle, on):
            raise NotNow(why)
        closed_on = min(cycle.closed_on or on, on)
        cut_off_on = cut_off_on or cycle.cut_off_on or closed_on
        if not cycle.requested_on <= cut_off_on <= closed_on:
            raise Refused(
                f"Cut-off date must be from {in_words(cycle.requested_on)} to {in_words(closed_on)}"
            )
        cycle.closed_on, cycle.cut_off_on, cycle.frozen_on = closed_on, cut_off_on, on
        cut_off = f"cut-off date {in_words(cut_off_on)}"
        tell(cycle, by, on, "closed and frozen", before="open", after=cut_off)


def refuse_population(cycle: Cycle, population: int | None) -> str | None:
    """Return why the number of cases to choose from cannot be right; None when it can."""
    of_cycle = (Audit.cycle_id == cycle.id, Audit.withdrawn_on.is_(None))
    if population is not None and population < (cases := different_cases(*of_cycle)):
        audits = db.session.scalar(select(func.count(Audit.id)).where(*of_cycle)) or 0
        has = counted(audits, "audit") if audits == cases else f"audits of {counted(cases, 'case')}"
        return f"Number of cases to choose from must be {cases:,} or more, because the cycle has {has}"
    return None


def set_value(cycle: Cycle, name: str, value: Any) -> None:
    """Give a field of a cycle another value."""
    if name == "agencies":
        set_agencies(cycle, value)
    else:
        setattr(cycle, name, value)


def changed(name: str) -> str:
    """Return what the history says of a change of a field."""
    return f"{NAMES[name]} changed"


def is_for_coordinators(what: str) -> bool:
    """Return True for what the history says of a field that only coordinators read."""
    return what in map(changed, _FOR_COORDINATORS)


def in_history(name: str, value: object) -> str | None:
    """Return the value of a field as the history shows it."""
    if isinstance(value, date):
        return due_in_words(value) if name == "due_on" else in_words(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value) or None
    if name == "respond_to_id" and value is not None:
        return db.session.get_one(Person, value).name
    return None if value is None else str(value)
