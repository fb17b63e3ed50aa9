"""`practice-audits export`: a whole installation as files."""

import sys
import time
from pathlib import Path

import click

from app.commands.running import service
from app.installation import exporting

SECONDS_BETWEEN = 1.0


class Progress:
    """Says on standard error how far a long export or import has come, about once a second."""

    def __init__(self) -> None:
        self._next = time.monotonic() + SECONDS_BETWEEN

    def __call__(self, file: str, rows: int) -> None:
        """So many rows of that file are done."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + SECONDS_BETWEEN
            click.echo(f"{file}: {rows:,} rows", file=sys.stderr)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def export(folder: Path) -> None:
    """Write everything into a new folder, as files that import reads: to move an installation, or to leave.

    Passwords, second factors, sessions and tokens stay behind. What waits to be sent is held in the copy.
    The files hold case numbers and what auditors wrote.

    \b
    Example:
      practice-audits export moving-house
      practice-audits import all moving-house
    """
    with service():
        audits = exporting.export(folder, Progress())
        click.echo(f"{folder}: everything is exported, {audits:,} audits among it.")
        click.echo(
            "The files hold case numbers and what auditors wrote. You alone can open them here: keep it so "
            "wherever you take them, and delete them when they have been imported."
        )
