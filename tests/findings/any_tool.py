"""Any tool with any answers: drawn by Hypothesis, written to the database, and counted once more, slowly.

The second counting looks at one audit and one question at a time, as a person would who has the rules and the
forms before them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from statistics import quantiles
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import insert

from app.answers.models import Answer, AnswerView, FurtherResponse, FurtherViewResponse, SectionSetAside
from app.audits.agencies import TOGETHER
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.cycles.agencies import set_agencies
from app.database import Base, db, transaction
from app.tools.conditions import Condition
from app.tools.content import (
    CATEGORY,
    EXCLUDED,
    GRADE,
    MET,
    NEITHER,
    NOT_APPLICABLE,
    NOT_FOUND,
    NOT_MET,
    NUMBER,
    Asked,
    Content,
    Limit,
    Part,
    Scale,
)
from app.tools.rows import tool_of
from tests.factories import a_team

ON = date(2010, 11, 5)
DAYS = tuple(ON + timedelta(days=days) for days in (-1, 0, 1))
TEAMS = ("Crewe", "Nantwich", "Wilmslow")
AGENCIES = ("Police", "School")

EVIDENCE_SCALE = Scale("evidence", (("yes", MET), ("no", NOT_MET), ("n/a", EXCLUDED)))
GRADE_SCALE = Scale(
    "grade", (("good", MET), ("fair", NOT_MET), ("poor", NOT_MET), ("no need", EXCLUDED)), GRADE
)
CATEGORY_SCALE = Scale("who", (("doctor", NEITHER), ("nurse", NEITHER), ("nobody", EXCLUDED)), CATEGORY)
SEVERAL_SCALE = Scale(
    "wounds", (("cut", NEITHER), ("burn", NEITHER), ("bruise", NEITHER), ("none", EXCLUDED)), CATEGORY, True
)
SCALES = {scale.name: scale for scale in (EVIDENCE_SCALE, GRADE_SCALE, CATEGORY_SCALE, SEVERAL_SCALE)}
LIMITED_KIND, UNLIMITED_KIND = "a limited number", "a number"
KINDS = (*SCALES, LIMITED_KIND, UNLIMITED_KIND)


@dataclass(frozen=True)
class Told:
    """An answer: its responses (none: not answered), and the number where it is one."""

    responses: tuple[str, ...] = ()
    number: float | None = None


@dataclass(frozen=True)
class Form:
    """An audit: when it was returned, its team, and what was answered. Views are by whose they are."""

    returned_on: date | None
    team: str
    answers: Mapping[str, Told]
    views: Mapping[str, Mapping[str, tuple[Told, date]]] = field(default_factory=dict)
    set_aside: frozenset[int] = frozenset()
    agency: str | None = None


@st.composite
def tools(draw: st.DrawFn, has_agencies: bool) -> Content:
    """Draw a tool with questions of every kind, conditions in chains, and sections that can be set aside; for
    agencies, with some questions that are asked once per case."""
    earlier: list[tuple[str, Scale, int, bool]] = []
    parts = []
    grades = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        section_once = has_agencies and draw(st.booleans())
        before = [(key, scale) for key, scale, at, once in earlier if at < number and once is section_once]
        of_section = draw(_condition(before))
        questions = []
        for place in range(draw(st.integers(1, 3))):
            key = f"q{number}{place}"
            kind = draw(st.sampled_from(KINDS))
            is_mixed = has_agencies and of_section is None
            once = draw(st.booleans()) if is_mixed else section_once
            own = draw(_condition([(key, scale) for key, scale, _, of in earlier if of is once]))
            questions.append(replace(_question(key, kind, own), per_case=once))
            if kind in SCALES and not SCALES[kind].several:
                earlier.append((key, SCALES[kind], number, once))
            if kind == "grade" and own is None and of_section is None and not once:
                grades.append(key)
        optional = draw(st.booleans()) and not any(q.key in grades[:1] for q in questions)
        parts.append(Part(f"Section {number}", tuple(questions), f"s{number}", optional, of_section))
    return Content(
        reference="any",
        version=1,
        title="Any",
        minimum_answered=draw(st.sampled_from([0.0, 0.5, 0.8])),
        minimum_count=draw(st.sampled_from([1, 3])),
        scales=tuple(SCALES[name] for name in sorted(SCALES)),
        sections=tuple(parts),
        overall=grades[0] if grades else None,
        limits=(Limit(("poor",), (), "fair"),) if grades else (),
    )


def _condition(earlier: Sequence[tuple[str, Scale]]) -> st.SearchStrategy[Condition | None]:
    if not earlier:
        return st.none()

    def on(chosen: tuple[str, Scale]) -> st.SearchStrategy[Condition]:
        key, scale = chosen
        words = st.lists(
            st.sampled_from([word for word, _ in scale.responses]), min_size=1, max_size=2, unique=True
        )
        return words.map(lambda responses: Condition(key, tuple(responses)))

    return st.none() | st.sampled_from(earlier).flatmap(on)


def _question(key: str, kind: str, own: Condition | None) -> Asked:
    if kind in SCALES:
        return Asked(key, key.capitalize(), "What?", kind, applies_if=own)
    limit = 10.0 if kind == LIMITED_KIND else None
    return Asked(
        key, key.capitalize(), "How many?", answer=NUMBER, unit="visits", met_up_to=limit, applies_if=own
    )


def told(content: Content, question: Asked) -> st.SearchStrategy[Told]:
    """Draw an answer to a question."""
    scale = content.scale_of(question)
    assert scale is not None
    if question.number_scale is not None:
        numbers = st.integers(0, 20).map(lambda n: Told((question.response_to(n),), float(n)))
        return st.just(Told()) | st.sampled_from([Told((NOT_FOUND,)), Told((NOT_APPLICABLE,))]) | numbers
    words = [word for word, _ in scale.responses]
    if not scale.several:
        return st.sampled_from([Told(), *(Told((word,)) for word in words)])
    some = st.lists(st.sampled_from(scale.answers), min_size=1, unique=True)
    in_order = some.map(lambda chosen: Told(tuple(sorted(chosen, key=words.index))))
    return st.just(Told()) | st.just(Told((words[-1],))) | in_order


@st.composite
def forms(draw: st.DrawFn, content: Content, has_agencies: bool) -> Form:
    """Draw an audit of this tool."""
    agency = draw(st.sampled_from((*AGENCIES, TOGETHER))) if has_agencies else None
    questions = [each for each in content.questions() if each.per_case is (agency == TOGETHER)]
    answers = {each.key: draw(told(content, each)) for each in questions if draw(st.integers(0, 9))}
    views: dict[str, dict[str, tuple[Told, date]]] = {}
    for each in questions:
        if not draw(st.integers(0, 4)):
            whose = draw(
                st.lists(st.sampled_from(["second", "agreed", "moderated"]), min_size=1, unique=True)
            )
            days = st.sampled_from(DAYS)
            views[each.key] = {who: (draw(told(content, each)), draw(days)) for who in whose}
    optional = [number for number, part in enumerate(content.sections, start=1) if part.optional]
    aside = frozenset(number for number in optional if not draw(st.integers(0, 2)))
    returned_on = draw(st.sampled_from([*DAYS, DAYS[0], DAYS[0], None]))
    return Form(returned_on, draw(st.sampled_from(TEAMS)), answers, views, aside, agency)


@st.composite
def audited(draw: st.DrawFn) -> tuple[Content, list[Form]]:
    """Draw a tool, and audits of it, in a cycle with agencies or without."""
    has_agencies = draw(st.booleans())
    content = draw(tools(has_agencies))
    return content, draw(st.lists(forms(content, has_agencies), min_size=1, max_size=14))


def written(content: Content, audits: Sequence[Form], hide_up_to: int) -> Cycle:
    """Write a tool and the audits of a cycle into the database, in place of any before."""
    with transaction():
        for table in reversed(db.metadata.sorted_tables):
            if table.name in _OF_A_CYCLE:
                db.session.execute(table.delete())
    teams = {name: a_team(name).id for name in TEAMS}
    with transaction():
        tool = tool_of(content, {})
        db.session.add(tool)
        db.session.flush()
        cycle = Cycle(
            reference="any-1",
            title="Any",
            theme="Any",
            tool_id=tool.id,
            requested_on=DAYS[0],
            due_on=ON,
            hide_up_to=hide_up_to,
        )
        db.session.add(cycle)
        db.session.flush()
        set_agencies(cycle, AGENCIES if audits[0].agency else ())
        sections = {number: section.id for number, section in enumerate(tool.sections, start=1)}
        questions = {row.key: row for section in tool.sections for row in section.questions}
        responses = {(row.scale, row.response): row.id for row in tool.responses}
        rows: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in _WRITTEN}

        def ids(key: str, answer: Told) -> list[int]:
            return [responses[questions[key].scale, word] for word in answer.responses]

        for number, form in enumerate(audits, start=1):
            rows[Audit].append(
                {
                    "id": number,
                    "reference": f"A-{number}",
                    "folded": f"a-{number}",
                    "case_reference": f"case {number}",
                    "team_id": teams[form.team],
                    "cycle_id": cycle.id,
                    "agency_id": cycle.agency_id(form.agency),
                    "is_together": form.agency == TOGETHER,
                    "requested_on": DAYS[0],
                    "due_on": ON,
                    "first_due_on": ON,
                    "returned_on": form.returned_on,
                    "version": 1,
                }
            )
            rows[SectionSetAside] += [
                {"audit_id": number, "section_id": sections[at]} for at in form.set_aside
            ]
            for key, answer in form.answers.items():
                given = _row(rows[Answer], number, questions[key].id, answer, ids(key, answer)) | {
                    "version": 1
                }
                rows[Answer].append(given | {"version": 1})
                rows[FurtherResponse] += [
                    {"answer_id": given["id"], "response_id": id_} for id_ in ids(key, answer)[1:]
                ]
            for key, by_whom in form.views.items():
                for whose, (answer, made_on) in by_whom.items():
                    view = _row(rows[AnswerView], number, questions[key].id, answer, ids(key, answer))
                    rows[AnswerView].append(view | {"whose": whose, "made_on": made_on})
                    rows[FurtherViewResponse] += [
                        {"view_id": view["id"], "response_id": id_} for id_ in ids(key, answer)[1:]
                    ]
        for table, values in rows.items():
            if values:
                db.session.execute(insert(table), values)
    return cycle


_WRITTEN = (Audit, SectionSetAside, Answer, FurtherResponse, AnswerView, FurtherViewResponse)


def _row(
    before: Sequence[object], audit: int, question: int, answer: Told, responses: Sequence[int]
) -> dict[str, Any]:
    """The row of an answer or view; its further responses are rows of their own."""
    return {
        "id": len(before) + 1,
        "audit_id": audit,
        "question_id": question,
        "response_id": responses[0] if responses else None,
        "number": answer.number,
    }


_OF_A_CYCLE = {
    "further_view_responses",
    "further_responses",
    "answer_views",
    "answers",
    "sections_set_aside",
    "audits",
    "cycles",
    "questions",
    "sections",
    "scale_responses",
    "scales",
    "tools",
}

APPLIES, WAITS, DOES_NOT_APPLY = "applies", "waits", "does not apply"


class SecondCounting:
    """The audits that count, counted one by one."""

    def __init__(self, content: Content, audits: Sequence[Form]) -> None:
        self.content = content
        self.audits = [form for form in audits if form.returned_on is not None and form.returned_on <= ON]
        self.sections = {
            question.key: (number, part)
            for number, part in enumerate(content.sections, start=1)
            for question in part.questions
        }

    @property
    def conditional(self) -> set[str]:
        """Return the questions that apply only if an earlier one has some response."""
        return {
            question.key
            for part in self.content.sections
            for question in part.questions
            if part.applies_if or question.applies_if
        }

    def asking(self, key: str) -> list[Form]:
        """The audits that ask a question: what is asked once per case the meetings, all else the others."""
        question = self.content.question(key)
        assert question is not None
        return [form for form in self.audits if question.per_case is (form.agency == TOGETHER)]

    def answer(self, form: Form, key: str) -> Told:
        """The answer that counts: the moderated one, else the agreed one, else the pair's."""
        for whose in ("moderated", "agreed"):
            view, made_on = form.views.get(key, {}).get(whose, (None, ON))
            if view is not None and made_on <= ON:
                return view
        return form.answers.get(key, Told())

    def state(self, form: Form, key: str) -> str:
        """Say if a question applies to the case, does not, or waits for an earlier answer."""
        question = self.content.question(key)
        assert question is not None
        number, part = self.sections[key]
        if number in form.set_aside:
            return DOES_NOT_APPLY
        for condition in (part.applies_if, question.applies_if):
            if condition is None:
                continue
            earlier = self.state(form, condition.question)
            if earlier != APPLIES:
                return earlier
            given = self.answer(form, condition.question).responses
            if not given:
                return WAITS
            if (
                self.counts_as(condition.question, given[0]) == EXCLUDED
                or given[0] not in condition.responses
            ):
                return DOES_NOT_APPLY
        return APPLIES

    def counts_as(self, key: str, response: str) -> str:
        question = self.content.question(key)
        assert question is not None
        scale = self.content.scale_of(question)
        assert scale is not None
        return dict(scale.responses)[response]

    def answers(self, key: str, agency: str | None = None) -> list[Told]:
        """The answers that count as answered, in the audits that the question applies to; of one agency if it
        is given."""
        applying = [
            form
            for form in self.asking(key)
            if self.state(form, key) == APPLIES and agency in (None, form.agency)
        ]
        given = [self.answer(form, key) for form in applying]
        return [
            told for told in given if told.responses and self.counts_as(key, told.responses[0]) != EXCLUDED
        ]

    def number(self, key: str, counts_as: str) -> int:
        return sum(self.counts_as(key, told.responses[0]) == counts_as for told in self.answers(key))

    def not_applicable(self, key: str) -> int:
        """Audits that it does not apply to, by its answer, its conditions or its section."""
        return sum(
            self.state(form, key) == DOES_NOT_APPLY
            or (
                self.state(form, key) == APPLIES
                and bool(given := self.answer(form, key).responses)
                and self.counts_as(key, given[0]) == EXCLUDED
            )
            for form in self.asking(key)
        )

    def asked_in(self, key: str) -> int | None:
        number, part = self.sections[key]
        question = self.content.question(key)
        assert question is not None
        is_aside = any(number in form.set_aside for form in self.audits)
        if part.applies_if is None and question.applies_if is None and not is_aside:
            return None
        return sum(self.state(form, key) == APPLIES for form in self.asking(key))

    def waiting(self, key: str) -> int:
        return sum(self.state(form, key) == WAITS for form in self.asking(key))

    def responses(self, key: str, agency: str | None = None) -> dict[str, int]:
        return dict(Counter(word for told in self.answers(key, agency) for word in told.responses))

    def numbers(self, key: str) -> list[float]:
        return sorted(told.number for told in self.answers(key) if told.number is not None)

    def middle(self, key: str) -> tuple[float, float, float] | None:
        """The quartiles by their definition: with 5 numbers and the share that the tool asks for."""
        values = self.numbers(key)
        answered = len(self.answers(key))
        applicable = len(self.asking(key)) - self.not_applicable(key)
        if len(values) < 5 or answered / applicable < self.content.minimum_answered:
            return None
        low, middle, high = quantiles(values, n=4, method="inclusive")
        return low, middle, high

    def above_limit(self) -> int:
        """Audits graded better than fair overall, with a poor grade elsewhere that counts."""
        if self.content.overall is None:
            return 0
        graded = [
            q.key for q in self.content.questions() if q.scale == "grade" and q.key != self.content.overall
        ]
        return sum(
            self._given(form, self.content.overall) == "good"
            and any(self._given(form, key) == "poor" for key in graded)
            for form in self.audits
        )

    def _given(self, form: Form, key: str) -> str | None:
        given = self.answer(form, key).responses if self.state(form, key) == APPLIES else ()
        return given[0] if given else None
