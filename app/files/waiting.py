"""Files that were sent in and wait for a person to say that they are to be imported or used.

Each lies in a folder of its own with a name that cannot be guessed, readable by the service alone, for a day.
"""

import json
import os
import re
import secrets
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

KEPT_FOR = timedelta(days=1)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_FACTS = "facts.json"


@dataclass(frozen=True)
class Waiting:
    """A file that was sent in: by whom, its kind, for which cycle, and its name at the sender.

    `file` is its name here, which ends as the name at the sender.
    """

    person_id: int
    kind: str
    cycle: str | None
    sent_as: str
    file: str
    kept_at: str


def keep(folder: Path, content: bytes, waiting: Waiting) -> str:
    """Keep the file; return the token by which it is found again."""
    token = secrets.token_urlsafe(24)
    own = folder / token
    own.mkdir(mode=0o700, parents=True)
    _write(own / waiting.file, content)
    _write(own / _FACTS, json.dumps(asdict(waiting)).encode())
    return token


def found(folder: Path, token: str, person_id: int, now: datetime) -> tuple[Waiting, Path] | None:
    """Return the file of that token with its path; None where this person has none."""
    if not _TOKEN.fullmatch(token):
        return None
    waiting = _facts(folder / token)
    if waiting is None or waiting.person_id != person_id or _is_old(waiting, now):
        return None
    return waiting, folder / token / waiting.file


def remove(folder: Path, token: str) -> None:
    """Remove a file that is not needed any more."""
    if _TOKEN.fullmatch(token):
        shutil.rmtree(folder / token, ignore_errors=True)


def remove_old(folder: Path, now: datetime) -> None:
    """Remove the files that waited for more than a day."""
    for own in folder.glob("*"):
        waiting = _facts(own)
        if waiting is None or _is_old(waiting, now):
            shutil.rmtree(own, ignore_errors=True)


def _is_old(waiting: Waiting, now: datetime) -> bool:
    return now - datetime.fromisoformat(waiting.kept_at) > KEPT_FOR


def _facts(own: Path) -> Waiting | None:
    try:
        return Waiting(**json.loads((own / _FACTS).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
