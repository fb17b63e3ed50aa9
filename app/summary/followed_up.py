"""The outcome of the cycles of a summary: recommendations, actions, quick wins, re-audits. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence

from app.actions.lifecycle import ActionState, RecommendationState
from app.quick_wins.life import MOVED, NOT_MOVED
from app.reports.paper import Bullets, Part
from app.summary.facts import AgreedAction, Facts, MadeRecommendation
from app.summary.tables import Rows, Value, without_empty
from app.wording import capitalised, counted, listed, sentence

EFFECTS = {ActionState.CLOSED_EFFECTIVE: "effective", ActionState.CLOSED_NOT_EFFECTIVE: "not effective"}
"""The effect of an action whose impact was checked, in words."""

FIGURE_CHANGED = {MOVED: "yes", NOT_MOVED: "no"}


def in_short(facts: Facts) -> list[str]:
    """Return the main points: how many recommendations and actions there are in each state."""
    made = [one for _, one in _recommendations(facts)]
    actions = [action for _, action in _actions(facts)]
    if not made and not actions:
        return ["No recommendations or actions from these cycles are recorded in this service."]
    points = []
    if made:
        points.append(_by_state("recommendation", RecommendationState, (one.state for one in made)))
    if actions:
        overdue = sum(action.is_overdue for action in actions)
        said = _by_state("action", ActionState, (action.state for action in actions))
        points.append(f"{said} Overdue: {overdue:,}." if overdue else said)
    return points


def parts(facts: Facts) -> list[Rows]:
    """Return the recommendations and actions of each cycle: what waits for a decision, is overdue, had an
    effect. The main points say how many there are."""
    recommendations, actions = _recommendations(facts), _actions(facts)
    if not recommendations and not actions:
        return []
    waiting = [
        (one.text, one.reference, cycle)
        for cycle, one in recommendations
        if one.state is RecommendationState.AWAITING_DECISION
    ]
    checked = [
        (action.text, action.reference, cycle, EFFECTS[action.state], action.effect or "")
        for cycle, action in actions
        if action.state in EFFECTS
    ]
    overdue = [
        (action.text, action.reference, cycle, action.due_on)
        for cycle, action in actions
        if action.is_overdue
    ]
    tables = [
        Rows(
            "Awaiting decision",
            "Recommendations awaiting a decision",
            ("Recommendation", "Reference", "Cycle"),
            waiting,
        ),
        Rows("Overdue", "Actions that are overdue", ("Action", "Reference", "Cycle", "Due"), overdue),
        Rows(
            "Effect",
            "Actions whose effect was checked",
            *without_empty(("Action", "Reference", "Cycle", "Effect", "What the check found"), checked),
        ),
    ]
    return [
        *([_by_cycle(facts)] if len(facts.cycles) > 1 else []),
        *(table for table in tables if table.rows),
    ]


def audited_again(facts: Facts) -> list[Part]:
    """Return the cases of earlier cycles that these cycles audited again, in sentences."""
    said = []
    for one in facts.cycles:
        if again := one.findings.again:
            by_grade = [sentence(f"overall grade: {again.by_grade}")] if again.grades else []
            first, *others = again.sentences
            said.append(" ".join([f"{one.reference}:", first, *by_grade, *others]))
    return [Bullets(tuple(said))] if said else []


def quick_wins(facts: Facts) -> list[Rows]:
    """Return the quick wins, and whether the figure moved."""
    rows = [
        (
            win.subject,
            win.reference,
            one.reference,
            str(win.state),
            FIGURE_CHANGED.get(win.moved or "", "not known"),
        )
        for one in facts.cycles
        for win in one.quick_wins
    ]
    headings = ("Quick win", "Reference", "Cycle", "State", "Did the figure change?")
    return [Rows("Quick wins", "Quick wins and their figures", headings, rows)] if rows else []


def _by_cycle(facts: Facts) -> Rows:
    headings = (
        "Cycle",
        "Recommendations",
        "Awaiting decision",
        "Carried out",
        "Actions",
        "Overdue",
        *(capitalised(words) for words in EFFECTS.values()),
    )
    rows: list[Sequence[Value]] = []
    for one in facts.cycles:
        made = Counter(recommendation.state for recommendation in one.recommendations)
        states = Counter(action.state for action in one.actions)
        rows.append(
            (
                one.reference,
                len(one.recommendations),
                made[RecommendationState.AWAITING_DECISION],
                made[RecommendationState.CARRIED_OUT],
                len(one.actions),
                sum(action.is_overdue for action in one.actions),
                *(states[state] for state in EFFECTS),
            )
        )
    caption = "Recommendations and actions of each cycle"
    return Rows("Recommendations and actions", caption, headings, rows)


def _recommendations(facts: Facts) -> list[tuple[str, MadeRecommendation]]:
    return [(one.reference, made) for one in facts.cycles for made in one.recommendations]


def _actions(facts: Facts) -> list[tuple[str, AgreedAction]]:
    return [(one.reference, action) for one in facts.cycles for action in one.actions]


def _by_state(
    noun: str,
    states: type[ActionState] | type[RecommendationState],
    found: Iterable[ActionState | RecommendationState],
) -> str:
    """Return "7 actions: 6 closed effective and 1 closed not effective.", in the order of their life."""
    numbers = Counter(found)
    each = [f"{numbers[state]:,} {state}" for state in states if numbers[state]]
    return f"{counted(numbers.total(), noun)}: {listed(each)}."
