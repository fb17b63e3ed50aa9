"""`practice-audits findings`: the figures of a cycle."""

from datetime import date

import click

from app.audits.cycle import Cycle
from app.commands.running import as_json, day_or_today, on_a_day, say_json, service
from app.cycles import queries
from app.findings.data import as_data
from app.findings.document import KeyArea
from app.findings.freezing import findings_of
from app.refusal import Refused
from app.wording import counted, in_words, plural, were


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
        document = findings_of(cycle, day_or_today(on))
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
        for area in document.areas:
            click.echo(_in_words(area))
        if document.frozen_on:
            click.echo(
                f"The figures were frozen on {in_words(document.frozen_on)}. "
                "They do not include audits returned after the cut-off."
            )
        for caution in document.cautions:
            click.echo(caution)


def cycle_named(reference: str) -> Cycle:
    """Return the cycle with that reference. Raises Refused, naming the others, if there is none."""
    cycle = queries.found(reference)
    if cycle is None:
        known = ", ".join(each.reference for each in queries.all_cycles())
        others = f"The cycles are {known}." if known else "There are no cycles yet."
        raise Refused(f"There is no cycle {reference}. {others}")
    return cycle


def _in_words(area: KeyArea) -> str:
    """Return a key area in words: "Core groups: evidence found in 15 of 25 (60%), 41% to 77%. 1 not …"."""
    figure, counts = area.figure, area.figure.counts
    text = f"{area.name}: {f'{area.met_words} in {figure}' if area.met_words else area.result_in_words}"
    if figure.why_no_figure is not None:
        text += f", no figure ({figure.why_no_figure})"
    elif figure.interval is not None:
        text += f", {figure.interval}"
    return f"{text}. {counts.not_applicable} not applicable, {counts.not_answered} not answered."
