"""The figures of a cycle as reports show them: a table, pictures, and the places of the evidence. Pure."""

from collections.abc import Sequence
from itertools import pairwise

from app.findings.document import Findings
from app.findings.figures import Figure
from app.findings.key_area import KeyArea
from app.findings.met_words import FOUND, WITHIN, in_so_many
from app.intervals import Interval
from app.reports.paper import RESULT_NOT_SHOWN, Bar, Paragraph, Part, Picture, Table
from app.small_numbers import small_in_words
from app.wording import capitalised, counted, listed, plural

HIDDEN = "hidden"

MOST_NAMED = 3
"""Most key areas without a result that are named with the reason; more are only counted."""

MOST_BARS = 20
"""Most bars in a picture; more do not fit a page."""


def table(findings: Findings) -> Table:
    """Return the key areas in the order of the tool, each with its figure and counts.

    There are columns for ranges and expected levels only when some key area has one.
    """
    areas = with_figures(findings)
    columns: list[tuple[str, list[str]]] = [
        ("Key area", [area.name for area in areas]),
        (_heading_of_met(areas), [_of(area) for area in areas]),
        ("Percentage", [_per_cent(area) for area in areas]),
    ]
    if any(area.figure.interval for area in areas):
        columns.append(("Range", [_range(area.figure.interval) for area in areas]))
    numbers = len(columns)
    if any(area.level is not None for area in areas):
        columns.append(("Expected", [area.expected_in_words or "none" for area in areas]))
    words = len(columns)
    columns += [
        ("Not applicable", [f"{area.figure.counts.not_applicable:,}" for area in areas]),
        ("Not answered", [f"{area.figure.counts.not_answered:,}" for area in areas]),
    ]
    about = findings.no_interval_because or counted(findings.returns.returned, "returned audit")
    return Table(
        f"{heading(findings)} ({about})",
        tuple(heading for heading, _ in columns),
        tuple(zip(*(cells for _, cells in columns), strict=True)),
        (*range(1, numbers), words, words + 1),
    )


def with_figures(findings: Findings) -> list[KeyArea]:
    """Return the key areas with a figure, or with too few answers for one. No category is among them."""
    return [area for area in findings.areas if area.is_met_or_not]


def _heading_of_met(areas: Sequence[KeyArea]) -> str:
    """Return the heading of the counts: "Evidence found", "Graded outstanding or good"."""
    ways = {area.met_words for area in areas}
    return capitalised(ways.pop()) if len(ways) == 1 else "Result"


def heading(findings: Findings) -> str:
    """Return the heading of the figures: "Evidence found" where that is what all of them are."""
    is_evidence = findings.met_words == (FOUND,)
    return "Evidence found in each key area" if is_evidence else "Results in each key area"


def pictures(findings: Findings) -> list[Picture]:
    """Return the figures as drawings, each with as many as fit a page; none when there is no figure. What has
    too few answers is told in words, and has no bar. The overall grade has its bar above all."""
    areas = [area for area in findings.areas if area.has_figure and not is_told_first(findings, area)]
    return [_picture(areas, first, end) for first, end in fitting_pages(len(areas))] if areas else []


def is_told_first(findings: Findings, area: KeyArea) -> bool:
    """True for the overall grade where a report opens with it: its answers are known by response."""
    return area.question == findings.overall and bool(area.responses and area.figure.counts.answered)


def fitting_pages(bars: int) -> list[tuple[int, int]]:
    """Return the first bar of each picture, counted from 0, and the one after its last, so that each picture
    fits a page."""
    number = -(-bars // MOST_BARS)
    return list(pairwise(bars * part // number for part in range(number + 1)))


def _picture(every: Sequence[KeyArea], first: int, end: int) -> Picture:
    """Return the picture of the key areas from `first`, counted from 0, to before `end`."""
    areas = every[first:end]
    has_ranges = any(area.figure.interval for area in every)
    part = "" if len(areas) == len(every) else f", {first + 1} to {end} of {len(every)}"
    figures = ". ".join(in_words(area) for area in areas)
    return Picture(
        f"Figures for the key areas{' with 95% ranges' if has_ranges else ''}{part}",
        f"One bar for each key area shows its percentage{' and 95% range' if has_ranges else ''}. {figures}.",
        tuple(_bar(area) for area in areas),
    )


def in_words(area: KeyArea) -> str:
    """Return "Core groups: 60%, range 41% to 77%, found in 15 of 25"."""
    figure = area.figure
    words = f"{area.name}: {area.percent_in_words}"
    if figure.interval:
        words += f", range {figure.interval}"
    if area.expected_in_words is not None:
        words += f", expected {area.expected_in_words}"
    return f"{words}, {in_so_many(area.met_words, _of(area))}"


def places(findings: Findings) -> list[Part]:
    """Return the places of the evidence, hidden as in the findings; empty when no place was named.

    A key area of which every count is hidden has no row: there is nothing to read in it.
    """
    named = [area for area in findings.areas if area.places]
    shown = [area for area in named if any(count for count in area.places.values())]
    if not named:
        return []
    parts: list[Part] = []
    small = small_in_words(findings.hide_up_to)
    if shown:
        columns = list(dict.fromkeys(place for area in shown for place in area.places))
        rows = tuple((area.name, *(_place(area, place) for place in columns)) for area in shown)
        parts.append(
            Table(
                "Number of answers by place where the evidence was found",
                ("Key area", *columns),
                rows,
                tuple(range(1, len(columns) + 1)),
            )
        )
        if any(HIDDEN in row[1:] for row in rows):
            parts.append(Paragraph(f"“{HIDDEN}” means a count {small}, or a count that would reveal one."))
    if without := len(named) - len(shown):
        which = counted(without, "key area") if shown else "any key area"
        why = f"counts {small}, or counts that would reveal one"
        parts.append(Paragraph(f"Places are not shown for {which}: {why}."))
    return parts


def parts(findings: Findings) -> list[Part]:
    """Return what a figure is and, when there is something to draw, the pictures."""
    if not findings.returns.returned:
        return [Paragraph("No returned audits count yet, so there are no figures.")]
    drawn = pictures(findings)
    return [*_explained(findings), *drawn] if drawn else []


def in_full(findings: Findings) -> list[Part]:
    """Return the table of all figures with their counts."""
    return [table(findings)] if findings.returns.returned and with_figures(findings) else []


def named_without_a_result(findings: Findings) -> list[str]:
    """Return why results are not shown, in a sentence for each of few key areas, or in one for many.

    That nothing was returned is told once, in place of the figures.
    """
    areas = with_figures(findings) if findings.returns.returned else []
    without = [area for area in areas if area.has_too_few_answers]
    if len(without) > MOST_NAMED:
        of = (
            f"any of the {len(areas):,}"
            if len(without) == len(areas)
            else f"{len(without):,} of {len(areas):,}"
        )
        return [f"Results are not shown for {of} key areas: too few answers."]
    return [f"No result is shown for “{area.name}”: {area.figure.why_in_words}." for area in without]


def found_in(area: KeyArea) -> str:
    """Return "Core groups: 15 of 25 (60%)" or "Gatekeeping: 5 of 9, result not shown"."""
    if area.is_met_or_not or area.has_too_few_answers:
        return f"{area.name}: {_held_to_its_level(area)}"
    return f"{area.name}: {area.result_in_words}"


def told(area: KeyArea) -> str:
    """Return all of a key area in a line: its figure, how many of each, and what has no answer.

    "Core groups: 15 of 25 (60%) graded outstanding or good; outstanding 4, good 11, inadequate 10".
    """
    counts = area.figure.counts
    said = []
    if area.is_met_or_not:
        words = "" if area.met_words == FOUND or not area.has_figure else f" {area.met_words}"
        said.append(f"{_held_to_its_level(area)}{words}")
    if area.numbers is not None:
        said.append(str(area.numbers))
        missing = counts.answered - area.numbers.answered
        said += [f"{missing:,} not found"] if missing else []
    elif not area.is_found_or_not:
        said.append(area.responses_in_words)
    if counts.not_applicable:
        said.append(f"{counts.not_applicable:,} not applicable")
    if counts.not_answered:
        said.append(f"{counts.not_answered:,} not answered")
    return f"{area.name}: {'; '.join(filter(None, said))}"


def value(figure: Figure) -> str:
    """Return "15 of 25 (60%)" or "5 of 9, result not shown"."""
    return str(figure) if figure.why_no_figure is None else f"{figure}, {RESULT_NOT_SHOWN}"


def _held_to_its_level(area: KeyArea) -> str:
    """Return the same, with the decimals that the expected level asks for."""
    return area.figure_in_words if area.has_figure else value(area.figure)


def _explained(findings: Findings) -> list[Part]:
    cases, words = plural(2, findings.what_counts), findings.met_words
    graded = [way for way in words if way not in (FOUND, WITHIN)]
    sentences = [f"Each figure is the percentage of {cases} with evidence on file."]
    if FOUND not in words:
        sentences = [f"Each figure is the percentage of {cases} {listed(words, 'or')}."]
    elif graded:
        sentences.append(f"For grades, it is the percentage {listed(graded, 'or')}.")
    if FOUND in words and WITHIN in words:
        sentences.append(f"For numbers and days, it is the percentage {WITHIN}.")
    sentences.append(f"It leaves out {cases} where the question did not apply or was not answered.")
    if FOUND in words:
        sentences.append(
            "If auditors did not find evidence, the work may still have been done but not recorded."
        )
    if any(area.figure.interval for area in findings.areas):
        sentences.append("The 95% range shows how far chance alone could have changed a figure.")
    return [Paragraph(" ".join(sentences))]


def _of(area: KeyArea) -> str:
    counts = area.figure.counts
    return f"{counts.met:,} of {counts.answered:,}"


def _per_cent(area: KeyArea) -> str:
    return "not shown" if area.has_too_few_answers else str(area.percent_in_words)


def _range(interval: Interval | None) -> str:
    return str(interval) if interval else "none"


def _place(area: KeyArea, place: str) -> str:
    count = area.places.get(place, 0)
    return HIDDEN if count is None else f"{count:,}"


def _bar(area: KeyArea) -> Bar:
    figure = area.figure
    low, high = (100 * figure.interval.low, 100 * figure.interval.high) if figure.interval else (None, None)
    return Bar(area.name, figure.percent, low, high, area.expected_level, area.figure_in_words)
