"""Reading the facts of cases for independence and warnings: conflicts and other audits of the same case."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, column, func, not_, or_, select, table, union_all

from app.assigning.independence import CaseFacts, Worker
from app.audits.agencies import are_returns_of_one_case
from app.audits.cycle import Agency, Cycle
from app.audits.lifecycle import CONFLICT
from app.audits.models import DECLINED, Assignment, Audit, agency_in_words
from app.audits.open_on import not_yet
from app.case_keys.keys import MARK_LENGTH, may_be_one
from app.case_keys.mark import as_compared
from app.database import db
from app.people.closures import working_days
from app.people.models import Person

FOR_A_CONFLICT = and_(
    Assignment.ended_because == DECLINED,
    or_(Assignment.why == CONFLICT, Assignment.why.startswith(f"{CONFLICT}: ")),
)
"""True for the spells that ended because the auditor declared a conflict with the case."""

_MODERATIONS = table("moderations", column("audit_id"), column("moderator_id"))
"""The moderations of audits. An area above this one knows what is in them; here it matters whose they are."""


def case_facts(
    audits: Sequence[Audit], on: date, due_on: date | None = None, case_reference: str | None = None
) -> Mapping[int, CaseFacts]:
    """Return the facts of each audit's case, by audit id, in a few queries; for another due day or another
    case number if one is given."""
    days = working_days()
    of_all = None if case_reference is None else as_compared(case_reference) or ""
    cases = {audit.id: audit.case_folded or "" if of_all is None else of_all for audit in audits}
    conflicts = _in_conflict(cases)
    before = audited_or_moderated({audit.re_audit_of_id for audit in audits if audit.re_audit_of_id})
    workers = _workers({audit.worker_id for audit in audits if audit.worker_id})
    audited = AuditsOfCases(cases.values(), on)
    beside = {
        audit.id: audited.beside(
            AuditOfCase(cases[audit.id], audit.reference, audit.returned_on, audit.cycle_id, audit.agency)
        )
        for audit in audits
    }
    return {
        audit.id: CaseFacts(
            reference=audit.reference,
            team_id=audit.team_id,
            due_on=days.offset(due_on or audit.due_on, 0),
            in_conflict=conflicts[audit.id],
            other_audits=beside[audit.id][0],
            maybe_audits=beside[audit.id][1],
            cut_off_on=audit.cycle.cut_off_on,
            self_assessment=audit.cycle.self_assessment,
            in_earlier_audit=before.get(audit.re_audit_of_id or 0, frozenset()),
            worker=workers.get(audit.worker_id or 0),
        )
        for audit in audits
    }


def audited_or_moderated(audits: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """Return the ids of those who audit these audits, or moderated them, by the audits' ids."""
    ids = list(audits)
    if not ids:
        return {}
    auditors = select(Assignment.audit_id, Assignment.person_id).where(
        Assignment.audit_id.in_(ids), Assignment.person_id.is_not(None), Assignment.ended_on.is_(None)
    )
    moderators = select(_MODERATIONS.c.audit_id, _MODERATIONS.c.moderator_id).where(
        _MODERATIONS.c.audit_id.in_(ids)
    )
    people: dict[int, set[int]] = defaultdict(set)
    for audit_id, person_id in db.session.execute(union_all(auditors, moderators)):
        people[audit_id].add(person_id)
    return {audit_id: frozenset(those) for audit_id, those in people.items()}


def _workers(ids: Collection[int]) -> Mapping[int, Worker]:
    """Return these workers, by their ids."""
    query = select(Person.id, Person.line_manager_id).where(Person.id.in_(ids))
    return {id_: Worker(id_, manager) for id_, manager in db.session.execute(query)} if ids else {}


def _in_conflict(cases: Mapping[int, str]) -> Mapping[int, frozenset[int]]:
    """Return the ids of those who declined each audit's case for a conflict, now or in an earlier audit.

    `cases` are the keyed hashes of the audits' cases by the audits' ids.
    """
    query = (
        select(Assignment.audit_id, Audit.case_folded, Assignment.person_id).join(Audit).where(FOR_A_CONFLICT)
    )
    by_audit: dict[int, set[int]] = defaultdict(set)
    by_case: dict[str, set[int]] = defaultdict(set)
    for audit_id, case, person_id in db.session.execute(query):
        if person_id is None:
            continue
        by_audit[audit_id].add(person_id)
        if case:
            by_case[case].add(person_id)
    return {audit_id: frozenset(by_audit[audit_id] | by_case[case]) for audit_id, case in cases.items()}


def audits_of_cases(cases: Iterable[str], on: date) -> Mapping[str, Sequence[Audit]]:
    """Return the audits of cases that are under way or were returned, the earliest first, by the case's
    keyed hash."""
    query = _under_way_or_returned(on).where(Audit.case_folded.in_(set(map(as_compared, cases)) - {None}))
    by_case: dict[str, list[Audit]] = defaultdict(list)
    for audit in db.session.scalars(query):
        by_case[audit.case_folded or ""].append(audit)
    return by_case


def _under_way_or_returned(on: date) -> Select[Audit]:
    query = select(Audit).where(
        not_yet(Audit.withdrawn_on, on),
        or_(Audit.returned_on <= on, not_(Audit.cycle.has(Cycle.closed_by(on)))),
    )
    return query.order_by(Audit.requested_on, Audit.reference)


OtherAudits = Sequence[tuple[str, date | None]]
"""Audits by reference, each with the day of its return (None: still open)."""


@dataclass(frozen=True, slots=True)
class AuditOfCase:
    """An audit as the rule of several audits of one case sees it; `case` is the keyed hash of its case."""

    case: str
    reference: str
    returned_on: date | None
    cycle_id: int
    agency: str | None

    def is_repeated_by(self, other: "AuditOfCase") -> bool:
        """Return whether another audit of the case audits the same again.

        Audits of different agencies in one cycle do not: they are the returns of the case.
        """
        in_one_cycle = self.cycle_id == other.cycle_id
        return not (in_one_cycle and are_returns_of_one_case(self.agency, other.agency))


class AuditsOfCases:
    """The audits of some cases that are under way or were returned, and of those that may be one of them."""

    def __init__(self, cases: Iterable[str], on: date) -> None:
        """Read the audits of these cases, given by their keyed hashes, in one query."""
        self._by_number: dict[str, dict[str, AuditOfCase]] = defaultdict(dict)
        self._numbers: dict[str, str] = {}
        known = set(cases) - {""}
        may_be = set(map(may_be_one, known))
        query = (
            _under_way_or_returned(on)
            .outerjoin(Audit.its_agency)
            .with_only_columns(
                Audit.case_folded,
                Audit.reference,
                Audit.returned_on,
                Audit.cycle_id,
                Audit.is_together,
                Agency.name,
            )
        )
        # the rule of `may_be_one`, for the database; by themselves, so that it reads their index alone
        alike = select(Audit.id).where(func.substr(Audit.case_folded, 1, MARK_LENGTH).in_(may_be))
        query = query.where(Audit.id.in_(alike))
        for case, reference, returned_on, cycle_id, together, name in (
            db.session.execute(query) if known else ()
        ):
            agency = agency_in_words(together, name)
            self.add(AuditOfCase(case or "", reference, returned_on, cycle_id, agency))

    def add(self, audit: AuditOfCase) -> None:
        """Add an audit that is not stored yet, or not as it will be."""
        number = may_be_one(audit.case)
        self._by_number[number][audit.reference] = audit
        self._numbers[audit.reference] = number

    def drop(self, reference: str) -> None:
        """Leave out an audit, if it is among them."""
        if (number := self._numbers.pop(reference, None)) is not None:
            del self._by_number[number][reference]

    def beside(self, audit: AuditOfCase) -> tuple[OtherAudits, OtherAudits]:
        """Return the audits that repeat an audit of a case, and those whose case may be the same."""
        same: list[tuple[str, date | None]] = []
        may_be: list[tuple[str, date | None]] = []
        for other in self._by_number.get(may_be_one(audit.case), {}).values():
            if other.reference == audit.reference:
                continue
            if other.case != audit.case:
                may_be.append((other.reference, other.returned_on))
            elif audit.is_repeated_by(other):
                same.append((other.reference, other.returned_on))
        return same, may_be
