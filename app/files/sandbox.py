"""A sandbox for files that were sent in: each is opened first in a process with little time and memory.

Whatever the file does to the program that opens it, it does there. What comes through can be read.
"""

import os
import subprocess  # nosec B404 # to start the service itself, without a shell
import sys
from pathlib import Path

from app.files.faults import Unreadable
from app.files.opening import MOST_ROWS, content_of
from app.files.reading import is_xlsx, rows_of
from app.files.toml_files import parsed

SECONDS = 3
MEGABYTES = 256

MOST_CELLS = 500_000
"""The most cells that a person waits for at a page. The command on the server reads more, with progress."""

TOO_LONG = "the file takes too long to read"
TOO_LARGE = "the file takes too much memory to read"

_NEEDED_FROM_OUTSIDE = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP")
"""The variables without which a process does not start; none holds a password of the service."""


def refuse_unsound(path: Path) -> None:
    """Refuse a file unless the csv, xlsx or toml file can be opened in the sandbox. Raises `Unreadable`.

    A sound file may still have faults: those are for its import to tell.
    """
    environ = {name: os.environ[name] for name in _NEEDED_FROM_OUTSIDE if name in os.environ}
    command = [sys.executable, "-m", "app.files.sandbox", str(path)]
    try:
        process = subprocess.run(  # noqa: S603  # nosec B603 # the arguments are the service's own
            command,
            env=environ | {"PYTHONIOENCODING": "utf-8"},
            cwd=Path(__file__).parents[2],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(_with_advice(TOO_LONG, path)) from None
    if process.returncode:
        raise Unreadable(_with_advice(TOO_LARGE, path))
    if why := process.stdout.decode().strip():
        raise Unreadable(why)


def _with_advice(why: str, path: Path) -> str:
    return f"{why}: {'save it as CSV or ' if is_xlsx(path.name) else ''}split it into smaller files"


def look_through(path: Path) -> None:
    """Read the file to its end. Raises `Unreadable`."""
    if path.suffix == ".toml":
        parsed(content_of(path))
        return
    cells = 0
    for number, row in enumerate(rows_of(path.name, content_of(path), ())):
        cells += len(row)
        if number > MOST_ROWS or cells > MOST_CELLS:
            what = f"{MOST_ROWS:,} rows" if number > MOST_ROWS else f"{MOST_CELLS:,} cells"
            raise Unreadable(
                f"the file has more than {what}: split it into smaller files, or import it with the command"
            )


def _limit() -> None:
    if sys.platform == "win32":
        return  # there the time alone is limited
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES * 1_000_000,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Print why the file named as the argument is refused; nothing where it is sound."""
    _limit()
    try:
        look_through(Path(sys.argv[1]))
    except Unreadable as why:
        sys.stdout.write(str(why))
    except MemoryError:
        sys.stdout.write(_with_advice(TOO_LARGE, Path(sys.argv[1])))


if __name__ == "__main__":
    main()
