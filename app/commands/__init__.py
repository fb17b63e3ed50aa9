"""The command `practice-audits`.

A command is imported when it is called, so that help and refusals of wrong usage come at once.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import click

from config.logging_setup import clean_end


@contextmanager
def loading() -> Iterator[None]:
    """Switch the garbage collector off while modules load, and never search them after: they stay, and to
    search them takes time."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


class LateGroup(click.Group):
    """A group of commands by name, each with its module and help text; imported when it is used."""

    def __init__(self, *args: object, commands_at: dict[str, tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.commands_at = commands_at

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the help."""
        return list(self.commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; None if there is none of that name."""
        if cmd_name not in self.commands_at:
            return None
        module, name = self.commands_at[cmd_name][0].split(":")
        with loading():
            command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands into the help of the group."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_text) for name, (_, help_text) in self.commands_at.items()])


COMMANDS = {
    "serve": (
        "app.commands.serving:serve",
        "Run the service in one process: web pages, daily run and emails.",
    ),
    "worker": ("app.commands.serving:worker", "Do the daily run and send emails, without the web pages."),
    "migrate": ("app.commands.serving:migrate", "Update the database to the current version."),
    "demo": ("app.commands.example:demo", "Load the example into an empty database."),
    "user": ("app.commands.people:user", "Give someone access."),
    "import": ("app.commands.files:import_", "Import people, tools, cycles and audits from files."),
    "backup": ("app.commands.installation:backup", "Back up everything to a file, while the service runs."),
    "restore": ("app.commands.installation:restore", "Restore a backup into an empty installation."),
    "move": ("app.commands.installation:move", "Move everything from SQLite to a PostgreSQL database."),
    "export": (
        "app.commands.installation:export",
        "Export everything to a folder that you can import again.",
    ),
    "remind": (
        "app.commands.chasing:remind",
        "Do the daily run: decide who gets an email, then write and send the emails.",
    ),
    "deliver": ("app.commands.chasing:deliver", "Send the emails that are waiting."),
    "findings": ("app.commands.figures:findings", "Show the figures of a cycle."),
    "compare": ("app.commands.comparing:compare", "Show the figures of a cycle beside an earlier one."),
    "report": ("app.commands.reporting:report", "Write a report of a cycle to a file."),
    "summary": (
        "app.commands.summarising:summary",
        "Write a summary of all cycles reported in a period to a file.",
    ),
    "case-number-key": (
        "app.commands.case_numbers:case_number_key",
        "Replace the key that case numbers are encrypted with.",
    ),
    "check": (
        "app.commands.checking:check",
        "Check the database, history, case numbers, mail server, scheduler, time zone and coordinator.",
    ),
}


@click.group(
    cls=LateGroup,
    commands_at=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
def main() -> None:
    """Practice Audits: request audits of case files, chase overdue audits, report what they found.

    \b
    Example:
      practice-audits serve
    """
    clean_end()
