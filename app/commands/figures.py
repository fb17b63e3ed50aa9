"""`practice-audits findings`: the figures of a cycle."""

import click

from app import clock
from app.audits.counting import returns_of
from app.audits.standing import standings
from app.commands.running import say_json, service
from app.cycles import queries
from app.people.closures import working_days
from app.refusal import Refused


@click.command()
@click.argument("cycle")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
def findings(cycle: str, *, as_json: bool) -> None:
    """Tell how many audits of a cycle were requested and what became of them.

    \b
    Example:
      practice-audits findings 2010-1 --json
    """
    with service():
        found = queries.found(cycle)
        if found is None:
            known = ", ".join(one.reference for one in queries.all_cycles())
            raise Refused(
                f"There is no cycle {cycle}. {f'There are {known}.' if known else 'There is none yet.'}"
            )
        returns = returns_of(found.id, standings(clock.today(), working_days()))
        if as_json:
            say_json(
                {
                    "cycle": found.reference,
                    "requested": returns.requested,
                    "returned": returns.returned,
                    "not_returned": returns.not_returned,
                    "after_cut_off": returns.after_cut_off,
                    "withdrawn": returns.withdrawn,
                    "open": returns.open,
                    # answers are not kept yet, so no key area has a figure
                    "areas": [],
                }
            )
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
