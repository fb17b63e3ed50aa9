"""The answers of a cycle counted in one pass, for every way in which they are divided.

The answers come from their index alone, as a list of audits for each response and place. Python looks up each
audit's team and context, which is several times as fast as joining them row by row.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from app.answers.counts import overridden
from app.answers.models import ContextFactor, ContextNote, EvidencePlace
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.standing import Standing, Standings
from app.database import db
from app.findings.answers_that_count import AnswersThatCount, sections_set_aside
from app.findings.breakdowns import MET, NOT_APPLICABLE, NOT_MET, Cells, Group
from app.findings.figures import Counts
from app.people.models import Team
from app.tools.content import EXCLUDED, NEITHER, Asked, Scale
from app.tools.queries import content_of, found

_COLUMN = {"met": MET, "not met": NOT_MET, EXCLUDED: NOT_APPLICABLE}


@dataclass
class Tally:
    """A question over the returned audits that count, by the answer that counts in each.

    `groups` has by group those met, not met, not applicable and not answered; where answers are neither met
    nor not met, `neither` has their number. `responses` has the counted answers by response, `values` the
    numbers. `places` has by team the number of answers with their evidence in each place. `asked_in` is the
    number of audits that a question which may not apply was asked in; None where it applies to all.
    """

    asked: Asked
    scale: Scale
    kind: str
    groups: dict[Group, Cells] = field(default_factory=dict)
    neither: int = 0
    responses: Counter[str] = field(default_factory=Counter)
    values: list[float] = field(default_factory=list)
    places: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    asked_in: int | None = None

    @property
    def question(self) -> str:
        """Return the key of the question."""
        return self.asked.key

    @property
    def is_met_or_not(self) -> bool:
        """Return False where answers are neither met nor not met, so that there is no figure."""
        return not self.scale.counting_as(NEITHER)

    @property
    def counting(self) -> dict[str, str]:
        """Return how each response of the scale counts, in its order, without those not applicable."""
        return {response: counts for response, counts in self.scale.responses if counts != EXCLUDED}

    @property
    def counts(self) -> Counts:
        """Return the counts over all groups, which add up to all returned audits that count."""
        met, not_met, not_applicable, blank = (
            sum(cells[n] for cells in self.groups.values()) for n in range(4)
        )
        return Counts(met, not_met, not_applicable, blank, self.neither)

    @property
    def found_in(self) -> Counter[str]:
        """Return the number of counted answers with their evidence in each place."""
        return sum(self.places.values(), Counter())


@dataclass(frozen=True)
class Tallies:
    """The questions in the order of the tool, the number of audits in each group, the places in order, and
    the number of audits with an overall grade above a limit of the tool."""

    sizes: Mapping[Group, int]
    questions: list[Tally]
    places: list[str]
    above_limit: int


def tallies(cycle: Cycle, at: Standings) -> Tallies:
    """Return the answers of the returned audits that count, on the day of the standings.

    Audits that are not returned, or came back after the cut-off, are left out. A question that nobody looked
    at is not answered, whether or not the form stored a blank for it; one that does not apply is not
    applicable, whatever is stored.
    """
    groups, group_of = _groups(cycle, at)
    sizes = Counter(group_of.values())
    tool = found(cycle.tool.reference, cycle.tool.version)
    assert tool is not None
    content = content_of(tool)
    ids = {question.key: question.id for section in tool.sections for question in section.questions}
    responses = {row.id: row for row in tool.responses}
    places = dict(
        db.session.execute(
            select(EvidencePlace.id, EvidencePlace.label).order_by(EvidencePlace.position)
        ).all()
    )
    answers = AnswersThatCount(content, ids, responses, group_of, sections_set_aside(cycle, tool.sections))
    answers.read(overridden(ids.values(), at.on))
    questions = []
    for asked in content.questions():
        scale = content.scale_of(asked)
        assert scale is not None
        tally = Tally(asked, scale, content.kind_of(asked))
        cells = [[0, 0, 0, 0] for _ in groups]
        not_applicable = answers.not_applicable(asked.key)
        for number, audits in Counter(map(group_of.__getitem__, not_applicable)).items():
            cells[number][NOT_APPLICABLE] += audits
        for (response_id, place_id), by_group in answers.counted(asked.key).items():
            response = responses[response_id] if response_id is not None else None
            if response is None:
                continue
            column = _COLUMN.get(response.counts_as, _NEITHER)
            for group, audits in by_group.items():
                if group is None:
                    continue
                cells[group][column] += audits
                if column != NOT_APPLICABLE:
                    tally.responses[response.response] += audits
                    if place_id is not None:
                        tally.places[groups[group][0]][places[place_id]] += audits
        for number, (met, not_met, not_applied, neither) in enumerate(cells):
            blank = sizes[number] - met - not_met - not_applied - neither
            tally.groups[groups[number]] = (met, not_met, not_applied, blank)
            tally.neither += neither
        tally.responses.update(answers.further(asked.key))
        tally.values = answers.values(asked.key)
        tally.asked_in = answers.asked_in(asked.key)
        questions.append(tally)
    return Tallies(
        {group: sizes[number] for number, group in enumerate(groups)},
        questions,
        list(places.values()),
        len(answers.above_limit()),
    )


_NEITHER = 3
"""The column of answers that are neither met nor not met, beside those of breakdowns.py."""


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
