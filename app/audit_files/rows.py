"""The decision on one row of an audits file, from its values and the facts of its audit, cycle and day.

An existing audit is changed only by the filled cells of its row. A cell that would undo a move made in the
product (a return, an earlier due day, a reassignment) changes nothing; a later due day is an extension. The
case of an audit that somebody has begun stays; another spelling of its number changes nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.audits.agencies import NO_AGENCIES, Agencies
from app.audits.lifecycle import is_after_cut_off
from app.audits.parts import LEAD, MOST_AUDITORS, PARTS, SECOND, needed
from app.audits.workers import WORKER_NAMED
from app.case_numbers import folded
from app.names import folded_reference

PLAIN_COLUMNS = ("team", "requested_on", "started_on", "reason_not_returned", "note")

STARTED, RETURNED, CONFIRMED, WITHDRAWN, PAIRED, NUMBERED = MOVES = (
    "started",
    "returned",
    "confirmed",
    "withdrawn",
    "paired",
    "numbered",
)
"""The moves made in the product that a file does not undo, each with a column of the audit."""

ORDER = (
    ("requested_on", "assigned_on"),
    ("requested_on", "started_on"),
    ("requested_on", "due_on"),
    ("requested_on", "first_due_on"),
    ("requested_on", "returned_on"),
    ("requested_on", "withdrawn_on"),
    ("requested_on", "declined_on"),
    ("assigned_on", "started_on"),
    ("assigned_on", "returned_on"),
    ("started_on", "returned_on"),
    ("returned_on", "confirmed_on"),
)
"""Pairs of facts of which the second is surely not earlier than the first."""

_IS_EMPTY = {
    1: "is empty: name the lead auditor or no one, or give declined_on if the lead auditor declined",
    2: "is empty: name both auditors, neither, or one with declined_on",
}
"""The faults of a part that nobody has, by the number of auditors that the cycle needs."""


@dataclass(frozen=True, slots=True)
class CycleFacts:
    """The facts of a cycle that a row needs."""

    id: int
    reference: str
    requested_on: date
    due_on: date
    last_counting_day: date | None
    refuse_file: str | None
    """The reason why only late returns are accepted; None where all are."""
    auditors: int = MOST_AUDITORS
    """The number of auditors that each audit needs."""
    self_assessment: bool = False
    agencies: Agencies = NO_AGENCIES
    audits_again: str | None = None
    """The earlier cycle whose cases it audits again."""


@dataclass(frozen=True, slots=True)
class KnownSpell:
    """A spell of assignment as the database holds it."""

    id: int
    part: str
    person_id: int | None
    assigned_on: date
    ended_on: date | None
    ended_because: str | None
    override_reason: str | None = None
    overridden: str | None = None
    """The tie to the case that the reason overrides."""


@dataclass(frozen=True, slots=True)
class KnownAudit:
    """An audit as the database holds it; `in_product` are the moves that were made in the product.

    The worker counts as named there also where they were asked for a reply.
    """

    id: int
    cycle_id: int
    values: Mapping[str, Any]
    spells: tuple[KnownSpell, ...] = ()
    in_product: frozenset[str] = frozenset()
    sent_back_on: date | None = None
    is_begun: bool = False
    """True where somebody has started, answered or returned it: a file leaves its case as it is."""

    def current(self, part: str) -> KnownSpell | None:
        """Return the spell of the auditor who has this part now."""
        return next((spell for spell in self.spells if spell.part == part and spell.ended_on is None), None)

    def kept(self, decision: "Decision") -> list[KnownSpell]:
        """Return the spells of those who are its auditors before and after a change."""
        ended = {spell.id for spell, *_ in decision.ended}
        return [spell for spell in self.spells if spell.ended_on is None and spell.id not in ended]

    def of_part(self, part: str) -> list[KnownSpell]:
        """Return all spells of a part, ended ones too."""
        return [spell for spell in self.spells if spell.part == part]


@dataclass(frozen=True, slots=True)
class NewSpell:
    """A spell of assignment that the row begins; without a person, a part that somebody declined."""

    part: str
    person_id: int | None
    assigned_on: date
    declined_on: date | None = None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Cells of one row that cannot all be true. The first of the columns is the one to look at."""

    columns: tuple[str, ...]
    why: str


@dataclass(slots=True)
class Decision:
    """The changes of a row to its audit. `values` are new facts by column (all of them for a new audit)."""

    values: dict[str, Any] = field(default_factory=dict)
    begun: tuple[NewSpell, ...] = ()
    ended: tuple[tuple[KnownSpell, str, date], ...] = ()
    """The spells that end, each with the reason ("declined", "reassigned") and the day."""
    redated: tuple[tuple[KnownSpell, date], ...] = ()
    extended_from: date | None = None
    left: bool = False
    keeps_its_case: bool = False
    """True where the row has another case than the audit, which is left, because somebody has begun it."""
    faults: tuple[Contradiction, ...] = ()

    @property
    def changes(self) -> bool:
        """True when something of the audit is not as the row has it."""
        return bool(self.values or self.begun or self.ended or self.redated)

    @property
    def ends_promises(self) -> bool:
        """True where the audit gets another due day or other auditors, or is withdrawn."""
        return bool(self.begun or self.ended or self.values.keys() & {"due_on", "withdrawn_on"})

    def after(self, name: str, known: KnownAudit | None) -> Any:
        """Return a fact of the audit as it is after the import."""
        return self.values.get(name, None if known is None else known.values.get(name))


def decide(row: Mapping[str, Any], known: KnownAudit | None, cycle: CycleFacts, on: date) -> Decision:
    """Return the changes of a row. `row` has a value or None for every column; auditors are people's ids.

    `on` is the day of the import: a change of the pair that has no day in the file happens on it.
    """
    decision = Decision()
    if known is None:
        _decide_new(row, cycle, decision)
    else:
        _decide_known(row, known, on, decision)
    decision.faults += (*_faults_of_the_pair(row, known, cycle), *_faults_of_the_end(known, decision))
    decision.faults += (*_faults_of_confirming(known, decision), *_faults_of_order(row, known, decision))
    if cycle.refuse_file and decision.changes and not _is_late_return(known, cycle, decision):
        decision.faults += (Contradiction(("reference",), cycle.refuse_file),)
    return decision


def _decide_new(row: Mapping[str, Any], cycle: CycleFacts, decision: Decision) -> None:
    requested_on = row["requested_on"] or cycle.requested_on
    due_on = row["due_on"] or cycle.due_on
    decision.values = {
        "case_reference": row["case_reference"],
        "team": row["team"],
        "requested_on": requested_on,
        "started_on": row["started_on"],
        "due_on": due_on,
        "first_due_on": row["first_due_on"] or due_on,
        "returned_on": row["returned_on"],
        "confirmed_on": row["confirmed_on"],
        "withdrawn_on": row["withdrawn_on"],
        "reason_not_returned": row["reason_not_returned"],
        "note": row["note"],
        "agency": row["agency"],
        "re_audit_of": row["re_audit_of"],
        "worker_email": row["worker_email"],
    }
    assigned_on = row["assigned_on"] or requested_on
    for part in PARTS:
        if row[f"{part}_auditor"] is not None:
            decision.begun += (NewSpell(part, row[f"{part}_auditor"], assigned_on),)
    if row["declined_on"] is not None and len(decision.begun) == 1:
        part = other(decision.begun[0].part)
        declined_on = row["declined_on"]
        decision.begun += (NewSpell(part, None, min(assigned_on, declined_on), declined_on),)


def _decide_case(row: Mapping[str, Any], known: KnownAudit, decision: Decision) -> None:
    """Decide on the case number and the agency, which an audit that somebody has begun keeps, and on the
    earlier audit of the case."""
    number, known_number = row["case_reference"], known.values["case_reference"]
    if number is not None and folded(number) != folded(known_number or ""):
        if known.is_begun and NUMBERED not in known.in_product:
            decision.keeps_its_case = True
        else:
            _change_or_leave("case_reference", number, NUMBERED in known.in_product, decision)
    if row["agency"] is not None and row["agency"] != known.values["agency"]:
        # another agency asks other questions of other records
        _change_or_leave("agency", row["agency"], known.is_begun, decision)
    earlier, known_earlier = row["re_audit_of"], known.values["re_audit_of"]
    if earlier is not None and folded_reference(earlier) != folded_reference(known_earlier or ""):
        decision.values["re_audit_of"] = earlier


def _decide_known(row: Mapping[str, Any], known: KnownAudit, on: date, decision: Decision) -> None:
    _decide_case(row, known, decision)
    for name in PLAIN_COLUMNS:
        if row[name] is not None and row[name] != known.values[name]:
            _change_or_leave(name, row[name], name == "started_on" and STARTED in known.in_product, decision)
    if row["worker_email"] is not None and row["worker_email"] != known.values["worker_email"]:
        _change_or_leave("worker_email", row["worker_email"], WORKER_NAMED in known.in_product, decision)
    if row["returned_on"] is not None and row["returned_on"] != known.values["returned_on"]:
        _change_or_leave("returned_on", row["returned_on"], _undoes_return(row, known), decision)
    if row["confirmed_on"] is not None and row["confirmed_on"] != known.values["confirmed_on"]:
        _change_or_leave(
            "confirmed_on", row["confirmed_on"], _undoes_confirmation(row, known, decision), decision
        )
    if row["withdrawn_on"] is not None and row["withdrawn_on"] != known.values["withdrawn_on"]:
        leave = not known.in_product.isdisjoint((RETURNED, WITHDRAWN))
        _change_or_leave("withdrawn_on", row["withdrawn_on"], leave, decision)
    due_on = row["due_on"]
    if due_on is not None and due_on > known.values["due_on"]:
        decision.values["due_on"], decision.extended_from = due_on, known.values["due_on"]
    elif due_on is not None and due_on < known.values["due_on"]:
        decision.left = True
    if row["first_due_on"] is not None and row["first_due_on"] != known.values["first_due_on"]:
        decision.left = True
    _decide_pair(row, known, on, decision)


def _change_or_leave(name: str, value: Any, leave: bool, decision: Decision) -> None:
    if leave:
        decision.left = True
    else:
        decision.values[name] = value


def _undoes_return(row: Mapping[str, Any], known: KnownAudit) -> bool:
    """True when the file's return differs from one made in the product, or is the one that was sent back."""
    if known.values["returned_on"] is not None and RETURNED in known.in_product:
        return True
    if known.sent_back_on is not None and row["returned_on"] <= known.sent_back_on:
        return True
    return known.values["withdrawn_on"] is not None and WITHDRAWN in known.in_product


def _undoes_confirmation(row: Mapping[str, Any], known: KnownAudit, decision: Decision) -> bool:
    """True when the confirmation was made in the product, or the file's is of a return that does not hold."""
    if known.values["confirmed_on"] is not None and CONFIRMED in known.in_product:
        return True
    returned_on = decision.after("returned_on", known)
    return row["returned_on"] is not None and row["returned_on"] != returned_on


def _decide_pair(row: Mapping[str, Any], known: KnownAudit, on: date, decision: Decision) -> None:
    in_product = PAIRED in known.in_product
    for part in PARTS:
        wanted = row[f"{part}_auditor"]
        held = known.current(part)
        if wanted is None:
            _decide_declined(part, row, known, in_product, decision)
        elif held is not None and held.person_id == wanted:
            # a later spell began on the day of its change, which the file may not know
            first_spell = len(known.of_part(part)) == 1
            assigned_on = row["assigned_on"]
            if assigned_on is not None and assigned_on != held.assigned_on and first_spell:
                if in_product:
                    decision.left = True
                else:
                    decision.redated += ((held, assigned_on),)
        elif in_product:
            decision.left = True
        else:
            assigned_on = row["assigned_on"] or (known.values["requested_on"] if held is None else on)
            if held is not None:
                assigned_on = assigned_on if assigned_on > held.assigned_on else on
                decision.ended += ((held, "reassigned", assigned_on),)
            decision.begun += (NewSpell(part, wanted, assigned_on),)


def _decide_declined(
    part: str, row: Mapping[str, Any], known: KnownAudit, in_product: bool, decision: Decision
) -> None:
    declined_on = row["declined_on"]
    if declined_on is None or row[f"{other(part)}_auditor"] is None:
        return
    declines = {spell.ended_on for spell in known.of_part(part) if spell.ended_because == "declined"}
    if declined_on in declines:
        return
    held = known.current(part)
    if in_product:
        decision.left = True
    elif held is not None and declined_on < held.assigned_on:
        why = f"is before {held.assigned_on}, when the {part} auditor was assigned"
        decision.faults += (Contradiction(("declined_on",), why),)
    elif held is not None:
        decision.ended += ((held, "declined", declined_on),)
    else:
        assigned_on = min(row["assigned_on"] or known.values["requested_on"], declined_on)
        decision.begun += (NewSpell(part, None, assigned_on, declined_on),)


def _faults_of_the_pair(
    row: Mapping[str, Any], known: KnownAudit | None, cycle: CycleFacts
) -> Iterator[Contradiction]:
    named = [part for part in PARTS if row[f"{part}_auditor"] is not None]
    if len(named) == 2 and row["lead_auditor"] == row["second_auditor"]:
        why = "is also the lead auditor: the two must be different people"
        yield Contradiction(("second_auditor", "lead_auditor"), why)
    if len(named) == 1:
        missing = other(named[0])
        spells = [] if known is None else known.of_part(missing)
        held = next((spell for spell in spells if spell.ended_on is None), None)
        if held is not None and held.person_id == row[f"{named[0]}_auditor"]:
            yield Contradiction((f"{named[0]}_auditor",), f"is already the {missing} auditor of this audit")
        declined = any(spell.ended_because == "declined" for spell in spells)
        is_needed = missing in needed(cycle.auditors)
        if is_needed and row["declined_on"] is None and held is None and not declined:
            yield Contradiction((f"{missing}_auditor", "declined_on"), _IS_EMPTY[cycle.auditors])
    elif row["declined_on"] is not None:
        why = "both auditors are named" if named else "no auditor is named"
        columns = ("declined_on", "lead_auditor", "second_auditor")
        yield Contradiction(columns, f"{why}, but declined_on is for an audit that one of the two declined")
    if not named and row["assigned_on"] is not None and not (known is not None and known.spells):
        yield Contradiction(("assigned_on", "lead_auditor", "second_auditor"), "no auditor is named")


def _faults_of_the_end(known: KnownAudit | None, decision: Decision) -> Iterator[Contradiction]:
    """Refuse an audit that is both returned and withdrawn, where the row brings one of the two."""
    returned_on, withdrawn_on = (decision.after(name, known) for name in ("returned_on", "withdrawn_on"))
    if returned_on is None or withdrawn_on is None:
        return
    if "withdrawn_on" in decision.values:
        yield Contradiction(
            ("withdrawn_on",), f"this audit was returned on {returned_on}, so it cannot be withdrawn"
        )
    elif "returned_on" in decision.values:
        yield Contradiction(
            ("returned_on",), f"this audit was withdrawn on {withdrawn_on}, so it cannot be returned"
        )


def _faults_of_confirming(known: KnownAudit | None, decision: Decision) -> Iterator[Contradiction]:
    """Refuse a confirmation of an audit that has not come back, or that has no second auditor."""
    if decision.values.get("confirmed_on") is None:
        return
    if decision.after("returned_on", known) is None:
        yield Contradiction(("confirmed_on", "returned_on"), "this audit was not returned")
        return
    ended = {spell.id for spell, _, _ in decision.ended}
    spells = () if known is None else known.spells
    held = {spell.part for spell in spells if spell.ended_on is None and spell.id not in ended}
    if SECOND not in held | {spell.part for spell in decision.begun if spell.person_id is not None}:
        yield Contradiction(("confirmed_on", "second_auditor"), "this audit has no second auditor")


def _faults_of_order(
    row: Mapping[str, Any], known: KnownAudit | None, decision: Decision
) -> Iterator[Contradiction]:
    """Yield the faults of order between facts of which the row brings at least one."""

    def final(name: str) -> date | None:
        if name in decision.values:
            return decision.values[name]  # type: ignore[no-any-return]
        if name == "assigned_on":
            days = [spell.assigned_on for spell in decision.begun if spell.person_id is not None]
            days += [day for _, day in decision.redated]
            return min(days, default=None)
        if name == "declined_on":
            return row["declined_on"]  # type: ignore[no-any-return]
        return None if known is None else known.values.get(name)

    def is_brought(name: str) -> bool:
        return name in decision.values or (name not in known.values if known is not None else True)

    for earlier, later in ORDER:
        if not (is_brought(earlier) or is_brought(later)):
            continue
        first, then = final(earlier), final(later)
        if first is None or then is None or first <= then:
            continue
        if is_brought(later):
            yield Contradiction((later, earlier), f"is before {earlier}, {first}")
        else:
            yield Contradiction((earlier, later), f"is after {later}, {then}")


def _is_late_return(known: KnownAudit | None, cycle: CycleFacts, decision: Decision) -> bool:
    """True when all that the row brings is a return after the cut-off: it is kept, and changes no figure."""
    if known is None or known.values["returned_on"] is not None:
        return False
    returned_on = decision.values.get("returned_on")
    other_changes = (
        decision.begun
        or decision.ended
        or decision.redated
        or decision.values.keys()
        - {
            "returned_on",
            "confirmed_on",
            "started_on",
        }
    )
    return is_after_cut_off(returned_on, cycle.last_counting_day) and not other_changes


def other(part: str) -> str:
    """Return the other part of the pair."""
    return SECOND if part == LEAD else LEAD
