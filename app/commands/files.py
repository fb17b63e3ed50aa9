"""`practice-audits import …`: files in, whole or not at all."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from app import clock
from app.actions.importing_actions import import_actions
from app.actions.importing_recommendations import import_recommendations
from app.answers.importing import import_answers
from app.answers.importing_context import import_context
from app.audit_files.audits import import_audits
from app.audit_files.chases import import_chases
from app.commands.installation import import_all
from app.commands.running import Progress, Refusal, service
from app.cycles.importing import import_cycle
from app.files.imported import Imported
from app.people.importing import import_closures, import_leave
from app.people.importing_staff import import_staff
from app.quick_wins.importing import import_quick_wins
from app.tools.importing import import_tool

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group(name="import")
def import_() -> None:
    """Take in people, tools, cycles, audits and answers from files (csv or xlsx; tools and cycles as toml).

    A file is read whole first. Every fault in it is said, one a line, and with one fault nothing is changed.
    Importing the same file again changes nothing.

    \b
    Example:
      practice-audits import staff staff.csv
      practice-audits import audits audits.csv --cycle 2010-1
    """


import_.add_command(import_all)


def takes_a_file(command: Command) -> Command:
    """The argument and the option that all imports have."""
    command = click.option("--dry-run", is_flag=True, help="Only check the file; change nothing.")(command)
    return click.argument("file", type=click.Path(path_type=Path))(command)


def take_in(importing: Callable[[], Imported], *, dry_run: bool) -> None:
    """Import one file and say what it did, or every fault."""
    with service():
        outcome = importing()
        if outcome.faults:
            raise Refusal("\n".join(map(str, outcome.faults)))
        click.echo(f"{outcome}{' (only checked, nothing was changed)' if dry_run else ''}")


@import_.command()
@takes_a_file
def staff(file: Path, *, dry_run: bool) -> None:
    """People: who they are, their team, line manager and roles.

    \b
    Example:
      practice-audits import staff staff.csv
    """
    take_in(lambda: import_staff(file, dry_run=dry_run), dry_run=dry_run)


@import_.command()
@takes_a_file
def leave(file: Path, *, dry_run: bool) -> None:
    """People's leave, both days included.

    \b
    Example:
      practice-audits import leave leave.csv
    """
    take_in(lambda: import_leave(file, dry_run=dry_run), dry_run=dry_run)


@import_.command()
@takes_a_file
def closures(file: Path, *, dry_run: bool) -> None:
    """Days on which the council is closed, beside the bank holidays.

    \b
    Example:
      practice-audits import closures closures.csv
    """
    take_in(lambda: import_closures(file, dry_run=dry_run), dry_run=dry_run)


@import_.command()
@takes_a_file
def tool(file: Path, *, dry_run: bool) -> None:
    """A version of an audit tool: its questions, and how each response counts.

    \b
    Example:
      practice-audits import tool tool.toml
    """
    take_in(lambda: import_tool(file, dry_run=dry_run), dry_run=dry_run)


@import_.command()
@takes_a_file
def cycle(file: Path, *, dry_run: bool) -> None:
    """A cycle. Without closed_on it is open.

    \b
    Example:
      practice-audits import cycle cycle.toml
    """
    take_in(lambda: import_cycle(file, dry_run=dry_run), dry_run=dry_run)


@import_.command()
@takes_a_file
@click.option("--cycle", metavar="REF", help="The cycle of the rows that name none.")
def audits(file: Path, *, cycle: str | None, dry_run: bool) -> None:
    """Audits of one or several cycles. The cycle is named by --cycle or in a column cycle.

    \b
    Example:
      practice-audits import audits audits.csv --cycle 2010-1
    """
    take_in(
        lambda: import_audits(file, on=clock.today(), cycle=cycle, dry_run=dry_run, tell=Progress()),
        dry_run=dry_run,
    )


@import_.command()
@takes_a_file
def answers(file: Path, *, dry_run: bool) -> None:
    """Answers to the questions of audits. An empty response is not answered: it changes nothing.

    \b
    Example:
      practice-audits import answers answers.csv
    """
    take_in(lambda: import_answers(file, dry_run=dry_run), dry_run=dry_run)


@import_.command()
@takes_a_file
def context(file: Path, *, dry_run: bool) -> None:
    """What was going on around the cases audited, such as a vacancy.

    \b
    Example:
      practice-audits import context context.csv
    """
    take_in(lambda: import_context(file, dry_run=dry_run), dry_run=dry_run)


@import_.command()
@takes_a_file
def chases(file: Path, *, dry_run: bool) -> None:
    """What people did by hand to get audits back.

    \b
    Example:
      practice-audits import chases chases.csv
    """
    take_in(lambda: import_chases(file, dry_run=dry_run), dry_run=dry_run)


@import_.command()
@takes_a_file
def recommendations(file: Path, *, dry_run: bool) -> None:
    """What bodies are asked to agree, and what they decided.

    \b
    Example:
      practice-audits import recommendations recommendations.csv
    """
    take_in(lambda: import_recommendations(file, dry_run=dry_run), dry_run=dry_run)


@import_.command()
@takes_a_file
def actions(file: Path, *, dry_run: bool) -> None:
    """Work with one owner and a due day. What lacks one of them is a draft.

    \b
    Example:
      practice-audits import actions actions.csv
    """
    take_in(lambda: import_actions(file, dry_run=dry_run), dry_run=dry_run)


@import_.command(name="quick-wins")
@takes_a_file
def quick_wins(file: Path, *, dry_run: bool) -> None:
    """Messages to staff about what is easily forgotten: to whom, from when, how often.

    \b
    Example:
      practice-audits import quick-wins quick_wins.csv
    """
    take_in(lambda: import_quick_wins(file, dry_run=dry_run), dry_run=dry_run)
