"""The first cycle from its files, for tests of what it found."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app.answers.importing import import_answers
from app.answers.importing_context import import_context
from app.audit_files.audits import import_audits
from app.cycles.importing import import_cycle
from app.files.imported import Imported
from app.people.importing_staff import import_staff
from app.tools.importing import import_tool
from config.settings import PROJECT

FILES = PROJECT / "app" / "example" / "first-cycle"
HEADING = "audit_reference,question,response,evidence_location,comment\n"

Import = Callable[..., Imported]


def taken_in(outcome: Imported) -> Imported:
    assert not outcome.faults, "\n".join(map(str, outcome.faults))
    return outcome


@pytest.fixture
def first_cycle(app: Flask) -> None:
    """The first cycle from its files, closed and not frozen yet."""
    take_first_cycle_in()


def take_first_cycle_in() -> None:
    taken_in(import_staff(FILES / "staff.csv"))
    taken_in(import_tool(FILES / "tool.toml"))
    taken_in(import_cycle(FILES / "cycle.toml"))
    taken_in(import_audits(FILES / "audits.csv", on=date(2010, 12, 22), cycle="2010-1"))
    taken_in(import_answers(FILES / "answers.csv"))
    taken_in(import_context(FILES / "context.csv"))


@pytest.fixture
def answers(tmp_path: Path) -> Import:
    """Import further answers."""

    def rows(*rows: str) -> Imported:
        path = tmp_path / "answers.csv"
        path.write_text(HEADING + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        return import_answers(path)

    return rows


@pytest.fixture
def late_return(tmp_path: Path) -> Callable[[str], None]:
    """Import that an audit came back on 20 December 2010, after the cut-off."""

    def comes_back(reference: str) -> None:
        audits = (FILES / "audits.csv").read_text(encoding="utf-8").splitlines()
        row = next(row for row in audits if row.startswith(f"{reference},"))
        path = tmp_path / "audits.csv"
        known = ",".join([*row.split(",")[:3], "2010-12-20"])
        path.write_text(f"reference,case_reference,team,returned_on\n{known}\n", encoding="utf-8")
        taken_in(import_audits(path, on=date(2010, 12, 22), cycle="2010-1"))

    return comes_back


@pytest.fixture
def newer_tool(tmp_path: Path) -> Callable[[], None]:
    """Import a second version of the tool, in which adequate counts as met and 100 answers are needed."""

    def published() -> None:
        path = tmp_path / "tool.toml"
        path.write_text(
            (FILES / "tool.toml")
            .read_text(encoding="utf-8")
            .replace("version = 1", "version = 2")
            .replace('adequate = "not met"', 'adequate = "met"')
            .replace("minimum_count = 10", "minimum_count = 100"),
            encoding="utf-8",
        )
        assert taken_in(import_tool(path)).added == 1

    return published
