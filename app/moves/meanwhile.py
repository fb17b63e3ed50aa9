"""Two people, one page: what is kept now beside what was entered, when somebody saved meanwhile."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField

from app.database import transaction
from app.refusal import ChangedMeanwhile
from app.wording import in_words

CHANGED = "Someone changed this while you had the page open. Check both versions below."
CHECK = "Someone changed this while you had the page open. Check what it says now, then try again."
EMPTY, UNTOUCHED = "(empty)", "(you did not change this)"


@dataclass(frozen=True)
class Both:
    """A field with what is saved in it now, and what was entered on the page."""

    label: str
    saved: str
    entered: str


@dataclass(frozen=True)
class Kept:
    """The thing that a page edits, as it is kept now.

    `form` returns the form of the page, filled with it; None where the page takes it out or ends it. Its
    values are the mark that the page carries, or what `mark` returns. `hold` locks it while the mark is
    compared and the change is made; without it the move compares the mark, as one with a version does.
    """

    form: Callable[[], FlaskForm] | None = None
    hold: Callable[[], None] | None = None
    mark: Callable[[], object] | None = None

    def mark_now(self) -> str:
        """Return the mark of what is kept now."""
        if self.mark is not None:
            return str(self.mark())
        return mark_of(self.form()) if self.form is not None else ""

    def carry_out(self, form: FlaskForm, change: Callable[[], str]) -> str:
        """Make the change. Raises ChangedMeanwhile where it would undo what somebody else saved."""
        if self.hold is None:
            return change()
        with transaction():
            self.hold()
            if form["version"].data not in ("", None, self.mark_now()):
                if self.form is None:
                    raise ChangedMeanwhile(CHECK)
                if both(form, self.form()):
                    raise ChangedMeanwhile(CHANGED)
            return change()

    def show_both(self, form: FlaskForm) -> None:
        """Let a form show what is kept now beside what was entered; sent again, it saves over it.

        Fields that the person left as the page showed them become what is kept now, where the mark tells.
        """
        mark = self.mark_now()
        if self.form is not None:
            form.meanwhile = _beside(form, self.form())
        form["version"].data = mark


def mark_of(form: FlaskForm) -> str:
    """Return the digests of the values that a form was filled with, by field, whatever was entered since."""
    return json.dumps({field.name: digest(_plain(field.object_data)) for field in _fields(form)})


def digest(values: object) -> str:
    """Return a short hash of values that are written the same way whenever they are the same."""
    return sha256(repr(values).encode()).hexdigest()[:16]


def both(form: FlaskForm, now: FlaskForm) -> list[Both]:
    """Return the fields of a form that hold something else than what is kept now."""
    return [both for _, _, both in _differing(form, now)]


def _beside(form: FlaskForm, now: FlaskForm) -> list[Both]:
    """Return the fields that differ, and let those that the person did not touch hold what is kept now."""
    seen, rows = _seen(form), []
    for field, kept, row in _differing(form, now):
        if seen.get(field.name) != digest(_plain(field.data)):
            rows.append(row)
            continue
        field.process_data(kept)
        field.raw_data = None
        rows.append(replace(row, entered=UNTOUCHED))
    return rows


def _differing(form: FlaskForm, now: FlaskForm) -> list[tuple[Field, Any, Both]]:
    values = [(field, now[field.name].object_data) for field in _fields(form) if field.name in now]
    rows = [
        (field, kept, Both(_label(field), _words(field, kept), _words(field, field.data)))
        for field, kept in values
    ]
    return [row for row in rows if row[2].saved != row[2].entered]


def _seen(form: FlaskForm) -> dict[str, str]:
    """Return the digests that the page carried, by field; none where it carried a version."""
    try:
        seen = json.loads(form["version"].data or "")
    except ValueError:
        return {}
    return seen if isinstance(seen, dict) else {}


def entered(form: FlaskForm) -> list[tuple[str, str]]:
    """Return what was entered in a form that cannot be sent any more: labels and words."""
    typed = [(_label(field), _words(field, field.data)) for field in _fields(form)]
    return [(label, words) for label, words in typed if words != EMPTY]


def _fields(form: FlaskForm) -> Iterator[Field]:
    return (field for field in form if not isinstance(field, HiddenField))


def _label(field: Field) -> str:
    label: str = field.label.text
    return label.removesuffix(" (optional)")


def _plain(value: Any) -> object:
    """Return a value in the one way in which it counts as unchanged."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return sorted(str(one) for one in value)
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _words(field: Field, value: Any) -> str:
    """Return a value of a field as a person reads it."""
    labels = {choice.value: choice.label for choice in getattr(field, "choices", None) or ()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        words = ", ".join(str(labels.get(one, one)) for one in value)
    elif value in labels and value != "":
        words = str(labels[value])
    elif isinstance(value, date):
        words = in_words(value)
    elif isinstance(value, bool):
        words = "yes" if value else "no"
    else:
        words = "" if value is None else str(value)
    return words.replace("\r\n", "\n").strip() or EMPTY
