"""`/keys`: a person's keys to the interface. A key is shown once, when it is made."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_security import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.api import tokens
from app.moves.fields import LineField, RadiosField
from app.moves.page import asks_again
from app.people.roles import RoleName
from app.refusal import Refused
from config.settings import Settings

keys = Blueprint("keys", __name__)


class KeyForm(FlaskForm):  # type: ignore[misc]
    """The purpose of a key, and the role whose rights it has."""

    name = LineField("What is the key for?", has_names=True, named="what the key is for", longest=100)
    role = RadiosField("What can the key read?", named="what the key can read")


READS = {
    RoleName.COORDINATOR: "Cycles, figures, audits and all actions, as a coordinator sees them",
    RoleName.LEADER: "Cycles, figures and all actions, as a leader sees them",
    RoleName.MANAGER: "Cycles, figures, and actions owned by you or your team, as a manager sees them",
}


def _choices() -> list[tuple[RoleName, str]]:
    own = tokens.roles_of(current_user)
    return [(role, words) for role, words in READS.items() if role in own]


@keys.route("/keys", methods=["GET", "POST"])
def listing() -> str | tuple[str, int]:
    """Show the person's own keys and make a new key; show an administrator the keys of all."""
    form, made = KeyForm(), None
    form.role.choices = _choices()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate() and asks_again(form):
            status = 200
        elif form.validate():
            try:
                made = tokens.make(form.name.data, form.role.data, current_user)
            except Refused as why:
                form.name.errors = [str(why)]
            else:
                form, status = KeyForm(formdata=None), 200
                form.role.choices = _choices()
    settings: Settings = current_app.extensions["settings"]
    is_administrator = RoleName.ADMINISTRATOR in current_user.role_names
    page = render_template(
        "api/keys.html",
        form=form,
        made=made,
        own=tokens.keys_of(current_user),
        others=tokens.keys_of_others(current_user) if is_administrator else [],
        is_administrator=is_administrator,
        base_url=settings.base_url,
    )
    return page, status


@keys.post("/keys/<int:number>/revoke")
def revoke(number: int) -> Response:
    """End a key."""
    try:
        tokens.revoke(number, current_user)
    except Refused as why:
        flash(str(why), "refused")
    else:
        flash("API key revoked. No program can use it any more.", "success")
    return redirect(url_for("keys.listing"))
