"""`import all`: the import of a whole folder of files, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import exists, func, select

from app.audits.models import Audit
from app.command_line import GIVE_ACCESS, command
from app.database import db, transaction
from app.files.faults import Fault
from app.files.imported import Imported
from app.files.progress import Tell
from app.history.models import HistoryRow
from app.history.taking_over import OTHER_KEY, TAKEN_OVER
from app.installation.emptiness import is_empty
from app.installation.kept import FOLDER
from app.installation.plain_folder import take_in_files
from app.installation.restoring import restore
from app.outbox.models import HELD, Message
from app.people.closures import forget_working_days
from app.people.models import Person
from app.people.ways_in import ways_in
from app.refusal import Refused
from app.wording import counted, plural

_HOW_TO_CHANGE = (
    "An export can only be imported unchanged. To import files that you have changed, move the folder "
    f"{FOLDER} out of the export. History, emails and all else that only that folder has are then left out."
)


class _OnlyChecked(Exception):
    """Raised to roll back an import that was only a check."""


@dataclass
class TakenIn:
    """The outcome of a folder: lines that say what was done, and the outcomes of files that people wrote."""

    lines: list[str] = field(default_factory=list)
    files: Sequence[Imported] = ()


def take_in(folder: Path, *, on: date, dry_run: bool, tell: Tell) -> TakenIn:
    """Take in a folder: an export, or files that people wrote.

    Raises Refused, with every fault a line, where something is wrong; then, and with `dry_run`, nothing is
    changed. The installation must have neither people nor tools nor cycles.
    """
    if not folder.is_dir():
        raise Refused(f"{folder} is not a folder")
    taken_in = TakenIn()
    try:
        with transaction():
            if not is_empty():
                raise Refused(
                    "You can only import a folder into an installation without people, tools or cycles. "
                    "This installation already has some."
                )
            if (folder / FOLDER).is_dir():
                faults = restore(folder, tell)
                taken_in.lines = [] if faults else _restored()
                advice = _advice(faults)
            else:
                faults, taken_in.files = take_in_files(folder, on, tell)
                taken_in.lines = [f"{outcome}." for outcome in taken_in.files]
                advice = []
            if faults:
                raise Refused("\n".join([*map(str, faults), *advice]))
            if dry_run:
                raise _OnlyChecked
    except _OnlyChecked:
        taken_in.lines.append("This was only a check, so nothing was changed.")
    finally:
        forget_working_days()
    return taken_in


def _advice(faults: list[Fault]) -> list[str]:
    """Return advice for an export in which only the files that people edit were changed."""
    return [] if any(fault.file.startswith(f"{FOLDER}/") for fault in faults) else [_HOW_TO_CHANGE]


def _restored() -> list[str]:
    def count(model: type[Person | Audit]) -> int:
        return db.session.scalar(select(func.count()).select_from(model)) or 0

    held = db.session.scalar(select(func.count()).where(Message.state == HELD)) or 0
    imported = f"{counted(count(Person), 'person', 'people')} and {counted(count(Audit), 'audit')}"
    lines = [
        f"The export was imported: {imported}, with their history and all sent emails.",
        *(
            [f"History: {OTHER_KEY}. From now on it has the key of this installation."]
            if db.session.scalar(select(exists().where(HistoryRow.what == TAKEN_OVER)))
            else []
        ),
    ]
    if ways_in().local_passwords:
        lines += [
            f"Passwords were not imported. To give yourself access, run: {command(GIVE_ACCESS)}",
            "Other people can choose a new one from the sign-in page. Or invite them on the page People.",
        ]
    if held:
        emails = f"{counted(held, 'email')} {plural(held, 'is', 'are')}"
        lines.append(f"{emails} on hold. Read them on the page Emails, then release or drop them.")
    return lines
