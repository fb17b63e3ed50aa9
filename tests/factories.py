"""Factories that put the smallest valid thing of each kind into the database.

A test passes only what matters to it.
"""

import itertools
import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from app.audits.agencies import TOGETHER
from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.audits.parts import LEAD, SECOND
from app.cycles.agencies import agency_ids, set_agencies
from app.database import db, transaction
from app.people.models import Leave, Person, PersonRole, Team
from app.tools.models import Question, ScaleResponse, Section, Tool

REQUESTED, DUE = date(2010, 10, 4), date(2010, 11, 12)

_numbers = itertools.count(1)


def a_team(name: str = "Crewe") -> Team:
    """Return the team of that name, made if it is not there."""
    present = db.session.query(Team).filter_by(name=name).one_or_none()
    if present:
        return present
    with transaction():
        team = Team(name=name)
        db.session.add(team)
    return team


def a_person(
    name: str | None = None,
    *,
    roles: Iterable[str] = ("auditor",),
    team: str | None = None,
    manager: Person | None = None,
    leaving_on: date | None = None,
    trained_on: date | None = date(2010, 1, 4),
    leave: Iterable[tuple[date, date] | tuple[date, date, Person]] = (),
    job_title: str | None = None,
    telephone: str | None = None,
) -> Person:
    """Make a person with roles; the address is made from the name."""
    name = name or f"Person {next(_numbers)}"
    team_id = a_team(team).id if team else None
    spells = [
        Leave(from_on=spell[0], to_on=spell[1], deputy_id=spell[2].id if len(spell) > 2 else None)
        for spell in leave
    ]
    with transaction():
        person = Person(
            email=name.lower().replace(" ", ".") + "@council.example",
            name=name,
            job_title=job_title,
            team_id=team_id,
            line_manager_id=manager.id if manager else None,
            telephone=telephone,
            leaving_on=leaving_on,
            trained_on=trained_on,
            fs_uniquifier=uuid.uuid4().hex,
            roles=[PersonRole(name=role) for role in roles],
            leave=spells,
        )
        db.session.add(person)
    return person


def a_tool(reference: str = "child-protection") -> Tool:
    """Make a tool with one section and one question."""
    present = db.session.query(Tool).filter_by(reference=reference).one_or_none()
    if present:
        return present
    with transaction():
        tool = Tool(
            reference=reference, version=1, title="Case file audit", minimum_answered=0.8, minimum_count=10
        )
        for position, (response, counts_as) in enumerate(
            (("yes", "met"), ("no", "not met"), ("not applicable", "excluded")), start=1
        ):
            tool.responses.append(
                ScaleResponse(scale="evidence", position=position, response=response, counts_as=counts_as)
            )
        question = Question(
            position=1, key="child_seen", key_area="Child seen", text="Was the child seen?", scale="evidence"
        )
        tool.sections.append(Section(position=1, title="Assessment", questions=[question]))
        db.session.add(tool)
    return tool


def a_cycle(
    reference: str = "2010-1",
    *,
    requested_on: date = REQUESTED,
    due_on: date = DUE,
    closed_on: date | None = None,
    cut_off_on: date | None = None,
    auditors: int = 2,
    self_assessment: bool = False,
    expected_per_auditor: int | None = None,
    reported_on: date | None = None,
    theme: str = "Child protection",
    agencies: Sequence[str] = (),
    workers: str = "not told",
) -> Cycle:
    """Return the cycle with that reference, made if it is not there; open unless it has a closing day."""
    present = db.session.query(Cycle).filter_by(reference=reference).one_or_none()
    if present:
        return present
    tool = a_tool()
    with transaction():
        cycle = Cycle(
            reference=reference,
            title="A cycle",
            theme=theme,
            tool_id=tool.id,
            requested_on=requested_on,
            due_on=due_on,
            closed_on=closed_on,
            cut_off_on=cut_off_on,
            auditors=auditors,
            self_assessment=self_assessment,
            workers=workers,
            expected_per_auditor=expected_per_auditor,
            reported_on=reported_on,
        )
        db.session.add(cycle)
        db.session.flush()
        set_agencies(cycle, agencies)
    return cycle


def an_audit(
    reference: str | None = None,
    *,
    lead: Person | None = None,
    second: Person | None = None,
    cycle: Cycle | None = None,
    team: str = "Nantwich",
    case_reference: str | None = None,
    requested_on: date | None = None,
    assigned_on: date | None = None,
    due_on: date | None = None,
    started_on: date | None = None,
    returned_on: date | None = None,
    confirmed_on: date | None = None,
    withdrawn_on: date | None = None,
    exempted_on: date | None = None,
    agency: str | None = None,
    worker: Person | None = None,
    from_file: bool = False,
) -> Audit:
    """Make an audit, requested, and assigned if it has auditors. `agency` is one of its cycle's, or
    `together`. Its return was made in the product, unless it is `from_file`."""
    number = next(_numbers)
    cycle = cycle or a_cycle()
    team_id = a_team(team).id
    cycle_id, cycle_requested_on, cycle_due_on = cycle.id, cycle.requested_on, cycle.due_on
    people = [(LEAD, lead.id if lead else None), (SECOND, second.id if second else None)]
    requested_on = requested_on or cycle_requested_on
    with transaction():
        audit = Audit(
            reference=reference or f"CP-{number:03}",
            case_reference=case_reference or str(600_000 + number),
            team_id=team_id,
            cycle_id=cycle_id,
            requested_on=requested_on,
            due_on=due_on or cycle_due_on,
            first_due_on=due_on or cycle_due_on,
            started_on=started_on,
            returned_on=returned_on,
            returned_in_product=returned_on is not None and not from_file,
            confirmed_on=confirmed_on,
            confirmed_in_product=confirmed_on is not None and not from_file,
            withdrawn_on=withdrawn_on,
            exempted_on=exempted_on,
            is_together=agency == TOGETHER,
            agency_id=agency_ids().get(agency or ""),
            worker_id=worker.id if worker else None,
            assignments=[
                Assignment(part=part, person_id=person_id, assigned_on=assigned_on or requested_on)
                for part, person_id in people
                if person_id is not None
            ],
        )
        db.session.add(audit)
    return audit
