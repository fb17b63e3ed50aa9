"""What files of recommendations, actions and quick wins have in common: merging a row into what is there."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.actions.models import MovedDate
from app.database import db
from app.files.faults import nearest
from app.files.imported import Imported
from app.files.rows import Reading, Row
from app.history.models import HistoryRow
from app.history.record import Event, record
from app.tools.models import Question

FROM_A_FILE = "from a file"
IMPORT = "import"


@dataclass(frozen=True)
class Merge:
    """What a row changes of a thing that is there. `left`: something of it was left as it is."""

    changes: Mapping[str, Any]
    left: bool

    def write(self, thing: Any) -> None:
        """Change the thing. A due day that it had is kept, as a date that was moved."""
        if "due_on" in self.changes:
            if thing.due_on is None:
                thing.first_due_on = self.changes["due_on"]
            else:
                moved = MovedDate(
                    from_due_on=thing.due_on, to_due_on=self.changes["due_on"], because=FROM_A_FILE
                )
                thing.moved_dates.append(moved)
        for name, value in self.changes.items():
            setattr(thing, name, value)


def take_in_rows(
    outcome: Imported,
    kind: str,
    rows: Iterable[Row],
    known: Mapping[str, Any],
    told_of: Callable[[Row], dict[str, Any]],
    new: Callable[..., Any],
    *,
    dry_run: bool,
) -> None:
    """Add what is new and merge the rest, with the history; count it in `outcome`.

    `told_of` gives a row's values by the names of the thing's own attributes, `new` makes a thing of them.
    """
    moved = _moved_in_product(kind, known)
    happened: list[Event] = []
    for row in rows:
        told, reference = told_of(row), row["reference"]
        there = known.get(reference)
        if there is None:
            outcome.added += 1
            if not dry_run:
                filled = {name: value for name, value in told.items() if value is not None}
                db.session.add(new(reference=reference, **filled))
                happened.append(Event(kind, reference, "taken in", why=FROM_A_FILE))
            continue
        merged = merge(told, there, moved_in_product=reference in moved)
        outcome.left += merged.left
        outcome.changed += bool(merged.changes)
        outcome.unchanged += not merged.changes
        if not dry_run:
            happened += _events(kind, reference, merged, there)
            merged.write(there)
    if happened:
        record(IMPORT, happened)


def merge(told: Mapping[str, Any], thing: Any, *, moved_in_product: bool) -> Merge:
    """What filled cells change of a recommendation, an action or a quick win.

    What was moved in the product keeps each fact that it has (its owner, its days, what was decided): a file
    only fills what is empty. An earlier due day never holds.
    """
    changes: dict[str, Any] = {}
    left = False
    for name, value in told.items():
        before = getattr(thing, name)
        if value is None or value == before:
            continue
        earlier = name == "due_on" and before is not None and value < before
        if earlier or (moved_in_product and before is not None and name != "due_on"):
            left = True
        else:
            changes[name] = value
    return Merge(changes, left)


def _moved_in_product(kind: str, references: Iterable[str]) -> set[str]:
    """Which of these people have changed in the product."""
    wanted = set(references)
    query = select(HistoryRow.subject).where(HistoryRow.subject_kind == kind, HistoryRow.who != IMPORT)
    return {subject for subject in db.session.scalars(query.distinct()) if subject in wanted}


def _events(kind: str, reference: str, merge: Merge, thing: Any) -> list[Event]:
    """The history of one merge, before it is written."""
    return [
        Event(
            kind,
            reference,
            f"{_in_words(name)} changed",
            _word(getattr(thing, name)),
            _word(value),
            FROM_A_FILE,
        )
        for name, value in merge.changes.items()
    ]


def question_keys() -> list[str]:
    """The keys of all questions of all tools."""
    return sorted(set(db.session.scalars(select(Question.key).distinct())))


def refuse_unknown(
    reading: Reading, row: Row, column: str, known: Collection[str], what: str, first: str
) -> None:
    """Refuse a cell that names something that is not there; `first` says what to do about it."""
    value = row[column]
    if value is None or value in known:
        return
    near = f"; the nearest is {nearest(value, sorted(known))}" if known else ""
    reading.refuse(f"there is no such {what}{near}; {first}", row, column)


def _in_words(name: str) -> str:
    return name.removesuffix("_id").replace("_on", " day").replace("_", " ")


def _word(value: object) -> str | None:
    """A text or a day; what is only known by its number in the database tells nobody anything."""
    if not isinstance(value, str | date):
        return None
    return value.isoformat() if isinstance(value, date) else str(value)
