"""The rules of what a tool asks for: numbers and days, conditions, the overall grade and its limits. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from app.files.faults import suggestion
from app.tools.conditions import Condition
from app.tools.content import DAYS, GRADE, MET, NOT_MET, RESPONSE, Asked, Content, Part, Scale
from app.tools.unsound import Place, Unsound

_OF_NUMBERS = ("met_up_to", "met_from")
_OF_DAYS = ("from_label", "to_label", "counted_in")
_MEETING, _AGENCIES = "the meeting of a case", "the audits of the agencies"


def question_faults(question: Asked, scale: Scale | None) -> Iterator[tuple[str, str, str | None]]:
    """Yield the faults of what a question asks for: the field, why (a clause), and its value."""
    yield from _of_responses(question) if question.answer == RESPONSE else _of_a_number(question)
    if scale is None:
        return
    if question.expected_level is not None and not (scale.counting_as(MET) or scale.counting_as(NOT_MET)):
        yield "expected_level", "is not for a question without met and not met", str(question.expected_level)
    if question.expected_level is not None and question.at_most is not None:
        why = "cannot be given twice: either at least (expected_level) or no more than (at_most)"
        yield "at_most", why, None
    for name, said in (("at_most", question.at_most), ("calls_for_response", question.calls_for_response)):
        if said is None:
            continue
        if question.answer != RESPONSE or scale.several:
            yield name, "is only for a question that is answered by one response of a scale", None
        else:
            yield from ((name, why, value) for why, value in _unknown(said.responses, scale))


def _of_responses(question: Asked) -> Iterator[tuple[str, str, str | None]]:
    for name in (*_OF_NUMBERS, *_OF_DAYS, "unit"):
        if getattr(question, name) is not None:
            yield name, "is only for a question that asks for a number or days", None


def _of_a_number(question: Asked) -> Iterator[tuple[str, str, str | None]]:
    asks_days = question.answer == DAYS
    if question.scale is not None:
        yield "scale", "is not for a question that asks for a number or days", question.scale
    if question.met_up_to is not None and question.met_from is not None:
        yield "met_from", "cannot be given twice: either met_up_to or met_from", None
    for name in _OF_DAYS:
        if asks_days is (getattr(question, name) is None):
            why = "is missing" if asks_days else "is only for a question that asks for days"
            yield name, why, None
    if asks_days and question.unit is not None:
        yield "unit", "is not for a question that asks for days", question.unit


def _unknown(responses: Sequence[str], scale: Scale) -> Iterator[tuple[str, str]]:
    """Yield why some responses do not answer a question of that scale, each with the response."""
    if not responses:
        yield "needs at least one response", ""
    for response in responses:
        if response not in scale.answers:
            yield (
                f"is not a response of the scale “{scale.name}”{suggestion(response, scale.answers)}",
                response,
            )


def condition_faults(content: Content) -> Iterator[Unsound]:
    """Yield what is wrong with the conditions: each names an earlier question with one response."""
    earlier: dict[str, Asked] = {}
    for number, section in enumerate(content.sections, start=1):
        place: Place = ("section", number)
        yield from _condition_fault(content, section, place, earlier)
        for position, question in enumerate(section.questions, start=1):
            yield from _condition_fault(content, question, (*place, "question", position), earlier)
            earlier[question.key] = question


def _condition_fault(
    content: Content, part: Part | Asked, place: Place, earlier: Mapping[str, Asked]
) -> Iterator[Unsound]:
    condition: Condition | None = part.applies_if
    if condition is None:
        return
    place = (*place, "applies_if")
    asked = earlier.get(condition.question)
    if asked is None:
        what = "an earlier section" if isinstance(part, Part) else "an earlier question"
        why = f"is not the key of {'a question of ' if isinstance(part, Part) else ''}{what}"
        yield Unsound(place, f"{why}{suggestion(condition.question, sorted(earlier))}", condition.question)
        return
    scale = content.scale_of(asked)
    if scale is None or not _decides(content, asked):
        why = "is not the key of a question that is answered by one response of a scale"
        yield Unsound(place, why, condition.question)
        return
    if not _asked_together(part, asked):
        # the one that decides is asked in the one kind of audit, what depends on it in the other
        where, elsewhere = (_MEETING, _AGENCIES) if asked.per_case else (_AGENCIES, _MEETING)
        what = "the section has a question" if isinstance(part, Part) else "this one is"
        why = f"is the key of a question that is asked in {where}, and {what} asked in {elsewhere}"
        yield Unsound(place, why, condition.question)
    for why, value in _unknown(condition.responses, scale):
        yield Unsound(place, why, value)


def overall_faults(content: Content) -> Iterator[Unsound]:
    """Yield what is wrong with the overall grade and its limits."""
    if content.overall is None:
        if content.limits:
            yield Unsound(("limit",), "needs an overall grade: name its question in [tool] as overall")
        return
    place: Place = ("tool", "overall")
    found = [
        (section, asked)
        for section in content.sections
        for asked in section.questions
        if asked.key == content.overall
    ]
    if not found:
        keys = [question.key for question in content.questions()]
        why = f"is not the key of a question{suggestion(content.overall, keys)}"
        yield Unsound(place, why, content.overall)
        return
    section, overall = found[0]
    scale = content.scale_of(overall)
    if content.kind_of(overall) != GRADE or scale is None:
        yield Unsound(place, "is not a question that asks for a grade", content.overall)
        return
    if not is_in_every_audit(section, overall):
        why = "must be asked in every audit, without a condition and in a section that is never set aside"
        yield Unsound(place, why, content.overall)
    yield from _limit_faults(content, scale)


def is_in_every_audit(section: Part, question: Asked) -> bool:
    """Return True for a question that every audit has to answer."""
    conditional = section.optional or section.applies_if or question.applies_if or question.per_case
    return not conditional


def can_be_overall(content: Content) -> list[Asked]:
    """Return the questions that can be the overall grade: a grade in every audit."""
    return [
        question
        for section in content.sections
        for question in section.questions
        if content.kind_of(question) == GRADE and is_in_every_audit(section, question)
    ]


def can_decide(content: Content, part: Part | Asked) -> list[Asked]:
    """Return the questions that can decide if a section or question applies: earlier, one response each."""
    earlier: list[Asked] = []
    for section in content.sections:
        if section == part:
            return earlier
        for question in section.questions:
            if question == part:
                return earlier
            if _decides(content, question) and _asked_together(part, question):
                earlier.append(question)
    return earlier


def _decides(content: Content, question: Asked) -> bool:
    scale = content.scale_of(question)
    return question.answer == RESPONSE and scale is not None and not scale.several


def _asked_together(part: Part | Asked, earlier: Asked) -> bool:
    """Return True where both are asked in the same audits: at the meeting of a case, or in all others."""
    questions = (part,) if isinstance(part, Asked) else part.questions
    return all(question.per_case == earlier.per_case for question in questions)


def _limit_faults(content: Content, overall: Scale) -> Iterator[Unsound]:
    grades = {q.key: s for q in content.questions() if (s := content.scale_of(q)) and s.kind == GRADE}
    for number, limit in enumerate(content.limits, start=1):
        here: Place = ("limit", number)
        if not limit.if_any:
            yield Unsound((*here, "if_any"), "needs at least one grade")
        for key in limit.of:
            if key == content.overall:
                yield Unsound((*here, "of"), "is the overall grade itself", key)
            elif key not in grades:
                why = f"is not the key of a question that asks for a grade{suggestion(key, sorted(grades))}"
                yield Unsound((*here, "of"), why, key)
        asked = [grades[key] for key in limit.of or grades if key in grades]
        known = dict.fromkeys(response for scale in asked for response in scale.answers)
        for response in limit.if_any:
            if response not in known:
                why = f"is not one of the grades{suggestion(response, known)}"
                yield Unsound((*here, "if_any"), why, response)
        for why, value in _unknown([limit.at_most], overall):
            yield Unsound((*here, "at_most"), why, value)
