"""`/quick-wins` and `/quick-wins/REF`: what goes out to staff and whether it helped; `/practice/REF`."""

from collections.abc import Iterable
from datetime import date

from flask import abort, render_template
from flask_security import current_user

from app.actions.seen import SEE_ALL
from app.clock import today
from app.findings.bars import interval_bar
from app.history import record
from app.listing import Address, paged
from app.people.closures import working_days
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.quick_wins import queries
from app.quick_wins.audience import reached
from app.quick_wins.figures import figures_for
from app.quick_wins.life import MOVED, QuickWinState, refuse_change, refuse_moved, state
from app.quick_wins.models import QuickWin
from app.quick_wins.moves import answer_of, facts_of
from app.quick_wins.practice_days import end_of, next_practice_day, practice_days
from app.reminders.messages import practice_message
from app.tracker.quick_win_page import days_of
from app.tracker.quick_wins_blueprint import quick_wins


@quick_wins.get("/quick-wins")
def listing() -> str:
    """List all quick wins that the person may see, with what comes next of each."""
    on, days = today(), working_days()
    may_see = None if current_user.role_names & SEE_ALL else current_user
    page, people = paged(queries.listed(may_see), queries.PAGE), everyone().values()
    rows = []
    for quick_win in page:
        stands = state(facts_of(quick_win), on, days)
        rows.append((quick_win, stands, _next(quick_win, stands), len(_reached(quick_win, people))))
    return render_template("quick_wins/listing.html", page=page, rows=rows, address=Address.here(), on=on)


@quick_wins.get("/quick-wins/<reference>")
def quick_win(reference: str) -> str:
    """One quick win: what it says, to whom, when, what went out, and the figure before and after."""
    found = queries.found(reference) or abort(404)
    on, days, people = today(), working_days(), everyone()
    facts = facts_of(found)
    stands = state(facts, on, days)
    checks = [reference, *([found.action.reference] if found.action else [])]
    return render_template(
        "quick_wins/quick_win.html",
        quick_win=found,
        state=stands,
        next_day=_next(found, stands),
        end=end_of(found, days),
        reaches=len(_reached(found, people.values())),
        figures=figures_for(found, on),
        bar=interval_bar,
        checks=queries.checks_of(*checks),
        days=days_of(found, on, days),
        to_come=[
            day
            for day in practice_days(found, days)
            if day > on and stands in (QuickWinState.PLANNED, QuickWinState.GOING_OUT)
        ],
        message=practice_message(found, people[current_user.id]),
        can_change=refuse_change(facts, on, days) is None,
        can_say=refuse_moved(facts, on, days) is None and answer_of(found) != MOVED,
        answer=answer_of(found),
        history=record.of(QuickWin.kind, reference),
        on=on,
    )


@quick_wins.get("/practice/<reference>")
def practice(reference: str) -> str:
    """A quick win's message and its guidance, for those whom it is for."""
    found = queries.found(reference) or abort(404)
    return render_template("quick_wins/practice.html", quick_win=found)


def _next(one: QuickWin, stands: QuickWinState) -> date | None:
    """The next day on which it goes out, today's run aside; None once it has ended or was stopped."""
    if stands not in (QuickWinState.PLANNED, QuickWinState.GOING_OUT):
        return None
    return next_practice_day(one, today(), working_days())


def _reached(one: QuickWin, people: Iterable[PersonFacts]) -> list[PersonFacts]:
    return reached(one.audience_roles, one.audience_team_ids, people, today())
