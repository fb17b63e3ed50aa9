"""`/quick-wins` and `/quick-wins/REF`: messages to staff and their effect; `/practice/REF`: one message."""

from collections.abc import Iterable
from datetime import date

from flask import abort, render_template
from flask_security import current_user

from app.clock import today
from app.findings.bars import interval_bar
from app.listing import Address, paged
from app.people.closures import working_days
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.people.reading_history import history_for
from app.people.roles import SEE_ALL
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
    """List the quick wins that the person may see, each with its next day."""
    on, days = today(), working_days()
    may_see = None if current_user.role_names & SEE_ALL else current_user
    page, people = paged(queries.listed(may_see), queries.PAGE), everyone().values()
    rows = []
    for quick_win in page:
        current = state(facts_of(quick_win), on, days)
        rows.append((quick_win, current, _next(quick_win, current), len(_reached(quick_win, people))))
    return render_template("quick_wins/listing.html", page=page, rows=rows, address=Address.here(), on=on)


@quick_wins.get("/quick-wins/<reference>")
def quick_win(reference: str) -> str:
    """Show a quick win: its message, audience and days, what went out, and the figure before and after."""
    quick_win = queries.found(reference) or abort(404)
    on, days, people = today(), working_days(), everyone()
    facts = facts_of(quick_win)
    current = state(facts, on, days)
    checks = [reference, *([quick_win.action.reference] if quick_win.action else [])]
    return render_template(
        "quick_wins/quick_win.html",
        quick_win=quick_win,
        state=current,
        next_day=_next(quick_win, current),
        end=end_of(quick_win, days),
        reaches=len(_reached(quick_win, people.values())),
        figures=figures_for(quick_win, on),
        bar=interval_bar,
        checks=queries.checks_of(*checks),
        days=days_of(quick_win, on, days),
        to_come=[
            day
            for day in practice_days(quick_win, days)
            if day > on and current in (QuickWinState.PLANNED, QuickWinState.GOING_OUT)
        ],
        message=practice_message(quick_win),
        can_change=refuse_change(facts, on, days) is None,
        can_say=refuse_moved(facts, on, days) is None and answer_of(quick_win) != MOVED,
        answer=answer_of(quick_win),
        history=history_for(current_user, QuickWin.kind, reference),
        on=on,
    )


@quick_wins.get("/practice/<reference>")
def practice(reference: str) -> str:
    """Show the message of a quick win and its guidance to its audience."""
    quick_win = queries.found(reference) or abort(404)
    return render_template("quick_wins/practice.html", quick_win=quick_win)


def _next(quick_win: QuickWin, current: QuickWinState) -> date | None:
    """Return the next day after today on which it goes out; None once it has ended or was stopped."""
    if current not in (QuickWinState.PLANNED, QuickWinState.GOING_OUT):
        return None
    return next_practice_day(quick_win, today(), working_days())


def _reached(quick_win: QuickWin, people: Iterable[PersonFacts]) -> list[PersonFacts]:
    return reached(quick_win.audience_roles, quick_win.audience_team_ids, people, today())
