"""The facts of a cycle that its reports are written from, gathered by material.py. Pure.

Small numbers are hidden in `findings` already. There is no case number in the facts and no name of an
auditor; the owner of a recommendation or an action is named.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.actions.lifecycle import ActionState, RecommendationState
from app.audits.selection import Selection
from app.findings.document import Findings
from app.quick_wins.life import QuickWinState
from app.tools.content import UNIT, thing_of
from app.wording import counted, plural
from app.working_days import happened


def named(reference: str, title: str) -> str:
    """Return "2010-1, First cycle", or "2012" where the title says the same."""
    return reference if title == reference else f"{reference}, {title}"


@dataclass(frozen=True)
class ReportedCycle:
    """A cycle as it was set up. `meeting_on` and `reported_to`: when it is reported, and to whom."""

    reference: str
    title: str
    theme: str
    requested_on: date
    due_on: date
    cut_off_on: date | None = None
    closed_on: date | None = None
    reported_to: str | None = None
    meeting_on: date | None = None
    selection: str | None = None

    @property
    def is_hand_picked(self) -> bool:
        """True when people chose its cases, so that nothing said of them is true of others."""
        return self.selection == Selection.HAND_PICKED

    @property
    def name(self) -> str:
        """ "2010-1, First cycle", or "2012" where the title says the same."""
        return named(self.reference, self.title)

    @property
    def name_in_brackets(self) -> str:
        """ "2010-1 (First cycle)", or "2012" where the title says the same."""
        return self.reference if self.title == self.reference else f"{self.reference} ({self.title})"


@dataclass(frozen=True)
class Auditors:
    """Counts of those who did the returned audits that count. Job titles are today's: they keep no history.

    `by_job` has the number of people by job title (None: none recorded), the largest first; `pairs` the
    number of audits by the two job titles, in the order lead and second. `trained_before` had been trained by
    the day of their first audit, `trained_later` have only a later day of training. `training_is_recorded`
    where anybody at all has a day of training.
    """

    people: int = 0
    by_job: tuple[tuple[str | None, int], ...] = ()
    in_pairs: int = 0
    alone: int = 0
    pairs: tuple[tuple[tuple[str | None, str | None], int], ...] = ()
    trained_before: int = 0
    trained_later: int = 0
    training_is_recorded: bool = False


@dataclass(frozen=True)
class Work:
    """The course of the audits: numbers of audits, unless it says otherwise.

    `in_time` were returned by the day they were first due. `chased` are those of the audits not returned that
    were followed up by hand, `contacts` times in all; they `could_be_chased` where the audits were worked
    on in the product, or a file brought a chase. `reminders` are the automatic emails about the audits not
    returned that had gone out, one for each receiver. `minutes` are the times that forms say they took,
    sorted; `hard_to_find` the forms that say what was hard to find; `nominated` those that nominate an
    example.
    """

    in_time: int = 0
    chased: int = 0
    contacts: int = 0
    could_be_chased: bool = False
    reminders: int = 0
    minutes: tuple[int, ...] = ()
    hard_to_find: int = 0
    nominated: int = 0


@dataclass(frozen=True)
class Comment:
    """A comment that the analyst chose, under its theme. `key_area` is what it was about, if known."""

    theme: str
    key_area: str | None
    text: str


@dataclass(frozen=True)
class Example:
    """An approved example of good work, anonymous."""

    title: str
    text: str


@dataclass(frozen=True)
class ComparisonRow:
    """A key area in the earlier cycle and in this one. `difference` is in words, or why there is none."""

    name: str
    before: str
    after: str
    difference: str | None


@dataclass(frozen=True)
class Comparison:
    """A cycle compared with the earlier one that it is declared comparable with.

    `responses` are those of grades, categories and the like, each named with its key area. `why_not` is the
    reason why no row has a difference; `of_the_cases` says how many were in both.
    """

    cycle: str
    rows: tuple[ComparisonRow, ...]
    why_not: str | None = None
    of_the_cases: str | None = None
    responses: tuple[ComparisonRow, ...] = ()


@dataclass(frozen=True)
class ReportedQuickWin:
    """A quick win and its outcome.

    `figures` has the figure that started it first and then the later ones, each with the cycle and, from the
    second on, the difference in words or why there is none. `moved` is what the coordinator said at its end.
    """

    reference: str
    subject: str
    message: str
    where: str | None
    question: str | None
    state: QuickWinState
    starts_on: date
    times: int
    every_working_days: int
    to_practitioners: bool
    moved: str | None = None
    key_area: str | None = None
    figures: tuple[tuple[str, str, str | None], ...] = ()


@dataclass(frozen=True)
class ReportedRecommendation:
    """A recommendation. `owner` is a name; `owner_job` stands instead in every report but the council's."""

    reference: str
    text: str
    body: str | None
    owner: str | None
    owner_job: str | None
    due_on: date | None
    state: RecommendationState
    decision: str | None = None
    decided_on: date | None = None
    decision_words: str | None = None

    @property
    def is_incomplete(self) -> bool:
        """True when it has still to be carried out and lacks an owner or a date."""
        done_with = (
            RecommendationState.CARRIED_OUT,
            RecommendationState.DEFERRED,
            RecommendationState.REJECTED,
        )
        return self.state not in done_with and (self.owner is None or self.due_on is None)


@dataclass(frozen=True)
class ReportedAction:
    """An action of a cycle. `key_area` is the finding that it answers directly, `team` that of its owner."""

    reference: str
    text: str
    recommendation: str | None
    key_area: str | None
    owner: str | None
    owner_job: str | None
    team: str | None
    due_on: date | None
    state: ActionState
    is_overdue: bool = False
    impact_words: str | None = None


@dataclass(frozen=True)
class ReportedKeyArea:
    """A key area with whether an action answers it, and the reason where none does."""

    question: str
    name: str
    has_action: bool
    left_because: str | None


@dataclass(frozen=True)
class FollowUp:
    """A cycle with its recommendations, actions and quick wins, in the order of their references."""

    cycle: ReportedCycle
    recommendations: tuple[ReportedRecommendation, ...] = ()
    actions: tuple[ReportedAction, ...] = ()
    quick_wins: tuple[ReportedQuickWin, ...] = ()


@dataclass(frozen=True)
class Head:
    """The author of a report, how to reach them, and its protective marking. What is empty is not told."""

    author: str = ""
    contact: str = ""
    marking: str = ""


@dataclass(frozen=True)
class ToolChange:
    """A change in the next version of the tool. `question` is the key area, None for the tool itself."""

    what: str
    question: str | None


@dataclass(frozen=True)
class Material:
    """The facts for the reports of a cycle, as of a day.

    `contact` is the email and telephone of who makes the report; `heads` are what somebody wrote in place of
    maker, contact and marking, by the readers of the report.

    `guidance` is the tool's guidance by question; `own` and `before` are this cycle and the one before it
    with what was done about them; `next` is the cycle after. `development_before` has the key areas of that
    earlier cycle that were below a half or outside their expected level, then and now. `narratives` are by
    the key of the section.
    `teams` are the names of all teams, which some reports must not have. `rare_factors` are the context
    factors of so few cases that their number is hidden. `tool_changes` is None when no newer version of the
    tool has been published.
    """

    organisation: str
    marking: str | None
    made_on: date
    made_by: str | None
    cycle: ReportedCycle
    findings: Findings
    own: FollowUp
    auditors: Auditors = Auditors()
    work: Work = Work()
    comparison: Comparison | None = None
    development_before: Comparison | None = None
    comments: tuple[Comment, ...] = ()
    examples: tuple[Example, ...] = ()
    answered: tuple[ReportedKeyArea, ...] = ()
    before: FollowUp | None = None
    next: ReportedCycle | None = None
    narratives: Mapping[str, str] = field(default_factory=dict)
    guidance: Mapping[str, str] = field(default_factory=dict)
    teams: Sequence[str] = ()
    rare_factors: Collection[str] = ()
    tool_changes: tuple[ToolChange, ...] | None = None
    contact: str | None = None
    heads: Mapping[str, Head] = field(default_factory=dict)

    def head_for(self, audience: str) -> Head:
        """Return the head of the report for these readers, as it was written, else from its maker."""
        made = Head(self.made_by or "", self.contact or "", self.marking or "")
        return self.heads.get(audience, made)

    @property
    def cases(self) -> str:
        """Return "the cases", or "these cases" where nothing follows for others; or what else is counted."""
        return f"{'these' if self.cycle.is_hand_picked else 'the'} {plural(2, self.findings.what_counts)}"

    @property
    def audited(self) -> str:
        """Return "26 cases", or "26 supervision files" where the tool examines something else."""
        thing, returned = thing_of(self.findings.unit), self.findings.returns.returned
        if self.findings.unit == UNIT:
            return counted(self.findings.cases or returned, thing)
        return counted(returned, thing)

    @property
    def is_open(self) -> bool:
        """True when the cycle had not been closed by the day."""
        return not happened(self.cycle.closed_on, self.made_on)
