"""Sections that read the figures: comparison with an earlier cycle, lowest figures, quality. Pure."""

from collections.abc import Sequence

from app.findings.again import Again
from app.findings.document import Findings, KeyArea
from app.findings.met_words import AT_LEAST, FEWER, FOUND, half_in_words
from app.reports.composing import paragraph_of
from app.reports.facts import Comparison, ComparisonRow, Material
from app.reports.key_areas import found_in
from app.reports.paper import Bullets, Paragraph, Part, Table
from app.tools.content import GRADE
from app.wording import capitalised, counted, have, plural, were

MOST_NAMED = 10
"""Key areas below a half that are named, the lowest first; the table has the others."""


def compared(material: Material) -> list[Part]:
    """Return the comparison with the earlier cycle, without ever saying better or worse."""
    comparison = material.comparison
    if comparison is None:
        first = None if material.before else "This is the first cycle audited with this service."
        return paragraph_of(
            first,
            "No earlier cycle has been declared comparable, so these figures cannot be compared. "
            "They are the baseline for the next comparable cycle.",
        )
    if not comparison.rows:
        return paragraph_of(
            f"This cycle did not ask about any of the key areas of {comparison.cycle}.", comparison.why_not
        )
    tables = [_beside(f"This cycle compared with {comparison.cycle}", comparison.rows, comparison)]
    if comparison.responses:
        caption = f"How many of each response, compared with {comparison.cycle}"
        tables.append(_beside(caption, comparison.responses, comparison))
    return [*paragraph_of(comparison.why_not, comparison.of_the_cases), *tables]


def _beside(caption: str, rows: Sequence[ComparisonRow], comparison: Comparison) -> Table:
    """Return a table of two cycles, with a column of differences where they are comparable."""
    headings = ["Key area", comparison.cycle, "This cycle", "Difference"]
    cells = [(row.name, row.before, row.after, row.difference or "none") for row in rows]
    columns = len(headings) if comparison.why_not is None else len(headings) - 1
    return Table(caption, tuple(headings[:columns]), tuple(row[:columns] for row in cells))


def audited_again(findings: Findings) -> list[Part]:
    """Return the cases of an earlier cycle that this one audited again, before and now."""
    again = findings.again
    if again is None:
        return []
    parts: list[Part] = [Paragraph(" ".join(again.sentences))]
    if again.grades:
        now = tuple(next(iter(again.grades.values())))
        rows = tuple(
            (before, *(f"{number:,}" for number in row.values())) for before, row in again.grades.items()
        )
        parts += [
            Paragraph(f"Overall grade: {again.by_grade}."),
            Table(
                f"Cases by overall grade in {again.earlier} (rows) and now (columns)",
                (f"In {again.earlier}", *now),
                rows,
                tuple(range(1, len(now) + 1)),
            ),
        ]
    if again.questions:
        parts.append(_questions_again(again))
    return parts


def _questions_again(again: Again) -> Table:
    """Return the key areas of cases audited again, with what it shows where that can be said."""
    headings = ("Key area", "Met now, not before", "The same", "Met before, not now", "What it shows")
    rows = [
        (
            asked.name,
            str(asked.cases.better),
            str(asked.cases.same),
            str(asked.cases.worse),
            asked.verdict or "no case differs",
        )
        for asked in again.questions
    ]
    columns = 5 if any(asked.verdict for asked in again.questions) else 4
    return Table(
        f"Cases by whether they were met in {again.earlier} and now",
        headings[:columns],
        tuple(row[:columns] for row in rows),
        (1, 2, 3),
    )


def least_found(material: Material) -> list[Part]:
    """Return the key areas below a half, those outside the expected level, and those without a figure."""
    findings = material.findings
    with_figure = [area for area in findings.areas if area.has_figure]
    parts: list[Part] = []
    if with_figure:
        parts += _below(with_figure, material.cases)
        parts += paragraph_of(findings.theme_below_half)
    parts += _outside_expected(findings.areas)
    without = [area for area in findings.areas if area.has_too_few_answers]
    if not without or not findings.returns.returned:
        return parts
    if len(without) == len(findings.areas):
        return [Paragraph("Results are not shown yet because there are too few answers.")]
    which = counted(len(without), "key area")
    return [
        *parts,
        Paragraph(f"Results are not shown for {which} because there are too few answers:"),
        Bullets(tuple(f"{area.name}: {area.figure.why_no_figure}" for area in without)),
    ]


def heading_of_least_found(findings: Findings) -> str:
    """Return the heading of `least_found`: without a figure nothing is lowest."""
    with_figure = [area for area in findings.areas if area.has_figure]
    if not with_figure:
        return "Results that are not shown"
    is_evidence = all(area.met_words == FOUND for area in with_figure)
    return "Where evidence was found least often" if is_evidence else "The lowest figures"


def elsewhere(findings: Findings) -> list[Part]:
    """Return the caution that evidence may be recorded elsewhere, where it was found in several places.

    Hidden counts are not places: where they are all that a key area has, it may be one of them.
    """
    spread = [area for area in findings.areas if area.is_in_several_places]
    if not spread:
        return []
    areas = counted(len(findings.areas), "key area")
    which = f"For {len(spread):,} of {areas}"
    if len(spread) == len(findings.areas):
        which = f"For all {areas}" if len(spread) > 1 else "For the one key area"
    elif any(None in area.places.values() for area in findings.areas if area not in spread):
        which = f"For at least {len(spread):,} of {areas}"
    return paragraph_of(
        f"{which}, evidence was found in more than one place in the records.",
        "Auditors may have missed evidence kept somewhere else, so the work may still have been done.",
    )


def quality(material: Material) -> list[Part]:
    """Return the key areas in which auditors graded the quality of the work. The report opens with the
    overall grade."""
    by_grades: dict[str, list[str]] = {}
    cases = capitalised(plural(2, material.findings.what_counts))
    for area in material.findings.areas:
        if area.kind == GRADE and area.has_figure and area.question != material.findings.overall:
            by_grades.setdefault(area.met_words, []).append(found_in(area))
    parts: list[Part] = []
    for graded, areas in by_grades.items():
        parts += [Paragraph(f"{cases} that auditors {graded}:"), Bullets(tuple(areas))]
    return parts


def examples(material: Material) -> list[Part]:
    """Return the number of examples nominated, and the texts of those approved."""
    if not material.findings.returns.returned:
        return []
    nominated, approved = material.work.nominated, material.examples
    if not nominated and not approved:
        if not material.findings.agreement.returned_here:
            return []
        return [Paragraph("No audits were nominated as an example of good work.")]
    counts = paragraph_of(
        f"{counted(nominated, 'audit')} {were(nominated)} nominated as an example of good work."
        if nominated
        else None,
        None if approved else "None has been approved for sharing yet.",
        f"{len(approved):,} {have(len(approved))} been approved for sharing, with nothing that could "
        "identify a family:"
        if approved
        else None,
    )
    return counts + (
        [Bullets(tuple(f"{example.title}: {example.text}" for example in approved))] if approved else []
    )


def _below(with_figure: Sequence[KeyArea], cases: str) -> list[Part]:
    """Return the key areas with a figure that are below a half, the lowest first."""
    areas = [area for area in with_figure if area.is_below_half]
    if len(with_figure) == 1:
        which = "In the one key area with a figure"
    elif areas and len(areas) < len(with_figure):
        which = f"In {len(areas):,} of the {len(with_figure):,} key areas with a figure"
    else:
        which = (
            f"In {'both' if len(with_figure) == 2 else f'all {len(with_figure):,}'} key areas with a figure"
        )
    words = [area.met_words for area in areas or with_figure]
    half = half_in_words(words, FEWER if areas else AT_LEAST, cases)
    if not areas:
        return paragraph_of(f"{which}, {half}.")
    lowest = sorted(areas, key=lambda area: area.figure.share or 0)
    of_them = f". The {MOST_NAMED} lowest are" if len(areas) > MOST_NAMED else ""
    return [
        Paragraph(f"{which}, {half}{of_them}:"),
        Bullets(tuple(map(found_in, lowest[:MOST_NAMED]))),
        *_reaching(areas),
    ]


def _reaching(areas: Sequence[KeyArea]) -> list[Part]:
    """Return how many of the ranges reach a half, so that other cases might have given more."""
    reaching = sum(1 for area in areas if area.figure.interval and area.figure.interval.high >= 0.5)
    if not reaching:
        return []
    if len(areas) == 1:
        whose = "Its range goes"
    elif reaching == len(areas):
        whose = "Each of their ranges goes"
    else:
        whose = f"The ranges of {reaching:,} of them go" if reaching > 1 else "The range of one of them goes"
    return paragraph_of(f"{whose} up to half or more, so other cases might have given a higher figure.")


def _outside_expected(areas: Sequence[KeyArea]) -> list[Part]:
    """Return the key areas outside the level that the council expects, of those that can be compared."""
    compared = [area for area in areas if area.level is not None and area.level.kept is not None]
    outside = [area for area in compared if area.is_outside_expected]
    if not compared:
        return []
    if not outside:
        return paragraph_of("Every key area with a figure and an expected level meets that level.")
    areas_are = f"{counted(len(outside), 'key area')} {'is' if len(outside) == 1 else 'are'}"
    return [
        Paragraph(f"{areas_are} outside the level the council expects:"),
        Bullets(tuple(f"{area.name}: {area.beside_expected}" for area in outside)),
    ]
