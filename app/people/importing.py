"""The import of leave and of closure days. Staff are imported by importing_staff.py."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update

from app.database import db, transaction
from app.files.cells import day, email, text
from app.files.columns import Column, Table
from app.files.imported import Imported
from app.files.reading import read
from app.files.rows import Reading, Row
from app.history.record import FROM_A_FILE, IMPORT, Event, record
from app.people import naming_deputies
from app.people.closing_days import closure_event
from app.people.closures import forget_working_days
from app.people.models import Closure, Leave, Person
from app.people.moves import hold_all
from app.people.presence import LeaveSpell, PersonFacts, overlapping, replaced
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


def import_leave(path: Path, *, dry_run: bool = False, by: str | None = None) -> Imported:
    """Take in leave; its key is person and first day. A file with a fault changes nothing.

    `by` is the email of who imports the file on a page, who may not name every deputy; None for a command.

    A spell takes the place of leave of the same person that it overlaps and that the file does not have, so
    that a later file corrects an earlier one.
    """
    reading = read(path, LEAVE)
    outcome = Imported.of(reading, "periods of leave")
    with transaction():
        hold_all()
        known = addresses()
        for row in reading.rows:
            _refuse_leave(reading, row, known)
        _refuse_same_spell(reading, known)
        people = everyone()
        if by is not None and not reading.faults:
            _refuse_deputies(reading, people, known, by)
        outcome.faults = reading.faults
        if outcome.refused:
            return outcome
        ids = {(spell.person_id, spell.from_on): spell.id for spell in db.session.execute(_SPELLS)}
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        gone: list[int] = []
        events: list[Event] = []
        for person_id, spells in _spells_by_person(reading.rows, known).items():
            person = people[person_id]
            places = replaced(person.leave, spells)
            for spell in spells:
                stored = _stored(spell, places[spell.from_on])
                if taken := places[spell.from_on]:
                    first, *others = taken
                    if not others and first == stored:
                        outcome.unchanged += 1
                        continue
                    changed.append({"id": ids[person_id, first.from_on], **asdict(stored)})
                    gone += [ids[person_id, other.from_on] for other in others]
                else:
                    new.append({"person_id": person_id, **asdict(stored)})
                events += _events(person_id, stored, places[spell.from_on], people)
            outcome.warnings += _to_check(person, spells, places)
        outcome.added, outcome.changed = len(new), len(changed)
        if not dry_run:
            db.session.execute(delete(Leave).where(Leave.id.in_(gone)))
            _write(Leave, new, changed)
            record(IMPORT, events)
    return outcome


_SPELLS = select(Leave.id, Leave.person_id, Leave.from_on)


def _spells_by_person(rows: Iterable[Row], known: Mapping[str, int]) -> Mapping[int, list[LeaveSpell]]:
    """Return the spells of a file by person, in the order of its rows."""
    spells: dict[int, list[LeaveSpell]] = defaultdict(list)
    for row in rows:
        deputy_id = known[row["deputy_email"]] if row["deputy_email"] else None
        spells[known[row["email"]]].append(LeaveSpell(row["from_on"], row["to_on"], deputy_id))
    return spells


def _stored(spell: LeaveSpell, taken: Sequence[LeaveSpell]) -> LeaveSpell:
    """Return the spell with the deputy of the leave whose place it takes, where the file names none."""
    return replace(spell, deputy_id=spell.deputy_id or next((first.deputy_id for first in taken), None))


def _refuse_deputies(
    reading: Reading, people: Mapping[int, PersonFacts], known: Mapping[str, int], by: str
) -> None:
    """Refuse the deputies that whoever imports the file may not name."""
    row_of = {(known[row["email"]], row["from_on"]): row for row in reading.rows}
    why_of: dict[int, str | None] = {}
    for person_id, spells in _spells_by_person(reading.rows, known).items():
        places = replaced(people[person_id].leave, spells)
        for spell in spells:
            taken = places[spell.from_on]
            stored = _stored(spell, taken)
            deputy_id = stored.deputy_id
            if deputy_id is None or not naming_deputies.adds_to(next(iter(taken), None), stored):
                continue
            if deputy_id not in why_of:
                why_of[deputy_id] = naming_deputies.why_not(db.session.get_one(Person, deputy_id), by)
            if why := why_of[deputy_id]:
                row = row_of[person_id, spell.from_on]
                reading.refuse(f"cannot be changed by this file: {why}", row, "deputy_email")


def _events(
    person_id: int, spell: LeaveSpell, places: Sequence[LeaveSpell], people: Mapping[int, PersonFacts]
) -> Iterator[Event]:
    def in_words(leave: LeaveSpell) -> str:
        return leave.in_words(people[leave.deputy_id].email if leave.deputy_id is not None else None)

    if not places:
        yield Event("person", str(person_id), "leave added", after=in_words(spell), why=FROM_A_FILE)
    for place in places:
        what = "leave changed" if place.from_on == spell.from_on else "leave replaced"
        yield Event("person", str(person_id), what, in_words(place), in_words(spell), FROM_A_FILE)


def _to_check(
    person: PersonFacts, spells: Iterable[LeaveSpell], places: Mapping[date, Sequence[LeaveSpell]]
) -> Iterator[str]:
    """Yield a warning for each leave of the file that replaces or overlaps other leave of the person."""
    brought = {spell.from_on: replace(spell, deputy_id=None) for spell in spells}
    stored = {spell.from_on: replace(spell, deputy_id=None) for spell in person.leave}
    for first, taken in places.items():
        for spell in taken:
            if spell.from_on != first:
                del stored[spell.from_on]
                yield _about_both(person, brought[first], "replaces", spell)
    for earlier, later in overlapping((stored | brought).values()):
        if not {earlier, later} <= set(stored.values()):  # overlaps from before the file are not told
            yield _about_both(person, later, "overlaps", earlier)


def _about_both(person: PersonFacts, one: LeaveSpell, does: str, other: LeaveSpell) -> str:
    return (
        f"Leave of {person.name} from {in_words(one.from_on)} to {in_words(one.to_on)} {does} their leave "
        f"from {in_words(other.from_on)} to {in_words(other.to_on)}"
    )


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
