"""The answers of a cycle counted in one pass, for every way in which they are divided.

The answers come from their index alone, as a list of audits for each response and place. Python looks up each
audit's team and context, which is several times as fast as joining them row by row.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import String, cast, func, select

from app.answers.as_returned import as_returned
from app.answers.counts import overridden
from app.answers.models import ContextFactor, ContextNote, EvidencePlace
from app.audits.agencies import TOGETHER, asks
from app.audits.cycle import Cycle
from app.audits.models import Audit, agency_in_words, its_audit, of_cycles
from app.audits.standing import Standing, Standings
from app.database import db
from app.findings.answers_that_count import AnswersThatCount, sections_set_aside
from app.findings.breakdowns import MET, NOT_APPLICABLE, NOT_MET, Cells, Group, OfAgency, of_all_agencies
from app.findings.figures import Counts
from app.people.models import Team
from app.tools.content import EXCLUDED, NEITHER, Asked, Content, Scale
from app.tools.models import ScaleResponse
from app.tools.queries import content_of, whole

_COLUMN = {"met": MET, "not met": NOT_MET, EXCLUDED: NOT_APPLICABLE}


@dataclass
class Tally:
    """A question over the returned audits that count, by the answer that counts in each.

    Those are counted that ask it. `cells` has by group and agency (None: there are no agencies) those met,
    not met, not applicable and not answered; where answers are neither met nor not met, `neither` has their
    number by agency. `by_agency` has the counted answers by agency and response, `values` the numbers.
    `found_in` has the number of answers with their evidence in each place. `asked_in` is the number of
    audits that a question which may not apply was asked in; None where it applies to all. It was not asked in
    those `waiting`, where an earlier answer that decides it is blank. `without_reason` is the number of
    grades that lack their reason. `is_conditional` is True for one that applies only if an earlier question,
    its own or that of its section, has some response.
    """

    asked: Asked
    scale: Scale
    kind: str
    cells: dict[OfAgency, Cells] = field(default_factory=dict)
    neither: Counter[str | None] = field(default_factory=Counter)
    by_agency: dict[str | None, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    values: list[float] = field(default_factory=list)
    found_in: Counter[str] = field(default_factory=Counter)
    asked_in: int | None = None
    waiting: int = 0
    without_reason: int = 0
    is_conditional: bool = False

    @property
    def question(self) -> str:
        """Return the key of the question."""
        return self.asked.key

    @property
    def is_met_or_not(self) -> bool:
        """Return False where answers are neither met nor not met, so that there is no figure."""
        return not self.scale.counting_as(NEITHER)

    @property
    def is_divided(self) -> bool:
        """Return True where teams and context factors may be shown, if enough is hidden.

        Those to whom a conditional question applies gave one response to an earlier one, which is never given
        by team: what is shown of the one could settle what is hidden of the other.
        """
        return self.is_met_or_not and not self.is_conditional

    @property
    def counting(self) -> dict[str, str]:
        """Return how each response of the scale counts, in its order, without those not applicable."""
        return {response: counts for response, counts in self.scale.responses if counts != EXCLUDED}

    @property
    def groups(self) -> dict[Group, Cells]:
        """Return those met, not met, not applicable and not answered by group."""
        return of_all_agencies(self.cells)

    @property
    def answered(self) -> Counter[str | None]:
        """Return the number of answers by agency, without those not applicable."""
        answered = Counter(self.neither)
        for (_, agency), cells in self.cells.items():
            answered[agency] += cells[MET] + cells[NOT_MET]
        return answered

    @property
    def responses(self) -> Counter[str]:
        """Return the number of counted answers by response."""
        return sum(self.by_agency.values(), Counter())

    @property
    def counts(self) -> Counts:
        """Return the counts over all groups, which add up to all returned audits that count and ask it."""
        met, not_met, not_applicable, blank = (
            map(sum, zip(*self.cells.values(), strict=True)) if self.cells else (0,) * 4
        )
        return Counts(met, not_met, not_applicable, blank, self.neither.total())


@dataclass(frozen=True)
class Tallies:
    """The questions in the order of the tool, the number of audits in each group, the places in order, and
    the number of audits with an overall grade above a limit of the tool, and with a reason for it.

    `meetings` are the audits of each group that are the meeting of their case, and `sizes` all others.
    `places_of_teams` has by team the number of answers with their evidence in each place. `does_apply` says
    of a question (key) and an audit (id) whether the question applies to it.
    """

    sizes: Mapping[Group, int]
    meetings: Mapping[Group, int]
    questions: list[Tally]
    places: list[str]
    places_of_teams: Mapping[str, Counter[str]]
    above_limit: int
    above_limit_with_reason: int
    does_apply: Callable[[str, int], bool]


def tallies(cycle: Cycle, at: Standings) -> Tallies:
    """Return the answers of the returned audits that count, on the day of the standings.

    Audits that are not returned, or came back after the cut-off, are left out. A question that nobody looked
    at is not answered, whether or not the form stored a blank for it; one that does not apply is not
    applicable, whatever is stored.
    """
    groups, group_of = _groups(cycle, at)
    tool = whole(cycle.tool)
    content = content_of(tool)
    ids = {question.key: question.id for section in tool.sections for question in section.questions}
    responses = {row.id: row for row in tool.responses}
    places = dict(
        db.session.execute(
            select(EvidencePlace.id, EvidencePlace.label).order_by(EvidencePlace.position)
        ).all()
    )
    kept = as_returned(at)
    aside = sections_set_aside(cycle, tool.sections, kept)
    answers = AnswersThatCount(content, ids, responses, group_of, aside)
    answers.read(overridden(ids.values(), at.on, kept))
    counting = _Counting(content, answers, groups, group_of, responses, places)
    above_limit = answers.above_limit()
    return Tallies(
        counting.sizes(per_case=False),
        counting.sizes(per_case=True),
        [counting.tally(asked) for asked in content.questions()],
        list(places.values()),
        counting.places_of_teams,
        len(above_limit),
        len(above_limit & answers.with_reason_above_limit()) if above_limit else 0,
        answers.does_apply,
    )


_NEITHER = 3
"""The column of answers that are neither met nor not met, beside those of breakdowns.py."""


class _Counting:
    """The counting of answers by the groups of their audits."""

    def __init__(
        self,
        content: Content,
        answers: AnswersThatCount,
        groups: Sequence[OfAgency],
        group_of: Mapping[str, int],
        responses: Mapping[int, ScaleResponse],
        places: Mapping[int, str],
    ) -> None:
        self._content = content
        self._answers = answers
        self._groups = groups
        self._sizes = Counter(group_of.values())
        self._responses = responses
        self._places = places
        self._without_reason = answers.without_reason()
        self._conditional = {
            question.key
            for section in content.sections
            for question in section.questions
            if section.applies_if or question.applies_if
        }
        self._has_agencies = any(agency is not None for _, agency in groups)
        self._in_place = {place: [0] * len(groups) for place in places}
        self._asking = {
            per_case: [
                number
                for number, (_, agency) in enumerate(groups)
                if asks(per_case=per_case, is_together=agency == TOGETHER)
            ]
            for per_case in (False, True)
        }

    def sizes(self, *, per_case: bool) -> Mapping[Group, int]:
        """Return the number of audits of each group that ask what is, or is not, asked once per case."""
        sizes: Counter[Group] = Counter()
        for number in self._asking[per_case]:
            sizes[self._groups[number][0]] += self._sizes[number]
        return sizes

    def tally(self, asked: Asked) -> Tally:
        """Return the answers to a question."""
        scale = self._content.scale_of(asked)
        assert scale is not None
        tally = Tally(asked, scale, self._content.kind_of(asked), values=self._answers.values(asked.key))
        tally.without_reason = self._without_reason.get(asked.key, 0)
        tally.is_conditional = asked.key in self._conditional
        columns = [[0] * len(self._groups) for _ in range(4)]
        by_condition = self._answers.not_applicable(asked.key)
        for number, audits in by_condition.items():
            columns[NOT_APPLICABLE][number] += audits
        self._count(tally, columns)
        asking = self._asking[asked.per_case]
        if (asked_in := self._answers.asked_in(asked.key)) is not None:
            tally.asked_in = sum(asked_in[number] for number in asking)
            decided = tally.asked_in + sum(by_condition[number] for number in asking)
            tally.waiting = sum(self._sizes[number] for number in asking) - decided
        rows = list(zip(*columns, strict=True))
        for number in asking:
            met, not_met, not_applied, neither = rows[number]
            blank = self._sizes[number] - met - not_met - not_applied - neither
            tally.cells[self._groups[number]] = (met, not_met, not_applied, blank)
            if neither:
                tally.neither[self._groups[number][1]] += neither
        for (number, further), audits in self._answers.further(asked.key).items():
            tally.by_agency[self._groups[number][1]][further] += audits
        return tally

    def _count(self, tally: Tally, columns: list[list[int]]) -> None:
        """Add the answers that count to the columns by their groups, and by agency and place."""
        for (response_id, place_id), by_group in self._answers.counted(tally.question).items():
            response = self._responses[response_id]
            column = _COLUMN.get(response.counts_as, _NEITHER)
            answers = columns[column]
            for number, audits in by_group.items():
                answers[number] += audits
            if column == NOT_APPLICABLE:
                continue
            for agency, audits in self._by_agency(by_group).items():
                tally.by_agency[agency][response.response] += audits
            if place_id is not None:
                tally.found_in[self._places[place_id]] += sum(by_group.values())
                in_place = self._in_place[place_id]
                for number, audits in by_group.items():
                    in_place[number] += audits

    def _by_agency(self, by_group: Mapping[int, int]) -> Mapping[str | None, int]:
        if not self._has_agencies:
            return {None: sum(by_group.values())}
        by_agency: Counter[str | None] = Counter()
        for number, audits in by_group.items():
            by_agency[self._groups[number][1]] += audits
        return by_agency

    @property
    def places_of_teams(self) -> Mapping[str, Counter[str]]:
        """Return by team the number of the answers so far with their evidence in each place."""
        teams: dict[str, Counter[str]] = defaultdict(Counter)
        for place_id, numbers in self._in_place.items():
            for ((team, _), _), audits in zip(self._groups, numbers, strict=True):
                teams[team][self._places[place_id]] += audits
        return teams


def _groups(cycle: Cycle, at: Standings) -> tuple[list[OfAgency], dict[str, int]]:
    """Return the groups of each agency, and the group of each returned audit that counts, by id as text."""
    counting = (Audit.cycle_id == cycle.id, at.where(Standing.RETURNED))
    factors: dict[str, set[str]] = defaultdict(set)
    noted = (
        select(ContextNote.audit_id, ContextFactor.label)
        .join(ContextFactor, ContextFactor.id == ContextNote.factor_id)
        .join(Audit, its_audit(ContextNote.audit_id))
        .where(of_cycles([cycle.id]))
    )
    for audit_id, label in db.session.execute(noted):
        factors[str(audit_id)].add(label)
    teams = dict(db.session.execute(select(Team.id, Team.name)).all())
    agencies: dict[int | None, str] = {each.agency_id: each.agency.name for each in cycle.listed_agencies}
    numbers: dict[OfAgency, int] = {}
    group_of: dict[str, int] = {}
    of_cycle = (
        select(
            Audit.team_id,
            Audit.agency_id,
            Audit.is_together,
            func.aggregate_strings(cast(Audit.id, String), ","),
        )
        .where(*counting)
        .group_by(Audit.team_id, Audit.agency_id, Audit.is_together)
    )
    for team_id, agency_id, is_together, listed in db.session.execute(of_cycle):
        team, agency = teams[team_id], agency_in_words(is_together, agencies.get(agency_id))
        audits = listed.split(",")
        by_factors: dict[frozenset[str], list[str]] = defaultdict(list)
        for audit in audits:
            by_factors[frozenset(factors[audit]) if audit in factors else _NO_FACTOR].append(audit)
        for present, alike in by_factors.items():
            number = numbers.setdefault(((team, present), agency), len(numbers))
            group_of |= dict.fromkeys(alike, number)
    return list(numbers), group_of


_NO_FACTOR: frozenset[str] = frozenset()
