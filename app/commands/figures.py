"""`practice-audits findings`: the figures of a cycle."""

from collections.abc import Mapping
from datetime import date

import click

from app.audits.cycle import Cycle
from app.clock import today
from app.commands.running import as_json, on_a_day, say_json, service
from app.cycles import queries
from app.cycles.day_asked import refuse_day
from app.findings.again import Again
from app.findings.data import as_data
from app.findings.document import Findings
from app.findings.freezing import findings_of
from app.findings.key_area import MAY_ADD_UP, NOT_COUNTED, KeyArea
from app.refusal import Refused
from app.wording import counted, in_words, plural, sentence, were


@click.command()
@click.argument("reference", metavar="CYCLE")
@on_a_day
@as_json
def findings(reference: str, *, on: date | None, as_json: bool) -> None:
    """Show how many audits of a cycle were returned, and what they found in each key area.

    With a date, it shows the figures as they were on that date.

    \b
    Example:
      practice-audits findings 2010-1 --json
      practice-audits findings 2010-1 --on 2010-11-05
    """
    with service():
        cycle = cycle_named(reference)
        document = findings_of(cycle, day_of_cycle(cycle, on) or today())
        returns = document.returns
        if as_json:
            say_json(as_data(document))
            return
        about = f", {document.no_interval_because}" if document.no_interval_because else ""
        click.echo(f"{cycle.reference}, {cycle.title}: {returns} returned{about}.")
        counts = [
            f"{returns.requested} requested",
            f"{returns.returned} returned",
            f"{returns.not_returned} not returned",
            f"{returns.withdrawn} withdrawn",
            f"{returns.open} open",
        ]
        click.echo(", ".join(counts) + ".")
        if returns.after_cut_off:
            late = returns.after_cut_off
            click.echo(
                f"{counted(late, 'audit')} {were(late)} returned after the cut-off, so "
                f"{plural(late, 'it counts', 'they count')} as not returned."
            )
        _say_agencies(document)
        _say_areas(document)
        if document.frozen_on:
            click.echo(
                f"The figures were frozen on {in_words(document.frozen_on)}. "
                "They do not include audits returned after the cut-off."
            )
        for caution in document.cautions:
            click.echo(caution)
        for line in again_in_words(document.again) if document.again else ():
            click.echo(line)


def _say_areas(document: Findings) -> None:
    """Say the key areas, the overall grade first."""
    if overall := document.overall_grade:
        click.echo(_in_words(overall))
    if above := document.above_limit_in_words:
        click.echo(above)
    for area in document.areas:
        if area is not overall:
            click.echo(_in_words(area))
    if any(area.several and area.responses for area in document.areas):
        click.echo(MAY_ADD_UP)
    if not document.counts_responses:
        click.echo(NOT_COUNTED)


def again_in_words(again: Again) -> list[str]:
    """Return the cases that were audited again: what to keep in mind, their grades, and each question."""
    lines = list(again.sentences)
    if again.grades:
        lines.append(f"Overall grade: {again.by_grade}.")
        lines += [f"  {before} before: {_counts(now)} now." for before, now in again.grades.items()]
    if again.questions:
        lines.append("Met or not met, before and now:")
    return lines + [f"  {asked.name}: {asked}." for asked in again.questions]


def _counts(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in numbers.items() if number)


def cycle_named(reference: str) -> Cycle:
    """Return the cycle with that reference. Raises Refused, naming the others, if there is none."""
    cycle = queries.found(reference)
    if cycle is None:
        known = ", ".join(each.reference for each in queries.all_cycles())
        others = f"The cycles are {known}." if known else "There are no cycles yet."
        raise Refused(f"There is no cycle {reference}. {others}")
    return cycle


def day_of_cycle(cycle: Cycle, on: date | None) -> date | None:
    """Return the day. Raises Refused for one of which nothing can be told."""
    if on is not None and (why := refuse_day(cycle, on)):
        raise Refused(why)
    return on


def _say_agencies(document: Findings) -> None:
    """Say how many cases are complete, the returns of each agency, and those of its counts that may leave."""
    if (told := document.several_agencies) is None:
        return
    click.echo(f"{told.cases_in_words}.")
    click.echo(f"Returned: {', '.join(f'{name} {each}' for name, each in told.returns_in_words.items())}.")
    names = {area.question: area.name for area in document.areas}
    for agency, of in (told.counts_that_leave or {}).items():
        for question, counts in of.items():
            answers = ", ".join(f"{response} {number}" for response, number in counts.items())
            click.echo(f"{names[question]}, {agency}: {answers}.")


def _in_words(area: KeyArea) -> str:
    """Return a key area in words: "Core groups: evidence found in 15 of 25 (60%), 41% to 77%. Yes 15, …"."""
    figure, counts = area.figure, area.figure.counts
    text = f"{area.name}: "
    is_met = f"{area.met_words} in {area.figure_in_words}"
    text += is_met if area.met_words else counted(counts.answered, "answer")
    if figure.why_no_figure is not None:
        text += f", no figure ({figure.why_no_figure})"
    elif figure.interval is not None:
        text += f", {figure.interval}"
    asked_in = f"asked in {area.asked_in} of {counted(counts.audits, 'audit')}"
    sentences = (
        text,
        ", ".join(area.how_many),
        area.numbers and str(area.numbers),
        _level(area),
        None if area.asked_in is None else asked_in,
        f"{counts.not_applicable} not applicable, {counts.not_answered} not answered",
    )
    return " ".join(sentence(words) for words in sentences if words)


def _level(area: KeyArea) -> str | None:
    """Return "14 of 60 inadequate: 23% (14% to 35%), expected no more than 10% inadequate: above"."""
    if area.level is None or area.level.outcome is None:
        return area.expected_in_words and f"expected {area.expected_in_words}"
    return f"{area.beside_expected}: {area.level.outcome}"
