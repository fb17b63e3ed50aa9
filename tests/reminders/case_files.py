"""A case of the daily run: what of it stands in import files, and what happens by moves in the product.

A case is a story over a period of days. Files tell what had happened before its first day, and of most audits
everything, days to come included; audits named in `in_product` go on by moves in the product.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from .second_facts import Audit, Cycle, Facts, Person

TOOL = "a-tool"


@dataclass(frozen=True)
class Case:
    """A case: all events (`facts`), the days of runs, and the audits that move in the product from
    `first_day` on."""

    facts: Facts
    first_day: date
    run_days: tuple[date, ...]
    in_product: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Move:
    """A move in the product: "assign" (the parts and people it fills), "reassign" (the part and its new
    person), "decline" (the part and who declines), "start" and "return" (by the lead), "extend" and "send
    back" (with `due_on`), "withdraw", "exempt"; or "close" of a cycle, whose reference it then carries."""

    on: date
    what: str
    reference: str
    people: tuple[tuple[str, str], ...] = ()
    due_on: date | None = None


# Writing

STAFF_COLUMNS = ("email", "name", "team", "line_manager_email", "roles", "leaving_on")
LEAVE_COLUMNS = ("email", "from_on", "to_on", "deputy_email")
AUDIT_COLUMNS = (
    "reference",
    "case_reference",
    "team",
    "lead_auditor",
    "second_auditor",
    "cycle",
    "requested_on",
    "assigned_on",
    "started_on",
    "due_on",
    "first_due_on",
    "returned_on",
    "withdrawn_on",
    "declined_on",
)
CHASE_COLUMNS = ("audit_reference", "day", "channel", "by", "outcome", "new_expected_on")


def write_import_files(case: Case, folder: Path) -> list[tuple[str, Path]]:
    """Writes what the files of a case say into a folder, and gives each as (what `import` calls it, where it
    is), in the order in which they can be imported. A file that would have no rows is not written."""
    facts = case.facts
    written = []
    tables: list[tuple[str, str, Sequence[str], list[dict[str, object]]]] = [
        ("staff", "staff.csv", STAFF_COLUMNS, [staff_row(person) for person in facts.people]),
        ("leave", "leave.csv", LEAVE_COLUMNS, leave_rows(facts.people)),
        (
            "closures",
            "closures.csv",
            ("day", "name"),
            [{"day": day, "name": ""} for day in sorted(facts.closures)],
        ),
    ]
    for what, name, columns, rows in tables:
        if rows:
            written.append((what, write_table(folder / name, columns, rows)))
    tool = folder / "tool.toml"
    tool.write_text(TOOL_TOML, encoding="utf-8")
    written.append(("tool", tool))
    for number, cycle in enumerate(facts.cycles, start=1):
        path = folder / ("cycle.toml" if number == 1 else f"cycle-{number}.toml")
        path.write_text(
            cycle_toml(cycle, closed_by_file=not is_closed_by_move(cycle, case)), encoding="utf-8"
        )
        written.append(("cycle", path))
    if facts.audits:
        rows = [audit_row(audit_of_the_file(audit, case)) for audit in facts.audits]
        written.append(("audits", write_table(folder / "audits.csv", AUDIT_COLUMNS, rows)))
    chases = chase_rows(case)
    if chases:
        written.append(("chases", write_table(folder / "chases.csv", CHASE_COLUMNS, chases)))
    return written


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)  # None becomes an empty cell, a day its ISO form
    return path


def staff_row(person: Person) -> dict[str, object]:
    return {
        "email": person.email,
        "name": person.email.split("@")[0].replace(".", " ").title(),
        "team": person.team,
        "line_manager_email": person.line_manager,
        "roles": " ".join(person.roles),
        "leaving_on": person.leaving_on,
    }


def leave_rows(people: Iterable[Person]) -> list[dict[str, object]]:
    return [
        {"email": person.email, "from_on": leave.from_on, "to_on": leave.to_on, "deputy_email": leave.deputy}
        for person in people
        for leave in person.leaves
    ]


def chase_rows(case: Case) -> list[dict[str, object]]:
    """The promises that a file can bring, of audits that do not move in the product, as they were recorded.

    Auditors promise in the product alone, and nobody strikes a chase through in a file.
    """
    chases = [
        (promise.number, audit.reference, promise)
        for audit in case.facts.audits
        if audit.reference not in case.in_product
        for promise in audit.promises
        if promise.auditor is None and promise.struck_on is None
    ]
    return [
        {
            "audit_reference": reference,
            "day": promise.given_on,
            "channel": "phone",
            "new_expected_on": promise.promised_on,
        }
        for _, reference, promise in sorted(chases, key=lambda chase: chase[0])
    ]


def audit_of_the_file(audit: Audit, case: Case) -> Audit:
    """Return an audit as the file has it: whole, or as it was before the first day if it moves in the
    product."""
    if audit.reference not in case.in_product:
        return audit
    return Audit(
        reference=audit.reference,
        cycle=audit.cycle,
        requested_on=audit.requested_on,
        due_days=audit.due_days[:1],
        team=audit.team,
        assignments=tuple(
            replace(a, ended_on=None, ended_by=None)
            for a in audit.assignments
            if a.assigned_on < case.first_day
        ),
    )


def audit_row(audit: Audit) -> dict[str, object]:
    people = {assignment.part: assignment.person for assignment in audit.assignments}
    return {
        "reference": audit.reference,
        "case_reference": "9000" + "".join(c for c in audit.reference if c.isdigit()),
        "team": audit.team,
        "lead_auditor": people.get("lead"),
        "second_auditor": people.get("second"),
        "cycle": audit.cycle,
        "requested_on": audit.requested_on,
        "assigned_on": audit.assignments[0].assigned_on if audit.assignments else None,
        "started_on": audit.started_on,
        "due_on": audit.due_days[0].due_on,
        "first_due_on": audit.first_due_on,
        "returned_on": audit.returns[0].returned_on if audit.returns else None,
        "withdrawn_on": audit.withdrawn_on,
        "declined_on": audit.declined_on,
    }


def cycle_toml(cycle: Cycle, closed_by_file: bool) -> str:
    lines = [
        "[cycle]",
        f'reference = "{cycle.reference}"',
        f'title = "Cycle {cycle.reference}"',
        'theme = "A theme"',
        f'tool = "{TOOL}"',
        "tool_version = 1",
        f"requested_on = {cycle.requested_on}",
        f"due_on = {cycle.due_on}",
    ]
    if cycle.auditors == 1:
        lines.append("auditors = 1")
    if cycle.respond_to is not None:
        lines.append(f'respond_to = "{cycle.respond_to}"')
    if closed_by_file and cycle.closed_on:
        lines.append(f"closed_on = {cycle.closed_on}")
    return "\n".join(lines) + "\n"


TOOL_TOML = f"""[tool]
reference = "{TOOL}"
title = "A tool"
version = 1
minimum_answered = 0.8
minimum_count = 10

[scales.evidence]
yes = "met"
no = "not met"
"not applicable" = "excluded"

[[section]]
title = "A section"

[[section.question]]
key = "a_question"
key_area = "An area"
text = "Is there evidence?"
scale = "evidence"
guidance = "Look for it."
"""


# What the files do not say


def is_closed_by_move(cycle: Cycle, case: Case) -> bool:
    """A cycle that a file brings closed takes no moves: where there are some, its closing is one of them."""
    return any(
        audit.cycle == cycle.reference and audit.reference in case.in_product for audit in case.facts.audits
    )


def moves_of(case: Case) -> tuple[Move, ...]:
    """Return the moves in the product after the import, in order of days, closings of cycles first.

    A day's moves are made before its run.
    """
    moves = [
        Move(cycle.closed_on, "close", cycle.reference)
        for cycle in case.facts.cycles
        if cycle.closed_on and is_closed_by_move(cycle, case)
    ]
    for audit in case.facts.audits:
        if audit.reference in case.in_product:
            moves += moves_of_audit(audit, case.first_day)
    return tuple(sorted(moves, key=lambda move: move.on))


def moves_of_audit(audit: Audit, first_day: date) -> list[Move]:
    reference = audit.reference
    moves = []
    reassigned = {(a.part, a.ended_on) for a in audit.assignments if a.ended_by == "reassignment"}
    assigned: dict[date, tuple[tuple[str, str], ...]] = {}
    for spell in audit.assignments:
        who = ((spell.part, spell.person),)
        if (spell.part, spell.assigned_on) in reassigned:
            moves.append(Move(spell.assigned_on, "reassign", reference, who))
        elif spell.assigned_on >= first_day:
            assigned[spell.assigned_on] = assigned.get(spell.assigned_on, ()) + who
        if spell.ended_on and spell.ended_by == "decline":
            moves.append(Move(spell.ended_on, "decline", reference, who))
    moves += [Move(on, "assign", reference, people) for on, people in assigned.items()]
    sent_back = {spell.sent_back_on for spell in audit.returns}
    for due in audit.due_days:
        if due.since:
            what = "send back" if due.since in sent_back else "extend"
            moves.append(Move(due.since, what, reference, due_on=due.due_on))
    if audit.started_on:
        moves.append(Move(audit.started_on, "start", reference))
    moves += [Move(spell.returned_on, "return", reference) for spell in audit.returns]
    if audit.exempted_on:
        moves.append(Move(audit.exempted_on, "exempt", reference))
    if audit.withdrawn_on:
        moves.append(Move(audit.withdrawn_on, "withdraw", reference))
    return moves
