"""The overall grades of a summary: those of tools with the same grades beside each other. Pure.

The answers to one question (the same key, the same grades) are added up over its cycles. Those to other
questions never are, however alike their grades, nor those of cases that were audited again: each of these has
been counted before, and says nothing of others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.names import folded
from app.reports.key_areas import fitting_pages
from app.reports.paper import GradeBar, Grades, Paragraph, Part
from app.summary.facts import Facts, ReportedCycle
from app.summary.tables import Rows
from app.wording import have, listed, plural

MOST_NAMED = 3
"""Most cycles whose grades the main points give one by one."""


@dataclass(frozen=True)
class Graded:
    """The overall grades of a cycle, or of several with the same question, and the audits with each.

    `without` are the audits that count and have no grade.
    """

    name: str
    question: str
    grades: tuple[str, ...]
    counts: tuple[int, ...]
    without: int
    is_re_audit: bool = False

    @property
    def in_words(self) -> str:
        """Return "2010-1: outstanding 2, good 14"."""
        counts = zip(self.grades, self.counts, strict=True)
        return f"{self.name}: {', '.join(f'{grade} {count:,}' for grade, count in counts)}"


@dataclass(frozen=True)
class Group:
    """The overall grades of the cycles with the same grades: of each, and of each question that several have
    together."""

    cycles: Sequence[Graded]
    together: Sequence[Graded]

    @property
    def grades(self) -> tuple[str, ...]:
        """Return the grades, the best first, as the first cycle spells them."""
        return self.cycles[0].grades

    @property
    def all(self) -> list[Graded]:
        """Return all of them, those of several cycles first."""
        return [*self.together, *self.cycles]


def in_short(facts: Facts) -> list[str]:
    """Return the main points: the grades that are added up, else those of the cycles where they are few."""
    return [
        f"Overall grades in {graded.in_words}."
        for group in _groups(facts.cycles)
        for graded in group.together or (group.cycles if len(group.cycles) <= MOST_NAMED else ())
    ]


def parts(facts: Facts) -> list[Part | Rows]:
    """Return a picture and a table for the cycles with the same grades, and the cycles that have none."""
    said: list[Part | Rows] = []
    groups = _groups(facts.cycles)
    for number, group in enumerate(groups, start=1):
        which = f", grades {number} of {len(groups)}" if len(groups) > 1 else ""
        said += _pictures(group, which)
        said.append(_table(group, which))
    without = [one.reference for one in facts.cycles if _graded(one) is None]
    if len(without) > 1 and not groups:
        return [Paragraph("None of these cycles has an overall grade.")]
    if without:
        number = len(without)
        said.append(
            Paragraph(f"{plural(number, 'Cycle')} {listed(without)} {have(number)} no overall grade.")
        )
    return said


def _groups(cycles: Sequence[ReportedCycle]) -> list[Group]:
    by_grades: dict[tuple[str, ...], list[Graded]] = {}
    for one in filter(None, map(_graded, cycles)):
        by_grades.setdefault(tuple(map(folded, one.grades)), []).append(one)
    return [Group(each, _together(each)) for each in by_grades.values()]


def _graded(one: ReportedCycle) -> Graded | None:
    """Return the overall grades of a cycle; None where its tool has none, or they are not known any more."""
    area = one.findings.overall_grade
    if area is None or area.responses is None:
        return None
    counts = area.figure.counts
    return Graded(
        f"{one.reference}, audited again" if one.is_re_audit else one.reference,
        area.question,
        tuple(given.response for given in area.responses),
        tuple(given.count for given in area.responses),
        counts.not_applicable + counts.not_answered,
        one.is_re_audit,
    )


def _together(cycles: Sequence[Graded]) -> list[Graded]:
    """Return the sums of the cycles that have the same question, where several have it."""
    by_question: dict[str, list[Graded]] = {}
    for one in cycles:
        if one.is_re_audit:
            continue
        by_question.setdefault(one.question, []).append(one)
    return [
        Graded(
            _named(same, cycles),
            question,
            same[0].grades,
            tuple(map(sum, zip(*(one.counts for one in same), strict=True))),
            sum(one.without for one in same),
        )
        for question, same in by_question.items()
        if len(same) > 1
    ]


def _named(same: Sequence[Graded], cycles: Sequence[Graded]) -> str:
    """Return "all 3 cycles", "2010-1 and 2010-2" or "8 cycles"."""
    if len(same) == len(cycles):
        return "both cycles" if len(same) == 2 else f"all {len(same):,} cycles"
    return listed(one.name for one in same) if len(same) <= MOST_NAMED else f"{len(same):,} cycles"


def _pictures(group: Group, which: str) -> list[Part]:
    bars = [one for one in group.all if any(one.counts)]
    pages = fitting_pages(len(bars)) if bars else []
    return [
        Grades(
            f"Overall grades from best to worst{which}"
            + (f", {first + 1} to {end} of {len(bars)}" if len(pages) > 1 else ""),
            "One bar for each cycle shows how many audits got each grade, from best to worst. "
            + " ".join(f"{one.in_words}." for one in bars[first:end]),
            group.grades,
            tuple(GradeBar(one.name, one.counts) for one in bars[first:end]),
        )
        for first, end in pages
    ]


def _table(group: Group, which: str) -> Rows:
    has_without = any(one.without for one in group.all)
    headings = ("Cycle", *group.grades, *(("no grade",) if has_without else ()))
    rows = [(one.name, *one.counts, *((one.without,) if has_without else ())) for one in group.all]
    return Rows(f"Overall grades{which}", f"Audits by overall grade{which}", headings, rows)
