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
from app.tools.content import MET, NOT_MET, Asked, Content, Scale

Place = tuple[str | int, ...]
"""The place of a fault in a file: "section", 2, "question", 1, "key"."""

TAKEN_WORDS = frozenset({"new", "standards"})
"""References that have another meaning in an address."""


@dataclass(frozen=True)
class Unsound:
    """A reason not to publish. `why` is a clause such as "has no questions"."""

    place: Place
    why: str
    value: str | None = None

    def __str__(self) -> str:
        """Return a sentence for the writer of the tool: "Section 2 has no questions"."""
        match self.place:
            case ("scales",) | ("section",):
                return f"The list of {'scales' if self.place[0] == 'scales' else 'sections'} {self.why}"
            case ("scales", name, *response):
                subject = f"Scale “{name}”" + "".join(f", response “{label}”," for label in response)
            case ("section", number):
                subject = f"Section {number}"
            case ("section", number, "question", position, name):
                subject = f"Section {number}, question {position}: the {name} “{self.value}”"
            case (*_, name):
                subject = f"The {name} “{self.value}”"
        return f"{subject} {self.why}"


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
    if not content.scales:
        yield Unsound(("scales",), "is empty")
    for scale in content.scales:
        if not scale.name.strip():
            yield Unsound(("scales",), "has a scale without a name")
        if not all(response.strip() for response, _ in scale.responses):
            yield Unsound(("scales", scale.name), "has a response without a name")
        if not (scale.counting_as(MET) or scale.counting_as(NOT_MET)):
            yield Unsound(("scales", scale.name), "needs a response that counts as met or not met")
        for response, times in Counter(folded(response) for response, _ in scale.responses).items():
            if times > 1:
                place = ("scales", scale.name, response)
                yield Unsound(place, "is there twice, in another spelling")


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
            if scales and question.scale not in scales:
                why = f"is not one of the scales{suggestion(question.scale, sorted(scales))}"
                yield Unsound((*place, "scale"), why, question.scale)


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
            scale = content.scale(question.scale)
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
        elif not counts_alike(scale, other.scale):
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
