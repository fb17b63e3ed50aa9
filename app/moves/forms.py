"""The fields and forms of moves: completeness is checked here, moves carry them out."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    StopValidation,
    ValidationError,
)

from app.moves.day_field import DayField


def day_needed(_form: FlaskForm, field: DayField) -> None:
    """Refuse an empty day."""
    if field.data is None:
        raise ValidationError(f"Enter the {field.label.text.lower()}.")


def stripped(value: str | None) -> str | None:
    """Return text without the blanks around it."""
    return value.strip() if value else value


def text_field(label: str, longest: int = 200, *, needed: bool = True) -> Any:
    """Make a field for a line of text."""
    checks: list[Any] = [Length(max=longest, message=f"{label} must be {longest} characters or fewer.")]
    if needed:
        checks.insert(0, DataRequired(f"Enter the {label.lower()}."))
    return StringField(label, checks, filters=[stripped])


def line_field(label: str, missing: str, hint: str = "", longest: int = 200) -> Any:
    """Make a field for a line of text that is needed; `missing` says what to enter."""
    checks = [InputRequired(missing), Length(max=longest, message=f"Use {longest} characters or fewer.")]
    return StringField(label, checks, description=hint, filters=[stripped])


class WholeNumber:
    """A check of an IntegerField: a whole number within limits, or nothing where it is not needed."""

    def __init__(self, least: int, most: int, *, needed: bool = True) -> None:
        self.message = f"Enter a whole number from {least:,} to {most:,}."
        self.least, self.most, self.needed = least, most, needed

    def __call__(self, _form: FlaskForm, field: IntegerField) -> None:
        field.errors = []  # without the message of WTForms about text that is no number
        is_empty = field.data is None and not "".join(map(str, field.raw_data or ())).strip()
        if is_empty and not self.needed:
            raise StopValidation
        if field.data is None or not self.least <= field.data <= self.most:
            raise StopValidation(self.message)


LONGEST_TEXT = 2000


def words_field(label: str, missing: str | None = None, hint: str = "") -> Any:
    """Make a field for several lines of text; needed where `missing` says what to enter."""
    checks: list[Any] = [Length(max=LONGEST_TEXT, message=f"Use {LONGEST_TEXT} characters or fewer.")]
    if missing:
        checks.insert(0, InputRequired(missing))
    return TextAreaField(label, checks, description=hint, filters=[stripped])


def choice_field(label: str, missing: str, **kwargs: Any) -> Any:
    """Make a field for a choice from a list; the page sets the choices unless they are given."""
    return SelectField(label, [InputRequired(missing)], **kwargs)


class MoveForm(FlaskForm):  # type: ignore[misc]
    """The form of a move. It carries the mark of the thing as the page showed it, mostly its version."""

    version = HiddenField()

    @property
    def seen(self) -> int | None:
        """Return the version of the thing that the person saw; None where the page sent none."""
        version = str(self.version.data or "")
        return int(version) if version.isdecimal() else None

    def entered(self) -> dict[str, Any]:
        """Return the entered values, by the names of fields, which are the names of the move's arguments."""
        return {field.name: field.data for field in self if field.name not in ("version", "csrf_token")}

    @property
    def mark(self) -> str | None:
        """Return the mark of the thing that the person saw, where it has no version."""
        return self.version.data or None


ONE_PERSON = "One person, never a group: somebody who can be asked how it goes."


class PersonField(SelectField):
    """A choice of one person from a list of those who work here."""

    def pre_validate(self, form: Any) -> None:
        """Refuse a value that is not on the list: the person has left, or it never was one person."""
        try:
            super().pre_validate(form)
        except ValidationError as why:
            raise ValidationError("Choose one person who works here.") from why


class WordsForm(FlaskForm):  # type: ignore[misc]
    """The form of words alone; the page sets their label."""

    said = words_field("Why?")


class WordsMoveForm(WordsForm, MoveForm):
    """The form of a move that needs a reason and nothing else."""

    def entered(self) -> dict[str, Any]:
        return {"because": self.said.data}


def no_choice(label: str, choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the choices of a list, with a first one that chooses nothing."""
    return [("", label), *choices]


def number(value: Any) -> int | None:
    """Return the id that a list sends; None where nothing was chosen."""
    return int(value) if value else None
