"""`/cycles/REF/findings`: the findings of a cycle, with their cautions."""

from collections.abc import Sequence
from functools import partial

from flask import abort, render_template, request
from flask_security import current_user
from sqlalchemy import exists, select
from werkzeug.exceptions import NotFound

from app.access import may
from app.actions.answered import unanswered
from app.audits.audited_again import unread
from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit
from app.audits.reasons import told
from app.audits.reasons_told import in_words as reasons_in_words
from app.audits.standing import standings
from app.clock import today
from app.cycles import queries
from app.cycles.day_asked import DayOfCycle, day_of
from app.database import db
from app.drawing import svg
from app.findings import comments
from app.findings.bars import interval_bar
from app.findings.blueprint import findings
from app.findings.by_agency import FEWEST_ANSWERS
from app.findings.freezing import findings_of
from app.findings.grade_bars import BY_ITSELF, IN_A_ROW, Measures, bar_in_words, grade_bar
from app.findings.key_area import MAY_ADD_UP, NOT_COUNTED, KeyArea
from app.findings.ranking import Ranked, ranked
from app.listing import Address, paged_by
from app.people.closures import working_days
from app.people.roles import RoleName
from app.people.standing_in_sql import coordinates

EXAMPLES = 10
"""Most nominations shown on the page."""


@findings.get("/cycles/<reference>/findings")
def page(reference: str) -> tuple[str, int]:
    """Show the findings of a cycle as of today, or as of the day that is asked for (`?on=`).

    `?order=ranked` shows them from the highest figure to the lowest.
    """
    cycle = _cycle(reference)
    asked = DayOfCycle(cycle)
    on = asked.day or today()
    current = findings_of(cycle, on)
    is_ranked = request.args.get("order") == "ranked"
    nominated: tuple[int, Sequence[comments.Comment]] = (0, [])
    if reads_comments := may("findings.read_comments", reference=reference):
        nominated = comments.examples(cycle, standings(on, working_days()), EXAMPLES, unread())
    shown = render_template(
        "findings/findings.html",
        cycle=cycle,
        asked=asked,
        found=current,
        reasons=reasons_in_words(told(current.reasons, to_coordinator=_coordinates())),
        is_ranked=is_ranked,
        rows=ranked(current.areas) if is_ranked else [Ranked(None, area) for area in current.areas],
        bar=bar,
        grades=grades,
        overall_bar=partial(grades, measures=BY_ITSELF),
        MAY_ADD_UP=MAY_ADD_UP,
        NOT_COUNTED=NOT_COUNTED,
        reads_comments=reads_comments,
        examples=nominated[1],
        nominated=nominated[0],
        unanswered=unanswered(cycle, on, {area.question: area.figure for area in current.areas}),
        sees_agencies=bool(cycle.agencies) and _sees_agencies(cycle),
        fewest_answers=FEWEST_ANSWERS,
    )
    return shown, 422 if asked.errors else 200


def _coordinates() -> bool:
    return RoleName.COORDINATOR in current_user.role_names


def _sees_agencies(cycle: Cycle) -> bool:
    """Return True for those who see the counts of each agency, however few its answers are."""
    audits = exists().where(
        Assignment.audit_id == Audit.id, Audit.cycle_id == cycle.id, Assignment.person_id == current_user.id
    )
    return coordinates(current_user, today()) or bool(db.session.scalar(select(audits)))


@findings.get("/cycles/<reference>/findings/comments")
def read_comments(reference: str) -> str:
    """Show the comments of auditors on a question, `?question=` its key. For coordinators.

    `?on=` is the day that the returns are read as of, today where it is missing.
    """
    cycle = _cycle(reference)
    of_day = day_of(cycle)
    at, hidden = standings(of_day or today(), working_days()), unread()
    asked = comments.questions(cycle, at, hidden)
    wanted = request.args.get("question")
    chosen = next((question for question in asked if question.key == wanted), None)
    if wanted and chosen is None:
        raise NotFound
    page = paged_by(
        lambda skip: comments.comments(cycle, at, chosen.key, skip, hidden) if chosen else [],
        chosen.comments if chosen else 0,
        comments.PAGE,
    )
    if page.page != request.args.get("page", 1, type=int):
        raise NotFound
    return render_template(
        "findings/comments.html",
        cycle=cycle,
        of_day=of_day,
        asked=asked,
        chosen=chosen,
        page=page,
        address=Address.here(),
    )


def bar(area: KeyArea) -> str:
    """Return the drawn figure of a key area with its range, if it has one."""
    figure = area.figure
    assert figure.percent is not None
    low, high = (100 * figure.interval.low, 100 * figure.interval.high) if figure.interval else (None, None)
    return interval_bar(figure.percent, low, high, area.expected_level)


def grades(area: KeyArea, measures: Measures = IN_A_ROW) -> str:
    """Return the drawn bar of the grades of a key area, if it has any answer."""
    responses = area.responses or ()
    drawn = grade_bar(responses, area.at_most, measures)
    return svg(drawn, bar_in_words(responses)) if drawn else ""


def _cycle(reference: str) -> Cycle:
    return queries.found(reference) or abort(404)
