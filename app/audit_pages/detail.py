"""The content of the page of an audit: its chase log with the reminders, its history, the next steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.audits import lifecycle
from app.audits.case_returns import audits_of_case
from app.audits.facts import Pair, facts, pair_on
from app.audits.lifecycle import AuditFacts, Move
from app.audits.models import Audit, Chase
from app.audits.open_on import not_yet
from app.audits.own_part import own_part
from app.audits.parts import LEAD
from app.audits.reminded import is_a_reminder, sent_on
from app.database import db
from app.history import record
from app.outbox.in_words import reminder_on
from app.outbox.models import Message, MessageItem
from app.pages import phone
from app.people.models import Person
from app.people.queries import everyone
from app.people.reaching import reach
from app.working_days import WorkingDays, happened

AUTOMATIC = "automatic email"

FOR_COORDINATORS = frozenset({"reason not returned", "reason not returned changed", "note changed"})
"""Entries of the history that coordinators alone see."""

REASON_FOR_COORDINATORS = frozenset({"declined", "reassigned", "exempted"})
"""Entries whose reason coordinators alone see: why somebody could not do an audit is confidential."""


@dataclass(frozen=True)
class LogLine:
    """A chase that somebody made by hand, or a reminder that the service sent."""

    day: date
    channel: str
    who: str
    with_whom: str
    outcome: str
    new_expected_on: date | None = None
    chase_id: int | None = None
    """The id of an entry made by hand; None for an automatic email."""
    struck_because: str | None = None
    """The reason why it was struck through, where somebody did."""


def chase_log(audit: Audit, on: date, days: WorkingDays) -> list[LogLine]:
    """Return all chases of an audit up to a day, with the reminders to its auditors, the latest first."""
    by_hand = select(Chase).where(Chase.audit_id == audit.id, Chase.day <= on).options(joinedload(Chase.by))
    chases = [
        LogLine(
            chase.day,
            chase.channel,
            chase.by.name if chase.by else "",
            chase.with_whom or "",
            chase.outcome or "",
            chase.new_expected_on,
            chase.id,
            chase.struck_because if happened(chase.struck_on, on) else None,
        )
        for chase in db.session.scalars(by_hand.order_by(Chase.id))
    ]
    reminders = (
        select(Message.ended_at, MessageItem.step, MessageItem.due_on, Person.name)
        .select_from(MessageItem)
        .join(Message, is_a_reminder(on))
        .join(Person, Person.id == MessageItem.person_id)
        .where(MessageItem.obligation_id == audit.id)
        .order_by(MessageItem.id)
    )
    sent = [
        LogLine(day, AUTOMATIC, "", "", f"Reminder to {name} ({reminder_on(step, due_on, day, days)})")
        for ended_at, step, due_on, name in db.session.execute(reminders)
        if ended_at is not None
        for day in (sent_on(ended_at),)
    ]
    # of one day, the daily emails are the first
    return sorted([*sent, *chases], key=lambda line: line.day)[::-1]


def part_of_reader(pair: Pair, person_id: int, on: date) -> str:
    """Return the sentences that tell one of the pair their part; nothing to other readers."""
    held, partner = pair.part_of(person_id), pair.partner_of(person_id)
    if held is None:
        return ""
    other = everyone()[partner.id] if partner else None
    return own_part(
        held.part,
        pair.parts,
        pair.auditors,
        reach(other, on, phone) if other else "",
        partner_left=other is not None and other.has_left(on),
    )


@dataclass(frozen=True)
class OtherReturn:
    """Another audit of the same case: the agency, or the meeting, and its state in words."""

    agency: str
    reference: str
    state: str


def other_returns(
    audit: Audit, person_id: int, coordinates: bool, on: date, days: WorkingDays
) -> list[OtherReturn]:
    """Return the other audits of the case, for coordinators and for those who audit it for some agency."""
    others = audits_of_case(audit)
    if not coordinates and not any(pair_on(each, on).part_of(person_id) for each in (audit, *others)):
        return []
    return [
        OtherReturn(each.agency or "", each.reference, lifecycle.in_words(facts(each, on), on, days))
        for each in others
    ]


def audited_again_as(audit: Audit, on: date) -> Sequence[str]:
    """Return the references of the audits that repeat this one, once they are returned."""
    query = select(Audit.reference).where(
        Audit.re_audit_of_id == audit.id, Audit.returned_on <= on, not_yet(Audit.withdrawn_on, on)
    )
    return db.session.scalars(query.order_by(Audit.returned_on, Audit.reference)).all()


@dataclass(frozen=True)
class HistoryLine:
    """A line of the history, in words for its reader."""

    id: int
    on: date
    who: str
    what: str
    before: str | None
    after: str | None
    why: str | None


def history(audit: Audit, reader_is_coordinator: bool) -> list[HistoryLine]:
    """Return the history of an audit, the latest first; some entries are for coordinators alone."""
    rows = record.told_to(reader_is_coordinator, record.of("audit", audit.reference))
    return [
        HistoryLine(
            row.id,
            row.on,
            row.who,
            row.what,
            row.before,
            row.after,
            row.why if reader_is_coordinator or row.what not in REASON_FOR_COORDINATORS else None,
        )
        for row in rows
        if reader_is_coordinator or row.what not in FOR_COORDINATORS
    ]


@dataclass(frozen=True)
class NextStep:
    """A move that the audit's state allows now, as a link."""

    text: str
    endpoint: str
    move: Move


GO_ON = NextStep("Continue the form", "answers.form", Move.SAVE)
"""The first step of the pair once somebody has begun."""

FOR_THE_PAIR = (
    NextStep("Fill in the form", "answers.form", Move.SAVE),
    NextStep("Check and return", "audits.return_audit", Move.RETURN),
    NextStep("Confirm, or say if you disagree", "answers.confirm", Move.CONFIRM),
    NextStep("Say when it will be back", "audits.promise", Move.PROMISE),
    NextStep("Mark as started on paper", "audits.start", Move.START),
    NextStep("I cannot do this audit", "audits.cannot", Move.DECLINE),
)

FOR_THE_COORDINATOR = (
    NextStep("Assign auditors", "audits.assign", Move.ASSIGN),
    NextStep("Chase by email", "audits.chase", Move.CHASE),
    NextStep("Add to chase log", "audits.log_chase", Move.LOG_CHASE),
    NextStep("Enter a paper form", "answers.paper", Move.SAVE),
    NextStep("Extend due date", "audits.extend", Move.EXTEND),
    NextStep("Replace an auditor", "audits.reassign", Move.REASSIGN),
    NextStep("Send audit back", "audits.send_back", Move.SEND_BACK),
    NextStep("Record why it was not returned", "audits.give_reason", Move.GIVE_REASON),
    NextStep("Correct case number", "audits.correct_case_number", Move.CORRECT_CASE),
    NextStep("Name the worker", "audits.name_worker", Move.NAME_WORKER),
    NextStep("Exempt audit", "audits.exempt", Move.EXEMPT),
    NextStep("Take exemption back", "audits.lift_exemption", Move.LIFT_EXEMPTION),
    NextStep("Withdraw audit", "audits.withdraw", Move.WITHDRAW),
)


def steps_of_the_pair(
    facts: AuditFacts, pair: Pair, person_id: int, on: date, days: WorkingDays, *, may_promise: bool
) -> list[NextStep]:
    """Return the steps that this auditor can take now; `may_promise`: some date is still theirs to give.

    Both fill the form in or decline; the lead returns the form that was begun, the second confirms it.
    """
    held = pair.part_of(person_id)
    if held is None:
        return []
    begun = happened(facts.started_on, on)
    not_theirs = {Move.CONFIRM} if held.part == LEAD else {Move.RETURN}
    if not begun:
        not_theirs.add(Move.RETURN)
    if not may_promise:
        not_theirs.add(Move.PROMISE)
    return [
        GO_ON if begun and step.move is Move.SAVE else step
        for step in FOR_THE_PAIR
        if step.move not in not_theirs and lifecycle.refuse(step.move, facts, on, days) is None
    ]


CHANGE_WORKER = NextStep("Change the worker", "audits.name_worker", Move.NAME_WORKER)
"""The step of a coordinator where a worker is named."""


def steps_of_the_coordinator(
    facts: AuditFacts, on: date, days: WorkingDays, *, has_worker: bool
) -> list[NextStep]:
    """Return the steps that a coordinator can take now; `has_worker`: the worker of the case is named."""
    return [
        CHANGE_WORKER if has_worker and step.move is Move.NAME_WORKER else step
        for step in FOR_THE_COORDINATOR
        if lifecycle.refuse(step.move, facts, on, days) is None
    ]
