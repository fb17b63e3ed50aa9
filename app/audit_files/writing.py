"""Writing the changes of a file of audits, a batch of rows in a handful of statements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update

from app.assigning.independence import Tie
from app.assigning.moves import history_name
from app.audit_files.rows import Decision, KnownAudit, KnownSpell, NewSpell
from app.audits.agencies import TOGETHER
from app.audits.former_numbers import keep_former_numbers
from app.audits.models import Assignment, Audit, Extension
from app.audits.parts import is_for_one
from app.audits.promising import end_promises_of
from app.audits.workers import WORKER_CHANGED, WORKER_NAMED
from app.case_keys.mark import as_compared
from app.database import db, insert_many
from app.history.record import FROM_A_FILE, IMPORT, Event, record
from app.names import Names
from app.people.closures import due_in_words
from app.wording import in_words

BATCH = 2_000

_NOT_TOLD = frozenset({"case_reference", "note"})
"""Columns whose content the history does not repeat."""

_CALLED = {
    "case_reference": "case number",
    "requested_on": "request date",
    "first_due_on": "first due date",
    "assigned_on": "assignment date",
    "re_audit_of": "earlier audit of the case",
}
"""Columns whose name is not the words of the history."""

_MOVES = {
    "started_on": "started",
    "returned_on": "returned",
    "confirmed_on": "confirmed",
    "withdrawn_on": "withdrawn",
}


@dataclass(frozen=True, slots=True)
class Override:
    """The reason why an auditor who is not independent audits a case all the same, and their tie to it; both
    None for one whose tie the row ends."""

    reason: str | None
    tie: Tie | None
    """None with a reason where it is not known yet: the earlier audit may be moderated by a later file."""


@dataclass(slots=True)
class Change:
    """The changes of one row to its audit; `known` is None for a new one."""

    row: int
    reference: str
    cycle_id: int
    auditors: int
    """The number of auditors that the cycle needs."""
    known: KnownAudit | None
    decision: Decision
    overridden: dict[int, Override]
    """The overrides of auditors, by their id: of those whom the row assigns, and of those who stay where it
    changes the worker."""
    override_reason: str | None = None
    """The reason that the row gives for such an auditor."""

    def after(self, name: str) -> Any:
        """Return a fact of the audit as it is after the import."""
        return self.decision.after(name, self.known)

    def reasons(self, people: Iterable[int | None]) -> str | None:
        """Return the reasons of the overrides of these people, in words; None where there are none."""
        overrides = [self.overridden[id_] for id_ in people if id_ in self.overridden]
        return "; ".join(sorted({each.reason for each in overrides if each.reason})) or None


@dataclass(frozen=True, slots=True)
class IdsOfNames:
    """The ids of the teams and the agencies that a file names."""

    teams: Names[int]
    agencies: Names[int]


def write_batch(changes: Sequence[Change], named: IdsOfNames, names: Mapping[int, str], on: date) -> None:
    """Write these changes and their history, in the caller's transaction. `names` are people's names.

    An audit that gets another due day or other auditors, or is withdrawn, has no promise of being back any
    more.
    """
    changed = [change for change in changes if change.decision.changes]
    if not changed:
        return
    # by tables: the session would insert audits one by one, because their rows are versioned
    new = [change for change in changed if change.known is None]
    if new:
        rows = [
            _columns(change.decision.values, named)
            | {"reference": change.reference, "cycle_id": change.cycle_id}
            for change in new
        ]
        insert_many(Audit.__table__, rows)
    ids = {change.reference: change.known.id for change in changed if change.known is not None}
    added = select(Audit.reference, Audit.id).where(Audit.called(*[change.reference for change in new]))
    ids |= dict(db.session.execute(added).all())
    keep_former_numbers(
        {
            change.known.id: change.known.values["case_reference"]
            for change in changed
            if change.known is not None and "case_reference" in change.decision.values
        }
    )
    _update_audits([change for change in changed if change.known is not None], ids, named)
    _write_spells(changed, ids)
    extensions = [
        {
            "audit_id": ids[change.reference],
            "made_on": None,
            "from_due_on": change.decision.extended_from,
            "to_due_on": change.decision.values["due_on"],
            "because": FROM_A_FILE,
        }
        for change in changed
        if change.decision.extended_from is not None
    ]
    if extensions:
        insert_many(Extension.__table__, extensions)
    ended: dict[date, list[int]] = {}
    for change in changed:
        if change.known is not None and change.decision.ends_promises:
            ended_on = change.decision.values.get("withdrawn_on") or on
            ended.setdefault(ended_on, []).append(ids[change.reference])
    for ended_on, audit_ids in ended.items():
        end_promises_of(audit_ids, ended_on)
    record(IMPORT, [event for change in changed for event in _events(change, names)])


def _columns(values: Mapping[str, Any], named: IdsOfNames) -> dict[str, Any]:
    """Return the columns of a row: all but the audit that it repeats, which again.py writes."""
    columns = {name: value for name, value in values.items() if name != "re_audit_of"}
    if "case_reference" in columns:
        columns["case_folded"] = as_compared(columns["case_reference"])
    if "worker_email" in columns:
        columns["worker_id"] = columns.pop("worker_email")
    if "team" in columns:
        columns["team_id"] = named.teams[columns.pop("team")]
    if "agency" in columns:
        agency = columns.pop("agency")
        columns["is_together"] = agency == TOGETHER
        columns["agency_id"] = None if agency in (None, TOGETHER) else named.agencies[agency]
    return columns


def _update_audits(changes: Sequence[Change], ids: Mapping[str, int], named: IdsOfNames) -> None:
    """Update the audits, in one statement for all that change the same columns, and raise their versions."""
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for change in changes:
        columns = _columns(change.decision.values, named)
        row = {f"new_{name}": value for name, value in columns.items()} | {"its_id": ids[change.reference]}
        by_columns[tuple(sorted(columns))].append(row)
    table = Audit.__table__
    for names, rows in by_columns.items():
        statement = (
            update(Audit)
            .where(table.c.id == bindparam("its_id"))
            .values({name: bindparam(f"new_{name}") for name in names} | {"version": table.c.version + 1})
        )
        db.session.connection().execute(statement, rows)


def _write_spells(changes: Sequence[Change], ids: Mapping[str, int]) -> None:
    """Write the spells. They end before others begin, so that a part is free before somebody else has it."""
    table = Assignment.__table__
    ended = [
        {"its_id": spell.id, "new_ended_on": ended_on, "because": because}
        for change in changes
        for spell, because, ended_on in change.decision.ended
    ]
    if ended:
        values = {
            "ended_on": bindparam("new_ended_on"),
            "ended_because": bindparam("because"),
            "why": FROM_A_FILE,
        }
        ending = update(Assignment).where(table.c.id == bindparam("its_id")).values(values)
        db.session.connection().execute(ending, ended)
    redated = [
        {"its_id": spell.id, "new_assigned_on": assigned_on}
        for change in changes
        for spell, assigned_on in change.decision.redated
    ]
    if redated:
        dating = update(Assignment).where(table.c.id == bindparam("its_id"))
        db.session.connection().execute(dating.values(assigned_on=bindparam("new_assigned_on")), redated)
    tied = [
        {"its_id": spell.id, "reason": override.reason, "tie": override.tie}
        for change in changes
        for spell in (change.known.kept(change.decision) if change.known else ())
        for override in (change.overridden.get(spell.person_id or 0),)
        if override is not None
    ]
    if tied:
        values = {"override_reason": bindparam("reason"), "overridden": bindparam("tie")}
        tying = update(Assignment).where(table.c.id == bindparam("its_id")).values(values)
        db.session.connection().execute(tying, tied)
    begun = [
        {
            "audit_id": ids[change.reference],
            "part": spell.part,
            "person_id": spell.person_id,
            "assigned_on": spell.assigned_on,
            "ended_on": spell.declined_on,
            "ended_because": "declined" if spell.declined_on else None,
            "why": FROM_A_FILE if spell.declined_on else None,
            "override_reason": override and override.reason,
            "overridden": override and override.tie,
        }
        for change in changes
        for spell in change.decision.begun
        for override in (change.overridden.get(spell.person_id or 0),)
    ]
    if begun:
        insert_many(Assignment.__table__, begun)


def _events(change: Change, names: Mapping[int, str]) -> Iterator[Event]:
    """Yield the events of a change, each fact on its own day, as the moves of the product record theirs."""
    decision, before = change.decision, {} if change.known is None else change.known.values

    def event(what: str, **words: Any) -> Event:
        return Event("audit", change.reference, what, **words)

    values = decision.values
    if change.known is None:
        yield event("requested", after=f"due {due_in_words(values['due_on'])}", on=values["requested_on"])
    if values.get("worker_email") is not None:
        yield _event_of_the_worker(change, names)
    yield from _events_of_the_pair(change, names)
    for name, what in _MOVES.items():
        if values.get(name) is not None:
            yield event(what, before=_shown(before.get(name)), on=values[name])
    if change.known is None:
        return
    if decision.extended_from is not None:
        due = (f"due {due_in_words(decision.extended_from)}", f"due {due_in_words(values['due_on'])}")
        yield event("extended", before=due[0], after=due[1], why=FROM_A_FILE)
    for name in values.keys() - _MOVES.keys() - {"due_on", "worker_email"}:
        what = f"{_CALLED.get(name, name.replace('_', ' '))} changed"
        if name in _NOT_TOLD:
            yield event(what, why=FROM_A_FILE)
        else:
            yield event(what, before=_shown(before.get(name)), after=_shown(values[name]), why=FROM_A_FILE)


def _event_of_the_worker(change: Change, names: Mapping[int, str]) -> Event:
    """Return the event of naming or changing the worker, with the reason for auditors tied to them."""
    worker, before = names[change.after("worker_email")], None
    on, why = change.decision.values.get("requested_on"), None
    if change.known is not None:
        before = names.get(change.known.values["worker_email"] or 0)
        on = None
        why = change.reasons(spell.person_id for spell in change.known.kept(change.decision)) or FROM_A_FILE
    what = WORKER_CHANGED if before else WORKER_NAMED
    return Event("audit", change.reference, what, before, worker, why, on)


def _events_of_the_pair(change: Change, names: Mapping[int, str]) -> Iterator[Event]:
    decision = change.decision
    kept = () if change.known is None else change.known.spells
    parts = {spell.part for spell in kept if spell.ended_on is None} | {
        spell.part for spell in decision.begun
    }
    for_one = is_for_one(parts, change.auditors)

    def named(spell: KnownSpell | NewSpell) -> str:
        return history_name(names[spell.person_id or 0], spell.part, for_one=for_one)

    for spell, because, ended_on in decision.ended:
        who = named(spell)
        yield Event("audit", change.reference, because, before=who, why=FROM_A_FILE, on=ended_on)
    assigned = [spell for spell in decision.begun if spell.person_id is not None]
    if assigned:
        people = ", ".join(map(named, assigned))
        why = change.reasons(spell.person_id for spell in assigned)
        yield Event("audit", change.reference, "assigned", after=people, why=why, on=assigned[0].assigned_on)
    for declined in decision.begun:
        if declined.person_id is None:
            by = f"by the {declined.part} auditor"
            yield Event("audit", change.reference, "declined", after=by, on=declined.declined_on)
    for held, assigned_on in decision.redated:
        what = f"{_CALLED['assigned_on']} changed"
        before, after = in_words(held.assigned_on), in_words(assigned_on)
        yield Event("audit", change.reference, what, before, after, FROM_A_FILE)


def _shown(value: object) -> str | None:
    if value is None:
        return None
    return in_words(value) if isinstance(value, date) else str(value)
