"""Gathers the facts of a summary, in a number of queries that does not grow with its cycles or audits.

An open cycle has no figures yet, so it is only named. One that a file brought closed and nobody has confirmed
as complete is counted as it is on the day.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import date

from flask import current_app
from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import InstrumentedAttribute

from app.actions.lifecycle import action_state, is_overdue, recommendation_state
from app.actions.models import Action, Recommendation
from app.actions.moving import action_facts, recommendation_facts
from app.actions.open_on import always_or_by
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.standing import Standings, standings
from app.audits.tallies import Tally
from app.case_numbers import masking
from app.cycles.models import EarlierCycle
from app.database import db
from app.due_dates import that_counts
from app.findings.freezing import findings_of_each
from app.names import Names
from app.people.closures import working_days
from app.people.models import Person, Team
from app.quick_wins.life import state
from app.quick_wins.models import QuickWin
from app.quick_wins.moves import answer_of, facts_of
from app.quick_wins.queries import cycle_of_quick_win
from app.summary.facts import (
    AgreedAction,
    EmptyMonth,
    Facts,
    MadeRecommendation,
    MonthOfReturn,
    NotLookedAt,
    ReportedCycle,
    SentQuickWin,
)
from app.summary.period import Period
from app.summary.staff_names import masking_names
from app.working_days import WorkingDays, happened
from config.settings import Settings

Mask = Callable[[str], str]


def gather(period: Period, on: date) -> Facts:
    """Return the facts of the summary of a period, as of a day."""
    settings: Settings = current_app.extensions["settings"]
    reported = _reported(period, on)
    closed = [cycle for cycle in reported if cycle.is_closed(on)]
    ids = [cycle.id for cycle in closed]
    at, days = standings(on, working_days()), working_days()
    mask = _mask(ids)
    findings = findings_of_each(closed, on)
    months = _months(ids, at, days)
    recommendations = _recommendations(ids, on, mask)
    actions = _actions(ids, on, days, mask)
    quick_wins = _quick_wins(ids, on, days, mask)
    return Facts(
        organisation=settings.organisation_name,
        marking=settings.protective_marking,
        made_on=on,
        period=period,
        cycles=[
            ReportedCycle(
                cycle.reference,
                cycle.theme,
                cycle.reported_on or on,
                findings[cycle.id],
                months.get(cycle.id, ()),
                recommendations.get(cycle.id, ()),
                actions.get(cycle.id, ()),
                quick_wins.get(cycle.id, ()),
            )
            for cycle in closed
        ],
        open_cycles=[cycle.reference for cycle in reported if not cycle.is_closed(on)],
        undated=_undated(period, on),
        published=_published(period, on),
        teams=_missed(period, ids, at, Team.name),
        themes=_missed(period, ids, at, Cycle.theme),
        months=_empty_months(period, ids, at),
        has_earlier=_has_earlier(period, at),
    )


def number_of_audits(period: Period, on: date) -> int:
    """Return the number of audits in the cycles of a summary."""
    ids = [cycle.id for cycle in _reported(period, on)]
    return db.session.scalar(select(func.sum(Tally.number)).where(Tally.cycle_id.in_(ids))) or 0


def _reported(period: Period, on: date) -> Sequence[Cycle]:
    """Return the cycles that were reported in a period and by a day, in the order in which they were."""
    query = (
        select(Cycle)
        .where(Cycle.reported_on.between(period.from_on, period.to_on), Cycle.reported_on <= on)
        .order_by(Cycle.reported_on, Cycle.reference)
        .options(joinedload(Cycle.tool))
    )
    return db.session.scalars(query).all()


def _undated(period: Period, on: date) -> Sequence[str]:
    query = (
        select(Cycle.reference)
        .where(Cycle.reported_on.is_(None), Cycle.closed_by(on))
        .where(Cycle.closed_on.between(period.from_on, period.to_on))
        .order_by(Cycle.closed_on, Cycle.reference)
    )
    return db.session.scalars(query).all()


def _published(period: Period, on: date) -> Sequence[str]:
    query = (
        select(EarlierCycle.reference)
        .where(EarlierCycle.reported_on.between(period.from_on, period.to_on))
        .where(EarlierCycle.reported_on <= on)
        .order_by(EarlierCycle.reported_on, EarlierCycle.reference)
    )
    return db.session.scalars(query).all()


def _months(ids: Collection[int], at: Standings, days: WorkingDays) -> dict[int, list[MonthOfReturn]]:
    """Return the returns of each cycle that count, by month."""
    day = at.returned_on().label("day")
    query = (
        select(Audit.cycle_id, day, Audit.first_due_on, func.count())
        .where(Audit.cycle_id.in_(ids), at.returned())
        .group_by(Audit.cycle_id, day, Audit.first_due_on)
    )
    numbers: dict[tuple[int, date], list[int]] = defaultdict(lambda: [0, 0])
    for cycle_id, returned_on, due_on, number in db.session.execute(query):
        assert returned_on is not None
        month = numbers[cycle_id, returned_on.replace(day=1)]
        month[0] += number
        month[1] += 0 if days.is_late(due_on, returned_on) else number
    by_cycle: dict[int, list[MonthOfReturn]] = defaultdict(list)
    for (cycle_id, first), (returned, in_time) in sorted(numbers.items()):
        by_cycle[cycle_id].append(MonthOfReturn(first, returned, in_time))
    return by_cycle


def _mask(ids: Collection[int]) -> Mask:
    """Return a function that masks the case numbers of these cycles, and the names of all staff."""
    numbers = select(Audit.case_reference).where(Audit.cycle_id.in_(ids), Audit.case_reference.is_not(None))
    mask_cases = masking(number for number in db.session.scalars(numbers) if number)
    mask_names = masking_names(db.session.scalars(select(Person.name)))
    return lambda text: mask_names(mask_cases(text))


def _recommendations(ids: Collection[int], on: date, mask: Mask) -> dict[int, list[MadeRecommendation]]:
    query = (
        select(Recommendation)
        .where(Recommendation.cycle_id.in_(ids), always_or_by(Recommendation.raised_on, on))
        .order_by(Recommendation.id)
    )
    by_cycle: dict[int, list[MadeRecommendation]] = defaultdict(list)
    for made in db.session.scalars(query):
        now = recommendation_state(recommendation_facts(made), on)
        by_cycle[made.cycle_id].append(MadeRecommendation(made.reference, mask(made.text), now))
    return by_cycle


def _actions(ids: Collection[int], on: date, days: WorkingDays, mask: Mask) -> dict[int, list[AgreedAction]]:
    cycle_id = func.coalesce(Action.cycle_id, Recommendation.cycle_id)
    query = (
        select(Action, cycle_id)
        .outerjoin(Action.recommendation)
        .where(cycle_id.in_(ids), always_or_by(Action.raised_on, on))
        .order_by(Action.id)
    )
    by_cycle: dict[int, list[AgreedAction]] = defaultdict(list)
    for action, of_cycle in db.session.execute(query):
        facts = action_facts(action)
        checked = happened(action.impact_checked_on, on)
        by_cycle[of_cycle].append(
            AgreedAction(
                action.reference,
                mask(action.text),
                action_state(facts, on),
                that_counts(action.due_on, days),
                is_overdue(facts, on, days),
                mask(action.impact_words) if checked and action.impact_words else None,
            )
        )
    return by_cycle


def _quick_wins(
    ids: Collection[int], on: date, days: WorkingDays, mask: Mask
) -> dict[int, list[SentQuickWin]]:
    action = joinedload(QuickWin.action)
    query = (
        select(QuickWin)
        .order_by(QuickWin.starts_on, QuickWin.id)
        .options(
            action.joinedload(Action.cycle),
            action.joinedload(Action.recommendation).joinedload(Recommendation.cycle),
        )
    )
    by_cycle: dict[int, list[SentQuickWin]] = defaultdict(list)
    for win in db.session.scalars(query) if ids else ():
        cycle = cycle_of_quick_win(win)
        if cycle is not None and cycle.id in ids:
            moved = answer_of(win) if happened(win.moved_on, on) else None
            sent = SentQuickWin(win.reference, mask(win.subject), state(facts_of(win), on, days), moved)
            by_cycle[cycle.id].append(sent)
    return by_cycle


def _missed(
    period: Period, ids: Collection[int], at: Standings, named: InstrumentedAttribute[str]
) -> list[NotLookedAt]:
    """Return the teams or themes that had an audit in the 24 months before, and none in these cycles."""
    before, meanwhile = _returned_in(period.before, at), _returned_in(period, at)
    last_before, last_meanwhile = (func.max(case((when, at.returned_on()))) for when in (before, meanwhile))
    query = (
        select(named, Cycle.id, Cycle.reference, last_before, last_meanwhile)
        .select_from(Audit)
        .join(Team, Team.id == Audit.team_id)
        .join(Cycle, Cycle.id == Audit.cycle_id)
        .where(_came_back(at), or_(Cycle.id.in_(ids), before, meanwhile))
        .group_by(named, Cycle.id, Cycle.reference)
        .order_by(named, Cycle.reference)
    )
    last_on: Names[date] = Names()
    elsewhere: Names[list[str]] = Names()
    looked_at: Names[bool] = Names()
    for name, cycle_id, reference, earlier, now in db.session.execute(query):
        if cycle_id in ids:
            looked_at[name] = True
        elif now is not None:
            elsewhere.setdefault(name, []).append(reference)
        if earlier is not None:
            last_on[name] = max(earlier, last_on.get(name, earlier))
    return [
        NotLookedAt(name, day, tuple(elsewhere.get(name, ())))
        for name, day in last_on.items()
        if name not in looked_at
    ]


def _empty_months(period: Period, ids: Collection[int], at: Standings) -> list[EmptyMonth]:
    """Return the months of the period, as far as it has passed, in which no audit of these cycles was
    returned."""
    passed = period.until(at.on)
    if passed is None:
        return []
    query = (
        select(Cycle.id, Cycle.reference, at.returned_on().label("day"))
        .join(Audit, Audit.cycle_id == Cycle.id)
        .where(_came_back(at), _returned_in(passed, at))
        .distinct()
        .order_by(Cycle.reference)
    )
    returned = db.session.execute(query).all()
    empty = []
    for month in passed.months:
        of_month = [(cycle_id, reference) for cycle_id, reference, day in returned if day in month]
        if not any(cycle_id in ids for cycle_id, _ in of_month):
            empty.append(EmptyMonth(month, tuple(dict.fromkeys(reference for _, reference in of_month))))
    return empty


def _has_earlier(period: Period, at: Standings) -> bool:
    return bool(db.session.scalar(select(exists().where(_came_back(at), _returned_in(period.before, at)))))


def _came_back(at: Standings) -> ColumnElement[bool]:
    """Return the condition of an audit that was returned: after the cut-off, too, it looked at its case."""
    return or_(at.returned(), at.after_cut_off())


def _returned_in(period: Period, at: Standings) -> ColumnElement[bool]:
    return at.returned_on().between(period.from_on, period.to_on)
