"""Two people, one page: what is kept now beside what was entered, when somebody saved meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
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
EMPTY = "(empty)"


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
        """Let a form show what is kept now beside what was entered; sent again, it saves over it."""
        version = str(self.mark()) if self.mark is not None else None
        now = self.form() if self.form is not None else None
        form.meanwhile = both(form, now) if now is not None else []
        form["version"].data = version if version is not None or now is None else mark_of(now)


def mark_of(form: FlaskForm) -> str:
    """Return a short digest of the values that a form was filled with, whatever was entered since."""
    return digest([(field.name, field.object_data) for field in _fields(form)])


def digest(values: object) -> str:
    """Return a short hash of values that are written the same way whenever they are the same."""
    return sha256(repr(values).encode()).hexdigest()[:16]


def both(form: FlaskForm, now: FlaskForm) -> list[Both]:
    """Return the fields of a form that hold something else than what is kept now."""
    beside = [
        Both(_label(field), _words(field, now[field.name].object_data), _words(field, field.data))
        for field in _fields(form)
        if field.name in now
    ]
    return [one for one in beside if one.saved != one.entered]


def entered(form: FlaskForm) -> list[tuple[str, str]]:
    """Return what was entered in a form that cannot be sent any more: labels and words."""
    typed = [(_label(field), _words(field, field.data)) for field in _fields(form)]
    return [(label, words) for label, words in typed if words != EMPTY]


def _fields(form: FlaskForm) -> Iterator[Field]:
    return (field for field in form if not isinstance(field, HiddenField))


def _label(field: Field) -> str:
    label: str = field.label.text
    return label.removesuffix(" (optional)")


def _words(field: Field, value: Any) -> str:
    """Return a value of a field as a person reads it."""
    labels = {choice: label for choice, label, *_ in getattr(field, "choices", None) or ()}
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
