"""Reads what cases were in an earlier cycle, and what they are in the cycle that audits them again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import not_, select

from app.answers.as_returned import as_returned
from app.answers.counts import overridden, returned_that_count
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.standing import Standing, Standings
from app.cycles import queries
from app.database import db
from app.findings.again import Again, AskedAgain, grades, mcnemar, moved, why_not_chance
from app.findings.answers_that_count import AnswersThatCount, sections_set_aside
from app.findings.comparability import counts_alike, is_same_question
from app.findings.questions import questions_of
from app.tools.content import MET, NOT_MET
from app.tools.models import ScaleResponse
from app.tools.queries import content_of, whole

Pair = tuple[ScaleResponse, ScaleResponse]
"""The response to a question before and now, in one case."""


def audited_again(cycle: Cycle, at: Standings) -> Again | None:
    """Return the cases that a cycle audits again, before and now; None where it audits none again.

    Only audits that count in their cycle are compared.
    """
    earlier = queries.found(cycle.audits_again) if cycle.audits_again else None
    if earlier is None:
        return None
    counted_before = set(db.session.scalars(returned_that_count(earlier, at)))
    repeats = select(Audit.id, Audit.re_audit_of_id).where(Audit.id.in_(returned_that_count(cycle, at)))
    before_of = {now: before for now, before in db.session.execute(repeats) if before in counted_before}
    then, now = _responses(earlier, counted_before, at), _responses(cycle, before_of, at)
    names, shared = _shared_questions(earlier, cycle)
    pairs = {key: list(_pairs(then[key], now[key], before_of)) for key in shared}
    overall = cycle.tool.overall
    graded, scale = pairs.get(overall or "", []), _scale(cycle, overall)
    in_scale = [(a.response, b.response) for a, b in graded if a.response in scale and b.response in scale]
    asked = {audit: then[overall or ""].get(audit) for audit in counted_before}
    chosen = why_not_chance(cycle.selection, _asked_again(cycle, at, asked))
    return Again(
        earlier=earlier.reference,
        cases=len(before_of),
        of=len(counted_before),
        grades=grades(scale, in_scale),
        by_grade=moved((scale.index(before), scale.index(after)) for before, after in in_scale),
        questions=tuple(
            _question(key, names[key], pairs[key], says_of_chance=chosen is None)
            for key in shared
            if any(_is_met_or_not(pair) for pair in pairs[key])
        ),
        chosen=chosen,
    )


def _shared_questions(earlier: Cycle, cycle: Cycle) -> tuple[dict[str, str], list[str]]:
    """Return the names of the key areas of the later cycle, and the questions that both ask alike."""
    asked = questions_of({earlier.tool_id, cycle.tool_id})
    first, second = asked[earlier.tool_id], asked[cycle.tool_id]
    alike = [
        key
        for key in second
        if key in first
        and is_same_question(first[key], second[key])
        and counts_alike(first[key], second[key])
    ]
    names = {question.key: question.key_area for part in cycle.tool.sections for question in part.questions}
    return names, alike


def _responses(
    cycle: Cycle, audits: Iterable[int], at: Standings
) -> Mapping[str, Mapping[int, ScaleResponse]]:
    """Return the answer that counts in each of these audits, by the key of its question."""
    tool = whole(cycle.tool)
    ids = {question.key: question.id for part in tool.sections for question in part.questions}
    responses = {row.id: row for row in tool.responses}
    each = {str(audit): audit for audit in audits}
    content = content_of(tool)
    kept = as_returned(at)
    aside = sections_set_aside(cycle, tool.sections, kept)
    answers = AnswersThatCount(content, ids, responses, each, aside)
    answers.read(overridden(ids.values(), at.on, kept))
    by_question: dict[str, dict[int, ScaleResponse]] = defaultdict(dict)
    for key in ids:
        for (response_id, _), answered in answers.counted(key).items():
            given = (audit for audit, times in answered.items() if times)
            by_question[key] |= dict.fromkeys(given, responses[response_id])
    return by_question


def _pairs(
    then: Mapping[int, ScaleResponse], now: Mapping[int, ScaleResponse], before_of: Mapping[int, int]
) -> Iterator[Pair]:
    for audit, before in before_of.items():
        if before in then and audit in now:
            yield then[before], now[audit]


def _scale(cycle: Cycle, question: str | None) -> tuple[str, ...]:
    """Return the responses that answer a question, the best first; none where there is no such question."""
    content = content_of(cycle.tool)
    asked = content.question(question)
    scale = content.scale_of(asked) if asked else None
    return scale.answers if scale else ()


def _asked_again(
    cycle: Cycle, at: Standings, before: Mapping[int, ScaleResponse | None]
) -> list[tuple[str | None, bool]]:
    """Return the overall grade of each earlier audit that counted, and whether it was asked for again."""
    asked = select(Audit.re_audit_of_id).where(
        Audit.cycle_id == cycle.id, Audit.re_audit_of_id.is_not(None), not_(at.where(Standing.WITHDRAWN))
    )
    again = set(db.session.scalars(asked))
    return [(grade.response if grade else None, audit in again) for audit, grade in before.items()]


def _question(key: str, name: str, pairs: Iterable[Pair], *, says_of_chance: bool) -> AskedAgain:
    cases = moved(
        (before.counts_as != MET, now.counts_as != MET) for before, now in filter(_is_met_or_not, pairs)
    )
    return AskedAgain(key, name, cases, mcnemar(cases.better, cases.worse) if says_of_chance else None)


def _is_met_or_not(pair: Pair) -> bool:
    return all(response.counts_as in (MET, NOT_MET) for response in pair)
