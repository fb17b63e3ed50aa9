"""The state on a day, for the second implementation: open obligations, their owners, absences.

"Every fact has a day. A fact dated after day D has not happened on D; a fact dated on D has."
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from .second_facts import (
    Action,
    Assignment,
    Audit,
    Called,
    Cycle,
    DueDay,
    Facts,
    Leave,
    Person,
    QuickWin,
    Recommendation,
    Remedy,
    Step,
)


class Holder(NamedTuple):
    """A person with an obligation: an auditor with the day they were assigned, or an owner."""

    person: str
    assigned_on: date | None


class Obligation(NamedTuple):
    """An open obligation as of a day. Without holders nobody has it; `half` says that one of the pair has
    declined; `respond_to` is the person whom the cycle of a response names. Its holders are those asked."""

    about: tuple[str, str]
    due_on: date | None
    holders: tuple[Holder, ...]
    half: bool
    ladder: tuple[Step, ...]
    respond_to: str | None = None


def has_happened(day: date | None, on: date) -> bool:
    return day is not None and day <= on


def has_happened_or_always(day: date | None, on: date) -> bool:
    """Return True if a day has come; for columns whose default is "always"."""
    return day is None or day <= on


def person_of(facts: Facts, email: str) -> Person:
    for person in facts.people:
        if person.email == email:
            return person
    raise KeyError(email)


def coordinators(facts: Facts) -> list[str]:
    return [person.email for person in facts.people if "coordinator" in person.roles]


def has_left(facts: Facts, email: str, on: date) -> bool:
    """The rule: "Leaving: after their leaving day a person is sent nothing and cannot sign in." """
    leaving_on = person_of(facts, email).leaving_on
    return leaving_on is not None and on > leaving_on


def leave_on(facts: Facts, email: str, on: date) -> Leave | None:
    """The leave that a person is on, both its days included."""
    for leave in person_of(facts, email).leaves:
        if leave.from_on <= on <= leave.to_on:
            return leave
    return None


def due_day(due_days: Iterable[DueDay], on: date) -> date | None:
    """The due day as of a day: the last that had been set by then."""
    latest = None
    for due in due_days:
        if has_happened_or_always(due.since, on):
            latest = due.due_on
    return latest


def cycle_is_open(cycle: Cycle, on: date) -> bool:
    return has_happened(cycle.requested_on, on) and not has_happened(cycle.closed_on, on)


def is_returned(audit: Audit, on: date) -> bool:
    for spell in audit.returns:
        if has_happened(spell.returned_on, on) and not has_happened(spell.sent_back_on, on):
            return True
    return False


def audit_is_open(audit: Audit, cycle: Cycle, on: date) -> bool:
    """The rule: "An audit that is requested, assigned, in progress or overdue in an open cycle, and not
    exempt." """
    if not has_happened(audit.requested_on, on):
        return False
    if has_happened(audit.withdrawn_on, on):
        return False
    if is_returned(audit, on):
        return False
    if not cycle_is_open(cycle, on):
        return False
    return not has_happened(audit.exempted_on, on)


def worker_told(audit: Audit, cycle: Cycle, on: date) -> str | None:
    """The rules: "An audit may name the worker. A cycle says whether workers are told: not (where it says
    nothing)." Both as of the day."""
    named = [each.worker for each in audit.workers if has_happened_or_always(each.since, on)]
    told = [each.are_told for each in cycle.telling if has_happened_or_always(each.since, on)]
    return named[-1] if named and told and told[-1] else None


def action_is_open(action: Action, on: date) -> bool:
    """The rule: "An action from the day it was agreed until it is done or withdrawn." """
    if not has_happened_or_always(action.agreed_on, on):
        return False
    return not has_happened(action.done_on, on) and not has_happened(action.withdrawn_on, on)


def recommendation_is_open(recommendation: Recommendation, on: date) -> bool:
    """The rule: "A recommendation from the day it was raised until it is decided against (rejected, deferred)
    or carried out (a deferred one waits for a new decision)." """
    if not has_happened_or_always(recommendation.raised_on, on):
        return False
    decided_against = recommendation.decision in ("rejected", "deferred")
    if decided_against and has_happened_or_always(recommendation.decided_on, on):
        return False
    return not has_happened(recommendation.carried_out_on, on)


def remedy_is_open(remedy: Remedy, on: date) -> bool:
    """The rule: "What must be put right on this child's file: chased by the action ladder", as an action from
    the day it was noted, also when its cycle is closed."""
    if not has_happened(remedy.raised_on, on):
        return False
    return not has_happened(remedy.done_on, on) and not has_happened(remedy.withdrawn_on, on)


def is_active(assignment: Assignment, on: date) -> bool:
    return has_happened(assignment.assigned_on, on) and not has_happened(assignment.ended_on, on)


def auditors(audit: Audit, on: date) -> tuple[Holder, ...]:
    return tuple(Holder(a.person, a.assigned_on) for a in audit.assignments if is_active(a, on))


def half_has_declined(audit: Audit, cycle: Cycle, on: date) -> bool:
    """The rules: "Where one of the two has declined": one auditor is there, and the other part is empty since
    a decline. "Where one is needed and one is there, nothing is half a pair": a lead alone is enough."""
    if len(auditors(audit, on)) != 1:
        return False
    only = next(a for a in audit.assignments if is_active(a, on))
    if cycle.auditors == 1 and only.part == "lead":
        return False
    if has_happened(audit.declined_on, on):
        return True
    for part in ("lead", "second"):
        begun = [a for a in audit.assignments if a.part == part and has_happened(a.assigned_on, on)]
        if begun and not any(is_active(a, on) for a in begun):
            last = max(begun, key=lambda a: a.assigned_on)
            if last.ended_by == "decline":
                return True
    return False


def open_obligations(facts: Facts, on: date) -> list[Obligation]:
    """Return the open obligations as of the day. "Without an owner or a due day there is no ladder." """
    found = []
    cycles = {cycle.reference: cycle for cycle in facts.cycles}
    for audit in facts.audits:
        cycle = cycles[audit.cycle]
        if audit_is_open(audit, cycle, on):
            ladder = facts.audit_ladder if cycle.ladder is None else cycle.ladder
            due_on = due_day(audit.due_days, on)
            half = half_has_declined(audit, cycle, on)
            found.append(Obligation(("audit", audit.reference), due_on, auditors(audit, on), half, ladder))
    found += [tracked("action", action, facts, on) for action in facts.actions if action_is_open(action, on)]
    found += [
        tracked("recommendation", recommendation, facts, on)
        for recommendation in facts.recommendations
        if recommendation_is_open(recommendation, on)
    ]
    found += [asked_for(called, facts, on) for called in facts.responses if response_is_open(called, on)]
    found += [tracked("remedy", remedy, facts, on) for remedy in facts.remedies if remedy_is_open(remedy, on)]
    return found


def response_is_open(called: Called, on: date) -> bool:
    """The rule: "A response from the day it was called for until it was answered or fell away, also in a
    closed cycle." """
    if not has_happened(called.called_on, on):
        return False
    return not has_happened(called.answered_on, on) and not has_happened(called.fell_away_on, on)


def asked_for(called: Called, facts: Facts, on: date) -> Obligation:
    audit = next(audit for audit in facts.audits if audit.reference == called.audit)
    cycle = next(cycle for cycle in facts.cycles if cycle.reference == audit.cycle)
    holders = tuple(Holder(person, None) for person in those_asked(audit, cycle, facts, on))
    about = ("response", called.reference)
    return Obligation(about, called.due_on, holders, False, facts.response_ladder, cycle.respond_to)


def those_asked(audit: Audit, cycle: Cycle, facts: Facts, on: date) -> list[str]:
    """The rule: "the managers of the case's team who neither audited nor moderated it, and `respond_to`; if
    there is none, the line managers of the team's managers, else the coordinators." Of each, those who have
    not left."""
    managers = [
        person.email for person in here(facts, on) if "manager" in person.roles and person.team == audit.team
    ]
    asked = [manager for manager in managers if not took_part(manager, audit, on)]
    if cycle.respond_to is not None and not has_left(facts, cycle.respond_to, on):
        asked.append(cycle.respond_to)
    if not asked:
        asked = [
            above
            for manager in managers
            if (above := person_of(facts, manager).line_manager) and not has_left(facts, above, on)
        ]
    return sorted(set(asked or [person.email for person in here(facts, on) if "coordinator" in person.roles]))


def here(facts: Facts, on: date) -> list[Person]:
    return [person for person in facts.people if not has_left(facts, person.email, on)]


def took_part(person: str, audit: Audit, on: date) -> bool:
    """Whoever had the case to audit has audited it, also before a change."""
    if audit.moderated is not None and audit.moderated[0] == person and audit.moderated[1] <= on:
        return True
    return any(spell.person == person and spell.assigned_on <= on for spell in audit.assignments)


def tracked(what: str, fact: Action | Recommendation | Remedy, facts: Facts, on: date) -> Obligation:
    due_on = due_day(fact.due_days, on)
    holders = (Holder(fact.owner, None),) if fact.owner else ()
    ladder = facts.tracker_ladder if fact.owner and due_on else ()
    return Obligation((what, fact.reference), due_on, holders, False, ladder)


def quick_win_is_stopped(quick_win: QuickWin, facts: Facts, on: date) -> bool:
    """The rule: "Stopping or withdrawing it, or closing its action, ends its messages." """
    if has_happened(quick_win.stopped_on, on):
        return True
    for action in facts.actions:
        if action.reference == quick_win.action:
            return has_happened(action.impact_checked_on, on) or has_happened(action.withdrawn_on, on)
    return False
