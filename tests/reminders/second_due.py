"""The steps that are due on a day, for the second implementation: by ladders and otherwise.

The check that a step can be sent to its person comes afterwards, in `second_implementation`.
"""

from datetime import date, timedelta
from typing import NamedTuple

from .second_facts import Facts, Item, Key, Sent, Step
from .second_state import (
    Obligation,
    audit_is_open,
    coordinators,
    cycle_is_open,
    due_day,
    open_obligations,
    person_of,
    quick_win_is_stopped,
    worker_told,
)
from .second_working_days import monday_of, offset

NOBODY = ""
KINDS_OF_THE_LADDER = ("digest", "manager", "calls")
STEPS_OF_NOBODYS_AUDIT = ("due-soon", "due-today", "overdue")
WORKING_DAYS_TO_ASK = 20


class Due(NamedTuple):
    """Something that is to be sent today, if the person it is for can be sent to."""

    key: Key
    item: Item


class Reached(NamedTuple):
    """A step of a ladder whose day has come; ordered by its day, then its place in the table."""

    day: date
    place: int
    name: str
    anchor: date


# The ladder


def due_of_ladders(facts: Facts, sent: Sent, on: date) -> list[Due]:
    """The rule: "For each open obligation, each person and each kind of message: the latest step (by its day;
    of two on one day, the lower in the table) whose day is on or before D, among the steps addressed to that
    person in that kind of message. If it was not yet sent to them for this anchor day, it is due." """
    due = []
    for obligation in open_obligations(facts, on):
        for person in [*(person.email for person in facts.people), NOBODY]:
            for kind in KINDS_OF_THE_LADDER:
                reached = steps_reached(obligation, person, kind, facts, on)
                if not reached:
                    continue
                latest = max(reached)
                key = Key(obligation.about, latest.anchor, latest.name, person, kind)
                if key in sent.keys:
                    continue
                if latest.name == "assigned" and a_later_step_has_gone(key, obligation.ladder, sent):
                    continue
                due.append(Due(key, Item(obligation.about[1], latest.name, obligation.due_on)))
    return due


def a_later_step_has_gone(assigned: Key, ladder: tuple[Step, ...], sent: Sent) -> bool:
    """The rule: "Once a later step has gone to a person, their `assigned` is no longer due." """
    later_steps = [step.name for step in ladder if step.name != "assigned"]
    for key, sent_on in sent.keys.items():
        same = (key.about, key.person, key.kind) == (assigned.about, assigned.person, assigned.kind)
        if same and key.step in later_steps and sent_on >= assigned.anchor:
            return True
    return False


def steps_reached(obligation: Obligation, person: str, kind: str, facts: Facts, on: date) -> list[Reached]:
    """The steps addressed to a person in a kind of message "whose day is on or before D"; a step has "an
    offset in working days from its anchor (the due day, unless the table says otherwise)"."""
    found = []
    for place, step in enumerate(obligation.ladder):
        for anchor in anchors_of_step_for(step, obligation, person, kind, facts):
            day = offset(anchor, step.offset, facts.closures)
            if day <= on:
                found.append(Reached(day, place, step.name, anchor))
    return found


def anchors_of_step_for(
    step: Step, obligation: Obligation, person: str, kind: str, facts: Facts
) -> list[date]:
    """The anchor of a step for a person in a kind of message; none, if it is not addressed to them in it."""
    assert obligation.due_on is not None
    if goes_to_coordinators_instead(step, obligation, person, kind, facts):
        return [obligation.due_on]
    if obligation.about[0] == "audit" and not obligation.holders:
        return []  # "and no other step"
    anchors = []
    for audience, kind_of_audience in step.to:
        if kind_of_audience == kind and person in people_of(audience, obligation, facts):
            if not step.from_assigned:
                anchors.append(obligation.due_on)
            else:
                anchors += [h.assigned_on for h in obligation.holders if h.person == person and h.assigned_on]
    return anchors


def goes_to_coordinators_instead(
    step: Step, obligation: Obligation, person: str, kind: str, facts: Facts
) -> bool:
    """The rule: "An audit without auditors: `due-soon`, `due-today` and `overdue` go to the coordinators'
    digest instead, and no other step. Where one of the two has declined, the other gets their own steps and
    the coordinators these three." """
    if obligation.about[0] != "audit":
        return False
    if obligation.holders and not obligation.half:
        return False
    if step.name not in STEPS_OF_NOBODYS_AUDIT or kind != "digest":
        return False
    return person in coordinators_or_nobody(facts)


def people_of(audience: str, obligation: Obligation, facts: Facts) -> list[str]:
    """The rule: "Without a line manager there is no manager's copy": it is nobody's, and said so."""
    if audience == "coordinators":
        return coordinators_or_nobody(facts)
    holders = [holder.person for holder in obligation.holders]
    if audience == "respond_to":
        return told_when_late(obligation, facts)
    if audience == "line managers":
        return [person_of(facts, holder).line_manager or NOBODY for holder in holders]
    return holders or [NOBODY]  # "auditors", "owner", "those asked"


def told_when_late(obligation: Obligation, facts: Facts) -> list[str]:
    """The rule: "`respond_to`; where the cycle names nobody, the line managers of those asked"."""
    if obligation.respond_to is not None:
        return [obligation.respond_to]
    above = [person_of(facts, holder.person).line_manager for holder in obligation.holders]
    return [manager for manager in above if manager] or [NOBODY]


def coordinators_or_nobody(facts: Facts) -> list[str]:
    """The rule: "All coordinators get theirs." """
    return coordinators(facts) or [NOBODY]


# Beside the ladder


def due_of_leavers(facts: Facts, sent: Sent, on: date) -> list[Due]:
    """The rule: "From the next working day on, the coordinators' digest has, once, the step `reassign` for
    each open obligation and leaver. It stands beside the ladder: it replaces no step and is replaced by none;
    its anchor is the leaving day and the leaver is part of its key." """
    due = []
    for obligation in open_obligations(facts, on):
        for leaver in sorted({holder.person for holder in obligation.holders}):
            leaving_on = person_of(facts, leaver).leaving_on
            if leaving_on is None or on < next_working_day(leaving_on, facts):
                continue
            for coordinator in coordinators_or_nobody(facts):
                key = Key(obligation.about, leaving_on, "reassign", coordinator, "digest", leaver)
                if key not in sent.keys:
                    due.append(Due(key, Item(obligation.about[1], "reassign", obligation.due_on)))
    return due


def next_working_day(day: date, facts: Facts) -> date:
    return offset(day + timedelta(days=1), 0, facts.closures)


def due_of_workers(facts: Facts, sent: Sent, on: date) -> list[Due]:
    """The rule: "`told` (kind `audited`, once per worker and audit, by the move or the next daily run: a case
    of theirs is audited, theme, by when)." """
    due = []
    cycles = {cycle.reference: cycle for cycle in facts.cycles}
    for audit in facts.audits:
        cycle = cycles[audit.cycle]
        worker = worker_told(audit, cycle, on)
        if worker is None or not audit_is_open(audit, cycle, on):
            continue
        about = ("audit", audit.reference)
        once = [key for key in sent.keys if (key.about, key.person, key.kind) == (about, worker, "audited")]
        if not once:
            key = Key(about, audit.requested_on, "audited", worker, "audited")
            due.append(Due(key, Item(audit.reference, "audited", due_day(audit.due_days, on))))
    return due


def due_weekly(facts: Facts, sent: Sent, on: date) -> list[Due]:
    """The rule: "`weekly`, to coordinators: one message for all open cycles on the first working day of the
    week on which the run happens. Key: Monday of the week and person. Its `items` are empty." """
    if not any(cycle_is_open(cycle, on) for cycle in facts.cycles):
        return []
    monday = monday_of(on)
    earlier_run_this_week = any(monday <= day < on for day in sent.runs)
    due = []
    for coordinator in coordinators(facts):
        key = Key(("weekly", ""), monday, "weekly", coordinator, "weekly")
        if key in sent.keys:
            continue
        if not earlier_run_this_week or key in sent.waiting:
            due.append(Due(key, Item("", "weekly", None)))
    return due


def due_practice(facts: Facts, sent: Sent, on: date) -> list[Due]:
    """The rule: "`practice`, a quick win's message, to its audience (everyone with one of the roles, and in
    one of the teams if teams are given): of the days `offset(starts_on, k * every_working_days)`, k = 0 …
    times - 1, only the latest that is on or before D, if that one was not yet sent to that person; nothing
    from `offset(starts_on, times * every_working_days)` on, which is its end. Key: quick win, that day,
    person."

    The quick win that starts earlier stands first, then by reference.
    """
    due = []
    for quick_win in sorted(facts.quick_wins, key=lambda q: (q.starts_on, q.reference)):
        every = quick_win.every_working_days
        days = [offset(quick_win.starts_on, k * every, facts.closures) for k in range(quick_win.times)]
        end = offset(quick_win.starts_on, quick_win.times * every, facts.closures)
        past = [day for day in days if day <= on]
        if on >= end or not past or quick_win_is_stopped(quick_win, facts, on):
            continue
        for person in facts.people:
            in_roles = any(role in quick_win.audience_roles for role in person.roles)
            in_teams = not quick_win.audience_teams or person.team in quick_win.audience_teams
            key = Key(("quick win", quick_win.reference), max(past), "practice", person.email, "practice")
            if in_roles and in_teams and key not in sent.keys:
                due.append(Due(key, Item(quick_win.reference, "practice", max(past))))
    return due


def due_checks(facts: Facts, sent: Sent, on: date) -> list[Due]:
    """The rule: "At a quick win's end, or at the first run within 20 working days after it, coordinators are
    asked once, in their digest (step `check`, item the quick win), whether the figure moved; leave makes it
    wait; not when it was stopped or its action is closed." """
    due = []
    for quick_win in facts.quick_wins:
        if quick_win_is_stopped(quick_win, facts, on):
            continue
        end = offset(quick_win.starts_on, quick_win.times * quick_win.every_working_days, facts.closures)
        in_time = end <= on <= offset(end, WORKING_DAYS_TO_ASK, facts.closures)
        for coordinator in coordinators_or_nobody(facts):
            key = Key(("quick win", quick_win.reference), end, "check", coordinator, "digest")
            if key not in sent.keys and (in_time or key in sent.waiting):
                due.append(Due(key, Item(quick_win.reference, "check", end)))
    return due
