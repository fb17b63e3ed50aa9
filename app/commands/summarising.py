"""`practice-audits summary`: all cycles that were reported in a period, as a file."""

from datetime import date
from pathlib import Path

import click

from app import clock
from app.commands.reporting import write_whole
from app.commands.running import Day, Refusal, service
from app.readings.writing import write_file
from app.refusal import Refused
from app.summary.document import summary as summary_of
from app.summary.formats import as_file, refuse_ending
from app.summary.gathering import gather
from app.summary.period import Period


@click.command()
@click.option("--from", "from_on", required=True, type=Day(), help="The first date of the period.")
@click.option("--to", "to_on", required=True, type=Day(), help="The last date of the period.")
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The file to write: .docx, .html or .xlsx.",
)
def summary(from_on: date, to_on: date, out: Path) -> None:
    """Write a summary of all cycles that were reported in a period to a file.

    \b
    Example:
      practice-audits summary --from 2010-10-01 --to 2010-12-31 --out summary.docx
    """
    with service():
        refuse_ending(out.suffix.lower())
        if to_on < from_on:
            raise Refused("The last date must be on or after the first date")
        content = as_file(summary_of(gather(Period(from_on, to_on), clock.today())), out.suffix.lower())
        write_file(f"summary from {from_on} to {to_on}")
        try:
            write_whole(out, content)
        except OSError as error:
            raise Refusal(f"{out} cannot be written: {error.strerror}") from error
        click.echo(f"{out} was written.")
