"""Several installations beside one another, to move everything from one into another."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from app import create_app
from app.commands import main
from app.database import db
from app.example import loading
from tests.conftest import settings_in

ON = date(2026, 7, 3)
"""The day on which everything happens: a Friday."""

PROGRESS = re.compile(r".*: [\d,]+ rows")
"""The line that a command prints about once a second at work: on a busy machine before any sentence."""


@dataclass(frozen=True)
class Installation:
    """An installation in a folder of its own."""

    folder: Path
    url: str = ""
    """The address of its database, where that is not the file in the folder."""

    def run(self, *words: object) -> Result:
        """Call `practice-audits` with these words, without anything of this machine's settings."""
        environ: dict[str, str | None] = dict.fromkeys(("MAIL_SERVER", "DEMO_PASSWORD"))
        environ |= {"INSTANCE_PATH": str(self.folder), "DATABASE_URL": self.url or None}
        return CliRunner().invoke(main, [str(word) for word in words], env=environ, catch_exceptions=False)

    def done(self, *words: object) -> str:
        """Run a command that must succeed; return its output."""
        result = self.run(*words)
        assert result.exit_code == 0, result.output
        return result.stdout

    def refused(self, *words: object) -> list[str]:
        """Run a command that must be refused; return its sentences, without lines of progress."""
        result = self.run(*words)
        assert (result.exit_code, result.stdout) == (1, ""), result.output
        return [line for line in result.stderr.splitlines() if not PROGRESS.fullmatch(line)]

    @contextmanager
    def opened(self) -> Iterator[Flask]:
        """The service of this installation, with its context pushed."""
        environ = {"DATABASE_URL": self.url} if self.url else {}
        application = create_app(settings_in(self.folder, **environ))
        with application.app_context():
            yield application
            db.session.remove()
            db.engine.dispose()


New = Callable[..., Installation]


@pytest.fixture
def new(tmp_path: Path, migrated_sqlite: Path) -> New:
    """Make an installation without people, tools or cycles."""

    def make(name: str = "new", url: str = "") -> Installation:
        folder = tmp_path / name
        folder.mkdir()
        if not url:
            shutil.copy(migrated_sqlite, folder / "practice-audits.sqlite")
        return Installation(folder, url)

    return make


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Installation:
    """The example as it is on the day; no test changes it."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copy(migrated_sqlite, folder / "practice-audits.sqlite")
    installation = Installation(folder)
    with installation.opened():
        loading.load(ON, "a password that is long")
    return installation


@pytest.fixture(scope="session")
def exported(example: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export of the example; no test changes it."""
    folder = tmp_path_factory.mktemp("exported") / "example"
    example.done("export", folder)
    return folder


def files_in(folder: Path) -> dict[str, bytes]:
    """Return the contents of the files of a folder, by their path in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def differing(one: Path, other: Path) -> list[str]:
    """The names of the files that are not the same in both folders."""
    left, right = files_in(one), files_in(other)
    return [name for name in sorted(left | right) if left.get(name) != right.get(name)]
