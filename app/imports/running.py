"""Long imports: they run in a thread, and a page that can be left shows their progress.

The progress is a file beside the upload, because the next request may reach another process. An import whose
process ends has changed nothing: it is one transaction.
"""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

from flask import Flask, current_app

from app import clock
from app.files.imported import Imported
from app.files.progress import Tell
from config.log_lines import task

LONG_FROM_BYTES = 500_000
"""The size, some ten thousand rows, from which an import takes longer than people should wait."""

SILENT_FOR = timedelta(minutes=10)
"""The time without news after which an import counts as ended with its process."""

_STATE = "progress.json"


@dataclass(frozen=True)
class Progress:
    """The progress of an import. `ended` is its result in words; `failed` is True if it changed nothing."""

    rows: int
    told_at: str
    ended: str | None = None
    failed: bool = False

    def is_silent(self, now: datetime) -> bool:
        """Return True when the import cannot be running any more."""
        return self.ended is None and now - datetime.fromisoformat(self.told_at) > SILENT_FOR


def start(file: Path, import_it: Callable[[Tell], Imported]) -> None:
    """Begin the import of a file, unless it has begun already."""
    beside = file.parent / _STATE
    try:
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
    _write(beside, 0)
    # a thread cannot see the application of the request that starts it
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    Thread(target=_run, args=(app, beside, import_it), name=f"import {file.parent.name}").start()


def progress(file: Path) -> Progress | None:
    """Return the progress of the import of a file; None if it has not begun."""
    try:
        return Progress(**json.loads((file.parent / _STATE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except ValueError:  # it has just been made
        return Progress(0, clock.now().isoformat())


def forget(file: Path) -> None:
    """Forget the progress of a file, so that its import can begin again."""
    (file.parent / _STATE).unlink(missing_ok=True)


def told(outcome: Imported) -> str:
    """Return the words for an import that has ended."""
    return f"Imported {outcome.without_file()}{'.' if outcome.left_alone() else ''}"


def _run(app: Flask, beside: Path, import_it: Callable[[Tell], Imported]) -> None:
    def tell(_file: str, rows: int) -> None:
        _write(beside, rows)

    with app.app_context(), task("import"):
        try:
            outcome = import_it(tell)
        except Exception:
            app.logger.exception("the import of a file failed")
            _write(beside, 0, "Something went wrong.", failed=True)
            return
        if outcome.refused:
            _write(beside, 0, "The file now has errors.", failed=True)
        else:
            _write(beside, 0, told(outcome))


def _write(beside: Path, rows: int, ended: str | None = None, *, failed: bool = False) -> None:
    state = Progress(rows, clock.now().isoformat(), ended, failed)
    new = beside.with_suffix(".new")
    new.write_text(json.dumps(asdict(state)), encoding="utf-8")
    new.replace(beside)
