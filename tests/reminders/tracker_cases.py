"""Hypothesis makes recommendations, actions and quick wins for the cases of the daily run."""

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import strategies as st

from .second_facts import Action, DueDay, Person, QuickWin, Recommendation

TEAMS = ("Crewe", "Nantwich")
ROLES = ("auditor", "manager", "coordinator", "practitioner")


def later(least: int, most: int) -> st.SearchStrategy[timedelta]:
    return st.integers(least, most).map(lambda days: timedelta(days=days))


@st.composite
def moved_due_days(draw: st.DrawFn, first: date) -> tuple[DueDay, ...]:
    """None, one, or one that was moved within the period on a day from which the other holds."""
    if draw(st.integers(0, 5)) == 0:
        return ()
    due_on = first + draw(later(-10, 90))
    days = [DueDay(due_on)]
    if draw(st.booleans()):
        days.append(DueDay(due_on + draw(later(1, 30)), since=first + draw(later(1, 80))))
    return tuple(days)


def owner(people: Sequence[Person]) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *(person.email for person in people)])


@st.composite
def recommendations(draw: st.DrawFn, reference: str, people: Sequence[Person], first: date) -> Recommendation:
    decision = draw(st.sampled_from((None, "accepted", "amended", "deferred", "rejected")))
    raised_on = draw(st.none() | later(-20, 60).map(lambda days: first + days))
    after = raised_on or first
    return Recommendation(
        reference,
        draw(owner(people)),
        draw(moved_due_days(first)),
        raised_on,
        decision,
        draw(st.none() | later(0, 60).map(lambda days: after + days)) if decision else None,
        draw(st.none() | st.none() | later(10, 90).map(lambda days: after + days)),
    )


@st.composite
def actions(draw: st.DrawFn, reference: str, people: Sequence[Person], first: date) -> Action:
    agreed_on = draw(st.none() | later(-20, 60).map(lambda days: first + days))
    after = agreed_on or first
    done_on = draw(st.none() | later(5, 80).map(lambda days: after + days))
    checked_on = draw(st.none() | later(5, 30).map(lambda days: done_on + days)) if done_on else None
    withdrawn_on = (
        None if done_on else draw(st.none() | st.none() | later(1, 80).map(lambda days: after + days))
    )
    return Action(
        reference,
        draw(owner(people)),
        draw(moved_due_days(first)),
        agreed_on,
        done_on,
        checked_on,
        withdrawn_on,
    )


@st.composite
def quick_wins(draw: st.DrawFn, reference: str, made: Sequence[Action], first: date) -> QuickWin:
    starts_on = first + draw(later(-40, 60))
    return QuickWin(
        reference,
        tuple(draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=2, unique=True))),
        starts_on,
        draw(st.integers(1, 8)),
        draw(st.integers(1, 5)),
        draw(st.none() | st.sampled_from([action.reference for action in made])) if made else None,
        draw(st.sampled_from(((), (), ("Crewe",), TEAMS))),
        draw(st.none() | st.none() | later(0, 60).map(lambda days: starts_on + days)),
    )
