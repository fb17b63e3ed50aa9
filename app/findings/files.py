"""The figures of a cycle as a spreadsheet or csv. Pure: what the document hides stays hidden.

There is one row for each key area, and every number has a cell of its own for those who analyse them.
"""

from collections.abc import Iterator

from app.audits.returns import Returns
from app.files.workbook import Sheet, xlsx
from app.files.writing import Value, csv_pieces
from app.findings.document import Findings
from app.findings.key_area import KeyArea
from app.small_numbers import small_counts

HIDDEN = "hidden"
"""Stands in place of a small count, or of one that would give it away."""

COLUMNS = (
    "question",
    "key_area",
    "met",
    "answered",
    "percent",
    "low",
    "high",
    "not_applicable",
    "not_answered",
    "why_no_figure",
    "expected_percent",
    "at_most_percent",
    "at_most_of",
    "level_kept",
    "kind",
    "asked_in",
    "median",
    "lower_quartile",
    "upper_quartile",
    "unit",
)
RESPONSE_COLUMNS = ("question", "key_area", "response", "counts_as", "answers", "percent", "low", "high")
AGENCY_COLUMNS = ("question", "key_area", "agency", "response", "answers")
TEAM_COLUMNS = ("question", "key_area", "team", "met", "not_met", "not_applicable", "not_answered")


def figures_xlsx(document: Findings, marking: str | None = None) -> bytes:
    """Return a spreadsheet of the figures, of those by team that can be shown, and of what they rest on."""
    sheets = [Sheet("Figures", _headings(document), _rows(document))]
    how_many = list(_how_many(document))
    if how_many:
        sheets.append(Sheet("How many of each", RESPONSE_COLUMNS, how_many))
    by_team = list(_by_team(document))
    if by_team:
        sheets.append(Sheet("By team", TEAM_COLUMNS, by_team))
    if (told := document.several_agencies) is not None:
        returns: list[list[Value]] = [
            [name, each.returned, each.wanted] for name, each in told.returns_in_words.items()
        ]
        sheets.append(Sheet("Agencies", ("agency", "returned", "of"), returns))
    if by_agency := list(_by_agency(document)):
        sheets.append(Sheet("By agency", AGENCY_COLUMNS, by_agency))
    sheets.append(Sheet("About", ("what", "value"), _about(document)))
    return xlsx(*sheets, marking=marking)


def returns_xlsx(document: Findings, marking: str | None = None) -> bytes:
    """Return a spreadsheet of the returns of an open cycle, which has no figures yet."""
    return xlsx(Sheet("Returns so far", ("what", "value"), _about(document)), marking=marking)


def returns_csv(document: Findings) -> bytes:
    """Return the returns of an open cycle as csv."""
    return b"".join(csv_pieces(("what", "value"), map(list, _about(document)), for_excel=True))


def figures_csv(document: Findings) -> bytes:
    """Return the figures alone as csv, which has room for one table."""
    return b"".join(csv_pieces(_headings(document), _rows(document), for_excel=True))


def _headings(document: Findings) -> list[str]:
    return [
        *COLUMNS,
        *(f"response: {response}" for response in _responses(document)),
        *(f"place: {place}" for place in document.places),
    ]


def _rows(document: Findings) -> Iterator[list[Value]]:
    responses, places = _responses(document), document.places
    for area in document.areas:
        counts = {given.response: given.count for given in area.responses or ()}
        yield [
            *_figure(area),
            *(counts.get(response) for response in responses),
            *(_count(area.places.get(place, 0)) for place in places),
        ]


def _responses(document: Findings) -> list[str]:
    """Return the responses of all scales, in their order."""
    return list(dict.fromkeys(given.response for area in document.areas for given in area.responses or ()))


def _figure(area: KeyArea) -> list[Value]:
    figure, counts = area.figure, area.figure.counts
    low, high = figure.interval.per_cents if figure.interval else (None, None)
    return [
        area.question,
        area.name,
        counts.met if area.is_met_or_not else None,
        counts.answered,
        figure.percent,
        low,
        high,
        counts.not_applicable,
        counts.not_answered,
        figure.why_no_figure,
        area.expected_level,
        *_level(area),
        area.kind,
        area.asked_in,
        *_numbers(area),
    ]


def _level(area: KeyArea) -> list[Value]:
    """Return the ceiling, the responses that it is over, and whether it or the floor is kept."""
    at_most, kept = area.at_most, None if area.level is None else area.level.kept
    return [
        None if at_most is None else at_most.percent,
        None if at_most is None else "; ".join(at_most.responses),
        None if kept is None else "yes" if kept else "no",
    ]


def _numbers(area: KeyArea) -> list[Value]:
    numbers = area.numbers
    if numbers is None:
        return [None] * 4
    return [numbers.median, numbers.lower_quartile, numbers.upper_quartile, numbers.unit]


def _how_many(document: Findings) -> Iterator[list[Value]]:
    """Yield how many answers gave each response, then not applicable and not answered, of each question."""
    for area in document.areas:
        counts = area.figure.counts
        for given in area.responses or ():
            low, high = given.interval.per_cents if given.interval else (None, None)
            shown: list[Value] = [given.count, given.percent, low, high]
            yield [area.question, area.name, given.response, given.counts_as, *shown]
        if area.responses is not None:
            for what, number in (
                ("not applicable", counts.not_applicable),
                ("not answered", counts.not_answered),
            ):
                yield [area.question, area.name, what, None, number, None, None, None]


def _by_team(document: Findings) -> Iterator[list[Value]]:
    for area in document.areas:
        if not area.shows_teams:
            continue
        for team, counts in (area.teams or {}).items():
            numbers: list[Value] = [HIDDEN] * 4
            if counts is not None:
                numbers = [counts.met, counts.not_met, counts.not_applicable, counts.not_answered]
            yield [area.question, area.name, team, *numbers]


def _by_agency(document: Findings) -> Iterator[list[Value]]:
    """Yield the counts by agency of the questions where they may leave."""
    counts = document.several_agencies and document.several_agencies.counts_that_leave
    for area in document.areas:
        for agency, of in (counts or {}).items():
            for response, answers in of.get(area.question, {}).items():
                yield [area.question, area.name, agency, response, answers]


def _about(document: Findings) -> Iterator[tuple[str, Value]]:
    """Yield the facts that must be known before a figure is read."""
    yield "cycle", document.cycle
    yield "title", document.title
    yield "theme", document.theme
    yield "audit tool", document.tool
    yield "figures as of", document.as_of
    yield "frozen on", document.frozen_on
    yield "cut-off date", document.cut_off_on
    yield from _returns(document.returns)
    if document.no_interval_because:
        yield "cases", document.cases
        yield "no range because", document.no_interval_because
    if overall := document.overall_grade:
        yield "overall grade", overall.name
        yield "overall grades above the limit of the audit tool", document.above_limit
    if (told := document.several_agencies) is not None:
        yield "cases that are complete", told.complete
    yield "counts hidden in results by place and team", small_counts(document.hide_up_to)
    for sentence in document.method:
        yield "method", sentence
    for sentence in document.cautions:
        yield "caution", sentence


def _returns(returns: Returns) -> Iterator[tuple[str, Value]]:
    yield "requested", returns.requested
    yield "returned", returns.returned
    yield "not returned", returns.not_returned
    yield "of those, returned after the cut-off", returns.after_cut_off
    yield "withdrawn", returns.withdrawn
    yield "open", returns.open


def _count(number: int | None) -> Value:
    return HIDDEN if number is None else number
