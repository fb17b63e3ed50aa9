"""Files that mean harm: each is refused within seconds with a sentence, and the service goes on.

The seconds are the processor's, of the service and of what it starts: how busy a machine is says nothing of a
file. How long each takes by the clock, `make bench` says.
"""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.database import db
from app.files.sandbox import MEGABYTES
from app.people.models import Closure, Person
from tests.factories import a_person
from tests.imports.hostile import CSV, DAY, TOML, XLSX, Make
from tests.pages import visible

SECONDS = 5

MEASURE = """
import pathlib, resource, sys
from app.files.sandbox import refuse_unsound
from app.files.faults import Unreadable
for file in pathlib.Path(sys.argv[1]).iterdir():
    try:
        refuse_unsound(file)
    except Unreadable as why:
        assert str(why)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""

FILES = [pytest.param("closures", "days.csv", make, id=f"csv: {name}") for name, make in CSV.items()]
FILES += [pytest.param("closures", "days.xlsx", make, id=f"xlsx: {name}") for name, make in XLSX.items()]
FILES += [pytest.param("tool", "tool.toml", make, id=f"toml: {name}") for name, make in TOML.items()]


@pytest.fixture
def coordinator(
    app: Flask, sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> FlaskClient:
    clock_at(date(2010, 11, 1))
    return sign_in(a_person("Jack Somebody", roles=["coordinator"]))


def seconds_used() -> float:
    """The processor's seconds of this process and of those that it started and that have ended."""
    return sum(os.times()[:4])


def sent(client: FlaskClient, kind: str, name: str, content: bytes) -> tuple[str, bool]:
    """Send a file; return the page's words about it, and whether it could be imported."""
    data = {"kind": kind, "file": (io.BytesIO(content), name)}
    answer = client.post("/imports", data=data, content_type="multipart/form-data", follow_redirects=True)
    assert answer.status_code in (200, 422), answer.status_code
    page = answer.get_data(as_text=True)
    return visible(page), "Import file" in page


@pytest.mark.parametrize(("kind", "name", "make"), FILES)
def test_it_is_refused_in_time_with_a_sentence(
    coordinator: FlaskClient, kind: str, name: str, make: Make
) -> None:
    content = make()
    before = seconds_used()
    words, could_be_imported = sent(coordinator, kind, name, content)
    assert seconds_used() - before < SECONDS
    assert not could_be_imported
    assert "There is a problem" in words or "The file has errors" in words
    assert "went wrong" not in words
    assert db.session.query(Closure).count() == 0
    health = coordinator.get("/health").get_json()
    assert not {"database", "migrations"} & health.keys(), health


def test_a_sound_file_is_not_refused(coordinator: FlaskClient) -> None:
    assert sent(coordinator, "closures", "days.csv", DAY)[1]


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such limit")
def test_no_file_takes_more_memory_than_is_allowed(tmp_path: Path) -> None:
    for ending, files in ((".xlsx", XLSX), (".csv", CSV), (".toml", TOML)):
        for number, make in enumerate(files.values()):
            (tmp_path / f"{number}{ending}").write_bytes(make())
    # measured in a small program: what starts another one lends it its own size
    measured = subprocess.run([sys.executable, "-c", MEASURE, str(tmp_path)], capture_output=True, check=True)
    assert int(measured.stdout) * 1024 < MEGABYTES * 1_000_000
