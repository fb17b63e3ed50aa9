"""The first cycle on each of the two databases, for tests of the daily run."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.database import db
from app.migrating import migrate
from tests.conftest import settings_in

from .case_loading import load_folder, without_tracker
from .product import load

FIRST_CYCLE = Path(__file__).parents[2] / "app" / "example" / "first-cycle"


@dataclass
class Installation:
    """An installation that other processes can work on too."""

    app: Flask
    environment: dict[str, str]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """The first cycle, on each of the two databases."""
    more = {}
    if request.param == "postgresql":
        more["DATABASE_URL"] = request.getfixturevalue("postgresql_url")
    app = create_app(settings_in(tmp_path, **more))
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "HISTORY_KEY") if name in os.environ}
    environment = {
        **kept,
        "INSTANCE_PATH": str(tmp_path),
        "SECRET_KEY": "the secret key of a test, long enough",
        **more,
    }
    with app.app_context():
        migrate()
        load(without_tracker(load_folder(FIRST_CYCLE)))
        yield Installation(app, environment)
        db.session.remove()
        db.engine.dispose()
