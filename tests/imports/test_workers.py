"""Files name the worker of a case, and say what a cycle tells workers."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app.assigning.independence import Tie
from app.audit_files.audits import import_audits
from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.cycles.importing import import_cycle
from app.database import db, transaction
from app.files.imported import Imported
from app.history.record import Event, of, record
from app.workers.models import WorkerReply
from app.workers.naming import name_worker
from tests.factories import a_cycle, a_person, a_tool, an_audit
from tests.imports.conftest import HEADING, TODAY, Load, a_row, counted, said

WORKER, OTHER = "wilma.worker@council.example", "olga.other@council.example"
LENA, TOM = "lena.lead@council.example", "tom.third@council.example"
CYCLE = """[cycle]
reference = "2010-2"
title = "A cycle"
theme = "A theme"
tool = "child-protection"
requested_on = 2010-10-04
due_on = 2010-11-12
"""


@pytest.fixture
def named(load: Load) -> Load:
    """Import rows whose last column names the worker."""
    manager = a_person("Mia Manager", roles=["manager", "auditor"])
    a_person("Wilma Worker", roles=["practitioner", "auditor"], team="Nantwich", manager=manager)
    a_person("Olga Other", roles=["practitioner"])

    def rows(*workers: str, cells: dict[str, str] | None = None, **how: Any) -> Imported:
        lines = [
            f"{a_row(**({'reference': f'CP-00{n}', 'case_reference': f'A{n}'} | (cells or {})))},{worker}"
            for n, worker in enumerate(workers, start=1)
        ]
        return load(*lines, heading=f"{HEADING},worker_email", **how)

    return rows


def the_worker(reference: str = "CP-001") -> str | None:
    db.session.rollback()
    audit = db.session.scalars(select(Audit).where(Audit.called(reference))).one()
    return audit.worker.email if audit.worker else None


def entries() -> list[tuple[str, str | None, str | None]]:
    """The entries of the history about the worker, the earliest first."""
    rows = [row for row in of("audit", "CP-001") if row.what.startswith("worker")]
    return [(row.what, row.before, row.after) for row in reversed(rows)]


def overrides() -> dict[str, tuple[str | None, str | None]]:
    db.session.rollback()
    spells = db.session.scalars(select(Assignment).where(Assignment.ended_on.is_(None)))
    return {each.person.name: (each.overridden, each.override_reason) for each in spells if each.person}


def test_a_worker_is_named_changed_and_left(named: Load) -> None:
    assert counted(named(WORKER)) == (1, 0, 0, 0)
    assert the_worker() == WORKER
    assert counted(named("")) == (0, 0, 1, 0)
    assert the_worker() == WORKER
    assert counted(named(WORKER)) == (0, 0, 1, 0)
    assert counted(named(OTHER)) == (0, 1, 0, 0)
    assert the_worker() == OTHER
    assert entries() == [
        ("worker named", None, "Wilma Worker"),
        ("worker changed", "Wilma Worker", "Olga Other"),
    ]


def test_a_row_without_the_column_leaves_the_worker(named: Load, load: Load) -> None:
    named(WORKER)
    assert counted(load(a_row(case_reference="A1"))) == (0, 0, 1, 0)
    assert the_worker() == WORKER


def test_an_unknown_address_is_a_fault(named: Load) -> None:
    (fault,) = said(named("nobody@council.example"))
    assert fault.endswith(
        'row 2, column worker_email, "nobody@council.example": '
        "no one has this email address: import staff first"
    )


@pytest.mark.parametrize("moved", ["named in the product", "asked for a reply"])
def test_a_worker_named_in_the_product_or_asked_for_a_reply_stays(named: Load, moved: str) -> None:
    named(WORKER)
    audit = db.session.scalars(select(Audit)).one()
    with transaction():
        if moved == "named in the product":
            record("cora@council.example", [Event("audit", "CP-001", "worker named", after="Wilma Worker")])
        else:
            asked = {"asked_on": TODAY, "due_on": TODAY, "reference": "CP-001-W1"}
            db.session.add(WorkerReply(audit_id=audit.id, worker_id=audit.worker_id, **asked))
    assert counted(named(OTHER)) == (0, 0, 1, 1)
    assert the_worker() == WORKER


@pytest.mark.parametrize(
    ("lead", "why"),
    [
        (WORKER, "Wilma Worker is the worker of this case"),
        ("mia.manager@council.example", "Mia Manager is the line manager of the worker of this case"),
    ],
)
def test_nobody_audits_a_case_whose_worker_they_are_or_manage(named: Load, lead: str, why: str) -> None:
    (fault,) = said(named(WORKER, cells={"lead_auditor": lead}))
    assert fault.endswith(
        f'column lead_auditor, "{lead}": {why}: name someone else or give an override_reason'
    )
    with_reason = {"lead_auditor": lead, "override_reason": "no one else knows the records"}
    assert not named(WORKER, cells=with_reason).faults
    tie = Tie.WORKER if lead == WORKER else Tie.WORKERS_MANAGER
    name = why.partition(" is")[0]
    assert overrides()[name] == (tie, "no one else knows the records")
    assert overrides()["Sam Second"] == (None, None)


def test_in_self_assessment_the_worker_and_their_manager_audit_the_case(named: Load) -> None:
    a_cycle("2011-1", self_assessment=True)
    pair = {"lead_auditor": WORKER, "second_auditor": "mia.manager@council.example"}
    assert not named(WORKER, cells=pair, cycle="2011-1").faults


def test_a_new_worker_of_a_case_that_they_audit_needs_a_reason(named: Load) -> None:
    named(OTHER)
    (fault,) = said(named(LENA))
    assert fault.endswith(
        f'column worker_email, "{LENA}": Lena Lead is the worker of this case: '
        "name someone else or give an override_reason"
    )
    assert not named(LENA, cells={"override_reason": "a small agency"}).faults
    assert overrides()["Lena Lead"] == (Tie.WORKER, "a small agency")
    entry = next(row for row in of("audit", "CP-001") if row.what == "worker changed")
    assert (entry.before, entry.after, entry.why) == ("Olga Other", "Lena Lead", "a small agency")
    # another worker ends the tie, and what overrode it
    assert not named(OTHER).faults
    assert overrides()["Lena Lead"] == (None, None)


def test_another_worker_leaves_the_ties_that_have_other_causes(named: Load) -> None:
    reason = {"second_auditor": TOM, "override_reason": "the only one here"}
    named(TOM, cells=reason)
    assert overrides()["Tom Third"] == (Tie.WORKER, "the only one here")
    assert not named(WORKER, cells={"second_auditor": TOM}).faults
    # Nantwich is their own team
    assert overrides()["Tom Third"] == (Tie.OWN_TEAM, "the only one here")


def test_a_frozen_cycle_keeps_its_workers(named: Load) -> None:
    named(WORKER)
    with transaction():
        db.session.execute(update(Cycle).values(closed_on=TODAY, frozen_on=TODAY))
    (fault,) = said(named(OTHER))
    assert "was frozen on 2010-11-01" in fault


def test_a_cycle_says_what_workers_are_told(app: object, tmp_path: Path) -> None:
    a_tool()

    def load_cycle(more: str = "") -> Imported:
        path = tmp_path / "cycle.toml"
        path.write_text(CYCLE + more, encoding="utf-8")
        return import_cycle(path)

    def told() -> str:
        db.session.rollback()
        return db.session.scalars(select(Cycle.workers).where(Cycle.called("2010-2"))).one()

    assert not load_cycle().faults
    assert told() == "not told"
    for way in ("told", "may reply"):
        assert load_cycle(f'workers = "{way}"\n').changed == 1
        assert told() == way
    assert load_cycle().unchanged == 1
    (fault,) = said(load_cycle('workers = "sometimes"\n'))
    assert "workers" in fault
    entry = next(row for row in of("cycle", "2010-2") if row.after == "may reply")
    assert (entry.what, entry.before) == ("what workers are told changed", "told")


def test_both_databases_change_a_worker_and_leave_one_who_was_named_by_hand(
    service: object, tmp_path: Path
) -> None:
    worker, other = a_person("Wilma Worker"), a_person("Olga Other")
    coordinator, cycle = a_person("Cora Office", roles=["coordinator"]), a_cycle()
    for reference in ("CP-001", "CP-002"):
        an_audit(reference, case_reference=reference[-1] * 6, lead=worker, cycle=cycle, team="Crewe")
    name_worker("CP-002", other.id, coordinator, TODAY)
    path = tmp_path / "audits.csv"
    path.write_text(
        "reference,case_reference,team,worker_email,override_reason\n"
        f"CP-001,111111,Crewe,{WORKER},a small agency\n"
        f"CP-002,222222,Crewe,{WORKER},a small agency\n"
    )
    assert counted(import_audits(path, on=TODAY, cycle="2010-1")) == (0, 1, 1, 1)
    assert (the_worker("CP-001"), the_worker("CP-002")) == (WORKER, OTHER)
    spells = db.session.scalars(select(Assignment).order_by(Assignment.audit_id))
    assert [spell.overridden for spell in spells] == [Tie.WORKER, None]
