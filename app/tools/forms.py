"""The forms of tools: read and checked here, carried out by the moves."""

import re
from collections.abc import Sequence
from dataclasses import replace
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
    tidy,
)
from app.moves.forms import MoveForm
from app.names import folded
from app.tools.asking import can_be_overall
from app.tools.conditions import Condition
from app.tools.content import (
    CALENDAR,
    CATEGORY,
    DAYS,
    DAYS_TO_RESPOND,
    EXCLUDED,
    GRADE,
    MET,
    MOST,
    NEITHER,
    NOT_MET,
    NUMBER,
    RESPONSE,
    SOURCES,
    UNIT,
    WORKING,
    Asked,
    CallsForResponse,
    Ceiling,
    Content,
    Limit,
    Scale,
)
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
    key = LineField("Key", longest=LONGEST_LABEL, needed=False)

    def __init__(self, section: Section) -> None:
        self._own_key = section.key
        kept = {"title": section.title, "optional": section.optional, "key": section.key}
        super().__init__(data=kept)

    def validate_key(self, field: Field) -> None:
        if self.optional.data and not field.data:
            field.data = key_from(self.title.data or "")
        _refuse_key(field, self._own_key)

    def values(self) -> dict[str, Any]:
        """Return the values that were entered."""
        return {
            "title": self.title.data,
            "optional": bool(self.optional.data),
            "key": self.key.data or None,
        }


class ScaleForm(MoveForm):
    """The form of a scale of some kind: its responses, one a line, by how they count, the best first."""

    name = LineField("Name of the scale", longest=LONGEST_LABEL)
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


NO_LIMIT, UP_TO, FROM = "", "met_up_to", "met_from"


class QuestionForm(MoveForm):
    """The form of a question: its words, and what its answer is."""

    text = WordsField("Question", longest=1000)
    key_area = LineField("Key area")
    key = LineField("Key", longest=LONGEST_LABEL, needed=False)
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
        _refuse_key(field, self._own_key)

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

    def __init__(self, asked: Asked, scale: Scale | None) -> None:
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
        if asked.answer != RESPONSE or scale is None or scale.several:
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
        asked = [q for q in content.questions() if content.kind_of(q) == GRADE and q.key != content.overall]
        scales = [scale for q in content.questions() if (scale := content.scale_of(q)) and scale.is_grade]
        grades = dict.fromkeys(response for scale in scales for response in scale.answers)
        overall = content.question(content.overall)
        own = content.scale_of(overall) if overall else None
        self.if_any.choices = [(grade, grade) for grade in grades]
        self.of.choices = [(question.key, question.key_area) for question in asked]
        self.at_most.choices = no_choice("Choose a grade", [(g, g) for g in (own.answers if own else ())])

    def limit(self) -> Limit:
        """Return the limit that was entered."""
        return Limit(tuple(self.if_any.data), tuple(self.of.data or ()), self.at_most.data)


def _refuse_key(field: Field, own: str | None) -> None:
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
