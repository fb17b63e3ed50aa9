"""The sections on recommendations, actions and quick wins, and their outcome. Pure."""

from collections import Counter
from collections.abc import Collection, Sequence

from app.quick_wins.life import MOVED, NOT_MOVED, QuickWinState
from app.reports.composing import paragraph_of
from app.reports.facts import FollowUp, Material, ReportedAction, ReportedQuickWin, ReportedRecommendation
from app.reports.paper import Audience, Bullets, Paragraph, Part, Table
from app.wording import all_of, counted, have, in_words, listed

NO_OWNER, NO_DATE = "no owner", "no date"

MOST_NAMED = 10
"""Most key areas without an action or a reason that are named; more are only counted."""


def recommendations(
    follow_up: FollowUp, audience: Audience, *, told: Collection[ReportedRecommendation] = ()
) -> list[Part]:
    """Return the recommendations of a cycle, each with owner, date, deciding body and state, save those that
    are told elsewhere."""
    recommendations = [made for made in follow_up.recommendations if made not in told]
    if not recommendations:
        return []
    return [
        *paragraph_of(incomplete(recommendations)),
        Table(
            f"Recommendations from cycle {follow_up.cycle.reference}",
            ("Reference", "Recommendation", "Decided by", "Owner", "Due", "State"),
            tuple(
                (
                    recommendation.reference,
                    recommendation.text,
                    recommendation.body or "no body named",
                    owner(recommendation, audience),
                    in_words(recommendation.due_on) if recommendation.due_on else NO_DATE,
                    state_of(recommendation),
                )
                for recommendation in recommendations
            ),
        ),
    ]


def actions(follow_up: FollowUp, audience: Audience) -> list[Part]:
    """Return the actions of a cycle, each with owner, date and state."""
    actions = follow_up.actions
    if not actions:
        return []
    return [
        Table(
            f"Actions from cycle {follow_up.cycle.reference}",
            ("Reference", "Action", "Responds to", "Owner", "Due", "State"),
            tuple(
                (
                    action.reference,
                    action.text,
                    listed(finding for finding in (action.recommendation, action.key_area) if finding)
                    or "none named",
                    owner(action, audience),
                    in_words(action.due_on) if action.due_on else NO_DATE,
                    action_state(action),
                )
                for action in actions
            ),
        ),
    ]


def in_short(
    follow_up: FollowUp, audience: Audience, *, told: Collection[ReportedRecommendation]
) -> list[str]:
    """Return how far the recommendations and actions of a cycle have got, in sentences."""
    states = [made.state for made in follow_up.recommendations if made not in told]
    counts = [
        by_state("other recommendation" if told else "recommendation", states),
        by_state("action", [action.state for action in follow_up.actions]),
        counted(len(follow_up.quick_wins), "quick win") if follow_up.quick_wins else None,
    ]
    there = listed(filter(None, counts))
    late = overdue(follow_up.actions, audience) or ""
    return [f"This cycle has {there}."] * bool(there) + [late] * bool(late)


def by_state(noun: str, states: Sequence[str]) -> str | None:
    """Return "7 actions (6 closed effective and 1 in progress)", "2 actions (both agreed)"; None for none."""
    if not states:
        return None
    number, counts = len(states), Counter(str(state) for state in states)
    said = listed(f"{many:,} {state}" for state, many in counts.items())
    if len(counts) == 1:
        said = f"{'' if number == 1 else 'both ' if number == 2 else 'all '}{states[0]}"
    return f"{counted(number, noun)} ({said})"


def unanswered(material: Material) -> list[Part]:
    """Return the key areas that no action answers, with the reason where one was written."""
    if material.is_open or not material.findings.returns.returned:
        return []
    areas = [area for area in material.answered if not area.has_action]
    if not areas:
        return [Paragraph("Every key area has an action.")] if material.answered else []
    reasoned = tuple(f"{area.name}: {area.left_because}" for area in areas if area.left_because)
    blank = [area.name for area in areas if not area.left_because]
    parts: list[Part] = []
    if reasoned:
        number = counted(len(reasoned), "key area")
        parts += [Paragraph(f"{number} {have(len(reasoned))} no action, for a reason:"), Bullets(reasoned)]
    if blank:
        names = f": {listed(blank)}" if len(blank) <= MOST_NAMED else ""
        number = counted(len(blank), "other key area" if reasoned else "key area")
        parts.append(Paragraph(f"{number} {have(len(blank))} no action, and no one has said why{names}."))
    return parts


def quick_wins(follow_up: FollowUp) -> list[Part]:
    """Return the quick wins: their message, when it goes out, and what happened to the figure."""
    if not follow_up.quick_wins:
        return []
    return [Bullets(tuple(" ".join(_quick_win(win)) for win in follow_up.quick_wins))]


def what_became(material: Material, audience: Audience) -> list[Part]:
    """Return the outcome of the recommendations, actions and quick wins of the cycle before."""
    before = material.before
    if before is None:
        return []
    parts = [*recommendations(before, audience), *actions(before, audience)]
    if wins := quick_wins(before):
        parts += [Paragraph(f"Quick wins from cycle {before.cycle.reference}:"), *wins]
    return parts


def next_cycle(material: Material) -> list[Part]:
    """Return the cycle that comes after, if it has been set up."""
    after = material.next
    if after is None:
        return []
    reported = f" The reporting date is {in_words(after.meeting_on)}." if after.meeting_on else ""
    return [
        Paragraph(
            f"The next cycle is {after.name}. Its theme is {after.theme}. Its audits "
            f"{'were' if after.requested_on <= material.made_on else 'will be'} requested on "
            f"{in_words(after.requested_on)} and are due on {in_words(after.due_on)}.{reported}"
        )
    ]


def owner(owned: ReportedRecommendation | ReportedAction, audience: Audience) -> str:
    """Return the owner: name and job for the council, the job alone for others."""
    if owned.owner is None:
        return NO_OWNER
    if audience is Audience.COUNCIL:
        return f"{owned.owner}, {owned.owner_job}" if owned.owner_job else owned.owner
    return owned.owner_job or "named in the council's tracker"


def incomplete(recommendations: Sequence[ReportedRecommendation]) -> str | None:
    """Return the number of recommendations without an owner or a date, as a sentence."""
    number, of = (
        sum(1 for recommendation in recommendations if recommendation.is_incomplete),
        len(recommendations),
    )
    if not number:
        return None
    if of == 1:
        return "The recommendation still needs an owner or a due date."
    which = f"{number:,} of {of:,}" if number < of else all_of(of)
    return f"{which} recommendations still {'needs' if number == 1 else 'need'} an owner or a due date."


def state_of(recommendation: ReportedRecommendation) -> str:
    """Return "accepted on 22 December 2010, carried out", followed by the words of the decision."""
    words: list[str] = [str(recommendation.state)]
    if recommendation.decision:
        on = f" on {in_words(recommendation.decided_on)}" if recommendation.decided_on else ""
        words = [f"{recommendation.decision}{on}"] + (
            [str(recommendation.state)] if recommendation.decision != recommendation.state else []
        )
    return ", ".join(words) + (f": {recommendation.decision_words}" if recommendation.decision_words else "")


def action_state(action: ReportedAction) -> str:
    """Return "agreed, overdue", "closed not effective: 2 of 9"."""
    words = f"{action.state}, overdue" if action.is_overdue else str(action.state)
    return f"{words}: {action.impact_words}" if action.impact_words else words


def overdue(actions: Sequence[ReportedAction], audience: Audience) -> str | None:
    """Return how many actions are overdue, for the council by the team of their owner, as a sentence."""
    late = [action for action in actions if action.is_overdue]
    if not late:
        return None
    sentence = f"{counted(len(late), 'action')} {'is' if len(late) == 1 else 'are'} overdue"
    if audience is Audience.COUNCIL:
        by_team = Counter(action.team or "no team" for action in late)
        sentence += f": {listed(f'{team} ({number:,})' for team, number in sorted(by_team.items()))}"
    return f"{sentence}."


def _quick_win(quick_win: ReportedQuickWin) -> list[str]:
    every = counted(quick_win.every_working_days, "working day")
    often = "once" if quick_win.times == 1 else f"{quick_win.times} times, every {every}"
    begun = f"from {in_words(quick_win.starts_on)}"
    goes = {
        QuickWinState.PLANNED: f"It will be sent {often}, {begun}.",
        QuickWinState.GOING_OUT: f"It is being sent {often}, {begun}.",
        QuickWinState.ENDED: f"It was sent {often}, {begun}, and has ended.",
        QuickWinState.STOPPED: f"It was sent {begun} and then stopped.",
    }[quick_win.state]
    sentences = [f"{quick_win.subject}: “{quick_win.message}”", goes]
    if len(quick_win.figures) > 1:
        (cycle, figure, _), *after = quick_win.figures
        about = (
            f"The figure for “{quick_win.key_area}”" if quick_win.key_area else "The figure for its key area"
        )
        sentences.append(f"{about} was {figure} in cycle {cycle}")
        sentences[-1] += "".join(
            f", and {later} in cycle {then}" + (f" ({why.rstrip('.')})" if why else "")
            for then, later, why in after
        )
        sentences[-1] += "."
    if quick_win.moved in (MOVED, NOT_MOVED):
        changed = "had changed" if quick_win.moved == MOVED else "had not changed"
        sentences.append(f"When it ended, it was recorded that the figure {changed}.")
    return sentences
