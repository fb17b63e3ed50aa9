"""Promising when an audit will be back: as its auditor, or noted with a chase; and the end of a promise.

Which promise holds on a day: promises.py.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, FromClause, Subquery, select, update
from sqlalchemy.orm import selectinload

from app.audits.facts import due_on, pair_on, returns_of
from app.audits.lifecycle import Move
from app.audits.models import Assignment, Audit, AuditPromise, Chase, Extension, Return
from app.audits.moving import moving
from app.audits.open_on import not_yet
from app.audits.promises import (
    Outcome,
    Promise,
    holding,
    kept_and_broken,
    outcomes,
    refuse_after_cut_off,
    refuse_any,
    refuse_own,
    what_it_does,
)
from app.database import db
from app.moves.moving import tell
from app.news import telling
from app.news.happenings import Happening
from app.people.closures import due_in_words, working_days
from app.people.models import Person
from app.people.reaching import with_leaving
from app.refusal import Refused


def promise_facts(promise: AuditPromise) -> Promise:
    """Return the facts of a promise that the rules go by."""
    struck_on = promise.chase.struck_on if promise.chase else None
    return Promise(promise.given_on, promise.promised_on, promise.auditor_id, promise.ended_on, struck_on)


def promises_of(audit: Audit) -> list[Promise]:
    """Return the promises of an audit, in the order in which they were given."""
    return [promise_facts(promise) for promise in audit.promises]


def promise_that_holds(audit: Audit, on: date) -> Promise | None:
    """Return the promise of an audit that holds on a day; None where none does."""
    return holding(promises_of(audit), due_on(audit, on), on, working_days())


def promise_that_held(audit: Audit, on: date, *, before_striking: bool) -> Promise | None:
    """Return the promise that holds on a day, or where asked the one that held on it before an entry of the
    chase log was struck through on that day."""
    given = promises_of(audit)
    then = [_before_striking(each, on) if before_striking else each for each in given]
    held = holding(then, due_on(audit, on), on, working_days())
    return next((promise for promise, each in zip(given, then, strict=True) if each is held), None)


def _before_striking(promise: Promise, on: date) -> Promise:
    """Return a promise as it was before it was withdrawn on a day, which ended it."""
    if promise.withdrawn_on != on:
        return promise
    ended_on = None if promise.ended_on == on else promise.ended_on
    return replace(promise, withdrawn_on=None, ended_on=ended_on)


def noted_promise(audit: Audit, on: date) -> tuple[Promise, str] | None:
    """Return the last promise of an audit whose day has not passed, and what it does to reminders where it
    does not hold up to its day; None where there is none, or its due date or auditors are others now."""
    promises = promises_of(audit)
    counting = [promise for promise in promises if promise.counts(on)]
    if not counting or on > counting[-1].last_day(working_days()):
        return None
    return counting[-1], what_it_does(counting[-1], promises, due_on(audit, on), on, working_days())


def who_promised(audit: Audit, on: date) -> tuple[str, date] | None:
    """Return who gave or noted the promise that holds on a day, as pages name them, and its date; None where
    none holds."""
    held = promise_that_holds(audit, on)
    if held is None:
        return None
    kept = next(each for each in reversed(audit.promises) if promise_facts(each) == held)
    by = db.session.get(Person, kept.auditor_id) if kept.auditor_id else kept.chase and kept.chase.by
    return (with_leaving(by, on) if by else "A coordinator"), held.promised_on


def refuse_promise(audit: Audit, auditor_id: int, on: date) -> str | None:
    """Return why this auditor cannot say by themselves, on any date, when an audit will be back."""
    return refuse_any(promises_of(audit), auditor_id, due_on(audit, on), on, working_days())


def may_promise_among(ids: Iterable[int], auditor_id: int, on: date) -> set[int]:
    """Return the ids of those audits of an auditor for which they can say when they will be back."""
    query = select(Audit).where(Audit.id.in_(list(ids))).options(selectinload(Audit.promises))
    return {audit.id for audit in db.session.scalars(query) if refuse_promise(audit, auditor_id, on) is None}


def promised_among(audits: FromClause, on: date) -> dict[int, date]:
    """Return the dates by which audits are promised, by audit, where a promise holds on a day.

    `audits` selects audits that are not back, with the columns `id` and `due_on`.
    """
    query = (
        select(AuditPromise, audits.c.due_on)
        .join(audits, audits.c.id == AuditPromise.audit_id)
        .where(AuditPromise.given_on <= on, not_yet(AuditPromise.ended_on, on))
        .order_by(AuditPromise.given_on, AuditPromise.id)
    )
    promises: dict[int, list[Promise]] = defaultdict(list)
    due_days: dict[int, date] = {}
    for given, due in db.session.execute(query):
        promises[given.audit_id].append(promise_facts(given))
        due_days[given.audit_id] = due
    days = working_days()
    holds = {audit: holding(given, due_days[audit], on, days) for audit, given in promises.items()}
    return {audit: promise.promised_on for audit, promise in holds.items() if promise is not None}


def outcomes_of(audit: Audit, on: date) -> list[Outcome]:
    """Return what became of the promises of an audit by a day."""
    return outcomes(promises_of(audit), returns_of(audit), on, working_days())


def kept_in_cycle(cycle_id: int, on: date) -> str:
    """Return how many promises of a cycle's audits were kept and broken by a day: "3 kept, 2 broken"."""
    query = (
        select(Audit)
        .where(Audit.cycle_id == cycle_id, Audit.promises.any())
        .options(selectinload(Audit.promises), selectinload(Audit.returns))
    )
    return kept_and_broken(each for audit in db.session.scalars(query) for each in outcomes_of(audit, on))


def not_back(*which: ColumnElement[bool]) -> Subquery:
    """Select the audits, of those that conditions pick, that are not back today: id and due day."""
    outstanding = (Audit.returned_on.is_(None), Audit.withdrawn_on.is_(None))
    return select(Audit.id, Audit.due_on).where(*outstanding, *which).subquery("not_back")


def promise(reference: str, by: Person, on: date, promised_on: date, version: int | None = None) -> None:
    """Promise, as one of its auditors and once for a due date, when the audit will be back.

    The due date stays, and the audit is as late as before. Raises Refused.
    """
    with moving(reference, Move.PROMISE, on, version) as audit:
        if pair_on(audit, on).part_of(by.id) is None:
            raise Refused("Only the auditors of this audit can say when it will be back")
        refuse_late(audit, promised_on, "Date")
        if why := refuse_own(promises_of(audit), by.id, promised_on, audit.due_on, on, working_days()):
            raise Refused(why.removesuffix("."))
        audit.promises.append(AuditPromise(given_on=on, promised_on=promised_on, auditor_id=by.id))
        forget_promise_over(audit)
        tell(audit, by, on, "promised", after=f"back by {due_in_words(promised_on)}")


def refuse_late(audit: Audit, promised_on: date, named: str) -> None:
    """Refuse to promise, or to note as promised, what would come back after the cut-off. Raises Refused."""
    cycle = audit.cycle
    cut_off_on = cycle.cut_off_on or cycle.closed_on
    if why := refuse_after_cut_off(promised_on, cut_off_on, cycle.reference, named):
        raise Refused(why)


def keep_promise_of(audit: Audit, chase: Chase) -> None:
    """Keep the new expected date of a chase as a promise, of the due date and the auditors of its day."""
    if chase.new_expected_on is not None:
        forget_promise_over(audit)
        promises = audit.promises  # read before the new one refers to the chase, or it would be flushed half
        changed = ended_since([audit.id])[audit.id]
        promises.append(
            AuditPromise(
                given_on=chase.day,
                promised_on=chase.new_expected_on,
                chase=chase,
                ended_on=next((day for day in changed if day > chase.day), None),
            )
        )


def what_promise_does(audit: Audit, chase: Chase, on: date) -> str:
    """Return what the promise that was noted with a chase does to reminders, where they do not wait until its
    day; else nothing."""
    if chase.promise is None:
        return ""
    kept = sorted(audit.promises, key=lambda each: each.given_on)
    promises = [promise_facts(each) for each in kept]
    noted = promises[kept.index(chase.promise)]
    return what_it_does(noted, promises, due_on(audit, on), on, working_days())


def end_promises(audit: Audit, on: date) -> None:
    """End the promises of an audit that was sent back or withdrawn, or has another due date or other auditors
    from now on."""
    for kept in audit.promises:
        if kept.ended_on is None:
            kept.ended_on = on


def promise_ended_since(audit: Audit, since: date, on: date) -> Promise | None:
    """Return the last promise of an audit that was given by a day and ended since; None where another holds
    on `on`."""
    ended = [
        promise
        for promise in promises_of(audit)
        if promise.given_on <= since and promise.ended_on is not None and promise.ended_on >= since
    ]
    if not ended or ended[-1].withdrawn_on is not None or promise_that_holds(audit, on) is not None:
        return None
    return ended[-1]


def tell_promise_over(
    audit: Audit, promise: Promise | None, auditors: Iterable[int], because: str, by: Person, on: date
) -> None:
    """Tell auditors of an audit, as news, that a promise has ended before its day, and that they are reminded
    again: because "auditors" or "due date" changed.

    Nothing where it kept no reminder back: its day has passed, or comes before the due date.
    """
    days = working_days()
    if promise is None or promise.last_day(days) < on or promise.last_day(days) <= audit.due_on:
        return
    promised_on, about = promise.promised_on.isoformat(), telling.about(audit)
    told = {"because": because, "promised_on": promised_on}
    telling.tell(auditors, Happening.PROMISE_OVER, about, on, by=by.id, **told)


def forget_promise_over(audit: Audit) -> None:
    """Take back the news that a promise has ended, from those who were not told: another was given, or the
    audit is back."""
    telling.take_back([Happening.PROMISE_OVER], audit.kind, audit.id)


def end_promises_of(audit_ids: Iterable[int], on: date) -> None:
    """End the promises of several audits that a file changed so."""
    live = update(AuditPromise).where(
        AuditPromise.audit_id.in_(list(audit_ids)), AuditPromise.ended_on.is_(None)
    )
    db.session.execute(live.values(ended_on=on))


def ended_since(audit_ids: Iterable[int]) -> dict[int, list[date]]:
    """Return the days, by audit, on which its due date or auditors changed, it was sent back or withdrawn: a
    promise of an earlier day that is noted afterwards ended with the first that is later."""
    ids = list(audit_ids)
    days: dict[int, list[date]] = {audit_id: [] for audit_id in ids}
    changes = (
        (Extension.audit_id, Extension.made_on),
        (Assignment.audit_id, Assignment.assigned_on),
        (Assignment.audit_id, Assignment.ended_on),
        (Return.audit_id, Return.sent_back_on),
        (Audit.id, Audit.withdrawn_on),
    )
    for audit, day in changes:
        for audit_id, changed_on in db.session.execute(select(audit, day).where(audit.in_(ids))):
            if changed_on is not None:
                days[audit_id].append(changed_on)
    return {audit_id: sorted(changed) for audit_id, changed in days.items()}
