"""The words for what a version of a tool says of its scales, questions and sections. Pure."""

from app.tools.conditions import Condition
from app.tools.content import (
    CALENDAR,
    CATEGORY,
    DAYS,
    EVIDENCE,
    EXCLUDED,
    GRADE,
    MET,
    NEITHER,
    NOT_MET,
    RESPONSE,
    Asked,
    CallsForResponse,
    Ceiling,
    Content,
    Limit,
    Part,
    Scale,
)
from app.wording import capitalised, in_digits, listed, quoted, working_days

KINDS = {
    EVIDENCE: "evidence: found or not found",
    GRADE: "grade: from best to worst, with a reason for each answer",
    CATEGORY: "category: neither met nor not met",
}
"""The kinds of scales, with what each means."""

FIELDS = {
    "key": "key",
    "text": "wording",
    "key_area": "key area",
    "scale": "scale",
    "answer": "answer",
    "unit": "unit",
    "from_label": "name of the first date",
    "to_label": "name of the second date",
    "counted_in": "way to count the days",
    "met_up_to": "limit",
    "met_from": "limit",
    "guidance": "guidance",
    "standard": "standard",
    "expected_level": "expected level",
    "at_most": "expected level",
    "calls_for_response": "call for a response",
    "applies_if": "condition",
    "theme": "theme",
    "recorded_in": "place where it is recorded",
    "per_case": "question for the meeting",
    "is_core": "core",
}
"""The names of a question's fields, as the history, the changes of a version and refusals have them."""


_COUNTS = {MET: " (met)", NOT_MET: " (not met)", EXCLUDED: " (left out of the figure)", NEITHER: ""}


def responses_in_words(scale: Scale) -> list[str]:
    """Return the responses, each with how it counts: "yes (met)"; of a category alone: "home"."""
    return [response + _COUNTS[counts_as] for response, counts_as in scale.responses]


def scale_in_words(scale: Scale) -> str:
    """Return the same on one line: "yes (met), no (not met)"."""
    return ", ".join(responses_in_words(scale)) + (" (several in an answer)" if scale.several else "")


def asks(question: Asked) -> str:
    """Return what a question asks for: "the scale evidence", "a number of visits", "the working days
    from “referral” to “visit”"."""
    if question.answer == RESPONSE:
        return f"a response of the scale “{question.scale}”"
    if question.answer == DAYS:
        days = "days" if question.counted_in == CALENDAR else "working days"
        return f"the {days} from “{question.from_label}” to “{question.to_label}”"
    return f"a number of {question.unit}" if question.unit else "a number"


def limit_of(question: Asked) -> str | None:
    """Return the limit of a number: "met up to 10", "met from 3"."""
    said = (("up to", question.met_up_to), ("from", question.met_from))
    limits = [f"{words} {in_digits(number)}" for words, number in said if number is not None]
    return f"met {listed(limits)}" if limits else None


def ceiling_in_words(ceiling: Ceiling) -> str:
    """Return a ceiling: "no more than 10% “inadequate”"."""
    return f"no more than {ceiling.percent}% {quoted(ceiling.responses)}"


def level_of(question: Asked) -> str | None:
    """Return the level that the council expects: "at least 80% met", "no more than 10% “inadequate”"."""
    floor = None if question.expected_level is None else f"at least {question.expected_level}% met"
    ceiling = ceiling_in_words(question.at_most) if question.at_most else None
    return listed(filter(None, (floor, ceiling))) or None


def call_in_words(call: CallsForResponse) -> str:
    """Return what calls for a response: "“inadequate”, within 5 working days"."""
    return f"{quoted(call.responses)}, within {working_days(call.working_days)}"


def condition_in_words(condition: Condition, earlier: Asked | None = None) -> str:
    """Return a condition: "only if “Child seen” is “no” or “not known”".

    The question is named by its key area where `earlier` is given, else by its key.
    """
    name = f"“{earlier.key_area}”" if earlier else condition.question
    return f"only if {name} is {quoted(condition.responses)}"


def limit_in_words(limit: Limit, content: Content) -> str:
    """Return a limit of the overall grade: "with “inadequate” in any grade: at most “good”"."""
    asked = {key: content.question(key) for key in limit.of}
    names = [f"“{one.key_area}”" if one else key for key, one in asked.items()]
    of = listed(names, "or") if names else "any grade"
    return f"with {quoted(limit.if_any)} in {of}: at most “{limit.at_most}”"


def facts_of(question: Asked) -> dict[str, str | None]:
    """Return all that a question says, by the names of its fields, to compare it with what it said before."""
    call, condition = question.calls_for_response, question.applies_if
    return {
        "key": question.key,
        "wording": question.text,
        "key area": question.key_area,
        "scale": question.scale,
        "answer": None if question.answer == RESPONSE else asks(question),
        "limit": limit_of(question),
        "guidance": question.guidance,
        "standard": question.standard,
        "expected level": level_of(question),
        "call for a response": call_in_words(call) if call else None,
        "condition": condition_in_words(condition) if condition else None,
        "theme": question.theme,
        "place where it is recorded": question.recorded_in,
        "question for the meeting": _per_case(question),
        "core": "a core question" if question.is_core else "not a core question",
    }


def _per_case(question: Asked) -> str:
    return "asked at the meeting" if question.per_case else "asked in each audit"


def section_facts(section: Part) -> dict[str, str | None]:
    """Return what a section says beside its title and questions, by the names of its fields."""
    return {
        "key": section.key,
        "use": "may be set aside for a case" if section.optional else "for every case",
        "condition": condition_in_words(section.applies_if) if section.applies_if else None,
    }


def _condition(content: Content, condition: Condition) -> str:
    return condition_in_words(condition, content.question(condition.question))


def question_sentences(content: Content, question: Asked) -> list[str]:
    """Return what a page says of a question below its words, as sentences without full stops."""
    call, condition = question.calls_for_response, question.applies_if
    limit = limit_of(question)
    said = (
        f"Key area: {question.key_area}",
        f"Key: {question.key}",
        f"Scale: {question.scale}" if question.answer == RESPONSE else f"Asks for {asks(question)}",
        limit and capitalised(limit),
        condition and f"Applies {_condition(content, condition)}",
        question.per_case and "Asked at the meeting of all agencies only",
        question.standard and f"Standard: {question.standard}",
        (level := level_of(question)) and f"Expected level: {level}",
        call and f"Calls for a response: {call_in_words(call)}",
        question.theme and f"Theme: {question.theme}",
        question.recorded_in and f"Must be recorded in: {question.recorded_in}",
        "Core question" if question.is_core else None,
    )
    return [sentence for sentence in said if sentence]


def section_sentences(content: Content, section: Part) -> list[str]:
    """Return what a page says of a section below its title, as sentences without full stops."""
    condition = section.applies_if
    said = (
        condition and f"Applies {_condition(content, condition)}",
        "Auditors can set it aside for a case" if section.optional else None,
        f"Key: {section.key}" if section.key else None,
    )
    return [sentence for sentence in said if sentence]
