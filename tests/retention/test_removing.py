"""Removing the texts of a cycle: nothing is left in the files of the database, figures are the same."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.database import db, transaction
from app.findings.freezing import findings_of
from app.findings.models import Snapshot
from app.history import record
from app.history.checking import first_break
from app.history.models import HistoryRow
from app.people.models import Person
from app.reports import finals
from app.reports.making import report_of
from app.reports.models import FinalReport
from app.reports.paper import Audience
from app.retention import nightly, removing
from app.retention.models import Removal
from tests.retention.canaries import ON, Scene, a_cycle_of_canaries


def figures(scene: Scene) -> dict[str, Any]:
    """Return all that was counted of the cycle, as it leaves."""
    cycle = db.session.get_one(Cycle, scene.cycle.id)
    coordinator = db.session.scalars(select(Person).where(Person.name == "Cora")).one()
    return {
        "findings": findings_of(cycle, ON).to_json(),
        "finals": db.session.execute(select(FinalReport.number, FinalReport.content)).all(),
        **{audience: report_of(cycle, audience, ON, coordinator).to_json() for audience in Audience},
    }


def make_final(scene: Scene) -> None:
    with transaction():
        cycle = db.session.get_one(Cycle, scene.cycle.id)
        coordinator = db.session.scalars(select(Person).where(Person.name == "Cora")).one()
        finals.make(cycle, Audience.COUNCIL, of=ON, by=coordinator, on=ON, seen=0)


def test_nothing_of_a_text_is_left_and_no_figure_changes(service: Flask) -> None:
    scene = a_cycle_of_canaries(12)
    make_final(scene)
    before, expected = figures(scene), removing.what_goes(scene.cycle)

    removal = removing.remove("2010-1", by="cora@council.example", on=ON)

    assert removal is not None
    assert removal.counts == dict(expected)
    assert removing.what_goes(scene.cycle) == {}
    assert removing.remove("2010-1", by="cora@council.example", on=ON) is None
    assert figures(scene) == before
    assert db.session.scalars(select(Audit.case_reference).distinct()).all() == [None]
    assert left(scene) == {}
    assert first_break() is None
    assert done_by("worker replied") == done_by("replied") == {"(removed)"}
    [kept] = [row for row in record.of("audit", "CP-0000") if row.what == "extended"]
    assert (kept.before, kept.after, kept.why) == ("due 1 May", "due 2 May", None)


def done_by(what: str) -> set[str]:
    return set(db.session.scalars(select(HistoryRow.who).where(HistoryRow.what == what)))


def left(scene: Scene) -> dict[str, str]:
    """Return the canaries that any table still has, each with where it was."""
    everything = "\n".join(
        repr(row) for table in db.metadata.sorted_tables for row in db.session.execute(select(table))
    )
    found = set(re.findall(r"canary[0-9]{7}x", everything))
    return {word: where for word, where in scene.canaries.gone.items() if word in found}


@pytest.mark.parametrize("lacking", [("cases",), ("same_cases",), ("cases", "same_cases")])
def test_findings_frozen_without_numbers_of_cases_keep_them(app: Flask, lacking: tuple[str, ...]) -> None:
    scene = a_cycle_of_canaries(12)
    with transaction():
        db.session.execute(text("drop trigger snapshots_refuses_update"))
        snapshot = db.session.get_one(Snapshot, scene.cycle.id)
        document = json.loads(snapshot.findings)
        snapshot.findings = json.dumps({k: v for k, v in document.items() if k not in lacking})
    before = findings_of(scene.cycle, ON)
    assert (before.cases, before.no_interval_because) == (12, None)
    removing.remove("2010-1", by="cora@council.example", on=ON)
    after = findings_of(db.session.get_one(Cycle, scene.cycle.id), ON)
    assert replace(after, same_cases=None) == replace(before, same_cases=None)
    assert after.same_cases == {}


def test_no_byte_of_a_text_is_in_the_files_of_the_database(app: Flask, tmp_path: Path) -> None:
    scene = a_cycle_of_canaries(12)
    removing.remove("2010-1", by="cora@council.example", on=ON)
    nightly.compact()
    assert db.session.scalars(select(Removal.compacted_at)).one() is not None
    content = b"".join(path.read_bytes() for path in tmp_path.glob("practice-audits.sqlite*"))
    assert {w: where for w, where in scene.canaries.gone.items() if w.encode() in content} == {}
