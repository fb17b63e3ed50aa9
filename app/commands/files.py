"""`practice-audits import …`: the import of a file, whole or not at all."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from app import clock
from app.commands.installation import import_all
from app.commands.running import Progress, Refusal, say_warnings, service
from app.imports.kinds import KINDS, Kind

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group(name="import")
def import_() -> None:
    """Import people, tools, cycles, audits and answers from files.

    Tools and cycles are TOML files. All other files are CSV or XLSX. Every error in a file is shown, one on a
    line. If there is an error, nothing is changed. Importing the same file again changes nothing.

    \b
    Example:
      practice-audits import staff staff.csv
      practice-audits import audits audits.csv --cycle 2010-1
    """


import_.add_command(import_all)


def takes_a_file(command: Command) -> Command:
    """Add the argument and the option that all imports have."""
    command = click.option("--dry-run", is_flag=True, help="Only check the file. Nothing is changed.")(
        command
    )
    return click.argument("file", type=click.Path(path_type=Path))(command)


def _command(kind: Kind) -> click.Command:
    """Return the command that takes in a kind of file, with an example in its help."""

    def take_in(file: Path, *, dry_run: bool, cycle: str | None = None) -> None:
        with service():
            outcome = kind.take_in(file, on=clock.today(), cycle=cycle, dry_run=dry_run, tell=Progress())
            if outcome.faults:
                raise Refusal("\n".join(map(str, outcome.faults)))
            say_warnings(outcome)
            click.echo(f"{outcome}.{' This was only a check, so nothing was changed.' if dry_run else ''}")

    command: Callable[..., Any] = take_in
    if kind.takes_cycle:
        option = click.option("--cycle", metavar="REF", help="The cycle of rows that do not name a cycle.")
        command = option(take_in)
    example = f"{kind.name} {kind.stem}{kind.endings[0]}{' --cycle 2010-1' if kind.takes_cycle else ''}"
    what = f"{kind.title[0].lower()}{kind.title[1:]}"
    help_ = f"Import {what}.\n\n{kind.says}\n\n\b\nExample:\n  practice-audits import {example}"
    return click.command(kind.name, help=help_)(takes_a_file(command))


for kind in KINDS:
    import_.add_command(_command(kind))
