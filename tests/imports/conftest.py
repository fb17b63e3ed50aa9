"""Files of audits as small as they can be, and what an import of them says."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app.audit_files.audits import import_audits
from app.files.imported import Imported
from tests.factories import a_cycle, a_person

HEADING = (
    "reference,case_reference,team,lead_auditor,second_auditor,requested_on,assigned_on,started_on,due_on,"
    "returned_on,withdrawn_on,declined_on,reason_not_returned,override_reason,note"
)
TODAY = date(2010, 11, 1)

Load = Callable[..., Imported]


def a_row(**cells: str) -> str:
    """A row that nothing is wrong with, save what the test says."""
    usual = {
        "reference": "CP-001",
        "case_reference": "615739",
        "team": "Nantwich",
        "lead_auditor": "lena.lead@council.example",
        "second_auditor": "sam.second@council.example",
        "requested_on": "2010-10-04",
        "assigned_on": "2010-10-05",
        "due_on": "2010-11-12",
    }
    return ",".join((usual | cells).get(column, "") for column in HEADING.split(","))


def said(outcome: Imported) -> list[str]:
    """The faults, one a line."""
    return [str(fault) for fault in outcome.faults]


def counted(outcome: Imported) -> tuple[int, int, int, int]:
    """Added, changed, unchanged, left."""
    return outcome.added, outcome.changed, outcome.unchanged, outcome.left


@pytest.fixture
def pair(app: Flask) -> None:
    """The two auditors of a_row, a third one, and the open cycle 2010-1."""
    a_person("Lena Lead", team="Crewe")
    a_person("Sam Second", team="Safeguarding Unit")
    a_person("Tom Third", team="Nantwich")
    a_cycle("2010-1")


@pytest.fixture
def load(pair: None, tmp_path: Path) -> Load:
    """Import rows of audits into cycle 2010-1."""

    def rows(
        *rows: str, heading: str = HEADING, cycle: str | None = "2010-1", dry_run: bool = False
    ) -> Imported:
        path = tmp_path / "audits.csv"
        path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
        return import_audits(path, on=TODAY, cycle=cycle, dry_run=dry_run)

    return rows
