"""The fields of forms. Each has a name for its errors, such as "the date of the decision"."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, ClassVar

from flask_wtf.file import FileField as UploadField
from flask_wtf.file import FileRequired
from wtforms import (
    Field,
    FloatField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import PasswordField as HiddenInput
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Length, Optional, StopValidation

from app.moves.typed_dates import EMPTY, Parts, parts_of, parts_sent, typed_date
from app.telephones import LONGEST, NOT_A_NUMBER, is_telephone
from app.wording import capitalised

LONGEST_LINE, LONGEST_TEXT = 200, 2000

NO_CHILD = "Do not name a child or parent, or give a case number."


def tidy(value: str | None) -> str:
    """Return a text without spaces around it, and with single ones inside."""
    return " ".join((value or "").split())


def prose(value: str | None) -> str:
    """Return a text of several lines without blanks around it."""
    return (value or "").replace("\r\n", "\n").strip()


class Needed:
    """Refuse an empty field: "Enter the due date", "Select a lead auditor"."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, _form: Any, field: Any) -> None:
        if field.process_errors:
            raise StopValidation
        if field.data is None or not str(field.data).strip() or field.data == []:
            field.errors[:] = []
            raise StopValidation(f"{field.asks} {field.named}")


class Named(Field):
    """A field with a name for its errors, such as "the date of the decision" or "a reason".

    The name of a field whose label is no question is its label: "Due date (optional)" gives "the due date".
    """

    asks = "Enter"
    data: Any

    def __init__(
        self,
        label: str,
        *checks: Callable[[Any, Any], object],
        named: str = "",
        hint: str = "",
        needed: bool = True,
        **kwargs: Any,
    ) -> None:
        self.named = named or f"the {_inside(label)}"
        validators = [Needed(), *checks] if needed else list(checks)
        super().__init__(label, validators, description=hint, **kwargs)

    @property
    def subject(self) -> str:
        """Return the name at the beginning of an error: "Date of the decision"."""
        name = re.sub(r"^(the|a|an|your|at least one) ", "", self.named)
        return capitalised(name)


def _inside(label: str) -> str:
    """Return a label as it is written inside a sentence."""
    label = label.removesuffix(" (optional)")
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


class LineField(Named, StringField):
    """A field for a line of text.

    It is checked as free text (app/moves/free_text.py), save for names where it asks for the name of a member
    of staff or of a thing (`has_names`), and not at all where it asks for something else than text
    (`is_free` is False), such as a case number.
    """

    def __init__(
        self,
        label: str,
        *checks: Any,
        longest: int = LONGEST_LINE,
        has_names: bool = False,
        is_free: bool = True,
        **kwargs: Any,
    ) -> None:
        self.has_names, self.is_free = has_names, is_free
        super().__init__(label, *checks, **{"filters": [tidy]} | kwargs)
        self.validators = [*self.validators, _at_most(longest, self.subject)]


class TelephoneField(LineField):
    """A field for a telephone number."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, _telephone, **{"is_free": False, "longest": LONGEST} | kwargs)


def _telephone(_form: Any, field: Any) -> None:
    if field.data and not is_telephone(field.data):
        raise StopValidation(NOT_A_NUMBER)


class WordsField(Named, TextAreaField):
    """A field for several lines of text, checked as a line is."""

    def __init__(
        self,
        label: str,
        *checks: Any,
        longest: int | None = LONGEST_TEXT,
        has_names: bool = False,
        is_free: bool = True,
        **kwargs: Any,
    ) -> None:
        self.has_names, self.is_free = has_names, is_free
        super().__init__(label, *checks, **{"filters": [prose]} | kwargs)
        if longest is not None:
            self.validators = [*self.validators, _at_most(longest, self.subject)]


def _at_most(longest: int, subject: str) -> Length:
    return Length(max=longest, message=f"{subject} must be {longest:,} characters or fewer")


class LinesField(Named, TextAreaField):
    """A field for a list, with an entry on each line. `data` is the list, without blank lines."""

    def __init__(
        self,
        label: str,
        *checks: Any,
        longest: int = LONGEST_LINE,
        has_names: bool = False,
        is_free: bool = True,
        **kwargs: Any,
    ) -> None:
        self.has_names, self.is_free = has_names, is_free
        super().__init__(label, self._not_too_long, *checks, **kwargs)
        self.longest = longest

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = [line for line in map(tidy, valuelist[0].splitlines()) if line]

    def _value(self) -> str:
        return "\n".join(self.data or ())

    def _not_too_long(self, _form: Any, _field: Any) -> None:
        if any(len(line) > self.longest for line in self.data or ()):
            raise StopValidation(f"{self.subject} must each be {self.longest:,} characters or fewer")


class PasswordField(Named, HiddenInput):
    """A field for a password."""


class NumberField(Named, IntegerField):
    """A field for a whole number within limits, both included; a "%" after it is let through."""

    def __init__(self, label: str, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(label, self._within_limits, **kwargs)
        self.least, self.most = least, most

    @property
    def error(self) -> str:
        """Return the error of anything but a number within the limits."""
        return f"{self.subject} must be a whole number from {self.least:,} to {self.most:,}"

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        typed = tidy(valuelist[0]).removesuffix("%").strip()
        self.data = None
        if typed and not re.fullmatch(r"[+-]?[0-9]{1,18}", typed):
            raise ValueError(self.error)
        if typed:
            self.data = int(typed)

    def _within_limits(self, _form: Any, _field: Any) -> None:
        if self.data is not None and not self.least <= self.data <= self.most:
            raise StopValidation(self.error)


class AmountField(Named, FloatField):
    """A field for a number within limits, both included, that need not be whole."""

    def __init__(self, label: str, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.least, self.most = least, most

    def _value(self) -> str:
        """Return what was typed, or the number without needless decimals."""
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:.12g}"

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        typed = tidy(valuelist[0]).replace(",", "")
        self.data = None
        if not typed:
            return
        if not re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?", typed):
            raise ValueError(f"{self.subject} must be a number, such as 5 or 2.5")
        self.data = float(typed)
        if not self.least <= self.data <= self.most:
            raise ValueError(f"{self.subject} must be from {self.least:,} to {self.most:,}")


class DateField(Named):
    """A date in three fields of one name. `data` is the date, or None where all three are empty."""

    parts: Parts = EMPTY

    def process_data(self, value: date | None) -> None:
        self.data = value
        if value:
            self.parts = parts_of(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.parts, self.data = parts_sent(valuelist), None
        self.data = typed_date(self.parts, self.subject)


class _Choice(Named):
    """A field whose value is chosen, not typed."""

    asks = "Select"

    def __init__(self, label: str, *checks: Any, choices: Any = None, **kwargs: Any) -> None:
        super().__init__(label, *checks, **kwargs)
        self.choices = choices
        if not kwargs.get("needed", True):
            self.validators = [Optional(), *self.validators]
        self.invalid_value_message = self.invalid_choice_message = f"{self.asks} {self.named}"

    @property
    def choices(self) -> Any:
        """Return what can be chosen, each with a value and a label; set as pairs of them."""
        return self._offered

    @choices.setter
    def choices(self, pairs: Any) -> None:
        self._offered = None if pairs is None else [SelectChoice(value, label) for value, label in pairs]


class ChoiceField(_Choice, SelectField):
    """A choice from a list; the page sets the choices unless they are given."""


class RadiosField(_Choice, RadioField):
    """A choice from a few radios."""


class TicksField(_Choice, SelectMultipleField):
    """Any number of choices from checkboxes."""


class OwnerField(ChoiceField):
    """A choice of one person from a list of those who work here."""

    HINT = "Select one person, not a group"

    def __init__(self, label: str = "Owner", *checks: Any, **kwargs: Any) -> None:
        super().__init__(label, *checks, **{"coerce": str, "hint": self.HINT} | kwargs)
        # the person has left, or the value never was one person
        self.invalid_choice_message = f"Select one person who works here as {self.named}"


class FileField(Named, UploadField):  # type: ignore[misc]
    """A file to upload."""

    asks = "Select"

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, needed=False, **kwargs)
        self.validators = [FileRequired(f"{self.asks} {self.named}")]


Choices = Sequence[tuple[Any, str]]
"""The values that can be chosen, each with its label."""


def no_choice(label: str, choices: Choices) -> list[tuple[str, str]]:
    """Return the choices of a list, with a first one that chooses nothing."""
    return [("", label), *choices]


def number(value: Any) -> int | None:
    """Return the id that a list sends; None where nothing was chosen."""
    return int(value) if value else None
