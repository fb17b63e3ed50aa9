"""The findings of a cycle as one document: for pages, files and the command, and to be frozen. Pure.

Small numbers are hidden in it already, save those of agencies, of which only some may leave (by_agency.py).
There is no comment, no case number and no name of an auditor in it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from app.audits.returns import Returns
from app.findings.again import Again
from app.findings.by_agency import SeveralAgencies
from app.findings.figures import HALF, Counts, Figure
from app.findings.met_words import FOUND, met_words
from app.findings.numbers import Numbers
from app.findings.responses import FLOOR, Given, Level, ceiling, floor
from app.findings.themes import theme_below_half
from app.tools.content import CATEGORY, EVIDENCE, GRADE, UNIT, Ceiling, thing_of
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
    def agreement_in_words(self) -> str:
        """Return "the second auditor disagreed in 2 audits, the moderator changed 1 answer"."""
        numbers = {
            f"the second auditor disagreed in {counted(self.differed, 'audit')}": self.differed,
            f"the moderator changed {counted(self.changed, 'answer')}": self.changed,
            f"no reason given for {counted(self.no_reason_given, 'grade')}": self.no_reason_given,
        }
        return ", ".join(words for words, number in numbers.items() if number)


@dataclass(frozen=True)
class Agreement:
    """The agreement between people, in numbers of returned audits that count.

    `confirmed` by the second auditor, who `differed` in some of them; `moderated`, and `changed` by the
    moderator. Of audits that a file brings nobody knows what was not done: only those `returned_here`, in the
    product, can be `unconfirmed`, or lack a moderation or a nomination. Of those `confirmed_here`, in the
    product, the second auditor could say where they differ.
    """

    confirmed: int = 0
    differed: int = 0
    moderated: int = 0
    changed: int = 0
    unconfirmed: int = 0
    confirmed_here: int = 0
    returned_here: int = 0

    @property
    def confirmed_in_words(self) -> str | None:
        """Return how many audits the second auditor confirmed, as a sentence; None where none could be."""
        asked = self.confirmed + self.unconfirmed
        if not asked:
            return None
        if not self.confirmed:
            if asked == 1:
                return "The audit returned in this service has not been confirmed by the second auditor."
            return (
                f"None of the {asked:,} audits returned in this service has been confirmed by the "
                "second auditor."
            )
        of = f"{self.confirmed:,} of {counted(asked, 'audit')}"
        if not self.unconfirmed:
            of = counted(self.confirmed, "audit")
        differed = ""
        if self.differed:
            differed = f" and disagreed with something in {counted(self.differed, 'audit')}"
        elif self.confirmed_here == self.confirmed:
            differed = " and did not disagree in any of them"
        return f"The second auditor confirmed {of}{differed}."


@dataclass(frozen=True)
class Findings:
    """The findings of a cycle as of a day.

    `reasons` are the reasons why audits were not returned, each with its number; `method` says how the cases
    were chosen and the audits done, `cautions` what that leaves open, in sentences. `teams` has the audits of
    each team (None: hidden; empty: withheld), `main_places` the place with clearly most of a team's evidence,
    `factors` the number of cases with each context factor, and `factors_left_out` those that were there and
    cannot be shown. `cases` is the number of different cases among the returned audits that count, and
    `same_cases` how many of them each other cycle frozen by then has too (None: not known any more); both
    are looked up where a document lacks them, as those of early snapshots do. `unit` is the thing that the
    tool examines, `overall` the key of its overall grade, and `above_limit` the number of audits with an
    overall grade above its limit, `above_limit_with_reason` those of them that say why. `again` has the cases
    of an earlier cycle that it audits again. `responses_called_for` is the number of audits whose grade
    called for a response of the service, and `responses_in_time` how many had one by its due date; both are
    as of the day they are read. `several_agencies` is None in a cycle without agencies.
    """

    cycle: str
    title: str
    theme: str
    tool: str
    as_of: date
    frozen_on: date | None
    cut_off_on: date | None
    returns: Returns
    reasons: tuple[tuple[str, int], ...]
    method: tuple[str, ...]
    cautions: tuple[str, ...]
    areas: tuple[KeyArea, ...]
    hide_up_to: int
    teams: Mapping[str, int | None]
    main_places: Mapping[str, str]
    factors: Mapping[str, int]
    factors_left_out: tuple[str, ...]
    agreement: Agreement
    cases: int | None = None
    same_cases: Mapping[str, int | None] | None = None
    unit: str = UNIT
    overall: str | None = None
    above_limit: int = 0
    above_limit_with_reason: int = 0
    again: Again | None = None
    responses_called_for: int = 0
    responses_in_time: int = 0
    several_agencies: SeveralAgencies | None = None

    @property
    def no_interval_because(self) -> str | None:
        """Return "12 returns about 2 cases" where cases have several returns that count, else None."""
        return None if self.cases is None else several_returns(self.returns.returned, self.cases)

    @property
    def what_counts(self) -> str:
        """Return the word for what figures count: "case", or what else the tool examines; "return" where a
        case has several of them."""
        return "return" if self.no_interval_because else thing_of(self.unit)

    @property
    def divided_returns(self) -> int:
        """Return the number of returns that count and that teams and context divide: no meetings of cases."""
        if self.several_agencies is None:
            return self.returns.returned
        return self.several_agencies.without_meetings

    @property
    def has_expected_levels(self) -> bool:
        """True when the council expects a level of at least one key area."""
        return any(area.level is not None for area in self.areas)

    @property
    def has_reasons(self) -> bool:
        """True where reasons for grades were recorded: a file of grades alone says nothing of any reason."""
        grades = [area for area in self.areas if area.kind == GRADE]
        return bool(self.agreement.returned_here) or any(
            area.no_reason_given < area.figure.counts.answered for area in grades
        )

    @property
    def noted(self) -> Sequence[KeyArea]:
        """Return the key areas that somebody saw differently, or gave no reason for."""
        areas = self.areas if self.has_reasons else [replace(area, no_reason_given=0) for area in self.areas]
        return [area for area in areas if area.is_noted]

    @property
    def moderated_in_words(self) -> str | None:
        """Return how many audits were moderated, in sentences; None where none could be: nobody moderates a
        category, or knows what was not done about audits from a file."""
        agreed = self.agreement
        if not agreed.moderated:
            could_be = agreed.returned_here and any(area.kind != CATEGORY for area in self.areas)
            return "No audits were moderated by a third person." if could_be else None
        changed = (
            f"A grade was changed in {counted(agreed.changed, 'audit')}"
            if agreed.changed
            else "No grades were changed"
        )
        of = counted(self.returns.returned, "audit")
        return f"A moderator reviewed {agreed.moderated:,} of {of}. {changed}."

    @property
    def responses_in_words(self) -> str | None:
        """Return "14 called for a response; 11 had one in time", as a sentence; None where none did."""
        if not self.responses_called_for:
            return None
        called = counted(self.responses_called_for, "audit")
        return f"{called} called for a response; {self.responses_in_time:,} had one in time."

    @property
    def is_evidence(self) -> bool:
        """True when every key area asks for evidence, so that every figure is of evidence found."""
        return all(area.met_words == FOUND for area in self.areas)

    @property
    def met_words(self) -> tuple[str, ...]:
        """Return what the figures are shares of: "evidence found", "graded outstanding or good"."""
        return tuple(dict.fromkeys(area.met_words for area in self.areas if area.met_words))

    @property
    def theme_below_half(self) -> str | None:
        """Return "Both areas below half are about families.", where they share a theme."""
        return theme_below_half([area.theme for area in self.areas if area.is_below_half])

    @property
    def overall_grade(self) -> KeyArea | None:
        """Return the key area of the overall grade; None where the tool has none."""
        return next((area for area in self.areas if area.question == self.overall), None)

    @property
    def counts_responses(self) -> bool:
        """Return False for findings frozen before answers were counted by response."""
        return all(area.responses is not None for area in self.areas)

    def to_json(self) -> str:
        """Return the whole document as JSON, for `from_json`."""
        return json.dumps(asdict(self), ensure_ascii=False, default=date.isoformat)


def several_returns(returns: int, cases: int) -> str | None:
    """Return "12 returns about 2 cases" where cases have several returns; None where each has one."""
    return f"{counted(returns, 'return')} about {counted(cases, 'case')}" if cases < returns else None


def from_json(text: str) -> Findings:
    """Return the document that `to_json` wrote. Fields that a later version added have their defaults."""
    findings = _read(Findings, json.loads(text))
    assert isinstance(findings, Findings)
    return findings


def _read(kind: Any, data: Any) -> Any:
    """Return data of JSON as this type: a data class, day, tuple or mapping, or a type of JSON."""
    origin = get_origin(kind)
    if data is None or kind in (int, float, str, bool, NoneType):
        return data
    if origin is UnionType:
        return _read(next(choice for choice in get_args(kind) if choice is not NoneType), data)
    if origin is tuple:
        kinds = get_args(kind)
        item_kinds = [kinds[0]] * len(data) if kinds[-1] is ... else kinds
        return tuple(_read(item_kind, value) for item_kind, value in zip(item_kinds, data, strict=True))
    if origin is Mapping:
        return {key: _read(get_args(kind)[1], value) for key, value in data.items()}
    if kind is date:
        return date.fromisoformat(data)
    types = _types_of(kind)
    return kind(**{name: _read(types[name], value) for name, value in data.items() if name in types})


@cache
def _types_of(kind: Any) -> dict[str, Any]:
    """Return the type of each field of a data class."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
