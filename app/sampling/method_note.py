"""The sentences of the report about how cases were chosen. Pure: facts in, sentences out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.audits.selection import Selection, is_left_to_chance
from app.small_numbers import is_small
from app.wording import counted, in_words, were

BY_HAND = (
    "The cases were chosen by people, not by chance. The figures describe these cases only, not all cases, "
    "so they have no interval."
)

NOT_STATED = "How the cases were chosen is not stated"
"""The first words of the sentence where nothing else is known of it."""

BY_TEAM = "By team: "
"""The first words of the sentence with the numbers of each team."""


@dataclass(frozen=True)
class DrawFacts:
    """The draw that holds for a cycle.

    `listed` and `drawn` are numbers of cases by team, as first drawn; `replaced` and `left_out` count, by
    reason, the drawn cases that got a stand-in and those that got none. `before` is the number of earlier
    draws that were set aside.
    """

    method: Selection
    seed: int
    drawn_on: date
    listed: Mapping[str, int]
    drawn: Mapping[str, int]
    replaced: Mapping[str, int]
    left_out: Mapping[str, int]
    before: int = 0
    requested_otherwise: int = 0
    """Audits of cases that are not in the draw."""


@dataclass(frozen=True)
class MethodFacts:
    """The way the cases of a cycle were chosen, as stated, and the draw if there is one.

    `hide_up_to` is the cycle's setting for small numbers: a breakdown hides counts from 1 to this.
    """

    method: Selection | None
    population: int | None
    hide_up_to: int
    draw: DrawFacts | None = None


def method_note(facts: MethodFacts) -> list[str]:
    """Return the sentences about how cases were chosen, in a report's order, never with a case number."""
    draw = facts.draw
    if draw is None:
        return _stated(facts)
    lines = [_how(draw), *_list_of(facts, draw)]
    if len(draw.listed) > 1:
        lines.append(_by_team(draw, facts.hide_up_to))
    if draw.method is Selection.STRATIFIED and (number := without_a_case(draw.listed, draw.drawn)):
        lines.append(
            f"No case was drawn from {number} of {len(draw.listed)} teams, because there were more teams "
            "than cases to draw."
        )
    if draw.method is Selection.STRATIFIED and _over_represented(draw):
        lines.append("Every small team has at least 1 case, so small teams count for more than their share.")
    lines += _replacements(draw)
    if number := draw.requested_otherwise:
        lines.append(
            f"{counted(number, 'audit')} {were(number)} requested for cases that were not drawn. "
            f"{'Its' if number == 1 else 'Their'} answers count in the figures."
        )
    if draw.before:
        lines.append(
            f"{counted(draw.before, 'earlier draw')} for this cycle {were(draw.before)} set aside "
            "before any audit was requested."
        )
    return lines + _caution(draw.method)


def _stated(facts: MethodFacts) -> list[str]:
    """Return the sentences for a cycle without a draw."""
    sentences = {
        None: f"{NOT_STATED}, so it is not known if the figures apply to other cases.",
        Selection.RANDOM: "The cases were drawn at random.",
        Selection.STRATIFIED: "The cases were drawn at random within each team.",
        Selection.HAND_PICKED: "The cases were hand-picked.",
        Selection.WHOLE_POPULATION: "All cases on the theme were selected for audit.",
    }
    lines = [sentences[facts.method]]
    if facts.population and facts.method is not Selection.WHOLE_POPULATION:
        lines.append(f"There were {counted(facts.population, 'case')} to choose from.")
    elif facts.population:
        lines.append(f"There were {counted(facts.population, 'case')}.")
    return lines + _caution(facts.method)


def _how(draw: DrawFacts) -> str:
    listed, drawn = sum(draw.listed.values()), sum(draw.drawn.values())
    on = in_words(draw.drawn_on)
    repeatable = f"The draw can be repeated with the seed {draw.seed}."
    match draw.method:
        case Selection.RANDOM:
            return f"{drawn} of {counted(listed, 'case')} were drawn at random on {on}. {repeatable}"
        case Selection.STRATIFIED:
            return (
                f"{drawn} of {counted(listed, 'case')} were drawn at random on {on}, from each team in "
                f"proportion to its cases. {repeatable}"
            )
        case Selection.HAND_PICKED:
            return f"{counted(listed, 'case')} {were(listed)} hand-picked on {on}."
        case Selection.WHOLE_POPULATION:
            return f"All cases were selected for audit: {counted(listed, 'case')}, listed on {on}."


def _list_of(facts: MethodFacts, draw: DrawFacts) -> list[str]:
    if not is_left_to_chance(draw.method):
        return []
    if facts.population == sum(draw.listed.values()):
        return ["The list included every case that could have been chosen."]
    return ["It is not stated if the list included every case that could have been chosen."]


def _by_team(draw: DrawFacts, hide_up_to: int) -> str:
    """Return the sentence with the numbers by team; without numbers if one is small enough to be hidden."""
    sampled = is_left_to_chance(draw.method)
    numbers = [*draw.listed.values(), *(draw.drawn.values() if sampled else ())]
    if any(is_small(number, hide_up_to) for number in numbers):
        return (
            f"The cases belong to {len(draw.listed)} teams. Counts for each team are hidden to protect "
            "privacy, because some are small."
        )
    if sampled:
        each = (f"{team} {draw.drawn.get(team, 0)} of {has:,}" for team, has in draw.listed.items())
    else:
        each = (f"{team} {has:,}" for team, has in draw.listed.items())
    return f"{BY_TEAM}{', '.join(each)}."


def without_a_case(listed: Mapping[str, int], drawn: Mapping[str, int]) -> int:
    """Count the teams of the list from which no case was drawn.

    A stratified draw leaves one out only when it draws fewer cases than there are teams.
    """
    return sum(not drawn.get(team) for team in listed)


def _over_represented(draw: DrawFacts) -> bool:
    """Return True when a team got a case although its exact share was below one."""
    listed, drawn = sum(draw.listed.values()), sum(draw.drawn.values())
    return drawn >= len(draw.listed) and any(has * drawn < listed for has in draw.listed.values())


def _replacements(draw: DrawFacts) -> list[str]:
    lines = []
    if number := sum(draw.replaced.values()):
        whom = "the next case in the draw"
        if draw.method is Selection.STRATIFIED:
            whom = "the next case of the same team"
        lines.append(
            f"{counted(number, 'drawn case')} could not be audited and {were(number)} replaced by {whom}: "
            f"{_reasons(draw.replaced)}."
        )
    if number := sum(draw.left_out.values()):
        lines.append(
            f"{counted(number, 'case')} could not be audited and {were(number)} not replaced: "
            f"{_reasons(draw.left_out)}."
        )
    return lines


def _caution(method: Selection | None) -> list[str]:
    if method is Selection.HAND_PICKED:
        return [BY_HAND]
    if method is Selection.WHOLE_POPULATION:
        return ["No sample was drawn, so the figures have no interval."]
    return []


def _reasons(why: Mapping[str, int]) -> str:
    """Return reasons in words, the most frequent first: "case closed or transferred (2), audited recently
    (1)"."""
    ordered = sorted(why.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{reason} ({number})" for reason, number in ordered)
