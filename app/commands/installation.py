"""`practice-audits backup`, `restore`, `move`, `export` and `import all`: a whole installation in files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from app import clock
from app.command_line import command
from app.commands.running import Progress, Refusal, say_warnings, service
from app.installation import exporting, moving
from app.installation.backing_up import back_up
from app.installation.putting_back import put_back, taken_at
from app.installation.sealed import is_encrypted
from app.installation.taking_in import take_in
from app.pages import moment
from app.wording import counted
from config.settings import CASE_NUMBER_KEY, DATABASE, HISTORY_KEY, SECRET_KEY, instance_folder


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
    with service(as_it_is=True):
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


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Back up everything to a new file, while the service runs.

    If BACKUP_KEY is set, the file is encrypted with it. The file does not have SECRET_KEY, CASE_NUMBER_KEY
    or HISTORY_KEY. Keep copies of them somewhere else.

    \b
    Example:
      practice-audits backup monday.backup
      practice-audits restore monday.backup
    """
    with service(as_it_is=True):
        contents = back_up(file)
        click.echo(
            f"Everything was backed up to {file}, including {counted(contents.rows['audits'], 'audit')}. The "
            f"history has {counted(int(contents.history['rows']), 'row')} and ends with "
            f"{contents.history['hash']}."
        )
        if is_encrypted(file):
            click.echo("The file is encrypted with BACKUP_KEY. Without that key no one can restore it.")
        else:
            click.echo(
                "The file is not encrypted, because BACKUP_KEY is not set. Only you can open it here. Keep "
                "it private wherever you take it."
            )
        click.echo(
            "SECRET_KEY, CASE_NUMBER_KEY and HISTORY_KEY are not in the file. Keep copies of them somewhere "
            "else, because you need them to restore it."
        )


@contextmanager
def _as_it_was(folder: Path) -> Iterator[None]:
    """Take away the keys that a refused command has made, where it also made the database that has them."""
    database = folder / DATABASE
    made = [database, *(folder / name for name in (SECRET_KEY, HISTORY_KEY, CASE_NUMBER_KEY))]
    made += [database.with_name(f"{DATABASE}{end}") for end in ("-wal", "-shm")]
    new = [file for file in made if not file.exists()]
    try:
        yield
    except Refusal:
        if database in new:
            for file in new:
                file.unlink(missing_ok=True)
        raise


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Restore a backup into an installation without people, tools or cycles.

    Set BACKUP_KEY if the backup is encrypted, and CASE_NUMBER_KEY and HISTORY_KEY to the keys of the
    installation that was backed up, or copy its files case_number_key and history_key to INSTANCE_PATH.
    If something is wrong, nothing is changed. Emails are on hold until someone releases them.

    \b
    Example:
      practice-audits restore monday.backup
    """
    # an earlier start of the empty installation may have made keys of its own
    with _as_it_was(instance_folder()), service(any_key=True):
        contents = put_back(file)
        click.echo(
            f"The backup of {moment(taken_at(contents))} was restored: "
            f"{counted(contents.rows['people'], 'person', 'people')} and "
            f"{counted(contents.rows['audits'], 'audit')}, with their history and all sent emails."
        )
        click.echo(
            "Everyone must sign in again. Links in earlier emails for choosing a password do not work."
        )
        click.echo(
            "All emails are on hold, so that people do not get an email twice. Read them on the page Emails. "
            f"To release them, use that page or run: {command('deliver --release')}"
        )


@click.command()
@click.argument("target_url", metavar="TARGET_URL")
def move(target_url: str) -> None:
    """Move everything from the SQLite database of this installation to an empty PostgreSQL database.

    Stop the service first. Either everything is moved or nothing. The rows of every table are counted and the
    history is checked before it counts. The SQLite database stays, with its emails on hold.

    \b
    Example:
      practice-audits move postgresql://audits@db.council.example/audits
    """
    with service():
        moved = moving.move(target_url, Progress())
        rows = moved.rows
        click.echo(
            f"Everything was moved: {counted(rows['people'], 'person', 'people')} and "
            f"{counted(rows['audits'], 'audit')}, {counted(sum(rows.values()), 'row')} in "
            f"{counted(len(rows), 'table')}. Each table has the same number of rows in both databases."
        )
        history = moved.history
        if history.broken is None:
            click.echo(
                f"The history is whole: {counted(history.head.rows, 'row')}, ending with {history.head.hash}."
            )
        else:
            click.echo(f"The history does not hold, as before: {history.broken.why}.")
        click.echo(
            "Now set DATABASE_URL to the address of the new database and start the service. Leave "
            "INSTANCE_PATH and all keys as they are. No one has to sign in again."
        )
        click.echo(
            "The SQLite database has everything up to now. Its emails are on hold, so that nothing is sent "
            "twice. Delete it when the service has run well on PostgreSQL for some days."
        )
