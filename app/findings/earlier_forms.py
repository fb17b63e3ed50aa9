"""The form of a past cycle as published: it reads and checks, and earlier.py carries out."""

import re
from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import ValidationError

from app.cycles.forms import check_reference
from app.findings.earlier import Details, Published
from app.moves.fields import DateField, LineField, Named
from app.moves.forms import MoveForm

LARGEST = 1_000_000


def whole_number(text: str | None) -> int | None:
    """Return the number in a field, with or without "%"; None for an empty one. Raises ValueError."""
    text = (text or "").strip().removesuffix("%").strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,7}", text):
        raise ValueError(text)
    return int(text)


def whole_percent(_form: FlaskForm, field: Named) -> None:
    """Refuse anything but a whole per cent from 0 to 100, or nothing."""
    _within(field, 0, 100, f"{field.subject} must be a whole number from 0 to 100, such as 60")


def whole_count(_form: FlaskForm, field: Named) -> None:
    """Refuse anything but a count of at least 1, or nothing."""
    _within(field, 1, LARGEST, f"{field.subject} must be a whole number, such as 25, or blank")


def _within(field: Named, least: int, most: int, message: str) -> None:
    try:
        number = whole_number(field.data)
    except ValueError:
        raise ValidationError(message) from None
    if number is not None and not least <= number <= most:
        raise ValidationError(message)


class EarlierForm(MoveForm):
    """The form of a past cycle. Each question adds two fields to it: its per cent, and how many answered."""

    questions: Mapping[str, str] = {}
    """The key areas that figures can be given for, by the key of their question."""

    reference = LineField("Reference", has_names=True, longest=60)
    title = LineField("Title")
    reported_on = DateField("Date of the report")
    source = LineField("Source", longest=500)

    def validate_reference(self, field: LineField) -> None:
        check_reference(field, example="2009-1")

    def percent(self, question: str) -> LineField:
        """Return the field of a question's per cent."""
        field: LineField = self[f"percent-{question}"]
        return field

    def answered(self, question: str) -> LineField:
        """Return the field of the number that the per cent is out of."""
        field: LineField = self[f"answered-{question}"]
        return field

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        sound: bool = super().validate(extra_validators)
        for question, name in self.questions.items():
            percent, answered = self.percent(question), self.answered(question)
            if answered.data and not percent.data and not answered.errors:
                percent.errors = [f"Enter the percentage for “{name}”, or leave both of its fields blank"]
                sound = False
        if sound and not self.figures():
            self.form_errors.append("Enter at least one percentage")
            sound = False
        return sound

    def figures(self) -> dict[str, Published]:
        """Return the figures that were entered, by question. The form must be valid."""
        figures = {}
        for question in self.questions:
            percent = whole_number(self.percent(question).data)
            if percent is not None:
                figures[question] = Published(percent, whole_number(self.answered(question).data))
        return figures

    def details(self) -> Details:
        """Return the details that were entered."""
        return Details(self.title.data, self.reported_on.data, self.source.data, self.figures())


class ChangedEarlierForm(EarlierForm):
    """The form to change a past cycle; its reference stays."""

    reference = None  # type: ignore[assignment]


def form_for(kind: type[EarlierForm], questions: Mapping[str, str]) -> type[EarlierForm]:
    """Return the form with fields for these questions (key areas by key)."""
    fields: dict[str, object] = {"questions": dict(questions)}
    for question, name in questions.items():
        fields[f"percent-{question}"] = LineField(f"Percentage for “{name}”", whole_percent, needed=False)
        fields[f"answered-{question}"] = LineField(
            f"Number of audits that answered “{name}”", whole_count, needed=False
        )
    return type(kind.__name__, (kind,), fields)


def entered(figures: Mapping[str, Published]) -> dict[str, str]:
    """Return the values of the form's fields for figures that are stored."""
    shown = {f"percent-{question}": str(figure.percent) for question, figure in figures.items()}
    return shown | {
        f"answered-{question}": str(figure.answered)
        for question, figure in figures.items()
        if figure.answered is not None
    }
