"""Marks that a machine keeps outside the database, in INSTANCE_PATH, so that a copy of it is known.

The mark names the last message that was written. The days of `sent` have a line for each message that was
sent, with its keys and without its words or address, so that a database put back from an earlier copy can
learn what went out after the copy was made.
"""

import json
import logging
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app

from app.outbox.copy_signs import Mark
from config.settings import Settings

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=90)
"""The time for which lines of sent messages are kept: nobody goes on working with an older backup."""

Line = dict[str, Any]


def _folder() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.instance_path


def _mark_file() -> Path:
    return _folder() / "last_email"


def _sent_folder() -> Path:
    return _folder() / "sent_emails"


def read_mark() -> Mark | None:
    """Return this machine's mark; None where there is none that can be read."""
    try:
        kept = json.loads(_mark_file().read_text(encoding="utf-8"))
        return Mark(
            str(kept["database"]), int(kept["message"]), str(kept["uid"]), datetime.fromisoformat(kept["at"])
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None


def keep_mark(mark: Mark) -> None:
    """Keep a mark in the place of the one before, whole or not at all."""
    text = json.dumps({**asdict(mark), "at": mark.at.isoformat()})
    try:
        descriptor, name = tempfile.mkstemp(dir=_folder(), prefix="last_email.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(_mark_file())
        except OSError:
            Path(name).unlink()
            raise
    except OSError as error:
        # the message stands in the database all the same
        log.warning("the mark of the last email cannot be kept: %s", error.strerror)


def note_sent(line: Line, at: datetime) -> None:
    """Append a sent message to today's lines; several processes may do so at once."""
    try:
        folder = _sent_folder()
        folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(
            folder / f"{at.astimezone(UTC).date()}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600
        )
        try:
            os.write(descriptor, json.dumps(line, default=str).encode() + b"\n")
        finally:
            os.close(descriptor)
    except OSError as error:
        log.warning("a sent email cannot be noted: %s", error.strerror)


def sent_lines() -> Iterator[Line]:
    """Yield the lines of sent messages, earliest first; one that a crash cut short is left out."""
    for path in sorted(_sent_folder().glob("*.jsonl")):
        for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                line = json.loads(text)
            except ValueError:
                continue
            if isinstance(line, dict):
                yield line


def remove_old(today: date) -> None:
    """Remove the lines of days that are too long ago."""
    for path in _sent_folder().glob("*.jsonl"):
        try:
            day = date.fromisoformat(path.stem)
        except ValueError:
            continue
        if today - day > KEPT_FOR:
            path.unlink(missing_ok=True)
