"""The content of a version of a tool as plain values, to compare, check and show. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from app.files.cells import NO, YES
from app.names import folded
from app.tools.conditions import Condition
from app.working_days import WorkingDays

MET, NOT_MET, EXCLUDED, NEITHER = "met", "not met", "excluded", "neither"
"""The ways a response counts: "excluded" is not applicable and outside the figure, "neither" is an answer
that is neither met nor not met."""

EVIDENCE, GRADE, CATEGORY = "evidence", "grade", "category"
KINDS = (EVIDENCE, GRADE, CATEGORY)
"""The kinds of scales: found or not; ordered, the best first, with a reason; neither met nor not met."""

RESPONSE, NUMBER, DAYS = "response", "number", "days"
ANSWERS = (RESPONSE, NUMBER, DAYS)
"""The answers that a question can ask for: responses of its scale, a number, two dates and their distance."""

CALENDAR, WORKING = "calendar", "working"
"""The days in which the distance of two dates is counted."""

NOT_APPLICABLE, NOT_FOUND = "not applicable", "not found"
WITHIN, OUTSIDE, GIVEN = "within the limit", "outside the limit", "given"
"""The responses of a question that asks for a number or for days: with a limit the number is within it or
outside, without one it is only given."""

MOST = 1_000_000_000
"""The greatest number of an answer or a limit; the least is as far below 0."""

DAYS_TO_RESPOND = 5
"""The working days within which a response is due, where the tool does not say."""

UNIT = "child’s record"
"""The thing that a tool examines, where it does not say."""


def thing_of(unit: str) -> str:
    """Return the word for what is audited: the case, where a tool is about the child's record."""
    return "case" if unit == UNIT else unit


_NOT_APPLICABLE = ("not applicable", "n/a", "na")

STATUTE, INSPECTION, REVIEWS, LOCAL = (
    "statute",
    "inspection criteria",
    "learning from reviews",
    "local priority",
)
SOURCES = (STATUTE, INSPECTION, REVIEWS, LOCAL)
"""The sources that a standard, and so a question, can come from."""


def kind_of(responses: Iterable[tuple[str, str]]) -> str:
    """Return the kind of a scale that does not say it, from its responses and how they count.

    More than two counted responses are a grade; neither met nor not met is a category; others are evidence.
    """
    counted = [counts_as for _, counts_as in responses if counts_as in (MET, NOT_MET)]
    return GRADE if len(counted) > 2 else EVIDENCE if counted else CATEGORY


@dataclass(frozen=True)
class Scale:
    """A scale and its responses in order, the best first, each with how it counts.

    With `several` an answer may hold more than one response; only a category can have it.
    """

    name: str
    responses: tuple[tuple[str, str], ...]
    kind: str = ""
    several: bool = False

    def __post_init__(self) -> None:
        """Work out the kind where it is not said."""
        if not self.kind:
            object.__setattr__(self, "kind", kind_of(self.responses))

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the responses that answer the question, in order: all but those that are not applicable."""
        return tuple(response for response, counts in self.responses if counts != EXCLUDED)

    def counting_as(self, counts_as: str) -> tuple[str, ...]:
        """Return the responses that count in this way, in order."""
        return tuple(response for response, counts in self.responses if counts == counts_as)

    @property
    def also_written(self) -> dict[str, str]:
        """Return other words for its responses, folded, by which a file may mean them.

        "N/A" is the response that does not count, where the scale has exactly one; Y and 1 are yes, N and 0
        no, where those two are the responses that count.
        """
        words: dict[str, str] = {}
        if len(excluded := self.counting_as(EXCLUDED)) == 1:
            words |= {folded(word): excluded[0] for word in _NOT_APPLICABLE}
        counted = {folded(response): response for response, counts in self.responses if counts != EXCLUDED}
        if counted.keys() == {"yes", "no"}:
            words |= dict.fromkeys(YES, counted["yes"]) | dict.fromkeys(NO, counted["no"])
        return words

    def standing_alone(self, responses: Collection[str]) -> str | None:
        """Return the response that cannot be in one answer with the others of these; None without one.

        A response that is not applicable stands alone.
        """
        alone = [response for response in responses if response in self.counting_as(EXCLUDED)]
        return alone[0] if alone and len(responses) > 1 else None

    @property
    def is_grade(self) -> bool:
        """Return True for a grade, whose answers need a reason."""
        return self.kind == GRADE


LIMITED = Scale(
    "a number with a limit",
    ((WITHIN, MET), (OUTSIDE, NOT_MET), (NOT_FOUND, NOT_MET), (NOT_APPLICABLE, EXCLUDED)),
    EVIDENCE,
)
UNLIMITED = Scale(
    "a number without a limit",
    ((GIVEN, NEITHER), (NOT_FOUND, NEITHER), (NOT_APPLICABLE, EXCLUDED)),
    CATEGORY,
)
NUMBER_SCALES = (LIMITED, UNLIMITED)
"""The scales of questions that ask for a number or for days. They belong to every tool and to no file."""


@dataclass(frozen=True)
class Ceiling:
    """The most that the council expects of some responses together: "no more than 10% inadequate"."""

    responses: tuple[str, ...]
    percent: int


@dataclass(frozen=True)
class CallsForResponse:
    """The responses of a question that call for a response by the service, within some working days."""

    responses: tuple[str, ...]
    working_days: int = DAYS_TO_RESPOND


@dataclass(frozen=True)
class Limit:
    """A limit of the overall grade: with any of the grades `if_any` in the questions `of` (keys; empty: all
    that have a grade), the overall grade is `at_most` that response."""

    if_any: tuple[str, ...]
    of: tuple[str, ...]
    at_most: str


@dataclass(frozen=True)
class Asked:
    """A question.

    `answer` says what it asks for: responses of its `scale`, a number in `unit`, or two dates (`from_label`,
    `to_label`) whose distance is `counted_in` calendar or working days. A number is met up to `met_up_to`
    or from `met_from` on. `expected_level` is a floor in whole per cent, `at_most` a ceiling. `per_case`: the
    meeting of all agencies answers it. `theme` is the theme of its key area, `recorded_in` the place where
    the council has decided that it is recorded.
    """

    key: str
    key_area: str
    text: str
    scale: str | None = None
    guidance: str | None = None
    standard: str | None = None
    expected_level: int | None = None
    is_core: bool = False
    answer: str = RESPONSE
    unit: str | None = None
    from_label: str | None = None
    to_label: str | None = None
    counted_in: str | None = None
    met_up_to: float | None = None
    met_from: float | None = None
    applies_if: Condition | None = None
    per_case: bool = False
    theme: str | None = None
    recorded_in: str | None = None
    at_most: Ceiling | None = None
    calls_for_response: CallsForResponse | None = None

    @property
    def has_limit(self) -> bool:
        """Return True for a number that is met or not met."""
        return self.met_up_to is not None or self.met_from is not None

    @property
    def number_scale(self) -> Scale | None:
        """Return the scale of a question that asks for a number or days; None for one that asks responses."""
        return None if self.answer == RESPONSE else LIMITED if self.has_limit else UNLIMITED

    def days_between(self, first: date, last: date, days: WorkingDays) -> int:
        """Return the distance of two dates, in the days that the question counts in.

        Working days are those after the first date, up to and including the last: the same date is 0.
        """
        return days.between(first, last) if self.counted_in == WORKING else (last - first).days

    def response_to(self, number: float) -> str:
        """Return the response that a number (of days, where it asks for days) is."""
        if not self.has_limit:
            return GIVEN
        low = self.met_from is None or number >= self.met_from
        high = self.met_up_to is None or number <= self.met_up_to
        return WITHIN if low and high else OUTSIDE


@dataclass(frozen=True)
class Part:
    """A section with its questions in order. An optional one may be set aside for a case; `key` names it in
    files."""

    title: str
    questions: tuple[Asked, ...]
    key: str | None = None
    optional: bool = False
    applies_if: Condition | None = None


@dataclass(frozen=True)
class Content:
    """The content of a version; two that are equal are the same version.

    `minimum_answered` is a fraction, 0 to 1. Scales are in the order of their names. `unit` is the thing
    that it examines, `overall` the key of its overall grade.
    """

    reference: str
    version: int
    title: str
    minimum_answered: float
    minimum_count: int
    scales: tuple[Scale, ...]
    sections: tuple[Part, ...]
    unit: str = UNIT
    overall: str | None = None
    limits: tuple[Limit, ...] = ()

    @property
    def name(self) -> str:
        """Return the name that the history uses: "child-protection 1"."""
        return f"{self.reference} {self.version}"

    @property
    def thing(self) -> str:
        """Return what is audited, in a word: the case, or what the tool is about."""
        return thing_of(self.unit)

    def questions(self) -> Iterator[Asked]:
        """Return all questions in the order of the form."""
        for section in self.sections:
            yield from section.questions

    def only(self, wanted: Callable[[Asked], bool]) -> "Content":
        """Return the content with some of the questions, the sections that have any of them, and the limits
        of an overall grade among them."""
        sections = (
            replace(section, questions=tuple(filter(wanted, section.questions))) for section in self.sections
        )
        kept = replace(self, sections=tuple(section for section in sections if section.questions))
        keys = {question.key for question in kept.questions()}
        limits = [
            replace(limit, of=of)
            for limit in self.limits
            if (of := tuple(key for key in limit.of if key in keys)) or not limit.of
        ]
        return replace(kept, limits=tuple(limits) if self.overall in keys else ())

    def question(self, key: str | None) -> Asked | None:
        """Return the question with that key, if there is one."""
        return next((question for question in self.questions() if question.key == key), None)

    def scale(self, name: str | None) -> Scale | None:
        """Return the scale of that name, if there is one."""
        return next((scale for scale in self.scales if scale.name == name), None)

    def scale_of(self, question: Asked) -> Scale | None:
        """Return the scale of a question, if there is one; of a number it is one of NUMBER_SCALES."""
        return question.number_scale or self.scale(question.scale)

    def can_call_for_response(self, question: Asked) -> bool:
        """Return True when it is answered with one response of a scale: single ones can call for a response,
        or be limited."""
        scale = self.scale(question.scale)
        return question.answer == RESPONSE and scale is not None and not scale.several

    def kind_of(self, question: Asked) -> str:
        """Return what a question asks for: "number", "days", or the kind of its scale."""
        if question.answer != RESPONSE:
            return question.answer
        scale = self.scale(question.scale)
        return scale.kind if scale else EVIDENCE
