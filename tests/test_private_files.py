"""The files of an installation are for its owner alone: whatever the umask is, also in an open folder."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import create_app
from app.database import db
from app.migrating import migrate
from tests.conftest import settings_in

COMMAND = str(Path(sys.executable).with_name("practice-audits"))
FIRST_CYCLE = Path(__file__).parents[1] / "app" / "example" / "first-cycle"


@pytest.fixture
def loose() -> Iterator[None]:
    """The umask of most machines, with which others can read new files."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def run(folder: Path, *words: str) -> None:
    environ = {
        **os.environ,
        "INSTANCE_PATH": str(folder / "instance"),
        "DATABASE_URL": f"sqlite:///{folder / 'open' / 'audits.sqlite'}",
    }
    done = subprocess.run([COMMAND, *words], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("loose")
def test_every_file_that_a_command_makes_is_private(tmp_path: Path) -> None:
    for name in ("open", "instance", "out"):
        (tmp_path / name).mkdir(mode=0o755)
    for kind in ("staff.csv", "tool.toml", "cycle.toml"):
        run(tmp_path, "import", kind.partition(".")[0], str(FIRST_CYCLE / kind))
    run(tmp_path, "report", "2010-1", "--out", str(tmp_path / "out" / "report.docx"))
    quarter = ("--from", "2010-10-01", "--to", "2010-12-31")
    run(tmp_path, "summary", *quarter, "--out", str(tmp_path / "out" / "summary.html"))
    run(tmp_path, "export", str(tmp_path / "out" / "export"))
    made = {path for path in tmp_path.rglob("*") if path.is_file()}
    keys = {"secret_key", "case_number_key"}
    assert {path.name for path in made} >= keys | {"audits.sqlite", "report.docx", "summary.html"}
    assert [path for path in made if mode(path) != "0o600"] == []


@pytest.mark.usefixtures("loose")
@pytest.mark.parametrize("beside", ["", "-wal", "-shm"])
def test_the_database_and_its_files_are_private_while_it_is_open(tmp_path: Path, beside: str) -> None:
    tmp_path.chmod(0o755)
    file = tmp_path / "audits.sqlite"
    app = create_app(settings_in(tmp_path / "instance", DATABASE_URL=f"sqlite:///{file}"))
    with app.app_context():
        migrate()
        assert mode(file.with_name(file.name + beside)) == "0o600"
        db.session.remove()
        db.engine.dispose()


@pytest.mark.usefixtures("loose")
@pytest.mark.parametrize(
    "name",
    [
        "open/audits.sqlite",
        "open/audits.sqlite-wal",
        "open/audits.sqlite-shm",
        "instance/secret_key",
        "instance/history_key",
        "instance/case_number_key",
        "instance/imports/a-token/closures.csv",
        "instance/report-templates/a-token/council.docx",
    ],
)
def test_what_others_could_read_is_put_right_at_the_start(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    (tmp_path / "instance").mkdir(exist_ok=True)
    path.write_text("k" * 64)
    path.chmod(0o644)
    create_app(settings_in(tmp_path / "instance", DATABASE_URL=f"sqlite:///{tmp_path}/open/audits.sqlite"))
    assert mode(path) == "0o600"


@pytest.mark.usefixtures("loose")
def test_files_of_others_beside_them_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    other = tmp_path / "open" / "notes.txt"
    other.write_text("not ours")
    create_app(settings_in(tmp_path / "instance", DATABASE_URL=f"sqlite:///{tmp_path}/open/audits.sqlite"))
    assert mode(other) == "0o644"


def test_a_folder_that_is_named_as_the_database_stays_as_it_is(tmp_path: Path) -> None:
    named = tmp_path / "a folder of others"
    named.mkdir()
    named.chmod(0o755)
    create_app(settings_in(tmp_path / "instance", DATABASE_URL=f"sqlite:///{named}"))
    assert mode(named) == "0o755"
