"""The rules by which figures of two cycles may be compared, and the changes that forbid it. Pure.

Figures are comparable when the council has declared it of the two cycles, and when the question is the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.wording import listed

NOT_DECLARED = "not declared comparable"


@dataclass(frozen=True)
class Circumstances:
    """The theme and the selection of a cycle. None: not stated, or not known of a past cycle as published."""

    reference: str
    comparable_with: str | None = None
    theme: str | None = None
    selection: str | None = None
    population: int | None = None


@dataclass(frozen=True)
class AskedQuestion:
    """A question as one version of a tool asks it. `counts_as` is how each response of its scale counts."""

    key: str
    tool: str
    text: str
    is_core: bool
    counts_as: Mapping[str, str]
    is_check: bool = False
    """Asked by the small tool of a quick check, which repeats questions of another tool."""


def are_declared(first: Circumstances, second: Circumstances) -> bool:
    """True when one of the two cycles is declared comparable with the other."""
    return first.comparable_with == second.reference or second.comparable_with == first.reference


def is_same_question(first: AskedQuestion, second: AskedQuestion) -> bool:
    """True for the same key in versions of one tool, for a core question of the same key in any two tools,
    and for a question that a quick check asks again word for word."""
    if first.key != second.key:
        return False
    same_tool, core = first.tool == second.tool, first.is_core and second.is_core
    return same_tool or core or ((first.is_check or second.is_check) and _is_word_for_word(first, second))


def _is_word_for_word(first: AskedQuestion, second: AskedQuestion) -> bool:
    return first.text == second.text and first.counts_as == second.counts_as


def counts_alike(first: AskedQuestion, second: AskedQuestion) -> bool:
    """True unless a response that both scales have counts in another way, so the figures differ in
    meaning."""
    shared = first.counts_as.keys() & second.counts_as.keys()
    return all(first.counts_as[response] == second.counts_as[response] for response in shared)


def changed_question(before: AskedQuestion, after: AskedQuestion) -> list[str]:
    """Return the changes of a question from one cycle to a later one, in words."""
    changed = []
    if not is_same_question(before, after):
        changed.append("question from a different audit tool")
    if before.text != after.text:
        changed.append("question reworded")
    if not counts_alike(before, after):
        changed.append("responses are counted differently")
    return changed


def changed_circumstances(before: Circumstances, after: Circumstances) -> list[str]:
    """Return the changes of the cases from one cycle to a later one, in words; only what both state.

    The number of cases that a service works with always moves a little: a population counts as changed when
    it has grown or shrunk by more than a fifth.
    """
    changed = []
    if before.theme and after.theme and before.theme.casefold() != after.theme.casefold():
        changed.append(f"different theme ({before.theme}, then {after.theme})")
    if before.selection and after.selection and before.selection != after.selection:
        changed.append(f"cases chosen differently ({before.selection}, then {after.selection})")
    if (
        before.population
        and after.population
        and 5 * abs(after.population - before.population) > before.population
    ):
        changed.append(
            f"different number of cases to choose from ({before.population:,}, then {after.population:,})"
        )
    return changed


def why_not_comparable(before: Circumstances, after: Circumstances) -> str | None:
    """Return why these cycles are shown without differences, a sentence; None when they are comparable."""
    if are_declared(before, after):
        return None
    return f"Not comparable: {listed([*changed_circumstances(before, after), NOT_DECLARED])}."


def why_no_change(before: AskedQuestion, after: AskedQuestion) -> str | None:
    """Return why a question of two comparable cycles has no difference; None when it may have one."""
    return None if counts_alike(before, after) else "Not comparable: responses are counted differently"
