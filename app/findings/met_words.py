"""The words for what is met, by the kind of a question: "evidence found" is said of evidence alone. Pure."""

from collections.abc import Iterable, Sequence

from app.tools.content import CATEGORY, EVIDENCE, GRADE, MET, Scale
from app.wording import listed

FOUND = "evidence found"
WITHIN = "within the limit"
FEWER, AT_LEAST = "fewer than", "at least"
"""The two sides of a half."""


def met_words(kind: str, met_as: Sequence[str]) -> str:
    """Return "evidence found", "graded outstanding or good", "within the limit"; nothing for a category.

    `met_as` are the responses of a grade that count as met.
    """
    if kind == GRADE:
        return f"graded {listed(met_as, 'or')}" if met_as else "graded as met"
    return {EVIDENCE: FOUND, CATEGORY: ""}.get(kind, WITHIN)


def met_as(scale: Scale) -> tuple[str, ...]:
    """Return the responses of a grade that count as met, the best first; none of any other scale."""
    return scale.counting_as(MET) if scale.is_grade else ()


def in_so_many(words: str, so_many: str) -> str:
    """Return "found in 15 of 25 cases", "graded outstanding or good in 15 of 25 cases"."""
    return f"{words.removeprefix('evidence ')} in {so_many}"


def half_in_words(words: Iterable[str], how: str, cases: str) -> str:
    """Return what fewer than half of the cases are, or at least half, for key areas with these words.

    `cases` is "the cases", or "these cases" where nothing follows for others. Key areas of several kinds have
    their figures in common alone.
    """
    match sorted(set(words)):
        case [only] if only == FOUND:
            return f"evidence was found in {how} half of {cases}"
        case [only]:
            return f"{how} half of {cases} were {only}"
    return "the figure is below half" if how == FEWER else "the figure is half or more"
