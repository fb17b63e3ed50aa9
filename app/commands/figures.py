"""`practice-audits findings`: the figures of a cycle."""

import click

from app import clock
from app.audits.cycle import Cycle
from app.commands.running import say_json, service
from app.cycles import queries
from app.findings.data import as_data
from app.findings.document import KeyArea
from app.findings.freezing import findings_of
from app.refusal import Refused


@click.command()
@click.argument("cycle")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
def findings(cycle: str, *, as_json: bool) -> None:
    """Tell what became of the audits of a cycle, and what they found in each key area.

    \b
    Example:
      practice-audits findings 2010-1 --json
    """
    with service():
        found = cycle_named(cycle)
        document = findings_of(found, clock.today())
        returns = document.returns
        if as_json:
            say_json(as_data(document))
            return
        click.echo(f"{found.reference}, {found.title}: {returns} returned.")
        counts = [
            f"{returns.requested} requested",
            f"{returns.returned} returned",
            f"{returns.not_returned} not returned",
            f"{returns.withdrawn} withdrawn",
            f"{returns.open} open",
        ]
        click.echo(", ".join(counts) + ".")
        if returns.after_cut_off:
            click.echo(f"{returns.after_cut_off} of those not returned came back after the cut-off.")
        for area in document.areas:
            click.echo(_in_words(area))
        if document.frozen_on:
            click.echo(f"Frozen on {document.frozen_on}: returns after the cut-off are not in it.")
        for caution in document.cautions:
            click.echo(caution)


def cycle_named(reference: str) -> Cycle:
    """The cycle of that reference. Raises Refused where there is none, naming those that there are."""
    found = queries.found(reference)
    if found is None:
        known = ", ".join(one.reference for one in queries.all_cycles())
        raise Refused(
            f"There is no cycle {reference}. {f'There are {known}.' if known else 'There is none yet.'}"
        )
    return found


def _in_words(area: KeyArea) -> str:
    """ "Core groups: evidence found in 15 of 25 (60%), 41% to 77%; 1 not applicable, 0 not answered"."""
    figure, counts = area.figure, area.figure.counts
    said = f"{area.name}: evidence found in {figure}"
    if figure.why_no_figure is not None:
        said += f", no figure ({figure.why_no_figure})"
    elif figure.interval is not None:
        said += f", {figure.interval}"
    return f"{said}; {counts.not_applicable} not applicable, {counts.not_answered} not answered"
