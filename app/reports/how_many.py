"""The responses to each question and how many gave each, as sentences, tables and bars of grades. Pure."""

from collections.abc import Sequence

from app.findings.document import Findings
from app.findings.key_area import MAY_ADD_UP, KeyArea
from app.findings.numbers import number_in_words
from app.findings.responses import FLOOR, Given
from app.reports.facts import Material
from app.reports.key_areas import fitting_pages, is_told_first
from app.reports.paper import GradeBar, Grades, Paragraph, Part, Table
from app.tools.content import GRADE, NOT_FOUND
from app.wording import capitalised, counted, listed, were, with_unit

MOST_COLUMNS = 5
"""Most responses that have a column each in a table of several key areas; more are rows."""

NOT_SHOWN = "not shown"


def overall(material: Material) -> list[Part]:
    """Return the overall grades in a sentence and as a bar: the first thing that a report says.

    It is empty where the tool has no overall grade, where nothing was returned, and where the figures were
    frozen before responses were counted.
    """
    area = material.findings.overall_grade
    if area is None or not is_told_first(material.findings, area):
        return []
    sentences = [_graded(area, area.responses or ())]
    if above := material.findings.above_limit:
        explained = material.findings.above_limit_with_reason
        reasons = ", each with a reason" if explained == above else f", {explained:,} with a reason"
        sentences.append(
            f"Audits above the limit of the overall grade: {above:,}{reasons if explained else ''}."
        )
    return [Paragraph(" ".join(sentences)), _bars("Overall grades, from best to worst", [area])]


def _graded(area: KeyArea, responses: Sequence[Given]) -> str:
    """Return "Of 60 audits, 2 were graded outstanding and 58 good (97%, 89% to 99%), above the …"."""
    counts, (first, *others) = area.figure.counts, responses
    share = area.at_most_share if area.at_most else responses[-1]
    told = [
        f"{first.count:,} {were(first.count)} graded {first.response}{_percent(area, first, share)}",
        *(f"{given.count:,} {given.response}{_percent(area, given, share)}" for given in others),
    ]
    if counts.not_applicable:
        told.append(f"{counts.not_applicable:,} not applicable")
    if counts.not_answered:
        told.append(f"{counts.not_answered:,} not graded")
    return f"Of {counted(counts.audits, 'audit')}, {listed(told)}{_held_to_level(area, responses)}."


def _percent(area: KeyArea, given: Given, share: Given | None) -> str:
    """Return " (23%, 14% to 35%)" after the response whose share is told, and nothing after the others."""
    if share is None or given.response != share.response or given.percent is None:
        return ""
    return f" ({area.percent_of(given)}{f', {given.interval}' if given.interval else ''})"


def _held_to_level(area: KeyArea, responses: Sequence[Given]) -> str:
    """Return ", above the council’s ceiling of 10%", or a sentence that says what is held to the level."""
    level, share = area.level, area.at_most_share
    if level is None or level.kept is None:
        return ""
    if level.kind == FLOOR:
        figure, how = area.figure, "at or above" if level.kept else "below"
        range_of = f", {figure.interval}" if figure.interval else ""
        met = f"{figure.counts.met:,} {were(figure.counts.met)} {area.met_words.removeprefix('graded ')}"
        return f". {met} ({area.held_in_words}{range_of}), {how} the council’s floor of {level.percent}%"
    ceiling = f"{'within' if level.kept else 'above'} the council’s ceiling of {level.percent}%"
    if share is None or any(given.response == share.response for given in responses):
        return f", {ceiling}"
    return f". {share.count:,} {were(share.count)} {share.response}{_percent(area, share, share)}, {ceiling}"


def parts(findings: Findings) -> list[Part]:
    """Return tables of how many answers gave each response, for key areas where a figure does not say it.

    Found and not found are in the table of figures. Numbers have their middle.
    """
    told: list[Part] = []
    if not findings.returns.returned:
        return told
    for areas in _in_the_same_responses(findings):
        is_graded = areas[0].kind == GRADE
        of = "grade" if is_graded else "answer"
        told += _tables(areas, f"Number of audits with each {of}")
        if any(area.several for area in areas):
            told.append(Paragraph(MAY_ADD_UP))
    if with_numbers := [area for area in findings.areas if area.numbers is not None]:
        told += [_numbers(with_numbers)]
    return told


def bars(findings: Findings) -> list[Part]:
    """Return the grades as bars, save the overall grade, whose bar opens the report."""
    drawn: list[Part] = []
    if not findings.returns.returned:
        return drawn
    for areas in _in_the_same_responses(findings):
        others = [area for area in areas if area.question != findings.overall]
        if others and areas[0].kind == GRADE:
            drawn += pictures(others)
    return drawn


def pictures(areas: Sequence[KeyArea]) -> list[Grades]:
    """Return the grades of these key areas as bars, each picture with as many as fit a page."""
    pages = fitting_pages(len(areas))
    part = "Grades from best to worst"
    if len(areas) == 1:
        return [_bars(f"{areas[0].name}: grades from best to worst", areas)]
    return [
        _bars(part if len(pages) == 1 else f"{part}, {first + 1} to {end} of {len(areas)}", areas[first:end])
        for first, end in pages
    ]


def _bars(caption: str, areas: Sequence[KeyArea]) -> Grades:
    """Return one picture of key areas with the same responses."""
    which = "A bar" if len(areas) == 1 else "One bar for each key area"
    said = ". ".join(
        f"{area.name}: {area.responses_in_words}"
        + (f"; expected {area.expected_in_words}" if area.expected_in_words else "")
        for area in areas
    )
    return Grades(
        caption,
        f"{which} shows how many audits got each grade, from best to worst. {said}.",
        tuple(given.response for given in areas[0].responses or ()),
        tuple(_bar(area) for area in areas),
    )


def _bar(area: KeyArea) -> GradeBar:
    counts = tuple(given.count for given in area.responses or ())
    if area.at_most is None:
        return GradeBar(area.name, counts)
    return GradeBar(area.name, counts, area.at_most.responses, area.at_most.percent)


def _in_the_same_responses(findings: Findings) -> list[list[KeyArea]]:
    """Return the key areas with more to count than found and not found, those with the same responses
    together, in the order of the tool."""
    groups: dict[tuple[str, bool, tuple[str, ...]], list[KeyArea]] = {}
    for area in findings.areas:
        if not area.responses or area.numbers is not None or area.is_found_or_not:
            continue
        responses = tuple(given.response for given in area.responses)
        groups.setdefault((area.kind, area.several, responses), []).append(area)
    return list(groups.values())


def _tables(areas: Sequence[KeyArea], caption: str) -> list[Table]:
    """Return one table with a column for each response, or a table for each key area with a row for each."""
    responses = areas[0].responses or ()
    if len(areas) == 1 or len(responses) > MOST_COLUMNS:
        return [_rows(area, f"{area.name}: {caption[:1].lower()}{caption[1:]}") for area in areas]
    return [
        Table(
            caption,
            ("Key area", *(capitalised(given.response) for given in responses), *BESIDE),
            tuple((area.name, *map(area.told, area.responses or ()), *_beside(area)) for area in areas),
            (len(responses) + 1, len(responses) + 2),
        )
    ]


BESIDE = ("Not applicable", "Not answered")


def _beside(area: KeyArea) -> tuple[str, str]:
    return f"{area.figure.counts.not_applicable:,}", f"{area.figure.counts.not_answered:,}"


def _rows(area: KeyArea, caption: str) -> Table:
    """Return the responses to one question, each in a row with its count, its share and its range."""
    responses = area.responses or ()
    has_ranges = any(given.interval for given in responses)
    rows = [
        (
            capitalised(given.response),
            f"{given.count:,}",
            area.percent_of(given) or NOT_SHOWN,
            str(given.interval or "none"),
        )
        for given in responses
    ]
    rows += [(what, number, "", "") for what, number in zip(BESIDE, _beside(area), strict=True)]
    headings = ("Grade" if area.kind == GRADE else "Answer", "Audits", "Percentage", "Range")
    columns = len(headings) if has_ranges else len(headings) - 1
    return Table(caption, headings[:columns], tuple(row[:columns] for row in rows), tuple(range(1, columns)))


def _numbers(areas: Sequence[KeyArea]) -> Table:
    """Return the numbers and days that were answered: their median, and the range of their middle half."""
    has_limits = any(area.is_met_or_not for area in areas)
    columns = ["Key area", "Answers", "Median", "Middle half"]
    columns += [*(["Within the limit"] if has_limits else []), "Not found", *BESIDE]
    rows = []
    for area in areas:
        numbers = area.numbers
        assert numbers is not None
        middle = (NOT_SHOWN, NOT_SHOWN)
        if numbers.median is not None:
            low, high = number_in_words(numbers.lower_quartile), number_in_words(numbers.upper_quartile)
            median = with_unit(number_in_words(numbers.median), numbers.unit)
            middle = (median, f"{low} to {high} {numbers.unit}")
        within = [_within(area)] if has_limits else []
        not_found = sum(given.count for given in area.responses or () if given.response == NOT_FOUND)
        rows.append((area.name, f"{numbers.answered:,}", *middle, *within, f"{not_found:,}", *_beside(area)))
    return Table(
        "Numbers and days",
        tuple(columns),
        tuple(rows),
        (1, len(columns) - 3, len(columns) - 2, len(columns) - 1),
    )


def _within(area: KeyArea) -> str:
    if not area.is_met_or_not:
        return "no limit"
    figure = area.figure
    range_of = f", {figure.interval}" if figure.interval else ""
    of = f"{figure.counts.met:,} of {figure.counts.answered:,}"
    return of if figure.percent is None else f"{of} ({area.percent_in_words}{range_of})"
