"""Entries of the record of reading in files, while another connection writes to the database.

A file has the entries of one request, and is there whole or not at all. It has no case number.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.readings.entries import Entry, entry_of

FOLDER, ENDING = "readings", ".jsonl"


def keep(instance: Path, entries: Sequence[Entry]) -> None:
    """Keep entries in a file, on the disk when this returns."""
    folder = instance / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{entries[0].at.timestamp():017.6f}-{secrets.token_hex(4)}{ENDING}"
    beside = path.with_suffix(".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{entry.line()}\n" for entry in entries)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def files(instance: Path) -> list[Path]:
    """Return the files with entries, the oldest first."""
    return sorted((instance / FOLDER).glob(f"*{ENDING}"))


def entries_in(paths: Sequence[Path]) -> Iterator[Entry]:
    """Yield the entries of files; one that another process has just written is no longer there."""
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            continue
        yield from map(entry_of, lines)


def remove(paths: Sequence[Path]) -> None:
    """Remove files whose entries are written."""
    for path in paths:
        path.unlink(missing_ok=True)
