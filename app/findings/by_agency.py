"""The counts of each agency: those that pages show to who may see them, and those that may leave. Pure.

Coordinators and the auditors of the cycle see the counts of each agency on the page. What leaves (files,
reports, the interface) has those of a question only where every agency has enough answers to it, and where
they give nothing away that the breakdowns by team and context hide.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from app.audits.agencies import TOGETHER, of_whom
from app.wording import counted

FEWEST_ANSWERS = 10
"""The answers that every agency must have to a question for its counts to leave."""

CountsByAgency = Mapping[str, Mapping[str, Mapping[str, int]]]
"""The counted answers by agency, question and response, as the cycle, the tool and the scale order them."""


@dataclass(frozen=True)
class Returned:
    """The returns that count, of those that were not withdrawn."""

    returned: int
    wanted: int

    def __str__(self) -> str:
        """Return "7 of 8"."""
        return f"{self.returned} of {self.wanted}"


@dataclass(frozen=True)
class SeveralAgencies:
    """The agencies of a cycle in its findings.

    `returns` has the returns of each agency, and last those of the meetings, if any. Of its `cases` so many
    are `complete`. `counts` is for pages alone; the counts to the questions `leaving` may leave.
    """

    returns: Mapping[str, Returned]
    cases: int
    complete: int
    counts: CountsByAgency = field(default_factory=dict)
    leaving: tuple[str, ...] = ()

    @property
    def cases_in_words(self) -> str:
        """Return "3 of 8 cases are complete", "All 8 cases are complete"."""
        if self.cases == self.complete > 1:
            return f"All {self.cases:,} cases are complete"
        cases = counted(self.cases, "case")
        if self.cases == 1:
            return f"The case is {'' if self.complete else 'not '}complete"
        return f"{self.complete or 'None'} of {cases} {'is' if self.complete == 1 else 'are'} complete"

    @property
    def returns_in_words(self) -> Mapping[str, Returned]:
        """Return the returns by the names that people read: the meetings of cases have no agency's."""
        return {of_whom(agency): returned for agency, returned in self.returns.items()}

    @property
    def without_meetings(self) -> int:
        """Return the number of returns that count and are no meeting: teams and context divide these."""
        return sum(returned.returned for agency, returned in self.returns.items() if agency != TOGETHER)

    @property
    def counts_that_leave(self) -> CountsByAgency | None:
        """Return the counts that may leave; None where there are none."""
        if not self.leaving:
            return None
        return {
            agency: {question: of[question] for question in self.leaving}
            for agency, of in self.counts.items()
        }


def counts_by_agency(
    agencies: Sequence[str],
    answers: Mapping[str, Mapping[str | None, Mapping[str, int]]],
    scales: Mapping[str, Sequence[str]],
) -> CountsByAgency:
    """Return the counts of each agency. `answers` has them by question, agency and response, without those
    that are 0; `scales` has the responses of each question."""
    return {
        agency: {
            question: {response: of.get(agency, {}).get(response, 0) for response in scales[question]}
            for question, of in answers.items()
        }
        for agency in agencies
    }


def questions_that_leave(
    answered: Mapping[str, Mapping[str | None, int]], agencies: Sequence[str], safe: Collection[str]
) -> tuple[str, ...]:
    """Return the questions whose counts by agency may leave.

    `answered` has by question and agency the number of answers; `safe` are the questions of which they give
    nothing away.
    """
    return tuple(
        question
        for question, of in answered.items()
        if agencies and question in safe and all(of.get(agency, 0) >= FEWEST_ANSWERS for agency in agencies)
    )
