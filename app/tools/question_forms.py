"""The forms of a question: read and checked here, carried out by the moves."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from app.moves.fields import (
    AmountField,
    ChoiceField,
    LineField,
    NumberField,
    RadiosField,
    TicksField,
    WordsField,
    no_choice,
)
from app.moves.forms import MoveForm
from app.tools.content import (
    CALENDAR,
    CATEGORY,
    DAYS,
    DAYS_TO_RESPOND,
    MOST,
    NUMBER,
    RESPONSE,
    WORKING,
    Asked,
    CallsForResponse,
    Ceiling,
    Content,
)
from app.tools.draft_parts import own_scales
from app.tools.forms import LONGEST_LABEL, key_from, refuse_key
from app.tools.models import Question, Section, Standard, Tool

NO_LIMIT, UP_TO, FROM = "", "met_up_to", "met_from"


class QuestionForm(MoveForm):
    """The form of a question: its words, and what its answer is."""

    text = WordsField("Question", longest=1000)
    key_area = LineField("Key area")
    key = LineField("Key", has_names=True, longest=LONGEST_LABEL, needed=False)
    section = ChoiceField("Section", coerce=int, needed=False)
    scale = ChoiceField("Scale", named="a scale")
    unit = LineField(
        "What is counted (optional)", named="what is counted", longest=LONGEST_LABEL, needed=False
    )
    from_label = LineField("Name of the first date")
    to_label = LineField("Name of the second date")
    counted_in = RadiosField(
        "Which days count?",
        named="which days count",
        choices=[(CALENDAR, "All days"), (WORKING, "Working days only")],
    )
    limit = RadiosField(
        "When is it met?",
        named="when it is met",
        needed=False,
        choices=[
            (NO_LIMIT, "No limit: only the numbers are shown"),
            (UP_TO, "Up to the limit"),
            (FROM, "From the limit on"),
        ],
    )
    limit_at = AmountField("Limit", -MOST, MOST, needed=False)
    guidance = WordsField("Guidance", longest=10_000, needed=False)

    def __init__(
        self,
        tool: Tool,
        section: Section | None = None,
        question: Question | None = None,
        answer: str = RESPONSE,
    ) -> None:
        self._own_key, self._answer = question.key if question else None, answer
        kept: dict[str, Any] = {"section": section.id if section else None, "limit": NO_LIMIT}
        kept |= {"counted_in": WORKING if question is None else question.counted_in}
        if question is not None:
            kept |= {
                name: getattr(question, name)
                for name in ("text", "key_area", "key", "unit", "from_label", "to_label", "guidance")
            }
            limit = next((name for name in (UP_TO, FROM) if getattr(question, name) is not None), NO_LIMIT)
            kept |= {
                "section": question.section_id,
                "scale": question.scale if question.answer == RESPONSE else "",
                "limit": limit,
                "limit_at": getattr(question, limit) if limit else None,
            }
        super().__init__(data=kept)
        self.section.choices = [(section.id, section.title) for section in tool.sections]
        self.scale.choices = no_choice("Choose a scale", [(name, name) for name in sorted(own_scales(tool))])
        for name in _UNUSED[answer]:
            del self[name]

    def validate_key(self, field: Field) -> None:
        if not field.data:
            if not self.key_area.data:
                return  # the error is at the key area, which the key is made from
            field.data = key_from(self.key_area.data)
        refuse_key(field, self._own_key)

    def validate_limit_at(self, field: Field) -> None:
        if self.limit.data and field.data is None and not field.process_errors:
            raise ValidationError("Enter the limit")
        if not self.limit.data and field.data is not None:
            raise ValidationError("Select when it is met, or leave the limit empty")

    def values(self) -> dict[str, Any]:
        """Return the values that were entered."""
        entered: dict[str, Any] = {
            "key": self.key.data,
            "key_area": self.key_area.data,
            "text": self.text.data,
            "guidance": self.guidance.data or None,
            "answer": self._answer,
            UP_TO: None,
            FROM: None,
        }
        for name in ("scale", "unit", "from_label", "to_label", "counted_in"):
            entered[name] = (self[name].data or None) if name in self else None
        if self._answer != RESPONSE:
            entered |= {"at_most": None, "calls_for_response": None}
            if self.limit.data:
                entered[self.limit.data] = self.limit_at.data
        return entered

    def asked(self) -> Asked:
        """Return the question that was entered."""
        return Asked(**self.values())


_OF_DAYS = ("from_label", "to_label", "counted_in")
_UNUSED = {
    RESPONSE: ("unit", *_OF_DAYS, "limit", "limit_at"),
    NUMBER: ("scale", *_OF_DAYS),
    DAYS: ("scale", "unit"),
}


class FindingsForm(MoveForm):
    """The form of what findings and the report say of a question."""

    standard = ChoiceField("Standard it comes from", named="the standard", needed=False)
    theme = LineField("Theme (optional)", needed=False)
    recorded_in = LineField(
        "Where it must be recorded (optional)", named="where it must be recorded", needed=False
    )
    is_core = BooleanField("This is a core question: it means the same in every tool and version")
    per_case = BooleanField("The meeting of all agencies answers this question once for each case")

    def __init__(self, question: Question, standards: Sequence[Standard]) -> None:
        kept = {name: getattr(question, name) for name in ("theme", "recorded_in", "is_core", "per_case")}
        super().__init__(data=kept | {"standard": question.standard.name if question.standard else ""})
        self.standard.choices = no_choice("None", [(standard.name, standard.name) for standard in standards])

    def values(self) -> dict[str, Any]:
        """Return the values that were entered."""
        return {
            "standard": self.standard.data or None,
            "theme": self.theme.data or None,
            "recorded_in": self.recorded_in.data or None,
            "is_core": bool(self.is_core.data),
            "per_case": bool(self.per_case.data),
        }


class LevelForm(MoveForm):
    """The form of the level that the council expects, and of the responses that call for a response."""

    expected_level = NumberField(
        "At least this percentage met", 1, 100, named="the expected level", needed=False
    )
    percent = NumberField(
        "No more than this percentage", 0, 100, named="the highest percentage", needed=False
    )
    of = TicksField("Of these responses", named="the responses of the highest percentage", needed=False)
    calling = TicksField(
        "Responses that call for a response by the service",
        named="the responses that call for a response",
        needed=False,
    )
    working_days = NumberField("Working days to respond", 1, 250, needed=False)

    def __init__(self, content: Content, asked: Asked) -> None:
        scale = content.scale_of(asked)
        ceiling, call = asked.at_most, asked.calls_for_response
        super().__init__(
            data={
                "expected_level": asked.expected_level,
                "percent": ceiling.percent if ceiling else None,
                "of": list(ceiling.responses) if ceiling else [],
                "calling": list(call.responses) if call else [],
                "working_days": call.working_days if call else DAYS_TO_RESPOND,
            }
        )
        responses = scale.answers if scale else ()
        self.of.choices = self.calling.choices = [(response, response) for response in responses]
        if scale is not None and scale.kind == CATEGORY:
            del self.expected_level
        if not content.can_call_for_response(asked):
            for name in ("percent", "of", "calling", "working_days"):
                del self[name]

    def validate_percent(self, field: Field) -> None:
        if field.data is None and self.of.data:
            raise ValidationError("Enter the highest percentage of these responses")
        if field.data is not None and not self.of.data:
            raise ValidationError("Select the responses of the highest percentage")
        if field.data is not None and "expected_level" in self and self.expected_level.data is not None:
            raise ValidationError("Enter either the expected level or the highest percentage, not both")

    def validate_working_days(self, field: Field) -> None:
        if self.calling.data and field.data is None and not field.process_errors:
            raise ValidationError("Enter the working days to respond")

    def values(self) -> dict[str, Any]:
        """Return the values that were entered."""
        ceiling = call = None
        if "percent" in self and self.percent.data is not None:
            ceiling = Ceiling(tuple(self.of.data), self.percent.data)
        if "calling" in self and self.calling.data:
            call = CallsForResponse(tuple(self.calling.data), self.working_days.data)
        level = self.expected_level.data if "expected_level" in self else None
        return {"expected_level": level, "at_most": ceiling, "calls_for_response": call}
