"""The queue of returns that wait for a moderator, the moderations of each cycle, and the notices to pairs."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select

from app.answers.counts import counting, judgements
from app.answers.disputes import decided
from app.answers.models import MODERATED, AnswerView, Moderation
from app.answers.moderation import CHANGED, Grade, chosen_because
from app.answers.what_applies import applied_in
from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.audits.returns import whole_per_cent
from app.audits.standing import Standing, Standings, held_on
from app.database import db
from app.people.models import Person, Team
from app.people.naming import names
from app.tools.content import CATEGORY
from app.tools.models import Tool
from app.tools.queries import content_of, whole
from app.working_days import WorkingDays

NOTICE_DAYS = 20
"""Working days for which a pair finds a moderation on their first page."""


@dataclass(frozen=True)
class Queued:
    """A returned audit that waits for a moderator. `because` is "lowest", "highest" or "random"; "response"
    where a grade calls for a response and none is the lowest."""

    audit_id: int
    reference: str
    cycle: str
    team: str
    returned_on: date
    because: str


def queue(at: Standings, cycle: str | None = None, *, moderator: Person | None = None) -> list[Queued]:
    """Return the audits that wait on that day, the earliest return first; of one cycle where its reference is
    given, and for a moderator without those of cases that they work on or whose dispute they decided.

    A frozen cycle has none: its figures cannot change any more.
    """
    cycles = select(Cycle).where(~Cycle.frozen_by(at.on))
    if cycle is not None:
        cycles = cycles.where(Cycle.called(cycle))
    waiting = [audit for row in db.session.scalars(cycles) for audit in _of_cycle(row, at, moderator)]
    return sorted(waiting, key=lambda audit: (audit.returned_on, audit.reference))


def next_for(moderator: Person, at: Standings, cycle: str) -> str | None:
    """Return the reference of the audit that this moderator can moderate next: the first of the queue, of
    this cycle before others. None where nothing waits for them."""
    waiting = queue(at, moderator=moderator)
    audited = ever_audited(moderator.id, [audit.audit_id for audit in waiting])
    theirs = (audit for audit in waiting if audit.audit_id not in audited)
    return next((audit.reference for audit in sorted(theirs, key=lambda audit: audit.cycle != cycle)), None)


def _of_cycle(cycle: Cycle, at: Standings, moderator: Person | None) -> list[Queued]:
    query = (
        select(Audit.id, Audit.reference, Team.name, Audit.returned_on)
        .join(Team, Team.id == Audit.team_id)
        .where(
            Audit.cycle_id == cycle.id,
            at.where(Standing.RETURNED),
            ~exists().where(Moderation.audit_id == Audit.id).correlate(Audit),
        )
    )
    if moderator is not None:
        query = query.where(Audit.worker_id.is_distinct_from(moderator.id), ~decided(by=moderator.id))
    returned = db.session.execute(query).all()
    if not returned or not has_more_than_categories(cycle.tool):
        return []
    among = {row[0] for row in returned}
    grades, called_for = _grades(cycle, among, at.on), _calling_for_a_response(cycle, among, at.on)
    queued = []
    for audit_id, reference, team, returned_on in returned:
        because = chosen_because(
            grades[audit_id],
            cycle.reference,
            reference,
            cycle.moderated_share,
            calls_for_response=audit_id in called_for,
        )
        if because is not None and returned_on is not None:
            queued.append(Queued(audit_id, reference, cycle.reference, team, returned_on, because))
    return queued


def has_more_than_categories(tool: Tool) -> bool:
    """Return whether a tool asks anything that a moderator reads: nobody moderates a category."""
    content = content_of(whole(tool))
    return any(content.kind_of(question) != CATEGORY for question in content.questions())


def _grades(cycle: Cycle, among: set[int], on: date) -> dict[int, list[Grade]]:
    """Return the grades of these audits that the queue goes by, by audit id, from the answers that count.

    That is the overall grade of a tool that has one, else every grade that applies.
    """
    places: dict[int, Grade] = {}
    overall = cycle.tool.overall
    questions_asked = {
        question: responses
        for question, responses in judgements(cycle.tool).items()
        if overall in (None, question.key)
    }
    # the overall grade always applies
    applies = {} if overall else applied_in(cycle, on)
    for responses in questions_asked.values():
        for place, response in enumerate(responses, start=1):
            places[response.id] = Grade(place, len(responses))
    grades: dict[int, list[Grade]] = defaultdict(list)
    asked = [question.id for question in questions_asked]
    for audit_id, question_id, response_id in counting(asked, places, among, on):
        if question_id not in applies or audit_id in applies[question_id].applies:
            grades[audit_id].append(places[response_id])
    return grades


def _calling_for_a_response(cycle: Cycle, among: set[int], on: date) -> set[int]:
    """Return those of these audits that were returned in the product and whose answers that count call for a
    response."""
    calling: dict[int, set[int]] = {}
    for question in (question for section in cycle.tool.sections for question in section.questions):
        if question.calls_for_response:
            names = question.calls_for_response["response"]
            calling[question.id] = {
                row.id
                for row in cycle.tool.responses
                if row.scale == question.scale and row.response in names
            }
    if not calling:
        return set()
    in_product = select(Audit.id).where(Audit.id.in_(among), Audit.returned_in_product)
    applies = applied_in(cycle, on)
    responses = {id_ for ids in calling.values() for id_ in ids}
    return {
        audit_id
        for audit_id, question_id, response_id in counting(
            calling, responses, set(db.session.scalars(in_product)), on
        )
        if response_id in calling[question_id]
        and (question_id not in applies or audit_id in applies[question_id].applies)
    }


@dataclass(frozen=True)
class Moderated:
    """The numbers of audits of one cycle that wait, were moderated, and had answers changed by it."""

    reference: str
    title: str
    waiting: int
    moderated: int
    changed: int

    @property
    def share_changed(self) -> str:
        """Return "2 of 12 (17%)", of those that were moderated; there has to be one."""
        return f"{self.changed} of {self.moderated} ({whole_per_cent(self.changed, self.moderated)}%)"


def by_cycle(at: Standings, waiting: Sequence[Queued]) -> list[Moderated]:
    """Return the numbers of each cycle that has moderations or a queue, the latest cycle first."""
    numbers: dict[int, Counter[str]] = defaultdict(Counter)
    query = (
        select(Audit.cycle_id, Moderation.outcome, func.count())
        .join(Audit, Audit.id == Moderation.audit_id)
        .where(Moderation.decided_on <= at.on)
        .group_by(Audit.cycle_id, Moderation.outcome)
    )
    for cycle_id, outcome, number in db.session.execute(query):
        numbers[cycle_id][outcome] = number
    queued = Counter(audit.cycle for audit in waiting)
    cycles = db.session.execute(
        select(Cycle.id, Cycle.reference, Cycle.title).order_by(Cycle.requested_on.desc(), Cycle.reference)
    )
    return [
        Moderated(reference, title, queued[reference], numbers[id_].total(), numbers[id_][CHANGED])
        for id_, reference, title in cycles
        if queued[reference] or numbers[id_]
    ]


def ever_audited(person_id: int, audit_ids: Sequence[int]) -> set[int]:
    """Return those of the audits whose case this person has or had to audit, in this cycle or another one."""
    theirs = select(Audit.case_folded).join(Assignment).where(Assignment.person_id == person_id)
    own = select(Assignment.audit_id).where(Assignment.person_id == person_id)
    query = select(Audit.id).where(Audit.id.in_(audit_ids), Audit.id.in_(own) | Audit.case_folded.in_(theirs))
    return set(db.session.scalars(query))


@dataclass(frozen=True)
class ModerationNotice:
    """A notice to a pair that their audit was moderated: by whom, when, and how many answers were changed."""

    reference: str
    moderator: str
    on: date
    changed: int


def recent_notices(person_id: int, on: date, days: WorkingDays) -> list[ModerationNotice]:
    """Return the moderations of this auditor's audits in the last 20 working days, the latest first."""
    changed = (
        select(func.count())
        .where(AnswerView.audit_id == Moderation.audit_id, AnswerView.whose == MODERATED)
        .correlate(Moderation)
        .scalar_subquery()
    )
    query = (
        select(Audit.reference, Moderation.moderator_id, Moderation.decided_on, changed)
        .select_from(Moderation)
        .join(Audit, Audit.id == Moderation.audit_id)
        .join(Assignment, Assignment.audit_id == Audit.id)
        .where(
            Assignment.person_id == person_id,
            held_on(on),
            Moderation.decided_on <= on,
            Moderation.decided_on > days.offset(on, -NOTICE_DAYS),
        )
        .order_by(Moderation.decided_on.desc(), Audit.reference)
    )
    named = names(on)
    return [
        ModerationNotice(reference, named[moderator_id], decided_on, number)
        for reference, moderator_id, decided_on, number in db.session.execute(query)
    ]
