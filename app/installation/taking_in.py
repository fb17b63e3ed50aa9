"""`import all`: the import of a whole folder of files, all or nothing."""

from datetime import date
from pathlib import Path

from sqlalchemy import func, select

from app.audits.models import Audit
from app.database import db, transaction
from app.files.faults import Fault
from app.files.progress import Tell
from app.installation.emptiness import is_empty
from app.installation.kept import FOLDER
from app.installation.plain_folder import take_in_files
from app.installation.restoring import restore
from app.outbox.models import HELD, Message
from app.people.closures import forget_working_days
from app.people.models import Person
from app.refusal import Refused

_HOW_TO_CHANGE = (
    "The files of an export are taken in as they were written. To take in files that were changed by hand, "
    f"move the folder {FOLDER} out of it; what that alone holds, such as history and messages, stays behind."
)


class _OnlyChecked(Exception):
    """Raised to roll back an import that was only a check."""


def take_in(folder: Path, *, on: date, dry_run: bool, tell: Tell) -> list[str]:
    """Take in a folder: an export, or files that people wrote. Return lines that say what was done.

    Raises Refused, with every fault a line, where something is wrong; then, and with `dry_run`, nothing is
    changed. The installation must have neither people nor tools nor cycles.
    """
    if not folder.is_dir():
        raise Refused(f"{folder} is not a folder.")
    lines: list[str] = []
    try:
        with transaction():
            if not is_empty():
                raise Refused(
                    "A whole folder is imported only into an installation without people, tools or cycles, "
                    "and this one has some."
                )
            if (folder / FOLDER).is_dir():
                faults = restore(folder, tell)
                lines = [] if faults else _restored()
                advice = _advice(faults)
            else:
                faults, lines = take_in_files(folder, on, tell)
                advice = []
            if faults:
                raise Refused("\n".join([*map(str, faults), *advice]))
            if dry_run:
                raise _OnlyChecked
    except _OnlyChecked:
        lines.append("Only checked, nothing was changed.")
    finally:
        forget_working_days()
    return lines


def _advice(faults: list[Fault]) -> list[str]:
    """Return advice for an export in which only the files that people edit were changed."""
    return [] if any(fault.file.startswith(f"{FOLDER}/") for fault in faults) else [_HOW_TO_CHANGE]


def _restored() -> list[str]:
    def count(model: type[Person | Audit]) -> int:
        return db.session.scalar(select(func.count()).select_from(model)) or 0

    held = db.session.scalar(select(func.count()).where(Message.state == HELD)) or 0
    taken_in = f"{count(Person):,} people and {count(Audit):,} audits"
    lines = [
        f"The export is taken in: {taken_in}, with their history and all that was sent.",
        "Passwords stayed behind: give yourself access with practice-audits user create.",
        "The others choose a new password from the sign-in page, or are invited from the page of people.",
    ]
    if held:
        lines.append(f"{held:,} messages are held: look at them, and release or drop them, on /messages.")
    return lines
