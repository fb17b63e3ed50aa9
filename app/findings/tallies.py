"""The answers of a cycle counted in one pass, for every way in which they are divided.

The answers come from their index alone, as a list of audits for each response and place. Python looks up each
audit's team and context, which is several times as fast as joining them row by row.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import String, cast, func, select

from app.answers.counts import overridden
from app.answers.models import Answer, ContextFactor, ContextNote, EvidencePlace
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.standing import Standing, Standings
from app.database import db
from app.findings.breakdowns import MET, NOT_APPLICABLE, NOT_MET, Cells, Group
from app.findings.figures import Counts
from app.people.models import Team
from app.tools.models import Question, ScaleResponse, Section

_COLUMN = {"met": MET, "not met": NOT_MET, "excluded": NOT_APPLICABLE}


@dataclass
class Tally:
    """A question over the returned audits that count, by the answer that counts in each.

    `places` has by team the number of answers met or not met with their evidence in each place.
    """

    question: str
    key_area: str
    expected_level: int | None
    groups: dict[Group, Cells] = field(default_factory=dict)
    places: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def counts(self) -> Counts:
        """Return the counts over all groups, which add up to all returned audits that count."""
        return Counts(*(sum(column) for column in zip(*self.groups.values(), strict=True)))

    @property
    def found_in(self) -> Counter[str]:
        """Return the number of answers, met or not met, with their evidence in each place."""
        return sum(self.places.values(), Counter())


@dataclass(frozen=True)
class Tallies:
    """The questions in the order of the tool, the number of audits in each group, and the places in order."""

    sizes: Mapping[Group, int]
    questions: list[Tally]
    places: list[str]


def tallies(cycle: Cycle, at: Standings) -> Tallies:
    """Return the answers of the returned audits that count, on the day of the standings.

    Audits that are not returned, or came back after the cut-off, are left out. A question that nobody looked
    at is not answered, whether or not the form stored a blank for it.
    """
    groups, group_of = _groups(cycle, at)
    sizes = Counter(group_of.values())
    counts_as = dict(
        db.session.execute(
            select(ScaleResponse.id, ScaleResponse.counts_as).where(ScaleResponse.tool_id == cycle.tool_id)
        ).all()
    )
    places = dict(
        db.session.execute(
            select(EvidencePlace.id, EvidencePlace.label).order_by(EvidencePlace.position)
        ).all()
    )
    asked = db.session.execute(
        select(Question.id, Question.key, Question.key_area, Question.expected_level)
        .join(Section, Section.id == Question.section_id)
        .where(Section.tool_id == cycle.tool_id)
        .order_by(Section.position, Question.position)
    ).all()
    counted = _counted([question.id for question in asked], group_of, at.on)
    questions = []
    for question in asked:
        tally = Tally(question.key, question.key_area, question.expected_level)
        cells = [[0, 0, 0] for _ in groups]
        for response_id, place_id, by_group in counted[question.id]:
            column = _COLUMN[counts_as[response_id]]
            for number, answers in by_group.items():
                cells[number][column] += answers
                if place_id is not None and column != NOT_APPLICABLE:
                    tally.places[groups[number][0]][places[place_id]] += answers
        for number, (met, not_met, not_applicable) in enumerate(cells):
            blank = sizes[number] - met - not_met - not_applicable
            tally.groups[groups[number]] = (met, not_met, not_applicable, blank)
        questions.append(tally)
    return Tallies(
        {group: sizes[number] for number, group in enumerate(groups)}, questions, list(places.values())
    )


def _groups(cycle: Cycle, at: Standings) -> tuple[list[Group], dict[str, int]]:
    """Return the groups, and the group of each returned audit that counts by its id as text."""
    counting = (Audit.cycle_id == cycle.id, at.where(Standing.RETURNED))
    factors: dict[int, set[str]] = defaultdict(set)
    noted = (
        select(ContextNote.audit_id, ContextFactor.label)
        .join(ContextFactor, ContextFactor.id == ContextNote.factor_id)
        .join(Audit, Audit.id == ContextNote.audit_id)
        .where(Audit.cycle_id == cycle.id)
    )
    for audit_id, label in db.session.execute(noted):
        factors[audit_id].add(label)
    teams = dict(db.session.execute(select(Team.id, Team.name)).all())
    numbers: dict[Group, int] = {}
    group_of = {}
    for audit_id, team_id in db.session.execute(select(Audit.id, Audit.team_id).where(*counting)):
        group = teams[team_id], frozenset(factors.get(audit_id, ()))
        group_of[str(audit_id)] = numbers.setdefault(group, len(numbers))
    return list(numbers), group_of


_Counted = dict[int, list[tuple[int, int | None, dict[int, int]]]]


def _counted(questions: list[int], group_of: Mapping[str, int], on: date) -> _Counted:
    """Return by question the response, the place and the audits of each group; never a blank."""
    together = (
        select(
            Answer.question_id,
            Answer.response_id,
            Answer.found_in_id,
            func.aggregate_strings(cast(Answer.audit_id, String), ","),
        )
        .where(Answer.question_id.in_(questions), Answer.response_id.is_not(None))
        .group_by(Answer.question_id, Answer.response_id, Answer.found_in_id)
    )
    raw: dict[tuple[int, int | None, int | None], Counter[int | None]] = defaultdict(Counter)
    for question_id, response_id, place_id, audits in db.session.execute(together):
        raw[question_id, response_id, place_id] = Counter(map(group_of.get, audits.split(",")))
    for view in overridden(questions, on):
        group = group_of.get(str(view.audit_id))
        raw[view.question_id, view.before, view.found_in][group] -= 1
        raw[view.question_id, view.after, view.found_in][group] += 1
    answers: _Counted = defaultdict(list)
    for (question_id, response, place_id), by_group in raw.items():
        if response is not None:
            known = {group: number for group, number in by_group.items() if group is not None}
            answers[question_id].append((response, place_id, known))
    return answers
