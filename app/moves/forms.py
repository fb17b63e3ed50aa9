"""The forms of moves: what their fields share, checked for completeness here, carried out by moves."""

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
    """A day must be given."""
    if field.data is None:
        raise ValidationError(f"Enter the {field.label.text.lower()}.")


def stripped(value: str | None) -> str | None:
    """Text without the blanks around it."""
    return value.strip() if value else value


def text_field(label: str, longest: int = 200, *, needed: bool = True) -> Any:
    """A line of text."""
    checks: list[Any] = [Length(max=longest, message=f"{label} must be {longest} characters or fewer.")]
    if needed:
        checks.insert(0, DataRequired(f"Enter the {label.lower()}."))
    return StringField(label, checks, filters=[stripped])


def line_field(label: str, missing: str, hint: str = "", longest: int = 200) -> Any:
    """A line of text that is needed; `missing` says what to enter."""
    checks = [InputRequired(missing), Length(max=longest, message=f"Use {longest} characters or fewer.")]
    return StringField(label, checks, description=hint, filters=[stripped])


class WholeNumber:
    """A check of an IntegerField: a whole number within limits, or nothing where it is not needed."""

    def __init__(self, least: int, most: int, *, needed: bool = True) -> None:
        self.told = f"Enter a whole number from {least:,} to {most:,}."
        self.least, self.most, self.needed = least, most, needed

    def __call__(self, _form: FlaskForm, field: IntegerField) -> None:
        field.errors = []  # what WTForms says of a number that is none
        is_empty = field.data is None and not "".join(map(str, field.raw_data or ())).strip()
        if is_empty and not self.needed:
            raise StopValidation
        if field.data is None or not self.least <= field.data <= self.most:
            raise StopValidation(self.told)


LONGEST_TEXT = 2000


def words_field(label: str, missing: str | None = None, hint: str = "") -> Any:
    """Several lines of text; needed when there are words for their absence."""
    checks: list[Any] = [Length(max=LONGEST_TEXT, message=f"Use {LONGEST_TEXT} characters or fewer.")]
    if missing:
        checks.insert(0, InputRequired(missing))
    return TextAreaField(label, checks, description=hint, filters=[stripped])


def choice_field(label: str, missing: str, hint: str = "", **kwargs: Any) -> Any:
    """One of a list; its choices are set by the page unless they are given."""
    return SelectField(label, [InputRequired(missing)], description=hint, **kwargs)


class MoveForm(FlaskForm):  # type: ignore[misc]
    """A move of a thing; carries the mark of the thing that the page showed, most often its version."""

    version = HiddenField()

    @property
    def seen(self) -> int | None:
        """The version of the thing that the person saw."""
        given = str(self.version.data or "")
        return int(given) if given.isdecimal() else None

    def entered(self) -> dict[str, Any]:
        """Return what was filled in, by the name of the field: that of what the move takes."""
        return {field.name: field.data for field in self if field.name not in ("version", "csrf_token")}

    @property
    def mark(self) -> str | None:
        """The mark of the thing that the person saw, where it has no version."""
        return self.version.data or None


ONE_PERSON = "One person, never a group: somebody who can be asked how it goes."


class PersonField(SelectField):
    """A named person of a list of those who are here."""

    def pre_validate(self, form: Any) -> None:
        """Whoever is not on the list has left, or was never one person."""
        try:
            super().pre_validate(form)
        except ValidationError as why:
            raise ValidationError("Choose one person who works here.") from why


class WordsForm(FlaskForm):  # type: ignore[misc]
    """Words and nothing else; their label is set by the page."""

    said = words_field("Why?")


class WordsMoveForm(WordsForm, MoveForm):
    """A move that needs a reason and nothing else."""

    def entered(self) -> dict[str, Any]:
        return {"because": self.said.data}


def no_choice(label: str, choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The choices of a list with a first one that chooses nothing."""
    return [("", label), *choices]


def number(value: Any) -> int | None:
    """The id that a list gives; None where nothing was chosen."""
    return int(value) if value else None
