"""The pages for choosing a password, when it is forgotten or after an invitation, and for signing out."""

from flask import redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.moves.page import Page, form_page
from app.outbox.queries import mail_goes
from app.people import inviting, links, moves, new_addresses, passwords
from app.people.forms import ForgottenForm, NewPasswordForm
from app.people.sessions import needs_code
from app.people.signing_in import remember_device
from app.people.views import people
from app.people.ways_in import only_with_local_passwords

__all__ = ["people"]
"""The pages of people, with these among them."""


@people.route("/forgotten-password", methods=["GET", "POST"])
def forgotten_password() -> Page:
    """Ask for a link. The answer is the same whether or not anybody has the address."""
    only_with_local_passwords()
    form = ForgottenForm()
    if not form.is_submitted():
        return render_template("people/forgotten_password.html", form=form, mail_goes=mail_goes())
    if not form.validate():
        shown = render_template("people/forgotten_password.html", form=form, mail_goes=mail_goes())
        return shown, 422
    inviting.ask_for_new_password(form.email.data or "", request.remote_addr)
    return render_template(
        "people/link_sent.html",
        within=links.IN_WORDS[links.PASSWORD],
        address_waits=new_addresses.IN_WORDS,
    )


@people.route("/choose-password/<token>", methods=["GET", "POST"])
def choose_password(token: str) -> Page | Response:
    """Choose a password with the link of a message."""
    only_with_local_passwords()
    person = links.person_of(token)
    if person is None:
        return render_template("people/link_is_old.html"), 410
    form = NewPasswordForm()

    def choose() -> str:
        moves.set_password(person.id, form.password.data or "", by=person.email)
        if not needs_code(person):
            remember_device(person.id)
        return url_for("security.login")

    return form_page(
        form,
        lambda _shown: render_template(
            "people/choose_password.html", form=form, person=person, shortest=passwords.SHORTEST
        ),
        choose,
        done="Password saved. You can now sign in.",
        at=form.password,
    )


@people.get("/sign-out")
def sign_out() -> Page:
    """Ask whether to sign out: an address alone, as of a bookmark, ends no session."""
    if not current_user.is_authenticated:
        return redirect(url_for("security.login"))
    return render_template("people/sign_out.html")
