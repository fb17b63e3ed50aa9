"""Folders in INSTANCE_PATH for the copies that work needs on the disk: of a database for a backup or a
restore, of a file that is imported.

A copy is gone with the work, or soon after the work's process was killed: case numbers, and what was removed
since, are in it.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from flask import current_app

from config.settings import Settings

PREFIX = "copy-at-work."
"""The beginning of these folders' names, which nobody gives to a folder of their own."""


@contextmanager
def folder_for_a_copy() -> Iterator[Path]:
    """Yield a new folder that is removed at the end. A lock says that the work on it goes on."""
    remove_copies_left()
    with ExitStack() as ends:
        with _locked(_instance()):
            made = tempfile.TemporaryDirectory(dir=_instance(), prefix=PREFIX, ignore_cleanup_errors=True)
            folder = Path(ends.enter_context(made))
            ends.enter_context(_locked(folder))
        yield folder


def remove_copies_left() -> None:
    """Remove the copies whose work ended with its process."""
    # nobody makes one meanwhile, which would not be locked yet
    with _locked(_instance()):
        for folder in _instance().glob(f"{PREFIX}*"):
            if not _is_at_work(folder):
                # it may just be removed by its own work
                shutil.rmtree(folder, ignore_errors=True)


def _is_at_work(folder: Path) -> bool:
    try:
        with _locked(folder, fcntl.LOCK_NB):
            return False
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False


@contextmanager
def _locked(folder: Path, how: int = 0) -> Iterator[None]:
    """Hold the lock of a folder; it ends with the process. With LOCK_NB, raise where another has it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | how)
        yield
    finally:
        os.close(descriptor)


def _instance() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.instance_path
