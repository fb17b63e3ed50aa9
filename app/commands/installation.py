"""`practice-audits export` and `import all`: a whole installation in files."""

from pathlib import Path

import click

from app import clock
from app.commands.running import Progress, say_warnings, service
from app.installation import exporting
from app.installation.taking_in import take_in
from app.wording import counted


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def export(folder: Path) -> None:
    """Export everything to a new folder, to move to another server or to stop using the service.

    Passwords, second factors, sessions, API keys and calendar addresses are not exported. Emails that are
    waiting are on hold in the copy. The files contain case numbers and what auditors wrote.

    \b
    Example:
      practice-audits export moving-house
      practice-audits import all moving-house
    """
    with service():
        audits = exporting.export(folder, Progress())
        click.echo(f"Everything was exported to {folder}, including {counted(audits, 'audit')}.")
        click.echo(
            "The files contain case numbers and what auditors wrote. Only you can open them here. Keep them "
            "private wherever you take them, and delete them after you import them."
        )


@click.command(name="all")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only check the files. Nothing is changed.")
def import_all(folder: Path, *, dry_run: bool) -> None:
    """Import a folder of files, such as an export, into an installation without people, tools or cycles.

    The folder can have staff, leave, closures, tool*.toml, cycle*.toml, audits, answers, context, chases,
    recommendations, actions and quick_wins. If there is only one cycle, audits that do not name a cycle
    belong to it. Closed cycles are frozen, except those that were not frozen when they were exported.

    \b
    Example:
      practice-audits import all moving-house
    """
    with service():
        taken_in = take_in(folder, on=clock.today(), dry_run=dry_run, tell=Progress())
        for outcome in taken_in.files:
            say_warnings(outcome)
        for line in taken_in.lines:
            click.echo(line)
