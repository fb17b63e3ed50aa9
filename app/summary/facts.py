"""The facts that a summary of several cycles is written from. Pure.

There is no person and no case number in them, and no count by team: the teams that were not looked at have
none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.actions.lifecycle import ActionState, RecommendationState
from app.findings.document import Findings
from app.quick_wins.life import QuickWinState
from app.summary.period import Period


@dataclass(frozen=True)
class MonthOfReturn:
    """The audits of a cycle that were returned in a month and count; `in_time` by their first due date."""

    first: date
    returned: int
    in_time: int


@dataclass(frozen=True)
class MadeRecommendation:
    """A recommendation from a cycle, case numbers and names of staff masked in its text."""

    reference: str
    text: str
    state: RecommendationState


@dataclass(frozen=True)
class AgreedAction:
    """An action from a cycle, case numbers and names of staff masked in its texts.

    `effect` are the words of its impact check.
    """

    reference: str
    text: str
    state: ActionState
    due_on: date | None = None
    is_overdue: bool = False
    effect: str | None = None


@dataclass(frozen=True)
class SentQuickWin:
    """A quick win that a cycle's figures started. `moved` says at its end whether the figure did."""

    reference: str
    subject: str
    state: QuickWinState
    moved: str | None = None


@dataclass(frozen=True)
class ReportedCycle:
    """A closed cycle that was reported in the period, with what came of it, as of the day of the summary."""

    reference: str
    theme: str
    reported_on: date
    findings: Findings
    months: Sequence[MonthOfReturn] = ()
    recommendations: Sequence[MadeRecommendation] = ()
    actions: Sequence[AgreedAction] = ()
    quick_wins: Sequence[SentQuickWin] = ()

    @property
    def is_re_audit(self) -> bool:
        """True where it audited cases of an earlier cycle again, so that it says nothing about others."""
        return self.findings.again is not None

    @property
    def in_time(self) -> int:
        """Return the number of audits returned by their first due date, of those that count."""
        return sum(month.in_time for month in self.months)


@dataclass(frozen=True)
class NotLookedAt:
    """A team or theme that had an audit in the 24 months before, and none in the cycles of the summary.

    `last_on` is the day on which its last one before the period was returned. `elsewhere` are the references
    of other cycles of which it had an audit in the period.
    """

    name: str
    last_on: date
    elsewhere: Sequence[str] = ()


@dataclass(frozen=True)
class EmptyMonth:
    """A month of the period in which no audit of the cycles of the summary was returned."""

    month: Period
    elsewhere: Sequence[str] = ()


@dataclass(frozen=True)
class Facts:
    """The facts of a summary, as of the day on which it is made.

    `open_cycles` are the references of those with a reporting date in the period that are not closed yet,
    `undated` of those closed in it without a reporting date, and `published` of earlier cycles that are known
    only as published.
    """

    organisation: str
    marking: str | None
    made_on: date
    period: Period
    cycles: Sequence[ReportedCycle] = ()
    open_cycles: Sequence[str] = ()
    undated: Sequence[str] = ()
    published: Sequence[str] = ()
    teams: Sequence[NotLookedAt] = ()
    themes: Sequence[NotLookedAt] = ()
    months: Sequence[EmptyMonth] = ()
    has_earlier: bool = False
    """True where any audit was returned in the 24 months before the period."""
