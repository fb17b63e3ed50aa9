"""An installation as the benchmarks see it, without loading the service, which would take memory."""

from pathlib import Path

COORDINATOR = "coordinator1@council.example"
ADMINISTRATOR = "administrator1@council.example"
PASSWORD = "correct horse battery staple"


DATABASE_URL = "database-url"
"""The file in an installation's folder that names its PostgreSQL database; without it, it has SQLite."""


def environment(folder: str, **more: str) -> dict[str, str]:
    """The environment of an installation in that folder, with nothing taken from this machine's settings."""
    if (url := Path(folder) / DATABASE_URL).exists():
        more = {"DATABASE_URL": url.read_text(), **more}
    keys = {
        "SECRET_KEY": "the secret key of a benchmark, long enough",
        # that of the tests, which take such an installation's export into one of theirs
        "HISTORY_KEY": "the history key of a test, long enough",
    }
    return {"INSTANCE_PATH": folder, **keys, **more}
