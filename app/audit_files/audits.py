"""The import of a file of audits: all of it, or nothing where one cell is wrong.

The file is read whole and every row decided (rows.py) before anything is written. Rows are written in batches
and with few statements, so that a file of 100,000 audits takes seconds and little memory.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.assigning.independence import OF_THE_WORKER, Tie, Worker, tie
from app.assigning.requesting import gives_away, is_a_page
from app.audit_files.again import OR_A_REASON, find_earlier_audits, refuse_repeating, write_earlier_audits
from app.audit_files.known import KEYS_IN_A_QUERY, conflicts_declared, known_audits, meetings
from app.audit_files.rows import CycleFacts, Decision, KnownAudit, decide
from app.audit_files.warning import warnings_about
from app.audit_files.writing import BATCH, Change, IdsOfNames, Override, write_batch
from app.audits.agencies import TOGETHER, Agencies
from app.audits.cycle import Cycle
from app.audits.models import NotReturnedReason
from app.audits.tallies import gather
from app.case_keys.mark import as_compared
from app.case_numbers import folded as folded_number
from app.case_numbers import holds
from app.cycles.agencies import LONGEST_AGENCY, agency_ids
from app.cycles.importing import reference
from app.database import db, transaction
from app.files.cells import Cell, case_number, day, email, one_of, prose, text
from app.files.columns import Column, Table, looked_up
from app.files.faults import Fault, Unreadable, suggestion
from app.files.imported import Imported
from app.files.new_names import NamesOfList
from app.files.progress import Tell, silent
from app.files.reading import read
from app.files.rows import Reading, Row
from app.names import References, folded_reference
from app.people.models import Person, Team
from app.people.queries import addresses
from app.people.teams import add_teams, teams_in_file

AUDITS = Table(
    "audits",
    (
        Column("reference", reference, needed=True, fold=folded_reference),
        Column("case_reference", case_number, needed=True, secret=True),
        Column("team", looked_up, needed=True),
        Column("lead_auditor", looked_up),
        Column("second_auditor", looked_up),
        Column("declined_on", day),
        Column("requested_on", day),
        Column("assigned_on", day),
        Column("started_on", day),
        Column("due_on", day),
        Column("returned_on", day),
        Column("note", prose()),
        Column("cycle", text(60)),
        Column("first_due_on", day),
        Column("withdrawn_on", day),
        Column("reason_not_returned", looked_up),
        Column("override_reason", prose(1000)),
        Column("agency", text(LONGEST_AGENCY)),
        Column("confirmed_on", day),
        Column("re_audit_of", reference),
        Column("worker_email", looked_up),
    ),
    key=("reference",),
)

LONGEST_TEAM = 100

CONTAINS_IT = "contains the case number: remove it"


@dataclass(frozen=True)
class Auditor:
    """An auditor, with the facts that independence follows from."""

    id: int
    name: str
    team: str | None
    line_manager_id: int | None


def import_audits(
    path: Path,
    *,
    on: date,
    cycle: str | None = None,
    dry_run: bool = False,
    tell: Tell = silent,
) -> Imported:
    """Import audits on the day `on`; nothing when the file has a fault, or with `dry_run`.

    `cycle` is the cycle of all rows that name none. An import writes no messages: the next daily run does.
    """
    teams = teams_in_file(LONGEST_TEAM)
    reading = read(path, _table(teams))
    outcome = Imported.of(reading, "audits")
    with transaction():
        judge = _Judge(reading, cycle, on)
        changes = judge.changes(outcome)
        names = {auditor.id: auditor.name for auditor in judge.auditors.values()}
        find_earlier_audits(reading, changes, judge.cycles)
        refuse_repeating(reading, changes, names)
        if reading.faults:
            outcome.faults = [without_case_number(fault, judge.numbers_at_fault) for fault in reading.faults]
            return outcome
        outcome.warnings += [*teams.warnings(), *warnings_about(changes, on)]
        if changes and not dry_run:
            ids = IdsOfNames(add_teams(teams.new), agency_ids())
            for first in range(0, len(changes), BATCH):
                some = changes[first : first + BATCH]
                write_batch(some, ids, names, on)
                tell(reading.file, some[-1].row)
            write_earlier_audits(changes)
            gather()
    return outcome


def _people() -> dict[int, Auditor]:
    query = select(Person.id, Person.name, Team.name, Person.line_manager_id).outerjoin(Person.team)
    return {row.id: Auditor(*row) for row in db.session.execute(query)}


def person(by_email: Mapping[str, int]) -> Callable[[Cell], int]:
    """Return a reader of cells that gives the id of the person who has or had an address."""

    def read_address(cell: Cell) -> int:
        person_id = by_email.get(email(cell))
        if person_id is None:
            raise Unreadable("no one has this email address: import staff first")
        return person_id

    return read_address


def _table(teams: NamesOfList) -> Table:
    """Return the columns, with readers for the teams, people and reasons that are stored now."""
    auditor = person(addresses())
    reasons = db.session.scalars(select(NotReturnedReason.label).order_by(NotReturnedReason.position))
    return AUDITS.with_readers(
        team=teams.read,
        lead_auditor=auditor,
        second_auditor=auditor,
        reason_not_returned=one_of(*reasons),
        worker_email=auditor,
    )


class _Judge:
    """The judge of the rows, with all that they are judged by, read in a few queries."""

    def __init__(self, reading: Reading, cycle: str | None, on: date) -> None:
        self.reading = reading
        self.auditors = _people()
        self.on = on
        self.cycles = _cycles()
        self.cycle = self._cycle_of_the_file(cycle)
        self.known: References[KnownAudit] = References()
        self.numbers_at_fault: dict[int, str] = {}
        """The case numbers of rows that have a fault, by the number of the row."""
        self.conflicts = conflicts_declared()
        self.meetings = meetings()

    def _cycle_of_the_file(self, reference: str | None) -> CycleFacts | None:
        if reference is not None:
            if reference not in self.cycles:
                self.reading.refuse(_no_cycle(reference, self.cycles))
            return self.cycles.get(reference)
        if self.reading.rows and "cycle" not in self.reading.columns:
            self.reading.refuse("no cycle is given: use --cycle or a column cycle")
        return None

    def changes(self, outcome: Imported) -> list[Change]:
        """Return the changes of the rows, refuse what is wrong with them, and count them in the outcome.

        The rows are taken out of the reading, so that a large file takes less memory.
        """
        changes = []
        while some := self.reading.take(KEYS_IN_A_QUERY):
            self.known = known_audits(
                {row["reference"] for row in some if row["reference"] is not None},
                with_workers="worker_email" in self.reading.columns,
            )
            for row in some:
                change = self._judge(row)
                if change is None:
                    continue
                outcome.left += change.decision.left
                outcome.cases_kept += change.decision.keeps_its_case
                if not change.decision.changes:
                    outcome.unchanged += 1
                    continue
                outcome.added += change.known is None
                outcome.changed += change.known is not None
                changes.append(change)
            self._keep_numbers_at_fault(some)
        return changes

    def _keep_numbers_at_fault(self, rows: Sequence[Row]) -> None:
        """Keep the case numbers of rows that have a fault, which must not repeat them."""
        at_fault = {fault.row for fault in self.reading.faults}
        written = ((row.number, row.written("case_reference")) for row in rows if row.number in at_fault)
        self.numbers_at_fault |= {row: number.strip() for row, number in written if number}

    def _judge(self, row: Row) -> Change | None:
        cycle = self._cycle_of(row)
        if cycle is None or row["reference"] is None:
            return None
        values = {name: row[name] for name in self.reading.table.names}
        known = self.known.get(values["reference"])
        if known is not None:
            values["reference"] = known.values["reference"]
        if known is not None and known.cycle_id != cycle.id:
            there = next(other.reference for other in self.cycles.values() if other.id == known.cycle_id)
            self.reading.refuse(f"is already an audit of cycle {there}", row, "reference")
            return None
        values["agency"] = self._agency_of(row, known, cycle)
        decision = decide(values, known, cycle, self.on)
        self._refuse_another_meeting(row, values["reference"], known, cycle, decision)
        for fault in decision.faults:
            if row.refused.isdisjoint(fault.columns):
                self.reading.refuse(fault.why, row, fault.columns[0])
        self._refuse_case_number(row, values, cycle)
        if is_a_page(values["reference"]):
            why = "is a word that this service keeps for a page: use another reference"
            self.reading.refuse(why, row, "reference")
        overridden = self._overridden(row, values, known, decision, cycle)
        return Change(
            row.number,
            values["reference"],
            cycle.id,
            cycle.auditors,
            known,
            decision,
            overridden,
            values["override_reason"],
        )

    def _cycle_of(self, row: Row) -> CycleFacts | None:
        named = row["cycle"]
        if named is None:
            if self.cycle is None and "cycle" in self.reading.columns:
                self.reading.refuse("no cycle is given here or with --cycle", row, "cycle")
            return self.cycle
        cycle = self.cycles.get(named)
        if cycle is None:
            self.reading.refuse(_no_cycle(named, self.cycles, in_cell=True), row, "cycle")
            return None
        if self.cycle is not None and cycle is not self.cycle:
            self.reading.refuse(f"is not {self.cycle.reference}, the cycle given with --cycle", row, "cycle")
            return None
        return cycle

    def _agency_of(self, row: Row, known: KnownAudit | None, cycle: CycleFacts) -> str | None:
        """Return the agency of the row, in the cycle's spelling; None where it says nothing, or wrongly."""
        if known is not None and row["agency"] is None:
            return None
        try:
            return cycle.agencies.read(row["agency"])
        except ValueError as why:
            self.reading.refuse(str(why), row, "agency")
            return None

    def _refuse_another_meeting(
        self, row: Row, reference: str, known: KnownAudit | None, cycle: CycleFacts, decision: Decision
    ) -> None:
        """Refuse a second meeting of one case in one cycle: it is one audit."""
        if not cycle.agencies:
            return
        if known is not None and known.values["agency"] == TOGETHER:
            self.meetings.pop((cycle.id, as_compared(known.values["case_reference"]) or ""), None)
        number = decision.after("case_reference", known)
        is_meeting = decision.after("agency", known) == TOGETHER
        if not is_meeting or decision.after("withdrawn_on", known) is not None or not number:
            return
        first = self.meetings.setdefault((cycle.id, as_compared(number) or ""), reference)
        if folded_reference(first) != folded_reference(reference):
            why = f"the meeting of this case is {first} already: a case has one in a cycle"
            self.reading.refuse(why, row, "agency")

    def _overridden(
        self,
        row: Row,
        values: Mapping[str, Any],
        known: KnownAudit | None,
        decision: Decision,
        cycle: CycleFacts,
    ) -> dict[int, Override]:
        """Return the overrides of auditors who are not independent, by id; refuse those without a reason.

        The auditors and the moderator of an earlier audit are looked at once all rows are read: again.py.
        """
        overridden: dict[int, Override] = {}
        for spell in decision.begun:
            if spell.person_id is None:
                continue
            auditor = self.auditors[spell.person_id]
            tied = self._tie(auditor, known, decision, cycle)
            if tied is not None:
                self._override(row, values, auditor, tied, f"{spell.part}_auditor", overridden)
        if known is not None and "worker_email" in decision.values:
            for kept in known.kept(decision):
                auditor = self.auditors[kept.person_id or 0]
                tied = self._tie(auditor, known, decision, cycle)
                if tied in OF_THE_WORKER:
                    self._override(row, values, auditor, tied, "worker_email", overridden)
                elif kept.overridden in OF_THE_WORKER:
                    overridden[auditor.id] = Override(kept.override_reason if tied else None, tied)
        return overridden

    def _tie(
        self, auditor: Auditor, known: KnownAudit | None, decision: Decision, cycle: CycleFacts
    ) -> Tie | None:
        """Return the tie of an auditor to the case as it is after the import."""
        number = decision.after("case_reference", known)
        worker = self.auditors.get(decision.after("worker_email", known) or 0)
        return tie(
            auditor.id,
            auditor.team,
            decision.after("team", known),
            self.conflicts.get(as_compared(number) or "", ()),
            self_assessment=cycle.self_assessment,
            worker=Worker(worker.id, worker.line_manager_id) if worker else None,
        )

    def _override(
        self,
        row: Row,
        values: Mapping[str, Any],
        auditor: Auditor,
        tied: Tie,
        column: str,
        overridden: dict[int, Override],
    ) -> None:
        """Let an auditor through for the reason of the row; refuse them in this column where it has none."""
        if values["override_reason"] is not None:
            overridden[auditor.id] = Override(values["override_reason"], tied)
        elif "override_reason" not in row.refused:
            self.reading.refuse(f"{_tied(auditor, tied)}: {OR_A_REASON}", row, column)

    def _refuse_case_number(self, row: Row, values: Mapping[str, Any], cycle: CycleFacts) -> None:
        """Refuse the number of the case in cells that more people see than may know it."""
        number = values["case_reference"]
        reference, reason = values["reference"], values["override_reason"]
        if gives_away(reference, cycle.reference, number):
            self.reading.refuse_at(row.number, "reference", CONTAINS_IT)
        if holds(reason or "", number):
            self.reading.refuse_at(row.number, "override_reason", CONTAINS_IT)


def _cycles() -> References[CycleFacts]:
    query = select(Cycle).options(selectinload(Cycle.listed_agencies)).with_for_update()
    cycles = db.session.scalars(query)
    return References(
        (
            cycle.reference,
            CycleFacts(
                cycle.id,
                cycle.reference,
                cycle.requested_on,
                cycle.due_on,
                cycle.last_counting_day(),
                cycle.refuse_file(),
                cycle.auditors,
                cycle.self_assessment,
                Agencies(cycle.reference, cycle.agencies),
                cycle.audits_again,
            ),
        )
        for cycle in cycles
    )


def _tied(auditor: Auditor, tied: Tie) -> str:
    """Return why an auditor is not independent of the case of a row."""
    match tied:
        case Tie.WORKER:
            return f"{auditor.name} is the worker of this case"
        case Tie.WORKERS_MANAGER:
            return f"{auditor.name} is the line manager of the worker of this case"
        case Tie.OWN_TEAM:
            return f"{auditor.name} is in {auditor.team}, the team of the case"
    return f"{auditor.name} declared a conflict with this case"


def _no_cycle(reference: str, cycles: Mapping[str, CycleFacts], in_cell: bool = False) -> str:
    what = "there is no such cycle" if in_cell else f"there is no cycle {reference}"
    return f"{what}{suggestion(reference, sorted(cycles)) or ': import the cycle first'}"


def without_case_number(fault: Fault, case_numbers: Mapping[int, str]) -> Fault:
    """Return the fault without the value of its cell, where that holds the number of the row's case."""
    number, value = case_numbers.get(fault.row or 0), fault.value
    if number and value and (folded_number(number) == folded_number(value) or holds(value, number)):
        return replace(fault, value=None)
    return fault
