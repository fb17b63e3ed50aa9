"""The page of settings: closure days, reasons for not returning an audit, the link to the ladders."""

from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.audits import reasons
from app.audits.models import NotReturnedReason
from app.database import db
from app.moves.page import Page, Words, form_page
from app.people import closing_days
from app.people.forms import ClosureForm, ReasonForm
from app.people.models import Closure
from app.settings import (
    agency_views,
    duty_team_views,
    list_views,
    privacy_views,
    reading_log_views,
    team_views,
)
from app.settings.blueprint import settings
from app.settings.renaming import rename_page

__all__ = [
    "agency_views",
    "duty_team_views",
    "list_views",
    "privacy_views",
    "reading_log_views",
    "settings",
    "team_views",
]


@settings.get("/settings")
def page() -> str:
    """Show the settings of the council."""
    return _page(ClosureForm(), ReasonForm())


@settings.post("/settings/closures")
def add_closure() -> Page:
    """Enter a closure day."""
    form = ClosureForm()

    def add() -> str:
        closing_days.add_closure(form.day.data, form.name.data or None, by=current_user.email)
        return url_for("settings.page")

    return form_page(
        form,
        lambda _shown: _page(form, ReasonForm(formdata=None)),
        add,
        done="Closure day added",
        at=form.day,
    )


@settings.post("/settings/closures/<day>/remove")
def remove_closure(day: str) -> Response:
    """Take a closure day out."""
    try:
        on = date.fromisoformat(day)
    except ValueError:
        abort(404)
    closing_days.remove_closure(on, by=current_user.email)
    flash("Closure day removed", "success")
    return redirect(url_for("settings.page"))


@settings.post("/settings/reasons")
def add_reason() -> Page:
    """Add a reason for not returning an audit."""
    form = ReasonForm()

    def add() -> str:
        reasons.add_reason(form.label.data, by=current_user.email)
        return url_for("settings.page")

    return form_page(
        form,
        lambda _shown: _page(ClosureForm(formdata=None), form),
        add,
        done="Reason added",
        at=form.label,
    )


@settings.route("/settings/reasons/<int:reason_id>", methods=["GET", "POST"])
def rename_reason(reason_id: int) -> Page:
    """Rename a reason."""
    reason = _reason_or_404(reason_id)
    return rename_page(
        ReasonForm,
        reason,
        Words(
            f"Rename “{reason.label}”",
            "Audits with this reason will show the new name.",
            "Save",
            "Reason renamed",
        ),
        lambda label: reasons.rename_reason(reason_id, label, by=current_user.email),
        back_to="Settings",
        back=url_for("settings.page"),
    )


@settings.post("/settings/reasons/<int:reason_id>/personal")
def mark_personal(reason_id: int) -> Response:
    """Say whether a reason is about somebody's own person."""
    is_personal = request.form.get("personal") == "yes"
    reasons.mark_personal(_reason_or_404(reason_id).id, is_personal, by=current_user.email)
    return redirect(url_for("settings.page", _anchor="personal"))


@settings.post("/settings/reasons/<int:reason_id>/up")
def move_reason_up(reason_id: int) -> Response:
    """Put a reason one place higher."""
    reasons.move_up(_reason_or_404(reason_id).id, by=current_user.email)
    return redirect(url_for("settings.page"))


def _page(closure_form: ClosureForm, reason_form: ReasonForm) -> str:
    return render_template(
        "settings/page.html",
        closures=db.session.scalars(select(Closure).order_by(Closure.day)).all(),
        reasons=reasons.all_reasons(),
        closure_form=closure_form,
        reason_form=reason_form,
    )


def _reason_or_404(reason_id: int) -> NotReturnedReason:
    return db.session.get(NotReturnedReason, reason_id) or abort(404)
