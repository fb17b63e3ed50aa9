"""The forms of tools: read and checked here, carried out by the moves."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from app.moves.fields import ChoiceField, LineField, NumberField, RadiosField, WordsField, tidy
from app.moves.forms import MoveForm
from app.names import folded
from app.tools.content import CATEGORY, EVIDENCE, EXCLUDED, MET, NOT_MET, SOURCES, Asked, Scale, kind_of
from app.tools.draft_parts import own_scales
from app.tools.drafting import Details
from app.tools.models import Question, Section, Standard, Tool
from app.wording import capitalised

LONGEST_LABEL = 80


class _Reference(MoveForm):
    reference = LineField("Reference", longest=LONGEST_LABEL)


class DetailsForm(MoveForm):
    """The form of a version's details beside its scales and questions."""

    title = LineField("Title")
    minimum_answered = NumberField("Minimum percentage of audits answered", 0, 100)
    minimum_count = NumberField("Minimum number of answers", 0, 1_000_000)

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


class NewToolForm(_Reference, DetailsForm):
    """The form of a new tool."""


class SectionForm(MoveForm):
    """The form of a section."""

    title = LineField("Title of the section")


class ScaleForm(MoveForm):
    """The form of a scale: its responses, one a line, by how they count, the best first."""

    name = LineField("Name of the scale", longest=LONGEST_LABEL)
    met = WordsField("Responses that count as met", named="at least one response", needed=False)
    not_met = WordsField("Responses that count as not met", needed=False)
    excluded = WordsField("Responses that are left out of the figure", needed=False)

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
                raise ValidationError(f"Response must be {LONGEST_LABEL} characters or fewer")
        labels = [folded(response) for response, _ in self._all()]
        twice = next((response for response, _ in self._all() if labels.count(folded(response)) > 1), None)
        if twice:
            raise ValidationError(f"Response “{twice}” must be in the list only once")

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
        kind = kind_of(self._all())
        entered = Scale(self.name.data, self._all(), EVIDENCE if kind == CATEGORY else kind)
        if self._kept and sorted(entered.responses) == sorted(self._kept.responses):
            ways = (MET, NOT_MET, EXCLUDED)
            if all(entered.counting_as(way) == self._kept.counting_as(way) for way in ways):
                return replace(entered, responses=self._kept.responses)
        return entered


class QuestionForm(MoveForm):
    """The form of a question."""

    text = WordsField("Question", longest=1000)
    key_area = LineField("Key area")
    key = LineField("Key", longest=LONGEST_LABEL, needed=False)
    section = ChoiceField("Section", coerce=int, needed=False)
    scale = ChoiceField("Scale", named="a scale")
    guidance = WordsField("Guidance", longest=10_000, needed=False)
    standard = ChoiceField("Standard it comes from", named="the standard", needed=False)
    expected_level = NumberField("Expected level (%)", 1, 100, named="the expected level", needed=False)
    is_core = BooleanField("This is a core question: it means the same in every tool and version")

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
        self.scale.choices = [("", "Choose a scale")] + [(name, name) for name in sorted(own_scales(tool))]
        self.standard.choices = [("", "None")] + [(standard.name, standard.name) for standard in standards]

    def validate_key(self, field: Field) -> None:
        if not field.data:
            if not self.key_area.data:
                return  # the error is at the key area, which the key is made from
            field.data = key_from(self.key_area.data)
        if field.data != self._own_key and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", field.data):
            raise ValidationError(
                "Key can only have letters, digits, hyphens and underscores, such as child_seen"
            )

    def asked(self) -> Asked:
        """Return the values that were entered."""
        return Asked(
            key=self.key.data,
            key_area=self.key_area.data,
            text=self.text.data,
            scale=self.scale.data or None,
            guidance=self.guidance.data or None,
            standard=self.standard.data or None,
            expected_level=self.expected_level.data,
            is_core=bool(self.is_core.data),
        )


def key_from(key_area: str) -> str:
    """Make a key: "Child seen at point of core assessment" gives child_seen_at_point_of_core."""
    words = re.findall(r"[a-z0-9]+", key_area.lower().replace("’", "").replace("'", ""))
    return "_".join(words[:6])[:LONGEST_LABEL]


class StandardForm(MoveForm):
    """The form of a standard."""

    name = LineField("Name")
    source = RadiosField(
        "Where does it come from?",
        named="where the standard comes from",
        choices=[(source, capitalised(source)) for source in SOURCES],
    )
    text = WordsField("What does it ask for?", named="what it asks for", longest=1000, needed=False)

    def __init__(self, standard: Standard | None = None) -> None:
        kept = {"name": standard.name, "source": standard.source, "text": standard.text} if standard else {}
        super().__init__(data=kept)
