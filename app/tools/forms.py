"""The forms of a tool and its parts: read and checked here, carried out by the moves."""

import re
from dataclasses import replace
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from app.moves.fields import (
    ChoiceField,
    LineField,
    NumberField,
    RadiosField,
    TicksField,
    WordsField,
    no_choice,
    tidy,
)
from app.moves.forms import MoveForm
from app.names import folded
from app.tools.asking import can_be_overall
from app.tools.conditions import Condition
from app.tools.content import (
    CATEGORY,
    EXCLUDED,
    GRADE,
    MET,
    NEITHER,
    NOT_MET,
    SOURCES,
    UNIT,
    Asked,
    Content,
    Limit,
    Scale,
)
from app.tools.drafting import Details
from app.tools.models import Section, Standard, Tool
from app.wording import capitalised

LONGEST_LABEL = 80


class _Reference(MoveForm):
    reference = LineField("Reference", has_names=True, longest=LONGEST_LABEL)


class DetailsForm(MoveForm):
    """The form of a version's details beside its scales and questions."""

    title = LineField("Title")
    unit = LineField("What one audit examines", longest=LONGEST_LABEL, needed=False)
    minimum_answered = NumberField("Minimum percentage of audits answered", 0, 100)
    minimum_count = NumberField("Minimum number of answers", 0, 1_000_000)

    def __init__(self, tool: Tool | None = None) -> None:
        kept: dict[str, Any] = {"unit": UNIT, "minimum_answered": 80, "minimum_count": 10}
        if tool is not None:
            kept = {
                "title": tool.title,
                "unit": tool.unit or UNIT,
                "minimum_answered": round(tool.minimum_answered * 100),
                "minimum_count": tool.minimum_count,
            }
        super().__init__(data=kept)

    def details(self) -> Details:
        """Return the values that were entered."""
        return Details(
            self.title.data,
            (self.minimum_answered.data or 0) / 100,
            self.minimum_count.data or 0,
            self.unit.data or UNIT,
        )


class NewToolForm(_Reference, DetailsForm):
    """The form of a new tool."""


class TitleForm(MoveForm):
    """The form of a new section."""

    title = LineField("Title of the section")


class SectionForm(TitleForm):
    """The form of a section. An optional one has a key, made from its title where none is entered."""

    optional = BooleanField("Auditors can set this section aside for a case that it does not apply to")
    key = LineField("Key", has_names=True, longest=LONGEST_LABEL, needed=False)

    def __init__(self, section: Section) -> None:
        self._own_key = section.key
        kept = {"title": section.title, "optional": section.optional, "key": section.key}
        super().__init__(data=kept)

    def validate_key(self, field: Field) -> None:
        if self.optional.data and not field.data:
            field.data = key_from(self.title.data or "")
        refuse_key(field, self._own_key)

    def values(self) -> dict[str, Any]:
        """Return the values that were entered."""
        return {
            "title": self.title.data,
            "optional": bool(self.optional.data),
            "key": self.key.data or None,
        }


class ScaleForm(MoveForm):
    """The form of a scale of some kind: its responses, one a line, by how they count, the best first."""

    name = LineField("Name of the scale", has_names=True, longest=LONGEST_LABEL)
    met = WordsField("Responses that count as met", named="at least one response", needed=False)
    not_met = WordsField("Responses that count as not met", needed=False)
    neither = WordsField("Responses", named="at least one response", needed=False)
    excluded = WordsField("Responses that are left out of the figure", needed=False)
    several = BooleanField("An answer can hold more than one of these responses")

    def __init__(self, kind: str, scale: Scale | None = None) -> None:
        self._kind, self._kept = kind, scale
        super().__init__(data=_kept_scale(kind, scale) if scale else {})
        unused = ("met", "not_met") if kind == CATEGORY else ("neither", "several")
        for name in unused:
            del self[name]

    def validate_met(self, field: Field) -> None:
        self._refuse(field)

    def validate_neither(self, field: Field) -> None:
        self._refuse(field)

    def _refuse(self, _field: Field) -> None:
        counted = [response for response, counts_as in self._all() if counts_as != EXCLUDED]
        if not counted:
            raise ValidationError("Enter at least one response")
        if self._kind == GRADE and len(counted) < 2:
            raise ValidationError("Enter at least 2 grades")
        for response, _ in self._all():
            if len(response) > LONGEST_LABEL:
                raise ValidationError(f"Response must be {LONGEST_LABEL} characters or fewer")
        labels = [folded(response) for response, _ in self._all()]
        twice = next((response for response, _ in self._all() if labels.count(folded(response)) > 1), None)
        if twice:
            raise ValidationError(f"Response “{twice}” must be in the list only once")

    def _all(self) -> tuple[tuple[str, str], ...]:
        return tuple(
            (tidy(response), counts_as)
            for name, counts_as in _WAYS.items()
            if name in self
            for response in (self[name].data or "").split("\n")
            if response.strip()
        )

    def scale(self) -> Scale:
        """Return the scale that was entered; one that was not changed keeps its own order."""
        several = "several" in self and bool(self.several.data)
        entered = Scale(self.name.data, self._all(), self._kind, several)
        ways = _WAYS.values()
        if self._kept and all(entered.counting_as(way) == self._kept.counting_as(way) for way in ways):
            return replace(entered, responses=self._kept.responses)
        return entered


_WAYS = {"met": MET, "not_met": NOT_MET, "neither": NEITHER, "excluded": EXCLUDED}


def _kept_scale(kind: str, scale: Scale) -> dict[str, Any]:
    """Return what the form of a scale holds. Of a scale that had another kind, no response is lost."""
    by_field = {name: list(scale.counting_as(counts_as)) for name, counts_as in _WAYS.items()}
    if kind == CATEGORY:
        by_field["neither"] = list(scale.answers)
    else:
        by_field["met"] += by_field["neither"]
    responses = {name: "\n".join(responses) for name, responses in by_field.items()}
    return responses | {"name": scale.name, "several": scale.several}


class ConditionForm(MoveForm):
    """The form of the responses of an earlier question with which a question or section applies."""

    responses = TicksField("Responses", named="at least one response")

    def __init__(self, earlier: Asked, scale: Scale, kept: Condition | None) -> None:
        own = kept.responses if kept and kept.question == earlier.key else ()
        super().__init__(data={"responses": list(own)})
        self.responses.choices = [(response, response) for response in scale.answers]


class EndConditionForm(MoveForm):
    """The form of a section or question that applies to every case."""


class OverallForm(MoveForm):
    """The form of the question that is the overall grade."""

    overall = ChoiceField("Overall grade", needed=False)

    def __init__(self, content: Content) -> None:
        super().__init__(data={"overall": content.overall or ""})
        grades = [(question.key, question.key_area) for question in can_be_overall(content)]
        self.overall.choices = no_choice("None", grades)


class LimitForm(MoveForm):
    """The form of a limit of the overall grade."""

    if_any = TicksField("If any of these grades was given", named="at least one grade")
    of = TicksField("In these questions", named="the questions", needed=False)
    at_most = ChoiceField("The overall grade is at most", named="the highest grade")

    def __init__(self, content: Content) -> None:
        super().__init__()
        scales = {q: s for q in content.questions() if (s := content.scale_of(q)) and s.is_grade}
        grades = dict.fromkeys(response for scale in scales.values() for response in scale.answers)
        own = next((scale.answers for q, scale in scales.items() if q.key == content.overall), ())
        self.if_any.choices = [(grade, grade) for grade in grades]
        self.of.choices = [(q.key, q.key_area) for q in scales if q.key != content.overall]
        self.at_most.choices = no_choice("Choose a grade", [(grade, grade) for grade in own])

    def limit(self) -> Limit:
        """Return the limit that was entered."""
        return Limit(tuple(self.if_any.data), tuple(self.of.data or ()), self.at_most.data)


def refuse_key(field: Field, own: str | None) -> None:
    """Refuse a key that a file could not name, unless the part has it already."""
    if field.data and field.data != own and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", field.data):
        raise ValidationError(
            "Key can only have letters, digits, hyphens and underscores, such as child_seen"
        )


def key_from(key_area: str) -> str:
    """Make a key: "Child seen at point of core assessment" gives child_seen_at_point_of_core."""
    words = re.findall(r"[a-z0-9]+", key_area.lower().replace("’", "").replace("'", ""))
    return "_".join(words[:6])[:LONGEST_LABEL]


class StandardForm(MoveForm):
    """The form of a standard."""

    name = LineField(
        "Name",
        has_names=True,
    )
    source = RadiosField(
        "Where does it come from?",
        named="where the standard comes from",
        choices=[(source, capitalised(source)) for source in SOURCES],
    )
    text = WordsField("What does it ask for?", named="what it asks for", longest=1000, needed=False)

    def __init__(self, standard: Standard | None = None) -> None:
        kept = {"name": standard.name, "source": standard.source, "text": standard.text} if standard else {}
        super().__init__(data=kept)
