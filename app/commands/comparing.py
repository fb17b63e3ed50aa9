"""`practice-audits compare`: a cycle beside an earlier one."""

import click

from app import clock
from app.audits.cycle import Cycle
from app.commands.figures import again_in_words, cycle_named
from app.commands.running import as_json, say_json, service
from app.cycles.models import EarlierCycle
from app.findings.compared import Compared, Row, candidates, compared
from app.findings.compared_data import as_data as compared_as_data
from app.refusal import Refused
from app.wording import sentence


@click.command()
@click.argument("reference", metavar="CYCLE")
@click.argument("earlier", metavar="EARLIER")
@as_json
def compare(reference: str, earlier: str, *, as_json: bool) -> None:
    """Show the figures of a cycle beside those of an earlier cycle, with each difference that can be shown.

    \b
    Example:
      practice-audits compare 2011-1 2010-1 --json
    """
    with service():
        cycle = cycle_named(reference)
        before = _earlier_named(earlier, cycle)
        beside = compared(before, cycle, clock.today())
        if as_json:
            say_json(compared_as_data(cycle.reference, before.reference, beside))
            return
        click.echo(f"{cycle.reference}, {cycle.title}, compared with {before.reference}, {before.title}.")
        for line in (beside.why_not, beside.of_the_cases):
            if line:
                click.echo(line)
        for row in beside.rows:
            click.echo(_in_words(row))
            for response in row.responses if row.shows_responses else ():
                first, then, changed = response.in_words
                difference = "" if beside.why_not else f" {changed}."
                click.echo(f"  {response.response}: {first}, then {then}.{difference}")
        for line in () if beside.again is None else again_in_words(beside.again):
            click.echo(line)
        for line in _not_compared(cycle, before, beside):
            click.echo(line)


def _earlier_named(reference: str, cycle: Cycle) -> Cycle | EarlierCycle:
    """Return the cycle of that reference. Raises Refused if there is none, or it is not before the other."""
    earlier = candidates(cycle)
    wanted = Cycle.fold(reference)
    found = next((other for other in earlier if other.folded == wanted), None)
    if found is None:
        known = ", ".join(other.reference for other in earlier)
        if not known:
            cycle_named(reference)
        which = f"The earlier cycles are {known}." if known else "It is the first cycle."
        raise Refused(f"There is no cycle {reference} before {cycle.reference}. {which}")
    return found


def _in_words(row: Row) -> str:
    """Return "Core groups: 15 of 25 (60%), then 20 of 25 (80%). +20 points (-5 to +42), not shown …"."""
    both = f"{row.before}, then {row.after}"
    if row.difference is None:
        return f"{row.name}: {both}."
    if row.difference.startswith(both):
        return f"{row.name}: {row.difference}."
    return f"{row.name}: {both}. {sentence(row.difference)}"


def _not_compared(cycle: Cycle, before: Cycle | EarlierCycle, beside: Compared) -> list[str]:
    """Return in sentences which key areas are in one of the cycles only, or asked in another way."""
    named = {
        f"Only in {before.reference}": beside.only_before,
        f"Only in {cycle.reference}": beside.only_after,
        "Asked in both, with different audit tools": beside.otherwise_asked,
    }
    return [f"{what}: {', '.join(names)}." for what, names in named.items() if names]
