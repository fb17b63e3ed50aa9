"""`practice-audits export` and `import all`: a whole installation in files."""

from pathlib import Path

import click

from app import clock
from app.commands.running import Progress, service
from app.installation import exporting
from app.installation.taking_in import take_in


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


@click.command(name="all")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only check the files; change nothing.")
def import_all(folder: Path, *, dry_run: bool) -> None:
    """A whole folder of files, such as export writes, into an installation without people, tools or cycles.

    It reads staff, leave, closures, tool*.toml, cycle*.toml, audits, answers, context, chases,
    recommendations, actions and quick_wins, as far as they are there. Audits that name no cycle belong to the
    only one. Cycles that are closed are frozen, save those that were not where they were exported.

    \b
    Example:
      practice-audits import all moving-house
    """
    with service():
        for line in take_in(folder, on=clock.today(), dry_run=dry_run, tell=Progress()):
            click.echo(line)
