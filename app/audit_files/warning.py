"""The warnings about a file of audits: those that pages give to whoever assigns or extends, and its days.

They are worked out before anything is written, from what each row would change. None holds the number of a
case.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from app.assigning.independence import (
    MONTHS_BETWEEN_AUDITS,
    CaseFacts,
    recent_audits,
    warnings_about_auditor,
    warnings_about_case,
)
from app.assigning.suitability import AuditOfCase, AuditsOfCases
from app.audit_files.known import chunks
from app.audit_files.writing import Change
from app.audits.cycle import Cycle
from app.case_keys.keys import may_be_one
from app.case_keys.mark import as_compared
from app.database import db
from app.due_dates import that_counts
from app.people.closures import due_in_words, working_days
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.wording import counted, in_words
from app.working_days import WorkingDays, happened

REFERENCES_NAMED = 3
"""The most audits that a warning about a day names."""

_DONE = ("started_on", "returned_on", "withdrawn_on")
_ANY_TEAM = 0
"""The number used for every team: independence is judged with each row, and is no warning."""


def warnings_about(changes: Sequence[Change], on: date) -> list[str]:
    """Return the warnings before these changes are imported on a day, each once."""
    cycles = {cycle.id: cycle for cycle in db.session.scalars(select(Cycle))}
    about_cases, about_auditors = _as_on_pages(changes, cycles, on)
    return list(dict.fromkeys([*_about_days(changes, cycles, on), *about_cases, *about_auditors]))


def _as_on_pages(
    changes: Sequence[Change], cycles: Mapping[int, Cycle], on: date
) -> tuple[list[str], list[str]]:
    """Return the warnings about cases, and those about auditors, of the audits that are open afterwards."""
    people, days = everyone(), working_days()
    counted_as = {day: days.offset(day, 0) for day in {change.after("due_on") for change in changes}}
    warned = [
        change
        for change in changes
        if _is_assigned_or_extended(change) and _is_open(change, cycles[change.cycle_id], on)
    ]
    in_file = _InFile(changes, cycles, on)
    about_cases: list[str] = []
    about_auditors: list[str] = []
    lately: set[str] = set()
    for some in chunks(warned):
        cases = [_case(change) for change in some]
        audited = in_file.with_those_stored(cases)
        for change, number in zip(some, cases, strict=True):
            other_audits, maybe_audits = audited.beside(_as_audit_of_case(change, number))
            case = CaseFacts(
                change.reference,
                _ANY_TEAM,
                counted_as[change.after("due_on")],
                other_audits=other_audits,
                maybe_audits=maybe_audits,
                cut_off_on=cycles[change.cycle_id].cut_off_on,
            )
            about_cases += warnings_about_case(case, on)
            if any(day is not None for _, day in recent_audits(other_audits, on)):
                lately.add(number)
            for auditor in _auditors(change, people):
                about_auditors += warnings_about_auditor(auditor, case, on)
    if len(lately) > 1:
        how_many = counted(len(lately), "case")
        about_cases.insert(
            0, f"{how_many} in this file were audited in the last {MONTHS_BETWEEN_AUDITS} months"
        )
    return about_cases, about_auditors


class _InFile:
    """The audits of a file, as they are after it, of the cases that have more than one there.

    They count beside those that are stored: in place of them, where a row changes one.
    """

    def __init__(self, changes: Sequence[Change], cycles: Mapping[int, Cycle], on: date) -> None:
        self.on = on
        self.cycles = cycles
        numbers = [may_be_one(_case(change)) for change in changes]
        times = Counter(numbers)
        self.by_number: dict[str, list[Change]] = defaultdict(list)
        for change, number in zip(changes, numbers, strict=True):
            if times[number] > 1:
                self.by_number[number].append(change)
        self.moved = [
            change.reference
            for change in changes
            if change.known is not None and "case_reference" in change.decision.values
        ]

    def with_those_stored(self, cases: Iterable[str]) -> AuditsOfCases:
        """Return all audits of these cases."""
        numbers = set(cases)
        audited = AuditsOfCases(numbers, self.on)
        for reference in self.moved:
            audited.drop(reference)
        for number in {may_be_one(case) for case in numbers}:
            for change in self.by_number.get(number, ()):
                audited.drop(change.reference)
                if happened(change.after("withdrawn_on"), self.on):
                    continue
                is_returned = happened(change.after("returned_on"), self.on)
                if is_returned or not self.cycles[change.cycle_id].is_closed(self.on):
                    audited.add(_as_audit_of_case(change, _case(change)))
        return audited


def _about_days(changes: Iterable[Change], cycles: Mapping[int, Cycle], on: date) -> Iterator[str]:
    """Yield the warnings about days outside the cycle's, and about what happens after today."""
    days = working_days()
    found: dict[tuple[str, date, str], list[str]] = defaultdict(list)
    for change in changes:
        for name, day, why in _unlikely_days(change.decision.values, cycles[change.cycle_id], on, days):
            found[name, day, why].append(change.reference)
    for (name, day, why), references in found.items():
        said = due_in_words(day) if name == "due_on" else in_words(day)
        what = f"{name.removesuffix('_on')} on {said}, {why}"
        if len(references) == 1:
            yield f"{references[0]} is {what}"
        else:
            yield f"{len(references):,} audits are {what}: {_named(references)}"


def _named(references: Sequence[str]) -> str:
    named, more = ", ".join(references[:REFERENCES_NAMED]), len(references) - REFERENCES_NAMED
    return f"{named} and {more:,} more" if more > 0 else named


def _unlikely_days(
    values: Mapping[str, Any], cycle: Cycle, on: date, days: WorkingDays
) -> Iterator[tuple[str, date, str]]:
    """Yield the days of a row that may be mistakes, by column, each with the reason."""
    requested_on, due_on = values.get("requested_on"), values.get("due_on")
    last_day = that_counts(cycle.due_on, days)
    if requested_on is not None and requested_on < cycle.requested_on:
        why = f"before the request date of cycle {cycle.reference}, {in_words(cycle.requested_on)}"
        yield "requested_on", requested_on, why
    if requested_on is not None and requested_on > last_day:
        yield "requested_on", requested_on, _after_due_date(cycle)
    if due_on is not None and that_counts(due_on, days) > last_day:
        yield "due_on", due_on, _after_due_date(cycle)
    for name in _DONE:
        if (day := values.get(name)) is not None and day > on:
            yield name, day, "which is after today"


def _after_due_date(cycle: Cycle) -> str:
    return f"after the due date of cycle {cycle.reference}, {due_in_words(cycle.due_on)}"


def _is_assigned_or_extended(change: Change) -> bool:
    """Return True where a page would warn: for a new audit, another case, auditors, or a later due day."""
    decision = change.decision
    return bool(
        change.known is None
        or decision.begun
        or decision.extended_from is not None
        or "case_reference" in decision.values
    )


def _is_open(change: Change, cycle: Cycle, on: date) -> bool:
    done = [change.after(name) for name in ("returned_on", "withdrawn_on")]
    return not cycle.is_closed(on) and not any(happened(day, on) for day in done)


def _auditors(change: Change, people: Mapping[int, PersonFacts]) -> Iterator[PersonFacts]:
    """Yield the auditors whom the row assigns, and where it changes the due day, the others of the pair."""
    ids = [spell.person_id for spell in change.decision.begun]
    if change.known is not None and change.decision.extended_from is not None:
        ids += [spell.person_id for spell in change.known.kept(change.decision)]
    yield from (people[person_id] for person_id in ids if person_id is not None)


def _as_audit_of_case(change: Change, case: str) -> AuditOfCase:
    """Return the audit as it is after the import."""
    returned_on, agency = change.after("returned_on"), change.after("agency")
    return AuditOfCase(case, change.reference, returned_on, change.cycle_id, agency)


def _case(change: Change) -> str:
    """Return the keyed hash of the audit's case."""
    return as_compared(change.after("case_reference")) or ""
