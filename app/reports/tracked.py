"""The words of reports on recommendations, actions and quick wins, and what became of them. Pure."""

from collections import Counter
from collections.abc import Sequence

from app.actions.lifecycle import ActionState
from app.quick_wins.life import MOVED, NOT_MOVED, QuickWinState
from app.reports.composing import said
from app.reports.facts import ActionTold, Followed, Material, QuickWinTold, RecommendationTold
from app.reports.paper import Audience, Bullets, Paragraph, Part, Table
from app.wording import counted, in_words, listed

NO_OWNER, NO_DATE = "no owner", "no date"

MOST_NAMED = 10
"""So many key areas without an action or a reason are named; more are only counted."""


def recommendations(told: Followed, audience: Audience) -> list[Part]:
    """The recommendations of a cycle, each with owner, date, the body that decides and how it stands."""
    those = told.recommendations
    if not those:
        return [Paragraph("No recommendation has been made from this cycle.")]
    return [
        *said(_incomplete(those)),
        Table(
            f"Recommendations of cycle {told.cycle.reference}",
            ("Reference", "Recommendation", "Decided by", "Owner", "Due", "State"),
            tuple(
                (
                    one.reference,
                    one.text,
                    one.body or "no body named",
                    owner(one, audience),
                    in_words(one.due_on) if one.due_on else NO_DATE,
                    _state(one),
                )
                for one in those
            ),
        ),
    ]


def actions(told: Followed, audience: Audience) -> list[Part]:
    """The actions of a cycle, each with owner, date and how it stands."""
    those = told.actions
    if not those:
        return [Paragraph("No action has been raised from this cycle.")]
    return [
        *said(_late(those, audience)),
        Table(
            f"Actions of cycle {told.cycle.reference}",
            ("Reference", "Action", "Answers", "Owner", "Due", "State"),
            tuple(
                (
                    one.reference,
                    one.text,
                    listed(each for each in (one.recommendation, one.key_area) if each) or "none named",
                    owner(one, audience),
                    in_words(one.due_on) if one.due_on else NO_DATE,
                    _action_state(one),
                )
                for one in those
            ),
        ),
    ]


def unanswered(material: Material) -> list[Part]:
    """The key areas that no action answers, with the reason where one was written."""
    if not material.findings.returns.returned:
        return []
    those = [one for one in material.answered if not one.has_action]
    if not those:
        return [Paragraph("Every key area has an action.")] if material.answered else []
    reasoned = [f"{one.name}: {one.left_because}" for one in those if one.left_because]
    blank = [one.name for one in those if not one.left_because]
    have = f"{counted(len(those), 'key area')} {'has' if len(those) == 1 else 'have'} no action"
    if not reasoned and len(blank) > MOST_NAMED:
        return [Paragraph(f"{have}, and nobody has written why.")]
    if len(blank) > MOST_NAMED:
        reasoned.append(f"{counted(len(blank), 'other key area')}: no reason written yet")
        blank = []
    return [
        Paragraph(f"{have}:"),
        Bullets((*reasoned, *(f"{name}: no reason written yet" for name in blank))),
    ]


def quick_wins(told: Followed) -> list[Part]:
    """Messages about what staff easily forget: what they say, when they go out, and what the figure did."""
    if not told.quick_wins:
        return []
    return [Bullets(tuple(" ".join(_quick_win(one)) for one in told.quick_wins))]


def what_became(material: Material, audience: Audience) -> list[Part]:
    """Return what happened to the recommendations, actions and quick wins of the cycle before."""
    before = material.before
    if before is None:
        return [Paragraph("There is no earlier cycle in this service whose actions could be followed up.")]
    parts = [*recommendations(before, audience), *actions(before, audience)]
    if wins := quick_wins(before):
        parts += [Paragraph(f"Quick wins of cycle {before.cycle.reference}:"), *wins]
    return parts


def next_cycle(material: Material) -> list[Part]:
    """The cycle that comes after, if it has been set up."""
    after = material.next
    if after is None:
        return []
    reported = f" It reports on {in_words(after.meeting_on)}." if after.meeting_on else ""
    return [
        Paragraph(
            f"The next cycle is {after.name}. Its theme is {after.theme}; its audits "
            f"{'were' if after.requested_on <= material.made_on else 'will be'} requested on "
            f"{in_words(after.requested_on)} and are due on {in_words(after.due_on)}.{reported}"
        )
    ]


def owner(one: RecommendationTold | ActionTold, audience: Audience) -> str:
    """Return who owns it: the name and job for the council, for others the job alone."""
    if one.owner is None:
        return NO_OWNER
    if audience is Audience.COUNCIL:
        return f"{one.owner}, {one.owner_job}" if one.owner_job else one.owner
    return one.owner_job or "named in the council's tracker"


def _incomplete(those: Sequence[RecommendationTold]) -> str | None:
    """Return how many recommendations that are still to be carried out lack an owner or a date."""
    number = sum(1 for one in those if one.is_incomplete)
    if not number:
        return None
    if len(those) == 1:
        return "The recommendation has no owner or no date yet."
    have = "has" if number == 1 else "have"
    return f"{number:,} of {len(those):,} recommendations {have} no owner or no date yet."


def _state(one: RecommendationTold) -> str:
    """ "accepted on 22 December 2010, carried out"; the words of a decision stand behind it."""
    told: list[str] = [str(one.state)]
    if one.decision:
        on = f" on {in_words(one.decided_on)}" if one.decided_on else ""
        told = [f"{one.decision}{on}"] + ([str(one.state)] if one.decision != one.state else [])
    return ", ".join(told) + (f": {one.decision_words}" if one.decision_words else "")


def _action_state(one: ActionTold) -> str:
    told = f"{one.state}, overdue" if one.is_overdue else str(one.state)
    return f"{told}: {one.impact_words}" if one.impact_words else told


def _late(those: Sequence[ActionTold], audience: Audience) -> str | None:
    closed = sum(1 for one in those if one.state is ActionState.CLOSED_EFFECTIVE)
    failed = sum(1 for one in those if one.state is ActionState.CLOSED_NOT_EFFECTIVE)
    late = [one for one in those if one.is_overdue]
    told = []
    if closed or failed:
        effects = [f"{closed:,} effective" if closed else "", f"{failed:,} not effective" if failed else ""]
        told.append(f"Closed after a check of their effect: {listed(each for each in effects if each)}.")
    if late:
        sentence = f"{counted(len(late), 'action')} {'is' if len(late) == 1 else 'are'} overdue"
        if audience is Audience.COUNCIL:
            by_team = Counter(one.team or "no team" for one in late)
            sentence += f": {listed(f'{team} {number:,}' for team, number in sorted(by_team.items()))}"
        told.append(f"{sentence}.")
    return " ".join(told) or None


def _quick_win(one: QuickWinTold) -> list[str]:
    often = (
        "once"
        if one.times == 1
        else f"{one.times} times, every {counted(one.every_working_days, 'working day')}"
    )
    goes = {
        QuickWinState.PLANNED: f"It will go out from {in_words(one.starts_on)}, {often}.",
        QuickWinState.GOING_OUT: f"It has gone out since {in_words(one.starts_on)}, {often}.",
        QuickWinState.ENDED: f"It went out from {in_words(one.starts_on)}, {often}, and has ended.",
        QuickWinState.STOPPED: f"It went out from {in_words(one.starts_on)} and was stopped.",
    }[one.state]
    told = [f"{one.subject}: “{one.message}”", goes]
    if one.figures:
        (cycle, figure, _), *after = one.figures
        about = f"“{one.key_area}”" if one.key_area else "Its key area"
        told.append(f"{about} was at {figure} in cycle {cycle}")
        told[-1] += "".join(
            f", and at {later} in cycle {then}" + (f" ({why.rstrip('.')})" if why else "")
            for then, later, why in after
        )
        told[-1] += "." if after else "; no later cycle has asked again yet."
    if one.moved in (MOVED, NOT_MOVED):
        told.append(f"At its end the figure was said {'' if one.moved == MOVED else 'not '}to have moved.")
    return told
