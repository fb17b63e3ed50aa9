"""The files of an export that import reads: their columns and their rows.

Rows are in the order in which they were made, so that two exports of the same installation are the same. A
file has the present values; earlier ones, and all that no import reads, are in the folder `kept`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.actions.models import Action, Body, Recommendation
from app.answers.cells import Given, in_a_cell
from app.answers.importing import DOES_NOT_APPLY, SET_ASIDE
from app.answers.models import (
    MODERATED,
    Answer,
    AnswerView,
    ContextFactor,
    ContextNote,
    EvidencePlace,
    FurtherResponse,
    FurtherViewResponse,
    Moderation,
    SectionSetAside,
)
from app.audits.cycle import Agency, Cycle
from app.audits.models import Assignment, Audit, Chase, agency_in_words
from app.audits.parts import LEAD, SECOND
from app.database import db
from app.files.writing import Value
from app.imports.kinds import KINDS
from app.people.models import Closure, Leave, Person, PersonRole, Team
from app.quick_wins.models import AudienceRole, AudienceTeam, QuickWin
from app.tools.models import Question, ScaleResponse, Section

AT_ONCE = 2_000


@dataclass(frozen=True)
class TableFile:
    """A file of an export. `rows` reads the database while it is iterated."""

    name: str
    headings: Sequence[str]
    rows: Callable[[], Iterable[Sequence[Value]]]


def stream(query: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    """Yield the rows of a query in chunks, so that few of them are in memory."""
    return db.session.execute(query.execution_options(yield_per=AT_ONCE)).partitions()


def _each(query: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    for some in stream(query):
        yield from some


def _staff() -> Iterator[Sequence[Value]]:
    manager = aliased(Person)
    roles = _words(select(PersonRole.person_id, PersonRole.name))
    query = (
        select(
            Person.id,
            Person.email,
            Person.name,
            Person.job_title,
            Team.name,
            manager.email,
            Person.telephone,
            Person.leaving_on,
            Person.trained_on,
        )
        .outerjoin(Team, Team.id == Person.team_id)
        .outerjoin(manager, manager.id == Person.line_manager_id)
        .order_by(Person.id)
    )
    for id_, *first, telephone, leaving_on, trained_on in _each(query):
        yield [*first, " ".join(roles[id_]), telephone, leaving_on, trained_on]


def _leave() -> Iterator[Sequence[Value]]:
    deputy = aliased(Person)
    return _each(
        select(Person.email, Leave.from_on, Leave.to_on, deputy.email)
        .join(Person, Person.id == Leave.person_id)
        .outerjoin(deputy, deputy.id == Leave.deputy_id)
        .order_by(Leave.id)
    )


def _closures() -> Iterator[Sequence[Value]]:
    return _each(select(Closure.day, Closure.name).order_by(Closure.day))


@dataclass
class _Pair:
    """The present auditors of a case and the day of assignment; `declined_on` if either of them declined."""

    lead: str | None = None
    second: str | None = None
    assigned_on: Value = None
    declined_on: Value = None
    override_reason: str | None = None


def _audits() -> Iterator[Sequence[Value]]:
    earlier, worker = aliased(Audit), aliased(Person)
    query = (
        select(Audit, Team.name, Cycle.reference)
        .outerjoin(Audit.its_agency)
        .outerjoin(Audit.re_audit_of.of_type(earlier))
        .outerjoin(worker, worker.id == Audit.worker_id)
        .join(Team, Team.id == Audit.team_id)
        .join(Cycle, Cycle.id == Audit.cycle_id)
        .order_by(Audit.id)
    )
    table = Audit.__table__
    plain = query.with_only_columns(
        *table.columns,
        Team.name.label("team"),
        Cycle.reference.label("cycle"),
        Agency.name.label("agency"),
        earlier.reference.label("re_audit_of"),
        worker.email.label("worker_email"),
    )
    for some in stream(plain):
        pairs = _pairs(some[0].id, some[-1].id)
        for audit in some:
            pair = pairs[audit.id]
            yield (
                audit.reference,
                audit.case_reference,
                audit.team,
                pair.lead,
                pair.second,
                pair.declined_on,
                audit.requested_on,
                pair.assigned_on,
                audit.started_on,
                audit.due_on,
                audit.returned_on,
                audit.note,
                audit.cycle,
                audit.first_due_on,
                audit.withdrawn_on,
                audit.reason_not_returned,
                pair.override_reason,
                agency_in_words(audit.is_together, audit.agency),
                audit.confirmed_on,
                audit.re_audit_of,
                audit.worker_email,
            )


def _pairs(first: int, last: int) -> dict[int, _Pair]:
    """Return the pairs of the audits between two ids, both included, by audit."""
    query = (
        select(
            Assignment.audit_id,
            Assignment.part,
            Person.email,
            Assignment.assigned_on,
            Assignment.ended_on,
            Assignment.ended_because,
            Assignment.override_reason,
        )
        .outerjoin(Person, Person.id == Assignment.person_id)
        .where(Assignment.audit_id.between(first, last))
        .order_by(Assignment.id)
    )
    pairs: dict[int, _Pair] = defaultdict(_Pair)
    declined: dict[tuple[int, str], Value] = {}
    for spell in db.session.execute(query):
        pair = pairs[spell.audit_id]
        if spell.ended_on is not None:
            if spell.ended_because == "declined":
                declined[spell.audit_id, spell.part] = spell.ended_on
            continue
        setattr(pair, spell.part, spell.email)
        pair.assigned_on = min(pair.assigned_on or spell.assigned_on, spell.assigned_on)
        pair.override_reason = pair.override_reason or spell.override_reason
    for (audit_id, part), day in declined.items():
        pair, other = pairs[audit_id], SECOND if part == LEAD else LEAD
        if getattr(pair, part) is None and getattr(pair, other) is not None:
            pair.declined_on = day
    return pairs


def _answers() -> Iterator[Sequence[Value]]:
    further = _further(FurtherResponse.answer_id, FurtherResponse.response_id)
    query = (
        select(
            Audit.reference,
            Question.key,
            ScaleResponse.response,
            EvidencePlace.label,
            Answer.comment,
            Answer.id,
            Answer.number,
            Answer.from_on,
            Answer.to_on,
            Answer.audit_id,
            Answer.question_id,
        )
        .select_from(Answer)
        .join(Audit, Audit.id == Answer.audit_id)
        .join(Question, Question.id == Answer.question_id)
        .outerjoin(ScaleResponse, ScaleResponse.id == Answer.response_id)
        .outerjoin(EvidencePlace, EvidencePlace.id == Answer.found_in_id)
        .order_by(Answer.id)
    )
    moderated, changed = _moderated(), _changed_by_moderators()
    for reference, key, response, place, comment, id_, number, from_on, to_on, *asked in _each(query):
        given = _given(response, further.get(id_, ()), number, from_on, to_on)
        _, _, *view = changed.pop(tuple(asked), (None, None, None, None))
        yield reference, key, given, place, comment, *moderated.get(asked[0], (None, None)), *view
    for (audit_id, _), (reference, key, *view) in changed.items():
        yield reference, key, None, None, None, *moderated.get(audit_id, (None, None)), *view
    aside = (
        select(Audit.reference, Section.key)
        .select_from(SectionSetAside)
        .join(Audit, Audit.id == SectionSetAside.audit_id)
        .join(Section, Section.id == SectionSetAside.section_id)
        .order_by(Audit.id, Section.id)
    )
    for reference, key in _each(aside):
        yield reference, f"{SET_ASIDE}{key}", DOES_NOT_APPLY, *[None] * 6


def _further(
    of: InstrumentedAttribute[int], response_id: InstrumentedAttribute[int]
) -> Mapping[int, Sequence[str]]:
    """Return the further responses of answers, or of views of them, by their id, in the scale's order."""
    further: dict[int, list[str]] = defaultdict(list)
    query = (
        select(of, ScaleResponse.response)
        .join(ScaleResponse, ScaleResponse.id == response_id)
        .order_by(of, ScaleResponse.position)
    )
    for id_, response in _each(query):
        further[id_].append(response)
    return further


def _moderated() -> Mapping[int, tuple[Value, Value]]:
    """Return the day of each moderation and the address of the moderator, by audit."""
    query = select(Moderation.audit_id, Moderation.decided_on, Person.email).join(
        Person, Person.id == Moderation.moderator_id
    )
    return {audit_id: (on, by) for audit_id, on, by in _each(query)}


def _changed_by_moderators() -> dict[tuple[int, ...], tuple[Value, ...]]:
    """Return the answers that moderators changed, by audit and question: the reference of the audit, the key
    of the question, the response, the reason."""
    further = _further(FurtherViewResponse.view_id, FurtherViewResponse.response_id)
    query = (
        select(
            AnswerView.audit_id,
            AnswerView.question_id,
            AnswerView.id,
            Audit.reference,
            Question.key,
            ScaleResponse.response,
            AnswerView.number,
            AnswerView.from_on,
            AnswerView.to_on,
            AnswerView.reason,
        )
        .join(Audit, Audit.id == AnswerView.audit_id)
        .join(Question, Question.id == AnswerView.question_id)
        .outerjoin(ScaleResponse, ScaleResponse.id == AnswerView.response_id)
        .where(AnswerView.whose == MODERATED)
        .order_by(AnswerView.id)
    )
    changed: dict[tuple[int, ...], tuple[Value, ...]] = {}
    for audit_id, question_id, id_, reference, key, response, number, from_on, to_on, reason in _each(query):
        given = _given(response, further.get(id_, ()), number, from_on, to_on)
        changed[audit_id, question_id] = reference, key, given, reason
    return changed


def _given(
    response: str | None,
    further: Sequence[str],
    number: float | None,
    from_on: date | None,
    to_on: date | None,
) -> str | None:
    """Return an answer, or a view of it, as the cell of a file; None where there is none."""
    responses = () if response is None else (response, *further)
    return in_a_cell(Given(responses, number, from_on, to_on)) or None


def _context() -> Iterator[Sequence[Value]]:
    return _each(
        select(Audit.reference, ContextFactor.label, ContextNote.note)
        .select_from(ContextNote)
        .join(Audit, Audit.id == ContextNote.audit_id)
        .join(ContextFactor, ContextFactor.id == ContextNote.factor_id)
        .order_by(ContextNote.id)
    )


def _chases() -> Iterator[Sequence[Value]]:
    return _each(
        select(
            Audit.reference,
            Chase.day,
            Chase.channel,
            Person.email,
            Chase.with_whom,
            Chase.outcome,
            Chase.new_expected_on,
        )
        .select_from(Chase)
        .join(Audit, Audit.id == Chase.audit_id)
        .outerjoin(Person, Person.id == Chase.by_id)
        .where(Chase.struck_on.is_(None))
        .order_by(Chase.id)
    )


def _recommendations() -> Iterator[Sequence[Value]]:
    return _each(
        select(
            Recommendation.reference,
            Cycle.reference,
            Recommendation.text,
            Person.email,
            Recommendation.due_on,
            Body.name,
            Recommendation.raised_on,
            Recommendation.decision,
            Recommendation.decided_on,
            Recommendation.carried_out_on,
        )
        .join(Cycle, Cycle.id == Recommendation.cycle_id)
        .outerjoin(Person, Person.id == Recommendation.owner_id)
        .outerjoin(Body, Body.id == Recommendation.body_id)
        .order_by(Recommendation.id)
    )


def _actions() -> Iterator[Sequence[Value]]:
    signer = aliased(Person)
    return _each(
        select(
            Action.reference,
            Action.text,
            Recommendation.reference,
            Action.question,
            Person.email,
            Action.due_on,
            Action.is_quick_win,
            Action.agreed_on,
            Action.done_on,
            Action.signed_off_on,
            signer.email,
            Action.impact_checked_on,
            Action.impact,
            Action.withdrawn_on,
        )
        .outerjoin(Recommendation, Recommendation.id == Action.recommendation_id)
        .outerjoin(Person, Person.id == Action.owner_id)
        .outerjoin(signer, signer.id == Action.signed_off_by_id)
        .order_by(Action.id)
    )


def _quick_wins() -> Iterator[Sequence[Value]]:
    roles = _words(select(AudienceRole.quick_win_id, AudienceRole.role))
    teams = _words(select(AudienceTeam.quick_win_id, Team.name).join(Team, Team.id == AudienceTeam.team_id))
    columns: tuple[InstrumentedAttribute[Any], ...] = (
        QuickWin.id,
        QuickWin.reference,
        QuickWin.subject,
        QuickWin.message,
        QuickWin.starts_on,
        QuickWin.every_working_days,
        QuickWin.times,
        Action.reference,
        QuickWin.question,
        QuickWin.stopped_on,
    )
    query = select(*columns).outerjoin(Action, Action.id == QuickWin.action_id).order_by(QuickWin.id)
    for id_, reference, subject, message, *rest, stopped_on in _each(query):
        audience = " ".join(roles[id_])
        yield [reference, subject, message, audience, *rest, ";".join(teams[id_]), stopped_on]


def _words(query: Select[int, str]) -> dict[int, list[str]]:
    """Return the names that belong to each id, sorted."""
    names_of: dict[int, list[str]] = defaultdict(list)
    for id_, name in db.session.execute(query):
        names_of[id_].append(name)
    for names in names_of.values():
        names.sort()
    return names_of


_ROWS: Mapping[str, Callable[[], Iterable[Sequence[Value]]]] = {
    "staff": _staff,
    "leave": _leave,
    "closures": _closures,
    "audits": _audits,
    "answers": _answers,
    "context": _context,
    "chases": _chases,
    "recommendations": _recommendations,
    "actions": _actions,
    "quick-wins": _quick_wins,
}
"""The rows of each kind, their cells in the order of its columns."""

TABLE_FILES = tuple(
    TableFile(f"{kind.stem}.csv", kind.headings, _ROWS[kind.name]) for kind in KINDS if kind.table
)
