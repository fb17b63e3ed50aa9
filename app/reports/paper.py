"""A report as data. It is what is frozen, and Word and HTML are written from it. Pure.

`content` makes it; `word` and `web` render it. A final report stores its paper as JSON.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from app.wording import counted, plural


class Audience(StrEnum):
    """The readers that a report is written for."""

    COUNCIL = "council"
    """Senior managers of the council."""
    PARTNERSHIP = "partnership"
    """The partnership's quality sub group: small numbers hidden, no team."""
    AUDITORS = "auditors"
    """Feedback to those who audited."""
    STAFF = "staff"
    """The page for staff."""


@dataclass(frozen=True)
class Paragraph:
    """Words of the product or, where `is_written`, of the analyst."""

    text: str
    is_written: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list, numbered when the order matters."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Table:
    """A table with one row of headings; the first cell of each row names it. No merged cells."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    """Columns that hold numbers, counted from 0; they are aligned to the right."""

    @property
    def narrow(self) -> tuple[int, ...]:
        """Return the columns, counted from 0, whose cells are all so short that none should break: dates."""
        columns = enumerate(zip(*self.rows, strict=True))
        return tuple(number for number, cells in columns if max(map(len, cells)) <= MOST_NARROW)


MOST_NARROW = 17
"""Most letters of a cell that stays on one line: those of "30 September 2026"."""


@dataclass(frozen=True)
class Bar:
    """A figure with its range for a picture, in per cent. Both ends are None when there is no range."""

    name: str
    percent: int | None
    low: float | None = None
    high: float | None = None
    expected: int | None = None
    said: str = ""
    """The label beside it: "15 of 25", or why there is no figure."""


@dataclass(frozen=True)
class Picture:
    """Figures drawn as bars. `alternative` says in words all that the picture shows."""

    caption: str
    alternative: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class GradeBar:
    """The answers to a question by grade, the best first. `at_most` is the ceiling, in per cent, over the
    grades `at_most_of`."""

    name: str
    counts: tuple[int, ...]
    at_most_of: tuple[str, ...] = ()
    at_most: int | None = None


@dataclass(frozen=True)
class Grades:
    """Answers drawn as bars from the best grade to the worst, all in the same grades.

    `alternative` says in words all that the picture shows.
    """

    caption: str
    alternative: str
    grades: tuple[str, ...]
    grade_bars: tuple[GradeBar, ...]


RESULT_NOT_SHOWN = "result not shown"
"""The words instead of a figure where too few answers count."""

Part = Paragraph | Bullets | Table | Picture | Grades


@dataclass(frozen=True)
class Section:
    """A heading and the parts under it.

    `only_product` is True when an analyst's words are expected and none are written yet: a draft says so.
    `is_annex` is True of what stands behind the report, from a page of its own on.
    """

    key: str
    heading: str
    parts: tuple[Part, ...] = ()
    sections: tuple["Section", ...] = ()
    only_product: bool = False
    is_annex: bool = False

    @property
    def has_content(self) -> bool:
        """True when something stands under the heading."""
        return bool(self.parts or self.sections)


NOT_WRITTEN = Paragraph("No one has written this section yet.")


@dataclass(frozen=True)
class Paper:
    """A report. `said_of_it` has its particulars: cycle, cut-off, tool, hiding, marking, author and day.

    `opening` is what stands before everything else: the overall grades, where the tool has them. `marking`
    and `author`, with how to reach them, are on every page beside the name of the organisation.

    `is_draft` until it is made final; then `number` is its version and `because` the reason for a correction.
    """

    audience: Audience
    title: str
    organisation: str
    cycle: str
    made_on: date
    said_of_it: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    is_draft: bool = True
    number: int | None = None
    because: str | None = None
    opening: tuple[Part, ...] = ()
    marking: str | None = None
    author: str | None = None

    @property
    def state(self) -> str:
        """ "Draft: not final", "Final", "Final, version 2, corrected: a date was wrong"."""
        if self.is_draft:
            return "Draft: not final"
        if self.number is None or self.number == 1:
            return "Final"
        return f"Final, version {self.number}" + (f", corrected: {self.because}" if self.because else "")

    @property
    def about(self) -> str:
        """ "Cycle 2010-1", for those who search for files."""
        return f"Cycle {self.cycle}"

    @property
    def still_to_write(self) -> str | None:
        """ "2 sections are not written yet" for a draft that marks so many; never for a final one."""
        number = sum(1 for section in self.sections if section.only_product and not section.has_content)
        if not self.is_draft or not number:
            return None
        return f"{counted(number, 'section')} {plural(number, 'is', 'are')} not written yet"

    @property
    def shown(self) -> tuple[Section, ...]:
        """Return the sections as readers see them: one that nobody has written is marked in a draft, and left
        out of a final report."""
        return tuple(
            section if section.has_content else replace(section, parts=(NOT_WRITTEN,))
            for section in self.sections
            if section.has_content or (self.is_draft and section.only_product)
        )

    def to_json(self) -> str:
        """Return the whole paper as JSON, for `from_json`."""
        return json.dumps(_paper_data(self), ensure_ascii=False)


def from_json(text: str) -> Paper:
    """Return the paper that `to_json` wrote."""
    data = json.loads(text)
    return Paper(
        **{
            **data,
            "audience": Audience(data["audience"]),
            "made_on": date.fromisoformat(data["made_on"]),
            "said_of_it": tuple((name, value) for name, value in data["said_of_it"]),
            "sections": tuple(_section(section) for section in data["sections"]),
            "opening": tuple(_part(part) for part in data.get("opening", ())),
        }
    )


_PARTS: Mapping[str, type[Part]] = {
    "paragraph": Paragraph,
    "bullets": Bullets,
    "table": Table,
    "picture": Picture,
    "grades": Grades,
}
_NAMES = {kind: name for name, kind in _PARTS.items()}


def _paper_data(paper: Paper) -> dict[str, Any]:
    return {
        **asdict(paper),
        "made_on": paper.made_on.isoformat(),
        "sections": [_section_data(section) for section in paper.sections],
        "opening": [_part_data(part) for part in paper.opening],
    }


def _section_data(section: Section) -> dict[str, Any]:
    return {
        **asdict(section),
        "parts": [_part_data(part) for part in section.parts],
        "sections": [_section_data(below) for below in section.sections],
    }


def _part_data(part: Part) -> dict[str, Any]:
    return {"kind": _NAMES[type(part)], **asdict(part)}


def _section(data: Mapping[str, Any]) -> Section:
    return Section(
        **{
            **data,
            "parts": tuple(_part(part) for part in data["parts"]),
            "sections": tuple(_section(section) for section in data["sections"]),
        }
    )


def _part(data: Mapping[str, Any]) -> Part:
    kind = _PARTS[data["kind"]]
    return kind(**{name: _value(name, value) for name, value in data.items() if name != "kind"})


def _value(name: str, value: Any) -> Any:
    """Return a value with the lists of JSON turned back into tuples."""
    if name == "bars":
        return tuple(Bar(**bar) for bar in value)
    if name == "grade_bars":
        return tuple(GradeBar(**{name: _value(name, each) for name, each in bar.items()}) for bar in value)
    if isinstance(value, list):
        return tuple(tuple(item) if isinstance(item, list) else item for item in value)
    return value
