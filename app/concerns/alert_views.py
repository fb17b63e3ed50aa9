"""`/audits/REF/at-risk`, `/alerts` and `/alerts/REF`: a child may be at risk now."""

from flask import abort, flash, render_template, request, url_for
from flask_security import current_user

from app.access import may
from app.audits.facts import found as audit_found
from app.clock import now, today
from app.concerns import alert_queries, alerts
from app.concerns.alerts import PhoneCall
from app.concerns.blueprint import concerns
from app.concerns.duty_team import duty_team
from app.concerns.forms import AcknowledgeForm, AlertForm
from app.concerns.receivers import managers_of, receivers_of
from app.history import record
from app.listing import Address, paged
from app.moves.page import Page, Shown, form_page
from app.outbox import queries as outbox
from app.outbox.in_words import STATES
from app.people.presence import PersonFacts
from app.people.queries import everyone


@concerns.app_context_processor
def worried() -> dict[str, object]:
    """Give templates the address where a worry about the child of this page's audit is recorded, and the team
    to phone about it."""
    return {
        "worried_address": worried_address,
        "is_about_a_child": is_about_a_child,
        "duty_team": duty_team,
    }


def is_about_a_child() -> bool:
    """Return True on the pages of alerts, remedies and responses. The page on which a worry is recorded names
    the duty team where it says whom to phone."""
    return request.blueprint == concerns.name and request.endpoint != "concerns.raise"


def worried_address() -> str | None:
    """Return the address of "I am worried that this child may be at risk now" on a page of an audit; None on
    other pages, and for people who may not record it."""
    reference = (request.view_args or {}).get("reference")
    of_an_audit = request.path.startswith("/audits/") and reference is not None
    if not of_an_audit or request.endpoint == "concerns.raise":
        return None
    if not may("concerns.raise", reference=reference):
        return None
    return url_for("concerns.raise", reference=reference)


@concerns.route("/audits/<reference>/at-risk", methods=["GET", "POST"], endpoint="raise")
def at_risk(reference: str) -> Page:
    """Record a worry and the phone call that was made first, and tell everybody at once."""
    audit = audit_found(reference) or abort(404)
    form = AlertForm()

    def render(_shown: Shown) -> str:
        people = everyone().values()
        receivers = receivers_of(audit.team_id, people, today())
        return render_template(
            "concerns/at_risk.html",
            audit=audit,
            form=form,
            managers=managers_of(audit.team_id, people, today()),
            others=_others(receivers, current_user.id),
            stopped=outbox.stopped(),
            on=today(),
        )

    def carry_out() -> str:
        call = PhoneCall(form.whom.data, form.when.data, form.how.data, form.answer.data)
        raised = alerts.raise_alert(reference, call, current_user, now(), today())
        if outbox.stopped():
            flash(
                "Your worry is recorded. Emails could not be sent. Phone the people on this page.", "warning"
            )
        else:
            flash("Your worry is recorded. The people on this page are being told now.", "success")
        return url_for("concerns.alert", reference=raised)

    return form_page(form, render, carry_out)


@concerns.get("/alerts", endpoint="alerts")
def all_alerts() -> str:
    """List all alerts, the open ones on top."""
    page = paged(alert_queries.listed(), alert_queries.PAGE)
    return render_template("concerns/alerts.html", page=page, address=Address.here())


@concerns.route("/alerts/<reference>", methods=["GET", "POST"])
def alert(reference: str) -> Page:
    """Show one alert, its receivers and the form with which one of them acknowledges it."""
    alert_queries.found(reference) or abort(404)
    form = AcknowledgeForm()

    def acknowledge() -> str:
        alerts.acknowledge(reference, current_user, form.said.data, now(), today())
        return url_for("concerns.alert", reference=reference)

    return form_page(
        form,
        lambda shown: _alert_page(reference, form, shown),
        acknowledge,
        done="Alert acknowledged. No one will get any more emails about it.",
    )


def _alert_page(reference: str, form: AcknowledgeForm, shown: Shown) -> str:
    alert = alert_queries.found(reference) or abort(404)
    if shown.refused:
        form.form_errors = [shown.refused]
    receivers = alerts.receivers(alert, today())
    notified, stopped = alert_queries.last_notified(alert), outbox.stopped()
    refused = alerts.refuse_acknowledging(alert, current_user, {person.id: person for person in receivers})
    return render_template(
        "concerns/alert.html",
        alert=alert,
        form=form,
        told=notified,
        not_reached=alert_queries.not_reached(alert, notified, stopped, current_user.id),
        stopped=stopped,
        others=_others(receivers, alert.raised_by_id),
        may_acknowledge=refused is None,
        raised_it=alert.raised_by_id == current_user.id,
        history=record.of(alert.kind, reference),
        state_words=STATES,
    )


def _others(receivers: list[PersonFacts], raiser_id: int) -> list[PersonFacts]:
    """Return the receivers besides the person who raised it; where there are none, nobody hears of it."""
    return [person for person in receivers if person.id != raiser_id]
