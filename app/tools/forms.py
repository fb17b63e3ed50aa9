"""The forms of tools: read and checked here, carried out by the moves."""

import re
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app.files.faults import folded
from app.tools.content import EXCLUDED, MET, NOT_MET, SOURCES, Asked, Scale
from app.tools.drafting import Details
from app.tools.models import Question, Section, Standard, Tool

LONGEST_LABEL = 80


def tidy(value: str | None) -> str:
    """Return a text without spaces around it, and with single ones inside."""
    return " ".join((value or "").split())


def prose(value: str | None) -> str:
    """Return a text of several lines without blanks around it."""
    return (value or "").replace("\r\n", "\n").strip()


def line(label: str, longest: int = 200, *, needed: str | None = None) -> Any:
    """Return a field for one line of text; `needed` is the error when it is empty, None where it may be."""
    return StringField(label, _checks(label, longest, needed), filters=[tidy])


def lines(label: str, longest: int, *, needed: str | None = None) -> Any:
    """Return a field for several lines of text."""
    return TextAreaField(label, _checks(label, longest, needed), filters=[prose])


def _checks(label: str, longest: int, needed: str | None) -> list[Any]:
    checks: list[Any] = [DataRequired(needed)] if needed else []
    return [*checks, Length(max=longest, message=f"{label} must be {longest:,} characters or fewer")]


def number(label: str, least: int, most: int, *, needed: bool = True) -> Any:
    """Return a field for a whole number, both limits included."""
    error = f"{label} must be a whole number from {least} to {most}"
    return WholeNumber(
        label, [InputRequired(error) if needed else Optional(), NumberRange(least, most, error)]
    )


class WholeNumber(IntegerField):
    """A field for a whole number; wrong input is shown again."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = tidy(valuelist[0] if valuelist else "").removesuffix("%").strip()
        if not typed:
            self.data = None
            return
        try:
            self.data = int(typed)
        except ValueError:
            self.data = None
            raise ValueError(f"{self.label.text} must be a whole number") from None


class DetailsForm(FlaskForm):  # type: ignore[misc]
    """The form of a version's details beside its scales and questions."""

    title = line("Title", needed="Enter the title")
    minimum_answered = number("Least share of audits answered, per cent", 0, 100)
    minimum_count = number("Least number of answers", 0, 1_000_000)

    def __init__(self, tool: Tool | None = None) -> None:
        kept: dict[str, Any] = {"minimum_answered": 80, "minimum_count": 10}
        if tool is not None:
            kept = {
                "title": tool.title,
                "minimum_answered": round(tool.minimum_answered * 100),
                "minimum_count": tool.minimum_count,
            }
        super().__init__(data=kept)

    def details(self) -> Details:
        """Return the values that were entered."""
        return Details(self.title.data, (self.minimum_answered.data or 0) / 100, self.minimum_count.data or 0)


class NewToolForm(DetailsForm):
    """The form of a new tool."""

    reference = line("Reference", LONGEST_LABEL, needed="Enter the reference")


class SectionForm(FlaskForm):  # type: ignore[misc]
    """The form of a section."""

    title = line("Title of the section", needed="Enter the title of the section")


class ScaleForm(FlaskForm):  # type: ignore[misc]
    """The form of a scale: its responses, one a line, by how they count, the best first."""

    name = line("Name of the scale", LONGEST_LABEL, needed="Enter the name of the scale")
    met = lines("Responses that count as met", 2000)
    not_met = lines("Responses that count as not met", 2000)
    excluded = lines("Responses that are left out of the figure", 2000)

    def __init__(self, scale: Scale | None = None) -> None:
        self._kept = scale
        super().__init__(
            data={
                "name": scale.name,
                "met": "\n".join(scale.counting_as(MET)),
                "not_met": "\n".join(scale.counting_as(NOT_MET)),
                "excluded": "\n".join(scale.counting_as(EXCLUDED)),
            }
            if scale
            else {}
        )

    def validate_met(self, field: Field) -> None:
        if not self._all():
            raise ValidationError("Enter at least one response")
        for response, _ in self._all():
            if len(response) > LONGEST_LABEL:
                raise ValidationError(f"A response must be {LONGEST_LABEL} characters or fewer")
        labels = [folded(response) for response, _ in self._all()]
        twice = next((response for response, _ in self._all() if labels.count(folded(response)) > 1), None)
        if twice:
            raise ValidationError(f"“{twice}” is there twice")

    def _all(self) -> tuple[tuple[str, str], ...]:
        fields = ((self.met, MET), (self.not_met, NOT_MET), (self.excluded, EXCLUDED))
        return tuple(
            (tidy(response), counts_as)
            for field, counts_as in fields
            for response in (field.data or "").split("\n")
            if response.strip()
        )

    def scale(self) -> Scale:
        """Return the scale that was entered; one that was not changed keeps its own order."""
        entered = Scale(self.name.data, self._all())
        if self._kept and sorted(entered.responses) == sorted(self._kept.responses):
            ways = (MET, NOT_MET, EXCLUDED)
            if all(entered.counting_as(way) == self._kept.counting_as(way) for way in ways):
                return Scale(entered.name, self._kept.responses)
        return entered


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """The form of a question."""

    text = lines("Question", 1000, needed="Enter the question")
    key_area = line("Key area", needed="Enter the key area")
    key = line("Key", LONGEST_LABEL)
    section = SelectField("Section", coerce=int)
    scale = SelectField("Scale", [InputRequired("Choose a scale")])
    guidance = lines("Guidance", 10_000)
    standard = SelectField("Standard it comes from")
    expected_level = number("Expected level, per cent", 1, 100, needed=False)
    is_core = BooleanField("Core question: it means the same in every tool and version")

    def __init__(
        self,
        tool: Tool,
        standards: Sequence[Standard],
        section: Section | None = None,
        question: Question | None = None,
    ) -> None:
        self._own_key = question.key if question else None
        kept: dict[str, Any] = {"section": section.id if section else None}
        if question is not None:
            kept |= {
                "text": question.text,
                "key_area": question.key_area,
                "key": question.key,
                "section": question.section_id,
                "scale": question.scale,
                "guidance": question.guidance,
                "standard": question.standard.name if question.standard else "",
                "expected_level": question.expected_level,
                "is_core": question.is_core,
            }
        super().__init__(data=kept)
        self.section.choices = [(section.id, section.title) for section in tool.sections]
        self.scale.choices = [("", "Choose a scale")] + [
            (name, name) for name in sorted({response.scale for response in tool.responses})
        ]
        self.standard.choices = [("", "None")] + [(standard.name, standard.name) for standard in standards]

    def validate_key(self, field: Field) -> None:
        if not field.data:
            if not self.key_area.data:
                return  # the error is at the key area, which the key is made from
            field.data = key_from(self.key_area.data)
        if field.data != self._own_key and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", field.data):
            raise ValidationError("Use letters, digits, hyphens and underscores only, such as child_seen")

    def asked(self) -> Asked:
        """Return the values that were entered."""
        return Asked(
            key=self.key.data,
            key_area=self.key_area.data,
            text=self.text.data,
            scale=self.scale.data,
            guidance=self.guidance.data or None,
            standard=self.standard.data or None,
            expected_level=self.expected_level.data,
            is_core=bool(self.is_core.data),
        )


def key_from(key_area: str) -> str:
    """Make a key: "Child seen at point of core assessment" gives child_seen_at_point_of_core."""
    words = re.findall(r"[a-z0-9]+", key_area.lower().replace("’", "").replace("'", ""))
    return "_".join(words[:6])[:LONGEST_LABEL]


class StandardForm(FlaskForm):  # type: ignore[misc]
    """The form of a standard."""

    name = line("Name", needed="Enter the name")
    source = RadioField(
        "Where it comes from",
        [InputRequired("Choose where it comes from")],
        choices=[(source, source.capitalize()) for source in SOURCES],
    )
    text = lines("What it asks for", 1000)

    def __init__(self, standard: Standard | None = None) -> None:
        kept = {"name": standard.name, "source": standard.source, "text": standard.text} if standard else {}
        super().__init__(data=kept)
