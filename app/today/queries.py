"""Queries of the first page, over the lists of several areas."""

from dataclasses import dataclass, replace

from sqlalchemy import exists, func, not_, or_, select

from app.answers.moderation_queue import NOTICE_DAYS
from app.audits import lifecycle
from app.audits.cycle import Cycle
from app.audits.lifecycle import Move
from app.audits.models import Assignment, Audit
from app.audits.own_part import own_part
from app.audits.parts import LEAD, SECOND
from app.audits.promising import may_promise_among
from app.audits.standing import Standing, Standings, held_on
from app.chase_list.queries import Asked, Counts, counts, how_many, ids
from app.chase_list.rows import ChaseRow, rows
from app.concerns import remedy_queries
from app.database import db
from app.outbox.models import FAILED, HELD, DeliveryState, Message
from app.working_days import WorkingDays

NAMED = 20
"""The most audits without auditors that are named; the chase list has all."""


@dataclass(frozen=True)
class OwnAudit:
    """An audit of the reader, with their part and the next step.

    `fills_in`: the next step begins with filling in the form."""

    row: ChaseRow
    own_part: str
    """The sentences that tell them their part and who the other auditor is."""
    next: str
    fills_in: bool
    may_promise: bool = False
    """True where it is overdue and they can still say when it will be back."""


@dataclass(frozen=True)
class CycleAtAGlance:
    """An open cycle and how its audits stand."""

    cycle: Cycle
    counts: Counts


@dataclass(frozen=True)
class Waiting:
    """The counts of what waits for a coordinator besides the chase list.

    Of audits that lack auditors also the references of those due first."""

    without_auditors: int
    half_a_pair: int
    named: dict[str, list[str]]
    """The references of the first few audits, by standing."""
    overdue_never_chased: int
    of_which_reachable: int
    """Those of them with an auditor to chase."""
    """Those alone for which no promise holds: who has said when it will be back is not chased."""
    remedies_without_owner: int
    failed: int
    held: int
    delivery_paused_because: str | None

    @property
    def anything(self) -> bool:
        """Return True when there is something to do."""
        audits = (self.without_auditors, self.half_a_pair, self.overdue_never_chased)
        return (
            any((*audits, self.remedies_without_owner, self.failed, self.held))
            or self.delivery_paused_because is not None
        )


def has_audited(person_id: int) -> bool:
    """Return True for whoever has or had an audit."""
    return bool(db.session.scalar(select(exists().where(Assignment.person_id == person_id))))


def own_audits(person_id: int, at: Standings, days: WorkingDays) -> list[OwnAudit]:
    """Return the audits of this person: open ones by due day, then those to confirm."""
    open_ids = ids(Asked(own=person_id, standing=Standing.OPEN), at, limit=None)
    to_confirm = db.session.scalars(
        select(Audit.id)
        .join(Assignment)
        .where(Assignment.person_id == person_id, Assignment.part == SECOND, held_on(at.on))
        .where(at.where(Standing.TO_CONFIRM))
        .order_by(Audit.returned_on, Audit.reference)
    )
    own = [_own(row, person_id) for row in rows([*open_ids, *to_confirm], at.on, days)]
    asked = [
        audit.row.id
        for audit in own
        if audit.row.overdue and lifecycle.refuse(Move.PROMISE, audit.row.facts, at.on, days) is None
    ]
    can = may_promise_among(asked, person_id, at.on) if asked else ()
    return [replace(audit, may_promise=audit.row.id in can) for audit in own]


def not_returned_lately(person_id: int, at: Standings, days: WorkingDays) -> list[str]:
    """Return the references of this auditor's audits that were not returned before their cycle closed.

    For 20 working days after that, in which the auditor may look for them."""
    query = (
        select(Audit.reference)
        .join(Assignment, Assignment.audit_id == Audit.id)
        .join(Cycle, Cycle.id == Audit.cycle_id)
        .where(
            Assignment.person_id == person_id,
            held_on(at.on),
            Cycle.closed_by(at.on),
            not_(Cycle.closed_by(days.offset(at.on, -NOTICE_DAYS))),
            at.outstanding(),
            or_(Audit.exempted_on.is_(None), Audit.exempted_on > at.on),
        )
        .order_by(Audit.reference)
    )
    return list(db.session.scalars(query))


def _own(row: ChaseRow, person_id: int) -> OwnAudit:
    is_lead = row.lead is not None and row.lead.person_id == person_id
    partner = row.second if is_lead else row.lead
    if not row.is_open:
        next_step = "Confirm it, or say if you disagree"
    elif is_lead:
        next_step = "and return it"
    elif partner is None or partner.has_left:
        next_step = "now"
    else:
        next_step = f"together. {partner.name} returns it"
    said = own_part(
        LEAD if is_lead else SECOND,
        row.pair,
        row.facts.auditors,
        partner.named if partner else "",
        partner_left=partner is not None and partner.has_left,
        is_open=row.is_open,
    )
    return OwnAudit(row, said, next_step, fills_in=row.is_open)


def open_cycles(at: Standings) -> list[CycleAtAGlance]:
    """Return the open cycles, the first due on top."""
    query = select(Cycle).where(Cycle.id.not_in(at.closed_cycles)).order_by(Cycle.due_on, Cycle.reference)
    return [
        CycleAtAGlance(cycle, counts(Asked(cycle=cycle.reference), at)) for cycle in db.session.scalars(query)
    ]


def waiting(at: Standings) -> Waiting:
    """Return the counts of what waits for a coordinator."""
    lacking = (Standing.WITHOUT_AUDITORS, Standing.HALF_A_PAIR)
    numbers = {lack: how_many(Asked(standing=lack), at) for lack in lacking}
    due_first = select(Audit.reference).order_by(Audit.due_on, Audit.reference).limit(NAMED)
    named = {
        lack.value: list(db.session.scalars(due_first.where(at.where(lack)))) if numbers[lack] else []
        for lack in lacking
    }
    to_chase = Asked(standing=Standing.OVERDUE, never_chased=True, promised=False)
    by_state = select(Message.state, func.count()).where(Message.state.in_((FAILED, HELD)))
    messages = {row[0]: row[1] for row in db.session.execute(by_state.group_by(Message.state))}
    return Waiting(
        without_auditors=numbers[Standing.WITHOUT_AUDITORS],
        half_a_pair=numbers[Standing.HALF_A_PAIR],
        named=named,
        overdue_never_chased=how_many(to_chase, at),
        of_which_reachable=how_many(replace(to_chase, can_be_chased=True), at),
        remedies_without_owner=remedy_queries.without_owner(at.on),
        failed=messages.get(FAILED, 0),
        held=messages.get(HELD, 0),
        delivery_paused_because=db.session.scalar(
            select(DeliveryState.paused_because).where(DeliveryState.paused_at.is_not(None))
        ),
    )
