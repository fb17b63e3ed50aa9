"""The findings of a cycle as one document: for pages, files and the command, and to be frozen. Pure.

Small numbers are hidden in it already, save those of agencies, of which only some may leave (by_agency.py).
There is no comment, no case number and no name of an auditor in it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from app.audits.returns import Returns
from app.concerns.response_numbers import NO_RESPONSES, ResponseNumbers
from app.findings.again import Again
from app.findings.agreement import Agreement, grades_changed
from app.findings.by_agency import SeveralAgencies
from app.findings.key_area import KeyArea
from app.findings.met_words import FOUND
from app.findings.themes import theme_below_half
from app.tools.content import CATEGORY, GRADE, UNIT, thing_of
from app.wording import counted, have
from app.workers.reply_numbers import ReplyNumbers


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
    of an earlier cycle that it audits again. `responses` has the numbers of responses that grades called for
    and of disputes; they are as of the day they are read, as are the numbers of `workers`, None where the
    cycle tells them nothing.
    `several_agencies` is None in a cycle without agencies.
    """

    cycle: str
    title: str
    theme: str
    tool: str
    as_of: date
    frozen_on: date | None
    cut_off_on: date | None
    returns: Returns
    reasons: tuple[tuple[str, int | None], ...]
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
    responses: ResponseNumbers = NO_RESPONSES
    workers: ReplyNumbers | None = None
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
        of = counted(self.returns.returned, "audit")
        return f"A moderator reviewed {agreed.moderated:,} of {of}. {grades_changed(agreed.changed)}"

    @property
    def workers_in_words(self) -> str | None:
        """Return how many workers replied, and how often that changed an answer; None where none could."""
        return self.workers.in_words if self.workers else None

    @property
    def places(self) -> list[str]:
        """Return the places with any evidence, in the order of the council's list."""
        return list(dict.fromkeys(place for area in self.areas for place in area.places))

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
    def above_limit_in_words(self) -> str | None:
        """Return how many audits have an overall grade above its limit, in a sentence; None if none has."""
        if not self.above_limit:
            return None
        audits = f"{counted(self.above_limit, 'audit')} {have(self.above_limit)}"
        return f"{audits} an overall grade above the limit of the audit tool."

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
    findings = _reader(Findings)(json.loads(text))
    assert isinstance(findings, Findings)
    return findings


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """Return what reads data of JSON as this type: a data class, day, tuple or mapping, or a type of JSON."""
    if kind in (int, float, str, bool, NoneType):
        return _as_it_is
    read = _reader_of_values(kind)
    return lambda data: None if data is None else read(data)


def _reader_of_values(kind: Any) -> Callable[[Any], Any]:
    """Return the same for data that is there."""
    origin, kinds = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return _reader(next(choice for choice in kinds if choice is not NoneType))
    if origin is tuple and kinds[-1] is ...:
        read_item = _reader(kinds[0])
        return lambda data: tuple(map(read_item, data))
    if origin is tuple:
        readers = [_reader(item) for item in kinds]
        return lambda data: tuple(read(value) for read, value in zip(readers, data, strict=True))
    if origin is Mapping:
        read_value = _reader(kinds[1])
        return lambda data: {key: read_value(value) for key, value in data.items()}
    if kind is date:
        return date.fromisoformat
    hints = get_type_hints(kind)
    named = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    return lambda data: kind(**{name: named[name](value) for name, value in data.items() if name in named})


def _as_it_is(data: Any) -> Any:
    return data
