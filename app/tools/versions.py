"""The changes from one version of a tool to the next, question by question. Pure.

A question is the same as long as it keeps its key. Comparisons go on when it is reworded; whether its figures
are still comparable is the coordinator's judgement.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.tools.content import Asked, Content, Part
from app.tools.saying import KINDS, facts_of, limit_in_words, scale_in_words, section_facts

JUDGE_COMPARISON = (
    "A reworded question keeps its key. A coordinator must decide if its figures can still be compared with "
    "those of the earlier version."
)


@dataclass(frozen=True)
class Change:
    """A change: of a question (by its key), or of the tool where `key` is None."""

    what: str
    key: str | None = None
    before: str | None = None
    after: str | None = None


def changes(before: Content, after: Content) -> list[Change]:
    """Return the changes: of the tool, its scales, its sections, its questions in the order of the form."""
    return [
        *_of_tool(before, after),
        *_of_scales(before, after),
        *_of_sections(before, after),
        *_of_questions(before, after),
    ]


def is_reworded(found: list[Change]) -> bool:
    """Return True when a question that stays is reworded."""
    return any(change.what == "reworded" for change in found)


def _of_tool(before: Content, after: Content) -> Iterator[Change]:
    rows = (
        ("title changed", before.title, after.title),
        ("unit changed", before.unit, after.unit),
        ("minimum share changed", f"{before.minimum_answered:.0%}", f"{after.minimum_answered:.0%}"),
        ("minimum number changed", str(before.minimum_count), str(after.minimum_count)),
        ("overall grade changed", before.overall, after.overall),
    )
    for what, old, new in rows:
        if old != new:
            yield Change(what, before=old, after=new)
    for limit in before.limits:
        if limit not in after.limits:
            yield Change("limit of the overall grade removed", before=limit_in_words(limit, before))
    for limit in after.limits:
        if limit not in before.limits:
            yield Change("limit of the overall grade added", after=limit_in_words(limit, after))


def _of_scales(before: Content, after: Content) -> Iterator[Change]:
    for scale in after.scales:
        old = before.scale(scale.name)
        if old is None:
            yield Change(f"scale “{scale.name}” added", after=scale_in_words(scale))
            continue
        if old.kind != scale.kind:
            what = f"kind of scale “{scale.name}” changed"
            yield Change(what, before=KINDS[old.kind], after=KINDS[scale.kind])
        if (old.responses, old.several) != (scale.responses, scale.several):
            what = f"scale “{scale.name}” changed"
            yield Change(what, before=scale_in_words(old), after=scale_in_words(scale))
    for scale in before.scales:
        if after.scale(scale.name) is None:
            yield Change(f"scale “{scale.name}” removed", before=scale_in_words(scale))


def _of_sections(before: Content, after: Content) -> Iterator[Change]:
    same = _same_sections(before, after)
    old = {part.title: part for part in before.sections}
    for part in after.sections:
        earlier = old.get(same[part.title] or "")
        facts = section_facts(earlier or Part(part.title, ()))
        for name, now in section_facts(part).items():
            if facts[name] != now:
                yield Change(f"section “{part.title}”: {name} changed", before=facts[name], after=now)


def _of_questions(before: Content, after: Content) -> Iterator[Change]:
    old = {question.key: (section, question) for section in before.sections for question in section.questions}
    moved = _moved(before, after)
    for section in after.sections:
        for question in section.questions:
            if question.key not in old:
                yield Change("added", question.key, after=question.text)
                continue
            yield from _of_question(old[question.key][1], question)
            if question.key in moved:
                yield Change("moved", question.key, old[question.key][0].title, section.title)
    kept = {question.key for question in after.questions()}
    for question in before.questions():
        if question.key not in kept:
            yield Change("removed", question.key, before=question.text)


_CALLED = {"wording": "reworded", "key area": "key area renamed"}


def _of_question(before: Asked, after: Asked) -> Iterator[Change]:
    now = facts_of(after)
    for name, old in facts_of(before).items():
        if old != now[name]:
            yield Change(_CALLED.get(name, f"{name} changed"), after.key, old, now[name])


def _moved(before: Content, after: Content) -> set[str]:
    """Return the keys of questions that are in another section now, or in another order."""
    renamed = _same_sections(before, after)
    section_before = {question.key: part.title for part in before.sections for question in part.questions}
    old, new = list(section_before), [question.key for question in after.questions()]
    both = set(old) & set(new)
    old, new = [key for key in old if key in both], [key for key in new if key in both]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    stayed = {key for block in matcher.get_matching_blocks() for key in new[block.b : block.b + block.size]}
    return {
        question.key
        for part in after.sections
        for question in part.questions
        if question.key in both
        and (question.key not in stayed or section_before[question.key] != renamed[part.title])
    }


def _same_sections(before: Content, after: Content) -> dict[str, str | None]:
    """Return the earlier title of each section of the later version, by its title.

    That is its own, else the title of a section that is gone and whose questions it has, else None.
    """
    gone = [part for part in before.sections if part.title not in {other.title for other in after.sections}]
    kept = {part.title for part in before.sections}
    return {
        part.title: part.title if part.title in kept else _most_like(part, gone) for part in after.sections
    }


def _most_like(part: Part, gone: list[Part]) -> str | None:
    keys = {question.key for question in part.questions}
    shared = [(len(keys & {question.key for question in other.questions}), other.title) for other in gone]
    number, title = max(shared, default=(0, ""))
    return title if number else None
