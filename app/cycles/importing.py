"""The import of a cycle from a toml file. Without a closing day it is open."""

import re
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.audits.agencies import refuse_names, refuse_tool
from app.audits.asked_questions import asks_per_case
from app.audits.cycle import MOST_EXPECTED, Cycle
from app.audits.parts import MOST_AUDITORS
from app.audits.selection import Selection
from app.audits.workers import Workers
from app.cycles.agencies import LONGEST_AGENCY, as_listed, new_agencies, refuse_agencies, set_agencies
from app.cycles.models import EarlierCycle
from app.cycles.moves import (
    NAMES,
    in_history,
    refuse_population,
    refuse_reference,
    set_value,
)
from app.cycles.queries import has_audits
from app.database import db, transaction
from app.files.cells import Cell, email, one_of, text
from app.files.faults import Unreadable, suggestion
from app.files.imported import Imported
from app.files.new_names import new_names
from app.files.toml_files import (
    Anything,
    Day,
    Each,
    Key,
    Keys,
    Text,
    TomlReading,
    TrueOrFalse,
    WholeNumber,
    read_toml,
)
from app.history.record import FROM_A_FILE, IMPORT, Event, record
from app.names import References, folded_reference
from app.people.closures import due_in_words
from app.people.queries import addresses
from app.tools.models import Tool
from app.wording import in_words


def reference(cell: Cell) -> str:
    """Parse a reference that can stand in an address: letters, digits, dots, hyphens and underscores."""
    written = text(60)(cell)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", written):
        raise Unreadable("use only letters, digits, dots and hyphens")
    return written


CYCLE = Keys(
    Key(
        "cycle",
        Keys(
            Key("reference", Text(reference), needed=True),
            Key("title", Text(text(200)), needed=True),
            Key("theme", Text(text(200)), needed=True),
            Key("tool", Text(text(80)), needed=True),
            Key("tool_version", WholeNumber(least=1)),
            Key("requested_on", Day(), needed=True),
            Key("due_on", Day(), needed=True),
            Key("closed_on", Day()),
            Key("cut_off_on", Day()),
            Key("reported_on", Day()),
            Key("reported_to", Text(text(200))),
            Key("selection", Text(one_of(*(way.value for way in Selection)))),
            Key("population", WholeNumber(least=1)),
            Key("comparable_with", Text(text(60))),
            Key("audits_again", Text(text(60))),
            Key("auditors", WholeNumber(least=1, most=MOST_AUDITORS)),
            Key("self_assessment", TrueOrFalse()),
            Key("expected_per_auditor", WholeNumber(least=1, most=MOST_EXPECTED)),
            Key("respond_to", Text(email)),
            Key("workers", Text(one_of(*(way.value for way in Workers)))),
            Key("agencies", Each(Text(text(LONGEST_AGENCY)))),
        ),
        needed=True,
    ),
    # the figures and plans of a council's report: for people to compare, not read by the product
    Key("published", Anything()),
    Key("next", Anything()),
)

_OWN_COLUMNS = (
    "title",
    "theme",
    "tool_id",
    "requested_on",
    "due_on",
    "closed_on",
    "cut_off_on",
    "reported_on",
    "reported_to",
    "selection",
    "population",
    "comparable_with",
    "audits_again",
    "auditors",
    "self_assessment",
    "expected_per_auditor",
    "agencies",
    "respond_to_id",
    "workers",
)


_NAMES = {
    **NAMES,
    "tool_id": "audit tool",
    "requested_on": "request date",
    "closed_on": "closing date",
    "audits_again": "cycle that is audited again",
}
"""The names of these columns in the history."""


def import_cycle(path: Path, *, dry_run: bool = False) -> Imported:
    """Take in one cycle; nothing when the file has a fault, or with `dry_run`.

    A cycle that is there is changed by what the file says; one that is frozen is not.
    """
    reading = read_toml(path, CYCLE)
    outcome = Imported(reading.file, "cycle")
    with transaction():
        values = (reading.values or {}).get("cycle")
        if values is not None and not reading.faults:
            known = db.session.scalars(
                select(Cycle).where(Cycle.called(values["reference"])).with_for_update()
            ).one_or_none()
            values["tool_id"] = _tool_id(reading, values, known)
            _refuse_order(reading, values, known)
            _refuse_comparison(reading, values)
            _refuse_again(reading, values)
            _read_agencies(reading, outcome, values)
            values["respond_to_id"] = _person_id(reading, values)
            _refuse_tool(reading, values, known)
            filled = {name: values[name] for name in _OWN_COLUMNS if values[name] is not None}
            if known is None:
                if why := refuse_reference(values["reference"]):
                    reading.refuse(why, "cycle", "reference", value=values["reference"])
                outcome.added = 1
                if not reading.faults and not dry_run:
                    _add(values["reference"], filled)
            else:
                _change(reading, outcome, known, filled, dry_run)
    outcome.faults = reading.faults
    return outcome


def _tool_id(reading: TomlReading, values: dict[str, Any], known: Cycle | None) -> int | None:
    query = select(Tool.version, Tool.id).where(Tool.called(values["tool"]), Tool.is_draft.is_(False))
    versions = dict(db.session.execute(query).all())
    version = values["tool_version"]
    if not versions:
        references = set(db.session.scalars(select(Tool.reference).where(Tool.is_draft.is_(False))))
        hint = suggestion(values["tool"], sorted(references)) or ": import it first"
        reading.refuse(f"there is no such tool{hint}", "cycle", "tool", value=values["tool"])
        return None
    if version is None:
        # a cycle keeps its version when a newer one is published
        is_kept = known is not None and known.tool_id in versions.values()
        return known.tool_id if known is not None and is_kept else versions[max(versions)]
    if version not in versions:
        have = ", ".join(map(str, sorted(versions)))
        why = f"{values['tool']} has no such version, only {have}"
        reading.refuse(why, "cycle", "tool_version", value=str(version))
    return versions.get(version)


def _refuse_order(reading: TomlReading, values: dict[str, Any], known: Cycle | None) -> None:
    for later in ("due_on", "closed_on", "cut_off_on", "reported_on"):
        day = values[later] or (known is not None and getattr(known, later)) or None
        if day is not None and day < values["requested_on"]:
            reading.refuse(
                f"is before the cycle was requested on {values['requested_on']}",
                "cycle",
                later,
                value=str(day),
            )


def _refuse_comparison(reading: TomlReading, values: dict[str, Any]) -> None:
    other = values["comparable_with"]
    if other is None:
        return
    references = {
        *db.session.scalars(select(Cycle.reference)),
        *db.session.scalars(select(EarlierCycle.reference)),
    }
    known = References((each, each) for each in references)
    known.pop(values["reference"], None)
    if folded_reference(other) == folded_reference(values["reference"]):
        reading.refuse("a cycle cannot be compared with itself", "cycle", "comparable_with", value=other)
    elif other not in known:
        why = f"there is no such cycle{suggestion(other, sorted(known))}"
        reading.refuse(why, "cycle", "comparable_with", value=other)
    else:
        values["comparable_with"] = known[other]


def _refuse_again(reading: TomlReading, values: dict[str, Any]) -> None:
    """Refuse to audit again a cycle that is not there, or that was not requested before this one."""
    other = values["audits_again"]
    if other is None:
        return
    cycles = References((cycle.reference, cycle) for cycle in db.session.scalars(select(Cycle)))
    earlier = cycles.get(other)
    if folded_reference(other) == folded_reference(values["reference"]):
        reading.refuse("a cycle cannot audit itself again", "cycle", "audits_again", value=other)
    elif earlier is None:
        why = f"there is no such cycle{suggestion(other, sorted(cycles))}"
        reading.refuse(why, "cycle", "audits_again", value=other)
    elif earlier.requested_on > values["requested_on"]:
        why = f"was requested on {earlier.requested_on}, after this cycle"
        reading.refuse(why, "cycle", "audits_again", value=other)
    else:
        values["audits_again"] = earlier.reference


def _read_agencies(reading: TomlReading, outcome: Imported, values: dict[str, Any]) -> None:
    """Read the agencies in the spelling of the council's list; a list of none says nothing of them."""
    names: list[str] | None = values["agencies"] or None
    if names is not None:
        for place, why in refuse_names(names).items():
            reading.refuse(why, "cycle", "agencies", place, value=names[place - 1])
        names = as_listed(names)
        outcome.warnings += new_names("agency", *new_agencies(names))
    values["agencies"] = names


def _person_id(reading: TomlReading, values: dict[str, Any]) -> int | None:
    """Return the id of the person who is asked for responses, from their address."""
    address = values["respond_to"]
    person_id = addresses().get(address)
    if address is not None and person_id is None:
        why = f"there is no such person{suggestion(address, sorted(addresses()))}"
        reading.refuse(why, "cycle", "respond_to", value=address)
    return person_id


def _refuse_tool(reading: TomlReading, values: dict[str, Any], known: Cycle | None) -> None:
    """Refuse a tool that asks something once per case for a cycle without agencies."""
    agencies = values["agencies"] or (known.agencies if known is not None else ())
    per_case = values["tool_id"] is not None and asks_per_case(values["tool_id"])
    if why := refuse_tool(asks_per_case=per_case, agencies=agencies):
        reading.refuse(why, "cycle", "tool", value=values["tool"])


def _add(reference: str, filled: dict[str, Any]) -> None:
    agencies = filled.pop("agencies", [])
    cycle = Cycle(reference=reference, **filled)
    db.session.add(cycle)
    db.session.flush()
    set_agencies(cycle, agencies)
    after = f"requested {in_words(filled['requested_on'])}, due {due_in_words(filled['due_on'])}"
    if "closed_on" in filled:
        after += f", closed {in_words(filled['closed_on'])}"
    record(IMPORT, [Event("cycle", reference, "created", after=after)])


def _change(
    reading: TomlReading, outcome: Imported, known: Cycle, filled: dict[str, Any], dry_run: bool
) -> None:
    changes = {name: value for name, value in filled.items() if getattr(known, name) != value}
    if not changes:
        outcome.unchanged = 1
        return
    outcome.changed = 1
    if known.is_frozen():
        for name in changes:
            key = {"tool_id": "tool_version", "respond_to_id": "respond_to"}.get(name, name)
            reading.refuse(
                f"cycle {known.reference} was frozen on {known.frozen_on}, so this cannot change",
                "cycle",
                key,
                value=None if name in ("tool_id", "agencies", "respond_to_id") else str(filled[name]),
            )
        return
    if "tool_id" in changes and has_audits(known):
        why = f"cycle {known.reference} already has audits, so its tool cannot change"
        reading.refuse(why, "cycle", "tool")
    if "audits_again" in changes and has_audits(known):
        why = f"cycle {known.reference} already has audits, so this cannot change"
        reading.refuse(why, "cycle", "audits_again", value=changes["audits_again"])
    if "population" in changes and (too_few := refuse_population(known, changes["population"])):
        reading.refuse(too_few, "cycle", "population", value=str(changes["population"]))
    if "agencies" in changes and (kept := refuse_agencies(known, changes["agencies"])):
        reading.refuse(kept, "cycle", "agencies")
    if reading.faults or dry_run:
        return
    events = []
    for name, value in changes.items():
        what = f"{_NAMES[name]} changed"
        before, after = (
            (None, None)
            if name in ("tool_id", "respond_to_id")
            else (in_history(name, getattr(known, name)), in_history(name, value))
        )
        events.append(Event("cycle", known.reference, what, before, after, FROM_A_FILE))
        set_value(known, name, value)
    record(IMPORT, events)


def mark_frozen(on: date) -> list[Cycle]:
    """Mark every closed cycle as frozen on a day, once all its files have been imported.

    A cycle whose closing day or cut-off is still to come stays open: returns until then count.

    Returns those frozen now; `app.findings.freezing.freeze_closed` calls this and stores their findings.
    """
    with transaction():
        waiting = (
            select(Cycle)
            .where(Cycle.closed_by(on), Cycle.last_counting_day_of() <= on, ~Cycle.frozen_by())
            .with_for_update()
        )
        events = []
        frozen = db.session.scalars(waiting).all()
        for cycle in frozen:
            cycle.frozen_on = on
            events.append(Event("cycle", cycle.reference, "frozen", why="all its files were imported", on=on))
        record(IMPORT, events)
    return list(frozen)
