"""An export that is not as it was written is refused by file, and nothing is changed."""

import csv
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.answers.models import EvidencePlace
from app.database import db
from app.installation.emptiness import is_empty
from app.people.importing import import_closures
from app.people.models import Team

from .conftest import Installation, New

Damage = Callable[[Path], object]


def lines(name: str, change: Callable[[list[bytes]], list[bytes]]) -> Damage:
    """Change the lines of a file as somebody with an editor would."""

    def do(folder: Path) -> None:
        path = folder / name
        path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))

    return do


def replaced(name: str, before: str, after: str) -> Damage:
    """Write something else in one place."""

    def do(folder: Path) -> None:
        content = (folder / name).read_bytes()
        assert before.encode() in content
        (folder / name).write_bytes(content.replace(before.encode(), after.encode(), 1))

    return do


def recomputed(name: str, row: int, column: str, value: str) -> Damage:
    """Write something else in a cell of a kept file, with its SHA-256 made anew: damage that is meant."""

    def do(folder: Path) -> None:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            headings, *rows = csv.reader(file)
        [headings, *rows][row - 1][headings.index(column)] = value
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headings, *rows])
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        manifest(lambda told: told["files"].update({name: digest}))(folder)

    return do


def manifest(change: Callable[[dict[str, Any]], object]) -> Damage:
    """Change what the export says of itself."""

    def do(folder: Path) -> None:
        path = folder / "kept/export.json"
        told = json.loads(path.read_text())
        change(told)
        path.write_text(json.dumps(told))

    return do


CHANGED = "has changed since it was exported"
DOES_NOT_FIT = (
    "has an error: a row is there twice, refers to a missing row or has a value that is not allowed"
)

DAMAGES: list[tuple[str, Damage, str]] = [
    (
        "cut off in a row",
        lines("kept/people.csv", lambda all_: [*all_[:5], all_[5][:20]]),
        f"kept/people.csv: {CHANGED}",
    ),
    (
        "cut off between rows",
        lines("kept/people.csv", lambda all_: all_[:6]),
        f"kept/people.csv: {CHANGED}",
    ),
    (
        "nothing left of it",
        lines("kept/audits.csv", lambda _: []),
        f"kept/audits.csv: {CHANGED}",
    ),
    (
        "a row taken out",
        lines("kept/assignments.csv", lambda all_: [*all_[:3], *all_[4:]]),
        f"kept/assignments.csv: {CHANGED}",
    ),
    (
        "a row there twice",
        lines("kept/assignments.csv", lambda all_: [*all_[:4], *all_[3:]]),
        f"kept/assignments.csv: {CHANGED}",
    ),
    (
        "a word changed",
        replaced("kept/people.csv", "Ingrid Solomon", "Ingrid Salomon"),
        f"kept/people.csv: {CHANGED}",
    ),
    (
        "no day where one must be",
        replaced("kept/audits.csv", "2010-11-12", "12 November"),
        f"kept/audits.csv: {CHANGED}",
    ),
    (
        "a number that is none",
        replaced("kept/cycles.csv", "\r\n1,", "\r\none,"),
        f"kept/cycles.csv: {CHANGED}",
    ),
    (
        "a number too large for the database",
        replaced("kept/cycles.csv", "\r\n1,", "\r\n9999999999,"),
        f"kept/cycles.csv: {CHANGED}",
    ),
    (
        "neither yes nor no",
        replaced("kept/people.csv", ",yes\r\n", ",maybe\r\n"),
        f"kept/people.csv: {CHANGED}",
    ),
    (
        "nothing where something must be",
        replaced("kept/people.csv", "harriet.vance@council.example", ""),
        f"kept/people.csv: {CHANGED}",
    ),
    (
        "JSON that ends too early",
        replaced("kept/delivery_state.csv", "[]", "["),
        f"kept/delivery_state.csv: {CHANGED}",
    ),
    (
        "another character set",
        lines("kept/teams.csv", lambda all_: [*all_[:2], b"9,Caf\xe9\r\n", *all_[2:]]),
        f"kept/teams.csv: {CHANGED}",
    ),
    (
        "a quotation mark missing",
        lines("kept/teams.csv", lambda all_: [*all_[:2], b'9,"Crewe\r\n', *all_[2:]]),
        f"kept/teams.csv: {CHANGED}",
    ),
    (
        "a file missing",
        lambda folder: (folder / "kept/history.csv").unlink(),
        "kept/history.csv: the file was not found",
    ),
    (
        "a file too many",
        lambda folder: shutil.copy(folder / "staff.csv", folder / "more staff.csv"),
        "more staff.csv: is not part of this export",
    ),
    (
        "broken off before its end",
        lambda folder: (folder / "kept/export.json").unlink(),
        "kept/export.json: the file was not found: the export did not finish",
    ),
    (
        "a manifest that is none",
        lambda folder: (folder / "kept/export.json").write_text("[]"),
        f"kept/export.json: {CHANGED}",
    ),
    (
        "a manifest that names a file elsewhere",
        manifest(lambda told: told["files"].update({"../staff.csv": "0"})),
        "../staff.csv: the file was not found",
    ),
    (
        "history rewritten",
        recomputed("kept/history.csv", 8, "what", "something else"),
        "kept/history.csv: row 8: this row was changed, or a row before it was removed",
    ),
    (
        "a person who is not there",
        recomputed("kept/assignments.csv", 3, "person_id", "4711"),
        f"kept/assignments.csv: {DOES_NOT_FIT}",
    ),
    (
        "a line manager who is not there",
        recomputed("kept/people.csv", 4, "line_manager_id", "4711"),
        f"kept/people.csv: {DOES_NOT_FIT}",
    ),
    (
        "a value that the database does not allow",
        recomputed("kept/assignments.csv", 3, "part", "third"),
        f"kept/assignments.csv: {DOES_NOT_FIT}",
    ),
    (
        "two rows of one number",
        recomputed("kept/teams.csv", 3, "id", "1"),
        f"kept/teams.csv: {DOES_NOT_FIT}",
    ),
    (
        "a day that is none",
        recomputed("kept/audits.csv", 2, "due_on", "12 November"),
        f"kept/audits.csv: {DOES_NOT_FIT}",
    ),
    (
        "a column of another name",
        recomputed("kept/teams.csv", 1, "name", "names"),
        f"kept/teams.csv: {DOES_NOT_FIT}",
    ),
    (
        "a kept file that the manifest does not name",
        manifest(lambda told: told["files"].pop("kept/history.csv")),
        f"kept/history.csv: {CHANGED}",
    ),
    (
        "a cell edited of a file that import reads",
        replaced("audits.csv", "2010-11-12", "2010-11-13"),
        f"audits.csv: {CHANGED}",
    ),
    (
        "a row taken out of a file that import reads",
        lines("staff.csv", lambda all_: all_[:-1]),
        f"staff.csv: {CHANGED}",
    ),
    (
        "a row put into a file that import reads",
        lines("staff.csv", lambda all_: [*all_, b"ada@council.example,Ada,,,,,,,\r\n"]),
        f"staff.csv: {CHANGED}",
    ),
    (
        "a tool edited",
        replaced("tool-child-protection-1.toml", "minimum_count = 10", "minimum_count = 9"),
        f"tool-child-protection-1.toml: {CHANGED}",
    ),
    (
        "a file missing that import reads",
        lambda folder: (folder / "audits.csv").unlink(),
        "audits.csv: the file was not found",
    ),
]


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    """A copy of the example's export, to be damaged."""
    shutil.copytree(exported, tmp_path / "damaged")
    return tmp_path / "damaged"


@pytest.mark.parametrize(("damage", "said"), [one[1:] for one in DAMAGES], ids=[one[0] for one in DAMAGES])
def test_what_is_damaged_is_refused_by_file(damage: Damage, said: str, folder: Path, new: New) -> None:
    damage(folder)
    copy = new()
    assert copy.refused("import", "all", folder)[0] == said
    with copy.opened():
        assert is_empty()
        # the lists that a new installation begins with are still there
        assert db.session.scalar(select(func.count()).select_from(EvidencePlace))
        assert db.session.scalar(select(func.count()).select_from(Team)) == 0


def test_everything_that_is_wrong_is_said_at_once(folder: Path, new: New) -> None:
    replaced("kept/people.csv", ",yes\r\n", ",maybe\r\n")(folder)
    replaced("kept/audits.csv", "2010-11-12", "12 November")(folder)
    replaced("staff.csv", "Ingrid", "Ingeborg")(folder)
    assert new().refused("import", "all", folder) == [
        f"kept/audits.csv: {CHANGED}",
        f"kept/people.csv: {CHANGED}",
        f"staff.csv: {CHANGED}",
    ]


def test_no_fault_repeats_what_stands_in_a_cell(folder: Path, new: New) -> None:
    replaced("kept/audits.csv", "615739", "6157\n39")(folder)
    replaced("audits.csv", "615739", "6157390")(folder)
    assert "6157" not in "".join(new().refused("import", "all", folder))


def test_an_edit_of_what_people_edit_comes_with_advice(folder: Path, new: New) -> None:
    replaced("staff.csv", "Ingrid Solomon", "Ingrid Salomon")(folder)
    fault, advice = new().refused("import", "all", folder)
    assert fault == f"staff.csv: {CHANGED}"
    assert "move the folder kept out of the export" in advice
    shutil.rmtree(folder / "kept")
    copy = new("copy")
    assert "38 people: 38 added" in copy.done("import", "all", folder)


def test_a_file_that_a_spreadsheet_program_saved_is_refused_with_advice(folder: Path, new: New) -> None:
    with (folder / "staff.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with (folder / "staff.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    fault, advice = new().refused("import", "all", folder)
    assert fault == f"staff.csv: {CHANGED}"
    assert "move the folder kept out of the export" in advice


def test_an_export_of_another_version_is_refused(folder: Path, new: New) -> None:
    manifest(lambda told: told.update(database="0001"))(folder)
    [said] = new().refused("import", "all", folder)
    assert "Update the older one, then export again." in said


def test_an_installation_with_people_takes_in_no_folder(example: Installation, exported: Path) -> None:
    [said] = example.refused("import", "all", exported)
    assert "only import a folder into an installation without people, tools or cycles" in said


def test_an_installation_with_a_history_keeps_it(
    app: Flask, exported: Path, new: New, tmp_path: Path
) -> None:
    (tmp_path / "closures.csv").write_text("day\n2026-12-24\n")
    copy = new()
    with copy.opened():
        assert not import_closures(tmp_path / "closures.csv").refused
    [said] = copy.refused("import", "all", exported)
    assert "already has a history, which would be lost" in said


def test_a_dry_run_checks_an_export_and_changes_nothing(exported: Path, new: New) -> None:
    copy = new()
    assert "This was only a check, so nothing was changed." in copy.done(
        "import", "all", exported, "--dry-run"
    )
    with copy.opened():
        assert is_empty()
