"""`practice-audits report`: a report of a cycle, or its figures, as a file."""

import os
import tempfile
from datetime import date
from pathlib import Path

import click

from app.commands.figures import cycle_named, day_of_cycle
from app.commands.running import Refusal, on_a_day, service
from app.readings.writing import write_file
from app.reports.formats import as_file
from app.reports.paper import Audience


@click.command()
@click.argument("reference", metavar="CYCLE")
@click.option(
    "--for",
    "audience",
    type=click.Choice([str(audience) for audience in Audience]),
    default=str(Audience.COUNCIL),
    show_default=True,
    help="Who the report is for.",
)
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The file to write: .docx or .html for the report, .xlsx or .csv for the figures only.",
)
@on_a_day
def report(reference: str, audience: str, out: Path, *, on: date | None) -> None:
    """Write a report of a cycle to a file: the final report if there is one, or a draft as of today.

    With a date, it is the report for a meeting on that date: the final report of that date if there is one,
    or a draft. What was found by that date is in it. What was decided or carried out on that date is not.
    While the cycle is open, a report has its returns so far and no figures.

    \b
    Example:
      practice-audits report 2010-1 --out report.docx
      practice-audits report 2010-1 --for staff --out page.html
      practice-audits report 2010-1 --on 2010-12-22 --out paper.docx
    """
    with service():
        cycle = cycle_named(reference)
        content = as_file(cycle, Audience(audience), out.suffix.lower(), day_of_cycle(cycle, on), by=None)
        write_file(f"report of {cycle.reference} for {audience}")
        try:
            write_whole(out, content)
        except OSError as error:
            raise Refusal(f"{out} cannot be written: {error.strerror}") from error
        click.echo(f"{out} was written.")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: an earlier one stays until the new one is complete.

    Only its owner can read it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
