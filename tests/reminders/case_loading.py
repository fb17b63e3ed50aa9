"""Reads import files into the facts of the second implementation, with plain csv and tomllib."""

import csv
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from .second_facts import (
    Action,
    Assignment,
    Audit,
    Cycle,
    DueDay,
    Facts,
    Leave,
    Person,
    Promise,
    QuickWin,
    Recommendation,
    Returned,
)

PARTS = ("lead", "second")


def load_folder(folder: Path) -> Facts:
    """The facts in a folder of import files; a file that is not there has nothing to say.

    Raises KeyError or ValueError where a file is not as the interfaces say it is.
    """
    leaves = rows_of(folder / "leave.csv")
    people = tuple(person_in(row, leaves) for row in rows_of(folder / "staff.csv"))
    cycles = tuple(cycle_in(path) for path in sorted(folder.glob("cycle*.toml"), key=lambda path: path.stem))
    chases = rows_of(folder / "chases.csv")
    return Facts(
        people=people,
        closures=frozenset(a_day(row["day"]) for row in rows_of(folder / "closures.csv")),
        cycles=cycles,
        audits=tuple(audit_in(row, cycles, chases) for row in rows_of(folder / "audits.csv")),
        recommendations=tuple(recommendation_in(row) for row in rows_of(folder / "recommendations.csv")),
        actions=tuple(action_in(row) for row in rows_of(folder / "actions.csv")),
        quick_wins=tuple(quick_win_in(row) for row in rows_of(folder / "quick_wins.csv")),
    )


def without_tracker(facts: Facts) -> Facts:
    """The people, cycles and audits alone, with their chases."""
    return replace(facts, recommendations=(), actions=(), quick_wins=())


def without_chases(facts: Facts) -> Facts:
    """The same without the promises that chases noted."""
    return replace(facts, audits=tuple(replace(audit, promises=()) for audit in facts.audits))


def rows_of(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def a_day(text: str) -> date:
    return date.fromisoformat(text)


def day_or_none(row: Mapping[str, str], column: str) -> date | None:
    text = row.get(column, "")
    return a_day(text) if text else None


def due_days_in(row: Mapping[str, str]) -> tuple[DueDay, ...]:
    due_on = day_or_none(row, "due_on")
    return (DueDay(due_on),) if due_on else ()


def person_in(row: Mapping[str, str], leaves: Iterable[Mapping[str, str]]) -> Person:
    email = row["email"]
    return Person(
        email=email,
        roles=tuple(row.get("roles", "").split()),
        team=row.get("team", ""),
        line_manager=row.get("line_manager_email") or None,
        leaves=tuple(
            Leave(a_day(leave["from_on"]), a_day(leave["to_on"]), leave.get("deputy_email") or None)
            for leave in leaves
            if leave["email"] == email
        ),
        leaving_on=day_or_none(row, "leaving_on"),
    )


def cycle_in(path: Path) -> Cycle:
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["cycle"]
    days = (table["requested_on"], table["due_on"], table.get("closed_on"))
    return Cycle(
        table["reference"], *days, auditors=table.get("auditors", 2), respond_to=table.get("respond_to")
    )


def audit_in(row: Mapping[str, str], cycles: Sequence[Cycle], chases: Iterable[Mapping[str, str]]) -> Audit:
    """An audit of a file: `requested_on` and `due_on` default to the cycle's, `assigned_on` to
    `requested_on`."""
    reference_of_cycle = row.get("cycle") or cycles[0].reference
    cycle = next(cycle for cycle in cycles if cycle.reference == reference_of_cycle)
    requested_on = day_or_none(row, "requested_on") or cycle.requested_on
    assigned_on = day_or_none(row, "assigned_on") or requested_on
    returned_on = day_or_none(row, "returned_on")
    return Audit(
        reference=row["reference"],
        cycle=cycle.reference,
        requested_on=requested_on,
        due_days=(DueDay(day_or_none(row, "due_on") or cycle.due_on),),
        team=row["team"],
        assignments=tuple(
            Assignment(row[f"{part}_auditor"], part, assigned_on)
            for part in PARTS
            if row.get(f"{part}_auditor")
        ),
        started_on=day_or_none(row, "started_on"),
        returns=(Returned(returned_on),) if returned_on else (),
        declined_on=day_or_none(row, "declined_on"),
        withdrawn_on=day_or_none(row, "withdrawn_on"),
        first_due_on=day_or_none(row, "first_due_on"),
        promises=tuple(
            Promise(a_day(chase["day"]), a_day(chase["new_expected_on"]), number=number)
            for number, chase in enumerate(chases)
            if chase["audit_reference"] == row["reference"] and chase["new_expected_on"]
        ),
    )


def recommendation_in(row: Mapping[str, str]) -> Recommendation:
    return Recommendation(
        reference=row["reference"],
        owner=row.get("owner") or None,
        due_days=due_days_in(row),
        raised_on=day_or_none(row, "raised_on"),
        decision=row.get("decision") or None,
        decided_on=day_or_none(row, "decided_on"),
        carried_out_on=day_or_none(row, "carried_out_on"),
    )


def action_in(row: Mapping[str, str]) -> Action:
    return Action(
        reference=row["reference"],
        owner=row.get("owner") or None,
        due_days=due_days_in(row),
        agreed_on=day_or_none(row, "agreed_on"),
        done_on=day_or_none(row, "done_on"),
        impact_checked_on=day_or_none(row, "impact_checked_on"),
        withdrawn_on=day_or_none(row, "withdrawn_on"),
    )


def quick_win_in(row: Mapping[str, str]) -> QuickWin:
    return QuickWin(
        reference=row["reference"],
        audience_roles=tuple(row["audience_roles"].split()),
        starts_on=a_day(row["starts_on"]),
        every_working_days=int(row["every_working_days"]),
        times=int(row["times"]),
        action=row.get("action") or None,
        audience_teams=tuple(
            team.strip() for team in row.get("audience_teams", "").split(";") if team.strip()
        ),
        stopped_on=day_or_none(row, "stopped_on"),
    )
