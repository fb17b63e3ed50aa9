"""Judges and writes the rows of recommendations, actions and quick wins that a file brings."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select

from app.actions.lifecycle import Contradiction
from app.actions.models import MovedDate
from app.actions.moving import EMPTIED_BY
from app.database import db
from app.files.faults import suggestion
from app.files.imported import Imported
from app.files.rows import Reading, Row
from app.history.models import HistoryRow
from app.history.record import FROM_A_FILE, IMPORT, Event, record
from app.moves.moving import FromFiles
from app.names import References
from app.people.closures import due_in_words
from app.tools.models import Question
from app.wording import in_words as day_in_words

Facts = TypeVar("Facts", bound=Any)


@dataclass(frozen=True)
class Area:
    """The differences between recommendations, actions and quick wins.

    `values` returns the values of a row by the names of the model's attributes. `contradictions` are the
    rules of the area: from the stored thing (None: a new one) and its changes, they yield what cannot be
    true. `columns` has the columns of the attributes that have another name in the file.
    """

    model: type[FromFiles]
    values: Callable[[Row], dict[str, Any]]
    contradictions: Callable[[Any, Mapping[str, Any]], Iterable[Contradiction]]
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Change:
    """The changes of a row to a thing (None: a new one). `left` is True when some cells were left out."""

    reference: str
    thing: Any
    values: Mapping[str, Any]
    left: bool = False


def take_in_rows(reading: Reading, outcome: Imported, area: Area, *, dry_run: bool) -> None:
    """Judge each row and, if none has a fault, write the changes with their history."""
    query = select(area.model).with_for_update()
    stored = References((thing.reference, thing) for thing in db.session.scalars(query))
    emptied = _emptied(area.model.kind)
    changes = [_judge(reading, row, area, stored.get(row["reference"]), emptied) for row in reading.rows]
    outcome.faults = reading.faults
    if outcome.faults:
        return
    outcome.added = sum(change.thing is None for change in changes)
    outcome.changed = sum(change.thing is not None and bool(change.values) for change in changes)
    outcome.unchanged = len(changes) - outcome.added - outcome.changed
    outcome.left = sum(change.left for change in changes)
    if not dry_run:
        record(IMPORT, [event for change in changes for event in _events(area.model.kind, change)])
        for change in changes:
            _write(area.model, change)


def _emptied(kind: str) -> Mapping[str, set[str]]:
    """Return the facts that moves in the product took back, by the reference of their thing."""
    query = select(HistoryRow.subject, HistoryRow.what).where(
        HistoryRow.subject_kind == kind, HistoryRow.what.in_(EMPTIED_BY)
    )
    emptied: dict[str, set[str]] = defaultdict(set)
    for reference, what in db.session.execute(query):
        emptied[reference].update(EMPTIED_BY[what])
    return emptied


def _judge(
    reading: Reading, row: Row, area: Area, thing: Any, emptied: Mapping[str, Collection[str]]
) -> Change:
    """Return the change of a row; refuse what contradicts the rules of the area."""
    values = {name: value for name, value in area.values(row).items() if value is not None}
    if thing is None:
        change = Change(row["reference"], None, values)
    else:
        change = merge(thing, values, emptied.get(thing.reference, ()))
    for contradiction in area.contradictions(thing, change.values):
        columns = {area.columns.get(name, name): name for name in contradiction}
        brought = [column for column, name in columns.items() if name in change.values]
        if brought and row.refused.isdisjoint(columns):
            reading.refuse(contradiction[columns[brought[0]]], row, brought[0])
    return change


def changed(facts: Facts, changes: Mapping[str, Any]) -> Facts:
    """Return the facts as they will be, for the rules of the area."""
    names = {field.name for field in fields(facts)}
    return replace(facts, **{name: value for name, value in changes.items() if name in names})


def merge(thing: Any, values: Mapping[str, Any], emptied: Collection[str] = ()) -> Change:
    """Return the changes of filled cells to a recommendation, an action or a quick win.

    A thing moved in the product keeps each fact that it has (its owner, its days, its decision): a file only
    fills what is empty, save what a move took back (`emptied`). An earlier due day never holds.
    """
    changes: dict[str, Any] = {}
    left = False
    for name, value in values.items():
        before = getattr(thing, name)
        if value == before:
            continue
        kept = name in emptied if before is None else thing.moved_in_product
        if before is not None and name == "due_on":
            kept = value < before
        if kept:
            left = True
        else:
            changes[name] = value
    return Change(thing.reference, thing, changes, left)


def _write(model: Any, change: Change) -> None:
    """Write one change. The due day before it is kept, as a moved date."""
    values = dict(change.values)
    thing = change.thing
    if "due_on" in values:
        if thing is None or thing.due_on is None:
            values["first_due_on"] = values["due_on"]
        else:
            moved = MovedDate(from_due_on=thing.due_on, to_due_on=values["due_on"], because=FROM_A_FILE)
            thing.moved_dates.append(moved)
    if thing is None:
        db.session.add(model(reference=change.reference, **values))
    for name, value in values.items() if thing is not None else ():
        setattr(thing, name, value)


def _events(kind: str, change: Change) -> Iterator[Event]:
    """Yield the history of one change, before it is written."""
    if change.thing is None:
        yield Event(kind, change.reference, "imported", why=FROM_A_FILE)
        return
    for name, value in change.values.items():
        before, after = _word(name, getattr(change.thing, name)), _word(name, value)
        yield Event(kind, change.reference, f"{_in_words(name)} changed", before, after, FROM_A_FILE)


def question_keys() -> list[str]:
    """Return the keys of all questions of all tools."""
    return sorted(set(db.session.scalars(select(Question.key).distinct())))


def refuse_unknown(
    reading: Reading, row: Row, column: str, known: Collection[str], what: str, first: str
) -> None:
    """Refuse a cell that names something that does not exist. `first` says what to do about it."""
    value = row[column]
    if value is None or value in known:
        return
    near = suggestion(value, sorted(known))
    reading.refuse(f"there is no such {what}{f'{near}, or ' if near else ': '}{first}", row, column)


def _in_words(name: str) -> str:
    return name.removesuffix("_id").replace("_on", " date").replace("_", " ")


def _word(name: str, value: object) -> str | None:
    """Return a text or a day in words; None for an id of the database, which tells a reader nothing."""
    if not isinstance(value, str | date):
        return None
    if isinstance(value, date):
        return due_in_words(value) if name == "due_on" else day_in_words(value)
    return value
