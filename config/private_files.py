"""The files of an installation are for its owner alone, wherever they are and whatever the umask is.

New files of this process can be read by nobody else; SQLite gives `-wal` and `-shm` the mode of the
database. What was there before, made by hand or by another program, is put right when the service starts.
"""

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url

from config.settings import Settings

log = logging.getLogger(__name__)

OTHERS = stat.S_IRWXG | stat.S_IRWXO

_BESIDE_A_DATABASE = ("", "-wal", "-shm", "-journal")

_FOLDERS = ("imports", "readings", "report-templates")
"""The folders in INSTANCE_PATH: the progress of imports, readings that wait to be recorded, and files that
waited there before the database kept them."""


def keep_private(settings: Settings) -> None:
    """Make new files of this process private, and those that are there."""
    os.umask(OTHERS)
    for path in _files_of(settings):
        _make_private(path)


def database_file(settings: Settings) -> Path | None:
    """Return the file of a SQLite database; None for another database, or for one in memory."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def _files_of(settings: Settings) -> Iterator[Path]:
    """Yield what is there of an installation: its database, keys and marks, and the files that wait."""
    if (database := database_file(settings)) is not None:
        beside = (database.with_name(database.name + ending) for ending in _BESIDE_A_DATABASE)
        # a folder of that name is none of ours
        yield from (path for path in beside if path.is_file())
    yield from (path for path in settings.instance_path.iterdir() if path.is_file())
    for folder in _FOLDERS:
        yield settings.instance_path / folder
        yield from (settings.instance_path / folder).rglob("*")


def _make_private(path: Path) -> None:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)
    except FileNotFoundError:
        return  # it is not there, or another process has just removed it
    except PermissionError:
        log.warning(
            "%s can be read by other users of this machine, and the user that runs the service cannot change "
            "that. Change its mode to 600.",
            path.name,
        )
