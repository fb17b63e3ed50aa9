"""Naming the worker of the case of an audit, or another one, by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from app.assigning.independence import OF_THE_WORKER, Tie, Worker, not_independent, tie_to
from app.assigning.requesting import worker_to_name
from app.assigning.suitability import case_facts
from app.audits.lifecycle import Move
from app.audits.models import Assignment, Audit
from app.audits.moving import moving
from app.audits.worker_messages import write_audited
from app.audits.workers import WORKER_CHANGED, WORKER_NAMED, Workers
from app.database import db
from app.moves.moving import tell, without_case_number
from app.people.models import Person
from app.people.queries import everyone
from app.refusal import Refused
from app.workers.replies import ask, end_open
from app.workers.reply_life import OTHER_WORKER
from app.working_days import happened


def name_worker(
    reference: str,
    worker_id: int | None,
    by: Person,
    on: date,
    override_reason: str | None = None,
    version: int | None = None,
) -> None:
    """Name the worker of an audit, or another one, or None where nobody is known.

    An auditor who is that worker, or their line manager, goes on only with a reason, as in assigning. The
    worker is told as the cycle says; where the audit was returned in the product and they may reply, they are
    asked to, and nobody waits for the reply of the worker before.
    """
    people = everyone()
    with moving(reference, Move.NAME_WORKER, on, version) as audit:
        before = audit.worker
        worker = _wanted(audit, worker_id, on)
        case = case_facts([audit], on)[audit.id]
        named = replace(case, worker=Worker(worker.id, worker.line_manager_id) if worker else None)
        spells = [spell for spell in audit.assignments if spell.ended_on is None and spell.person_id]
        ties = {spell: tie_to(people[spell.person_id or 0], named) for spell in spells}
        reason = (override_reason or "").strip()
        for spell, tied in ties.items():
            if tied in OF_THE_WORKER and not reason:
                raise Refused(
                    f"{not_independent(people[spell.person_id or 0], named)}. Name someone else, or enter a "
                    "reason for an auditor who is not independent."
                )
        without_case_number(reason, audit.case_reference)
        end_open(audit, OTHER_WORKER, by, on)
        audit.worker_id = worker.id if worker else None
        _override(ties, reason)
        db.session.flush()
        db.session.expire(audit, ["worker"])
        tell(
            audit,
            by,
            on,
            WORKER_CHANGED if before else WORKER_NAMED,
            before=before.name if before else None,
            after=worker.name if worker else None,
            why=reason if OF_THE_WORKER & set(ties.values()) else None,
        )
        write_audited([audit], on)
        if audit.returned_in_product and happened(audit.returned_on, on):
            ask(audit, by, on)


def who_is_told(audit: Audit, on: date) -> str:
    """Return who gets an email when a worker is named now, in whole sentences."""
    told = Workers(audit.cycle.workers)
    if not told.are_told:
        return "Workers are not told about the audits of this cycle, so no one gets an email."
    if not happened(audit.returned_on, on):
        return "The worker gets an email that a case of theirs is audited."
    if told.may_reply and audit.returned_in_product:
        return (
            "The worker gets an email now, because the audit was returned and they can reply. "
            "A worker named before can no longer reply."
        )
    return "This audit was returned, so no one gets an email."


def _wanted(audit: Audit, worker_id: int | None, on: date) -> Person | None:
    """Return the person to be named. Raises Refused unless they work here and are not the worker already."""
    if worker_id == audit.worker_id:
        raise Refused(
            f"{audit.worker.name} is the worker of the case already. Select someone else."
            if audit.worker
            else "Select the worker of the case"
        )
    return worker_to_name(worker_id, on) if worker_id is not None else None


def _override(ties: Mapping[Assignment, Tie | None], reason: str) -> None:
    """Keep with each auditor the tie that the reason overrides; end those to the worker before."""
    for spell, tied in ties.items():
        if tied in OF_THE_WORKER:
            spell.overridden, spell.override_reason = tied, reason
        elif spell.overridden in OF_THE_WORKER:
            spell.overridden = tied
            spell.override_reason = spell.override_reason if tied else None
