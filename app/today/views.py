"""The first page, by role, and the pages about accessibility and privacy."""

from collections.abc import Iterable
from datetime import date

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.actions.standing import standings as action_standings
from app.answers import moderation_queue, second_look
from app.audits.counting import returns_by_cycle
from app.audits.standing import standings
from app.clock import now
from app.clock import today as the_day
from app.concerns import (
    alert_queries,
    remedies,
    remedy_life,
    remedy_queries,
    response_life,
    response_queries,
    responses,
)
from app.concerns.models import CalledResponse, Remedy
from app.concerns.responses_open import open_responses, took_part
from app.cycles.queries import all_cycles
from app.people.closures import working_days
from app.people.models import Person
from app.people.moves import send_news_by_email
from app.people.roles import RoleName
from app.people.standing_in_sql import coordinates
from app.privacy import texts
from app.privacy.texts import privacy_texts
from app.quick_wins import queries as quick_wins
from app.readings.keeping import months_kept
from app.retention import queries as retention_queries
from app.today import call_views, own_work, queries, their_work
from app.today.blueprint import today
from app.today.own_news import show_news
from app.today.people_to_call import people_to_call
from app.wording import paragraphs
from app.workers import queries as worker_queries
from app.working_days import WorkingDays
from config.settings import Settings

__all__ = ["call_views", "today"]


@today.get("/")
def home() -> str:
    """Show the work of the person signed in, in parts by role."""
    roles = {RoleName(name) for name in current_user.role_names}
    on, days = the_day(), working_days()
    # marks it as read, and so comes before all that is only read
    news = show_news(current_user, on, days)
    at = standings(on, days)
    is_coordinator = RoleName.COORDINATOR in roles
    makes_calls = coordinates(current_user, on)
    responses_waiting = open_responses(on)
    # read once, and whatever nobody can have without one of these is not read at all
    audits_something = queries.has_audited(current_user.id)
    managed = their_work.managed_by(current_user, on)
    unanswered = response_queries.open_ones()
    stands = action_standings(on, days)
    reads = RoleName.LEADER in roles and not is_coordinator
    return render_template(
        "today/home.html",
        on=on,
        roles=roles,
        works_with_audits=bool(roles - {RoleName.PRACTITIONER}),
        open_alerts=alert_queries.open_and_unsent_for(current_user),
        own_remedies=[
            _with_state(remedy, on, days) for remedy in remedy_queries.owned_by(current_user.id, on)
        ],
        practice=quick_wins.current_for(current_user, on, days),
        news=news,
        own=queries.own_audits(current_user.id, at, days) if audits_something else [],
        not_returned=queries.not_returned_lately(current_user.id, at, days) if audits_something else [],
        cycles=queries.open_cycles(at) if is_coordinator else [],
        waiting=queries.waiting(at) if is_coordinator else None,
        people_to_call=people_to_call(at, days, responses_waiting) if makes_calls else [],
        left_behind=their_work.left_behind(at) if is_coordinator else [],
        to_agree=second_look.waiting_to_agree(current_user.id, on) if audits_something else [],
        moderated_lately=moderation_queue.recent_notices(current_user.id, on, days)
        if audits_something
        else [],
        to_moderate=len(moderation_queue.queue(at, moderator=current_user))
        if RoleName.MODERATOR in roles
        else 0,
        own_responses=_responses(response_queries.those_of(current_user, unanswered, on), on, days),
        all_responses=_responses(unanswered, on, days) if is_coordinator else [],
        disputes_waiting=_disputes_waiting(on, days) if is_coordinator else [],
        disputes=_disputes(current_user, on) if RoleName.MODERATOR in roles else [],
        own_cases=worker_queries.own_cases(current_user, on, days),
        replies_to_decide=worker_queries.to_decide(current_user, on),
        replies_waiting=worker_queries.waiting(on, days) if is_coordinator else [],
        own_actions=own_work.own_actions(current_user, stands, days),
        own_recommendations=own_work.own_recommendations(current_user, at, days),
        actions_waiting=own_work.waiting(stands, days) if is_coordinator else None,
        their_overdue=their_work.audits_of_their_people(managed, at, days),
        late_responses=their_work.responses_of_their_people(current_user, responses_waiting, at, days),
        their_late=their_work.owned_by_their_people(managed, at, days),
        all_cycles=all_cycles() if reads else [],
        returns=returns_by_cycle(at) if reads else {},
    )


@today.post("/news/emails")
def news_emails() -> Response:
    """Turn daily emails that have nothing but news off or on, for the reader."""
    wanted = request.form.get("send") == "yes"
    send_news_by_email(current_user.id, wanted, by=current_user.email)
    flash(f"Emails with only news turned {'on' if wanted else 'off'}", "success")
    return redirect(url_for("today.home"))


def _responses(
    waiting: Iterable[CalledResponse], on: date, days: WorkingDays
) -> list[tuple[CalledResponse, str]]:
    """Return responses that wait for an answer, each with how long it is overdue."""
    return [(called, response_life.how_overdue(responses.facts(called), on, days)) for called in waiting]


def _disputes(moderator: Person, on: date) -> list[CalledResponse]:
    """Return the disputes that this moderator can decide."""
    disputed = response_queries.disputed()
    part = took_part([called.audit_id for called in disputed], on)
    return [
        called
        for called in disputed
        if response_life.refuse_decision(responses.facts(called), moderator.id, part[called.audit_id], on)
        is None
    ]


def _disputes_waiting(on: date, days: WorkingDays) -> list[tuple[CalledResponse, int, str]]:
    """Return all disputes without a decision, each with the working days since, and who can decide it."""
    disputed = response_queries.disputed()
    part = took_part([called.audit_id for called in disputed], on)
    return [
        (
            called,
            days.between(called.answered_on, on),
            responses.who_can_decide(called, part[called.audit_id], on),
        )
        for called in disputed
        if called.answered_on is not None
    ]


def _with_state(remedy: Remedy, on: date, days: WorkingDays) -> tuple[Remedy, remedy_life.RemedyState]:
    return remedy, remedy_life.state(remedies.facts(remedy), on, days)


@today.get("/accessibility")
def accessibility() -> str:
    """Show how accessible the service is."""
    return render_template("today/accessibility.html")


@today.get("/privacy")
def privacy() -> str:
    """Show what the service keeps about people, with the council's own texts."""
    return render_template(
        "today/privacy.html",
        own=privacy_texts(),
        periods=retention_queries.periods(),
        record_of_reading_months=months_kept(),
        paragraphs=paragraphs,
    )


@today.get("/.well-known/security.txt")
def security_txt() -> Response:
    """Say whom to tell about a hole in the service, once the council has named a contact."""
    settings: Settings = current_app.extensions["settings"]
    contact = privacy_texts().contact or abort(404)
    return Response(texts.security_txt(contact, settings.base_url, now()), mimetype="text/plain")
