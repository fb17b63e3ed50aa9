"""The answers to the questions of a cycle that count, without those that do not apply to their case.

They are listed by their response and place. Only of questions that others depend on, audits are compared.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import cast

from sqlalchemy import String, func, or_, select
from sqlalchemy import cast as as_type

from app.answers.as_returned import AsReturned
from app.answers.counts import Overridden
from app.answers.models import Answer, FurtherResponse, FurtherViewResponse, SectionSetAside
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.database import db
from app.tools.conditions import Applied, Conditional, applied
from app.tools.content import EXCLUDED, GRADE, Content
from app.tools.limits import above
from app.tools.models import ScaleResponse, Section

_Given = tuple[int, int | None]
"""The response (id) of an answer and the place of its evidence (id)."""


class AnswersThatCount:
    """The answers to the questions of a tool, with those that do not apply taken out."""

    def __init__(
        self,
        content: Content,
        ids: Mapping[str, int],
        responses: Mapping[int, ScaleResponse],
        group_of: Mapping[str, int],
        set_aside: Mapping[int, set[str]],
    ) -> None:
        self._content = content
        self._questions = {question.key: question for question in content.questions()}
        self._ids = ids
        self._responses = responses
        self._group_of = group_of
        self._everyone = frozenset(group_of)
        self._set_aside = {
            section: counting
            for section, audits in set_aside.items()
            if (counting := audits & self._everyone)
        }
        self._conditionals = _conditionals(content, self._set_aside)
        self._may_not_apply = {
            each.key
            for each in self._conditionals
            if each.of_section or each.own or each.section in self._set_aside
        }
        self._deciding = {
            condition.question
            for conditional in self._conditionals
            for condition in (conditional.of_section, conditional.own)
            if condition
        }
        self._graded = _graded(content)
        self._listed: dict[str, dict[_Given, str]] = {key: {} for key in ids}
        self._applied: dict[str, Applied[str]] = {}
        self._asked: dict[str, Mapping[str, int]] = {}
        """The group of each audit that was asked a question which may not apply."""
        self._views: dict[str, dict[str, Overridden]] = defaultdict(dict)

    def read(self, views: Iterable[Overridden]) -> None:
        """Read the answers, put the views that replace some in their place, and see what applies."""
        keys = {question_id: key for key, question_id in self._ids.items()}
        for view in views:
            if (audit := str(view.audit_id)) in self._group_of:
                self._views[keys[view.question_id]][audit] = view
        together = (
            select(
                Answer.question_id,
                Answer.response_id,
                Answer.found_in_id,
                func.aggregate_strings(as_type(Answer.audit_id, String), ","),
            )
            .where(Answer.question_id.in_(self._ids.values()), Answer.response_id.is_not(None))
            .group_by(Answer.question_id, Answer.response_id, Answer.found_in_id)
        )
        for question_id, response_id, place_id, listed in db.session.execute(together):
            assert response_id is not None
            self._listed[keys[question_id]][response_id, place_id] = listed
        self._applied = self._applicable()
        for key in self._may_not_apply:
            applies = self._applied[key].applies
            self._asked[key] = dict(zip(applies, map(self._group_of.__getitem__, applies), strict=True))

    def _given(self, key: str) -> dict[str, set[str]]:
        """Return the audits that gave each response to a question."""
        given: dict[str, set[str]] = defaultdict(set)
        for (response_id, _), listed in self._listed[key].items():
            given[self._responses[response_id].response].update(listed.split(","))
        for audit, view in self._views[key].items():
            if view.before is not None:
                given[self._responses[view.before].response].discard(audit)
            if view.after is not None:
                given[self._responses[view.after].response].add(audit)
        return given

    def _applicable(self) -> dict[str, Applied[str]]:
        answered = {key: self._given(key) for key in self._deciding}
        excluded = {
            question.key: frozenset(scale.counting_as(EXCLUDED))
            for question in self._content.questions()
            if question.key in self._deciding and (scale := self._content.scale_of(question))
        }
        return applied(self._conditionals, answered, excluded, self._set_aside, self._everyone)

    def not_applicable(self, key: str) -> Counter[int]:
        """Return the number of audits of each group to which a question does not apply, by its conditions or
        its section."""
        without = self._applied[key].not_applicable if key in self._may_not_apply else ()
        return Counter(map(self._group_of.__getitem__, without))

    def above_limit(self) -> set[str]:
        """Return the audits with an overall grade above a limit of the tool."""
        overall = self._content.question(self._content.overall)
        scale = self._content.scale_of(overall) if overall else None
        if overall is None or scale is None:
            return set()
        answers = {
            key: {grade: audits & self._applies(key) for grade, audits in self._given(key).items()}
            for key in self._graded
        }
        return set().union(
            *(
                above(limit, overall.key, scale.answers, self._graded, answers)
                for limit in self._content.limits
            )
        )

    def _applies(self, key: str) -> AbstractSet[str]:
        """Return the audits that a question applies to."""
        return self._applied[key].applies if key in self._applied else self._everyone

    def asked_in(self, key: str) -> Counter[int] | None:
        """Return how many audits of each group were asked a question; None for one that applies to all."""
        return Counter(self._asked[key].values()) if key in self._asked else None

    def counted(self, key: str) -> Mapping[_Given, Mapping[int, int]]:
        """Return how many audits of each group have the answer, where the question applies."""
        groups = self._asked.get(key, self._group_of)
        counters: dict[_Given, Counter[int | None]] = {}
        # a list is only split when it is counted: thousands of short texts are soon out of reach
        for given, listed in self._listed[key].items():
            counters[given] = Counter(map(groups.get, listed.split(",")))
        for audit, view in self._views[key].items():
            if view.before is not None:
                counters[view.before, view.found_in][groups.get(audit)] -= 1
            if view.after is not None:
                counters.setdefault((view.after, view.found_in_then), Counter())[groups.get(audit)] += 1
        for counter in counters.values():
            # audits that do not count, and those that it does not apply to
            del counter[None]
        return cast(dict[_Given, Counter[int]], counters)

    def further(self, key: str) -> Counter[tuple[int, str]]:
        """Return the counted further responses of a question with several responses to an answer, by group
        and response."""
        scale = self._content.scale_of(self._questions[key])
        if scale is None or not scale.several:
            return Counter()
        views = self._views[key]
        own = select(Answer.audit_id, FurtherResponse.response_id).join(
            FurtherResponse, FurtherResponse.answer_id == Answer.id
        )
        rows = [
            (audit, response_id)
            for audit_id, response_id in db.session.execute(own.where(Answer.question_id == self._ids[key]))
            if (audit := str(audit_id)) not in views
        ]
        rows += [(audit, id_) for audit, view in views.items() if view.then for id_ in view.then.further]
        of_view = {view.view_id: audit for audit, view in views.items() if view.view_id is not None}
        others = select(FurtherViewResponse.view_id, FurtherViewResponse.response_id)
        rows += [
            (of_view[view_id], response_id)
            for view_id, response_id in db.session.execute(
                others.where(FurtherViewResponse.view_id.in_(of_view))
            )
        ]
        applies = self._applies(key)
        return Counter(
            (self._group_of[audit], self._responses[response_id].response)
            for audit, response_id in rows
            if audit in applies
        )

    def without_reason(self) -> dict[str, int]:
        """Return the number of grades without their reason, by question; "not applicable" judges nothing.

        A view that replaces an answer always has its reason.
        """
        grades = {
            self._ids[question.key]: question.key
            for question in self._content.questions()
            if self._content.kind_of(question) == GRADE
        }
        counted = [row.id for row in self._responses.values() if row.counts_as != EXCLUDED]
        blank = (
            select(Answer.question_id, func.aggregate_strings(as_type(Answer.audit_id, String), ","))
            .where(
                Answer.question_id.in_(grades),
                Answer.response_id.in_(counted),
                or_(Answer.comment.is_(None), func.trim(Answer.comment) == ""),
            )
            .group_by(Answer.question_id)
        )
        lacking: dict[str, list[str]] = {key: [] for key in grades.values()}
        for question_id, listed in db.session.execute(blank):
            key = grades[question_id]
            lacking[key] = listed.split(",")
        return {
            key: len((set(audits) - self._views[key].keys() | self._then_without(key, counted)) & applies)
            for key, audits in lacking.items()
            for applies in (self._applies(key),)
        }

    def _then_without(self, key: str, counted: Collection[int]) -> set[str]:
        """Return the audits that were returned without the reason for a grade, and then sent back."""
        return {
            audit
            for audit, view in self._views[key].items()
            if view.then and view.after in counted and view.then.lacks_reason
        }

    def with_reason_above_limit(self) -> set[str]:
        """Return the audits whose overall grade has a reason for being above its limit."""
        overall = self._content.overall or ""
        given = select(Answer.audit_id).where(
            Answer.question_id == self._ids.get(overall),
            Answer.above_limit_because.is_not(None),
            Answer.above_limit_because != "",
        )
        then = {audit: view.then for audit, view in self._views[overall].items() if view.then}
        return set(map(str, db.session.scalars(given))) - then.keys() | {
            audit for audit, answer in then.items() if answer.reason_above_limit
        }

    def does_apply(self, key: str, audit_id: int) -> bool:
        """Return False for a question that does not apply to an audit, or waits for an earlier answer."""
        return str(audit_id) in self._applies(key)

    def values(self, key: str) -> list[float]:
        """Return the numbers that count, of a question that asks for a number or for days."""
        if self._questions[key].number_scale is None:
            return []
        query = select(Answer.audit_id, Answer.number).where(
            Answer.question_id == self._ids[key], Answer.number.is_not(None)
        )
        numbers = {str(audit_id): number for audit_id, number in db.session.execute(query)}
        numbers |= {audit: view.number for audit, view in self._views[key].items()}
        applies = self._applies(key)
        return sorted(number for audit, number in numbers.items() if number is not None and audit in applies)


def _conditionals(content: Content, set_aside: Collection[int]) -> list[Conditional]:
    """Return the questions that may not apply to some case, and those before them that decide it."""
    every = [
        Conditional(question.key, number, section.applies_if, question.applies_if)
        for number, section in enumerate(content.sections, start=1)
        for question in section.questions
    ]
    deciding = {c.question for each in every for c in (each.of_section, each.own) if c}
    return [
        each
        for each in every
        if each.of_section or each.own or each.section in set_aside or each.key in deciding
    ]


def _graded(content: Content) -> set[str]:
    """Return the questions that ask for a grade, where the tool limits its overall grade by them."""
    if not content.limits:
        return set()
    return {question.key for question in content.questions() if content.kind_of(question) == GRADE}


def sections_set_aside(
    cycle: Cycle, sections: Sequence[Section], kept: Mapping[int, AsReturned]
) -> dict[int, set[str]]:
    """Return the audits of a cycle, by their ids as text, that a section was set aside for, by its number.

    `kept` is what audits were returned with that were sent back after the day.
    """
    numbers = {section.id: number for number, section in enumerate(sections, start=1) if section.optional}
    if not numbers:
        return {}
    query = (
        select(SectionSetAside.section_id, SectionSetAside.audit_id)
        .join(Audit, Audit.id == SectionSetAside.audit_id)
        .where(Audit.cycle_id == cycle.id, SectionSetAside.section_id.in_(numbers))
    )
    aside: dict[int, set[str]] = defaultdict(set)
    for section_id, audit_id in db.session.execute(query):
        if audit_id not in kept:
            aside[numbers[section_id]].add(str(audit_id))
    for audit_id, returned in kept.items():
        for section_id in numbers.keys() & returned.set_aside:
            aside[numbers[section_id]].add(str(audit_id))
    return aside
