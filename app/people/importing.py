"""The import of leave and of closure days. Staff are imported by importing_staff.py."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from app.database import db, transaction
from app.files.cells import day, email, text
from app.files.columns import Column, Table
from app.files.imported import Imported
from app.files.reading import read
from app.files.rows import Reading, Row
from app.history.record import FROM_A_FILE, IMPORT, Event, record
from app.people.closing_days import closure_event
from app.people.closures import forget_working_days
from app.people.models import Closure, Leave
from app.people.presence import LeaveSpell, overlapping
from app.people.queries import addresses, everyone
from app.wording import in_words

LEAVE = Table(
    "leave",
    [
        Column("email", email, needed=True),
        Column("from_on", day, needed=True),
        Column("to_on", day, needed=True),
        Column("deputy_email", email),
    ],
    key=("email", "from_on"),
)

CLOSURES = Table("closures", [Column("day", day, needed=True), Column("name", text(200))], key=("day",))


def import_leave(path: Path, *, dry_run: bool = False) -> Imported:
    """Take in leave; its key is person and first day. A file with a fault changes nothing."""
    reading = read(path, LEAVE)
    outcome = Imported.of(reading, "periods of leave")
    with transaction():
        known = addresses()
        for row in reading.rows:
            _refuse_leave(reading, row, known)
        _refuse_same_spell(reading, known)
        outcome.faults = reading.faults
        if outcome.refused:
            return outcome
        spells = select(Leave.id, Leave.person_id, Leave.from_on, Leave.to_on, Leave.deputy_id)
        there = {(spell.person_id, spell.from_on): spell for spell in db.session.execute(spells)}
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        events = []
        for row in reading.rows:
            person_id, from_on, to_on = known[row["email"]], row["from_on"], row["to_on"]
            deputy_id = known[row["deputy_email"]] if row["deputy_email"] else None
            spell = there.get((person_id, from_on))
            days = f"{from_on} to {to_on}"
            if spell is None:
                new.append(
                    {"person_id": person_id, "from_on": from_on, "to_on": to_on, "deputy_id": deputy_id}
                )
                events.append(Event("person", str(person_id), "leave added", after=days, why=FROM_A_FILE))
                continue
            deputy_id = deputy_id or spell.deputy_id
            if (spell.to_on, spell.deputy_id) == (to_on, deputy_id):
                outcome.unchanged += 1
                continue
            changed.append({"id": spell.id, "to_on": to_on, "deputy_id": deputy_id})
            before = f"{from_on} to {spell.to_on}"
            events.append(Event("person", str(person_id), "leave changed", before, days, FROM_A_FILE))
        outcome.added, outcome.changed = len(new), len(changed)
        outcome.warnings += _overlaps(reading.rows, known)
        if not dry_run:
            _write(Leave, new, changed)
            record(IMPORT, events)
    return outcome


def import_closures(path: Path, *, dry_run: bool = False) -> Imported:
    """Take in days on which the council is closed. Nothing changes when the file has a fault."""
    reading = read(path, CLOSURES)
    outcome = Imported.of(reading, "closure days")
    outcome.faults = reading.faults
    if outcome.refused:
        return outcome
    with transaction():
        there = dict(db.session.execute(select(Closure.day, Closure.name)).all())
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        events = []
        for row in reading.rows:
            on: date = row["day"]
            name = row["name"] or there.get(on)
            if on not in there:
                new.append({"day": on, "name": name})
                events.append(closure_event("added", on, name, why=FROM_A_FILE))
            elif there[on] != name:
                changed.append({"day": on, "name": name})
                events.append(closure_event("renamed", on, name, why=FROM_A_FILE))
            else:
                outcome.unchanged += 1
        outcome.added, outcome.changed = len(new), len(changed)
        if not dry_run:
            _write(Closure, new, changed)
            record(IMPORT, events)
    forget_working_days()
    return outcome


def _write(model: Any, new: list[dict[str, Any]], changed: list[dict[str, Any]]) -> None:
    if new:
        db.session.execute(insert(model), new)
    if changed:
        db.session.execute(update(model), changed)


def _overlaps(rows: Iterable[Row], known: Mapping[str, int]) -> Iterator[str]:
    """Yield a warning for each leave of the file that overlaps other leave of the same person."""
    brought: dict[int, dict[date, LeaveSpell]] = defaultdict(dict)
    for row in rows:
        brought[known[row["email"]]][row["from_on"]] = LeaveSpell(row["from_on"], row["to_on"], None)
    people = everyone()
    for person_id, spells in brought.items():
        person = people[person_id]
        stored = {spell.from_on: LeaveSpell(spell.from_on, spell.to_on, None) for spell in person.leave}
        for earlier, later in overlapping((stored | spells).values()):
            if {earlier, later} <= set(stored.values()):
                continue  # it was so before the file
            yield (
                f"Leave of {person.name} from {in_words(later.from_on)} to {in_words(later.to_on)} overlaps "
                f"their leave from {in_words(earlier.from_on)} to {in_words(earlier.to_on)}"
            )


def _refuse_leave(reading: Reading, row: Row, known: dict[str, int]) -> None:
    for column in ("email", "deputy_email"):
        if row[column] and row[column] not in known:
            reading.refuse("no one has this email address: import the staff file first", row, column)
    if row["from_on"] and row["to_on"] and row["to_on"] < row["from_on"]:
        reading.refuse(f"must not be before from_on, which is {row['from_on']}", row, "to_on")
    if row["email"] and row["deputy_email"] and known.get(row["email"]) == known.get(row["deputy_email"], -1):
        reading.refuse("must not be the person on leave", row, "deputy_email")


def _refuse_same_spell(reading: Reading, known: dict[str, int]) -> None:
    """Refuse two rows for the same spell, also where one of them has a former address of the person."""
    first: dict[tuple[int, date], Row] = {}
    for row in reading.rows:
        person_id = known.get(row["email"])
        if person_id is None or row["from_on"] is None:
            continue
        above = first.setdefault((person_id, row["from_on"]), row)
        if above is not row and above["email"] != row["email"]:
            reading.refuse(f"is the same person as in row {above.number}", row, "email")
