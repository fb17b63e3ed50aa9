"""Sections that read the figures: comparison with an earlier cycle, lowest figures, quality. Pure."""

from collections.abc import Sequence
from itertools import groupby

from app.findings.again import Again
from app.findings.document import Findings
from app.findings.key_area import KeyArea
from app.findings.met_words import AT_LEAST, FEWER, half_in_words
from app.findings.ranking import ranked
from app.reports.composing import paragraph_of
from app.reports.facts import Comparison, ComparisonRow, Material
from app.reports.paper import Bullets, Paragraph, Part, Table
from app.wording import all_of, counted, have, were

MOST_HIGH = 4
"""Most key areas with the highest figures that are named."""


def compared(material: Material) -> list[Part]:
    """Return the comparison with the earlier cycle, without ever saying better or worse, save the key areas
    that `development_before` tells.

    That there is none to compare with is a caution.
    """
    comparison, before = material.comparison, material.development_before
    if comparison is None or not material.findings.returns.returned:
        return []
    if not comparison.rows:
        return paragraph_of(
            f"This cycle did not ask about any of the key areas of {comparison.cycle}.", comparison.why_not
        )
    told = {row.name for row in before.rows} if before and before.cycle == comparison.cycle else set()
    tables = [
        _beside(f"{caption} compared with {comparison.cycle}", rows, comparison)
        for caption, rows in (
            ("Other key areas" if told else "This cycle", [r for r in comparison.rows if r.name not in told]),
            ("How many of each response", comparison.responses),
        )
        if rows
    ]
    return [*([] if told else _of_comparison(comparison)), *tables]


def development_before(material: Material) -> list[Part]:
    """Return the key areas that were weak in the cycle before, then and now."""
    before = material.development_before
    if before is None or not before.rows or not material.findings.returns.returned:
        return []
    return [
        _beside(
            f"Key areas below half or outside the expected level in {before.cycle}, then and now",
            before.rows,
            before,
        ),
        *_of_comparison(before),
    ]


def _of_comparison(comparison: Comparison) -> list[Part]:
    return paragraph_of(comparison.why_not, comparison.of_the_cases)


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
            asked.shows,
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


def reaching_half(material: Material) -> list[Part]:
    """Return how far the ranges of the key areas below a half reach."""
    return _reaching([area for area in material.findings.areas if area.is_below_half])


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
        "Auditors may have missed evidence kept somewhere else.",
    )


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


def highest(findings: Findings) -> list[KeyArea]:
    """Return the key areas with the highest figures: at most four, and at most half of those with a figure,
    of which there are several.

    Each is at half or more, and at the level that the council expects. Those with the same figure are named
    together, or not at all.
    """
    strong = [
        each
        for each in ranked(findings.areas)
        if each.rank is not None
        and not each.area.is_below_half
        and not each.area.is_outside_expected
        and each.area.question != findings.overall
    ]
    number = sum(1 for area in findings.areas if area.has_figure)
    most = min(MOST_HIGH, -(-number // 2)) if number > 1 else 0
    named: list[KeyArea] = []
    for _, of_a_rank in groupby(strong, key=lambda each: each.rank):
        areas = [each.area for each in of_a_rank]
        if len(named) + len(areas) > most:
            break
        named += areas
    return named


def below_half(with_figure: Sequence[KeyArea], cases: str, others: str = "") -> str:
    """Return "In 2 of the 7 key areas with a figure, evidence was found in fewer than half of the cases".

    `others` is "other " where one more is told before, as the overall grade is.
    """
    low = [area for area in with_figure if area.is_below_half]
    number = len(with_figure)
    if number == 1:
        which = f"In the one {others}key area with a figure"
    elif low and len(low) < number:
        which = f"In {len(low):,} of the {number:,} {others}key areas with a figure"
    else:
        which = f"In {all_of(number).lower()} {others}key areas with a figure"
    words = [area.met_words for area in low or with_figure]
    return f"{which}, {half_in_words(words, FEWER if low else AT_LEAST, cases)}"


def _reaching(low: Sequence[KeyArea]) -> list[Part]:
    """Return how many of the ranges below a half reach it, so that other cases might have given more."""
    reaching = sum(1 for area in low if area.figure.interval and area.figure.interval.high >= 0.5)
    if not reaching:
        return []
    if len(low) == 1:
        whose = "The range of the key area below half goes"
    elif reaching == len(low):
        whose = f"The ranges of {all_of(len(low)).lower()} key areas below half go"
    else:
        which = f"{reaching:,} of the {len(low):,} key areas below half"
        whose = f"The ranges of {which} go" if reaching > 1 else f"The range of {which} goes"
    return paragraph_of(f"{whose} up to half or more, so other cases might have given a higher figure.")
