"""A key area in the findings: the answers to its question, its figure and its level, in words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.findings.figures import HALF, Counts, Figure
from app.findings.met_words import met_words
from app.findings.numbers import Numbers
from app.findings.responses import FLOOR, Given, Level, ceiling, floor
from app.tools.content import EVIDENCE, Ceiling
from app.wording import counted, listed

MAY_ADD_UP = "An audit can have several answers to a question, so percentages may add up to more than 100%."
NOT_COUNTED = "These figures were frozen before responses were counted, so it is not shown how many of each."


@dataclass(frozen=True)
class Share:
    """The number met, of the number answered."""

    met: int
    answered: int

    def __str__(self) -> str:
        """Return "15 of 25": never in per cent, which would ask for a comparison."""
        return f"{self.met} of {self.answered}"


@dataclass(frozen=True)
class Split:
    """A key area in the cases with a context factor, and in those without."""

    having: Share
    others: Share


@dataclass(frozen=True)
class KeyArea:
    """A question of the cycle's tool.

    `places` has the number of its answers with evidence in each place, None where that is hidden. A place
    without any is left out, and so are answers without a place, which would give away what is hidden. `teams`
    has the counts of each team, None where hidden, and is empty when all is withheld; `context` the factors
    for which both sides can be shown. `no_reason_given` are judgements without their reason, `differed` the
    audits in which the second auditor saw it differently, `changed` those in which the moderator changed it.

    `kind` is what the question asks for: evidence, grade, category, number or days. `responses` has the
    counted answers by response, in the order of the scale; it is None in a document from before they were
    counted. `met_as` are the responses of a grade that count as met. `is_met_or_not` is False for a category
    and for a number without a limit, which have no figure. `numbers` is the middle of the numbers, `at_most`
    the ceiling that the council expects and `at_most_share` the answers that it is over. `asked_in` is the
    number of audits that a question which may not apply was asked in; None where it applies to all. In those
    `waiting` it was not asked, because an earlier answer that decides it is blank.
    """

    question: str
    name: str
    figure: Figure
    places: Mapping[str, int | None]
    expected_level: int | None = None
    teams: Mapping[str, Counts | None] | None = None
    context: Mapping[str, Split] | None = None
    no_reason_given: int = 0
    differed: int = 0
    changed: int = 0
    kind: str = EVIDENCE
    responses: tuple[Given, ...] | None = None
    several: bool = False
    is_met_or_not: bool = True
    numbers: Numbers | None = None
    at_most: Ceiling | None = None
    theme: str | None = None
    recorded_in: str | None = None
    per_case: bool = False
    met_as: tuple[str, ...] = ()
    at_most_share: Given | None = None
    asked_in: int | None = None
    waiting: int = 0

    @property
    def met_words(self) -> str:
        """Return "evidence found", "graded outstanding or good"; nothing where there is nothing to be met."""
        return met_words(self.kind, self.met_as) if self.is_met_or_not else ""

    @property
    def has_figure(self) -> bool:
        """True when it has a figure: a category has none, and too few answers give none."""
        return self.figure.percent is not None

    @property
    def has_too_few_answers(self) -> bool:
        """True when nothing but its counts is shown, because too few answered."""
        return self.figure.why_no_figure is not None

    @property
    def result_in_words(self) -> str:
        """Return "15 of 25 (60%)"; of a category "consultant 14 (23%), nurse 46 (77%)"; of a number its
        middle."""
        if self.is_met_or_not:
            return self.figure_in_words
        return str(self.numbers) if self.numbers is not None else ", ".join(self.how_many)

    @property
    def level(self) -> Level | None:
        """Return the level that the council expects, and whether it is kept."""
        if self.expected_level is not None:
            return floor(self.expected_level, self.figure)
        if self.at_most is None or self.responses is None:
            return None
        return ceiling(self.at_most.percent, self._count_at_most, self.figure)

    @property
    def _count_at_most(self) -> int:
        """Return the number of counted answers with a response that the council expects few of."""
        few = self.at_most.responses if self.at_most else ()
        return sum(given.count for given in self.responses or () if given.response in few)

    @property
    def expected_in_words(self) -> str | None:
        """Return "at least 80%" or "no more than 10% inadequate"; None where the council expects no level."""
        if self.expected_level is not None:
            return f"at least {self.expected_level}%"
        if self.at_most is None:
            return None
        return f"no more than {self.at_most.percent}% {listed(self.at_most.responses, 'or')}"

    @property
    def at_most_in_words(self) -> str | None:
        """Return "14 of 60 inadequate: 23% (14% to 35%)", the share that the ceiling is over; None without
        a ceiling, and where the responses are not known."""
        share = self.at_most_share
        if share is None:
            return None
        words = f"{share.count} of {self.figure.counts.answered} {share.response}"
        if self.held_in_words is None:
            return words
        return f"{words}: {self.held_in_words}{f' ({share.interval})' if share.interval else ''}"

    @property
    def held_in_words(self) -> str | None:
        """Return "60%", the share that the level is held against: the figure with a floor, the share of the
        few with a ceiling. It has decimals where a whole per cent would read as if the level were kept. None
        without a level or a share."""
        level, answered = self.level, self.figure.counts.answered
        if level is None or level.kept is None:
            return None
        count = self.figure.counts.met if level.kind == FLOOR else self._count_at_most
        return level.share_in_words(count, answered)

    def percent_of(self, given: Given) -> str | None:
        """Return the share of a response as "23%", as `held_in_words` where a ceiling is over it."""
        if given.percent is None:
            return None
        is_held = self.at_most_share is not None and given.response == self.at_most_share.response
        return self.held_in_words if is_held else f"{given.percent}%"

    def told(self, given: Given) -> str:
        """Return how many gave a response: "14 (23%, 14% to 35%)", "3 (10.3%, 4% to 26%)"."""
        return given.told_with(self.percent_of(given))

    @property
    def percent_in_words(self) -> str | None:
        """Return the figure as "60%", as "79.9%" where the council expects at least 80%; None without one."""
        if self.figure.percent is None or self.expected_level is None:
            return None if self.figure.percent is None else f"{self.figure.percent}%"
        return self.held_in_words

    @property
    def figure_in_words(self) -> str:
        """Return the figure with its counts: "15 of 25 (60%)", "119 of 149 (79.9%)"."""
        if self.percent_in_words is None:
            return str(self.figure)
        return f"{self.figure.counts.met} of {self.figure.counts.answered} ({self.percent_in_words})"

    @property
    def beside_expected(self) -> str:
        """Return "15 of 25 (60%), expected at least 80%", "14 of 60 inadequate: 23% (14% to 35%), expected no
        more than 10% inadequate"."""
        return f"{self.at_most_in_words or self.figure_in_words}, expected {self.expected_in_words}"

    @property
    def responses_in_words(self) -> str:
        """Return "outstanding 2, good 14, requires improvement 30, inadequate 14"; nothing if not known."""
        return ", ".join(f"{given.response} {given.count}" for given in self.responses or ())

    @property
    def is_found_or_not(self) -> bool:
        """True where evidence was found or not, so that the figure says how many answers gave each."""
        return self.kind == EVIDENCE and len(self.responses or ()) < 3

    @property
    def gives_shares(self) -> bool:
        """True where each response has its share: of two responses the figure says it, and of numbers the
        middle."""
        return self.numbers is None and (len(self.responses or ()) > 2 or not self.is_met_or_not)

    @property
    def how_many(self) -> tuple[str, ...]:
        """Return how many answers gave each response: "yes 15", or "good 14 (23%, 14% to 35%)" where each has
        its share; empty if not known."""
        shares = self.gives_shares
        return tuple(
            f"{each.response} {self.told(each) if shares else each.count}" for each in self.responses or ()
        )

    @property
    def blanks(self) -> int:
        """Return the number of audits that were asked the question and did not answer it."""
        return self.figure.counts.not_answered - self.waiting

    @property
    def is_in_several_places(self) -> bool:
        """True when evidence is known to be in more than one place: a hidden count may be of no evidence."""
        return sum(1 for count in self.places.values() if count) > 1

    @property
    def shows_teams(self) -> bool:
        """True when the counts of at least one team can be shown."""
        return any(counts is not None for counts in (self.teams or {}).values())

    @property
    def is_outside_expected(self) -> bool:
        """True when the level that the council expects is not kept, compared before rounding."""
        return self.level is not None and self.level.kept is False

    @property
    def is_below_half(self) -> bool:
        """True when the figure is strictly below half, before rounding."""
        return self.figure.is_below(HALF)

    @property
    def is_noted(self) -> bool:
        """True when somebody saw an answer differently, or gave no reason for a judgement."""
        return bool(self.differed or self.changed or self.no_reason_given)

    @property
    def disagreements(self) -> list[str]:
        """Return "the second auditor disagreed in 2 audits" and "the moderator changed 1 answer"."""
        numbers = {
            f"the second auditor disagreed in {counted(self.differed, 'audit')}": self.differed,
            f"the moderator changed {counted(self.changed, 'answer')}": self.changed,
        }
        return [words for words, number in numbers.items() if number]

    @property
    def agreement_in_words(self) -> str:
        """Return "the moderator changed 1 answer, no reason given for 3 grades"."""
        number = self.no_reason_given
        unreasoned = [f"no reason given for {counted(number, 'grade')}"] if number else []
        return ", ".join([*self.disagreements, *unreasoned])
