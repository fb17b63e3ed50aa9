"""The command on an installation of its own, whose database is brought up already."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.commands import main

Run = Callable[..., Result]


@pytest.fixture
def installation(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty installation that the environment names."""
    folder = tmp_path / "installation"
    folder.mkdir()
    shutil.copy(migrated_sqlite, folder / "practice-audits.sqlite")
    monkeypatch.setenv("INSTANCE_PATH", str(folder))
    for name in ("DATABASE_URL", "MAIL_SERVER", "DEMO_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def run(installation: Path) -> Run:
    """Call `practice-audits` with these words."""

    def call(*words: object, typed: str | None = None) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words], input=typed, catch_exceptions=False)

    return call
