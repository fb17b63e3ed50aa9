"""The rules by which a version of a tool can be published, the same for an imported one and a draft. Pure.

A core question keeps its meaning: with the same key in another tool, and in every later version of its own,
the key area is the same and responses count the same, so that its figures can be put side by side.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.files.faults import suggestion
from app.names import folded
from app.tools.asking import condition_faults, overall_faults, question_faults
from app.tools.content import (
    CATEGORY,
    GRADE,
    MET,
    NEITHER,
    NOT_MET,
    NUMBER_SCALES,
    RESPONSE,
    Asked,
    Content,
    Part,
    Scale,
)
from app.tools.unsound import Unsound

TAKEN_WORDS = frozenset({"new", "standards"})
"""References that have another meaning in an address."""


@dataclass(frozen=True)
class Elsewhere:
    """A question of a published version, and its scale."""

    reference: str
    version: int
    question: Asked
    scale: Scale


def unsound(content: Content, elsewhere: Iterable[Elsewhere] = ()) -> list[Unsound]:
    """Return the reasons why a version cannot be published, in its order; empty when it can be."""
    return [
        *_reference_faults(content),
        *_scale_faults(content),
        *_section_faults(content),
        *condition_faults(content),
        *overall_faults(content),
        *_core_clashes(content, elsewhere),
    ]


def refuse_reference(reference: str) -> str | None:
    """Return why this cannot be a reference, which is part of addresses, as a clause; None if it can."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", reference):
        return "can only have letters, digits, dots and hyphens"
    if reference.lower() in TAKEN_WORDS:
        return f"must not be “{reference}”, which the service uses for something else"
    return None


def in_sentences(lines: Sequence[str]) -> str:
    """Return several reasons in one text, each with a full stop; one reason as it is."""
    return lines[0] if len(lines) == 1 else " ".join(f"{line.removesuffix('.')}." for line in lines)


def _reference_faults(content: Content) -> Iterator[Unsound]:
    if why := refuse_reference(content.reference):
        yield Unsound(("tool", "reference"), why, content.reference)


def _scale_faults(content: Content) -> Iterator[Unsound]:
    asked = list(content.questions())
    if not content.scales and not (asked and all(question.number_scale for question in asked)):
        yield Unsound(("scales",), "is empty")
    for scale in content.scales:
        if not scale.name.strip():
            yield Unsound(("scales",), "has a scale without a name")
        if not all(response.strip() for response, _ in scale.responses):
            yield Unsound(("scales", scale.name), "has a response without a name")
        if why := _kind_fault(scale):
            yield Unsound(("scales", scale.name), why)
        for response, times in Counter(folded(response) for response, _ in scale.responses).items():
            if times > 1:
                place = ("scales", scale.name, response)
                yield Unsound(place, "is there twice, in another spelling")


def _kind_fault(scale: Scale) -> str | None:
    """Return why the responses of a scale do not fit its kind, as a clause; None when they do."""
    if scale.name in {other.name for other in NUMBER_SCALES}:
        return "needs another name, because the service uses this one for numbers"
    has_figure = bool(scale.counting_as(MET) or scale.counting_as(NOT_MET))
    if scale.several and any(";" in response for response, _ in scale.responses):
        return "cannot have a semicolon in a response: files separate several responses by it"
    if scale.kind == CATEGORY:
        if has_figure:
            return "is a category, so no response can count as met or not met"
        return None if scale.counting_as(NEITHER) else "needs a response that is not left out"
    if scale.several:
        return "can only have several responses to an answer if its kind is category"
    if scale.counting_as(NEITHER):
        return "must say of each response if it counts as met, not met or excluded"
    if not has_figure:
        return "needs a response that counts as met or not met"
    if scale.kind == GRADE and len(scale.answers) < 2:
        return "needs at least 2 grades"
    return None


def _section_faults(content: Content) -> Iterator[Unsound]:
    if not content.sections:
        yield Unsound(("section",), "is empty")
    scales = {scale.name for scale in content.scales}
    first_places: dict[str, tuple[str, str]] = {}
    for number, section in enumerate(content.sections, start=1):
        if not section.questions:
            yield Unsound(("section", number), "has no questions")
        for position, question in enumerate(section.questions, start=1):
            here = f"section {number}, question {position}"
            first, known = first_places.setdefault(folded(question.key), (here, question.key))
            place = ("section", number, "question", position)
            if first != here:
                why = f"is also the key of {first}{in_other_writing(question.key, known)}"
                yield Unsound((*place, "key"), why, question.key)
            if question.answer == RESPONSE and scales and question.scale not in scales:
                why = f"is not one of the scales{suggestion(question.scale or '', sorted(scales))}"
                yield Unsound((*place, "scale"), why, question.scale)
            for name, why, value in question_faults(question, content.scale_of(question)):
                yield Unsound((*place, name), why, value)
    yield from _section_keys(content.sections)


def _section_keys(sections: Sequence[Part]) -> Iterator[Unsound]:
    keys = Counter(folded(section.key) for section in sections if section.key)
    for number, section in enumerate(sections, start=1):
        if section.optional and not section.key:
            yield Unsound(("section", number), "is optional, so it needs a key")
        if section.key and keys[folded(section.key)] > 1:
            yield Unsound(("section", number, "key"), "is the key of 2 sections", section.key)


def in_other_writing(one: str, other: str) -> str:
    """Return the words to add if two names that count as the same are not written alike."""
    return "" if one == other else ", in another spelling"


def one_sided(scale: Scale) -> str | None:
    """Return a warning about a scale with responses of one kind only; None if its figures can differ.

    A file may have one, so this is only a warning to the writer of a draft.
    """
    match bool(scale.counting_as(MET)), bool(scale.counting_as(NOT_MET)):
        case True, False:
            return "No response counts as not met, so every figure will be 100%"
        case False, True:
            return "No response counts as met, so every figure will be 0%"
    return None


def _core_clashes(content: Content, elsewhere: Iterable[Elsewhere]) -> Iterator[Unsound]:
    by_key: dict[str, list[Elsewhere]] = {}
    for other in elsewhere:
        if (other.reference, other.version) != (content.reference, content.version):
            by_key.setdefault(other.question.key, []).append(other)
    for number, section in enumerate(content.sections, start=1):
        for position, question in enumerate(section.questions, start=1):
            scale = content.scale_of(question)
            if scale and (why := _clash(content, question, scale, by_key.get(question.key, ()))):
                yield Unsound(("section", number, "question", position, "key"), why, question.key)


def _clash(content: Content, question: Asked, scale: Scale, others: Iterable[Elsewhere]) -> str | None:
    """Return why a question does not mean what a core question of the same key means elsewhere."""
    for other in others:
        # a question that was not core in an earlier version of the same tool was free to change
        is_core = other.question.is_core or (question.is_core and other.reference != content.reference)
        if not is_core:
            continue
        if folded(other.question.key_area) != folded(question.key_area):
            difference = f"its key area there is “{other.question.key_area}”"
        elif question.answer != other.question.answer or not counts_alike(scale, other.scale):
            difference = "its responses count differently there"
        else:
            continue
        where = f"{other.reference} version {other.version}"
        return f"is a core question, so it must be the same in {where}, but {difference}. Enter another key."
    return None


def counts_alike(one: Scale, other: Scale) -> bool:
    """Return True when figures from both scales mean the same, as when a grade only got a new name.

    Both have as many responses that are met and not met, and no response of both counts differently.
    """
    if any(len(one.counting_as(way)) != len(other.counting_as(way)) for way in (MET, NOT_MET)):
        return False
    there = {folded(response): counts_as for response, counts_as in other.responses}
    return all(there.get(folded(response), counts_as) == counts_as for response, counts_as in one.responses)
