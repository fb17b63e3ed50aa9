"""The rules by which a version of a tool can be published: the same rules for one that a file brings and for
a draft. Pure.

A core question keeps its meaning: wherever its key stands in another tool, and in every later version of its
own, the key area is the same and its responses count the same, so that its figures can be put side by side.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.files.faults import folded, nearest
from app.tools.content import MET, NOT_MET, Asked, Content, Scale

Place = tuple[str | int, ...]
"""The way to what is wrong, as a file has it: "section", 2, "question", 1, "key"."""

TAKEN_WORDS = frozenset({"new", "standards"})
"""Words that mean something else in an address."""


@dataclass(frozen=True)
class Unsound:
    """A reason not to publish. `why` is a clause such as "has no question"."""

    place: Place
    why: str
    value: str | None = None

    def __str__(self) -> str:
        """A sentence for whoever writes the tool: "Section 2 has no question"."""
        match self.place:
            case ("scales",) | ("section",):
                return f"The list of {'scales' if self.place[0] == 'scales' else 'sections'} {self.why}."
            case ("scales", name, *response):
                subject = f"Scale “{name}”" + "".join(f", response “{label}”," for label in response)
            case ("section", number):
                subject = f"Section {number}"
            case ("section", number, "question", position, name):
                subject = f"Section {number}, question {position}: the {name} “{self.value}”"
            case (*_, name):
                subject = f"The {name} “{self.value}”"
        return f"{subject} {self.why}."


@dataclass(frozen=True)
class Elsewhere:
    """A question of a published version, and its scale."""

    reference: str
    version: int
    question: Asked
    scale: Scale


def unsound(content: Content, elsewhere: Iterable[Elsewhere] = ()) -> list[Unsound]:
    """Return all that keeps a version from being published, in its order; empty when it can be."""
    return [
        *_reference_faults(content),
        *_scale_faults(content),
        *_section_faults(content),
        *_core_clashes(content, elsewhere),
    ]


def refuse_reference(reference: str) -> str | None:
    """Return why this cannot be a tool's reference, as a clause; None when it can: it stands in addresses."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", reference):
        return "is not a reference: use letters, digits, dots and hyphens only"
    if reference.lower() in TAKEN_WORDS:
        return "has another meaning here: choose another reference"
    return None


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
            yield Unsound(("scales", scale.name), "counts nothing: no response is met or not met")
        for response, times in Counter(folded(response) for response, _ in scale.responses).items():
            if times > 1:
                place = ("scales", scale.name, response)
                yield Unsound(place, "is there twice, in other letter case or spacing")


def _section_faults(content: Content) -> Iterator[Unsound]:
    if not content.sections:
        yield Unsound(("section",), "is empty")
    scales = {scale.name for scale in content.scales}
    first_places: dict[str, tuple[str, str]] = {}
    for number, section in enumerate(content.sections, start=1):
        if not section.questions:
            yield Unsound(("section", number), "has no question")
        for position, question in enumerate(section.questions, start=1):
            here = f"section {number}, question {position}"
            first, known = first_places.setdefault(folded(question.key), (here, question.key))
            place = ("section", number, "question", position)
            if first != here:
                why = f"is also the key of {first}{in_other_writing(question.key, known)}"
                yield Unsound((*place, "key"), why, question.key)
            if scales and question.scale not in scales:
                why = f"is not one of the scales; the nearest is {nearest(question.scale, scales)}"
                yield Unsound((*place, "scale"), why, question.scale)


def in_other_writing(one: str, other: str) -> str:
    """Return the words to add where two names that count as one are not written alike."""
    return "" if one == other else ", in other letter case or spacing"


def one_sided(scale: Scale) -> str | None:
    """Return why a scale tells nothing, as a sentence; None when its figures can be high and low. A file
    may have one, so this is a warning to whoever writes a draft."""
    match bool(scale.counting_as(MET)), bool(scale.counting_as(NOT_MET)):
        case True, False:
            return "No response counts as not met, so every figure will be 100%."
        case False, True:
            return "No response counts as met, so every figure will be 0%."
    return None


def _core_clashes(content: Content, elsewhere: Iterable[Elsewhere]) -> Iterator[Unsound]:
    others: dict[str, list[Elsewhere]] = {}
    for other in elsewhere:
        if (other.reference, other.version) != (content.reference, content.version):
            others.setdefault(other.question.key, []).append(other)
    for number, section in enumerate(content.sections, start=1):
        for position, question in enumerate(section.questions, start=1):
            scale = content.scale(question.scale)
            if scale and (why := _clash(content, question, scale, others.get(question.key, ()))):
                yield Unsound(("section", number, "question", position, "key"), why, question.key)


def _clash(content: Content, question: Asked, scale: Scale, others: Iterable[Elsewhere]) -> str | None:
    """Return why a question does not mean what a core question of the same key means elsewhere."""
    for other in others:
        # what was not core in an earlier version of the same tool was free to change
        is_core = other.question.is_core or (question.is_core and other.reference != content.reference)
        if not is_core:
            continue
        if folded(other.question.key_area) != folded(question.key_area):
            difference = f"the key area there is “{other.question.key_area}”"
        elif not counts_alike(scale, other.scale):
            difference = "the responses count differently there"
        else:
            continue
        where = f"{other.reference} version {other.version}"
        return f"is a core question and differs from {where} ({difference}); give it another key"
    return None


def counts_alike(one: Scale, other: Scale) -> bool:
    """Return True when figures from both scales mean the same: a grade that only got a new name still counts
    alike.

    As many responses are met and not met, and no response of both counts differently.
    """
    if any(len(one.counting_as(way)) != len(other.counting_as(way)) for way in (MET, NOT_MET)):
        return False
    there = {folded(response): counts_as for response, counts_as in other.responses}
    return all(there.get(folded(response), counts_as) == counts_as for response, counts_as in one.responses)
