"""The rows of the chase list: the state of each audit, whom it waits for, when it was last chased.

They are read in six queries for any number of audits.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Row, Select, exists, func, select

from app.answers.overall import overall_grades
from app.audits import lifecycle
from app.audits.cycle import Agency, Cycle
from app.audits.lifecycle import AuditFacts, State
from app.audits.models import Assignment, Audit, Chase, agency_in_words
from app.audits.parts import LEAD, SECOND
from app.audits.promising import not_back, promised_among
from app.audits.reminded import is_a_reminder, sent_on
from app.audits.standing import held_on
from app.database import db
from app.outbox.models import Message, MessageItem
from app.pages import phone
from app.people.models import Person, Team
from app.people.presence import has_left
from app.people.presence_sql import away_until
from app.people.reaching import named
from app.reminders.models import DailyRun
from app.working_days import WorkingDays

AUTOMATIC = "automatic reminder"


@dataclass(frozen=True)
class Auditor:
    """An auditor of the pair, with their leave and leaving."""

    person_id: int
    name: str
    email: str
    telephone: str | None
    on_leave_until: date | None
    has_left: bool
    has_access: bool = True
    """False while their access is turned off: emails to them wait."""
    assigned_on: date | None = None

    @property
    def named(self) -> str:
        """Return them with their number as a link, and whether they are away or have left."""
        number = phone(self.telephone) if self.telephone else None
        return named(self.name, number, away_until=self.on_leave_until, has_left=self.has_left)


@dataclass(frozen=True)
class LastChase:
    """The last chase about an audit: its day and its channel, by hand or an automatic reminder."""

    day: date
    channel: str


@dataclass(frozen=True)
class ChaseRow:
    """A row of the chase list."""

    id: int
    reference: str
    team: str
    cycle: str
    cycle_id: int
    agency: str | None
    """The agency whose audit it is, or `together`; None in a cycle without agencies."""
    facts: AuditFacts
    first_due_on: date
    state: State
    state_name: str
    words: str
    """The state in words; of an overdue audit with its progress."""
    is_open: bool
    """True while reminders of it may still be sent."""
    is_due_today: bool
    working_days_late: int
    """Working days overdue; 0 when it is not, or not yet by a working day."""
    overdue: str
    """The words for how overdue it is, "by 2 working days"; empty when it is not."""
    pair: dict[str, Auditor] = field(default_factory=dict)
    last_chase: LastChase | None = None
    has_run: bool = False
    """True where the daily emails of the day are written."""
    promised_on: date | None = None
    """The date by which it is promised, while that holds."""
    overall: str | None = None
    """The overall grade of a returned audit, where the tool has one."""

    @property
    def lead(self) -> Auditor | None:
        return self.pair.get(LEAD)

    @property
    def second(self) -> Auditor | None:
        return self.pair.get(SECOND)


def rows(
    ids: Sequence[int], on: date, days: WorkingDays, *, unread: Select[int | None] | None = None
) -> list[ChaseRow]:
    """Return the rows of these audits, in the order of the ids; without the grades of those that the reader
    may not read."""
    if not ids:
        return []
    pairs, assigned = _pairs(ids, on)
    chases = _last_chases(ids, on)
    facts = {row.id: row for row in _facts(ids, on)}
    grades = overall_grades([row.id for row in facts.values() if row.returned_on], on, unread)
    promised = promised_among(not_back(Audit.id.in_(ids)), on)
    return [
        replace(
            _chase_row(facts[audit_id], pairs[audit_id], assigned[audit_id], chases.get(audit_id), on, days),
            overall=grades.get(audit_id),
            promised_on=promised.get(audit_id),
        )
        for audit_id in ids
        if audit_id in facts
    ]


def waits_for(row: ChaseRow, on: date) -> str:
    """Return the part that has something to do, or the part that is missing; empty where nobody has to."""
    if row.state is State.RETURNED:
        return "second to confirm" if row.second and lifecycle.awaits_confirmation(row.facts, on) else ""
    if not row.is_open:
        return ""
    if row.facts.is_for_one:
        return "auditor" if row.pair else "new auditor"
    if not row.pair:
        return "auditors"
    if row.lead is None:
        return "new lead"
    return "new second, then lead" if SECOND in row.facts.missing else "lead"


def _chase_row(
    row: Row[*tuple[object, ...]],
    pair: dict[str, Auditor],
    assigned: list[date],
    chase: LastChase | None,
    on: date,
    days: WorkingDays,
) -> ChaseRow:
    facts = AuditFacts(
        requested_on=row.requested_on,
        due_on=row.due_on,
        held=frozenset(pair),
        auditors=row.auditors,
        assigned_on=min(assigned, default=None),
        started_on=row.started_on,
        returned_on=row.returned_on,
        confirmed_on=row.confirmed_on,
        withdrawn_on=row.withdrawn_on,
        exempted_on=row.exempted_on,
        cycle_closed_on=row.closed_on,
        cut_off_on=row.cut_off_on,
        returned_in_product=row.returned_in_product,
    )
    return ChaseRow(
        id=row.id,
        reference=row.reference,
        team=row.team,
        cycle=row.cycle,
        cycle_id=row.cycle_id,
        agency=agency_in_words(row.is_together, row.agency),
        facts=facts,
        first_due_on=row.first_due_on,
        state=lifecycle.state(facts, on, days),
        state_name=lifecycle.state_name(facts, on, days),
        words=lifecycle.in_words(facts, on, days),
        is_open=lifecycle.is_open(facts, on, days),
        is_due_today=lifecycle.is_due_today(facts, on, days),
        working_days_late=lifecycle.working_days_late(facts, on, days),
        overdue=lifecycle.how_overdue(facts, on, days),
        pair=pair,
        last_chase=chase,
        has_run=row.has_run,
    )


def _facts(ids: Sequence[int], on: date) -> Sequence[Row[*tuple[object, ...]]]:
    query = (
        select(
            Audit.id,
            Audit.reference,
            Team.name.label("team"),
            Cycle.reference.label("cycle"),
            Audit.cycle_id,
            Audit.is_together,
            Agency.name.label("agency"),
            Audit.requested_on,
            Audit.due_on,
            Audit.first_due_on,
            Audit.started_on,
            Audit.returned_on,
            Audit.returned_in_product,
            Audit.confirmed_on,
            Audit.withdrawn_on,
            Audit.exempted_on,
            Cycle.closed_on,
            Cycle.cut_off_on,
            Cycle.auditors,
            exists().where(DailyRun.on == on).label("has_run"),
        )
        .join(Team, Team.id == Audit.team_id)
        .join(Cycle, Cycle.id == Audit.cycle_id)
        .outerjoin(Audit.its_agency)
        .where(Audit.id.in_(ids))
    )
    return db.session.execute(query).all()


def _pairs(ids: Sequence[int], on: date) -> tuple[dict[int, dict[str, Auditor]], dict[int, list[date]]]:
    """Return the pair of each audit, and the days on which its auditors were assigned, by audit id."""
    away = away_until(on).subquery()
    spells = (
        select(
            Assignment.audit_id,
            Assignment.part,
            Assignment.assigned_on,
            Person.id,
            Person.name,
            Person.email,
            Person.telephone,
            Person.leaving_on,
            Person.active,
            away.c.until,
        )
        .join(Person, Person.id == Assignment.person_id)
        .outerjoin(away, away.c.person_id == Person.id)
        .where(Assignment.audit_id.in_(ids), held_on(on))
    )
    pairs: dict[int, dict[str, Auditor]] = defaultdict(dict)
    assigned: dict[int, list[date]] = defaultdict(list)
    for spell in db.session.execute(spells):
        pairs[spell.audit_id][spell.part] = Auditor(
            person_id=spell.id,
            name=spell.name,
            email=spell.email,
            telephone=spell.telephone,
            on_leave_until=spell.until,
            has_left=has_left(spell.leaving_on, on),
            has_access=spell.active,
            assigned_on=spell.assigned_on,
        )
        assigned[spell.audit_id].append(spell.assigned_on)
    return pairs, assigned


def _last_chases(ids: Sequence[int], on: date) -> dict[int, LastChase]:
    reminded = (
        select(MessageItem.obligation_id, func.max(Message.ended_at))
        .where(
            MessageItem.obligation_kind == "audit",
            MessageItem.obligation_id.in_(ids),
            is_a_reminder(on),
        )
        .group_by(MessageItem.obligation_id)
    )
    by_hand = (
        select(Chase.audit_id, Chase.day, Chase.channel)
        .where(Chase.audit_id.in_(ids), Chase.made_by(on))
        .order_by(Chase.day, Chase.id)
    )
    last = {
        audit_id: LastChase(sent_on(ended_at), AUTOMATIC)
        for audit_id, ended_at in db.session.execute(reminded)
        if ended_at is not None
    }
    for audit_id, day, channel in db.session.execute(by_hand):
        reminder = last.get(audit_id)
        if reminder is None or day >= reminder.day:
            last[audit_id] = LastChase(day, channel)
    return last
