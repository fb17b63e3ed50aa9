"""The promises of when an audit will be back, for the second implementation: the one that holds on a day."""

from datetime import date

from .second_facts import Audit, Facts, Promise
from .second_state import due_day, has_happened
from .second_working_days import offset

STEPS_AFTER_THE_DUE_DAY = ("overdue", "overdue-manager", "phone-call")
LAST_WORKING_DAY_PAST_DUE = 20
BROKEN_ONES = 2


def is_promised(about: tuple[str, str], step: str, facts: Facts, on: date) -> bool:
    """The rule: "The latest step is chosen as always; if it is one after the due day (`overdue`,
    `overdue-manager`, `phone-call`; not `assigned`, not `reassign`) and a promise holds, nothing of that
    audit goes to that person in that kind of message, and "promised" is recorded." """
    what, reference = about
    if what != "audit" or step not in STEPS_AFTER_THE_DUE_DAY:
        return False
    audit = next(audit for audit in facts.audits if audit.reference == reference)
    return a_promise_holds(audit, facts, on)


def a_promise_holds(audit: Audit, facts: Facts, on: date) -> bool:
    """The rule: "The latest one (by its day, then as recorded) holds on D from the day it was given to
    `offset(promised day, 0)`. It holds at most to the 20th working day past the due day; after two broken
    ones for one due day none holds." """
    promises = promises_of_now(audit, on)
    if not promises:
        return False
    due_on = due_day(audit.due_days, on)
    assert due_on is not None
    if on > its_day(promises[-1], facts):
        return False
    if on > offset(due_on, LAST_WORKING_DAY_PAST_DUE, facts.closures):
        return False
    broken = [promise for promise in promises if is_broken(promise, promises, facts, on)]
    return len(broken) < BROKEN_ONES


def promises_of_now(audit: Audit, on: date) -> list[Promise]:
    """Those that were given by the day and were neither ended nor withdrawn, in their order."""
    found = [
        promise
        for promise in audit.promises
        if promise.given_on <= on
        and not has_happened(promise.struck_on, on)
        and not any(promise.given_on < day <= on for day in days_that_end_promises(audit))
    ]
    return sorted(found, key=lambda promise: promise.given_on)  # keeps the order in which they were recorded


def days_that_end_promises(audit: Audit) -> list[date]:
    """The rule: "It belongs to the due day and the pair it was given for: extension, reassignment and sending
    back end it." One that was given on the day of such a move was given after it."""
    ending = [due.since for due in audit.due_days]
    ending += [spell.assigned_on for spell in audit.assignments]
    ending += [spell.ended_on for spell in audit.assignments]
    ending += [spell.sent_back_on for spell in audit.returns]
    ending += [audit.declined_on]
    return [day for day in ending if day is not None]


def is_broken(promise: Promise, promises: list[Promise], facts: Facts, on: date) -> bool:
    """The rule: "Kept: returned by `offset(promised day, 0)`; broken: not; replaced before its day, ended or
    withdrawn: neither." Of an audit that is not back, none was kept."""
    later = promises[promises.index(promise) + 1 :]
    replaced = any(other.given_on < its_day(promise, facts) for other in later)
    return on > its_day(promise, facts) and not replaced


def its_day(promise: Promise, facts: Facts) -> date:
    return offset(promise.promised_on, 0, facts.closures)
